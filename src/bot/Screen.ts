/**
 * HTML for Telegram, escaped by construction.
 *
 * Text gets into a message only through a hole of `html` or one of the functions below, and each
 * of them escapes it. What was built here already goes through unchanged.
 */

/** Opaque to everybody else, so that no string can pass for markup. */
class Markup {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
  toString() {
    return this.markup
  }
}

/** Finished markup: `String(it)` is what goes over the wire. */
export type Html = Markup

/** Strings and numbers are escaped, Html is not. */
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

/** Copied by one tap on a phone. Plain text only: Telegram allows no markup inside. */
export const code = (text: string | number): Html => html`<code>${text}</code>`

/** Plain text only: around `code` Telegram drops the spoiler without a word. */
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

/* What a message shows: text and the buttons below it. Plain data, drawn by Telegram.ts. */

export type Button =
  | {
      readonly kind: "tap"
      readonly text: string
      /** From `encodeAction`, at most 64 bytes. */
      readonly data: string
      /** Clients that cannot colour buttons ignore it. */
      readonly style?: "success" | "danger" | "primary"
    }
  | {
      readonly kind: "copy"
      readonly text: string
      /** Put on the clipboard. Without 1 to 256 characters of it the button is left out. */
      readonly copies: string
    }

/** Rows of buttons. */
export type Keyboard = ReadonlyArray<ReadonlyArray<Button>>

export interface Screen {
  readonly html: Html
  readonly keyboard: Keyboard
}
