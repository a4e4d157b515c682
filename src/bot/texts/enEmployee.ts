/** English: around a request. */
import type { EmployeeTexts } from "./EmployeeTexts.ts"
import { english } from "./plural.ts"

const minutes = english("minute", "minutes")
const things = english("thing", "things")
const issuances = english("issuance", "issuances")

export const enEmployee = {
  repeat: {
    button: (what) => `🔁 Again: ${what}`,
    again: "🔁 The same again",
    impossible:
      "This cannot be asked for now: it is not issued any more, or issuing is paused. Nothing changed.",
  },
  waiting: {
    ask: "🔔 Tell me when there is some",
    stop: "✕ Stop waiting",
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
    pending: "waits for a mark",
    withheld: "taken away by an admin",
    earlier: (count) =>
      `These are the last ${issuances(count)}. Earlier ones are in the sheet, ask an admin.`,
  },
} satisfies EmployeeTexts
