/**
 * The items of a pool that wait to be issued, oldest first.
 *
 * They stand in one queue for each pair of variant and bound region, so that the oldest item
 * that fits a request is found by looking at the heads alone.
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

/** Items of one variant that are bound to one region, or to none. */
export interface Lot extends Bucket {
  readonly count: number
}

export type Available = HashMap.HashMap<string, Chunk.Chunk<Queued>>

export const empty: Available = HashMap.empty()

/** Puts an item where its order belongs: nearly always at one of the two ends. */
export const add = (self: Available, queued: Queued): Available => {
  const queue = queueOf(self, queued.item)
  const last = Option.getOrUndefined(Chunk.last(queue))
  if (last === undefined || last.order < queued.order) {
    return HashMap.set(self, keyOf(queued.item), Chunk.append(queue, queued))
  }
  const place = Option.getOrElse(
    Chunk.findFirstIndex(queue, ({ order }) => order > queued.order),
    () => Chunk.size(queue),
  )
  const [before, after] = Chunk.splitAt(queue, place)
  return HashMap.set(self, keyOf(queued.item), Chunk.appendAll(Chunk.append(before, queued), after))
}

/** Takes one item out, and says under which order it stood. */
export const remove = (self: Available, item: Item): readonly [number | undefined, Available] => {
  const queue = queueOf(self, item)
  const place = Option.getOrUndefined(
    Chunk.findFirstIndex(queue, (queued) => queued.item.id === item.id),
  )
  if (place === undefined) return [undefined, self]
  const left = place === 0 ? Chunk.drop(queue, 1) : Chunk.remove(queue, place)
  const key = keyOf(item)
  return [
    Chunk.getUnsafe(queue, place).order,
    // An empty queue goes, or every later look would pay for a region that has no items any more.
    Chunk.isEmpty(left) ? HashMap.remove(self, key) : HashMap.set(self, key, left),
  ]
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
  const heads = [...HashMap.values(self)].flatMap((queue) => {
    return fits(Chunk.headUnsafe(queue).item, wanted)
      ? Chunk.toReadonlyArray(Chunk.take(datedOn(queue, onlyDay), count))
      : []
  })
  return inOrder(heads)
    .slice(0, count)
    .map(({ item }) => item)
}

/** The items that the day lets through, counted without a look at each where any day does. */
export const lots = (self: Available, onlyDay: Day | null): ReadonlyArray<Lot> =>
  [...HashMap.values(self)].flatMap((queue) => {
    const { variant, region } = Chunk.headUnsafe(queue).item
    const count = Chunk.size(datedOn(queue, onlyDay))
    return count === 0 ? [] : [{ variant, region, count }]
  })

export const all = (self: Available): ReadonlyArray<Queued> =>
  inOrder([...HashMap.values(self)].flatMap(Chunk.toReadonlyArray))

/** Counts the items that the day lets through by the name of each; `null`: it is not counted. */
export const countBy = (
  self: Available,
  onlyDay: Day | null,
  nameOf: (item: Item) => string | null,
): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>()
  for (const queue of HashMap.values(self)) {
    for (const { item } of datedOn(queue, onlyDay)) {
      const name = nameOf(item)
      if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return Object.fromEntries(counts)
}

export const size = (self: Available, onlyDay: Day | null = null): number =>
  HashMap.reduce(self, 0, (sum, queue) => sum + Chunk.size(datedOn(queue, onlyDay)))

/** An item without a day is not of the day asked for. */
const datedOn = (queue: Chunk.Chunk<Queued>, onlyDay: Day | null) =>
  onlyDay === null ? queue : Chunk.filter(queue, ({ item }) => item.day === onlyDay)

const inOrder = (queued: ReadonlyArray<Queued>) => queued.toSorted((a, b) => a.order - b.order)

const queueOf = (self: Available, bucket: Bucket) =>
  Option.getOrElse(HashMap.get(self, keyOf(bucket)), () => Chunk.empty<Queued>())

const keyOf = ({ variant, region }: Bucket) => JSON.stringify([variant, region])
