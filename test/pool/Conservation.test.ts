/** The check of the books over a journal: quiet where they agree, loud where anything is adrift. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option } from "effect"
import { checkPageMax } from "../../src/config/Limits.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { type Checked, Conservation, sumOf } from "../../src/pool/Conservation.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { StorageUnavailable } from "../../src/store/Journal.ts"
import { capture } from "../observe/logged.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import { anItem, anna, by, issue, load, names, poolsOn, stocked } from "./fixtures.ts"

const on = (disk: MemoryDisk, bend?: Parameters<typeof poolsOn>[1]) =>
  Conservation.layer.pipe(Layer.provideMerge(poolsOn(disk, bend)))

const check = Effect.flatMap(
  Conservation.use((conservation) => conservation.check),
  Effect.fromOption,
).pipe(Effect.orDie)

const problems = ({ balances }: Checked) =>
  balances.flatMap(({ differences }) => differences.map(({ problem }) => problem))

const raised = Alarms.use((alarms) => alarms.raised)

/** Four items: one stays, one is in somebody's hands, two wait for the sheet. */
const used = Effect.gen(function* () {
  const pools = yield* stocked(4)
  const { issuances } = yield* pools.ask("mamba", issue(1, { quantity: 3 }))
  for (const { id } of issuances.slice(1)) {
    yield* pools.ask("mamba", { _tag: "Confirm", status: "good", ...by(id, anna) })
  }
})

/** Events of the pool on the disk, changed by hand while nothing runs. */
const tamper = (disk: MemoryDisk, change: (bodies: Array<string>) => ReadonlyArray<string>) => {
  const stored = disk.tables.events.get("mamba") ?? []
  const bodies = change(stored.map(({ body }) => body))
  const left = bodies.map((body, index) => ({ seq: index + 1, at: 0, body }))
  disk.tables.events.set("mamba", left)
}

describe("the check of the books", () => {
  it.effect("says where everything is, and is quiet", () =>
    Effect.gen(function* () {
      const { lines, layer } = yield* capture
      const conservation = yield* Conservation
      yield* used
      assert.isTrue(Option.isNone(yield* conservation.last))
      const checked = yield* Effect.provide(check, layer)
      const mamba = checked.balances.find(({ resource }) => resource === "mamba")
      assert.deepStrictEqual(mamba, {
        resource: "mamba",
        read: 4,
        counts: { available: 1, pending: 1, buffer: 2 },
        differences: [],
      })
      assert.deepStrictEqual(sumOf(checked), { items: 4, adrift: 0 })
      assert.deepStrictEqual(yield* conservation.last, Option.some(checked))
      assert.deepStrictEqual([lines, yield* raised], [[], []])
    }).pipe(Effect.provide(on(MemoryJournal.makeDisk()))),
  )

  it.effect("reads the events of years page by page", () =>
    Effect.gen(function* () {
      const pools = yield* stocked(1)
      for (let turn = 0; turn < checkPageMax + 7; turn++) {
        const note = String(turn)
        yield* pools.manage("mamba", { _tag: "Pause", note, admin: anna })
      }
      yield* pools.tell("mamba", load("t2", ["behind the first page"]))
      assert.strictEqual(sumOf(yield* check).items, 2)
    }).pipe(Effect.provide(on(MemoryJournal.makeDisk()))),
  )

  it.effect("takes no notice of what happens while it counts", () => {
    const disk = MemoryJournal.makeDisk()
    let meanwhile: Effect.Effect<void> = Effect.void
    const layer = on(disk, (journal) => ({
      events: (pool, page) =>
        Effect.andThen(pool === "mamba" ? meanwhile : Effect.void, journal.events(pool, page)),
    }))
    return Effect.gen(function* () {
      const pools = yield* stocked(4)
      meanwhile = Effect.suspend(() => {
        meanwhile = Effect.void
        return pools.ask("mamba", issue(9, { quantity: 2 })).pipe(Effect.orDie, Effect.asVoid)
      })
      const checked = yield* check
      assert.deepStrictEqual(problems(checked), [])
      const counts = checked.balances.map(({ counts: each }) => each)
      assert.deepInclude(counts, { available: 4 })
      assert.strictEqual((yield* pools.stock("mamba")).pending, 2)
    }).pipe(Effect.provide(layer))
  })

  it.effect("an event gone from the journal: an error by id, and an alarm until it is mended", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const { lines, layer } = yield* capture
      yield* Effect.provide(used, poolsOn(disk))
      const whole = [...(disk.tables.events.get("mamba") ?? [])]
      tamper(disk, (bodies) => bodies.filter((body) => !body.includes('"Issued"')))
      const checked = yield* Effect.gen(function* () {
        const found = yield* check
        assert.deepStrictEqual(yield* raised, [
          { _tag: "ItemsAdrift", resource: "mamba", count: problems(found).length },
        ])
        disk.tables.events.set("mamba", whole)
        yield* check
        return found
      }).pipe(Effect.provide(Layer.merge(on(disk), layer)))
      assert.deepStrictEqual(
        problems(checked).filter((problem) => problem !== "outOfPlace"),
        [],
      )
      assert.include(lines, "the books differ")
    }),
  )

  it.effect("a snapshot that lost an item, as a wrong evolve would have left it", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        yield* used
        yield* Pools.use((pools) => pools.snapshot)
      }).pipe(Effect.provide(poolsOn(disk)))
      const taken = disk.tables.snapshots.get("mamba")!
      const state = { ...JSON.parse(taken.state), available: [] }
      disk.tables.snapshots.set("mamba", { ...taken, state: JSON.stringify(state) })
      yield* Effect.gen(function* () {
        assert.deepStrictEqual(problems(yield* check), ["missing"])
        // Told once more with other facts, and cleared by none.
        assert.lengthOf(yield* raised, 1)
      }).pipe(Effect.provide(on(disk)))
    }),
  )

  it.effect("a journal that cannot be read: no result, the one before stands", () => {
    const disk = MemoryJournal.makeDisk()
    let isBroken = false
    const refusal = new StorageUnavailable({ operation: "events", cause: "broken" })
    const layer = on(disk, (journal) => ({
      events: (pool, page) => (isBroken ? Effect.fail(refusal) : journal.events(pool, page)),
    }))
    return Effect.gen(function* () {
      const conservation = yield* Conservation
      yield* stocked(1)
      const before = yield* conservation.check
      isBroken = true
      assert.isTrue(Option.isNone(yield* conservation.check))
      assert.deepStrictEqual(yield* conservation.last, before)
      assert.deepStrictEqual(yield* conservation.first, before)
    }).pipe(Effect.provide(layer))
  })

  it.effect("who waits for the first check hears of it also when it failed", () => {
    const refusal = new StorageUnavailable({ operation: "events", cause: "broken" })
    const layer = on(MemoryJournal.makeDisk(), () => ({ events: () => Effect.fail(refusal) }))
    return Effect.gen(function* () {
      const conservation = yield* Conservation
      const waiting = yield* Effect.forkChild(conservation.first)
      yield* conservation.check
      assert.isTrue(Option.isNone(yield* Fiber.join(waiting)))
    }).pipe(Effect.provide(layer))
  })

  it.effect("logs ids and counts, and nothing of an item", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.provide(stocked(3), poolsOn(disk))
      tamper(disk, (bodies) => [...bodies, ...bodies])
      const checked = yield* Effect.provide(check, on(disk))
      const found = checked.balances.flatMap(({ differences }) => differences)
      assert.deepStrictEqual(
        found.map(({ item, problem }) => [item, problem]),
        names(3).map((name) => [anItem(name).id, "loadedTwice"]),
      )
    }),
  )
})
