/**
 * How the journal's entries are spelled as text, the same for every implementation of the port.
 *
 * Everything is encoded before it is queued: what could not be read again is refused, and a
 * caller that changes its object afterwards changes nothing here.
 */
import { Effect, Schema } from "effect"
import { ResourceId } from "../domain/Catalogue.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { Issuance, IssuanceId, Mark } from "../domain/Issuance.ts"
import type { ProxyId } from "../domain/Proxy.ts"
import {
  Booked,
  Intent,
  JournalDamaged,
  JournalEvent,
  Received,
  type Recorded,
  StorageUnavailable,
  Write,
} from "./Journal.ts"

/** A write as it is applied to tables. */
export type Entry =
  | {
      readonly _tag: "Event"
      readonly pool: string
      readonly at: number
      readonly body: string
      /** Keys of items that the event adds to the history. */
      readonly issued: ReadonlyArray<string>
      /** … and those it takes out of it. */
      readonly withdrawn: ReadonlyArray<string>
      /** What it means to the books and the trail. */
      readonly projection: Projection
    }
  | {
      readonly _tag: "Snapshot"
      readonly pool: string
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
  | { readonly _tag: "Book"; readonly row: Booked }
  | { readonly _tag: "Prune"; readonly before: number }

const Json = Schema.fromJsonString(Schema.Unknown)
const EventText = Schema.fromJsonString(JournalEvent)
const IntentText = Schema.fromJsonString(Intent)

/** `at` is the moment of writing that the events get. */
export const encodeWrites = (
  writes: ReadonlyArray<Write>,
  at: number,
): Effect.Effect<ReadonlyArray<Entry>, StorageUnavailable> =>
  Effect.try({
    try: () => writes.flatMap((write) => entriesOf(write, at)),
    catch: (cause) => new StorageUnavailable({ operation: "encode", cause: withoutContent(cause) }),
  })

/** Rows of `table`, decoded; the first one that cannot be read is named by `record`. */
export const decodeRows = <A, E, Row>(
  schema: Schema.Codec<A, E>,
  table: string,
  rows: ReadonlyArray<Row>,
  record: (row: Row) => unknown,
): Effect.Effect<ReadonlyArray<A>, JournalDamaged> => {
  const decode = Schema.decodeUnknownResult(schema)
  return Effect.forEach(rows, (row) =>
    Effect.mapError(
      Effect.fromResult(decode(row)),
      ({ message }) => new JournalDamaged({ table, record: String(record(row)), problem: message }),
    ),
  )
}

export const EventRow = Schema.Struct({ seq: Schema.Int, body: EventText })
export const SnapshotRow = Schema.Struct({ through: Schema.Int, state: Json })
/** State and time of settling stand beside the body, which is as it was when opened. */
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
/** SQLite has no truth values. */
export const BookedRow = Schema.Struct({
  ...Booked.fields,
  auto: Schema.BooleanFromBit,
  imported: Schema.BooleanFromBit,
})
export const TallyRow = Schema.Struct({
  variant: Booked.fields.variant,
  region: Booked.fields.region,
  day: Booked.fields.day,
  status: Booked.fields.status,
  auto: Schema.BooleanFromBit,
  count: Schema.Int,
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

const encodeJson = Schema.encodeSync(Json)
const encodeEvent = Schema.encodeSync(EventText)
const copyBooked = Schema.decodeUnknownSync(Booked)
const encodeIntent = Schema.encodeSync(IntentText)

/** JSON has no `undefined`: a field that held it would be missing when it is read again. */
const encodeUnknown = (value: unknown) => encodeJson(value ?? null)

const entriesOf = (write: Write, at: number): ReadonlyArray<Entry> =>
  Write.match(write, {
    PoolEvents: ({ pool, events }) =>
      events.map((event): Entry => ({
        _tag: "Event",
        pool,
        at,
        body: encodeEvent(event),
        issued: event._tag === "Issued" ? event.issuances.map(({ item }) => item.key) : [],
        withdrawn: event._tag === "Withdrawn" ? event.keys : [],
        projection: projectionOf(event),
      })),
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
    BooksImported: ({ rows }) => rows.map((row): Entry => ({ _tag: "Book", row: copyBooked(row) })),
  })

/** A schema's complaint carries what it complains about; only its words may travel. */
const withoutContent = (cause: unknown) =>
  Schema.isSchemaError(cause) ? new Error(cause.message) : cause

/*
 * What an event means to the tables that are kept beside the events: the books, and the trail of
 * who did what to which issuance. The same for every implementation of the port.
 */

type BookChange =
  /** Takes the place of a row with that id: what the bot did itself, it knows better. */
  | { readonly _tag: "Issued"; readonly row: Booked }
  | ({ readonly _tag: "Marked"; readonly id: IssuanceId } & Pick<
      Booked,
      "status" | "auto" | "markedAt"
    >)
  | { readonly _tag: "Withdrawn"; readonly id: IssuanceId }
  | ({ readonly _tag: "Transferred"; readonly id: IssuanceId; readonly holder: TelegramId } & Pick<
      Booked,
      "stage"
    >)
  | { readonly _tag: "Reserved"; readonly proxy: ProxyId; readonly by: TelegramId }

export interface Projection {
  /** Issuances it concerns, and so whoever holds them before it. */
  readonly issuances: ReadonlyArray<string>
  /** Proxies it concerns, and so whoever reserved them last. */
  readonly proxies: ReadonlyArray<string>
  /** Who did it, or has something by it. */
  readonly people: ReadonlyArray<number>
  /** Made after the holders were asked for. */
  readonly changes: ReadonlyArray<BookChange>
}

export const projectionOf = (event: JournalEvent): Projection => {
  switch (event._tag) {
    case "Issued":
      return concerning({
        issuances: event.issuances.flatMap(({ id, replacementOf }) =>
          replacementOf === null ? [id] : [id, replacementOf],
        ),
        people: [event.request.by, ...event.issuances.map(({ holder }) => holder)],
        changes: event.issuances.map((issuance) => ({ _tag: "Issued", row: rowOf(issuance) })),
      })
    case "Withdrawn":
      return concerning({
        issuances: event.ids,
        changes: event.ids.map((id) => ({ _tag: "Withdrawn", id })),
      })
    case "Confirmed":
    case "Corrected":
      return concerning({
        issuances: [event.id],
        people: [event.mark.by],
        changes: [{ _tag: "Marked", id: event.id, ...markOf(event.mark) }],
      })
    case "Undone":
      return concerning({
        issuances: [event.id],
        people: [event.by],
        changes: [{ _tag: "Marked", id: event.id, ...markOf(null) }],
      })
    case "Transferred": {
      const { id, from, by } = event
      const { by: holder, stage } = event.request
      return concerning({
        issuances: [id],
        people: [from, by, holder],
        changes: [{ _tag: "Transferred", id, holder, stage }],
      })
    }
    case "SetAside": {
      const { id, from, by, at } = event
      // Settled, though by no status of the catalogue: it waits for nobody any more.
      const withheld = { status: "withheld", auto: false, markedAt: at }
      return concerning({
        issuances: [id],
        people: [from, by],
        changes: [{ _tag: "Marked", id, ...withheld }],
      })
    }
    case "BroughtBack": {
      const { id, to, by } = event
      return concerning({
        issuances: [id],
        people: [to, by],
        changes: [{ _tag: "Marked", id, ...markOf(null) }],
      })
    }
    case "Abandoned":
    case "Unabandoned":
    case "RewriteBegun":
      return concerning({ issuances: [event.id], people: [event.by] })
    case "ReplacementDeclined":
      return concerning({ issuances: [event.id] })
    case "DeliveryStarted":
    case "Delivered":
    case "DeliveryRefused":
    case "DeliveryUnsure":
      return concerning({ issuances: event.ids })
    case "Written":
      return concerning({ issuances: event.rows.map(({ id }) => id) })
    case "ProxiesAdded":
      return concerning({ people: event.proxies.flatMap(({ addedBy }) => addedBy ?? []) })
    case "ProxyReserved": {
      const { proxy, by } = event.reservation
      return concerning({ people: [by], changes: [{ _tag: "Reserved", proxy, by }] })
    }
    case "ProxyReleased":
    case "ProxyTaken":
      return concerning({ proxies: [event.proxy] })
    default:
      return concerning({ people: "by" in event ? [event.by] : [] })
  }
}

/** Keys under which the trail finds an event. */
export const refOfIssuance = (id: string) => `i:${id}`
export const refOfPerson = (id: number) => `u:${id}`

const concerning = (some: Partial<Projection>): Projection => ({
  issuances: [],
  proxies: [],
  people: [],
  changes: [],
  ...some,
})

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

const markOf = (mark: Mark | null): Pick<Booked, "status" | "auto" | "markedAt"> => ({
  status: mark?.status ?? null,
  auto: mark?.auto ?? false,
  markedAt: mark?.at ?? null,
})
