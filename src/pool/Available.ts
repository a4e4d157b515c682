/**
 * The items of a pool that wait to be issued, oldest first.
 *
 * They stand in one queue for each variant, bound region and day, so that the oldest item that fits
 * a request is found by looking at the heads alone.
 */
import { Chunk, HashMap, Option } from "effect"
import type { Day } from "../domain/Day.ts"
import type { Item } from "../domain/Item.ts"

/** `order` grows by arrival; an item that comes back keeps the one it had. */
export interface Queued {
  readonly order: number
  readonly item: Item
}

type Bucket = Pick<Item, "variant" | "region">

/** What a request asks for. */
interface Wanted {
  /** `null`: of any variant. */
  readonly variant: string | null
  readonly region: string
}

/** Items of one variant and day that are bound to one region, or to none. */
export interface Lot extends Bucket {
  readonly count: number
}

export type Available = HashMap.HashMap<string, Chunk.Chunk<Queued>>

export const empty: Available = HashMap.empty()

/** Puts an item where its order belongs: nearly always at one of the two ends. */
export const add = (self: Available, queued: Queued): Available => {
  const key = keyOf(queued.item)
  const queue = queueAt(self, key)
  return HashMap.set(self, key, placed(queue, queued))
}

const placed = (queue: Chunk.Chunk<Queued>, queued: Queued): Chunk.Chunk<Queued> => {
  const { order } = queued
  if (Chunk.isEmpty(queue)) return Chunk.of(queued)
  if (Chunk.getUnsafe(queue, Chunk.size(queue) - 1).order < order) {
    return Chunk.append(queue, queued)
  }
  if (order < Chunk.getUnsafe(queue, 0).order) return Chunk.prepend(queue, queued)
  const place = Option.getOrElse(
    Chunk.findFirstIndex(queue, (each) => each.order > order),
    () => Chunk.size(queue),
  )
  const [before, after] = Chunk.splitAt(queue, place)
  return Chunk.appendAll(Chunk.append(before, queued), after)
}

/** Takes one item out, nearly always the head, and says under which order it stood. */
export const remove = (self: Available, item: Item): readonly [number | undefined, Available] => {
  const key = keyOf(item)
  const queue = queueAt(self, key)
  const place = placeIn(queue, item)
  if (place === undefined) return [undefined, self]
  const left = place === 0 ? Chunk.drop(queue, 1) : Chunk.remove(queue, place)
  return [
    Chunk.getUnsafe(queue, place).order,
    // An empty queue goes, or every later look would pay for a region that has no items any more.
    Chunk.isEmpty(left) ? HashMap.remove(self, key) : HashMap.set(self, key, left),
  ]
}

/** To look at all of a queue costs as much as it is long, so the head comes first. */
const placeIn = (queue: Chunk.Chunk<Queued>, { id }: Item): number | undefined => {
  if (Chunk.isEmpty(queue)) return undefined
  if (Chunk.getUnsafe(queue, 0).item.id === id) return 0
  return Option.getOrUndefined(Chunk.findFirstIndex(queue, ({ item }) => item.id === id))
}

/** Whether such items fit: of the variant asked for, bound to no other region. */
export const fits = (bucket: Bucket, { variant, region }: Wanted): boolean =>
  (variant === null || bucket.variant === variant) &&
  (bucket.region === null || bucket.region === region)

/** The `count` oldest items that fit and are bound to no other day. */
export const oldest = (
  self: Available,
  wanted: Wanted,
  onlyDay: Day | null,
  count: number,
): ReadonlyArray<Item> => {
  const heads = queuesOf(self, onlyDay).flatMap((queue) =>
    fits(headOf(queue), wanted) ? Chunk.toReadonlyArray(Chunk.take(queue, count)) : [],
  )
  return inOrder(heads)
    .slice(0, count)
    .map(({ item }) => item)
}

/** The items that the day lets through, counted without a look at each. */
export const lots = (self: Available, onlyDay: Day | null): ReadonlyArray<Lot> =>
  queuesOf(self, onlyDay).map((queue) => {
    const { variant, region } = headOf(queue)
    return { variant, region, count: Chunk.size(queue) }
  })

export const all = (self: Available): ReadonlyArray<Queued> =>
  inOrder(queuesOf(self, null).flatMap(Chunk.toReadonlyArray))

/** Counts the items that the day lets through by the name of each; `null`: it is not counted. */
export const countBy = (
  self: Available,
  onlyDay: Day | null,
  nameOf: (item: Item) => string | null,
): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>()
  for (const queue of queuesOf(self, onlyDay)) {
    for (const { item } of queue) {
      const name = nameOf(item)
      if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return Object.fromEntries(counts)
}

export const size = (self: Available, onlyDay: Day | null = null): number =>
  queuesOf(self, onlyDay).reduce((sum, queue) => sum + Chunk.size(queue), 0)

/** The queues that the day lets through: an item without a day is not of the day asked for. */
const queuesOf = (self: Available, onlyDay: Day | null): ReadonlyArray<Chunk.Chunk<Queued>> => {
  const queues = HashMap.toValues(self)
  return onlyDay === null ? queues : queues.filter((queue) => headOf(queue).day === onlyDay)
}

const headOf = (queue: Chunk.Chunk<Queued>): Item => Chunk.headUnsafe(queue).item

const inOrder = (queued: ReadonlyArray<Queued>) => queued.toSorted((a, b) => a.order - b.order)

const queueAt = (self: Available, key: string) =>
  Option.getOrElse(HashMap.get(self, key), () => Chunk.empty<Queued>())

const keyOf = ({ variant, region, day }: Item) => JSON.stringify([variant, region, day])
