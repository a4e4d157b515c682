/** A person is forgotten at a start: in the journal, in its copies, and nowhere else. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer } from "effect"
import { inspect } from "../../src/cli/copies/inspect.ts"
import { Settings } from "../../src/config/Settings.ts"
import { copyStoppedJournal, makeCopy } from "../../src/store/copies.ts"
import { Journal } from "../../src/store/Journal.ts"
import { unpacked } from "../../src/store/SqliteDatabase.ts"
import { admin, ask, counts, history, holds, nina, reports, traces } from "./forgettingStory.ts"
import {
  databaseIn,
  journalIn,
  keyOf,
  makeDirectory,
  makeFormer,
  opening,
  packingIn,
  spoil,
  spoiledIn,
  withKeys,
} from "./sqliteFixtures.ts"

const packAll = Effect.flatMap(Journal, (journal) => journal.prune(Infinity))

const copyOf = (directory: string, name: string) =>
  makeCopy({
    dataDir: directory,
    to: Path.join(directory, name),
    copyJournal: copyStoppedJournal(directory),
  }).pipe(Effect.provide(NodeServices.layer))

/** Which of the traces stand in the bytes of the files, blocks unpacked. */
const found = (directory: string): ReadonlyArray<string> => {
  const files = Fs.readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  )
  const raw = files.map(({ parentPath, name }) => Fs.readFileSync(Path.join(parentPath, name)))
  const blocks = files
    .filter(({ name }) => name === "journal.db")
    .flatMap(({ parentPath }) => {
      const database = databaseIn(parentPath)
      const rows = database.prepare("SELECT body FROM event_block").all()
      database.close()
      return rows.map(({ body }) => Buffer.from(unpacked(body)))
    })
  return traces.filter((trace) => [...raw, ...blocks].some((bytes) => holds(bytes, trace)))
}

const faults = (directory: string) =>
  Effect.gen(function* () {
    const seen = yield* inspect(directory, yield* makeDirectory)
    return [...seen.inJournal, ...seen.inFiles]
  }).pipe(
    Effect.provide(Layer.merge(NodeServices.layer, Settings.layerTest({ dataDir: directory }))),
  )

/** A directory with that history, a part of it packed, and a copy of it from before. */
const preparedWith = Effect.fnUntraced(function* (more: Partial<Settings["Service"]>) {
  const directory = yield* makeDirectory
  yield* Effect.provide(history, journalIn(directory, more))
  yield* Effect.provide(packAll, packingIn(directory, 3_000, more))
  const roster = { [nina]: { stage: "Забывайло", is_approved: true } }
  Fs.writeFileSync(Path.join(directory, "whitelist.json"), JSON.stringify(roster))
  yield* copyOf(directory, "earlier")
  Fs.writeFileSync(Path.join(directory, "whitelist.json"), "{}")
  const before = yield* Effect.provide(counts, journalIn(directory, more))
  yield* Effect.provide(ask, journalIn(directory, more))
  return { directory, before }
})

const prepared = preparedWith({})

describe("A person who is to be forgotten", () => {
  it.effect("is found no more at the next start, in no file and in no copy", () =>
    Effect.gen(function* () {
      const { directory, before } = yield* prepared
      assert.deepStrictEqual(found(directory), traces)
      assert.isAbove(before.nina, 5)
      const after = yield* Effect.provide(counts, journalIn(directory))
      assert.deepStrictEqual(found(directory), [])
      assert.deepStrictEqual(after, { ...before, nina: 0, ofNina: 0, unhandled: 0 })
      assert.deepStrictEqual(yield* faults(directory), [])
      assert.deepStrictEqual(yield* faults(Path.join(directory, "earlier")), [])
    }),
  )

  it.effect("leaves a report that says nothing of who it was", () =>
    Effect.gen(function* () {
      const { directory } = yield* prepared
      const [report, ...others] = yield* Effect.provide(reports, journalIn(directory))
      assert.deepStrictEqual(others, [])
      assert.deepInclude(report, { by: admin, issuances: 10, copies: 1, left: [] })
    }),
  )

  it.effect("is forgotten by a later start where one was cut off, wherever that was", () =>
    Effect.gen(function* () {
      for (const statement of ["BEGIN IMMEDIATE", "COMMIT", "PRAGMA wal_checkpoint(TRUNCATE)"]) {
        const { directory, before } = yield* prepared
        let seen = 0
        const cutOff = spoiledIn(directory, (database) =>
          spoil(database, (sql) => {
            if (sql !== statement) return
            seen += 1
            // The first transaction is that of the start itself.
            if (seen === (statement.startsWith("PRAGMA") ? 1 : 2)) throw new Error("cut off")
          }),
        )
        assert.isTrue(
          Exit.isFailure(yield* Effect.exit(Effect.provide(Effect.asVoid(Journal), cutOff))),
        )
        const after = yield* Effect.provide(counts, journalIn(directory))
        assert.deepStrictEqual(after.all, before.all, statement)
        assert.deepStrictEqual(found(directory), [], statement)
      }
    }),
  )

  it.effect("is not forgotten with access, which may have been given back since", () =>
    Effect.gen(function* () {
      const { directory, before } = yield* prepared
      const roster = { [nina]: { stage: "Забывайло", is_approved: true } }
      Fs.writeFileSync(Path.join(directory, "whitelist.json"), JSON.stringify(roster))
      assert.deepStrictEqual(yield* Effect.provide(counts, journalIn(directory)), before)
      // The order is gone too: it does not wait for the day on which the access ends again.
      Fs.writeFileSync(Path.join(directory, "whitelist.json"), "{}")
      assert.deepStrictEqual(yield* Effect.provide(counts, journalIn(directory)), before)
    }),
  )

  it.effect("is found no more in a copy further below, nor in what a kill left of one", () =>
    Effect.gen(function* () {
      const { directory } = yield* prepared
      const places = ["backups/now", ".cut.making/copy", "backups/.off.making/copy"]
      for (const place of places) {
        Fs.cpSync(Path.join(directory, "earlier"), Path.join(directory, place), { recursive: true })
      }
      const [report] = yield* Effect.provide(reports, journalIn(directory))
      assert.deepInclude(report, { copies: 2, left: [] })
      assert.deepStrictEqual(found(directory), [])
      const standing = Fs.readdirSync(directory, { recursive: true }).map(String)
      assert.include(standing, Path.join("backups", "now", "journal.db"))
      assert.deepStrictEqual(
        standing.filter((name) => name.includes(".making")),
        [],
      )
    }),
  )

  it.effect("stays in a copy of a former version, which the report names", () =>
    Effect.gen(function* () {
      const { directory } = yield* prepared
      const old = Path.join(directory, "before-schema-2")
      Fs.mkdirSync(old)
      makeFormer(old, [])
      const [report] = yield* Effect.provide(reports, journalIn(directory))
      assert.deepInclude(report, { copies: 1, left: [old] })
    }),
  )

  it.effect("is found no more in a sealed journal and its copies, once they are opened", () =>
    Effect.gen(function* () {
      const { directory, before } = yield* preparedWith(withKeys(keyOf(1)))
      // By its start the journal gets another key. The copy keeps its own.
      const keys = withKeys(keyOf(2), keyOf(1))
      const after = yield* Effect.provide(counts, journalIn(directory, keys))
      assert.deepStrictEqual(after, { ...before, nina: 0, ofNina: 0, unhandled: 0 })
      const [report] = yield* Effect.provide(reports, journalIn(directory, keys))
      assert.deepInclude(report, { by: admin, issuances: 10, copies: 1, left: [] })
      const copy = Path.join(directory, "earlier")
      yield* opening(directory, withKeys("none", keyOf(2)))
      yield* opening(copy, withKeys("none", keyOf(1)))
      assert.deepStrictEqual(found(directory), [])
      assert.deepStrictEqual(yield* faults(directory), [])
      assert.deepStrictEqual(yield* faults(copy), [])
    }),
  )

  it.effect("stays in a copy that no key at hand opens, which the report names", () =>
    Effect.gen(function* () {
      const { directory } = yield* preparedWith(withKeys(keyOf(1)))
      const copy = Path.join(directory, "earlier")
      yield* opening(copy, withKeys(keyOf(3), keyOf(1)))
      const [report] = yield* Effect.provide(reports, journalIn(directory, withKeys(keyOf(1))))
      assert.deepInclude(report, { issuances: 10, copies: 0, left: [copy] })
    }),
  )
})
