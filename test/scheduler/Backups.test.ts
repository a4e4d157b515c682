/** Backups of a journal on the disk, while it is written. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { verify } from "../../src/cli/copies/workingCopy.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import { answerFile, Backups, requestFile } from "../../src/scheduler/Backups.ts"
import { CopyCheck, CopyUnsound } from "../../src/store/copies.ts"
import { copyKind, Journal } from "../../src/store/Journal.ts"
import { SqliteJournal } from "../../src/store/SqliteJournal.ts"
import { document } from "../contracts/journalFixtures.ts"
import { copyData } from "../formerVersion/fixture.ts"
import { journalIn, makeDirectory, opening } from "../store/sqliteFixtures.ts"

const now = Date.UTC(2026, 10, 29, 4)

const running = (dataDir: string, values: Partial<Settings["Service"]> = {}) =>
  Backups.layer.pipe(
    Layer.provideMerge(Layer.mergeAll(SqliteJournal.layer, Alarms.layer, Vitals.layer)),
    Layer.provideMerge(Layer.merge(Settings.layerTest({ dataDir, ...values }), NodeServices.layer)),
    Layer.fresh,
  )

/** Runs the test with a bot on a directory of its own, in which a backup has room. */
const withBot = <A, E>(
  test: (
    directory: string,
  ) => Effect.Effect<
    A,
    E,
    Backups | Journal | Alarms | Vitals | Settings | NodeServices.NodeServices
  >,
  values: (directory: string) => Partial<Settings["Service"]> = () => ({}),
) =>
  Effect.gen(function* () {
    const directory = yield* makeDirectory
    const dataDir = Path.join(directory, "data")
    Fs.mkdirSync(dataDir, { mode: 0o700 })
    Fs.writeFileSync(Path.join(dataDir, "whitelist.json"), "{}")
    Fs.writeFileSync(Path.join(dataDir, "heartbeat.json"), "{}")
    yield* TestClock.setTime(now)
    return yield* test(directory).pipe(Effect.provide(running(dataDir, values(directory))))
  })

const keysIn = (dataDir: string) =>
  Effect.map(
    Effect.provide(
      Journal.use((journal) => journal.documents("draft")),
      journalIn(dataDir),
    ),
    (found) => found.map(({ key }) => key),
  )

const modeOf = (file: string) => (Fs.statSync(file).mode & 0o777).toString(8)

describe("a backup while the bot runs", () => {
  it.effect("is whole, sound, for its owner only, and says that it is a copy", () =>
    withBot((directory) =>
      Effect.gen(function* () {
        const journal = yield* Journal
        yield* journal.write([document("before", 1)])
        const to = Path.join(directory, "backup")
        yield* (yield* Backups).make(to)
        yield* journal.write([document("after", 1)])
        assert.deepStrictEqual(Fs.readdirSync(to), ["journal.db", "whitelist.json"])
        assert.deepStrictEqual(
          Fs.readdirSync(to).map((name) => modeOf(Path.join(to, name))),
          ["600", "600"],
        )
        assert.strictEqual(modeOf(to), "700")
        assert.deepStrictEqual(Fs.readdirSync(directory), ["backup", "data"])
        const { inJournal, inFiles } = yield* verify(to)
        assert.deepStrictEqual([...inJournal, ...inFiles], [])
        assert.deepStrictEqual(yield* keysIn(to), ["before"])
        const marks = yield* Effect.provide(
          Journal.use((copy) => copy.documents(copyKind)),
          journalIn(to),
        )
        assert.deepStrictEqual(marks, [{ key: "", body: { madeAt: now } }])
        assert.deepStrictEqual(yield* journal.documents(copyKind), [])
      }),
    ),
  )

  it.effect("has all that was written before it began, however much is written meanwhile", () =>
    withBot((directory) =>
      Effect.gen(function* () {
        const journal = yield* Journal
        const body = "x".repeat(20_000)
        for (let n = 0; n < 200; n += 1) yield* journal.write([document(`before ${n}`, body)])
        let written = 0
        const writer = yield* Effect.forkChild(
          Effect.forever(
            Effect.suspend(() => {
              written += 1
              return journal.write([document(`meanwhile ${written}`, body)]).pipe(
                // A copy that met a write waits for a moment before it begins anew.
                Effect.andThen(TestClock.adjust("1 milli")),
                Effect.andThen(Effect.yieldNow),
              )
            }),
          ),
        )
        const to = Path.join(directory, "backup")
        yield* (yield* Backups).make(to)
        yield* Fiber.interrupt(writer)
        assert.isAbove(written, 5)
        const keys = yield* keysIn(to)
        const meanwhile = keys.filter((key) => key.startsWith("meanwhile"))
        assert.strictEqual(keys.length - meanwhile.length, 200)
        // What was written meanwhile is in it up to some moment, without a gap.
        assert.deepStrictEqual(
          meanwhile,
          meanwhile.map((_, n) => `meanwhile ${n + 1}`),
        )
        assert.deepStrictEqual((yield* verify(to)).inJournal, [])
      }),
    ),
  )

  it.effect("gets no name where it does not pass its check, or the name is taken", () =>
    withBot((directory) =>
      Effect.gen(function* () {
        const to = Path.join(directory, "backup")
        const unsound = {
          check: () => Effect.fail(new CopyUnsound({ problem: "the books differ" })),
        }
        const { reason, message } = yield* Effect.flip((yield* Backups).make(to)).pipe(
          Effect.provideService(CopyCheck, unsound),
        )
        assert.strictEqual(reason, "unsound")
        assert.include(message, "the books differ")
        assert.deepStrictEqual(Fs.readdirSync(directory), ["data"])
        yield* (yield* Backups).make(to)
        const again = yield* Effect.flip((yield* Backups).make(to))
        assert.strictEqual(again.reason, "taken")
      }),
    ),
  )

  it.effect("is made when somebody asks by a file, which is answered by a file", () =>
    withBot((directory) =>
      Effect.gen(function* () {
        const { answer } = yield* Backups
        const dataDir = Path.join(directory, "data")
        const ask = (id: string, to: string) => {
          Fs.writeFileSync(Path.join(dataDir, requestFile), JSON.stringify({ id, to }))
          return Effect.map(answer, (): unknown =>
            JSON.parse(Fs.readFileSync(Path.join(dataDir, answerFile), "utf8")),
          )
        }
        yield* answer
        assert.isFalse(Fs.existsSync(Path.join(dataDir, answerFile)))
        const to = Path.join(directory, "asked")
        assert.deepStrictEqual(yield* ask("1", to), { id: "1", problem: null })
        assert.isTrue(Fs.existsSync(Path.join(to, "journal.db")))
        assert.isFalse(Fs.existsSync(Path.join(dataDir, requestFile)))
        assert.deepStrictEqual(yield* ask("2", to), {
          id: "2",
          problem: `${to}: there is something of that name already`,
        })
        assert.deepStrictEqual(Fs.readdirSync(to), ["journal.db", "whitelist.json"])
      }),
    ),
  )
})

describe("backups by the clock", () => {
  const backupDir = (directory: string) => Path.join(directory, "backups")
  const settings = (directory: string) => ({
    backupDir: Option.some(backupDir(directory)),
    backupEvery: Duration.hours(6),
    backupKeep: 2,
  })

  it.effect("are made when they are due, and the oldest of them go", () =>
    withBot(
      (directory) =>
        Effect.gen(function* () {
          const { byTheClock } = yield* Backups
          const vitals = yield* Vitals
          const place = backupDir(directory)
          const round = byTheClock(place)
          assert.deepStrictEqual(yield* round, Duration.hours(6))
          assert.deepStrictEqual(Fs.readdirSync(place), ["account-bot-2026-11-29T04-00-00Z"])
          assert.strictEqual(yield* vitals.gauge("backupAt"), now)
          Fs.mkdirSync(Path.join(place, "of-somebody-else"))
          yield* TestClock.adjust("2 hours")
          assert.deepStrictEqual(yield* round, Duration.hours(4))
          for (let n = 0; n < 3; n += 1) {
            yield* TestClock.adjust("6 hours")
            yield* round
          }
          assert.deepStrictEqual(Fs.readdirSync(place), [
            "account-bot-2026-11-29T18-00-00Z",
            "account-bot-2026-11-30T00-00-00Z",
            "of-somebody-else",
          ])
        }),
      settings,
    ),
  )

  it.effect("raise an alarm while none can be made, and are tried again soon", () =>
    withBot(
      (directory) =>
        Effect.gen(function* () {
          const { byTheClock } = yield* Backups
          const alarms = yield* Alarms
          const place = backupDir(directory)
          Fs.writeFileSync(place, "no directory")
          assert.deepStrictEqual(yield* byTheClock(place), Duration.minutes(10))
          assert.deepStrictEqual(yield* alarms.raised, [{ _tag: "BackupFailed", reason: "disk" }])
          assert.strictEqual(yield* (yield* Vitals).gauge("backupAt"), 0)
          Fs.rmSync(place)
          yield* byTheClock(place)
          assert.deepStrictEqual(yield* alarms.raised, [])
        }),
      settings,
    ),
  )
})

describe("a journal of a former version", () => {
  const formerData = Effect.gen(function* () {
    const directory = yield* makeDirectory
    const dataDir = Path.join(directory, "data")
    copyData("0.3.0", dataDir)
    return { directory, dataDir }
  })

  it.effect("is kept as it was before it is brought up to date, and only then", () =>
    Effect.gen(function* () {
      const { dataDir } = yield* formerData
      yield* TestClock.setTime(now)
      yield* opening(dataDir)
      yield* opening(dataDir)
      const kept = Fs.readdirSync(dataDir).filter((name) => name.startsWith("before-schema"))
      assert.deepStrictEqual(kept, ["before-schema-9-2026-11-29T04-00-00Z"])
      const { inJournal, isOlder, census } = yield* verify(Path.join(dataDir, kept[0] ?? "")).pipe(
        Effect.provide(Layer.merge(Settings.layerTest(), NodeServices.layer)),
      )
      assert.deepStrictEqual(inJournal, [])
      assert.isTrue(isOlder)
      assert.strictEqual(census.events, 192)
    }),
  )

  it.effect("stays as it is where no copy of it can be made", () =>
    Effect.gen(function* () {
      const { directory, dataDir } = yield* formerData
      const before = Fs.readFileSync(Path.join(dataDir, "journal.db"))
      const place = Path.join(directory, "backups")
      Fs.writeFileSync(place, "no directory")
      const refused = yield* Effect.flip(
        Effect.provide(
          Effect.asVoid(Journal),
          journalIn(dataDir, { backupDir: Option.some(place) }),
        ),
      )
      assert.strictEqual(refused._tag, "StorageUnavailable")
      assert.include(refused.message, "keep the former data")
      assert.isTrue(before.equals(Fs.readFileSync(Path.join(dataDir, "journal.db"))))
    }),
  )
})
