/**
 * Writes what was confirmed into the issued tabs, and corrects rows whose status changed.
 *
 * Nobody waits for it: while Google does not answer, the rows wait in the journal. A row that
 * Google refuses does not hold up the others; the admins are told of those that it goes on
 * refusing.
 */
import { Duration, Effect, Layer, Ref } from "effect"
import { siftWritesMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { Alarms } from "../observe/Alarms.ts"
import { every, supervise } from "../observe/background.ts"
import { bothTimes, elapsed } from "../observe/elapsed.ts"
import { Vitals } from "../observe/Vitals.ts"
import { FailedRows } from "../pool/FailedRows.ts"
import { Pools } from "../pool/Pools.ts"
import { Correction } from "../sheets/Correction.ts"
import { Flush, type WrittenRow } from "../sheets/Flush.ts"
import { isBehind } from "./CatchUp.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"
import { Sieve, type Work } from "./Sieve.ts"

/** Writes everything that waits now. What Google refuses stays and is tried again. */
export const once = Effect.gen(function* () {
  const pools = yield* Pools
  const flush = yield* Flush
  const correction = yield* Correction
  const trouble = yield* SheetsTrouble
  const sieve = yield* Sieve
  const { buffer: confirmed, corrections: changed, resources } = pools
  const written = writtenTo(pools)
  const flushing: Work = {
    kind: "new",
    waiting: confirmed,
    write: (rows) => flush.flush(rows, written),
  }
  const correcting: Work = {
    kind: "correction",
    waiting: changed,
    write: (rows) => correction.correct(rows, written),
  }
  const budget = yield* Ref.make(siftWritesMax)
  const spend = Ref.modify(budget, (left): [boolean, number] => [left > 0, left - 1])
  const both = Effect.gen(function* () {
    // These are two rounds, so that new rows that cannot be written hold up no correction.
    yield* trouble.watch("flush", sieve.round(resources, flushing, spend))
    yield* trouble.watch("correction", sieve.round(resources, correcting, spend))
    yield* tellRefused(resources)
  })
  // Rows that an older copy takes for unwritten may stand in their tabs.
  if (yield* isBehind) return
  yield* sieve.oneAtATime(both)
}).pipe(Effect.withSpan("Flusher.once"))

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { writeBufferInterval } = yield* Settings
    const { wished } = yield* FailedRows
    const { measure } = yield* Vitals
    const period = Duration.toMillis(writeBufferInterval)
    const due = yield* Ref.make((yield* elapsed) + period)
    const planNext = Effect.flatMap(elapsed, (now) => Ref.set(due, now + period))
    yield* measure(
      "nextFlushAt",
      Effect.zipWith(Ref.get(due), bothTimes, (at, { wall, gone }) => at - gone + wall),
    )
    yield* Effect.sleep(writeBufferInterval).pipe(
      Effect.andThen(every("flush", writeBufferInterval)(Effect.ensuring(once, planNext))),
      Effect.forkScoped,
    )
    yield* Effect.andThen(wished, once).pipe(supervise("flush on a wish"))
  }),
).pipe(Layer.provide(Vitals.layer))

/**
 * Tells the admins of each tab once when Google goes on refusing rows of it, and once when that
 * ends.
 */
const tellRefused = Effect.fnUntraced(function* (resources: ReadonlyArray<Resource>) {
  const alarms = yield* Alarms
  const failed = yield* (yield* FailedRows).failed
  yield* Effect.forEach(
    resources,
    ({ id: resource, issuedTab: tab }) => {
      const isFailing = failed.some((row) => row.resource === resource)
      return (isFailing ? alarms.raise : alarms.clear)({ _tag: "RowsRefused", resource, tab })
    },
    { discard: true },
  )
})

/**
 * Tells the pools what the issued tabs say now. A write that a former process began ends so too.
 */
export const writtenTo = (pools: Pools["Service"]) => (written: ReadonlyArray<WrittenRow>) =>
  Effect.forEach(
    Map.groupBy(written, ({ resource }) => resource),
    ([resource, rows]) => pools.tell(resource, { _tag: "Written", rows }),
    { discard: true },
  )
