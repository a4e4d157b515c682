/** What all screens are put together from. */
import { type Action, encodeAction } from "../buttons.ts"
import type { Language } from "../Languages.ts"
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

/** Longest text of a message, counted after the markup is taken out. */
export const messageMax = 4096

export const tap = (
  text: string,
  action: Action,
  style: "success" | "danger" | "primary" | "plain" = "plain",
): Button => {
  const button = { kind: "tap", text, data: encodeAction(action) } as const
  return style === "plain" ? button : { ...button, style }
}

export const grid = <A>(all: ReadonlyArray<A>, width: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(all.length / width) }, (_, row) =>
    all.slice(row * width, (row + 1) * width),
  )

/** What was chosen so far: «Mamba › 495 › 3 шт.» */
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

/** One sentence and nothing to press. */
export const sentence = (text: string): Screen => ({ html: html`${text}`, keyboard: [] })

/** A screen with a sentence before it. */
export const saying = (text: string, screen: Screen): Screen => ({
  ...screen,
  html: lines(html`${text}`, html``, screen.html),
})

/** Opens the menu in a new message, so that the message it stands under stays readable. */
export const menuBelow = (texts: Texts): ReadonlyArray<Button> => [
  tap(texts.menu.open, { _tag: "Page", screen: menuPage, page: 0 }),
]

/** Screens that `Page` buttons lead to. */
export const menuPage = "menu"
export const batchPage = "batch"

/** A sentence with the way to the menu under it. */
export const notice = (text: string, texts: Texts, above: Keyboard = []): Screen => ({
  html: html`${text}`,
  keyboard: [...above, menuBelow(texts)],
})

/** Length as Telegram counts it, or a little more where a sign takes two units. */
export const visibleLength = (text: Html): number =>
  String(text)
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&\w+;/g, "x").length

/** The beginning of a text that is too long, never half a sign. */
export const cut = (text: string, length: number): string =>
  text.length <= length
    ? text
    : `${text.slice(0, Math.max(length - 1, 0)).replace(/[\uD800-\uDBFF]$/, "")}…`

/* The choice of a language; the one that is spoken now is ticked. */

/** Each in itself, for whoever reads no other. */
const names: Readonly<Record<Language, string>> = { ru: "Русский", en: "English" }

export const languageScreen = (texts: Texts): Screen => ({
  html: page(texts.languages.title, texts.languages.choose),
  keyboard: [
    (["ru", "en"] as const).map((language) =>
      tap(language === texts.language ? `✓ ${names[language]}` : names[language], {
        _tag: "Language",
        language,
      }),
    ),
    menuBelow(texts),
  ],
})
