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
import {
  type Books,
  compare,
  countsOf,
  type Difference,
  type Handed,
  openBooks,
  type OpenPlace,
  type Place,
  type SettledPlace,
} from "./books.ts"
import { Pools } from "./Pools.ts"

/** The books of one pool. */
export interface Balance {
  readonly resource: string
  /** How many items were ever taken from its base tabs. */
  readonly read: number
  /** How many of them are where; places without any are left out. */
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
    /** None where the journal could not be read; the log says why, and the check before stands. */
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
        const { lots, through } = yield* pools.standing(resource)
        const books = openBooks()
        for (let after = 0, isMore = true; isMore;) {
          const page = yield* journal.events(resource, { after, limit: checkPageMax })
          for (const { seq, event } of page) {
            // What came meanwhile is not in memory as it was.
            if (seq <= through) enter(books, yield* poolEvent(seq, event))
          }
          after = page.at(-1)?.seq ?? after
          isMore = page.length === checkPageMax && after < through
          yield* Effect.yieldNow
        }
        const differences = compare(books, lots)
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

/*
 * The books counted anew: which place every event puts its items in, and nothing else.
 *
 * It shares no line with evolve.ts on purpose: two ways to the same answer, so that a fault of
 * one of them shows. What is settled for good is only counted, so that years of events fit.
 */

export const enter = (books: Books, event: PoolEvent): void => {
  switch (event._tag) {
    case "Loaded":
      return load(books, event)
    case "Issued":
      for (const { id, item } of event.issuances) hand(books, id, item.id)
      return
    case "Withdrawn":
      for (const id of event.ids) takeBack(books, id, "available")
      return
    case "SetAside":
      return takeBack(books, event.id, "quarantine")
    case "BroughtBack":
      return bringBack(books, event)
    case "Confirmed":
      return mark(books, event.id, false, true)
    case "Corrected":
      return mark(books, event.id, true, true)
    case "Undone":
      return mark(books, event.id, true, false)
    case "Written":
      for (const { id } of event.rows) change(books, id, { hasRow: true, isAbandoned: false })
      return
    case "RewriteBegun":
      return rewrite(books, event)
    case "Abandoned":
      return giveUp(books, event.id)
    case "Unabandoned":
      return takeUp(books, event.id)
    case "Retired":
      for (const id of event.issuances) retire(books, id)
      return
    case "ReturnBegun":
      for (const id of event.ids) move(books, id, "available", "returning")
      return
    case "Returned":
      for (const id of event.ids) settle(books, id, "returning", "returned")
      return
    case "Cleared":
      for (const id of event.ids) move(books, id, "available", "trash")
      books.trash.set(event.trash, event.ids)
      return
    case "Restored":
      for (const id of emptied(books, event.trash)) move(books, id, "trash", "available")
      return
    case "TrashEmptied":
      for (const id of emptied(books, event.trash)) settle(books, id, "trash", "gone")
      return
    // Of these no item changes its place.
    case "DeliveryStarted":
    case "Delivered":
    case "DeliveryRefused":
    case "DeliveryUnsure":
    case "ReplacementDeclined":
    case "QuarantineReported":
    case "TodayOnlySet":
    case "Paused":
    case "Resumed":
    case "Transferred":
      return
  }
}

type Event<Tag extends PoolEvent["_tag"]> = Extract<PoolEvent, { readonly _tag: Tag }>

const load = (books: Books, { claim, items, quarantined }: Event<"Loaded">) => {
  const again = books.claims.has(claim)
  books.claims.add(claim)
  const bring = (item: string, place: OpenPlace) => {
    if (again || books.open.has(item)) books.faults.set(item, "loadedTwice")
    books.read += 1
    books.open.set(item, place)
  }
  for (const { id } of items) bring(id, "available")
  for (const { id } of quarantined) bring(id, "quarantine")
}

const hand = (books: Books, id: string, item: string) => {
  const from = books.open.get(item)
  if (from !== "available") {
    books.faults.set(item, isHeld(from) ? "issuedTwice" : "outOfPlace")
  }
  books.open.set(item, "pending")
  books.issuances.set(id, { item, isMarked: false, hasRow: false, isAbandoned: false })
}

/** Somebody has it, whatever is to become of its row. */
const isHeld = (place: OpenPlace | undefined) =>
  place === "pending" || place === "buffer" || place === "written" || place === "abandoned"

const takeBack = (books: Books, id: string, to: OpenPlace) => {
  const handed = handedAs(books, id)
  if (handed === undefined) return
  books.issuances.delete(id)
  move(books, handed.item, "pending", to)
}

const bringBack = (books: Books, { id, item }: Event<"BroughtBack">) => {
  move(books, item, "quarantine", "pending")
  books.issuances.set(id, { item, isMarked: false, hasRow: false, isAbandoned: false })
}

const change = (books: Books, id: string, known: Partial<Handed>) => {
  const handed = handedAs(books, id)
  if (handed === undefined) return
  const now = { ...handed, ...known }
  books.issuances.set(id, now)
  move(books, handed.item, placeOf(handed), placeOf(now))
}

/** A status is set once, and only a status that was set is taken back or corrected. */
const mark = (books: Books, id: string, from: boolean, isMarked: boolean) => {
  const handed = handedAs(books, id)
  if (handed !== undefined && handed.isMarked !== from) books.faults.set(handed.item, "outOfPlace")
  change(books, id, { isMarked })
}

/** Only a row that stands as it was meant is missed when somebody changes it. */
const rewrite = (books: Books, { id, gone }: Event<"RewriteBegun">) => {
  const handed = handedAs(books, id)
  if (handed !== undefined && placeOf(handed) !== "written") {
    books.faults.set(handed.item, "outOfPlace")
  }
  if (gone) change(books, id, { hasRow: false })
}

/** What is pending waits for no row, so there is nothing to give up. */
const giveUp = (books: Books, id: string) => {
  const handed = handedAs(books, id)
  if (handed !== undefined && (handed.isAbandoned || !handed.isMarked)) {
    books.faults.set(handed.item, "outOfPlace")
  }
  change(books, id, { isAbandoned: true })
}

const takeUp = (books: Books, id: string) => {
  const handed = handedAs(books, id)
  if (handed?.isAbandoned === false) books.faults.set(handed.item, "outOfPlace")
  change(books, id, { isAbandoned: false })
}

const retire = (books: Books, id: string) => {
  const handed = handedAs(books, id)
  if (handed === undefined) return
  books.issuances.delete(id)
  settle(books, handed.item, handed.isAbandoned ? "abandoned" : "written", "retired")
}

/** Nothing happens to an issuance before its first event, or after its last. */
const handedAs = (books: Books, id: string): Handed | undefined => {
  const handed = books.issuances.get(id)
  if (handed === undefined) books.faults.set(id, "outOfPlace")
  return handed
}

const placeOf = ({ isMarked, hasRow, isAbandoned }: Handed): OpenPlace => {
  if (!isMarked) return "pending"
  if (isAbandoned) return "abandoned"
  return hasRow ? "written" : "buffer"
}

const emptied = (books: Books, trash: string): ReadonlyArray<string> => {
  const items = books.trash.get(trash)
  if (items === undefined) books.faults.set(trash, "outOfPlace")
  books.trash.delete(trash)
  return items ?? []
}

const move = (books: Books, item: string, from: OpenPlace, to: OpenPlace) => {
  if (leave(books, item, from)) books.open.set(item, to)
}

const settle = (books: Books, item: string, from: OpenPlace, to: SettledPlace) => {
  if (leave(books, item, from)) books.settled[to] += 1
}

/** Whether it was there; what was elsewhere stays, for memory to be compared with. */
const leave = (books: Books, item: string, from: OpenPlace): boolean => {
  if (books.open.get(item) !== from) {
    if (!books.faults.has(item)) books.faults.set(item, "outOfPlace")
    return false
  }
  return books.open.delete(item)
}
