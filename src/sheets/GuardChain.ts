/** The row of numbered guards of one spreadsheet, as the journal and the sheet know it. Pure. */
import { Option, Result, Schema } from "effect"
import type { Intent } from "../store/Journal.ts"
import type { Metadata } from "./Answers.ts"
import type { Plan } from "./Guard.ts"
import {
  decodeMark,
  GuardedBody,
  type GuardMark,
  guardRequest,
  prunedBy,
  pruneRequest,
} from "./GuardMark.ts"

export interface Chain {
  /** Number of the next write. */
  readonly next: number
  /** Tokens of our own writes, by number: what of ours may be found on the sheet. */
  readonly tokens: ReadonlyMap<number, string>
  /** Settled guards that stand on the sheet, oldest first. */
  readonly standing: ReadonlyArray<{ readonly seq: number; readonly settledAt: number }>
  /** When the chain was last known to be ours alone. */
  readonly provenAt: number
}

/** Intents that are read at the start: all of the last hour and the newest. */
export const intentsRead = 512

/** A request is given up by Google after three minutes; nothing lands later than this. */
const prunedAfter = 3_600_000
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
    tokens: new Map(intents.map(({ seq, token }) => [seq, token])),
    standing: applied
      .filter(({ seq }) => seq > prunedThrough)
      .map(({ seq, settledAt }) => ({ seq, settledAt: settledAt ?? now }))
      .toReversed(),
    provenAt: now,
  }
}

/** Old guards that the next write takes along. */
const duePrunes = ({ standing }: Chain, now: number): ReadonlyArray<number> =>
  standing
    .slice(0, Math.max(0, standing.length - newestKept))
    .filter(({ settledAt }) => settledAt < now - prunedAfter)
    .slice(0, prunedAtOnce)
    .map(({ seq }) => seq)

export const withIntent = (chain: Chain, { seq, token }: Intent): Chain => ({
  ...chain,
  next: seq + 1,
  tokens: new Map(chain.tokens).set(seq, token),
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
    ...chain.standing.filter((one) => !pruned.includes(one.seq)),
    ...(stands ? [{ seq, settledAt: now }] : []),
  ],
})

/**
 * Whether the newest guard on the sheet is one of ours. It is not when another copy of the bot
 * has written meanwhile. It may be older than our newest: people restore old versions.
 */
export const isOurs = (
  chain: Chain,
  marks: ReadonlyArray<GuardMark>,
  instance: string,
): boolean => {
  const newest = marks[0]
  return (
    newest === undefined ||
    (newest.instance === instance && chain.tokens.get(newest.seq) === newest.token)
  )
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
