/** English: how the bot itself is. */
import type { HealthTexts } from "./HealthTexts.ts"

export const enHealth = {
  well: "✅ All is well",
  diskRefuses: "⚠️ The bot's disk does not answer, nothing new is issued",
  telegramSilent: (age) => `⚠️ Telegram has not answered for ${age}`,
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
  paused: (until) => `Google asks to wait until ${until}`,
  unwritten: (count) => `Waiting for the sheet: ${count}`,
  pending: (count) => `Held without a mark: ${count}`,
  undelivered: (count) => `Did not arrive, being repeated: ${count}`,
  low: (list) => `Stock runs low: ${list}`,
  books: (at, items, adrift) => `Books checked ${at}: items ${items}, differences ${adrift}`,
  oldest: (age) => `the longest for ${age}`,
} satisfies HealthTexts
