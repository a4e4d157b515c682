/**
 * Everything that goes out to Telegram; no other file knows grammY's client.
 *
 * A failed call is a TelegramError, which holds nothing of the request and nothing of the token.
 *
 * Before each call that people notice the bot has to be this process's; see store/Ownership.ts.
 */
import * as Http from "node:http"
import * as Https from "node:https"
import { urlToHttpOptions } from "node:url"
import { Context, Duration, Effect, Layer, Option, Random, Redacted, Schema } from "effect"
import { Api, GrammyError, InputFile, type Transformer } from "grammy"
import type { InlineKeyboardButton } from "grammy/types"
import { retryAfterMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { MessageRef } from "../domain/Issuance.ts"
import { type ClockSkew, makeClockSkew } from "../observe/clockSkew.ts"
import { elapsed } from "../observe/elapsed.ts"
import { countingCalls } from "../observe/metrics.ts"
import { makeOverdue } from "../observe/overdue.ts"
import { traced } from "../observe/traced.ts"
import { Tenure } from "../store/Ownership.ts"
import type { Language } from "./Languages.ts"
import type { Button, Keyboard, Screen } from "./Screen.ts"
import { afterDoubt, isAlreadySo, TelegramError, telegramErrorOf, unsure } from "./TelegramError.ts"
import type { Texts } from "./texts/Texts.ts"
import { updateKinds } from "./Update.ts"

/** Who sees a list of commands: everybody, or the person of one private chat. */
export type CommandScope = "default" | { readonly chatId: number }

export interface Command {
  readonly command: string
  readonly description: string
}

/** How Telegram sends updates by itself. */
const WebhookInfo = Schema.Struct({
  /** Empty where no webhook is set. */
  url: Schema.String,
  /** How many updates wait to be taken. */
  pending_update_count: Schema.Int,
  /** Why the last delivery failed, in Telegram's words. */
  last_error_message: Schema.optionalKey(Schema.String),
})
export type WebhookInfo = typeof WebhookInfo.Type

/** The bot itself, and what it is allowed. */
const Me = Schema.Struct({
  id: Schema.Int,
  username: Schema.String,
  first_name: Schema.String,
  can_join_groups: Schema.optionalKey(Schema.Boolean),
  can_read_all_group_messages: Schema.optionalKey(Schema.Boolean),
  supports_inline_queries: Schema.optionalKey(Schema.Boolean),
  /**
   * How Telegram sends the taps on the bot's buttons; a server may keep that to itself. With any
   * other than "default" a tap may come without the message whose button it is.
   */
  callback_query_mode: Schema.optionalKey(Schema.String),
})
export type Me = typeof Me.Type

/** The settings of itself that the bot may change. Telegram leaves alone what a call does not name. */
export interface BotSettings {
  readonly can_join_groups?: boolean
  readonly can_read_all_group_messages?: boolean
  readonly supports_inline_queries?: boolean
  readonly callback_query_mode?: "default"
}

/** `unknown`: the Bot API server is older than the method, so only @BotFather changes settings. */
export type SettingsChange = "changed" | "unknown"

export class Telegram extends Context.Service<
  Telegram,
  {
    readonly me: Me
    /** How far the clock here is ahead of Telegram's, by the last answer. */
    readonly clockAhead: ClockSkew["ahead"]
    /** The updates from `offset` on, which confirms all before it. Waits up to `timeout` for one. */
    getUpdates(request: {
      readonly offset: number
      readonly timeout: Duration.Duration
    }): Effect.Effect<ReadonlyArray<unknown>, TelegramError>
    /** Has Telegram send updates to that address by itself, with the secret in a header of each. */
    setWebhook(url: string, secret: Redacted.Redacted): Effect.Effect<void, TelegramError>
    /** Has Telegram keep updates for polls again. Nothing that waits is dropped. */
    readonly deleteWebhook: Effect.Effect<void, TelegramError>
    readonly webhook: Effect.Effect<WebhookInfo, TelegramError>
    /** Sends a message. Not repeated after an unsure outcome, because it may have arrived. */
    send(
      chatId: number,
      screen: Screen,
      options?: { readonly silent?: boolean },
    ): Effect.Effect<MessageRef, TelegramError>
    /** Replaces text and buttons. A message that shows them already is a success. */
    edit(message: MessageRef, screen: Screen): Effect.Effect<void, TelegramError>
    /** The text of the screen is the caption, of at most 1024 characters. Not repeated, as `send`. */
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
    /** A file with a caption, as for a photo. Not repeated, as `send`. */
    sendDocument(
      chatId: number,
      file: Document,
      caption: Screen,
    ): Effect.Effect<MessageRef, TelegramError>
    /** Ends the spinner of a tap. Never fails: if the tap is too old, nobody waits for the answer. */
    answer(
      callbackQueryId: string,
      options?: { readonly text?: string; readonly alert?: boolean },
    ): Effect.Effect<void>
    /** Deletes a message. One that is gone already is a success. */
    remove(message: MessageRef): Effect.Effect<void, TelegramError>
    /** Sets a list of commands; for all languages where `language` is undefined. */
    setCommands(
      scope: CommandScope,
      language: Language | undefined,
      commands: ReadonlyArray<Command>,
    ): Effect.Effect<void, TelegramError>
    /** Changes the bot's own settings. */
    setSettings(settings: BotSettings): Effect.Effect<SettingsChange, TelegramError>
  }
>()("account-bot/bot/Telegram") {
  /** Waits for as long as Telegram does not answer. Fails when Telegram refuses the token. */
  static readonly layer: Layer.Layer<Telegram, TelegramError, Settings> = Layer.effect(
    Telegram,
    Effect.gen(function* () {
      const { botToken, telegramApiRoot } = yield* Settings
      const api = new Api(Redacted.value(botToken), {
        ...Option.match(telegramApiRoot, {
          onNone: () => ({}),
          onSome: (root) => ({ apiRoot: root }),
        }),
        // Calls are ended by the Clock of Effect, so grammY's own limit must be longer.
        timeoutSeconds: Duration.toSeconds(uploadTimeout) * 2,
      })

      const skew = yield* makeClockSkew
      api.config.use(
        postPlainly(
          Option.getOrElse(telegramApiRoot, () => "https://api.telegram.org"),
          Redacted.value(botToken),
          skew,
        ),
      )

      const call = yield* makeCall
      const me = yield* untilAnswered(
        call(Me, { method: "getMe" }, "idempotent", (signal) => api.getMe(signal)),
      )

      const send = Effect.fnUntraced(function* (
        chatId: number,
        screen: Screen,
        options?: { readonly silent?: boolean },
      ) {
        const sent = yield* call(Sent, { method: "sendMessage", chatId }, "once", (signal) =>
          api.sendMessage(
            chatId,
            String(screen.html),
            { ...look(screen), disable_notification: options?.silent === true },
            signal,
          ),
        )
        return { chatId, messageId: sent.message_id }
      })

      const edit = Effect.fnUntraced(function* (message: MessageRef, screen: Screen) {
        const { chatId, messageId } = message
        yield* call(Schema.Unknown, { method: "editMessageText", chatId }, "idempotent", (signal) =>
          api.editMessageText(chatId, messageId, String(screen.html), look(screen), signal),
        ).pipe(Effect.catchIf(isAlreadySo, () => Effect.void))
      })

      const answer = Effect.fnUntraced(function* (
        callbackQueryId: string,
        options?: { readonly text?: string; readonly alert?: boolean },
      ) {
        const text = options?.text === undefined ? {} : { text: shortened(options.text) }
        yield* call(
          Schema.Unknown,
          { method: "answerCallbackQuery", tap: callbackQueryId },
          "idempotent",
          (signal) =>
            api.answerCallbackQuery(
              callbackQueryId,
              { ...text, show_alert: options?.alert === true },
              signal,
            ),
        ).pipe(Effect.catch((error) => Effect.logDebug("A tap was not answered", error.message)))
      })

      const remove = Effect.fnUntraced(function* ({ chatId, messageId }: MessageRef) {
        yield* call(Schema.Unknown, { method: "deleteMessage", chatId }, "idempotent", (signal) =>
          api.deleteMessage(chatId, messageId, signal),
        ).pipe(Effect.catchIf(isAlreadySo, () => Effect.void))
      })

      const setCommands = Effect.fnUntraced(function* (
        scope: CommandScope,
        language: Language | undefined,
        commands: ReadonlyArray<Command>,
      ) {
        yield* call(
          Schema.Unknown,
          { method: "setMyCommands", ...(scope === "default" ? {} : scope) },
          "idempotent",
          (signal) =>
            api.setMyCommands(
              commands,
              {
                scope:
                  scope === "default"
                    ? { type: "default" }
                    : { type: "chat", chat_id: scope.chatId },
                ...(language === undefined ? {} : { language_code: language }),
              },
              signal,
            ),
        )
      })

      return Telegram.of({
        me,
        clockAhead: skew.ahead,
        ...telegramUpdates(api, call),
        send,
        edit,
        ...telegramFiles(api, call),
        answer,
        remove,
        setCommands,
        setSettings: changingSettings(api, call),
      })
    }),
  )
}

const Updates = Schema.Array(
  Schema.StructWithRest(Schema.Struct({ update_id: Schema.Int }), [
    Schema.Record(Schema.String, Schema.Unknown),
  ]),
)

/** The keyboard for Telegram, without copy buttons for which it would refuse the whole message. */
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

/** The fields of a message with a text, beside the text itself. */
const look = ({ keyboard }: Screen) => ({
  parse_mode: "HTML" as const,
  // A login may look like an address, which Telegram would fetch for a preview.
  link_preview_options: { is_disabled: true },
  reply_markup: inlineKeyboard(keyboard),
})

/** The fields of a message with a picture or a file. */
const captionOf = ({ html, keyboard }: Screen) => ({
  caption: String(html),
  parse_mode: "HTML" as const,
  reply_markup: inlineKeyboard(keyboard),
})

/** As much of a text as a toast or an alert may have. */
const shortened = (text: string) => text.slice(0, 200).toWellFormed()

/** What Telegram answers to a new message. */
const Sent = Schema.Struct({ message_id: Schema.Int })

const waitsMax = 3
const triesMax = 4

/**
 * Makes a failed call again where that is safe. A 429 means that nothing was done, so any call is
 * repeated after the wait that Telegram asks for. No answer means that the call may have been done,
 * so it is repeated only if it may safely be done twice.
 */
export const retrying = (kind: "once" | "idempotent") => {
  return <A, R>(call: Effect.Effect<A, TelegramError, R>): Effect.Effect<A, TelegramError, R> => {
    const attempt = (waits: number, tries: number): Effect.Effect<A, TelegramError, R> =>
      call.pipe(
        Effect.catch((met) => {
          // A repeat that is refused does not prove that the first try had no effect.
          const error = tries > 1 ? afterDoubt(met) : met
          const { reason } = error
          if (reason._tag === "RateLimited" && waits < waitsMax) {
            return Duration.isGreaterThan(reason.retryAfter, retryAfterMax)
              ? Effect.fail(error)
              : Effect.delay(attempt(waits + 1, tries), reason.retryAfter)
          }
          if (reason._tag === "Unsure" && kind === "idempotent" && tries < triesMax) {
            return Effect.andThen(pause(tries), attempt(waits, tries + 1))
          }
          return Effect.fail(error)
        }),
      )
    return attempt(0, 1)
  }
}

/** Sleeps about half a second after the first failure, twice as long after each further one. */
export const pause = (failures: number, most: Duration.Duration = Duration.seconds(30)) =>
  Effect.flatMap(Random.nextBetween(0.8, 1.2), (share) =>
    Effect.sleep(
      Duration.times(
        Duration.min(Duration.times(Duration.millis(250), 2 ** Math.min(failures, 20)), most),
        share,
      ),
    ),
  )

/** Sends a file. Gives a sentence about what went wrong; `undefined` where nothing did. */
export const sendFile = (
  telegram: Telegram["Service"],
  chatId: number,
  document: Document,
  caption: Screen,
  texts: Texts,
): Effect.Effect<string | undefined> =>
  telegram.sendDocument(chatId, document, caption).pipe(
    Effect.as(undefined),
    Effect.catch(({ reason }) =>
      Effect.logInfo("file not sent").pipe(
        Effect.annotateLogs({ chat: chatId, reason: reason._tag }),
        Effect.as(
          reason._tag === "Unsure"
            ? texts.exports.unsure
            : texts.exports.notSent(texts.refusals.telegram[reason._tag]),
        ),
      ),
    ),
  )

/** The abort signal as grammY declares it. */
type Signal = NonNullable<Parameters<Api["getMe"]>[0]>

const callTimeout = Duration.seconds(60)

/** Enough for a file of fifty megabytes over the line of an office. */
const uploadTimeout = Duration.times(callTimeout, 3)

/** Telegram limits the calls of a method in one chat; this names both. */
interface Place {
  readonly method: string
  readonly chatId?: number
  /** Each tap is answered once, so a limit on one answer says nothing about the others. */
  readonly tap?: string
}

/** One call of grammY's client: limited in time, its answer decoded, made again where that is safe. */
type Call = <A>(
  schema: Schema.Codec<A, unknown>,
  place: Place,
  kind: "once" | "idempotent",
  run: (signal: Signal) => Promise<unknown>,
  timeout?: Duration.Duration,
) => Effect.Effect<A, TelegramError>

/** The calls that nobody notices, and those that are needed to learn whether there is a bot at all. */
const unnoticed: ReadonlySet<string> = new Set(["getMe", "getUpdates", "getWebhookInfo"])

const makeCall = Effect.gen(function* () {
  const { keeping } = makeWaits()
  const { proven } = yield* Tenure
  // Drawing a message twice does no harm, and sending it twice does: so that asks for a newer proof.
  const owned = (kind: "once" | "idempotent") => proven(kind === "once" ? "now" : "lately")
  const limits = yield* makeOverdue("calls to Telegram", (controller: AbortController) =>
    Effect.sync(() => controller.abort()),
  )

  const limited = (
    { method }: Place,
    run: (signal: Signal) => Promise<unknown>,
    timeout: Duration.Duration,
  ) =>
    Effect.flatMap(elapsed, (now) =>
      Effect.callback<unknown, TelegramError>((resume) => {
        const controller = new AbortController()
        const end = (outcome: Effect.Effect<unknown, TelegramError>) => {
          limits.end(controller)
          resume(outcome)
        }
        limits.begin(controller, now + Duration.toMillis(timeout))
        // grammY's type is that of a polyfill; the real signal has everything that grammY uses.
        run(controller.signal as unknown as Signal).then(
          (result) => end(Effect.succeed(result)),
          (thrown: unknown) => end(Effect.fail(telegramErrorOf(method, thrown))),
        )
        return Effect.sync(() => {
          limits.end(controller)
          controller.abort()
        })
      }),
    )

  const call: Call = (schema, place, kind, run, timeout = callTimeout) =>
    limited(place, run, timeout).pipe(
      Effect.flatMap((result) =>
        Effect.mapError(Schema.decodeUnknownEffect(schema)(result), () => unsure(place.method)),
      ),
      countingCalls("telegram", place.method, (error) =>
        isAlreadySo(error) ? "ok" : error.reason._tag,
      ),
      keeping(place),
      (sending) => (unnoticed.has(place.method) ? sending : Effect.andThen(owned(kind), sending)),
      retrying(kind),
      traced(`Telegram.${place.method}`, { kind: "client" }),
    )
  return call
})

/**
 * Keeps to the waits that Telegram has asked for. Until one is over every call of that method in
 * that chat, whoever makes it, is refused here as Telegram would refuse it, and Telegram, which
 * prolongs the wait of whoever goes on asking, sees nothing of it. A restart forgets them.
 */
const makeWaits = () => {
  /** When each wait is over, in milliseconds that have gone by. */
  const waits = new Map<string, number>()

  const note = (key: string, now: number, retryAfter: Duration.Duration) => {
    for (const [each, until] of waits) if (until <= now) waits.delete(each)
    waits.set(key, now + Duration.toMillis(retryAfter))
  }

  const keeping =
    ({ method, chatId, tap }: Place) =>
    <A, R>(call: Effect.Effect<A, TelegramError, R>): Effect.Effect<A, TelegramError, R> =>
      Effect.gen(function* () {
        const key = `${method} ${chatId ?? tap ?? ""}`
        const left = (waits.get(key) ?? 0) - (yield* elapsed)
        if (left > 0) {
          const reason = { _tag: "RateLimited", retryAfter: Duration.millis(left) } as const
          return yield* new TelegramError({ method, reason })
        }
        return yield* Effect.tapError(call, ({ reason }) =>
          reason._tag === "RateLimited"
            ? Effect.map(elapsed, (now) => note(key, now, reason.retryAfter))
            : Effect.void,
        )
      })

  return { keeping }
}

/** Repeats a call until Telegram answers, because a machine may start before its network does. */
const untilAnswered = <A>(
  self: Effect.Effect<A, TelegramError>,
  failures = 1,
): Effect.Effect<A, TelegramError> =>
  self.pipe(
    Effect.catchIf(
      ({ reason }) => reason._tag === "Unsure" || reason._tag === "RateLimited",
      (error) =>
        Effect.logWarning("Telegram does not answer, trying again", error.message).pipe(
          Effect.andThen(pause(failures)),
          Effect.andThen(untilAnswered(self, failures + 1)),
        ),
    ),
  )

/** The calls that may carry a file. */
const withFiles: ReadonlySet<string> = new Set(["sendPhoto", "editMessageMedia", "sendDocument"])

/**
 * Sends calls without files as plain JSON, for half of what grammY's own way costs: that looks for
 * files in each payload, and races three promises and a timer for each call. Connections are kept
 * for the next call.
 */
const postPlainly = (apiRoot: string, token: string, skew: ClockSkew): Transformer => {
  const { hostname, port, protocol } = urlToHttpOptions(new URL(apiRoot))
  const { request, Agent } = protocol === "http:" ? Http : Https
  const server = { agent: new Agent({ keepAlive: true }), hostname, port, method: "POST" }
  const path = `${new URL(apiRoot).pathname.replace(/\/$/, "")}/bot${token}/`

  const post = (method: string, payload: unknown, signal: Signal | undefined) =>
    new Promise<unknown>((resolve, reject) => {
      const body = JSON.stringify(payload)
      const headers = {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      }
      const sent = request({ ...server, path: path + method, headers }, (response) => {
        skew.heard(response.headers.date)
        const parts: Array<Buffer> = []
        response.on("data", (part: Buffer) => parts.push(part))
        response.on("error", reject)
        response.on("end", () => {
          try {
            resolve(JSON.parse(Buffer.concat(parts).toString()))
          } catch (cause) {
            reject(cause)
          }
        })
      })
      const abort = () => sent.destroy(new Error("the call was broken off"))
      if (signal?.aborted === true) abort()
      signal?.addEventListener("abort", abort)
      sent.on("close", () => signal?.removeEventListener("abort", abort))
      sent.on("error", reject)
      sent.end(body)
    })

  return (next, method, payload, signal) =>
    withFiles.has(method)
      ? next(method, payload, signal)
      : // What Telegram says is decoded by whoever called; grammY looks at `ok` alone.
        (post(method, payload, signal) as ReturnType<typeof next>)
}

export interface Document {
  /** Letters, digits, points and dashes; any other character in it becomes a dash. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** How updates come: polled, or by a webhook. */
const telegramUpdates = (api: Api, call: Call) => {
  const getUpdates = ({ offset, timeout }: { offset: number; timeout: Duration.Duration }) =>
    call(
      Updates,
      { method: "getUpdates" },
      "idempotent",
      (signal) =>
        api.getUpdates(
          { offset, timeout: Duration.toSeconds(timeout), allowed_updates: updateKinds },
          signal,
        ),
      Duration.sum(timeout, Duration.seconds(15)),
    )

  const setWebhook = (address: string, secret: Redacted.Redacted) =>
    Effect.asVoid(
      call(Schema.Unknown, { method: "setWebhook" }, "idempotent", (signal) =>
        api.setWebhook(
          address,
          { secret_token: Redacted.value(secret), allowed_updates: updateKinds },
          signal,
        ),
      ),
    )

  const deleteWebhook = Effect.asVoid(
    call(Schema.Unknown, { method: "deleteWebhook" }, "idempotent", (signal) =>
      api.deleteWebhook({}, signal),
    ),
  )

  const webhook = call(WebhookInfo, { method: "getWebhookInfo" }, "idempotent", (signal) =>
    api.getWebhookInfo(signal),
  )

  return { getUpdates, setWebhook, deleteWebhook, webhook }
}

/** setMySettings, which is younger than grammY's list of methods. */
const changingSettings = (api: Api, call: Call) => {
  // grammY sends any method by its name; only its types end with the methods that it lists.
  const { setMySettings } = api.raw as unknown as {
    setMySettings(settings: BotSettings, signal: Signal): Promise<unknown>
  }
  return (settings: BotSettings): Effect.Effect<SettingsChange, TelegramError> =>
    call(Schema.Unknown, { method: "setMySettings" }, "idempotent", (signal) =>
      setMySettings(settings, signal).catch(unknownMethod),
    ).pipe(Effect.map((answer) => (answer === "unknown" ? "unknown" : "changed")))
}

/** The token was accepted before, so what Telegram does not find is the method. */
const unknownMethod = (thrown: unknown): SettingsChange => {
  if (thrown instanceof GrammyError && thrown.error_code === 404) return "unknown"
  throw thrown
}

/** The calls that carry a picture or a file. */
const telegramFiles = (api: Api, call: Call) => {
  const sendPhoto = Effect.fnUntraced(function* (chatId: number, png: Uint8Array, screen: Screen) {
    const sent = yield* call(Sent, { method: "sendPhoto", chatId }, "once", (signal) =>
      api.sendPhoto(chatId, pictureOf(png), captionOf(screen), signal),
    )
    return { chatId, messageId: sent.message_id }
  })

  const editPhoto = Effect.fnUntraced(function* (
    { chatId, messageId }: MessageRef,
    png: Uint8Array,
    screen: Screen,
  ) {
    const { reply_markup, ...caption } = captionOf(screen)
    yield* call(Schema.Unknown, { method: "editMessageMedia", chatId }, "idempotent", (signal) =>
      api.editMessageMedia(
        chatId,
        messageId,
        { type: "photo", media: pictureOf(png), ...caption },
        { reply_markup },
        signal,
      ),
    ).pipe(Effect.catchIf(isAlreadySo, () => Effect.void))
  })

  const sendDocument = Effect.fnUntraced(function* (
    chatId: number,
    file: Document,
    screen: Screen,
  ) {
    const sent = yield* call(
      Sent,
      { method: "sendDocument", chatId },
      "once",
      (signal) => api.sendDocument(chatId, fileOf(file), captionOf(screen), signal),
      uploadTimeout,
    )
    return { chatId, messageId: sent.message_id }
  })

  return { sendPhoto, editPhoto, sendDocument }
}

/** The name is sent unquoted, so it has plain letters only. */
const pictureOf = (png: Uint8Array) => new InputFile(png, "chart.png")

const fileOf = ({ name, bytes }: Document) =>
  new InputFile(bytes, name.replaceAll(/[^a-zA-Z0-9.-]/g, "-"))
