/**
 * Finishes the sheet writes that a former process left open.
 *
 * It runs beside the program: while Google does not answer, items are issued from the stock that
 * was restored, and no new write begins before the open one is settled.
 */
import { Effect, Layer } from "effect"
import { Settings } from "../config/Settings.ts"
import { Pools } from "../pool/Pools.ts"
import { SheetsRecovery } from "../sheets/SheetsRecovery.ts"
import { writtenTo } from "./Flusher.ts"
import { loadInto } from "./Refill.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

export const once = Effect.gen(function* () {
  const { spreadsheetIssued } = yield* Settings
  const pools = yield* Pools
  const recovery = yield* SheetsRecovery
  const trouble = yield* SheetsTrouble
  yield* trouble.watch(
    spreadsheetIssued,
    recovery.recover({ load: loadInto(pools), written: writtenTo(pools) }),
  )
}).pipe(Effect.withSpan("Recovery.once"))

/** The ways to finish are known before any other write begins. */
export const layer = Layer.effectDiscard(Effect.forkScoped(once, { startImmediately: true }))
