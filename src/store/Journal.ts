/**
 * The durable, ordered record of everything that must survive a crash.
 *
 * Memory is a fold of it: a transition is shown to a person, written to a sheet or logged only
 * after `write` has returned. The port names no database, so that another one fits behind it.
 */
import { Context, type Effect, type Option, Schema } from "effect"
import { ResourceId } from "../domain/Catalogue.ts"
import { Day, Moment } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { PoolEvent } from "../domain/PoolEvent.ts"
import { ProxyEvent } from "../domain/ProxyEvent.ts"

/** All that is folded into memory; the proxies are a pool to the journal too. */
export const JournalEvent = Schema.Union([PoolEvent, ProxyEvent])
export type JournalEvent = typeof JournalEvent.Type

/** A guarded write to a spreadsheet; see sheets/Guard.ts. Unique by `(spreadsheet, seq)`. */
export const Intent = Schema.Struct({
  spreadsheet: Schema.NonEmptyString,
  seq: Schema.Int,
  kind: Schema.Literals(["claim", "flush", "correction", "return", "registry", "setup", "void"]),
  /** Random; stands in the guard, so that a stranger's write with our number is seen. */
  token: Schema.NonEmptyString,
  /** The request body as it goes over the wire, frozen. */
  body: Schema.Unknown,
  /** What the kind needs to finish the work after a restart. */
  about: Schema.Unknown,
  state: Schema.Literals(["open", "applied", "void"]),
  openedAt: Moment,
  /** When it was settled; `null` while open. */
  settledAt: Schema.NullOr(Moment),
})
export type Intent = typeof Intent.Type

/** An update from Telegram that was taken and must be handled. */
export const Received = Schema.Struct({
  updateId: Schema.Int,
  /** Lane it is handled in; 0 for an update without a person. */
  userId: Schema.Int,
  body: Schema.Unknown,
})
export type Received = typeof Received.Type

/** An issuance as the books keep it, long after memory let go of it: a fold of its events. */
export const Booked = Schema.Struct({
  /** Of the issuance, or of a row that stood in the issued tab before the bot. */
  id: Schema.NonEmptyString,
  resource: ResourceId,
  variant: Schema.NullOr(Schema.String),
  region: Schema.String,
  /** `null` where an imported row names nobody. */
  holder: Schema.NullOr(TelegramId),
  stage: Schema.String,
  /** What tells the item apart: a login, an address, a number. Secret. */
  key: Schema.String,
  /** Day of the item, where it has one. */
  day: Schema.NullOr(Day),
  issuedAt: Moment,
  /** `null` while pending. */
  status: Schema.NullOr(Schema.String),
  /** The timer said it. */
  auto: Schema.Boolean,
  markedAt: Schema.NullOr(Moment),
  replacementOf: Schema.NullOr(Schema.String),
  imported: Schema.Boolean,
})
export type Booked = typeof Booked.Type

/** Issuances of one kind within a time, and how many. */
export interface Tally extends Pick<Booked, "variant" | "region" | "day" | "status" | "auto"> {
  readonly count: number
}

export interface BookQuery {
  readonly resource?: string
  readonly holder?: TelegramId
  /** Issued at or after. */
  readonly from?: number
  /** Issued before. */
  readonly to?: number
}

export interface TrailQuery {
  /** Events by that person, or that concern what he holds or held at the time. */
  readonly person?: TelegramId
  /** Events that concern that issuance. */
  readonly issuance?: string
  /** Goes on behind that `seq`: only events that are older. */
  readonly before?: number
  readonly limit: number
}

/** An event as it stands in the record. */
export interface Recorded {
  /** Grows by order of writing, with gaps. */
  readonly seq: number
  readonly at: number
  readonly pool: string
  readonly event: JournalEvent
}

export const Write = Schema.TaggedUnion({
  /** Also keeps `history`, the books and the trail in the same transaction; see projections.ts. */
  PoolEvents: { pool: ResourceId, events: Schema.Array(JournalEvent) },
  /** `state` folds all events up to and including `through`. */
  SnapshotTaken: { pool: ResourceId, through: Schema.Int, state: Schema.Unknown },
  /** The same token again is a repeat; another intent under its number is refused. */
  IntentOpened: { intent: Intent },
  /** Changes an open intent only. */
  IntentSettled: {
    spreadsheet: Schema.NonEmptyString,
    seq: Schema.Int,
    state: Schema.Literals(["applied", "void"]),
    at: Moment,
  },
  /** A known `updateId` is left as it is. */
  UpdateReceived: { ...Received.fields, at: Moment },
  /** The body is erased, the number stays to recognise a repeat. */
  UpdateHandled: { updateId: Schema.Int, at: Moment },
  /** Small durable records of other parts: applications, drafts. Replaces the one before. */
  DocumentPut: { kind: Schema.NonEmptyString, key: Schema.String, body: Schema.Unknown },
  DocumentRemoved: { kind: Schema.NonEmptyString, key: Schema.String },
  /** Rows from before the bot; a known id is left as it is. */
  BooksImported: { rows: Schema.Array(Booked) },
})
export type Write = typeof Write.Type

/** The disk refused: nothing of the write took effect as far as anybody may be told. */
export class StorageUnavailable extends Schema.TaggedError<StorageUnavailable>()(
  "StorageUnavailable",
  { operation: Schema.String, cause: Schema.Defect() },
) {
  override get message() {
    return `the disk refuses (${this.operation})`
  }
}

/** What stands on the disk cannot be read: the start stops and names the record. */
export class JournalDamaged extends Schema.TaggedError<JournalDamaged>()("JournalDamaged", {
  table: Schema.String,
  record: Schema.String,
  problem: Schema.String,
}) {
  override get message() {
    return `the journal is damaged at record ${this.record} of table ${this.table}: ${this.problem}`
  }
}

/** Another process works with the same data directory. */
export class DirectoryInUse extends Schema.TaggedError<DirectoryInUse>()("DirectoryInUse", {
  directory: Schema.String,
}) {
  override get message() {
    return `another process works with ${this.directory}: stop it first, or set another DATA_DIR`
  }
}

export interface Restored {
  readonly snapshot: Option.Option<{ readonly through: number; readonly state: unknown }>
  /** Events after the snapshot, oldest first; `seq` grows by order of writing, with gaps. */
  readonly events: ReadonlyArray<{ readonly seq: number; readonly event: JournalEvent }>
}

export class Journal extends Context.Service<
  Journal,
  {
    /**
     * All or nothing, in the order of calls; on disk when it returns. Callers that wait at the
     * same time share one commit. Returns the `seq` of the last pool event written so far.
     * Interrupting the caller does not take the write back.
     */
    write(writes: ReadonlyArray<Write>): Effect.Effect<number, StorageUnavailable>
    restore(pool: string): Effect.Effect<Restored, StorageUnavailable | JournalDamaged>
    /**
     * All that ever happened to a pool, snapshots or not: the next `limit` events behind `after`.
     */
    events(
      pool: string,
      page: { readonly after: number; readonly limit: number },
    ): Effect.Effect<Restored["events"], StorageUnavailable | JournalDamaged>
    /** Those of `keys` that were ever issued from the pool. */
    issuedBefore(
      pool: string,
      keys: ReadonlyArray<string>,
    ): Effect.Effect<ReadonlySet<string>, StorageUnavailable>
    /** The newest `count` intents of a spreadsheet, newest first. */
    intents(
      spreadsheet: string,
      count: number,
    ): Effect.Effect<ReadonlyArray<Intent>, StorageUnavailable | JournalDamaged>
    /** Updates not handled yet, oldest first. */
    readonly unhandled: Effect.Effect<ReadonlyArray<Received>, StorageUnavailable | JournalDamaged>
    /** In the order in which their keys first appeared. */
    documents(
      kind: string,
    ): Effect.Effect<
      ReadonlyArray<{ readonly key: string; readonly body: unknown }>,
      StorageUnavailable
    >
    /** Issuances, the newest first; `after`: goes on behind that one. */
    booked(
      query: BookQuery,
      page: { readonly limit: number; readonly after?: Pick<Booked, "issuedAt" | "id"> },
    ): Effect.Effect<ReadonlyArray<Booked>, StorageUnavailable>
    /** The same, counted; in no order. */
    tally(query: BookQuery): Effect.Effect<ReadonlyArray<Tally>, StorageUnavailable>
    /**
     * The newest events, newest first, that fit all of the query: without a person and an
     * issuance those of everybody. What only the machinery did stands with whom it concerns.
     */
    trail(
      query: TrailQuery,
    ): Effect.Effect<ReadonlyArray<Recorded>, StorageUnavailable | JournalDamaged>
    /** Waits until every write that was asked for is on disk or refused. */
    readonly drain: Effect.Effect<void>
    /**
     * Drops what nobody needs any more: handled updates and settled intents older than `before`.
     * The newest intent of a spreadsheet stays, so that its numbers go on.
     */
    prune(before: number): Effect.Effect<void, StorageUnavailable>
  }
>()("account-bot/store/Journal") {}
