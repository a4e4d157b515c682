import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Journal } from "../../src/store/Journal.ts"
import { journalContract } from "../contracts/JournalContract.ts"
import { document } from "../contracts/journalFixtures.ts"
import { MemoryJournal } from "./MemoryJournal.ts"

journalContract(
  "MemoryJournal",
  Effect.sync(() => MemoryJournal.layer(MemoryJournal.makeDisk())),
)

describe("MemoryDisk", () => {
  it.effect("refuses every write while it fails, and takes the next one after", () => {
    const disk = MemoryJournal.makeDisk()
    return Effect.gen(function* () {
      const journal = yield* Journal
      yield* journal.write([document("a", 1)])
      disk.failing = true
      assert.strictEqual(
        (yield* Effect.flip(journal.write([document("b", 1)])))._tag,
        "StorageUnavailable",
      )
      assert.strictEqual((yield* Effect.flip(journal.prune(9)))._tag, "StorageUnavailable")
      disk.failing = false
      yield* journal.write([document("c", 1)])
      const keys = (yield* journal.documents("draft")).map(({ key }) => key)
      assert.deepStrictEqual(keys, ["a", "c"])
    }).pipe(Effect.provide(MemoryJournal.layer(disk)))
  })
})
