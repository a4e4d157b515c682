/** English: proxies. */
import { english } from "./plural.ts"
import type { ProxyTexts } from "./ProxyTexts.ts"

const days = english("day", "days")
const lines = english("line", "lines")
const countries = english("country", "countries")
const proxies = english("proxy", "proxies")

export const enProxies = {
  title: "Proxies",
  help: "Tick the resources it is for, choose the country and the proxy. The one you choose is kept for you for a few minutes: the time stands beside it. Once taken for a resource, nobody else gets it for that one. You can add many lines in one message.",
  free: (count) => `Free now: ${count}`,
  get: "Get a proxy",
  add: "Add proxies",
  daysLeft: (count) => (count <= 0 ? "last day" : days(count)),
  through: (day) => `through ${day}`,
  adding: {
    title: "Adding proxies",
    chooseType: "Of which type are they?",
    sendLines: "Send the lines in one or several messages, each proxy on a line of its own:",
    form: "address:port:user:password",
    formWithoutLogin: "or, where no login is needed, address:port",
    example: "For example:",
    willBeDeleted:
      "There are passwords in the lines, so the bot deletes your messages with them at once.",
    received: (accepted, rejected) =>
      rejected === 0 ? `Accepted ${accepted}.` : `Accepted ${accepted}, not accepted ${rejected}:`,
    badLine: (number, problem) => `line ${number}: ${problem}`,
    moreBad: (count) => `and ${lines(count)} more`,
    problems: {
      tooFewParts: "there is no colon in it, at least an address and a port are needed",
      host: "the address is misspelt",
      port: "the port must be from 1 to 65535",
      noPassword: "there is a user but no password",
      brackets: "a long address with colons is written in square brackets",
      scheme: "leave out the type and the two slashes in front, the type is chosen already",
      tooLong: "it is too long",
      unprintable: "there are invisible characters in it, please type it anew",
      repeated: "the same address, port and user stand above",
      inDraft: "you have sent the same address, port and user before",
      known: "the bot has this proxy already",
      tooMany: "no more than 200 are accepted at a time, send it the next time",
    },
    total: (count) => `To be saved in all: ${count}`,
    notDeleted:
      "Your message with the lines could not be removed from the chat: please delete the message yourself, there are passwords in it.",
    usedFor: "What have these proxies been used for already?",
    usedForNothing:
      "The bot gives them to nobody for what is ticked. If for nothing yet, just tap “Next”.",
    usedAlready: (targets) => `Used already for: ${targets}.`,
    chooseCountry: "Choose the country, or send its name or two-letter code as a message:",
    unknownCountry:
      "The bot does not know such a country, nothing changed. Send its whole name or its two-letter code, or choose with a button.",
    chooseDays: "How many days will they go on working?",
    days: (count, until) => `${days(count)}, through ${until}`,
    addMore: "Add more",
    saved: (count) => `Saved: ${proxies(count)}. Ready to be taken.`,
    willAppear: (tab) => `They appear in the sheet “${tab}” in a few seconds.`,
    alreadyThere: (count) =>
      `The bot has ${count} of your lines already: they are not written twice.`,
    nothingSaved:
      "Meanwhile somebody else added all of these proxies. Nothing is lost, they are not written twice.",
    isSaved: "It is saved already, no need to repeat.",
    endedEmpty: "Adding was stopped. There were no lines yet, nothing is lost.",
    endedKnown: "Adding has ended. The bot has the proxies that you sent, nothing is lost.",
    endedDropping: (count) =>
      `Adding was stopped. What was accepted is not saved, and wiped from the bot's memory (${lines(count)}). To add it, start again.`,
    linesElsewhere:
      "This looks like lines with passwords, but the bot waits for something else now. They were not accepted. Go by the buttons to the step where the bot asks for lines, and send them again.",
    notText:
      "The bot does not read files or pictures, nothing was added. Send the lines as plain text, and if there are passwords in the file, delete it from the chat yourself.",
    diskRefused:
      "The bot's disk does not answer: this message was not accepted and is still in the chat, what was accepted before is not lost. Send it again in a minute.",
  },
  getting: {
    title: "Getting a proxy",
    chooseTargets: "What is the proxy for? You may tick several.",
    show: "Show free ones ›",
    chooseCountry: "There are free proxies in these countries:",
    moreCountries: (count) => `And ${countries(count)} more, with the fewest of them.`,
    noneFree:
      "There are no free proxies for this right now, nothing was issued. Tick less, or check a little later.",
    choose: "Choose a proxy. Those that end soonest come first.",
    noneLeft: "There are no free ones left here, nothing was issued. Choose another country.",
    refresh: "🔄 Refresh",
    toList: "‹ To the list",
    reserved: (time) => `⏳ Yours until ${time}, others do not see it now.`,
    takeMeans: (targets) =>
      `If you take it, it is used for: ${targets}. If not, it becomes free by itself at that time.`,
    take: "Take it",
    cancel: "Do not take it",
    taken: "The proxy is yours",
    released: "The proxy is free again",
    unavailable: {
      reserved: "Somebody else chose this proxy just now. Nothing was issued, the list is fresh.",
      used: "This proxy was used for what you ticked. Nothing was issued, the list is fresh.",
      ended: "This proxy has come to its end. Nothing was issued, the list is fresh.",
      gone: "This proxy is gone from the sheet. Nothing was issued, the list is fresh.",
    },
    over: {
      cancelled: "You gave this proxy back already. Nothing was issued, choose again.",
      timedOut: "The time was up, the proxy is free again. Nothing was issued, choose again.",
      superseded: "You chose another proxy, this one is free again. Nothing changed.",
      taken: "The proxy is yours already, that cannot be undone. Nothing changed, see /my.",
      notHolder: "This button is somebody else's: they chose the proxy. Nothing changed.",
      unknown: "This button is out of date: it was long ago. Nothing changed, start with /menu.",
    },
    endedSo: {
      cancelled: "You gave this proxy back, it is free again. Nothing was issued.",
      timedOut: "The time was up, the proxy is free again. Nothing was issued, choose again.",
      superseded: "You chose another proxy, and this one is free again. Nothing is lost.",
    },
  },
  goods: {
    title: "Your proxy",
    type: "Type",
    host: "Address",
    port: "Port",
    user: "User",
    password: "Password",
    noLogin: "No user and no password needed.",
    line: "As a line",
    url: "As a link",
    country: "Country",
    until: "Works",
    takenFor: (targets) => `Taken for: ${targets}.`,
    onlyYours: "Nobody else gets it for that any more.",
    copyLine: "📋 Line",
    copyUrl: "📋 Link",
  },
  mine: {
    title: (count) => `Proxies: ${count}`,
    more: (count) => `And ${proxies(count)} taken before that.`,
    gone: "You do not have this proxy: it ended, or the button is somebody else's. Nothing changed.",
  },
  ending: {
    title: (count) => (count === 1 ? "Your proxy ends soon" : "Your proxies end soon"),
    more: (count) => `And ${proxies(count)} more, all of them are in /my.`,
    advice: "It works until the end of that day. If you need a new one, take it in time: /menu.",
  },
} satisfies ProxyTexts
