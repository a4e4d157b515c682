/**
 * Writes what was confirmed into the issued tabs, and corrects rows whose status changed.
 *
 * Nobody waits for it: while Google does not answer, rows wait in the journal.
 */
import { Effect, Layer } from "effect"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { Issuance } from "../domain/Issuance.ts"
import { every } from "../observe/background.ts"
import { Pools } from "../pool/Pools.ts"
import { Correction } from "../sheets/Correction.ts"
import { Flush, type IssuedRow, type WrittenRow } from "../sheets/Flush.ts"
import type { SheetsError } from "../sheets/SheetsError.ts"
import type { TabUnusable } from "../sheets/TabUnusable.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

type Failure = SheetsError | TabUnusable | StorageUnavailable

/** One kind of writing: what waits for it, and how some of that is written. */
interface Work {
  readonly waiting: (resource: string) => Effect.Effect<ReadonlyArray<Issuance>>
  readonly write: (rows: ReadonlyArray<IssuedRow>) => Effect.Effect<number, Failure>
}

/** Everything that waits now; what Google refuses stays and is tried again. */
export const once = Effect.gen(function* () {
  const pools = yield* Pools
  const flush = yield* Flush
  const correction = yield* Correction
  const trouble = yield* SheetsTrouble
  const { buffer: confirmed, corrections: changed, resources } = pools
  const written = writtenTo(pools)
  const flushing: Work = { waiting: confirmed, write: (rows) => flush.flush(rows, written) }
  const correcting: Work = { waiting: changed, write: (rows) => correction.correct(rows, written) }
  // Each for itself: new rows that cannot be written hold up no correction.
  yield* trouble.watch("flush", together(resources, flushing))
  yield* trouble.watch("correction", together(resources, correcting))
}).pipe(Effect.withSpan("Flusher.once"))

/** Tells the pools what stands in the issued tabs now; also used to finish after a restart. */
export const writtenTo = (pools: Pools["Service"]) => (written: ReadonlyArray<WrittenRow>) =>
  Effect.forEach(
    Map.groupBy(written, ({ resource }) => resource),
    ([resource, rows]) => pools.tell(resource, { _tag: "Written", rows }),
    { discard: true },
  )

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { writeBufferInterval } = yield* Settings
    yield* Effect.sleep(writeBufferInterval).pipe(
      Effect.andThen(every("flush", writeBufferInterval)(once)),
      Effect.forkScoped,
    )
  }),
)

/**
 * All tabs in one write. Google refuses a write as a whole, so after a refusal each tab is
 * written by itself: one that is closed to the bot holds up no other.
 */
const together = (resources: ReadonlyArray<Resource>, work: Work) =>
  Effect.catchIf(all(resources, work), isRefusal, () => apart(resources, work))

const apart = Effect.fnUntraced(function* (resources: ReadonlyArray<Resource>, work: Work) {
  const ends = yield* Effect.forEach(resources, (resource) => Effect.result(all([resource], work)))
  yield* Effect.forEach(ends, Effect.fromResult, { discard: true })
})

/** Until nothing waits, or nothing of it can be written. One write takes as much as it may. */
const all = Effect.fnUntraced(function* (resources: ReadonlyArray<Resource>, work: Work) {
  while (true) {
    const rows = yield* Effect.forEach(resources, (resource) =>
      Effect.map(work.waiting(resource.id), (issuances) =>
        issuances.map((issuance) => ({ resource, issuance })),
      ),
    )
    if (rows.flat().length === 0 || (yield* work.write(rows.flat())) === 0) return
  }
})

const isRefusal = (failure: Failure) =>
  failure._tag === "SheetsError" && failure.reason._tag === "Refused"
