/** What a start does with JOURNAL_KEY: the switch on, another key, the switch off, and refusals. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Layer, Logger, References } from "effect"
import type { Key } from "../../src/config/JournalKey.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { Journal, Write } from "../../src/store/Journal.ts"
import { sealedColumns } from "../../src/store/sealing.ts"
import * as SqliteConnection from "../../src/store/SqliteConnection.ts"
import { type Database, openDatabase } from "../../src/store/SqliteDatabase.ts"
import {
  document,
  employee,
  enteredEvent,
  happened,
  imported,
  intent,
  issuanceId,
  issuanceOf,
  issuedEvent,
  itemOf,
  markOf,
  quarantinedOf,
  received,
} from "../contracts/journalFixtures.ts"
import {
  databaseIn,
  journalIn,
  keyOf,
  makeDirectory,
  opening,
  packingIn,
  spoil,
  spoiledIn,
  withKeys,
} from "./sqliteFixtures.ts"

const secret = "hunter2"

/** Obviously made-up secrets, in everything that may hold some. */
const writeSecrets = Effect.gen(function* () {
  const journal = yield* Journal
  const at = (n: number) => issuanceId(n)
  for (let n = 0; n < 9; n += 1) {
    const issuance = issuanceOf(`${secret}-${n}@example.com`, {
      id: at(n),
      stage: `Olga ${secret}`,
      issuedAt: n,
    })
    yield* journal.write([happened("vk", issuedEvent(issuance))])
  }
  const mark = { ...markOf("blocked", 3), comment: `says ${secret}` }
  yield* journal.write([
    happened("vk", PoolEvent.cases.Confirmed.make({ id: at(1), mark })),
    happened("vk", PoolEvent.cases.Confirmed.make({ id: at(2), mark })),
    happened("ok", enteredEvent(quarantinedOf("row", { origin: itemOf(`${secret}-row`).origin }))),
    Write.cases.SnapshotTaken.make({ pool: "ok", through: 1, state: { secret } }),
    Write.cases.SnapshotPart.make({ pool: "vk", set: 0, number: 0, through: 1, state: { secret } }),
    Write.cases.IntentOpened.make({ intent: { ...intent("s", 1), body: { cell: secret } } }),
    received(12, { text: `my password is ${secret}` }),
    document("draft", { line: `192.0.2.1:8080:demo:${secret}` }),
    Write.cases.BooksImported.make({ rows: [imported(`old`, { key: `old-${secret}` })] }),
  ])
})

const everythingIn = Effect.gen(function* () {
  const journal = yield* Journal
  const keys = [0, 1, 2, 3].map((n) => `${secret}-${n}@example.com`)
  return {
    vk: yield* journal.restore("vk"),
    ok: yield* journal.restore("ok"),
    parts: yield* journal.snapshotParts("vk", 0),
    issued: [...(yield* journal.issuedBefore("vk", [...keys, "never@example.com"]))],
    intents: yield* journal.intents("s", 9),
    unhandled: yield* journal.unhandled({ limit: 9 }),
    documents: yield* journal.documents("draft"),
    booked: yield* journal.booked({}, { limit: 99 }),
    tally: (yield* journal.tally({ resource: "vk" }))
      .map((each) => JSON.stringify(each))
      .toSorted(),
    ofHolder: (yield* journal.tally({ holder: employee })).length,
    trail: yield* journal.trail({ limit: 99 }),
    ofIssuance: yield* journal.trail({ issuance: issuanceId(1), limit: 99 }),
    quarantined: yield* journal.quarantined({ pool: "ok" }, { limit: 9, skip: 0 }),
  }
})

const read = (directory: string, ...keys: ReadonlyArray<Key>) =>
  Effect.provide(everythingIn, journalIn(directory, keys.length === 0 ? {} : withKeys(...keys)))

/** A journal with secrets, some of whose events are packed. */
const made = Effect.fnUntraced(function* (...keys: ReadonlyArray<Key>) {
  const directory = yield* makeDirectory
  const more = keys.length === 0 ? {} : withKeys(...keys)
  const packing = packingIn(directory, 3_000, more)
  yield* Effect.provide(writeSecrets, packing)
  yield* Effect.provide(
    Effect.flatMap(Journal, (journal) => journal.prune(Infinity)),
    packing,
  )
  return directory
})

/** The files of the directory in which one of these stands, in the clear or as JSON escapes it. */
const filesWith = (directory: string, text = secret) =>
  Fs.readdirSync(directory)
    .filter((name) => Fs.readFileSync(Path.join(directory, name)).includes(text))
    .toSorted()

const errorOf = (exit: Exit.Exit<unknown, unknown>) =>
  Exit.isFailure(exit) ? (Cause.squash(exit.cause) as Failure) : undefined

interface Failure {
  readonly _tag: string
  readonly message: string
  readonly key?: string
  readonly isAnyKeySet?: boolean
}

const bytesOf = (directory: string) => Fs.readFileSync(Path.join(directory, "journal.db"))

const damageIn = (directory: string) =>
  SqliteConnection.examine({
    directory,
    connect: () => openDatabase(Path.join(directory, "journal.db")),
  })

/** The name of the first key. */
const named = "72cd6e84"

describe("A journal without a key", () => {
  it.effect("shows every secret to whoever reads the file, as the other tests rely on", () =>
    Effect.gen(function* () {
      const directory = yield* made()
      assert.include(filesWith(directory), "journal.db")
      const database = databaseIn(directory)
      for (const [table, columns] of Object.entries(sealedColumns)) {
        for (const column of columns) {
          const { n } = database.prepare(`SELECT count(${column}) AS n FROM ${table}`).get() ?? {}
          assert.isAbove(Number(n), 0, `${table}.${column}`)
        }
      }
      database.close()
    }),
  )
})

describe("A journal under a key", () => {
  it.effect("says the same, and shows no secret in any of its files, open or closed", () =>
    Effect.gen(function* () {
      const expected = yield* read(yield* made())
      const directory = yield* made(keyOf(1))
      assert.deepStrictEqual(filesWith(directory), [])
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        yield* journal.write([document("later", { line: secret })])
        assert.include(Fs.readdirSync(directory), "journal.db-wal")
        assert.deepStrictEqual(filesWith(directory), [])
        const file = Path.join(directory, "copy.db")
        Fs.writeFileSync(file, "")
        yield* journal.copyTo(file)
        assert.isAbove(Fs.statSync(file).size, 0)
        assert.deepStrictEqual(filesWith(directory), [])
        yield* journal.write([{ _tag: "DocumentRemoved", kind: "draft", key: "later" }])
      }).pipe(Effect.provide(journalIn(directory, withKeys(keyOf(1)))))
      assert.deepStrictEqual(yield* read(directory, keyOf(1)), expected)
      assert.deepInclude(damageIn(directory), { _tag: "Success" })
    }),
  )

  it.effect("is opened by no other key and by none, and stays as it is", () =>
    Effect.gen(function* () {
      const directory = yield* made(keyOf(1))
      const before = bytesOf(directory)
      const wrong = errorOf(yield* opening(directory, withKeys(keyOf(2), keyOf(3))))
      assert.deepInclude(wrong, { _tag: "JournalSealed", key: named, isAnyKeySet: true })
      assert.match(wrong?.message ?? "", /begins with 72cd6e84, and JOURNAL_KEY holds another one/)
      const off = errorOf(yield* opening(directory, withKeys("none", keyOf(2))))
      assert.deepInclude(off, { _tag: "JournalSealed", key: named })
      const none = errorOf(yield* opening(directory))
      assert.match(none?.message ?? "", /begins with 72cd6e84, and JOURNAL_KEY is not set/)
      assert.isTrue(before.equals(bytesOf(directory)))
      assert.deepInclude(damageIn(directory), { _tag: "Success" })
    }),
  )

  it.effect("refuses a value that was moved to another place, though the checksum fits", () =>
    Effect.gen(function* () {
      const directory = yield* made(keyOf(1))
      const database = openDatabase(Path.join(directory, "journal.db"))
      database.exec("UPDATE intent SET body = (SELECT body FROM inbox)")
      database.exec(
        "UPDATE intent SET sum = checksum(spreadsheet, seq, token, state, settled_at, body)",
      )
      database.close()
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        assert.deepInclude(yield* Effect.flip(journal.intents("s", 1)), {
          _tag: "JournalDamaged",
          table: "intent",
          record: "1",
        })
        assert.lengthOf(yield* journal.unhandled({ limit: 9 }), 1)
      }).pipe(Effect.provide(journalIn(directory, withKeys(keyOf(1)))))
    }),
  )
})

const changes: ReadonlyArray<{
  readonly name: string
  readonly from: ReadonlyArray<Key>
  readonly by: ReadonlyArray<Key>
  readonly to: ReadonlyArray<Key>
}> = [
  { name: "is switched on", from: [], by: [keyOf(1)], to: [keyOf(1)] },
  { name: "gets another key", from: [keyOf(1)], by: [keyOf(2), keyOf(1)], to: [keyOf(2)] },
  { name: "is switched off", from: [keyOf(1)], by: ["none", keyOf(1)], to: [] },
]

/** The words of a sealed journal, by which its former key is looked for in the file. */
const sealedWords = (directory: string) => {
  const database = databaseIn(directory)
  const words = database
    .prepare("SELECT substr(body, 1, 40) AS word FROM event")
    .all()
    .map(({ word }) => String(word))
  database.close()
  return words
}

describe.each(changes)("A journal that $name", ({ from, by, to }) => {
  it.effect("says the same, and keeps nothing of how it was stored", () =>
    Effect.gen(function* () {
      const directory = yield* made(...from)
      const expected = yield* read(directory, ...from)
      const words = sealedWords(directory)
      yield* Effect.gen(function* () {
        // The log is looked into before it is closed.
        yield* Journal
        const former = words.flatMap((word) => filesWith(directory, word))
        assert.deepStrictEqual(former, [])
        if (to.length > 0) assert.deepStrictEqual(filesWith(directory), [])
      }).pipe(Effect.provide(journalIn(directory, withKeys(...by))))
      assert.deepStrictEqual(yield* read(directory, ...to), expected)
      const other = errorOf(yield* opening(directory, withKeys(keyOf(3))))
      // A plain one is sealed by whatever key comes.
      if (to.length > 0) assert.deepInclude(other, { _tag: "JournalSealed" })
      assert.deepInclude(damageIn(directory), { _tag: "Success" })
    }),
  )

  it.effect("is as it was, or sealed anew, wherever a kill ends the start", () =>
    Effect.gen(function* () {
      const sound = yield* made(...from)
      const expected = yield* read(sound, ...from)
      const steps = (yield* startKilledAt(sound, Infinity, by)).steps
      assert.isAbove(steps, 40)
      for (let step = 0; step < steps; step += step < 8 || step > steps - 12 ? 1 : 4) {
        const { killed } = yield* startKilledAt(sound, step, by)
        // The next start, with the setting as it is.
        assert.deepStrictEqual(yield* read(killed, ...by), expected, `step ${step}`)
        if (to.length > 0) assert.deepStrictEqual(filesWith(killed), [])
        assert.deepStrictEqual(yield* read(killed, ...to), expected)
      }
    }),
  )
})

/**
 * Starts on a copy of the data and leaves the files, the log among them, as a kill at that step would.
 * A step is whatever is run on the connection, the opening included.
 */
const startKilledAt = Effect.fnUntraced(function* (
  sound: string,
  at: number,
  keys: ReadonlyArray<Key>,
) {
  const directory = yield* makeDirectory
  const killed = yield* makeDirectory
  Fs.cpSync(sound, directory, { recursive: true })
  let steps = 0
  const step = () => {
    if (steps === at) {
      Fs.cpSync(directory, killed, { recursive: true })
      throw new Error("killed")
    }
    steps += 1
  }
  const wrap = (database: Database): Database => ({
    ...spoil(database, step),
    get isTransaction() {
      return database.isTransaction
    },
    prepare: (sql) => {
      const statement = database.prepare(sql)
      return {
        all: (...values) => statement.all(...values),
        get: (...values) => statement.get(...values),
        iterate: (...values) => statement.iterate(...values),
        run: (...values) => {
          step()
          return statement.run(...values)
        },
      }
    },
  })
  const start = Effect.provide(
    Effect.asVoid(Journal),
    spoiledIn(directory, wrap, withKeys(...keys)),
  )
  yield* Effect.exit(start)
  return { killed, steps }
})

describe("The start", () => {
  it.effect("says with which key the journal is sealed, and nothing of the key", () =>
    Effect.gen(function* () {
      const directory = yield* made()
      const lines: Array<string> = []
      const logger = Logger.make(({ message, fiber }) => {
        lines.push(JSON.stringify([message, fiber.getRef(References.CurrentLogAnnotations)]))
      })
      const start = (...keys: ReadonlyArray<Key>) =>
        Effect.provide(
          Effect.asVoid(Journal),
          Layer.provide(journalIn(directory, withKeys(...keys)), Logger.layer([logger])),
        )
      yield* start(keyOf(1))
      yield* start(keyOf(1))
      yield* start(keyOf(2), keyOf(1))
      yield* start("none", keyOf(2))
      assert.lengthOf(lines, 3)
      assert.include(lines[0], `the journal is sealed with the key ${named}`)
      assert.include(lines[1], named)
      assert.include(lines[2], "no longer sealed")
      for (const line of lines) {
        assert.notInclude(line, Buffer.from(keyOf(1)).toString("base64").slice(0, 20))
      }
    }),
  )

  it.effect("goes on where the file cannot be rebuilt, says so, and the next one does it", () =>
    Effect.gen(function* () {
      const directory = yield* made()
      // A former version did not overwrite what it deleted.
      const former = databaseIn(directory)
      former.exec("PRAGMA secure_delete = OFF")
      const insert = former.prepare("INSERT INTO document VALUES (99, 'old', '', ?, 0)")
      insert.run(JSON.stringify(secret.repeat(1_000)))
      former.exec("DELETE FROM document WHERE seq = 99")
      former.close()
      const full = spoiledIn(
        directory,
        (database) =>
          spoil(database, (sql) => {
            if (sql === "VACUUM") throw new Error("the disk is full")
          }),
        withKeys(keyOf(1)),
      )
      const expected = yield* read(yield* made())
      const lines: Array<unknown> = []
      const logger = Logger.make(({ message }) => void lines.push(message))
      assert.deepStrictEqual(
        yield* Effect.provide(everythingIn, Layer.provide(full, Logger.layer([logger]))),
        expected,
      )
      assert.match(JSON.stringify(lines), /may still be in free parts of the file/)
      assert.deepStrictEqual(filesWith(directory), ["journal.db"])
      assert.deepStrictEqual(yield* read(directory, keyOf(1)), expected)
      assert.deepStrictEqual(filesWith(directory), [])
    }),
  )

  it.effect("seals nothing twice where the journal does not say any more that it is sealed", () =>
    Effect.gen(function* () {
      const directory = yield* made(keyOf(1))
      const database = databaseIn(directory)
      database.exec("DELETE FROM document WHERE kind = 'sealing'")
      database.close()
      const before = bytesOf(directory)
      assert.strictEqual(
        errorOf(yield* opening(directory, withKeys(keyOf(1))))?._tag,
        "JournalDamaged",
      )
      assert.isTrue(before.equals(bytesOf(directory)))
      // Without a key nothing is to be sealed, and what is read is refused.
      const journal = Effect.flatMap(Journal, ({ restore }) => restore("vk"))
      const error = yield* Effect.flip(Effect.provide(journal, journalIn(directory)))
      assert.strictEqual(error._tag, "JournalDamaged")
    }),
  )

  it.effect("is not repeated when the disk failed: the journal is opened as it is by then", () =>
    Effect.gen(function* () {
      let isFailing = false
      const rebuilt: Array<string> = []
      const failing = spoiledIn(
        yield* made(),
        (database) =>
          spoil(database, (sql) => {
            if (sql === "VACUUM") rebuilt.push(sql)
            if (sql !== "COMMIT" || !isFailing) return
            isFailing = false
            throw new Error("disk I/O error")
          }),
        withKeys(keyOf(1)),
      )
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        const before = yield* everythingIn
        isFailing = true
        const error = yield* Effect.flip(journal.write([document("lost", 1)]))
        assert.strictEqual(error._tag, "StorageUnavailable")
        assert.deepStrictEqual(yield* everythingIn, before)
        yield* journal.write([document("later", 1)])
        assert.lengthOf(yield* journal.documents("draft"), before.documents.length + 1)
      }).pipe(Effect.provide(failing))
      assert.lengthOf(rebuilt, 1)
    }),
  )

  it.effect("keeps the history of issued keys through every change", () =>
    Effect.gen(function* () {
      const directory = yield* made()
      const hashes = () => {
        const database = databaseIn(directory)
        const all = database.prepare("SELECT hash FROM history ORDER BY hash").all()
        database.close()
        return all.map(({ hash }) => String(hash))
      }
      const plainHashes = hashes()
      yield* opening(directory, withKeys(keyOf(1)))
      const peppered = hashes()
      assert.lengthOf(peppered, plainHashes.length)
      assert.isTrue(peppered.every((hash) => /^p[0-9a-f]{64}$/.test(hash)))
      yield* opening(directory, withKeys(keyOf(2), keyOf(1)))
      yield* opening(directory, withKeys("none", keyOf(2)))
      assert.deepStrictEqual(hashes(), peppered)
      // Another journal has another pepper.
      const other = yield* made(keyOf(1))
      assert.isAbove((yield* read(other, keyOf(1))).issued.length, 0)
      const database = databaseIn(other)
      const found = database.prepare("SELECT hash FROM history").all()
      database.close()
      assert.notIncludeMembers(
        peppered,
        found.map(({ hash }) => String(hash)),
      )
    }),
  )
})
