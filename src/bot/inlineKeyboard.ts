/** A keyboard as Telegram wants it. */
import type { InlineKeyboardButton } from "grammy/types"
import type { Button, Keyboard } from "./Keyboard.ts"

/** Leaves out copy buttons that Telegram would refuse the whole message for. */
export const inlineKeyboard = (keyboard: Keyboard) => ({
  inline_keyboard: keyboard
    .map((row) => row.filter(isAccepted).map(buttonOf))
    .filter((row) => row.length > 0),
})

const isAccepted = (button: Button) =>
  button.kind === "tap" || (button.copies.length >= 1 && button.copies.length <= 256)

const buttonOf = (button: Button): InlineKeyboardButton =>
  button.kind === "tap"
    ? {
        text: button.text,
        callback_data: button.data,
        ...(button.style === undefined ? {} : { style: button.style }),
      }
    : { text: button.text, copy_text: { text: button.copies } }
