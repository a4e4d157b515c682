import * as Path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, FileSystem, Layer, Option } from "effect"
import { eventTextMax } from "../../src/config/Limits.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { Journal, Write } from "../../src/store/Journal.ts"
import type { Database } from "../../src/store/SqliteDatabase.ts"
import { journalContract } from "../contracts/JournalContract.ts"
import {
  document,
  employee,
  events,
  issued,
  opened,
  received,
} from "../contracts/journalFixtures.ts"
import {
  databaseIn,
  journalIn,
  keyOf,
  keysOf,
  makeDirectory,
  opening,
  spawnHolder,
  spoiledIn,
  withKeys,
} from "./sqliteFixtures.ts"

journalContract(
  "SqliteJournal",
  Effect.map(makeDirectory, (place) => journalIn(place)),
)

journalContract(
  "SqliteJournal under a key",
  Effect.map(makeDirectory, (place) => journalIn(place, withKeys(keyOf(1)))),
)

it.effect("gives fewer events at once where they are long, and all of them in the end", () =>
  Effect.gen(function* () {
    const journal = yield* Journal
    const notes = Array.from({ length: 5 }, (_, n) => String(n).repeat(eventTextMax / 2))
    const about = { by: employee, at: 1 }
    for (const note of notes) {
      const event = PoolEvent.cases.Paused.make({ note, ...about })
      yield* journal.write([Write.cases.PoolEvents.make({ pool: "vk", events: [event] })])
    }
    const sizes: Array<number> = []
    for (let after = 0; ;) {
      const page = yield* journal.events("vk", { after, limit: 9 })
      after = page.at(-1)?.seq ?? after
      sizes.push(page.length)
      if (page.length === 0) break
    }
    assert.deepStrictEqual(sizes, [2, 2, 1, 0])
  }).pipe(Effect.provide(Layer.unwrap(Effect.map(makeDirectory, (place) => journalIn(place))))),
)

describe("SqliteJournal's file", () => {
  it.effect("is for nobody else to read", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = Path.join(yield* makeDirectory, "data")
      const modeOf = (path: string) => Effect.map(fs.stat(path), ({ mode }) => mode & 0o777)
      yield* Effect.gen(function* () {
        yield* (yield* Journal).write([document("a", 1)])
        assert.strictEqual(yield* modeOf(directory), 0o700)
        assert.strictEqual(yield* modeOf(Path.join(directory, "journal.db")), 0o600)
        assert.strictEqual(yield* modeOf(Path.join(directory, "journal.db-wal")), 0o600)
      }).pipe(Effect.provide(journalIn(directory)))
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("keeps no trace of what was removed", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* makeDirectory
      const isThere = Effect.map(fs.readFile(Path.join(directory, "journal.db")), (file) =>
        Buffer.from(file).includes("192.0.2.1:8080:demo:proxy-pass"),
      )
      yield* Effect.gen(function* () {
        yield* (yield* Journal).write([document("a", "192.0.2.1:8080:demo:proxy-pass")])
      }).pipe(Effect.provide(journalIn(directory)))
      assert.isTrue(yield* isThere)
      yield* Effect.gen(function* () {
        yield* (yield* Journal).write([{ _tag: "DocumentRemoved", kind: "draft", key: "a" }])
      }).pipe(Effect.provide(journalIn(directory)))
      assert.isFalse(yield* isThere)
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("belongs to one owner at a time", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      const second = yield* Effect.provide(
        Effect.andThen(Journal, opening(directory)),
        journalIn(directory),
      )
      assert.deepInclude(errorOf(second), { _tag: "DirectoryInUse", directory })
      assert.isTrue(Exit.isSuccess(yield* opening(directory)))
    }),
  )

  it.live("is free again after kill -9, with all that was acknowledged", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      const holder = yield* spawnHolder(directory)
      yield* holder.acknowledged(50)
      assert.deepInclude(errorOf(yield* opening(directory)), { _tag: "DirectoryInUse" })
      const acknowledged = yield* holder.kill
      assert.isAtLeast(acknowledged.length, 50)
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        assert.includeMembers(yield* keysOf(journal), acknowledged)
        yield* journal.write([document("after", 1)])
      }).pipe(Effect.provide(journalIn(directory)))
    }),
  )

  it.effect("is refused when a newer version wrote it, and left as it is", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      yield* opening(directory)
      const database = databaseIn(directory)
      database.exec("PRAGMA user_version = 99")
      database.close()
      const error = errorOf(yield* opening(directory))
      assert.deepInclude(error, { _tag: "JournalDamaged", record: "schema version 99" })
      const after = databaseIn(directory)
      assert.strictEqual(after.prepare("PRAGMA user_version").get()?.["user_version"], 99)
      after.close()
    }),
  )

  it.effect("is refused when it is no database", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* makeDirectory
      yield* fs.writeFileString(Path.join(directory, "journal.db"), "not a database".repeat(100))
      assert.deepInclude(errorOf(yield* opening(directory)), {
        _tag: "JournalDamaged",
        table: "journal.db",
      })
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("says which directory the disk refuses to open, and why", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* makeDirectory
      const messageOf = (exit: Exit.Exit<unknown, { readonly message: string }>) =>
        Exit.match(exit, {
          onSuccess: () => "",
          onFailure: (cause) =>
            Option.match(Cause.findErrorOption(cause), {
              onNone: () => "a defect",
              onSome: ({ message }) => message,
            }),
        })
      // SQLite refuses: in the place of the file is a directory.
      const taken = Path.join(directory, "taken")
      yield* fs.makeDirectory(Path.join(taken, "journal.db"), { recursive: true })
      assert.strictEqual(
        messageOf(yield* opening(taken)),
        `the disk refuses (open): ${taken} (unable to open database file)`,
      )
      // The file system refuses: in the place of the directory is a file.
      const file = Path.join(directory, "file")
      yield* fs.writeFileString(file, "")
      assert.strictEqual(
        messageOf(yield* opening(file)),
        `the disk refuses (open): ${file} (AlreadyExists)`,
      )
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("names a record that cannot be read, and nothing of what is in it", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        yield* journal.write([events("vk", 1), issued("vk", "a@example.com"), opened("s", 4)])
        yield* journal.write([received(12), document("d", 1)])
      }).pipe(Effect.provide(journalIn(directory)))
      // The start would refuse all but the event, so the damage is done after it.
      const connections: Array<Database> = []
      const watched = spoiledIn(directory, (database) => {
        connections.push(database)
        return database
      })
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        const [database] = connections
        database?.exec(`UPDATE event SET body = replace(body, '"holder"', '"holder of hunter2"')`)
        database?.exec(`UPDATE intent SET body = 'hunter2'`)
        database?.exec(`UPDATE inbox SET body = '{"hunter2'`)
        database?.exec(`UPDATE document SET body = '{"hunter2'`)
        const faults = [
          [yield* Effect.flip(journal.restore("vk")), "event", "2"],
          [yield* Effect.flip(journal.intents("s", 1)), "intent", "4"],
          [yield* Effect.flip(journal.unhandled({ limit: 1_000 })), "inbox", "12"],
        ] as const
        for (const [error, table, record] of faults) {
          assert.deepInclude(error, { _tag: "JournalDamaged", table, record })
          assert.notInclude(JSON.stringify(error), "hunter2")
        }
        const error = yield* Effect.flip(journal.documents("draft"))
        assert.strictEqual(error._tag, "StorageUnavailable")
        assert.notInclude(JSON.stringify(error), "hunter2")
        // The rest of it still works.
        assert.deepStrictEqual((yield* journal.restore("ok")).events, [])
      }).pipe(Effect.provide(watched))
    }),
  )
})

const errorOf = <A, E>(exit: Exit.Exit<A, E>) =>
  Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
