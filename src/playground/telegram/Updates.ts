/** The queue of updates: what enters it, what the bot gets, and when it is forgotten. */
import { Predicate, Result } from "effect"
import * as Args from "./Args.ts"
import type { Pending, TelegramState } from "./TelegramState.ts"

export interface Update {
  readonly update_id: number
  readonly [kind: string]: unknown
}

const hour = 60 * 60 * 1_000

/** How long an update waits for a bot that does not come for it, in milliseconds. */
const life: Readonly<Record<Pending["kind"], number>> = {
  message: 24 * hour,
  edited_message: 24 * hour,
  callback_query: 150_000,
  my_chat_member: 24 * hour,
}

/** Adds an update, unless the bot asked not to get its kind. The number is used up either way. */
export const enqueue = (
  state: TelegramState,
  now: number,
  update: Pick<Pending, "kind" | "userId" | "body">,
): TelegramState => {
  const updateId = state.lastUpdateId + 1
  const wanted = state.allowedUpdates?.includes(update.kind) ?? true
  const added = wanted ? [{ ...update, updateId, expiresAt: now + life[update.kind] }] : []
  return { ...state, lastUpdateId: updateId, pending: [...state.pending, ...added] }
}

export const updateJson = ({ updateId, kind, body }: Pending): Update => ({
  update_id: updateId,
  [kind]: body,
})

/** The state without updates that the offset confirms and without those that are too old. */
export const confirmed = (state: TelegramState, offset: number, now: number): TelegramState => {
  const alive = state.pending.filter((update) => update.expiresAt > now)
  const pending =
    offset < 0 ? alive.slice(offset) : alive.filter((update) => update.updateId >= offset)
  return pending.length === state.pending.length ? state : { ...state, pending }
}

/** The numbers of the messages of a person that the bot has not taken yet. */
export const untaken = (state: TelegramState, userId: number): ReadonlySet<unknown> =>
  new Set(
    state.pending.flatMap(({ kind, userId: sender, body }) =>
      kind === "message" && sender === userId && Predicate.hasProperty(body, "message_id")
        ? [body.message_id]
        : [],
    ),
  )

/** Remembers `allowed_updates`; a missing or unreadable list changes nothing. */
export const withAllowedUpdates = (state: TelegramState, args: Args.Args): TelegramState => {
  const list = Result.getOrElse(Args.json(args, "allowed_updates", ""), () => undefined)
  if (!Array.isArray(list)) return state
  const known = list.map((kind) => String(kind).toLowerCase()).filter((kind) => kinds.has(kind))
  const { allowedUpdates, ...rest } = state
  if (JSON.stringify(allowedUpdates ?? []) === JSON.stringify(known)) return state
  return known.length === 0 ? rest : { ...rest, allowedUpdates: known }
}

const kinds = new Set(
  "message edited_message channel_post edited_channel_post business_connection business_message edited_business_message deleted_business_messages message_reaction message_reaction_count inline_query chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot".split(
    " ",
  ),
)
