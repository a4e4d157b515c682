/** People who press buttons by what these mean, in whatever language they are labelled. */
import { Option } from "effect"
import { type Action, decodeAction, encodeAction } from "../../src/bot/buttons.ts"
import type { Call, Demo, Message } from "../e2e/Demo.ts"
import { freshMenu } from "../e2e/people.ts"

/** The fields of an action that tell which button is meant. */
export interface Wanted {
  readonly _tag: Action["_tag"]
  readonly [field: string]: unknown
}

/** The data of every button of the bot in a chat, the newest message first. */
export const buttonsIn = (chat: ReadonlyArray<Message>) =>
  chat
    .toReversed()
    .flatMap(({ messageId, keyboard = [] }) =>
      keyboard.flat().flatMap(({ data }) => (data === undefined ? [] : [{ messageId, data }])),
    )

/** Presses the newest such button as soon as the chat shows it; gives what it says and where. */
export const pressed = async (demo: Demo, userId: number, wanted: Wanted) => {
  const found = await demo.eventually(`${userId} to have ${JSON.stringify(wanted)}`, async () => {
    for (const { messageId, data } of buttonsIn(await demo.chat(userId))) {
      const action = Option.getOrUndefined(decodeAction(data))
      if (action !== undefined && says(action, wanted)) return { messageId, data, action }
    }
    return undefined
  })
  await tapped(demo, userId, found)
  return found
}

const says = (action: Action, wanted: Wanted) => {
  const fields: Readonly<Record<string, unknown>> = { ...action }
  return Object.entries(wanted).every(([name, value]) => fields[name] === value)
}

/** Taps, and waits until what that has begun has come to its end. */
export const tapped = async (
  demo: Demo,
  userId: number,
  tap: { messageId: number; data: string },
) => {
  await demo.tap(userId, { messageId: tap.messageId, data: tap.data })
  await quiet(demo)
}

/** Asks for so many of a kind on a fresh menu, with one press; gives the message they stand on. */
export const issued = async (
  demo: Demo,
  userId: number,
  what: Partial<Extract<Action, { readonly _tag: "Issue" }>> & { readonly resource: string },
) => {
  const messageId = await freshMenu(demo, userId)
  const order = { targets: 0, region: "495", quantity: 1, variant: null, ...what }
  await tapped(demo, userId, { messageId, data: encodeAction({ _tag: "Issue", ...order }) })
  return messageId
}

/** The issuances on a message of which none has a mark, in its order. */
export const waitingOn = async (demo: Demo, userId: number, on: number) => {
  const ids = buttonsIn(await demo.chat(userId)).flatMap(({ messageId, data }) => {
    const action = Option.getOrUndefined(decodeAction(data))
    return messageId === on && (action?._tag === "Mark" || action?._tag === "Look")
      ? [action.issuance]
      : []
  })
  return [...new Set(ids)]
}

/** Says it, and waits until the bot has done with it. */
export const said = async (demo: Demo, userId: number, text: string) => {
  await demo.say(userId, text)
  await quiet(demo)
}

/** Until nothing is under way and the bot has called nothing for some looks. */
export const quiet = async (demo: Demo) => {
  let [newest, looks] = [-1, 0]
  await demo.eventually("the bot to be quiet", async () => {
    const calls = await demo.calls()
    const last = calls.at(-1)?.n ?? 0
    const isOver = calls.every((call) => call.status !== undefined || isIdle(call))
    looks = isOver && last === newest ? looks + 1 : 0
    newest = last
    return looks === looksWanted ? true : undefined
  })
}
const looksWanted = 10

/** A held poll waits for people, and a call that met a planted fault for nothing at all. */
const isIdle = (call: Call) => call.method === "getUpdates" || "fault" in call
