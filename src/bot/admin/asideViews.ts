/** What was taken from people into quarantine within the last day, with the names of its screens. */
import { Duration, Effect } from "effect"
import { asideKept } from "../../config/Limits.ts"
import { Pools } from "../../pool/Pools.ts"
import type { AsideView } from "./asideScreen.ts"
import * as Decisions from "./stockDecisions.ts"

/** Gives an effect that lists them, the latest first. */
export const make = Effect.gen(function* () {
  const pools = yield* Pools
  const decisions = yield* Decisions.make
  return Effect.gen(function* () {
    const views = yield* Effect.forEach(pools.resources, (resource) =>
      Effect.flatMap(pools.aside(resource.id), (asides) =>
        Effect.forEach(asides, (aside) =>
          Effect.map(decisions.nameOf(aside.by), (by): AsideView => {
            const until = aside.at + Duration.toMillis(asideKept)
            return { aside, resource, issuance: aside.issuance, by, until }
          }),
        ),
      ),
    )
    return views.flat().toSorted((a, b) => b.aside.at - a.aside.at)
  })
})
