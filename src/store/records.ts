/**
 * The journal's entries, the same for every implementation of the port: how they are spelled as
 * text, and what an event means to the tables that are kept beside the events.
 *
 * Everything is encoded before it is queued: what could not be read again is refused, and a caller
 * that changes its object afterwards changes nothing here.
 */
import { Effect, Result, Schema, SchemaAST } from "effect"
import * as SchemaJITCompiler from "effect/schema/SchemaJITCompiler"
import { ResourceId } from "../domain/Catalogue.ts"
import { Day } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { type ItemId, Quarantined } from "../domain/Item.ts"
import { type Issuance, IssuanceId, type Mark, withheld } from "../domain/Issuance.ts"
import { PersonEvent } from "../domain/PersonEvent.ts"
import { PoolEvent } from "../domain/PoolEvent.ts"
import type { ProxyId } from "../domain/Proxy.ts"
import { ProxyEvent } from "../domain/ProxyEvent.ts"
import {
  Booked,
  Intent,
  JournalDamaged,
  JournalEvent,
  Received,
  type Recorded,
  type Restored,
  StorageUnavailable,
  type Tally,
  Write,
} from "./Journal.ts"

/** A write as it is applied to tables. */
export type Entry =
  | {
      readonly _tag: "Event"
      readonly pool: string
      readonly at: number
      readonly body: string
      /** The keys of items that the event adds to the history. */
      readonly issued: ReadonlyArray<string>
      /** The keys of items that the event takes out of the history. */
      readonly withdrawn: ReadonlyArray<string>
      /** What the event means to the books and the trail. */
      readonly projection: Projection
    }
  | {
      readonly _tag: "Snapshot"
      readonly pool: string
      readonly through: number
      readonly state: string
    }
  | {
      readonly _tag: "SnapshotPart"
      readonly pool: string
      readonly set: number
      readonly number: number
      readonly through: number
      readonly state: string
    }
  | (Pick<Intent, "spreadsheet" | "seq" | "token" | "state" | "settledAt"> & {
      readonly _tag: "Intent"
      readonly body: string
    })
  | typeof Write.cases.IntentSettled.Type
  | {
      readonly _tag: "Update"
      readonly updateId: number
      readonly userId: number
      readonly at: number
      readonly body: string
    }
  | typeof Write.cases.UpdateHandled.Type
  | {
      readonly _tag: "Document"
      readonly kind: string
      readonly key: string
      readonly body: string
    }
  | typeof Write.cases.DocumentRemoved.Type
  | typeof Write.cases.KeysIssued.Type
  | { readonly _tag: "Book"; readonly row: Booked }
  | { readonly _tag: "Prune"; readonly before: number }
  /** Packs a block of events that were written before. */
  | { readonly _tag: "Pack"; readonly before: number }

/** How many issuances are the same in all of that. */
export interface CountRow {
  /** JSON: variant, region, status, auto and comment. */
  readonly alike: string
  /** The day of the items; empty where they have none. */
  readonly day: string
  readonly count: number
}

/** What an event means to the books and to the trail of who did what to which issuance. */
export interface Projection {
  /** The issuances that the event concerns; it also concerns whoever holds them before it. */
  readonly issuances: ReadonlyArray<string>
  /** The proxies that the event concerns; it also concerns whoever reserved them last. */
  readonly proxies: ReadonlyArray<string>
  /** The people who caused the event, or gain or lose something by it. */
  readonly people: ReadonlyArray<number>
  /** What changes in the books. It is applied after the holders were looked up. */
  readonly changes: ReadonlyArray<BookChange>
  /** What changes in the quarantine. */
  readonly quarantine: ReadonlyArray<QuarantineChange>
}

/** A change of one row of the books, or of who reserved a proxy. */
type BookChange =
  /** Replaces a row with the same id: the bot knows better than an import what it did itself. */
  | { readonly _tag: "Put"; readonly row: Booked }
  | ({ readonly _tag: "Mark"; readonly id: IssuanceId } & Pick<
      Booked,
      "status" | "auto" | "markedAt" | "comment"
    >)
  /** An empty comment takes it back. */
  | { readonly _tag: "Comment"; readonly id: IssuanceId; readonly comment: string }
  | { readonly _tag: "Remove"; readonly id: IssuanceId }
  | ({ readonly _tag: "HandOver"; readonly id: IssuanceId; readonly holder: TelegramId } & Pick<
      Booked,
      "stage"
    >)
  | { readonly _tag: "Reserve"; readonly proxy: ProxyId; readonly by: TelegramId }

type QuarantineChange =
  | { readonly _tag: "Enter"; readonly row: Quarantined; readonly at: number }
  | { readonly _tag: "Leave"; readonly item: ItemId }
  /** From an event up to 0.3.0: what the issuance was of is in quarantine now. */
  | { readonly _tag: "EnterHeld"; readonly issuance: IssuanceId; readonly at: number }

const Json = Schema.fromJsonString(Schema.Unknown)
const EventText = Schema.fromJsonString(JournalEvent)
const IntentText = Schema.fromJsonString(Intent)

export const EventRow = Schema.Struct({ seq: Schema.Int, body: EventText })
export const SnapshotRow = Schema.Struct({ through: Schema.Int, state: Json })
/** The body is the intent as it was opened: its state and time of settling stand beside it. */
export const IntentRow = Schema.Struct({
  seq: Schema.Int,
  state: Intent.fields.state,
  settledAt: Intent.fields.settledAt,
  body: IntentText,
})
export const UpdateRow = Schema.Struct({ ...Received.fields, body: Json })
export const DocumentRow = Schema.Struct({ key: Schema.String, body: Json })
export const RecordedRow = Schema.Struct({
  seq: Schema.Int,
  pool: ResourceId,
  at: Schema.Finite,
  body: EventText,
})
/** SQLite keeps truth values as numbers. */
export const BookedRow = Schema.Struct({
  ...Booked.fields,
  comment: Schema.NullOr(Schema.String),
  auto: Schema.BooleanFromBit,
  imported: Schema.BooleanFromBit,
})
export const QuarantineRow = Schema.Struct({
  pool: Schema.String,
  at: Schema.Finite,
  seq: Schema.Int,
  row: Schema.fromJsonString(Quarantined),
})
export const QuarantineTallyRow = Schema.Struct({
  pool: Schema.String,
  tab: Schema.String,
  reason: Quarantined.fields.reason,
  columnName: Schema.NullOr(Schema.String),
  count: Schema.Int,
})
export const encodeQuarantined = Schema.encodeSync(Schema.fromJsonString(Quarantined))

const Alike = Schema.Tuple([
  Booked.fields.variant,
  Booked.fields.region,
  Booked.fields.status,
  Schema.BooleanFromBit,
  Schema.NullOr(Schema.String),
])

const decodeAlike = Schema.decodeUnknownResult(Alike)
const decodeItemDay = Schema.decodeUnknownResult(Schema.Union([Day, Schema.Literal("")]))
const isCount = Schema.is(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)))

/** Decodes each text once: the counts of a month are thousands, and hardly any two days differ. */
const remembering = <A, E>(decode: (text: string) => Result.Result<A, E>) => {
  const known = new Map<string, Result.Result<A, E>>()
  return (text: string): Result.Result<A, E> => {
    const found = known.get(text) ?? decode(text)
    if (known.size >= rememberedMax) known.clear()
    known.set(text, found)
    return found
  }
}

/** More than there are regions, statuses and days, and little enough for the memory. */
const rememberedMax = 2_000

// The JSON is parsed beforehand: in a schema that would take several times as long.
const alikeIn = remembering((text) =>
  Result.flatMap(
    Result.try((): unknown => JSON.parse(text)),
    decodeAlike,
  ),
)
const itemDayIn = remembering(decodeItemDay)

/** Decodes counts. */
export const talliesOf = (
  rows: ReadonlyArray<CountRow>,
): Result.Result<ReadonlyArray<Tally>, Error> => {
  const tallies: Array<Tally> = []
  for (const { alike, day, count } of rows) {
    const [parts, dated] = [alikeIn(alike), itemDayIn(day)]
    if (Result.isFailure(parts) || Result.isFailure(dated) || !isCount(count)) {
      return Result.fail(new Error("a count cannot be read"))
    }
    const [variant, region, status, auto, comment] = parts.success
    const itemDay = dated.success === "" ? null : dated.success
    tallies.push(withoutNull({ variant, region, day: itemDay, status, auto, comment, count }))
  }
  return Result.succeed(tallies)
}

/** A row as the port gives it: without the comment where there is none. */
export const withoutNull = <Row extends { readonly comment: string | null }>({
  comment,
  ...row
}: Row) => (comment === null ? row : { ...row, comment })

/** Encodes writes; `at` is the moment of writing that the events get. */
export const encodeWrites = (
  writes: ReadonlyArray<Write>,
  at: number,
): Effect.Effect<ReadonlyArray<Entry>, StorageUnavailable> =>
  Effect.try({
    try: () => writes.flatMap((write) => entriesOf(write, at)),
    catch: (cause) => new StorageUnavailable({ operation: "encode", cause: withoutContent(cause) }),
  })

const entriesOf = (write: Write, at: number): ReadonlyArray<Entry> =>
  Write.match(write, {
    PoolEvents: ({ pool, events }) =>
      events.map((event): Entry => ({
        _tag: "Event",
        pool,
        at,
        body: encodeEvent(event),
        issued: issuedBy(event).map(({ item }) => item.key),
        withdrawn: withdrawnBy(event),
        projection: projectionOf(event),
      })),
    SnapshotPart: ({ state, ...part }): ReadonlyArray<Entry> => [
      { ...part, state: encodeUnknown(state) },
    ],
    SnapshotTaken: ({ pool, through, state }): ReadonlyArray<Entry> => [
      { _tag: "Snapshot", pool, through, state: encodeUnknown(state) },
    ],
    IntentOpened: ({ intent }): ReadonlyArray<Entry> => [
      {
        _tag: "Intent",
        spreadsheet: intent.spreadsheet,
        seq: intent.seq,
        token: intent.token,
        state: intent.state,
        settledAt: intent.settledAt,
        body: encodeIntent({
          ...intent,
          body: intent.body ?? null,
          about: intent.about ?? null,
        }),
      },
    ],
    IntentSettled: (settled): ReadonlyArray<Entry> => [settled],
    UpdateReceived: ({ updateId, userId, body, at: receivedAt }): ReadonlyArray<Entry> => [
      { _tag: "Update", updateId, userId, at: receivedAt, body: encodeUnknown(body) },
    ],
    UpdateHandled: (handled): ReadonlyArray<Entry> => [handled],
    DocumentPut: ({ kind, key, body }): ReadonlyArray<Entry> => [
      { _tag: "Document", kind, key, body: encodeUnknown(body) },
    ],
    DocumentRemoved: (removed): ReadonlyArray<Entry> => [removed],
    KeysIssued: ({ pool, keys }): ReadonlyArray<Entry> => [
      { _tag: "KeysIssued", pool, keys: [...keys] },
    ],
    BooksImported: ({ rows }) => rows.map((row): Entry => ({ _tag: "Book", row: copyBooked(row) })),
  })

const encodeJson = Schema.encodeSync(Json)
/** To look an event up by its tag takes half as long as to try the members of the union. */
const encoders: ReadonlyMap<string, (event: JournalEvent) => unknown> = new Map(
  [PoolEvent, ProxyEvent, PersonEvent].flatMap(({ cases }) =>
    Object.entries(cases).map(([tag, schema]): [string, (event: JournalEvent) => unknown] => {
      // Compiled to JavaScript at the first event of its kind: a third of the time of every later one.
      SchemaJITCompiler.enable(SchemaAST.flip(schema.ast))
      return [tag, Schema.encodeUnknownSync(schema as Schema.Codec<unknown, unknown>)]
    }),
  ),
)

const encodeAny = Schema.encodeSync(JournalEvent)

/** The text of an event. One that could not be read again is refused. */
export const encodeEvent = (event: JournalEvent): string =>
  JSON.stringify((encoders.get(event._tag) ?? encodeAny)(event))
const copyBooked = Schema.decodeUnknownSync(Booked)
const encodeIntent = Schema.encodeSync(IntentText)

/** JSON has no `undefined`: a field that held it would be missing when it is read again. */
const encodeUnknown = (value: unknown) => encodeJson(value ?? null)

/**
 * The error of a schema holds what it complains about, which may be secret: only its words are
 * kept.
 */
const withoutContent = (cause: unknown) =>
  Schema.isSchemaError(cause) ? new Error(cause.message) : cause

/** Decodes rows of `table`; `record` gives the name of one that cannot be read. */
export const decodeRows = <A, E, Row>(
  schema: Schema.Codec<A, E>,
  table: string,
  rows: ReadonlyArray<Row>,
  record: (row: Row) => unknown,
): Effect.Effect<ReadonlyArray<A>, JournalDamaged> => {
  const decode = Schema.decodeUnknownResult(schema)
  return Effect.suspend(() => {
    const found: Array<A> = []
    for (const row of rows) {
      const decoded = decode(row)
      if (Result.isFailure(decoded)) {
        const { message: problem } = decoded.failure
        return Effect.fail(new JournalDamaged({ table, record: String(record(row)), problem }))
      }
      found.push(decoded.success)
    }
    return Effect.succeed(found)
  })
}

export const eventOf = ({ seq, body }: typeof EventRow.Type): Restored["events"][number] => ({
  seq,
  event: body,
})

export const intentOf = ({ body, state, settledAt }: typeof IntentRow.Type): Intent => ({
  ...body,
  state,
  settledAt,
})

export const recordedOf = ({ seq, at, pool, body }: typeof RecordedRow.Type): Recorded => ({
  seq,
  at,
  pool,
  event: body,
})

/** The keys under which the trail finds an event. */
export const refOfIssuance = (id: string) => `i:${id}`
export const refOfPerson = (id: number) => `u:${id}`

/** What an event means can be read from its fields, but for what it changes in the books. */
export const projectionOf = (event: JournalEvent): Projection => {
  if (isOfProxies(event)) return { ...nothing, ...proxyProjection(event) }
  if (isOfPeople(event)) return { ...nothing, people: concernedBy(event) }
  return {
    issuances: issuancesIn(event),
    proxies: [],
    people: peopleIn(event),
    changes: changesBy(event),
    quarantine: quarantineBy(event),
  }
}

export const nothing: Projection = {
  issuances: [],
  proxies: [],
  people: [],
  changes: [],
  quarantine: [],
}

const isOfProxies = (event: JournalEvent): event is ProxyEvent => event._tag in ProxyEvent.cases

const isOfPeople = (event: JournalEvent): event is PersonEvent => event._tag in PersonEvent.cases

const concernedBy = (event: PersonEvent): ReadonlyArray<TelegramId> => [
  event.person,
  ...("by" in event && event.by !== event.person ? [event.by] : []),
]

const proxyProjection = (event: ProxyEvent): Partial<Projection> => {
  switch (event._tag) {
    case "ProxiesAdded":
      return { people: event.proxies.flatMap(({ addedBy }) => addedBy ?? []) }
    case "ProxyReserved": {
      const { proxy, by } = event.reservation
      return { people: [by], changes: [{ _tag: "Reserve", proxy, by }] }
    }
    case "ProxyBroken":
      return { proxies: [event.proxy], people: [event.by] }
    case "ProxyExtended":
    case "ProxyReleased":
    case "ProxyReturned":
    case "ProxyTaken":
      return { proxies: [event.proxy] }
    default:
      return {}
  }
}

const issuancesIn = (event: PoolEvent): ReadonlyArray<IssuanceId> => [
  ...("id" in event ? [event.id] : []),
  ...(hasIssuanceIds(event) ? event.ids : []),
  ...("rows" in event ? event.rows.map(({ id }) => id) : []),
  ...issuedBy(event).flatMap(({ id, replacementOf }) =>
    replacementOf === null ? [id] : [id, replacementOf],
  ),
]

/** Whether the `ids` of the event are those of issuances: in some events they are those of items. */
const hasIssuanceIds = (
  event: PoolEvent,
): event is Extract<PoolEvent, { readonly ids: ReadonlyArray<IssuanceId> }> => {
  const { fields } = PoolEvent.cases[event._tag]
  return "ids" in fields && fields.ids.value === IssuanceId
}

/** Whoever set a mark counts where the event names nobody else as its cause. */
const peopleIn = (event: PoolEvent): ReadonlyArray<TelegramId> => [
  ...("by" in event ? [event.by] : "mark" in event ? [event.mark.by] : []),
  ...("from" in event ? [event.from] : []),
  ...("to" in event ? [event.to] : []),
  ...("request" in event ? [event.request.by] : []),
  ...issuedBy(event).map(({ holder }) => holder),
]

/** What the event hands out. */
export const issuedBy = (event: JournalEvent): ReadonlyArray<Issuance> =>
  event._tag === "Issued" ? event.issuances : []

/** The keys that the event takes out of the history, since nobody was shown the items. */
export const withdrawnBy = (event: JournalEvent): ReadonlyArray<string> =>
  event._tag === "Withdrawn" ? event.keys : []

const changesBy = (event: PoolEvent): ReadonlyArray<BookChange> => {
  switch (event._tag) {
    case "Issued":
      return event.issuances.map((issuance) => ({ _tag: "Put", row: rowOf(issuance) }))
    case "Withdrawn":
      return event.ids.map((id) => ({ _tag: "Remove", id }))
    case "Confirmed":
    case "Corrected":
      return [{ _tag: "Mark", id: event.id, ...markOf(event.mark) }]
    case "Commented":
      return [{ _tag: "Comment", id: event.id, comment: event.comment }]
    case "Undone":
    case "BroughtBack":
      return [{ _tag: "Mark", id: event.id, ...markOf(null) }]
    case "Doubted":
      return event.ids.map((id) => ({
        _tag: "Mark",
        id,
        status: withheld,
        auto: false,
        markedAt: event.at,
      }))
    case "Adopted":
      return event.ids.map((id) => ({ _tag: "Remove", id }))
    case "SetAside":
      // The issuance is settled, though by no status of the catalogue: it waits for nobody.
      return [{ _tag: "Mark", id: event.id, status: withheld, auto: false, markedAt: event.at }]
    case "Transferred": {
      const { by: holder, stage } = event.request
      return [{ _tag: "HandOver", id: event.id, holder, stage }]
    }
    default:
      return []
  }
}

const quarantineBy = (event: PoolEvent): ReadonlyArray<QuarantineChange> => {
  if ("quarantined" in event) {
    return event.quarantined.map((row) => ({ _tag: "Enter", row, at: event.at }))
  }
  switch (event._tag) {
    case "SetAside":
      return event.row === undefined
        ? [{ _tag: "EnterHeld", issuance: event.id, at: event.at }]
        : [{ _tag: "Enter", row: event.row, at: event.at }]
    case "BroughtBack":
      return [{ _tag: "Leave", item: event.item }]
    case "Adopted":
      return event.places.map(({ item }) => ({ _tag: "Leave", item }))
    case "QuarantineLeft":
      return event.left.map(({ row }) => ({ _tag: "Leave", item: row.id }))
    default:
      return []
  }
}

/** What was in quarantine since somebody who had it left, by the event that issued it. */
export const heldRowOf = (issued: JournalEvent, id: string): Quarantined | undefined => {
  const item = issuedBy(issued).find((issuance) => issuance.id === id)?.item
  return item === undefined
    ? undefined
    : {
        id: item.id,
        tab: item.origin.tab,
        reason: "withheld",
        column: null,
        origin: item.origin,
        reported: true,
        issuance: id,
      }
}

const rowOf = ({ id, item, holder, stage, region, ...issuance }: Issuance): Booked => ({
  id,
  resource: item.resource,
  variant: item.variant,
  region,
  holder,
  stage,
  key: item.key,
  day: item.day,
  issuedAt: issuance.issuedAt,
  ...markOf(issuance.mark),
  replacementOf: issuance.replacementOf,
  imported: false,
})

const markOf = (mark: Mark | null): Pick<Booked, "status" | "auto" | "markedAt" | "comment"> => ({
  status: mark?.status ?? null,
  auto: mark?.auto ?? false,
  markedAt: mark?.at ?? null,
  ...(mark?.comment === undefined ? {} : { comment: mark.comment }),
})
