/** How screens and files are put into the fields of the Bot API. */
import { InputFile } from "grammy"
import { inlineKeyboard } from "./inlineKeyboard.ts"
import type { Screen } from "./Keyboard.ts"

export interface Document {
  /** Plain letters, digits, points and dashes; anything else in it becomes a dash. */
  readonly name: string
  readonly bytes: Uint8Array
}

export const look = ({ keyboard }: Screen) => ({
  parse_mode: "HTML" as const,
  // A login may look like an address, and Telegram would fetch it.
  link_preview_options: { is_disabled: true },
  reply_markup: inlineKeyboard(keyboard),
})

/** The name goes unquoted into the form, so it has plain letters only. */
export const pictureOf = (png: Uint8Array) => new InputFile(png, "chart.png")

export const fileOf = ({ name, bytes }: Document) =>
  new InputFile(bytes, name.replaceAll(/[^a-zA-Z0-9.-]/g, "-"))

export const captionOf = ({ html, keyboard }: Screen) => ({
  caption: String(html),
  parse_mode: "HTML" as const,
  reply_markup: inlineKeyboard(keyboard),
})

/** The longest text that a toast or an alert may have. */
export const shortened = (text: string) => text.slice(0, 200).toWellFormed()
