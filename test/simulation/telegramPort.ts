/** The bot's Telegram over the emulator's chats, without HTTP: each call passes the fuse. */
import { Clock, Duration, Effect, Layer } from "effect"
import { GrammyError } from "grammy"
import type { Screen } from "../../src/bot/Screen.ts"
import { inlineKeyboard, retrying, Telegram } from "../../src/bot/Telegram.ts"
import { telegramErrorOf, unsure } from "../../src/bot/TelegramError.ts"
import { Upload } from "../../src/playground/telegram/Media.ts"
import type { TelegramRefusal } from "../../src/playground/telegram/Refusal.ts"
import type { Fuse } from "./Fuse.ts"
import type { World } from "./World.ts"

export const layer = (fuse: Fuse, { chats, clock, stock, shown }: World) => {
  /** Part of the effect: once Telegram has it, the person has seen it, answer or not. */
  const see = (params: object) =>
    Effect.sync(() => {
      if (!("chat_id" in params)) return
      const message = JSON.stringify(params)
      for (const { key, text } of stock) {
        if (!message.includes(text)) continue
        shown.set(key, (shown.get(key) ?? new Set()).add(Number(params.chat_id)))
      }
    })
  const call = (method: string, params: object, kind: "once" | "idempotent") =>
    fuse
      .transmit(
        method,
        chats
          .call(method, params)
          .pipe(
            Effect.tap(see(params)),
            Effect.mapError(errorOf(method)),
            Effect.provideService(Clock.Clock, clock),
          ),
        () => unsure(method),
      )
      .pipe(retrying(kind))
  const look = ({ html, keyboard }: Screen) => ({
    text: String(html),
    parse_mode: "HTML",
    reply_markup: inlineKeyboard(keyboard),
  })

  const caption = ({ html, keyboard }: Screen) => ({
    caption: String(html),
    parse_mode: "HTML",
    reply_markup: inlineKeyboard(keyboard),
  })
  const pictureOf = (bytes: Uint8Array) =>
    new Upload({ name: "chart.png", mime: "image/png", bytes })

  return Layer.succeed(
    Telegram,
    Telegram.of({
      me: { id: 7_900_000_001, username: "account_demo_bot", first_name: "Account Bot" },
      clockAhead: Effect.succeedNone,
      getUpdates: ({ offset, timeout }) =>
        fuse.transmit(
          "getUpdates",
          chats
            .getUpdates({ offset, timeout: Duration.toSeconds(timeout) })
            .pipe(
              Effect.mapError(errorOf("getUpdates")),
              Effect.provideService(Clock.Clock, clock),
            ),
          () => unsure("getUpdates"),
        ),
      // The simulation polls; the webhook is tested end to end.
      setWebhook: () => Effect.die("no webhook in the simulation"),
      deleteWebhook: Effect.die("no webhook in the simulation"),
      webhook: Effect.succeed({ url: "", pending_update_count: 0 }),
      send: (chatId, screen) =>
        Effect.map(call("sendMessage", { chat_id: chatId, ...look(screen) }, "once"), (sent) => ({
          chatId,
          // The emulator answers sendMessage with the message.
          messageId: (sent as { readonly message_id: number }).message_id,
        })),
      edit: ({ chatId, messageId }, screen) =>
        call(
          "editMessageText",
          { chat_id: chatId, message_id: messageId, ...look(screen) },
          "idempotent",
        ).pipe(
          Effect.catchIf(
            ({ reason }) =>
              reason._tag === "Rejected" && /message is not modified/.test(reason.description),
            () => Effect.void,
          ),
          Effect.asVoid,
        ),
      sendPhoto: (chatId, png, screen) =>
        Effect.map(
          call("sendPhoto", { chat_id: chatId, photo: pictureOf(png), ...caption(screen) }, "once"),
          (sent) => ({
            chatId,
            // The emulator answers sendPhoto with the message.
            messageId: (sent as { readonly message_id: number }).message_id,
          }),
        ),
      editPhoto: ({ chatId, messageId }, png, screen) => {
        const { reply_markup, ...words } = caption(screen)
        const media = { type: "photo", media: "attach://picture", ...words }
        const target = { chat_id: chatId, message_id: messageId, picture: pictureOf(png) }
        return Effect.asVoid(
          call("editMessageMedia", { ...target, media, reply_markup }, "idempotent"),
        )
      },
      sendDocument: (chatId, { name, bytes }, screen) =>
        Effect.map(
          call(
            "sendDocument",
            {
              chat_id: chatId,
              document: new Upload({ name, mime: "text/csv", bytes }),
              ...caption(screen),
            },
            "once",
          ),
          (sent) => ({
            chatId,
            // The emulator answers sendDocument with the message.
            messageId: (sent as { readonly message_id: number }).message_id,
          }),
        ),
      answer: (callbackQueryId, options) =>
        Effect.ignore(
          call(
            "answerCallbackQuery",
            {
              callback_query_id: callbackQueryId,
              ...(options?.text === undefined ? {} : { text: options.text.slice(0, 200) }),
              show_alert: options?.alert === true,
            },
            "idempotent",
          ),
        ),
      remove: ({ chatId, messageId }) =>
        Effect.asVoid(
          call("deleteMessage", { chat_id: chatId, message_id: messageId }, "idempotent"),
        ),
      setCommands: () => Effect.void,
      setSettings: () => Effect.succeed("changed"),
    }),
  )
}

const errorOf = (method: string) => (refusal: TelegramRefusal) =>
  telegramErrorOf(
    method,
    new GrammyError(
      refusal.description,
      {
        ok: false,
        error_code: refusal.code,
        description: refusal.description,
        parameters: refusal.parameters ?? {},
      },
      method,
      {},
    ),
  )
