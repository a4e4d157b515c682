/**
 * Brings the rows that stood in the issued tabs before the bot into its books, so that
 * statistics do not begin at zero.
 *
 * Once for each tab; a tab that cannot be used yet is taken when it can. Nobody waits for it: it
 * begins when there is stock, and the same row is the same record however often it is read.
 */
import { Effect, Layer, Ref, Schedule } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { importPeriod, importRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { type History, IssuedHistory } from "../sheets/IssuedHistory.ts"
import { type Booked, Journal, type Write } from "../store/Journal.ts"
import { Refill } from "./Refill.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

/** Whether no tab is left. */
export const once = Effect.gen(function* () {
  const { resources } = yield* CatalogueSource
  const { spreadsheetIssued: spreadsheet } = yield* Settings
  const journal = yield* Journal
  const history = yield* IssuedHistory
  const trouble = yield* SheetsTrouble
  const finished = yield* Ref.make(false)

  const keyOf = ({ issuedTab }: Resource) => `${spreadsheet} ${issuedTab}`

  const round = Effect.gen(function* () {
    const done = new Set((yield* journal.documents(kind)).map(({ key }) => key))
    const open = resources.filter((one) => hasHistory(one) && !done.has(keyOf(one)))
    const found = open.length === 0 ? [] : yield* history.read(open)
    yield* Effect.forEach(found, (one) => take(one, keyOf(one.resource)), { discard: true })
    yield* Ref.set(finished, found.length === open.length)
  }).pipe(Effect.provideService(Journal, journal))

  yield* trouble.watch("import of issued rows", round)
  return yield* Ref.get(finished)
}).pipe(Effect.withSpan("ImportHistory.once"))

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { filled } = yield* Refill
    yield* once.pipe(
      Effect.repeat({ until: (done) => done, schedule: Schedule.spaced(importPeriod) }),
      (rounds) => Effect.andThen(filled, rounds),
      Effect.forkScoped,
    )
  }),
)

/** Kind of the documents that say of a tab that all of it is in the books. */
const kind = "import"

/** A registry of proxies is not a list of what was issued when. */
const hasHistory = ({ issuedColumns }: Resource) =>
  issuedColumns.some(({ holds }) => holds === "issuedAt")

/** The record that it is done comes with the last rows: a restart in between begins again. */
const take = Effect.fnUntraced(function* (
  { resource, rows, unreadable, unknownStatuses }: History,
  key: string,
) {
  const journal = yield* Journal
  const own = yield* ownRows(resource)
  const others = rows.filter((row) => !own.has(row.id) && !own.has(placeOf(row)))
  const document: Write = { _tag: "DocumentPut", kind, key, body: { rows: others.length } }
  for (let at = 0; at < others.length; at += importRowsMax) {
    const part: Write = { _tag: "BooksImported", rows: others.slice(at, at + importRowsMax) }
    yield* journal.write([part])
  }
  yield* journal.write([document])
  if (others.length + unreadable === 0) return
  yield* Effect.logInfo(
    `${resource.id}: ${others.length} issued rows of before imported, ${unreadable} not readable, ` +
      `${unknownStatuses} with an unknown status`,
  )
})

/** What the bot issued itself: its id, and what is left in the row where somebody wiped that out. */
const ownRows = Effect.fnUntraced(function* ({ id: resource }: Resource) {
  const journal = yield* Journal
  const own = new Set<string>()
  let after: Booked | undefined
  do {
    const page = { limit: importRowsMax, ...(after === undefined ? {} : { after }) }
    const booked: ReadonlyArray<Booked> = yield* journal.booked({ resource }, page)
    for (const row of booked.filter(({ imported }) => !imported)) own.add(row.id).add(placeOf(row))
    after = booked.length < importRowsMax ? undefined : booked.at(-1)
  } while (after !== undefined)
  return own
})

/** The sheet knows seconds. */
const placeOf = ({ key, issuedAt }: Booked) => `${Math.floor(issuedAt / 1000)} ${key}`
