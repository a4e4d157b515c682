/**
 * `getUpdates`: answers at once when there is something to get, and is held when there is not.
 *
 * Telegram holds one poll of a bot. A newer one takes its place, and the older one fails.
 */
import { Clock, Deferred, Duration, Effect, Option, Ref } from "effect"
import * as Args from "./Args.ts"
import type { Decision, Moment } from "./Method.ts"
import { TelegramRefusal } from "./Refusal.ts"
import { confirmed, type Update, updateJson, withAllowedUpdates } from "./Updates.ts"

/** Done when there is something to get; fails when the poll lost its place. */
type Ticket = Deferred.Deferred<void, TelegramRefusal>

interface Seat {
  /** Takes the place; a poll that held it fails with a conflict. */
  readonly take: Effect.Effect<Ticket>
  /** Tells the held poll that there are updates. */
  readonly wake: Effect.Effect<void>
  /** Ends the held poll, because a webhook was set. */
  readonly yieldToWebhook: Effect.Effect<void>
}

export const makeSeat: Effect.Effect<Seat> = Effect.gen(function* () {
  const held = yield* Ref.make(Option.none<Ticket>())
  const end = (outcome: Effect.Effect<void, TelegramRefusal>) =>
    Effect.flatMap(Ref.getAndSet(held, Option.none()), (ticket) =>
      Option.isSome(ticket) ? Deferred.complete(ticket.value, outcome) : Effect.void,
    )
  return {
    take: Effect.gen(function* () {
      yield* end(Effect.fail(conflict(otherPoll)))
      const ticket = yield* Deferred.make<void, TelegramRefusal>()
      yield* Ref.set(held, Option.some(ticket))
      return ticket
    }),
    wake: end(Effect.void),
    yieldToWebhook: end(Effect.fail(conflict("terminated by setWebhook request"))),
  }
})

interface Polled {
  readonly updates: ReadonlyArray<Update>
  /** What to wait for, when the poll is held. */
  readonly ticket?: Ticket
}

type Commit = (
  decide: (moment: Moment) => Effect.Effect<Decision<Polled>, TelegramRefusal>,
) => Effect.Effect<Polled, TelegramRefusal>

/** The place is taken inside the commit: an update comes either before it or wakes the poll. */
export const longPoll = (seat: Seat, commit: Commit) => {
  const poll = (args: Args.Args, offset: number, deadline: number) =>
    commit(
      Effect.fnUntraced(function* ({ state: before, now }) {
        if (before.webhook !== undefined) return yield* conflict(webhookActive)
        const limit = Math.min(Math.max(Args.whole(args, "limit", 100), 1), 100)
        const state = confirmed(withAllowedUpdates(before, args), offset, now)
        const updates = state.pending.slice(0, limit).map(updateJson)
        if (updates.length > 0 || now >= deadline) return { state, result: { updates } }
        return { state, result: { updates, ticket: yield* seat.take } }
      }),
    )

  return Effect.fn("Chats.getUpdates")(function* (params: unknown) {
    const args = Args.decodeArgs(params)
    const timeout = Math.min(Math.max(Args.whole(args, "timeout"), 0), 50)
    const deadline = (yield* Clock.currentTimeMillis) + timeout * 1_000
    let offset = Args.whole(args, "offset")
    while (true) {
      const { updates, ticket } = yield* poll(args, offset, deadline)
      if (ticket === undefined) return updates
      const left = Duration.millis(deadline - (yield* Clock.currentTimeMillis))
      yield* Deferred.await(ticket).pipe(Effect.timeoutOption(left), Effect.interruptible)
      // A negative offset drops all but the newest, which must not happen to what came since.
      offset = Math.max(offset, 0)
    }
  })
}

const webhookActive =
  "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

const otherPoll =
  "terminated by other getUpdates request; make sure that only one bot instance is running"

const conflict = (reason: string) =>
  new TelegramRefusal({ code: 409, description: `Conflict: ${reason}` })
