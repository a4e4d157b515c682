/** Refills while the stock is full, but of the wrong kind. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Pools } from "../../src/pool/Pools.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
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
