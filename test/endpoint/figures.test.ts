import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Metric } from "effect"
import { TestClock } from "effect/testing"
import { Settings } from "../../src/config/Settings.ts"
import { makeGather } from "../../src/endpoint/figures.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { gauges } from "../../src/observe/metrics.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { hourSteps, withWallClock } from "../observe/wallClock.ts"
import * as MemoryFiles from "../simulation/memoryFiles.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"

const parts = Layer.mergeAll(
  Layer.mock(Pools, { resources: [], recovered: [], holders: Effect.succeed([]) }),
  Alarms.layer,
  Vitals.layer,
  MemoryJournal.layer(),
  MemoryFiles.layer(new Map()),
  Settings.layerTest(),
)

describe("the figures of a bot", () => {
  for (const [name, by] of hourSteps) {
    it.effect(`tell one moment of its start, also when the clock was set ${name}`, () =>
      withWallClock((step) =>
        Effect.gen(function* () {
          const gather = yield* makeGather
          yield* gather
          const { value } = yield* Metric.value(gauges.startedAt)
          yield* step(by)
          yield* TestClock.adjust("1 second")
          yield* gather
          assert.deepStrictEqual((yield* Metric.value(gauges.startedAt)).value, value)
        }).pipe(Effect.provide(parts)),
      ),
    )
  }
})
