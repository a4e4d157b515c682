/** Checks the books once after a start, and every night after a look for edits by hand. */
import { Clock, Cron, Effect, Layer } from "effect"
import { nightlyCheckAt } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { supervise } from "../observe/background.ts"
import { Conservation } from "../pool/Conservation.ts"
import * as EditWatch from "./EditWatch.ts"

export const once = Conservation.use(({ check }) => check).pipe(
  Effect.withSpan("NightlyCheck.once"),
)

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { timezone } = yield* Settings
    const { hour, minute } = nightlyCheckAt
    const night = Cron.make({
      minutes: [minute],
      hours: [hour],
      days: [],
      months: [],
      weekdays: [],
      tz: timezone,
    })
    const untilNight = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      yield* Effect.sleep(Cron.next(night, now).getTime() - now)
    })
    yield* Effect.forkScoped(once)
    yield* untilNight.pipe(
      Effect.andThen(EditWatch.once),
      Effect.andThen(once),
      supervise("nightly check"),
    )
  }),
)
