/** Finishes after a restart the writes that the former process had begun. */
import { Context, Effect, Layer } from "effect"
import { Settings } from "../config/Settings.ts"
import type { ItemId } from "../domain/Item.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { Claim, type Claimed } from "./Claim.ts"
import { Correction } from "./Correction.ts"
import { Flush, type OnWritten } from "./Flush.ts"
import { Guard, type Handlers } from "./Guard.ts"
import { Return } from "./Return.ts"
import type { SheetsFailure } from "./SheetsError.ts"

export class SheetsRecovery extends Context.Service<
  SheetsRecovery,
  {
    /**
     * Finishes the open writes, and tells the guard how it is done. To be called before the first
     * claim, flush, correction or return. It waits as long as the outcome of a write is unclear.
     */
    recover(handlers: {
      readonly load: (resource: string, claimed: Claimed) => Effect.Effect<void, StorageUnavailable>
      readonly written: OnWritten
      readonly returned: (
        resource: string,
        ids: ReadonlyArray<ItemId>,
      ) => Effect.Effect<void, StorageUnavailable>
    }): Effect.Effect<void, SheetsFailure>
  }
>()("account-bot/sheets/SheetsRecovery") {
  static readonly layer = Layer.effect(
    SheetsRecovery,
    Effect.gen(function* () {
      const { spreadsheetAccounts, spreadsheetIssued } = yield* Settings
      const guard = yield* Guard
      const claim = yield* Claim
      const flush = yield* Flush
      const correction = yield* Correction
      const returns = yield* Return

      const recover: SheetsRecovery["Service"]["recover"] = Effect.fn("SheetsRecovery.recover")(
        function* ({ load, written, returned }) {
          const handlers: Handlers = {
            claim: claim.finish(load),
            flush: flush.finish(written),
            correction: correction.finish(written),
            return: returns.finish(returned),
            // Nothing follows from these two: the next look at the tabs shows what became of them.
            registry: () => Effect.void,
            setup: () => Effect.void,
          }
          // Each by itself, so that a spreadsheet that fails does not hold up the other.
          const ends = yield* Effect.forEach(
            new Set([spreadsheetAccounts, spreadsheetIssued]),
            (spreadsheet) => Effect.exit(guard.recover(spreadsheet, handlers)),
            { concurrency: 2 },
          )
          yield* Effect.forEach(ends, (end) => end, { discard: true })
        },
      )

      return SheetsRecovery.of({ recover })
    }),
  )
}
