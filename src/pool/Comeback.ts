/** What a start found that a former process had left, as of before anything new happened. */
import { Context, Effect, Latch, Layer, Option } from "effect"
import { Settings } from "../config/Settings.ts"
import { Journal, type JournalDamaged, type StorageUnavailable } from "../store/Journal.ts"

export interface Left {
  /** When the last event was written. */
  readonly lastEventAt: number
  /** Writes to a spreadsheet that were begun and not settled. */
  readonly openWrites: number
}

export class Comeback extends Context.Service<
  Comeback,
  {
    /** None at the very first start. */
    readonly left: Option.Option<Left>
    /** Says that no write of the former process is open any more. */
    readonly writesSettled: Effect.Effect<void>
    /** Waits until somebody has said so. */
    readonly settled: Effect.Effect<void>
  }
>()("account-bot/pool/Comeback") {
  static readonly layer: Layer.Layer<
    Comeback,
    JournalDamaged | StorageUnavailable,
    Journal | Settings
  > = Layer.effect(
    Comeback,
    Effect.gen(function* () {
      const { spreadsheetAccounts, spreadsheetIssued } = yield* Settings
      const journal = yield* Journal
      const latch = yield* Latch.make()
      const [last] = yield* journal.trail({ limit: 1 })
      const intents = yield* Effect.forEach(
        new Set([spreadsheetAccounts, spreadsheetIssued]),
        (spreadsheet) => journal.intents(spreadsheet, newest),
      )
      const openWrites = intents.flat().filter(({ state }) => state === "open").length
      return Comeback.of({
        left: Option.map(Option.fromUndefinedOr(last), ({ at: lastEventAt }) => ({
          lastEventAt,
          openWrites,
        })),
        writesSettled: Effect.asVoid(latch.open),
        settled: latch.await,
      })
    }),
  )
}

/** Enough to find what is open: a spreadsheet has one write in flight, so older ones are settled. */
const newest = 10
