/**
 * The books of a pool: the place that its events alone put every item in, compared with memory.
 *
 * No line is shared with the rules on purpose. They are two ways to the same answer, so that a
 * fault of one of them shows. What is settled for good is only counted, so that years of events
 * fit.
 */
import { Schema } from "effect"
import type { PoolEvent } from "../domain/PoolEvent.ts"

/** Where an item can be, once it was taken from a base tab. */
export type Place = OpenPlace | SettledPlace
/** Places that memory knows. */
const OpenPlace = Schema.Literals([
  "available",
  "returning",
  "pending",
  "buffer",
  "written",
  /** Its row is not to be written, by an admin's word. */
  "abandoned",
  "quarantine",
  "trash",
])
export type OpenPlace = typeof OpenPlace.Type
type SettledPlace = "retired" | "returned" | "gone"

export interface Lot {
  readonly item: string
  readonly place: OpenPlace
  /** No two items that are, or can be, in somebody's hands have the same; `null` for the others. */
  readonly key: string | null
}

type Problem =
  /** The events put it somewhere, memory has it nowhere. */
  | "missing"
  /** Memory has it in another place than the events put it. */
  | "misplaced"
  /** Memory has it more than once. */
  | "doubled"
  /** Memory has it, but the events never brought it, or settled it. */
  | "unknown"
  /** Issued while somebody had it, so two people at once. */
  | "issuedTwice"
  /** Taken from the sheet twice. */
  | "loadedTwice"
  /** An event speaks of something that was not as it must be for that to happen to it. */
  | "outOfPlace"

export interface Difference {
  /** Id of the item; of an issuance or a trash that the events never began. */
  readonly item: string
  readonly problem: Problem
}

const Handed = Schema.Struct({
  item: Schema.String,
  isMarked: Schema.Boolean,
  hasRow: Schema.Boolean,
  isAbandoned: Schema.Boolean,
})
type Handed = typeof Handed.Type

/** What the events came to so far. Changed in place: there may be millions of them. */
export interface Books {
  /** How many items were ever taken from the sheet. */
  read: number
  readonly open: Map<string, OpenPlace>
  readonly settled: Record<SettledPlace, number>
  readonly claims: Set<string>
  readonly issuances: Map<string, Handed>
  /** What was taken from its holder, as it was then: it may be brought back. */
  readonly aside: Map<string, Handed>
  readonly trash: Map<string, ReadonlyArray<string>>
  readonly faults: Map<string, Problem>
}

export const openBooks = (): Books => ({
  read: 0,
  open: new Map(),
  settled: { retired: 0, returned: 0, gone: 0 },
  claims: new Set(),
  issuances: new Map(),
  aside: new Map(),
  trash: new Map(),
  faults: new Map(),
})

/** One line of books that are set down, to go on from there. */
export const Line = Schema.Union([
  Schema.Tuple([Schema.Literal("open"), Schema.String, OpenPlace]),
  Schema.Tuple([Schema.Literal("claim"), Schema.String]),
  Schema.Tuple([Schema.Literal("issuance"), Schema.String, Handed]),
  Schema.Tuple([Schema.Literal("aside"), Schema.String, Handed]),
  Schema.Tuple([Schema.Literal("trash"), Schema.String, Schema.Array(Schema.String)]),
])
export type Line = typeof Line.Type

/** Lines of all that is not only counted. Books with faults have no business being set down. */
export function* linesOf({ open, claims, issuances, aside, trash }: Books): Generator<Line> {
  for (const [item, place] of open) yield ["open", item, place]
  for (const claim of claims) yield ["claim", claim]
  for (const [id, handed] of issuances) yield ["issuance", id, handed]
  for (const [id, handed] of aside) yield ["aside", id, handed]
  for (const [id, items] of trash) yield ["trash", id, items]
}

/** Enters a line into books that go on from those that were set down. */
export const resume = (books: Books, line: Line): void => {
  switch (line[0]) {
    case "open":
      books.open.set(line[1], line[2])
      return
    case "claim":
      books.claims.add(line[1])
      return
    case "issuance":
      books.issuances.set(line[1], line[2])
      return
    case "aside":
      books.aside.set(line[1], line[2])
      return
    case "trash":
      books.trash.set(line[1], line[2])
  }
}

/** Puts the items of an event where the event says. */
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
      return setAside(books, event.id)
    case "QuarantineLeft":
      for (const { row } of event.left) move(books, row.id, "quarantine", placeBehind[event.way])
      return
    case "QuarantineEntered":
      for (const { id } of event.quarantined) move(books, id, placeBehind[event.way], "quarantine")
      return
    case "QuarantineEmptied":
      for (const id of event.ids) settle(books, id, "trash", "gone")
      return
    case "BroughtBack":
      return bringBack(books, event)
    case "Confirmed":
      return mark(books, event.id, false, true)
    case "Corrected":
      return mark(books, event.id, true, true)
    case "Undone":
      return mark(books, event.id, true, false)
    case "Written":
      for (const { id } of event.rows) write(books, id)
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
    case "Doubted":
      return doubt(books, event)
    case "Adopted":
      return adopt(books, event)
    // By these no item changes its place.
    case "DeliveryStarted":
    case "Delivered":
    case "DeliveryRefused":
    case "DeliveryUnsure":
    case "Commented":
    case "Offered":
    case "OfferEnded":
    case "ReplacementDeclined":
    case "Extended":
    case "QuarantineReported":
    case "TodayOnlySet":
    case "Paused":
    case "Resumed":
    case "Transferred":
      return
  }
}

/** Where a row of quarantine goes on each way. */
const placeBehind = { return: "returning", issue: "available", drop: "trash" } as const

/** How many items each place has; places without any are left out. */
export const countsOf = ({ open, settled }: Books): Readonly<Partial<Record<Place, number>>> => {
  const counts = new Map<Place, number>()
  for (const place of open.values()) counts.set(place, (counts.get(place) ?? 0) + 1)
  return Object.fromEntries([
    ...counts,
    ...Object.entries(settled).filter(([, count]) => count > 0),
  ])
}

/**
 * How the books differ from memory as of the same event; each item is named once.
 *
 * Both have tens of thousands of items, so it stops after some of them, again and again, and goes
 * on when whoever asked wants it to.
 *
 * @param quarantined how many rows memory counts in quarantine
 */
export function* comparing(
  books: Books,
  memory: ReadonlyArray<Lot>,
  quarantined: number,
): Generator<void, ReadonlyArray<Difference>> {
  const found = new Map(books.faults)
  const report = (item: string, problem: Problem) => {
    if (!found.has(item)) found.set(item, problem)
  }
  const byItem = new Map<string, OpenPlace | "several">()
  const keys = new Set<string>()
  const sameKey: Array<string> = []
  for (const slice of slicesOf(memory, comparedAtOnce)) {
    for (const { item, place, key } of slice) {
      byItem.set(item, byItem.has(item) ? "several" : place)
      if (key === null) continue
      if (keys.has(key)) sameKey.push(item)
      keys.add(key)
    }
    yield
  }
  for (const slice of slicesOf(byItem, comparedAtOnce)) {
    for (const [item, known] of slice) {
      const place = books.open.get(item)
      if (known === "several") report(item, "doubled")
      else if (place === undefined) report(item, "unknown")
      else if (known !== place) report(item, "misplaced")
    }
    yield
  }
  let inQuarantine = 0
  for (const slice of slicesOf(books.open, comparedAtOnce)) {
    for (const [item, place] of slice) {
      if (place === "quarantine") inQuarantine += 1
      else if (!byItem.has(item)) report(item, "missing")
    }
    yield
  }
  // Memory only counts them, so none of them can be named.
  const adrift = Math.abs(inQuarantine - quarantined)
  const isShort = inQuarantine > quarantined
  for (let n = 1; n <= adrift; n += 1) report(`quarantine ${n}`, isShort ? "missing" : "unknown")
  for (const item of sameKey) report(item, "doubled")
  return [...found].map(([item, problem]) => ({ item, problem }))
}

/** Items that are compared before others get their turn: that takes a millisecond or two. */
const comparedAtOnce = 2_000

/** All of them, in lists of that size and a rest. */
export function* slicesOf<A>(all: Iterable<A>, size: number): Generator<ReadonlyArray<A>> {
  let slice: Array<A> = []
  for (const each of all) {
    slice.push(each)
    if (slice.length < size) continue
    yield slice
    slice = []
  }
  if (slice.length > 0) yield slice
}

type Event<Tag extends PoolEvent["_tag"]> = Extract<PoolEvent, { readonly _tag: Tag }>

const load = (books: Books, { claim, items, quarantined, halfTyped = [] }: Event<"Loaded">) => {
  const again = books.claims.has(claim)
  books.claims.add(claim)
  const bring = (item: string, place: OpenPlace) => {
    if (again || books.open.has(item)) books.faults.set(item, "loadedTwice")
    books.read += 1
    books.open.set(item, place)
  }
  for (const { id } of items) bring(id, "available")
  for (const { id } of quarantined) bring(id, "quarantine")
  for (const { id } of halfTyped) bring(id, "returning")
}

const hand = (books: Books, id: string, item: string) => {
  const from = books.open.get(item)
  if (from !== "available") {
    books.faults.set(item, isHeld(from) ? "issuedTwice" : "outOfPlace")
  }
  books.open.set(item, "pending")
  books.issuances.set(id, { item, isMarked: false, hasRow: false, isAbandoned: false })
}

/** What nobody held was in stock, on its way back, or in the trash. */
const doubt = (books: Books, { quarantined }: Event<"Doubted">) => {
  const items = new Set<string>(quarantined.map(({ id }) => id))
  for (const { id, issuance } of quarantined) {
    const from = books.open.get(id)
    if (issuance !== undefined) takeBack(books, issuance, "quarantine")
    else if (from === "returning" || from === "trash") move(books, id, from, "quarantine")
    else move(books, id, "available", "quarantine")
  }
  for (const [trash, thrown] of books.trash) {
    books.trash.set(
      trash,
      thrown.filter((id) => !items.has(id)),
    )
  }
}

const adopt = (books: Books, { places, ids }: Event<"Adopted">) => {
  for (const { item, is } of places) {
    settle(books, item, "quarantine", is === "issued" ? "retired" : "returned")
  }
  for (const id of ids) {
    const handed = handedAs(books, id)
    if (handed === undefined) continue
    books.issuances.delete(id)
    settle(books, handed.item, placeOf(handed), "gone")
  }
}

/** Whether somebody has the item, whatever is to become of its row. */
const isHeld = (place: OpenPlace | undefined) =>
  place === "pending" || place === "buffer" || place === "written" || place === "abandoned"

const takeBack = (books: Books, id: string, to: OpenPlace) => {
  const handed = handedAs(books, id)
  if (handed === undefined) return
  books.issuances.delete(id)
  move(books, handed.item, "pending", to)
}

const setAside = (books: Books, id: string) => {
  const handed = books.issuances.get(id)
  if (handed !== undefined) books.aside.set(id, handed)
  takeBack(books, id, "quarantine")
}

const bringBack = (books: Books, { id, item }: Event<"BroughtBack">) => {
  move(books, item, "quarantine", "pending")
  const hasRow = books.aside.get(id)?.hasRow === true
  books.aside.delete(id)
  books.issuances.set(id, { item, isMarked: false, hasRow, isAbandoned: false })
}

/** The row may be of something that was taken from its holder since, which stays where it is. */
const write = (books: Books, id: string) => {
  const aside = books.aside.get(id)
  if (aside === undefined) change(books, id, { hasRow: true, isAbandoned: false })
  else books.aside.set(id, { ...aside, hasRow: true })
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

/** Only a row that stands as it was meant can be spoilt. */
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

/** An event about an issuance that has not begun, or has ended, is a fault. */
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

/** Takes an item from its place; one that is elsewhere stays there, to be compared with memory. */
const leave = (books: Books, item: string, from: OpenPlace): boolean => {
  if (books.open.get(item) !== from) {
    if (!books.faults.has(item)) books.faults.set(item, "outOfPlace")
    return false
  }
  return books.open.delete(item)
}
