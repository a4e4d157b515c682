/** What a message shows: text and the buttons below it. Plain data, drawn by Telegram.ts. */
import type { Html } from "./Html.ts"

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
