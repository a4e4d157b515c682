import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Ref, Scope } from "effect"
import { TestClock } from "effect/testing"
import { lookTrusted } from "../../src/config/Limits.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { Claim } from "../../src/sheets/Claim.ts"
import { capture } from "../observe/logged.ts"
import { accounts, rowsOf } from "../sheets/bench.ts"
import { Days } from "../sheets/workbooksClient.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  addRows,
  available,
  closeTab,
  confirmed,
  Line,
  mamba,
  men,
  okTab,
  pass,
  raised,
  running,
  stocked,
  traffic,
  vk,
  vkTab,
  women,
  world,
  worldWith,
} from "./bench.ts"

const once = Refill.use((refill) => refill.once)
const run = (resource: typeof vk, asked: boolean) =>
  Refill.use((refill) => refill.run(resource, asked))
const left = (tab: string) => Effect.map(rowsOf(accounts, tab), (rows) => rows.length)
const stockByTab = (resource: string) =>
  Pools.use((pools) => Effect.map(pools.stock(resource), ({ byTab }) => byTab))

/** Asks as a person would; the fiber ends when the attempt has. */
const wish = (resource: string) =>
  Pools.use((pools) => Effect.forkChild(pools.want(resource), { startImmediately: true }))

describe("Refill.once", () => {
  it.effect("takes a batch from every tab that is below the threshold, and from no other", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 40, [men]: 40, [women]: 40 })
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* once
          assert.deepStrictEqual(yield* stockByTab("mamba"), { [men]: 30, [women]: 30 })
          assert.strictEqual(yield* available("vk"), 30)
          yield* confirmed("vk", 5)
          yield* traffic
          yield* once
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
          for (let n = 0; n < 3; n++) yield* confirmed("vk", 5)
          yield* once
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
          yield* confirmed("vk", 1)
          yield* once
          assert.deepStrictEqual(yield* traffic, { writes: 1, reads: 0 })
          assert.strictEqual(yield* available("vk"), 9 + 10)
          assert.strictEqual(yield* left(men), 10)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes as many batches as the threshold needs, without waiting for the clock", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 100 })
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* once
          assert.strictEqual(yield* available("vk"), 12)
          assert.strictEqual(yield* left(vkTab), 88)
        }),
      )
    }).pipe(Effect.provide(worldWith({ loadBatchSize: 3 }))),
  )

  it.effect("goes past a tab that cannot be used, one that is refused, and one that crashes", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 40, [men]: 40, [women]: 40, [okTab]: 40 })
      const { lines, layer } = yield* capture
      const workbooks = yield* Workbooks
      yield* workbooks.edit(accounts, { op: "set", tab: vkTab, row: 0, column: 1, value: "Имя" })
      yield* closeTab(accounts, men)
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          yield* once
          assert.deepStrictEqual(yield* stockByTab("mamba"), { [men]: 0, [women]: 30 })
          assert.strictEqual(yield* available("ok"), 30)
          assert.deepStrictEqual(yield* raised, ["TabUnusable", "TabRefused"])
          yield* once
          assert.deepStrictEqual(yield* raised, ["TabUnusable", "TabRefused"])
        }),
      )
      const claims = Layer.effect(
        Claim,
        Effect.map(Claim, (claim) =>
          Claim.of({
            ...claim,
            claim: (request, deliver) =>
              request.tab.title === vkTab
                ? Effect.die(new Error("a defect"))
                : claim.claim(request, deliver),
          }),
        ),
      )
      yield* closeTab(accounts, men, false)
      yield* workbooks.edit(accounts, { op: "set", tab: vkTab, row: 0, column: 1, value: "Логин" })
      yield* running(
        disk,
        Layer.empty,
        once.pipe(
          Effect.provide(
            Layer.fresh(Refill.layer).pipe(Layer.provide(claims), Layer.provideMerge(layer)),
          ),
          Effect.andThen(stockByTab("mamba")),
          Effect.map((byTab) => assert.deepStrictEqual(byTab, { [men]: 30, [women]: 30 })),
        ),
      )
      assert.deepStrictEqual(lines, [`refill from "${vkTab}" failed`])
    }).pipe(Effect.provide(world)),
  )
})

describe("what stands in a tab", () => {
  it.effect("is found below 300 blank rows, in one claim", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 20 })
      const workbooks = yield* Workbooks
      const rows = Array.from({ length: 300 }, () => [])
      yield* workbooks.edit(accounts, { op: "insert", tab: vkTab, at: 1, rows })
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* once
          assert.strictEqual(yield* available("vk"), 20)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("stays there while it lacks a value, and is taken once it is whole", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 1 })
      const workbooks = yield* Workbooks
      yield* workbooks.edit(accounts, {
        op: "append",
        tab: vkTab,
        rows: [
          ["", "half@example.com"],
          ["", "", "pass-only"],
        ],
      })
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* once
          assert.strictEqual(yield* available("vk"), 1)
          assert.strictEqual(yield* left(vkTab), 2)
          const whole = { op: "set", tab: vkTab, row: 1, column: 2, value: "pass-half" } as const
          yield* workbooks.edit(accounts, whole)
          yield* TestClock.adjust(lookTrusted)
          yield* once
          assert.strictEqual(yield* available("vk"), 2)
          assert.strictEqual(yield* left(vkTab), 1)
          const { quarantine } = yield* Pools.use((pools) => pools.stock("vk"))
          assert.strictEqual(quarantine, 0)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("Refill.run", () => {
  it.effect("refills a pool once, however many ask for it at the same time", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 100 })
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* Effect.all([run(vk, true), run(vk, false), once, run(vk, true)], {
            concurrency: "unbounded",
          })
          assert.strictEqual(yield* available("vk"), 30)
          assert.strictEqual(yield* left(vkTab), 70)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("looks at an empty tab by itself every 15 minutes, and claims when rows appear", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 2, [men]: 30, [women]: 30, [okTab]: 30 })
      yield* running(
        MemoryJournal.makeDisk(),
        Refill.layerLoops,
        Effect.gen(function* () {
          yield* pass("30 seconds")
          assert.strictEqual(yield* available("vk"), 2)
          yield* traffic
          yield* pass("1 hour")
          // One of the reads is of the headers of all tabs.
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 5 })
          yield* addRows(vkTab, 1, 2, 3)
          yield* pass(lookTrusted)
          assert.strictEqual(yield* available("vk"), 5)
          assert.strictEqual((yield* traffic).writes, 1)
          yield* pass("1 hour")
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 5 })
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("looks sooner while people ask, but not at every question", () =>
    Effect.gen(function* () {
      yield* stocked({ [men]: 30, [women]: 30, [okTab]: 30 })
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* once
          yield* traffic
          for (let second = 0; second < 60; second++) {
            yield* pass("1 second")
            yield* run(vk, true)
          }
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 6 })
          yield* addRows(vkTab, 1)
          yield* pass("9 seconds")
          yield* run(vk, true)
          assert.strictEqual(yield* available("vk"), 0)
          yield* pass("1 second")
          yield* run(vk, true)
          assert.strictEqual(yield* available("vk"), 1)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("Refill.layerLoops", () => {
  it.effect("opens `filled` after the first round", () =>
    Effect.gen(function* () {
      yield* stocked({ [okTab]: 5 })
      yield* running(
        MemoryJournal.makeDisk(),
        Refill.layerLoops,
        Effect.gen(function* () {
          const filled = yield* Effect.forkChild(Refill.use((refill) => refill.filled))
          yield* pass("5 seconds")
          yield* Fiber.join(filled)
          assert.strictEqual(yield* available("ok"), 5)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("serves a person between the claims of a round, as urgent", () =>
    Effect.gen(function* () {
      yield* stocked({})
      const days = yield* Days
      const { calls } = yield* Line
      yield* running(
        MemoryJournal.makeDisk(),
        Refill.layerLoops,
        Effect.gen(function* () {
          const pools = yield* Pools
          yield* pass("30 seconds")
          for (const tab of [vkTab, men, women, okTab]) yield* addRows(tab, tab.length, 100)
          yield* calls
          const wished = yield* Ref.make<Fiber.Fiber<void> | undefined>(undefined)
          // This happens while the first claim of the round is on its way.
          const happens = Effect.gen(function* () {
            yield* Ref.set(wished, yield* Effect.forkDetach(pools.want("ok")))
            yield* Effect.sleep("3 seconds")
          })
          yield* days.plant("batchUpdate", { happens })
          yield* pass(lookTrusted)
          yield* pass("2 minutes")
          const claims = (yield* calls).filter(({ method }) => method === "batchUpdate")
          assert.deepStrictEqual(
            claims.map(({ urgency }) => urgency),
            ["background", "person", "background", "background"],
          )
          assert.strictEqual(yield* available("ok"), 2)
          assert.isDefined((yield* Ref.get(wished))?.pollUnsafe())
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect(
    "answers a wish when the attempt is over: rows, none, or a resource without a pool",
    () =>
      Effect.gen(function* () {
        yield* stocked({ [okTab]: 1 })
        yield* running(
          MemoryJournal.makeDisk(),
          Refill.layerLoops,
          Effect.gen(function* () {
            const fibers = yield* Effect.forEach(["ok", "vk", "number"], wish)
            yield* pass("5 seconds")
            yield* Fiber.joinAll(fibers)
            assert.strictEqual(yield* available("ok"), 1)
          }),
        )
      }).pipe(Effect.provide(world)),
  )

  it.effect("answers a wish also when the attempt crashes, logs that, and serves the next", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 5, [okTab]: 5 })
      const { lines, layer } = yield* capture
      const broken = Layer.effect(
        Refill,
        Effect.map(Refill, (refill) =>
          Refill.of({
            ...refill,
            once: Effect.void,
            run: (resource, asked) =>
              resource.id === "vk"
                ? Effect.die(new Error("a defect"))
                : refill.run(resource, asked),
          }),
        ),
      )
      yield* running(
        MemoryJournal.makeDisk(),
        Refill.layerLoops.pipe(Layer.provide(broken)),
        Effect.gen(function* () {
          const first = yield* wish("vk")
          yield* pass("5 seconds")
          yield* Fiber.join(first)
          const second = yield* wish("ok")
          yield* pass("5 seconds")
          yield* Fiber.join(second)
          assert.strictEqual(yield* available("ok"), 5)
        }),
      ).pipe(Effect.provide(layer))
      assert.deepStrictEqual(lines, ["refill of vk failed"])
    }).pipe(Effect.provide(world)),
  )

  it.effect("answers a wish also when it ends in the middle of the attempt", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 5 })
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          const scope = yield* Scope.make()
          yield* Layer.buildWithScope(Layer.fresh(Refill.layerLoops), scope)
          yield* pass("5 seconds")
          yield* addRows(mamba.baseTabs[0]!.title, 1)
          yield* pass("11 seconds")
          yield* days.plant("values", "hang")
          const waiting = yield* wish("mamba")
          yield* pass("5 seconds")
          assert.isUndefined(waiting.pollUnsafe())
          yield* Scope.close(scope, Exit.void)
          yield* Fiber.join(waiting)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("refills after a burst before the next round of the clock", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 200 })
      yield* running(
        MemoryJournal.makeDisk(),
        Refill.layerLoops,
        Effect.gen(function* () {
          yield* pass("10 seconds")
          for (let turn = 0; turn < 4; turn++) {
            for (let n = 0; n < 5; n++) assert.lengthOf(yield* confirmed("vk", 5), 5)
            yield* pass("2 seconds")
          }
          assert.isAtLeast(yield* available("vk"), 10)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
