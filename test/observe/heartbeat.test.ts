import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Option, PlatformError } from "effect"
import { TestClock } from "effect/testing"
import { Settings } from "../../src/config/Settings.ts"
import { isFailing, Vitals } from "../../src/observe/Vitals.ts"
import { heartbeat, heartbeatAge } from "../../src/observe/heartbeat.ts"
import * as MemoryFiles from "../simulation/memoryFiles.ts"

const file = "data/heartbeat.json"
const over = (files: MemoryFiles.MemoryFiles) =>
  Layer.mergeAll(MemoryFiles.layer(files), Vitals.layer, Settings.layerTest({ dataDir: "data" }))

const refused = Effect.fail(
  PlatformError.systemError({ _tag: "PermissionDenied", module: "FileSystem", method: "write" }),
)

describe("Heartbeat", () => {
  it.effect("beats every half minute, and leaves one file", () => {
    const files: MemoryFiles.MemoryFiles = new Map()
    return Effect.gen(function* () {
      yield* Layer.build(heartbeat)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* heartbeatAge, Option.some(1000))
      yield* TestClock.adjust("28 seconds")
      assert.deepStrictEqual(yield* heartbeatAge, Option.some(29_000))
      yield* TestClock.adjust("1 hour")
      assert.isBelow(Option.getOrThrow(yield* heartbeatAge), 30_000)
      assert.deepStrictEqual([...files.keys()], [file])
    }).pipe(Effect.provide(over(files)))
  })

  it.effect("leaves nothing behind where the program stops in good order", () =>
    Effect.gen(function* () {
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Layer.build(heartbeat)
          yield* TestClock.adjust("1 minute")
          assert.isTrue(Option.isSome(yield* heartbeatAge))
        }),
      )
      yield* TestClock.adjust("5 minutes")
      assert.isTrue(Option.isNone(yield* heartbeatAge))
    }).pipe(Effect.provide(over(new Map()))),
  )

  it.effect("survives a disk that refuses, and goes on when it does", () => {
    const files: MemoryFiles.MemoryFiles = new Map()
    let full = true
    const disk = Layer.effect(
      FileSystem.FileSystem,
      Effect.map(FileSystem.FileSystem, (fs) => ({
        ...fs,
        writeFileString: (...call: Parameters<typeof fs.writeFileString>) =>
          full ? refused : fs.writeFileString(...call),
      })),
    ).pipe(Layer.provideMerge(over(files)))
    return Effect.gen(function* () {
      yield* Layer.build(heartbeat)
      yield* TestClock.adjust("1 minute")
      assert.isTrue(Option.isNone(yield* heartbeatAge))
      const vitals = yield* Vitals
      assert.deepInclude(yield* vitals.pulse("heartbeat"), { workedAt: null, failure: "refused" })
      full = false
      yield* TestClock.adjust("1 minute")
      assert.isFalse(isFailing(yield* vitals.pulse("heartbeat")))
      assert.isBelow(Option.getOrThrow(yield* heartbeatAge), 30_000)
    }).pipe(Effect.provide(disk))
  })

  it.effect("has no age where there is no file, or none that can be read", () =>
    Effect.gen(function* () {
      assert.isTrue(Option.isNone(yield* heartbeatAge.pipe(Effect.provide(over(new Map())))))
      for (const text of ["", "{", "{}", '{"at":"now"}']) {
        const files = new Map([[file, new TextEncoder().encode(text)]])
        assert.isTrue(Option.isNone(yield* heartbeatAge.pipe(Effect.provide(over(files)))), text)
      }
    }),
  )
})
