/** The calls that carry a picture or a file; see Telegram.ts. */
import { Effect, Schema } from "effect"
import { type Api, InputFile } from "grammy"
import type { MessageRef } from "../domain/Issuance.ts"
import type { Screen } from "./Keyboard.ts"
import { captionOf, Sent } from "./outgoing.ts"
import { call, uploadTimeout } from "./telegramCall.ts"
import { isAlreadySo } from "./TelegramError.ts"

export interface Document {
  /** Plain letters, digits, points and dashes; anything else in it becomes a dash. */
  readonly name: string
  readonly bytes: Uint8Array
}

export const telegramFiles = (api: Api) => {
  const sendPhoto = Effect.fn("Telegram.sendPhoto")(function* (
    chatId: number,
    png: Uint8Array,
    screen: Screen,
  ) {
    const sent = yield* call(Sent, "sendPhoto", "once", (signal) =>
      api.sendPhoto(chatId, pictureOf(png), captionOf(screen), signal),
    )
    return { chatId, messageId: sent.message_id }
  })

  const editPhoto = Effect.fn("Telegram.editPhoto")(function* (
    { chatId, messageId }: MessageRef,
    png: Uint8Array,
    screen: Screen,
  ) {
    const { reply_markup, ...caption } = captionOf(screen)
    yield* call(Schema.Unknown, "editMessageMedia", "idempotent", (signal) =>
      api.editMessageMedia(
        chatId,
        messageId,
        { type: "photo", media: pictureOf(png), ...caption },
        { reply_markup },
        signal,
      ),
    ).pipe(Effect.catchIf(isAlreadySo, () => Effect.void))
  })

  const sendDocument = Effect.fn("Telegram.sendDocument")(function* (
    chatId: number,
    file: Document,
    screen: Screen,
  ) {
    const sent = yield* call(
      Sent,
      "sendDocument",
      "once",
      (signal) => api.sendDocument(chatId, fileOf(file), captionOf(screen), signal),
      uploadTimeout,
    )
    return { chatId, messageId: sent.message_id }
  })

  return { sendPhoto, editPhoto, sendDocument }
}

/** The name goes unquoted into the form, so it has plain letters only. */
const pictureOf = (png: Uint8Array) => new InputFile(png, "chart.png")

const fileOf = ({ name, bytes }: Document) =>
  new InputFile(bytes, name.replaceAll(/[^a-zA-Z0-9.-]/g, "-"))
