/**
 * A sign of life for whoever watches the process from outside: the time, in a file.
 *
 * The journal is locked while the bot runs, so nobody else can ask it; and who writes the file
 * has a scheduler that runs and a disk that takes writes.
 */
import { Clock, Effect, FileSystem, Layer, Path, Schema } from "effect"
import { heartbeatPeriod } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { Moment } from "../domain/Day.ts"
import { every } from "../observe/background.ts"
import { Vitals } from "../observe/Vitals.ts"

export const Beat = Schema.fromJsonString(Schema.Struct({ at: Moment }))

/** Replaced by rename, so that nobody reads half of it. */
export const once = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const file = yield* place
  const at = yield* Clock.currentTimeMillis
  yield* fs.writeFileString(`${file}.new`, encode({ at }), { mode: 0o600 })
  yield* fs.rename(`${file}.new`, file)
  yield* Vitals.use(({ worked }) => worked("heartbeat"))
}).pipe(
  // The journal tells the admins of a disk that refuses.
  Effect.catchTag("PlatformError", ({ reason }) =>
    Effect.andThen(
      Effect.logWarning(`the heartbeat cannot be written (${reason._tag})`),
      Vitals.use(({ failed }) => failed("heartbeat", "refused")),
    ),
  ),
  Effect.withSpan("Heartbeat.once"),
)

/** Milliseconds since the last beat; none where there is no readable one. */
export const age = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(yield* place)
  const { at } = yield* Schema.decodeEffect(Beat)(text)
  return (yield* Clock.currentTimeMillis) - at
}).pipe(Effect.option, Effect.withSpan("Heartbeat.age"))

/** Who stops in good order takes his sign of life away. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const file = yield* place
    yield* Effect.addFinalizer(() => Effect.ignore(fs.remove(file, { force: true })))
    yield* every("heartbeat", heartbeatPeriod)(once)
  }),
)

const encode = Schema.encodeSync(Beat)

const place = Effect.gen(function* () {
  const { dataDir } = yield* Settings
  return (yield* Path.Path).join(dataDir, "heartbeat.json")
})
