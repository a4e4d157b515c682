/**
 * Charts as PNG pictures, drawn with the font that comes with the bot.
 *
 * The fonts of the machine play no part: a server often has none, and then the picture would lack
 * all letters without an error.
 */
import { Context, Effect, FileSystem, Layer, Path, Schema } from "effect"
import type { Colour } from "../domain/Catalogue.ts"

/** What a chart shows: columns for days or rows for regions, each a stack of values. */
export interface ChartData {
  readonly title: string
  readonly subtitle: string
  readonly direction: "columns" | "rows"
  /** In their order from the axis outwards. */
  readonly series: ReadonlyArray<{ readonly label: string; readonly colour: string }>
  readonly bars: ReadonlyArray<{
    readonly label: string
    /** One for each of the series. */
    readonly values: ReadonlyArray<number>
  }>
  /** The sentence to show instead of bars where all values are zero. */
  readonly nothing: string
}

/** There is no picture; the text of the message has the numbers all the same. */
export class ChartFailed extends Schema.TaggedError<ChartFailed>()("ChartFailed", {
  cause: Schema.Defect(),
}) {
  override get message() {
    return "the chart could not be drawn"
  }
}

export class Chart extends Context.Service<
  Chart,
  {
    /** The bytes of a PNG file. */
    draw(data: ChartData): Effect.Effect<Uint8Array, ChartFailed>
  }
>()("account-bot/stats/Chart") {
  static readonly layer: Layer.Layer<Chart, never, FileSystem.FileSystem | Path.Path> =
    Layer.effect(
      Chart,
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path

        const fontFile = Effect.fnUntraced(function* (name: string) {
          const file = yield* path.fromFileUrl(new URL(import.meta.resolve(name)))
          // The library ignores a font file that is missing, and draws no letters then.
          yield* fs.access(file, { readable: true })
          return file
        })

        const draw = Effect.fn("Chart.draw")(
          function* (data: ChartData) {
            const fontFiles = yield* Effect.forEach(fonts, fontFile)
            // Loaded for the first chart: many a bot never draws one.
            const { renderAsync } = yield* Effect.tryPromise(() => import("@resvg/resvg-js"))
            const image = yield* Effect.tryPromise((signal) =>
              renderAsync(
                chartSvg(data),
                {
                  font: { fontFiles, loadSystemFonts: false, defaultFontFamily: "Inter" },
                  logLevel: "off",
                },
                signal,
              ),
            )
            return Uint8Array.from(image.asPng())
          },
          Effect.mapError((cause) => new ChartFailed({ cause })),
        )

        return Chart.of({ draw })
      }),
    )

  /** Gives the SVG text of the picture instead of its pixels. */
  static readonly layerTest = Layer.succeed(Chart, {
    draw: (data) => Effect.succeed(new TextEncoder().encode(chartSvg(data))),
  })
}

/** The regular and the semibold font. */
const fonts = [
  "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
  "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
]

const width = 1080
const margin = 48
const ink = "#1f2933"
const faint = "#7b8794"
const grid = "#e4e7eb"

/**
 * The picture as the text of an SVG. Without a font to measure by, widths are reckoned on the safe
 * side from the number of characters, and labels that would not fit are cut.
 */
export const chartSvg = (data: ChartData): string => {
  const legend = legendOf(data, 148)
  const top = legend.bottom + 36
  const plot = isEmpty(data)
    ? {
        parts: [text(width / 2, top + 60, 28, data.nothing, { fill: faint, anchor: "middle" })],
        height: 120,
      }
    : data.direction === "columns"
      ? columns(data, top)
      : rows(data, top)
  const height = top + plot.height + margin
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(margin, 72, 34, cutTo(data.title, 48), { weight: 600 }),
    text(margin, 112, 24, cutTo(data.subtitle, 68), { fill: faint }),
    ...legend.parts,
    ...plot.parts,
    "</svg>",
    "",
  ].join("\n")
}

/** The tint of a row in the sheet, strong enough for a bar on white. */
export const barColour = ({ red, green, blue }: Colour): string =>
  `#${[red, green, blue].map((share) => hex(1 - (1 - share) * 2.2)).join("")}`

/** Columns side by side, totals above them, dates below. */
const columns = ({ bars, series }: ChartData, top: number) => {
  const height = 420
  const left = margin + 56
  const bottom = top + height
  const scale = scaleOf(Math.max(...bars.map(totalOf)))
  const step = (width - margin - left) / bars.length
  const thick = round(Math.min(step * 0.7, 160))
  const size = bars.length > 10 ? 17 : 24
  const everyNth = Math.ceil(bars.length / 10)
  const y = (value: number) => round(bottom - (value / scale.max) * height)
  const drawn = bars.map((bar, index) => {
    const middle = round(left + (index + 0.5) * step)
    const blocks = blocksOf(bar.values).map(({ from, to, at }) =>
      rect(round(middle - thick / 2), y(to), thick, round(y(from) - y(to)), series[at]?.colour),
    )
    const isLabelled = (bars.length - 1 - index) % everyNth === 0
    return [
      ...blocks,
      ...(totalOf(bar) === 0
        ? []
        : [
            text(middle, y(totalOf(bar)) - 10, size, String(totalOf(bar)), {
              anchor: "middle",
              weight: 600,
            }),
          ]),
      ...(isLabelled
        ? [text(middle, bottom + 34, 22, cutTo(bar.label, 10), { anchor: "middle", fill: faint })]
        : []),
    ]
  })
  const lines = scale.ticks.flatMap((tick) => [
    `<line x1="${left}" y1="${y(tick)}" x2="${width - margin}" y2="${y(tick)}" stroke="${grid}" stroke-width="2"/>`,
    text(left - 14, y(tick) + 8, 22, String(tick), { anchor: "end", fill: faint }),
  ])
  return { parts: [...lines, ...drawn.flat()], height: height + 40 }
}

/** Rows under each other: the name before a bar, the total behind it. */
const rows = ({ bars, series }: ChartData, top: number) => {
  const step = 52
  const thick = 34
  const left = margin + 250
  const room = width - margin - 90 - left
  const most = Math.max(...bars.map(totalOf))
  const x = (value: number) => round(left + (value / most) * room)
  const drawn = bars.map((bar, index) => {
    const y = top + index * step
    return [
      text(left - 20, y + 26, 24, cutTo(bar.label, 16), { anchor: "end" }),
      ...blocksOf(bar.values).map(({ from, to, at }) =>
        rect(x(from), y, round(x(to) - x(from)), thick, series[at]?.colour),
      ),
      text(x(totalOf(bar)) + 14, y + 26, 24, String(totalOf(bar)), { weight: 600 }),
    ]
  })
  return { parts: drawn.flat(), height: bars.length * step - (step - thick) }
}

/** The legend: squares with names, on as many lines as they need. */
const legendOf = ({ series }: ChartData, top: number) => {
  let x = margin
  let y = top
  const parts = series.flatMap(({ label, colour }) => {
    const name = cutTo(label, 24)
    const needed = 36 + Array.from(name).length * 15 + 28
    if (x > margin && x + needed > width - margin) {
      x = margin
      y += 40
    }
    const at = x
    x += needed
    return [rect(at, y, 24, 24, colour), text(at + 36, y + 20, 22, name)]
  })
  return { parts, bottom: y + 24 }
}

/** Round numbers up to the greatest value or a little above it; a count has no halves. */
const scaleOf = (most: number) => {
  const rough = Math.max(most / 4, 1)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const count = Math.ceil(most / step)
  return { max: step * count, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) }
}

/** Where each value of a stack lies; values of zero are left out. */
const blocksOf = (values: ReadonlyArray<number>) => {
  let from = 0
  return values.flatMap((value, at) => {
    const block = { from, to: from + value, at }
    from = block.to
    return value === 0 ? [] : [block]
  })
}

const totalOf = ({ values }: ChartData["bars"][number]) => values.reduce((a, b) => a + b, 0)

const isEmpty = ({ bars }: ChartData) => bars.every((bar) => totalOf(bar) === 0)

const rect = (x: number, y: number, wide: number, high: number, fill = grid) =>
  `<rect x="${x}" y="${y}" width="${wide}" height="${high}" fill="${fill}"/>`

const text = (
  x: number,
  y: number,
  size: number,
  content: string,
  {
    fill = ink,
    anchor = "start",
    weight = 400,
  }: { fill?: string; anchor?: "start" | "middle" | "end"; weight?: 400 | 600 } = {},
) =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${escaped(content)}</text>`

const cutTo = (label: string, signs: number) => {
  const all = Array.from(drawable(label))
  return all.length <= signs ? all.join("") : `${all.slice(0, signs - 1).join("")}…`
}

/** The label without what the font cannot draw, pictures, and what XML forbids, control characters. */
const drawable = (label: string) =>
  label
    .toWellFormed()
    .replaceAll(/[\p{Extended_Pictographic}\p{Regional_Indicator}\p{C}\uFE0F]/gu, "")
    .trim()

const escaped = (content: string) =>
  drawable(content).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const hex = (share: number) =>
  Math.round(Math.min(Math.max(share, 0), 1) * 255)
    .toString(16)
    .padStart(2, "0")

/** Hundredths of a pixel are not seen, and keep the text short. */
const round = (value: number) => Math.round(value * 100) / 100
