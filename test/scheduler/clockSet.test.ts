/** Waits and ages of the work with spreadsheets while somebody sets the clock, forward or back. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import {
  halfTypedFor,
  lookTrusted,
  refusalsMax,
  unreachableAfter,
} from "../../src/config/Limits.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { HalfTypedRows } from "../../src/scheduler/BaseCount.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { SheetsTrouble } from "../../src/scheduler/SheetsTrouble.ts"
import { SheetsError } from "../../src/sheets/SheetsError.ts"
import { hourSteps, withWallClock } from "../observe/wallClock.ts"
import { account, accounts } from "../sheets/bench.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  type Bot,
  confirmed,
  men,
  okTab,
  type Outside,
  pass,
  raised,
  running,
  stocked,
  traffic,
  vkTab,
  women,
  world,
} from "./bench.ts"

const refill = Refill.use(({ once }) => once)

/** Runs the bot with what sets its clock. */
const withWall = <E>(
  test: (step: (by: number) => Effect.Effect<void>) => Effect.Effect<void, E, Bot | Outside>,
) => withWallClock((step) => running(MemoryJournal.makeDisk(), Layer.empty, test(step)))

describe("what is known of a tab", () => {
  for (const [name, by] of hourSteps) {
    it.effect(`lasts its time after the clock was set ${name}`, () =>
      withWall((step) =>
        Effect.gen(function* () {
          yield* stocked({ [men]: 30, [women]: 30, [okTab]: 30 })
          yield* refill
          yield* pass("20 seconds")
          yield* step(by)
          yield* traffic
          yield* refill
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 0 })
          yield* pass(lookTrusted)
          yield* refill
          assert.deepStrictEqual(yield* traffic, { writes: 0, reads: 1 })
        }),
      ).pipe(Effect.provide(world)),
    )
  }
})

describe("the silence of Google", () => {
  const silent = SheetsTrouble.use(({ watch }) =>
    watch(
      "a",
      Effect.fail(
        new SheetsError({
          method: "values",
          spreadsheet: "stock",
          reason: { _tag: "Unsure", cause: "network", status: null },
        }),
      ),
    ),
  )

  for (const [name, by] of hourSteps) {
    it.effect(`is told when it lasted, with the clock set ${name}`, () =>
      withWall((step) =>
        Effect.gen(function* () {
          yield* silent
          yield* step(by)
          yield* silent
          assert.deepStrictEqual(yield* raised, [])
          yield* pass(unreachableAfter)
          yield* silent
          assert.deepStrictEqual(yield* raised, ["stock unreachable"])
        }),
      ).pipe(Effect.provide(world)),
    )
  }
})

describe("a half-typed row", () => {
  const look = HalfTypedRows.use(({ seen }) =>
    seen(vkTab, [{ row: 2, column: "Пароль", why: "missing", digest: 1 }]),
  )

  for (const [name, by] of hourSteps) {
    it.effect(`is told when it stood for its minutes, with the clock set ${name}`, () =>
      withWall((step) =>
        Effect.gen(function* () {
          yield* look
          yield* step(by)
          yield* look
          assert.deepStrictEqual(yield* raised, [])
          yield* pass(halfTypedFor)
          yield* look
          assert.deepStrictEqual(yield* raised, ["RowsHalfTyped"])
        }),
      ).pipe(Effect.provide(world)),
    )
  }
})

describe("a row that Google refuses", () => {
  const writes = Effect.map(traffic, (calls) => calls.writes)
  /** Rows with a cell that is too long for the issued tab. */
  const spoilt = Workbooks.use((workbooks) =>
    Effect.gen(function* () {
      const [tab, long] = [vkTab, "x".repeat(50_001)]
      yield* workbooks.edit(accounts, { op: "set", tab, row: 0, column: 3, value: "Заметка" })
      const rows = [1, 2].map((number) => [...account(number), number === 1 ? long : "коротко"])
      yield* workbooks.edit(accounts, { op: "append", tab, rows })
    }),
  )

  for (const [name, by] of hourSteps) {
    it.effect(`is tried after its pause, with the clock set ${name}`, () =>
      withWall((step) =>
        Effect.gen(function* () {
          yield* stocked({})
          yield* spoilt
          yield* refill
          yield* confirmed("vk", 2)
          for (let times = 0; times < refusalsMax; times += 1) yield* Flusher.once
          yield* step(by)
          yield* pass("4 minutes")
          yield* traffic
          yield* Flusher.once
          assert.strictEqual(yield* writes, 0)
          yield* pass("1 minute")
          yield* Flusher.once
          assert.strictEqual(yield* writes, 1)
        }),
      ).pipe(Effect.provide(world)),
    )
  }
})
