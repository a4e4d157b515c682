/**
 * The durable, ordered record of everything that must survive a crash.
 *
 * Memory is a fold of it: a transition is shown to a person, written to a sheet or logged only
 * after `write` has returned. The port names no database, so that another one fits behind it.
 */
import { Context, type Effect, type Option, Schema } from "effect"
import { ResourceId } from "../domain/Catalogue.ts"
import { PoolEvent } from "../domain/PoolEvent.ts"
import { ProxyEvent } from "../domain/ProxyEvent.ts"
import { Moment } from "../domain/Moment.ts"

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

export const Write = Schema.TaggedUnion({
  /** Also keeps `history` in the same transaction: Issued adds item keys, Withdrawn removes. */
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
    /** Waits until every write that was asked for is on disk or refused. */
    readonly drain: Effect.Effect<void>
    /**
     * Drops what nobody needs any more: handled updates and settled intents older than `before`.
     * The newest intent of a spreadsheet stays, so that its numbers go on.
     */
    prune(before: number): Effect.Effect<void, StorageUnavailable>
  }
>()("account-bot/store/Journal") {}
