/**
 * What a message shows: HTML that is escaped by construction, and the buttons below it. Plain data;
 * Telegram.ts sends it.
 *
 * Text gets into HTML only through a hole of `html` or through one of the functions below, and all
 * of them escape it. HTML that was built here goes through unchanged.
 */

/** A class that is not exported, so that no string can pass for markup. */
class Markup {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
  toString() {
    return this.markup
  }
}

/** Finished markup; `String(html)` is what is sent to Telegram. */
export type Html = Markup

/** What may stand in a hole: strings and numbers are escaped, Html is not. */
type Hole = Html | string | number

export const html = (strings: TemplateStringsArray, ...holes: ReadonlyArray<Hole>): Html =>
  new Markup(
    strings
      .map((part, index) => part + (index < holes.length ? render(holes[index] ?? "") : ""))
      .join(""),
  )

export const joinHtml = (parts: ReadonlyArray<Html>, separator: string): Html =>
  new Markup(parts.map(render).join(render(separator)))

export const bold = (text: Hole): Html => html`<b>${text}</b>`

/** Text that a tap copies on a phone. Plain text only: Telegram allows no markup inside. */
export const code = (text: string | number): Html => html`<code>${text}</code>`

/** Lines that one tap copies on a phone, all of them together. Plain text only. */
export const pre = (text: string): Html => html`<pre>${text}</pre>`

/** The name of a person, which opens their profile in Telegram. */
export const profileLink = (id: number, name: Hole): Html =>
  html`<a href="tg://user?id=${id}">${name}</a>`

/** Hidden text. Plain text only: Telegram silently drops a spoiler around `code`. */
export const spoiler = (text: string | number): Html => html`<tg-spoiler>${text}</tg-spoiler>`

const render = (hole: Hole): string =>
  hole instanceof Markup ? hole.markup : escape(String(hole).toWellFormed())

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => entities.get(sign) ?? sign)

const entities = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
])

export type Button =
  | {
      readonly kind: "tap"
      readonly text: string
      /** From `encodeAction`, at most 64 bytes. */
      readonly data: string
      /** A colour; clients that cannot colour buttons ignore it. */
      readonly style?: "success" | "danger" | "primary"
    }
  | {
      readonly kind: "copy"
      readonly text: string
      /** What is copied. The button is left out unless these are 1 to 256 characters. */
      readonly copies: string
    }

/** Rows of buttons. */
export type Keyboard = ReadonlyArray<ReadonlyArray<Button>>

export interface Screen {
  readonly html: Html
  readonly keyboard: Keyboard
}
