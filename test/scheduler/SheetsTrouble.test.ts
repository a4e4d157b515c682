import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { unreachableAfter } from "../../src/config/Limits.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { SheetsTrouble } from "../../src/scheduler/SheetsTrouble.ts"
import { reasonOf, SheetsError, type SheetsReason } from "../../src/sheets/SheetsError.ts"
import { TabUnusable } from "../../src/sheets/Tabs.ts"
import { StorageUnavailable } from "../../src/store/Journal.ts"
import { capture } from "../observe/logged.ts"
import { raised } from "./bench.ts"

const layer = SheetsTrouble.layer.pipe(Layer.provideMerge(Alarms.layer))

const fails = (reason: SheetsReason, spreadsheet = "stock") =>
  Effect.fail(new SheetsError({ method: "values", spreadsheet, reason }))
const denied = fails({ _tag: "Denied", status: 403, message: "no" })
const silent = fails({ _tag: "Unsure", cause: "network", status: null })
const quota = fails(reasonOf(429, "Quota exceeded for quota metric"))

const watch = <A>(
  work: string,
  round: Effect.Effect<A, SheetsError | TabUnusable | StorageUnavailable>,
) => SheetsTrouble.use((trouble) => trouble.watch(work, round))

const almost = Duration.subtract(unreachableAfter, Duration.millis(1))

describe("SheetsTrouble", () => {
  it.effect("tells a refusal at once, and that it is over", () =>
    Effect.gen(function* () {
      assert.isFalse(yield* watch("a", denied))
      assert.deepStrictEqual(yield* raised, ["stock denied"])
      assert.isTrue(yield* watch("a", Effect.void))
      assert.deepStrictEqual(yield* raised, [])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("tells of silence when it lasts, whether by the quota or by the network", () =>
    Effect.gen(function* () {
      yield* watch("a", silent)
      yield* TestClock.adjust(almost)
      yield* watch("a", quota)
      assert.deepStrictEqual(yield* raised, [])
      yield* TestClock.adjust(1)
      yield* watch("a", silent)
      assert.deepStrictEqual(yield* raised, ["stock unreachable"])
      yield* watch("a", Effect.void)
      assert.deepStrictEqual(yield* raised, [])
      yield* watch("a", silent)
      yield* TestClock.adjust(almost)
      yield* watch("a", silent)
      assert.deepStrictEqual(yield* raised, [])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is not calmed by another work that had nothing to ask Google", () =>
    Effect.gen(function* () {
      yield* watch("a", denied)
      yield* watch("b", Effect.void)
      assert.deepStrictEqual(yield* raised, ["stock denied"])
      yield* watch("c", silent)
      yield* TestClock.adjust(unreachableAfter)
      yield* watch("b", Effect.void)
      yield* watch("c", silent)
      assert.deepStrictEqual(yield* raised, ["stock denied", "stock unreachable"])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("keeps an alarm until the last work that met it goes well", () =>
    Effect.gen(function* () {
      yield* watch("a", denied)
      yield* watch("b", denied)
      yield* watch("a", Effect.void)
      assert.deepStrictEqual(yield* raised, ["stock denied"])
      yield* watch("b", Effect.void)
      assert.deepStrictEqual(yield* raised, [])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("names the spreadsheet that failed, and tells one trouble at a time of each work", () =>
    Effect.gen(function* () {
      yield* watch("a", fails({ _tag: "NotFound", message: "no" }, "issued"))
      assert.deepStrictEqual(yield* raised, ["issued notFound"])
      yield* watch("a", fails({ _tag: "Refused", status: 400, request: null, message: "no" }))
      assert.deepStrictEqual(yield* raised, ["stock refused"])
      yield* watch("a", Effect.fail(TabUnusable.gone("ВКонтакте")))
      assert.deepStrictEqual(yield* raised, [])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("learns nothing about Google from a disk that refuses", () =>
    Effect.gen(function* () {
      yield* watch("a", denied)
      yield* watch("a", Effect.fail(new StorageUnavailable({ operation: "write", cause: "full" })))
      assert.deepStrictEqual(yield* raised, ["stock denied"])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("leaves a stranger's writes to the part that met them", () =>
    Effect.gen(function* () {
      yield* watch("a", fails({ _tag: "AnotherWriter" }))
      yield* TestClock.adjust("1 hour")
      yield* watch("a", fails({ _tag: "AnotherWriter" }))
      assert.deepStrictEqual(yield* raised, [])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("logs a trouble once while it lasts, and a crash each time", () =>
    Effect.gen(function* () {
      const { lines, layer: log } = yield* capture
      yield* Effect.gen(function* () {
        yield* watch("a", silent)
        yield* watch("a", silent)
        yield* watch("a", denied)
        assert.isFalse(yield* watch("a", Effect.die(new Error("a defect"))))
        assert.isFalse(yield* watch("a", Effect.die(new Error("a defect"))))
      }).pipe(Effect.provide(log))
      assert.deepStrictEqual(lines, [
        "values of stock: Unsure",
        "values of stock: Denied: no",
        "a failed",
        "a failed",
      ])
      assert.deepStrictEqual(yield* raised, ["stock denied"])
    }).pipe(Effect.provide(layer)),
  )
})
