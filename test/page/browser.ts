/** Real Chromium, and a page in it that looks as a test or a picture wants it. */
import * as Fs from "node:fs"
import { Config, Effect } from "effect"
import { type Browser, chromium, type Page } from "playwright-core"

export interface Look {
  readonly lang?: "ru" | "en"
  readonly width?: 1600 | 1280 | 768 | 390
  readonly theme?: "light" | "dark"
  /** Whether things move. A test of what the page says needs a still. */
  readonly moves?: boolean
}

const heights = { 1600: 900, 1280: 800, 768: 1024, 390: 844 } as const

/** Where Debian, Ubuntu and Fedora put it. */
const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/lib64/chromium-browser/chromium-browser",
]

const programOf = Effect.gen(function* () {
  const named = yield* Config.String("CHROMIUM").pipe(Config.withDefault(""))
  const places = named === "" ? usualPlaces : [named]
  const found = places.find((place) => Fs.existsSync(place))
  if (found !== undefined) return found
  throw new Error(
    `There is no Chromium at ${places.join(", ")}: install it (apt-get install chromium), ` +
      "or name its program in the variable CHROMIUM.",
  )
})

export const launch = (): Promise<Browser> =>
  // Chromium's sandbox does not work for root, as who CI runs.
  chromium.launch({ executablePath: Effect.runSync(programOf), args: ["--no-sandbox"] })

/** A page in a profile of its own: it remembers nothing of another one. */
export const newPage = async (
  browser: Browser,
  { lang = "ru", width = 1600, theme = "light", moves = false }: Look,
): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width, height: heights[width] },
    hasTouch: width === 390,
    colorScheme: theme,
    locale: { ru: "ru-RU", en: "en-GB" }[lang],
    reducedMotion: moves ? "no-preference" : "reduce",
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  return page
}
