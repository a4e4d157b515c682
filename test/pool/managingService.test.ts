/** The admins' commands in the running service: durable, refused plainly, and after a restart. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { AdminCommand } from "../../src/pool/Contract.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { anItem, boris, chief, issue, load, message, poolsOn, stocked } from "./fixtures.ts"

const admin = chief
const manage = (command: AdminCommand, resource = "mamba") =>
  Pools.use((pools) => pools.manage(resource, command))
const stock = Pools.use((pools) => pools.stock("mamba"))
const clear = Effect.flatMap(stock, ({ version }) => manage({ _tag: "Clear", version, admin }))
const restored = (trash: string) => manage({ _tag: "Restore", trash, admin })

describe("Pools.manage", () => {
  it.effect("answers with the stock right after it, which is on disk", () =>
    Effect.gen(function* () {
      yield* stocked(3)
      const after = yield* clear
      assert.deepInclude(after, { available: 0 })
      assert.deepStrictEqual(after, yield* stock)
      const id = after.trash[0]!.id
      assert.deepInclude(yield* restored(id), { available: 3, trash: [] })
      assert.strictEqual((yield* Effect.flip(restored(id)))._tag, "TrashGone")
    }).pipe(Effect.provide(poolsOn())),
  )

  it.effect("keeps pause and trash over a restart, with and without a snapshot", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const before = yield* Effect.gen(function* () {
        const pools = yield* stocked(3)
        yield* clear
        yield* pools.snapshot
        yield* pools.tell("mamba", load("t2", [anItem("later")]))
        yield* clear
        return yield* manage({ _tag: "Pause", note: "обед", admin })
      }).pipe(Effect.provide(poolsOn(disk)))
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(yield* stock, before)
        const refusal = yield* Pools.use((pools) => Effect.flip(pools.ask("mamba", issue(1))))
        assert.deepInclude(refusal, { _tag: "PoolPaused", note: "обед" })
        assert.strictEqual((yield* restored(before.trash[0]!.id)).available, 3)
      }).pipe(Effect.provide(poolsOn(disk)))
    }),
  )

  it.effect("says that the disk does not answer, and has changed nothing", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        yield* stocked(2)
        disk.failing = true
        assert.strictEqual((yield* Effect.flip(clear))._tag, "StorageUnavailable")
        disk.failing = false
        yield* TestClock.adjust("5 seconds")
        assert.deepInclude(yield* stock, { available: 2, trash: [] })
      }).pipe(Effect.provide(poolsOn(disk)))
    }),
  )

  it.effect("refuses for a resource that the catalogue lost", () =>
    Effect.gen(function* () {
      const pools = yield* stocked(1)
      const { id } = (yield* pools.ask("mamba", issue(1))).issuances[0]!
      const tagOf = (command: AdminCommand) =>
        Effect.map(Effect.flip(manage(command, "lost")), ({ _tag }) => _tag)
      assert.strictEqual(yield* tagOf({ _tag: "SetAside", id, admin }), "UnknownIssuance")
      assert.strictEqual(yield* tagOf({ _tag: "Restore", trash: "x", admin }), "TrashGone")
      assert.strictEqual(yield* tagOf({ _tag: "Release", version: "0", admin }), "StockChanged")
    }).pipe(Effect.provide(poolsOn())),
  )
})

it.effect("holders are all who hold something, over all pools, the oldest first", () =>
  Effect.gen(function* () {
    const pools = yield* stocked(3)
    yield* pools.tell("vk", load("t1", [anItem("v", { resource: "vk", variant: null })]))
    const ask = (resource: string, ...asked: Parameters<typeof issue>) =>
      Effect.map(pools.ask(resource, issue(...asked)), ({ issuances }) => issuances[0]!.id)
    const first = yield* ask("mamba", 1)
    yield* TestClock.adjust("1 second")
    const second = yield* ask("vk", 2, { by: boris })
    yield* TestClock.adjust("1 second")
    const third = yield* ask("mamba", 3)
    const holders = Effect.map(pools.holders, (all) => all.map(({ id }) => id))
    assert.deepStrictEqual(yield* holders, [first, second, third])
    yield* manage({ _tag: "SetAside", id: first, admin })
    const to = { to: boris, stage: "boris", message: message(9), admin }
    yield* manage({ _tag: "Transfer", id: third, ...to })
    assert.deepStrictEqual(yield* holders, [second, third])
    const held = yield* pools.held(boris)
    assert.sameMembers(
      held.map(({ id }) => id),
      [second, third],
    )
  }).pipe(Effect.provide(poolsOn())),
)
