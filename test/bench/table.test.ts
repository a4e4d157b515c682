import { assert, describe, it } from "vitest"
import { linesOf, markdownOf, percentile, type Row, spreadOf, textOf } from "../../bench/table.ts"

const figures: Row["figures"] = {
  wait: { what: "a wait", unit: "ms", goal: { atMost: 1.5, ofBaseline: true } },
  memory: { what: "memory", unit: "MB", goal: { atMost: 110 } },
  speed: { what: "speed", unit: "/s", goal: { atLeast: 100 } },
}

describe("the table of the bench", () => {
  it("takes the middle of an odd number, and the mean of the two in the middle of an even one", () => {
    assert.deepStrictEqual(spreadOf([30, 10, 20]), { median: 20, least: 10, most: 30 })
    assert.deepStrictEqual(spreadOf([40, 10, 20, 30]), { median: 25, least: 10, most: 40 })
    assert.isUndefined(spreadOf([]))
  })

  it("gives the value that 99 of 100 do not exceed", () => {
    const waits = Array.from({ length: 200 }, (_, n) => 200 - n)
    assert.strictEqual(percentile(waits, 99), 198)
    assert.strictEqual(percentile(waits, 50), 100)
    assert.strictEqual(percentile([7], 99), 7)
  })

  it("compares within the pairs, so that what slows a whole pair changes no ratio", () => {
    const pairs = [
      { baseline: { wait: 10 }, before: { wait: 60 }, here: { wait: 20 } },
      // The machine was ten times as slow.
      { baseline: { wait: 100 }, before: { wait: 600 }, here: { wait: 200 } },
    ]
    const [wait] = linesOf({ figures }, pairs)
    assert.deepStrictEqual(wait?.toBaseline, { median: 2, least: 2, most: 2 })
    assert.strictEqual(wait?.toBefore?.median.toFixed(3), "0.333")
    assert.deepStrictEqual(wait?.values.here, { median: 110, least: 20, most: 200 })
    assert.isFalse(wait?.isMet)
  })

  it("judges a goal by the ratio or by the figure itself", () => {
    const [wait, memory, speed] = linesOf({ figures }, [
      {
        baseline: { wait: 10, memory: 50, speed: 1 },
        here: { wait: 15, memory: 111, speed: 100 },
      },
    ])
    assert.isTrue(wait?.isMet)
    assert.isFalse(memory?.isMet)
    assert.isTrue(speed?.isMet)
  })

  it("says of a figure that nobody measured neither a value nor a verdict", () => {
    const [wait] = linesOf({ figures }, [{ here: { memory: 1 } }])
    assert.deepStrictEqual(wait?.values, {})
    assert.isUndefined(wait?.isMet)
  })

  it("prints a column for each side that there is", () => {
    const lines = linesOf({ figures }, [
      { baseline: { wait: 10 }, here: { wait: 12, memory: 90.4, speed: 12_345 } },
    ])
    const text = textOf("A row", lines, "bare grammY")
    assert.strictEqual(
      text,
      [
        "A row",
        "          bare grammY      here        to baseline      goal",
        "  a wait      10.0 ms   12.0 ms  ×1.20 (1.20…1.20)   ≤ ×1.50  met",
        "  memory                90.4 MB                     ≤ 110 MB  met",
        "  speed                12345 /s                     ≥ 100 /s  met",
        "",
      ].join("\n"),
    )
    assert.strictEqual(
      markdownOf("A row", lines.slice(0, 2), "bare grammY"),
      [
        "**A row**",
        "",
        "|  | bare grammY | here | to baseline | goal |  |",
        "| --- | --- | --- | --- | --- | --- |",
        "| a wait | 10.0 ms | 12.0 ms | ×1.20 (1.20…1.20) | ≤ ×1.50 | met |",
        "| memory |  | 90.4 MB |  | ≤ 110 MB | met |",
        "",
      ].join("\n"),
    )
  })
})
