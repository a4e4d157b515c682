/** What stands in JSON files, kept as documents of a journal. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { fileKind, Journal, StorageUnavailable } from "../../src/store/Journal.ts"
import { JsonFiles, layerJournal } from "../../src/store/JsonFiles.ts"
import { Settings } from "../../src/config/Settings.ts"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { MemoryJournal } from "./MemoryJournal.ts"

const Counts = Schema.Record(Schema.String, Schema.Int)
const options = { name: "counts.json", schema: Counts, empty: {} }

const open = (journal: Journal["Service"]) =>
  JsonFiles.pipe(
    Effect.flatMap((files) => files.open(options)),
    Effect.provide(Layer.fresh(layerJournal)),
    Effect.provideService(Journal, journal),
    Effect.provide(Layer.merge(Settings.layerTest(), NodeServices.layer)),
  )

describe("JsonFiles in a journal", () => {
  it.effect("are what was written last, also for the next start", () =>
    Effect.gen(function* () {
      const journal = yield* Journal
      const file = yield* open(journal)
      assert.isTrue(file.isNew)
      yield* file.update((counts) => ({ ...counts, a: 1 }))
      yield* file.update((counts) => ({ ...counts, b: 2 }))
      assert.deepStrictEqual(yield* file.get, { a: 1, b: 2 })
      const again = yield* open(journal)
      assert.isFalse(again.isNew)
      assert.deepStrictEqual(yield* again.get, { a: 1, b: 2 })
    }).pipe(Effect.provide(MemoryJournal.layer())),
  )

  it.effect("are written where they are saved, and not by a change that is none", () =>
    Effect.gen(function* () {
      const journal = yield* Journal
      const file = yield* open(journal)
      yield* file.update((same) => same)
      assert.deepStrictEqual(yield* journal.documents(fileKind), [])
      yield* file.save
      assert.deepStrictEqual(yield* journal.documents(fileKind), [{ key: "counts.json", body: {} }])
    }).pipe(Effect.provide(MemoryJournal.layer())),
  )

  it.effect("stay as they were where the journal refuses", () =>
    Effect.gen(function* () {
      const journal = yield* Journal
      const refusing = Journal.of({
        ...journal,
        write: () => Effect.fail(new StorageUnavailable({ operation: "write", cause: "no" })),
      })
      const file = yield* open(refusing)
      const refused = yield* Effect.flip(file.update(() => ({ a: 1 })))
      assert.strictEqual(refused._tag, "FileUnwritable")
      assert.deepStrictEqual(yield* file.get, {})
    }).pipe(Effect.provide(MemoryJournal.layer())),
  )

  it.effect("that cannot be understood stop the start, without a word of what stands there", () =>
    Effect.gen(function* () {
      const journal = yield* Journal
      const body = { a: "not-to-be-said" }
      yield* journal.write([{ _tag: "DocumentPut", kind: fileKind, key: "counts.json", body }])
      const refused = yield* Effect.flip(open(journal))
      assert.strictEqual(refused._tag, "FileDamaged")
      assert.include(refused.message, "counts.json in the database")
      assert.notInclude(refused.message, "not-to-be-said")
    }).pipe(Effect.provide(MemoryJournal.layer())),
  )
})
