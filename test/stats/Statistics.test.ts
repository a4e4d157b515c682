/**
 * Statistics against a count by hand, and against a plain recount of random histories; and days by
 * the clock on the wall, in zones that set it, set it at midnight, or skipped a day.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { dayOf } from "../../src/domain/Day.ts"
import {
  type Counts,
  lastDays,
  Period,
  type Question,
  spanOf,
  Statistics,
  sumOf,
} from "../../src/stats/Statistics.ts"
import { type Booked, Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { aBooked, anna, booksWith, boris, resourceOf, statisticsOver } from "./fixtures.ts"

const now = Date.parse("2026-11-22T11:22:00Z")
const hour = 3_600_000
const mamba = resourceOf("mamba")

const everything: Question = {
  resource: mamba,
  variant: null,
  region: null,
  holder: null,
  period: "month",
}

const ask = (rows: ReadonlyArray<Booked>, question: Partial<Question> = {}) =>
  TestClock.setTime(now).pipe(
    Effect.andThen(Statistics.use(({ report }) => report({ ...everything, ...question }))),
    Effect.provide(statisticsOver(booksWith(rows))),
  )

/** As one line: issued, each status, other, pending; `n/m` where m were marked by the timer. */
const lineOf = ({ issued, statuses, other, pending }: Counts) =>
  [issued, ...statuses.values(), other]
    .map(({ all, auto }) => (auto === 0 ? String(all) : `${all}/${auto}`))
    .concat(String(pending))
    .join(" ")

const rows = [
  aBooked({ issuedAt: now, status: "good", variant: "male" }),
  aBooked({ issuedAt: now - hour, status: "good", auto: true, variant: "female" }),
  aBooked({ issuedAt: now - hour, status: "block", region: "812", variant: "male" }),
  aBooked({ issuedAt: now - 24 * hour, status: null, holder: boris, variant: "male" }),
  aBooked({ issuedAt: now - 10 * 24 * hour, status: "defect", region: "812", holder: boris }),
  aBooked({ issuedAt: now - 11 * 24 * hour, status: "retired", holder: null, imported: true }),
  aBooked({ issuedAt: now - 40 * 24 * hour, status: "good" }),
  aBooked({ issuedAt: now, status: "good", resource: "vk" }),
]

describe("a report", () => {
  const cases: ReadonlyArray<[name: string, question: Partial<Question>, counts: string]> = [
    ["of all for a month", {}, "6/1 1 2/1 1 1 1"],
    ["of a week", { period: "week" }, "4/1 1 2/1 0 0 1"],
    ["of today", { period: "day" }, "3/1 1 2/1 0 0 0"],
    ["of one region", { region: "812" }, "2 1 0 1 0 0"],
    ["of one variant", { variant: "male" }, "3 1 1 0 0 1"],
    ["of one person", { holder: boris }, "2 0 0 1 0 1"],
    ["of all at once", { holder: anna, region: "495", variant: "male" }, "1 0 1 0 0 0"],
    ["of another resource", { resource: resourceOf("vk") }, "1 0 1 0 0 0"],
    ["of nothing", { resource: resourceOf("ok") }, "0 0 0 0 0 0"],
  ]
  for (const [name, question, counts] of cases) {
    it.effect(name, () =>
      Effect.gen(function* () {
        assert.strictEqual(lineOf((yield* ask(rows, question)).total), counts)
      }),
    )
  }

  it.effect("counts the reasons, whatever their case, the most frequent first", () =>
    Effect.gen(function* () {
      const said = ["бан", "Бан", "не входит", "бан", "код не пришёл", undefined].map((comment) =>
        aBooked({ issuedAt: now, status: "block", ...(comment === undefined ? {} : { comment }) }),
      )
      const other = aBooked({ issuedAt: now, status: "defect", comment: "бан" })
      const unmarked = aBooked({ issuedAt: now, status: null, comment: "of a former mark" })
      const { reasons } = yield* ask([...said, other, unmarked])
      assert.deepStrictEqual(
        reasons.map(({ status, text, count }) => `${status} ${text} ${count}`),
        ["block бан 3", "defect бан 1", "block код не пришёл 1", "block не входит 1"],
      )
    }),
  )

  it.effect("lists the regions, the fullest first, and every day", () =>
    Effect.gen(function* () {
      const { regions, days } = yield* ask(rows)
      assert.deepStrictEqual(
        regions.map(({ region, counts }) => `${region}: ${lineOf(counts)}`),
        ["495: 4/1 0 2/1 0 1 1", "812: 2 1 0 1 0 0"],
      )
      assert.lengthOf(days, 30)
      assert.strictEqual(days.at(-1)?.counts.issued.all, 3)
      assert.strictEqual(days.at(-2)?.counts.issued.all, 1)
    }),
  )

  it.effect("fails where the disk does not answer, and shows no zeros", () =>
    Effect.gen(function* () {
      const report = Statistics.use((statistics) => statistics.report(everything)).pipe(
        Effect.provide(statisticsOver(booksWith(rows, { failing: true }))),
      )
      assert.strictEqual((yield* Effect.flip(report))._tag, "StorageUnavailable")
    }),
  )
})

const History = Schema.Array(
  Schema.Struct({
    /** Up to 35 days ago, or a little ahead: a clock that was put right. */
    minutesAgo: Schema.Int.check(Schema.isBetween({ minimum: -600, maximum: 50_400 })),
    variant: Schema.NullOr(Schema.Literals(["male", "female"])),
    region: Schema.Literals(["495", "812", "Крым", ""]),
    holder: Schema.NullOr(Schema.Literals([anna, boris])),
    resource: Schema.Literals(["mamba", "vk"]),
    status: Schema.NullOr(Schema.Literals(["good", "block", "defect", "retired"])),
    auto: Schema.Boolean,
  }),
).check(Schema.isMaxLength(60))

const Asked = Schema.Struct({
  variant: Schema.NullOr(Schema.Literals(["male", "female"])),
  region: Schema.NullOr(Schema.Literals(["495", "812", "Крым"])),
  holder: Schema.NullOr(Schema.Literals([anna, boris])),
  period: Schema.Literals(["day", "week", "month"]),
})

const Zone = Schema.Literals([
  "Europe/Moscow",
  // Both set their clocks within the month before the moments asked about.
  "Europe/Berlin",
  "America/New_York",
  "Pacific/Kiritimati",
  "Asia/Kathmandu",
])

/** The journal with these rows in its books. */
const journalWith = (books: ReadonlyArray<Booked>) =>
  Layer.effect(
    Journal,
    Effect.tap(Journal, (journal) => journal.write([{ _tag: "BooksImported", rows: books }])),
  ).pipe(Layer.orDie, Layer.provide(MemoryJournal.layer()))

describe("over random histories", () => {
  for (const [name, journalOf] of [
    ["rows counted one by one", booksWith],
    ["the journal's own books", journalWith],
  ] as const) {
    it.effect.prop(
      `${name}: equals a plain recount of the rows by their dates`,
      [History, Asked, Zone],
      ([history, asked, zoneName]) =>
        Effect.gen(function* () {
          const zone = DateTime.zoneMakeNamedUnsafe(zoneName)
          const booked = history.map(({ minutesAgo, ...row }, index) =>
            aBooked({
              id: `row-${index}`,
              ...row,
              auto: row.auto && row.status !== null,
              issuedAt: now - minutesAgo * 60_000,
            }),
          )
          yield* TestClock.setTime(now)
          const report = yield* Statistics.use((statistics) =>
            statistics.report({ resource: mamba, ...asked }),
          ).pipe(Effect.provide(statisticsOver(journalOf(booked), zoneName)))

          const dates = datesOf(asked.period, dayOf(now, zone))
          const meant = booked.filter(
            (row) =>
              row.resource === "mamba" &&
              dates.includes(dayOf(row.issuedAt, zone)) &&
              (asked.variant === null || row.variant === asked.variant) &&
              (asked.region === null || row.region === asked.region) &&
              (asked.holder === null || row.holder === asked.holder),
          )
          assert.strictEqual(lineOf(report.total), recount(meant))
          assert.deepStrictEqual(
            report.days.map(({ day, counts }) => `${day} ${lineOf(counts)}`),
            dates.map(
              (day) =>
                `${day} ${recount(meant.filter((row) => dayOf(row.issuedAt, zone) === day))}`,
            ),
          )
          assert.deepStrictEqual(
            report.regions.map(({ region, counts }) => `${region} ${lineOf(counts)}`).toSorted(),
            [...new Set(meant.map(({ region }) => region))]
              .map((region) => `${region} ${recount(meant.filter((row) => row.region === region))}`)
              .toSorted(),
          )
          for (const parts of [report.days, report.regions]) {
            const sum = sumOf(
              mamba,
              parts.map(({ counts }) => counts),
            )
            assert.deepStrictEqual(sum, report.total)
          }
        }),
      { arbitrary: { runs: 100 } },
    )
  }
})

const datesOf = (period: Period, today: string) =>
  Array.from({ length: { day: 1, week: 7, month: 30 }[period] }, (_, ago) =>
    DateTime.formatIsoDateUtc(DateTime.makeUnsafe(Date.parse(today) - ago * 24 * hour)),
  ).toReversed()

const recount = (books: ReadonlyArray<Booked>) => {
  const show = (some: ReadonlyArray<Booked>) => {
    const auto = some.filter((row) => row.auto).length
    return auto === 0 ? String(some.length) : `${some.length}/${auto}`
  }
  const of = (status: string | null) => books.filter((row) => row.status === status)
  return [
    show(books),
    show(of("block")),
    show(of("good")),
    show(of("defect")),
    show(of("retired")),
    String(of(null).length),
  ].join(" ")
}

const zoneOf = (name: string) => DateTime.zoneMakeNamedUnsafe(name)
const at = (iso: string) => Date.parse(iso)

describe("the days of a period", () => {
  const afternoon = at("2026-11-22T11:22:00Z")
  const moscow = zoneOf("Europe/Moscow")
  for (const [period, first, count] of [
    ["day", "2026-11-22", 1],
    ["week", "2026-11-16", 7],
    ["month", "2026-10-24", 30],
  ] as const) {
    it(`${period}: ${count}, today included`, () => {
      const { days, from, to } = spanOf(period, afternoon, moscow)
      assert.lengthOf(days, count)
      assert.strictEqual<string | undefined>(days[0]?.day, first)
      assert.strictEqual<string | undefined>(days.at(-1)?.day, "2026-11-22")
      assert.strictEqual(from, at(`${first}T00:00:00+03:00`))
      assert.strictEqual(to, at("2026-11-23T00:00:00+03:00"))
    })
  }

  it("of any number end with today, and begin as the periods do", () => {
    for (const [period, count] of [
      ["day", 1],
      ["week", 7],
      ["month", 30],
    ] as const) {
      const { days, from, to } = spanOf(period, afternoon, moscow)
      const [first, last] = [days[0]?.day, days.at(-1)?.day]
      assert.deepStrictEqual<unknown>(lastDays(count, afternoon, moscow), { first, last, from, to })
    }
    const tenYears = lastDays(3_660, afternoon, moscow)
    assert.strictEqual<string>(tenYears.first, "2016-11-15")
  })

  it("change at midnight of the zone, to the millisecond", () => {
    const midnight = at("2026-11-22T21:00:00Z")
    assert.strictEqual(spanOf("day", midnight - 1, moscow).days[0]?.day, "2026-11-22")
    assert.strictEqual(spanOf("day", midnight, moscow).days[0]?.day, "2026-11-23")
    assert.strictEqual(spanOf("day", midnight, zoneOf("UTC")).days[0]?.day, "2026-11-22")
  })

  for (const [zone, day, hours] of [
    ["Europe/Berlin", "2026-03-29", 23],
    ["Europe/Berlin", "2026-10-25", 25],
    ["America/New_York", "2026-03-08", 23],
    // The clock goes from 0:00 to 1:00, and back from 1:00 to 0:00.
    ["Africa/Cairo", "2026-04-24", 23],
    ["America/Havana", "2026-11-01", 25],
    // The clock goes back from midnight: the day before is the longer one.
    ["America/Sao_Paulo", "2018-02-17", 25],
    ["America/Sao_Paulo", "2018-11-04", 23],
    ["Australia/Lord_Howe", "2026-04-05", 24.5],
    ["Asia/Kathmandu", "2026-11-22", 24],
  ] as const) {
    it(`${day} in ${zone} has ${hours} hours`, () => {
      const after = at(`${day}T12:00:00Z`) + 24 * hour
      const span = spanOf("week", after, zoneOf(zone)).days.find((each) => each.day === day)
      assert.strictEqual(((span?.to ?? 0) - (span?.from ?? 0)) / hour, hours)
    })
  }

  it("a day that a country left out is empty", () => {
    const { days } = spanOf("week", at("2011-12-31T12:00:00Z"), zoneOf("Pacific/Apia"))
    const skipped = days.find(({ day }) => day === "2011-12-30")
    assert.isDefined(skipped)
    assert.strictEqual(skipped?.from, skipped?.to)
  })

  it.prop(
    "in any zone: they join, and hold exactly the moments of their dates",
    [
      Schema.Literals([
        "Europe/Moscow",
        "Europe/Berlin",
        "America/New_York",
        "America/Sao_Paulo",
        "Africa/Cairo",
        "Asia/Kathmandu",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "Australia/Lord_Howe",
      ]),
      Period,
      Schema.Int.check(Schema.isBetween({ minimum: at("2010-01-01"), maximum: at("2036-01-01") })),
    ],
    ([name, period, moment]) => {
      const zone = zoneOf(name)
      const { from, to, days } = spanOf(period, moment, zone)
      assert.isTrue(from <= moment && moment < to)
      assert.strictEqual(from, days[0]?.from)
      assert.strictEqual(to, days.at(-1)?.to)
      for (const [index, span] of days.entries()) {
        if (index > 0) assert.strictEqual(span.from, days[index - 1]?.to)
        assert.isBelow(span.from, span.to)
        assert.strictEqual(dayOf(span.from, zone), span.day)
        assert.strictEqual(dayOf(span.to - 1, zone), span.day)
        assert.isBelow(Date.parse(dayOf(span.from - 1, zone)), Date.parse(span.day))
        assert.isAbove(Date.parse(dayOf(span.to, zone)), Date.parse(span.day))
      }
    },
    { arbitrary: { runs: 150 } },
  )
})
