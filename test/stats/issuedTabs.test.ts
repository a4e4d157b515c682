/**
 * Statistics against the sheet: whatever people did, the counts are those that anybody gets who
 * counts the rows of the issued tab by the dates and the words that stand there.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Exit, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Settings } from "../../src/config/Settings.ts"
import { formatDay } from "../../src/domain/Day.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import type { IssuanceId } from "../../src/domain/Issuance.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { type Counts, spanOf, Statistics } from "../../src/stats/Statistics.ts"
import { mamba, men, running, stocked, women, worldWith } from "../scheduler/bench.ts"
import { issued, rowsOf } from "../sheets/bench.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"

const people = [TelegramId.make(101), TelegramId.make(102)] as const

const Which = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 30 }))
const Status = Schema.Literals(["good", "block", "defect"])

const Step = Schema.Union([
  Schema.TaggedStruct("Issue", {
    quantity: Schema.Literals([1, 2, 3]),
    variant: Schema.NullOr(Schema.Literals(["male", "female"])),
    region: Schema.Literals(["495", "812", "Крым"]),
    by: Schema.Literals(people),
  }),
  Schema.TaggedStruct("Confirm", { which: Which, status: Status }),
  Schema.TaggedStruct("Undo", { which: Which }),
  Schema.TaggedStruct("Correct", { which: Which, status: Status }),
  Schema.TaggedStruct("Replace", { which: Which }),
  Schema.TaggedStruct("Wait", {
    minutes: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_500 })),
  }),
  Schema.TaggedStruct("Write", {}),
])
type Step = typeof Step.Type

/** Long enough for corrections of what was issued on the way. */
const History = Schema.Array(Step).check(Schema.isMinLength(20), Schema.isMaxLength(45))

const Asked = Schema.Struct({
  variant: Schema.NullOr(Schema.Literals(["male", "female"])),
  region: Schema.NullOr(Schema.Literals(["495", "812", "Крым"])),
  holder: Schema.NullOr(Schema.Literals(people)),
  period: Schema.Literals(["day", "week", "month"]),
})
type Asked = typeof Asked.Type

/** In Berlin the clock is set on the second day after. */
const starts = {
  "a day of 25 hours": { from: "2026-10-23T20:30:00Z", day: "2026-10-25" },
  "a day of 23 hours": { from: "2026-03-27T20:30:00Z", day: "2026-03-29" },
} as const
const zone = DateTime.zoneMakeNamedUnsafe("Europe/Berlin")

let messages = 0

/** What the rules refuse is what people get to hear, and no part of the history. */
const play = Effect.fnUntraced(function* (history: ReadonlyArray<Step>) {
  const pools = yield* Pools
  const known: Array<{ id: IssuanceId; by: TelegramId }> = []
  const issue = Effect.fnUntraced(function* ({
    quantity,
    variant,
    region,
    by,
  }: Extract<Step, { readonly _tag: "Issue" }>) {
    messages += 1
    const message = { chatId: by, messageId: messages }
    const about = { variant, region, targets: [], quantity, by, stage: `nick-${by}` }
    const { issuances } = yield* pools.ask("mamba", { _tag: "Issue", message, ...about })
    return issuances
  })
  const delivered = Effect.fnUntraced(function* (by: TelegramId) {
    const fresh = (yield* pools.held(by)).filter(({ delivery }) => delivery === "attempting")
    for (const { id, confirmAt } of fresh) {
      known.push({ id, by })
      yield* pools.tell("mamba", { _tag: "Delivered", ids: [id], confirmAt })
    }
  })
  const act = Effect.fnUntraced(function* (step: Step) {
    if (step._tag === "Issue") return yield* Effect.asVoid(issue(step))
    if (step._tag === "Wait") {
      yield* TestClock.adjust(`${step.minutes} minutes`)
      return yield* pools.tell("mamba", { _tag: "Expire" })
    }
    if (step._tag === "Write") return yield* Flusher.once
    const { id, by } = known[step.which % Math.max(known.length, 1)] ?? {}
    if (id === undefined || by === undefined) return
    const { which: _, ...command } = step
    yield* pools.ask("mamba", { ...command, id, by, admin: false })
  })
  for (const step of history) {
    yield* Effect.ignore(act(step))
    yield* Effect.forEach(people, delivered)
  }
  // The timer has the last word, and the sheet hears of it.
  yield* act({ _tag: "Wait", minutes: 11 })
  yield* Flusher.once
})

interface Row {
  readonly date: string
  readonly variant: string
  readonly region: string
  readonly holder: string
  readonly status: string
  readonly auto: boolean
}

const rowsInTab = Effect.map(rowsOf(issued, mamba.issuedTab), (rows) =>
  rows.map(({ cells }): Row => {
    const cell = (holds: string) =>
      cells[mamba.issuedColumns.findIndex((column) => column.holds === holds)] ?? ""
    return {
      date: cell("issuedAt").slice(0, "dd.mm.yyyy".length),
      variant: cell("variant"),
      region: cell("region"),
      holder: cell("telegramId"),
      status: cell("status"),
      auto: cell("markedAt").includes("авто"),
    }
  }),
)

const labels = { good: "Хороший", block: "Блок", defect: "Дефектный" } as const

const counted = (rows: ReadonlyArray<Row>) => {
  const of = (some: ReadonlyArray<Row>) =>
    `${some.length}/${some.filter(({ auto }) => auto).length}`
  return [
    of(rows),
    ...Object.values(labels).map((label) => of(rows.filter(({ status }) => status === label))),
  ].join(" ")
}

const reported = ({ issued: all, statuses, other, pending }: Counts) => {
  assert.deepStrictEqual([other.all, pending], [0, 0])
  const of = (count: { readonly all: number; readonly auto: number } | undefined) =>
    `${count?.all}/${count?.auto}`
  return [of(all), ...Object.keys(labels).map((id) => of(statuses.get(id)))].join(" ")
}

const isMeant =
  ({ variant, region, holder }: Asked) =>
  (row: Row) =>
    (variant === null || row.variant === { male: "М", female: "Ж" }[variant]) &&
    (region === null || row.region === region) &&
    (holder === null || row.holder === String(holder))

const compare = Effect.fnUntraced(function* (asked: Asked) {
  const { days, regions, total } = yield* Statistics.use((statistics) =>
    statistics.report({ resource: mamba, ...asked }),
  )
  const dates = new Set(days.map(({ day }) => formatDay(day)))
  const rows = (yield* rowsInTab).filter(isMeant(asked)).filter(({ date }) => dates.has(date))
  assert.strictEqual(reported(total), counted(rows))
  for (const { day, counts } of days) {
    const ofDay = rows.filter(({ date }) => date === formatDay(day))
    assert.strictEqual(reported(counts), counted(ofDay), day)
  }
  for (const { region, counts } of regions) {
    const ofRegion = rows.filter((row) => row.region === region)
    assert.strictEqual(reported(counts), counted(ofRegion), region)
  }
})

const world = worldWith({ timezone: zone, pendingLimit: 100 })

describe("statistics and the rows of the issued tab", () => {
  for (const [name, { from, day }] of Object.entries(starts)) {
    it(`${name} is within the histories`, () => {
      const span = spanOf("week", Date.parse(from) + 4 * 86_400_000, zone)
      const found = span.days.find((each) => each.day === day)
      assert.strictEqual(
        `a day of ${((found?.to ?? 0) - (found?.from ?? 0)) / 3_600_000} hours`,
        name,
      )
    })

    it.effect.prop(
      `say the same, over ${name}`,
      [History, Asked],
      ([history, asked]) =>
        Effect.gen(function* () {
          yield* TestClock.setTime(Date.parse(from))
          yield* stocked({ [men]: 60, [women]: 60 })
          yield* running(
            MemoryJournal.makeDisk(),
            Layer.empty,
            Effect.gen(function* () {
              yield* Refill.use(({ once }) => once)
              yield* play(history)
              yield* compare(asked)
            }).pipe(Effect.provide(Statistics.layer)),
          )
        }).pipe(Effect.provide(world, { local: true })),
      { arbitrary: { runs: 60 } },
    )
  }

  it.effect("would differ if days began in another zone", () =>
    Effect.gen(function* () {
      // Half past midnight in Berlin, and still the day before in London.
      yield* TestClock.setTime(Date.parse("2026-10-24T22:30:00Z"))
      yield* stocked({ [men]: 10 })
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          yield* Refill.use(({ once }) => once)
          const by = people[0]
          yield* play([{ _tag: "Issue", quantity: 1, variant: null, region: "495", by }])
          const [row] = yield* rowsInTab
          assert.strictEqual(row?.date, "25.10.2026")
          const asked = { variant: null, region: null, holder: null, period: "week" } as const
          const right = Effect.provide(compare(asked), Statistics.layer)
          assert.isTrue(Exit.isSuccess(yield* Effect.exit(right)))
          const wrong = Effect.provide(compare(asked), inLondon, { local: true })
          assert.isTrue(Exit.isFailure(yield* Effect.exit(wrong)))
        }),
      )
    }).pipe(Effect.provide(world, { local: true })),
  )
})

const inLondon = Statistics.layer.pipe(
  Layer.provide(Settings.layerTest({ timezone: DateTime.zoneMakeNamedUnsafe("Europe/London") })),
)
