/**
 * The English company of the demo: licences, demo logins, mailboxes and test SIMs. What they are is
 * in english.json, a catalogue like that of any company; here are its people and its spreadsheets.
 *
 * Everything is plainly made up: example.com, and numbers that are kept for films.
 */
import type { Ago, Rows, SampleCompany } from "./SampleCompany.ts"

export const english: SampleCompany = {
  id: "english",
  title: { ru: "Английская компания", en: "English company" },
  language: "en",
  timezone: "Europe/London",
  settings: {
    CATALOGUE_FILE: `${import.meta.dirname}/english.json`,
    LANGUAGE: "en",
    TIMEZONE: "Europe/London",
    PHONE_COUNTRY: "GB",
    REGIONS: "London,Leeds,Bristol,York",
  },
  people: [
    { id: 1, firstName: "Olivia", username: "olivia_demo", languageCode: "en" },
    { id: 2, firstName: "James", username: "james_demo", languageCode: "en" },
    { id: 3, firstName: "Emma", languageCode: "en" },
  ],
  accounts: {
    title: "Stock (demo)",
    tabs: (ago) => [
      { title: "Licences Photo", rows: photo(ago) },
      { title: "Licences Office", rows: office(ago) },
      { title: "Demo logins", rows: logins(ago) },
      { title: "Mailboxes", rows: mailboxes(ago) },
      { title: "SIM numbers", rows: sims(ago) },
    ],
  },
  issued: {
    title: "Handed out (demo)",
    tabs: () => [
      {
        title: "Notes",
        rows: [["Our notes go here"], ["The bot fills the tabs “… handed out”"]],
      },
    ],
  },
  scenes: {
    nicknames: { 2: "james.sales", 3: "emma.sales" },
    plain: {
      resource: "mailbox",
      order: "mailbox London",
      tab: "Mailboxes",
      issuedTab: "Mailboxes handed out",
      row: (date, n) => [{ date }, `scene${n}@example.com`, `mail-${n}`],
    },
    daily: {
      resource: "sim",
      order: "sim London sign-up",
      tab: "SIM numbers",
      issuedTab: "SIM numbers handed out",
      row: (date, n) => [{ date }, `0770090${String(1000 + (n % 9000))}`],
    },
    untidy: (date, n) => [
      [{ date }, `scene${n}@example.com`, `mail-${n}`],
      [{ date }, `scene${n}@example.com`, `mail-${n}`],
      [],
      [date, ` Scene${n + 1}@Example.com `, "00000777"],
      [{ date }, `scene${n + 2}@example.com`, ""],
      [{ date }, `scene${n + 3}@example.com`, { formula: "=A2+B2" }],
      ["yesterday", `scene${n + 4}@example.com`, `mail-${n + 4}`],
      [{ date }, `scene${n + 5}@example.com`, `mail-${n + 5}`],
    ],
  },
}

const photo = (ago: Ago): Rows => [
  ["Added", "Order no.", "Licence key", "Comment"],
  [{ date: ago(9) }, "PH-1001", "DEMO1-PHOTO-AAAA1", "bought as a pack of six"],
  [{ date: ago(9) }, "PH-1002", "DEMO1-PHOTO-AAAA2"],
  [ago(9), "PH-1003", "DEMO1-PHOTO-AAAA3", "date typed as text"],
  [],
  [{ date: ago(4) }, " PH-1004 ", "DEMO1-PHOTO-AAAA4", "with spaces"],
  [{ date: ago(4) }, "PH-1001", "DEMO1-PHOTO-AAAA1", "the first row again"],
  ["", "PH-1005", "00012345", "no date"],
  [{ date: ago(1) }, "PH-1006", "=1+1", "that is the key, no formula"],
]

const office = (ago: Ago): Rows => [
  ["added", "Order number", "Key "],
  [{ date: ago(12) }, "OF-2001", "DEMO2-OFFICE-BB01"],
  [{ date: ago(12) }, "OF-2002", "", "key promised by the vendor"],
  [{ date: ago(7) }, "OF-2003", "DEMO2-OFFICE-BB03"],
  [{ date: ago(7) }, "OF-2004", "DEMO2-OFFICE-BB04"],
  [{ date: ago(2) }, "OF-2005", "DEMO2-OFFICE-BB05"],
]

/** More than the bot takes at once: some rows are left for people to see and to edit. */
const more = Array.from({ length: 34 }, (_, index) => 307 + index)

const logins = (ago: Ago): Rows => [
  ["Date", "User", "Pass", "Comment"],
  [{ date: ago(6) }, "trial301@example.com", "demo-301"],
  [{ date: ago(6) }, "trial302@example.com", "000302", "leading zeros count"],
  [{ date: ago(5) }, "trial303@example.com", "<b>demo&303</b>"],
  [{ date: ago(5) }, 7700900304, "demo-304", "login typed as a number"],
  [],
  [{ date: ago(3) }, "trial305@example.com", { formula: '="demo-305"' }, "a formula"],
  [{ date: ago(3) }, "trial306@example.com", "demo-306"],
  ...more.map((n): Rows[number] => [{ date: ago(0) }, `trial${n}@example.com`, `demo-${n}`]),
]

const mailboxes = (ago: Ago): Rows => [
  ["Added", "Mailbox", "Password", "Recovery address"],
  [{ date: ago(8) }, "events@example.org", "mail-401", "it@example.com"],
  [{ date: ago(8) }, "Press@Example.org", "0402"],
  [{ date: ago(6) }, "survey@example.com", "mail-403"],
  [{ date: ago(3) }, "returns@example.com", "mail-404"],
  [{ date: ago(1) }, "booking@example.org", "mail-405"],
]

const sims = (ago: Ago): Rows => [
  ["Date", "Mobile", "Comment"],
  [{ date: ago(2) }, "07700 900501", "from the day before yesterday"],
  [{ date: ago(1) }, "07700900502"],
  [{ date: ago(0) }, "+44 7700 900503"],
  [{ date: ago(0) }, "07700-900-504"],
  [ago(0), "07700900505", "date typed as text"],
  [],
  [{ date: ago(0) }, 447700900506, "typed as a number"],
  ["yesterday", "07700900507", "a date nobody can read"],
  [{ date: ago(0) }, "07700900508"],
  [{ date: ago(0) }, "07700900509"],
]
