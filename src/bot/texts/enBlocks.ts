/** English: suspended access. */
import type { BlockTexts } from "./BlockTexts.ts"
import { english } from "./plural.ts"

const persons = english("person", "people")

const ended = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`)

export const enBlocks = {
  suspended: (until, note) =>
    `Your access is suspended until ${until === "" ? "an admin gives it back" : until}.${note === "" ? "" : ` Reason: ${ended(note)}`} Everything issued to you stays on your name.`,
  list: {
    title: (count) => `Access suspended: ${persons(count)}`,
    nobody: "Nobody's access is suspended now.",
    hint: "Suspend: /block, id or nickname, hours, reason. Like: /block 123456789 8 Holiday. Without hours there is no end; the reason may be left out.",
    lift: (name) => `Unblock: ${name}`,
    back: "‹ All suspended",
  },
  state: {
    heading: (name) => `⏸ Access suspended: ${name}`,
    until: (until) => `Until ${until}. Then access opens by itself.`,
    noEnd: "Until an admin gives the access back.",
    reason: (note) => `Reason, as the person reads it: “${note}”`,
    noReason: "No reason was given.",
    by: (admin, at) => `Decided by ${admin}, ${at}.`,
  },
  ask: {
    heading: (name) => `Suspend access for how long: ${name}?`,
    meaning:
      "Everything closes at once: commands, buttons, issuing. What was issued stays on the person's name and is marked in its time; you can settle it from the card. Access can be given back at any moment.",
    withReason: (id) => `Another time or a reason: /block ${id} 8 Holiday`,
    hours: (count) => `${count} h`,
    noEnd: "No end",
  },
  suspend: "⏸ Suspend access",
  giveBack: "▶️ Give access back",
  holds: (count) => `Holds without a mark: ${count}`,
  already:
    "Access is suspended already, nothing changed. The command /block sets another time or reason.",
  card: "Card",
  done: "Access suspended",
  lifted: "Access is open again",
  liftedHeading: (name) => `▶️ Access is open again: ${name}`,
  isAdmin:
    "This is an admin, with access by the setting ADMIN_ID: it cannot be suspended. Nothing changed.",
  isApplicant:
    "This person has no access yet, the application waits. It can be refused on its card. Nothing changed.",
  isUnknown: "This person is not on the list any more. Nothing changed. Everybody: /whitelist.",
  notSuspended: (name) => `Access is not suspended: ${name}. Nothing changed.`,
  several: (name, people) =>
    `“${name}” does not tell who is meant: ${people}. Nothing changed. Write the id instead of the nickname.`,
  badHours: (text) =>
    `“${text}” is no time. Hours are a whole number from 1 to 8760, with the reason behind it, like: /block 123456789 8 Holiday. Nothing changed.`,
  tooLong: (length) =>
    `The reason has ${length} characters, and 200 fit. Nothing changed. Shorten it and send the command again.`,
  notes: {
    suspended: (name, until, by) =>
      `⏸ Access suspended ${until === "" ? "without an end" : `until ${until}`}: ${name}. Decided by ${by}. All suspended: /block.`,
    trespass: (name, times) =>
      `🚫 ${name}: buttons of others, refused in 24 hours: ${times}. Nothing changed and nothing was shown. If this is no accident, access can be suspended from the card.`,
    botStopped: (name, count) =>
      `🔕 ${name} stopped the bot. Items without a mark: ${count}. Nothing is lost: they are marked in their time. While the bot is stopped, no message reaches this person.`,
    lifted: (name, by) => `▶️ Access is open again: ${name}. Decided by ${by}.`,
  },
} satisfies BlockTexts
