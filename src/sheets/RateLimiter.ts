/**
 * Keeps every request to Google within the limits: strictly spaced starts, a bound on requests
 * in flight, and inside them one token bucket for reads and one for writes, as Google counts:
 * never more in any sixty seconds than the settings say.
 *
 * Effect's own RateLimiter hands out tokens in order of asking and keeps those of callers who
 * went away; here a person who waits passes background work, and whoever leaves frees his place.
 */
import { Cause, Clock, Context, Deferred, Effect, Exit, Layer, Random, Ref } from "effect"
import { Settings } from "../config/Settings.ts"
import { Vitals } from "../observe/Vitals.ts"
import {
  type Call,
  ended,
  initial,
  left,
  type Limits,
  next,
  queued,
  type QuotaRefusal,
  type State,
  type Waiter,
} from "./limiterState.ts"
import type { SheetsError } from "./SheetsError.ts"

export class RateLimiter extends Context.Service<
  RateLimiter,
  {
    /**
     * Runs the call when it is its turn. One that Google refuses for its quota uses no token,
     * pauses its bucket and makes it smaller; sending again is up to the caller.
     */
    run<A>(call: Call, effect: Effect.Effect<A, SheetsError>): Effect.Effect<A, SheetsError>
  }
>()("account-bot/sheets/RateLimiter") {
  static readonly layer = Layer.effect(
    RateLimiter,
    Effect.gen(function* () {
      const settings = yield* Settings
      const limits: Limits = {
        inFlightMax: settings.sheetsMaxConcurrent,
        spacing: Math.ceil(1000 / settings.sheetsRequestsPerSecond),
        perMinute: { read: settings.sheetsReadsPerMinute, write: settings.sheetsWritesPerMinute },
      }
      const start = yield* Clock.currentTimeMillis
      const state = yield* Ref.make(initial(limits, start))
      const scope = yield* Effect.scope
      const vitals = yield* Vitals
      yield* vitals.measure("sheetsPausedUntil", Effect.map(Ref.get(state), pausedUntil))
      /** When somebody looks again by himself. */
      const alarm = yield* Ref.make(Number.POSITIVE_INFINITY)

      /** Starts whoever may start now, and sets the alarm for the next one. */
      const dispatch: Effect.Effect<void> = Effect.gen(function* () {
        while (true) {
          const now = yield* Clock.currentTimeMillis
          const step = yield* Ref.modify(state, (before) => next(limits, before, now))
          if (step._tag === "Start") {
            yield* Deferred.succeed(step.waiter.granted, undefined)
            continue
          }
          const { until } = step
          if (until === undefined || until >= (yield* Ref.get(alarm))) return
          yield* Ref.set(alarm, until)
          const ring = Ref.update(alarm, (set) => (set === until ? Number.POSITIVE_INFINITY : set))
          yield* Effect.sleep(until - now).pipe(
            Effect.andThen(ring),
            Effect.andThen(dispatch),
            // Forked where a caller cannot be interrupted, it must not hold up the end.
            Effect.interruptible,
            Effect.forkIn(scope),
          )
          return
        }
      })

      const change = (f: (before: State) => State) => Effect.andThen(Ref.update(state, f), dispatch)

      const run = <A>(call: Call, effect: Effect.Effect<A, SheetsError>) =>
        Effect.uninterruptibleMask((restore) =>
          Effect.gen(function* () {
            const waiter: Waiter = { call, granted: yield* Deferred.make<void>() }
            yield* change((before) => queued(before, waiter))
            yield* Effect.onInterrupt(restore(Deferred.await(waiter.granted)), () =>
              change((before) => left(before, waiter)),
            )
            const exit = yield* Effect.exit(restore(effect))
            const now = yield* Clock.currentTimeMillis
            const jitter = yield* Random.next
            yield* change((before) => ended(before, call, quotaOf(exit), now, jitter))
            return yield* exit
          }),
        )

      return RateLimiter.of({ run })
    }),
  ).pipe(Layer.provide(Vitals.layer))
}

const pausedUntil = ({ buckets }: State) =>
  Math.max(buckets.read.pausedUntil, buckets.write.pausedUntil)

const quotaOf = (exit: Exit.Exit<unknown, SheetsError>): QuotaRefusal | undefined => {
  if (Exit.isSuccess(exit)) return undefined
  const error = Cause.findErrorOption(exit.cause)
  if (error._tag === "None" || error.value.reason._tag !== "Quota") return undefined
  return error.value.reason
}
