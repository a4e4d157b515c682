/**
 * What a guarded write does when Google has no room for guards, a tab is renamed, or the bot slept
 * long.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Fiber, Ref } from "effect"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { SheetsClient } from "../../src/sheets/SheetsClient.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { appendedRows, appendRow, removeGuards, strangersGuards } from "./appending.ts"
import { accounts, alarmTags, during, pass, running, stocked, world } from "./bench.ts"
import { Days } from "./workbooksClient.ts"

const guards = Effect.gen(function* () {
  const client = yield* SheetsClient
  return yield* client.searchMetadata(accounts, "inv.seq", "background")
})
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** Fills nearly all of the thirty thousand characters that Google has for guards. */
const fill = (at: number) => strangersGuards(numbers(1, 800), at)

describe("what the writes wait for", () => {
  it.effect(
    "is known while Google does not answer, with the time since when, and over after it",
    () =>
      Effect.gen(function* () {
        yield* stocked(0)
        const days = yield* Days
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            const vitals = yield* Vitals
            const wait = vitals.writeWait(accounts)
            yield* days.plant("batchUpdate", "lostAnswer")
            yield* days.plant("metadata", "unavailable", "unavailable")
            const write = yield* Effect.forkChild(appendRow("a"))
            const seen: Array<string> = []
            const since = new Set<number>()
            for (let seconds = 0; seconds < 300 && (yield* isUnderWay(write)); seconds += 1) {
              const found = yield* wait
              if (found !== null && seen.at(-1) !== found.on) seen.push(found.on)
              if (found !== null) since.add(found.since)
              yield* pass("1 second")
            }
            assert.deepStrictEqual(seen, ["outage"])
            assert.strictEqual(since.size, 1, "since when it waits at all")
            assert.isNull(yield* wait)
          }),
        )
      }).pipe(Effect.provide(world)),
  )
})

/** Whether the write is still under way. */
const isUnderWay = <A, E>(write: Fiber.Fiber<A, E>) =>
  Effect.sync(() => write.pollUnsafe() === undefined)

describe("a full store of guards", () => {
  for (const strictPrune of [false, true]) {
    it.effect(`is emptied of old ones first: strict ${strictPrune}`, () =>
      Effect.gen(function* () {
        yield* stocked(0)
        yield* (yield* Workbooks).configure({ strictPrune })
        const days = yield* Days
        yield* fill(0)
        yield* pass("61 minutes")
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            let count = 0
            while (true) {
              yield* days.counts
              yield* appendRow(`${++count}`)
              const { writes, reads } = yield* days.counts
              if (writes === 1) continue
              // The write is refused, room is made, and it is sent again.
              assert.deepStrictEqual({ writes, reads }, { writes: 3, reads: 1 })
              break
            }
            assert.strictEqual((yield* guards).length, count)
            yield* appendRow("after")
            assert.strictEqual((yield* appendedRows).length, count + 1)
          }),
        )
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("of young ones stays as it is: the write is refused, and nothing is removed", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      yield* pass("61 minutes")
      yield* fill(61 * 60)
      yield* pass("3 minutes")
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          const failure = yield* Effect.flip(Effect.forever(appendRow("a")))
          assert.strictEqual(failure._tag === "SheetsError" && failure.reason._tag, "Refused")
          assert.isAbove((yield* guards).length, 800)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("does not come about by many writes in an hour", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* appendRow("first")
          yield* days.counts
          for (const number of numbers(1, 900)) {
            yield* appendRow(`${number}`)
            yield* pass("2 seconds")
          }
          assert.deepStrictEqual(yield* days.counts, { writes: 900, reads: 0 })
          assert.isBelow((yield* guards).length, 320)
        }),
      )
      assert.strictEqual((yield* appendedRows).length, 901)
    }).pipe(Effect.provide(world)),
  )
})

describe("a process that slept", () => {
  it.effect("does not send again what others may have finished and forgotten", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* appendRow("a")
          yield* pass("3 minutes")
          yield* days.plant("batchUpdate", "lostAnswer")
          // Another copy of the bot has taken over and removed the guard of the write.
          const workbooks = yield* Workbooks
          const successor = Effect.andThen(removeGuards([2]), strangersGuards([3], 200))
          // The machine sleeps before this one goes on.
          yield* days.plant("metadata", {
            happens: successor.pipe(
              Effect.provideService(Workbooks, workbooks),
              Effect.andThen(Effect.sleep("6 minutes")),
            ),
          })
          const failure = yield* during(
            "10 minutes",
            Effect.flip(appendRow("b", { kind: "flush" })),
          )
          assert.strictEqual(failure._tag === "SheetsError" && failure.reason._tag, "AnotherWriter")
          assert.deepStrictEqual(yield* alarmTags, ["AnotherWriter"])
        }),
      )
      assert.deepStrictEqual(yield* appendedRows, ["a", "b"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("waits with sending again while nobody answers who else writes", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* appendRow("a")
          yield* pass("3 minutes")
          yield* days.plant("batchUpdate", "lostRequest")
          yield* days.plant("metadata", { happens: Effect.sleep("6 minutes") })
          yield* days.plant("searchMetadata", "lostRequest", "lostRequest", "lostRequest")
          yield* days.counts
          yield* during("10 minutes", appendRow("b", { kind: "flush" }))
          assert.deepStrictEqual(yield* days.counts, { writes: 2, reads: 5 })
        }),
      )
      assert.deepStrictEqual(yield* appendedRows, ["a", "b"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("goes on with its numbers when the guards are gone with a restored version", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* appendRow("a")
          yield* appendRow("b")
          yield* removeGuards([1, 2])
          yield* pass("1 hour")
          yield* appendRow("c")
          assert.deepStrictEqual(
            (yield* guards).map(({ metadataValue = "" }) => metadataValue.split("@")[0]),
            ["3"],
          )
        }),
      )
      assert.deepStrictEqual(yield* appendedRows, ["a", "b", "c"])
    }).pipe(Effect.provide(world)),
  )
})

describe("refusals for quota", () => {
  it.effect("are told when they go on, and the same body is sent when they end", () =>
    Effect.gen(function* () {
      yield* stocked(0)
      const days = yield* Days
      const seen = yield* Ref.make<ReadonlyArray<string>>([])
      const look = Effect.flatMap(alarmTags, (tags) => Ref.set(seen, tags))
      yield* days.plant("batchUpdate", ...Array.from({ length: 5 }, () => "quota" as const))
      const alarms = yield* Alarms
      yield* days.plant("batchUpdate", { happens: Effect.provideService(look, Alarms, alarms) })
      yield* running(MemoryJournal.makeDisk(), appendRow("a"))
      assert.deepStrictEqual(yield* Ref.get(seen), ["SheetsUnavailable"])
      assert.deepStrictEqual(yield* alarmTags, [])
      assert.deepStrictEqual(yield* appendedRows, ["a"])
    }).pipe(Effect.provide(world)),
  )
})
