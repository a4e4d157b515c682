/**
 * People who stop the bot while items of theirs wait for a mark: the timers run on, and the admins
 * are told, once within a day for each person.
 */
import { Clock, Context, Duration, Effect, Layer } from "effect"
import { Access } from "../access/Access.ts"
import { botStopPeriod } from "../config/Limits.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { Pools } from "../pool/Pools.ts"
import { TellAdmins } from "./admin/Admins.ts"
import { personName } from "./admin/Directory.ts"
import { html } from "./Screen.ts"
import { tap } from "./screens/parts.ts"

export class BotStops extends Context.Service<
  BotStops,
  {
    /** To be called when that person stopped the bot. */
    noticed(person: TelegramId): Effect.Effect<void>
  }
>()("account-bot/bot/BotStops") {
  static readonly layer = Layer.effect(
    BotStops,
    Effect.gen(function* () {
      const access = yield* Access
      const pools = yield* Pools
      const { tell } = yield* TellAdmins
      const told = new Map<TelegramId, number>()

      const noticed = Effect.fn("BotStops.noticed")(function* (id: TelegramId) {
        const unmarked = (yield* pools.held(id)).filter(({ mark }) => mark === null)
        if (unmarked.length === 0 || !(yield* access.isAllowed(id))) return
        const now = yield* Clock.currentTimeMillis
        const before = told.get(id)
        if (before !== undefined && now < before + Duration.toMillis(botStopPeriod)) return
        told.set(id, now)
        const name = personName({ id, stage: yield* access.stageOf(id) })
        yield* tell(({ blocks: words }) => ({
          html: html`${words.notes.botStopped(name, unmarked.length)}`,
          keyboard: [[tap(words.card, { _tag: "Person", person: id })]],
        }))
      })

      return BotStops.of({ noticed })
    }),
  )
}
