/** How screens are put into the fields of the Bot API. */
import { Schema } from "effect"
import { inlineKeyboard } from "./inlineKeyboard.ts"
import type { Screen } from "./Keyboard.ts"

export const look = ({ keyboard }: Screen) => ({
  parse_mode: "HTML" as const,
  // A login may look like an address, and Telegram would fetch it.
  link_preview_options: { is_disabled: true },
  reply_markup: inlineKeyboard(keyboard),
})

export const captionOf = ({ html, keyboard }: Screen) => ({
  caption: String(html),
  parse_mode: "HTML" as const,
  reply_markup: inlineKeyboard(keyboard),
})

/** The longest text that a toast or an alert may have. */
export const shortened = (text: string) => text.slice(0, 200).toWellFormed()

/** What Telegram answers to a new message. */
export const Sent = Schema.Struct({ message_id: Schema.Int })
