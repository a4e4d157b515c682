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
import type { Quarantined } from "../domain/Item.ts"
import { PersonEvent } from "../domain/PersonEvent.ts"
import { PoolEvent } from "../domain/PoolEvent.ts"
import { ProxyEvent } from "../domain/ProxyEvent.ts"

/**
 * All events. Memory is a fold of those of the pools, and to the journal the proxies are a pool
 * too; those of people are kept for /audit alone.
 */
export const JournalEvent = Schema.Union([PoolEvent, ProxyEvent, PersonEvent])
export type JournalEvent = typeof JournalEvent.Type

/** A guarded write to a spreadsheet, unique by `(spreadsheet, seq)`. */
export const Intent = Schema.Struct({
  spreadsheet: Schema.NonEmptyString,
  seq: Schema.Int,
  kind: Schema.Literals(["claim", "flush", "correction", "return", "registry", "setup", "void"]),
  /** Random. It stands in the guard, which tells our write from a stranger's with its number. */
  token: Schema.NonEmptyString,
  /** The request body exactly as it goes over the wire. */
  body: Schema.Unknown,
  /** What the kind needs to finish the work after a restart. */
  about: Schema.Unknown,
  state: Schema.Literals(["open", "applied", "void"]),
  openedAt: Moment,
  /** When the write was settled; `null` while it is open. */
  settledAt: Schema.NullOr(Moment),
})
export type Intent = typeof Intent.Type

/** An update from Telegram that the bot has taken and must handle. */
export const Received = Schema.Struct({
  updateId: Schema.Int,
  /** The person whose updates are handled in order; 0 for an update without a person. */
  userId: Schema.Int,
  body: Schema.Unknown,
})
export type Received = typeof Received.Type

/** An issuance as the books keep it, long after memory let go of it. It is a fold of events. */
export const Booked = Schema.Struct({
  /** The id of the issuance, or of a row that stood in the issued tab before the bot. */
  id: Schema.NonEmptyString,
  resource: ResourceId,
  variant: Schema.NullOr(Schema.String),
  region: Schema.String,
  /** The person; `null` where an imported row names nobody. */
  holder: Schema.NullOr(TelegramId),
  stage: Schema.String,
  /** The value that tells the item apart: a login, an address, a number. Secret. */
  key: Schema.String,
  /** The day of the item, if it has one. */
  day: Schema.NullOr(Day),
  issuedAt: Moment,
  /** The status; `null` while the issuance is pending. */
  status: Schema.NullOr(Schema.String),
  /** The timer set the status, and no person. */
  auto: Schema.Boolean,
  markedAt: Schema.NullOr(Moment),
  /** Why it has that status; absent where nobody said so. */
  comment: Schema.optionalKey(Schema.String),
  /** The issuance that this one replaces. */
  replacementOf: Schema.NullOr(Schema.String),
  /** The row stood in the issued tab before the bot. */
  imported: Schema.Boolean,
})
export type Booked = typeof Booked.Type

/** An event as it stands in the record. */
export interface Recorded {
  /** Grows in the order of writing, with gaps. */
  readonly seq: number
  readonly at: number
  readonly pool: string
  readonly event: JournalEvent
}

/** What can be written. */
export const Write = Schema.TaggedUnion({
  /** The history of issued keys, the books and the trail are kept in the same transaction. */
  PoolEvents: { pool: ResourceId, events: Schema.Array(JournalEvent) },
  /** A piece of a snapshot that is too large for one write; it counts when its snapshot is taken. */
  SnapshotPart: {
    pool: ResourceId,
    /** Which of two sets of parts it belongs to; it replaces the part with its number there. */
    set: Schema.Literals([0, 1]),
    number: Schema.Int,
    through: Schema.Int,
    state: Schema.Unknown,
  },
  /** `state` is the fold of all events up to and including `through`, or says where its parts are. */
  SnapshotTaken: { pool: ResourceId, through: Schema.Int, state: Schema.Unknown },
  /** The same intent once more is a repeat; another one under its number is refused. */
  IntentOpened: { intent: Intent },
  /** Changes the intent only if it is open. */
  IntentSettled: {
    spreadsheet: Schema.NonEmptyString,
    seq: Schema.Int,
    state: Schema.Literals(["applied", "void"]),
    at: Moment,
  },
  /** An update with a known `updateId` is left as it is. */
  UpdateReceived: { ...Received.fields, at: Moment },
  /** Erases the body; the number stays, so that a repeat is recognised. */
  UpdateHandled: { updateId: Schema.Int, at: Moment },
  /**
   * A small durable record of another part, such as a draft. Replaces the one with the same key.
   */
  DocumentPut: { kind: Schema.NonEmptyString, key: Schema.String, body: Schema.Unknown },
  DocumentRemoved: { kind: Schema.NonEmptyString, key: Schema.String },
  /** Adds keys to those that were issued from the pool, whoever issued them. */
  KeysIssued: { pool: ResourceId, keys: Schema.Array(Schema.String) },
  /** Rows from before the bot; one with a known id is left as it is. */
  BooksImported: { rows: Schema.Array(Booked) },
})
export type Write = typeof Write.Type

/**
 * The disk refused. Nobody may be told of anything in the write. `place`: the directory, where it
 * could not be opened, and why.
 */
export class StorageUnavailable extends Schema.TaggedError<StorageUnavailable>()(
  "StorageUnavailable",
  {
    operation: Schema.String,
    place: Schema.optionalKey(Schema.String),
    cause: Schema.Defect(),
  },
) {
  override get message() {
    const { operation, place } = this
    return `the disk refuses (${operation})${place === undefined ? "" : `: ${place}`}`
  }
}

/** Another process has taken over the bot: whatever this one does from here on, it may not. */
export class Disowned extends Schema.TaggedError<Disowned>()("Disowned", {
  bot: Schema.String,
  /** The epoch under which this process had it. */
  epoch: Schema.Int,
}) {
  override get message() {
    return `the bot "${this.bot}" belongs to another process now, this one had it in epoch ${this.epoch}`
  }
}

/** What is on the disk cannot be read: the start stops and names the record. */
export class JournalDamaged extends Schema.TaggedError<JournalDamaged>()("JournalDamaged", {
  table: Schema.String,
  record: Schema.String,
  problem: Schema.String,
}) {
  override get message() {
    return `the journal is damaged at record ${this.record} of table ${this.table}: ${this.problem}`
  }
}

/**
 * Only a key that is not at hand opens the journal. `key`: its name, which `nameOfKey` gives, and
 * from which nobody gets the key.
 */
export class JournalSealed extends Schema.TaggedError<JournalSealed>()("JournalSealed", {
  key: Schema.String,
  isAnyKeySet: Schema.Boolean,
}) {
  override get message() {
    const where = this.isAnyKeySet ? "JOURNAL_KEY holds another one" : "JOURNAL_KEY is not set"
    return `the journal is sealed with the key whose SHA-256 begins with ${this.key}, and ${where}: put that key there`
  }
}

/**
 * The kind of the document that says that a journal is a copy, and when it was made: whatever
 * happened afterwards is not in it.
 */
export const copyKind = "copy"

/** The kind of the documents that say when copies were made; the moment is the key. */
export const copiesKind = "copies"

/** The kind of the documents that say what a start on an older copy came to. */
export const caughtUpKind = "caughtUp"

/** The kind of the document that says with which key the journal is sealed. */
export const sealingKind = "sealing"

/**
 * The kind of the documents that hold what is in JSON files where the journal is one of files; the
 * name of the file is the key.
 */
export const fileKind = "file"

/** The kind of the document of a database whose bot was moved into a directory; none starts on it. */
export const movedKind = "moved"

/** The kind of the document that says from which directory a database has its bot. */
export const importedKind = "imported"

/** The kind of the documents that ask for a person to be forgotten; the id of the person is the key. */
export const forgetKind = "forget"

/** What that document says. `by`: the admin; `null` where FORGET_AFTER says so. */
export const ForgetOrder = Schema.Struct({ by: Schema.NullOr(TelegramId), at: Moment })

/** The kind of the documents that say what came of that. */
export const forgottenKind = "forgotten"

/** What that document says. */
export const ForgetReport = Schema.Struct({
  ...ForgetOrder.fields,
  /** How many issuances were the person's. */
  issuances: Schema.Int,
  /** In how many copies of the data the person is found no more. */
  copies: Schema.Int,
  /** The copies that could not be changed, by their place. */
  left: Schema.Array(Schema.String),
})
export type ForgetReport = typeof ForgetReport.Type

/** What the document of a copy says. */
export const CopyMark = Schema.Struct({ madeAt: Moment })
export type CopyMark = typeof CopyMark.Type

/**
 * The file that stands in a data directory while a backup takes its place: what is there is not whole,
 * and a start would begin with no data at all.
 */
export const unfinishedRestore = "restore.unfinished"

/** The file that stands in a data directory whose bot was moved to a database; see runImport.ts. */
export const movedAway = "moved-to-database"

/** Another process works with the same data directory. */
export class DirectoryInUse extends Schema.TaggedError<DirectoryInUse>()("DirectoryInUse", {
  directory: Schema.String,
}) {
  override get message() {
    return `another process works with ${this.directory}: stop it first, or set another DATA_DIR`
  }
}

/** How many issuances are the same in all of these. */
export interface Tally extends Pick<
  Booked,
  "variant" | "region" | "day" | "status" | "auto" | "comment"
> {
  readonly count: number
}

/** Which issuances of the books are meant: those that fit all that is given. */
export interface BookQuery {
  readonly resource?: string
  readonly holder?: TelegramId
  /** Issued at that moment or later. */
  readonly from?: number
  /** Issued before that moment. */
  readonly to?: number
}

/** A row of quarantine, with the moment since which it is there. */
export interface InQuarantine {
  readonly pool: string
  readonly at: number
  /** The event that put it there. */
  readonly seq: number
  readonly row: Quarantined
}

/** How many rows of a tab are in quarantine for one reason. */
export interface QuarantineTally extends Pick<Quarantined, "tab" | "reason" | "column"> {
  readonly pool: string
  readonly count: number
}

/** Somebody who has ever had an item, and the last one of them. */
export const Holder = Schema.Struct({
  holder: TelegramId,
  stage: Schema.String,
  issuedAt: Moment,
})
export type Holder = typeof Holder.Type

/** Which rows of quarantine are meant: those that fit all that is given. */
export interface QuarantineQuery {
  readonly pool: string
  readonly item?: string
  readonly tab?: string
  readonly reason?: Quarantined["reason"]
  readonly column?: string | null
}

/** Which events are meant: those that fit all that is given. */
export interface TrailQuery {
  /** Events by that person, and those that concern what the person held at the time. */
  readonly person?: TelegramId
  /** Events that concern that issuance. */
  readonly issuance?: string
  /** Events that are older than the one with that `seq`. */
  readonly before?: number
  readonly limit: number
}

/** A part of a snapshot as the journal has it. */
export interface SnapshotPart {
  readonly through: number
  readonly state: unknown
}

/** A pool as the journal has it. */
export interface Restored {
  readonly snapshot: Option.Option<{ readonly through: number; readonly state: unknown }>
  /**
   * The events after the snapshot, oldest first; `seq` grows in the order of writing, with gaps.
   */
  readonly events: ReadonlyArray<{ readonly seq: number; readonly event: JournalEvent }>
}

export class Journal extends Context.Service<
  Journal,
  {
    /**
     * Writes all or nothing, in the order of the calls; all is on disk when it returns. Callers
     * that wait at the same time share one commit. Returns the `seq` of the last event of any pool.
     * A caller that is interrupted does not take its write back.
     */
    write(writes: ReadonlyArray<Write>): Effect.Effect<number, StorageUnavailable>
    /** The newest snapshot of a pool and the events after it. */
    restore(pool: string): Effect.Effect<Restored, StorageUnavailable | JournalDamaged>
    /** All parts that stand in one of the two sets of a pool, by their numbers. */
    snapshotParts(
      pool: string,
      set: 0 | 1,
    ): Effect.Effect<ReadonlyArray<SnapshotPart>, StorageUnavailable | JournalDamaged>
    /**
     * The next events of a pool after the one with the `seq` `after`, whatever snapshots there are:
     * `limit` of them, or fewer where they are long, but one at least if there is any.
     */
    events(
      pool: string,
      page: { readonly after: number; readonly limit: number },
    ): Effect.Effect<Restored["events"], StorageUnavailable | JournalDamaged>
    /** Those of the keys that were ever issued from the pool. */
    issuedBefore(
      pool: string,
      keys: ReadonlyArray<string>,
    ): Effect.Effect<ReadonlySet<string>, StorageUnavailable>
    /** The newest `count` intents of a spreadsheet, newest first. */
    intents(
      spreadsheet: string,
      count: number,
    ): Effect.Effect<ReadonlyArray<Intent>, StorageUnavailable | JournalDamaged>
    /**
     * The oldest `limit` updates that are not handled yet, oldest first. `after`: only those that
     * were received after that update.
     */
    unhandled(page: {
      readonly after?: number | undefined
      readonly limit: number
    }): Effect.Effect<ReadonlyArray<Received>, StorageUnavailable | JournalDamaged>
    /** The documents of a kind, in the order in which their keys first appeared. */
    documents(
      kind: string,
    ): Effect.Effect<
      ReadonlyArray<{ readonly key: string; readonly body: unknown }>,
      StorageUnavailable
    >
    /** A page of issuances, newest first; `after`: the last one of the page before. */
    booked(
      query: BookQuery,
      page: { readonly limit: number; readonly after?: Pick<Booked, "issuedAt" | "id"> },
    ): Effect.Effect<ReadonlyArray<Booked>, StorageUnavailable>
    /** Everybody who has ever had an item, by id. */
    readonly holders: Effect.Effect<ReadonlyArray<Holder>, StorageUnavailable>
    /** The same issuances, counted; in no order. */
    tally(query: BookQuery): Effect.Effect<ReadonlyArray<Tally>, StorageUnavailable>
    /**
     * The newest events that fit the query, newest first; without a person and an issuance those
     * of everybody. An event that no person caused belongs to whom it concerns.
     */
    trail(
      query: TrailQuery,
    ): Effect.Effect<ReadonlyArray<Recorded>, StorageUnavailable | JournalDamaged>
    /** A page of the rows in quarantine, the latest first. */
    quarantined(
      query: QuarantineQuery,
      page: { readonly limit: number; readonly skip: number },
    ): Effect.Effect<ReadonlyArray<InQuarantine>, StorageUnavailable>
    /** The rows in quarantine of all pools, counted by tab and reason; in no order. */
    readonly quarantineTally: Effect.Effect<ReadonlyArray<QuarantineTally>, StorageUnavailable>
    /** Waits until all writes so far are on disk or refused. */
    readonly drain: Effect.Effect<void>
    /**
     * Copies the journal as of one moment into the file, which is there and empty, and holds nobody
     * up meanwhile. The copy says of itself that it is one.
     */
    copyTo(file: string): Effect.Effect<void, StorageUnavailable>
    /**
     * Drops what is not needed any more: handled updates and settled intents older than `before`.
     * The newest intent of a spreadsheet stays, so that its numbers go on from there. Old events
     * may be packed, some blocks at a time: whoever reads them notices nothing.
     */
    prune(before: number): Effect.Effect<void, StorageUnavailable>
  }
>()("account-bot/store/Journal") {}
