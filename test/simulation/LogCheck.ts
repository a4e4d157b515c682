/** Reads every log line of a run: nothing of a cell may be in it, and no difference of the books. */
import { Effect, Logger, References } from "effect"

/** Gives the problems of `run`, and one more for each such line. */
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
        // By the bot's own check, which every start makes.
        ...lines.filter((line) => line.includes("the books differ")),
      ]),
      Effect.provide(Logger.layer([capture])),
      Effect.provideService(References.MinimumLogLevel, "Trace"),
    )
  })

/** Logins, passwords and numbers of the simulated sheets, however the numbers are written. */
const secret = /pass-|@(?:example|gmail)\.com|9000002\d{3}|900\)? 000/
