/** What the doctor says: one line for each check, and how many of them failed. */
import { Console, Context, Effect, Layer, Ref } from "effect"
import { redactor } from "../../observe/Logging.ts"

type Level = "ok" | "hand" | "warn" | "FAIL"

interface Lines {
  ok(what: string): Effect.Effect<void>
  /** Nothing but a person can find it out. */
  byHand(what: string, steps: string): Effect.Effect<void>
  /** The bot works, but somebody should look. */
  warn(what: string, toDo: string): Effect.Effect<void>
  /** The bot does not start, or cannot hand out a resource. */
  fail(what: string, toDo: string): Effect.Effect<void>
  /** The same report, in lines that name the bot of that name. */
  about(bot: string): Lines
  readonly count: Effect.Effect<{ readonly warnings: number; readonly failures: number }>
}

export class Report extends Context.Service<Report, Lines>()("account-bot/cli/doctor/Report") {
  /** On standard output, as the checks come to their ends. */
  static readonly layer = Layer.effect(
    Report,
    Effect.gen(function* () {
      const told = yield* Ref.make<ReadonlyArray<Level>>([])
      const count = (level: Level) => (levels: ReadonlyArray<Level>) =>
        levels.filter((each) => each === level).length

      const linesWith = (before: string): Lines => {
        const tell = (level: Level, sentences: ReadonlyArray<string>) =>
          Effect.andThen(
            Ref.update(told, (levels) => [...levels, level]),
            Console.log(`${level.padEnd(5)} ${before}${onOneLine(sentences.join(". "))}`),
          )
        return {
          ok: (what) => tell("ok", [what]),
          byHand: (what, steps) => tell("hand", [what, steps]),
          warn: (what, toDo) => tell("warn", [what, toDo]),
          fail: (what, toDo) => tell("FAIL", [what, toDo]),
          about: (bot) => linesWith(`${bot}: `),
          count: Effect.map(Ref.get(told), (levels) => ({
            warnings: count("warn")(levels),
            failures: count("FAIL")(levels),
          })),
        }
      }

      return Report.of(linesWith(""))
    }),
  )
}

/** A message of a library may hold line ends, and a secret that it should not tell. */
const onOneLine = (text: string) => redact(text.replaceAll(/\s+/g, " "))

const redact = redactor([])
