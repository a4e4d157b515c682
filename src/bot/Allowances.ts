/**
 * How many updates of each person are handled. What goes beyond that is dropped before any handler
 * sees it, so that one person who floods the bot takes no time of the others.
 *
 * An allowance is a token bucket, filled by the time that has gone by. Whoever has access has a
 * generous one, and another for the buttons pressed while the bot was away. Everybody else gets one
 * answer a minute, beside the few steps of a registration, and a dozen in an hour. All outsiders
 * together have one more bucket: a crowd of accounts costs no more than a few new colleagues do.
 */
import { Duration, Effect } from "effect"
import {
  colleaguePresses,
  colleagueUpdates,
  outsiderSteps,
  outsidersRemembered,
  outsidersTogether,
  outsiderUpdates,
  outsiderUpdatesInHour,
  slowDownPeriod,
} from "../config/Limits.ts"
import { elapsed } from "../observe/elapsed.ts"

/** So many at once, and one more in each `every`. */
interface Allowance {
  readonly burst: number
  readonly every: Duration.Duration
}

/** `slower`: dropped, and the person is to be told so; `dropped`: without a word. */
type Verdict = "handled" | "slower" | "dropped"

interface Allowances {
  /**
   * Takes one update of a person with access. `inWork`: how many of the person wait already, as a
   * slow handler fills no bucket. A press of a button is dropped only where it repeats the one
   * before it, or where somebody has pressed more than a person can.
   */
  takeOfColleague(
    person: number,
    update: {
      readonly inWork: number
      readonly press?: { isRepeat(): boolean } | undefined
    },
  ): Effect.Effect<Verdict>
  /**
   * Whether a person without access has anything left, in any bucket. Most of a flood is refused by
   * this, before anybody looks at what it says.
   */
  hasOutsiderAny(person: number): Effect.Effect<boolean>
  /**
   * Takes one update of a person without access, and tells whether it is handled. `isStep`: it
   * brings a registration forward.
   */
  takeOfOutsider(person: number, isStep: boolean): Effect.Effect<boolean>
  /** How many people are remembered now. */
  readonly remembered: Effect.Effect<number>
}

interface Bucket {
  readonly tokens: number
  /** When the tokens were counted, in milliseconds that have gone by. */
  readonly at: number
}

interface OfColleague {
  readonly updates: Bucket
  readonly presses: Bucket
  readonly toldAt: number
}

interface OfOutsider {
  readonly words: Bucket
  readonly steps: Bucket
  readonly hour: Bucket
}

export const makeAllowances = Effect.sync((): Allowances => {
  const colleagues = new Map<number, OfColleague>()
  /** In the order of their last update that was handled. */
  const outsiders = new Map<number, OfOutsider>()
  let together = full(outsidersTogether, 0)

  const takeOfColleague = (
    person: number,
    { inWork, press }: Parameters<Allowances["takeOfColleague"]>[1],
    now: number,
  ): Verdict => {
    const known = colleagues.get(person) ?? {
      updates: full(colleagueUpdates, now),
      presses: full(colleaguePresses, now),
      toldAt: Number.NEGATIVE_INFINITY,
    }
    const updates = taken(colleagueUpdates, known.updates, now)
    if (updates !== undefined && inWork < colleagueUpdates.burst) {
      colleagues.set(person, { ...known, updates })
      return "handled"
    }
    if (press !== undefined) {
      if (press.isRepeat()) return "dropped"
      const presses = taken(colleaguePresses, known.presses, now)
      if (presses !== undefined) {
        colleagues.set(person, { ...known, presses })
        return "handled"
      }
    }
    if (now - known.toldAt < Duration.toMillis(slowDownPeriod)) return "dropped"
    colleagues.set(person, { ...known, toldAt: now })
    return "slower"
  }

  /** An outsider's buckets after one more update; `undefined` if one of them is empty. */
  const leftOf = (person: number, isStep: boolean, now: number) => {
    const own = outsiders.get(person)
    const words = own?.words ?? full(outsiderUpdates, now)
    const steps = own?.steps ?? full(outsiderSteps, now)
    const hour = taken(outsiderUpdatesInHour, own?.hour ?? full(outsiderUpdatesInHour, now), now)
    const all = taken(outsidersTogether, together, now)
    if (hour === undefined || all === undefined) return undefined
    const stepsLeft = isStep ? taken(outsiderSteps, steps, now) : undefined
    if (stepsLeft !== undefined) {
      // After the answer to a step, too, the next word comes a minute later.
      return { own: { words: { tokens: 0, at: now }, steps: stepsLeft, hour }, all }
    }
    const wordsLeft = taken(outsiderUpdates, words, now)
    return wordsLeft && { own: { words: wordsLeft, steps, hour }, all }
  }

  const takeOfOutsider = (person: number, isStep: boolean, now: number): boolean => {
    const left = leftOf(person, isStep, now)
    if (left === undefined) return false
    together = left.all
    outsiders.delete(person)
    outsiders.set(person, left.own)
    // A forgotten outsider starts with full buckets again. The bucket that all outsiders share stays.
    const [oldest] = outsiders.keys()
    if (outsiders.size > outsidersRemembered && oldest !== undefined) outsiders.delete(oldest)
    return true
  }

  return {
    takeOfColleague: (person, update) =>
      Effect.map(elapsed, (now) => takeOfColleague(person, update, now)),
    hasOutsiderAny: (person) =>
      Effect.map(elapsed, (now) => leftOf(person, true, now) !== undefined),
    takeOfOutsider: (person, isStep) =>
      Effect.map(elapsed, (now) => takeOfOutsider(person, isStep, now)),
    remembered: Effect.sync(() => colleagues.size + outsiders.size),
  }
})

const full = ({ burst }: Allowance, now: number): Bucket => ({ tokens: burst, at: now })

/** The bucket without one token; `undefined` where there is none in it. */
const taken = ({ burst, every }: Allowance, { tokens, at }: Bucket, now: number) => {
  const filled = Math.min(burst, tokens + (now - at) / Duration.toMillis(every))
  // Sums of fractions may miss a whole token by a hair.
  return filled > 1 - 1e-6 ? { tokens: filled - 1, at: now } : undefined
}
