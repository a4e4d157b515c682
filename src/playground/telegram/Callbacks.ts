/** Answers to taps: each tap once, and only while the person's app still waits. */
import { Option, Result } from "effect"
import * as Args from "./Args.ts"
import { longerThan } from "./FormattedText.ts"
import type { Method } from "./Method.ts"
import { badRequest } from "./Refusal.ts"
import type { Callback, TelegramState } from "./TelegramState.ts"

/** What became of a tap. */
export interface CallbackView {
  readonly answered: boolean
  readonly text?: string
  readonly showAlert?: boolean
}

export const answerCallbackQuery: Method = ({ state, args, now }) => {
  const id = Args.text(args, "callback_query_id")
  const callback = state.callbacks.find((tapped) => tapped.id === id)
  if (callback === undefined || callback.answer !== undefined || now >= callback.expiresAt) {
    return badRequest("query is too old and response timeout expired or query ID is invalid")
  }
  const text = Args.text(args, "text")
  if (longerThan(text, maxAnswer)) return badRequest("MESSAGE_TOO_LONG")
  const answer = {
    showAlert: Args.flag(args, "show_alert"),
    ...(text === "" ? {} : { text }),
  }
  const callbacks = state.callbacks.map((tapped) =>
    tapped === callback ? { ...callback, answer } : tapped,
  )
  return Result.succeed({ state: { ...state, callbacks }, result: true })
}

export const withCallback = (state: TelegramState, callback: Callback): TelegramState => ({
  ...state,
  callbacks: [...state.callbacks.slice(-keptCallbacks), callback],
})

export const callbackView = (state: TelegramState, id: string): Option.Option<CallbackView> => {
  const callback = state.callbacks.find((tapped) => tapped.id === id)
  if (callback === undefined) return Option.none()
  return Option.some({ answered: callback.answer !== undefined, ...callback.answer })
}

const maxAnswer = 200
/** Far more than can wait for an answer at once. */
const keptCallbacks = 200
