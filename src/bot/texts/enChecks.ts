/** English: what admins read about the books. */
import type { ChecksTexts } from "./ChecksTexts.ts"
import { english } from "./plural.ts"

const issuances = english("issuance", "issuances")
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
} satisfies ChecksTexts
