/** The row of numbered guards of one spreadsheet, as the journal and the sheet know it. Pure. */
import { Effect, Option, Random, Result, Schema } from "effect"
import { Intent } from "../store/Journal.ts"
import type { Metadata } from "./SheetsClient.ts"

/*
 * The guard: developer metadata with a number of our own choice, first in every write.
 *
 * Google refuses a number that is in use, and the whole batch with it, so a write with a given
 * number is applied at most once. Its value tells who wrote it, when, and as what.
 */

export type SheetRequest = Readonly<Record<string, unknown>>

/** A request body as it is kept in the journal and goes over the wire. */
export const GuardedBody = Schema.Struct({
  requests: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
  includeSpreadsheetInResponse: Schema.optionalKey(Schema.Boolean),
  responseRanges: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type GuardedBody = typeof GuardedBody.Type

export interface GuardMark {
  readonly seq: number
  /** Seconds since the epoch. */
  readonly at: number
  readonly token: string
  readonly kind: Intent["kind"]
  readonly instance: string
}

export const guardKey = "inv.seq"

/** Far from the numbers that Google gives by itself, with room for half a billion writes. */
const base = 1_620_000_000
export const guardId = (seq: number) => base + seq

const isKind = Schema.is(Intent.fields.kind)

export const decodeMark = (value: string): Option.Option<GuardMark> => {
  const [seq = "", at = "", token = "", kind = "", instance = ""] = value.split("@")
  return /^\d+$/.test(seq) && /^\d+$/.test(at) && isKind(kind)
    ? Option.some({ seq: Number(seq), at: Number(at), token, kind, instance })
    : Option.none()
}

const encodeMark = ({ seq, at, token, kind, instance }: GuardMark) =>
  `${seq}@${at}@${token}@${kind}@${instance}`

export const guardRequest = (mark: GuardMark): SheetRequest => ({
  createDeveloperMetadata: {
    developerMetadata: {
      metadataId: guardId(mark.seq),
      metadataKey: guardKey,
      metadataValue: encodeMark(mark),
      location: { spreadsheet: true },
      // A copy of the bot under another cloud project must see it as well.
      visibility: "DOCUMENT",
    },
  },
})

export const pruneRequest = (seq: number): SheetRequest => ({
  deleteDeveloperMetadata: {
    dataFilter: { developerMetadataLookup: { metadataId: guardId(seq) } },
  },
})

const Prune = Schema.Struct({
  deleteDeveloperMetadata: Schema.Struct({
    dataFilter: Schema.Struct({
      developerMetadataLookup: Schema.Struct({ metadataId: Schema.Int }),
    }),
  }),
})
const isPrune = Schema.is(Prune)

/** Numbers of the guards that the body removes. */
export const prunedBy = (body: GuardedBody): ReadonlyArray<number> =>
  body.requests.flatMap((request) =>
    isPrune(request)
      ? [request.deleteDeveloperMetadata.dataFilter.developerMetadataLookup.metadataId - base]
      : [],
  )

export const withoutPrunes = (body: GuardedBody): GuardedBody => ({
  ...body,
  requests: body.requests.filter((request) => !isPrune(request)),
})

/** Whether the part of the body with that number removes a guard. */
export const isPruneAt = (body: GuardedBody, request: number | null): boolean =>
  request !== null && isPrune(body.requests[request])

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

/* Marks of our own, so that a stranger's are recognised. */

const alphabet = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"

/** Eight characters of base 32, without those that look alike. */
export const randomToken = Effect.map(
  Effect.replicateEffect(Random.nextIntBetween(0, alphabet.length, { halfOpen: true }), 8),
  (digits) => digits.map((digit) => alphabet.charAt(digit)).join(""),
)
