/**
 * Buttons of others that somebody presses: forwarded or forged. All of them are refused; the
 * third of one person within a day is told to the admins, and after that they are counted anew.
 *
 * Kept in memory: a restart forgets what was not worth a note yet.
 */
import { Clock, Context, Duration, Effect, Layer, Ref } from "effect"
import { Access } from "../access/Access.ts"
import { trespassesMax, trespassPeriod } from "../config/Limits.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { TellAdmins } from "./admin/Admins.ts"
import { personName } from "./admin/Directory.ts"
import { html } from "./Screen.ts"
import { tap } from "./screens/parts.ts"

export class Trespass extends Context.Service<
  Trespass,
  {
    /** Counts a refusal of that person's. */
    noticed(by: TelegramId): Effect.Effect<void>
  }
>()("account-bot/bot/Trespass") {
  static readonly layer = Layer.effect(
    Trespass,
    Effect.gen(function* () {
      const access = yield* Access
      const { tell } = yield* TellAdmins
      const refusals = yield* Ref.make(new Map<TelegramId, ReadonlyArray<number>>())

      /** How many there are now. */
      const count = Effect.fnUntraced(function* (id: TelegramId) {
        const now = yield* Clock.currentTimeMillis
        const from = now - Duration.toMillis(trespassPeriod)
        return yield* Ref.modify(refusals, (before) => {
          const recent = [...(before.get(id) ?? []).filter((at) => at > from), now]
          const isEnough = recent.length >= trespassesMax
          return [recent.length, new Map(before).set(id, isEnough ? [] : recent)] as const
        })
      })

      const noticed = Effect.fn("Trespass.noticed")(function* (id: TelegramId) {
        const times = yield* count(id)
        if (times < trespassesMax) return
        const name = personName({ id, stage: yield* access.stageOf(id) })
        yield* tell(({ blocks: words }) => ({
          html: html`${words.notes.trespass(name, times)}`,
          keyboard: [[tap(words.card, { _tag: "Person", person: id })]],
        }))
      })

      return Trespass.of({ noticed })
    }),
  )
}
