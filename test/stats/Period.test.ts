/** Days by the clock on the wall, in zones that set it, set it at midnight, or skipped a day. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import { dayOf } from "../../src/domain/Day.ts"
import { lastDays, Period, spanOf } from "../../src/stats/Statistics.ts"

const hour = 3_600_000
const zoneOf = (name: string) => DateTime.zoneMakeNamedUnsafe(name)
const at = (iso: string) => Date.parse(iso)

describe("the days of a period", () => {
  const noon = at("2026-11-22T11:22:00Z")
  const moscow = zoneOf("Europe/Moscow")
  for (const [period, first, count] of [
    ["day", "2026-11-22", 1],
    ["week", "2026-11-16", 7],
    ["month", "2026-10-24", 30],
  ] as const) {
    it(`${period}: ${count}, today included`, () => {
      const { days, from, to } = spanOf(period, noon, moscow)
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
      const { days, from, to } = spanOf(period, noon, moscow)
      const [first, last] = [days[0]?.day, days.at(-1)?.day]
      assert.deepStrictEqual<unknown>(lastDays(count, noon, moscow), { first, last, from, to })
    }
    const tenYears = lastDays(3_660, noon, moscow)
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
    ([name, period, now]) => {
      const zone = zoneOf(name)
      const { from, to, days } = spanOf(period, now, zone)
      assert.isTrue(from <= now && now < to)
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
