/**
 * The journal in one SQLite file, `<DATA_DIR>/journal.db`.
 *
 * Every commit is synced to the disk, and callers that wait at the same time share one. The
 * directory belongs to one process: the lock is the file system's, so a crash leaves none behind.
 */
import { hash } from "node:crypto"
import {
  type Cause,
  Clock,
  Deferred,
  Duration,
  Effect,
  Exit,
  Fiber,
  FileSystem,
  Layer,
  Option,
  Path,
  Queue,
  Result,
  Schedule,
  type Schema,
} from "effect"
import {
  blocksAtOnce,
  blockTextMax,
  copyPatience,
  copySyncPeriod,
  copyTriesMax,
  packedAfter,
} from "../config/Limits.ts"
import { Settings, type SettingsError } from "../config/Settings.ts"
import { note } from "../observe/metrics.ts"
import { traced } from "../observe/traced.ts"
import { CopyCheck, copyName, copyStoppedJournal, makeCopy, stampOf } from "./copies.ts"
import { dayAtIn } from "./counts.ts"
import { forgetAsked } from "./forgetting.ts"
import {
  type DirectoryInUse,
  Holder,
  Journal,
  type JournalDamaged,
  type JournalSealed,
  movedAway,
  StorageUnavailable,
  unfinishedRestore,
} from "./Journal.ts"
import { journalKeys } from "./journalKeys.ts"
import {
  BookedRow,
  decodeRows,
  DocumentRow,
  encodeWrites,
  type Entry,
  eventOf,
  EventRow,
  intentOf,
  IntentRow,
  recordedOf,
  RecordedRow,
  QuarantineRow,
  QuarantineTallyRow,
  SnapshotRow,
  talliesOf,
  UpdateRow,
  withoutNull,
} from "./records.ts"
import type { Resealed } from "./resealing.ts"
import * as SqliteConnection from "./SqliteConnection.ts"
import { type Database, openDatabase } from "./SqliteDatabase.ts"
import { unsoundRow } from "./soundness.ts"
import type { Tables } from "./sqliteTables.ts"

/** What is done before a journal of a former version is brought up to date. */
type KeepFormer = Effect.Effect<
  void,
  StorageUnavailable,
  Settings | FileSystem.FileSystem | Path.Path
>

/** Opens the journal; one of a former version once it is kept. */
const openKeeping = (
  open: (mayMigrate: boolean) => ReturnType<typeof SqliteConnection.open>,
  keepFormer: KeepFormer,
) => {
  const opened = (mayMigrate: boolean) => Effect.suspend(() => Effect.fromResult(open(mayMigrate)))
  return opened(false).pipe(
    Effect.catchTag("MigrationDue", () => Effect.andThen(keepFormer, opened(true))),
    // A journal that may be brought up to date is.
    Effect.catchTag("MigrationDue", Effect.die),
  )
}

/**
 * Copies the data directory as the former version left it: into BACKUP_DIR, or else beside the
 * journal. A start that cannot do so is refused.
 */
const keepBeforeMigration: KeepFormer = Effect.gen(function* () {
  const { dataDir, backupDir } = yield* Settings
  const path = yield* Path.Path
  const now = yield* Clock.currentTimeMillis
  const directory = Option.getOrElse(backupDir, () => dataDir)
  const name = `before-schema-${SqliteConnection.migrations.length}-${stampOf(now)}`
  const to = path.join(directory, name)
  const isSound = (work: string) => {
    const place = path.join(work, copyName)
    const found = SqliteConnection.examine({
      directory: place,
      connect: () => openDatabase(path.join(place, "journal.db")),
    })
    const damage = Result.map(found, (examined) => examined.damage[0])
    const fault = Result.isFailure(damage) ? damage.failure : damage.success
    return fault === undefined ? Effect.void : Effect.fail(fault)
  }
  yield* makeCopy({ dataDir, to, copyJournal: copyStoppedJournal(dataDir) }).pipe(
    Effect.provideService(CopyCheck, { check: (work) => Effect.suspend(() => isSound(work)) }),
  )
  yield* Effect.logInfo(`the data of the former version are kept in ${to}`)
}).pipe(
  Effect.catchTag("CopyFailed", (cause) =>
    Effect.fail(
      new StorageUnavailable({ operation: "keep the former data", place: cause.message, cause }),
    ),
  ),
)

interface LayerOptions {
  /** How many characters of old events are packed into one block. */
  readonly blockText?: number
  readonly keepFormer?: KeepFormer
  /** Whether all is sealed with the first key, where another one opens the journal. */
  readonly mayReseal?: boolean
}

const layerWith = (
  wrap: (database: Database) => Database,
  { blockText = blockTextMax, keepFormer = Effect.void, mayReseal = true }: LayerOptions = {},
): Layer.Layer<
  Journal,
  DirectoryInUse | JournalDamaged | JournalSealed | SettingsError | StorageUnavailable,
  Settings | FileSystem.FileSystem | Path.Path
> =>
  Layer.effect(
    Journal,
    Effect.gen(function* () {
      const { dataDir, timezone } = yield* Settings
      const sealingKeys = yield* journalKeys
      const file = yield* makeJournalFile(dataDir)
      const connection = yield* Effect.acquireRelease(
        openKeeping(
          (mayMigrate) =>
            SqliteConnection.open({
              directory: dataDir,
              connect: () => wrap(openDatabase(file)),
              hash: hashOf,
              dayAt: dayAtIn(timezone),
              blockText,
              mayMigrate,
              keys: sealingKeys,
              mayReseal,
            }),
          keepFormer,
        ),
        ({ close }) => Effect.sync(close),
      )
      yield* sayResealed(connection.resealed)
      yield* forgetAsked(connection, { dayAt: dayAtIn(timezone), keys: sealingKeys })
      const commits = yield* makeGroupCommit<ReadonlyArray<Entry>, number, StorageUnavailable>({
        commit: connection.commit,
        closed: () =>
          new StorageUnavailable({ operation: "write", cause: "the journal is closed" }),
      })

      const read = <A>(operation: string, f: (tables: Tables) => A) =>
        Effect.suspend(() => Effect.fromResult(connection.read(operation, f)))

      const write: Journal["Service"]["write"] = Effect.fnUntraced(function* (writes) {
        const at = yield* Clock.currentTimeMillis
        return yield* commits.submit(yield* encodeWrites(writes, at))
      }, traced("Journal.write"))

      const events: Journal["Service"]["events"] = Effect.fn("Journal.events")(function* (
        pool,
        { after, limit },
      ) {
        const rows = yield* read("events", ({ page }) => page(pool, after, limit))
        const found = yield* readRows(EventRow, "event", rows, ({ seq }) => seq)
        return found.map(eventOf)
      })

      const issuedBefore: Journal["Service"]["issuedBefore"] = Effect.fn("Journal.issuedBefore")(
        (pool, keys) =>
          read(
            "issuedBefore",
            ({ wasIssued }) => new Set(keys.filter((key) => wasIssued(pool, key))),
          ),
      )

      const intents: Journal["Service"]["intents"] = Effect.fn("Journal.intents")(
        function* (spreadsheet, count) {
          const rows = yield* read("intents", (tables) => tables.intents(spreadsheet, count))
          const found = yield* readRows(IntentRow, "intent", rows, ({ seq }) => seq)
          return found.map(intentOf)
        },
      )

      const unhandled: Journal["Service"]["unhandled"] = Effect.fn("Journal.unhandled")(function* ({
        after,
        limit,
      }) {
        const rows = yield* read("unhandled", (tables) => tables.unhandled(after ?? null, limit))
        return yield* readRows(UpdateRow, "inbox", rows, ({ updateId }) => updateId)
      })

      const documents: Journal["Service"]["documents"] = Effect.fn("Journal.documents")(
        function* (kind) {
          const rows = yield* read("documents", (tables) => tables.documents(kind))
          return yield* readRows(DocumentRow, "document", rows, ({ key }) => key).pipe(
            Effect.mapError(unavailable("documents")),
          )
        },
      )

      const prune: Journal["Service"]["prune"] = Effect.fn("Journal.prune")(function* (before) {
        yield* commits.submit([{ _tag: "Prune", before }])
        const dayAgo = (yield* Clock.currentTimeMillis) - Duration.toMillis(packedAfter)
        const old = Math.max(before, dayAgo)
        for (let packed = 0; packed < blocksAtOnce; packed += 1) {
          // A commit that finds a long log empties it, and whoever waits for the commit waits for that.
          yield* read("empty the log", ({ emptyLog }) => emptyLog.all())
          yield* Effect.yieldNow
          if (!(yield* read("pack", (tables) => tables.isPackingWorthwhile(old)))) return
          yield* Effect.yieldNow
          yield* commits.submit([{ _tag: "Pack", before: old }])
          yield* Effect.yieldNow
        }
      })

      return Journal.of({
        write,
        events,
        issuedBefore,
        intents,
        unhandled,
        documents,
        ...makeSnapshotReadings(read),
        ...makeProjectionReadings(read),
        drain: commits.drain,
        copyTo: yield* makeCopyTo(connection.copyInto),
        prune,
      })
    }),
  )

const sayResealed = Effect.fnUntraced(function* (resealed: Resealed | undefined) {
  if (resealed === undefined) return
  const { from, to, isSwept } = resealed
  if (from !== to) {
    yield* Effect.logInfo(
      to === null
        ? "the journal is no longer sealed: anybody who can read the file can read what it holds"
        : `the journal is sealed with the key ${to}; copies from before stay as they are`,
    ).pipe(Effect.annotateLogs(from === null ? {} : { before: from }))
  }
  if (!isSwept) {
    yield* Effect.logWarning(
      "what stood in the journal before it was sealed anew may still be in free parts of the file: the next start tries again to remove it, and needs as much room as the file takes, in DATA_DIR and in TMPDIR",
    )
  }
})

type Read = <A>(operation: string, f: (tables: Tables) => A) => Effect.Effect<A, StorageUnavailable>

/** Makes copies of the journal that hold nobody up. */
const makeCopyTo = Effect.fnUntraced(function* (copyInto: (file: string) => Promise<void>) {
  const fs = yield* FileSystem.FileSystem

  /**
   * What SQLite has written of a copy is synced as it comes: it syncs all of it as it ends, and would
   * hold up the connection for as long as the disk takes.
   */
  const syncing = (file: string) =>
    Effect.scoped(Effect.flatMap(fs.open(file), (opened) => opened.sync)).pipe(
      Effect.ignore,
      Effect.andThen(Effect.sleep(copySyncPeriod)),
      Effect.forever,
    )

  const copyTo: Journal["Service"]["copyTo"] = Effect.fn("Journal.copyTo")((file) =>
    Effect.tryPromise({ try: () => copyInto(file), catch: unavailable("copy") }).pipe(
      Effect.raceFirst(syncing(file)),
      // A step that met a commit of ours ends the copy.
      Effect.retry({ times: copyTriesMax, schedule: Schedule.spaced("200 millis") }),
      Effect.timeoutOrElse({
        duration: copyPatience,
        orElse: () => Effect.fail(unavailable("copy")("it came to no end")),
      }),
    ),
  )
  return copyTo
})

/** What a start reads of a pool. */
const makeSnapshotReadings = (read: Read) => {
  const restore: Journal["Service"]["restore"] = Effect.fn("Journal.restore")(function* (pool) {
    const taken = yield* read("restore", ({ snapshot }) => snapshot(pool))
    const [snapshot] = yield* readRows(SnapshotRow, "snapshot", taken, () => pool)
    const rows = yield* read("restore", ({ events }) => events(pool, snapshot?.through ?? 0))
    const events = yield* readRows(EventRow, "event", rows, ({ seq }) => seq)
    return {
      snapshot: Option.fromUndefinedOr(snapshot),
      events: events.map(eventOf),
    }
  })

  const snapshotParts: Journal["Service"]["snapshotParts"] = Effect.fn("Journal.snapshotParts")(
    function* (pool, set) {
      const rows = yield* read("snapshotParts", (tables) => tables.snapshotParts(pool, set))
      return yield* readRows(
        SnapshotRow,
        "snapshot_part",
        rows,
        ({ number }) => `${pool} ${String(number)}`,
      )
    },
  )

  return { restore, snapshotParts }
}

/** What is read of the books, the trail and the quarantine. */
const makeProjectionReadings = (read: Read) => {
  const booked: Journal["Service"]["booked"] = Effect.fn("Journal.booked")(function* (query, page) {
    const rows = yield* read("booked", (tables) => tables.booked(query, page))
    const found = yield* readRows(BookedRow, "issuance", rows, ({ id }) => id).pipe(
      Effect.mapError(unavailable("booked")),
    )
    return found.map(withoutNull)
  })

  const holders: Journal["Service"]["holders"] = Effect.gen(function* () {
    const rows = yield* read("holders", (tables) => tables.holders())
    return yield* readRows(Holder, "issuance", rows, ({ holder }) => holder).pipe(
      Effect.mapError(unavailable("holders")),
    )
  }).pipe(Effect.withSpan("Journal.holders"))

  const tally: Journal["Service"]["tally"] = Effect.fn("Journal.tally")(function* (query) {
    const rows = yield* read("tally", (tables) => tables.tally(query))
    return yield* Effect.fromResult(talliesOf(rows)).pipe(Effect.mapError(unavailable("tally")))
  })

  const trail: Journal["Service"]["trail"] = Effect.fn("Journal.trail")(function* (query) {
    const rows = yield* read("trail", (tables) => tables.trail(query))
    const found = yield* readRows(RecordedRow, "event", rows, ({ seq }) => seq)
    return found.map(recordedOf)
  })

  const quarantined: Journal["Service"]["quarantined"] = Effect.fn("Journal.quarantined")(
    function* (query, page) {
      const rows = yield* read("quarantined", (tables) => tables.quarantined(query, page))
      return yield* readRows(QuarantineRow, "quarantine", rows, ({ seq }) => seq).pipe(
        Effect.mapError(unavailable("quarantined")),
      )
    },
  )

  const quarantineTally: Journal["Service"]["quarantineTally"] = Effect.gen(function* () {
    const rows = yield* read("quarantineTally", (tables) => tables.quarantineTally.all())
    const counts = yield* readRows(QuarantineTallyRow, "quarantine", rows, () => "group").pipe(
      Effect.mapError(unavailable("quarantineTally")),
    )
    return counts.map(({ columnName: column, ...count }) => ({ ...count, column }))
  }).pipe(Effect.withSpan("Journal.quarantineTally"))

  return { booked, holders, tally, trail, quarantined, quarantineTally }
}

export const SqliteJournal = {
  layer: layerWith((database) => database, { keepFormer: keepBeforeMigration }),
  /** `wrap` gets every connection that is opened and may change what it does. */
  layerWith,
} as const

/**
 * Makes the file before SQLite does, so that nobody else can read it; SQLite's other files copy its
 * mode.
 */
const makeJournalFile = Effect.fnUntraced(
  function* (directory: string) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const file = path.join(directory, "journal.db")
    yield* fs.makeDirectory(directory, { recursive: true, mode: 0o700 })
    if (yield* fs.exists(path.join(directory, unfinishedRestore))) {
      return yield* new StorageUnavailable({
        operation: "open",
        place: `${directory} (a restore was cut off: repeat it)`,
        cause: unfinishedRestore,
      })
    }
    if (yield* fs.exists(path.join(directory, movedAway))) {
      return yield* new StorageUnavailable({
        operation: "open",
        place: `${directory} (its bot was moved to a database: set DATABASE_URL, or see docs/cluster.md)`,
        cause: movedAway,
      })
    }
    // The file of an open journal is not opened again: closing that handle would drop the lock.
    if (!(yield* fs.exists(file))) {
      yield* fs.writeFile(file, new Uint8Array(), { flag: "wx", mode: 0o600 })
    }
    yield* fs.chmod(file, 0o600)
    return file
  },
  (self, directory) =>
    Effect.catchTag(self, "PlatformError", (cause) =>
      Effect.fail(
        new StorageUnavailable({
          operation: "open",
          place: `${directory} (${cause.reason._tag})`,
          cause,
        }),
      ),
    ),
)

/** Decodes rows whose checksums fit. */
const readRows = <A, E, Row extends Readonly<Record<string, unknown>>>(
  schema: Schema.Codec<A, E>,
  table: string,
  rows: ReadonlyArray<Row>,
  record: (row: Row) => unknown,
): Effect.Effect<ReadonlyArray<A>, JournalDamaged> => {
  const unsound = rows.find(({ sound }) => sound === 0)
  return unsound === undefined
    ? decodeRows(schema, table, rows, record)
    : Effect.fail(unsoundRow(table, record(unsound)))
}

const unavailable = (operation: string) => (cause: unknown) =>
  new StorageUnavailable({ operation, cause })

/** What the history holds instead of a key. */
export const hashOf = (pool: string, key: string) => hash("sha256", `${pool}\n${key}`, "hex")

interface GroupCommit<A, B, E> {
  /** Commits the job. A caller that is interrupted stops waiting; the commit goes on. */
  readonly submit: (job: A) => Effect.Effect<B, E>
  /** Waits until all jobs so far are committed or refused. */
  readonly drain: Effect.Effect<void>
}

/**
 * Makes callers that wait at the same time share one commit: a single fiber takes all jobs that
 * wait and hands them to `commit`, in the order of the calls.
 *
 * `commit` gives one exit for each job, in order. When the scope closes, the jobs so far are
 * committed first; whoever comes later gets `closed`.
 */
export const makeGroupCommit = Effect.fnUntraced(function* <A, B, E>(options: {
  readonly commit: (jobs: ReadonlyArray<A>) => ReadonlyArray<Exit.Exit<B, E>>
  readonly closed: () => E
}) {
  interface Waiting {
    readonly job: A
    readonly done: Deferred.Deferred<B, E>
  }
  const queue = yield* Queue.unbounded<Waiting, Cause.Done>()
  let last: Deferred.Deferred<B, E> | undefined

  // A batch that was taken is finished: only the wait for the next one may be interrupted.
  const commitNext = Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const batch = yield* restore(Queue.takeAll(queue))
      const begun = yield* Clock.monotonicTimeNanos
      const exits = commitOrDie(() => options.commit(batch.map(({ job }) => job)))
      yield* note("commit", Number((yield* Clock.monotonicTimeNanos) - begun) / 1e9)
      batch.forEach(({ done }, index) => {
        Deferred.doneUnsafe(done, exits[index] ?? exits.at(-1) ?? Exit.die("no outcome"))
      })
    }),
  )
  const committer = yield* commitNext.pipe(Effect.forever, Effect.exit, Effect.forkScoped)
  yield* Effect.addFinalizer(() => Effect.andThen(Queue.end(queue), Fiber.await(committer)))

  const submit = (job: A): Effect.Effect<B, E> =>
    Effect.suspend(() => {
      const done = Deferred.makeUnsafe<B, E>()
      if (!Queue.offerUnsafe(queue, { job, done })) return Effect.fail(options.closed())
      last = done
      return Deferred.await(done)
    })

  // Jobs are done in their order: when the last one is done, all are.
  const drain = Effect.suspend(() =>
    last === undefined ? Effect.void : Effect.asVoid(Effect.exit(Deferred.await(last))),
  )

  const self: GroupCommit<A, B, E> = { submit, drain }
  return self
})

/** A defect of `commit` becomes its callers' exit, so that the fiber lives on. */
const commitOrDie = <B, E>(
  commit: () => ReadonlyArray<Exit.Exit<B, E>>,
): ReadonlyArray<Exit.Exit<B, E>> => {
  try {
    return commit()
  } catch (defect) {
    return [Exit.die(defect)]
  }
}
