/** The companies that the demo can play: their people, their spreadsheets, their settings. */
import { type Day, dayOfSerial, formatDay, serialOfDay } from "../domain/Day.ts"
import type { Seed } from "./spreadsheets/Seed.ts"
import { english } from "./companies/english.ts"
import { russian } from "./companies/russian.ts"
import type { SampleCompany, SampleSpreadsheet } from "./companies/SampleCompany.ts"

/** The first is the one that a demo begins with. */
export const companies: readonly [SampleCompany, ...ReadonlyArray<SampleCompany>] = [
  russian,
  english,
]

export const companyNamed = (id: string): SampleCompany | undefined =>
  companies.find((company) => company.id === id)

/** The same ids for every company. */
const ids = { accounts: "demo-accounts", issued: "demo-issued" } as const

export const spreadsheetsOf = ({ accounts, issued }: SampleCompany) =>
  [
    { id: ids.accounts, title: accounts.title },
    { id: ids.issued, title: issued.title },
  ] as const

/** The spreadsheets as they are on the morning of `today`. */
export const seedsOf = (
  { accounts, issued, language, timezone }: SampleCompany,
  today: Day,
): ReadonlyArray<{ readonly id: string; readonly seed: Seed }> => {
  const ago = (days: number) => formatDay(dayOfSerial(serialOfDay(today) - days) ?? today)
  const seed = ({ title, tabs }: SampleSpreadsheet): Seed => ({
    title,
    locale: language === "ru" ? "ru_RU" : "en_GB",
    timeZone: timezone,
    tabs: tabs(ago).map((tab) => ({ frozen: 1, ...tab })),
  })
  return [
    { id: ids.accounts, seed: seed(accounts) },
    { id: ids.issued, seed: seed(issued) },
  ]
}
