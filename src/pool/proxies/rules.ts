/** What can be asked of the proxies, and how they refuse. All of it is Schema, as in Contract.ts. */
import { Data, Duration, HashMap, Result, Schema } from "effect"
import { additionsKept, clockStepMax } from "../../config/Limits.ts"
import { VariantId } from "../../domain/Catalogue.ts"
import { Day } from "../../domain/Day.ts"
import { TelegramId } from "../../domain/Employee.ts"
import { MessageRef, requestKeyOf } from "../../domain/Issuance.ts"
import {
  CountryCode,
  Endpoint,
  endpointKey,
  type Proxy,
  ProxyId,
  ProxyType,
  RegistryRow,
  type Release,
  type Reservation,
} from "../../domain/Proxy.ts"
import type { ProxyChange, ProxyEvent } from "../../domain/ProxyEvent.ts"
import {
  allOf,
  byEndpoint,
  contentOf,
  endedOf,
  evolve,
  isForgettable,
  outdatedOf,
  proxyOf,
  type ProxyState,
  runningOf,
  sameContent,
  sameTargets,
  takenFor,
} from "./state.ts"

/** What people do. */
export const ProxyCommand = Schema.TaggedUnion({
  /** One message, one addition: asked again with the same `message`, nothing more is added. */
  Add: {
    message: MessageRef,
    type: ProxyType,
    endpoints: Schema.Array(Endpoint),
    country: CountryCode,
    /** The last day they work. */
    until: Day,
    /** What they were used for already; may be empty. */
    targets: Schema.Array(VariantId),
    by: TelegramId,
  },
  /**
   * For all of the targets at once. What the person had reserved before is released. The same
   * one again on the same message changes nothing.
   */
  Reserve: {
    proxy: ProxyId,
    targets: Schema.NonEmptyArray(VariantId),
    by: TelegramId,
    stage: Schema.String,
    message: MessageRef,
  },
  /** The reservation of that generation becomes a use for its targets. Again: changes nothing. */
  Take: { proxy: ProxyId, generation: Schema.Int, by: TelegramId },
  Cancel: { proxy: ProxyId, generation: Schema.Int, by: TelegramId },
})
export type ProxyCommand = typeof ProxyCommand.Type

/** What the machinery does. Repeating one that has taken effect changes nothing. */
export const ProxyKeeperCommand = Schema.TaggedUnion({
  /** Releases what timed out, lets go of what is long over. */
  Expire: {},
  /** All rows of the registry tab that could be read, in their order, as of one look. */
  Looked: {
    rows: Schema.Array(RegistryRow),
    /** Ids in rows that could not be read: those are neither changed nor gone. */
    unreadable: Schema.Array(ProxyId),
    /** An empty tab in the place of the former one: no row was removed, all are to be written. */
    isNewTab: Schema.optionalKey(Schema.Boolean),
  },
  Shown: { proxy: ProxyId, generation: Schema.Int },
  ExpiryTold: { ids: Schema.Array(ProxyId) },
})
export type ProxyKeeperCommand = typeof ProxyKeeperCommand.Type

/** It cannot be reserved: somebody was faster, or it is not on offer any more. */
export class ProxyUnavailable extends Schema.TaggedError<ProxyUnavailable>()("ProxyUnavailable", {
  proxy: Schema.String,
  reason: Schema.Literals(["reserved", "used", "ended", "gone"]),
}) {}

/** The reservation that the button belongs to is over, or never was this person's. */
export class ReservationOver extends Schema.TaggedError<ReservationOver>()("ReservationOver", {
  proxy: Schema.String,
  reason: Schema.Literals(["cancelled", "timedOut", "superseded", "taken", "notHolder", "unknown"]),
}) {}

export const ProxyRefusal = Schema.Union([ProxyUnavailable, ReservationOver])
export type ProxyRefusal = typeof ProxyRefusal.Type

/* What a decision about the proxies is made of, and how it may turn out. */

/** All that a decision needs and the state does not hold: rules read no clock and throw no dice. */
export interface ProxyContext {
  readonly now: number
  /** The day it is by the clock of the company. */
  readonly today: Day
  /** Fresh ids; a rule that needs more refuses. */
  readonly newIds: ReadonlyArray<ProxyId>
  readonly reservedForMs: number
}

export type ProxyEvents = ReadonlyArray<ProxyEvent>

export type Command<Tag extends (ProxyCommand | ProxyKeeperCommand)["_tag"]> = Extract<
  ProxyCommand | ProxyKeeperCommand,
  { readonly _tag: Tag }
>

/** There were fewer fresh ids than new proxies: to be asked again with that many. */
export class IdsMissing extends Data.TaggedError("IdsMissing")<{ readonly count: number }> {}

export type ProxyDecision = Result.Result<ProxyEvents, ProxyUnavailable | IdsMissing>

/** Proxies with ids that are in use nowhere. */
export const withIds = <A>(
  state: ProxyState,
  { newIds }: ProxyContext,
  all: ReadonlyArray<A>,
  make: (from: A, id: ProxyId) => Proxy,
): Result.Result<ReadonlyArray<Proxy>, IdsMissing> => {
  const free = newIds.filter((id) => !HashMap.has(state.proxies, id))
  const made = all.flatMap((from, index) => {
    const id = free[index]
    return id === undefined ? [] : [make(from, id)]
  })
  return made.length === all.length
    ? Result.succeed(made)
    : Result.fail(new IdsMissing({ count: all.length }))
}

/** The first of those with one key. */
export const firstOfEach = <A>(
  all: ReadonlyArray<A>,
  keyOf: (one: A) => string,
): ReadonlyMap<string, A> => {
  const first = new Map<string, A>()
  for (const one of all) if (!first.has(keyOf(one))) first.set(keyOf(one), one)
  return first
}

/** On offer no more, so that it may be added again. */
export const isOver = ({ until, place }: Proxy, today: Day): boolean =>
  until < today || place === "gone"

/* Rules of the wizard's addition: what is known already is skipped, what was over is renewed. */

/** Recorded also if all was known already: the same message never adds anything later on. */
export const add = (
  state: ProxyState,
  command: Command<"Add">,
  context: ProxyContext,
): Result.Result<ProxyEvents, IdsMissing> => {
  const request = requestKeyOf(command.message)
  if (HashMap.has(state.additions, request)) return Result.succeed([])
  const { now: at, today } = context
  const standing = byEndpoint(state)
  const endpoints = firstOfEach(command.endpoints, endpointKey)
  const unknown = [...endpoints].flatMap(([key, endpoint]) => (standing.has(key) ? [] : [endpoint]))
  const renewed = [...endpoints].flatMap(([key, endpoint]) => {
    const proxy = standing.get(key)
    return proxy !== undefined && isOver(proxy, today) ? [renewal(proxy, endpoint, command)] : []
  })
  return Result.map(
    withIds(state, context, unknown, (endpoint, id) => newProxy(command, endpoint, id, at)),
    (proxies) => [{ _tag: "ProxiesAdded", request, proxies, renewed, at }],
  )
}

const newProxy = (
  { type, country, until, targets, by }: Command<"Add">,
  endpoint: Endpoint,
  id: ProxyId,
  at: number,
): Proxy => ({
  id,
  type,
  endpoint,
  country,
  until,
  addedBy: by,
  addedAt: at,
  uses: usesOtherwise(targets, at),
  place: "unwritten",
  generation: 0,
  expiryTold: false,
})

/** Also how the uses in a row of the tab begin. */
export const usesOtherwise = (targets: ReadonlyArray<string>, at: number): Proxy["uses"] =>
  [...new Set(targets)].map((target) => ({ target, by: null, stage: "", at }))

const renewal = (
  proxy: Proxy,
  endpoint: Endpoint,
  { type, country, until, targets }: Command<"Add">,
): ProxyChange => {
  const { id, usedOtherwise } = contentOf(proxy)
  const taken = takenFor(proxy)
  const others = new Set([...usedOtherwise, ...targets].filter((target) => !taken.has(target)))
  return { id, type, endpoint, country, until, usedOtherwise: [...others] }
}

/*
 * Rules of a look at the registry tab, where people add, edit and remove rows by hand.
 *
 * A row belongs to the proxy of its endpoint; the id in its cell counts only where that endpoint
 * is new and the proxy of the id stands in no row by its own, so that it was edited: else it is
 * a copy.
 */

export const look = (
  state: ProxyState,
  command: Command<"Looked">,
  context: ProxyContext,
): Result.Result<ProxyEvents, IdsMissing> => {
  const { now: at } = context
  const { matched, strangers } = match(state, command)
  const changes = [...matched].flatMap(([proxy, row]) => changeBy(state, proxy, row))
  const { listed, missing } = moved(
    state,
    new Set([...matched.keys()].map(({ id }) => id)),
    command,
  )
  const place = command.isNewTab === true ? { gone: [], unwritten: missing } : { gone: missing }
  return Result.map(
    withIds(state, context, strangers, (row, id) => proxyFrom(row, id, at)),
    (proxies): ProxyEvents => [
      ...events(proxies, { _tag: "ProxiesAdded", request: null, proxies, renewed: [], at }),
      ...events(changes, { _tag: "ProxiesChanged", changes, at }),
      ...events([...listed, ...missing], { _tag: "ProxiesLooked", listed, ...place, at }),
    ],
  )
}

/** Which row is whose; those that are nobody's are new. */
const match = (state: ProxyState, { rows, unreadable }: Command<"Looked">) => {
  const byKey = firstOfEach(rows, ({ endpoint }) => endpointKey(endpoint))
  const standing = byEndpoint(state)
  const matched = new Map<Proxy, RegistryRow>()
  for (const [key, row] of byKey) {
    const proxy = standing.get(key)
    if (proxy !== undefined) matched.set(proxy, row)
  }
  const strangers: Array<RegistryRow> = []
  for (const [key, row] of byKey) {
    if (standing.has(key)) continue
    const proxy = row.id === null ? undefined : proxyOf(state, row.id)
    const isEdited = proxy !== undefined && !matched.has(proxy) && !unreadable.includes(proxy.id)
    if (isEdited) matched.set(proxy, row)
    else strangers.push(row)
  }
  return { matched, strangers }
}

/** What the row changes about the proxy; nothing where the bot wrote later than anybody. */
const changeBy = (
  state: ProxyState,
  proxy: Proxy,
  { type, endpoint, country, until, targets }: RegistryRow,
): ReadonlyArray<ProxyChange> => {
  const taken = takenFor(proxy)
  const untaken = (all: ReadonlyArray<string>) => [...new Set(all.filter((one) => !taken.has(one)))]
  const known = contentOf(proxy)
  // A tab that says nothing of uses changes none of them.
  const usedOtherwise = targets === null ? known.usedOtherwise : untaken(targets)
  const change = { id: proxy.id, type, endpoint, country, until, usedOtherwise }
  const before = outdatedOf(state, proxy.id)
  // Also if nothing differs: the event says that the row of a renewed proxy is up to date.
  if (before === undefined) return sameContent(change, known) ? [] : [change]
  const isBehind = sameContent(change, {
    ...before,
    usedOtherwise: targets === null ? usedOtherwise : untaken(before.usedOtherwise),
  })
  return isBehind ? [] : [change]
}

/** Which rows came into sight, and which are not there any more. */
const moved = (
  state: ProxyState,
  found: ReadonlySet<ProxyId>,
  { unreadable }: Command<"Looked">,
) => {
  const all = allOf(state)
  const isUnreadable = ({ id }: Proxy) => unreadable.includes(id)
  const listed = all.filter((proxy) =>
    found.has(proxy.id)
      ? proxy.place !== "listed"
      : // It was written, or its id would stand nowhere.
        proxy.place === "unwritten" && isUnreadable(proxy),
  )
  const missing = all.filter(
    (proxy) => proxy.place === "listed" && !found.has(proxy.id) && !isUnreadable(proxy),
  )
  return { listed: listed.map(({ id }) => id), missing: missing.map(({ id }) => id) }
}

const proxyFrom = (
  { type, endpoint, country, until, targets }: RegistryRow,
  id: ProxyId,
  at: number,
): Proxy => ({
  id,
  type,
  endpoint,
  country,
  until,
  addedBy: null,
  addedAt: at,
  uses: usesOtherwise(targets ?? [], at),
  place: "listed",
  generation: 0,
  expiryTold: false,
})

/** A look that found nothing new makes no event. */
const events = (about: ReadonlyArray<unknown>, event: ProxyEvents[number]): ProxyEvents =>
  about.length === 0 ? [] : [event]

/*
 * Rules of the reservation: one per proxy and per person, for a few minutes, and then exactly
 * one end. Whoever decides looks at the clock first, so that a timer which is late changes
 * nothing: at its last moment a reservation is over.
 */

/** Also over where the clock was put back to long before it began: else it would last as much longer. */
export const isRunning = ({ at, until }: Pick<Reservation, "at" | "until">, now: number): boolean =>
  now < until && now >= at - Duration.toMillis(clockStepMax)

export const reserve = (
  state: ProxyState,
  command: Command<"Reserve">,
  { now: at, today, reservedForMs }: ProxyContext,
): Result.Result<ProxyEvents, ProxyUnavailable> => {
  const refuse = (reason: ProxyUnavailable["reason"]) =>
    Result.fail(new ProxyUnavailable({ proxy: command.proxy, reason }))
  const standing = runningOf(state, command.proxy)
  const holder = standing !== undefined && isRunning(standing, at) ? standing : undefined
  if (holder !== undefined && isRepeat(holder, command)) return Result.succeed([])
  const proxy = proxyOf(state, command.proxy)
  // What lasts is said first: nobody waits for what they could not have in any case.
  if (proxy === undefined || proxy.place === "gone") return refuse("gone")
  if (proxy.until < today) return refuse("ended")
  if (proxy.uses.some(({ target }) => command.targets.includes(target))) return refuse("used")
  if (holder !== undefined && holder.by !== command.by) return refuse("reserved")

  const { by, stage, message } = command
  const released = HashMap.toValues(state.running)
    .filter((other) => other.by === by || other.proxy === proxy.id)
    .map((other) => release(other, isRunning(other, at) ? "superseded" : "timedOut", at))
  const reservation: Reservation = {
    proxy: proxy.id,
    generation: proxy.generation + 1,
    targets: distinct(command.targets),
    by,
    stage,
    message,
    at,
    until: at + reservedForMs,
  }
  return Result.succeed([...released, { _tag: "ProxyReserved", reservation }])
}

/** Takes or cancels while there is time, else notes that there is none. */
export const end = (
  state: ProxyState,
  { _tag, proxy, generation, by }: Command<"Take" | "Cancel">,
  { now: at }: ProxyContext,
): ProxyEvents => {
  const reservation = runningOf(state, proxy)
  if (reservation?.generation !== generation || reservation.by !== by) return []
  if (!isRunning(reservation, at)) return [release(reservation, "timedOut", at)]
  return _tag === "Take"
    ? [{ _tag: "ProxyTaken", proxy, generation, at }]
    : [release(reservation, "cancelled", at)]
}

/** All that timed out, the first of them first. */
export const timedOut = (state: ProxyState, at: number): ProxyEvents =>
  HashMap.toValues(state.running)
    .filter((reservation) => !isRunning(reservation, at))
    .toSorted((a, b) => a.until - b.until)
    .map((reservation) => release(reservation, "timedOut", at))

/** What a Reserve came to, by the state right after it. */
export const reservedAs = (
  after: ProxyState,
  { proxy, by }: Command<"Reserve">,
): Result.Result<Reservation, ProxyUnavailable> => {
  const reservation = runningOf(after, proxy)
  return reservation?.by === by
    ? Result.succeed(reservation)
    : Result.fail(new ProxyUnavailable({ proxy, reason: "reserved" }))
}

/** What a Take or Cancel came to, by the state right after it: the only end there was. */
export const endedAs = (
  after: ProxyState,
  command: Command<"Take" | "Cancel">,
): Result.Result<Reservation, ReservationOver> => {
  const { proxy, generation, by, _tag } = command
  const refuse = (reason: ReservationOver["reason"]) =>
    Result.fail(new ReservationOver({ proxy, reason }))
  const ended = endedOf(after, command)
  const running = runningOf(after, proxy)
  const reservation =
    ended?.reservation ?? (running?.generation === generation ? running : undefined)
  if (reservation !== undefined && reservation.by !== by) return refuse("notHolder")
  if (ended === undefined) return refuse("unknown")
  const wanted = _tag === "Take" ? "taken" : "cancelled"
  return ended.end === wanted ? Result.succeed(ended.reservation) : refuse(ended.end)
}

/** The same wish on the same message. */
const isRepeat = (standing: Reservation, { by, message, targets }: Command<"Reserve">) =>
  standing.by === by &&
  standing.message.chatId === message.chatId &&
  standing.message.messageId === message.messageId &&
  sameTargets(standing.targets, targets)

const release = ({ proxy, generation }: Reservation, reason: Release, at: number) =>
  ({ _tag: "ProxyReleased", proxy, generation, reason, at }) as const

const distinct = ([first, ...others]: Reservation["targets"]): Reservation["targets"] => [
  first,
  ...new Set(others.filter((target) => target !== first)),
]

/*
 * The rulebook of the proxies: what a command comes to, given the state it meets.
 *
 * All of it is pure, and a command that has taken effect already makes no events. Only a Reserve
 * is ever refused; a Take or Cancel that comes too late notes just that, and `endedAs` says it.
 */

export const decide = (
  state: ProxyState,
  command: ProxyCommand | ProxyKeeperCommand,
  context: ProxyContext,
): ProxyDecision => {
  switch (command._tag) {
    case "Add":
      return add(state, command, context)
    case "Reserve":
      return reserve(state, command, context)
    case "Take":
    case "Cancel":
      return Result.succeed(end(state, command, context))
    case "Expire":
      return Result.succeed([...timedOut(state, context.now), ...retired(state, context.now)])
    case "Looked":
      return look(state, command, context)
    case "Shown":
      return Result.succeed(shown(state, command, context.now))
    case "ExpiryTold":
      return Result.succeed(expiryTold(state, command, context.now))
  }
}

/** Memory is a fold of the events. */
export const replay = (state: ProxyState, made: ProxyEvents): ProxyState =>
  made.reduce(evolve, state)

const retired = (state: ProxyState, at: number): ProxyEvents => {
  const since = at - Duration.toMillis(additionsKept)
  const requests = HashMap.toValues(state.additions)
    .filter((addition) => addition.at <= since)
    .toSorted((a, b) => a.at - b.at)
    .map(({ request }) => request)
  const isStale = HashMap.toValues(state.ended).some((ended) => isForgettable(ended, at))
  return requests.length > 0 || isStale ? [{ _tag: "ProxiesRetired", requests, at }] : []
}

const shown = (state: ProxyState, command: Command<"Shown">, at: number): ProxyEvents => {
  const { proxy, generation } = command
  return endedOf(state, command)?.shown === false
    ? [{ _tag: "ProxyShown", proxy, generation, at }]
    : []
}

const expiryTold = (state: ProxyState, command: Command<"ExpiryTold">, at: number): ProxyEvents => {
  const ids = [...new Set(command.ids)].filter((id) => proxyOf(state, id)?.expiryTold === false)
  return ids.length > 0 ? [{ _tag: "ProxiesExpiryTold", ids, at }] : []
}
