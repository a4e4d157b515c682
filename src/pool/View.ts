/** What can be read from the state of a pool. */
import { Duration, HashMap, Option } from "effect"
import { asideKept, correctionWindow, quarantineUndone, trashKept } from "../config/Limits.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import {
  type Batch,
  type Issuance,
  type Place,
  placeOf,
  type Request,
  sameMark,
  withheld,
} from "../domain/Issuance.ts"
import type { Item, ItemId, Origin } from "../domain/Item.ts"
import * as Available from "./Available.ts"
import { OutOfStock, type Pause, type Stock } from "./Contract.ts"
import type { Lot, OpenPlace } from "./books.ts"
import {
  type Aside,
  batchOf,
  empty,
  issuancesOf,
  issuancesWhere,
  type PoolState,
  requestsOf,
  returningOf as queuedBack,
  type Unreported,
  versionOf,
  type Worked,
} from "./State.ts"

/** The only day whose items are issued when it is `today`; `null`: any, also those without. */
export const onlyDayOf = (definition: Resource, state: PoolState, today: Day): Day | null =>
  definition.dayBound === true && state.todayOnly ? today : null

/** Every variant and tab of the catalogue is named, also those that are empty. */
export const stockOf = (definition: Resource, state: PoolState, today: Day): Stock => {
  const onlyDay = onlyDayOf(definition, state, today)
  const variants = variantsByPlace(state)
  const count = (place: Place) => variants[place].length
  const tabs = Object.fromEntries(definition.baseTabs.map(({ title }) => [title, 0]))
  return {
    byVariant: countsByVariant(definition, state, onlyDay),
    byTab: { ...tabs, ...Available.countBy(state.available, onlyDay, ({ origin }) => origin.tab) },
    scarcest: scarcestIn(definition, state, onlyDay),
    available: Available.size(state.available),
    onlyDay,
    hidden: hiddenOf(state, onlyDay),
    returning: HashMap.size(state.returning) + rowsBack(state).length,
    pending: count("pending"),
    buffer: count("buffer"),
    corrections: count("correction"),
    abandoned: count("abandoned"),
    quarantine: quarantinedIn(state),
    pendingBy: counted(variants.pending),
    unwrittenBy: counted([...variants.buffer, ...variants.correction]),
    quarantineBy: quarantineBy(definition, state),
    version: versionOf(state),
    paused: state.pause,
    trash: state.trash.map(({ id, by, at, queued }) => ({
      id,
      count: queued.length,
      by,
      at,
      until: at + Duration.toMillis(trashKept),
    })),
  }
}

/** What of a resource can be issued now, and what keeps the rest back. */
export interface Ready {
  readonly lots: ReadonlyArray<Available.Lot>
  /** The only day whose items are issued now; `null`: any. */
  readonly onlyDay: Day | null
  /** How many items in stock only that day keeps back. */
  readonly hidden: number
  readonly paused: Pause | null
}

/** Asked for with every menu, so it looks at no single item where those of any day are issued. */
export const readyOf = (definition: Resource, state: PoolState, today: Day): Ready => {
  const onlyDay = onlyDayOf(definition, state, today)
  return {
    lots: Available.lots(state.available, onlyDay),
    onlyDay,
    hidden: hiddenOf(state, onlyDay),
    paused: state.pause,
  }
}

/** How many items there are for a request, as the issue would find them. */
export const countFor = (
  { lots }: Pick<Ready, "lots">,
  wanted: Pick<Wanted, "variant" | "region">,
): number => lots.reduce((sum, lot) => (Available.fits(lot, wanted) ? sum + lot.count : sum), 0)

/** Why a request finds nothing, with the counts that explain it. */
export const outOfStockOf = (
  { id, variants }: Resource,
  { lots, onlyDay, hidden }: Omit<Ready, "paused">,
  { variant, region }: Pick<Wanted, "variant" | "region">,
): OutOfStock => {
  const names = variants.length === 0 ? [""] : variants.map((each) => each.id)
  const byVariant: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]))
  const byRegion: Record<string, number> = {}
  for (const lot of lots) {
    const name = lot.variant ?? ""
    byVariant[name] = (byVariant[name] ?? 0) + lot.count
    if (lot.region !== null) byRegion[lot.region] = (byRegion[lot.region] ?? 0) + lot.count
  }
  return new OutOfStock({ resource: id, variant, region, byVariant, byRegion, onlyDay, hidden })
}

/** What is put back into a base tab: an item, or a row that never was one. */
export interface ReturnedRow {
  readonly id: ItemId
  readonly day: Day | null
  readonly origin: Origin
}

/** Rows that are no items and on their way back to their tabs: of quarantine, and half-typed. */
const rowsBack = ({ worked, halfTyped }: PoolState): ReadonlyArray<ReturnedRow> =>
  [
    ...worked.flatMap(({ row, way, isBack }) => (way === "return" && !isBack ? [row] : [])),
    ...halfTyped.flatMap(({ row, isBack }) => (isBack ? [] : [row])),
  ].map(({ id, origin }) => ({ id, day: null, origin }))

/** A row counts as the variant of its tab. */
const quarantineBy = ({ baseTabs }: Resource, { quarantine }: PoolState) => {
  const counts: Record<string, number> = {}
  for (const [tab, count] of Object.entries(quarantine)) {
    const variant = baseTabs.find(({ title }) => title === tab)?.variant ?? ""
    counts[variant] = (counts[variant] ?? 0) + count
  }
  return counts
}

/** What can be issued of a resource that has no pool. */
export const nothingReady: Ready = { lots: [], onlyDay: null, hidden: 0, paused: null }

/** The stock of a resource that has no pool. */
export const noStock: Stock = {
  byVariant: {},
  byTab: {},
  scarcest: {},
  available: 0,
  onlyDay: null,
  hidden: 0,
  returning: 0,
  pending: 0,
  buffer: 0,
  corrections: 0,
  abandoned: 0,
  quarantine: 0,
  pendingBy: {},
  unwrittenBy: {},
  quarantineBy: {},
  version: versionOf(empty),
  paused: null,
  trash: [],
}

/** The variant of each live issuance, by where it is. */
const variantsByPlace = ({ live }: PoolState): Readonly<Record<Place, ReadonlyArray<string>>> => {
  const variants: Record<Place, Array<string>> = {
    pending: [],
    buffer: [],
    correction: [],
    written: [],
    abandoned: [],
  }
  for (const { issuance } of HashMap.values(live)) {
    variants[placeOf(issuance)].push(issuance.item.variant ?? "")
  }
  return variants
}

const counted = (names: ReadonlyArray<string>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]),
  )

const countsByVariant = (definition: Resource, state: PoolState, onlyDay: Day | null) => {
  const names = definition.variants.length === 0 ? [""] : definition.variants.map(({ id }) => id)
  const none = Object.fromEntries(names.map((name) => [name, 0]))
  return { ...none, ...Available.countBy(state.available, onlyDay, ({ variant }) => variant ?? "") }
}

/** For each tab the variant it has least of; rows of one tab may be of several variants. */
const scarcestIn = (definition: Resource, state: PoolState, onlyDay: Day | null) => {
  const told = definition.variants.flatMap(({ id, mailDomain }) => (mailDomain ? [id] : []))
  const count = (counts: (item: Item) => boolean) =>
    Available.countBy(state.available, onlyDay, (item) => (counts(item) ? "" : null))[""] ?? 0
  return Object.fromEntries(
    definition.baseTabs.map(({ title, variant }) => {
      const isOf = (kind?: string) => (item: Item) =>
        item.origin.tab === title && (kind === undefined || item.variant === kind)
      const kinds = variant === null && told.length > 0 ? told.map(isOf) : [isOf()]
      const all = Math.min(...kinds.map(count))
      const unbound = Math.min(
        ...kinds.map((isKind) => count((item) => isKind(item) && item.region === null)),
      )
      return [title, { all, unbound }]
    }),
  )
}

/** How many items in stock only that day keeps back. */
const hiddenOf = ({ available }: PoolState, onlyDay: Day | null) =>
  Available.size(available) - Available.size(available, onlyDay)

export const returningOf = (state: PoolState): ReadonlyArray<ReturnedRow> => [
  ...queuedBack(state).map(({ item }) => item),
  ...rowsBack(state),
]

/** What a person holds, or marked so lately that the mark can be corrected. */
export const heldBy = (state: PoolState, by: TelegramId, now: number): ReadonlyArray<Issuance> => {
  const since = now - Duration.toMillis(correctionWindow)
  return issuancesOf(state, by).filter(({ mark }) => mark === null || mark.at >= since)
}

/** What a person asked for himself; what an admin handed over to him was no wish of his. */
export const askedBy = (state: PoolState, by: TelegramId): ReadonlyArray<Request> =>
  requestsOf(state, by)
    .map(({ request }) => request)
    .filter(({ handedOver }) => handedOver !== true)

/** The parts of a request that tell which items fit, and how many are wanted. */
export type Wanted = Pick<Request, "variant" | "region" | "quantity">

/** How many items each of the requests would be given, made now and one after the other. */
export const fittingOf = (
  definition: Resource,
  state: PoolState,
  wanted: ReadonlyArray<Wanted>,
  today: Day,
): ReadonlyArray<number> => {
  if (state.pause !== null) return wanted.map(() => 0)
  const onlyDay = onlyDayOf(definition, state, today)
  let left = state.available
  return wanted.map((one) => {
    const items = Available.oldest(left, one, onlyDay, one.quantity)
    left = items.reduce((queues, item) => Available.remove(queues, item)[1], left)
    return items.length
  })
}

/** What waits for a mark, oldest first. */
export const pendingIn = (state: PoolState) => issuancesWhere(state, ({ mark }) => mark === null)

export const bufferOf = (state: PoolState) => markedIn(state, "buffer")

export const writtenOf = (state: PoolState) => markedIn(state, "written")

/** Also the rows of what was taken from its holder: they name nobody any more. */
export const correctionsOf = (state: PoolState): ReadonlyArray<Issuance> => [
  ...markedIn(state, "correction"),
  ...state.aside.flatMap(({ issuance, by, at, comment }) => {
    const why = comment === undefined ? {} : { comment }
    const mark = { status: withheld, at, by, auto: false, ...why }
    const isDone = issuance.row === null || sameMark(issuance.row, mark)
    return isDone ? [] : [{ ...issuance, mark, stage: "" }]
  }),
]

/**
 * Issuances whose rows are not written, the latest decision first; also those whose mark was taken
 * back since.
 */
export const abandonedOf = (state: PoolState): ReadonlyArray<Issuance> =>
  issuancesWhere(state, ({ abandoned }) => abandoned !== undefined).toSorted(
    (a, b) => (b.abandoned?.at ?? 0) - (a.abandoned?.at ?? 0),
  )

/** Taken from their holders into quarantine within the last day, the latest first. */
export const asideOf = ({ aside }: PoolState, now: number): ReadonlyArray<Aside> =>
  aside.filter(({ at }) => now < at + Duration.toMillis(asideKept)).toReversed()

/** Every item that memory knows, and where it has it. */
export const lotsOf = (state: PoolState): ReadonlyArray<Lot> => {
  const lots: Array<Lot> = []
  const add = (place: OpenPlace, { id, key }: Pick<Item, "id" | "key">) =>
    lots.push({ item: id, place, key })
  for (const { item } of Available.all(state.available)) add("available", item)
  for (const { item } of HashMap.values(state.returning)) add("returning", item)
  for (const { queued } of state.trash) for (const { item } of queued) add("trash", item)
  for (const { issuance } of HashMap.values(state.live)) {
    const place = placeOf(issuance)
    // A row that is to be corrected stands in the tab all the same.
    add(place === "correction" ? "written" : place, issuance.item)
  }
  for (const { id } of rowsBack(state)) lots.push({ item: id, place: "returning", key: null })
  for (const { row, way } of state.worked) {
    if (way === "drop") lots.push({ item: row.id, place: "trash", key: null })
  }
  return lots
}

/** How many rows are in quarantine. */
export const quarantinedIn = ({ quarantine }: PoolState): number =>
  Object.values(quarantine).reduce((sum, count) => sum + count, 0)

export const undeliveredOf = (state: PoolState): ReadonlyArray<Batch> =>
  [...new Set(issuancesWhere(state, isLost).map(({ request }) => request))]
    .flatMap((key) => Option.toArray(batchOf(state, key)))
    .toSorted((a, b) => a.request.at - b.request.at)

export const unreportedOf = ({ unreported }: PoolState): ReadonlyArray<Unreported> => unreported

/** What admins decided about rows of quarantine within the last day, the latest first. */
export const workedOf = ({ worked }: PoolState, now: number): ReadonlyArray<Worked> =>
  worked.filter(({ at }) => now < at + Duration.toMillis(quarantineUndone)).toReversed()

export const unsureOf = (state: PoolState) =>
  issuancesWhere(state, ({ mark, delivery }) => mark === null && delivery === "unsure")

const isLost = ({ mark, delivery }: Issuance) =>
  mark === null && (delivery === "refused" || delivery === "unsure")

/** Those at that place, the oldest mark first, and of one moment the oldest item first. */
const markedIn = (state: PoolState, place: Place): ReadonlyArray<Issuance> => {
  const found: Array<{ readonly at: number; readonly order: number; readonly of: Issuance }> = []
  for (const { issuance, order } of HashMap.values(state.live)) {
    if (placeOf(issuance) === place) found.push({ at: issuance.mark?.at ?? 0, order, of: issuance })
  }
  // To look into each issuance while they are sorted would take three times as long.
  return found.toSorted((a, b) => a.at - b.at || a.order - b.order).map(({ of }) => of)
}
