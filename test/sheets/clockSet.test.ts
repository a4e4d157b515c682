/** Guarded writes while somebody sets the clock on the wall, forward or back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { guardId } from "../../src/sheets/GuardChain.ts"
import { SheetsClient } from "../../src/sheets/SheetsClient.ts"
import { Tabs } from "../../src/sheets/Tabs.ts"
import { hour, hourSteps, withWallClock } from "../observe/wallClock.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { appendedRows, appendRow, removeGuards, strangersGuards } from "./appending.ts"
import {
  accounts,
  alarmTags,
  bot,
  during,
  killedAfter,
  pass,
  running,
  stocked,
  vk,
  vkTab,
  world,
} from "./bench.ts"
import { Days } from "./workbooksClient.ts"

const guards = Effect.gen(function* () {
  const client = yield* SheetsClient
  const found = yield* client.searchMetadata(accounts, "inv.seq", "background")
  return found.map(({ metadataId }) => metadataId - guardId(0))
})

/** Over an empty tab. */
const withWall = <A, E, R>(
  test: (step: (by: number) => Effect.Effect<void>) => Effect.Effect<A, E, R>,
) => withWallClock((step) => Effect.andThen(stocked(0), test(step))).pipe(Effect.provide(world))

describe("the proof that nobody else writes", () => {
  for (const [name, by] of hourSteps) {
    it.effect(`lasts its minutes after the clock was set ${name}`, () =>
      withWall((step) =>
        running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            const days = yield* Days
            yield* appendRow("a")
            yield* step(by)
            yield* pass("5 minutes")
            yield* days.counts
            yield* appendRow("b")
            assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 1 })
            yield* pass("3 minutes")
            yield* appendRow("c")
            assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 0 })
          }),
        ),
      ),
    )
  }
})

describe("a write without an answer", () => {
  it.effect("is not made twice when others finished it while the clock was set back", () =>
    withWall((step) =>
      running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          const days = yield* Days
          const workbooks = yield* Workbooks
          yield* appendRow("a")
          yield* days.plant("batchUpdate", "lostAnswer")
          const successor = Effect.andThen(removeGuards([2]), strangersGuards([3], 200))
          yield* days.plant("metadata", {
            happens: successor.pipe(
              Effect.provideService(Workbooks, workbooks),
              Effect.andThen(step(-hour)),
              Effect.andThen(Effect.sleep("6 minutes")),
            ),
          })
          const failure = yield* during(
            "10 minutes",
            Effect.flip(appendRow("b", { kind: "flush" })),
          )
          assert.strictEqual(failure._tag === "SheetsError" && failure.reason._tag, "AnotherWriter")
          assert.deepStrictEqual(yield* appendedRows, ["a", "b"])
        }),
      ),
    ),
  )

  for (const [name, by] of hourSteps) {
    it.effect(`is settled within a minute when the clock is set ${name} meanwhile`, () =>
      withWall((step) =>
        running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            const days = yield* Days
            yield* days.plant("batchUpdate", "lostRequest", "lostRequest")
            const write = yield* Effect.forkChild(appendRow("a", { kind: "flush" }))
            yield* pass("1 second")
            yield* step(by)
            yield* pass("1 minute")
            assert.isDefined(write.pollUnsafe())
            assert.deepStrictEqual(yield* appendedRows, ["a"])
          }),
        ),
      ),
    )

    it.effect(
      `is settled within a minute when the clock is set ${name} while the bot is down`,
      () =>
        withWall((step) =>
          Effect.gen(function* () {
            const disk = MemoryJournal.makeDisk()
            const former = Effect.gen(function* () {
              yield* (yield* Days).plant("batchUpdate", "lostRequest")
              yield* appendRow("a")
            })
            yield* killedAfter("1 second", running(disk, former))
            yield* step(by)
            const next = Effect.gen(function* () {
              yield* appendRow("b")
              assert.deepStrictEqual(yield* alarmTags, [])
            })
            const write = yield* Effect.forkChild(running(disk, next))
            yield* pass("1 minute")
            assert.isDefined(write.pollUnsafe())
            assert.deepStrictEqual(yield* appendedRows, ["a", "b"])
          }),
        ),
    )
  }
})

describe("guards", () => {
  it.effect("that are young stay on the sheet when the clock is set forward by two hours", () =>
    withWall((step) =>
      running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* Effect.forEach(Array.from({ length: 70 }), (_, index) => appendRow(`${index}`))
          yield* step(2 * hour)
          yield* appendRow("after")
          assert.include(yield* guards, 1)
          yield* pass("61 minutes")
          yield* appendRow("later")
          assert.notInclude(yield* guards, 1)
        }),
      ),
    ),
  )

  it.effect("that are old leave the sheet after the clock was set back by two hours", () =>
    withWall((step) =>
      running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* Effect.forEach(Array.from({ length: 70 }), (_, index) => appendRow(`${index}`))
          yield* step(-2 * hour)
          yield* pass("61 minutes")
          yield* appendRow("after")
          assert.notInclude(yield* guards, 1)
        }),
      ),
    ),
  )

  it.effect("of a former run that are from the future leave the sheet an hour after a start", () =>
    withWall((step) =>
      Effect.gen(function* () {
        const disk = MemoryJournal.makeDisk()
        const fill = Effect.forEach(Array.from({ length: 70 }), (_, index) => appendRow(`${index}`))
        yield* running(disk, fill)
        yield* step(-2 * hour)
        const next = Effect.gen(function* () {
          yield* appendRow("young")
          assert.include(yield* guards, 1)
          yield* pass("61 minutes")
          yield* appendRow("old")
          assert.notInclude(yield* guards, 1)
        })
        yield* running(disk, next)
      }),
    ),
  )

  it.effect("of another bot from the future hold nobody up for longer than two minutes", () =>
    withWall((step) =>
      Effect.gen(function* () {
        yield* step(-hour)
        yield* strangersGuards([7], 0)
        const failure = yield* Effect.flip(appendRow("a"))
        assert.strictEqual(failure._tag === "SheetsError" && failure.reason._tag, "AnotherWriter")
        yield* pass("1 minute")
        yield* Effect.flip(appendRow("b"))
        yield* pass("1 minute")
        yield* appendRow("c")
        assert.deepStrictEqual(yield* alarmTags, [])
        assert.deepStrictEqual(yield* appendedRows, ["c"])
      }).pipe(Effect.provide(bot(MemoryJournal.makeDisk()), { local: true })),
    ),
  )
})

describe("what is known of the tabs", () => {
  const known = Tabs.use((tabs) => tabs.base(vk, vkTab, "background"))

  for (const [name, by] of [
    ["back by two hours", -2 * hour],
    ["forward by two hours", 2 * hour],
  ] as const) {
    it.effect(`lasts its hour after the clock was set ${name}`, () =>
      withWall((step) =>
        running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            const days = yield* Days
            yield* known
            yield* days.counts
            yield* step(by)
            yield* known
            yield* pass("59 minutes")
            yield* known
            assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 0 })
            yield* pass("2 minutes")
            yield* known
            assert.isAbove((yield* days.counts).reads, 0)
          }),
        ),
      ),
    )
  }
})
