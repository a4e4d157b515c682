/**
 * Every API call the bot made to either emulator, in order.
 *
 * Tests count them (the Sheets quota is a promise) and the page shows them as a log.
 */
import { Clock, Context, Effect, Layer, Schema } from "effect"

export const Call = Schema.Struct({
  /** Position in the log, counted from 1 and never reused. */
  n: Schema.Int,
  /** Milliseconds since the epoch, by the playground's clock. */
  at: Schema.Finite,
  api: Schema.Literals(["telegram", "sheets"]),
  method: Schema.String,
  /** Parameters as sent, secrets included: the playground holds only made-up ones. */
  params: Schema.Unknown,
  /** HTTP status of the answer; absent while the call is under way or when it was dropped. */
  status: Schema.optionalKey(Schema.Int),
  /** Error text of the answer, when it was refused. */
  error: Schema.optionalKey(Schema.String),
  /** The kind of the planted fault that hit this call. */
  fault: Schema.optionalKey(Schema.String),
})
export type Call = typeof Call.Type

export class Calls extends Context.Service<
  Calls,
  {
    /** Notes a call as it arrives and gives its number. */
    record(call: Pick<Call, "api" | "method" | "params">): Effect.Effect<number>
    /** Adds what became of call `n`. */
    settle(n: number, outcome: Pick<Call, "status" | "error" | "fault">): Effect.Effect<void>
    /** Calls with a number greater than `n`, oldest first. */
    since(n: number): Effect.Effect<ReadonlyArray<Call>>
  }
>()("account-bot/playground/Calls") {
  static readonly layer = Layer.effect(
    Calls,
    Effect.sync(() => {
      // Changed in place: a simulated day makes thousands of calls.
      const log: Array<Call> = []
      const indexOf = (n: number) => n - (log[0]?.n ?? 1)
      return Calls.of({
        record: Effect.fnUntraced(function* (call) {
          const at = yield* Clock.currentTimeMillis
          const n = (log.at(-1)?.n ?? 0) + 1
          log.push({ n, at, ...call })
          if (log.length > keptCalls) log.shift()
          return n
        }),
        settle: (n, outcome) =>
          Effect.sync(() => {
            const call = log[indexOf(n)]
            if (call !== undefined) log[indexOf(n)] = { ...call, ...outcome }
          }),
        since: (n) => Effect.sync(() => log.slice(Math.max(0, indexOf(n + 1)))),
      })
    }),
  )
}

/** Older calls are forgotten: a demo may run for days. */
const keptCalls = 5_000
