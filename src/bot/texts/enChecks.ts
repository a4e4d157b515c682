/** English: what admins read about the books. */
import type { ChecksTexts } from "./ChecksTexts.ts"
import { english } from "./plural.ts"

const issuances = english("issuance", "issuances")
const rows = english("row", "rows")
const items = english("item", "items")

export const enChecks = {
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
    checking: "The check of the books goes on. If something does not add up, the bot will say so.",
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
} satisfies ChecksTexts
