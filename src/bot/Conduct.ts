/**
 * Conduct tells the admins when a person stops the bot with items in hand, or presses buttons that
 * belong to others. Each note comes with a button to the person's card.
 *
 * Both counts are kept in memory only: a restart may repeat a note or start counting anew, and
 * neither does any harm.
 */
import { Clock, Context, Duration, Effect, Layer, Ref } from "effect"
import { Access } from "../access/Access.ts"
import { botStopPeriod, trespassesMax, trespassPeriod } from "../config/Limits.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { Pools } from "../pool/Pools.ts"
import { TellAdmins } from "./admin/Admins.ts"
import { personName } from "./admin/Directory.ts"
import { html } from "./Screen.ts"
import { tap } from "./screens/parts.ts"
import type { Texts } from "./texts/Texts.ts"

export class Conduct extends Context.Service<
  Conduct,
  {
    /**
     * The person stopped the bot. The timers of their unmarked items run on, so the admins are told
     * of that, once within a day for each person.
     */
    stoppedBot(person: TelegramId): Effect.Effect<void>
    /**
     * The person was refused a button of somebody else, forwarded or forged. The third refusal
     * within a day is told to the admins, and after that the count starts anew.
     */
    trespassed(person: TelegramId): Effect.Effect<void>
  }
>()("account-bot/bot/Conduct") {
  static readonly layer = Layer.effect(
    Conduct,
    Effect.gen(function* () {
      const access = yield* Access
      const pools = yield* Pools
      const { tell } = yield* TellAdmins
      const stopsTold = new Map<TelegramId, number>()
      const trespasses = yield* Ref.make(new Map<TelegramId, ReadonlyArray<number>>())

      const note = Effect.fnUntraced(function* (
        id: TelegramId,
        say: (words: Texts["blocks"]["notes"], name: string) => string,
      ) {
        const name = personName({ id, stage: yield* access.stageOf(id) })
        yield* tell(({ blocks: words }) => ({
          html: html`${say(words.notes, name)}`,
          keyboard: [[tap(words.card, { _tag: "Person", person: id })]],
        }))
      })

      const stoppedBot = Effect.fn("Conduct.stoppedBot")(function* (id: TelegramId) {
        const unmarked = (yield* pools.held(id)).filter(({ mark }) => mark === null)
        if (unmarked.length === 0 || !(yield* access.isAllowed(id))) return
        const now = yield* Clock.currentTimeMillis
        const before = stopsTold.get(id)
        if (before !== undefined && now < before + Duration.toMillis(botStopPeriod)) return
        stopsTold.set(id, now)
        yield* note(id, (words, name) => words.botStopped(name, unmarked.length))
      })

      /** Counts one more refusal, and gives how many there were within the last day. */
      const count = Effect.fnUntraced(function* (id: TelegramId) {
        const now = yield* Clock.currentTimeMillis
        const from = now - Duration.toMillis(trespassPeriod)
        return yield* Ref.modify(trespasses, (before) => {
          const recent = [...(before.get(id) ?? []).filter((at) => at > from), now]
          const isEnough = recent.length >= trespassesMax
          return [recent.length, new Map(before).set(id, isEnough ? [] : recent)] as const
        })
      })

      const trespassed = Effect.fn("Conduct.trespassed")(function* (id: TelegramId) {
        const times = yield* count(id)
        if (times >= trespassesMax) yield* note(id, (words, name) => words.trespass(name, times))
      })

      return Conduct.of({ stoppedBot, trespassed })
    }),
  )
}
