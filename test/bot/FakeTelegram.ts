/** Telegram as a person sees it: chats with messages, and every answer to a tap. */
import { Deferred, Duration, Effect, Layer } from "effect"
import type { Language } from "../../src/bot/Languages.ts"
import type { Button, Screen } from "../../src/bot/Screen.ts"
import {
  type BotSettings,
  type Command,
  type CommandScope,
  type SettingsChange,
  Telegram,
} from "../../src/bot/Telegram.ts"
import { afterDoubt, TelegramError, type TelegramFailure } from "../../src/bot/TelegramError.ts"
import type { MessageRef } from "../../src/domain/Issuance.ts"

export interface Shown {
  readonly messageId: number
  readonly screen: Screen
  readonly edits: number
  /** The bytes of the picture above the text, as a string. */
  readonly photo?: string
  /** The file above the text, its bytes as a string. */
  readonly document?: { readonly name: string; readonly text: string }
  /** It came without a sound. */
  readonly silent?: boolean
}

interface Answer {
  readonly callbackId: string
  readonly text?: string
  readonly alert?: boolean
}

interface Fault {
  readonly method: Method
  readonly chatId: number | undefined
  readonly reason: TelegramFailure
  /** The call took effect all the same: only its answer is lost. */
  readonly applied: boolean
  /** An earlier try of the call got no answer. */
  readonly inDoubt: boolean
  times: number
}

type Method = "send" | "edit" | "remove" | "sendPhoto" | "sendDocument"

/** `mode`: the callback_query_mode that getMe tells; none where a server does not tell it. */
export const make = ({ mode }: { readonly mode?: string } = {}) => {
  const chats = new Map<number, Array<Shown>>()
  const answers: Array<Answer> = []
  const commands: Array<{
    scope: CommandScope
    language: Language | undefined
    list: ReadonlyArray<Command>
  }> = []
  const calls: Array<string> = []
  const removed: Array<MessageRef> = []
  const settings: Array<BotSettings> = []
  const faults: Array<Fault> = []
  let lastId = 100

  const chat = (chatId: number) => {
    const messages = chats.get(chatId) ?? []
    chats.set(chatId, messages)
    return messages
  }

  let gate:
    | {
        readonly method: string
        readonly reached: Deferred.Deferred<void>
        readonly opened: Deferred.Deferred<void>
      }
    | undefined

  /** The next call of a method waits until it is released; further ones go through. */
  const hang = (method: "send" | "edit" | "sendDocument" | "answer" | "setSettings") => {
    const [reached, opened] = [Deferred.makeUnsafe<void>(), Deferred.makeUnsafe<void>()]
    gate = { method, reached, opened }
    return { reached: Deferred.await(reached), release: Deferred.succeed(opened, undefined) }
  }

  const waiting = (method: string) =>
    Effect.suspend(() => {
      if (gate?.method !== method) return Effect.void
      const { reached, opened } = gate
      gate = undefined
      return Effect.andThen(Deferred.succeed(reached, undefined), Deferred.await(opened))
    })

  let distance = Duration.zero
  let settingsEnd: Effect.Effect<SettingsChange, TelegramError> = Effect.succeed("changed")

  const performing = <A>(method: Method, chatId: number, act: () => A) =>
    Effect.suspend(() => {
      calls.push(`${method} ${chatId}`)
      return Duration.isZero(distance)
        ? outcomeOf(method, chatId, act)
        : Effect.delay(outcomeOf(method, chatId, act), distance)
    })

  const outcomeOf = <A>(method: Method, chatId: number, act: () => A) =>
    Effect.suspend(() => {
      const fault = faults.find(
        (each) =>
          each.method === method &&
          each.times > 0 &&
          (each.chatId === undefined || each.chatId === chatId),
      )
      if (fault === undefined) return Effect.sync(act)
      fault.times -= 1
      if (fault.applied) act()
      const error = new TelegramError({ method, reason: fault.reason })
      return Effect.fail(fault.inDoubt ? afterDoubt(error) : error)
    })

  const stringOf = (bytes: Uint8Array) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)

  const put = (
    chatId: number,
    screen: Screen,
    more: Pick<Shown, "photo" | "document" | "silent"> = {},
  ): MessageRef => {
    lastId += 1
    chat(chatId).push({ messageId: lastId, screen, edits: 0, ...more })
    return { chatId, messageId: lastId }
  }

  /** A text cannot take the place of a picture, nor the other way round. */
  const refusal = (before: Shown, photo: string | undefined): TelegramFailure | undefined =>
    (before.photo === undefined) === (photo === undefined)
      ? undefined
      : { _tag: "Rejected", code: 400, description: "Bad Request: there is no such content" }

  const edit = ({ chatId, messageId }: MessageRef, screen: Screen, photo?: string) =>
    Effect.suspend(() => {
      const at = chat(chatId).findIndex((each) => each.messageId === messageId)
      const before = chat(chatId)[at]
      if (before === undefined) {
        calls.push(`edit ${chatId}`)
        return Effect.fail(new TelegramError({ method: "edit", reason: { _tag: "MessageGone" } }))
      }
      const reason = refusal(before, photo)
      if (reason !== undefined) return Effect.fail(new TelegramError({ method: "edit", reason }))
      const picture = photo === undefined ? {} : { photo }
      return Effect.andThen(
        waiting("edit"),
        performing("edit", chatId, () => {
          const edits = chat(chatId)[at]?.edits ?? before.edits
          chat(chatId)[at] = { messageId, screen, edits: edits + 1, ...picture }
        }),
      )
    })

  const layer = Layer.mock(Telegram, {
    me: {
      id: 1000,
      username: "account_bot",
      first_name: "Account Bot",
      ...(mode === undefined ? {} : { callback_query_mode: mode }),
    },
    send: (chatId, screen, options) =>
      Effect.andThen(
        waiting("send"),
        performing("send", chatId, () =>
          put(chatId, screen, options?.silent === true ? { silent: true } : {}),
        ),
      ),
    edit,
    sendPhoto: (chatId, png, screen) =>
      performing("sendPhoto", chatId, () => put(chatId, screen, { photo: stringOf(png) })),
    sendDocument: (chatId, { name, bytes }, screen) =>
      Effect.andThen(
        waiting("sendDocument"),
        performing("sendDocument", chatId, () =>
          put(chatId, screen, { document: { name, text: stringOf(bytes) } }),
        ),
      ),
    editPhoto: (message, png, screen) => edit(message, screen, stringOf(png)),
    answer: (callbackId, options = {}) =>
      Effect.suspend(() => {
        calls.push("answer")
        const taken = Effect.andThen(
          waiting("answer"),
          Effect.sync(() => void answers.push({ callbackId, ...options })),
        )
        return Duration.isZero(distance) ? taken : Effect.delay(taken, distance)
      }),
    remove: ({ chatId, messageId }) =>
      performing("remove", chatId, () => {
        removed.push({ chatId, messageId })
        chats.set(
          chatId,
          chat(chatId).filter((each) => each.messageId !== messageId),
        )
      }),
    setCommands: (scope, language, list) =>
      Effect.sync(() => {
        commands.push({ scope, language, list })
      }),
    setSettings: (change) =>
      Effect.suspend(() => {
        settings.push(change)
        return waiting("setSettings").pipe(Effect.andThen(settingsEnd))
      }),
  })

  return {
    layer,
    chat,
    answers,
    commands,
    calls,
    /** Messages that were deleted, those of people too. */
    removed,
    /** What the bot changed of its own settings. */
    settings,
    /** From now on changes of settings end so. */
    endSettings: (end: typeof settingsEnd) => void (settingsEnd = end),
    /** The next calls of a method fail so, in one chat or in all. */
    fail: (
      method: Method,
      reason: TelegramFailure,
      {
        times = 1,
        applied = false,
        inDoubt = false,
        chatId,
      }: { times?: number; applied?: boolean; inDoubt?: boolean; chatId?: number } = {},
    ) => void faults.push({ method, reason, times, applied, inDoubt, chatId }),
    /** No call fails any more. */
    heal: () => void faults.splice(0),
    hang,
    /** From now on every call takes effect, and is answered, that long after it was made. */
    move: (away: Duration.Duration) => void (distance = away),
    nextMessageId: () => (lastId += 1),
  }
}

/** Text as it is read, without the markup. */
export const textOf = ({ html }: Screen) =>
  String(html)
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")

export const buttonsOf = ({ keyboard }: Screen): ReadonlyArray<Button> => keyboard.flat()

/** Rows of button texts. */
export const labelsOf = ({ keyboard }: Screen) => keyboard.map((row) => row.map(({ text }) => text))
