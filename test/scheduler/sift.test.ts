/** What sifting writes of rows that were refused together, and which rows at fault it finds. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { flushRowsMax, siftWritesMax } from "../../src/config/Limits.ts"
import { sift } from "../../src/scheduler/Sieve.ts"

/** A tab that refuses every write with a bad row in it. */
const sheet = (bad: ReadonlySet<number>, writesMax = Infinity) => {
  const written: Array<number> = []
  let writes = 0
  return {
    written,
    writes: () => writes,
    trials: {
      spend: Effect.sync(() => writes < writesMax),
      write: (rows: ReadonlyArray<number>) =>
        Effect.sync(() => {
          writes += 1
          if (rows.some((row) => bad.has(row))) return false
          written.push(...rows)
          return true
        }),
    },
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, row) => row)
const sorted = (rows: ReadonlyArray<number>) => rows.toSorted((a, b) => a - b)
const Rows = Schema.Struct({
  count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 60 })),
  bad: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 59 }))),
  writesMax: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 })),
})

describe("sift", () => {
  it.effect.prop("writes each good row once and finds every bad one", { rows: Rows }, ({ rows }) =>
    Effect.gen(function* () {
      const bad = new Set([...rows.bad.filter((row) => row < rows.count), 0])
      const { written, trials } = sheet(bad)
      const alone = yield* sift(upTo(rows.count), trials)
      assert.deepStrictEqual(sorted(alone), sorted([...bad]))
      assert.deepStrictEqual(sorted([...written, ...alone]), upTo(rows.count))
    }),
  )

  it.effect.prop(
    "makes no more writes than it may, and blames no good row",
    { rows: Rows },
    (given) =>
      Effect.gen(function* () {
        const { count, bad: some, writesMax } = given.rows
        const bad = new Set(some)
        const { written, writes, trials } = sheet(bad, writesMax)
        const alone = yield* sift(upTo(count), trials)
        assert.isAtMost(writes(), writesMax)
        assert.isTrue(alone.every((row) => bad.has(row)))
        assert.strictEqual(new Set(written).size, written.length)
      }),
  )

  for (const place of [0, 1, 249, 250, 498, 499]) {
    it.effect(`finds bad row ${place} of as many as a write holds, within a round`, () =>
      Effect.gen(function* () {
        const { trials } = sheet(new Set([place]), siftWritesMax)
        assert.deepStrictEqual(yield* sift(upTo(flushRowsMax), trials), [place])
      }),
    )
  }
})
