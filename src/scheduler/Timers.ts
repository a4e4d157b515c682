/**
 * What is done by the clock alone: overdue issuances are confirmed, reservations end, the journal
 * is folded, and the books are checked.
 *
 * The first two start when the updates that waited in Telegram are handled, so that nobody's tap
 * from the time of a restart comes too late.
 */
import { Clock, Duration, Effect, Layer } from "effect"
import { nightlyCheckAt, timerPeriod, updatesKept } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { daily, every, survive } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { Conservation } from "../pool/Conservation.ts"
import { Pools } from "../pool/Pools.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import { Journal } from "../store/Journal.ts"
import { isBehind } from "./CatchUp.ts"
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
  // What an older copy takes for unmarked may have a status in its tab.
  if (yield* isBehind) return
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
    yield* Effect.forkScoped(checkBooks)
    const night = Effect.andThen(EditWatch.once, checkBooks)
    yield* daily("nightly check", { ...nightlyCheckAt, timezone })(night)
  }),
)
