/** One alarm for all pools and the proxies: a disk that refuses one of them is in trouble. */
import { Context, Effect, Layer, Ref, Semaphore } from "effect"
import { Alarms } from "../observe/Alarms.ts"

export class StorageAlarm extends Context.Service<
  StorageAlarm,
  {
    /** Raised by the first that closes … */
    closed(pool: string): Effect.Effect<void>
    /** … and cleared when the last is open. */
    opened(pool: string): Effect.Effect<void>
  }
>()("account-bot/pool/StorageAlarm") {
  /** The same reference everywhere, so that one program has one of it. */
  static readonly layer = Layer.effect(
    StorageAlarm,
    Effect.gen(function* () {
      const alarms = yield* Alarms
      const shut = yield* Ref.make<ReadonlySet<string>>(new Set())
      const alarm = { _tag: "StorageUnavailable" } as const

      // Else one that opens could clear what another one raises in that moment.
      const turn = yield* Semaphore.make(1)

      const closed = Effect.fnUntraced(function* (pool: string) {
        yield* Ref.update(shut, (pools) => new Set(pools).add(pool))
        yield* alarms.raise(alarm)
      }, turn.withPermit)

      const opened = Effect.fnUntraced(function* (pool: string) {
        const left = yield* Ref.updateAndGet(shut, (pools) => {
          const others = new Set(pools)
          others.delete(pool)
          return others
        })
        if (left.size === 0) yield* alarms.clear(alarm)
      }, turn.withPermit)

      return StorageAlarm.of({ closed, opened })
    }),
  )
}
