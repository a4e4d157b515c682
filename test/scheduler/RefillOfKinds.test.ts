/** Refills while the stock is full, but of the wrong kind. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Regions } from "../../src/access/Regions.ts"
import { BaseStock } from "../../src/pool/BaseStock.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as BaseCount from "../../src/scheduler/BaseCount.ts"
import { loadInto, Refill } from "../../src/scheduler/Refill.ts"
import { Claim } from "../../src/sheets/Claim.ts"
import { accounts, header, resourceOf, rowsOf, seedTabs } from "../sheets/bench.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { type Bot, type Outside, running, traffic, vk, vkTab, worldWith } from "./bench.ts"

const gmail = resourceOf("gmail")
const gmailTab = "Gmail"
const once = Refill.use((refill) => refill.once)
const ask = (resource: typeof vk) => Refill.use((refill) => refill.run(resource, true))
const stock = (resource: string) => Pools.use((pools) => pools.stock(resource))
const left = (tab: string) => Effect.map(rowsOf(accounts, tab), (rows) => rows.length)
const run = <A, E>(effect: Effect.Effect<A, E, Bot | Outside>) =>
  running(MemoryJournal.makeDisk(), Layer.empty, effect)

const mail = (domain: string, count: number) =>
  Array.from({ length: count }, (_, index) => [null, `${domain}.${index}@${domain}`, "pass"])
const bound = (region: string, count: number) =>
  Array.from({ length: count }, (_, index) => [
    null,
    `r${region}.${index}@example.com`,
    "pass",
    region,
  ])

describe("Refill, of mail", () => {
  it.effect("keeps a stock of the kind that people ask for, however many others there are", () =>
    Effect.gen(function* () {
      const rows = [header, ...mail("example.com", 50), ...mail("gmail.com", 40)]
      yield* seedTabs({ title: gmailTab, rows })
      yield* run(
        Effect.gen(function* () {
          yield* once
          const { byVariant } = yield* stock("gmail")
          assert.deepStrictEqual(byVariant, { "": 50, gmail: 10 })
          yield* traffic
          yield* once
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [gmail]))),
  )

  it.effect("does not empty the tab for a kind that it has not got", () =>
    Effect.gen(function* () {
      yield* seedTabs({ title: gmailTab, rows: [header, ...mail("example.com", 400)] })
      yield* run(
        Effect.gen(function* () {
          yield* once
          assert.strictEqual(yield* left(gmailTab), 100)
          yield* ask(gmail)
          yield* once
          assert.strictEqual(yield* left(gmailTab), 100)
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [gmail]))),
  )
})

describe("Refill, with a high threshold", () => {
  it.effect("goes on to it, however many batches that takes", () =>
    Effect.gen(function* () {
      yield* seedTabs({ title: vkTab, rows: [header, ...mail("example.com", 40)] })
      yield* run(
        Effect.gen(function* () {
          yield* once
          assert.strictEqual((yield* stock("vk")).available, 14)
        }),
      )
    }).pipe(Effect.provide(worldWith({ loadBatchSize: 1, refillThreshold: 14 }, [vk]))),
  )
})

describe("Refill, of rows bound to a region", () => {
  it.effect("digs for whoever asks below the rows of others, one batch at a time", () =>
    Effect.gen(function* () {
      const rows = [[...header, "Регион"], ...bound("812", 60), ...bound("", 40)]
      yield* seedTabs({ title: vkTab, rows })
      const unbound = Effect.map(stock("vk"), ({ scarcest }) => scarcest[vkTab]?.unbound)
      yield* run(
        Effect.gen(function* () {
          yield* once
          yield* once
          assert.strictEqual(yield* left(vkTab), 70)
          yield* ask(vk)
          assert.deepStrictEqual([yield* left(vkTab), yield* unbound], [40, 0])
          yield* ask(vk)
          assert.deepStrictEqual([yield* left(vkTab), yield* unbound], [10, 30])
          yield* ask(vk)
          yield* once
          assert.strictEqual(yield* left(vkTab), 10)
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [vk]))),
  )
})

describe("Refill, of rows whose region nobody can choose", () => {
  const rows = [[...header, "Регион"], ...bound("+7495", 2), ...bound("Питер", 1)]
  const regionsIn = Effect.map(
    Pools.use((pools) => pools.stock("vk")),
    ({ available, quarantine }) => ({ available, quarantine }),
  )
  const wanted = (region: string) =>
    Pools.use((pools) =>
      Effect.map(
        pools.fitting("vk", [{ variant: null, region, quantity: 5 }]),
        ([count = 0]) => count,
      ),
    )

  it.effect("leaves them, counts them by region, and takes them once it is known", () =>
    Effect.gen(function* () {
      yield* seedTabs({ title: vkTab, rows })
      yield* run(
        Effect.gen(function* () {
          const regions = yield* Regions
          yield* once
          yield* BaseCount.once
          assert.strictEqual(yield* left(vkTab), 3)
          assert.deepStrictEqual(yield* BaseStock.use(({ unknownRegions }) => unknownRegions), [
            { tab: vkTab, region: "+7495", rows: 2 },
            { tab: vkTab, region: "Питер", rows: 1 },
          ])
          // At once, although the tab was looked at a moment ago.
          yield* regions.teach({ spelling: "+7495", region: "495" })
          yield* once
          assert.strictEqual(yield* left(vkTab), 1)
          assert.deepStrictEqual([yield* wanted("495"), yield* wanted("812")], [2, 0])
          yield* regions.forget("+7495")
          yield* BaseCount.once
          assert.strictEqual(yield* wanted("495"), 2)
          assert.deepStrictEqual(yield* BaseStock.use(({ unknownRegions }) => unknownRegions), [
            { tab: vkTab, region: "Питер", rows: 1 },
          ])
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [vk]))),
  )

  it.effect("sets those aside that a claim brings all the same", () =>
    Effect.gen(function* () {
      yield* seedTabs({ title: vkTab, rows: [...rows, ...bound("812", 1)] })
      yield* run(
        Effect.gen(function* () {
          const [tab = { title: "", variant: null }] = vk.baseTabs
          const load = loadInto(yield* Pools, yield* Regions)
          yield* (yield* Claim).claim(
            { resource: vk, tab, rows: 10, urgency: "background" },
            (brought) => load("vk", brought),
          )
          assert.deepStrictEqual(yield* regionsIn, { available: 1, quarantine: 3 })
          const [first] = yield* Pools.use((pools) => pools.unreported("vk"))
          assert.deepInclude(first, { tab: vkTab, reason: "region", column: "Регион" })
          assert.deepStrictEqual([yield* wanted("495"), yield* wanted("812")], [0, 1])
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [vk]))),
  )
})
