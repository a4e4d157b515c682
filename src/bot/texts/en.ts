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
const issuances = english("issuance", "issuances")
const issues = english("issue", "issues")
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
      "1. /menu: choose what you need, the region and how many, 1 to 5. For numbers, first tick the resources they are for.",
      "2. The bot shows them at once. Tap a value to copy it.",
      "3. Try each one and tell with a button how it was. If you say nothing, it is marked by itself at the time shown.",
      "4. A slip? “undo” works for ten minutes, “change” for a day. One that is no good can be replaced at once.",
      "You can also type it: the name, the region and the quantity, in any order. At any step it is enough to type what is missing.",
      "/my shows all that you hold, what you wait for and what you had before. /stats counts what was issued. /cancel stops what you began and opens the menu. /language switches the language.",
      "What is issued to you is shown to nobody else and is not lost, even if the bot restarts.",
    ],
    ofAdmins: "Commands of admins",
    ofResources: "Commands to order with",
    orderByCommand: (example) => `In one line: ${example}`,
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
      numbers_today_mod: "Numbers: only dated today, or of any date",
      stock: "Stock: how much of what there is",
      who: "Who holds what without a mark",
      pause: "Pause issuing: resource and text",
      resume: "Resume issuing: resource",
      buffer_clear: "Clear the stock, can be undone for a day",
      buffer_release: "Put the stock back into the sheet",
      undo: "Take back what was cleared",
      export: "Issuances as a file: resource, days, nickname",
      health: "Whether the bot is well",
      todo: "To do: what waits for people",
      failed: "Rows that Google refuses",
      quarantine: "Quarantine: rows that cannot be issued",
      whitelist: "People: who has access and what they hold",
      whitelist_remove: "End access: id or nickname",
      block: "Suspend access: id or nickname, hours, reason",
      unblock: "Give suspended access back: id or nickname",
      audit: "Journal: everything, a person or the ID of an issue",
      regions: "Regions: the list",
      add_region: "Add a region: code",
      remove_region: "Remove a region: code",
    },
  },

  /** The choice of a language. */
  languages: {
    title: "Language · Язык",
    choose: "Which language shall the bot write to you in? Nothing changes for the others.",
    chosen: "English from now on",
    switched: "Done: I'll write to you in English from now on.",
    unknown: (said) =>
      `The bot doesn't speak “${said}”, so nothing has changed. It speaks Russian and English:`,
  },

  /** What the bot answers when it turns a person, a message or a tap away. */
  gate: {
    denied: "Access denied. Send /start to apply.",
    waiting: "Please wait for approval. The admins have your application, the answer comes here.",
    stale: "This button is out of date. Nothing changed, here is a fresh menu.",
    hint: "Use the buttons below the messages, or words: what, which region, how many. Menu: /menu, help: /help.",
    failed:
      "It did not work because of an internal error. Nothing is lost: what was issued is in /my. Try again, and tell an admin if it happens twice.",
    adminsOnly: "Only an admin can do this. Nothing changed.",
    unknownCommand: "There is no such command. Menu: /menu, help: /help.",
    diskWaits:
      "The bot's disk does not answer now. Nothing is lost: the bot does this as soon as it can. If nothing comes within a minute, try again.",
    tooFast:
      "Too fast: some taps and messages were left out. Nothing is lost, /my shows what you were issued. Please go on a little slower.",
  },

  /** What an applicant reads. */
  registration: {
    ask: "Hello! To get access, send your work nickname in one message: 2 to 32 letters, digits, spaces, dots, _ or -.",
    invalid:
      "That will not do: a nickname is 2 to 32 letters, digits, spaces, dots, _ or -. Please send it again.",
    taken: "This nickname is taken. Please send another one.",
    full: "Too many applications wait for a decision now. Please send your nickname again in an hour.",
    submitted: (stage) =>
      `Application sent, nickname: ${stage}. Please wait for approval, the answer comes here.`,
    approved: (stage) => `You have access. Your work nickname: ${stage}.`,
    refused: (retryAt) => `The application was refused. You can apply again after ${retryAt}.`,
    tooEarly: (retryAt) =>
      `Access denied: the application was refused a short while ago. You can apply again after ${retryAt}.`,
    expired:
      "Nobody looked at the application for three days, it is closed. Send /start to apply again.",
    rename: "✏️ Correct the nickname",
    withdraw: "Take the application back",
    askBetter: (stage) =>
      `The nickname in your application is ${stage}. Send a new one in one message within ten minutes: 2 to 32 letters, digits, spaces, dots, _ or -.`,
    keep: "Leave it as it is",
    renamed: (stage) =>
      `Nickname corrected: ${stage}. Please wait for approval, the answer comes here.`,
    renamedTooOften:
      "You cannot correct this nickname any more. An admin can change it when deciding.",
    withdrawn: (retryAt) =>
      `You have taken the application back. You can apply again after ${retryAt}: send /start.`,
    withdrawnTooEarly: (retryAt) =>
      `You took an application back a short while ago. You can apply again after ${retryAt}: send /start.`,
    notOpen:
      "You have no open application: it was decided, taken back or has run out. Nothing changed. Send /start.",
  },

  /** The steps to an order. */
  wizard: {
    back: "‹ Back",
    cancel: "✕ Cancel",
    cancelled: "Cancelled",
    chooseTargets: "For which resources? Tick one or more and tap “Next”.",
    next: "Next ›",
    noTargets: "Nothing is ticked. Tick at least one resource and tap again. Nothing was issued.",
    onlyDay: (name, day) => `Only ${name} dated today, ${day}, are issued now.`,
    anyDay: (name) => `Now ${name} of any date are issued.`,
    chooseRegion: "Choose the region:",
    noRegions: "There are no regions yet. The admins add them.",
    regionGone: "This region is gone. Choose another one.",
    chooseQuantity: "How many?",
    chooseVariant: (question) => `${question}?`,
    onlyLeft: (count) => `Only ${count} left right now.`,
    waitWhere: "Shall I tell you when there is some? Choose the region:",
    waitTargets: "You can wait for it: tick what it is for, and press “Next”.",
    pieces: (count) => (count === 1 ? "1 pc" : `${count} pcs`),
    looking: "⏳ Looking into the sheet…",
    again: "🔄 Check again",
  },

  /** The message that shows issued items, and its buttons. */
  typed: {
    notUnderstood: (words) => `Not understood: “${words}”. Nothing was issued.`,
    ofWhat: (said) => `Understood: ${said}. But of what? Choose, or type the whole of it.`,
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
      `${given} of ${asked} issued: the limit of items without a mark has no room for more. Mark those you have, then go on.`,
    confirmsAt: (time) => `will confirm itself at ${time}`,
    unclear: "waits for your mark",
    automatic: (status) => `${status} (by itself)`,
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
    restChanged: "The marks have changed in the meantime. Have a look and tap again.",
    restNone: "There is nothing left to mark together.",
    undoThese: (numbers) => `undo the marks: ${numbers}`,
    undoneThese: (count) => `Marks removed: ${count}`,
    confirmThemselves: (numbers, status, time) =>
      `${numbers ?? "All unmarked"} will become “${status}” at ${time}`,
    unclearThese: (numbers) => `Waiting for your mark: ${numbers}`,
    chooseHint: "Tap a value to copy it, a number to mark it.",
    yes: "Yes",
    no: "No",
    replacementOf: (number) => `replaces ${number}`,
    replacedBy: (number) => `replaced by ${number}`,
    chooseStatus: "How was it really?",
    copyHint: "Tap a value to copy it.",
    tooLong:
      "Some values did not fit into the message, they are whole in the file below. If there is no file, open the batch again in /my.",
    wholeText: "The whole of the values that did not fit into the message.",
    marked: (status) => `Marked: ${status}`,
    undone: "Mark removed",
    declined: "No replacement",
    replaced: "Replacement issued",
    noReplacementNow: "No replacement right now. The mark is kept, try “Yes” again later.",
    withdrawn:
      "What was issued could not be shown, so it went back to stock and is not yours. Please ask again.",
  },

  /** The list of one's own items. */
  my: {
    title: "My items",
    nothing: "You have had nothing within the last day. To get something: /menu.",
    pending: (count) => `Waiting for your mark: ${count}`,
    marked: (count) => `Marked within a day: ${count}`,
    more: (count) => `And ${issuances(count)} before that.`,
  },

  /** Why something was not done. */
  refusals: {
    outOfStock: (resource, region) =>
      `${resource}: nothing is free for region ${region} right now. Nothing was issued.`,
    noneAtAll: (resource) => `${resource}: none available right now. Nothing was issued.`,
    emptyEverywhere:
      "The stock is empty, and nothing can be taken from the sheet right now. As soon as it has rows, the bot takes them.",
    noneInSheet: "Nothing that fits can be taken from the sheet right now either.",
    otherDaysHidden: (name, day, count) =>
      `Only ${name} dated today, ${day}, are issued; ${count} more in stock have another date.`,
    noneOfToday: (name, day) =>
      `Only ${name} dated today, ${day}, are issued. The bot takes rows with this date from the sheet by itself as soon as they appear.`,
    otherVariants: "others",
    stockByVariant: "In stock:",
    stockByRegion: "Bound to regions:",
    tryOtherwise: "Choose something else or check a little later.",
    tooManyPending: (pending, limit) =>
      `You have ${items(pending)} without a mark, the limit is ${limit}. Nothing new was issued. Mark them in “My items”, then go on.`,
    unknownIssuance:
      "This button is out of date: the issuance was closed and written long ago. Nothing changed, see /my.",
    notHolder:
      "This button is somebody else's: the item is issued to another person. Nothing changed.",
    alreadyMarked: (status) =>
      `Already marked: ${status}. The new mark was not set; tap “change” to correct it.`,
    poolPaused: (resource, note) =>
      `${resource}: an admin has paused issuing. Nothing was issued, your items are safe. Try again later.${note === "" ? "" : ` Reason: ${note}`}`,
    notAllowed: {
      pending: "There is no mark to change yet. Choose how it was.",
      undoOver: "Ten minutes have passed, the mark cannot be undone. It can be changed.",
      correctionOver: "A day has passed, the mark is final. If it is wrong, tell an admin.",
      replaced: "A replacement was issued, so the mark cannot be undone. It can be changed.",
      noReplacement: "There is no replacement for such a mark. Nothing changed.",
      replacementOver: "A day has passed, this one cannot be replaced. Ask for a new one in /menu.",
      chainTooLong:
        "This is the third replacement in a row: the stock may be bad. Tell an admin, or ask for a new one in /menu.",
      unknownStatus: "There is no such mark any more. Nothing changed, the buttons are fresh now.",
      alreadyMarked: "This one is marked already and cannot be taken away. Nothing changed.",
      messageTaken:
        "This message shows another issuance. Nothing changed, start the hand-over again.",
      written: "The row stands in the sheet already. Nothing changed.",
      issuedBefore: "The stock has it, or it was issued before. Nothing changed.",
    },
    storageUnavailable:
      "The bot's disk does not answer. Nothing was issued, changed or lost. Try again in a minute, the admins have been told.",
    telegram: {
      Blocked: "The person stopped the bot. Nothing is lost: ask them to press /start.",
      MessageGone: "The message is gone from the chat. Nothing is lost, open /my.",
      ChatNotFound: "No such chat: the person never pressed /start. Nothing is lost.",
      RateLimited: "Telegram asks to wait. Nothing is lost, try again in a minute.",
      Conflict: "Another program works with this token. Nothing is lost, stop it.",
      Unauthorized: "Telegram does not accept the bot's token. Nothing is lost, check BOT_TOKEN.",
      Unsure: "Telegram did not say if the message arrived. Nothing is lost, the bot tries again.",
      Rejected: "Telegram did not take the message. Nothing is lost, tell an admin.",
    },
  },

  /** Around an order: repeating it, waiting for stock, reminders, the history. */
  employee: {
    repeat: {
      button: (what) => `🔁 Again: ${what}`,
      again: "🔁 The same again",
      impossible:
        "This cannot be asked for now: it is not issued any more, or issuing is paused. Nothing changed.",
    },
    waiting: {
      ask: "🔔 Tell me when there is some",
      stop: "✕ Stop waiting",
      askFor: (what) => `🔔 ${what}`,
      started: (what, until) =>
        `I will tell you when there is some: ${what}. Waiting until ${until}.`,
      tooMany: (limit) =>
        `You are waiting for ${things(limit)} already, and that is the limit. Nothing was added. Stop waiting for one of them in “My items” and tap again.`,
      stopped: (what) => `Not waiting any more: ${what}.`,
      title: (count) => `Waiting for: ${count}`,
      line: (what, until) => `🔔 ${what}, until ${until}`,
      stopOne: (what) => `✕ Stop waiting: ${what}`,
      arrived: (what) => `🔔 There is some: ${what}`,
      fits: (count, asked) =>
        `${count < asked ? `Right now there ${count === 1 ? "is" : "are"} ${count} of ${asked}. ` : ""}It is not kept for you: tap before others take it.`,
      take: (count) => `Take ${count}`,
      takeFewer: "Take what there is",
      ended: (what) => `There was none within a day: ${what}. Not waiting any more.`,
      again: "🔔 Wait another day",
    },
    reminder: {
      soon: (left, time, what) => `Will mark itself in ${minutes(left)}, at ${time}: ${what}`,
      atOnce: (time, what) => `Will mark itself in less than a minute, at ${time}: ${what}`,
      show: "📄 Show and mark",
    },
    history: {
      title: "History",
      open: "🕘 History",
      empty: "Nothing was ever issued to you. To get something: /menu.",
      unavailable:
        "The bot's disk does not answer, so the history cannot be read. Nothing is lost, try again in a minute.",
      page: (number) => `page ${number}`,
      pending: "waits for a mark",
      withheld: "taken away by an admin",
      earlier: (count) =>
        `These are the last ${issuances(count)}. Earlier ones are in the sheet, ask an admin.`,
    },
  },

  /** Proxies: adding them, getting one, and those that somebody has. */
  proxies: {
    title: "Proxies",
    help: "Tick the resources it is for, choose the country and the proxy. The one you choose is kept for you for a few minutes: the time stands beside it. Once taken for a resource, nobody else gets it for that one. You can add many lines in one message.",
    free: (count) => `Free now: ${count}`,
    get: "Get a proxy",
    add: "Add proxies",
    daysLeft: (count) => (count <= 0 ? "last day" : days(count)),
    through: (day) => `through ${day}`,
    adding: {
      title: "Adding proxies",
      chooseType: "Of which type are they?",
      sendLines: "Send the lines in one or several messages, each proxy on a line of its own:",
      form: "address:port:user:password",
      formWithoutLogin: "or, where no login is needed, address:port",
      example: "For example:",
      willBeDeleted:
        "There are passwords in the lines, so the bot deletes your messages with them at once.",
      received: (accepted, rejected) =>
        rejected === 0
          ? `Accepted ${accepted}.`
          : `Accepted ${accepted}, not accepted ${rejected}:`,
      badLine: (number, problem) => `line ${number}: ${problem}`,
      moreBad: (count) => `and ${lines(count)} more`,
      problems: {
        tooFewParts: "there is no colon in it, at least an address and a port are needed",
        host: "the address is misspelt",
        port: "the port must be from 1 to 65535",
        noPassword: "there is a user but no password",
        brackets: "a long address with colons is written in square brackets",
        scheme: "the bot knows no proxies of this type",
        otherType: "it begins with another type than you chose",
        tooLong: "it is too long",
        unprintable: "there are invisible characters in it, please type it anew",
        space: "it is not clear what a space in it belongs to; put a # before a comment",
        noPort: "there is no port after the address",
        extra: "there is too much at its end; put a space and a # before a comment",
        several:
          "two proxies seem to stand in it; write each on a line of its own, address:port:user:password",
        order: "the login seems to stand before the address; write address:port:user:password",
        ambiguous: "it can be read in two ways; write address:port:user:password",
        repeated: "the same line stands above",
        inDraft: "you have sent the same line before",
        known: "the bot has this proxy already",
        tooMany: "no more than 200 are accepted at a time, send it the next time",
        otherPassword: "its login is there with another password, and you left it out",
        seam: "Telegram cut the text here, so this may be half of a line: send the whole line again",
        elsewhere: "you sent it while the bot waited for something else",
      },
      total: (count) => `To be saved in all: ${count}`,
      joined: "A line that Telegram had cut between two messages is whole again.",
      held: "The last line waits: Telegram may have cut it. Send what follows, and the bot joins them.",
      spaced: (numbers) =>
        `A space was taken as part of the login or the password, numbers of the lines: ${numbers}. If it was a comment, send the line again with a # before it.`,
      renewed: (count) => `New passwords written: ${count}.`,
      asked: (count) =>
        `And ${lines(count)} with an address, port and user that are there already, but another password. What are they?`,
      newPassword: "A new password of the same proxies",
      newPasswordMeans:
        "A new password: the proxies get it, in the spreadsheet too; the last one of several.",
      sessions: "Sessions of a rotating gateway",
      sessionsMean:
        "Sessions: each line becomes a proxy of its own, and so from now on for this user.",
      noneOfThem: "Leave these lines out",
      showRefused: (count) => `Show the lines not accepted (${count})`,
      refusedTitle: "Lines not accepted",
      refusedHint:
        "Your message with them is deleted; here they are as they were. Tap the text to copy all of it, mend it and send it here: the bot passes over what stands behind a #. They are kept for a day.",
      refusedFile: (count) =>
        `Here are ${lines(count)} that the bot did not accept, and why. Mend them and send them as text: the bot reads no files. The file is in this chat only, and there are passwords in it: delete it when you are done.`,
      refusedSent: "The lines not accepted went to you as a file, it is in this chat.",
      forgetRefused: "Drop them, they are not needed any more",
      refusedKept: (count) =>
        `The lines not accepted (${count}) are not lost: they stand where the bot asks for lines again.`,
      refusedErased: (count) =>
        `The lines not accepted (${count}) are wiped from the bot's memory.`,
      notDeleted:
        "Your message with the lines could not be removed from the chat: please delete the message yourself, there are passwords in it.",
      usedFor: "What have these proxies been used for already?",
      usedForNothing:
        "The bot gives them to nobody for what is ticked. If for nothing yet, just tap “Next”.",
      usedAlready: (targets) => `Used already for: ${targets}.`,
      chooseCountry: "Choose the country, or send its name or two-letter code as a message:",
      unknownCountry:
        "The bot does not know such a country, nothing changed. Send its whole name or its two-letter code, or choose with a button.",
      chooseDays: "How many days will they go on working?",
      days: (count, until) => `${days(count)}, through ${until}`,
      addMore: "Add more",
      saved: (count) => `Saved: ${proxies(count)}. Ready to be taken.`,
      willAppear: (tab) => `They appear in the sheet “${tab}” in a few seconds.`,
      alreadyThere: (count) =>
        `The bot has ${count} of your lines already: they are not written twice.`,
      nothingSaved:
        "Meanwhile somebody else added all of these proxies. Nothing is lost, they are not written twice.",
      isSaved: "It is saved already, no need to repeat.",
      ended: "Adding has ended.",
      endedEmpty: "Adding was stopped. There were no lines yet, nothing is lost.",
      endedKnown: "Adding has ended. The bot has the proxies that you sent, nothing is lost.",
      endedDropping: (count) =>
        `Adding was stopped. What was accepted is not saved, and wiped from the bot's memory (${lines(count)}). To add it, start again.`,
      linesElsewhere:
        "This looks like lines with passwords, but the bot waits for something else now. They were not accepted. Go by the buttons to the step where the bot asks for lines, and send them again. A button there shows them.",
      notText:
        "The bot does not read files or pictures, nothing was added. Send the lines as plain text, and if there are passwords in the file, delete it from the chat yourself.",
      diskRefused:
        "The bot's disk does not answer: this message was not accepted and is still in the chat, what was accepted before is not lost. Send it again in a minute.",
    },
    getting: {
      title: "Getting a proxy",
      chooseTargets: "What is the proxy for? You may tick several.",
      show: "Show free ones ›",
      chooseCountry: "There are free proxies in these countries:",
      moreCountries: (count) => `And ${countries(count)} more, with the fewest of them.`,
      noneFree:
        "There are no free proxies for this right now, nothing was issued. Tick less, or check a little later.",
      choose: "Choose a proxy. Those that end soonest come first.",
      noneLeft: "There are no free ones left here, nothing was issued. Choose another country.",
      refresh: "🔄 Refresh",
      toList: "‹ To the list",
      reserved: (time) => `⏳ Yours until ${time}, others do not see it now.`,
      takeMeans: (targets) =>
        `If you take it, it is used for: ${targets}. If not, it becomes free by itself at that time.`,
      take: "Take it",
      cancel: "Do not take it",
      taken: "The proxy is yours",
      released: "The proxy is free again",
      unavailable: {
        reserved: "Somebody else chose this proxy just now. Nothing was issued, the list is fresh.",
        used: "This proxy was used for what you ticked. Nothing was issued, the list is fresh.",
        ended: "This proxy has come to its end. Nothing was issued, the list is fresh.",
        gone: "This proxy is gone from the sheet. Nothing was issued, the list is fresh.",
      },
      over: {
        cancelled: "You gave this proxy back already. Nothing was issued, choose again.",
        timedOut: "The time was up, the proxy is free again. Nothing was issued, choose again.",
        superseded: "You chose another proxy, this one is free again. Nothing changed.",
        taken: "The proxy is yours already, that cannot be undone. Nothing changed, see /my.",
        notHolder: "This button is somebody else's: they chose the proxy. Nothing changed.",
        unknown: "This button is out of date: it was long ago. Nothing changed, start with /menu.",
      },
      endedSo: {
        cancelled: "You gave this proxy back, it is free again. Nothing was issued.",
        timedOut: "The time was up, the proxy is free again. Nothing was issued, choose again.",
        superseded: "You chose another proxy, and this one is free again. Nothing is lost.",
      },
    },
    goods: {
      title: "Your proxy",
      type: "Type",
      host: "Address",
      port: "Port",
      user: "User",
      password: "Password",
      noLogin: "No user and no password needed.",
      line: "As a line",
      url: "As a link",
      country: "Country",
      until: "Works",
      takenFor: (targets) => `Taken for: ${targets}.`,
      onlyYours: "Nobody else gets it for that any more.",
      copyLine: "📋 Line",
      copyUrl: "📋 Link",
    },
    mine: {
      title: (count) => `Proxies: ${count}`,
      more: (count) => `And ${proxies(count)} taken before that.`,
      gone: "You do not have this proxy: it ended, or the button is somebody else's. Nothing changed.",
    },
    ending: {
      title: (count) => (count === 1 ? "Your proxy ends soon" : "Your proxies end soon"),
      more: (count) => `And ${proxies(count)} more, all of them are in /my.`,
      advice: "It works until the end of that day. If you need a new one, take it in time: /menu.",
    },
  },

  /** Statistics. */
  stats: {
    title: "Statistics",
    chooseGroup: "What shall be counted?",
    chooseResource: "Choose the resource:",
    allVariants: "All",
    allRegions: "All regions",
    choosePeriod: "For how long?",
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
    autoMeaning: "Auto: marked by itself.",
    issued: "Issued",
    pending: "Unmarked",
    other: "Other",
    sum: "Total",
    noRegion: "no region",
    moreRegions: (count) => `${regions(count)} more`,
    nothing: "Nothing was issued in this time.",
    chart: "📊 Chart",
    chartFailed:
      "The chart could not be drawn. Nothing is lost: the table has the same numbers. Try again, and tell an admin if it happens twice.",
    unavailable:
      "The bot's disk does not answer, so nothing could be counted. Nothing is lost. Try again in a minute, and tell an admin if it happens twice.",
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
    otherNickname: "✏️ Another nickname",
    reminder: "An application has waited for more than four hours",
    decided: (decision, by, at) =>
      `${decision === "approve" ? "✅ Approved" : "⛔ Refused"} by ${by}, ${at}`,
    reopen: "↩️ Open it again",
    notRefused:
      "It cannot be opened again: it is open or approved by now, or a day is over. Nothing changed.",
    nicknameTaken:
      "Somebody else has the nickname by now. Nothing changed. After a day another one may be sent.",
    reopened: (name, by) =>
      `↩️ The application waits for a decision again: ${name}. Decided by ${by}.`,
    alreadyDecided: "This application is decided already, the card shows how.",
    cardGone: "This application is no more. Nothing changed.",
    withdrawnBefore: "The applicant took this application back. Nothing changed.",
    cardWithdrawn: (at) => `↩️ Taken back by the applicant, ${at}`,
    cardExpired:
      "⌛ Nobody decided for three days, so the application is closed. You can still approve or refuse it.",
    nicknameTakenSince:
      "The application expired, and somebody else has taken its nickname since. Nothing changed. Ask the person to apply again with another one.",
    newerCard:
      "This is the card of an earlier application. The person has applied again, see below.",
    applicantNotTold: (reason) => `The decision is stored, but the person was not told. ${reason}`,
    quarantine: (tab, count) => `Tab “${tab}”: ${rows(count)} cannot be issued, set aside`,
    quarantineReason: {
      missing: "a required value is missing",
      unreadable: "a value cannot be read",
      converted: "the sheet made a date or a number of what was typed",
      formula: "a formula instead of a value",
      duplicate: "a repeat: the stock has it already",
      issuedBefore: "issued before",
      header: "the header again",
      withheld: "an admin took it from its holder",
      region: "no button has such a region",
    },
    quarantineAdvice: "The rows are not lost: the bot keeps them and issues them to nobody.",
    alarm: (alarm) => `⚠️ ${troubleOf(alarm)}`,
    cleared: (alarm) => `✅ All right again: ${placeOf(alarm)}.`,
    lowStock: (name, remaining) => `${name}: ${remaining} left`,
    lowStockAdvice:
      "Rows of the sheet are counted with the stock. Add new ones to the tabs of these resources, the bot takes them by itself. See /stock.",
    todayOnly: {
      title: "Mode “Only today's”",
      isOn: "The mode is on.",
      isOff: "The mode is off.",
      whenOn: (name, day) =>
        `Only ${name} dated today, ${day}, are issued. The bot puts outdated ones back into their tab of the sheet by itself, nothing is lost.`,
      whenOff: (name) =>
        `Now ${name} of any date are issued, first what came into stock first. Nothing goes back into the sheet.`,
      stock: (available) => `In stock: ${available}`,
      hidden: (count) => `Not issued because of their date: ${count}`,
      returning: (count) => `On their way back into the sheet: ${count}`,
      switchOn: "Switch on",
      switchOff: "Switch off",
      switchedOn: (name, returning, tabs) =>
        returning === 0
          ? "The mode is on. Nothing in stock is outdated."
          : `The mode is on. Outdated ${name}, ${returning} in all, go back into “${tabs}”.`,
      switchedOff: "The mode is off. All that is in stock is issued now.",
      switchedOnBy: (name, by) =>
        `📅 ${name}: only those of today are issued now. Decided by ${by}. The mode: /numbers_today_mod.`,
      switchedOffBy: (name, by) =>
        `📅 ${name}: those of any date are issued now. Decided by ${by}. The mode: /numbers_today_mod.`,
      none: "Nothing in the catalogue is issued by date. There is nothing to change.",
    },
  },

  /** An admin gives somebody another work nickname. */
  nicknames: {
    title: (id) => `New nickname, Telegram ID ${id}`,
    how: "Send the nickname in one message within ten minutes: 2 to 32 letters, digits, spaces, dots, _ or -.",
    invalid:
      "That will not do: a nickname is 2 to 32 letters, digits, spaces, dots, _ or -. Please send another one.",
    taken: "Somebody has this nickname already. Please send another one.",
    same: "This is the nickname already. Nothing changed.",
    gone: "This person is no longer on the list. Nothing changed.",
    isAdmin: "This is an admin, whose name comes from the setting ADMIN_ID. Nothing changed.",
    stopped: "Cancelled, the nickname stays.",
    done: (from, to) => `✏️ Nickname changed: ${from} → ${to}.`,
    meaning:
      "The sheet gets the new nickname from the next issue on. What was issued before is written, or will be, under the old one.",
    stillOpen: "The application still waits, and its cards show the new nickname.",
    yours: (stage) => `Your work nickname is now ${stage}.`,
    note: (name, to, by) => `✏️ New nickname: ${name} → ${to}. Decided by ${by}.`,
  },

  /** The stock: what there is, who holds what, pausing, clearing, releasing. */
  stock: {
    today: (time) => `${time} today`,
    tomorrow: (time) => `${time} tomorrow`,
    refresh: "🔄 Refresh",
    unchanged: "No change",
    unknownResource: (names) =>
      `There is no such resource here, nothing changed. Write one of these names or choose with a button: ${names}.`,
    overview: {
      title: "Stock",
      ready: (count) => `Ready to issue: ${count}`,
      noVariant: "other",
      hidden: (count) => `Not issued because of their date: ${count}`,
      pending: (count) => `Issued, no mark yet: ${count}`,
      unwritten: (count) => `Waiting for the sheet: ${count}`,
      abandoned: (count) => `Not to be written: ${count}`,
      quarantine: (count) => `Set aside, cannot be issued: ${count}`,
      returning: (count) => `On their way back into the sheet: ${count}`,
      trash: (count, until) => `In the trash: ${count}, until ${until}`,
      paused: (by, since) => `⏸ Paused: ${by}, ${since}`,
      free: (count) => `Free: ${count}`,
      reserved: (count) => `Reserved: ${count}`,
      ending: (count) => `End within two days: ${count}`,
    },
    who: {
      title: "Who holds what",
      total: (count) => `Without a mark: ${items(count)}, oldest first.`,
      nothing: "Nobody holds anything now: all that was issued has its mark.",
      byPerson: "By person",
      byItem: "As one list",
      person: (name, count, since) => `${name}: ${items(count)}, the oldest since ${since}`,
      heldBy: (name, count) => `${name}: ${items(count)}`,
      confirms: (time) => `marks itself at ${time}`,
      undelivered: "the message did not arrive, the bot tries again",
      noTimer: "does not mark itself",
    },
    pause: {
      title: "Pausing",
      choose: "Choose a resource. The button pauses it at once, or resumes it.",
      hint: "With a text for employees: /pause, the name of the resource and up to 200 characters.",
      works: "is issued",
      paused: (by, since) => `paused: ${by}, ${since}`,
      meaning:
        "While it is paused nothing new is issued and nothing is taken from the sheet. What was issued stays with people and can be marked, nothing is lost.",
      note: (text) => `Employees read: “${text}”`,
      noNote: "There is no text for employees.",
      done: (resource) => `${resource}: paused`,
      resumed: (resource) => `${resource}: resumed`,
      already: "It was paused already, nothing changed",
      alreadyResumed: "It was not paused, nothing changed",
      tooLong: (length) =>
        `The text has ${length} characters, and 200 fit. Nothing changed. Shorten it and send the command again.`,
      pause: "⏸ Pause",
      resume: "▶️ Resume",
      all: "‹ All resources",
    },
    clear: {
      title: "Clear the stock",
      choose: "Whose stock to clear of all that is ready to issue? First the bot shows what it is.",
      preview: (count) => `Goes from the stock into the trash for a day: ${items(count)}.`,
      after:
        "For a day it can be taken back. Then the bot takes new rows from the sheet, if there are any.",
      nothing: "The stock is empty, there is nothing to clear.",
      confirm: "Clear",
      done: "The stock is cleared",
      changed: (resource) =>
        `${resource}: the stock changed while you looked. Nothing was cleared, here is a fresh list.`,
    },
    release: {
      title: "Back into the sheet",
      choose:
        "Whose stock to put back into the sheet? All that is ready to issue goes. First the bot shows what it is.",
      preview: (count) => `Goes back into its tabs, with date and order: ${items(count)}.`,
      after:
        "The resource is paused, or the bot would take these rows again at once. A button resumes it.",
      nothing: "The stock is empty, there is nothing to put back.",
      confirm: "Put back",
      done: "Going back into the sheet",
      changed: (resource) =>
        `${resource}: the stock changed while you looked. Nothing was put back, here is a fresh list.`,
    },
    buffer: {
      ofDay: (day) => `of ${day}`,
      noDay: "without a date",
      otherDays: "not issued because of their date",
      untouched: (pending, unwritten) =>
        `What was issued is not touched: ${pending} without a mark, ${unwritten} waiting for the sheet.`,
      count: items,
      cleared: (count, until) => `${items(count)} in the trash until ${until}.`,
      released: (count, tabs) => `Going back into “${tabs}”: ${items(count)}. Nothing is lost.`,
      arrived: (tabs) => `All of it is back in “${tabs}”. Nothing is lost.`,
      pausedSo: "The resource is paused. Once resumed, the bot takes rows from the sheet again.",
      cancel: "✕ Leave it",
    },
    undo: {
      title: "What can be taken back",
      nothing:
        "The trash is empty, there is nothing to take back. What was cleared stays for a day.",
      line: (count, by, at) => `${items(count)}, cleared ${at}, ${by}.`,
      until: (until) => `Can be taken back until ${until}`,
      restore: "Take back",
      restored: (resource, count) => `${resource}: ${items(count)} back in stock.`,
      gone: "It is not in the trash any more: somebody took it back, or a day is over. Nothing changed.",
    },
    notes: {
      paused: (resource, by) => `⏸ ${resource}: paused. Decided by ${by}.`,
      resumed: (resource, by) => `▶️ ${resource}: resumed. Decided by ${by}.`,
      cleared: (resource, by, what) =>
        `🗑 ${resource}: the stock is cleared. ${what} Decided by ${by}. Take it back with /undo.`,
      released: (resource, by, count) =>
        `↩️ ${resource}: ${items(count)} going back into the sheet, the resource is paused. Decided by ${by}.`,
      restored: (resource, by, count) =>
        `↩️ ${resource}: ${items(count)} taken back from the trash into stock. Decided by ${by}.`,
    },
  },

  /** How long the stock lasts, and the morning digest. */
  outlook: {
    rows: (count, more) => `Rows left in the sheet: ${count} (${more})`,
    rowsToday: (count, more) => `Rows left in the sheet for today: ${count} (${more})`,
    countedAt: (time) => `at ${time}`,
    countedOn: (moment) => `on ${moment}`,
    rowsUnknown: "How many rows the sheet has left is not known yet",
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
    atPace: (lasts, pace) => `${lasts}: ${decimal.format(pace)} a day are issued`,
    pace: (pace) => `${decimal.format(pace)} a day are issued`,
    paceUnknown:
      "The bot's disk does not answer now, so how many days the stock lasts cannot be counted. Nothing is lost.",
    digest: {
      title: (day) => `Digest of ${day}`,
      taken: "Issued that day",
      left: "What is left",
      deliveries: "Quality of deliveries, 7 days",
      nothingTaken: "Nothing was issued that day.",
      taking: (name, count, statuses) => `${name}: ${count} (${statuses})`,
      pending: "no mark",
      other: "other",
      byTimer: (count) => `${count} by the timer`,
      most: (names) => `Took the most: ${names}`,
      remaining: (name, count) => `${name}: ${count}`,
      remainingToday: (name, count) => `${name}: ${count} for today`,
      lasting: (name, count, lasts) => `${name}: ${count}, enough for ${lasts}`,
      stockOnly: (name, available) => `${name}: ${available} ready, rows of the sheet not counted`,
      paused: (line) => `${line}, paused`,
      delivery: (place, bad, marked) =>
        `${place}: ${bad} of ${marked} bad (${Math.round((bad / marked) * 100)}%)`,
      noDay: "no date",
      suspects: "Look into deliveries with ⚠️: more than a quarter is bad.",
      more: (count) => `and ${lines(count)} more`,
    },
  },

  /** Rows that Google refuses. */
  failed: {
    title: (count) => `Google refuses ${rows(count)}`,
    hint: "Nothing is lost: the bot keeps them and goes on trying, at least every half an hour. The rest is written as usual.",
    nothing: "Google takes all rows, there is nothing to decide here.",
    place: (resource, tab) => `${resource}, tab “${tab}”`,
    isNew: "new row",
    isCorrection: "correction of a mark",
    issued: (at) => `issued ${at}`,
    changed: (from, to) => `the sheet says ${from}, should be ${to}`,
    refused: (count, since) => `Refusals: ${count}, the first ${since}`,
    reason: (text) => `Google says: ${text}`,
    retry: (number) => `🔁 Retry ${number}`,
    drop: (number) => `🗑 Do not write ${number}`,
    retryAll: "🔁 Retry all",
    back: "‹ To the list",
    retrying: "The bot is trying right now. What Google takes leaves the list.",
    gone: "This row is not in the list any more: it is written, or its mark was taken back, or the bot tries it anew after a restart. Nothing changed.",
    already: (by) => `Decided already: it is not written. Decided by ${by}. Nothing changed.`,
    notDropped:
      "This row is not among those left out any more: somebody took it back, or a day is over. Nothing changed.",
    ask: {
      title: "Leave this row unwritten?",
      missing:
        "The sheet will have no row of this issuance: who took it, when, and with which mark.",
      staying: (from, to) =>
        `The sheet keeps the former mark: ${from}. The new one, ${to}, will not be there.`,
      meaning:
        "Statistics and the bot's journal keep the issuance. If its mark is changed later, the sheet will not have that either. For a day the decision can be taken back.",
      confirm: "Do not write",
    },
    unwritten: {
      title: "Not written, as admins decided",
      one: "The row is not written",
      nothing: "There are no such rows: all is written or waits to be.",
      only: "The trash is empty. Rows that admins decided not to write can be taken back with the button.",
      open: (count) => `Rows not written: ${count}`,
      decided: (by, at) => `Decided by ${by}, ${at}.`,
      until: (until) => `Can be taken back until ${until}.`,
      restore: "↩️ Back into the queue",
      restoreOne: (number) => `↩️ Back into the queue ${number}`,
      restored: (resource) => `${resource}: the row waits to be written again.`,
    },
    notes: {
      dropped: (resource, id, by) =>
        `🗑 ${resource}: the row of issuance ${id} is not written into the sheet. Decided by ${by}. Take it back with /failed or /undo.`,
      restored: (resource, id, by) =>
        `↩️ ${resource}: the row of issuance ${id} waits to be written again. Decided by ${by}.`,
    },
  },

  /** What admins took into quarantine from people without access. */
  asides: {
    ask: {
      heading: (count, name) => `Take ${items(count)} into quarantine? Held by ${name}`,
      meaning:
        "It is issued to nobody any more, the bot keeps it. No row is written for it. For a day it can be taken back: /undo.",
      confirm: "🗄 Into quarantine",
    },
    title: "Taken into quarantine within a day",
    nothing: "Nothing was taken into quarantine within a day, or all of it was given back.",
    only: "The trash is empty. What was taken into quarantine can be given back by the button.",
    open: (count) => `Taken into quarantine: ${count}`,
    heldBy: (name) => `Held before by ${name}`,
    decided: (by, at) => `Decided by ${by}, ${at}.`,
    until: (until) => `Can be taken back until ${until}.`,
    restore: (number) => `↩️ Give back ${number}`,
    restored: (what, name) => `${what}: held without a mark by ${name} again.`,
    gone: "It cannot be given back any more: somebody did before, a day is over, or the same row was taken from the sheet again. Nothing changed.",
    notes: {
      settled: (name, what, by) => `📦 ${name}, what was left. ${what} Decided by ${by}.`,
      wayBack: "What went into quarantine can be taken back for a day: /undo.",
      restored: (what, name, by) =>
        `↩️ ${what}: out of quarantine, held without a mark by ${name} again. Decided by ${by}.`,
    },
  },

  /** /quarantine: rows that cannot be issued. */
  quarantine: {
    tab: (title) => `“${title}”`,
    open: (count) => `🗄 Quarantine: ${count}`,
    title: "Quarantine: rows that cannot be issued",
    hint: "The bot keeps these rows, they are not in the sheet. Open a group to work it.",
    nothing: "The quarantine is empty: every row taken can be issued.",
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
      return: (count) => `↩️ All back to the sheet: ${count}`,
      issue: (count) => `✅ Issue all anyway: ${count}`,
      drop: (count) => `🗑 Delete all: ${count}`,
    },
    ask: {
      return: (count, tab) => `Put ${rows(count)} back into the tab “${tab}”?`,
      issue: (count, tab) => `Issue ${rows(count)} of the tab “${tab}” although they repeat?`,
      drop: (count, tab) => `Delete ${rows(count)} of the tab “${tab}”?`,
    },
    meaning: {
      return:
        "They stand in the tab again. Correct them there: for a day the bot leaves a row alone until it changes.",
      issue: "They go into stock. Two people may get the same thing.",
      drop: "This can be taken back for a day, and not after that.",
    },
    confirm: {
      return: "↩️ Put back",
      issue: "✅ Issue",
      drop: "🗑 Delete",
    },
    done: {
      return: (count, tab) =>
        `Going back to the tab “${tab}”: ${rows(count)}. Correct them there: unchanged, the bot leaves them alone for a day.`,
      issue: (count, tab) => `From quarantine into stock: ${rows(count)}, tab “${tab}”.`,
      drop: (count, tab) =>
        `Deleted from quarantine: ${rows(count)}, tab “${tab}”. This can be taken back for a day.`,
    },
    note: (what, by) => `🗄 ${what} Decided by ${by}.`,
    gone: "This is no longer in quarantine: somebody was faster. Nothing changed.",
    unread:
      "By the present catalogue the row cannot be read any more, so it cannot be issued. Mend it or put it back into its tab. Nothing changed.",
    advice: {
      missing: "A value is missing that an item must have. Enter it here, or put the row back.",
      unreadable: "A value cannot be read. Enter the right one here, or put the row back.",
      converted:
        "The sheet changed what was typed, and nobody knows what that was. Enter the right value.",
      formula: "There is a formula instead of a value. Put the row back and paste the value.",
      duplicate: "The same is in stock or issued. If this is something else, issue it anyway.",
      issuedBefore: "The same was issued before. If it can be issued again, issue it anyway.",
      header: "This is the header of the tab. You can delete it.",
      withheld: "Its holder may have seen it, so the bot issues it to nobody else.",
      region:
        "Nothing can be taken for such a region. Say which region it is, type another one, or return the row.",
    },
    fix: {
      open: (column) => `✏️ Correct: ${column}`,
      title: (column) => `Send the right value: ${column}`,
      how: "In one message. The bot deletes it from the chat at once.",
      cancel: "Do not correct it",
      still: (why) => `With this value it cannot be issued: ${why}. Nothing changed.`,
      notDeleted: "The message with the value could not be deleted: please delete it yourself.",
    },
    workedOpen: (count) => `↩️ Decided within a day: ${count}`,
    workedTitle: "Quarantine: decided within a day",
    workedNothing: "Nothing was decided within a day, or all of it was taken back.",
    decided: {
      return: (by, at) => `Back to the sheet: ${by}, ${at}.`,
      issue: (by, at) => `Into stock: ${by}, ${at}.`,
      drop: (by, at) => `Deleted: ${by}, ${at}.`,
    },
    undo: (number) => `↩️ Take back ${number}`,
    undone: (tab) => `A row of the tab “${tab}” is in quarantine again.`,
    tooLate:
      "Too late to take back: the row stands in the sheet, the item was issued, or a day went by. Nothing changed.",
  },

  /** The note after a start, and rows of the sheet that were changed by hand. */
  checks: {
    comeback: {
      title: "The bot is back. What it came back with:",
      available: (count) => `ready to issue: ${items(count)}`,
      pending: (count) => `waiting for a mark: ${issuances(count)}`,
      unsure: (count) => `to be shown again, delivery unsure: ${issuances(count)}`,
      buffer: (count) => `waiting for the sheet: ${issuances(count)}`,
      finished: (count) => `interrupted sheet writes: ${count}, all completed`,
      unfinished: (count) =>
        `interrupted sheet writes: ${count}, being completed, nothing will be doubled`,
      nothing: "the stock is empty, nothing waits for a mark or for the sheet",
      lastEvent: (at) => `Last record before the break: ${at}.`,
      nothingLost: (count) => `Lost: 0. Checked: ${items(count)}.`,
      adrift: (count, where) =>
        `Does not add up: ${items(count)} (${where}). A separate message says what to do.`,
      checking:
        "The check of the books goes on. If something does not add up, the bot will say so.",
      unchecked:
        "The books could not be checked, the log says why. The bot checks them again at night.",
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
      unknown: "a status that the bot does not know",
      otherItem: (column) => `another value in column “${column}”`,
      gone: "no row with that ID",
      buttons: { sheet: "The sheet is right", keep: "Leave it as it is" },
      bots: {
        right: "The bot is right",
        Status: "Put it back as the bot had it",
        Value: "Put it back as the bot had it",
        Gone: "Write it again",
      },
      done: {
        sheet: "✅ The sheet is right, the bot took the status over",
        bot: "↩️ The bot puts the row back as it was",
        again: "↩️ The bot writes the row again",
        keep: "Left as it is in the sheet, the bot's journal keeps what it had",
      },
      decided: (what, by, at) => `${what}. Decided by ${by}, ${at}.`,
      over: "Nothing is left to decide: the row is as the bot has it again, or the status was set anew.",
      alreadyDecided: "This is decided already, the card shows how. Nothing changed.",
      isOver:
        "The card is out of date: the row was put back, the status was set anew, or a day has passed. Nothing changed.",
      tooLate:
        "More than 24 hours have passed, the status cannot be corrected any more. Nothing changed. Put it back as the bot had it, or leave it.",
      many: (count) => `Many issued rows were changed by hand at once: ${rows(count)}`,
      counted: {
        Status: (count) => `status ${count}`,
        Value: (count) => `another value ${count}`,
        Gone: (count) => `rows gone ${count}`,
      },
      manyAdvice:
        "It looks as if some columns were sorted or pasted without the others. The bot changed nothing, its journal is right. Put the tab back as it was: “File”, “Version history”.",
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
        applicant: "waits for approval",
        blocked: "access suspended",
      },
      holds: (count, age) => `holds ${count}, the oldest for ${age}`,
      hint: "Tap a person to open the card.",
      back: "‹ To the list",
    },
    card: {
      stage: "Nickname",
      id: "Telegram ID",
      role: "Role",
      holds: (count) => `Holds without a mark: ${count}`,
      holdsNothing: "Holds nothing.",
      more: (count) => `And ${issues(count)} more.`,
      dismiss: "End access",
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
        "Write an id or a nickname behind the command, like /whitelist_remove 123456789. Everybody: /whitelist. Nothing changed.",
      unknown: (name) =>
        `Nobody on the list has the id or nickname “${name}”. Nothing changed. Everybody: /whitelist.`,
      several: (name) => `Several people have the nickname “${name}”. Choose one:`,
      isAdmin:
        "This is an admin, with access by the setting ADMIN_ID. Take the id out of it and restart the bot. Nothing changed.",
      ask: (name) => `End access: ${name}?`,
      meaning:
        "Access ends at once. What the person holds is not lost: you decide next what becomes of it. Access can be given back for 24 hours.",
      meaningForApplicant:
        "The application is closed, a new one is possible after 24 hours. For 24 hours it can be brought back.",
      done: (name) => `Access ended: ${name}`,
      by: (admin, at) => `Ended by ${admin}, ${at}.`,
      closed: "Access ended",
      readmit: "Give access back",
      until: (at) => `It can be given back until ${at}.`,
      readmitted: (name) => `Access is open again: ${name}. The entry is what it was.`,
      leftAsItIs: "What was marked, handed over or set aside meanwhile stays so.",
      alreadyBack: "This person has access by now. Nothing changed.",
      backBy: (admin, at) => `Access was given back by ${admin}, ${at}. Nothing changed.`,
      tooLate:
        "24 hours are over, the button cannot give it back. The person may send /start and apply. Nothing changed.",
      ended:
        "Your access to the bot has ended. Nothing you held is lost: the admins take care of it.",
      begun: "Your access to the bot is open again. Menu: /menu.",
      endedBy: (name, by) =>
        `⛔ Access ended: ${name}. Decided by ${by}. /whitelist_remove with the id shows what is left, and gives the access back for 24 hours.`,
      readmittedBy: (name, by) => `▶️ Access is open again: ${name}. Decided by ${by}.`,
    },
    left: {
      title: "Left without a mark",
      nothing: "Nothing is left.",
      confirmAll: "Confirm all as good",
      giveAll: "Hand all over…",
      asideAll: "All to quarantine",
      confirm: "good",
      give: "hand over…",
      aside: "quarantine",
      legend:
        "Quarantine: the item is issued to nobody, the bot keeps it. Hand over: a colleague sees it from now on.",
      chooseColleague: (what) => `Hand over to whom: ${what}?`,
      all: (count) => `all, ${items(count)}`,
      noColleagues: "There is nobody to hand over to: nobody else has access.",
      colleagueGone:
        "This colleague has no access any more. Nothing was handed over, choose another.",
      hasAccess: "This person has access again, so these items are left alone.",
      confirmed: (count) => `✅ Confirmed: ${count}.`,
      given: (count, to) => `➡️ Handed over: ${count}, to ${to}.`,
      setAside: (count) => `🗄 In quarantine: ${count}.`,
      settledBefore: (count) => `Settled before: ${count}.`,
      notTold: (count) =>
        `Not handed over: ${count}. The colleague cannot be written to and has to press /start. Nothing is lost.`,
      notWritten: (count) =>
        `Not stored: ${count}, the bot's disk does not answer. Nothing is lost, try again in a minute.`,
      handedOver: (what) => `Handed over to you: ${what}. The values will appear here in a moment.`,
      handOverFailed: "It was not handed over. Nothing is on your name.",
    },
    regions: {
      title: (count) => `Regions: ${count}`,
      none: "There are no regions, so nothing can be taken. Add the first: /add_region 495",
      usage: (issued) =>
        issued === 0 ? "nothing issued in 30 days" : `${issues(issued)} in 30 days`,
      hint: "Add: /add_region 495. Remove: /remove_region 495.",
      toAdd:
        "Write a code behind the command, like /add_region 495. Several at once are possible, with commas or spaces. A code has 1 to 16 letters and digits. Nothing changed.",
      toRemove:
        "Write a code behind the command, like /remove_region 495. All codes: /regions. Nothing changed.",
      added: (codes) => `Added, on the buttons by now: ${codes}.`,
      already: (codes) => `There already: ${codes}.`,
      invalid: (codes) =>
        `Not possible: ${codes}. A code has only letters and digits, 1 to 16. This was not added.`,
      nothingChanged: "Nothing changed.",
      unknown: (code) => `There is no region “${code}”. Nothing changed. All codes: /regions.`,
      ask: (code) => `Remove region ${code}?`,
      meaning:
        "It leaves the buttons, and nothing can be taken for it. The history stays. Rows of the sheet that are bound to it stay where they are. The region can be brought back.",
      remove: "Remove",
      removed: (code) => `Region ${code} left the buttons.`,
      alreadyRemoved: (code) => `Region ${code} is on the buttons no more.`,
      setAside: (count) =>
        `${rows(count)} of the stock moved to quarantine until the region is back.`,
      by: (admin, at) => `Removed by ${admin}, ${at}.`,
      wayBack: (code) => `Bring it back: by the button within 24 hours or by /add_region ${code}.`,
      bringBack: "Bring back",
      addedBy: (codes, by) =>
        `➕ New on the buttons of regions: ${codes}. Decided by ${by}. All codes: /regions.`,
      removedBy: (code, by) =>
        `🗑 Region ${code} left the buttons. Decided by ${by}. Bring it back: /add_region ${code}.`,
      returnedBy: (code, by) => `↩️ Region ${code} is on the buttons again. Decided by ${by}.`,
      back: (code) => `Region ${code} is on the buttons again.`,
      alreadyThere: "This region is on the buttons by now. Nothing changed.",
      tooLate: "24 hours are over. /add_region brings it back. Nothing changed.",
    },
    spellings: {
      openUnknown: (count) => `🗺 Unknown regions: ${count}`,
      unknownAll: "🗺 Which regions are these?",
      open: (count) => `🔤 Other spellings: ${count}`,
      unknownTitle: "Regions that no button has",
      unknownHint:
        "This is what stands in the column of regions. Nobody gets these rows. Press one and say which region it is.",
      unknownNone: "There are no unknown regions. The bot counts the tabs every few minutes.",
      place: (tab, count) => `“${tab}”, ${rows(count)}`,
      ask: (text) => `🗺 “${text}”: which region?`,
      question: (text) => `Which region is “${text}”?`,
      meaning:
        "The bot remembers the answer. Rows with such a region are issued, these and new ones. /regions forgets the answer.",
      tooLong: "The bot does not remember such a long text. Mend it in the sheet or in quarantine.",
      add: (code) => `➕ Add region “${code}”`,
      means: (code) => `It is ${code}`,
      toUnknown: "‹ All unknown",
      toRegions: "‹ Regions",
      learnt: (text, code, issued) =>
        [
          text === code
            ? `Region ${code} is on the buttons by now.`
            : `“${text}” means ${code} from now on.`,
          "The bot takes the rows in the tabs by itself.",
          ...(issued > 0 ? [`From quarantine into stock: ${rows(issued)}.`] : []),
        ].join(" "),
      issued: (count) => `From quarantine into stock: ${rows(count)}.`,
      gone: "The bot sees no rows with such a region now: they were mended or taken, or it was started lately and has not counted the tabs yet. Nothing changed.",
      title: "Other spellings of regions",
      hint: "People write this in the sheet, and the bot understands it. What was taken before stays as it is when a spelling is forgotten.",
      none: "There are no other spellings.",
      known: (text, code) => `“${text}” means ${code}`,
      idle: "(not now: no button has this region)",
      forget: (number, text) => `🗑 Forget ${number}: “${text}”`,
      forgotten: (text, code) =>
        `“${text}” means ${code} no more. New rows with such a region stay in their tabs.`,
      forgottenBefore: "This spelling is forgotten by now. Nothing changed.",
      note: (what, by) => `🗺 ${what} Decided by ${by}.`,
      alsoIdle: (texts) =>
        `The spellings that mean it will mean nothing either as long as it is gone: ${texts}.`,
    },
    unwritable: (file) =>
      `The file ${file} was not written: the bot's disk refuses. Nothing changed, nothing is lost. Check the free space and try again.`,
    damaged: (file) =>
      `The file ${file} has a mistake, perhaps somebody edits it. The bot left it alone, nothing changed. Mend the file and try again.`,
  },

  /** Suspended access. */
  blocks: {
    suspended: (until, note) =>
      `Your access is suspended until ${until === "" ? "an admin gives it back" : until}.${note === "" ? "" : ` Reason: ${withFullStop(note)}`} Everything issued to you stays on your name.`,
    list: {
      title: (count) => `Access suspended: ${persons(count)}`,
      nobody: "Nobody's access is suspended now.",
      hint: "Suspend: /block, id or nickname, hours, reason. Like: /block 123456789 8 Holiday. Without hours there is no end; the reason may be left out.",
      lift: (name) => `Unblock: ${name}`,
      back: "‹ All suspended",
    },
    state: {
      heading: (name) => `⏸ Access suspended: ${name}`,
      until: (until) => `Until ${until}. Then access opens by itself.`,
      noEnd: "Until an admin gives the access back.",
      reason: (note) => `Reason, as the person reads it: “${note}”`,
      noReason: "No reason was given.",
      by: (admin, at) => `Decided by ${admin}, ${at}.`,
    },
    ask: {
      heading: (name) => `Suspend access for how long: ${name}?`,
      meaning:
        "Everything closes at once: commands, buttons, issuing. What was issued stays on the person's name and is marked in its time; you can settle it from the card. Access can be given back at any moment.",
      withReason: (id) => `Another time or a reason: /block ${id} 8 Holiday`,
      hours: (count) => `${count} h`,
      noEnd: "No end",
    },
    suspend: "⏸ Suspend access",
    giveBack: "▶️ Give access back",
    holds: (count) => `Holds without a mark: ${count}`,
    already:
      "Access is suspended already, nothing changed. The command /block sets another time or reason.",
    card: "Card",
    done: "Access suspended",
    lifted: "Access is open again",
    liftedHeading: (name) => `▶️ Access is open again: ${name}`,
    isAdmin:
      "This is an admin, with access by the setting ADMIN_ID: it cannot be suspended. Nothing changed.",
    isApplicant:
      "This person has no access yet, the application waits. It can be refused on its card. Nothing changed.",
    isUnknown: "This person is not on the list any more. Nothing changed. Everybody: /whitelist.",
    notSuspended: (name) => `Access is not suspended: ${name}. Nothing changed.`,
    several: (name, people) =>
      `“${name}” does not tell who is meant: ${people}. Nothing changed. Write the id instead of the nickname.`,
    badHours: (text) =>
      `“${text}” is no time. Hours are a whole number from 1 to 8760, with the reason behind it, like: /block 123456789 8 Holiday. Nothing changed.`,
    tooLong: (length) =>
      `The reason has ${length} characters, and 200 fit. Nothing changed. Shorten it and send the command again.`,
    notes: {
      suspended: (name, until, by) =>
        `⏸ Access suspended ${until === "" ? "without an end" : `until ${until}`}: ${name}. Decided by ${by}. All suspended: /block.`,
      trespass: (name, times) =>
        `🚫 ${name}: buttons of others, refused in 24 hours: ${times}. Nothing changed and nothing was shown. If this is no accident, access can be suspended from the card.`,
      botStopped: (name, count) =>
        `🔕 ${name} stopped the bot. Items without a mark: ${count}. Nothing is lost: they are marked in their time. While the bot is stopped, no message reaches this person.`,
      lifted: (name, by) => `▶️ Access is open again: ${name}. Decided by ${by}.`,
    },
  },

  /** Issuances as a file. */
  exports: {
    title: "Export to a file",
    chooseResource: "What shall be exported?",
    choosePeriod: "For how long?",
    hint: "By text too: /export, and behind it in any order a resource, how many days, and a nickname or “ID” with a Telegram ID. Without days it is 30.",
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
      `Only the newest issuances are here, ${count}: one file takes no more. For the others narrow the time or choose one resource.`,
    withoutSecrets: "Logins and numbers are masked, there are no passwords in it.",
    nothing: (what) => `No issuances were found, so there is no file. Looked for: ${what}.`,
    unclear: (text) =>
      `It is not clear what “${text}” means, so there is no file. Write it like this: a resource, “7 days”, a nickname. Who is on the list no more is found by the Telegram ID: “ID 123456789”.`,
    tooManyDays: (most) => `So many days are not possible, ${most} at most. There is no file.`,
    namesakes: (people) =>
      `Several people have that name: ${people}. There is no file. Write “ID” and the number in brackets instead.`,
    unavailable:
      "The bot's disk does not answer, so the file could not be made. Nothing is lost. Try again in a minute.",
    notSent: (reason) => `The file was not sent. ${reason}`,
    unsure:
      "Telegram did not say whether the file arrived. Nothing is lost: if it is not below, ask for it again.",
    columns: {
      issuedAt: "Issued at",
      resource: "Resource",
      variant: "Sex/Type",
      region: "Region",
      stage: "Employee",
      telegramId: "Telegram ID",
      status: "Status",
      markedAt: "Marked at",
      auto: "Auto",
      item: "Item",
      day: "Day of the item",
      id: "ID",
      replacementOf: "Replacement of ID",
      imported: "From the sheet",
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
    nothing: "✅ To do: nothing waits",
    moved: "🗂 The list of what to do is in a new message below.",
    low: "⚠️ Stock runs low",
    setAside: "⚠️ Set aside, cannot be issued",
    solved: "Done",
    lowStock: (name, remaining, tabs, todayOnly) =>
      `${name}: ${remaining} left${todayOnly ? " with today's date" : ""} (${tabs})`,
    tab: (name) => `“${name}”`,
    tabWaits: (tab) => `Tab “${tab}” waits`,
    halfTyped: (tab, count) => `Tab “${tab}”: rows half-typed ${count}`,
    unreadable: (tab, count) => `Tab “${tab}”: cells unreadable ${count}`,
    aside: (tab, count) => `Tab “${tab}”: rows set aside ${count}`,
    more: (count) => `More to do: ${count}`,
    toStock: "📦 Stock",
  },

  /** How the bot itself is. */
  health: {
    well: "✅ All is well",
    diskRefuses: "⚠️ The bot's disk does not answer, nothing new is issued",
    telegramSilent: (age) => `⚠️ Telegram has not answered for ${age}`,
    todo: (count) => `🟡 Working; to do: ${count}`,
    alarms: (count) => `⚠️ Help is needed, alarms: ${count}`,
    late: (age) => `⚠️ Issuances have been waiting for the sheet for ${age}`,
    noHeartbeat:
      "⚠️ The bot cannot write its sign of life: a program that watches it will think it stands still",
    moreAlarms: (count) => `More alarms: ${count}`,
    running: (since, age, version) => `Running since ${since} (${age}), version ${version}`,
    journal: "Journal on the disk",
    telegram: "Telegram",
    stockSheet: "Spreadsheet of the stock",
    issuedSheet: "Spreadsheet of the issuances",
    bothSheets: "Spreadsheet",
    heartbeat: "Sign of life",
    worked: (name, at) => `${name}: well, ${at}`,
    neverWorked: (name) => `${name}: no answer yet since the start`,
    failed: (at, failure) => `last failure ${at}: ${failure}`,
    failures: {
      silent: "no answer",
      limited: "too many requests, asked to wait",
      denied: "no access",
      missing: "there is no such spreadsheet",
      refused: "refused",
      taken: "another program works in the bot's place",
    },
    updates: (count) => `Messages and taps being handled: ${count}`,
    writesWait: (on, since, behind) =>
      `⏳ Its writes wait since ${since}: ${on}; rows behind: ${behind}`,
    waitsFor: {
      guard: "Google has not said whether the last one was made",
      limiter: "Google asked for a pause",
      outage: "Google does not answer",
    },
    paused: (until) => `Google asks to wait until ${until}`,
    unwritten: (count) => `Waiting for the sheet: ${count}`,
    pending: (count) => `Held without a mark: ${count}`,
    undelivered: (count) => `Did not arrive, being repeated: ${count}`,
    books: (at, count, adrift) => `Books checked ${at}: items ${count}, differences ${adrift}`,
    oldest: (age) => `the longest for ${age}`,
  },

  /** The journal: a sentence for everything that may happen. */
  audit: {
    title: "Journal: the latest events",
    ofPerson: (name) => `Journal of ${name}`,
    ofIssuance: (id) => `Journal of issue ${id}`,
    button: "Journal",
    newest: "⏮ The newest",
    older: "Earlier ›",
    card: "‹ To the card",
    nothing: "There are no events here.",
    unknown: (name) =>
      `“${name}”: the bot knows no such person and no such issue. Write an id, a nickname or the ID of an issue, which has 10 characters. All of the journal: /audit.`,
    damaged:
      "A record of the journal cannot be read, so it cannot be shown. Issuing works. Tell whoever runs the bot: the log says which record it is.",
    from: (name) => `from ${name}`,
    to: (name) => `to ${name}`,
    by: (name) => `by ${name}`,
    more: (count) => `and ${count} more`,
    items: {
      loaded: (count, tab) => `taken from the tab “${tab}”: ${count}`,
      unfit: (count) => `set aside: ${count}`,
      halfTyped: (count) => `half-typed and going back: ${count}`,
      issued: (count, region) => `issued: ${count}, region ${region}`,
      replacement: (of, region) => `issued in the place of ${of}, region ${region}`,
      deliveryStarted: "the bot tries to show it again",
      delivered: "shown",
      deliveryRefused: "not shown: the message did not pass",
      deliveryUnsure: "unclear whether the message arrived",
      withdrawn: "nobody saw it, back in stock",
      marked: (status) => `marked “${status}”`,
      markedItself: (status) => `marked “${status}” by the timer`,
      undone: "mark taken back",
      corrected: (status) => `mark corrected to “${status}”`,
      declined: "no replacement was wanted",
      written: (count) => `written to the sheet: ${count}`,
      quarantineLeft: {
        return: (count) => `from quarantine back to the tab: ${count}`,
        issue: (count) => `from quarantine into stock: ${count}`,
        drop: (count) => `thrown away from quarantine: ${count}`,
      },
      quarantineEntered: (count) => `taken back, in quarantine again: ${count}`,
      quarantineEmptied: (count) =>
        `a day went by, what was deleted from quarantine stays deleted: ${count}`,
      quarantineReported: (count) => `told of rows that were set aside: ${count}`,
      todayOnly: "only items of today are issued",
      anyDay: "items of any day are issued",
      returnBegun: (count, tabs) => `going back to the tab “${tabs}”: ${count}`,
      returned: (count, tabs) => `back on the tab “${tabs}”: ${count}`,
      paused: "issuing paused",
      resumed: "issuing resumed",
      cleared: (count) => `stock cleared, in the trash: ${count}`,
      restored: "taken back out of the trash",
      trashEmptied: "a day is over, the trash is empty",
      setAside: "taken away into quarantine",
      broughtBack: "given back out of quarantine",
      transferred: "handed over",
      rewriteBegun: "the row was changed by hand and is written again",
      abandoned: "not to be written into the sheet",
      unabandoned: "to be written into the sheet after all",
      retired: (count) => `settled issues out of memory: ${count}`,
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
      looked: (listed, gone) => `look at the tab: ${listed} new rows, ${gone} gone`,
      reserved: "proxy reserved, waits for a decision",
      released: {
        cancelled: "reservation cancelled",
        timedOut: "reservation timed out",
        superseded: "reservation ended: another proxy was chosen",
      },
      taken: "proxy taken",
      shown: "the outcome was shown",
      gatewaysNamed: (count) => `logins of rotating gateways noted: ${count}`,
      expiryTold: (count) => `warning of their end, proxies: ${count}`,
      retired: (count) => `old requests out of memory: ${count}`,
    },
  },
} satisfies Texts

const troubleOf = (alarm: Alarm): string => {
  switch (alarm._tag) {
    case "TabUnusable":
      if (alarm.column === null)
        return `Tab “${alarm.tab}” is missing or cannot be read. Its resource waits, the others go on. Create the tab, the bot continues by itself.`
      return alarm.places !== undefined
        ? `Tab “${alarm.tab}” has several columns “${alarm.column}”: ${alarm.places.join(", ")}. The bot does not guess which one is meant, so its resource waits, the others go on and nothing is lost. Give the columns different names, the bot continues by itself. Or say in the catalogue file after which column the right one stands (field after), and restart the bot.`
        : `Tab “${alarm.tab}” has no column “${alarm.column}”${alarm.header === undefined ? "" : `, but ${alarm.header.map((name) => `“${name}”`).join(", ")}`}. Its resource waits, the others go on. Put the header back, the bot continues by itself.`
    case "HeaderMoved":
      return `Tab “${alarm.tab}” got rows above its header. The header and all that could not be read are set aside and kept, nothing is lost. The bot takes nothing more from this tab, the others go on. Make the header the first row again, the bot continues by itself.`
    case "TabRefused":
      return `Google does not let the bot change tab “${alarm.tab}”: “${alarm.message}”. The bot takes nothing from it for now, its rows are safe, the other tabs go on. Remove the protection, unmerge the cells, make the table a plain range, or move the rows to an ordinary tab, the bot continues by itself.`
    case "RowsHalfTyped":
      return `The bot does not take some rows of tab “${alarm.tab}”: ${alarm.rows.map(({ row, column, why, region }) => `row ${row}, column “${column}” (${why === "missing" ? "blank" : `the bot has no such region${region === undefined ? "" : `: “${region}”`}`})`).join("; ")}${alarm.more > 0 ? ` and ${alarm.more} more` : ""}. They stand where they stood. Fill them in, mend them, or say which region it is, and the bot takes them by itself.`
    case "SheetsUnavailable":
      return `Spreadsheet ${alarm.spreadsheet}: ${unreachable[alarm.reason]}. Issuing goes on from the bot's stock, writes wait and are not lost.`
    case "AnotherWriter":
      return `Another copy of the bot writes into spreadsheet ${alarm.spreadsheet}. This one stopped writing, so that nothing is doubled. Leave one running.`
    case "UnknownInboxRows":
      return `The service tab of spreadsheet ${alarm.spreadsheet} holds ${alarm.rows} rows of somebody else. The bot leaves them alone. Find out where they come from.`
    case "ClaimDamaged":
      return `Batch ${alarm.claim} was taken from tab “${alarm.tab}”, but some of its cells may be lost: the tab or the bot's service tab was changed at that very moment. Open the version history of the spreadsheet and compare the rows taken last.`
    case "RowsRefused":
      return `Google refuses rows for tab “${alarm.tab}”. They are not lost, the bot goes on trying, the others are written as usual. Which rows, why, and what to do about them: /failed.`
    case "RowVanished":
      return `Tab “${alarm.tab}” has no row with ID ${alarm.issuance}: it was deleted, so its status cannot be corrected there. The bot's journal has the right one.`
    case "RowMistaken":
      return `Rows of tab “${alarm.tab}” moved during a correction, and the status went to row ${alarm.row}${alarm.issuance === "" ? "" : ` (ID ${alarm.issuance})`}, which is another one. Check that row: the version history of the spreadsheet shows what it was.`
    case "RegistryUnreadable":
      return `Tab “${alarm.tab}” has cells that the bot could not read, or lines that stand there twice: ${alarm.rows.map(({ row, column }) => `row ${row}, column “${column}”`).join("; ")}. It leaves them alone, nothing is lost, the other proxies are handed out. Mend the cells, the bot reads them by itself. If they are sessions of a gateway (one user, several passwords), add them once through the bot, and it knows all of the rows.`
    case "LowStock": {
      const dated = alarm.todayOnly ? " dated today" : ""
      return `Stock runs low: ${alarm.label.en}. Left${dated}: ${alarm.remaining}, rows of the sheet included. Add rows${dated} to tab “${alarm.tabs.join("” or “")}”, the bot takes them by itself.`
    }
    case "ItemsAdrift":
      return `The books of resource ${alarm.resource} do not add up, items: ${alarm.count}. The bot deleted and changed nothing, everything else is issued as before. Keep the data folder and the log, which names these items, and show them to the developer. To stop issuing until it is clear, use /pause.`
    case "StorageUnavailable":
      return "The bot's disk does not answer. Nothing new is issued, nothing issued is lost. Check the free space; the bot continues by itself."
  }
}

const unreachable = {
  denied: "the bot has no access. Share it with the service account, with the right to edit",
  notFound: "it does not exist. Check the address in the settings",
  refused: "Google refuses the bot's requests",
  unreachable: "Google does not answer",
}

/** What is in order again. */
const placeOf = (alarm: Alarm): string => {
  if (alarm._tag === "StorageUnavailable") return "the bot's disk"
  if (alarm._tag === "LowStock") return `the stock of “${alarm.label.en}”`
  if (alarm._tag === "ItemsAdrift") return `the books of resource ${alarm.resource}`
  return "tab" in alarm ? `tab “${alarm.tab}”` : `spreadsheet ${alarm.spreadsheet}`
}
