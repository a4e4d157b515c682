/** English: what admins read. */
import type { Alarm } from "../../observe/Alarms.ts"
import { capitalised, english } from "./plural.ts"
import type { AdminTexts } from "./Texts.ts"

const rows = english("row", "rows")

export const enAdmin = {
  card: "Application for access",
  cardStage: "Nickname",
  cardId: "Telegram ID",
  cardSince: "Sent",
  approve: "Approve",
  refuse: "Refuse",
  reminder: "An application has waited for more than four hours",
  decided: (decision, by, at) =>
    `${decision === "approve" ? "✅ Approved" : "⛔ Refused"} by ${by}, ${at}`,
  reopen: "↩️ Open it again",
  notRefused:
    "It cannot be opened again: it is open or approved by now, or a day is over. Nothing changed.",
  nicknameTaken:
    "Somebody else has the nickname by now. Nothing changed. After a day another one may be sent.",
  reopened: (name, by) =>
    `↩️ The application waits for a decision again: ${name}. Decided by ${by}.`,
  alreadyDecided: "This application is decided already, the card shows how.",
  cardGone: "This application is no more. Nothing changed.",
  cardExpired: "⌛ Nobody decided for three days, the application is closed",
  applicantNotTold: (reason) => `The decision is stored, but the person was not told. ${reason}`,
  quarantine: (tab, count) => `Tab “${tab}”: ${rows(count)} cannot be issued, set aside`,
  quarantineReason: {
    missing: "a required value is missing",
    unreadable: "a value cannot be read",
    formula: "a formula instead of a value",
    duplicate: "a repeat: the stock has it already",
    issuedBefore: "issued before",
    header: "the header again",
    withheld: "an admin took it from its holder",
  },
  quarantineAdvice: "The rows are not lost: the bot keeps them and issues them to nobody.",
  alarm: (alarm) => `⚠️ ${capitalised(trouble(alarm))}`,
  cleared: (alarm) => `✅ All right again: ${place(alarm)}.`,
  lowStocks: "⚠️ Stock runs low",
  lowStock: (name, remaining) => `${name}: ${remaining} left`,
  lowStockAdvice:
    "Rows of the sheet are counted with the stock. Add new ones to the tabs of these resources, the bot takes them by itself. See /stock.",
  todayOnly: {
    title: "Mode “Only today's”",
    isOn: "The mode is on.",
    isOff: "The mode is off.",
    whenOn: (name, day) =>
      `Only ${name} dated today, ${day}, are issued. The bot puts outdated ones back into their tab of the sheet by itself, nothing is lost.`,
    whenOff: (name) =>
      `Now ${name} of any date are issued, first what came into stock first. Nothing goes back into the sheet.`,
    stock: (available) => `In stock: ${available}`,
    hidden: (count) => `Not issued because of their date: ${count}`,
    returning: (count) => `On their way back into the sheet: ${count}`,
    switchOn: "Switch on",
    switchOff: "Switch off",
    switchedOn: (name, returning, tabs) =>
      returning === 0
        ? "The mode is on. Nothing in stock is outdated."
        : `The mode is on. Outdated ${name}, ${returning} in all, go back into “${tabs}”.`,
    switchedOnBy: (name, by) =>
      `📅 ${name}: only those of today are issued now. Decided by ${by}. The mode: /numbers_today_mod.`,
    switchedOffBy: (name, by) =>
      `📅 ${name}: those of any date are issued now. Decided by ${by}. The mode: /numbers_today_mod.`,
    switchedOff: "The mode is off. All that is in stock is issued now.",
    none: "Nothing in the catalogue is issued by date. There is nothing to change.",
  },
} satisfies AdminTexts

const trouble = (alarm: Alarm): string => {
  switch (alarm._tag) {
    case "TabUnusable":
      return alarm.column === null
        ? `tab “${alarm.tab}” is missing or cannot be read. Its resource waits, the others go on. Create the tab, the bot continues by itself.`
        : `tab “${alarm.tab}” has no column “${alarm.column}”. Its resource waits, the others go on. Put the header back, the bot continues by itself.`
    case "HeaderMoved":
      return `tab “${alarm.tab}” got rows above its header. The header and all that could not be read are set aside and kept, nothing is lost. The bot takes nothing more from this tab, the others go on. Make the header the first row again, the bot continues by itself.`
    case "SheetsUnavailable":
      return `spreadsheet ${alarm.spreadsheet}: ${unreachable[alarm.reason]}. Issuing goes on from the bot's stock, writes wait and are not lost.`
    case "AnotherWriter":
      return `another copy of the bot writes into spreadsheet ${alarm.spreadsheet}. This one stopped writing, so that nothing is doubled. Leave one running.`
    case "UnknownInboxRows":
      return `the service tab of spreadsheet ${alarm.spreadsheet} holds ${alarm.rows} rows of somebody else. The bot leaves them alone. Find out where they come from.`
    case "ClaimDamaged":
      return `batch ${alarm.claim} was taken from tab “${alarm.tab}”, but some of its cells may be lost: the tab or the bot's service tab was changed at that very moment. Open the version history of the spreadsheet and compare the rows taken last.`
    case "RowsRefused":
      return `Google refuses rows for tab “${alarm.tab}”. They are not lost, the bot goes on trying, the others are written as usual. Which rows, why, and what to do about them: /failed.`
    case "RowVanished":
      return `tab “${alarm.tab}” has no row with ID ${alarm.issuance}: it was deleted, so its status cannot be corrected there. The bot's journal has the right one.`
    case "RowMistaken":
      return `rows of tab “${alarm.tab}” moved during a correction, and the status went to row ${alarm.row}${alarm.issuance === "" ? "" : ` (ID ${alarm.issuance})`}, which is another one. Check that row: the version history of the spreadsheet shows what it was.`
    case "RegistryUnreadable":
      return `tab “${alarm.tab}” has cells that the bot could not read, or lines that stand there twice: ${alarm.rows.map(({ row, column }) => `row ${row}, column “${column}”`).join("; ")}. It leaves them alone, nothing is lost, the other proxies are handed out. Mend the cells, the bot reads them by itself.`
    case "LowStock": {
      const dated = alarm.todayOnly ? " dated today" : ""
      return `stock runs low: ${alarm.label.en}. Left${dated}: ${alarm.remaining}, rows of the sheet included. Add rows${dated} to tab “${alarm.tabs.join("” or “")}”, the bot takes them by itself.`
    }
    case "ItemsAdrift":
      return `the books of resource ${alarm.resource} do not add up, items: ${alarm.count}. The bot deleted and changed nothing, everything else is issued as before. Keep the data folder and the log, which names these items, and show them to the developer. To stop issuing until it is clear, use /pause.`
    case "StorageUnavailable":
      return "the bot's disk does not answer. Nothing new is issued, nothing issued is lost. Check the free space; the bot continues by itself."
  }
}

const unreachable = {
  denied: "the bot has no access. Share it with the service account, with the right to edit",
  notFound: "it does not exist. Check the address in the settings",
  refused: "Google refuses the bot's requests",
  unreachable: "Google does not answer",
} as const

/** Where the trouble was. */
const place = (alarm: Alarm): string => {
  if (alarm._tag === "StorageUnavailable") return "the bot's disk"
  if (alarm._tag === "LowStock") return `the stock of “${alarm.label.en}”`
  if (alarm._tag === "ItemsAdrift") return `the books of resource ${alarm.resource}`
  return "tab" in alarm ? `tab “${alarm.tab}”` : `spreadsheet ${alarm.spreadsheet}`
}
