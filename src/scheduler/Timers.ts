/**
 * What is done by the clock alone: overdue issuances are confirmed, reservations end, the journal
 * is folded, the books are checked, and a sign of life is given.
 *
 * The first two start when the updates that waited in Telegram are handled, so that nobody's tap
 * from the time of a restart comes too late.
 */
import { Clock, Cron, Duration, Effect, FileSystem, Layer, Path, Schema } from "effect"
import { heartbeatPeriod, nightlyCheckAt, timerPeriod, updatesKept } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { Moment } from "../domain/Day.ts"
import { every, supervise, survive } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { Vitals } from "../observe/Vitals.ts"
import { Conservation } from "../pool/Conservation.ts"
import { Pools } from "../pool/Pools.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import { Journal } from "../store/Journal.ts"
import * as EditWatch from "./EditWatch.ts"

/**
 * Has each pool confirm what its holder said nothing about, take back what was certainly never
 * shown, and let go of what was settled long ago.
 */
export const confirmOverdue = Effect.gen(function* () {
  const pools = yield* Pools
  // Each pool by itself: one that crashes or has no disk must not stop the others.
  const expire = ({ id }: Resource) =>
    pools.tell(id, { _tag: "Expire" }).pipe(
      // The pool has closed and told the admins.
      Effect.catchTag("StorageUnavailable", ({ message }) => Effect.logDebug(message)),
      survive(`auto-confirm of ${id}`),
    )
  yield* Effect.forEach(pools.resources, expire, { concurrency: "unbounded", discard: true })
}).pipe(Effect.withSpan("AutoConfirm.once"))

export const autoConfirmTimer = Layer.effectDiscard(
  Effect.gen(function* () {
    const caughtUp = yield* CaughtUp
    yield* caughtUp.wait.pipe(
      Effect.andThen(every("auto-confirm", timerPeriod)(confirmOverdue)),
      Effect.forkScoped,
    )
  }),
)

/**
 * Notes which reservations of proxies timed out, so that their messages can say so, and lets go of
 * what is long over. It may be late: every decision looks at the clock itself, and a reservation
 * that timed out holds nothing back.
 */
export const expireReservations = Effect.gen(function* () {
  const proxies = yield* Proxies
  yield* proxies.tell({ _tag: "Expire" }).pipe(
    // The proxies have closed and told the admins.
    Effect.catchTag("StorageUnavailable", ({ message }) => Effect.logDebug(message)),
  )
}).pipe(Effect.withSpan("ProxyTimers.once"))

export const reservationTimer = Layer.effectDiscard(
  Effect.gen(function* () {
    const caughtUp = yield* CaughtUp
    yield* caughtUp.wait.pipe(
      Effect.andThen(every("proxy timers", timerPeriod)(expireReservations)),
      Effect.forkScoped,
    )
  }),
)

/**
 * Folds the journal into snapshots, so that a start is fast, and drops what is not needed any more.
 */
export const persist = Effect.gen(function* () {
  const pools = yield* Pools
  const proxies = yield* Proxies
  const journal = yield* Journal
  const now = yield* Clock.currentTimeMillis
  yield* pools.snapshot
  yield* proxies.snapshot
  yield* journal.prune(now - Duration.toMillis(updatesKept))
}).pipe(Effect.withSpan("Persist.once"))

export const persistTimer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { stateSaveInterval } = yield* Settings
    yield* every("persist", stateSaveInterval)(persist)
  }),
)

/** Checks that nothing was lost and nothing counted twice. */
export const checkBooks = Conservation.use(({ check }) => check).pipe(
  Effect.withSpan("NightlyCheck.once"),
)

/** Checks the books once after a start, and every night after a look for edits by hand. */
export const nightlyCheck = Layer.effectDiscard(
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
    yield* Effect.forkScoped(checkBooks)
    yield* untilNight.pipe(
      Effect.andThen(EditWatch.once),
      Effect.andThen(checkBooks),
      supervise("nightly check"),
    )
  }),
)

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
  const at = yield* Clock.currentTimeMillis
  yield* fs.writeFileString(`${file}.new`, encodeBeat({ at }), { mode: 0o600 })
  yield* fs.rename(`${file}.new`, file)
  yield* Vitals.use(({ worked }) => worked("heartbeat"))
}).pipe(
  // Of a disk that refuses the journal tells the admins.
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
  return (yield* Clock.currentTimeMillis) - at
}).pipe(Effect.option, Effect.withSpan("Heartbeat.age"))

const encodeBeat = Schema.encodeSync(Beat)

const heartbeatFile = Effect.gen(function* () {
  const { dataDir } = yield* Settings
  return (yield* Path.Path).join(dataDir, "heartbeat.json")
})
