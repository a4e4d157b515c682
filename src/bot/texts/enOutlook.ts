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
    days: (count) => days(count),
    forEver: "more than a year",
    today: "enough for today",
  },
  atPace: (lasts, pace) => `${lasts}: ${number.format(pace)} a day are issued`,
  pace: (pace) => `${number.format(pace)} a day are issued`,
  paceUnknown:
    "The bot's disk does not answer now, so how many days the stock lasts cannot be counted. Nothing is lost.",
  digest: {
    title: (day) => `Digest of ${day}`,
    taken: "Issued",
    nothingTaken: "Nothing was issued that day.",
    resource: (name, count) => `${name}: ${count}`,
    pending: "no mark",
    other: "other",
    byTimer: (count) => `by the timer: ${count}`,
    most: (names) => `Took the most: ${names}`,
    stock: "What is left",
    left: (name, count) => `${name}: ${count}`,
    paused: "paused",
    batches: "Quality of deliveries, 7 days",
    batch: (place, bad, marked) =>
      `${place}: ${bad} of ${marked} bad, ${Math.round((bad / marked) * 100)}%`,
    noDay: "no date",
    batchAdvice: "Take those with ⚠️ up with the supplier.",
    more: (count) => `${lines(count)} more`,
  },
} satisfies OutlookTexts
