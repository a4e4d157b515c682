/**
 * How entities of one text live together.
 *
 * Bold, italic, underline, strikethrough and spoiler are splittable: they overlap freely and are
 * cut where another entity begins or ends. The others are continuous and keep their ground. Inside
 * `code` and `pre` nothing else survives, so a spoiler around code leaves the text visible.
 */
import type { Entity } from "./State.ts"

export const fixEntities = (entities: ReadonlyArray<Entity>): ReadonlyArray<Entity> => {
  const sorted = inOrder(entities.filter(({ length }) => length > 0))
  const splittable = sorted.filter(isSplittable)
  const quotes = withoutIntersecting(sorted.filter(isQuote))
  const others = sorted.filter((entity) => !isSplittable(entity) && !isQuote(entity))
  const continuous = withoutIntersecting(others).filter((entity) => fitsQuotes(entity, quotes))
  const firm = inOrder([...continuous, ...quotes])
  return splittable.length === 0 ? firm : inOrder([...firm, ...split(splittable, firm)])
}

/** Adds what was found in the text where nothing continuous stands already. */
export const mergeFound = (
  entities: ReadonlyArray<Entity>,
  found: ReadonlyArray<Entity>,
): ReadonlyArray<Entity> => {
  if (found.length === 0) return entities
  const firm = entities.filter((entity) => !isSplittable(entity) && !isQuote(entity))
  const free = found.filter((entity) => !firm.some((other) => intersect(entity, other)))
  return fixEntities([...entities, ...free])
}

export const endOf = ({ offset, length }: Pick<Entity, "offset" | "length">) => offset + length

const splittableTypes = ["bold", "italic", "underline", "strikethrough", "spoiler"] as const
type SplittableType = (typeof splittableTypes)[number]

const isSplittable = (entity: Entity): entity is Entity & { type: SplittableType } =>
  splittableTypes.some((type) => type === entity.type)

const isQuote = ({ type }: Entity) => type === "blockquote" || type === "expandable_blockquote"
const isPre = ({ type }: Entity) => type === "code" || type === "pre"

const intersect = (one: Entity, other: Entity) =>
  one.offset < endOf(other) && other.offset < endOf(one)

const priorities: Readonly<Record<string, number>> = {
  blockquote: 0,
  expandable_blockquote: 0,
  pre: 11,
  code: 20,
  date_time: 30,
  text_link: 49,
  text_mention: 49,
  bold: 90,
  italic: 91,
  underline: 92,
  strikethrough: 93,
  spoiler: 94,
  custom_emoji: 99,
}

const priority = ({ type }: Entity) => priorities[type] ?? 50

/** By offset, the longer first, then by the rank of the type. */
const inOrder = (entities: ReadonlyArray<Entity>) =>
  entities.toSorted(
    (one, other) =>
      one.offset - other.offset || other.length - one.length || priority(one) - priority(other),
  )

/** Of entities that overlap the first one stays. */
const withoutIntersecting = (sorted: ReadonlyArray<Entity>) => {
  let end = 0
  return sorted.filter((entity) => {
    if (entity.offset < end) return false
    end = endOf(entity)
    return true
  })
}

/** A quote may hold a continuous entity whole; they may not cross. */
const fitsQuotes = (entity: Entity, quotes: ReadonlyArray<Entity>) => {
  const quote = quotes.find((candidate) => endOf(candidate) > entity.offset)
  if (quote === undefined) return true
  const startsBefore = entity.offset < quote.offset && quote.offset < endOf(entity)
  return !startsBefore && endOf(quote) >= endOf(entity)
}

/** Cuts the splittable entities at the borders of the firm ones and of each other. */
const split = (
  splittable: ReadonlyArray<Entity & { type: SplittableType }>,
  firm: ReadonlyArray<Entity>,
): ReadonlyArray<Entity> => {
  const running = new Map<SplittableType, { begin: number; end: number }>()
  const pieces: Array<Entity> = []
  let next = 0

  const cutAt = (offset: number) => {
    for (const type of splittableTypes) {
      const run = running.get(type)
      if (run === undefined || run.begin >= offset) continue
      const end = Math.min(run.end, offset)
      pieces.push({ type, offset: run.begin, length: end - run.begin })
      if (run.end <= offset) running.delete(type)
      else run.begin = offset
    }
  }
  const runTo = (offset: number) => {
    for (let entity = splittable[next]; entity !== undefined; entity = splittable[++next]) {
      if (entity.offset >= offset) break
      const run = running.get(entity.type)
      if (run !== undefined && entity.offset <= run.end) run.end = Math.max(run.end, endOf(entity))
      else {
        cutAt(entity.offset)
        running.set(entity.type, { begin: entity.offset, end: endOf(entity) })
      }
    }
    cutAt(offset)
  }

  const nested: Array<Entity> = []
  const advance = (offset: number) => {
    for (let inner = nested.at(-1); inner && offset >= endOf(inner); inner = nested.at(-1)) {
      const before = pieces.length
      runTo(endOf(inner))
      if (isPre(inner)) pieces.length = before
      nested.pop()
    }
    runTo(offset)
  }
  for (const entity of firm) {
    advance(entity.offset)
    nested.push(entity)
  }
  advance(Number.MAX_SAFE_INTEGER)
  return pieces
}
