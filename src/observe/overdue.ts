/**
 * Looks after work that must not take too long. One fiber looks at all of it, every few seconds: a
 * timer for each piece of work costs more than many a piece itself.
 */
import { Duration, Effect } from "effect"
import { every } from "./background.ts"
import { elapsed } from "./elapsed.ts"

/** `late` is done once with what has not ended by its time, within `lookPeriod` of that. */
export const makeOverdue = Effect.fnUntraced(function* <A>(
  name: string,
  late: (what: A) => Effect.Effect<void>,
) {
  /** Until when each may take, see elapsed.ts. */
  const running = new Map<A, number>()

  const look = Effect.gen(function* () {
    const now = yield* elapsed
    for (const [what, until] of running) {
      if (until > now) continue
      running.delete(what)
      yield* late(what)
    }
  })
  yield* every(`overdue ${name}`, lookPeriod)(look)

  return {
    begin: (what: A, until: number) => void running.set(what, until),
    end: (what: A) => void running.delete(what),
  }
})

const lookPeriod = Duration.seconds(5)
