/** Rows that people change by hand: noticed, told apart from the bot's own writes, put right. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { editsAskedMax, editWatchPeriod } from "../../src/config/Limits.ts"
import type { IssuanceId } from "../../src/domain/Issuance.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { HandEdits } from "../../src/pool/HandEdits.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as EditWatch from "../../src/scheduler/EditWatch.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { issued, rowsOf } from "../sheets/bench.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  closeTab,
  confirmed,
  holder,
  issuedRows,
  Line,
  pass,
  raised,
  running,
  say,
  stocked,
  traffic,
  vk,
  vkTab,
  world,
} from "./bench.ts"

const plenty = stocked({ [vkTab]: 40 })

/** Columns of the issued tab, counted from 0. */
const [loginColumn, statusColumn] = [1, 7]

const written = (count: number) =>
  Effect.gen(function* () {
    yield* Refill.use((refill) => refill.once)
    const ids: Array<IssuanceId> = []
    for (let left = count; left > 0; left -= 5) {
      ids.push(...(yield* confirmed("vk", Math.min(left, 5))))
    }
    yield* Flusher.once
    yield* traffic
    return ids
  })

const set = (row: number, column: number, value: string) =>
  Workbooks.use((workbooks) =>
    workbooks.edit(issued, { op: "set", tab: vk.issuedTab, row, column, value }),
  )
const remove = (row: number) =>
  Workbooks.use((workbooks) =>
    workbooks.edit(issued, { op: "delete", tab: vk.issuedTab, at: row, count: 1 }),
  )

/** A look with the second one that it waits for. */
const watch = Effect.gen(function* () {
  const fiber = yield* Effect.forkChild(EditWatch.once)
  yield* pass("65 seconds")
  yield* Fiber.join(fiber)
})

const noticed = HandEdits.use((edits) => edits.untold)
const found = Effect.map(noticed, (all) =>
  all.map(({ edit }) => `${edit.issuance} ${edit.row} ${edit.found._tag}`),
)

const rewrite = (id: IssuanceId, what: { readonly gone?: boolean; readonly value?: boolean }) =>
  Pools.use((pools) =>
    pools.manage("vk", {
      _tag: "Rewrite",
      id,
      gone: false,
      value: false,
      rewrites: 0,
      admin: holder,
      ...what,
    }),
  )

/** Login, status and id of every row. */
const rows = Effect.map(rowsOf(issued, vk.issuedTab), (all) =>
  all.map(({ cells }) => [cells[loginColumn], cells[statusColumn], cells.at(-1)]),
)

const withBot = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    yield* plenty
    return yield* running(MemoryJournal.makeDisk(), Layer.empty, effect)
  }).pipe(Effect.provide(world))

describe("EditWatch.once", () => {
  it.effect("a changed status, another item and a row that is gone; one read each time", () =>
    withBot(
      Effect.gen(function* () {
        const [first, second, third, fourth] = yield* written(4)
        yield* set(1, statusColumn, "Блок")
        yield* set(2, loginColumn, "someone@example.com")
        yield* remove(4)
        yield* watch
        assert.deepStrictEqual(yield* found, [
          `${first} 2 Status`,
          `${second} 3 Value`,
          `${fourth} null Gone`,
        ])
        assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 2 })
        assert.isDefined(third)
        const [status] = (yield* noticed).map(({ edit }) => edit.found)
        assert.deepStrictEqual(status, { _tag: "Status", status: "block", isBlank: false })
      }),
    ),
  )

  it.effect("nothing was changed, or only moved, spelled otherwise, copied or coloured", () =>
    withBot(
      Effect.gen(function* () {
        const [first, second] = yield* written(3)
        const workbooks = yield* Workbooks
        yield* workbooks.edit(issued, {
          op: "insert",
          tab: vk.issuedTab,
          at: 1,
          rows: [["", "note", "", "", "", "", "", "", "", ""]],
        })
        yield* set(2, statusColumn, "  ХОРОШИЙ ")
        assert.isDefined(first)
        yield* set(1, 9, String(second))
        yield* watch
        assert.deepStrictEqual(yield* found, [])
        assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 1 })
      }),
    ),
  )

  it.effect(
    "reads nothing where nothing is written, and says what a blank or strange status is",
    () =>
      withBot(
        Effect.gen(function* () {
          yield* watch
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
          yield* written(2)
          yield* set(1, statusColumn, "")
          yield* set(2, statusColumn, "secret-pass-1")
          yield* watch
          assert.deepStrictEqual(
            (yield* noticed).map(({ edit }) => edit.found),
            [
              { _tag: "Status", status: null, isBlank: true },
              { _tag: "Status", status: null, isBlank: false },
            ],
          )
          assert.notInclude(JSON.stringify(yield* noticed), "secret-pass-1")
        }),
      ),
  )

  it.effect("who is in the middle of it is left alone", () =>
    withBot(
      Effect.gen(function* () {
        yield* written(2)
        yield* set(1, statusColumn, "Блок")
        const fiber = yield* Effect.forkChild(EditWatch.once)
        yield* pass("30 seconds")
        yield* set(1, statusColumn, "Хороший")
        yield* pass("35 seconds")
        yield* Fiber.join(fiber)
        assert.deepStrictEqual(yield* found, [])
      }),
    ),
  )

  it.effect("a correction of the bot that is under way is no edit", () =>
    withBot(
      Effect.gen(function* () {
        const [id] = yield* written(1)
        yield* say("vk", "Correct", "block", [id!])
        yield* watch
        assert.deepStrictEqual(yield* found, [])
        yield* Flusher.once
        yield* watch
        assert.deepStrictEqual(yield* found, [])
      }),
    ),
  )

  it.effect("the same finding is kept once, is over when it is mended, and comes again", () =>
    withBot(
      Effect.gen(function* () {
        const edits = yield* HandEdits
        const [id] = yield* written(1)
        yield* set(1, statusColumn, "Блок")
        yield* watch
        const [first] = yield* noticed
        yield* edits.told([first!.edit], [{ chatId: 1, messageId: 5 }])
        yield* watch
        assert.deepStrictEqual(yield* found, [])
        yield* set(1, statusColumn, "Хороший")
        yield* watch
        assert.deepStrictEqual(
          (yield* edits.ended).map(({ edit, isOver }) => [edit.issuance, isOver]),
          [[id, true]],
        )
        yield* set(1, statusColumn, "Блок")
        yield* watch
        assert.lengthOf(yield* found, 1)
      }),
    ),
  )

  it.effect("decided as it is: not asked again, also not after a restart", () =>
    Effect.gen(function* () {
      yield* plenty
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          const edits = yield* HandEdits
          yield* written(1)
          yield* set(1, statusColumn, "Блок")
          yield* watch
          const [first] = yield* noticed
          yield* edits.decide(first!.edit, "keep", holder)
        }),
      )
      yield* running(
        disk,
        Layer.empty,
        Effect.gen(function* () {
          yield* watch
          assert.deepStrictEqual(yield* found, [])
          assert.lengthOf([...(disk.tables.documents.get("handEdit")?.keys() ?? [])], 1)
          yield* TestClock.adjust("26 hours")
          yield* Pools.use((pools) => pools.tell("vk", { _tag: "Expire" }))
          yield* watch
          assert.lengthOf([...(disk.tables.documents.get("handEdit")?.keys() ?? [])], 0)
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("more than ten at once are one message, and no card each", () =>
    withBot(
      Effect.gen(function* () {
        yield* written(editsAskedMax + 1)
        for (let row = 1; row <= editsAskedMax + 1; row++) yield* set(row, statusColumn, "Блок")
        yield* watch
        const all = yield* noticed
        assert.lengthOf(all, editsAskedMax + 1)
        assert.isTrue(all.every(({ isOneOfMany }) => isOneOfMany))
      }),
    ),
  )

  it.effect("a tab that cannot be read now: what was found there stands", () =>
    withBot(
      Effect.gen(function* () {
        const workbooks = yield* Workbooks
        yield* written(1)
        yield* set(1, statusColumn, "Блок")
        yield* watch
        yield* workbooks.edit(issued, {
          op: "set",
          tab: vk.issuedTab,
          row: 0,
          column: statusColumn,
          value: "Итог",
        })
        yield* watch
        yield* watch
        assert.lengthOf(yield* found, 1)
        yield* closeTab(issued, vk.issuedTab, false)
        yield* Ref.set((yield* Line).cut, true)
        yield* watch
        assert.lengthOf(yield* found, 1)
        assert.deepStrictEqual(yield* raised, ["TabUnusable"])
      }),
    ),
  )
})

describe("what an admin wants back", () => {
  it.effect("a status is written again", () =>
    withBot(
      Effect.gen(function* () {
        const [id] = yield* written(2)
        yield* set(1, statusColumn, "Блок")
        yield* rewrite(id!, {})
        yield* Flusher.once
        assert.strictEqual((yield* issuedRows("vk"))[0], `${id} Хороший`)
        yield* watch
        assert.deepStrictEqual(yield* found, [])
      }),
    ),
  )

  it.effect("another item is replaced by the one that was issued", () =>
    withBot(
      Effect.gen(function* () {
        const [id] = yield* written(2)
        const before = yield* rows
        yield* set(1, loginColumn, "someone@example.com")
        yield* set(1, statusColumn, "Блок")
        yield* rewrite(id!, { value: true })
        yield* Flusher.once
        assert.deepStrictEqual(yield* rows, before)
        yield* watch
        assert.deepStrictEqual(yield* found, [])
      }),
    ),
  )

  it.effect("a row that is gone is written again, once", () =>
    withBot(
      Effect.gen(function* () {
        const [id, other] = yield* written(2)
        yield* remove(1)
        yield* rewrite(id!, { gone: true })
        yield* Flusher.once
        yield* Flusher.once
        assert.deepStrictEqual(yield* issuedRows("vk"), [`${other} Хороший`, `${id} Хороший`])
        yield* remove(2)
        yield* watch
        assert.deepStrictEqual(yield* found, [`${id} null Gone`])
      }),
    ),
  )

  it.effect("a row that somebody put back meanwhile does not come twice", () =>
    withBot(
      Effect.gen(function* () {
        const [id] = yield* written(2)
        const before = yield* issuedRows("vk")
        yield* rewrite(id!, { gone: true })
        yield* Flusher.once
        assert.deepStrictEqual(yield* issuedRows("vk"), before)
        assert.deepStrictEqual(
          (yield* Pools.use((pools) => pools.written("vk"))).map((issuance) => issuance.id).length,
          2,
        )
      }),
    ),
  )
})

describe("the loop", () => {
  it.effect("looks every hour, the first time after one", () =>
    Effect.gen(function* () {
      yield* plenty
      yield* running(
        MemoryJournal.makeDisk(),
        EditWatch.layer,
        Effect.gen(function* () {
          yield* written(1)
          const looks = Effect.flatMap(Line, ({ calls }) =>
            Effect.map(calls, (all) => all.filter(({ method }) => method === "values").length),
          )
          yield* TestClock.adjust("59 minutes")
          assert.strictEqual(yield* looks, 0)
          yield* TestClock.adjust("1 minute")
          yield* pass("2 seconds")
          assert.strictEqual(yield* looks, 1)
          yield* TestClock.adjust(editWatchPeriod)
          yield* pass("2 seconds")
          assert.strictEqual(yield* looks, 1)
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
