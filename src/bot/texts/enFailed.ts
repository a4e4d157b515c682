/** English: rows that Google refuses, for admins. */
import type { FailedTexts } from "./FailedTexts.ts"
import { english } from "./plural.ts"

const rows = english("row", "rows")

export const enFailed = {
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
    missing: "The sheet will have no row of this issuance: who took it, when, and with which mark.",
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
} satisfies FailedTexts
