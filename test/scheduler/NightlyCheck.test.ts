import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { formatTime } from "../../src/domain/Day.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Conservation } from "../../src/pool/Conservation.ts"
import { HandEdits } from "../../src/pool/HandEdits.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { nightlyCheck } from "../../src/scheduler/Timers.ts"
import { issued } from "../sheets/bench.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { confirmed, pass, running, stocked, vk, vkTab, world, worldWith } from "./bench.ts"

const lastAt = Conservation.use(({ last }) =>
  Effect.map(last, (checked) => Option.getOrThrow(checked).at),
)

describe("NightlyCheck", () => {
  for (const zoneName of ["Europe/Moscow", "Asia/Vladivostok"]) {
    const zone = DateTime.zoneMakeNamedUnsafe(zoneName)
    it.effect(`checks after the start, and at 3:30 of ${zoneName} every night`, () =>
      Effect.gen(function* () {
        const start = Date.UTC(2026, 10, 22, 9)
        yield* TestClock.setTime(start)
        yield* running(
          MemoryJournal.makeDisk(),
          nightlyCheck,
          Effect.gen(function* () {
            yield* Conservation.use((conservation) => conservation.first)
            assert.strictEqual(yield* lastAt, start)
            yield* TestClock.adjust("1 day")
            yield* pass("3 seconds")
            const first = yield* lastAt
            assert.strictEqual(formatTime(first, zone), "03:30")
            yield* TestClock.adjust("1 day")
            yield* pass("3 seconds")
            assert.strictEqual((yield* lastAt) - first, 24 * 3_600_000)
          }),
        )
      }).pipe(Effect.provide(worldWith({ timezone: zone }))),
    )
  }

  it.effect("looks for edits by hand before it", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 12 })
      yield* running(
        MemoryJournal.makeDisk(),
        nightlyCheck,
        Effect.gen(function* () {
          yield* Refill.use((refill) => refill.once)
          const [id] = yield* confirmed("vk", 1)
          yield* Flusher.once
          yield* removeRow
          yield* TestClock.adjust("1 day")
          yield* pass("70 seconds")
          const noticed = yield* HandEdits.use((edits) => edits.untold)
          assert.deepStrictEqual(
            noticed.map(({ edit }) => [edit.issuance, edit.found._tag]),
            [[id, "Gone"]],
          )
          assert.isAbove(yield* lastAt, 0)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

const removeRow = Workbooks.use((workbooks) =>
  workbooks.edit(issued, { op: "delete", tab: vk.issuedTab, at: 1, count: 1 }),
)
