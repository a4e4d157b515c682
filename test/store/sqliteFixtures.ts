/** The journal in a directory of its own, for tests that look behind the port. */
import { spawn } from "node:child_process"
import * as Path from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Effect, Fiber, FileSystem, Layer, Option, Redacted, Schema } from "effect"
import type { Key } from "../../src/config/JournalKey.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Journal, JournalEvent } from "../../src/store/Journal.ts"
import { migrations } from "../../src/store/SqliteConnection.ts"
import { SqliteJournal } from "../../src/store/SqliteJournal.ts"
import type { Database } from "../../src/store/SqliteDatabase.ts"

const files = Layer.merge(NodeFileSystem.layer, NodePath.layer)

export const makeDirectory = Effect.flatMap(FileSystem.FileSystem, (fs) =>
  fs.makeTempDirectoryScoped(),
).pipe(Effect.orDie, Effect.provide(NodeFileSystem.layer))

const settings = (dataDir: string, more: Partial<Settings["Service"]> = {}) =>
  Layer.merge(Settings.layerTest({ ...more, dataDir }), files)

export const journalIn = (dataDir: string, more?: Partial<Settings["Service"]>) =>
  Layer.provide(Layer.fresh(SqliteJournal.layer), settings(dataDir, more))

/** A key that nobody would draw. */
export const keyOf = (n: number): Uint8Array => new Uint8Array(32).fill(n)

/** The setting JOURNAL_KEY with these keys. */
export const withKeys = (...keys: ReadonlyArray<Key>) => ({
  journalKey: Option.some(Redacted.make({ _tag: "Keys" as const, keys })),
})

export const spoiledIn = (
  dataDir: string,
  wrap: (database: Database) => Database,
  more?: Partial<Settings["Service"]>,
) => Layer.provide(Layer.fresh(SqliteJournal.layerWith(wrap)), settings(dataDir, more))

/** Packs old events into blocks of a few: of one long event, or of several short ones. */
export const packingIn = (dataDir: string, blockText = 300, more?: Partial<Settings["Service"]>) =>
  Layer.provide(
    Layer.fresh(SqliteJournal.layerWith((database) => database, { blockText })),
    settings(dataDir, more),
  )

export const databaseIn = (directory: string) =>
  new DatabaseSync(Path.join(directory, "journal.db"))

/** Makes a file as the first version of the schema left it: with events and no projections. */
export const makeFormer = (
  directory: string,
  events: ReadonlyArray<{ readonly pool: string; readonly event: JournalEvent }>,
) => {
  const database = databaseIn(directory)
  database.exec(migrations[0] ?? "")
  database.exec("BEGIN")
  const insert = database.prepare("INSERT INTO event (pool, at, body) VALUES (?, ?, ?)")
  for (const { pool, event } of events) insert.run(pool, 1, encodeEvent(event))
  database.exec("PRAGMA user_version = 1")
  database.exec("COMMIT")
  database.close()
}

const encodeEvent = Schema.encodeSync(Schema.fromJsonString(JournalEvent))

export const opening = (directory: string, more?: Partial<Settings["Service"]>) =>
  Effect.exit(Effect.provide(Effect.asVoid(Journal), journalIn(directory, more)))

export const keysOf = (journal: Journal["Service"]) =>
  Effect.map(journal.documents("draft"), (found) => found.map(({ key }) => key))

/** Wraps a connection so that something happens before and after each statement it executes. */
export const spoil = (
  database: Database,
  before: (sql: string) => void,
  after: (sql: string) => void = () => {},
): Database => ({
  exec: (sql) => {
    before(sql)
    database.exec(sql)
    after(sql)
  },
  prepare: (sql) => database.prepare(sql),
  get isTransaction() {
    return database.isTransaction
  },
  close: () => database.close(),
})

/** Another process that writes into the journal until it is killed. */
export const spawnHolder = (directory: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const script = fileURLToPath(new URL("./journalHolder.ts", import.meta.url))
      const child = spawn(process.execPath, [script, directory], {
        stdio: ["ignore", "pipe", "inherit"],
      })
      let output = ""
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk))
      // The kill may have cut off the last line.
      const numbers = () => output.split("\n").slice(0, -1)
      const ended = Effect.callback<void>((resume) => {
        child.once("close", () => resume(Effect.void))
      })
      return {
        child,
        acknowledged: (count: number) =>
          Effect.callback<void>((resume) => {
            child.stdout.on("data", () => {
              if (numbers().length >= count) resume(Effect.void)
            })
          }),
        kill: Effect.gen(function* () {
          const closing = yield* Effect.forkChild(ended, { startImmediately: true })
          child.kill("SIGKILL")
          yield* Fiber.join(closing)
          return numbers()
        }),
      }
    }),
    ({ child }) => Effect.sync(() => child.kill("SIGKILL")),
  )
