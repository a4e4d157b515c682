/**
 * Writes what was confirmed into the issued tabs, and corrects rows whose status changed.
 *
 * Nobody waits for it: while Google does not answer, rows wait in the journal.
 */
import { Duration, Effect, Layer } from "effect"
import { flushRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { Issuance } from "../domain/Issuance.ts"
import { every } from "../observe/background.ts"
import { Pools } from "../pool/Pools.ts"
import { Correction } from "../sheets/Correction.ts"
import { Flush, type WrittenRow } from "../sheets/Flush.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

interface Row {
  readonly resource: Resource
  readonly issuance: Issuance
}

/** Everything that waits now, oldest first; what Google refuses stays and is tried again. */
export const once = Effect.gen(function* () {
  const pools = yield* Pools
  const flush = yield* Flush
  const correction = yield* Correction
  const trouble = yield* SheetsTrouble
  const { spreadsheetIssued } = yield* Settings

  const collect = Effect.fnUntraced(function* (
    waiting: (resource: string) => Effect.Effect<ReadonlyArray<Issuance>>,
  ) {
    const rows = yield* Effect.forEach(pools.resources, (resource) =>
      Effect.map(waiting(resource.id), (issuances) =>
        issuances.map((issuance): Row => ({ resource, issuance })),
      ),
    )
    return rows.flat().toSorted((a, b) => markedAt(a) - markedAt(b))
  })

  const work = Effect.gen(function* () {
    while (true) {
      const rows = (yield* collect(pools.buffer)).slice(0, flushRowsMax)
      if (rows.length === 0) break
      if ((yield* flush.flush(rows, writtenTo(pools))) === 0) break
    }
    const changed = (yield* collect(pools.corrections)).slice(0, flushRowsMax)
    if (changed.length > 0) yield* correction.correct(changed, writtenTo(pools))
  })
  yield* trouble.watch(spreadsheetIssued, work)
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

const markedAt = ({ issuance }: Row) => issuance.mark?.at ?? Duration.toMillis(Duration.infinity)
