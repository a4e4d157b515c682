/** What the people of a story do, one step at a time: they look at their chat and press buttons. */
import { Clock, Effect } from "effect"
import type { ChatView } from "../../src/playground/telegram/Chats.ts"
import type { BadAct } from "../../src/playground/telegram/Method.ts"
import type { World } from "./World.ts"

export type Message = ChatView[number]

export interface Step {
  readonly name: string
  readonly done: (world: World) => Effect.Effect<boolean>
  /** May be refused, as a button that is not there is. */
  readonly act: (world: World) => Effect.Effect<unknown, BadAct>
  /** Seconds between two looks at what came of it; 1. */
  readonly pace?: number
}

export const sees = (userId: number, matches: (message: Message) => boolean) => (world: World) =>
  Effect.map(world.chats.chat(userId), (chat) =>
    chat.some((message) => message.from === "bot" && matches(message)),
  )

/**
 * Presses the first of `buttons` that the newest message of the bot has; if none, `otherwise`.
 * A text is the whole label, or all of it before what is left: «Ж · 1 шт.».
 */
export const press = (
  userId: number,
  buttons: ReadonlyArray<string | RegExp>,
  otherwise: (world: World) => Effect.Effect<unknown, BadAct> = () => Effect.void,
) =>
  Effect.fnUntraced(function* (world: World) {
    const chat = yield* world.chats.chat(userId)
    const last = chat.findLast(({ from }) => from === "bot")
    const found = (last?.keyboard.flat() ?? []).flatMap(({ text, data }) =>
      data === undefined ? [] : [{ text, data }],
    )
    const button = buttons
      .map((one) => found.find(({ text }) => isLabel(one, text)))
      .find((one) => one !== undefined)
    if (last === undefined || button === undefined) return yield* otherwise(world)
    return yield* world.chats.tap({ userId, messageId: last.messageId, data: button.data })
  })

/** Presses the first of `buttons` that any message of the bot has, the newest message first. */
export const pressAnywhere = (userId: number, buttons: ReadonlyArray<string | RegExp>) =>
  Effect.fnUntraced(function* (world: World) {
    const chat = yield* world.chats.chat(userId)
    const found = buttons.flatMap((one) =>
      chat
        .toReversed()
        .flatMap(({ from, keyboard, messageId }) =>
          (from === "bot" ? keyboard.flat() : []).flatMap(({ text, data }) =>
            data !== undefined && isLabel(one, text) ? [{ messageId, data }] : [],
          ),
        ),
    )
    const [button] = found
    return yield* button === undefined ? Effect.void : world.chats.tap({ userId, ...button })
  })

const isLabel = (wanted: string | RegExp, text: string) =>
  typeof wanted === "string"
    ? text === wanted || text.startsWith(`${wanted} · `)
    : wanted.test(text)

export const toMenu =
  (userId: number) =>
  ({ chats }: World) =>
    chats.say(userId, "/menu")

/** Nobody does anything until that moment. */
export const waitUntil = (name: string, moment: number, pace: number): Step => ({
  name,
  done: () => Effect.map(Clock.currentTimeMillis, (now) => now >= moment),
  act: () => Effect.void,
  pace,
})
