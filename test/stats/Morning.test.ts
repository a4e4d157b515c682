/**
 * The figures of the morning: whose day it is, who took what, nothing without the journal; and
 * which deliveries are told of, which are suspect, and in which order.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Day } from "../../src/domain/Day.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { BaseStock } from "../../src/pool/BaseStock.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { deliveriesIn, Morning, type MorningReport, worstFirst } from "../../src/stats/Morning.ts"
import { Outlook } from "../../src/stats/Outlook.ts"
import {
  type Booked,
  Journal,
  StorageUnavailable,
  type Tally,
  Write,
} from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { aBooked, anna, boris, resourceOf } from "./fixtures.ts"

const moscowMorning = Date.parse("2026-11-22T09:00:00+03:00")
const hour = 3_600_000

interface Given {
  readonly at?: number
  readonly zone?: string
  readonly bend?: Partial<Journal["Service"]>
}

/** What the morning tells over these rows of the books. */
const report = (
  rows: ReadonlyArray<Booked>,
  { at = moscowMorning, zone = "Europe/Moscow", bend = {} }: Given = {},
) => {
  const journal = Layer.effect(
    Journal,
    Effect.gen(function* () {
      const real = yield* Journal
      yield* Effect.orDie(real.write([Write.cases.BooksImported.make({ rows })]))
      return Journal.of({ ...real, ...bend })
    }),
  ).pipe(Layer.provide(MemoryJournal.layer()))
  const timezone = DateTime.zoneMakeNamedUnsafe(zone)
  const morning = Morning.layer.pipe(
    Layer.provide(Outlook.layer),
    Layer.provide(Layer.merge(Pools.layer, BaseStock.layer)),
    Layer.provide(Layer.mergeAll(journal, Settings.layerTest({ timezone }), Alarms.layer)),
    Layer.provide(CatalogueSource.layerTest()),
  )
  return TestClock.setTime(at).pipe(
    Effect.andThen(Morning.use((self) => self.report)),
    Effect.provide(morning),
  )
}

let ids = 0
const rowsOf = (count: number, more: Partial<Booked>) =>
  Array.from({ length: count }, () => aBooked({ id: `row-${(ids += 1)}`, ...more }))

/** As `resource issued statuses… pending/auto`. */
const takenIn = ({ taken }: MorningReport) =>
  taken.map(({ resource, counts }) =>
    [
      resource.id,
      counts.issued.all,
      ...[...counts.statuses.values()].map(({ all }) => all),
      `${counts.pending}/${counts.issued.auto}`,
    ].join(" "),
  )

describe("the morning", () => {
  const yesterday = moscowMorning - 12 * hour

  it.effect("counts what was issued yesterday, by resource and status", () =>
    Effect.gen(function* () {
      const found = yield* report([
        ...rowsOf(3, { issuedAt: yesterday, status: "good", auto: true }),
        ...rowsOf(2, { issuedAt: yesterday, status: "block" }),
        ...rowsOf(1, { issuedAt: yesterday }),
        ...rowsOf(4, { issuedAt: yesterday, resource: "vk", status: "good" }),
        ...rowsOf(5, { issuedAt: moscowMorning - hour }),
        ...rowsOf(6, { issuedAt: moscowMorning - 40 * hour }),
        ...rowsOf(1, { issuedAt: moscowMorning - 30 * 24 * hour }),
      ])
      assert.strictEqual(found.day, "2026-11-21")
      assert.deepStrictEqual(takenIn(found), ["vk 4 0 4 0 0/0", "mamba 6 2 3 0 1/3"])
      assert.lengthOf(found.left, 6)
      assert.deepInclude(found.left[1]?.forecast, { rows: null, pace: 17 / 7 })
    }),
  )

  it.effect(
    "names the three who took the most, by their nicknames, of all resources together",
    () =>
      Effect.gen(function* () {
        const { takers } = yield* report([
          ...rowsOf(3, { issuedAt: yesterday, holder: anna, stage: "anna" }),
          ...rowsOf(2, { issuedAt: yesterday, holder: anna, stage: "anna", resource: "vk" }),
          ...rowsOf(4, { issuedAt: yesterday, holder: boris, stage: "boris" }),
          ...rowsOf(1, { issuedAt: yesterday + 1, holder: boris, stage: "boris.new" }),
          // A row from before the bot.
          ...rowsOf(6, { issuedAt: yesterday, holder: null, stage: "vera" }),
          ...rowsOf(9, { issuedAt: yesterday, holder: null, stage: " " }),
          ...rowsOf(1, { issuedAt: yesterday, holder: null, stage: "gleb" }),
          ...rowsOf(9, { issuedAt: moscowMorning, holder: null, stage: "gleb" }),
        ])
        assert.deepStrictEqual(takers, [
          { holder: null, stage: "vera", count: 6 },
          { holder: anna, stage: "anna", count: 5 },
          { holder: boris, stage: "boris.new", count: 5 },
        ])
      }),
  )

  it.effect("counts everybody, however many rows there are", () =>
    Effect.gen(function* () {
      const { takers } = yield* report(
        // Many at the same moment: no page may begin with the wrong one.
        Array.from({ length: 1_203 }, (_, n) =>
          rowsOf(1, { issuedAt: yesterday + (n % 3) }),
        ).flat(),
      )
      assert.deepStrictEqual(takers, [{ holder: anna, stage: "anna", count: 1_203 }])
    }),
  )

  it.effect(
    "tells deliveries of seven days, today included, the worst of all resources first",
    () =>
      Effect.gen(function* () {
        const day = Day.make("2026-11-10")
        const { deliveries } = yield* report([
          ...rowsOf(8, { issuedAt: moscowMorning, status: "good", day }),
          ...rowsOf(8, { issuedAt: yesterday, status: "block", day, resource: "vk" }),
          ...rowsOf(8, { issuedAt: moscowMorning - 7 * 24 * hour, status: "block", day }),
        ])
        assert.deepStrictEqual(
          deliveries.map(({ resource, bad, marked }) => `${resource.id} ${bad}/${marked}`),
          ["vk 8/8", "mamba 0/8"],
        )
      }),
  )

  for (const [name, at, first, last] of [
    [
      "25 hours",
      "2026-10-26T09:00:00+01:00",
      "2026-10-25T00:00:00+02:00",
      "2026-10-25T23:59:00+01:00",
    ],
    [
      "23 hours",
      "2026-03-30T09:00:00+02:00",
      "2026-03-29T00:00:00+01:00",
      "2026-03-29T23:59:00+02:00",
    ],
  ] as const) {
    it.effect(`counts a yesterday of ${name} from its first to its last minute`, () =>
      Effect.gen(function* () {
        const [from, to] = [Date.parse(first), Date.parse(last)]
        const issuedAt = [from - 1, from, to, to + 60_000]
        const rows = issuedAt.flatMap((one) => rowsOf(1, { issuedAt: one }))
        const found = yield* report(rows, { at: Date.parse(at), zone: "Europe/Berlin" })
        assert.deepStrictEqual(takenIn(found), ["mamba 2 0 0 0 2/0"])
        assert.strictEqual(found.takers[0]?.count, 2)
      }),
    )
  }

  it.effect("fails where any of it cannot be read", () =>
    Effect.gen(function* () {
      const fails = () =>
        Effect.fail(new StorageUnavailable({ operation: "read", cause: new Error("planted") }))
      for (const bend of [{ tally: fails }, { booked: fails }]) {
        const { _tag } = yield* Effect.flip(report(rowsOf(1, {}), { bend }))
        assert.strictEqual(_tag, "StorageUnavailable")
      }
    }),
  )
})

const tally = (day: string | null, status: string | null, count: number): Tally => ({
  variant: null,
  region: "495",
  day: day === null ? null : Day.make(day),
  status,
  auto: status === "good",
  count,
})

/** As `day: bad/marked`, a mark before those that are suspect. */
const linesOf = (resource: string, ...tallies: ReadonlyArray<Tally>) =>
  deliveriesIn(resourceOf(resource), tallies)
    .toSorted(worstFirst)
    .map(({ day, bad, marked, isSuspect }) => `${isSuspect ? "!" : ""}${day}: ${bad}/${marked}`)

const monday = "2026-11-16"
const friday = "2026-11-20"

describe("deliveries", () => {
  const cases: ReadonlyArray<readonly [string, ReadonlyArray<string>, ReadonlyArray<string>]> = [
    [
      "more than a quarter is suspect",
      linesOf("vk", tally(monday, "block", 3), tally(monday, "good", 6)),
      ["!2026-11-16: 3/9"],
    ],
    [
      "a quarter is not",
      linesOf("vk", tally(monday, "block", 2), tally(monday, "good", 6)),
      ["2026-11-16: 2/8"],
    ],
    [
      "of seven marks nothing is said, not even when all are bad",
      linesOf("vk", tally(monday, "block", 7), tally(monday, null, 50)),
      [],
    ],
    ["eight bad ones are enough", linesOf("vk", tally(monday, "block", 8)), ["!2026-11-16: 8/8"]],
    [
      "bad is what offers a replacement, in each resource by its own statuses",
      linesOf("number", ...["reset", "registered", "working"].map((of) => tally(monday, of, 4))),
      ["!2026-11-16: 8/12"],
    ],
    [
      "a defect offers none; what the catalogue does not know and what is open do not count",
      linesOf(
        "vk",
        ...["good", "defect", "withheld", null].map((status) => tally(monday, status, 5)),
      ),
      ["2026-11-16: 0/10"],
    ],
    [
      "of each day by itself, the worst first, then the later one, those without a date last",
      linesOf(
        "vk",
        tally(null, "good", 8),
        tally(monday, "good", 8),
        tally(friday, "good", 8),
        tally("2026-11-18", "good", 4),
        tally("2026-11-18", "block", 4),
      ),
      ["!2026-11-18: 4/8", "2026-11-20: 0/8", "2026-11-16: 0/8", "null: 0/8"],
    ],
  ]
  for (const [name, found, expected] of cases) {
    it(name, () => assert.deepStrictEqual(found, expected))
  }
})
