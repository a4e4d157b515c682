/**
 * People who stop the bot while items of theirs wait for a mark: the timers run on, and the admins
 * are told, once within a day for each person.
 */
import { Clock, Duration, Effect } from "effect"
import { Access } from "../access/Access.ts"
import { botStopPeriod } from "../config/Limits.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { Pools } from "../pool/Pools.ts"
import { makeTellAdmins } from "./admin/Admins.ts"
import { personName } from "./admin/roster.ts"
import { html } from "./Screen.ts"
import { tap } from "./screens/parts.ts"

/** Gives a function to be called when somebody stopped the bot. */
export const make = Effect.gen(function* () {
  const access = yield* Access
  const pools = yield* Pools
  const tellAdmins = yield* makeTellAdmins
  const told = new Map<TelegramId, number>()

  return Effect.fn("BotStops")(function* (id: TelegramId) {
    const unmarked = (yield* pools.held(id)).filter(({ mark }) => mark === null)
    if (unmarked.length === 0 || !(yield* access.isAllowed(id))) return
    const now = yield* Clock.currentTimeMillis
    const before = told.get(id)
    if (before !== undefined && now < before + Duration.toMillis(botStopPeriod)) return
    told.set(id, now)
    const name = personName({ id, stage: yield* access.stageOf(id) })
    yield* tellAdmins(({ blocks: words }) => ({
      html: html`${words.notes.botStopped(name, unmarked.length)}`,
      keyboard: [[tap(words.card, { _tag: "Person", person: id })]],
    }))
  })
})

export type BotStops = Effect.Success<typeof make>
