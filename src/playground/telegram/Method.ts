/** What every method of the Bot API has in common: what it is given and whom it may address. */
import { Result, Schema } from "effect"
import * as Args from "./Args.ts"
import { badRequest, refuse, type TelegramRefusal } from "./Refusal.ts"
import type { BotUser, SimUser, TelegramState } from "./TelegramState.ts"

/** What a rule is given to decide by. */
export interface Moment {
  readonly state: TelegramState
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly bot: BotUser
}

/** What a rule decides; the same `state` when nothing changes. */
export interface Decision<A> {
  readonly state: TelegramState
  readonly result: A
}

export interface Call extends Moment {
  readonly args: Args.Args
}

export type Done = Decision<unknown>
export type Method = (call: Call) => Result.Result<Done, TelegramRefusal>

/** A person did what no one can do: he wrote to a chat he blocked, or tapped what is not there. */
export class BadAct extends Schema.TaggedError<BadAct>()("BadAct", { reason: Schema.String }) {
  override get message() {
    return this.reason
  }
}

export const seconds = (millis: number) => Math.floor(millis / 1_000)

/** The person behind `chat_id`, whatever the bot may do there. */
export const chatMember = ({ state, args }: Call): Result.Result<SimUser, TelegramRefusal> => {
  const id = Args.text(args, "chat_id")
  if (id === "") return badRequest("chat_id is empty")
  const user = Object.hasOwn(state.users, id) ? state.users[id] : undefined
  return user === undefined ? badRequest("chat not found") : Result.succeed(user)
}

/** The person behind `chat_id`, if the bot may write to him. */
export const reachable = (call: Call): Result.Result<SimUser, TelegramRefusal> =>
  Result.flatMap(chatMember(call), (user) => {
    if (!user.started) return refuse(403, "Forbidden: bot can't initiate conversation with a user")
    if (user.blocked) return refuse(403, "Forbidden: bot was blocked by the user")
    return Result.succeed(user)
  })
