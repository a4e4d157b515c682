/**
 * Brings the rows that stood in the issued tabs before the bot into its books, so that statistics
 * do not begin at zero.
 *
 * Each tab is imported once; one that cannot be used yet is imported when it can. Nobody waits for
 * it: it begins when there is stock. A row is the same record however often it is read.
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

/** Imports the tabs that can be read now; answers whether no tab is left. */
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

/** The kind of the documents that say that all of a tab is in the books. */
const kind = "import"

/** Whether the tab lists what was issued and when; the registry of the proxies does not. */
const hasHistory = ({ issuedColumns }: Resource) =>
  issuedColumns.some(({ holds }) => holds === "issuedAt")

/**
 * Imports a tab. That it is done is written last, so that after a restart in between it begins
 * anew.
 */
const take = Effect.fnUntraced(function* (
  { resource, rows, unreadable, unknownStatuses }: History,
  key: string,
) {
  const journal = yield* Journal
  // To read all that was ever issued takes its time, and with nothing to import it is for nothing.
  const own = rows.length === 0 ? new Set<string>() : yield* ownRows(resource)
  const others = rows.filter((row) => !own.has(row.id) && !own.has(timeAndItem(row)))
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

/** What the bot issued itself, by id, and by time and item for rows whose id somebody wiped out. */
const ownRows = Effect.fnUntraced(function* ({ id: resource }: Resource) {
  const journal = yield* Journal
  const own = new Set<string>()
  let after: Booked | undefined
  do {
    const page = { limit: importRowsMax, ...(after === undefined ? {} : { after }) }
    const booked: ReadonlyArray<Booked> = yield* journal.booked({ resource }, page)
    for (const row of booked.filter(({ imported }) => !imported))
      own.add(row.id).add(timeAndItem(row))
    after = booked.length < importRowsMax ? undefined : booked.at(-1)
    yield* Effect.yieldNow
  } while (after !== undefined)
  return own
})

/** The time and the item of a row; the sheet has whole seconds. */
const timeAndItem = ({ key, issuedAt }: Booked) => `${Math.floor(issuedAt / 1000)} ${key}`
