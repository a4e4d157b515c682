/** The keys of JOURNAL_KEY, be it that a file holds them. */
import { Effect, FileSystem, Option, Redacted } from "effect"
import { type Keys, keysIn } from "../config/JournalKey.ts"
import { Settings, SettingsError, variables } from "../config/Settings.ts"

/** None where JOURNAL_KEY is not set. Its value is in no error: it may be a key with a typing error. */
export const journalKeys: Effect.Effect<Keys, SettingsError, Settings | FileSystem.FileSystem> =
  Effect.gen(function* () {
    const { journalKey } = yield* Settings
    if (Option.isNone(journalKey)) return []
    const said = Redacted.value(journalKey.value)
    if (said._tag === "Keys") return said.keys
    const fs = yield* FileSystem.FileSystem
    const text = yield* fs
      .readFileString(said.path)
      .pipe(
        Effect.mapError(({ reason }) => wrong(`names a file that cannot be read (${reason._tag})`)),
      )
    const keys = keysIn(text)
    return keys === undefined
      ? yield* wrong("names a file that does not hold keys, one a line")
      : keys
  })

const wrong = (problem: string) => {
  const { name, example } = variables.journalKey
  return new SettingsError({ faults: [{ name, problem, example }] })
}
