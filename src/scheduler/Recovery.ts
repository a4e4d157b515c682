/**
 * Finishes the writes to spreadsheets that a former process left open.
 *
 * It runs beside the program: while Google does not answer, items are issued from the stock that
 * was restored, and no new write begins before the open one is settled.
 */
import { Effect, Layer, Schedule } from "effect"
import { Regions } from "../access/Regions.ts"
import { timerPeriod } from "../config/Limits.ts"
import { Comeback } from "../pool/Comeback.ts"
import { Pools } from "../pool/Pools.ts"
import { SheetsRecovery } from "../sheets/SheetsRecovery.ts"
import { writtenTo } from "./Flusher.ts"
import { returnedTo } from "./Outdated.ts"
import { loadInto } from "./Refill.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

/** Finishes what can be finished; answers whether no write is open any more. */
export const once = Effect.gen(function* () {
  const pools = yield* Pools
  const recovery = yield* SheetsRecovery
  const trouble = yield* SheetsTrouble
  return yield* trouble.watch(
    "recovery",
    recovery.recover({
      load: loadInto(pools, yield* Regions),
      written: writtenTo(pools),
      returned: returnedTo(pools),
    }),
  )
}).pipe(Effect.withSpan("Recovery.once"))

/**
 * It starts at once, so that no other write begins before it, and repeats until all is finished.
 */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { writesSettled } = yield* Comeback
    yield* once.pipe(
      Effect.repeat({ until: (done) => done, schedule: Schedule.spaced(timerPeriod) }),
      Effect.andThen(writesSettled),
      Effect.forkScoped({ startImmediately: true }),
    )
  }),
)
