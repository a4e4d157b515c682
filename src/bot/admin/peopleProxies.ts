/** Reservations of proxies that a removed person has running: others need not wait for them. */
import { Clock, Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import { dayOf } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"

/** What cannot be cancelled ends by itself within minutes. */
export const make = Effect.gen(function* () {
  const proxies = yield* Proxies
  const { timezone } = yield* Settings

  return Effect.fn("peopleProxies.cancelAll")(function* (by: TelegramId) {
    const today = dayOf(yield* Clock.currentTimeMillis, timezone)
    const free = new Set((yield* proxies.free([])).map(({ id }) => id))
    const reserved = (yield* proxies.registry).filter(
      ({ id, until, place }) => !free.has(id) && until >= today && place !== "gone",
    )
    yield* Effect.forEach(
      reserved,
      // Somebody else's is refused.
      ({ id: proxy, generation }) =>
        Effect.ignore(proxies.cancel({ _tag: "Cancel", proxy, generation, by })),
      { discard: true },
    )
  })
})
