/** The pools as a service: many people at once, the clock, what is read, what admins decide. */
import { assert, describe, it } from "@effect/vitest"
import { type Context, Effect, Exit, Fiber, PubSub, Random } from "effect"
import { TestClock } from "effect/testing"
import { TelegramId } from "../../src/domain/Employee.ts"
import { empty } from "../../src/pool/State.ts"
import type { AdminCommand } from "../../src/pool/Contract.ts"
import { type PoolChange, Pools } from "../../src/pool/Pools.ts"
import { evolve } from "../../src/pool/rulebook.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  anItem,
  anna,
  boris,
  by,
  chief as admin,
  formOf,
  issue,
  load,
  message,
  minute,
  names,
  poolsOn,
  stocked,
} from "./fixtures.ts"

const takeAll = (subscription: PubSub.Subscription<PoolChange>) =>
  Effect.map(PubSub.takeAll(subscription), (changes) => changes.map(({ event }) => event))
describe("many people at once", () => {
  it.effect("never share an item", () =>
    Effect.gen(function* () {
      const pools = yield* stocked(100)
      const outcomes = yield* Effect.forEach(
        names(120),
        (_, n) => Effect.exit(pools.ask("mamba", issue(n, { by: TelegramId.make(n + 1) }))),
        { concurrency: "unbounded" },
      )
      const given = outcomes.filter(Exit.isSuccess).flatMap(({ value }) => value.issuances)
      assert.lengthOf(given, 100)
      assert.strictEqual(new Set(given.map(({ item }) => item.id)).size, 100)
      assert.strictEqual(new Set(given.map(({ id }) => id)).size, 100)
      assert.isTrue(given.every(({ id }) => /^[0-9A-HJKMNP-TV-Z]{10}$/.test(id)))
    }).pipe(Effect.provide(poolsOn())),
  )

  it.effect("find after a restart what was decided together, in the order of memory", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      const lots = Pools.use((pools) => pools.standing("mamba")).pipe(
        Effect.map(({ lots: all }) => all.map(({ item, place }) => `${item} ${place}`).toSorted()),
      )
      const before = yield* Effect.gen(function* () {
        const pools = yield* Pools
        const together = [
          pools.tell("mamba", load("t1", ["a", "b", "c"])),
          pools.ask("mamba", issue(1)),
          pools.ask("mamba", issue(2, { by: boris, stage: "boris" })),
        ]
        yield* Effect.all(together, { concurrency: "unbounded" })
        assert.strictEqual(disk.commits, 1, "they were written together")
        return yield* lots
      }).pipe(Effect.provide(poolsOn(disk)))
      assert.lengthOf(before, 3)
      assert.deepStrictEqual(yield* lots.pipe(Effect.provide(poolsOn(disk))), before)
    }),
  )

  it.effect("get nothing that an older version issued under another key", () =>
    Effect.gen(function* () {
      const disk = MemoryJournal.makeDisk()
      disk.tables.history.add("mamba\n9007770101")
      yield* Effect.gen(function* () {
        const pools = yield* Pools
        const fields = { login: "+7 900 777-01-01", password: "secret" }
        yield* pools.tell("mamba", load("t1", [anItem("x", { key: "79007770101", fields })]))
        const [row] = yield* pools.unreported("mamba")
        assert.strictEqual(row?.reason, "issuedBefore")
      }).pipe(Effect.provide(poolsOn(disk)))
    }),
  )

  it.effect("see the events in the order of memory and of the journal", () =>
    Effect.gen(function* () {
      const pools = yield* Pools
      const subscription = yield* pools.events
      yield* stocked(50)
      yield* Effect.forEach(
        names(60),
        (_, n) =>
          Effect.gen(function* () {
            const holder = TelegramId.make(n + 1)
            const { issuances } = yield* pools.ask("mamba", issue(n, { by: holder }))
            const id = issuances[0]!.id
            yield* pools.tell("mamba", { _tag: "Delivered", ids: [id], confirmAt: n })
            yield* pools.ask("mamba", { _tag: "Confirm", status: "good", ...by(id, holder) })
          }).pipe(Effect.ignore),
        { concurrency: "unbounded" },
      )
      const published = yield* takeAll(subscription)
      const { events } = yield* Effect.flatMap(Journal, (journal) => journal.restore("mamba"))
      assert.deepStrictEqual(
        published,
        events.map(({ event }) => event),
      )
      assert.isAbove(published.length, 100)
      const folded = published.reduce(evolve, empty)
      assert.deepStrictEqual(
        formOf(folded).live.map(({ issuance }) => issuance),
        (yield* pools.buffer("mamba")).toSorted(
          (a, b) => Number(a.item.id.slice(7)) - Number(b.item.id.slice(7)),
        ),
      )
    }).pipe(Effect.provide(poolsOn())),
  )
})

it.effect("silence becomes a status after exactly ten minutes", () =>
  Effect.gen(function* () {
    const pools = yield* stocked(1)
    const { issuances } = yield* pools.ask("mamba", issue(1))
    const { id, confirmAt } = issuances[0]!
    yield* pools.tell("mamba", { _tag: "Delivered", ids: [id], confirmAt })
    yield* TestClock.adjust("599999 millis")
    yield* pools.tell("mamba", { _tag: "Expire" })
    assert.deepStrictEqual(yield* pools.buffer("mamba"), [])
    yield* TestClock.adjust("1 millis")
    yield* pools.tell("mamba", { _tag: "Expire" })
    const [confirmed] = yield* pools.buffer("mamba")
    const mark = { status: "good", at: 10 * minute, by: anna, auto: true }
    assert.deepStrictEqual(confirmed?.mark, mark)
  }).pipe(Effect.provide(poolsOn())),
)

it.effect("an id that is in use is rolled again", () =>
  Effect.gen(function* () {
    let rolls = 0
    const dice = {
      nextIntUnsafe: () => 0,
      // Ten digits make an id: the first two ids are the same.
      nextDoubleUnsafe: () => ((rolls += 1) <= 20 ? 0 : 0.5),
    }
    const pools = yield* stocked(2)
    const ask = (n: number) =>
      Effect.map(pools.ask("mamba", issue(n)), ({ issuances }) => issuances[0]!.id)
    const ids = yield* Effect.all([ask(1), ask(2)]).pipe(Effect.provideService(Random.Random, dice))
    assert.deepStrictEqual(ids.map(String), ["0000000000", "GGGGGGGGGG"])
    assert.strictEqual(rolls, 30)
  }).pipe(Effect.provide(poolsOn())),
)

it.effect("the stock says what is where", () =>
  Effect.gen(function* () {
    const pools = yield* Pools
    yield* pools.tell(
      "mamba",
      load("t1", [
        anItem("a"),
        anItem("b"),
        anItem("c", { variant: "female" }),
        anItem("d"),
        anItem("e", { key: "a@example.com" }),
      ]),
    )
    const { issuances } = yield* pools.ask("mamba", issue(1, { variant: "male", quantity: 2 }))
    const id = issuances[0]!.id
    yield* pools.ask("mamba", { _tag: "Confirm", status: "good", ...by(id) })
    const expected = {
      byVariant: { male: 1, female: 1 },
      byTab: { "Мамба Муж": 1, "Мамба Жен": 1 },
      scarcest: { "Мамба Муж": { all: 1, unbound: 1 }, "Мамба Жен": { all: 1, unbound: 1 } },
      available: 2,
      onlyDay: null,
      hidden: 0,
      returning: 0,
      pending: 1,
      buffer: 1,
      corrections: 0,
      abandoned: 0,
      quarantine: 1,
      pendingBy: { male: 1 },
      unwrittenBy: { male: 1 },
      quarantineBy: { male: 1 },
      version: "2",
      paused: null,
      trash: [],
    }
    assert.deepStrictEqual(yield* pools.stock("mamba"), expected)
    const { mark } = (yield* pools.buffer("mamba"))[0]!
    yield* pools.tell("mamba", { _tag: "Written", rows: [{ id, mark: mark! }] })
    yield* pools.ask("mamba", { _tag: "Correct", status: "block", ...by(id) })
    assert.deepStrictEqual(yield* pools.stock("mamba"), { ...expected, buffer: 0, corrections: 1 })
    const corrections = yield* pools.corrections("mamba")
    assert.deepStrictEqual(
      corrections.map((each) => each.id),
      [id],
    )
    const [row] = yield* pools.unreported("mamba")
    assert.strictEqual(row?.reason, "duplicate")
    yield* pools.tell("mamba", { _tag: "QuarantineReported", ids: [row!.id] })
    assert.deepStrictEqual(yield* pools.unreported("mamba"), [])
  }).pipe(Effect.provide(poolsOn())),
)

describe("wishes", () => {
  it.effect("are shared until the attempt has ended", () =>
    Effect.gen(function* () {
      const pools = yield* Pools
      const askers = yield* Effect.forEach(names(3), () =>
        Effect.forkChild(pools.want("mamba"), { startImmediately: true }),
      )
      const wish = yield* pools.wanted
      assert.strictEqual(wish.resource, "mamba")
      const late = yield* Effect.forkChild(pools.want("mamba"), { startImmediately: true })
      const other = yield* Effect.forkChild(pools.want("vk"), { startImmediately: true })
      assert.strictEqual((yield* pools.wanted).resource, "vk")
      assert.isUndefined(askers[0]!.pollUnsafe())
      yield* wish.done
      yield* Effect.forEach([...askers, late], Fiber.join)
      assert.isUndefined(other.pollUnsafe())
      yield* wish.done
      const again = yield* Effect.forkChild(pools.want("mamba"), { startImmediately: true })
      yield* Effect.flatMap(pools.wanted, ({ done }) => done)
      yield* Fiber.join(again)
    }).pipe(Effect.provide(poolsOn())),
  )
})

it.effect("what no pool has is refused, empty, or a defect where it would be lost", () =>
  Effect.gen(function* () {
    const pools = yield* Pools
    assert.notInclude(
      pools.resources.map(({ id }) => id),
      "proxy",
    )
    assert.strictEqual((yield* Effect.flip(pools.ask("proxy", issue(1))))._tag, "OutOfStock")
    const undo = { _tag: "Undo", ...by((yield* stocked(1), yield* first(pools))) } as const
    assert.strictEqual((yield* Effect.flip(pools.ask("proxy", undo)))._tag, "UnknownIssuance")
    assert.strictEqual((yield* pools.stock("proxy")).available, 0)
    yield* pools.want("proxy")
    const told = yield* Effect.exit(pools.tell("proxy", load("t1", ["a"])))
    assert.isTrue(Exit.hasDies(told))
  }).pipe(Effect.provide(poolsOn())),
)

const first = (pools: Context.Service.Shape<typeof Pools>) =>
  Effect.map(pools.ask("mamba", issue(1)), ({ issuances }) => issuances[0]!.id)

describe("what a person holds", () => {
  it.effect("is pending, or marked within a day, newest first", () =>
    Effect.gen(function* () {
      const pools = yield* stocked(5)
      const old = yield* first(pools)
      yield* pools.ask("mamba", { _tag: "Confirm", status: "good", ...by(old) })
      yield* TestClock.adjust("23 hours")
      const { issuances } = yield* pools.ask("mamba", issue(2))
      yield* pools.ask("mamba", issue(3, { by: TelegramId.make(9) }))
      const ids = Effect.map(pools.held(anna), (held) => held.map(({ id }) => id))
      assert.deepStrictEqual(yield* ids, [issuances[0]!.id, old])
      yield* TestClock.adjust("61 minutes")
      assert.deepStrictEqual(yield* ids, [issuances[0]!.id])
    }).pipe(Effect.provide(poolsOn())),
  )
})

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
        yield* pools.tell("mamba", load("t2", ["later"]))
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
    const earliest = yield* ask("mamba", 1)
    yield* TestClock.adjust("1 second")
    const second = yield* ask("vk", 2, { by: boris })
    yield* TestClock.adjust("1 second")
    const third = yield* ask("mamba", 3)
    const holders = Effect.map(pools.holders, (all) => all.map(({ id }) => id))
    assert.deepStrictEqual(yield* holders, [earliest, second, third])
    yield* manage({ _tag: "SetAside", id: earliest, admin })
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
