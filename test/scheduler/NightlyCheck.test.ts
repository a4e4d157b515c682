import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { formatTime } from "../../src/domain/Day.ts"
import { Conservation } from "../../src/pool/Conservation.ts"
import * as NightlyCheck from "../../src/scheduler/NightlyCheck.ts"
import { MemoryJournal } from "../../src/store/MemoryJournal.ts"
import { pass, running, worldWith } from "./bench.ts"

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
          NightlyCheck.layer,
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
})
