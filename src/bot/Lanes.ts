/**
 * One lane for each person: his updates run one at a time and in order, different people in
 * parallel. A lane exists only while there is something in it.
 */
import { Effect, FiberSet, Latch, type Scope } from "effect"
import type { Received } from "../store/Journal.ts"

export interface Lanes {
  /** Numbers of the updates that wait or run, as of now. */
  readonly inFlight: Effect.Effect<ReadonlySet<number>>
  /** Puts updates that are not in flight at the end of their person's lane. */
  dispatch(updates: ReadonlyArray<Received>): Effect.Effect<void>
  /** Counts as work for `drain`. */
  working<A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
  /** Waits for what is in flight now, not for what comes later. */
  readonly settled: Effect.Effect<void>
  /** Waits until nothing is in flight and nobody is `working`. */
  readonly drain: Effect.Effect<void>
}

/** Lanes of the current scope. `handle` gets each update once, and never fails. */
export const make = (
  handle: (update: Received) => Effect.Effect<void>,
): Effect.Effect<Lanes, never, Scope.Scope> =>
  Effect.gen(function* () {
    const fibers = yield* FiberSet.make<void>()
    const lanes = new Map<number, Array<Received>>()
    const busy = new Map<number | symbol, Latch.Latch>()

    const begin = (key: number | symbol) => busy.set(key, Latch.makeUnsafe())
    const end = (key: number | symbol) =>
      Effect.suspend(() => {
        const latch = busy.get(key)
        busy.delete(key)
        return latch === undefined ? Effect.void : Latch.open(latch)
      })

    const runLane = Effect.fnUntraced(function* (userId: number, lane: Array<Received>) {
      for (let update = lane.shift(); update !== undefined; update = lane.shift()) {
        yield* handle(update)
        yield* end(update.updateId)
      }
      lanes.delete(userId)
    })

    const dispatch = Effect.fnUntraced(function* (updates: ReadonlyArray<Received>) {
      for (const update of updates) {
        begin(update.updateId)
        const lane = lanes.get(update.userId)
        if (lane !== undefined) {
          lane.push(update)
          continue
        }
        const fresh = [update]
        lanes.set(update.userId, fresh)
        yield* FiberSet.run(fibers, runLane(update.userId, fresh), { startImmediately: false })
      }
    })

    const working = <A, E, R>(work: Effect.Effect<A, E, R>) =>
      Effect.suspend(() => {
        const key = Symbol("work")
        begin(key)
        return Effect.ensuring(work, end(key))
      })

    const settled = Effect.suspend(() =>
      Effect.forEach([...busy.values()], Latch.await, { discard: true }),
    )

    const drain: Effect.Effect<void> = Effect.suspend(() =>
      busy.size === 0 ? Effect.void : Effect.andThen(settled, drain),
    )

    return {
      inFlight: Effect.sync(
        () => new Set([...busy.keys()].filter((key) => typeof key === "number")),
      ),
      dispatch,
      working,
      settled,
      drain,
    }
  })
