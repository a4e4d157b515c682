/**
 * Charts as pixels, with their letters on a machine that has no fonts of its own; and as the text
 * of an SVG, character by character.
 */
import * as Fs from "node:fs"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Resvg } from "@resvg/resvg-js"
import { Effect, FileSystem, Layer, Schema } from "effect"
import { barColour, Chart, type ChartData, chartSvg } from "../../src/stats/Chart.ts"
import { byDay, byRegion, empty, oneDay } from "./chartFixtures.ts"
import { resourceOf } from "./fixtures.ts"

const charts = Chart.layer.pipe(Layer.provideMerge(NodeServices.layer))

const draw = (data: ChartData) => Chart.use((chart) => chart.draw(data))

/** The pixels of a picture that is drawn again, without any font. */
const pixelsOf = (png: Uint8Array) => {
  const picture = Buffer.from(png).toString("base64")
  const view = new DataView(png.buffer, png.byteOffset)
  const [wide, high] = [view.getUint32(16), view.getUint32(20)]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}"><image width="${wide}" height="${high}" href="data:image/png;base64,${picture}"/></svg>`
  const { pixels } = new Resvg(svg, { font: { loadSystemFonts: false } }).render()
  /** Dark pixels, as letters are and bars are not. */
  const darkIn = (left: number, top: number, right: number, bottom: number) => {
    let count = 0
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) {
        const at = (y * wide + x) * 4
        const [red = 255, green = 255, blue = 255] = pixels.subarray(at, at + 3)
        if (red + green + blue < 300) count += 1
      }
    }
    return count
  }
  return { wide, high, darkIn }
}

describe("a picture", () => {
  it.effect("is a PNG of the size that the text says", () =>
    Effect.gen(function* () {
      const png = yield* draw(byDay)
      assert.deepStrictEqual([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47])
      const { wide, high } = pixelsOf(png)
      assert.include(chartSvg(byDay), `width="${wide}" height="${high}"`)
      assert.isBelow(png.length, 200_000)
    }).pipe(Effect.provide(charts)),
  )

  it.effect("has the Cyrillic letters of its labels, with no fonts of the machine", () =>
    Effect.gen(function* () {
      const title = (text: string) => Effect.map(draw({ ...byRegion, title: text }), pixelsOf)
      const area = [40, 40, 700, 80] as const
      const none = (yield* title("")).darkIn(...area)
      const some = (yield* title("Жёлтый Щит")).darkIn(...area)
      const more = (yield* title("Жёлтый Щит Жёлтый Щит")).darkIn(...area)
      assert.strictEqual(none, 0)
      assert.isAbove(some, 500)
      assert.isAbove(more, some * 1.8)
      // Boxes for unknown letters would all look the same.
      assert.notStrictEqual(
        (yield* title("Ж")).darkIn(...area),
        (yield* title("Г")).darkIn(...area),
      )
    }).pipe(Effect.provide(charts)),
  )

  it.effect("fails where its font is gone: no picture without letters", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip(draw(byDay)))._tag, "ChartFailed")
    }).pipe(
      Effect.provide(
        Chart.layer.pipe(
          Layer.provide(FileSystem.layerNoop({})),
          Layer.provide(NodeServices.layer),
        ),
      ),
    ),
  )
})

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
