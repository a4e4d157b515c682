/** Reads `reply_markup`, and refuses what Telegram refuses. */
import { Option, Result } from "effect"
import * as Args from "./Args.ts"
import { longerThan } from "./FormattedText.ts"
import { badRequest, type TelegramRefusal } from "./Refusal.ts"
import type { Button } from "./TelegramState.ts"

type Rows = ReadonlyArray<ReadonlyArray<Button>>

interface Markup {
  /** The inline keyboard; no rows when there is none. */
  readonly rows: Rows
  /** A keyboard of another kind: under the input field, its removal, or a forced reply. */
  readonly fixed: boolean
}

export const markupOf = (args: Args.Args): Result.Result<Markup, TelegramRefusal> =>
  Result.gen(function* () {
    const value = yield* Args.json(
      args,
      "reply_markup",
      "Can't parse reply keyboard markup JSON object",
    )
    if (value === undefined) return { rows: [], fixed: false }
    const fields = yield* Result.orElse(
      Result.fromOption(Args.asRecord(value), () => "Object expected as reply markup"),
      badRequest,
    )
    const markup = yield* Result.orElse(readMarkup(fields), badRequest)
    const buttons = markup.rows.flat()
    if (buttons.some(({ text }) => text === "")) {
      return yield* badRequest("Inline keyboard button text must be non-empty")
    }
    for (const button of buttons) yield* checkAction(button)
    const size = byteLength(JSON.stringify(markup.rows))
    if (buttons.length > maxButtons || size > maxMarkupBytes) {
      return yield* badRequest("reply markup is too long")
    }
    return markup
  })

/** The inline keyboard of an edit; any other kind is refused, as it cannot stay with a message. */
export const inlineMarkupOf = (args: Args.Args): Result.Result<Rows, TelegramRefusal> =>
  Result.flatMap(markupOf(args), ({ rows, fixed }) =>
    fixed ? badRequest("Inline keyboard expected") : Result.succeed(rows),
  )

const maxButtons = 100
/** Reported by users, not documented: keyboards of about this size are refused. */
const maxMarkupBytes = 10_240
const maxDataBytes = 64
const maxCopyText = 256

const byteLength = (text: string) => new TextEncoder().encode(text).length

const readMarkup = (fields: Args.Fields): Result.Result<Markup, string> =>
  Result.gen(function* () {
    const keyboard = yield* Args.optionalArray(fields, "keyboard")
    for (const row of keyboard) {
      if (!Array.isArray(row)) {
        return yield* Result.fail('Field "keyboard" must be an Array of Arrays')
      }
      for (const button of row) yield* checkKeyboardButton(button)
    }
    const rows: Array<ReadonlyArray<Button>> = []
    for (const row of yield* Args.optionalArray(fields, "inline_keyboard")) {
      if (!Array.isArray(row)) {
        return yield* Result.fail(
          'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        )
      }
      const buttons: Array<Button> = []
      for (const button of row) {
        buttons.push(
          yield* Result.mapError(
            readButton(button),
            (reason) => `Can't parse inline keyboard button: ${reason}`,
          ),
        )
      }
      if (buttons.length > 0) rows.push(buttons)
    }
    if (keyboard.length > 0) return { rows: [], fixed: true }
    const fixed =
      rows.length === 0 &&
      (Args.flag(fields, "remove_keyboard") || Args.flag(fields, "force_reply"))
    return { rows, fixed }
  })

const checkKeyboardButton = (value: unknown): Result.Result<unknown, string> => {
  if (typeof value === "string") return Result.void
  const fields = Args.asRecord(value)
  const text = Option.isNone(fields)
    ? Result.fail("KeyboardButton must be a String or an Object")
    : Args.requiredString(fields.value, "text")
  return Result.mapError(text, (reason) => `Can't parse keyboard button: ${reason}`)
}

const readButton = (value: unknown): Result.Result<Button, string> =>
  Result.gen(function* () {
    const fields = yield* Result.fromOption(
      Args.asRecord(value),
      () => "InlineKeyboardButton must be an Object",
    )
    const text = yield* Args.requiredString(fields, "text")
    const icon = yield* Args.optionalString(fields, "icon_custom_emoji_id")
    const style = (yield* Args.optionalString(fields, "style")).toLowerCase()
    const action = yield* readAction(fields)
    return {
      text,
      ...(icon === "" ? {} : { icon_custom_emoji_id: icon }),
      ...(yield* readStyle(style)),
      ...action,
    }
  })

const readStyle = (style: string): Result.Result<Pick<Button, "style">, string> => {
  if (style === "" || style === "default") return Result.succeed({})
  return style === "danger" || style === "success" || style === "primary"
    ? Result.succeed({ style })
    : Result.fail("invalid button style specified")
}

/** The first action in the server's order wins, whatever else the button carries. */
const readAction = (fields: Args.Fields): Result.Result<Partial<Button>, string> =>
  Result.gen(function* () {
    const url = yield* Args.optionalString(fields, "url")
    if (url !== "") return { url }
    const data = yield* Args.optionalString(fields, "callback_data")
    if (data !== "") return { callback_data: data }
    if (fields["switch_inline_query"] !== undefined) {
      return { switch_inline_query: yield* Args.requiredString(fields, "switch_inline_query") }
    }
    const current = "switch_inline_query_current_chat"
    if (fields[current] !== undefined) {
      return { [current]: yield* Args.requiredString(fields, current) }
    }
    if (fields["web_app"] !== undefined) {
      const app = yield* Args.requiredObject(fields, "web_app")
      return { web_app: { url: yield* Args.requiredString(app, "url") } }
    }
    if (fields["copy_text"] !== undefined) {
      const copy = yield* Args.requiredObject(fields, "copy_text")
      return { copy_text: { text: yield* Args.requiredString(copy, "text") } }
    }
    return yield* Result.fail("Text buttons are unallowed in the inline keyboard")
  })

const checkAction = (button: Button): Result.Result<void, TelegramRefusal> => {
  if (button.callback_data !== undefined && byteLength(button.callback_data) > maxDataBytes) {
    return badRequest("BUTTON_DATA_INVALID")
  }
  const copied = button.copy_text?.text
  if (copied === "" || (copied !== undefined && longerThan(copied, maxCopyText)))
    return badRequest("BUTTON_COPY_TEXT_INVALID")
  if (button.url !== undefined && !isLink(button.url)) {
    return badRequest(`Inline keyboard button URL '${button.url}' is invalid: Wrong HTTP URL`)
  }
  return Result.void
}

const isLink = (url: string) => {
  const parsed = URL.parse(/^[a-z]+:/i.test(url) ? url : `http://${url}`)
  return parsed !== null && (parsed.protocol === "tg:" || parsed.hostname.includes("."))
}
