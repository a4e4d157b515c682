import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Proxies } from "../../src/pool/proxies/Proxies.ts"
import * as ProxyRegistry from "../../src/scheduler/ProxyRegistry.ts"
import { SheetsTrouble } from "../../src/scheduler/SheetsTrouble.ts"
import { issued, pass, vk, world } from "../sheets/bench.ts"
import {
  add,
  anna,
  cells,
  disk,
  edit,
  endpoint,
  known,
  proxyAt,
  running,
  setCell,
  tab,
  take,
  typed,
  withTab,
} from "../sheets/proxyBench.ts"
import { Days } from "../sheets/workbooksClient.ts"

const loop = ProxyRegistry.layer.pipe(Layer.provide(SheetsTrouble.layer))
const used = Effect.map(cells, (rows) => rows.map((row) => row.slice(4, 6)))

describe("the registry of proxies", () => {
  it.effect("writes a moment after people added and took, together in one write", () =>
    Effect.gen(function* () {
      yield* withTab()
      const days = yield* Days
      yield* running(
        disk(),
        Effect.gen(function* () {
          yield* pass("5 seconds")
          yield* days.counts
          yield* add([endpoint(1), endpoint(2)])
          yield* take(yield* proxyAt(1), "vk")
          yield* take(yield* proxyAt(2), "ok", "Иван")
          assert.deepStrictEqual(yield* cells, [])
          yield* pass("3 seconds")
          assert.deepStrictEqual(yield* used, [
            ["VK", "Анна"],
            ["OK", "Иван"],
          ])
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 1 })
        }).pipe(Effect.provide(loop)),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("writes as soon what was given back and what does not work", () =>
    Effect.gen(function* () {
      yield* withTab()
      yield* running(
        disk(),
        Effect.gen(function* () {
          const proxies = yield* Proxies
          yield* add([endpoint(1), endpoint(2)])
          const [first, second] = [yield* proxyAt(1), yield* proxyAt(2)]
          yield* take(first, "vk")
          yield* take(second, "ok", "Иван")
          yield* pass("10 seconds")
          yield* proxies.giveBack({ _tag: "Return", proxy: first.id, generation: 1, by: anna })
          yield* pass("10 seconds")
          assert.deepStrictEqual((yield* used)[0], ["", ""])
          const held = { proxy: second.id, generation: 1, by: anna }
          yield* proxies.report({ _tag: "Report", ...held, reason: "" })
          yield* pass("10 seconds")
          assert.deepStrictEqual((yield* used)[1], ["OK, не работает", "Иван"])
        }).pipe(Effect.provide(loop)),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect(
    "notices what people edit when somebody asks, else in five minutes, and reads seldom at rest",
    () =>
      Effect.gen(function* () {
        yield* withTab([typed(1)])
        const days = yield* Days
        yield* running(
          disk(),
          Effect.gen(function* () {
            yield* pass("10 seconds")
            assert.strictEqual((yield* known).length, 1)
            assert.strictEqual((yield* cells)[0]?.[6], (yield* proxyAt(1)).id)
            yield* setCell(1, "Действует до", { date: "01.02.2027" })
            yield* edit({ op: "append", rows: [typed(2)] })
            yield* pass("1 minute")
            assert.deepStrictEqual(yield* known, [
              "192.0.2.1 secret-1 http DE 2027-02-01",
              "192.0.2.2 secret-2 http DE 2026-12-22",
            ])
            yield* pass("1 hour")
            yield* days.counts
            yield* pass("1 hour")
            // One read is of the header.
            assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 13 })
            yield* edit({ op: "append", rows: [typed(3)] })
            yield* pass("5 minutes")
            assert.strictEqual((yield* known).length, 3)
            yield* pass("1 hour")
            yield* edit({ op: "append", rows: [typed(4)] })
            yield* pass("30 seconds")
            assert.strictEqual((yield* known).length, 3)
            yield* Proxies.use(({ wantLook }) => wantLook)
            yield* pass("3 seconds")
            assert.strictEqual((yield* known).length, 4)
          }).pipe(Effect.provide(loop)),
        )
      }).pipe(Effect.provide(world)),
  )

  it.effect("makes up for what could not be written, and tells the admins meanwhile", () =>
    Effect.gen(function* () {
      yield* withTab()
      const workbooks = yield* Workbooks
      const alarms = yield* Alarms
      yield* running(
        disk(),
        Effect.gen(function* () {
          yield* pass("5 seconds")
          yield* workbooks.edit(issued, { op: "protect", tab })
          yield* add([endpoint(1)])
          yield* pass("3 seconds")
          assert.deepStrictEqual(
            (yield* alarms.raised).map(({ _tag }) => _tag),
            ["SheetsUnavailable"],
          )
          yield* workbooks.edit(issued, { op: "protect", tab, protected: false })
          yield* pass("1 minute")
          assert.strictEqual((yield* cells).length, 1)
          assert.deepStrictEqual(yield* alarms.raised, [])
        }).pipe(Effect.provide(loop)),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("leaves most of the quota to others while people take three a second", () =>
    Effect.gen(function* () {
      yield* withTab()
      const days = yield* Days
      yield* running(
        disk(),
        Effect.gen(function* () {
          yield* pass("5 seconds")
          const count = 60
          yield* add(Array.from({ length: count }, (_, index) => endpoint(index + 1)))
          yield* pass("10 seconds")
          yield* days.counts
          for (let second = 0; second < count; second += 1) {
            for (const target of ["vk", "ok", "mamba"]) {
              yield* take(yield* proxyAt(second + 1), target)
            }
            yield* TestClock.adjust("1 second")
          }
          const { writes, reads } = yield* days.counts
          assert.isAtMost(writes, 15)
          assert.isAtMost(reads, 17)
          yield* pass("10 seconds")
          assert.deepStrictEqual(
            yield* used,
            Array.from({ length: count }, () => ["VK, OK, Mamba", "Анна"]),
          )
        }).pipe(Effect.provide(loop)),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("works where both spreadsheets are one", () =>
    Effect.gen(function* () {
      yield* withTab([typed(1)])
      yield* running(
        disk(),
        Effect.gen(function* () {
          yield* pass("5 seconds")
          yield* add([endpoint(2)])
          yield* pass("5 seconds")
          assert.deepStrictEqual(
            (yield* cells).map(([line]) => line),
            ["192.0.2.1:8000:user:secret-1", "192.0.2.2:8000:user:secret-2"],
          )
        }).pipe(Effect.provide(loop)),
      )
    }).pipe(
      Effect.provide(
        Layer.provideMerge(Settings.layerTest({ spreadsheetAccounts: issued }), world),
      ),
    ),
  )

  it.effect("does nothing where the catalogue has no proxies", () =>
    Effect.gen(function* () {
      yield* withTab()
      const days = yield* Days
      yield* running(
        disk(),
        Effect.gen(function* () {
          assert.isTrue(Option.isNone((yield* Proxies).resource))
          yield* days.counts
          yield* pass("5 minutes")
          assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 0 })
        }).pipe(Effect.provide(loop)),
      )
    }).pipe(
      Effect.provide(Layer.provideMerge(CatalogueSource.layerTest({ resources: [vk] }), world)),
    ),
  )
})
