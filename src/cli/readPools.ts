/**
 * What the page of the demo shows of the pools: read from the bot's durable state, so that the page
 * need not guess. It holds figures, names and masks, never a value that opens something.
 */
import { Clock, Duration, Effect, Option, Stream } from "effect"
import { Access } from "../access/Access.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { dayOf } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { Issuance, IssuanceId } from "../domain/Issuance.ts"
import type { Item } from "../domain/Item.ts"
import { maskedIdentity } from "../domain/masks.ts"
import type { Proxy } from "../domain/Proxy.ts"
import { maskedAddress } from "../domain/proxyLine.ts"
import { Vitals } from "../observe/Vitals.ts"
import type {
  HeldItem,
  JournalLine,
  PoolsView,
  ProxiesView,
  ResourceView,
} from "../playground/PoolsView.ts"
import { Pools } from "../pool/Pools.ts"
import { Proxies } from "../pool/proxies/Proxies.ts"
import { Journal, type JournalEvent, type Recorded } from "../store/Journal.ts"

/** Items that are listed one by one; the others are only counted. */
const listed = 5
const journalLines = 20

/** Reads everything anew. A journal that cannot be read stops the demo's answer, not the bot. */
export const makePoolsReader = Effect.gen(function* () {
  const pools = yield* Pools
  const proxies = yield* Proxies
  const settings = yield* Settings
  const vitals = yield* Vitals
  const journal = yield* Journal

  const resourceView = Effect.fnUntraced(function* (resource: Resource, now: number) {
    const { id } = resource
    const today = dayOf(now, settings.timezone)
    const isOfToday = ({ mark }: Issuance) =>
      mark !== null && dayOf(mark.at, settings.timezone) === today
    return viewOf(resource, {
      stock: yield* pools.stock(id),
      pending: (yield* pools.holders).filter(({ item }) => item.resource === id),
      buffer: yield* pools.buffer(id),
      writtenToday: (yield* pools.written(id)).filter(isOfToday),
    })
  })

  const proxiesView = Effect.fnUntraced(function* (resource: Resource, now: number) {
    const today = dayOf(now, settings.timezone)
    const running = yield* proxies.reservations
    const held = new Map(running.map((each) => [each.proxy, each]))
    const all = (yield* proxies.registry).filter(
      ({ place, until, broken }) => place !== "gone" && (until >= today || broken !== undefined),
    )
    const placeOf = ({ id, uses, broken }: Proxy) => {
      if (broken !== undefined) return "broken"
      if (held.has(id)) return "reserved"
      return uses.length > 0 ? "taken" : "free"
    }
    const count = (place: ReturnType<typeof placeOf>) =>
      all.filter((proxy) => placeOf(proxy) === place).length
    const isUnusedFor = ({ uses }: Proxy) =>
      resource.targets.some(({ id }) => uses.every(({ target }) => target !== id))
    const view: ProxiesView = {
      id: resource.id,
      label: resource.label,
      issuedTab: resource.issuedTab,
      counts: {
        free: count("free"),
        reserved: count("reserved"),
        taken: count("taken"),
        broken: count("broken"),
        offered: (yield* proxies.free([])).filter(isUnusedFor).length,
      },
      reserved: all.flatMap(({ id, endpoint }) => {
        const reservation = held.get(id)
        if (reservation === undefined) return []
        const { by: userId, stage: who, until } = reservation
        return [{ userId, who, mask: maskedAddress(endpoint), until }]
      }),
    }
    return view
  })

  const google = Effect.gen(function* () {
    const requests = Effect.fnUntraced(function* (
      gauge: "sheetsReadsLeft" | "sheetsWritesLeft",
      limit: number,
    ) {
      return { left: (yield* vitals.gauge(gauge)) ?? limit, limit }
    })
    const now = yield* Clock.currentTimeMillis
    const pausedUntil = (yield* vitals.gauge("sheetsPausedUntil")) ?? 0
    return {
      reads: yield* requests("sheetsReadsLeft", settings.sheetsReadsPerMinute),
      writes: yield* requests("sheetsWritesLeft", settings.sheetsWritesPerMinute),
      ...(pausedUntil > now && { pausedUntil }),
    }
  })

  const line = yield* makeJournalLine

  return Effect.gen(function* () {
    const at = yield* Clock.currentTimeMillis
    const registry = Option.getOrUndefined(proxies.resource)
    const last = yield* Effect.orDie(journal.trail({ limit: journalLines }))
    const view: PoolsView = {
      at,
      resources: yield* Effect.forEach(pools.resources, (resource) => resourceView(resource, at)),
      ...(registry !== undefined && { proxies: yield* proxiesView(registry, at) }),
      flush: {
        at: yield* vitals.gauge("nextFlushAt"),
        everyMs: Duration.toMillis(settings.writeBufferInterval),
      },
      google: yield* google,
      journal: yield* Effect.forEach(last.toReversed(), line),
    }
    return view
  }).pipe(Effect.withSpan("readPools"))
})

/**
 * Makes what tells whether something in the pools is going to end by itself: a mark that is not
 * made, a row that is not written, a reservation.
 */
export const makeIsWaiting = Effect.gen(function* () {
  const pools = yield* Pools
  const proxies = yield* Proxies
  return Effect.gen(function* () {
    if ((yield* pools.holders).length > 0 || (yield* proxies.reservations).length > 0) return true
    for (const { id } of pools.resources) {
      const { buffer, corrections, returning } = yield* pools.stock(id)
      if (buffer + corrections + returning > 0) return true
    }
    return false
  })
})

/** One for each durable change of the pools and of the proxies. */
export const poolChanges = Stream.unwrap(
  Effect.gen(function* () {
    const pools = yield* Pools
    const proxies = yield* Proxies
    const ofPools = Stream.fromSubscription(yield* pools.events)
    const ofProxies = Stream.fromSubscription(yield* proxies.events)
    return Stream.merge(
      Stream.map(ofPools, () => undefined),
      Stream.map(ofProxies, () => undefined),
    )
  }),
)

interface Standing {
  readonly stock: {
    readonly byVariant: Readonly<Record<string, number>>
    readonly available: number
    readonly hidden: number
    readonly corrections: number
    readonly returning: number
    readonly quarantine: number
    readonly quarantineBy: Readonly<Record<string, number>>
    readonly paused: unknown
    readonly onlyDay: unknown
  }
  readonly pending: ReadonlyArray<Issuance>
  readonly buffer: ReadonlyArray<Issuance>
  readonly writtenToday: ReadonlyArray<Issuance>
}

const viewOf = (
  resource: Resource,
  { stock, pending, buffer, writtenToday }: Standing,
): ResourceView => {
  const heldItem = ({ id, holder, stage, item }: Issuance): HeldItem => ({
    id,
    userId: holder,
    who: stage,
    mask: maskOf(item, resource),
    variant: item.variant,
  })
  const { hidden, corrections, returning } = stock
  return {
    id: resource.id,
    label: resource.label,
    group: resource.group,
    baseTabs: resource.baseTabs.map(({ title }) => title),
    issuedTab: resource.issuedTab,
    paused: stock.paused !== null,
    onlyToday: stock.onlyDay !== null,
    counts: {
      available: stock.available - hidden,
      hidden,
      pending: pending.length,
      buffer: buffer.length,
      corrections,
      writtenToday: writtenToday.length,
      setAside: stock.quarantine,
      returning,
    },
    variants: resource.variants.map(({ id, label }) => ({
      id,
      label,
      counts: {
        available: stock.byVariant[id] ?? 0,
        pending: countOf(pending, id),
        buffer: countOf(buffer, id),
        writtenToday: countOf(writtenToday, id),
        setAside: stock.quarantineBy[id] ?? 0,
      },
    })),
    pending: pending
      .slice(-listed)
      .map((each) => ({ ...heldItem(each), confirmAt: each.confirmAt })),
    buffer: buffer
      .slice(-listed)
      .map((each) => ({ ...heldItem(each), status: each.mark?.status ?? "" })),
  }
}

const countOf = (all: ReadonlyArray<Issuance>, variant: string) =>
  all.filter(({ item }) => item.variant === variant).length

const maskOf = ({ fields }: Item, resource: Resource | undefined) =>
  maskedIdentity(fields[resource?.identity ?? ""] ?? "", resource)

/** Tells an event by its fields alone, so that a new kind of event needs nothing here. */
const makeJournalLine = Effect.gen(function* () {
  const pools = yield* Pools
  const proxies = yield* Proxies
  const access = yield* Access
  const resources = [...pools.resources, ...Option.toArray(proxies.resource)]

  const maskIn = Effect.fnUntraced(function* (pool: string, { items, issuances, proxy }: Subjects) {
    const resource = resources.find(({ id }) => id === pool)
    if (proxy !== undefined) {
      const found = yield* proxies.find(proxy)
      return Option.getOrUndefined(Option.map(found, ({ endpoint }) => maskedAddress(endpoint)))
    }
    const [item] = items
    if (item !== undefined) return maskOf(item, resource)
    const [issuance] = issuances
    if (issuance === undefined) return undefined
    const known = yield* pools.find(pool, issuance)
    return Option.getOrUndefined(Option.map(known, (each) => maskOf(each.item, resource)))
  })

  return Effect.fnUntraced(function* ({ seq, at, pool, event }: Recorded) {
    const subjects = subjectsOf(event)
    const mask = yield* maskIn(pool, subjects)
    const userId = personIn(event)
    const line: JournalLine = {
      n: seq,
      at,
      pool,
      tag: event._tag,
      ...(resources.some(({ id }) => id === pool) && { resource: pool }),
      ...(userId !== undefined && { userId, who: yield* access.stageOf(userId) }),
      ...(mask !== undefined && { mask }),
      ...(subjects.count > 0 && { count: subjects.count }),
    }
    return line
  })
})

/** What an event is about. */
interface Subjects {
  readonly items: ReadonlyArray<Item>
  readonly issuances: ReadonlyArray<IssuanceId>
  readonly proxy?: string
  readonly count: number
}

const subjectsOf = (event: JournalEvent): Subjects => {
  const none: Subjects = { items: [], issuances: [], count: 0 }
  if ("reservation" in event) return { ...none, proxy: event.reservation.proxy, count: 1 }
  if ("proxy" in event) return { ...none, proxy: event.proxy, count: 1 }
  if ("proxies" in event) {
    const [first] = event.proxies
    return { ...none, ...(first && { proxy: first.id }), count: event.proxies.length }
  }
  if ("items" in event) return { ...none, items: event.items, count: event.items.length }
  if ("issuances" in event) {
    const items = event.issuances.flatMap((each) => (typeof each === "string" ? [] : [each.item]))
    return { ...none, items, count: event.issuances.length }
  }
  if ("rows" in event) return ofIssuances(event.rows.map(({ id }) => id))
  if ("id" in event) return ofIssuances([event.id])
  return "ids" in event ? { ...none, count: event.ids.length } : none
}

const ofIssuances = (issuances: ReadonlyArray<IssuanceId>): Subjects => ({
  items: [],
  issuances,
  count: issuances.length,
})

/** Who did it, or else for whom it happened. */
const personIn = (event: JournalEvent): TelegramId | undefined => {
  if ("by" in event && event.by !== undefined) return event.by
  if ("mark" in event) return event.mark.by
  if ("request" in event && event.request !== null && typeof event.request === "object") {
    return event.request.by
  }
  if ("reservation" in event) return event.reservation.by
  return "person" in event ? event.person : undefined
}
