/** Looks at tabs that people edit: often while somebody edits or asks, seldom while nobody does. */
import { Duration, Effect, Option } from "effect"
import { sheetLooks } from "../config/Limits.ts"

interface Looks<E, R> {
  /** Looks once, and says whether another look should follow soon. */
  readonly look: Effect.Effect<boolean, E, R>
  /** The least pause after a look, also while somebody asks. */
  readonly rest: Duration.Duration
  /** Ends when somebody asks for a look. */
  readonly asked: Effect.Effect<unknown>
}

/**
 * Makes one look with the pause after it, to be repeated. Edits come in bursts, so the pause is short
 * after a look that found some or was asked for; after each other look it is twice as long.
 */
export const makeLooks = <E, R>({ look, rest, asked }: Looks<E, R>) => {
  let pause: Duration.Duration = sheetLooks.first
  let isAsked = false
  return Effect.gen(function* () {
    const isSoon = yield* look
    pause =
      isSoon || isAsked
        ? sheetLooks.first
        : Duration.min(Duration.times(pause, 2), sheetLooks.longest)
    yield* Effect.sleep(rest)
    const more = Duration.subtract(pause, rest)
    isAsked = Option.isSome(yield* Effect.timeoutOption(asked, more))
  })
}
