/**
 * How many rows the base tabs still have, and which regions nobody knows stand there, as they were
 * last counted.
 *
 * Whoever answers people may not look into a sheet: the scheduler counts, everybody else reads
 * here. A tab that was not counted yet, or cannot be, is unknown, and never empty.
 */
import { Context, Deferred, Effect, Equal, Layer, Option, Queue, Ref } from "effect"
import type { Day } from "../domain/Day.ts"
import type { Item } from "../domain/Item.ts"

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

/** What a claim took out of a tab. */
interface TakenRows {
  readonly items: ReadonlyArray<Pick<Item, "day">>
  /** How many other whole rows it took. */
  readonly others: number
}

export class BaseStock extends Context.Service<
  BaseStock,
  {
    /** The last count of a base tab, by its title; none where it is unknown. */
    find(tab: string): Effect.Effect<Option.Option<BaseCount>>
    /**
     * Takes a count of all tabs; those that are not in it are unknown from now on. Says whether it
     * is another one than was known: people have edited a tab.
     */
    counted(
      counts: ReadonlyMap<string, BaseCount>,
      unknownRegions?: ReadonlyArray<UnknownRegion>,
    ): Effect.Effect<boolean>
    /** Notes that a claim took rows out of a tab. */
    taken(tab: string, rows: TakenRows): Effect.Effect<void>
    /** Asks for a count soon: an admin looks at the stock, or a tab has other rows than were counted. */
    readonly want: Effect.Effect<void>
    /** The Scheduler's side of `want`: waits until a count is asked for. */
    readonly wanted: Effect.Effect<void>
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
      const wishes = yield* Queue.sliding<void>(1)
      return BaseStock.of({
        find: (tab) => Effect.map(Ref.get(counts), (all) => Option.fromUndefinedOr(all.get(tab))),
        counted: Effect.fnUntraced(function* (all, unknownRegions = []) {
          const before = yield* Ref.getAndSet(counts, all)
          const regionsBefore = yield* Ref.getAndSet(unknown, unknownRegions)
          yield* Deferred.succeed(first, undefined)
          const isKnown = ([tab, count]: readonly [string, BaseCount]) =>
            isSameCount(before.get(tab), count)
          return ![...all].every(isKnown) || !Equal.equals(regionsBefore, unknownRegions)
        }),
        taken: (tab, rows) =>
          Ref.update(counts, (all) => {
            const count = all.get(tab)
            return count === undefined ? all : new Map(all).set(tab, without(count, rows))
          }),
        want: Effect.asVoid(Queue.offer(wishes, undefined)),
        wanted: Queue.take(wishes),
        unknownRegions: Ref.get(unknown),
        known: Deferred.await(first),
      })
    }),
  )
}

const isSameCount = (before: BaseCount | undefined, { rows, onlyDay }: BaseCount) =>
  before?.rows === rows && before.onlyDay === onlyDay

/** While one day counts, rows of others were not counted, and nobody knows the day of rows that are no items. */
const without = (count: BaseCount, { items, others }: TakenRows): BaseCount => {
  const gone =
    count.onlyDay === null
      ? items.length + others
      : items.filter(({ day }) => day === count.onlyDay).length
  return { ...count, rows: Math.max(0, count.rows - gone) }
}
