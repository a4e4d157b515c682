/** The commands on the data of a company whose journal is sealed, with the key and without it. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Console, DateTime, Effect, Exit, Layer } from "effect"
import { Command } from "effect/cli"
import { backup } from "../../src/cli/backup.ts"
import { restore } from "../../src/cli/restore.ts"
import { verify } from "../../src/cli/verify.ts"
import { dayAtIn } from "../../src/store/counts.ts"
import { unequalProjections } from "../../src/store/projectionCheck.ts"
import { hashIn, sealedAs } from "../../src/store/resealing.ts"
import { hashOf } from "../../src/store/SqliteJournal.ts"
import { sumAll } from "../../src/store/soundness.ts"
import { openDatabase } from "../../src/store/SqliteDatabase.ts"
import { copyData } from "../formerVersion/fixture.ts"
import { databaseIn, keyOf, makeDirectory, opening, withKeys } from "../store/sqliteFixtures.ts"

const spelled = (n: number) => Buffer.from(keyOf(n)).toString("base64")

const version = { version: "test" }
const commands = {
  backup: Command.runWith(backup, version),
  restore: Command.runWith(restore, version),
  verify: Command.runWith(verify, version),
}

/** What a command says with these settings, and whether it did its work. */
const run = Effect.fnUntraced(function* (
  command: keyof typeof commands,
  args: ReadonlyArray<string>,
  environment: Record<string, string>,
) {
  const lines: Array<string> = []
  const tell = (...texts: ReadonlyArray<unknown>) => void lines.push(...texts.map(String))
  const exit = yield* commands[command](args).pipe(
    Effect.exit,
    Effect.provide(
      Layer.merge(
        ConfigProvider.layer(ConfigProvider.fromUnknown(environment)),
        NodeServices.layer,
      ),
    ),
    Effect.provideService(Console.Console, { ...globalThis.console, log: tell, error: tell }),
  )
  const text = lines.join("\n")
  for (const n of [1, 2]) assert.notInclude(text, spelled(n).slice(0, 12))
  return { passed: Exit.isSuccess(exit), text }
})

/** A login and a password of the company's stock. */
const samples = Effect.map(makeDirectory, (directory) => {
  copyData("0.3.0", directory)
  const database = databaseIn(directory)
  const found = database.prepare("SELECT key FROM issuance WHERE length(key) > 8 LIMIT 5").all()
  database.close()
  return found.map(({ key }) => String(key))
})

const places = Effect.gen(function* () {
  const directory = yield* makeDirectory
  const data = Path.join(directory, "data")
  copyData("0.3.0", data)
  // Its journal is of a former version: it is brought up to date and sealed in one start.
  assert.isTrue(Exit.isSuccess(yield* opening(data, withKeys(keyOf(1)))))
  return { data, copy: Path.join(directory, "copy") }
})

const nameIn = (directory: string) => {
  const database = databaseIn(directory)
  const note = database.prepare("SELECT body FROM document WHERE kind = 'sealing'").get()
  database.close()
  return (JSON.parse(String(note?.["body"])) as { readonly key: string }).key
}

const journalOf = (directory: string) => Fs.readFileSync(Path.join(directory, "journal.db"))

describe("A sealed journal", () => {
  it.effect("of a company is sound with its key, and counts what it counted", () =>
    Effect.gen(function* () {
      const { data } = yield* places
      const before = journalOf(data)
      const { passed, text } = yield* run("verify", [data], { JOURNAL_KEY: spelled(1) })
      assert.isTrue(passed, text)
      assert.include(text, "events 192, issuances 26, proxies 11, people 4")
      assert.include(text, "vk: pending 7, available 17, quarantine 3, written 2")
      assert.isTrue(before.equals(journalOf(data)))
      const keys = yield* samples
      assert.isNotEmpty(keys)
      for (const key of keys) assert.isFalse(before.includes(key))
    }),
  )

  it.effect("leaves nothing readable in what is counted anew beside it", () =>
    Effect.gen(function* () {
      const { data, copy } = yield* places
      const database = openDatabase(Path.join(data, "journal.db"))
      const sealed = sealedAs(database, [keyOf(1)])
      const unequal = unequalProjections(database, {
        dayAt: dayAtIn(DateTime.zoneMakeNamedUnsafe("Europe/Moscow")),
        hash: hashIn(sealed, hashOf),
        sealing: sealed.sealing,
        scratch: copy,
        limit: 9,
        see: () => {},
      })
      database.close()
      assert.deepStrictEqual(unequal, [])
      const scratch = Fs.readFileSync(copy)
      assert.isAbove(scratch.length, 10_000)
      for (const key of yield* samples) assert.isFalse(scratch.includes(key))
    }),
  )

  it.effect("cannot be looked into without the key, and which one is said", () =>
    Effect.gen(function* () {
      const { data, copy } = yield* places
      const before = journalOf(data)
      for (const [command, args] of [
        ["verify", [data]],
        ["backup", [copy]],
      ] as const) {
        for (const environment of [{}, { JOURNAL_KEY: spelled(2) }]) {
          const { passed, text } = yield* run(command, args, { DATA_DIR: data, ...environment })
          assert.isFalse(passed)
          assert.include(
            text,
            "the journal is sealed with the key whose SHA-256 begins with 72cd6e84",
          )
        }
        // A backup of a stopped bot notes in the journal when it was made.
        if (command === "verify") assert.isTrue(before.equals(journalOf(data)))
      }
      assert.isFalse(Fs.existsSync(copy))
    }),
  )

  it.effect("is copied as it is, restored, and opened by its key afterwards", () =>
    Effect.gen(function* () {
      const { data, copy } = yield* places
      // The bot that runs next would seal it with the new key; a copy is not to be changed.
      const environment = { DATA_DIR: data, JOURNAL_KEY: `${spelled(2)},${spelled(1)}` }
      const made = yield* run("backup", [copy], environment)
      assert.isTrue(made.passed, made.text)
      assert.strictEqual(nameIn(copy), "72cd6e84")
      for (const key of yield* samples) assert.isFalse(journalOf(copy).includes(key))
      // The bot goes on with the new key alone; the copy still wants the former one.
      yield* opening(data, withKeys(keyOf(2), keyOf(1)))
      const refused = yield* run("restore", [copy], { DATA_DIR: data, JOURNAL_KEY: spelled(2) })
      assert.isFalse(refused.passed)
      assert.include(
        refused.text,
        "the journal is sealed with the key whose SHA-256 begins with 72cd6e84",
      )
      const { passed, text } = yield* run("restore", [copy], environment)
      assert.isTrue(passed, text)
      assert.isTrue(Exit.isSuccess(yield* opening(data, withKeys(keyOf(1)))))
    }),
  )

  it.effect("that is not what the events say is found, as a plain one is", () =>
    Effect.gen(function* () {
      const untruths: ReadonlyArray<readonly [RegExp, string]> = [
        [/table issuance/, "UPDATE issuance SET holder = 12345"],
        [/table history/, "DELETE FROM history"],
        [/table intent/, "UPDATE intent SET body = '{}'"],
        [/table document/, "UPDATE document SET body = '{}' WHERE kind <> 'sealing'"],
        [
          /table issuance/,
          "UPDATE issuance SET key = (SELECT key FROM issuance ORDER BY id DESC LIMIT 1)",
        ],
      ]
      for (const [words, sql] of untruths) {
        const { data } = yield* places
        const database = openDatabase(Path.join(data, "journal.db"))
        database.exec(`${sql}; DELETE FROM issued_count; DELETE FROM count_day`)
        sumAll(database)
        database.close()
        const { passed, text } = yield* run("verify", [data], { JOURNAL_KEY: spelled(1) })
        assert.isFalse(passed, sql)
        assert.match(text, words)
      }
    }),
  )

  it.effect(
    "takes the key from a file, and a file without one is refused without a word of it",
    () =>
      Effect.gen(function* () {
        const { data, copy } = yield* places
        const file = `${copy}.key`
        Fs.writeFileSync(file, `${spelled(2)}\n${spelled(1)}\n`)
        const { passed, text } = yield* run("verify", [data], { JOURNAL_KEY: file })
        assert.isTrue(passed, text)
        Fs.writeFileSync(file, `hunter2${spelled(1)}`)
        const wrong = yield* run("verify", [data], { JOURNAL_KEY: file })
        assert.isFalse(wrong.passed)
        assert.include(wrong.text, "JOURNAL_KEY: names a file that does not hold keys, one a line")
        assert.notInclude(wrong.text, "hunter2")
        const none = yield* run("verify", [data], { JOURNAL_KEY: `${file}.none` })
        assert.include(none.text, "JOURNAL_KEY: names a file that cannot be read (NotFound)")
        assert.notInclude(none.text, `${file}.none`)
      }),
  )
})
