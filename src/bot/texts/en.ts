/** English. */
import { enAdmin } from "./enAdmin.ts"
import { enExport } from "./enExport.ts"
import { enHealth } from "./enHealth.ts"
import { enFailed } from "./enFailed.ts"
import { enOutlook } from "./enOutlook.ts"
import { enAside } from "./enAside.ts"
import { enAudit } from "./enAudit.ts"
import { enBlocks } from "./enBlocks.ts"
import { enEmployee } from "./enEmployee.ts"
import { enPeople } from "./enPeople.ts"
import { enProxies } from "./enProxies.ts"
import { enStats } from "./enStats.ts"
import { english } from "./plural.ts"
import { enChecks } from "./enChecks.ts"
import { enStock } from "./enStock.ts"
import type { Texts } from "./Texts.ts"

const issuances = english("issuance", "issuances")
const items = english("item", "items")

export const en = {
  language: "en",
  label: (label) => label.en,
  menu: {
    title: "What do you need?",
    my: "My items",
    help: "Help",
    open: "☰ Menu",
    groups: { accounts: "Accounts", mail: "Mail", numbers: "Numbers", proxies: "Proxies" },
    chooseInGroup: "Choose what you need:",
    helpText: [
      "How it works",
      "1. /menu: choose what you need, the region and how many, 1 to 5. For numbers, first tick the resources they are for.",
      "2. The bot shows them at once. Tap a value to copy it.",
      "3. Try each one and tell with a button how it was. If you say nothing, it is marked by itself at the time shown.",
      "4. A slip? “undo” works for ten minutes, “change” for a day. One that is no good can be replaced at once.",
      "/my shows all that you hold, what you wait for and what you had before. /stats counts what was issued. /cancel stops what you began and opens the menu. /language switches the language.",
      "What is issued to you is shown to nobody else and is not lost, even if the bot restarts.",
    ],
    ofAdmins: "Commands of admins",
    statusMeanings: {
      working: "takes the code and is good.",
      reset: "the number is not ours any more. It can be replaced.",
      registered: "the resource has a profile with it already. It can be replaced.",
    },
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
      failed: "Rows that Google refuses",
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
  languages: {
    title: "Language · Язык",
    choose: "Which language shall the bot write to you in? Nothing changes for the others.",
    chosen: "English from now on",
  },
  gate: {
    denied: "Access denied. Send /start to apply.",
    waiting: "Please wait for approval. The admins have your application, the answer comes here.",
    stale: "This button is out of date. Nothing changed, here is a fresh menu.",
    hint: "Everything here is done with the buttons below a message. Menu: /menu, help: /help.",
    failed:
      "It did not work because of an internal error. Nothing is lost: what was issued is in /my. Try again, and tell an admin if it happens twice.",
    adminsOnly: "Only an admin can do this. Nothing changed.",
    unknownCommand: "There is no such command. Menu: /menu, help: /help.",
  },
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
    pieces: (count) => (count === 1 ? "1 pc" : `${count} pcs`),
    looking: "⏳ Looking into the sheet…",
    again: "🔄 Check again",
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
    yes: "Yes",
    no: "No",
    replacementOf: (number) => `replaces ${number}`,
    replacedBy: (number) => `replaced by ${number}`,
    chooseStatus: "How was it really?",
    copyHint: "Tap a value to copy it.",
    tooLong: "Some values did not fit into the message. An admin has the full text.",
    marked: (status) => `Marked: ${status}`,
    undone: "Mark removed",
    declined: "No replacement",
    replaced: "Replacement issued",
    noReplacementNow: "No replacement right now. The mark is kept, try “Yes” again later.",
    withdrawn:
      "What was issued could not be shown, so it went back to stock and is not yours. Please ask again.",
  },
  my: {
    title: "My items",
    nothing: "You have had nothing within the last day. To get something: /menu.",
    pending: (count) => `Waiting for your mark: ${count}`,
    marked: (count) => `Marked within a day: ${count}`,
    more: (count) => `And ${issuances(count)} before that.`,
  },
  refusals: {
    outOfStock: (resource, region) =>
      `${resource}: nothing is free for region ${region} right now. Nothing was issued.`,
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
  registration: {
    ask: "Hello! To get access, send your work nickname in one message: 2 to 32 characters.",
    invalid: "That will not do: one line, 2 to 32 characters. Please send the nickname again.",
    taken: "This nickname is taken. Please send another one.",
    submitted: (stage) =>
      `Application sent, nickname: ${stage}. Please wait for approval, the answer comes here.`,
    approved: "You have access.",
    refused: (retryAt) => `The application was refused. You can apply again after ${retryAt}.`,
    tooEarly: (retryAt) =>
      `Access denied: the application was refused a short while ago. You can apply again after ${retryAt}.`,
    expired:
      "Nobody looked at the application for three days, it is closed. Send /start to apply again.",
  },
  proxies: enProxies,
  stats: enStats,
  admin: enAdmin,
  stock: enStock,
  failed: enFailed,
  checks: enChecks,
  people: enPeople,
  asides: enAside,
  exports: enExport,
  health: enHealth,
  outlook: enOutlook,
  blocks: enBlocks,
  audit: enAudit,
  employee: enEmployee,
} satisfies Texts
