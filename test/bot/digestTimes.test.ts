/** When the digest is due: on ordinary days, on long and short ones, and never twice a day. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Schema } from "effect"
import { isDue } from "../../src/bot/Digest.ts"
import { dayOf, formatTime } from "../../src/domain/Day.ts"

const zoneOf = (name: string) => DateTime.zoneMakeNamedUnsafe(name)
const minute = 60_000

describe("the digest is due", () => {
  const cases: ReadonlyArray<readonly [zone: string, time: string, at: string, due: boolean]> = [
    ["Europe/Moscow", "09:00", "2026-11-22T08:59:59.999+03:00", false],
    ["Europe/Moscow", "09:00", "2026-11-22T09:00:00+03:00", true],
    ["Europe/Moscow", "09:00", "2026-11-22T11:59:59.999+03:00", true],
    ["Europe/Moscow", "09:00", "2026-11-22T12:00:00+03:00", false],
    ["Europe/Moscow", "09:00", "2026-11-22T23:00:00+03:00", false],
    // Later ones have three hours, but none goes over midnight.
    ["Europe/Moscow", "11:00", "2026-11-22T13:59:00+03:00", true],
    ["Europe/Moscow", "18:00", "2026-11-22T20:59:00+03:00", true],
    ["Europe/Moscow", "18:00", "2026-11-22T21:00:00+03:00", false],
    ["Europe/Moscow", "23:00", "2026-11-22T23:59:00+03:00", true],
    ["Europe/Moscow", "23:00", "2026-11-23T00:01:00+03:00", false],
    ["Europe/Moscow", "00:00", "2026-11-22T00:00:00+03:00", true],
    // The clock is set forward at 2:00 and back at 3:00.
    ["Europe/Berlin", "09:00", "2026-03-29T08:59:00+02:00", false],
    ["Europe/Berlin", "09:00", "2026-03-29T09:00:00+02:00", true],
    ["Europe/Berlin", "09:00", "2026-10-25T08:59:00+01:00", false],
    ["Europe/Berlin", "09:00", "2026-10-25T09:00:00+01:00", true],
    // There is no 2:30 on that day.
    ["Europe/Berlin", "02:30", "2026-03-29T03:29:00+02:00", false],
    ["Europe/Berlin", "02:30", "2026-03-29T03:30:00+02:00", true],
    // There is no midnight on that day.
    ["Africa/Cairo", "00:00", "2026-04-24T01:00:00+03:00", true],
  ]
  for (const [zone, time, at, due] of cases) {
    it(`${time} in ${zone}, at ${at}: ${due}`, () =>
      assert.strictEqual(isDue(Date.parse(at), time, zoneOf(zone)), due))
  }

  it.prop(
    "in any zone: from its time on, once a day without a gap, and not before",
    [
      Schema.Literals(["Europe/Moscow", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe"]),
      Schema.Literals(["00:00", "09:00", "12:00", "18:30", "23:30"]),
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 6_000 })),
    ],
    ([name, time, dayNumber]) => {
      const zone = zoneOf(name)
      const start = Date.parse("2020-01-01T12:00:00Z") + dayNumber * 1440 * minute
      const day = dayOf(start, zone)
      const moments = Array.from({ length: 2 * 1440 }, (_, n) => start + (n - 1440) * minute)
      const due = moments.filter((at) => dayOf(at, zone) === day && isDue(at, time, zone))
      assert.isNotEmpty(due)
      assert.strictEqual((due.at(-1) ?? 0) - (due[0] ?? 0), (due.length - 1) * minute)
      for (const at of due) assert.isAtLeast(formatTime(at, zone) >= time ? 1 : 0, 1)
    },
    { arbitrary: { runs: 40, seed: 3 } },
  )
})
