/**
 * Charts as PNG pictures, drawn with the font that comes with the bot.
 *
 * The fonts of the machine are never looked at: a server often has none, and then letters would
 * be missing without a word.
 */
import { Context, Effect, FileSystem, Layer, Path, Schema } from "effect"
import { renderAsync } from "@resvg/resvg-js"
import { type ChartData, chartSvg } from "./chartSvg.ts"

/** There is no picture; the numbers are in the text all the same. */
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
          // A font that is not there is passed over, and so would be all letters.
          yield* fs.access(file, { readable: true })
          return file
        })

        const draw = Effect.fn("Chart.draw")(
          function* (data: ChartData) {
            const fontFiles = yield* Effect.forEach(fonts, fontFile)
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

  /** The text of the picture instead of its pixels. */
  static readonly layerTest = Layer.succeed(Chart, {
    draw: (data) => Effect.succeed(new TextEncoder().encode(chartSvg(data))),
  })
}

/** Regular and semibold. */
const fonts = [
  "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf",
  "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf",
]
