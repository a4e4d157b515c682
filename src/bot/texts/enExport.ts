/** English: exported files. */
import type { ExportTexts } from "./ExportTexts.ts"

export const enExport = {
  title: "Export to a file",
  chooseResource: "What shall be exported?",
  choosePeriod: "For how long?",
  hint: "By text too: /export, and behind it in any order a resource, how many days, and a nickname or “ID” with a Telegram ID. Without days it is 30.",
  allResources: "All resources",
  periods: { "1": "Today", "7": "7 days", "30": "30 days", all: "All time" },
  making: "⏳ Making the file…",
  sent: "The file is below.",
  rows: (count) => `Rows: ${count}`,
  allTime: (first, last) => `All time, from ${first} to ${last}`,
  everSince: "all time",
  ofPerson: (name) => `employee ${name}`,
  everybody: "everybody",
  cut: (count) =>
    `Only the newest issuances are here, ${count}: one file takes no more. For the others narrow the time or choose one resource.`,
  withoutSecrets: "Logins and numbers are masked, there are no passwords in it.",
  nothing: (what) => `No issuances were found, so there is no file. Looked for: ${what}.`,
  unclear: (text) =>
    `It is not clear what “${text}” means, so there is no file. Write it like this: a resource, “7 days”, a nickname. Who is on the list no more is found by the Telegram ID: “ID 123456789”.`,
  tooManyDays: (days) => `So many days are not possible, ${days} at most. There is no file.`,
  namesakes: (people) =>
    `Several people have that name: ${people}. There is no file. Write “ID” and the number in brackets instead.`,
  unavailable:
    "The bot's disk does not answer, so the file could not be made. Nothing is lost. Try again in a minute.",
  notSent: (reason) => `The file was not sent. ${reason}`,
  unsure:
    "Telegram did not say whether the file arrived. Nothing is lost: if it is not below, ask for it again.",
  columns: {
    issuedAt: "Issued at",
    resource: "Resource",
    variant: "Sex/Type",
    region: "Region",
    stage: "Employee",
    telegramId: "Telegram ID",
    status: "Status",
    markedAt: "Marked at",
    auto: "Auto",
    item: "Item",
    day: "Day of the item",
    id: "ID",
    replacementOf: "Replacement of ID",
    imported: "From the sheet",
  },
  yes: "yes",
  pending: "unmarked",
  withheld: "set aside",
  csv: "📄 As a file",
  subject: "What",
  whose: "Whose",
  from: "From",
  to: "To",
  section: "Section",
  value: "Value",
} satisfies ExportTexts
