/** English: what admins took from people without access into quarantine. */
import type { AsideTexts } from "./AsideTexts.ts"
import { english } from "./plural.ts"

const items = english("item", "items")

export const enAside = {
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
} satisfies AsideTexts
