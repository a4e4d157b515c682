/** The sign of life that a running bot leaves in its data directory, and how old it is. */
import { Effect, FileSystem, Layer, Path, Schema } from "effect"
import { heartbeatPeriod } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { Moment } from "../domain/Day.ts"
import { every } from "./background.ts"
import { machineTime } from "./elapsed.ts"
import { Vitals } from "./Vitals.ts"

/**
 * A sign of life for whoever watches the process from outside: the time, in a file. The journal is
 * locked while the bot runs, so nobody else can ask it; and a process that writes the file has a
 * scheduler that runs and a disk that takes writes.
 */
const Beat = Schema.fromJsonString(Schema.Struct({ at: Moment }))

/** Writes the time. The file is replaced by a rename, so that nobody reads half of it. */
export const beat = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const file = yield* heartbeatFile
  const at = yield* machineTime
  yield* fs.writeFileString(`${file}.new`, encodeBeat({ at }), { mode: 0o600 })
  yield* fs.rename(`${file}.new`, file)
  yield* Vitals.use(({ worked }) => worked("heartbeat"))
}).pipe(
  // The admins need no alarm from here: the journal raises one when the disk refuses.
  Effect.catchTag("PlatformError", ({ reason }) =>
    Effect.andThen(
      Effect.logWarning(`the heartbeat cannot be written (${reason._tag})`),
      Vitals.use(({ failed }) => failed("heartbeat", "refused")),
    ),
  ),
  Effect.withSpan("Heartbeat.once"),
)

/** Beats by the clock. A process that stops in good order takes its sign of life away. */
export const heartbeat = Layer.effectDiscard(
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const file = yield* heartbeatFile
    yield* Effect.addFinalizer(() => Effect.ignore(fs.remove(file, { force: true })))
    yield* every("heartbeat", heartbeatPeriod)(beat)
  }),
)

/** The milliseconds since the last beat; nothing where there is no readable one. */
export const heartbeatAge = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(yield* heartbeatFile)
  const { at } = yield* Schema.decodeEffect(Beat)(text)
  return (yield* machineTime) - at
}).pipe(Effect.option, Effect.withSpan("Heartbeat.age"))

const encodeBeat = Schema.encodeSync(Beat)

const heartbeatFile = Effect.gen(function* () {
  const { dataDir } = yield* Settings
  return (yield* Path.Path).join(dataDir, "heartbeat.json")
})
