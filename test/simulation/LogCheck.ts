/** Reads every log line of a run: nothing that stands in a cell may be in it. */
import { Effect, Logger, References } from "effect"

/** Gives the problems of `run` and one more for each secret that its log tells. */
export const withLogCheck = <E, R>(run: Effect.Effect<ReadonlyArray<string>, E, R>) =>
  Effect.suspend(() => {
    const lines: Array<string> = []
    const capture = Logger.make<unknown, void>((options) => {
      lines.push(Logger.formatLogFmt.log(options))
    })
    return run.pipe(
      Effect.map((problems) => [
        ...problems,
        ...lines.filter((line) => secret.test(line)).map((line) => `the log tells: ${line}`),
      ]),
      Effect.provide(Logger.layer([capture])),
      Effect.provideService(References.MinimumLogLevel, "Trace"),
    )
  })

/** Logins and passwords of the simulated sheets. */
const secret = /pass-|@example\.com/
