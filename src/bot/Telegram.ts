/**
 * All that goes out to Telegram, and the one place that knows grammY's client.
 *
 * A failed call is a TelegramError, with nothing of the request and nothing of the token in it.
 */
import { Context, Duration, Effect, Layer, Option, Redacted, Schema } from "effect"
import { Api } from "grammy"
import { Settings } from "../config/Settings.ts"
import type { MessageRef } from "../domain/Issuance.ts"
import type { Screen } from "./Keyboard.ts"
import type { Language } from "./Languages.ts"
import { look, Sent, shortened } from "./outgoing.ts"
import { call, untilAnswered, uploadTimeout } from "./telegramCall.ts"
import { isAlreadySo, type TelegramError } from "./TelegramError.ts"
import { type Document, telegramFiles } from "./telegramFiles.ts"
import { updateKinds } from "./Update.ts"

/** Who sees a list of commands: everybody, or the person of one chat. */
export type CommandScope = "default" | { readonly chatId: number }

export interface Command {
  readonly command: string
  readonly description: string
}

export class Telegram extends Context.Service<
  Telegram,
  {
    /** The bot itself. */
    readonly me: { readonly id: number; readonly username: string }
    /** Updates from `offset` on, confirming all before it; waits up to `timeout` for the first. */
    getUpdates(request: {
      readonly offset: number
      readonly timeout: Duration.Duration
    }): Effect.Effect<ReadonlyArray<unknown>, TelegramError>
    /** Not repeated after an unsure outcome: the message may have arrived. */
    send(
      chatId: number,
      screen: Screen,
      options?: { readonly silent?: boolean },
    ): Effect.Effect<MessageRef, TelegramError>
    /** Replaces text and buttons; a message that shows this already is a success. */
    edit(message: MessageRef, screen: Screen): Effect.Effect<void, TelegramError>
    /** The screen's text is the caption, at most 1024 characters. Not repeated, as `send`. */
    sendPhoto(
      chatId: number,
      png: Uint8Array,
      caption: Screen,
    ): Effect.Effect<MessageRef, TelegramError>
    /** Replaces picture, caption and buttons of a message with a picture. */
    editPhoto(
      message: MessageRef,
      png: Uint8Array,
      caption: Screen,
    ): Effect.Effect<void, TelegramError>
    /** A file with the screen's text as its caption, as for a photo. Not repeated, as `send`. */
    sendDocument(
      chatId: number,
      file: Document,
      caption: Screen,
    ): Effect.Effect<MessageRef, TelegramError>
    /** Ends the spinner of a tap. Never fails: a tap that is too old shows nothing any more. */
    answer(
      callbackQueryId: string,
      options?: { readonly text?: string; readonly alert?: boolean },
    ): Effect.Effect<void>
    /** A message that is gone already is a success. */
    remove(message: MessageRef): Effect.Effect<void, TelegramError>
    /** For all languages where `language` is undefined. */
    setCommands(
      scope: CommandScope,
      language: Language | undefined,
      commands: ReadonlyArray<Command>,
    ): Effect.Effect<void, TelegramError>
  }
>()("account-bot/bot/Telegram") {
  /** Waits for Telegram as long as it does not answer; fails when it refuses the token. */
  static readonly layer: Layer.Layer<Telegram, TelegramError, Settings> = Layer.effect(
    Telegram,
    Effect.gen(function* () {
      const { botToken, telegramApiRoot } = yield* Settings
      const api = new Api(Redacted.value(botToken), {
        ...Option.match(telegramApiRoot, {
          onNone: () => ({}),
          onSome: (root) => ({ apiRoot: root.replace(/\/+$/, "") }),
        }),
        // The Clock ends a call; this only outlasts it.
        timeoutSeconds: Duration.toSeconds(uploadTimeout) * 2,
      })

      const me = yield* untilAnswered(
        call(Me, "getMe", "idempotent", (signal) => api.getMe(signal)),
      )

      const getUpdates = Effect.fn("Telegram.getUpdates")(
        ({ offset, timeout }: { offset: number; timeout: Duration.Duration }) =>
          call(
            Updates,
            "getUpdates",
            "idempotent",
            (signal) =>
              api.getUpdates(
                { offset, timeout: Duration.toSeconds(timeout), allowed_updates: updateKinds },
                signal,
              ),
            Duration.sum(timeout, Duration.seconds(15)),
          ),
      )

      const send = Effect.fn("Telegram.send")(function* (
        chatId: number,
        screen: Screen,
        options?: { readonly silent?: boolean },
      ) {
        const sent = yield* call(Sent, "sendMessage", "once", (signal) =>
          api.sendMessage(
            chatId,
            String(screen.html),
            { ...look(screen), disable_notification: options?.silent === true },
            signal,
          ),
        )
        return { chatId, messageId: sent.message_id }
      })

      const edit = Effect.fn("Telegram.edit")(function* (message: MessageRef, screen: Screen) {
        const { chatId, messageId } = message
        yield* call(Schema.Unknown, "editMessageText", "idempotent", (signal) =>
          api.editMessageText(chatId, messageId, String(screen.html), look(screen), signal),
        ).pipe(Effect.catchIf(isAlreadySo, () => Effect.void))
      })

      const answer = Effect.fn("Telegram.answer")(function* (
        callbackQueryId: string,
        options?: { readonly text?: string; readonly alert?: boolean },
      ) {
        const text = options?.text === undefined ? {} : { text: shortened(options.text) }
        yield* call(Schema.Unknown, "answerCallbackQuery", "idempotent", (signal) =>
          api.answerCallbackQuery(
            callbackQueryId,
            { ...text, show_alert: options?.alert === true },
            signal,
          ),
        ).pipe(Effect.catch((error) => Effect.logDebug("A tap was not answered", error.message)))
      })

      const remove = Effect.fn("Telegram.remove")(function* ({ chatId, messageId }: MessageRef) {
        yield* call(Schema.Unknown, "deleteMessage", "idempotent", (signal) =>
          api.deleteMessage(chatId, messageId, signal),
        ).pipe(Effect.catchIf(isAlreadySo, () => Effect.void))
      })

      const setCommands = Effect.fn("Telegram.setCommands")(function* (
        scope: CommandScope,
        language: Language | undefined,
        commands: ReadonlyArray<Command>,
      ) {
        yield* call(Schema.Unknown, "setMyCommands", "idempotent", (signal) =>
          api.setMyCommands(
            commands,
            {
              scope:
                scope === "default" ? { type: "default" } : { type: "chat", chat_id: scope.chatId },
              ...(language === undefined ? {} : { language_code: language }),
            },
            signal,
          ),
        )
      })

      return Telegram.of({
        me,
        getUpdates,
        send,
        edit,
        ...telegramFiles(api),
        answer,
        remove,
        setCommands,
      })
    }),
  )
}

const Me = Schema.Struct({ id: Schema.Int, username: Schema.String })
const Updates = Schema.Array(
  Schema.StructWithRest(Schema.Struct({ update_id: Schema.Int }), [
    Schema.Record(Schema.String, Schema.Unknown),
  ]),
)
