/** A company that the demo can play, with its people, its spreadsheets and its settings. */
import type { Label } from "../../domain/Catalogue.ts"
import type { Seed } from "../spreadsheets/Seed.ts"
import type { NewUser } from "../telegram/Person.ts"

/** The rows of a tab, the header first. */
export type Rows = Seed["tabs"][number]["rows"]

/** Tells the day so many days ago, as dd.mm.yyyy. */
export type Ago = (days: number) => string

export interface SampleSpreadsheet {
  readonly title: string
  readonly tabs: (ago: Ago) => Seed["tabs"]
}

export interface SampleCompany {
  readonly id: string
  readonly title: Label
  readonly language: "ru" | "en"
  readonly timezone: string
  /** Variables of the environment that make the bot this company's. */
  readonly settings: Readonly<Record<string, string>>
  /** 1 is the admin. */
  readonly people: ReadonlyArray<NewUser>
  readonly accounts: SampleSpreadsheet
  readonly issued: SampleSpreadsheet
}
