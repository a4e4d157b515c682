/**
 * Checks the books: every item that was ever taken from a sheet is in exactly one place.
 *
 * All events of a pool are counted anew, page by page, and compared with what memory holds as of
 * the same event. Nothing is changed by it: a difference is for people.
 */
import { Clock, Context, Deferred, Effect, Layer, Option, Ref, Semaphore } from "effect"
import { checkPageMax } from "../config/Limits.ts"
import { PoolEvent } from "../domain/PoolEvent.ts"
import { Alarms } from "../observe/Alarms.ts"
import { survive } from "../observe/background.ts"
import { Journal, JournalDamaged, type JournalEvent } from "../store/Journal.ts"
import { compare, countsOf, type Difference, enter, openBooks, type Place } from "./books.ts"
import { Pools } from "./Pools.ts"

/** The books of one pool. */
interface Balance {
  readonly resource: string
  /** How many items were ever taken from its base tabs. */
  readonly read: number
  /** How many of them each place has; places without any are left out. */
  readonly counts: Readonly<Partial<Record<Place, number>>>
  readonly differences: ReadonlyArray<Difference>
}

export interface Checked {
  /** When it began. */
  readonly at: number
  readonly balances: ReadonlyArray<Balance>
}

export class Conservation extends Context.Service<
  Conservation,
  {
    /** None where the journal could not be read: the log says why, and the last check stands. */
    readonly check: Effect.Effect<Option.Option<Checked>>
    /** What the last check found that came to its end. */
    readonly last: Effect.Effect<Option.Option<Checked>>
    /** Waits for the end of the first check after the start. */
    readonly first: Effect.Effect<Option.Option<Checked>>
  }
>()("account-bot/pool/Conservation") {
  static readonly layer = Layer.effect(
    Conservation,
    Effect.gen(function* () {
      const journal = yield* Journal
      const pools = yield* Pools
      const alarms = yield* Alarms
      const last = yield* Ref.make(Option.none<Checked>())
      const first = yield* Deferred.make<Option.Option<Checked>>()
      const oneAtATime = yield* Semaphore.make(1)

      const balance = Effect.fnUntraced(function* (resource: string) {
        const { lots, quarantined, through } = yield* pools.standing(resource)
        const books = openBooks()
        for (let after = 0, isMore = true; isMore;) {
          const page = yield* journal.events(resource, { after, limit: checkPageMax })
          for (const { seq, event } of page) {
            // Events that came meanwhile are not in the state that is compared.
            if (seq <= through) enter(books, yield* poolEvent(seq, event))
          }
          after = page.at(-1)?.seq ?? after
          isMore = page.length === checkPageMax && after < through
          yield* Effect.yieldNow
        }
        const differences = compare(books, lots, quarantined)
        const found: Balance = { resource, read: books.read, counts: countsOf(books), differences }
        return found
      })

      const report = Effect.fnUntraced(function* ({ resource, differences }: Balance) {
        const alarm = { _tag: "ItemsAdrift", resource, count: differences.length } as const
        if (differences.length === 0) return yield* alarms.clear(alarm)
        for (const difference of differences) {
          yield* Effect.logError("the books differ").pipe(
            Effect.annotateLogs({ resource, ...difference }),
          )
        }
        yield* alarms.raise(alarm)
      })

      const round = Effect.gen(function* () {
        const at = yield* Clock.currentTimeMillis
        const balances = yield* Effect.forEach(pools.resources, ({ id }) => balance(id))
        const checked: Checked = { at, balances }
        yield* Ref.set(last, Option.some(checked))
        yield* Effect.forEach(balances, report, { discard: true })
        yield* Effect.logInfo("the books were checked").pipe(Effect.annotateLogs(sumOf(checked)))
        return checked
      })

      const check = round.pipe(
        survive("check of the books"),
        Effect.tap((checked) => Deferred.succeed(first, checked)),
        oneAtATime.withPermit,
        Effect.withSpan("Conservation.check"),
      )

      return Conservation.of({ check, last: Ref.get(last), first: Deferred.await(first) })
    }),
  )
}

/** How many items were looked at, and how many are adrift. */
export const sumOf = ({ balances }: Checked) => ({
  items: balances.reduce((sum, { read }) => sum + read, 0),
  adrift: balances.reduce((sum, { differences }) => sum + differences.length, 0),
})

const poolEvent = (seq: number, event: JournalEvent): Effect.Effect<PoolEvent, JournalDamaged> =>
  isPoolEvent(event)
    ? Effect.succeed(event)
    : Effect.fail(
        new JournalDamaged({
          table: "event",
          record: String(seq),
          problem: `${event._tag} is no event of a pool`,
        }),
      )

const isPoolEvent = (event: JournalEvent): event is PoolEvent => event._tag in PoolEvent.cases
