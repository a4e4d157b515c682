/** The command in this process, with and without a bot on the data. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Console, Effect, Exit, Layer, Schedule } from "effect"
import { Command } from "effect/cli"
import { TestClock } from "effect/testing"
import { backup } from "../../src/cli/backup.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Backups } from "../../src/scheduler/Backups.ts"
import { SqliteJournal } from "../../src/store/SqliteJournal.ts"
import { databaseIn, makeDirectory, opening } from "../store/sqliteFixtures.ts"
import { copyData } from "../formerVersion/fixture.ts"

const backedUp = Effect.fnUntraced(function* (
  dataDir: string,
  to: string,
  ...flags: ReadonlyArray<string>
) {
  const lines: Array<string> = []
  const tell = (...texts: ReadonlyArray<unknown>) => void lines.push(...texts.map(String))
  const exit = yield* Command.runWith(backup, { version: "test" })([...flags, to]).pipe(
    Effect.exit,
    Effect.provide(
      Layer.merge(
        ConfigProvider.layer(ConfigProvider.fromUnknown({ DATA_DIR: dataDir, BACKUP_KEEP: "2" })),
        NodeServices.layer,
      ),
    ),
    Effect.provideService(Console.Console, { ...globalThis.console, log: tell, error: tell }),
  )
  return { passed: Exit.isSuccess(exit), text: lines.join("\n") }
})

const places = Effect.map(makeDirectory, (directory) => ({
  dataDir: Path.join(directory, "data"),
  to: Path.join(directory, "backup"),
}))

const bot = (dataDir: string) =>
  Backups.layer.pipe(
    Layer.provide(Layer.merge(SqliteJournal.layer, Alarms.layer)),
    Layer.provide(Layer.merge(Settings.layerTest({ dataDir }), NodeServices.layer)),
    Layer.fresh,
  )

const versionIn = (directory: string) => {
  const database = databaseIn(directory)
  const version = database.prepare("PRAGMA user_version").get()?.["user_version"]
  database.close()
  return version
}

describe("account-bot backup", () => {
  it.effect("copies the data of a bot that does not run, of whatever version", () =>
    Effect.gen(function* () {
      const { dataDir, to } = yield* places
      copyData("0.3.0", dataDir)
      const version = versionIn(dataDir)
      const { passed, text } = yield* backedUp(dataDir, to)
      assert.isTrue(passed, text)
      assert.strictEqual(versionIn(dataDir), version)
      assert.strictEqual(versionIn(to), version)
      assert.deepStrictEqual(Fs.readdirSync(to), ["journal.db", "regions.json", "whitelist.json"])
      assert.include((yield* backedUp(dataDir, to)).text, "there is something of that name already")
    }),
  )

  it.effect("calls copies by their time, and keeps the newest of those", () =>
    Effect.gen(function* () {
      const { dataDir, to } = yield* places
      yield* opening(dataDir)
      const by = (hour: number) => `account-bot-2026-11-29T0${hour}-00-00Z`
      yield* backedUp(dataDir, Path.join(to, "by hand"))
      for (const hour of [4, 5, 6]) {
        yield* TestClock.setTime(Date.UTC(2026, 10, 29, hour))
        const { passed, text } = yield* backedUp(dataDir, to, "--dated")
        assert.isTrue(passed, text)
        assert.include(text, Path.join(to, by(hour)))
      }
      assert.deepStrictEqual(Fs.readdirSync(to), [by(5), by(6), "by hand"])
      assert.isTrue(Fs.existsSync(Path.join(to, by(6), "journal.db")))

      // One that fails costs none of those before it.
      const twice = yield* backedUp(dataDir, to, "--dated")
      assert.isFalse(twice.passed)
      assert.deepStrictEqual(Fs.readdirSync(to), [by(5), by(6), "by hand"])
    }),
  )

  it.live("asks the bot that runs, and waits for what it says", () =>
    Effect.gen(function* () {
      const { dataDir, to } = yield* places
      yield* opening(dataDir)
      const { first, again } = yield* Effect.gen(function* () {
        const { answer } = yield* Backups
        yield* answer.pipe(Effect.repeat(Schedule.spaced("20 millis")), Effect.forkScoped)
        return { first: yield* backedUp(dataDir, to), again: yield* backedUp(dataDir, to) }
      }).pipe(Effect.provide(bot(dataDir)), Effect.scoped)
      assert.isTrue(first.passed, first.text)
      assert.isTrue(Fs.existsSync(Path.join(to, "journal.db")))
      assert.isFalse(again.passed)
      assert.include(again.text, "there is something of that name already")
      assert.deepStrictEqual(
        Fs.readdirSync(dataDir).filter((name) => name.startsWith("backup")),
        [],
      )
    }),
  )

  it.effect("makes none of a journal that is damaged, or of no journal", () =>
    Effect.gen(function* () {
      const { dataDir, to } = yield* places
      assert.include((yield* backedUp(dataDir, to)).text, "there is no journal in")
      yield* opening(dataDir)
      const database = databaseIn(dataDir)
      database.exec("INSERT INTO document (kind, key, body, sum) VALUES ('a', 'b', '1', 7)")
      database.close()
      const { passed, text } = yield* backedUp(dataDir, to)
      assert.isFalse(passed)
      assert.include(text, "the copy did not pass its check")
      assert.isFalse(Fs.existsSync(to))
    }),
  )
})
