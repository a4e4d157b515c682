/**
 * Keeps every request to Google within the limits: strictly spaced starts, a bound on requests
 * in flight, and inside them one token bucket for reads and one for writes, as Google counts.
 *
 * Effect's own RateLimiter hands out tokens in order of asking and keeps those of callers who
 * went away; here a person who waits passes background work, and whoever leaves frees his place.
 */
import { Cause, Clock, Context, Deferred, Effect, Exit, Layer, Random, Ref } from "effect"
import { Settings } from "../config/Settings.ts"
import type { SheetsError } from "./SheetsError.ts"

export type Urgency = "person" | "background"

export interface Call {
  readonly bucket: "read" | "write"
  readonly urgency: Urgency
}

export class RateLimiter extends Context.Service<
  RateLimiter,
  {
    /**
     * Runs the call when it is its turn. One that Google refuses for its quota uses no token
     * and pauses its bucket; sending again is up to the caller.
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
            yield* change((before) => ({ ...before, waiting: queued(before.waiting, waiter) }))
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
  )
}

/** Calls that may start at once after a quiet time. */
const burst = 5

interface Limits {
  readonly inFlightMax: number
  readonly spacing: number
  readonly perMinute: Readonly<Record<Call["bucket"], number>>
}

interface Waiter {
  readonly call: Call
  readonly granted: Deferred.Deferred<void>
}

interface Bucket {
  readonly tokens: number
  readonly at: number
  readonly pausedUntil: number
  /** Refusals for quota in a row. */
  readonly refusals: number
}

interface State {
  /** In the order in which they will start: persons first. */
  readonly waiting: ReadonlyArray<Waiter>
  readonly inFlight: number
  readonly notBefore: number
  readonly buckets: Readonly<Record<Call["bucket"], Bucket>>
}

type Step =
  | { readonly _tag: "Start"; readonly waiter: Waiter }
  | { readonly _tag: "Wait"; readonly until: number | undefined }

const capacity = (limits: Limits, bucket: Call["bucket"]) =>
  Math.max(1, Math.min(burst, limits.perMinute[bucket]))

const initial = (limits: Limits, now: number): State => {
  const full = (bucket: Call["bucket"]): Bucket => ({
    tokens: capacity(limits, bucket),
    at: now,
    pausedUntil: 0,
    refusals: 0,
  })
  return {
    waiting: [],
    inFlight: 0,
    notBefore: 0,
    buckets: { read: full("read"), write: full("write") },
  }
}

const queued = (waiting: ReadonlyArray<Waiter>, waiter: Waiter) => {
  const firstBehind = waiting.findIndex(({ call }) => call.urgency === "background")
  return waiter.call.urgency === "person" && firstBehind >= 0
    ? waiting.toSpliced(firstBehind, 0, waiter)
    : [...waiting, waiter]
}

/** Starts the first waiter whose bucket has a token, or says when to look again. */
const next = (limits: Limits, before: State, now: number): readonly [Step, State] => {
  if (before.waiting.length === 0 || before.inFlight >= limits.inFlightMax) {
    return [{ _tag: "Wait", until: undefined }, before]
  }
  const state = { ...before, buckets: refilled(limits, before.buckets, now) }
  const startOf = ({ call }: Waiter) =>
    Math.max(state.notBefore, readyAt(limits, state.buckets[call.bucket], call.bucket))
  const waiter = state.waiting.find((one) => startOf(one) <= now)
  if (waiter === undefined) {
    return [{ _tag: "Wait", until: Math.min(...state.waiting.map(startOf)) }, state]
  }
  const started: State = {
    waiting: state.waiting.filter((one) => one !== waiter),
    inFlight: state.inFlight + 1,
    notBefore: now + limits.spacing,
    buckets: withTokens(state.buckets, waiter.call.bucket, -1),
  }
  return [{ _tag: "Start", waiter }, started]
}

const refilled = (limits: Limits, buckets: State["buckets"], now: number): State["buckets"] => {
  const fill = (name: Call["bucket"]): Bucket => {
    const { tokens, at } = buckets[name]
    const grown = tokens + ((now - at) * limits.perMinute[name]) / 60_000
    return { ...buckets[name], tokens: Math.min(capacity(limits, name), grown), at: now }
  }
  return { read: fill("read"), write: fill("write") }
}

const readyAt = (limits: Limits, bucket: Bucket, name: Call["bucket"]) => {
  const missing = 1 - bucket.tokens
  // Sums of fractions miss a whole token by a hair.
  const wait = missing < 1e-6 ? 0 : Math.ceil((missing * 60_000) / limits.perMinute[name])
  return Math.max(bucket.pausedUntil, bucket.at + wait)
}

const withTokens = (buckets: State["buckets"], name: Call["bucket"], count: number) => ({
  ...buckets,
  [name]: { ...buckets[name], tokens: buckets[name].tokens + count },
})

/** A waiter that goes away: out of the queue, or, when its turn had just come, out of flight. */
const left = (before: State, waiter: Waiter): State =>
  before.waiting.includes(waiter)
    ? { ...before, waiting: before.waiting.filter((one) => one !== waiter) }
    : {
        ...before,
        inFlight: before.inFlight - 1,
        buckets: withTokens(before.buckets, waiter.call.bucket, 1),
      }

const quotaOf = (exit: Exit.Exit<unknown, SheetsError>) => {
  if (Exit.isSuccess(exit)) return undefined
  const error = Cause.findErrorOption(exit.cause)
  if (error._tag === "None" || error.value.reason._tag !== "Quota") return undefined
  return error.value.reason
}

const ended = (
  before: State,
  { bucket: name }: Call,
  quota: { readonly retryAfterMs: number | null } | undefined,
  now: number,
  jitter: number,
): State => {
  const inFlight = before.inFlight - 1
  const bucket = before.buckets[name]
  if (quota === undefined) {
    return {
      ...before,
      inFlight,
      buckets: { ...before.buckets, [name]: { ...bucket, refusals: 0 } },
    }
  }
  const backoff = Math.min(2 ** bucket.refusals * 1000 + jitter * 1000, 64_000)
  const nextMinute = (Math.floor(now / 60_000) + 1) * 60_000 + 1000 + jitter * 4000
  const pausedUntil = Math.ceil(
    Math.max(now + (quota.retryAfterMs ?? 0), now + backoff, nextMinute),
  )
  const paused = { ...bucket, pausedUntil, refusals: bucket.refusals + 1 }
  return {
    ...before,
    inFlight,
    buckets: withTokens({ ...before.buckets, [name]: paused }, name, 1),
  }
}
