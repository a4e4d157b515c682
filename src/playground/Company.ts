/** Puts the company of the samples into the emulated world. */
import { Clock, Context, DateTime, Effect, Layer } from "effect"
import { dayOf } from "../domain/Day.ts"
import { people, seeds } from "./samples.ts"
import { Workbooks } from "./spreadsheets/Workbooks.ts"
import { Chats } from "./telegram/Chats.ts"

export class Company extends Context.Service<
  Company,
  {
    /** Forgets all chats and spreadsheets and starts with the samples again. */
    readonly restore: Effect.Effect<void>
  }
>()("account-bot/playground/Company") {
  /** Adds what is missing: a world that was saved keeps its spreadsheets and people. */
  static readonly layer = Layer.effect(
    Company,
    Effect.gen(function* () {
      const chats = yield* Chats
      const workbooks = yield* Workbooks

      const settle = Effect.gen(function* () {
        const known = new Set((yield* chats.users).map(({ id }) => id))
        const missing = people.filter(({ id }) => !known.has(id))
        yield* Effect.forEach(missing, (person) => chats.addUser(person), { discard: true })
        const today = dayOf(yield* Clock.currentTimeMillis, moscow)
        yield* Effect.forEach(seeds(today), ({ id, seed }) => workbooks.create(id, seed), {
          discard: true,
        })
      })

      yield* settle
      return Company.of({
        restore: chats.clear.pipe(Effect.andThen(workbooks.clear), Effect.andThen(settle)),
      })
    }),
  )
}

/** Where the company of the samples works, as its spreadsheets say. */
const moscow = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")
