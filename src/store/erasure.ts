/**
 * Takes a person out of the tables of the journal in SQLite, so that a search of their bytes finds
 * neither the id nor the names. What stands in their place see eraser.ts.
 */
import { nameless } from "../domain/Employee.ts"
import { rewriteBlocks } from "./archive.ts"
import type { DayAt } from "./counts.ts"
import { type Eraser, type Forgotten, isName, makeEraser, namesIn } from "./eraser.ts"
import { forgetKind } from "./Journal.ts"
import { refOfPerson } from "./records.ts"
import type { Database } from "./SqliteDatabase.ts"
import { type Column, partsOf, type Place, type Sealing } from "./sealing.ts"
import { changed, isSound } from "./soundness.ts"
import { fillCounts, plainKindsListed, sealingOfDocuments } from "./sqliteTables.ts"

/**
 * Erases the person, and gives the number of issuances that were theirs. To be called inside a
 * transaction, on tables of this version.
 */
export const eraseFrom = (
  database: Database,
  person: Forgotten,
  { dayAt, sealing }: { readonly dayAt: DayAt; readonly sealing: Sealing },
): number => {
  const eraser = makeEraser({ ...person, names: namesOf(database, person.id, sealing) })
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
const namesOf = (database: Database, id: number, sealing: Sealing): ReadonlySet<string> => {
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
  const names = new Set([...stages, ...texts.flatMap((text) => namesIn(text, id))])
  return new Set([...names].filter((name) => isName(name) && !isOfOthers(name)))
}
