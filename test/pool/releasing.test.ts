/** A pool of accounts gives its rows back to the sheet, and takes none while it is paused. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Pools } from "../../src/pool/Pools.ts"
import * as Outdated from "../../src/scheduler/Outdated.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import {
  holder as admin,
  available,
  running,
  stocked,
  take,
  traffic,
  vk,
  vkTab,
  world,
} from "../scheduler/bench.ts"
import { accounts, rowsOf } from "../sheets/bench.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"

const refill = Refill.use(({ once }) => once)
const manage = (command: Parameters<Pools["Service"]["manage"]>[1]) =>
  Pools.use((pools) => pools.manage("vk", command))
const inTab = Effect.map(rowsOf(accounts, vkTab), (rows) => rows.map(({ cells }) => cells))

it.effect("released accounts stand in their tab again until the pool goes on", () =>
  Effect.gen(function* () {
    yield* stocked({ [vkTab]: 6 })
    const before = yield* inTab
    yield* running(
      MemoryJournal.makeDisk(),
      Layer.empty,
      Effect.gen(function* () {
        yield* refill
        yield* take("vk", 1)
        const { version } = yield* Pools.use((pools) => pools.stock("vk"))
        const released = yield* manage({ _tag: "Release", version, admin })
        assert.deepInclude(released, { available: 0, returning: 5, pending: 1 })
        yield* Outdated.once
        assert.deepStrictEqual(yield* inTab, before.slice(1))
        yield* traffic
        yield* refill
        yield* Refill.use(({ run }) => run(vk, true))
        assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
        assert.strictEqual(yield* available("vk"), 0)
        yield* manage({ _tag: "Resume", admin })
        yield* refill
        assert.strictEqual(yield* available("vk"), 5)
        assert.deepStrictEqual(yield* inTab, [])
        assert.deepInclude(yield* Pools.use((pools) => pools.stock("vk")), { quarantine: 0 })
      }),
    )
  }).pipe(Effect.provide(world)),
)
