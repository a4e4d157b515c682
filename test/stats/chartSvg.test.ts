/** The pictures as text, sign by sign; and what labels may do to it. */
import * as Fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { barColour, chartSvg } from "../../src/stats/Chart.ts"
import { byDay, byRegion, empty, oneDay } from "./chartFixtures.ts"
import { resourceOf } from "./fixtures.ts"

const golden = (name: string) =>
  Fs.readFileSync(new URL(`golden/${name}.svg`, import.meta.url), "utf8")

describe("a chart", () => {
  for (const [name, data] of Object.entries({ byRegion, byDay, oneDay, empty })) {
    it(`${name} is drawn as it always was`, () => {
      assert.strictEqual(chartSvg(data), golden(name))
    })
  }

  it("gives each bar its share of the room, to the last pixel", () => {
    const svg = chartSvg({
      ...byRegion,
      bars: [
        { label: "495", values: [0, 10, 0, 0] },
        { label: "812", values: [0, 5, 0, 0] },
      ],
    })
    const green = barColour(
      resourceOf("mamba").statuses[1]?.colour ?? { red: 0, green: 0, blue: 0 },
    )
    const widths = [...svg.matchAll(/width="([\d.]+)" height="34" fill="(#\w+)"/g)]
    assert.deepStrictEqual(
      widths.map(([, wide, fill]) => [Number(wide), fill]),
      [
        [644, green],
        [322, green],
      ],
    )
  })

  it("tells the statuses of a resource apart", () => {
    for (const id of ["mamba", "number"]) {
      const colours = resourceOf(id).statuses.map(({ colour }) => barColour(colour))
      assert.strictEqual(new Set(colours).size, colours.length)
    }
  })

  it("leaves out what the font has no sign for", () => {
    const svg = chartSvg({ ...byRegion, title: "🇷🇺 Крым ⛔️\u0007" })
    assert.include(svg, ">Крым</text>")
  })

  it.prop(
    "of any labels and values is one document",
    [Schema.String, Schema.Int],
    ([label, value]) => {
      const values = [Math.abs(value % 1000), 0, 0, 0]
      for (const direction of ["columns", "rows"] as const) {
        const svg = chartSvg({ ...byRegion, direction, title: label, bars: [{ label, values }] })
        const texts = svg.matchAll(/<text [^>]*>([^]*?)<\/text>/g)
        for (const [, content = ""] of texts) assert.notMatch(content, /[<>]|&(?!amp;|lt;|gt;)/)
        assert.notMatch(svg, /NaN|Infinity|undefined|="-/)
      }
    },
  )
})
