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
  /** What the scenes play with. */
  readonly scenes: {
    /** By the ids of people: the nicknames they ask for. */
    readonly nicknames: Readonly<Record<number, string>>
    /** Of one kind, kept in one tab. */
    readonly plain: SceneGoods
    /** The same, and bound to a day. */
    readonly daily: SceneGoods
    /** Rows as people leave them, some of them such that nobody can use them. */
    readonly untidy: (day: string, n: number) => Rows
  }
}

/** A resource as the scenes ask for it and bring more of it. */
export interface SceneGoods {
  /** Its id in the catalogue. */
  readonly resource: string
  /** What somebody types for it; the quantity follows. */
  readonly order: string
  readonly tab: string
  readonly issuedTab: string
  /** A row of that day, as dd.mm.yyyy; another `n` is another item. */
  readonly row: (day: string, n: number) => Rows[number]
}
