/**
 * Rows that Google refuses: they are found, hold up no others, and are written when it takes them.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { refusalsMax, siftWritesMax } from "../../src/config/Limits.ts"
import type { Resource } from "../../src/domain/Catalogue.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import type { IssuanceId } from "../../src/domain/Issuance.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { FailedRows } from "../../src/pool/FailedRows.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { account, accounts, issued } from "../sheets/bench.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  buffered,
  closeTab,
  confirmed,
  issuedRows,
  mamba,
  men,
  ok,
  pass,
  raised,
  running,
  say,
  stocked,
  traffic,
  vk,
  vkTab,
  world,
  worldWith,
} from "./bench.ts"

const refill = Refill.use((service) => service.once)
const long = "x".repeat(50_001)

/** Rows of a base tab with an extra column, too long for a cell in those of the given places. */
const withNotes = (tab: string, count: number, ...places: ReadonlyArray<number>) =>
  Workbooks.use((workbooks) =>
    Effect.gen(function* () {
      yield* workbooks.edit(accounts, { op: "set", tab, row: 0, column: 3, value: "Заметка" })
      const rows = Array.from({ length: count }, (_, place) => [
        ...account(5000 + place),
        places.includes(place) ? long : "коротко",
      ])
      yield* workbooks.edit(accounts, { op: "append", tab, rows })
    }),
  )

/** Removes the column in which rows are too long, so that the sheet takes them. */
const dropColumn = Workbooks.use((workbooks) =>
  workbooks.edit(issued, { op: "set", tab: vk.issuedTab, row: 0, column: 3, value: "Другое" }),
)

/** Takes items five by five, as many as a person may take at once. */
const allConfirmed = (resource: string, count: number) =>
  Effect.map(
    Effect.forEach(Array.from({ length: Math.ceil(count / 5) }), (_, turn) =>
      confirmed(resource, Math.min(5, count - 5 * turn)),
    ),
    (ids) => ids.flat(),
  )

const started = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  loops: Parameters<typeof running>[1] = Layer.empty,
) => running(MemoryJournal.makeDisk(), loops, Effect.andThen(refill, effect))

const failed = FailedRows.use((rows) => rows.failed)
const refused = FailedRows.use((rows) => rows.refused)
const rounds = (count: number) =>
  Effect.replicateEffect(Effect.andThen(Flusher.once, pass("30 seconds")), count)
const writes = Effect.map(traffic, (calls) => calls.writes)
const idsIn = (rows: ReadonlyArray<string>) => rows.map((row) => row.split(" ")[0])
const good = (ids: ReadonlyArray<IssuanceId>) => ids.map((id) => `${id} Хороший`)
const without = (ids: ReadonlyArray<IssuanceId>, ...places: ReadonlyArray<number>) =>
  ids.filter((_, place) => !places.includes(place))
const admin = TelegramId.make(1)

describe("a row that Google does not take", () => {
  it.effect("holds up no other one: the others are written in the same round", () =>
    Effect.gen(function* () {
      yield* stocked({ [men]: 10 })
      yield* withNotes(vkTab, 6, 2)
      yield* started(
        Effect.gen(function* () {
          const ids = yield* allConfirmed("vk", 6)
          const [man] = yield* confirmed("mamba", 1)
          yield* Flusher.once
          assert.sameMembers(yield* issuedRows("vk"), good(without(ids, 2)))
          assert.deepStrictEqual(yield* issuedRows("mamba"), good([man!]))
          const [row] = yield* refused
          assert.deepInclude(row, { id: ids[2]!, kind: "new", attempts: 1, beside: true })
          assert.match(
            row?.message ?? "",
            /Your input contains more than the maximum of 50000 characters in a single cell\.$/,
          )
          assert.deepStrictEqual(yield* raised, [], "nobody need hear of the first refusal")
          yield* traffic
          const [later] = yield* confirmed("mamba", 1)
          yield* Flusher.once
          assert.strictEqual(yield* writes, 2, "the others in one write, and the row by itself")
          assert.include(yield* issuedRows("mamba"), `${later} Хороший`)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("fails after five refusals: admins hear of it, and it is tried seldom", () =>
    Effect.gen(function* () {
      yield* stocked({})
      yield* withNotes(vkTab, 3, 1)
      yield* started(
        Effect.gen(function* () {
          const ids = yield* confirmed("vk", 3)
          yield* rounds(refusalsMax - 1)
          assert.deepStrictEqual(yield* failed, [])
          yield* rounds(1)
          assert.deepStrictEqual(
            (yield* failed).map(({ id, attempts }) => ({ id, attempts })),
            [{ id: ids[1]!, attempts: refusalsMax }],
          )
          assert.deepStrictEqual(yield* raised, ["RowsRefused"])
          yield* traffic
          yield* rounds(9)
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
          yield* rounds(2)
          assert.strictEqual(yield* writes, 1)
          yield* rounds(19)
          assert.strictEqual(yield* writes, 1, "after ten minutes, not after five")
          yield* rounds(4 * 60)
          const tries = yield* writes
          assert.isAtLeast(tries, 3)
          assert.isAtMost(tries, 5)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("is written once Google takes it, and admins hear that too", () =>
    Effect.gen(function* () {
      yield* stocked({})
      yield* withNotes(vkTab, 3, 1)
      yield* started(
        Effect.gen(function* () {
          const ids = yield* confirmed("vk", 3)
          yield* rounds(refusalsMax)
          assert.deepStrictEqual(yield* raised, ["RowsRefused"])
          yield* dropColumn
          yield* rounds(61)
          assert.sameMembers(idsIn(yield* issuedRows("vk")), ids)
          assert.deepStrictEqual(yield* raised, [])
          assert.deepStrictEqual(yield* refused, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("is tried at once when somebody wishes it", () =>
    Effect.gen(function* () {
      yield* stocked({})
      yield* withNotes(vkTab, 3, 1)
      yield* started(
        Effect.gen(function* () {
          const ids = yield* confirmed("vk", 3)
          yield* pass("3 minutes")
          assert.lengthOf(yield* failed, 1)
          const rows = yield* FailedRows
          yield* traffic
          yield* rows.retry(ids)
          yield* pass("3 seconds")
          assert.strictEqual(yield* writes, 1)
          const [row] = yield* failed
          assert.strictEqual(row?.attempts, refusalsMax + 1)
          yield* dropColumn
          yield* rows.retry(ids)
          yield* pass("3 seconds")
          assert.strictEqual(yield* buffered("vk"), 0)
          assert.deepStrictEqual(yield* raised, [])
        }),
        Flusher.layer,
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("is found again after a restart", () =>
    Effect.gen(function* () {
      yield* stocked({})
      yield* withNotes(vkTab, 3, 1)
      const disk = MemoryJournal.makeDisk()
      const [, bad] = yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          yield* refill
          const ids = yield* confirmed("vk", 3)
          yield* rounds(refusalsMax)
          return ids
        }),
      )
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* failed, [])
          yield* rounds(refusalsMax)
          assert.deepStrictEqual(
            (yield* failed).map(({ id }) => id),
            [bad!],
          )
        }),
      )
      assert.lengthOf(yield* issuedRows("vk"), 2)
    }).pipe(Effect.provide(world)),
  )

  it.effect("among many: the quota is spared, the good ones are written, the bad ones fail", () =>
    Effect.gen(function* () {
      yield* stocked({})
      const bad = [0, 1, 7, 8, 9, 20, 29, 30, 31, 39]
      yield* withNotes(vkTab, 40, ...bad)
      yield* started(
        Effect.gen(function* () {
          yield* refill
          const ids = yield* allConfirmed("vk", 40)
          assert.lengthOf(ids, 40)
          yield* Flusher.once
          yield* traffic
          for (let round = 0; round < 40; round += 1) {
            yield* rounds(1)
            assert.isAtMost(yield* writes, siftWritesMax + 2)
          }
          assert.sameMembers(yield* issuedRows("vk"), good(without(ids, ...bad)))
          assert.lengthOf(yield* failed, bad.length)
        }),
      )
    }).pipe(Effect.provide(worldWith({ pendingLimit: 50, loadBatchSize: 60 }))),
  )
})

describe("a row that was given up", () => {
  it.effect("is not tried any more; taken back it is written like any other", () =>
    Effect.gen(function* () {
      yield* stocked({})
      yield* withNotes(vkTab, 3, 1)
      yield* started(
        Effect.gen(function* () {
          const pools = yield* Pools
          const ids = yield* confirmed("vk", 3)
          yield* rounds(refusalsMax)
          const id = ids[1]!
          yield* pools.manage("vk", { _tag: "Abandon", id, admin })
          yield* Flusher.once
          assert.deepStrictEqual(yield* raised, [])
          assert.deepStrictEqual(yield* refused, [])
          yield* traffic
          yield* rounds(90)
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
          yield* dropColumn
          yield* pools.manage("vk", { _tag: "Unabandon", id, admin })
          yield* Flusher.once
          assert.sameMembers(idsIn(yield* issuedRows("vk")), ids)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("while it is on its way to the sheet: it is written, once, and that counts", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 3 })
      yield* started(
        Effect.gen(function* () {
          const pools = yield* Pools
          const [id] = yield* confirmed("vk", 1)
          const buffer = (resource: string) =>
            Effect.tap(pools.buffer(resource), () =>
              Effect.ignore(pools.manage("vk", { _tag: "Abandon", id: id!, admin })),
            )
          yield* Flusher.once.pipe(Effect.provideService(Pools, Pools.of({ ...pools, buffer })))
          assert.isAtMost((yield* issuedRows("vk")).length, 1)
          const { abandoned, buffer: left } = yield* pools.stock("vk")
          assert.deepStrictEqual([abandoned + (yield* issuedRows("vk")).length, left], [1, 0])
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("a row that somebody removed and that is to be written again", () => {
  it.effect(
    "beside one that Google refuses, given up meanwhile, and taken back: once each time",
    () =>
      Effect.gen(function* () {
        yield* stocked({})
        yield* withNotes(vkTab, 4, 3)
        yield* started(
          Effect.gen(function* () {
            const pools = yield* Pools
            const [first, second, third] = yield* confirmed("vk", 3)
            yield* Flusher.once
            const about = { gone: true, value: false, rewrites: 0, admin }
            const lose = (id: IssuanceId) =>
              Workbooks.use((workbooks) =>
                workbooks.edit(issued, { op: "delete", tab: vk.issuedTab, at: 1, count: 1 }),
              ).pipe(Effect.andThen(pools.manage("vk", { _tag: "Rewrite", id, ...about })))
            const [tooLong] = yield* confirmed("vk", 1)
            yield* lose(first!)
            yield* Flusher.once
            assert.deepStrictEqual(yield* issuedRows("vk"), good([second!, third!, first!]))
            assert.deepStrictEqual(
              (yield* refused).map(({ id, kind }) => ({ id, kind })),
              [{ id: tooLong!, kind: "new" }],
            )
            yield* lose(second!)
            yield* pools.manage("vk", { _tag: "Abandon", id: second!, admin })
            yield* rounds(2)
            assert.deepStrictEqual(yield* issuedRows("vk"), good([third!, first!]))
            yield* pools.manage("vk", { _tag: "Unabandon", id: second!, admin })
            yield* rounds(2)
            assert.deepStrictEqual(yield* issuedRows("vk"), good([third!, first!, second!]))
            yield* pools.manage("vk", { _tag: "Abandon", id: tooLong!, admin })
            yield* say("vk", "Correct", "block", [second!, tooLong!])
            yield* rounds(2)
            assert.deepStrictEqual(yield* issuedRows("vk"), [
              ...good([third!, first!]),
              `${second} Блок`,
            ])
            const { buffer, corrections, abandoned } = yield* pools.stock("vk")
            assert.deepStrictEqual(
              { buffer, corrections, abandoned },
              { buffer: 0, corrections: 0, abandoned: 1 },
            )
          }),
        )
      }).pipe(Effect.provide(world)),
  )
})

describe("a correction that Google does not take", () => {
  const endless: Resource = {
    ...vk,
    statuses: vk.statuses.map((status) =>
      status.id === "defect" ? { ...status, label: { ...status.label, ru: long } } : status,
    ),
  }
  const resources = [endless, mamba, ok] as const

  it.effect("holds up no other correction and no new row, and fails by itself", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 12 })
      yield* started(
        Effect.gen(function* () {
          const ids = yield* confirmed("vk", 5)
          yield* Flusher.once
          yield* say("vk", "Correct", "block", ids.slice(0, 3))
          yield* say("vk", "Correct", "defect", ids.slice(3, 4))
          const [fresh] = yield* confirmed("vk", 1)
          yield* rounds(refusalsMax)
          assert.deepStrictEqual(yield* issuedRows("vk"), [
            ...ids.slice(0, 3).map((id) => `${id} Блок`),
            ...good([...ids.slice(3), fresh!]),
          ])
          const rows = yield* failed
          assert.deepStrictEqual(
            rows.map(({ id, kind }) => ({ id, kind })),
            [{ id: ids[3]!, kind: "correction" }],
          )
          assert.deepStrictEqual(yield* raised, ["RowsRefused"])
          const pools = yield* Pools
          yield* pools.manage("vk", { _tag: "Abandon", id: ids[3]!, admin })
          yield* Flusher.once
          assert.deepStrictEqual(yield* raised, [])
          assert.include(yield* issuedRows("vk"), `${ids[3]} Хороший`)
        }),
      )
    }).pipe(Effect.provide(worldWith({}, resources))),
  )
})

describe("a closed tab", () => {
  it.effect("blames no row, spares the quota, and is written as soon as it is open", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 20, [men]: 20 })
      yield* started(
        Effect.gen(function* () {
          yield* confirmed("vk", 1)
          yield* Flusher.once
          yield* closeTab(issued, vk.issuedTab)
          yield* allConfirmed("vk", 6)
          yield* traffic
          yield* Flusher.once
          assert.isAtMost(yield* writes, siftWritesMax + 1)
          for (let round = 1; round < 10; round += 1) {
            yield* pass("30 seconds")
            yield* confirmed("mamba", 1)
            yield* Flusher.once
            assert.isAtMost(yield* writes, 2, `one look in round ${round}`)
          }
          yield* rounds(20)
          assert.deepStrictEqual(yield* failed, [])
          assert.deepStrictEqual(yield* raised, ["demo-issued refused"])
          assert.lengthOf(yield* issuedRows("mamba"), 9)
          yield* closeTab(issued, vk.issuedTab, false)
          yield* rounds(2)
          assert.strictEqual(yield* buffered("vk"), 0)
          assert.deepStrictEqual(yield* raised, [])
          assert.deepStrictEqual(yield* refused, [])
        }),
      )
    }).pipe(Effect.provide(worldWith({ pendingLimit: 50 }))),
  )

  it.effect("with one row, which is taken for the fault: it is written with the next one", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 20, [men]: 20 })
      yield* started(
        Effect.gen(function* () {
          yield* confirmed("vk", 1)
          yield* Flusher.once
          yield* closeTab(issued, vk.issuedTab)
          yield* confirmed("vk", 1)
          yield* rounds(refusalsMax)
          assert.lengthOf(yield* failed, 1)
          assert.deepStrictEqual(yield* raised, ["RowsRefused"])
          yield* confirmed("vk", 1)
          yield* rounds(4)
          assert.lengthOf(yield* failed, 1, "two that are refused speak for the tab")
          assert.deepStrictEqual(yield* raised, ["RowsRefused", "demo-issued refused"])
          yield* closeTab(issued, vk.issuedTab, false)
          yield* rounds(2)
          assert.strictEqual(yield* buffered("vk"), 0)
          assert.lengthOf(yield* issuedRows("vk"), 3)
          assert.deepStrictEqual(yield* raised, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect(
    "with bad rows in it: they are found when it is open again, and the others written",
    () =>
      Effect.gen(function* () {
        yield* stocked({})
        yield* withNotes(vkTab, 5, 1, 2)
        yield* started(
          Effect.gen(function* () {
            const [first] = yield* confirmed("vk", 1)
            yield* Flusher.once
            yield* closeTab(issued, vk.issuedTab)
            const ids = yield* confirmed("vk", 4)
            yield* rounds(15)
            assert.deepStrictEqual(yield* failed, [])
            yield* closeTab(issued, vk.issuedTab, false)
            yield* rounds(10 + refusalsMax)
            assert.sameMembers(yield* issuedRows("vk"), good([first!, ...ids.slice(2)]))
            assert.sameMembers(
              (yield* failed).map(({ id }) => id),
              ids.slice(0, 2),
            )
            assert.deepStrictEqual(yield* raised, ["RowsRefused"])
          }),
        )
      }).pipe(Effect.provide(world)),
  )

  it.effect("beside another closed one: neither of their only rows is blamed", () =>
    Effect.gen(function* () {
      yield* stocked({ [vkTab]: 20, [men]: 20 })
      const tabs = [vk.issuedTab, mamba.issuedTab]
      yield* started(
        Effect.gen(function* () {
          yield* confirmed("vk", 1)
          yield* Flusher.once
          yield* Effect.forEach(tabs, (tab) => closeTab(issued, tab))
          yield* confirmed("vk", 1)
          yield* confirmed("mamba", 1)
          yield* rounds(30)
          assert.deepStrictEqual(yield* failed, [])
          assert.deepStrictEqual(yield* raised, ["demo-issued refused"])
          yield* Effect.forEach(tabs, (tab) => closeTab(issued, tab, false))
          yield* rounds(1)
          assert.deepStrictEqual([yield* buffered("vk"), yield* buffered("mamba")], [0, 0])
          assert.deepStrictEqual(yield* raised, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
