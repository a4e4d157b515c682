/**
 * Conduct tells the admins when a person stops the bot with items in hand, or presses buttons that
 * belong to others. Each note comes with a button to the person's card.
 *
 * Both counts are kept in memory only: a restart may repeat a note or start counting anew, and
 * neither does any harm.
 */
import { Context, Duration, Effect, Layer, Ref } from "effect"
import { Access } from "../access/Access.ts"
import {
  botStopPeriod,
  trespassesMax,
  trespassNotePeriod,
  trespassPeriod,
} from "../config/Limits.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { elapsed } from "../observe/elapsed.ts"
import { Pools } from "../pool/Pools.ts"
import { TellAdmins } from "./admin/TellAdmins.ts"
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
     * within a day is told to the admins, and after that the count starts anew. Whoever goes on is
     * told of once an hour, with how many there were.
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
      const trespasses = yield* Ref.make<ReadonlyMap<TelegramId, Trespasses>>(new Map())

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

      const stoppedBot = Effect.fnUntraced(function* (id: TelegramId) {
        const unmarked = (yield* pools.held(id)).filter(({ mark }) => mark === null)
        if (unmarked.length === 0 || !(yield* access.isAllowed(id))) return
        const now = yield* elapsed
        const before = stopsTold.get(id)
        if (before !== undefined && now < before + Duration.toMillis(botStopPeriod)) return
        stopsTold.set(id, now)
        yield* note(id, (words, name) => words.botStopped(name, unmarked.length))
      })

      /** Counts one more refusal, and gives how many there are to tell of now; 0 for none yet. */
      const count = Effect.fnUntraced(function* (id: TelegramId) {
        const now = yield* elapsed
        return yield* Ref.modify(trespasses, (before) => {
          const [toTell, after] = withTrespass(before.get(id), now)
          return [toTell, new Map(before).set(id, after)]
        })
      })

      const trespassed = Effect.fnUntraced(function* (id: TelegramId) {
        const times = yield* count(id)
        if (times > 0) yield* note(id, (words, name) => words.trespass(name, times))
      })

      return Conduct.of({ stoppedBot, trespassed })
    }),
  )
}

/** The refusals of one person that the admins have not been told of; see observe/elapsed.ts. */
interface Trespasses {
  /** The times of the last ones, no more than make a habit. */
  readonly recent: ReadonlyArray<number>
  readonly count: number
  readonly toldAt: number
}

const withTrespass = (
  { recent, count, toldAt }: Trespasses = {
    recent: [],
    count: 0,
    toldAt: Number.NEGATIVE_INFINITY,
  },
  now: number,
): [number, Trespasses] => {
  const isRecent = (at: number) => at > now - Duration.toMillis(trespassPeriod)
  const times = [...recent.filter(isRecent), now].slice(-trespassesMax)
  const all = times.length === 1 ? 1 : count + 1
  const isTold =
    times.length >= trespassesMax && now - toldAt >= Duration.toMillis(trespassNotePeriod)
  return isTold
    ? [all, { recent: [], count: 0, toldAt: now }]
    : [0, { recent: times, count: all, toldAt }]
}
