/** English: what admins read about people and regions. */
import type { PeopleTexts } from "./PeopleTexts.ts"
import { english } from "./plural.ts"

const issuances = english("issue", "issues")
const persons = english("person", "people")
const items = english("item", "items")

export const enPeople = {
  list: {
    title: (count) => `Access: ${persons(count)}`,
    waiting: (count) => `Waiting for approval: ${count}`,
    roles: {
      admin: "admin",
      employee: "employee",
      applicant: "waits for approval",
      blocked: "access suspended",
    },
    holds: (count, age) => `holds ${count}, the oldest for ${age}`,
    hint: "Tap a person to open the card.",
    back: "‹ To the list",
  },
  card: {
    stage: "Nickname",
    id: "Telegram ID",
    role: "Role",
    holds: (count) => `Holds without a mark: ${count}`,
    holdsNothing: "Holds nothing.",
    more: (count) => `And ${issuances(count)} more.`,
    dismiss: "End access",
  },
  age: (days, hours, minutes) =>
    days > 0 ? `${days} d ${hours} h` : hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`,
  dismissal: {
    usage:
      "Write an id or a nickname behind the command, like /whitelist_remove 123456789. Everybody: /whitelist. Nothing changed.",
    unknown: (name) =>
      `Nobody on the list has the id or nickname “${name}”. Nothing changed. Everybody: /whitelist.`,
    several: (name) => `Several people have the nickname “${name}”. Choose one:`,
    isAdmin:
      "This is an admin, with access by the setting ADMIN_ID. Take the id out of it and restart the bot. Nothing changed.",
    ask: (name) => `End access: ${name}?`,
    meaning:
      "Access ends at once. What the person holds is not lost: you decide next what becomes of it. Access can be given back for 24 hours.",
    meaningForApplicant:
      "The application is closed, a new one is possible after 24 hours. For 24 hours it can be brought back.",
    done: (name) => `Access ended: ${name}`,
    by: (admin, at) => `Ended by ${admin}, ${at}.`,
    closed: "Access ended",
    readmit: "Give access back",
    until: (at) => `It can be given back until ${at}.`,
    readmitted: (name) => `Access is open again: ${name}. The entry is what it was.`,
    leftAsItIs: "What was marked, handed over or set aside meanwhile stays so.",
    alreadyBack: "This person has access by now. Nothing changed.",
    backBy: (admin, at) => `Access was given back by ${admin}, ${at}. Nothing changed.`,
    tooLate:
      "24 hours are over, the button cannot give it back. The person may send /start and apply. Nothing changed.",
    ended:
      "Your access to the bot has ended. Nothing you held is lost: the admins take care of it.",
    begun: "Your access to the bot is open again. Menu: /menu.",
    endedBy: (name, by) =>
      `⛔ Access ended: ${name}. Decided by ${by}. /whitelist_remove with the id shows what is left, and gives the access back for 24 hours.`,
    readmittedBy: (name, by) => `▶️ Access is open again: ${name}. Decided by ${by}.`,
  },
  left: {
    title: "Left without a mark",
    nothing: "Nothing is left.",
    confirmAll: "Confirm all as good",
    giveAll: "Hand all over…",
    asideAll: "All to quarantine",
    confirm: "good",
    give: "hand over…",
    aside: "quarantine",
    legend:
      "Quarantine: the item is issued to nobody, the bot keeps it. Hand over: a colleague sees it from now on.",
    chooseColleague: (what) => `Hand over to whom: ${what}?`,
    all: (count) => `all, ${items(count)}`,
    noColleagues: "There is nobody to hand over to: nobody else has access.",
    colleagueGone:
      "This colleague has no access any more. Nothing was handed over, choose another.",
    hasAccess: "This person has access again, so these items are left alone.",
    confirmed: (count) => `✅ Confirmed: ${count}.`,
    given: (count, to) => `➡️ Handed over: ${count}, to ${to}.`,
    setAside: (count) => `🗄 In quarantine: ${count}.`,
    settledBefore: (count) => `Settled before: ${count}.`,
    notTold: (count) =>
      `Not handed over: ${count}. The colleague cannot be written to and has to press /start. Nothing is lost.`,
    notWritten: (count) =>
      `Not stored: ${count}, the bot's disk does not answer. Nothing is lost, try again in a minute.`,
    handedOver: (what) => `Handed over to you: ${what}. The values will appear here in a moment.`,
    handOverFailed: "It was not handed over. Nothing is on your name.",
  },
  regions: {
    title: (count) => `Regions: ${count}`,
    none: "There are no regions, so nothing can be taken. Add the first: /add_region 495",
    usage: (issued) =>
      issued === 0 ? "nothing issued in 30 days" : `${issuances(issued)} in 30 days`,
    hint: "Add: /add_region 495. Remove: /remove_region 495.",
    toAdd:
      "Write a code behind the command, like /add_region 495. Several at once are possible, with commas or spaces. A code has 1 to 16 letters and digits. Nothing changed.",
    toRemove:
      "Write a code behind the command, like /remove_region 495. All codes: /regions. Nothing changed.",
    added: (codes) => `Added, on the buttons by now: ${codes}.`,
    already: (codes) => `There already: ${codes}.`,
    invalid: (codes) =>
      `Not possible: ${codes}. A code has only letters and digits, 1 to 16. This was not added.`,
    nothingChanged: "Nothing changed.",
    unknown: (code) => `There is no region “${code}”. Nothing changed. All codes: /regions.`,
    ask: (code) => `Remove region ${code}?`,
    meaning:
      "It leaves the buttons, and nothing can be taken for it. The history stays. Rows of the sheet that are bound to it stay where they are. The region can be brought back.",
    remove: "Remove",
    removed: (code) => `Region ${code} left the buttons.`,
    alreadyRemoved: (code) => `Region ${code} is on the buttons no more.`,
    by: (admin, at) => `Removed by ${admin}, ${at}.`,
    wayBack: (code) => `Bring it back: by the button within 24 hours or by /add_region ${code}.`,
    bringBack: "Bring back",
    addedBy: (codes, by) =>
      `➕ New on the buttons of regions: ${codes}. Decided by ${by}. All codes: /regions.`,
    removedBy: (code, by) =>
      `🗑 Region ${code} left the buttons. Decided by ${by}. Bring it back: /add_region ${code}.`,
    returnedBy: (code, by) => `↩️ Region ${code} is on the buttons again. Decided by ${by}.`,
    back: (code) => `Region ${code} is on the buttons again.`,
    alreadyThere: "This region is on the buttons by now. Nothing changed.",
    tooLate: "24 hours are over. /add_region brings it back. Nothing changed.",
  },
  unwritable: (file) =>
    `The file ${file} was not written: the bot's disk refuses. Nothing changed, nothing is lost. Check the free space and try again.`,
  damaged: (file) =>
    `The file ${file} has a mistake, perhaps somebody edits it. The bot left it alone, nothing changed. Mend the file and try again.`,
} satisfies PeopleTexts
