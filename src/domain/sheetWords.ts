/**
 * The words that the bot puts into sheets by itself. They are Russian unless the catalogue has
 * others; a sheet that has the words of before is read all the same.
 */
import { Record, Schema } from "effect"

/** Without a sign that parts the names in a cell of the registry of proxies. */
const Word = Schema.String.check(Schema.isPattern(/^[^\s,;/|+](?:[^\n,;/|+]{0,48}[^\s,;/|+])?$/u))

const Words = Schema.Struct({
  /** Behind the time of a mark that the timer set. */
  auto: Word,
  /** The status of what an admin took from its holder. */
  withheld: Word,
  /** A proxy that somebody reported, in the column of its targets. */
  broken: Word,
  /** The header in an issued tab of values that had none in the base tab. */
  noHeader: Word,
  /** The header of the notes on the cells of a row. */
  notes: Word,
  /** The header of the region, where the catalogue has no column for it. */
  region: Word,
  /** Behind the header of a base column that has the name of one that the bot fills. */
  fromBase: Word,
})
type Words = typeof Words.Type

/** The words that a catalogue replaces. A word that it leaves out stays Russian. */
export const SheetWords = Schema.Struct(Record.map(Words.fields, Schema.optionalKey))
export type SheetWords = typeof SheetWords.Type

const russian: Words = {
  auto: "авто",
  withheld: "Изъято",
  broken: "не работает",
  noHeader: "Без заголовка",
  notes: "Примечания",
  region: "Регион",
  fromBase: "(из таблицы)",
}

const english: Words = {
  auto: "auto",
  withheld: "Taken back",
  broken: "not working",
  noHeader: "No header",
  notes: "Notes",
  region: "Region",
  fromBase: "(from the sheet)",
}

interface Worded {
  readonly sheetWords?: SheetWords
}

/** The words that the bot writes for a resource. */
export const wordsOf = ({ sheetWords }: Worded): Words => ({ ...russian, ...sheetWords })

/** The spellings of a word that are read: that of the catalogue, and those in both languages. */
export const wordsRead = (resource: Worded, word: keyof Words): ReadonlyArray<string> => [
  ...new Set([wordsOf(resource)[word], russian[word], english[word]]),
]

/** The header in the issued tab of a base column that has the name of one that the bot fills. */
export const headerFromBase = (resource: Worded, header: string) =>
  `${header} ${wordsOf(resource).fromBase}`
