/** Whether the clock of this machine is right, as far as others can tell. */
import { Duration, Effect, Option } from "effect"
import { Report } from "./Report.ts"

/** `ahead`: how far it is ahead of the clock of `whose`; none where nobody has said the time. */
export const checkClock = Effect.fnUntraced(function* (
  whose: string,
  ahead: Option.Option<Duration.Duration>,
) {
  const report = yield* Report
  if (Option.isNone(ahead)) return
  const off = Duration.abs(ahead.value)
  const seconds = Duration.seconds(Math.round(Duration.toSeconds(off)))
  const side = Duration.isNegative(ahead.value) ? "behind" : "ahead of"
  const what = `The clock of this machine is ${Duration.format(seconds)} ${side} ${whose}'s`
  if (Duration.isGreaterThanOrEqualTo(off, refusedFrom)) {
    yield* report.fail(
      what,
      "Set it by a time server (timedatectl set-ntp true): Google accepts no key from a clock that is so wrong, and the day begins at the wrong time",
    )
  } else if (Duration.isGreaterThanOrEqualTo(off, toldFrom)) {
    yield* report.warn(
      what,
      "Set it by a time server (timedatectl set-ntp true): from five minutes on Google refuses the bot",
    )
  } else yield* report.ok(`the clock agrees with ${whose}'s`)
})

const toldFrom = Duration.seconds(30)

/** Google refuses a signed request for a token from so far away. */
const refusedFrom = Duration.minutes(5)
