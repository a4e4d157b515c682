/**
 * The guards of one spreadsheet: a chain of numbered marks, as the journal and the sheet know it.
 * Pure.
 *
 * A guard is developer metadata with a number of our own choice, and stands first in every write.
 * Google refuses a number that is in use, and the whole batch with it, so a write with a given
 * number is applied at most once. The value of a guard tells who wrote it, when, and as what.
 */
import { Effect, Option, Random, Result, Schema } from "effect"
import type { Times } from "../observe/elapsed.ts"
import { Intent } from "../store/Journal.ts"
import type { Metadata } from "./SheetsClient.ts"

/** One request of a batch, as the Sheets API spells it. */
export type SheetRequest = Readonly<Record<string, unknown>>

/** A request body as it is kept in the journal and goes over the wire. */
export const GuardedBody = Schema.Struct({
  requests: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
  includeSpreadsheetInResponse: Schema.optionalKey(Schema.Boolean),
  responseRanges: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type GuardedBody = typeof GuardedBody.Type

/** What a guard on the sheet says. */
interface GuardMark {
  readonly seq: number
  /** Seconds since the epoch. */
  readonly at: number
  readonly token: string
  readonly kind: Intent["kind"]
  readonly instance: string
}

/** What a guarded write is going to do. */
export interface PlannedWrite {
  /** What is needed to finish the work after a restart; goes into the journal. */
  readonly about: unknown
  readonly requests: ReadonlyArray<SheetRequest>
  readonly responseRanges?: ReadonlyArray<string>
}

export interface Chain {
  /** The number of the next write. */
  readonly next: number
  /**
   * The tokens by number: those of our own newest writes, and those that stood on the sheet when
   * the chain was read. As long as nobody else writes, the newest guard on the sheet has one of
   * them.
   */
  readonly tokens: ReadonlyMap<number, string>
  /** The guards of settled writes that stand on the sheet, oldest first; see observe/elapsed.ts. */
  readonly standing: ReadonlyArray<{ readonly seq: number; readonly settledAt: number }>
  /** When the chain was last known to be ours alone. */
  readonly provenAt: Times
}

/** How many of the newest intents are read at the start. */
export const intentsRead = 512

/** How long a guard is needed: Google gives a request up after three minutes. */
const worksFor = 5 * 60_000
/**
 * How long a guard is kept unless many stand: longer than needed, so that people can look into it.
 */
const prunedAfter = 3_600_000
/** From so many guards on they are kept no longer than needed; Google has room for some 600. */
const manyStand = 256
const prunedAtOnce = 20
/** So many stay whatever their age, so that a restored journal finds where the chain ends. */
const newestKept = 64

/**
 * The chain out of what the journal and the sheet hold; `intents` and `marks` newest first. How old
 * a guard is when the chain is read is known by the clock on the wall alone. One that seems to come
 * from the future counts as new.
 */
export const chainOf = (
  intents: ReadonlyArray<Intent>,
  marks: ReadonlyArray<GuardMark>,
  now: Times,
): Chain => {
  const applied = intents.filter(({ state }) => state === "applied")
  const pruned = applied.flatMap(({ body }) => (isGuarded(body) ? prunedBy(body) : []))
  const prunedThrough = Math.max(0, ...pruned)
  return {
    next: Math.max(marks[0]?.seq ?? 0, intents[0]?.seq ?? 0) + 1,
    tokens: new Map([...intents, ...marks].map(({ seq, token }) => [seq, token])),
    standing: applied
      .filter(({ seq }) => seq > prunedThrough)
      .map(({ seq, settledAt }) => ({ seq, settledAt: now.gone - ageOf(settledAt, now) }))
      .toReversed(),
    provenAt: now,
  }
}

const ageOf = (settledAt: number | null, { wall }: Times) => Math.max(0, wall - (settledAt ?? wall))

/** What the guards on the sheet say, newest first; metadata of others is left out. */
export const marksOf = (found: ReadonlyArray<Metadata>): ReadonlyArray<GuardMark> =>
  found
    .flatMap(({ metadataValue = "" }) => Option.toArray(decodeMark(metadataValue)))
    .toSorted((a, b) => b.seq - a.seq)

export const withIntent = (chain: Chain, { seq, token }: Intent): Chain => {
  const tokens = new Map(chain.tokens).set(seq, token)
  tokens.delete(seq - intentsRead)
  return { ...chain, next: seq + 1, tokens }
}

/**
 * The chain after the write `seq` was settled. `stands`: its guard is on the sheet. `pruned`: the
 * guards that it removed.
 */
export const withSettled = (
  chain: Chain,
  seq: number,
  now: Times,
  stands: boolean,
  pruned: ReadonlyArray<number>,
): Chain => ({
  ...chain,
  provenAt: now,
  standing: [
    ...withoutGuards(chain, pruned).standing,
    ...(stands ? [{ seq, settledAt: now.gone }] : []),
  ],
})

export const withoutGuards = (chain: Chain, seqs: ReadonlyArray<number>): Chain => ({
  ...chain,
  standing: chain.standing.filter(({ seq }) => !seqs.includes(seq)),
})

/** The next write of the chain: its guard first, the removals of old guards last. */
export const drafted = (
  chain: Chain,
  given: Pick<Intent, "spreadsheet" | "kind" | "token"> & {
    readonly plan: PlannedWrite
    readonly instance: string
  },
  { wall, gone }: Times,
): { readonly intent: Intent; readonly body: GuardedBody } => {
  const { spreadsheet, kind, token, instance, plan } = given
  const { about, requests, responseRanges } = plan
  const seq = chain.next
  const guard = guardRequest({ seq, at: Math.floor(wall / 1000), token, kind, instance })
  const body: GuardedBody = {
    requests: [guard, ...requests, ...duePrunes(chain, gone).map(pruneRequest)],
    ...(responseRanges === undefined ? {} : { includeSpreadsheetInResponse: true, responseRanges }),
  }
  const opening = { state: "open", openedAt: wall, settledAt: null } as const
  return { intent: { spreadsheet, seq, kind, token, body, about, ...opening }, body }
}

/** The numbers of old guards that the next write removes along the way. */
const duePrunes = ({ standing }: Chain, gone: number): ReadonlyArray<number> => {
  const after = standing.length > manyStand ? worksFor : prunedAfter
  return standing
    .slice(0, Math.max(0, standing.length - newestKept))
    .filter(({ settledAt }) => settledAt < gone - after)
    .slice(0, prunedAtOnce)
    .map(({ seq }) => seq)
}

/**
 * The numbers of all guards that may go when Google has no room for more, also of those that only
 * a former journal knew: of these nothing is known but what they say. `marks` newest first.
 */
export const dispensable = (
  { standing }: Chain,
  marks: ReadonlyArray<GuardMark>,
  { wall, gone }: Times,
): ReadonlyArray<number> => {
  const settledAt = new Map(standing.map((one) => [one.seq, one.settledAt]))
  return marks
    .slice(newestKept)
    .filter(({ seq, at }) => {
      const settled = settledAt.get(seq)
      return settled === undefined ? at * 1000 < wall - prunedAfter : settled < gone - worksFor
    })
    .map(({ seq }) => seq)
}

/**
 * Whether the chain must be proven again before the next write. Another copy of the bot may use our
 * next number and remove that guard later, which would leave no trace; but it removes none that is
 * younger than this. What has gone by may lack the time that the machine slept, and the clock on the
 * wall may have been set back: a proof is young by both.
 */
export const isStale = ({ provenAt }: Chain, now: Times) =>
  Math.max(now.gone - provenAt.gone, now.wall - provenAt.wall) > worksFor - 60_000

/**
 * Whether nobody else has written: then the newest guard on the sheet is one that we know. It may
 * be older than our newest one, since people restore old versions of a spreadsheet.
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
  // A guard older than all that we remember is ours if it names our instance.
  return newest.seq < Math.min(...tokens.keys()) && newest.instance === instance
}

/** The number of the newest guard that this instance wrote; 0 where there is none. */
export const newestOf = (marks: ReadonlyArray<GuardMark>, instance: string): number =>
  marks.find((mark) => mark.instance === instance)?.seq ?? 0

/** The newest guard on the sheet where another instance wrote it. */
export const foreign = (marks: ReadonlyArray<GuardMark>, instance: string): GuardMark | undefined =>
  marks[0]?.instance === instance ? undefined : marks[0]

/**
 * Whether the instance that wrote the guard did so within the last two minutes, and so is running
 * now. A guard that was the newest for as long is old whatever the clocks say. `seenAt`: when we saw
 * it first.
 */
export const isFresh = ({ at }: GuardMark, seenAt: number, { wall, gone }: Times): boolean =>
  wall - at * 1000 < twoMinutes && gone - seenAt < twoMinutes

const twoMinutes = 120_000

/** The key of the metadata that are guards. */
export const guardKey = "inv.seq"

/** Far from the numbers that Google gives by itself, with room for half a billion writes. */
const firstId = 1_620_000_000
/** The id of the metadata that guards the write `seq`. */
export const guardId = (seq: number) => firstId + seq

/** The request that puts a guard on the sheet. */
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

const encodeMark = ({ seq, at, token, kind, instance }: GuardMark) =>
  `${seq}@${at}@${token}@${kind}@${instance}`

const isKind = Schema.is(Intent.fields.kind)

export const decodeMark = (value: string): Option.Option<GuardMark> => {
  const [seq = "", at = "", token = "", kind = "", instance = ""] = value.split("@")
  return /^\d+$/.test(seq) && /^\d+$/.test(at) && isKind(kind)
    ? Option.some({ seq: Number(seq), at: Number(at), token, kind, instance })
    : Option.none()
}

/** The request that removes a guard. */
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

/** The numbers of the guards that the body removes. */
export const prunedBy = (body: GuardedBody): ReadonlyArray<number> =>
  body.requests.flatMap((request) =>
    isPrune(request)
      ? [request.deleteDeveloperMetadata.dataFilter.developerMetadataLookup.metadataId - firstId]
      : [],
  )

export const withoutPrunes = (body: GuardedBody): GuardedBody => ({
  ...body,
  requests: body.requests.filter((request) => !isPrune(request)),
})

/** Whether the request with that index removes a guard. */
export const isPruneAt = (body: GuardedBody, request: number | null): boolean =>
  request !== null && isPrune(body.requests[request])

const isGuarded = Schema.is(GuardedBody)

/** The body of a journaled write; fails with words for the log where there is none. */
export const decodeBody = (intent: Intent): Result.Result<GuardedBody, string> =>
  isGuarded(intent.body)
    ? Result.succeed(intent.body)
    : Result.fail(`intent ${intent.seq} of ${intent.spreadsheet} has no request body`)

const alphabet = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"

/**
 * Eight random letters and digits without those that look alike, to tell our marks from others'.
 */
export const randomToken = Effect.map(
  Effect.replicateEffect(Random.nextIntBetween(0, alphabet.length, { halfOpen: true }), 8),
  (digits) => digits.map((digit) => alphabet.charAt(digit)).join(""),
)
