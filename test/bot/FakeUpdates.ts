/**
 * The incoming half of Telegram in memory: gives updates until they are confirmed, and holds a
 * poll that has nothing to give.
 */
import { Duration, Effect, Latch, Layer } from "effect"
import { Telegram } from "../../src/bot/Telegram.ts"
import { TelegramError, type TelegramFailure } from "../../src/bot/TelegramError.ts"

export interface FakeUpdates {
  readonly layer: Layer.Layer<Telegram>
  /** Updates that arrive now. */
  push(...updates: ReadonlyArray<object>): void
  /** The next polls fail like this. */
  fail(...reasons: ReadonlyArray<TelegramFailure>): void
  /** Offsets of all polls. */
  readonly polls: Array<number>
  /** Waits until a poll is held, so everything before it is confirmed. */
  readonly held: Effect.Effect<void>
}

export const make = (): FakeUpdates => {
  const updates = new Map<number, object>()
  const failures: Array<TelegramFailure> = []
  const polls: Array<number> = []
  const held = Latch.makeUnsafe()
  const arrived = Latch.makeUnsafe()

  const poll = (offset: number, timeout: Duration.Duration): Effect.Effect<ReadonlyArray<object>> =>
    Effect.suspend(() => {
      for (const id of updates.keys()) if (id < offset) updates.delete(id)
      if (updates.size > 0 || Duration.isZero(timeout)) return Effect.succeed([...updates.values()])
      Latch.closeUnsafe(arrived)
      return Latch.open(held).pipe(
        Effect.andThen(Latch.await(arrived)),
        Effect.andThen(poll(offset, timeout)),
      )
    })

  return {
    layer: Layer.mock(Telegram, {
      me: { id: 1000, username: "account_demo_bot", first_name: "Account Bot" },
      webhook: Effect.succeed({ url: "", pending_update_count: 0 }),
      getUpdates: ({ offset, timeout }) =>
        Effect.suspend(() => {
          polls.push(offset)
          const reason = failures.shift()
          return reason === undefined
            ? poll(offset, timeout)
            : Effect.fail(new TelegramError({ method: "getUpdates", reason }))
        }),
    }),
    push: (...arriving) => {
      for (const update of arriving) updates.set(Number(Reflect.get(update, "update_id")), update)
      Latch.closeUnsafe(held)
      Latch.openUnsafe(arrived)
    },
    fail: (...reasons) => void failures.push(...reasons),
    polls,
    held: Latch.await(held),
  }
}

/** A text as Telegram brings it. */
export const textUpdate = (updateId: number, userId: number, text: string) => ({
  update_id: updateId,
  message: {
    message_id: updateId,
    from: { id: userId, is_bot: false, first_name: "Анна" },
    chat: { id: userId, type: "private" },
    text,
  },
})

/** A tap on a button under a message of the bot. */
export const tapUpdate = (updateId: number, userId: number, data = "me1:") => ({
  update_id: updateId,
  callback_query: {
    id: `callback-${updateId}`,
    from: { id: userId, is_bot: false, first_name: "Анна" },
    message: { message_id: 1, chat: { id: userId, type: "private" } },
    data,
  },
})

/** The same tap as Telegram brings it in another callback_query_mode than "default". */
export const strayUpdate = (updateId: number, userId: number, data = "me1:") => ({
  update_id: updateId,
  callback_query: {
    id: `callback-${updateId}`,
    from: { id: userId, is_bot: false, first_name: "Анна" },
    inline_message_id: "BAAAAJ8",
    data,
  },
})
