/**
 * The clock that a simulated run goes by.
 *
 * Its fibers take turns as microtasks. Nothing in a run waits for the machine, so a way through
 * the event loop at every turn would bring nothing and take a sixth of the time.
 */
import { Effect, Layer, Scheduler } from "effect"
import { TestClock } from "effect/testing"

const inMicrotasks = new Scheduler.MixedScheduler("async", (turn) => {
  let isCancelled = false
  queueMicrotask(() => {
    if (!isCancelled) turn()
  })
  return () => {
    isCancelled = true
  }
})

const layer = TestClock.layer().pipe(
  Layer.provide(Layer.succeed(Scheduler.Scheduler, inMicrotasks)),
)

/**
 * Each run has a clock of its own, so that the programs killed in it sleep for ever when it is
 * over. Before it the event loop has its turn, for whoever waits there: the test runner does.
 */
export const inVirtualTime = <A, E, R>(run: Effect.Effect<A, E, R>) =>
  Effect.andThen(Effect.yieldNow, Effect.provide(run, layer, { local: true }))
