/**
 * Keeps the requests to Google within its limits: their starts have a strict distance, only so many
 * are in flight, and reads and writes have a token bucket each, as Google counts them. The first
 * requests after a start need no distance, since people wait for the bot then and Google counts by
 * the minute. In no sixty seconds there are more than the settings say, the first ones included.
 *
 * Effect's own RateLimiter hands out tokens in the order of asking and keeps those of callers who
 * went away. Here a person who waits passes background work, and a caller who leaves frees his
 * place.
 */
import { Cause, Clock, Context, Deferred, Effect, Exit, Layer, Random, Ref } from "effect"
import { Settings } from "../config/Settings.ts"
import { elapsed } from "../observe/elapsed.ts"
import { Vitals } from "../observe/Vitals.ts"
import { Tenure } from "../store/Ownership.ts"
import type { SheetsError } from "./SheetsError.ts"

/** Who waits for a request: requests that a person waits for go first. */
export type Urgency = "person" | "background"

export interface Call {
  readonly bucket: "read" | "write"
  readonly urgency: Urgency
}

/** By how many bots each setting is shared; 1 where it is this bot's alone. */
export interface Shares {
  readonly requests: number
  readonly read: number
  readonly write: number
}

/**
 * Google's quota is that of a service account. Where other bots of this database use the same one,
 * each keeps to its part of what the settings say. It changes while bots come and go.
 */
export class AccountShare extends Context.Reference<Effect.Effect<Shares>>(
  "account-bot/sheets/RateLimiter/AccountShare",
  { defaultValue: () => Effect.succeed({ requests: 1, read: 1, write: 1 }) },
) {}

export class RateLimiter extends Context.Service<
  RateLimiter,
  {
    /**
     * Runs the call when it is its turn. A call that Google refuses for its quota uses no token,
     * pauses its bucket and makes it smaller. It is up to the caller to try again.
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
        startBurst: settings.sheetsStartBurst,
        perMinute: { read: settings.sheetsReadsPerMinute, write: settings.sheetsWritesPerMinute },
      }
      const start = yield* elapsed
      const { wasAnothers } = yield* Tenure
      const share = yield* AccountShare
      const begin = wasAnothers ? spent : initial
      const state = yield* Ref.make(begin(limits, yield* share, start))
      const scope = yield* Effect.scope
      const vitals = yield* Vitals
      yield* vitals.measure("sheetsPausedUntil", Effect.flatMap(Ref.get(state), pauseOnTheWall))
      yield* vitals.measure("sheetsReadsLeft", Effect.flatMap(Ref.get(state), leftIn("read")))
      yield* vitals.measure("sheetsWritesLeft", Effect.flatMap(Ref.get(state), leftIn("write")))
      /** When the next look is due that nobody's call causes. */
      const alarm = yield* Ref.make(Number.POSITIVE_INFINITY)

      /** Starts the calls that may start now, and sets the alarm for the next one. */
      const dispatch: Effect.Effect<void> = Effect.gen(function* () {
        while (true) {
          const now = yield* elapsed
          const shares = yield* share
          const step = yield* Ref.modify(state, (before) =>
            nextStep(limits, sharedBy(before, shares), now),
          )
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
            // It is forked where a caller cannot be interrupted, and must not hold up the end.
            Effect.interruptible,
            Effect.forkIn(scope),
          )
          return
        }
      })

      const change = (f: (before: LimiterState) => LimiterState) =>
        Effect.andThen(Ref.update(state, f), dispatch)

      const run = <A>(call: Call, effect: Effect.Effect<A, SheetsError>) =>
        Effect.uninterruptibleMask((restore) =>
          Effect.gen(function* () {
            const waiter: Waiter = { call, granted: yield* Deferred.make<void>() }
            yield* change((before) => queued(before, waiter))
            yield* Effect.onInterrupt(restore(Deferred.await(waiter.granted)), () =>
              change((before) => left(before, waiter)),
            )
            const exit = yield* Effect.exit(restore(effect))
            const end = {
              now: yield* elapsed,
              untilMinute: minute - ((yield* Clock.currentTimeMillis) % minute),
              jitter: yield* Random.next,
            }
            yield* change((before) => ended(before, call, quotaOf(exit), end))
            return yield* exit
          }),
        )

      return RateLimiter.of({ run })
    }),
  ).pipe(Layer.provide(Vitals.layer))
}

const minute = 60_000

interface Limits {
  readonly inFlightMax: number
  /** The least time between two starts. */
  readonly spacing: number
  /** How many reads, and how many writes, may start at once after the program did. */
  readonly startBurst: number
  readonly perMinute: Readonly<Record<Call["bucket"], number>>
}

interface LimiterState {
  /** In the order in which they start: those that a person waits for come first. */
  readonly waiting: ReadonlyArray<Waiter>
  readonly inFlight: number
  /** When the next call may start. */
  readonly notBefore: number
  readonly shares: Shares
  readonly buckets: Readonly<Record<Call["bucket"], Bucket>>
}

/** A call that waits for its turn. */
interface Waiter {
  readonly call: Call
  readonly granted: Deferred.Deferred<void>
}

interface Bucket {
  readonly tokens: number
  /** How many calls may still go without a distance and a token, as the program has just started. */
  readonly atStart: number
  /** When the calls of the last minute started, oldest first. */
  readonly started: ReadonlyArray<number>
  /** When the tokens were last counted, as all times here by what has gone by. */
  readonly at: number
  readonly pausedUntil: number
  /** How often in a row Google refused for the quota. */
  readonly refusals: number
  /** How many calls a minute are made of now; after refusals less than the setting. */
  readonly perMinute: number
  /** How many that may grow to again: the setting, or less where Google said so. */
  readonly perMinuteMax: number
  /** When `perMinute` was last changed. */
  readonly changedAt: number
}

/** What is to be done next. */
type Step =
  | { readonly _tag: "Start"; readonly waiter: Waiter }
  | { readonly _tag: "Wait"; readonly until: number | undefined }

/** What Google said when it refused a call for its quota. */
interface QuotaRefusal {
  readonly retryAfterMs: number | null
  readonly perMinute: number | null
}

/** The refusal, if Google refused the call for its quota. */
const quotaOf = (exit: Exit.Exit<unknown, SheetsError>): QuotaRefusal | undefined => {
  if (Exit.isSuccess(exit)) return undefined
  const error = Cause.findErrorOption(exit.cause)
  if (error._tag === "None" || error.value.reason._tag !== "Quota") return undefined
  return error.value.reason
}

const initial = (limits: Limits, shares: Shares, now: number): LimiterState => {
  const full = (bucket: Call["bucket"]): Bucket => {
    const perMinute = limits.perMinute[bucket] / shares[bucket]
    return {
      tokens: burst(perMinute),
      atStart: Math.min(limits.startBurst - 1, atStartMax(perMinute)),
      started: [],
      at: now,
      pausedUntil: 0,
      refusals: 0,
      perMinute,
      perMinuteMax: perMinute,
      changedAt: now,
    }
  }
  return {
    waiting: [],
    inFlight: 0,
    notBefore: 0,
    shares,
    buckets: { read: full("read"), write: full("write") },
  }
}

/**
 * Another process had the bot within the last minute and may have used all that Google allows in one,
 * up to the moment at which it lost it.
 */
const spent = (limits: Limits, shares: Shares, now: number): LimiterState => {
  const { buckets, ...state } = initial(limits, shares, now)
  const used = (bucket: Bucket): Bucket => ({
    ...bucket,
    tokens: 0,
    atStart: 0,
    started: Array.from({ length: Math.max(1, Math.floor(bucket.perMinute)) }, () => now),
  })
  return { ...state, buckets: { read: used(buckets.read), write: used(buckets.write) } }
}

/** Most of a minute is left for what comes after the start. */
const atStartMax = (perMinute: number) => Math.floor((perMinute * 2) / 5)

/** The state where so many bots share the account from now on. */
const sharedBy = (before: LimiterState, shares: Shares): LimiterState => {
  const fit = (name: Call["bucket"]): Bucket => {
    const bucket = before.buckets[name]
    const factor = before.shares[name] / shares[name]
    if (factor === 1) return bucket
    const perMinute = bucket.perMinute * factor
    return {
      ...bucket,
      perMinute,
      perMinuteMax: bucket.perMinuteMax * factor,
      tokens: Math.min(bucket.tokens, burst(perMinute)),
      atStart: Math.min(bucket.atStart, atStartMax(perMinute)),
    }
  }
  return { ...before, shares, buckets: { read: fit("read"), write: fit("write") } }
}

const queued = (before: LimiterState, waiter: Waiter): LimiterState => {
  const { waiting } = before
  const firstBehind = waiting.findIndex(({ call }) => call.urgency === "background")
  return {
    ...before,
    waiting:
      waiter.call.urgency === "person" && firstBehind >= 0
        ? waiting.toSpliced(firstBehind, 0, waiter)
        : [...waiting, waiter],
  }
}

/** Starts the first waiter whose bucket has a token, or says when to look again. */
const nextStep = (
  limits: Limits,
  before: LimiterState,
  now: number,
): readonly [Step, LimiterState] => {
  if (before.waiting.length === 0 || before.inFlight >= limits.inFlightMax) {
    return [{ _tag: "Wait", until: undefined }, before]
  }
  const state = { ...before, buckets: refilled(before.buckets, now) }
  const spacing = limits.spacing * state.shares.requests
  const startOf = ({ call }: Waiter) => {
    const bucket = state.buckets[call.bucket]
    return bucket.atStart > 0 ? readyAt(bucket) : Math.max(state.notBefore, readyAt(bucket))
  }
  const persons = state.waiting.filter(({ call }) => call.urgency === "person")
  const personAt = Math.min(...persons.map(startOf))
  const lastPlace = persons.length > 0 && state.inFlight + 1 >= limits.inFlightMax
  // Background work does not start when a person's call is about to: it would delay that call.
  const isHeld = ({ call }: Waiter) =>
    call.urgency === "background" && (now + spacing > personAt || lastPlace)
  const waiter = state.waiting.find((one) => startOf(one) <= now && !isHeld(one))
  if (waiter === undefined) {
    const looks = state.waiting.map((one) => (isHeld(one) ? personAt : startOf(one)))
    return [{ _tag: "Wait", until: Math.min(...looks) }, state]
  }
  const isAtStart = state.buckets[waiter.call.bucket].atStart > 0
  const started: LimiterState = {
    ...state,
    waiting: state.waiting.filter((one) => one !== waiter),
    inFlight: state.inFlight + 1,
    notBefore: isAtStart ? state.notBefore : now + spacing,
    buckets: withStart(state.buckets, waiter.call.bucket, now),
  }
  return [{ _tag: "Start", waiter }, started]
}

/**
 * The state when a waiter goes away: out of the queue or, if its turn had just come, out of flight.
 */
const left = (before: LimiterState, waiter: Waiter): LimiterState =>
  before.waiting.includes(waiter)
    ? { ...before, waiting: before.waiting.filter((one) => one !== waiter) }
    : {
        ...before,
        inFlight: before.inFlight - 1,
        buckets: withTokens(before.buckets, waiter.call.bucket, 1),
      }

/** When a call has ended. */
interface End {
  readonly now: number
  /** How long it is to the next minute of the clock on the wall, by which Google counts. */
  readonly untilMinute: number
  /** A random number between 0 and 1. */
  readonly jitter: number
}

/** The state when a call has ended. */
const ended = (
  before: LimiterState,
  { bucket: name }: Call,
  quota: QuotaRefusal | undefined,
  { now, untilMinute, jitter }: End,
): LimiterState => {
  const inFlight = before.inFlight - 1
  const bucket = before.buckets[name]
  if (quota === undefined) {
    const calm = { ...bucket, refusals: 0 }
    return { ...before, inFlight, buckets: { ...before.buckets, [name]: calm } }
  }
  const wait = Math.min(2 ** bucket.refusals * 1000 + jitter * 1000, 64_000)
  const nextMinute = now + untilMinute + 1000 + jitter * 4000
  const pausedUntil = Math.ceil(Math.max(now + (quota.retryAfterMs ?? 0), now + wait, nextMinute))
  // Calls that were under way together are refused together, which counts as one refusal.
  const less =
    bucket.pausedUntil > now
      ? bucket
      : lowered(bucket, partOf(quota.perMinute, before.shares[name]), now)
  const paused = { ...less, pausedUntil, refusals: bucket.refusals + 1 }
  return {
    ...before,
    inFlight,
    buckets: withTokens({ ...before.buckets, [name]: paused }, name, 1),
  }
}

/** Google tells what the account may do. */
const partOf = (perMinute: number | null, share: number) =>
  perMinute === null ? null : perMinute / share

/** When the last pause of a bucket ends, by the clock on the wall; 0 where there was none. */
const pauseOnTheWall = Effect.fnUntraced(function* ({ buckets }: LimiterState) {
  const until = Math.max(buckets.read.pausedUntil, buckets.write.pausedUntil)
  return until === 0 ? 0 : until - (yield* elapsed) + (yield* Clock.currentTimeMillis)
})

/** How many calls may still start within this minute, which are the sixty seconds up to now. */
const leftIn = (name: Call["bucket"]) =>
  Effect.fnUntraced(function* ({ buckets }: LimiterState) {
    const { perMinute, started } = buckets[name]
    return Math.max(0, Math.floor(perMinute) - ofLastMinute(started, yield* elapsed).length)
  })

/** How many calls may start at once after a quiet time. */
const burst = (perMinute: number) => Math.max(1, Math.min(5, Math.floor(perMinute / 10)))

/**
 * How many tokens a minute come, so that they and a burst keep within the limit of any sixty
 * seconds.
 */
const refillPerMinute = (perMinute: number) =>
  perMinute < 1 ? perMinute : Math.floor(perMinute) - burst(perMinute) + 1

/** When a bucket may grow again: others may share the quota, so what is left is found by trying. */
const growsAgainAfter = 10 * 60_000

const refilled = (buckets: LimiterState["buckets"], now: number): LimiterState["buckets"] => {
  const fill = (before: Bucket): Bucket => {
    const bucket = regrown(before, now)
    const refill = refillPerMinute(bucket.perMinute)
    const grown = bucket.tokens + ((now - bucket.at) * refill) / 60_000
    return { ...bucket, tokens: Math.min(burst(bucket.perMinute), grown), at: now }
  }
  return { read: fill(buckets.read), write: fill(buckets.write) }
}

/** The bucket with the growth that is due by now. */
const regrown = (bucket: Bucket, now: number): Bucket => {
  const changedAt = bucket.changedAt + growsAgainAfter
  if (bucket.perMinute >= bucket.perMinuteMax || changedAt > now) return bucket
  const perMinute = Math.min(bucket.perMinuteMax, Math.ceil((bucket.perMinute * 4) / 3))
  return regrown({ ...bucket, perMinute, changedAt }, now)
}

/**
 * The bucket after a refusal: a sixth below the figure that Google told or, where that is not lower
 * than what is used already, a quarter below that.
 */
const lowered = (bucket: Bucket, told: number | null, now: number): Bucket => {
  const allowed = told === null ? bucket.perMinuteMax : Math.floor((told * 5) / 6)
  const perMinuteMax = atLeastOne(Math.min(bucket.perMinuteMax, allowed), bucket)
  const perMinute =
    perMinuteMax < bucket.perMinute
      ? perMinuteMax
      : atLeastOne(Math.floor((bucket.perMinute * 3) / 4), bucket)
  const tokens = Math.min(bucket.tokens, burst(perMinute))
  return { ...bucket, tokens, atStart: 0, perMinute, perMinuteMax, changedAt: now }
}

const atLeastOne = (perMinute: number, bucket: Bucket) =>
  Math.max(Math.min(1, bucket.perMinute), perMinute)

/** When the bucket has a token. */
const readyAt = (bucket: Bucket) => {
  const missing = bucket.atStart > 0 ? 0 : 1 - bucket.tokens
  // Sums of fractions may miss a whole token by a hair.
  const wait =
    missing < 1e-6 ? 0 : Math.ceil((missing * 60_000) / refillPerMinute(bucket.perMinute))
  // Calls of a start come on top of the tokens of its first minute, which may be too many.
  const before = bucket.started.at(-Math.max(1, Math.floor(bucket.perMinute)))
  const untilRoom = before === undefined ? 0 : before + minute
  return Math.max(bucket.pausedUntil, bucket.at + wait, untilRoom)
}

const withStart = (buckets: LimiterState["buckets"], name: Call["bucket"], now: number) => {
  const { tokens, atStart, started } = buckets[name]
  const used = atStart > 0 ? { atStart: atStart - 1 } : { tokens: tokens - 1 }
  const starts = [...ofLastMinute(started, now), now]
  return { ...buckets, [name]: { ...buckets[name], ...used, started: starts } }
}

const ofLastMinute = (started: Bucket["started"], now: number) =>
  started.filter((at) => at > now - minute)

const withTokens = (buckets: LimiterState["buckets"], name: Call["bucket"], count: number) => ({
  ...buckets,
  [name]: { ...buckets[name], tokens: buckets[name].tokens + count },
})
