/** The pieces that all screens are put together from. */
import { type Action, encodeAction } from "../buttons.ts"
import {
  bold,
  type Button,
  type Html,
  html,
  joinHtml,
  type Keyboard,
  type Screen,
} from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"

/** The longest text that Telegram takes in a message, counted without the markup. */
export const messageMax = 4096

export const tap = (
  text: string,
  action: Action,
  style: "success" | "danger" | "primary" | "plain" = "plain",
): Button => {
  const button = { kind: "tap", text, data: encodeAction(action) } as const
  return style === "plain" ? button : { ...button, style }
}

/**
 * Rows of at most so many buttons. A row has fewer where a label would be cut, because all buttons
 * of a row are equally wide.
 */
export const grid = (all: ReadonlyArray<Button>, most: number): Keyboard => {
  const rows: Array<ReadonlyArray<Button>> = []
  for (let at = 0; at < all.length;) {
    let count = Math.min(most, all.length - at)
    while (count > 1 && !all.slice(at, at + count).every(({ text }) => fitsInRow(text, count))) {
      count -= 1
    }
    rows.push(all.slice(at, at + count))
    at += count
  }
  return rows
}

/** Whether a phone of 360 px shows the whole label in a row of so many; see test/bot/golden. */
export const fitsInRow = (label: string, buttons: number): boolean =>
  labelWidth(label) <= (348 - 5 * (buttons - 1)) / buttons - 10

/** About how many px a label takes. */
const labelWidth = (label: string): number => {
  let width = 0
  for (const sign of label) {
    width += signWidths.find(({ signs }) => signs.test(sign))?.width ?? 8.3
  }
  return width
}

const signWidths: ReadonlyArray<{ readonly signs: RegExp; readonly width: number }> = [
  { signs: /^(?:\u200D|\uFE0E|\uFE0F)/u, width: 0 },
  { signs: /^\p{Extended_Pictographic}/u, width: 16 },
  { signs: /^\p{Regional_Indicator}/u, width: 8 },
  { signs: /^[ijl.,:;!|'‹›()[\] ]/, width: 4 },
  { signs: /^[frtIгт/"-]/, width: 6 },
  { signs: /^[mwMWшщжюмыфШЩЖЮМФЫ@%…—]/, width: 12.5 },
  { signs: /^\p{Lu}/u, width: 10 },
]

/** What was chosen so far, as a heading: «Mamba › 495 › 3 шт.» */
export const trailOf = (...steps: ReadonlyArray<string>): string => steps.join(" › ")

export const lines = (...all: ReadonlyArray<Html | undefined>): Html =>
  joinHtml(
    all.filter((line) => line !== undefined),
    "\n",
  )

/** A heading with sentences under it. */
export const page = (heading: string, ...sentences: ReadonlyArray<string>): Html =>
  lines(
    bold(heading),
    ...(sentences.length > 0 ? [html``] : []),
    ...sentences.map((text) => html`${text}`),
  )

/** A message of one sentence, without buttons. */
export const sentence = (text: string): Screen => ({ html: html`${text}`, keyboard: [] })

/** The screen with a sentence put before its text. */
export const saying = (text: string, screen: Screen): Screen => ({
  ...screen,
  html: lines(html`${text}`, html``, screen.html),
})

/** A button that opens the menu in a new message, so that the message above it stays readable. */
export const menuBelow = (texts: Texts): ReadonlyArray<Button> => [
  tap(texts.menu.open, { _tag: "Page", screen: menuPage, page: 0 }),
]

/** The screens that a `Page` button can name. */
export const menuPage = "menu"
export const batchPage = "batch"

/** A message of one sentence with the button to the menu, and perhaps others above that button. */
export const notice = (text: string, texts: Texts, above: Keyboard = []): Screen => ({
  html: html`${text}`,
  keyboard: [...above, menuBelow(texts)],
})

/** The length as Telegram counts it. A character outside the basic plane counts as two. */
export const visibleLength = (text: Html): number =>
  String(text)
    .replaceAll(/<[^<>]*>/g, "")
    .replaceAll(/&\w+;/g, "x").length

/** The beginning of a text that is too long; never with half a character at its end. */
export const cut = (text: string, length: number): string =>
  text.length <= length
    ? text
    : `${text.slice(0, Math.max(length - 1, 0)).replace(/[\uD800-\uDBFF]$/, "")}…`
