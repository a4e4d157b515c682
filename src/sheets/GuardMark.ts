/**
 * The guard: developer metadata with a number of our own choice, first in every write.
 *
 * Google refuses a number that is in use, and the whole batch with it, so a write with a given
 * number is applied at most once. Its value tells who wrote it, when, and as what.
 */
import { Option, Schema } from "effect"
import { Intent } from "../store/Journal.ts"

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
