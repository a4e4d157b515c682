/** English: the stock, for admins. */
import { english } from "./plural.ts"
import type { StockTexts } from "./StockTexts.ts"

const items = english("item", "items")

export const enStock = {
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
    nothing: "The trash is empty, there is nothing to take back. What was cleared stays for a day.",
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
} satisfies StockTexts
