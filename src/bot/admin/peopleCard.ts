/** The card of one person as it stands now; of whoever is on no list any more, what he left. */
import { Clock, Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Wording } from "../Languages.ts"
import * as BlockViews from "./blockViews.ts"
import type { Left } from "./peopleLeft.ts"
import type { PeopleRoster } from "./peopleRoster.ts"
import { personCard } from "./peopleScreens.ts"

/** `headline`: what has just been done. */
export const make = Effect.fnUntraced(function* (roster: PeopleRoster, left: Left) {
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const blockOf = yield* BlockViews.make

  return Effect.fnUntraced(function* (id: TelegramId, headline?: string) {
    const person = yield* roster.find(id)
    if (person === undefined) return yield* left.draw(id, 0)
    const holdings = yield* roster.holdingsOf(id)
    const blocked = person.role === "blocked" ? yield* blockOf(id) : undefined
    const scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
    return personCard({ person: { ...person, holdings }, blocked, headline }, scenery)
  })
})
