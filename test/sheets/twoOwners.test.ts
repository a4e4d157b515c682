/**
 * A bot that was stopped between its journal and its request to Google, and taken over meanwhile:
 * whatever it still sends has been written under the same number, or never will be.
 */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Layer, Ref } from "effect"
import { Journal } from "../../src/store/Journal.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import { appendedRows, appendRow } from "./appending.ts"
import {
  accounts,
  claimVk,
  during,
  pass,
  runningOver,
  rowsOf,
  Shelf,
  stocked,
  vkTab,
  world,
} from "./bench.ts"
import { Days } from "./workbooksClient.ts"

/** A journal that one of two owners has: whoever has lost it never hears of a write again. */
const owners = Effect.gen(function* () {
  const disk: MemoryDisk = MemoryJournal.makeDisk()
  const owner = yield* Ref.make(1)
  const journalOf = (who: number) =>
    Layer.effect(
      Journal,
      Effect.map(Journal, (journal) =>
        Journal.of({
          ...journal,
          write: (writes) =>
            Effect.flatMap(Ref.get(owner), (has) =>
              has === who ? journal.write(writes) : Effect.interruptible(Effect.never),
            ),
        }),
      ),
    ).pipe(Layer.provide(MemoryJournal.layer(disk)))
  return { journalOf, takeOver: Ref.set(owner, 2) }
})

const states = Effect.gen(function* () {
  const intents = yield* (yield* Journal).intents(accounts, 100)
  return intents.map(({ seq, state }) => `${seq} ${state}`)
})

describe("two owners of a spreadsheet", () => {
  it.effect.each([
    ["setup", ["a", "b"], ["2 applied", "1 applied"]],
    ["flush", ["a", "b"], ["2 applied", "1 applied"]],
    // The rows of a correction may have moved by now: the newer owner gives it up for good.
    ["correction", ["b"], ["2 applied", "1 void"]],
  ] as const)("write a %s once", ([kind, rows, settled]) =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const { journalOf, takeOver } = yield* owners
      const [older, newer] = [journalOf(1), journalOf(2)]
      yield* runningOver(older, Effect.void)
      const wakes = yield* Deferred.make<void>()
      yield* days.plant("batchUpdate", { happens: Deferred.await(wakes) })
      const stopped = yield* Effect.forkChild(runningOver(older, appendRow("a", { kind })))
      yield* pass("2 seconds")
      assert.deepStrictEqual(yield* appendedRows, [])
      yield* takeOver
      const found = yield* during(
        "5 minutes",
        runningOver(newer, Effect.andThen(appendRow("b"), states)),
      )
      assert.deepStrictEqual(found, [...settled])
      assert.deepStrictEqual(yield* appendedRows, [...rows])
      yield* Deferred.succeed(wakes, undefined)
      yield* pass("5 minutes")
      assert.deepStrictEqual(yield* appendedRows, [...rows])
      // And nobody who waits for the older one hears that anything was written.
      assert.isUndefined(stopped.pollUnsafe())
    }).pipe(Effect.provide(world)),
  )

  it.effect("take the same rows out of a tab once", () =>
    Effect.gen(function* () {
      yield* stocked(6)
      const days = yield* Days
      const { journalOf, takeOver } = yield* owners
      const wakes = yield* Deferred.make<void>()
      const older = journalOf(1)
      yield* runningOver(older, Effect.void)
      const taking = Effect.andThen(
        days.plant("batchUpdate", { happens: Deferred.await(wakes) }),
        claimVk(3),
      )
      const stopped = yield* Effect.forkChild(runningOver(older, taking))
      yield* pass("10 seconds")
      yield* takeOver
      yield* during("5 minutes", runningOver(journalOf(2), claimVk(3)))
      yield* Deferred.succeed(wakes, undefined)
      yield* pass("5 minutes")
      const { keys } = yield* Shelf
      const all = yield* keys
      assert.isNotEmpty(all)
      assert.strictEqual(new Set(all).size, all.length)
      const left = (yield* rowsOf(accounts, vkTab.title)).flatMap(({ cells }) =>
        String(cells[1]).includes("@") ? [String(cells[1])] : [],
      )
      assert.sameMembers(
        [...all, ...left],
        [1, 2, 3, 4, 5, 6].map((number) => `user${number}@example.com`),
      )
      assert.isUndefined(stopped.pollUnsafe())
    }).pipe(Effect.provide(world)),
  )
})
