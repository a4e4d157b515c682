/**
 * How many rows the base tabs still have, as they were last counted.
 *
 * Whoever answers people may not look into a sheet: the scheduler counts, everybody else reads
 * here. A tab that was not counted yet, or cannot be, is unknown, and never empty.
 */
import { Context, Deferred, Effect, Layer, Option, Ref } from "effect"
import type { Day } from "../domain/Day.ts"

export interface BaseCount {
  readonly rows: number
  /** The only day whose rows were counted; `null`: any. */
  readonly onlyDay: Day | null
  /** When the tab was read. */
  readonly at: number
}

export class BaseStock extends Context.Service<
  BaseStock,
  {
    /** The last count of a base tab, by its title; none where it is unknown. */
    find(tab: string): Effect.Effect<Option.Option<BaseCount>>
    /** Takes a count of all tabs; those that are not in it are unknown from now on. */
    counted(counts: ReadonlyMap<string, BaseCount>): Effect.Effect<void>
    /** Waits for the first count. */
    readonly known: Effect.Effect<void>
  }
>()("account-bot/pool/BaseStock") {
  static readonly layer = Layer.effect(
    BaseStock,
    Effect.gen(function* () {
      const counts = yield* Ref.make<ReadonlyMap<string, BaseCount>>(new Map())
      const first = yield* Deferred.make<void>()
      return BaseStock.of({
        find: (tab) => Effect.map(Ref.get(counts), (all) => Option.fromUndefinedOr(all.get(tab))),
        counted: (all) =>
          Effect.andThen(Ref.set(counts, all), Effect.asVoid(Deferred.succeed(first, undefined))),
        known: Deferred.await(first),
      })
    }),
  )
}
