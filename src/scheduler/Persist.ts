/** Folds the journal into snapshots, so that a start is fast, and drops what nobody needs. */
import { Clock, Duration, Effect, Layer } from "effect"
import { updatesKept } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { every } from "../observe/background.ts"
import { Pools } from "../pool/Pools.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import { Journal } from "../store/Journal.ts"

export const once = Effect.gen(function* () {
  const pools = yield* Pools
  const proxies = yield* Proxies
  const journal = yield* Journal
  const now = yield* Clock.currentTimeMillis
  yield* pools.snapshot
  yield* proxies.snapshot
  yield* journal.prune(now - Duration.toMillis(updatesKept))
}).pipe(Effect.withSpan("Persist.once"))

export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { stateSaveInterval } = yield* Settings
    yield* every("persist", stateSaveInterval)(once)
  }),
)
