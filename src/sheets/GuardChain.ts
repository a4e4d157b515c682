/** The row of numbered guards of one spreadsheet, as the journal and the sheet know it. Pure. */
import { Option, Result, Schema } from "effect"
import type { Intent } from "../store/Journal.ts"
import type { Metadata } from "./Answers.ts"
import {
  decodeMark,
  GuardedBody,
  type GuardMark,
  guardRequest,
  prunedBy,
  pruneRequest,
  type SheetRequest,
} from "./GuardMark.ts"

/** What a guarded write is going to do. */
export interface Plan {
  /** What finishes the work after a restart; goes into the journal. */
  readonly about: unknown
  readonly requests: ReadonlyArray<SheetRequest>
  readonly responseRanges?: ReadonlyArray<string>
}

export interface Chain {
  /** Number of the next write. */
  readonly next: number
  /**
   * Tokens by number: of our own newest writes, and of what stood on the sheet when the chain was
   * taken up. The newest guard there is one of them, as long as nobody else writes.
   */
  readonly tokens: ReadonlyMap<number, string>
  /** Settled guards that stand on the sheet, oldest first. */
  readonly standing: ReadonlyArray<{ readonly seq: number; readonly settledAt: number }>
  /** When the chain was last known to be ours alone. */
  readonly provenAt: number
}

/** Intents that are read at the start: all of the last hour and the newest. */
export const intentsRead = 512

/** Google gives a request up after three minutes: a guard that is older than this has done its work. */
const worksFor = 5 * 60_000
/** Longer than needed, for those who look into what happened; less where many stand. */
const prunedAfter = 3_600_000
/** Google keeps 30,000 characters of them, which are some six hundred. */
const manyStand = 256
const prunedAtOnce = 20
/** These stay whatever their age, so that a restored journal finds where the chain ends. */
const newestKept = 64

const isGuarded = Schema.is(GuardedBody)

export const marksOf = (found: ReadonlyArray<Metadata>): ReadonlyArray<GuardMark> =>
  found
    .flatMap(({ metadataValue = "" }) => Option.toArray(decodeMark(metadataValue)))
    .toSorted((a, b) => b.seq - a.seq)

/** `marks` and `intents` newest first. */
export const chainOf = (
  intents: ReadonlyArray<Intent>,
  marks: ReadonlyArray<GuardMark>,
  now: number,
): Chain => {
  const applied = intents.filter(({ state }) => state === "applied")
  const pruned = applied.flatMap(({ body }) => (isGuarded(body) ? prunedBy(body) : []))
  const prunedThrough = Math.max(0, ...pruned)
  return {
    next: Math.max(marks[0]?.seq ?? 0, intents[0]?.seq ?? 0) + 1,
    tokens: new Map([...intents, ...marks].map(({ seq, token }) => [seq, token])),
    standing: applied
      .filter(({ seq }) => seq > prunedThrough)
      .map(({ seq, settledAt }) => ({ seq, settledAt: settledAt ?? now }))
      .toReversed(),
    provenAt: now,
  }
}

/** Old guards that the next write takes along. */
const duePrunes = ({ standing }: Chain, now: number): ReadonlyArray<number> => {
  const after = standing.length > manyStand ? worksFor : prunedAfter
  return standing
    .slice(0, Math.max(0, standing.length - newestKept))
    .filter(({ settledAt }) => settledAt < now - after)
    .slice(0, prunedAtOnce)
    .map(({ seq }) => seq)
}

/**
 * All guards that may go when Google has no room for more, also those of a former journal.
 * `marks` newest first.
 */
export const dispensable = (
  { standing }: Chain,
  marks: ReadonlyArray<GuardMark>,
  now: number,
): ReadonlyArray<number> => {
  const settledAt = new Map(standing.map((one) => [one.seq, one.settledAt]))
  return marks
    .slice(newestKept)
    .filter(({ seq, at }) => {
      const settled = settledAt.get(seq)
      return settled === undefined ? at * 1000 < now - prunedAfter : settled < now - worksFor
    })
    .map(({ seq }) => seq)
}

export const withIntent = (chain: Chain, { seq, token }: Intent): Chain => {
  const tokens = new Map(chain.tokens).set(seq, token)
  tokens.delete(seq - intentsRead)
  return { ...chain, next: seq + 1, tokens }
}

export const withoutGuards = (chain: Chain, seqs: ReadonlyArray<number>): Chain => ({
  ...chain,
  standing: chain.standing.filter(({ seq }) => !seqs.includes(seq)),
})

/** The next write of the chain: guard first, old guards to be removed last. */
export const drafted = (
  chain: Chain,
  given: Pick<Intent, "spreadsheet" | "kind" | "token"> & {
    readonly plan: Plan
    readonly instance: string
  },
  now: number,
): { readonly intent: Intent; readonly body: GuardedBody } => {
  const { spreadsheet, kind, token, instance, plan } = given
  const { about, requests, responseRanges } = plan
  const seq = chain.next
  const guard = guardRequest({ seq, at: Math.floor(now / 1000), token, kind, instance })
  const body: GuardedBody = {
    requests: [guard, ...requests, ...duePrunes(chain, now).map(pruneRequest)],
    ...(responseRanges === undefined ? {} : { includeSpreadsheetInResponse: true, responseRanges }),
  }
  const opening = { state: "open", openedAt: now, settledAt: null } as const
  return { intent: { spreadsheet, seq, kind, token, body, about, ...opening }, body }
}

/** `stands`: its guard is on the sheet. `pruned`: numbers that need not be pruned any more. */
export const withSettled = (
  chain: Chain,
  seq: number,
  now: number,
  stands: boolean,
  pruned: ReadonlyArray<number>,
): Chain => ({
  ...chain,
  provenAt: now,
  standing: [
    ...withoutGuards(chain, pruned).standing,
    ...(stands ? [{ seq, settledAt: now }] : []),
  ],
})

/**
 * Another copy may use our next number and prune it again; within this time it cannot, so a
 * chain that was proven since then is still ours alone.
 */
export const isStale = ({ provenAt }: Chain, now: number) => now - provenAt > worksFor - 60_000

/**
 * Whether the newest guard on the sheet is known. It is not when another copy of the bot has
 * written meanwhile. It may be older than our newest: people restore old versions.
 */
export const isOurs = (
  { tokens }: Chain,
  marks: ReadonlyArray<GuardMark>,
  instance: string,
): boolean => {
  const newest = marks[0]
  if (newest === undefined) return true
  const known = tokens.get(newest.seq)
  if (known !== undefined) return known === newest.token
  // Older than all we remember, it can be told from a stranger's by the instance alone.
  return newest.seq < Math.min(...tokens.keys()) && newest.instance === instance
}

/** Somebody else wrote a moment ago, so it is running now. */
export const isBusy = (marks: ReadonlyArray<GuardMark>, instance: string, now: number): boolean => {
  const newest = marks[0]
  return newest !== undefined && newest.instance !== instance && now - newest.at * 1000 < 120_000
}

export const decodeBody = (intent: Intent): Result.Result<GuardedBody, string> =>
  isGuarded(intent.body)
    ? Result.succeed(intent.body)
    : Result.fail(`intent ${intent.seq} of ${intent.spreadsheet} has no request body`)
