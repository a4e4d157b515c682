/**
 * Takes a person out of the tables of a journal, so that a search of their bytes finds neither the
 * id nor the names.
 *
 * In the place of the id stands an alias, a number that Telegram gives to nobody, and in the place
 * of a name a dash. So the books, the trail and the proxies add up as before, and nothing says whose
 * they were. What somebody wrote about an item stays, without the names in it.
 */
import { Predicate, Result } from "effect"
import { nameless } from "../domain/Employee.ts"
import { rewriteBlocks } from "./archive.ts"
import type { DayAt } from "./counts.ts"
import { forgetKind } from "./Journal.ts"
import { refOfPerson } from "./records.ts"
import type { Database } from "./SqliteDatabase.ts"
import { type Column, partsOf, type Place, type Sealing } from "./sealing.ts"
import { changed, isSound } from "./soundness.ts"
import { fillCounts, plainKindsListed, sealingOfDocuments } from "./sqliteTables.ts"

/** Somebody who is taken out, and the number that stands in that place. */
export interface Forgotten {
  readonly id: number
  readonly alias: number
}

/**
 * Erases the person, and gives the number of issuances that were theirs. To be called inside a
 * transaction, on tables of this version.
 */
export const eraseFrom = (
  database: Database,
  person: Forgotten,
  { dayAt, sealing }: { readonly dayAt: DayAt; readonly sealing: Sealing },
): number => {
  const eraser = makeEraser({ ...person, names: namesIn(database, person.id, sealing) })
  removeOwnDocuments(database, person.id)
  for (const place of places) eraseTexts(database, place, eraser, sealing)
  rewriteBlocks(database, sealing, eraser.isFoundIn, ({ body, refs }) => ({
    body: eraser.json(body),
    refs: refs.map((ref) => (ref === refOfPerson(person.id) ? refOfPerson(person.alias) : ref)),
  }))
  const isCommentChanged = eraseComments(database, eraser, sealing)
  eraseUpdates(database, person)
  const issuances = eraseReferences(database, person, sealing)
  if (isCommentChanged) fillCounts(database, dayAt, sealing)
  return issuances
}

/** A column of JSON in which a person may stand, and what tells its rows apart. */
interface TextPlace {
  readonly place: Column
  readonly row: string
}

const places: ReadonlyArray<TextPlace> = [
  { place: "event.body", row: "seq" },
  { place: "snapshot.state", row: "pool" },
  { place: "snapshot_part.state", row: "pool || ' ' || part_set || ' ' || number" },
  { place: "document.body", row: "seq" },
  { place: "intent.body", row: "spreadsheet || ' ' || seq" },
]

const eraseTexts = (
  database: Database,
  { place, row }: TextPlace,
  eraser: Eraser,
  sealing: Sealing,
) => {
  const [table, column] = partsOf(place)
  const all = database.prepare(
    `SELECT ${row} AS name, ${column} AS stored, ${table === "document" ? "kind" : "''"} AS kind
     FROM ${table} WHERE ${isSound(table)}`,
  )
  const put = database.prepare(
    `UPDATE ${table} SET ${changed(table, { [column]: "?1" })} WHERE ${row} = ?2`,
  )
  // SQLite may not change what it is iterating over.
  const found: Array<readonly [text: string, name: string | number]> = []
  for (const { name, stored, kind } of all.iterate()) {
    const own = sealingOfDocuments(sealing, String(kind))
    // A text that cannot be opened is left to whoever reads it.
    const text = own.open(place, String(stored)) ?? ""
    const erased = eraser.json(text)
    if (erased !== text && isPlace(name)) found.push([own.seal(place, erased), name])
  }
  for (const [stored, name] of found) put.run(stored, name)
}

const isPlace = (value: unknown): value is string | number =>
  typeof value === "string" || typeof value === "number"

/** Drafts, languages, applications and the like: what was kept for that person alone. */
const removeOwnDocuments = (database: Database, id: number) =>
  database
    .prepare("DELETE FROM document WHERE kind <> ?1 AND (key = ?2 OR key GLOB ?2 || ':*')")
    .run(forgetKind, String(id))

/** Whether any comment was changed. */
const eraseComments = (database: Database, eraser: Eraser, sealing: Sealing): boolean => {
  const found = database
    .prepare("SELECT issuance, text FROM comment")
    .all()
    .map(({ issuance, text: stored }) => {
      const text = sealing.open("comment.text", String(stored)) ?? ""
      return [eraser.words(text), String(issuance), text] as const
    })
    .filter(([erased, , text]) => erased !== text)
  const put = database.prepare(
    `UPDATE comment SET ${changed("comment", { text: "?1" })} WHERE issuance = ?2`,
  )
  for (const [text, issuance] of found) put.run(sealing.seal("comment.text", text), issuance)
  return found.length > 0
}

/** What the person sent: a handled update has no body any more, and the others are given up. */
const eraseUpdates = (database: Database, { id, alias }: Forgotten) =>
  database
    .prepare(
      `UPDATE inbox SET ${changed("inbox", {
        user_id: "?1",
        body: "NULL",
        handled_at: "coalesce(handled_at, received_at)",
      })} WHERE user_id = ?2`,
    )
    .run(alias, id)

/** Gives the number of issuances. */
const eraseReferences = (
  database: Database,
  { id, alias }: Forgotten,
  sealing: Sealing,
): number => {
  const { changes } = database
    .prepare(
      `UPDATE issuance SET ${changed("issuance", { holder: "?1", stage: "?2" })} WHERE holder = ?3`,
    )
    .run(alias, sealing.seal("issuance.stage", nameless), id)
  database
    .prepare(`UPDATE proxy_reserved SET ${changed("proxy_reserved", { by: "?1" })} WHERE by = ?2`)
    .run(alias, id)
  for (const table of ["event_ref", "block_ref"] as const) {
    database
      .prepare(`UPDATE ${table} SET ${changed(table, { ref: "?1" })} WHERE ref = ?2`)
      .run(refOfPerson(alias), refOfPerson(id))
  }
  return Number(changes)
}

/** The names that the person had, but for those that somebody else has had too. */
const namesIn = (database: Database, id: number, sealing: Sealing): ReadonlySet<string> => {
  const opened =
    (place: Place) =>
    ({ stored }: Readonly<Record<string, unknown>>) =>
      sealing.open(place, String(stored)) ?? ""
  const stages = database
    .prepare("SELECT DISTINCT stage AS stored FROM issuance WHERE holder = ?")
    .all(id)
    .map(opened("issuance.stage"))
  const texts = [
    ...database
      .prepare(`SELECT body AS stored FROM document WHERE kind NOT IN (${plainKindsListed})`)
      .all()
      .map(opened("document.body"))
      .filter((text) => text.includes(String(id))),
    ...database
      .prepare(
        "SELECT body AS stored FROM event WHERE seq IN (SELECT seq FROM event_ref WHERE ref = ?)",
      )
      .all(refOfPerson(id))
      .map(opened("event.body")),
  ]
  const others = database.prepare(
    "SELECT 1 FROM issuance WHERE stage = ? AND holder IS NOT NULL AND holder <> ? LIMIT 1",
  )
  const isOfOthers = (name: string) =>
    others.get(sealing.seal("issuance.stage", name), id) !== undefined
  const names = new Set([...stages, ...texts.flatMap((text) => namesOf(parsed(text), id))])
  return new Set([...names].filter((name) => name.trim().length > 1 && !isOfOthers(name)))
}

const parsed = (text: string): unknown =>
  Result.getOrUndefined(Result.try((): unknown => JSON.parse(text)))

/** The fields of events, snapshots and documents that hold the id of a person or of a chat. */
const personFields = new Set([
  "addedBy",
  "by",
  "chatId",
  "from",
  "holder",
  "id",
  "person",
  "to",
  "userId",
])

/** Those that hold a name. In events about a nickname, `from` and `to` do. */
const nameFields = new Set([
  "firstName",
  "formerStages",
  "from",
  "name",
  "stage",
  "stringValue",
  "to",
  "username",
])

/** Those that hold words of people, or of the bot to people. */
const wordFields = new Set(["comment", "note", "reason", "text"])

/** Those that hold the key of a request, which begins with the id of a chat. */
const requestFields = new Set(["key", "request", "requests"])

/** What an item is, which may look like an id or a name and is neither. */
const itemFields = new Set(["cells", "endpoint", "extras", "fields", "header", "origin"])

type Fields = Readonly<Record<string, unknown>>

/** Whose name stands in an object: the first of these fields that has an id says so. */
const ownerFields = ["holder", "person", "id", "to", "by"]

const isOf = (object: Fields, id: number) =>
  ownerFields.map((field) => object[field]).find(Predicate.isNumber) === id

/** The names in a value, wherever they stand beside the id. */
const namesOf = (value: unknown, id: number): ReadonlyArray<string> => {
  if (Array.isArray(value)) return value.flatMap((each) => namesOf(each, id))
  if (!Predicate.isObject(value)) return []
  const fields: Fields = value
  const isTheirs = isOf(fields, id)
  return Object.entries(fields).flatMap(([field, each]) => {
    if (itemFields.has(field)) return []
    if (isTheirs && typeof each === "string" && nameFields.has(field)) return [each]
    // What Telegram knows of somebody stands in an object of its own.
    if (isTheirs && Predicate.isObject(each) && field === "profile") {
      return Object.values(each).filter(Predicate.isString)
    }
    return namesOf(each, id)
  })
}

interface Eraser {
  /** Whether the text may speak of the person. */
  readonly isFoundIn: (text: string) => boolean
  /** Erases the person from a text of JSON. */
  readonly json: (text: string) => string
  /** Erases the person from words. */
  readonly words: (text: string) => string
}

export const makeEraser = ({
  id,
  alias,
  names,
}: Forgotten & { readonly names: ReadonlySet<string> }): Eraser => {
  const digits = String(id)
  const all = [digits, ...names]

  const isFoundIn = (text: string) => all.some((each) => text.includes(each))

  // A short number in words is hardly ever meant for somebody.
  const inWords = digits.length < idLengthMin ? [...names] : all

  const words = (text: string) =>
    inWords.reduce((left, each) => withoutWord(left, each, nameless), text)

  const requestKey = (key: string) =>
    key.startsWith(`${digits}:`) ? `${alias}${key.slice(digits.length)}` : key

  const inText = (text: string, field: string, within: Fields): string => {
    if (nameFields.has(field) && (names.has(text) || isOf(within, id))) return nameless
    // A cell of an issued row, in a write to the spreadsheet.
    if (field === "stringValue" && text === digits) return nameless
    if (wordFields.has(field)) return words(text)
    // The key of an item stands beside the item's fields, and one of a request beside its message.
    if (field === "key" && !("message" in within)) return text
    return requestFields.has(field) ? requestKey(text) : text
  }

  const inValue = (value: unknown, field: string, within: Fields): unknown => {
    if (typeof value === "number") return value === id && personFields.has(field) ? alias : value
    if (typeof value === "string") return inText(value, field, within)
    if (Array.isArray(value)) return value.map((each) => inValue(each, field, within))
    if (!Predicate.isObject(value) || itemFields.has(field)) return value
    const fields: Fields = value
    return Object.fromEntries(
      Object.entries(fields).map(([key, each]) => [
        key === digits ? String(alias) : requestKey(key),
        inValue(each, key, fields),
      ]),
    )
  }

  const json = (text: string) => {
    if (!isFoundIn(text)) return text
    const value = parsed(text)
    return value === undefined ? text : JSON.stringify(inValue(value, "", {}))
  }

  return { isFoundIn, json, words }
}

/** Telegram's oldest ids have so many digits. */
const idLengthMin = 5

/** Replaces a word where no letter and no digit joins on to it. */
const withoutWord = (text: string, word: string, instead: string): string => {
  let left = ""
  let from = 0
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at < from) continue
    const end = at + word.length
    if (joins(text.slice(0, at).slice(-1)) || joins(text.slice(end, end + 1))) continue
    left += text.slice(from, at) + instead
    from = end
  }
  return left + text.slice(from)
}

const joins = (sign: string) => /[\p{L}\p{N}]/u.test(sign)
