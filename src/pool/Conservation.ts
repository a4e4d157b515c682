/**
 * Checks the books: every item that was ever taken from a sheet is in exactly one place.
 *
 * The events of a pool are counted page by page, and compared with what memory holds as of the same
 * event. Nothing is changed by it: a difference is for people.
 *
 * Books that agreed are set down, and the next check goes on from there. Once a week, and where a
 * check that went on so finds a difference, all events are counted anew, and only what this count
 * says is reported.
 */
import { Clock, Context, Deferred, Duration, Effect, Layer, Option, Ref, Semaphore } from "effect"
import { checkPageMax, recountPeriod } from "../config/Limits.ts"
import { PoolEvent } from "../domain/PoolEvent.ts"
import { Alarms } from "../observe/Alarms.ts"
import { survive } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import { Journal, JournalDamaged, type JournalEvent } from "../store/Journal.ts"
import {
  type Books,
  comparing,
  countsOf,
  type Difference,
  enter,
  openBooks,
  type Place,
} from "./books.ts"
import * as Checkpoint from "./Checkpoint.ts"
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

      /** Counts the events of the pool behind `after`, up to and including `through`. */
      const count = Effect.fnUntraced(function* (
        books: Books,
        resource: string,
        { after, through }: { readonly after: number; readonly through: number },
      ) {
        let counted = after
        // Also where nothing is new: whether the journal can be read is part of the check.
        do {
          const began = yield* elapsed
          const page = yield* journal.events(resource, { after: counted, limit: checkPageMax })
          for (const { seq, event } of page) {
            // Events that came meanwhile are not in the state that is compared.
            if (seq <= through) enter(books, yield* poolEvent(seq, event))
          }
          counted = page.at(-1)?.seq ?? through
          // People come first: as much time is left to them as was taken.
          yield* Effect.sleep((yield* elapsed) - began)
        } while (counted < through)
      })

      const balance = Effect.fnUntraced(function* (resource: string, isRecountDue: Due) {
        const now = yield* Clock.currentTimeMillis
        const { lots, quarantined, through } = yield* pools.standing(resource)
        const before = Option.filter(
          yield* Checkpoint.load(resource),
          (each) => each.through <= through && !isRecountDue(each, now),
        )
        const differences = Effect.fnUntraced(function* (books: Books) {
          const comparison = comparing(books, lots, quarantined)
          for (;;) {
            const { done, value } = comparison.next()
            if (done === true) return value
            yield* Effect.yieldNow
          }
        })
        if (Option.isSome(before)) {
          const { books, through: after, recountedAt } = before.value
          yield* count(books, resource, { after, through })
          if ((yield* differences(books)).length === 0) {
            if (through > after) {
              yield* Checkpoint.save(resource, { through, recountedAt, books })
            }
            return balanceOf(resource, books, [])
          }
        }
        const books = openBooks()
        yield* count(books, resource, { after: 0, through })
        const found = yield* differences(books)
        if (found.length === 0) {
          yield* Checkpoint.save(resource, { through, recountedAt: now, books })
        }
        return balanceOf(resource, books, found)
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
        // People wait for a start, so what is due waits for the night.
        const isRecountDue: Due = (yield* Deferred.isDone(first)) ? isOld : () => false
        const balances = yield* Effect.forEach(pools.resources, ({ id }) =>
          balance(id, isRecountDue).pipe(Effect.provideService(Journal, journal)),
        )
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

/** Whether all events are to be counted anew. */
type Due = (checkpoint: Checkpoint.Checkpoint, now: number) => boolean

const isOld: Due = ({ recountedAt }, now) =>
  Math.abs(now - recountedAt) >= Duration.toMillis(recountPeriod)

const balanceOf = (
  resource: string,
  books: Books,
  differences: ReadonlyArray<Difference>,
): Balance => ({ resource, read: books.read, counts: countsOf(books), differences })

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
