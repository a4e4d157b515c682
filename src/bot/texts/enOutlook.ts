/** English: what is left, for how long, and the morning digest. */
import type { OutlookTexts } from "./OutlookTexts.ts"
import { english } from "./plural.ts"

const days = english("day", "days")
const lines = english("line", "lines")
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 1 })

export const enOutlook = {
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
  atPace: (lasts, pace) => `${lasts}: ${number.format(pace)} a day are issued`,
  pace: (pace) => `${number.format(pace)} a day are issued`,
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
} satisfies OutlookTexts
