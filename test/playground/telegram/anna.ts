/** A chat of one person, for the tests of the chats. */
import { Effect, Layer } from "effect"
import { Chats } from "../../../src/playground/telegram/Chats.ts"
import type { TelegramRefusal } from "../../../src/playground/telegram/Refusal.ts"
import { World } from "../../../src/playground/World.ts"

export const layer = Chats.layer.pipe(Layer.provideMerge(World.layerMemory))

export const anna = Effect.gen(function* () {
  const chats = yield* Chats
  yield* chats.addUser({ id: 42, firstName: "Анна", username: "anna", languageCode: "ru" })
  return chats
})

export const keyboard = (...rows: ReadonlyArray<ReadonlyArray<string>>) => ({
  inline_keyboard: rows.map((row) => row.map((text) => ({ text, callback_data: `d:${text}` }))),
})

export const ids = (updates: ReadonlyArray<{ readonly update_id: number }>) =>
  updates.map(({ update_id }) => update_id)

export const refusalOf = <A>(call: Effect.Effect<A, TelegramRefusal>) =>
  Effect.flip(Effect.asVoid(call))
