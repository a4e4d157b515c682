/** Which deliveries are told of, which are suspect, and in which order. */
import { assert, describe, it } from "@effect/vitest"
import { Day } from "../../src/domain/Day.ts"
import { deliveriesIn, worstFirst } from "../../src/stats/Morning.ts"
import type { Tally } from "../../src/store/Journal.ts"
import { resourceOf } from "./fixtures.ts"

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
