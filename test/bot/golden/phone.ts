/**
 * A screen as a phone of 360 px shows it, drawn in plain text: lines wrapped where the phone wraps
 * them, the buttons in their rows, and the height that both take. Widths are those of Inter
 * times 0.96, which is what Roboto, the font of Android, takes for the same Russian and English
 * labels (measured: 0.94 to 1.00).
 *
 * The measures are those of Telegram for Android at 360 px: a text of 16 px in a bubble that leaves
 * 296 px to it, and buttons with labels of 15 px on 348 px, with 5 px between two and 5 px within
 * each end.
 */
import { fileURLToPath } from "node:url"
import { Resvg } from "@resvg/resvg-js"
import type { Button, Screen } from "../../../src/bot/Screen.ts"

const textSize = 16
const textRoom = 296
const lineHeight = 21
const labelSize = 15
const labelRoom = 348
const buttonGap = 5
const labelPadding = 5
const buttonHeight = 46

export const phoneText = (screen: Screen): string => {
  const text = marked(screen)
    .split("\n")
    .flatMap((line) => wrap(line))
  const rows = screen.keyboard.map((row) => row.map(labelText).join(" "))
  const height = text.length * lineHeight + rows.length * buttonHeight
  return [
    ...text,
    ...(rows.length === 0 ? [] : ["", ...rows]),
    "",
    `(${text.length} lines, ${rows.length} rows of buttons, ${height} px)`,
    "",
  ].join("\n")
}

/** Labels that the phone would cut, with the px that they need and have. */
export const cutLabels = ({ keyboard }: Screen): ReadonlyArray<string> =>
  keyboard.flatMap((row) => {
    const room =
      (labelRoom - buttonGap * (row.length - 1)) / Math.max(1, row.length) - 2 * labelPadding
    return row.flatMap(({ text }) => {
      const needed = widthOf(text, labelSize)
      return needed <= room ? [] : [`${text}: ${Math.ceil(needed)} px of ${Math.floor(room)}`]
    })
  })

/** A button that copies is marked by what it copies; a coloured one by + (good), - or *. */
const labelText = (button: Button) => {
  if (button.kind === "copy") return `[${button.text} ⧉ ${JSON.stringify(button.copies)}]`
  const colour =
    button.style === undefined ? "" : { success: "+", danger: "-", primary: "*" }[button.style]
  return `[${colour}${button.text}]`
}

const marks: ReadonlyArray<readonly [RegExp, string]> = [
  [/<\/?b>/g, "**"],
  [/<\/?i>/g, "_"],
  [/<\/?code>/g, "`"],
  [/<pre>/g, "```"],
  [/<\/pre>/g, "```"],
  [/<\/?tg-spoiler>/g, "||"],
  [/<\/?blockquote( expandable)?>/g, "▏"],
  [/<a href="([^"]*)">([^<]*)<\/a>/g, "[$2]($1)"],
  [/&lt;/g, "<"],
  [/&gt;/g, ">"],
  [/&quot;/g, '"'],
  [/&amp;/g, "&"],
]

const marked = ({ html }: Screen) =>
  marks.reduce((text, [mark, sign]) => text.replaceAll(mark, sign), String(html))

/** Breaks a line at spaces where the phone does; what is longer than a line breaks anywhere. */
const wrap = (line: string): ReadonlyArray<string> => {
  const out: Array<string> = []
  let current = ""
  const fits = (text: string) => widthOf(text.replaceAll(/\*\*|`|\|\|/g, ""), textSize) <= textRoom
  for (const word of line.split(" ")) {
    const longer = current === "" ? word : `${current} ${word}`
    if (fits(longer)) {
      current = longer
      continue
    }
    if (current !== "") out.push(current)
    current = ""
    for (const sign of word) {
      if (!fits(current + sign)) {
        out.push(current)
        current = ""
      }
      current += sign
    }
  }
  return [...out, current]
}

const widthOf = (text: string, size: number): number => {
  let width = 0
  for (const { segment } of signs.segment(text)) {
    width += isEmoji.test(segment) ? emojiWidth : advance(segment) * size
  }
  return width
}

const isEmoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u

/** Telegram draws emoji by itself, in a square of about this size. */
const emojiWidth = 16

const signs = new Intl.Segmenter("en", { granularity: "grapheme" })

const advances = new Map<string, number>()

/** The width of a sign in units of the font's size. */
const advance = (sign: string): number => {
  const known = advances.get(sign)
  if (known !== undefined) return known
  const width = ((inkWidth(`H${sign}H`) - inkWidth("HH")) / 100) * 0.96
  advances.set(sign, width)
  return width
}

const fontFiles = ["400Regular/Inter_400Regular.ttf"].map((name) =>
  fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${name}`)),
)

const inkWidth = (text: string) => {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="200" font-family="Inter"><text xml:space="preserve" x="50" y="120" font-size="100">${safe}</text></svg>`
  const box = new Resvg(svg, {
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: "Inter" },
    logLevel: "off",
  }).getBBox()
  return box?.width ?? 0
}
