/**
 * How many rows the base tabs still have, and which regions nobody knows stand there, as they were
 * last counted.
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

/** Rows of a base tab whose region people cannot choose, as it was typed. They stay in the tab. */
export interface UnknownRegion {
  readonly tab: string
  readonly region: string
  readonly rows: number
}

export class BaseStock extends Context.Service<
  BaseStock,
  {
    /** The last count of a base tab, by its title; none where it is unknown. */
    find(tab: string): Effect.Effect<Option.Option<BaseCount>>
    /** Takes a count of all tabs; those that are not in it are unknown from now on. */
    counted(
      counts: ReadonlyMap<string, BaseCount>,
      unknownRegions?: ReadonlyArray<UnknownRegion>,
    ): Effect.Effect<void>
    /** Of the last count. */
    readonly unknownRegions: Effect.Effect<ReadonlyArray<UnknownRegion>>
    /** Waits for the first count. */
    readonly known: Effect.Effect<void>
  }
>()("account-bot/pool/BaseStock") {
  static readonly layer = Layer.effect(
    BaseStock,
    Effect.gen(function* () {
      const counts = yield* Ref.make<ReadonlyMap<string, BaseCount>>(new Map())
      const unknown = yield* Ref.make<ReadonlyArray<UnknownRegion>>([])
      const first = yield* Deferred.make<void>()
      return BaseStock.of({
        find: (tab) => Effect.map(Ref.get(counts), (all) => Option.fromUndefinedOr(all.get(tab))),
        counted: Effect.fnUntraced(function* (all, unknownRegions = []) {
          yield* Ref.set(counts, all)
          yield* Ref.set(unknown, unknownRegions)
          yield* Deferred.succeed(first, undefined)
        }),
        unknownRegions: Ref.get(unknown),
        known: Deferred.await(first),
      })
    }),
  )
}
