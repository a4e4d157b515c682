/**
 * How many updates of each person are handled. What goes beyond that is dropped before any handler
 * sees it, so that one person who floods the bot takes no time of the others.
 *
 * An allowance is a token bucket, filled by the time that has gone by. Whoever has access has a
 * generous one. Everybody else has one for a burst and one for the hour, and all outsiders together
 * have a third: a crowd of accounts costs no more than a few new colleagues do.
 */
import { Clock, Duration, Effect } from "effect"
import {
  colleagueUpdates,
  outsiderUpdates,
  outsiderUpdatesInHour,
  outsidersRemembered,
  outsidersTogether,
  slowDownPeriod,
} from "../config/Limits.ts"

/** So many at once, and one more in each `every`. */
export interface Allowance {
  readonly burst: number
  readonly every: Duration.Duration
}

/** `slower`: dropped, and the person is to be told so; `dropped`: without a word. */
type Verdict = "handled" | "slower" | "dropped"

interface Allowances {
  /**
   * Takes one update of a person, who is a colleague with access or an outsider. `inWork`: how many
   * of the person wait already, as a slow handler fills no bucket.
   */
  take(person: number, isColleague: boolean, inWork: number): Effect.Effect<Verdict>
  /** How many people are remembered now. */
  readonly remembered: Effect.Effect<number>
}

interface Bucket {
  readonly tokens: number
  /** When the tokens were counted, in milliseconds that have gone by. */
  readonly at: number
}

export const makeAllowances = Effect.sync((): Allowances => {
  const colleagues = new Map<number, { bucket: Bucket; toldAt: number }>()
  /** In the order of their last update that was handled. */
  const outsiders = new Map<number, ReadonlyArray<Bucket>>()
  let together = full(outsidersTogether, 0)

  const takeOfColleague = (person: number, inWork: number, now: number): Verdict => {
    const known = colleagues.get(person) ?? {
      bucket: full(colleagueUpdates, now),
      toldAt: Number.NEGATIVE_INFINITY,
    }
    const left = taken(colleagueUpdates, known.bucket, now)
    if (left !== undefined && inWork < colleagueUpdates.burst) {
      colleagues.set(person, { ...known, bucket: left })
      return "handled"
    }
    if (now - known.toldAt < Duration.toMillis(slowDownPeriod)) return "dropped"
    colleagues.set(person, { ...known, toldAt: now })
    return "slower"
  }

  const takeOfOutsider = (person: number, now: number): Verdict => {
    const own = outsiders.get(person) ?? ofOutsider.map((allowance) => full(allowance, now))
    const left = ofOutsider.flatMap((allowance, index) => {
      const bucket = own[index]
      return bucket === undefined ? [] : (taken(allowance, bucket, now) ?? [])
    })
    const leftTogether = taken(outsidersTogether, together, now)
    if (left.length < ofOutsider.length || leftTogether === undefined) return "dropped"
    together = leftTogether
    outsiders.delete(person)
    outsiders.set(person, left)
    // Whoever is forgotten has a full bucket again; all outsiders together still have theirs.
    const [oldest] = outsiders.keys()
    if (outsiders.size > outsidersRemembered && oldest !== undefined) outsiders.delete(oldest)
    return "handled"
  }

  return {
    take: (person, isColleague, inWork) =>
      Effect.map(elapsed, (now) =>
        isColleague ? takeOfColleague(person, inWork, now) : takeOfOutsider(person, now),
      ),
    remembered: Effect.sync(() => colleagues.size + outsiders.size),
  }
})

const ofOutsider = [outsiderUpdates, outsiderUpdatesInHour] as const

/** Milliseconds that have gone by: the clock on the wall may be set, which must starve nobody. */
const elapsed = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos / 1_000_000n))

const full = ({ burst }: Allowance, now: number): Bucket => ({ tokens: burst, at: now })

/** The bucket without one token; `undefined` where there is none in it. */
const taken = ({ burst, every }: Allowance, { tokens, at }: Bucket, now: number) => {
  const filled = Math.min(burst, tokens + (now - at) / Duration.toMillis(every))
  // Sums of fractions may miss a whole token by a hair.
  return filled > 1 - 1e-6 ? { tokens: filled - 1, at: now } : undefined
}
