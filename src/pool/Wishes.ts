/** Wishes for a refill: askers of one resource share one wish until the attempt has ended. */
import { Deferred, Effect, Queue, Ref } from "effect"

/** A wish for a refill; complete `done` when the attempt has ended, well or not. */
export interface Wish {
  readonly resource: string
  readonly done: Effect.Effect<void>
}

export const make = Effect.gen(function* () {
  const outstanding = yield* Ref.make<ReadonlyMap<string, Deferred.Deferred<void>>>(new Map())
  const queue = yield* Queue.unbounded<string>()

  const want = Effect.fn("Pools.want")(function* (resource: string) {
    const fresh = yield* Deferred.make<void>()
    const shared = yield* Ref.modify(outstanding, (wishes) => {
      const known = wishes.get(resource)
      if (known !== undefined) return [known, wishes]
      Queue.offerUnsafe(queue, resource)
      return [fresh, new Map(wishes).set(resource, fresh)]
    })
    yield* Deferred.await(shared)
  })

  const fulfil = Effect.fnUntraced(function* (resource: string) {
    const wish = yield* Ref.modify(outstanding, (wishes) => {
      const left = new Map(wishes)
      left.delete(resource)
      return [wishes.get(resource), left]
    })
    if (wish !== undefined) yield* Deferred.succeed(wish, undefined)
  })

  const wanted = Effect.map(Queue.take(queue), (resource) => ({
    resource,
    done: fulfil(resource),
  }))

  return { want, wanted }
})
