/** What becomes of a pool when the disk refuses, and when the program starts again. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, PubSub, Ref, Option } from "effect"
import { TestClock } from "effect/testing"
import { TelegramId } from "../../src/domain/Employee.ts"
import { requestKeyOf } from "../../src/domain/Issuance.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { StorageAlarm } from "../../src/pool/Outbox.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { Journal, StorageUnavailable, type Write } from "../../src/store/Journal.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import { anItem, by, issue, load, message, names, poolsOn } from "./fixtures.ts"

const stocked = Effect.gen(function* () {
  const pools = yield* Pools
  yield* pools.tell("mamba", load("t1", ["a", "b", "c"]))
  return pools
})
const raised = Effect.flatMap(Alarms, (alarms) => alarms.raised)
const refusal = <A, E extends { readonly _tag: string }>(self: Effect.Effect<A, E>) =>
  Effect.map(Effect.flip(self), ({ _tag }) => _tag)

describe("a disk that refuses", () => {
  it.effect("refuses all who wait, shows nothing, and is told of", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        const pools = yield* stocked
        disk.failing = true
        const asked = yield* Effect.forEach([1, 2], (n) =>
          Effect.forkChild(refusal(pools.ask("mamba", issue(n)))),
        )
        const tags = yield* Effect.forEach(asked, Fiber.join)
        assert.deepStrictEqual(tags, ["StorageUnavailable", "StorageUnavailable"])
        assert.strictEqual(yield* refusal(pools.ask("mamba", issue(3))), "StorageUnavailable")
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual(
          yield* refusal(pools.tell("mamba", { _tag: "Expire" })),
          "StorageUnavailable",
        )
        assert.deepStrictEqual(yield* raised, [{ _tag: "StorageUnavailable" }])
        assert.strictEqual((yield* pools.stock("mamba")).available, 3)
        yield* pools.drain
      }).pipe(Effect.provide(poolsOn(disk)))
    }),
  )

  it.effect("is tried every second, and the pool goes on from what the disk holds", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.gen(function* () {
        const pools = yield* stocked
        disk.failing = true
        yield* refusal(pools.ask("mamba", issue(1)))
        yield* TestClock.adjust("1500 millis")
        disk.failing = false
        assert.strictEqual(yield* refusal(pools.ask("mamba", issue(1))), "StorageUnavailable")
        yield* TestClock.adjust("500 millis")
        assert.deepStrictEqual(yield* raised, [])
        assert.isTrue(Option.isNone(yield* pools.batch("mamba", requestKeyOf(message(1)))))
        const { issuances } = yield* pools.ask("mamba", issue(1))
        assert.deepStrictEqual(
          issuances.map(({ item }) => item.id),
          [anItem("a").id],
        )
      }).pipe(Effect.provide(poolsOn(disk)))
    }),
  )

  it.effect("refuses also what was decided while it was written to", () =>
    Effect.gen(function* () {
      const slow = yield* Ref.make(false)
      const layer = poolsOn(undefined, (journal) => ({
        write: (writes) =>
          Effect.gen(function* () {
            if (!(yield* Ref.getAndSet(slow, false))) return yield* journal.write(writes)
            yield* Effect.sleep("1 second")
            return yield* new StorageUnavailable({ operation: "write", cause: "full" })
          }),
      }))
      yield* Effect.gen(function* () {
        const pools = yield* stocked
        yield* Ref.set(slow, true)
        const written = yield* Effect.forkChild(refusal(pools.ask("mamba", issue(1))))
        yield* TestClock.adjust("500 millis")
        const waiting = yield* Effect.forkChild(refusal(pools.ask("mamba", issue(2))))
        yield* TestClock.adjust("500 millis")
        assert.deepStrictEqual(yield* Effect.forEach([written, waiting], Fiber.join), [
          "StorageUnavailable",
          "StorageUnavailable",
        ])
        const { issuances } = yield* pools.ask("mamba", issue(2))
        assert.strictEqual(issuances[0]?.item.id, anItem("a").id)
      }).pipe(Effect.provide(layer))
    }),
  )

  it.effect("keeps one alarm until the last pool is open", () =>
    Effect.gen(function* () {
      const failing = yield* Ref.make<ReadonlyArray<string>>(["mamba", "vk"])
      const layer = poolsOn(undefined, (journal) => ({
        write: (writes) =>
          Effect.flatMap(Ref.get(failing), (pools) =>
            writes.some((write) => "pool" in write && pools.includes(write.pool))
              ? Effect.fail(new StorageUnavailable({ operation: "write", cause: "full" }))
              : journal.write(writes),
          ),
      }))
      yield* Effect.gen(function* () {
        const pools = yield* Pools
        yield* refusal(pools.tell("mamba", load("t1", [])))
        yield* refusal(pools.tell("vk", load("t2", [])))
        yield* Ref.set(failing, ["vk"])
        yield* TestClock.adjust("1 second")
        yield* pools.tell("mamba", load("t1", []))
        assert.lengthOf(yield* raised, 1)
        yield* Ref.set(failing, [])
        yield* TestClock.adjust("1 second")
        assert.lengthOf(yield* raised, 0)
      }).pipe(Effect.provide(layer))
    }),
  )

  it.effect("may have written what it did not acknowledge: it stands, seen or not", () =>
    Effect.gen(function* () {
      const lost = yield* Ref.make(false)
      const layer = poolsOn(undefined, (journal) => ({
        write: (writes) =>
          Effect.gen(function* () {
            const seq = yield* journal.write(writes)
            const silent = yield* Ref.getAndSet(lost, false)
            if (!silent) return seq
            return yield* new StorageUnavailable({ operation: "write", cause: "no answer" })
          }),
      }))
      yield* Effect.gen(function* () {
        const pools = yield* stocked
        const subscription = yield* pools.events
        yield* Ref.set(lost, true)
        yield* refusal(pools.ask("mamba", issue(1)))
        yield* TestClock.adjust("1 second")
        const again = yield* pools.ask("mamba", issue(1))
        assert.lengthOf(again.issuances, 1)
        assert.strictEqual(again.issuances[0]?.delivery, "unsure")
        assert.deepStrictEqual(yield* pools.undelivered("mamba"), [again])
        const changes = yield* PubSub.takeAll(subscription)
        assert.deepStrictEqual(
          changes.map(({ event }) => event._tag),
          ["Issued"],
        )
      }).pipe(Effect.provide(layer))
    }),
  )
})

describe("a start", () => {
  const used = Effect.gen(function* () {
    const pools = yield* stocked
    const { issuances } = yield* pools.ask("mamba", issue(1))
    yield* pools.snapshot
    const second = yield* pools.ask("mamba", issue(2))
    const ids = [second.issuances[0]!.id]
    yield* pools.tell("mamba", { _tag: "Delivered", ids, confirmAt: 1 })
    yield* pools.ask("mamba", { _tag: "Confirm", status: "block", ...by(ids[0]!) })
    return { unsure: issuances[0]!.id }
  })

  it.effect("brings everything back: snapshot, events since, and doubt about deliveries", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const { unsure } = yield* Effect.provide(used, poolsOn(disk))
      yield* Effect.gen(function* () {
        const pools = yield* Pools
        const recovered = pools.recovered.find(({ resource }) => resource === "mamba")
        const counts = { available: 1, pending: 1, buffer: 1, unsure: 1 }
        assert.deepStrictEqual(recovered, { resource: "mamba", ...counts })
        const [batch] = yield* pools.undelivered("mamba")
        assert.strictEqual(batch?.issuances[0]?.id, unsure)
        assert.strictEqual((yield* pools.ask("mamba", issue(1))).issuances[0]?.id, unsure)
      }).pipe(Effect.provide(poolsOn(disk)))
    }),
  )

  it.effect("writes a snapshot of what changed, and of nothing else", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const taken = yield* Ref.make<ReadonlyArray<string>>([])
      const layer = () =>
        poolsOn(disk, (journal) => ({
          write: (writes) =>
            Ref.update(taken, (pools) => [
              ...pools,
              ...writes.flatMap((write) => (write._tag === "SnapshotTaken" ? [write.pool] : [])),
            ]).pipe(Effect.andThen(journal.write(writes))),
        }))
      const snapshot = Effect.flatMap(Pools, (pools) => pools.snapshot)
      yield* Effect.provide(Effect.all([snapshot, stocked, snapshot, snapshot]), layer())
      assert.deepStrictEqual(yield* Ref.get(taken), ["mamba"])
      yield* Effect.provide(snapshot, layer())
      assert.deepStrictEqual(yield* Ref.get(taken), ["mamba"])
    }),
  )

  it.effect("stops when a snapshot cannot be read", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const spoil = Effect.flatMap(Journal, (journal) =>
        journal.write([
          { _tag: "SnapshotTaken", pool: "mamba", through: 1, state: { version: 9 } },
        ]),
      )
      yield* Effect.provide(spoil, MemoryJournal.layer(disk))
      const failure = yield* Effect.flip(Effect.provide(Pools, poolsOn(disk)))
      assert.strictEqual(failure._tag, "JournalDamaged")
      if (failure._tag === "JournalDamaged") assert.strictEqual(failure.record, "mamba")
    }),
  )
})

describe("a snapshot with long lists", () => {
  const takeEach = (from: number, until: number) =>
    Effect.gen(function* () {
      const pools = yield* Pools
      const numbers = Array.from({ length: until - from }, (_, n) => from + n)
      const take = (n: number) => pools.ask("mamba", issue(n, { by: TelegramId.make(n) }))
      yield* Effect.forEach(numbers, take, { concurrency: "unbounded" })
    })

  /** Six parts: two of what is available, two of what is live, two of the requests. */
  const filled = Effect.gen(function* () {
    const pools = yield* Pools
    yield* pools.tell("mamba", load("t1", names(600)))
    yield* takeEach(1, 251)
    yield* pools.snapshot
  })

  const standing = Effect.gen(function* () {
    const pools = yield* Pools
    const batches = yield* Effect.forEach([1, 250, 251, 330], (n) =>
      pools.batch("mamba", requestKeyOf(message(n))),
    )
    return { ...(yield* pools.standing("mamba")), batches }
  })

  /** Counts what is written of snapshots, and refuses what comes after that many writes. */
  const watched = (disk: MemoryDisk, allowed = Number.POSITIVE_INFINITY) => {
    const written: Array<Write> = []
    const layer = poolsOn(disk, (journal) => ({
      write: (writes) => {
        const own = writes.filter(({ _tag }) => _tag.startsWith("Snapshot"))
        if (own.length > 0 && written.length >= allowed) {
          return Effect.fail(new StorageUnavailable({ operation: "write", cause: "killed" }))
        }
        written.push(...own)
        return journal.write(writes)
      },
    }))
    return { layer, written }
  }
  const snapshot = Pools.use((pools) => pools.snapshot)

  it.effect("counts when it is whole: a kill at any moment loses nothing", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.provide(Effect.andThen(filled, takeEach(251, 331)), poolsOn(disk))
      const before = yield* Effect.provide(standing, poolsOn(disk))
      for (const allowed of [0, 1, 2, 3, 4, 5, 6]) {
        const { layer, written } = watched(disk, allowed)
        yield* Effect.provide(Effect.flip(snapshot), layer)
        assert.lengthOf(written, allowed)
        assert.deepStrictEqual(yield* Effect.provide(standing, poolsOn(disk)), before)
      }
      const { layer, written } = watched(disk)
      yield* Effect.provide(snapshot, layer)
      assert.strictEqual(written.at(-1)?._tag, "SnapshotTaken")
      for (const write of written) assert.isBelow(JSON.stringify(write).length, 150_000)
      // All of it is in the snapshot.
      disk.tables.events.clear()
      assert.deepStrictEqual(yield* Effect.provide(standing, poolsOn(disk)), before)
    }),
  )

  it.effect("waits until there are events enough to be worth it", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.provide(filled, poolsOn(disk))
      const { layer, written } = watched(disk)
      yield* Effect.gen(function* () {
        yield* takeEach(251, 310)
        yield* snapshot
        assert.lengthOf(written, 0)
        yield* takeEach(310, 311)
        yield* Effect.all([snapshot, snapshot], { concurrency: "unbounded" })
        assert.lengthOf(written, 7)
      }).pipe(Effect.provide(layer))
    }),
  )

  it.effect("stops the start where one of its parts is missing", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      yield* Effect.provide(filled, poolsOn(disk))
      for (const parts of disk.tables.snapshotParts.values()) parts.delete(3)
      const failure = yield* Effect.flip(Effect.provide(Pools, poolsOn(disk)))
      assert.deepInclude(failure, { _tag: "JournalDamaged", record: "mamba" })
      assert.include(failure.message, "5 of its 6 parts")
    }),
  )
})

it.effect("a pool that opens does not clear what another one raises in that moment", () =>
  Effect.gen(function* () {
    const alarms = yield* Alarms
    const slow = yield* Deferred.make<void>()
    const slowly = Alarms.of({
      ...alarms,
      clear: (alarm) => Effect.andThen(Deferred.await(slow), alarms.clear(alarm)),
    })
    yield* Effect.gen(function* () {
      const storage = yield* StorageAlarm
      yield* storage.closed("vk")
      const opening = yield* Effect.forkChild(storage.opened("vk"), { startImmediately: true })
      const closing = yield* Effect.forkChild(storage.closed("proxy"), { startImmediately: true })
      yield* Deferred.succeed(slow, undefined)
      yield* Fiber.join(opening)
      yield* Fiber.join(closing)
      assert.deepStrictEqual(yield* alarms.raised, [{ _tag: "StorageUnavailable" }])
      yield* storage.opened("proxy")
      assert.deepStrictEqual(yield* alarms.raised, [])
    }).pipe(Effect.provide(Layer.provide(StorageAlarm.layer, Layer.succeed(Alarms, slowly))))
  }).pipe(Effect.provide(Alarms.layer)),
)
