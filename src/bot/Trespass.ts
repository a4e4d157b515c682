/**
 * Buttons of others that somebody presses: forwarded or forged. All of them are refused; the
 * third of one person within a day is told to the admins, and after that they are counted anew.
 *
 * Kept in memory: a restart forgets what was not worth a note yet.
 */
import { Clock, Duration, Effect, Ref } from "effect"
import { Access } from "../access/Access.ts"
import { trespassesMax, trespassPeriod } from "../config/Limits.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { makeTellAdmins } from "./admin/Admins.ts"
import { personName } from "./admin/roster.ts"
import { html } from "./Screen.ts"
import { tap } from "./screens/parts.ts"

/** Gives a function to be called after a refusal. */
export const make = Effect.gen(function* () {
  const access = yield* Access
  const tellAdmins = yield* makeTellAdmins
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

  return Effect.fn("Trespass")(function* (id: TelegramId) {
    const times = yield* count(id)
    if (times < trespassesMax) return
    const name = personName({ id, stage: yield* access.stageOf(id) })
    yield* tellAdmins(({ blocks: words }) => ({
      html: html`${words.notes.trespass(name, times)}`,
      keyboard: [[tap(words.card, { _tag: "Person", person: id })]],
    }))
  })
})

export type Trespass = Effect.Success<typeof make>
