/**
 * Everything that goes out to Telegram; no other file knows grammY's client.
 *
 * Files go by that client. Every other call is a plain POST of JSON, typed by grammY: it costs half
 * of what the client takes, and a tap is little else than two of them.
 *
 * A failed call is a TelegramError, which holds nothing of the request and nothing of the token.
 */
import * as Http from "node:http"
import * as Https from "node:https"
import { urlToHttpOptions } from "node:url"
import {
  Context,
  Duration,
  Effect,
  Layer,
  Option,
  Predicate,
  Random,
  Redacted,
  Schema,
} from "effect"
import { Api, InputFile } from "grammy"
import type { ApiMethods, InlineKeyboardButton } from "grammy/types"
import { retryAfterMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { MessageRef } from "../domain/Issuance.ts"
import { elapsed } from "../observe/elapsed.ts"
import { makeOverdue } from "../observe/overdue.ts"
import type { Language } from "./Languages.ts"
import type { Button, Keyboard, Screen } from "./Screen.ts"
import {
  afterDoubt,
  isAlreadySo,
  refusalOf,
  TelegramError,
  telegramErrorOf,
  unsure,
} from "./TelegramError.ts"
import type { Texts } from "./texts/Texts.ts"
import { updateKinds } from "./Update.ts"

/** Who sees a list of commands: everybody, or the person of one private chat. */
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
    /** The updates from `offset` on, which confirms all before it. Waits up to `timeout` for one. */
    getUpdates(request: {
      readonly offset: number
      readonly timeout: Duration.Duration
    }): Effect.Effect<ReadonlyArray<unknown>, TelegramError>
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
  }
>()("account-bot/bot/Telegram") {
  /** Waits for as long as Telegram does not answer. Fails when Telegram refuses the token. */
  static readonly layer: Layer.Layer<Telegram, TelegramError, Settings> = Layer.effect(
    Telegram,
    Effect.gen(function* () {
      const { botToken, telegramApiRoot } = yield* Settings
      const apiRoot = Option.getOrElse(telegramApiRoot, () => "https://api.telegram.org")
      const token = Redacted.value(botToken)
      const { keeping } = makeWaits()
      const post = yield* makePost({ apiRoot, token }, keeping)

      const me = yield* untilAnswered(
        Effect.flatMap(
          post({ method: "getMe", kind: "idempotent" }, undefined),
          decodedAs("getMe", Me),
        ),
      )

      const getUpdates = ({ offset, timeout }: { offset: number; timeout: Duration.Duration }) =>
        post(
          {
            method: "getUpdates",
            kind: "idempotent",
            within: Duration.sum(timeout, Duration.seconds(15)),
          },
          { offset, timeout: Duration.toSeconds(timeout), allowed_updates: updateKinds },
        ).pipe(Effect.flatMap(decodedAs("getUpdates", Updates)))

      const send = (
        chatId: number,
        screen: Screen,
        options?: { readonly silent?: boolean },
      ): Effect.Effect<MessageRef, TelegramError> =>
        post(
          { method: "sendMessage", place: chatId, kind: "once" },
          {
            chat_id: chatId,
            text: String(screen.html),
            ...look(screen),
            disable_notification: options?.silent === true,
          },
        ).pipe(
          Effect.flatMap(decodedAs("sendMessage", Sent)),
          Effect.map(({ message_id: messageId }) => ({ chatId, messageId })),
        )

      const edit = ({ chatId, messageId }: MessageRef, screen: Screen) =>
        post(
          { method: "editMessageText", place: chatId, kind: "idempotent" },
          {
            chat_id: chatId,
            message_id: messageId,
            text: String(screen.html),
            ...look(screen),
          },
        ).pipe(
          Effect.catchIf(isAlreadySo, () => Effect.void),
          Effect.asVoid,
        )

      const answer = (
        callbackQueryId: string,
        options?: { readonly text?: string; readonly alert?: boolean },
      ) =>
        post(
          // Each tap is answered once, so a limit on one answer says nothing about the others.
          { method: "answerCallbackQuery", place: callbackQueryId, kind: "idempotent" },
          {
            callback_query_id: callbackQueryId,
            ...(options?.text === undefined ? {} : { text: shortened(options.text) }),
            show_alert: options?.alert === true,
          },
        ).pipe(
          Effect.catch((error) => Effect.logDebug("A tap was not answered", error.message)),
          Effect.asVoid,
        )

      const remove = ({ chatId, messageId }: MessageRef) =>
        post(
          { method: "deleteMessage", place: chatId, kind: "idempotent" },
          { chat_id: chatId, message_id: messageId },
        ).pipe(
          Effect.catchIf(isAlreadySo, () => Effect.void),
          Effect.asVoid,
        )

      const setCommands = (
        scope: CommandScope,
        language: Language | undefined,
        commands: ReadonlyArray<Command>,
      ) =>
        post(
          {
            method: "setMyCommands",
            kind: "idempotent",
            ...(scope !== "default" && { place: scope.chatId }),
          },
          {
            commands,
            scope:
              scope === "default" ? { type: "default" } : { type: "chat", chat_id: scope.chatId },
            ...(language !== undefined && { language_code: language }),
          },
        ).pipe(Effect.asVoid)

      return Telegram.of({
        me,
        getUpdates,
        send,
        edit,
        ...telegramFiles({ apiRoot, token }, keeping),
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

const callTimeout = Duration.seconds(60)

/** Enough for a file of fifty megabytes over the line of an office. */
const uploadTimeout = Duration.times(callTimeout, 3)

/** Where the calls go, and as whom. */
interface Server {
  readonly apiRoot: string
  readonly token: string
}

/** What is known of a call beside its parameters. */
interface About<Method extends string = string> {
  readonly method: Method
  readonly kind: "once" | "idempotent"
  /** Telegram limits the calls of a method in one chat, or in all where there is no place. */
  readonly place?: number | string
  /** How long Telegram may take for the answer. */
  readonly within?: Duration.Duration
}

/** Reads what Telegram gave. A result that cannot be read says nothing about what was done. */
const decodedAs = <A>(method: string, schema: Schema.Codec<A, unknown>) => {
  const decode = Schema.decodeUnknownEffect(schema)
  return (result: unknown) => Effect.mapError(decode(result), () => unsure(method))
}

/**
 * Makes calls without files: limited in time, made again where that is safe. Connections are kept for
 * the next call.
 */
const makePost = Effect.fnUntraced(function* (server: Server, keeping: Keeping) {
  const requestFor = makeRequest(server)
  const limits = yield* makeOverdue("calls to Telegram", (breakOff: () => void) =>
    Effect.sync(breakOff),
  )

  return <Method extends keyof ApiMethods>(
    about: About<Method>,
    parameters: Parameters<ApiMethods[Method]>[0],
  ): Effect.Effect<unknown, TelegramError> => {
    const { method, kind, within = callTimeout } = about
    const once = Effect.flatMap(elapsed, (now) =>
      Effect.callback<unknown, TelegramError>((resume) => {
        const end = (outcome: Effect.Effect<unknown, TelegramError>) => {
          limits.end(breakOff)
          resume(outcome)
        }
        const fail = () => end(Effect.fail(unsure(method)))
        const sent = requestFor(method, JSON.stringify(parameters ?? {}), (response) => {
          const parts: Array<Buffer> = []
          response.on("data", (part: Buffer) => parts.push(part))
          response.on("error", fail)
          response.on("end", () => end(answered(method, Buffer.concat(parts).toString())))
        })
        const breakOff = () => void sent.destroy(new Error("the call was broken off"))
        sent.on("error", fail)
        limits.begin(breakOff, now + Duration.toMillis(within))
        return Effect.sync(() => {
          limits.end(breakOff)
          breakOff()
        })
      }),
    )
    return once.pipe(keeping(about), retrying(kind))
  }
})

/** Begins requests with JSON to methods of the server. */
const makeRequest = ({ apiRoot, token }: Server) => {
  const root = new URL(`${apiRoot}/bot${token}/`)
  const { hostname, port, protocol } = urlToHttpOptions(root)
  const { request, Agent } = protocol === "http:" ? Http : Https
  const options = { agent: new Agent({ keepAlive: true }), hostname, port, method: "POST" }

  return (method: string, body: string, take: (response: Http.IncomingMessage) => void) => {
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    }
    const sent = request({ ...options, path: `${root.pathname}${method}`, headers }, take)
    sent.end(body)
    return sent
  }
}

/** What the answer of Telegram says: the result of the call, or why there is none. */
const answered = (method: string, text: string): Effect.Effect<unknown, TelegramError> => {
  try {
    const answer: unknown = JSON.parse(text)
    return Predicate.hasProperty(answer, "ok") && answer.ok === true
      ? Effect.succeed(Predicate.hasProperty(answer, "result") ? answer.result : undefined)
      : Effect.fail(refusalOf(method, answer))
  } catch {
    return Effect.fail(unsure(method))
  }
}

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
    ({ method, place = "" }: About) =>
    <A, R>(call: Effect.Effect<A, TelegramError, R>): Effect.Effect<A, TelegramError, R> =>
      Effect.flatMap(elapsed, (begun) => {
        const key = `${method} ${place}`
        const left = (waits.get(key) ?? 0) - begun
        if (left > 0) {
          const reason = { _tag: "RateLimited", retryAfter: Duration.millis(left) } as const
          return Effect.fail(new TelegramError({ method, reason }))
        }
        return Effect.tapError(call, ({ reason }) =>
          reason._tag === "RateLimited"
            ? Effect.map(elapsed, (now) => note(key, now, reason.retryAfter))
            : Effect.void,
        )
      })

  return { keeping }
}

type Keeping = ReturnType<typeof makeWaits>["keeping"]

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

export interface Document {
  /** Letters, digits, points and dashes; any other character in it becomes a dash. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** The abort signal as grammY declares it. */
type Signal = NonNullable<Parameters<Api["getMe"]>[0]>

/** The calls that carry a picture or a file, by grammY's client. */
const telegramFiles = ({ apiRoot, token }: Server, keeping: Keeping) => {
  const api = new Api(token, {
    apiRoot,
    // Calls are ended by the Clock of Effect, so grammY's own limit must be longer.
    timeoutSeconds: Duration.toSeconds(uploadTimeout) * 2,
  })

  const call = (about: About, run: (signal: Signal) => Promise<unknown>) => {
    const { method, kind, within = callTimeout } = about
    return Effect.tryPromise({
      // grammY's type is that of a polyfill; the real signal has everything that grammY uses.
      try: (signal) => run(signal as unknown as Signal),
      catch: (thrown) => telegramErrorOf(method, thrown),
    }).pipe(
      Effect.timeoutOrElse({ duration: within, orElse: () => Effect.fail(unsure(method)) }),
      keeping(about),
      retrying(kind),
    )
  }

  const sendPhoto = Effect.fnUntraced(function* (chatId: number, png: Uint8Array, screen: Screen) {
    const sent = yield* call({ method: "sendPhoto", place: chatId, kind: "once" }, (signal) =>
      api.sendPhoto(chatId, pictureOf(png), captionOf(screen), signal),
    ).pipe(Effect.flatMap(decodedAs("sendPhoto", Sent)))
    return { chatId, messageId: sent.message_id }
  })

  const editPhoto = Effect.fnUntraced(function* (
    { chatId, messageId }: MessageRef,
    png: Uint8Array,
    screen: Screen,
  ) {
    const { reply_markup, ...caption } = captionOf(screen)
    yield* call({ method: "editMessageMedia", place: chatId, kind: "idempotent" }, (signal) =>
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
      { method: "sendDocument", place: chatId, kind: "once", within: uploadTimeout },
      (signal) => api.sendDocument(chatId, fileOf(file), captionOf(screen), signal),
    ).pipe(Effect.flatMap(decodedAs("sendDocument", Sent)))
    return { chatId, messageId: sent.message_id }
  })

  return { sendPhoto, editPhoto, sendDocument }
}

/** The name is sent unquoted, so it has plain letters only. */
const pictureOf = (png: Uint8Array) => new InputFile(png, "chart.png")

const fileOf = ({ name, bytes }: Document) =>
  new InputFile(bytes, name.replaceAll(/[^a-zA-Z0-9.-]/g, "-"))
