/**
 * The journal in one SQLite file, `<DATA_DIR>/journal.db`.
 *
 * Every commit is synced to the disk, and callers that wait at the same time share one. The
 * directory belongs to one process: the lock is the file system's, so a crash leaves none.
 */
import { createHash } from "node:crypto"
import { DatabaseSync } from "node:sqlite"
import { Clock, Effect, FileSystem, Layer, Option, Path } from "effect"
import { Settings } from "../config/Settings.ts"
import * as GroupCommit from "./GroupCommit.ts"
import { type DirectoryInUse, Journal, type JournalDamaged, StorageUnavailable } from "./Journal.ts"
import {
  BookedRow,
  decodeRows,
  DocumentRow,
  encodeWrites,
  type Entry,
  EventRow,
  intentOf,
  IntentRow,
  RecordedRow,
  recordedOf,
  SnapshotRow,
  TallyRow,
  UpdateRow,
} from "./records.ts"
import * as SqliteConnection from "./SqliteConnection.ts"
import type { Database, Tables } from "./sqliteTables.ts"

const layerWith = (
  wrap: (database: Database) => Database,
): Layer.Layer<
  Journal,
  DirectoryInUse | JournalDamaged | StorageUnavailable,
  Settings | FileSystem.FileSystem | Path.Path
> =>
  Layer.effect(
    Journal,
    Effect.gen(function* () {
      const { dataDir } = yield* Settings
      const file = yield* makeFile(dataDir)
      const connection = yield* Effect.acquireRelease(
        Effect.suspend(() =>
          Effect.fromResult(
            SqliteConnection.open({
              directory: dataDir,
              connect: () => wrap(new DatabaseSync(file, { timeout: 0 })),
              hash: hashOf,
            }),
          ),
        ),
        ({ close }) => Effect.sync(close),
      )
      const commits = yield* GroupCommit.make<ReadonlyArray<Entry>, number, StorageUnavailable>({
        commit: connection.commit,
        closed: () =>
          new StorageUnavailable({ operation: "write", cause: "the journal is closed" }),
      })

      const read = <A>(operation: string, f: (tables: Tables) => A) =>
        Effect.suspend(() => Effect.fromResult(connection.read(operation, f)))

      const write: Journal["Service"]["write"] = Effect.fn("Journal.write")(function* (writes) {
        const at = yield* Clock.currentTimeMillis
        return yield* commits.submit(yield* encodeWrites(writes, at))
      })

      const restore: Journal["Service"]["restore"] = Effect.fn("Journal.restore")(function* (pool) {
        const taken = yield* read("restore", ({ snapshot }) => snapshot.all(pool))
        const [snapshot] = yield* decodeRows(SnapshotRow, "snapshot", taken, () => pool)
        const rows = yield* read("restore", ({ events }) =>
          events.all(pool, snapshot?.through ?? 0),
        )
        const events = yield* decodeRows(EventRow, "event", rows, ({ seq }) => seq)
        return {
          snapshot: Option.fromUndefinedOr(snapshot),
          events: events.map(({ seq, body }) => ({ seq, event: body })),
        }
      })

      const events: Journal["Service"]["events"] = Effect.fn("Journal.events")(function* (
        pool,
        { after, limit },
      ) {
        const rows = yield* read("events", ({ page }) => page.all(pool, after, limit))
        const found = yield* decodeRows(EventRow, "event", rows, ({ seq }) => seq)
        return found.map(({ seq, body }) => ({ seq, event: body }))
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
          const rows = yield* read("intents", (tables) => tables.intents.all(spreadsheet, count))
          const found = yield* decodeRows(IntentRow, "intent", rows, ({ seq }) => seq)
          return found.map(intentOf)
        },
      )

      const unhandled: Journal["Service"]["unhandled"] = Effect.gen(function* () {
        const rows = yield* read("unhandled", (tables) => tables.unhandled.all())
        return yield* decodeRows(UpdateRow, "inbox", rows, ({ updateId }) => updateId)
      }).pipe(Effect.withSpan("Journal.unhandled"))

      const documents: Journal["Service"]["documents"] = Effect.fn("Journal.documents")(
        function* (kind) {
          const rows = yield* read("documents", (tables) => tables.documents.all(kind))
          return yield* decodeRows(DocumentRow, "document", rows, ({ key }) => key).pipe(
            Effect.mapError((cause) => new StorageUnavailable({ operation: "documents", cause })),
          )
        },
      )

      const booked: Journal["Service"]["booked"] = Effect.fn("Journal.booked")(
        function* (query, page) {
          const rows = yield* read("booked", (tables) => tables.booked(query, page))
          return yield* decodeRows(BookedRow, "issuance", rows, ({ id }) => id).pipe(
            Effect.mapError((cause) => new StorageUnavailable({ operation: "booked", cause })),
          )
        },
      )

      const tally: Journal["Service"]["tally"] = Effect.fn("Journal.tally")(function* (query) {
        const rows = yield* read("tally", (tables) => tables.tally(query))
        return yield* decodeRows(TallyRow, "issuance", rows, () => "group").pipe(
          Effect.mapError((cause) => new StorageUnavailable({ operation: "tally", cause })),
        )
      })

      const trail: Journal["Service"]["trail"] = Effect.fn("Journal.trail")(function* (query) {
        const rows = yield* read("trail", (tables) => tables.trail(query))
        const found = yield* decodeRows(RecordedRow, "event", rows, ({ seq }) => seq)
        return found.map(recordedOf)
      })

      const prune: Journal["Service"]["prune"] = Effect.fn("Journal.prune")((before) =>
        Effect.asVoid(commits.submit([{ _tag: "Prune", before }])),
      )

      return Journal.of({
        write,
        restore,
        events,
        issuedBefore,
        intents,
        unhandled,
        documents,
        booked,
        tally,
        trail,
        drain: commits.drain,
        prune,
      })
    }),
  )

export const SqliteJournal = {
  layer: layerWith((database) => database),
  /** `wrap` sees every connection that is opened and may change what it does. */
  layerWith,
} as const

/** Made before SQLite makes it, for nobody else to read; the files beside it copy its mode. */
const makeFile = Effect.fnUntraced(
  function* (directory: string) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const file = path.join(directory, "journal.db")
    yield* fs.makeDirectory(directory, { recursive: true, mode: 0o700 })
    // An open journal must not be touched by a second handle: closing that would drop its lock.
    if (!(yield* fs.exists(file))) {
      yield* fs.writeFile(file, new Uint8Array(), { flag: "wx", mode: 0o600 })
    }
    yield* fs.chmod(file, 0o600)
    return file
  },
  Effect.mapError((cause) => new StorageUnavailable({ operation: "open", cause })),
)

const hashOf = (pool: string, key: string) =>
  createHash("sha256").update(`${pool}\n${key}`).digest("hex")
