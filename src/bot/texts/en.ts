/** What the bot says in English. The comments on the sentences are in ru.ts. */
import type { Alarm } from "../../observe/Alarms.ts"
import type { Texts } from "./Texts.ts"

const rules = new Intl.PluralRules("en")

/** A counted word: 1 row, 2 rows. */
export const english =
  (one: string, other: string) =>
  (count: number): string =>
    `${count} ${rules.select(count) === "one" ? one : other}`

const countries = english("country", "countries")
const days = english("day", "days")
const items = english("item", "items")
const lines = english("line", "lines")
const minutes = english("minute", "minutes")
const persons = english("person", "people")
const proxies = english("proxy", "proxies")
const regions = english("region", "regions")
const rows = english("row", "rows")
const things = english("thing", "things")

const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 })

const withFullStop = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`)

export const en = {
  language: "en",

  label: (label) => label.en,

  /** The menu, the help, and the commands. */
  menu: {
    title: "What do you need?",
    my: "My items",
    help: "Help",
    open: "☰ Menu",
    groups: { accounts: "Accounts", mail: "Mail", numbers: "Numbers", proxies: "Proxies" },
    lacks: { none: "none", paused: "paused" },
    chooseInGroup: "Choose what you need:",
    helpText: [
      "How it works",
      "1. /menu: choose what you need, the region and how many (1 to 5). For numbers, first tick what they are for.",
      "2. The bot shows them straight away. Tap a value to copy it.",
      "3. Try each one, then tap a button to say how it went. If you don't, it marks itself at the time shown.",
      "4. Made a mistake? “undo” works for ten minutes, “change” for a day. If one is no good, you can have it replaced straight away.",
      "You can also just type: what, which region and how many, in any order. At any step, typing what is missing is enough.",
      "/my shows everything you hold, what you are waiting for and what you had before. /stats counts what has been issued. /cancel drops what you are doing and opens the menu. /language switches the language.",
      "What is issued to you is shown to nobody else, and it is still there after the bot restarts.",
    ],
    ofAdmins: "Commands for admins",
    ofResources: "Commands for ordering",
    orderByCommand: (example) => `All in one line: ${example}`,
    commandOf: (resource) => `Get: ${resource}`,
    misspeltCommand: (names) =>
      `There is no such command. Did you mean ${names}? Menu: /menu, help: /help.`,
    commands: {
      start: "Start",
      menu: "Menu: get items",
      my: "My items",
      stats: "Statistics",
      help: "Help",
      language: "Language · Язык",
      cancel: "Stop and open the menu",
      numbers_today_mod: "Numbers: today's only, or any date",
      stock: "Stock: what there is, and how much",
      who: "Who holds what, not marked yet",
      pause: "Pause issuing: resource and text",
      resume: "Resume issuing: resource",
      buffer_clear: "Clear the stock (can be undone for a day)",
      buffer_release: "Put the stock back in the sheet",
      undo: "Restore what was cleared",
      export: "Issued items as a file: resource, days, nickname",
      health: "How the bot is doing",
      todo: "To do: what needs attention",
      failed: "Rows that Google won't accept",
      quarantine: "Quarantine: rows that can't be issued",
      whitelist: "People: who has access, and what they hold",
      whitelist_remove: "Remove access: ID or nickname",
      block: "Suspend access: ID or nickname, hours, reason",
      unblock: "Give suspended access back: ID or nickname",
      forget: "Erase the data of somebody without access: ID",
      audit: "Journal: everything, one person, or one item by its ID",
      regions: "Regions: the list",
      add_region: "Add a region: code",
      remove_region: "Remove a region: code",
    },
  },

  /** The choice of a language. */
  languages: {
    title: "Language · Язык",
    choose: "Which language should the bot use with you? Nobody else is affected.",
    chosen: "English from now on",
    switched: "Done: I'll write to you in English from now on.",
    unknown: (said) =>
      `The bot doesn't speak “${said}”, so nothing has changed. It speaks Russian and English:`,
  },

  /** What the bot answers when it turns a person, a message or a tap away. */
  gate: {
    denied: "Access denied. Send /start to apply.",
    waiting:
      "Please wait for approval. The admins have your application; you'll get the answer here.",
    stale: "This button is out of date. Nothing changed; here is a fresh menu.",
    hint: "Use the buttons under the messages, or just type: what, which region, how many. Menu: /menu, help: /help.",
    notText:
      "The bot reads text only: it does not see pictures, stickers, or files and their captions. Nothing has changed. Use the buttons, or type: what, which region, how many. Menu: /menu",
    failed:
      "Something went wrong inside the bot. Nothing is lost: your items are in /my. Try again, and tell an admin if it keeps happening.",
    adminsOnly: "Only an admin can do this. Nothing changed.",
    unknownCommand: "There is no such command. Menu: /menu, help: /help.",
    diskWaits:
      "The bot's disk isn't responding. Nothing is lost: the bot will do this as soon as it can. If nothing happens within a minute, try again.",
    tooFast:
      "Too fast: some taps and messages were skipped. Nothing is lost: your items are in /my. Please slow down a little.",
    strayTap: "The button didn't work. Tap it again.",
  },

  /** What an applicant reads. */
  registration: {
    ask: "Hello! To get access, send your work nickname in one message: 2 to 32 characters, only letters, digits, spaces, dots, _ and -.",
    invalid:
      "That won't do: a nickname is 2 to 32 characters, only letters, digits, spaces, dots, _ and -. Please send it again.",
    taken: "That nickname is taken. Please send another.",
    full: "There are too many applications waiting right now. Please send your nickname again in an hour.",
    submitted: (stage) =>
      `Application sent, nickname: ${stage}. Please wait for approval; you'll get the answer here.`,
    approved: (stage) => `You have access. Your work nickname: ${stage}.`,
    refused: (retryAt) => `Your application was refused. You can apply again after ${retryAt}.`,
    tooEarly: (retryAt) =>
      `Access denied: your application was refused a short while ago. You can apply again after ${retryAt}.`,
    expired:
      "Nobody looked at your application for three days, so it has been closed. Send /start to apply again.",
    rename: "✏️ Correct the nickname",
    withdraw: "Withdraw the application",
    askBetter: (stage) =>
      `Your application has the nickname ${stage}. Send a new one in one message within ten minutes: 2 to 32 characters, only letters, digits, spaces, dots, _ and -.`,
    keep: "Leave it as it is",
    renamed: (stage) =>
      `Nickname corrected: ${stage}. Please wait for approval; you'll get the answer here.`,
    renamedTooOften:
      "You can't correct this nickname any more. An admin can still change it when deciding.",
    withdrawn: (retryAt) =>
      `You have withdrawn your application. You can apply again after ${retryAt}: send /start.`,
    withdrawnTooEarly: (retryAt) =>
      `You withdrew an application a short while ago. You can apply again after ${retryAt}: send /start.`,
    notOpen:
      "You have no open application: it was decided or withdrawn, or it expired. Nothing changed. Send /start.",
  },

  /** The steps to an order. */
  wizard: {
    back: "‹ Back",
    cancel: "✕ Cancel",
    cancelled: "Cancelled",
    chooseTargets: "What are they for? Tick one or more and tap “Next”.",
    next: "Next ›",
    noTargets: "Nothing is ticked. Tick at least one and tap again. Nothing was issued.",
    onlyDay: (name, day) => `Right now only ${name} dated today, ${day}, are issued.`,
    anyDay: (name) => `Right now ${name} of any date are issued.`,
    chooseRegion: "Choose the region:",
    noRegions: "There are no regions yet. An admin has to add one.",
    regionGone: "That region is gone. Please choose another.",
    chooseQuantity: "How many?",
    chooseVariant: (question) => `${question}?`,
    onlyLeft: (count) => `Only ${count} left right now.`,
    waitWhere: "Want to know when some come in? Choose the region:",
    waitTargets: "You can wait for some: tick what they are for and tap “Next”.",
    pieces: (count) => (count === 1 ? "1 pc" : `${count} pcs`),
    looking: "⏳ Checking the sheet…",
    again: "🔄 Check again",
  },

  /** The message that shows issued items, and its buttons. */
  typed: {
    notUnderstood: (words) => `I didn't understand “${words}”. Nothing was issued.`,
    ofWhat: (said) =>
      `Understood: ${said}. But what is it you need? Choose it, or type the whole order.`,
    example: (text) => `You can type, for example: “${text}”.`,
    resources: (names) => `What: ${names}.`,
    regions: (codes) => `Region: ${codes}.`,
    quantity: "How many: 1 to 5.",
    targets: (names) => `What for: ${names}.`,
    variants: (question, names) => `${question}: ${names}.`,
  },

  batch: {
    fewer: (given, asked) => `${given} of ${asked} issued: there are no more right now.`,
    limited: (given, asked) =>
      `${given} of ${asked} issued: you have reached the limit of unmarked items. Mark some, then take more.`,
    confirmsAt: (time) => `confirms itself at ${time}`,
    unclear: "waiting for your mark",
    automatic: (status) => `${status} (auto)`,
    undo: "undo",
    change: "change",
    replace: "Replace?",
    copy: (header) => `📋 ${header}`,
    copyOf: (header, number) => `📋 ${header} ${number}`,
    copyAll: (headers) => `📋 All: ${headers}`,
    chosen: (label) => `‹ ${label} ›`,
    rest: (status) => `The rest: ${status}`,
    restAsk: (numbers, status) => `Mark as ${status}: ${numbers}?`,
    restYes: (count) => `Yes, mark ${count}`,
    restMarked: (status, count) => `Marked ${status}: ${count}`,
    restChanged: "The marks have changed in the meantime. Take a look and tap again.",
    restNone: "There is nothing left to mark together.",
    undoThese: (numbers) => `undo the marks: ${numbers}`,
    undoneThese: (count) => `Marks removed: ${count}`,
    confirmThemselves: (numbers, status, time) =>
      `${numbers ?? "All unmarked"} will become “${status}” at ${time}`,
    unclearThese: (numbers) => `Waiting for your mark: ${numbers}`,
    chooseHint: "Tap a value to copy it, or a number to mark that item.",
    hidden: "🙈 Items with an old mark are hidden.",
    reveal: "👁 Show",
    hide: "🙈 Hide",
    replaceYes: "Yes, replace",
    no: "No",
    replacementOf: (number) => `replaces ${number}`,
    replacedBy: (number) => `replaced by ${number}`,
    chooseStatus: "Which mark is right?",
    copyHint: "Tap a value to copy it.",
    tooLong:
      "Some values didn't fit in the message; the file below has them in full. If there is no file, open these items again from /my.",
    wholeText: "The values that didn't fit in the message, in full.",
    marked: (status) => `Marked: ${status}`,
    undone: "Mark removed",
    extend: "+10 minutes",
    extended: (time) => `Won't mark itself before ${time}`,
    declined: "No replacement",
    replaced: "Replacement issued",
    noReplacementNow:
      "There is no replacement right now. Your mark is saved; try “Yes, replace” again later.",
    why: {
      button: "✍️ Why?",
      ask: (status, what) => `${what}. Why ${status}?`,
      now: (comment) => `Noted so far: ${comment}.`,
      how: "Tap a reason, or write it in one message of up to 120 characters. It goes into the sheet and the statistics. You don't have to answer.",
      skip: "✕ No reason",
      remove: "✕ Remove the reason",
      skipped: "OK, no reason given.",
      saved: (comment) => `✍️ Noted: ${comment}.`,
      removed: "The reason is removed.",
      faults: {
        empty: "The message has no words. Nothing was noted; write again, or tap a button.",
        tooLong: "That is longer than 120 characters. Nothing was noted; please shorten it.",
        lines: "A reason has to fit on one line. Nothing was noted; write again.",
      },
    },
    withdrawn:
      "Your items couldn't be shown, so they went back into stock and don't count as yours. Please ask again.",
  },

  /** The list of one's own items. */
  my: {
    title: "My items",
    nothing: "You have had nothing in the last 24 hours. To get something: /menu.",
    pending: (count) => `Waiting for your mark: ${count}`,
    marked: (count) => `Marked in the last 24 hours: ${count}`,
    more: (count) => `And ${items(count)} before that.`,
  },

  /** Why something was not done. */
  refusals: {
    outOfStock: (resource, region) =>
      `${resource}: none available for region ${region} right now. Nothing was issued.`,
    noneAtAll: (resource) => `${resource}: none available right now. Nothing was issued.`,
    emptyEverywhere:
      "The stock is empty, and there is nothing to take from the sheet right now. As soon as there is, the bot will take it.",
    noneInSheet: "There is nothing suitable in the sheet right now either.",
    otherDaysHidden: (name, day, count) =>
      `Only ${name} dated today, ${day}, are issued; ${count} more in stock have other dates.`,
    noneOfToday: (name, day) =>
      `Only ${name} dated today, ${day}, are issued. The bot takes rows with this date as soon as they appear in the sheet.`,
    otherVariants: "others",
    stockByVariant: "In stock:",
    stockByRegion: "Tied to regions:",
    tryOtherwise: "Choose something else, or check again a little later.",
    tooManyPending: (pending, limit) =>
      `You have ${items(pending)} without a mark, and the limit is ${limit}. Nothing new was issued. Mark some in “My items” first.`,
    unknownIssuance:
      "This button is out of date: that item was settled long ago. Nothing changed; see /my.",
    notHolder: "This button isn't yours: the item was issued to somebody else. Nothing changed.",
    alreadyMarked: (status) =>
      `Already marked: ${status}. The new mark was not set; tap “change” to correct it.`,
    poolPaused: (resource, note) =>
      `${resource}: an admin has paused issuing. Nothing was issued; the items you have are safe. Try again later.${note === "" ? "" : ` Reason: ${note}`}`,
    notAllowed: {
      pending: "There is no mark to change yet. Choose one.",
      extensionOver:
        "No more time can be added: only twice, and before time runs out. Nothing changed.",
      undoOver: "Ten minutes have passed, so the mark can't be undone. You can still change it.",
      correctionOver: "A day has passed, so the mark is final. If it is wrong, tell an admin.",
      replaced: "A replacement was issued, so the mark can't be undone. You can still change it.",
      noReplacement: "Items with this mark aren't replaced. Nothing changed.",
      replacementOver:
        "A day has passed, so this one can't be replaced. Ask for a new one in /menu.",
      chainTooLong:
        "That is the third replacement in a row: the stock may be bad. Tell an admin, or ask for a new one in /menu.",
      offered: "It is offered to a colleague already. Withdraw that offer or wait for the answer.",
      offerOver: "The offer is over: time is up, it was withdrawn, or the item has a mark.",
      heldByAnother: "Somebody else holds it now. Nothing changed.",
      asksNoComment:
        "The mark has changed since and needs no reason. Nothing was saved; the buttons are up to date.",
      unknownStatus: "That mark no longer exists. Nothing changed; the buttons are up to date now.",
      alreadyMarked: "This one is already marked and can't be taken away. Nothing changed.",
      messageTaken:
        "This message already shows something else. Nothing changed; start the hand-over again.",
      written: "The row is already in the sheet. Nothing changed.",
      issuedBefore: "It is in stock already, or was issued before. Nothing changed.",
    },
    storageUnavailable:
      "The bot's disk isn't responding. Nothing was issued, changed or lost. Try again in a minute; the admins have been told.",
    telegram: {
      Blocked: "They have stopped the bot. Nothing is lost: ask them to press /start.",
      MessageGone: "The message is gone from the chat. Nothing is lost; open /my.",
      ChatNotFound: "No such chat: they have never pressed /start. Nothing is lost.",
      RateLimited: "Telegram is asking the bot to wait. Nothing is lost; try again in a minute.",
      Conflict: "Another program is using this token. Nothing is lost; stop that program.",
      Unauthorized: "Telegram doesn't accept the bot's token. Nothing is lost; check BOT_TOKEN.",
      Unsure:
        "Telegram didn't say whether the message arrived. Nothing is lost; the bot will try again.",
      Rejected: "Telegram didn't accept the message. Nothing is lost; tell an admin.",
    },
  },

  /** Around an order: repeating it, waiting for stock, reminders, the history. */
  employee: {
    repeat: {
      button: (what) => `🔁 Again: ${what}`,
      again: "🔁 The same again",
      impossible:
        "This can't be ordered right now: it is no longer issued, or issuing is paused. Nothing changed.",
    },
    waiting: {
      ask: "🔔 Tell me when there is some",
      stop: "✕ Stop waiting",
      askFor: (what) => `🔔 ${what}`,
      started: (what, until) =>
        `I'll tell you when there is some: ${what}. Waiting until ${until}.`,
      tooMany: (limit) =>
        `You are already waiting for ${things(limit)}, which is the limit. Nothing was added. Stop waiting for one of them in “My items” and tap again.`,
      stopped: (what) => `No longer waiting: ${what}.`,
      title: (count) => `Waiting for: ${count}`,
      line: (what, until) => `🔔 ${what}, until ${until}`,
      stopOne: (what) => `✕ Stop waiting: ${what}`,
      arrived: (what) => `🔔 Now in stock: ${what}`,
      fits: (count, asked) =>
        `${count < asked ? `Right now there ${count === 1 ? "is" : "are"} ${count} of ${asked}. ` : ""}It isn't kept for you: tap before it goes.`,
      take: (count) => `Take ${count}`,
      takeFewer: "Take what there is",
      ended: (what) => `None came in within a day: ${what}. No longer waiting.`,
      again: "🔔 Wait another day",
    },
    reminder: {
      soon: (left, time, what) => `Marks itself in ${minutes(left)}, at ${time}: ${what}`,
      atOnce: (time, what) => `Marks itself in less than a minute, at ${time}: ${what}`,
      show: "📄 Show and mark",
    },
    history: {
      title: "History",
      open: "🕘 History",
      empty: "Nothing has been issued to you yet. To get something: /menu.",
      unavailable:
        "The bot's disk isn't responding, so the history can't be read. Nothing is lost; try again in a minute.",
      page: (number) => `page ${number}`,
      pending: "not marked yet",
      withheld: "taken back by an admin",
      earlier: (count) =>
        `These are the last ${items(count)}. Earlier ones are in the sheet; ask an admin.`,
    },
  },

  /** Proxies: adding them, getting one, and those that somebody has. */
  proxies: {
    title: "Proxies",
    help: "Tick what it is for, then choose the country and the proxy. Your choice is kept for you for a few minutes; the time is shown beside it. Once you take it for something, nobody else gets it for that. You can give it back for ten minutes, and for a day you can report that it doesn't work. You can add many lines in one message.",
    free: (count) => `Free now: ${count}`,
    get: "Get a proxy",
    add: "Add proxies",
    daysLeft: (count) => (count <= 0 ? "last day" : days(count)),
    through: (day) => `until the end of ${day}`,
    adding: {
      title: "Adding proxies",
      chooseType: "What type are they?",
      sendLines: "Send the lines in one or more messages, one proxy per line:",
      form: "address:port:user:password",
      formWithoutLogin: "or, where no login is needed, address:port",
      example: "For example:",
      willBeDeleted: "The lines contain passwords, so the bot deletes your messages straight away.",
      received: (accepted, rejected) =>
        rejected === 0 ? `Accepted ${accepted}.` : `Accepted ${accepted}, rejected ${rejected}:`,
      badLine: (number, problem) => `line ${number}: ${problem}`,
      moreBad: (count) => `and ${lines(count)} more`,
      problems: {
        tooFewParts: "there is no colon in it; it needs at least an address and a port",
        host: "the address is misspelt",
        port: "the port must be from 1 to 65535",
        noPassword: "there is a user but no password",
        brackets: "an address with colons goes in square brackets",
        scheme: "the bot doesn't know this type of proxy",
        otherType: "it starts with a different type from the one you chose",
        tooLong: "it is too long",
        unprintable: "there are invisible characters in it; please type it again",
        space: "it is unclear what the space belongs to; put a # before a comment",
        noPort: "there is no port after the address",
        extra: "there is something extra at the end; put a space and a # before a comment",
        several:
          "it looks like two proxies; put each on a line of its own, address:port:user:password",
        order: "the login seems to come before the address; write address:port:user:password",
        ambiguous: "it can be read two ways; write address:port:user:password",
        repeated: "the same line appears above",
        inDraft: "you have already sent this line",
        known: "the bot already has this proxy",
        tooMany: "no more than 200 at a time; send it next time",
        otherPassword: "its login is there with another password, and you left it out",
        seam: "Telegram cut the text here, so this may be half a line: send the whole line again",
        elsewhere: "you sent it while the bot was waiting for something else",
      },
      total: (count) => `Ready to save: ${count}`,
      joined: "A line that Telegram had split between two messages is whole again.",
      held: "The last line is on hold: Telegram may have cut it. Send the rest, and the bot will join the two.",
      spaced: (numbers) =>
        `A space was read as part of the login or password, line numbers: ${numbers}. If it began a comment, send the line again with a # before it.`,
      renewed: (count) => `New passwords saved: ${count}.`,
      asked: (count) =>
        `And ${lines(count)} with a known address, port and user but a different password. What are they?`,
      newPassword: "A new password for the same proxies",
      newPasswordMeans:
        "A new password: the proxies get it, in the spreadsheet too. If there are several, the last one counts.",
      sessions: "Sessions of a rotating gateway",
      sessionsMean:
        "Sessions: each line becomes a proxy of its own, and so will later lines with this user.",
      noneOfThem: "Leave these lines out",
      showRefused: (count) => `Show the rejected lines (${count})`,
      refusedTitle: "Rejected lines",
      refusedHint:
        "Your message with them has been deleted; here they are as you sent them. Tap the text to copy it all, correct it and send it here: the bot ignores anything after a #. They are kept for a day.",
      refusedFile: (count) =>
        `The bot rejected ${lines(count)}; here they are, and why. Correct them and send them as text: the bot doesn't read files. The file is only in this chat and has passwords in it: delete it when you are done.`,
      refusedSent: "The rejected lines were sent to you as a file; it is in this chat.",
      forgetRefused: "Drop them, I don't need them",
      refusedKept: (count) =>
        `The rejected lines (${count}) aren't lost: you'll find them where the bot next asks for lines.`,
      refusedErased: (count) =>
        `The rejected lines (${count}) have been wiped from the bot's memory.`,
      notDeleted:
        "Your message with the lines couldn't be deleted: please delete it yourself, there are passwords in it.",
      usedFor: "What have these proxies already been used for?",
      usedForNothing:
        "The bot won't give them out for what you tick. If they are unused, just tap “Next”.",
      usedAlready: (targets) => `Already used for: ${targets}.`,
      chooseCountry: "Choose the country, or send its name or two-letter code:",
      unknownCountry:
        "The bot doesn't know that country; nothing changed. Send its full name or two-letter code, or choose with a button.",
      chooseDays: "How many more days will they work?",
      days: (count, until) => `${days(count)}, until ${until}`,
      addMore: "Add more",
      saved: (count) => `Saved: ${proxies(count)}. They can be taken now.`,
      willAppear: (tab) => `They will appear in the sheet “${tab}” in a few seconds.`,
      alreadyThere: (count) =>
        `Already known: ${count} of your lines. They were not saved twice, and nothing is lost.`,
      nothingSaved:
        "Somebody else has added all of these proxies in the meantime. Nothing is lost; they were not saved twice.",
      isSaved: "Already saved, no need to repeat.",
      ended: "Adding is finished.",
      endedEmpty: "Adding was cancelled. There were no lines yet, so nothing is lost.",
      endedKnown: "Adding is finished. The bot has the proxies you sent; nothing is lost.",
      endedDropping: (count) =>
        `Adding was cancelled. What had been accepted was not saved and is wiped from the bot's memory (${lines(count)}). To add it, start again.`,
      linesElsewhere:
        "These look like lines with passwords, but the bot is waiting for something else, so they were not accepted. Use the buttons to get to the step where the bot asks for lines, and send them again: “Show the rejected lines” brings them up there.",
      notText:
        "The bot doesn't read files or pictures, so nothing was added. Send the lines as plain text, and if there are passwords in the file, delete it from the chat yourself.",
      diskRefused:
        "The bot's disk isn't responding: this message was not accepted and is still in the chat; what was accepted before is safe. Send it again in a minute.",
    },
    getting: {
      title: "Getting a proxy",
      chooseTargets: "What is the proxy for? You can tick several.",
      show: "Show free ones ›",
      chooseCountry: "Free proxies by country:",
      moreCountries: (count) => `And ${countries(count)} more, with fewer of them.`,
      noneFree:
        "There are no free proxies for this right now; nothing was issued. Tick fewer, or check again a little later.",
      choose: "Choose a proxy. Those that expire soonest come first.",
      noneLeft: "There are none left here; nothing was issued. Choose another country.",
      refresh: "🔄 Refresh",
      toList: "‹ To the list",
      reserved: (time) => `⏳ Yours until ${time}; nobody else can see it now.`,
      takeMeans: (targets) =>
        `If you take it, it counts as used for: ${targets}. If you don't, it is free again at that time.`,
      take: "Take it",
      cancel: "Don't take it",
      extend: "+5 minutes",
      taken: "The proxy is yours",
      extended: (time) => `The proxy is yours until ${time}. It can be extended once.`,
      released: "The proxy is free again",
      unavailable: {
        reserved:
          "Somebody else has just chosen this proxy. Nothing was issued; here is a fresh list.",
        used: "This proxy has already been used for what you ticked. Nothing was issued; here is a fresh list.",
        ended: "This proxy has expired. Nothing was issued; here is a fresh list.",
        gone: "This proxy is gone from the sheet. Nothing was issued; here is a fresh list.",
        broken:
          "Somebody has reported that this proxy doesn't work. Nothing was issued; here is a fresh list.",
      },
      over: {
        cancelled: "You have already given this proxy back. Nothing was issued; choose again.",
        timedOut: "Time ran out, so the proxy is free again. Nothing was issued; choose again.",
        superseded: "You chose another proxy, so this one is free again. Nothing changed.",
        broken:
          "Somebody has reported that this proxy doesn't work. Nothing was issued; choose another.",
        taken:
          "The proxy is already yours. Nothing changed. For ten minutes you can give it back with the button below it.",
        returned: "You have already given this proxy back. Nothing changed.",
        notHolder: "This button isn't yours: somebody else chose the proxy. Nothing changed.",
        unknown:
          "This button is out of date: that was long ago. Nothing changed; start with /menu.",
      },
      endedSo: {
        cancelled: "You gave this proxy back, so it is free again. Nothing was issued.",
        timedOut: "Time ran out, so the proxy is free again. Nothing was issued; choose again.",
        superseded: "You chose another proxy, so this one is free again. Nothing is lost.",
        broken: "Somebody has just reported that this proxy doesn't work. Choose another one.",
        returned: "You gave this proxy back. It is no longer yours and is free again.",
      },
    },
    goods: {
      title: "Your proxy",
      type: "Type",
      host: "Address",
      port: "Port",
      user: "User",
      password: "Password",
      noLogin: "No user or password needed.",
      line: "As a line",
      url: "As a link",
      country: "Country",
      until: "Works",
      takenFor: (targets) => `Taken for: ${targets}.`,
      onlyYours: "Nobody else will get it for that now.",
      copyLine: "📋 Line",
      copyUrl: "📋 Link",
      giveBack: "↩️ Give back",
      broken: "⚠️ Not working",
      isBroken: (reason) => `⚠️ Not working${reason === "" ? "." : `: ${reason}`}`,
      returned: "Proxy given back",
      over: {
        late: "It is too late for that. Nothing changed; the proxy is still yours.",
        returned: "You have already given this proxy back. Nothing changed.",
        notHolder: "This button isn't yours: somebody else took the proxy. Nothing changed.",
        unknown: "This button is out of date: the proxy was taken too long ago. Nothing changed.",
      },
    },
    broken: {
      ask: "What is wrong with it? Write a word or two in one message, or tap “No reason”. The proxy won't be offered to anybody after that.",
      skip: "No reason",
      keep: "Cancel, it works",
      kept: "All right, the proxy stays on offer",
      known: "That has already been reported; the proxy is offered to nobody. Nothing changed.",
      done: "Noted, thank you. Nobody will be offered it again, and the sheet says so.",
      another: (name) => `Take another: ${name}`,
      noOther: "No other proxy is free in this country right now.",
      note: (name, by, reason) =>
        `Proxy ${name} doesn't work, according to ${by}${reason === "" ? "." : `: ${reason}`}`,
      noteAdvice:
        "It is no longer offered. To bring it back, delete that remark from its row in the proxy tab, or add it again.",
      toHolder: (name, reason) =>
        `A colleague says that proxy ${name}, which you took, doesn't work${reason === "" ? "." : `: ${reason}`}`,
      toHolderAdvice: "If it fails for you too, take another one: /menu.",
    },
    mine: {
      title: (count) => `Proxies: ${count}`,
      more: (count) => `And ${proxies(count)} taken before that.`,
      gone: "You don't have this proxy: it has expired, or the button isn't yours. Nothing changed.",
    },
    ending: {
      title: (count) => (count === 1 ? "Your proxy expires soon" : "Your proxies expire soon"),
      more: (count) => `And ${proxies(count)} more; all of them are in /my.`,
      advice:
        "It works until the end of that day. If you need a new one, take it in good time: /menu.",
    },
  },

  /** Statistics. */
  stats: {
    title: "Statistics",
    everything: "Statistics: everything",
    steps: "🔎 Step by step",
    moreRegionsButton: "Other regions",
    byResource: "By resource",
    bad: "Bad",
    badMeaning: "Bad: marks that the bot offers a replacement for.",
    chooseGroup: "What should be counted?",
    chooseResource: "Choose the resource:",
    allVariants: "All",
    allRegions: "All regions",
    choosePeriod: "Over what period?",
    periods: { day: "Day", week: "Week", month: "Month" },
    total: "Total",
    byRegion: "By region",
    byDay: "By day",
    own: "Mine",
    all: "Everybody",
    ownIssuances: "only what was issued to you",
    allPeople: "everybody",
    today: (day) => `Today, ${day}`,
    range: (first, last) => `From ${first} to ${last}`,
    region: "Region",
    count: "Count",
    auto: "Auto",
    autoMeaning: "Auto: marked by the timer.",
    reasons: "Reasons",
    otherReasons: "Other reasons",
    issued: "Issued",
    pending: "Unmarked",
    other: "Other",
    sum: "Total",
    noRegion: "no region",
    moreRegions: (count) => `${regions(count)} more`,
    moreResources: (count) => `${count} more`,
    nothing: "Nothing was issued in this period.",
    chart: "📊 Chart",
    chartFailed:
      "The chart couldn't be drawn. Nothing is lost: the table has the same figures. Try again, and tell an admin if it keeps happening.",
    unavailable:
      "The bot's disk isn't responding, so nothing could be counted. Nothing is lost. Try again in a minute, and tell an admin if it keeps happening.",
  },

  /** What admins read about applications, quarantined rows, alarms and the today-only mode. */
  admin: {
    card: "Application for access",
    cardStage: "Nickname",
    cardName: "Name in Telegram",
    openProfile: "open the profile",
    cardId: "Telegram ID",
    cardSince: "Sent",
    approve: "Approve",
    refuse: "Refuse",
    otherNickname: "✏️ Change the nickname",
    reminder: "An application has been waiting for more than four hours",
    decided: (decision, by, at) =>
      `${decision === "approve" ? "✅ Approved" : "⛔ Refused"} by ${by}, ${at}`,
    reopen: "↩️ Reopen",
    notRefused:
      "It can't be reopened: it is already open or approved, or a day has passed. Nothing changed.",
    nicknameTaken:
      "Somebody else has taken this nickname in the meantime. Nothing changed. After a day they can apply with another.",
    reopened: (name, by) =>
      `↩️ The application is waiting for a decision again: ${name}. Reopened by ${by}.`,
    alreadyDecided: "This application has already been decided; the card shows how.",
    cardGone: "This application no longer exists. Nothing changed.",
    withdrawnBefore: "The applicant withdrew this application. Nothing changed.",
    cardWithdrawn: (at) => `↩️ Withdrawn by the applicant, ${at}`,
    cardExpired: "⌛ Nobody decided for three days, the application is closed",
    nicknameTakenSince:
      "The application has expired, and somebody else has taken its nickname since. Nothing changed. Ask the applicant to apply again with another.",
    newerCard: "This card is for an earlier application. There is a newer one below.",
    applicantNotTold: (reason) =>
      `The decision is saved, but the applicant couldn't be told. ${reason}`,
    quarantine: (tab, count) => `Tab “${tab}”: ${rows(count)} set aside, can't be issued`,
    quarantineReason: {
      missing: "a required value is missing",
      unreadable: "a value can't be read",
      converted: "the sheet turned what was typed into a date or number",
      formula: "a formula instead of a value",
      duplicate: "a duplicate of one that is there already",
      issuedBefore: "issued before",
      header: "the header row again",
      withheld: "taken from its holder by an admin",
      region: "no button has this region",
      restored: "after a restore nobody knows whether it was issued",
    },
    quarantineAdvice: "The rows aren't lost: the bot keeps them and issues them to nobody.",
    alarm: (alarm) => `⚠️ ${troubleOf(alarm)}`,
    cleared: (alarm) => `✅ Back to normal: ${placeOf(alarm)}.`,
    lowStock: (name, remaining) => `${name}: ${remaining} left`,
    lowStockAdvice:
      "Rows in the sheet are counted too. Add new ones to the tabs of these resources and the bot will take them by itself. See /stock.",
    todayOnly: {
      title: "“Today's only” mode",
      isOn: "The mode is on.",
      isOff: "The mode is off.",
      whenOn: (name, day) =>
        `Only ${name} dated today, ${day}, are issued. The bot puts outdated ones back in their tab of the sheet by itself; nothing is lost.`,
      whenOff: (name) =>
        `${name} of any date are issued, first in, first out. Nothing goes back to the sheet.`,
      stock: (available) => `In stock: ${available}`,
      hidden: (count) => `Held back because of their date: ${count}`,
      returning: (count) => `On their way back to the sheet: ${count}`,
      switchOn: "Switch on",
      switchOff: "Switch off",
      switchedOn: (name, returning, tabs) =>
        returning === 0
          ? "The mode is on. Nothing in stock is outdated."
          : `The mode is on. Outdated ${name}, ${returning} in all, are going back to “${tabs}”.`,
      switchedOff: "The mode is off. Everything in stock can be issued now.",
      switchedOnBy: (name, by) =>
        `📅 ${name}: only today's are issued now. Decided by ${by}. To change it: /numbers_today_mod.`,
      switchedOffBy: (name, by) =>
        `📅 ${name}: any date is issued now. Decided by ${by}. To change it: /numbers_today_mod.`,
      none: "Nothing in the catalogue is issued by date, so there is nothing to change.",
    },
  },

  /** An admin gives somebody another work nickname. */
  nicknames: {
    title: (id) => `New nickname, Telegram ID ${id}`,
    how: "Send the nickname in one message within ten minutes: 2 to 32 characters, only letters, digits, spaces, dots, _ and -.",
    invalid:
      "That won't do: a nickname is 2 to 32 characters, only letters, digits, spaces, dots, _ and -. Please send another.",
    taken: "Somebody already has this nickname. Please send another.",
    same: "That is the nickname already. Nothing changed.",
    gone: "This person is no longer on the list. Nothing changed.",
    isAdmin: "This is an admin, whose name comes from the ADMIN_ID setting. Nothing changed.",
    stopped: "Cancelled; the nickname stays as it was.",
    done: (from, to) => `✏️ Nickname changed: ${from} → ${to}.`,
    meaning:
      "The sheet gets the new nickname from the next item on. Items issued before keep the old one.",
    stillOpen: "The application is still waiting; its cards show the new nickname.",
    yours: (stage) => `Your work nickname is now ${stage}.`,
    note: (name, to, by) => `✏️ New nickname: ${name} → ${to}. Changed by ${by}.`,
  },

  /** The stock: what there is, who holds what, pausing, clearing, releasing. */
  stock: {
    today: (time) => `${time} today`,
    tomorrow: (time) => `${time} tomorrow`,
    refresh: "🔄 Refresh",
    unchanged: "No change",
    unknownResource: (names) =>
      `There is no such resource here; nothing changed. Send one of these names, or choose with a button: ${names}.`,
    overview: {
      title: "Stock",
      ready: (count) => `Ready to issue: ${count}`,
      noVariant: "other",
      hidden: (count) => `Held back because of their date: ${count}`,
      pending: (count) => `Issued, not marked yet: ${count}`,
      unwritten: (count) => `Waiting for the sheet: ${count}`,
      abandoned: (count) => `Won't be written: ${count}`,
      quarantine: (count) => `Set aside, can't be issued: ${count}`,
      returning: (count) => `On their way back to the sheet: ${count}`,
      trash: (count, until) => `In the trash: ${count}, until ${until}`,
      paused: (by, since) => `⏸ Paused by ${by}, ${since}`,
      free: (count) => `Free: ${count}`,
      reserved: (count) => `Reserved: ${count}`,
      ending: (count) => `Expire within two days: ${count}`,
    },
    who: {
      title: "Who holds what",
      total: (count) => `Not marked yet: ${items(count)}, oldest first.`,
      nothing: "Nobody holds anything right now: everything issued has been marked.",
      byPerson: "By person",
      byItem: "As one list",
      person: (name, count, since) => `${name}: ${items(count)}, the oldest since ${since}`,
      heldBy: (name, count) => `${name}: ${items(count)}`,
      confirms: (time) => `marks itself at ${time}`,
      undelivered: "not delivered yet, the bot keeps trying",
      noTimer: "won't mark itself",
    },
    pause: {
      title: "Pausing",
      choose: "Choose a resource. The button pauses or resumes it straight away.",
      hint: "To leave a note for employees: /pause, the name of the resource and up to 200 characters.",
      works: "being issued",
      paused: (by, since) => `paused by ${by}, ${since}`,
      meaning:
        "While it is paused, nothing new is issued and nothing is taken from the sheet. People keep what they have and can mark it; nothing is lost.",
      note: (text) => `Employees read: “${text}”`,
      noNote: "There is no note for employees.",
      done: (resource) => `${resource}: paused`,
      resumed: (resource) => `${resource}: resumed`,
      already: "It was already paused, nothing changed",
      alreadyResumed: "It was not paused, nothing changed",
      tooLong: (length) =>
        `The note is ${length} characters long, and the limit is 200. Nothing changed. Shorten it and send the command again.`,
      pause: "⏸ Pause",
      resume: "▶️ Resume",
      all: "‹ All resources",
    },
    clear: {
      title: "Clear the stock",
      choose:
        "Which stock should be cleared of everything ready to issue? The bot will show you what it is first.",
      preview: (count) => `Will go from the stock to the trash for a day: ${items(count)}.`,
      after:
        "It can be restored for a day. Meanwhile the bot takes new rows from the sheet, if there are any.",
      nothing: "The stock is empty; there is nothing to clear.",
      confirm: "Clear",
      done: "Stock cleared",
      changed: (resource) =>
        `${resource}: the stock changed while you were looking. Nothing was cleared; here is a fresh list.`,
    },
    release: {
      title: "Back to the sheet",
      choose:
        "Which stock should go back to the sheet? Everything ready to issue goes. The bot will show you what it is first.",
      preview: (count) => `Will go back to the tabs, dates and order kept: ${items(count)}.`,
      after:
        "The resource will be paused, or the bot would take these rows again straight away. You can resume it with a button.",
      nothing: "The stock is empty; there is nothing to put back.",
      confirm: "Put back",
      done: "Going back to the sheet",
      changed: (resource) =>
        `${resource}: the stock changed while you were looking. Nothing was put back; here is a fresh list.`,
    },
    buffer: {
      ofDay: (day) => `dated ${day}`,
      noDay: "without a date",
      otherDays: "held back because of their date",
      untouched: (pending, unwritten) =>
        `Issued items aren't touched: ${pending} not marked yet, ${unwritten} waiting for the sheet.`,
      count: items,
      cleared: (count, until) => `${items(count)} in the trash until ${until}.`,
      released: (count, tabs) => `Going back to “${tabs}”: ${items(count)}. Nothing is lost.`,
      arrived: (tabs) => `Everything is back in “${tabs}”. Nothing is lost.`,
      pausedSo:
        "The resource is paused. Once you resume it, the bot takes rows from the sheet again.",
      cancel: "✕ Never mind",
    },
    undo: {
      title: "What can be restored",
      nothing:
        "The trash is empty; there is nothing to restore. Cleared items stay in it for a day.",
      line: (count, by, at) => `${items(count)}, cleared ${at} by ${by}.`,
      until: (until) => `Can be restored until ${until}`,
      restore: "Restore",
      restored: (resource, count) => `${resource}: ${items(count)} back in stock.`,
      gone: "It is no longer in the trash: somebody restored it, or a day has passed. Nothing changed.",
    },
    notes: {
      paused: (resource, by) => `⏸ ${resource}: paused by ${by}.`,
      resumed: (resource, by) => `▶️ ${resource}: resumed by ${by}.`,
      cleared: (resource, by, what) =>
        `🗑 ${resource}: stock cleared by ${by}. ${what} To restore it: /undo.`,
      released: (resource, by, count) =>
        `↩️ ${resource}: ${items(count)} going back to the sheet, and the resource is paused. Decided by ${by}.`,
      restored: (resource, by, count) =>
        `↩️ ${resource}: ${items(count)} restored from the trash by ${by}.`,
    },
  },

  /** How long the stock lasts, and the morning digest. */
  outlook: {
    rows: (count, more) => `Rows left in the sheet: ${count} (${more})`,
    rowsToday: (count, more) => `Rows left in the sheet for today: ${count} (${more})`,
    countedAt: (time) => `at ${time}`,
    countedOn: (moment) => `on ${moment}`,
    rowsUnknown: "Rows left in the sheet: not known yet",
    lasts: {
      lessThanDay: "Lasts for less than a day",
      days: (count) => `Lasts for about ${days(count)}`,
      forEver: "Lasts for more than a year",
      today: "Enough for today",
    },
    variantLasts: {
      lessThanDay: "less than a day",
      days,
      forEver: "more than a year",
      today: "today",
    },
    atPace: (lasts, pace) => `${lasts}, at ${decimal.format(pace)} a day`,
    pace: (pace) => `${decimal.format(pace)} issued a day`,
    paceUnknown:
      "The bot's disk isn't responding, so there is no telling how long the stock will last. Nothing is lost.",
    digest: {
      title: (day) => `Digest for ${day}`,
      taken: "Issued that day",
      left: "What is left",
      deliveries: "Quality of deliveries, last 7 days",
      nothingTaken: "Nothing was issued that day.",
      taking: (name, count, statuses) => `${name}: ${count} (${statuses})`,
      pending: "not marked",
      other: "other",
      byTimer: (count) => `${count} by the timer`,
      most: (names) => `Took the most: ${names}`,
      remaining: (name, count) => `${name}: ${count}`,
      remainingToday: (name, count) => `${name}: ${count} for today`,
      lasting: (name, count, lasts) => `${name}: ${count}, enough for ${lasts}`,
      stockOnly: (name, available) => `${name}: ${available} ready, rows in the sheet not counted`,
      paused: (line) => `${line}, paused`,
      delivery: (place, bad, marked) =>
        `${place}: ${bad} of ${marked} bad (${Math.round((bad / marked) * 100)}%)`,
      noDay: "no date",
      suspects: "Check the deliveries marked ⚠️: more than a quarter were bad.",
      more: (count) => `and ${lines(count)} more`,
    },
  },

  /** Rows that Google refuses. */
  failed: {
    title: (count) => `Google won't accept ${rows(count)}`,
    hint: "Nothing is lost: the bot keeps them and tries again at least every half hour. Everything else is written as usual.",
    nothing: "Google accepts every row; there is nothing to decide here.",
    place: (resource, tab) => `${resource}, tab “${tab}”`,
    isNew: "new row",
    isCorrection: "correction of a mark",
    issued: (at) => `issued ${at}`,
    changed: (from, to) => `the sheet says ${from}, should be ${to}`,
    refused: (count, since) => `Refusals: ${count}, the first ${since}`,
    reason: (text) => `Google says: ${text}`,
    retry: (number) => `🔁 Retry ${number}`,
    drop: (number) => `🗑 Don't write ${number}`,
    retryAll: "🔁 Retry all",
    back: "‹ To the list",
    retrying: "The bot is trying right now. Rows that Google accepts leave the list.",
    gone: "This row is no longer in the list: it was written, its mark was undone, or the bot is trying it again after a restart. Nothing changed.",
    already: (by) => `${by} has already decided: it won't be written. Nothing changed.`,
    notDropped:
      "This row is no longer among those left out: somebody put it back, or a day has passed. Nothing changed.",
    ask: {
      title: "Leave this row unwritten?",
      missing:
        "The sheet will have no row for this item: who took it, when, and how it was marked.",
      staying: (from, to) =>
        `The sheet keeps the old mark: ${from}. The new one, ${to}, won't be there.`,
      meaning:
        "Statistics and the bot's journal keep the item. If its mark changes later, the sheet won't have that either. You can take this back for a day.",
      confirm: "Don't write it",
    },
    unwritten: {
      title: "Left out by admins' decision",
      one: "The row won't be written",
      nothing: "There are no such rows: everything is written or waiting to be.",
      only: "The trash is empty. Rows that admins left out can be put back with the button.",
      open: (count) => `Rows left out: ${count}`,
      decided: (by, at) => `Decided by ${by}, ${at}.`,
      until: (until) => `Can be taken back until ${until}.`,
      restore: "↩️ Back into the queue",
      restoreOne: (number) => `↩️ Back into the queue ${number}`,
      restored: (resource) => `${resource}: the row is back in the queue.`,
    },
    notes: {
      dropped: (resource, id, by) =>
        `🗑 ${resource}: the row for item ${id} won't be written to the sheet. Decided by ${by}. To take it back: /failed or /undo.`,
      restored: (resource, id, by) =>
        `↩️ ${resource}: the row for item ${id} is back in the queue. Decided by ${by}.`,
    },
  },

  /** What admins took into quarantine from people without access. */
  handing: {
    button: "➡️ Hand over to a colleague",
    short: "➡️ Hand over",
    kept: (what) => `Nothing was offered. ${what} stays yours.`,
    choose: "What to hand over? Here is all that waits for your mark.",
    nothing: "There is nothing to hand over: you have no item without a mark.",
    to: (what) => `Offer to whom: ${what}? It stays yours until the colleague accepts.`,
    card: (name, what, time) =>
      `${name} hands over to you: ${what}. You can accept until ${time}, the values will appear here.`,
    accept: "✅ Accept",
    decline: "✕ Decline",
    offered: (what, to, time) =>
      `Offered to ${to}: ${what}. It waits for the answer until ${time} and stays yours till then.`,
    withdraw: "↩️ Withdraw",
    withdrawn: (what) => `The offer is withdrawn. ${what} stays yours.`,
    withdrawnCard: (name, what) => `${name} no longer hands over to you: ${what}.`,
    notTold: "The colleague cannot be written to and has to press /start. Nothing changed.",
    ended: {
      declined: "You declined. Nothing is on your name.",
      expired: "The time of the offer is over. Nothing is on your name.",
      over: "The offer is over: the item was marked or taken away. Nothing is on your name.",
      failed: "It was not handed over. Nothing is on your name.",
    },
    accepted: (what, to) => `✅ ${what} is with ${to} now.`,
    refused: (what, to) => `✕ ${to} does not take ${what}. It stays yours.`,
    expired: (what, to) =>
      `⏳ ${to} did not answer in time, the offer of ${what} is over. It stays yours.`,
  },
  taking: {
    title: (name) => `Held by ${name}`,
    hint: "Take it away: hand it to a colleague, put it into quarantine, or mark it yourself. The bot then asks why, and the holder reads the reason.",
    give: "➡️ To a colleague…",
    aside: "🗄 Quarantine",
    toList: "‹ Who holds what",
    ask: (what, way) => `${what}: ${way}. Why?`,
    how: (name) =>
      `Write the reason in one message of up to 120 characters. ${name} and the other admins will read it. Nothing has changed yet.`,
    ways: {
      aside: "into quarantine",
      give: (name) => `hand over to ${name}`,
      mark: (status) => `mark as “${status}”`,
    },
    before:
      "Too late: it has been marked, handed over or taken already. Nothing changed, see /who for what is held now.",
    done: (name, what, way, comment) => `Taken from ${name}. ${what}: ${way}. Reason: ${comment}.`,
    yours: (what, way, by, comment) =>
      `❗ The admin ${by} is taking this from you: ${what}, ${way}. Reason: ${comment}. You no longer hold it.`,
    note: (name, what, way, by, comment) =>
      `📦 Taken from ${name}: ${what}, ${way}. Reason: ${comment}. Decided by ${by}.`,
    line: (value, comment) => `${value} · taken by an admin${comment === "" ? "" : `: ${comment}`}`,
    lineTo: (value, to, comment) =>
      `${value} · handed over to ${to}${comment === "" ? "" : `. Reason: ${comment}`}`,
  },
  asides: {
    ask: {
      heading: (count, name) => `Move ${items(count)} to quarantine? Held by ${name}`,
      meaning:
        "It won't be issued to anybody again; the bot keeps it. No row is written for it. This can be undone for a day: /undo.",
      confirm: "🗄 To quarantine",
    },
    title: "Moved to quarantine in the last 24 hours",
    nothing: "Nothing was moved to quarantine in the last 24 hours, or all of it was given back.",
    only: "The trash is empty. What was moved to quarantine can be given back with the button.",
    open: (count) => `Moved to quarantine: ${count}`,
    heldBy: (name) => `Previously held by ${name}`,
    decided: (by, at) => `Decided by ${by}, ${at}.`,
    until: (until) => `Can be taken back until ${until}.`,
    restore: (number) => `↩️ Give back ${number}`,
    restored: (what, name) => `${what}: back with ${name}, not marked yet.`,
    gone: "It can't be given back: somebody already did that, a day has passed, or the same row was taken from the sheet again. Nothing changed.",
    notes: {
      settled: (name, what, by) => `📦 What ${name} still held. ${what} Decided by ${by}.`,
      wayBack: "What went to quarantine can be given back for a day: /undo.",
      restored: (what, name, by) =>
        `↩️ ${what}: out of quarantine and back with ${name}, not marked yet. Decided by ${by}.`,
    },
  },

  /** /quarantine: rows that cannot be issued. */
  quarantine: {
    tab: (title) => `“${title}”`,
    open: (count) => `🗄 Quarantine: ${count}`,
    title: "Quarantine: rows that can't be issued",
    hint: "The bot keeps these rows; they are no longer in the sheet. Open a group to deal with it.",
    nothing: "Quarantine is empty: every row taken can be issued.",
    count: (count) => `Rows: ${count}`,
    since: (at) => `set aside ${at}`,
    blank: "no value",
    show: "👁 Show the values",
    hide: "🙈 Hide the values",
    back: "‹ Back",
    toList: "‹ The whole quarantine",
    one: {
      return: "↩️ Back to the sheet",
      issue: "✅ Issue it anyway",
      drop: "🗑 Delete",
    },
    all: {
      return: (count) => `↩️ Put all back in the sheet: ${count}`,
      issue: (count) => `✅ Issue all anyway: ${count}`,
      drop: (count) => `🗑 Delete all: ${count}`,
    },
    ask: {
      return: (count, tab) => `Put ${rows(count)} back in the tab “${tab}”?`,
      issue: (count, tab) => `Issue ${rows(count)} of the tab “${tab}” despite being duplicates?`,
      drop: (count, tab) => `Delete ${rows(count)} of the tab “${tab}”?`,
    },
    meaning: {
      return:
        "They will be in the tab again. Correct them there: the bot leaves an unchanged row alone for a day.",
      issue: "They go into stock. Two people may end up with the same thing.",
      drop: "This can be undone for a day, but not after that.",
    },
    confirm: {
      return: "↩️ Put back",
      issue: "✅ Issue",
      drop: "🗑 Delete",
    },
    done: {
      return: (count, tab) =>
        `Going back to the tab “${tab}”: ${rows(count)}. Correct them there: the bot leaves unchanged rows alone for a day.`,
      issue: (count, tab) => `From quarantine into stock: ${rows(count)}, tab “${tab}”.`,
      drop: (count, tab) =>
        `Deleted from quarantine: ${rows(count)}, tab “${tab}”. This can be undone for a day.`,
    },
    note: (what, by) => `🗄 ${what} Decided by ${by}.`,
    gone: "This is no longer in quarantine: somebody else was faster. Nothing changed.",
    unread:
      "Under the current catalogue this row can't be read, so it can't be issued. Correct it or put it back in its tab. Nothing changed.",
    advice: {
      missing: "A required value is missing. Enter it here, or put the row back.",
      unreadable: "A value can't be read. Enter the right one here, or put the row back.",
      converted:
        "The sheet changed what was typed, and there is no telling what it was. Enter the right value.",
      formula: "There is a formula instead of a value. Put the row back and paste the value.",
      duplicate:
        "The same is already in stock or issued. If this is something else, issue it anyway.",
      issuedBefore: "The same was issued before. If it may be issued again, issue it anyway.",
      header: "This is the tab's header row. You can delete it.",
      withheld: "Its holder may have seen it, so the bot won't issue it to anybody else.",
      region:
        "Nobody can choose this region. Say which region it is, type another one, or put the row back.",
      restored:
        "The bot's data were restored from a copy, and this may have been issued after it was made. Ask your people: if it wasn't, put the row back into the sheet and the bot will take it again; if it was, delete it.",
    },
    fix: {
      open: (column) => `✏️ Correct: ${column}`,
      title: (column) => `Send the right value: ${column}`,
      how: "In one message. The bot deletes it from the chat straight away.",
      cancel: "Don't correct it",
      still: (why) => `It can't be issued with this value: ${why}. Nothing changed.`,
      notDeleted: "The message with the value couldn't be deleted: please delete it yourself.",
    },
    workedOpen: (count) => `↩️ Decided in the last 24 hours: ${count}`,
    workedTitle: "Quarantine: decided in the last 24 hours",
    workedNothing: "Nothing was decided in the last 24 hours, or all of it was undone.",
    decided: {
      return: (by, at) => `Back to the sheet: ${by}, ${at}.`,
      issue: (by, at) => `Into stock: ${by}, ${at}.`,
      drop: (by, at) => `Deleted: ${by}, ${at}.`,
    },
    undo: (number) => `↩️ Undo ${number}`,
    undone: (tab) => `A row of the tab “${tab}” is in quarantine again.`,
    tooLate:
      "Too late to undo: the row is in the sheet, the item was issued, or a day has passed. Nothing changed.",
  },

  /** The note after a start, and rows of the sheet that were changed by hand. */
  checks: {
    caughtUp: {
      title: "The bot was started on an older copy of its data and compared with the sheet",
      madeAt: (at) => `the copy was made ${at}`,
      adopted: (count) =>
        `issued after the copy and found in the issued tabs, taken over: ${count}`,
      elsewhere: (count) => `no longer with those who held them when the copy was made: ${count}`,
      taken: (count) => `taken from the sheet after the copy, found in the service tab: ${count}`,
      inDoubt: (count) =>
        `not known whether issued, in quarantine: ${count}. Ask your people, and put back into the sheet what wasn't: /quarantine`,
      allKnown: "everything is accounted for, nothing is in quarantine",
    },
    comeback: {
      title: "The bot is up again. What it has:",
      available: (count) => `ready to issue: ${items(count)}`,
      pending: (count) => `waiting for a mark: ${items(count)}`,
      unsure: (count) => `to be shown again, delivery unclear: ${items(count)}`,
      buffer: (count) => `waiting for the sheet: ${items(count)}`,
      finished: (count) => `interrupted writes to the sheet: ${count}, all completed`,
      unfinished: (count) =>
        `interrupted writes to the sheet: ${count}, being completed, nothing will be written twice`,
      nothing: "the stock is empty, and nothing is waiting for a mark or for the sheet",
      lastEvent: (at) => `Last record before the break: ${at}.`,
      nothingLost: (count) => `Lost: 0. Checked: ${items(count)}.`,
      adrift: (count, where) =>
        `Doesn't add up: ${items(count)} (${where}). A separate message says what to do.`,
      checking: "The check is still running. If something doesn't add up, the bot will say so.",
      unchecked: "The check failed; the log says why. The bot will check again tonight.",
    },
    edits: {
      title: {
        Status: "A status was changed by hand in the sheet",
        Value: "A row was changed by hand in the sheet",
        Gone: "A row is gone from the sheet",
      },
      place: (tab, row) => (row === null ? tab : `${tab}, row ${row}`),
      issued: (stage, at) => `Issued: ${stage}, ${at}`,
      bot: (status, by, at) => `Bot: ${status} (${by === "" ? at : `${by}, ${at}`})`,
      sheet: (said) => `Sheet: ${said}`,
      blank: "the status is blank",
      unknown: "a status the bot doesn't know",
      otherItem: (column) => `a different value in column “${column}”`,
      gone: "no row with that ID",
      buttons: { sheet: "The sheet is right", keep: "Leave it as it is" },
      bots: {
        right: "The bot is right",
        Status: "Restore the bot's version",
        Value: "Restore the bot's version",
        Gone: "Write it again",
      },
      done: {
        sheet: "✅ The sheet is right; the bot has taken over its status",
        bot: "↩️ The bot is restoring the row",
        again: "↩️ The bot is writing the row again",
        keep: "Left as it is in the sheet; the bot's journal keeps what it had",
      },
      decided: (what, by, at) => `${what}. Decided by ${by}, ${at}.`,
      over: "There is nothing left to decide: the row is as the bot has it again, or the status was set anew.",
      alreadyDecided: "This has already been decided; the card shows how. Nothing changed.",
      isOver:
        "This card is out of date: the row was restored, the status was set anew, or a day has passed. Nothing changed.",
      tooLate:
        "More than 24 hours have passed, so the status can't be corrected. Nothing changed. Restore the bot's version, or leave it.",
      many: (count) => `Many issued rows were changed by hand at once: ${rows(count)}`,
      counted: {
        Status: (count) => `status ${count}`,
        Value: (count) => `another value ${count}`,
        Gone: (count) => `rows gone ${count}`,
      },
      manyAdvice:
        "It looks as if some columns were sorted or pasted without the others. The bot changed nothing, and its journal is right. Restore the tab: “File”, “Version history”.",
    },
  },

  /** People with access, what they leave behind, and regions. */
  people: {
    list: {
      title: (count) => `Access: ${persons(count)}`,
      waiting: (count) => `Waiting for approval: ${count}`,
      roles: {
        admin: "admin",
        employee: "employee",
        applicant: "waiting for approval",
        blocked: "access suspended",
      },
      holds: (count, age) => `holds ${count}, the oldest for ${age}`,
      hint: "Tap a person to open their card.",
      back: "‹ To the list",
    },
    card: {
      stage: "Nickname",
      id: "Telegram ID",
      role: "Role",
      logName: "In the program's log",
      holds: (count) => `Holds, not marked yet: ${count}`,
      holdsNothing: "Holds nothing.",
      more: (count) => `And ${count} more.`,
      dismiss: "Remove access",
      rename: "✏️ Rename",
      open: "Open the card",
    },
    age: (dayCount, hourCount, minuteCount) =>
      dayCount > 0
        ? `${dayCount} d ${hourCount} h`
        : hourCount > 0
          ? `${hourCount} h ${minuteCount} min`
          : `${minuteCount} min`,
    dismissal: {
      usage:
        "Put an ID or a nickname after the command, for example /whitelist_remove 123456789. Everybody: /whitelist. Nothing changed.",
      unknown: (name) =>
        `Nobody on the list has the ID or nickname “${name}”. Nothing changed. Everybody: /whitelist.`,
      several: (name) => `Several people have the nickname “${name}”. Choose one:`,
      isAdmin:
        "This is an admin, whose access comes from the ADMIN_ID setting. Take the ID out of it and restart the bot. Nothing changed.",
      ask: (name) => `Remove access: ${name}?`,
      meaning:
        "Access ends straight away. What they hold is not lost: next you decide what happens to it. You can give access back within 24 hours.",
      meaningForApplicant:
        "The application will be closed; they can apply again after 24 hours. Until then you can bring it back.",
      done: (name) => `Access removed: ${name}`,
      by: (admin, at) => `Removed by ${admin}, ${at}.`,
      closed: "Access removed",
      readmit: "Give access back",
      until: (at) => `You can give it back until ${at}.`,
      readmitted: (name) => `Access restored: ${name}. The entry is as it was.`,
      leftAsItIs: "What was marked, handed over or set aside in the meantime stays that way.",
      alreadyBack: "This person already has access. Nothing changed.",
      backBy: (admin, at) => `${admin} already gave access back, ${at}. Nothing changed.`,
      tooLate:
        "24 hours have passed, so the button can't give it back. They can send /start and apply. Nothing changed.",
      ended:
        "Your access to the bot has ended. Nothing you held is lost: the admins will take care of it.",
      begun: "Your access to the bot is open again. Menu: /menu.",
      endedBy: (name, by) =>
        `⛔ Access removed: ${name}. Decided by ${by}. /whitelist_remove with the ID shows what they still hold, and can give access back for 24 hours.`,
      readmittedBy: (name, by) => `▶️ Access restored: ${name}. Decided by ${by}.`,
    },
    left: {
      title: "Held, not marked yet",
      nothing: "Nothing is left.",
      confirmAll: "Confirm all as good",
      giveAll: "Hand all over…",
      asideAll: "All to quarantine",
      confirm: "good",
      give: "hand over…",
      aside: "quarantine",
      legend:
        "Quarantine: nobody else is issued the item, the bot keeps it. Hand over: a colleague has it from now on.",
      chooseColleague: (what) => `Who should get it: ${what}?`,
      all: (count) => `all, ${items(count)}`,
      noColleagues: "There is nobody to hand over to: no one else has access.",
      colleagueGone:
        "This colleague no longer has access. Nothing was handed over; choose another.",
      hasAccess: "This person has access again, so their items are left alone.",
      confirmed: (count) => `✅ Confirmed: ${count}.`,
      given: (count, to) => `➡️ Handed over to ${to}: ${count}.`,
      setAside: (count) => `🗄 In quarantine: ${count}.`,
      settledBefore: (count) => `Already settled: ${count}.`,
      notTold: (count) =>
        `Not handed over: ${count}. The bot can't write to this colleague, who has to press /start first. Nothing is lost.`,
      notWritten: (count) =>
        `Not saved: ${count}, the bot's disk isn't responding. Nothing is lost; try again in a minute.`,
      handedOver: (what) =>
        `Handed over to you: ${what}. The details will appear here in a moment.`,
      handOverFailed: "The hand-over didn't go through. Nothing is in your name.",
    },
    regions: {
      title: (count) => `Regions: ${count}`,
      none: "There are no regions, so nothing can be ordered. Add the first: /add_region 495",
      usage: (issued) =>
        issued === 0 ? "nothing issued in 30 days" : `${issued} issued in 30 days`,
      hint: "To add: /add_region 495. To remove: /remove_region 495.",
      toAdd:
        "Put a code after the command, for example /add_region 495. You can add several at once, separated by commas or spaces. A code has 1 to 16 letters and digits. Nothing changed.",
      toRemove:
        "Put a code after the command, for example /remove_region 495. All codes: /regions. Nothing changed.",
      added: (codes) => `Added, and on the buttons now: ${codes}.`,
      already: (codes) => `Already there: ${codes}.`,
      invalid: (codes) =>
        `Not possible: ${codes}. A code has 1 to 16 characters, only letters and digits. This was not added.`,
      nothingChanged: "Nothing changed.",
      unknown: (code) => `There is no region “${code}”. Nothing changed. All codes: /regions.`,
      ask: (code) => `Remove region ${code}?`,
      meaning:
        "It disappears from the buttons, and nothing can be ordered for it. The history stays. Rows in the sheet that are tied to it stay where they are. You can bring the region back.",
      remove: "Remove",
      removed: (code) => `Region ${code} is off the buttons.`,
      alreadyRemoved: (code) => `Region ${code} is already off the buttons.`,
      setAside: (count) =>
        `${rows(count)} moved from stock to quarantine until the region is back.`,
      by: (admin, at) => `Removed by ${admin}, ${at}.`,
      wayBack: (code) => `To bring it back: the button, within 24 hours, or /add_region ${code}.`,
      bringBack: "Bring back",
      addedBy: (codes, by) =>
        `➕ New regions on the buttons: ${codes}. Added by ${by}. All codes: /regions.`,
      removedBy: (code, by) =>
        `🗑 Region ${code} was taken off the buttons by ${by}. To bring it back: /add_region ${code}.`,
      returnedBy: (code, by) => `↩️ Region ${code} is on the buttons again. Decided by ${by}.`,
      back: (code) => `Region ${code} is on the buttons again.`,
      alreadyThere: "This region is already on the buttons. Nothing changed.",
      tooLate: "24 hours have passed. /add_region brings it back. Nothing changed.",
    },
    spellings: {
      openUnknown: (count) => `🗺 Unknown regions: ${count}`,
      unknownAll: "🗺 Which regions are these?",
      open: (count) => `🔤 Other spellings: ${count}`,
      unknownTitle: "Regions that aren't on the buttons",
      unknownHint:
        "This is what the region column says. Nobody can get these rows. Tap one and say which region it is.",
      unknownNone: "There are no unknown regions. The bot counts the tabs every few minutes.",
      place: (tab, count) => `“${tab}”, ${rows(count)}`,
      ask: (text) => `🗺 “${text}”: which region?`,
      question: (text) => `Which region is “${text}”?`,
      meaning:
        "The bot will remember the answer and issue rows with this region, these and new ones. To make it forget: /regions.",
      tooLong: "The bot can't remember such a long text. Correct it in the sheet or in quarantine.",
      add: (code) => `➕ Add region “${code}”`,
      means: (code) => `It's ${code}`,
      toUnknown: "‹ All unknown",
      toRegions: "‹ Regions",
      learnt: (text, code, issued) =>
        [
          text === code ? `Region ${code} is on the buttons now.` : `“${text}” now means ${code}.`,
          "The bot will take the rows in the tabs by itself.",
          ...(issued > 0 ? [`From quarantine into stock: ${rows(issued)}.`] : []),
        ].join(" "),
      issued: (count) => `From quarantine into stock: ${rows(count)}.`,
      gone: "The bot sees no rows with this region now: they were corrected or taken, or it has only just started and hasn't counted the tabs yet. Nothing changed.",
      title: "Other spellings of regions",
      hint: "People write these in the sheet, and the bot understands them. When a spelling is forgotten, what was taken before stays as it is.",
      none: "There are no other spellings.",
      known: (text, code) => `“${text}” means ${code}`,
      idle: "(not in use: this region isn't on the buttons)",
      forget: (number, text) => `🗑 Forget ${number}: “${text}”`,
      forgotten: (text, code) =>
        `“${text}” no longer means ${code}. New rows with it stay in their tabs.`,
      forgottenBefore: "This spelling has already been forgotten. Nothing changed.",
      note: (what, by) => `🗺 ${what} Decided by ${by}.`,
      alsoIdle: (texts) => `Its other spellings stop working too while it is gone: ${texts}.`,
    },
    unwritable: (file) =>
      `The file ${file} couldn't be saved: the bot's disk refuses. Nothing changed and nothing is lost. Check the free space and try again.`,
    damaged: (file) =>
      `The file ${file} has a mistake in it; perhaps somebody is editing it. The bot left it alone, and nothing changed. Correct the file and try again.`,
  },

  /** Suspended access. */
  forgetting: {
    list: {
      title: (count) => `Without access, data still here: ${persons(count)}`,
      nobody:
        "Nobody to erase: everybody who ever got an item has access. Somebody who got nothing can be erased by ID: /forget 123456789.",
      last: (at) => `last item ${at}`,
      hint: "Tap a person to erase their data. The bot will ask once more.",
    },
    badId: (said) =>
      `“${said}” is not an ID. Put the digits of an ID after the command, for example: /forget 123456789. The list: /forget. Nothing changed.`,
    isAdmin:
      "This is an admin, whose access comes from the ADMIN_ID setting. Take the ID out of it and restart the bot. Nothing changed.",
    hasAccess:
      "This person has access or has applied for it. First remove that: /whitelist_remove with the ID. Nothing changed.",
    holds: (count) =>
      `This person holds ${items(count)} without a status. First decide what happens to them. Nothing changed.`,
    unwritten: (count) =>
      `Rows of this person not yet in the sheet: ${count}. Try again in a minute. Nothing changed.`,
    again: "Try again",
    ask: (name) => `Erase the data: ${name}?`,
    issuances: (count) => `Received in all: ${items(count)}.`,
    meaning:
      "The name, the ID and the application will be gone from the bot's data and from the backups in its folders. What was issued stays, without a name, so the books and the statistics add up. In the sheets the name and the ID stand beside what was issued: you take them out there yourself. This can't be undone. The bot will restart, which takes a few seconds.",
    erase: "Erase",
    begun: "Erasing. The bot is restarting and will write when it is done.",
    done: (nameless, copies) =>
      `🧹 The data of a person were erased. Issued items without a name now: ${nameless}. Backups cleaned: ${copies}.`,
    by: (admin) => `Decided by ${admin}.`,
    byTheClock: "The FORGET_AFTER setting says so.",
    left: (places) =>
      `These backups still have the data, and the bot can't change them. Delete them yourself: ${places}`,
  },

  blocks: {
    suspended: (until, note) =>
      `Your access is suspended until ${until === "" ? "an admin gives it back" : until}.${note === "" ? "" : ` Reason: ${withFullStop(note)}`} Everything issued to you stays in your name.`,
    list: {
      title: (count) => `Access suspended: ${persons(count)}`,
      nobody: "Nobody's access is suspended right now.",
      hint: "To suspend: /block, ID or nickname, hours, reason. For example: /block 123456789 8 Holiday. Without hours there is no end; the reason is optional.",
      lift: (name) => `Unblock: ${name}`,
      back: "‹ All suspended",
    },
    state: {
      heading: (name) => `⏸ Access suspended: ${name}`,
      until: (until) => `Until ${until}. Access then reopens by itself.`,
      noEnd: "Until an admin gives access back.",
      reason: (note) => `Reason, shown to the person: “${note}”`,
      noReason: "No reason was given.",
      by: (admin, at) => `Decided by ${admin}, ${at}.`,
    },
    ask: {
      heading: (name) => `How long should access be suspended: ${name}?`,
      meaning:
        "Everything closes straight away: commands, buttons, issuing. What was issued stays in their name and marks itself in due course; you can settle it from their card. You can give access back at any time.",
      withReason: (id) => `To set another time or a reason: /block ${id} 8 Holiday`,
      hours: (count) => `${count} h`,
      noEnd: "No end",
    },
    suspend: "⏸ Suspend access",
    giveBack: "▶️ Give access back",
    holds: (count) => `Holds, not marked yet: ${count}`,
    already:
      "Access is already suspended; nothing changed. Use /block to set another time or reason.",
    card: "Card",
    done: "Access suspended",
    lifted: "Access restored",
    liftedHeading: (name) => `▶️ Access restored: ${name}`,
    isAdmin:
      "This is an admin, whose access comes from the ADMIN_ID setting and can't be suspended. Nothing changed.",
    isApplicant:
      "This person has no access yet: their application is waiting. You can refuse it on its card. Nothing changed.",
    isUnknown: "This person is no longer on the list. Nothing changed. Everybody: /whitelist.",
    notSuspended: (name) => `Access is not suspended: ${name}. Nothing changed.`,
    several: (name, people) =>
      `“${name}” could be any of these: ${people}. Nothing changed. Use the ID instead of the nickname.`,
    badHours: (text) =>
      `“${text}” is not a number of hours. Give a whole number from 1 to 8760, then the reason: /block 123456789 8 Holiday. Nothing changed.`,
    tooLong: (length) =>
      `The reason is ${length} characters long, and the limit is 200. Nothing changed. Shorten it and send the command again.`,
    notes: {
      suspended: (name, until, by) =>
        `⏸ Access suspended ${until === "" ? "with no end" : `until ${until}`}: ${name}. Decided by ${by}. All suspended: /block.`,
      trespass: (name, times) =>
        `🚫 ${name} keeps tapping other people's buttons; refused in 24 hours: ${times}. Nothing changed and nothing was shown. If this is no accident, you can suspend their access from the card.`,
      botStopped: (name, count) =>
        `🔕 ${name} has stopped the bot. Items not marked yet: ${count}. Nothing is lost: they mark themselves in due course. Until the bot is started again, no message reaches this person.`,
      lifted: (name, by) => `▶️ Access restored: ${name}. Decided by ${by}.`,
    },
  },

  /** Issuances as a file. */
  exports: {
    title: "Export to a file",
    chooseResource: "What should be exported?",
    choosePeriod: "Over what period?",
    hint: "You can also type it: /export, then in any order a resource, a number of days, and a nickname or “ID” with a Telegram ID. Without days, it covers 30.",
    allResources: "All resources",
    periods: {
      "1": "Today",
      "7": "7 days",
      "30": "30 days",
      all: "All time",
    },
    making: "⏳ Making the file…",
    sent: "The file is below.",
    rows: (count) => `Rows: ${count}`,
    allTime: (first, last) => `All time, from ${first} to ${last}`,
    everSince: "all time",
    ofPerson: (name) => `employee ${name}`,
    everybody: "everybody",
    cut: (count) =>
      `Only the newest items are here, ${count}: one file holds no more. For the rest, narrow the period or choose one resource.`,
    withoutSecrets: "Logins and numbers are masked, and there are no passwords.",
    nothing: (what) => `Nothing was found, so there is no file. Looked for: ${what}.`,
    unclear: (text) =>
      `It isn't clear what “${text}” means, so there is no file. Write it like this: a resource, “7 days”, a nickname. Anybody no longer on the list can be found by Telegram ID: “ID 123456789”.`,
    tooManyDays: (most) => `That is too many days: ${most} at most. There is no file.`,
    namesakes: (people) =>
      `Several people have that name: ${people}. There is no file. Use “ID” and the number in brackets instead.`,
    unavailable:
      "The bot's disk isn't responding, so the file couldn't be made. Nothing is lost. Try again in a minute.",
    notSent: (reason) => `The file was not sent. ${reason}`,
    unsure:
      "Telegram didn't say whether the file arrived. Nothing is lost: if it isn't below, ask for it again.",
    columns: {
      issuedAt: "Issued at",
      resource: "Resource",
      variant: "Gender/Type",
      region: "Region",
      stage: "Employee",
      telegramId: "Telegram ID",
      status: "Status",
      markedAt: "Marked at",
      auto: "Auto",
      item: "Item",
      day: "Item date",
      id: "ID",
      replacementOf: "Replaces ID",
      imported: "From the sheet",
      comment: "Comment on the status",
    },
    yes: "yes",
    pending: "unmarked",
    withheld: "set aside",
    csv: "📄 As a file",
    subject: "What",
    whose: "Whose",
    from: "From",
    to: "To",
    section: "Section",
    value: "Value",
  },

  /** The list of what waits for people: “To do”, /todo. */
  todo: {
    title: (count) => `🗂 To do: ${count}`,
    done: "✅ To do: all done",
    nothing: "✅ To do: nothing right now",
    moved: "🗂 The to-do list is in a new message below.",
    low: "⚠️ Stock is running low",
    setAside: "⚠️ Set aside, can't be issued",
    solved: "Done",
    lowStock: (name, remaining, tabs, todayOnly) =>
      `${name}: ${remaining} left${todayOnly ? " with today's date" : ""} (${tabs})`,
    tab: (name) => `“${name}”`,
    tabWaits: (tab) => `Tab “${tab}” is on hold`,
    halfTyped: (tab, count) => `Tab “${tab}”, half-typed rows: ${count}`,
    unreadable: (tab, count) => `Tab “${tab}”, unreadable cells: ${count}`,
    aside: (tab, count) => `Tab “${tab}”, rows set aside: ${count}`,
    more: (count) => `More to do: ${count}`,
    toStock: "📦 Stock",
  },

  /** How the bot itself is. */
  health: {
    well: "✅ All is well",
    diskRefuses: "⚠️ The bot's disk isn't responding, nothing new is issued",
    telegramSilent: (age) => `⚠️ Telegram has not answered for ${age}`,
    todo: (count) => `🟡 Running; to do: ${count}`,
    alarms: (count) => `⚠️ Help is needed, alarms: ${count}`,
    late: (age) => `⚠️ Issuances have been waiting for the sheet for ${age}`,
    noHeartbeat:
      "⚠️ The bot can't write its heartbeat: a program that watches it will think it has stopped",
    moreAlarms: (count) => `More alarms: ${count}`,
    running: (since, age, version) => `Running since ${since} (${age}), version ${version}`,
    journal: "Journal on the disk",
    telegram: "Telegram",
    stockSheet: "Stock spreadsheet",
    issuedSheet: "Issued items spreadsheet",
    bothSheets: "Spreadsheet",
    heartbeat: "Heartbeat",
    worked: (name, at) => `${name}: well, ${at}`,
    neverWorked: (name) => `${name}: no word yet since the bot started`,
    failed: (at, failure) => `last failure ${at}: ${failure}`,
    failures: {
      silent: "no answer",
      limited: "too many requests, asked to wait",
      denied: "no access",
      missing: "there is no such spreadsheet",
      refused: "refused",
      taken: "another program has taken the bot's place",
    },
    updates: (count) => `Messages and taps being handled: ${count}`,
    writesWait: (on, since, behind) =>
      `⏳ Writes to it have been waiting since ${since}: ${on}; rows queued: ${behind}`,
    waitsFor: {
      guard: "Google hasn't said whether the last one was made",
      limiter: "Google asked for a pause",
      outage: "Google isn't responding",
    },
    paused: (until) => `Google is asking to wait until ${until}`,
    unwritten: (count) => `Waiting for the sheet: ${count}`,
    pending: (count) => `Held, not marked yet: ${count}`,
    undelivered: (count) => `Not delivered, being retried: ${count}`,
    books: (at, count, adrift) => `Books checked ${at}: items ${count}, differences ${adrift}`,
    backup: (at) => `Last backup: ${at}`,
    noBackup: "No backup yet",
    oldest: (age) => `the longest for ${age}`,
  },

  /** The journal: a sentence for everything that may happen. */
  audit: {
    title: "Journal: the latest events",
    ofPerson: (name) => `Journal of ${name}`,
    ofIssuance: (id) => `Journal of item ${id}`,
    button: "Journal",
    newest: "⏮ The newest",
    older: "Earlier ›",
    card: "‹ To the card",
    nothing: "There are no events here.",
    unknown: (name) =>
      `“${name}”: the bot knows no such person or item. Send an ID, a nickname or an item's ID, which has 10 characters. The whole journal: /audit.`,
    damaged:
      "One of the journal's records can't be read, so the journal can't be shown. Issuing works. Tell whoever runs the bot: the log says which record it is.",
    from: (name) => `from ${name}`,
    to: (name) => `to ${name}`,
    by: (name) => `by ${name}`,
    more: (count) => `and ${count} more`,
    items: {
      loaded: (count, tab) => `taken from the tab “${tab}”: ${count}`,
      unfit: (count) => `set aside: ${count}`,
      halfTyped: (count) => `half-typed and going back: ${count}`,
      issued: (count, region) => `issued: ${count}, region ${region}`,
      replacement: (of, region) => `issued to replace ${of}, region ${region}`,
      deliveryStarted: "the bot tries to show it again",
      delivered: "shown",
      deliveryRefused: "not shown: the message didn't get through",
      deliveryUnsure: "unclear whether the message arrived",
      withdrawn: "nobody saw it, back in stock",
      marked: (status) => `marked “${status}”`,
      markedItself: (status) => `marked “${status}” by the timer`,
      undone: "mark undone",
      extended: "10 more minutes before the mark",
      corrected: (status) => `mark corrected to “${status}”`,
      offered: "offered to a colleague",
      offerEnded: {
        declined: "the colleague declined",
        withdrawn: "the offer was withdrawn",
        expired: "nobody answered the offer",
      },
      commented: "gave a reason for the mark",
      uncommented: "removed the reason for the mark",
      declined: "replacement declined",
      written: (count) => `written to the sheet: ${count}`,
      quarantineLeft: {
        return: (count) => `from quarantine back to the tab: ${count}`,
        issue: (count) => `from quarantine into stock: ${count}`,
        drop: (count) => `deleted from quarantine: ${count}`,
      },
      quarantineEntered: (count) => `undone, in quarantine again: ${count}`,
      doubted: (count) => `the data are an older copy, put in quarantine until checked: ${count}`,
      adopted: (count) => `after a restore, settled by what the sheet says: ${count}`,
      quarantineEmptied: (count) => `a day has passed, deleted from quarantine for good: ${count}`,
      quarantineReported: (count) => `admins told of rows set aside: ${count}`,
      todayOnly: "only today's items are issued",
      anyDay: "items of any date are issued",
      returnBegun: (count, tabs) => `going back to the tab “${tabs}”: ${count}`,
      returned: (count, tabs) => `back in the tab “${tabs}”: ${count}`,
      paused: "issuing paused",
      resumed: "issuing resumed",
      cleared: (count) => `stock cleared, in the trash: ${count}`,
      restored: "restored from the trash",
      trashEmptied: "a day has passed, the trash is empty",
      setAside: "taken back into quarantine",
      broughtBack: "given back from quarantine",
      transferred: "handed over",
      rewriteBegun: "the row was changed by hand and is being written again",
      abandoned: "not to be written into the sheet",
      unabandoned: "to be written into the sheet after all",
      retired: (count) => `settled items dropped from memory: ${count}`,
    },
    people: {
      title: "People",
      nicknameChanged: (from, to) => `nickname: ${from} → ${to}`,
      withdrawn: "application taken back",
    },
    proxies: {
      added: (count) => `proxies added: ${count}`,
      renewed: (count) => `renewed: ${count}`,
      changed: (count) => `rows changed in the sheet: ${count}`,
      looked: (listed, gone) => `tab checked: ${listed} new rows, ${gone} gone`,
      reserved: "proxy reserved, waiting for a decision",
      released: {
        cancelled: "reservation cancelled",
        timedOut: "reservation timed out",
        superseded: "reservation ended: another proxy was chosen",
        broken: "reservation ended: the proxy does not work",
      },
      extended: "reservation extended by 5 minutes",
      taken: "proxy taken",
      returned: "proxy given back",
      broken: "proxy does not work and is not offered any more",
      shown: "the outcome was shown",
      gatewaysNamed: (count) => `logins of rotating gateways noted: ${count}`,
      expiryTold: (count) => `warned of expiry, proxies: ${count}`,
      retired: (count) => `old requests dropped from memory: ${count}`,
    },
  },
} satisfies Texts

const troubleOf = (alarm: Alarm): string => {
  switch (alarm._tag) {
    case "TabUnusable":
      if (alarm.column === null)
        return `Tab “${alarm.tab}” is missing or can't be read. Its resource is on hold; the others carry on. Create the tab and the bot will continue by itself.`
      return alarm.places !== undefined
        ? `Tab “${alarm.tab}” has several columns “${alarm.column}”: ${alarm.places.join(", ")}. The bot doesn't guess which one is meant, so its resource is on hold; the others carry on, and nothing is lost. Give the columns different names and the bot will continue by itself. Or say in the catalogue file which column the right one comes after (field after), and restart the bot.`
        : `Tab “${alarm.tab}” has no column “${alarm.column}”${alarm.header === undefined ? "" : `, but ${alarm.header.map((name) => `“${name}”`).join(", ")}`}. Its resource is on hold; the others carry on. Put the header back and the bot will continue by itself.`
    case "HeaderMoved":
      return `Tab “${alarm.tab}” has rows above its header. The header and everything that couldn't be read are set aside and kept; nothing is lost. The bot takes nothing more from this tab; the others carry on. Make the header the first row again and the bot will continue by itself.`
    case "TabRefused":
      return `Google won't let the bot change tab “${alarm.tab}”: “${alarm.message}”. The bot takes nothing from it for now; its rows are safe, and the other tabs carry on. Remove the protection, unmerge the cells, turn the table into a plain range, or move the rows to an ordinary tab, and the bot will continue by itself.`
    case "RowsHalfTyped":
      return `The bot isn't taking some rows of tab “${alarm.tab}”: ${alarm.rows.map(({ row, column, why, region }) => `row ${row}, column “${column}” (${why === "missing" ? "blank" : `the bot has no such region${region === undefined ? "" : `: “${region}”`}`})`).join("; ")}${alarm.more > 0 ? ` and ${alarm.more} more` : ""}. They are where they were. Fill them in, correct them, or say which region it is, and the bot will take them by itself.`
    case "SheetsUnavailable":
      return `Spreadsheet ${alarm.spreadsheet}: ${unreachable[alarm.reason]}. Issuing goes on from the bot's stock; writes are waiting and won't be lost.`
    case "AnotherWriter":
      return `Another copy of the bot is writing to spreadsheet ${alarm.spreadsheet}. This one has stopped writing, so that nothing is written twice. Leave only one running.`
    case "UnknownInboxRows":
      return `The service tab of spreadsheet ${alarm.spreadsheet} has ${alarm.rows} rows that aren't the bot's. The bot leaves them alone. Find out where they came from.`
    case "ClaimDamaged":
      return `Batch ${alarm.claim} was taken from tab “${alarm.tab}”, but some of its cells may be lost: the tab or the bot's service tab was changed at that very moment. Open the spreadsheet's version history and compare the rows taken last.`
    case "RowsRefused":
      return `Google won't accept some rows for tab “${alarm.tab}”. They aren't lost: the bot keeps trying, and the others are written as usual. Which rows, why, and what to do about them: /failed.`
    case "RowVanished":
      return `Tab “${alarm.tab}” has no row with ID ${alarm.issuance}: it was deleted, so its status can't be corrected there. The bot's journal has the right one.`
    case "RowMistaken":
      return `Rows of tab “${alarm.tab}” moved during a correction, and the status went to the wrong row, ${alarm.row}${alarm.issuance === "" ? "" : ` (ID ${alarm.issuance})`}. Check that row: the spreadsheet's version history shows what it was.`
    case "RegistryUnreadable":
      return `Tab “${alarm.tab}” has cells the bot couldn't read, or lines that appear twice: ${alarm.rows.map(({ row, column }) => `row ${row}, column “${column}”`).join("; ")}. It leaves them alone; nothing is lost, and the other proxies are given out. Correct the cells and the bot will read them by itself. If they are sessions of a gateway (one user, several passwords), add them once through the bot, and it will know all the rows.`
    case "LowStock": {
      const dated = alarm.todayOnly ? " dated today" : ""
      return `Stock is running low: ${alarm.label.en}. Left${dated}: ${alarm.remaining}, rows in the sheet included. Add rows${dated} to tab “${alarm.tabs.join("” or “")}” and the bot will take them by itself.`
    }
    case "ItemsAdrift":
      return `The books of resource ${alarm.resource} don't add up, items: ${alarm.count}. The bot deleted and changed nothing; everything else is issued as before. Keep the data folder and the log, which names these items, and show them to the developer. To stop issuing until this is cleared up, use /pause.`
    case "DataBehind":
      return "The bot was started on an older copy of its data. What was in stock is set aside until it's compared with the sheet: it may have been issued since. Nothing new is issued or written; this starts by itself as soon as the spreadsheets can be read."
    case "BackupFailed":
      return alarm.reason === "disk"
        ? "No backup was made: the disk or the folder for backups doesn't accept it. The bot works as before and tries again every ten minutes. Check the free space and the folder BACKUP_DIR."
        : "No backup was made: the finished copy didn't pass its check, and the bot didn't keep it. Earlier backups are still there. Stop the bot and run verify, which names the first fault; the log has the details."
    case "StorageUnavailable":
      return "The bot's disk isn't responding. Nothing new is issued, and nothing issued is lost. Check the free space; the bot will continue by itself."
  }
}

const unreachable = {
  denied: "the bot has no access. Share it with the service account as an editor",
  notFound: "it does not exist. Check the address in the settings",
  refused: "Google refuses the bot's requests",
  unreachable: "Google isn't responding",
}

/** What is in order again. */
const placeOf = (alarm: Alarm): string => {
  if (alarm._tag === "StorageUnavailable") return "the bot's disk"
  if (alarm._tag === "LowStock") return `the stock of “${alarm.label.en}”`
  if (alarm._tag === "BackupFailed") return "the backup"
  if (alarm._tag === "DataBehind") return "the bot's data, compared with the sheet"
  if (alarm._tag === "ItemsAdrift") return `the books of resource ${alarm.resource}`
  return "tab" in alarm ? `tab “${alarm.tab}”` : `spreadsheet ${alarm.spreadsheet}`
}
