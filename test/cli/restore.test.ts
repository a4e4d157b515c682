/** The command in this process: a backup in the place of the data, which are kept. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Console, Effect, Exit, Layer } from "effect"
import { Command } from "effect/cli"
import { verify } from "../../src/cli/copies/workingCopy.ts"
import { restore } from "../../src/cli/restore.ts"
import { Settings } from "../../src/config/Settings.ts"
import { copyKind, Journal, unfinishedRestore } from "../../src/store/Journal.ts"
import { document } from "../contracts/journalFixtures.ts"
import { databaseIn, journalIn, keysOf, makeDirectory } from "../store/sqliteFixtures.ts"

const restored = Effect.fnUntraced(function* (dataDir: string, from: string) {
  const lines: Array<string> = []
  const tell = (...texts: ReadonlyArray<unknown>) => void lines.push(...texts.map(String))
  const exit = yield* Command.runWith(restore, { version: "test" })([from]).pipe(
    Effect.exit,
    Effect.provide(
      Layer.merge(
        ConfigProvider.layer(ConfigProvider.fromUnknown({ DATA_DIR: dataDir })),
        NodeServices.layer,
      ),
    ),
    Effect.provideService(Console.Console, { ...globalThis.console, log: tell, error: tell }),
  )
  return { passed: Exit.isSuccess(exit), text: lines.join("\n") }
})

/** Data with one document of that name. */
const makeData = Effect.fnUntraced(function* (directory: string, key: string) {
  Fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  Fs.writeFileSync(Path.join(directory, "whitelist.json"), "{}")
  yield* Effect.provide(
    Journal.use((journal) => journal.write([document(key, 1)])),
    journalIn(directory),
  )
})

const keysIn = (directory: string) =>
  Effect.provide(Effect.flatMap(Journal, keysOf), journalIn(directory))

const places = Effect.gen(function* () {
  const directory = yield* makeDirectory
  const dataDir = Path.join(directory, "data")
  const backup = Path.join(directory, "backup")
  yield* makeData(dataDir, "now")
  yield* makeData(backup, "then")
  return { dataDir, backup }
})

const keptIn = (dataDir: string) =>
  Fs.readdirSync(dataDir).filter((name) => name.startsWith("replaced-"))

describe("account-bot restore", () => {
  it.effect("puts a backup in the place of the data, keeps these, and marks the copy", () =>
    Effect.gen(function* () {
      const { dataDir, backup } = yield* places
      Fs.writeFileSync(Path.join(dataDir, "regions.json"), "[]")
      const { passed, text } = yield* restored(dataDir, backup)
      assert.isTrue(passed, text)
      const [kept = "", ...others] = keptIn(dataDir)
      assert.deepStrictEqual(others, [])
      assert.include(text, kept)
      assert.deepStrictEqual(
        Fs.readdirSync(dataDir),
        [kept, "journal.db", "whitelist.json"].toSorted(),
      )
      assert.deepStrictEqual(Fs.readdirSync(Path.join(dataDir, kept)), [
        "journal.db",
        "regions.json",
        "whitelist.json",
      ])
      assert.deepStrictEqual(yield* keysIn(dataDir), ["then"])
      assert.deepStrictEqual(yield* keysIn(Path.join(dataDir, kept)), ["now"])
      assert.deepStrictEqual(yield* keysIn(backup), ["then"])
      const marks = yield* Effect.provide(
        Journal.use((journal) => journal.documents(copyKind)),
        journalIn(dataDir),
      )
      assert.lengthOf(marks, 1)
    }),
  )

  it.effect("refuses while the bot runs, and what is damaged or no backup", () =>
    Effect.gen(function* () {
      const { dataDir, backup } = yield* places
      const running = yield* Effect.andThen(Journal, restored(dataDir, backup)).pipe(
        Effect.provide(journalIn(dataDir)),
      )
      assert.isFalse(running.passed)
      assert.include(running.text, "another process works with")
      assert.include((yield* restored(dataDir, dirnameOf(backup))).text, "there is no journal in")
      const database = databaseIn(backup)
      database.exec("UPDATE document SET body = '2'")
      database.close()
      assert.include((yield* restored(dataDir, backup)).text, "is not sound")
      assert.deepStrictEqual(keptIn(dataDir), [])
      assert.deepStrictEqual(yield* keysIn(dataDir), ["now"])
    }),
  )

  it.effect("that was cut off lets no bot start, and is finished when it is repeated", () =>
    Effect.gen(function* () {
      const { dataDir, backup } = yield* places
      // Cut off after the former data were moved and before the others were there.
      Fs.writeFileSync(Path.join(dataDir, unfinishedRestore), "")
      Fs.mkdirSync(Path.join(dataDir, "replaced-before"))
      for (const name of ["journal.db", "whitelist.json"]) {
        Fs.renameSync(Path.join(dataDir, name), Path.join(dataDir, "replaced-before", name))
      }
      const refused = yield* Effect.flip(keysIn(dataDir))
      assert.include(refused.message, "a restore was cut off")
      const { inJournal } = yield* verify(dataDir).pipe(
        Effect.provide(Layer.merge(Settings.layerTest(), NodeServices.layer)),
      )
      assert.deepStrictEqual(inJournal, ["a restore was cut off: repeat it"])
      assert.isFalse(Fs.existsSync(Path.join(dataDir, "journal.db")))
      const { passed, text } = yield* restored(dataDir, backup)
      assert.isTrue(passed, text)
      assert.deepStrictEqual(yield* keysIn(dataDir), ["then"])
      assert.deepStrictEqual(keptIn(dataDir), ["replaced-before"])
    }),
  )

  it.effect("makes the data of a machine that has none", () =>
    Effect.gen(function* () {
      const { dataDir, backup } = yield* places
      Fs.rmSync(dataDir, { recursive: true })
      const { passed, text } = yield* restored(dataDir, backup)
      assert.isTrue(passed, text)
      assert.deepStrictEqual(Fs.readdirSync(dataDir), ["journal.db", "whitelist.json"])
    }),
  )
})

const dirnameOf = (place: string) => Path.dirname(place)
