import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option, Schema } from "effect"
import {
  Day,
  dayOfSerial,
  formatDay,
  parseDay,
  serialOf,
  serialOfDay,
  typedDay,
} from "../../src/domain/Day.ts"
import * as Days from "../../src/domain/Day.ts"

const runs = { arbitrary: { runs: 500, seed: 3 } }

/** Serial numbers of 1900-01-01 and 9999-12-31. */
const [first, last] = [2, 2_958_465]
const Serial = Schema.Int.check(Schema.isBetween({ minimum: first, maximum: last }))
const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 0.999 }))

const dayOf = (serial: number): Day => {
  const day = dayOfSerial(serial)
  if (day === undefined) assert.fail(`no day for ${serial}`)
  return day
}

const daysOf = (month: number, year: number): number => {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
}

describe("a day", () => {
  it.prop(
    "comes back from its serial number, its text and its short text",
    [Serial, Share],
    ([serial, share]) => {
      const day = dayOf(serial)
      assert.strictEqual(serialOfDay(day), serial)
      assert.strictEqual(dayOfSerial(serial + share), day)
      const isMeant = day >= "2000-01-01" && day <= "2100-12-31"
      assert.strictEqual(typedDay(serial + share), isMeant ? day : undefined)
      assert.strictEqual(parseDay(formatDay(day)), isMeant ? day : undefined)
      if (!isMeant) return
      assert.strictEqual(parseDay(` ${formatDay(day).replaceAll(/\b0/g, "")} `), day)
      assert.strictEqual(parseDay(day), day)
      if (day.startsWith("20")) {
        assert.strictEqual(parseDay(formatDay(day).replace(/20(\d\d)$/, "$1")), day)
      }
    },
    runs,
  )

  it.prop(
    "is never made of a date that does not exist",
    [
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99 })),
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 99 })),
      Schema.Int.check(Schema.isBetween({ minimum: 2000, maximum: 2100 })),
    ],
    ([day, month, year]) => {
      const pad = (part: number) => String(part).padStart(2, "0")
      const text = `${pad(day)}.${pad(month)}.${year}`
      const read = parseDay(text)
      if (read === undefined) {
        assert.isTrue(day < 1 || day > daysOf(month, year), text)
      } else {
        assert.strictEqual(formatDay(read), text)
      }
    },
    runs,
  )

  it.each([
    ["22.11.2026 14:30"],
    ["22.11.26, 9:05:59"],
    ["2026-11-22"],
    ["2026-11-22 00:00:00"],
    ["2026-11-22T23:59:59.999Z"],
    ["2026-11-22T10:00+03:00"],
  ])("%j is the day in it", (text) => {
    assert.strictEqual(parseDay(text), "2026-11-22")
  })

  it.each([
    "",
    "сегодня",
    "22/11/2026",
    "22.11",
    "31.02.2026",
    "2026-02-31",
    "2026-1-2",
    "1.1.1",
    "22.11.026",
    "22.11.1926",
    "1999-12-31",
    "22.11.2206",
    "22.11.2026 и позже",
    "22.11.2026 14",
  ])("%j is none", (text) => {
    assert.isUndefined(parseDay(text))
  })

  it.each([28.11, 0, 36_525, 73_416])(
    "the number %d in a cell is none that anybody means",
    (cell) => {
      assert.isUndefined(typedDay(cell))
    },
  )

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 1, last + 1, 1e300])(
    "the number %d is none",
    (serial) => {
      assert.isUndefined(dayOfSerial(serial))
    },
  )

  it.prop(
    "that a clock in a zone shows is the day of the moment's number",
    [Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_102_444_800_000 }))],
    ([at]) => {
      const zone = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")
      const shown = DateTime.formatIsoDate(DateTime.setZone(DateTime.makeUnsafe(at), zone))
      assert.strictEqual(dayOfSerial(serialOf(at, zone)), shown)
    },
    runs,
  )
})

describe("the day and the time in a zone", () => {
  const zones = [
    "Europe/Moscow",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "+05:45",
  ]
  it.prop(
    "are those that the time zone data give, before and after every change of the clocks",
    [
      Schema.Literals(zones),
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_102_444_800_000 })),
    ],
    ([name, at]) => {
      const zone = Option.getOrThrow(DateTime.zoneFromString(name))
      const zoned = DateTime.setZone(DateTime.makeUnsafe(at), zone)
      const { hour, minute } = DateTime.toParts(zoned)
      assert.strictEqual(Days.dayOf(at, zone), DateTime.formatIsoDate(zoned))
      const pad = (part: number) => String(part).padStart(2, "0")
      assert.strictEqual(Days.formatTime(at, zone), `${pad(hour)}:${pad(minute)}`)
    },
    runs,
  )

  it("follow the clocks within the very second", () => {
    const berlin = DateTime.zoneMakeNamedUnsafe("Europe/Berlin")
    const change = Date.parse("2026-03-29T01:00:00Z")
    assert.strictEqual(Days.formatTime(change - 1, berlin), "01:59")
    assert.strictEqual(Days.formatTime(change, berlin), "03:00")
  })
})
