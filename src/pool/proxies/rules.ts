/**
 * What can be asked of the proxies, which events come of it, and what each event does.
 *
 * As with a pool all of it is pure, a command that took effect already makes no events, and an
 * effect takes what was decided as it stands. A Take, Cancel or Extend that comes too late is not
 * refused: it notes just that, and `heldAs` says it.
 */
import { Data, Duration, HashMap, HashSet, Result, Schema } from "effect"
import {
  additionsKept,
  clockStepMax,
  proxyReportWindow,
  proxyReturnWindow,
  reservationExtension,
  retiredAfter,
} from "../../config/Limits.ts"
import { VariantId } from "../../domain/Catalogue.ts"
import { Day } from "../../domain/Day.ts"
import { TelegramId } from "../../domain/Employee.ts"
import { MessageRef, requestKeyOf } from "../../domain/Issuance.ts"
import {
  type Broken,
  CountryCode,
  Endpoint,
  endpointKey,
  identityAmong,
  type Outcome,
  type Proxy,
  ProxyId,
  ProxyType,
  type ProxyUse,
  RegistryRow,
  type Release,
  type Reservation,
} from "../../domain/Proxy.ts"
import type { ProxyChange, ProxyEvent } from "../../domain/ProxyEvent.ts"
import type { Of } from "../rules/rule.ts"
import {
  allOf,
  byIdentity,
  change,
  type Ended,
  endedOf,
  gatewaysOf,
  outdate,
  outdatedOf,
  proxyOf,
  type ProxyState,
  putNew,
  reservationKey,
  runningOf,
} from "./proxyState.ts"

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
    /** Logins of rotating gateways, by their `endpointKey`: each password is a proxy of its own. */
    gateways: Schema.optionalKey(Schema.Array(Schema.String)),
  },
  /** Gives proxies that are there another password, and changes nothing else about them. */
  Repassword: { endpoints: Schema.Array(Endpoint) },
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
  /** Moves the end of the reservation, once. */
  Extend: { proxy: ProxyId, generation: Schema.Int, by: TelegramId },
  /** Undoes a Take of that generation within ten minutes. Again: changes nothing. */
  Return: { proxy: ProxyId, generation: Schema.Int, by: TelegramId },
  /** Whoever took it says that it does not work. Where that is known already, nothing changes. */
  Report: { proxy: ProxyId, generation: Schema.Int, by: TelegramId, reason: Schema.String },
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
  reason: Schema.Literals(["reserved", "used", "ended", "gone", "broken"]),
}) {}

/** The reservation that the button belongs to is over, or never was this person's. */
export class ReservationOver extends Schema.TaggedError<ReservationOver>()("ReservationOver", {
  proxy: Schema.String,
  reason: Schema.Literals([
    "cancelled",
    "timedOut",
    "superseded",
    "broken",
    "taken",
    "returned",
    "notHolder",
    "unknown",
  ]),
}) {}

/** What was taken cannot be given back or reported any more, or never was this person's. */
export class TakingOver extends Schema.TaggedError<TakingOver>()("TakingOver", {
  proxy: Schema.String,
  reason: Schema.Literals(["late", "returned", "notHolder", "unknown"]),
}) {}

/** There were fewer fresh ids than new proxies: to be asked again with that many. */
class IdsMissing extends Data.TaggedError("IdsMissing")<{ readonly count: number }> {}

/** All that a decision needs and the state does not hold: rules read no clock and throw no dice. */
export interface ProxyContext {
  readonly now: number
  /** The day it is where the company works. */
  readonly today: Day
  /** Fresh ids; a rule that needs more refuses. */
  readonly newIds: ReadonlyArray<ProxyId>
  readonly reservedForMs: number
  /** How long the reservation holds, in milliseconds that go by. */
  readonly timeLeft: (reservation: Reservation) => number
  /** Whether the time of the reservation is not over, whatever the clock was set to meanwhile. */
  readonly isRunning: (reservation: Reservation) => boolean
}

export type ProxyEvents = ReadonlyArray<ProxyEvent>

type CommandTag = (ProxyCommand | ProxyKeeperCommand)["_tag"]
export type CommandOf<Tag extends CommandTag> = Of<ProxyCommand | ProxyKeeperCommand, Tag>
type Decision = Result.Result<ProxyEvents, ProxyUnavailable | TakingOver | IdsMissing>
type Rule<Tag extends CommandTag> = (
  state: ProxyState,
  command: CommandOf<Tag>,
  context: ProxyContext,
) => Decision

type EventTag = ProxyEvent["_tag"]
type EventOf<Tag extends EventTag> = Of<ProxyEvent, Tag>
type EffectOf<Tag extends EventTag> = (state: ProxyState, event: EventOf<Tag>) => ProxyState

/**
 * The wizard's addition: what is known already is skipped, what was over is renewed. It is noted
 * also if all was known already, so that the same message never adds anything later on.
 */
const add: Rule<"Add"> = (state, command, context) => {
  const request = requestKeyOf(command.message)
  if (HashMap.has(state.additions, request)) return Result.succeed([])
  const { now: at, today } = context
  const named = (command.gateways ?? []).filter((key) => !HashSet.has(state.gateways, key))
  const gateways = new Set([...gatewaysOf(state), ...named])
  const standing = byIdentity(state, gateways)
  const endpoints = firstOfEach(command.endpoints, identityAmong(gateways))
  const unknown = [...endpoints].flatMap(([key, endpoint]) => (standing.has(key) ? [] : [endpoint]))
  const renewed = [...endpoints].flatMap(([key, endpoint]) => {
    const proxy = standing.get(key)
    return proxy !== undefined && isOver(proxy, today) ? [renewal(proxy, endpoint, command)] : []
  })
  return Result.map(
    withIds(state, context, unknown, (endpoint, id) => proxyAdded(command, endpoint, id, at)),
    (proxies) => [
      ...unlessEmpty(named, { _tag: "ProxyGatewaysNamed", gateways: [...new Set(named)], at }),
      { _tag: "ProxiesAdded", request, proxies, renewed, at },
    ],
  )
}

/** A proxy that is over is added anew, and a gateway has its passwords all at once. */
const repassword: Rule<"Repassword"> = (state, { endpoints }, { now: at, today }) => {
  const standing = byIdentity(state)
  const newest = new Map(endpoints.map((endpoint) => [endpointKey(endpoint), endpoint]))
  const renewed = [...newest].flatMap(([key, { password }]) => {
    const proxy = standing.get(key)
    if (proxy === undefined || isOver(proxy, today)) return []
    const { endpoint } = proxy
    return endpoint.password === password
      ? []
      : [{ ...contentOf(proxy), endpoint: { ...endpoint, password } }]
  })
  const event = { _tag: "ProxiesAdded", request: null, proxies: [], renewed, at } as const
  return Result.succeed(unlessEmpty(renewed, event))
}

const gatewaysNamed: EffectOf<"ProxyGatewaysNamed"> = (state, { gateways }) => ({
  ...state,
  gateways: gateways.reduce((all, key) => HashSet.add(all, key), state.gateways),
})

const proxyAdded = (
  { type, country, until, targets, by }: CommandOf<"Add">,
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

const renewal = (
  proxy: Proxy,
  endpoint: Endpoint,
  { type, country, until, targets }: CommandOf<"Add">,
): ProxyChange => {
  const { id, usedOtherwise } = contentOf(proxy)
  const taken = takenFor(proxy)
  const others = new Set([...usedOtherwise, ...targets].filter((target) => !taken.has(target)))
  return { id, type, endpoint, country, until, usedOtherwise: [...others] }
}

const added: EffectOf<"ProxiesAdded"> = (state, { request, proxies, renewed, at }) => {
  const known = renewed.reduce(
    (before, edit) => renew(before, edit, at),
    proxies.reduce(putNew, state),
  )
  if (request === null) return known
  const addition = {
    request,
    added: proxies.map(({ id }) => id),
    renewed: renewed.map(({ id }) => id),
    at,
  }
  return { ...known, additions: HashMap.set(known.additions, request, addition) }
}

const renew = (state: ProxyState, edit: ProxyChange, at: number): ProxyState => {
  const before = proxyOf(state, edit.id)
  if (before === undefined) return state
  const after = change(state, edit.id, (proxy) => ({
    ...edited(proxy, edit, at),
    place: proxy.place === "gone" ? "unwritten" : proxy.place,
    // Whoever was told of the end already hears of another one only.
    expiryTold: proxy.expiryTold && proxy.place !== "gone" && edit.until === proxy.until,
  }))
  return outdate(after, edit.id, [contentOf(before)])
}

/**
 * A look at the registry tab, where people add, edit and remove rows by hand.
 *
 * A row belongs to the proxy of its endpoint. The id in its cell counts only where that endpoint
 * is new and the proxy of the id stands in no row by its own, so that it was edited: else the row
 * is a copy.
 */
const look: Rule<"Looked"> = (state, command, context) => {
  const { now: at } = context
  const { matched, strangers } = match(state, command)
  const changes = [...matched].flatMap(([proxy, row]) => changeBy(state, proxy, row))
  const found = new Set([...matched.keys()].map(({ id }) => id))
  const { listed, missing } = moved(state, found, command)
  const place = command.isNewTab === true ? { gone: [], unwritten: missing } : { gone: missing }
  return Result.map(
    withIds(state, context, strangers, (row, id) => proxyFrom(row, id, at)),
    (proxies): ProxyEvents => [
      ...unlessEmpty(proxies, { _tag: "ProxiesAdded", request: null, proxies, renewed: [], at }),
      ...unlessEmpty(changes, { _tag: "ProxiesChanged", changes, at }),
      ...unlessEmpty([...listed, ...missing], { _tag: "ProxiesLooked", listed, ...place, at }),
    ],
  )
}

/** Which row is whose; those that are nobody's are new. */
const match = (state: ProxyState, { rows, unreadable }: CommandOf<"Looked">) => {
  const identity = identityAmong(gatewaysOf(state))
  const byKey = firstOfEach(rows, ({ endpoint }) => identity(endpoint))
  const standing = byIdentity(state)
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
  row: RegistryRow,
): ReadonlyArray<ProxyChange> => {
  const { type, endpoint, country, until, targets } = row
  const taken = takenFor(proxy)
  const untaken = (all: ReadonlyArray<string>) => [...new Set(all.filter((one) => !taken.has(one)))]
  const known = contentOf(proxy)
  // A tab that says nothing of uses changes none of them.
  const usedOtherwise = targets === null ? known.usedOtherwise : untaken(targets)
  const isBroken = targets === null ? known.broken === true : row.broken === true
  const content = { id: proxy.id, type, endpoint, country, until, usedOtherwise }
  const edit: ProxyChange = { ...content, ...(isBroken && { broken: true }) }
  const former = outdatedOf(state, proxy.id)
  // Also if nothing differs: the event says that the row is up to date.
  if (sameContent(edit, known)) return former.length === 0 ? [] : [edit]
  const isBehind = former.some((before) =>
    sameContent(edit, {
      ...(targets === null ? { ...before, broken: isBroken } : before),
      usedOtherwise: targets === null ? usedOtherwise : untaken(before.usedOtherwise),
    }),
  )
  return isBehind ? [] : [edit]
}

/** Which rows came into sight, and which are not there any more. */
const moved = (
  state: ProxyState,
  found: ReadonlySet<ProxyId>,
  { unreadable }: CommandOf<"Looked">,
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
  { type, endpoint, country, until, targets, broken }: RegistryRow,
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
  ...(broken === true && { broken: brokenByHand(at) }),
})

const changed: EffectOf<"ProxiesChanged"> = (state, { changes, at }) =>
  changes.reduce(
    (before, edit) => ({
      ...change(before, edit.id, (proxy) => edited(proxy, edit, at)),
      outdated: HashMap.remove(before.outdated, edit.id),
    }),
    state,
  )

const looked: EffectOf<"ProxiesLooked"> = (state, { listed, gone, unwritten = [] }) => {
  const present = unwritten.reduce(placed("unwritten"), listed.reduce(placed("listed"), state))
  return gone.reduce(placed("gone"), present)
}

const placed = (place: Proxy["place"]) => (state: ProxyState, id: ProxyId) =>
  change(state, id, (proxy) => ({ ...proxy, place }))

/**
 * One reservation for each proxy and for each person, for a few minutes, and then exactly one end.
 * Whoever decides looks at the time first, so that a timer which is late changes nothing: at its
 * last moment a reservation is over.
 */
const reserve: Rule<"Reserve"> = (state, command, { now: at, today, reservedForMs, isRunning }) => {
  const refuse = (reason: ProxyUnavailable["reason"]) =>
    Result.fail(new ProxyUnavailable({ proxy: command.proxy, reason }))
  const standing = runningOf(state, command.proxy)
  const holder = standing !== undefined && isRunning(standing) ? standing : undefined
  if (holder !== undefined && isRepeat(holder, command)) return Result.succeed([])
  const proxy = proxyOf(state, command.proxy)
  // What lasts is said first: nobody waits for what they could not have in any case.
  if (proxy === undefined || proxy.place === "gone") return refuse("gone")
  if (proxy.broken !== undefined) return refuse("broken")
  if (proxy.until < today) return refuse("ended")
  if (proxy.uses.some(({ target }) => command.targets.includes(target))) return refuse("used")
  if (holder !== undefined && holder.by !== command.by) return refuse("reserved")

  const { by, stage, message } = command
  const released = HashMap.toValues(state.running)
    .filter((other) => other.by === by || other.proxy === proxy.id)
    .map((other) => release(other, isRunning(other) ? "superseded" : "timedOut", at))
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

/** The same wish on the same message. */
const isRepeat = (standing: Reservation, { by, message, targets }: CommandOf<"Reserve">) =>
  standing.by === by &&
  isSameMessage(standing.message, message) &&
  sameTargets(standing.targets, targets)

/** The message shows this reservation now, so no former one on it wants to be shown any more. */
const reserved: EffectOf<"ProxyReserved"> = (state, { reservation }) => {
  const { proxy: id, generation, message } = reservation
  return {
    ...change(state, id, (proxy) => ({ ...proxy, generation })),
    running: HashMap.set(state.running, id, reservation),
    ended: HashMap.map(state.ended, (end) =>
      isSameMessage(end.reservation.message, message) ? { ...end, shown: true } : end,
    ),
  }
}

type Held = CommandOf<"Take" | "Cancel" | "Extend">

/**
 * What a person may do with a reservation while there is time. Once there is none, that is noted
 * instead; a reservation that is over, or somebody else's, is left alone, and `heldAs` says so.
 */
const whileRunning =
  (events: (reservation: Reservation, context: ProxyContext) => ProxyEvents) =>
  (state: ProxyState, { proxy, generation, by }: Held, context: ProxyContext): Decision => {
    const reservation = runningOf(state, proxy)
    if (reservation?.generation !== generation || reservation.by !== by) return Result.succeed([])
    return Result.succeed(
      context.isRunning(reservation)
        ? events(reservation, context)
        : [release(reservation, "timedOut", context.now)],
    )
  }

const take = whileRunning(({ proxy, generation }, { now: at }) => [
  { _tag: "ProxyTaken", proxy, generation, at },
])

const cancel = whileRunning((reservation, { now: at }) => [release(reservation, "cancelled", at)])

/** More time, once: asked again it changes nothing. */
const extend = whileRunning((reservation, context) => {
  if (reservation.extendedAt !== undefined) return []
  const { proxy, generation } = reservation
  const until = endOf(reservation, context) + Duration.toMillis(reservationExtension)
  return [{ _tag: "ProxyExtended", proxy, generation, until, at: context.now }]
})

/** The end as it was told, unless the clock was set since: then it comes at another time. */
const endOf = (reservation: Reservation, { now, timeLeft }: ProxyContext): number => {
  const comesAt = Math.round(now + timeLeft(reservation))
  return Math.abs(comesAt - reservation.until) < Duration.toMillis(clockStepMax)
    ? reservation.until
    : comesAt
}

const extended: EffectOf<"ProxyExtended"> = (state, { proxy, generation, until, at }) => {
  const reservation = runningOf(state, proxy)
  if (reservation?.generation !== generation) return state
  const longer = { ...reservation, until, extendedAt: at }
  return { ...state, running: HashMap.set(state.running, proxy, longer) }
}

const taken: EffectOf<"ProxyTaken"> = (state, event) => {
  const reservation = runningOf(state, event.proxy)
  const over = ended(state, event, "taken")
  if (reservation === undefined || over === state) return state
  const { targets, by, stage } = reservation
  return change(over, event.proxy, (proxy) => {
    // Somebody may have written a target into the tab in the meantime: the taker stands for it.
    const others = proxy.uses.filter((use) => use.by !== null || !targets.includes(use.target))
    const uses = targets.map((target): ProxyUse => ({ target, by, stage, at: event.at }))
    return { ...proxy, uses: [...others, ...uses] }
  })
}

/** The taking that a button belongs to, for whoever took the proxy. */
const takingFor = (
  state: ProxyState,
  held: CommandOf<"Return" | "Report">,
): Result.Result<Ended, TakingOver> => {
  const over = endedOf(state, held)
  if (over === undefined) return takingOver(held, "unknown")
  if (over.reservation.by !== held.by) return takingOver(held, "notHolder")
  return over.end === "taken" || over.end === "returned"
    ? Result.succeed(over)
    : takingOver(held, "unknown")
}

const takingOver = ({ proxy }: CommandOf<"Return" | "Report">, reason: TakingOver["reason"]) =>
  Result.fail(new TakingOver({ proxy, reason }))

export const mayBeReturned = (takenAt: number, now: number): boolean =>
  now <= takenAt + Duration.toMillis(proxyReturnWindow)

const giveBack: Rule<"Return"> = (state, command, { now: at }) =>
  Result.flatMap(takingFor(state, command), (over): Decision => {
    if (over.end === "returned") return Result.succeed([])
    if (!mayBeReturned(over.at, at)) return takingOver(command, "late")
    const { proxy, generation } = command
    return Result.succeed([{ _tag: "ProxyReturned", proxy, generation, at }])
  })

/** Free again for its targets. The row of the tab may say otherwise until it is written. */
const returned: EffectOf<"ProxyReturned"> = (state, event) => {
  const over = endedOf(state, event)
  const before = proxyOf(state, event.proxy)
  if (over?.end !== "taken" || before === undefined) return state
  const { targets, by, stage } = over.reservation
  const uses = before.uses.filter((use) => use.by !== by || !targets.includes(use.target))
  const former = new Set([...(before.formerStages ?? []), stage])
  const after = change(state, before.id, (proxy) => ({
    ...proxy,
    uses,
    formerStages: [...former],
  }))
  const said = [...outdatedOf(state, before.id), contentOf(before)].map((each) => ({
    ...each,
    usedOtherwise: [...new Set([...each.usedOtherwise, ...targets])],
  }))
  const ended = { ...over, end: "returned", at: event.at, shown: false } as const
  return {
    ...outdate(after, before.id, said),
    ended: HashMap.set(after.ended, reservationKey(event), ended),
  }
}

/** Nobody is to work with it. Whoever has it reserved just now is told to take another one. */
const report: Rule<"Report"> = (state, command, { now: at }) =>
  Result.flatMap(takingFor(state, command), (over): Decision => {
    const { proxy, generation, by, reason } = command
    if (over.end === "returned") return takingOver(command, "returned")
    if (at > over.at + Duration.toMillis(proxyReportWindow)) return takingOver(command, "late")
    if (proxyOf(state, proxy)?.broken !== undefined) return Result.succeed([])
    const running = runningOf(state, proxy)
    const { stage } = over.reservation
    return Result.succeed([
      ...(running === undefined ? [] : [release(running, "broken", at)]),
      { _tag: "ProxyBroken", proxy, generation, by, stage, reason: reason.trim(), at },
    ])
  })

const broken: EffectOf<"ProxyBroken"> = (state, { proxy: id, by, stage, reason, at }) => {
  const before = proxyOf(state, id)
  if (before === undefined) return state
  const after = change(state, id, (proxy) => ({ ...proxy, broken: { by, stage, reason, at } }))
  return outdate(after, id, [contentOf(before)])
}

const brokenByHand = (at: number): Broken => ({ by: null, stage: "", reason: "", at })

const released: EffectOf<"ProxyReleased"> = (state, event) => ended(state, event, event.reason)

const ended = (
  state: ProxyState,
  { proxy, generation, at }: EventOf<"ProxyTaken" | "ProxyReleased">,
  outcome: Outcome["end"],
): ProxyState => {
  const reservation = runningOf(state, proxy)
  if (reservation?.generation !== generation) return state
  const over: Ended = { reservation, end: outcome, at, shown: false }
  return {
    ...state,
    running: HashMap.remove(state.running, proxy),
    ended: HashMap.set(state.ended, reservationKey(reservation), over),
  }
}

const show: Rule<"Shown"> = (state, command, { now: at }) => {
  const { proxy, generation } = command
  const isDue = endedOf(state, command)?.shown === false
  return Result.succeed(isDue ? [{ _tag: "ProxyShown", proxy, generation, at }] : [])
}

const shown: EffectOf<"ProxyShown"> = (state, event) => {
  const over = endedOf(state, event)
  if (over === undefined) return state
  return {
    ...state,
    ended: HashMap.set(state.ended, reservationKey(event), { ...over, shown: true }),
  }
}

const tellExpiry: Rule<"ExpiryTold"> = (state, command, { now: at }) => {
  const ids = [...new Set(command.ids)].filter((id) => proxyOf(state, id)?.expiryTold === false)
  return Result.succeed(unlessEmpty(ids, { _tag: "ProxiesExpiryTold", ids, at }))
}

const expiryTold: EffectOf<"ProxiesExpiryTold"> = (state, { ids }) =>
  ids.reduce((before, id) => change(before, id, (proxy) => ({ ...proxy, expiryTold: true })), state)

/** Releases what timed out, the first of it first, and lets go of what is long over. */
const expire: Rule<"Expire"> = (state, _, { now: at, isRunning }) => {
  const timedOut = HashMap.toValues(state.running)
    .filter((reservation) => !isRunning(reservation))
    .toSorted((a, b) => a.until - b.until)
    .map((reservation) => release(reservation, "timedOut", at))
  return Result.succeed([...timedOut, ...retire(state, at)])
}

const retire = (state: ProxyState, at: number): ProxyEvents => {
  const since = at - Duration.toMillis(additionsKept)
  const requests = HashMap.toValues(state.additions)
    .filter((addition) => addition.at <= since)
    .toSorted((a, b) => a.at - b.at)
    .map(({ request }) => request)
  const isStale = HashMap.toValues(state.ended).some((over) => isForgettable(over, at))
  return requests.length > 0 || isStale ? [{ _tag: "ProxiesRetired", requests, at }] : []
}

const retired: EffectOf<"ProxiesRetired"> = (state, { requests, at }) => ({
  ...state,
  ended: HashMap.filter(state.ended, (over) => !isForgettable(over, at)),
  additions: HashMap.removeMany(state.additions, requests),
})

/** Its message shows it, and no button asks for it any more. */
const isForgettable = ({ shown: isShown, at }: Ended, now: number): boolean =>
  isShown && at + Duration.toMillis(retiredAfter) <= now

const rules: { readonly [Tag in CommandTag]: Rule<Tag> } = {
  Add: add,
  Repassword: repassword,
  Looked: look,
  Reserve: reserve,
  Take: take,
  Cancel: cancel,
  Extend: extend,
  Return: giveBack,
  Report: report,
  Shown: show,
  ExpiryTold: tellExpiry,
  Expire: expire,
}

const effects: { readonly [Tag in EventTag]: EffectOf<Tag> } = {
  ProxiesAdded: added,
  ProxyGatewaysNamed: gatewaysNamed,
  ProxiesChanged: changed,
  ProxiesLooked: looked,
  ProxyReserved: reserved,
  ProxyExtended: extended,
  ProxyTaken: taken,
  ProxyReturned: returned,
  ProxyBroken: broken,
  ProxyReleased: released,
  ProxyShown: shown,
  ProxiesExpiryTold: expiryTold,
  ProxiesRetired: retired,
}

export const decide = <Tag extends CommandTag>(
  state: ProxyState,
  command: CommandOf<Tag>,
  context: ProxyContext,
): Decision => rules[command._tag](state, command, context)

export const evolve = <Tag extends EventTag>(state: ProxyState, event: EventOf<Tag>): ProxyState =>
  effects[event._tag](state, event)

/** What a Reserve came to, by the state right after it. */
export const reservedAs = (
  after: ProxyState,
  { proxy, by }: CommandOf<"Reserve">,
): Result.Result<Reservation, ProxyUnavailable> => {
  const reservation = runningOf(after, proxy)
  return reservation?.by === by
    ? Result.succeed(reservation)
    : Result.fail(new ProxyUnavailable({ proxy, reason: "reserved" }))
}

/**
 * What a Take, a Cancel or an Extend came to, by the state right after it. A second Extend gives the
 * same as the first.
 */
export const heldAs = (
  after: ProxyState,
  command: Held,
): Result.Result<Reservation, ReservationOver> => {
  const { proxy, generation, by, _tag } = command
  const refuse = (reason: ReservationOver["reason"]) =>
    Result.fail(new ReservationOver({ proxy, reason }))
  const over = endedOf(after, command)
  const standing = runningOf(after, proxy)
  const running = standing?.generation === generation ? standing : undefined
  const reservation = over?.reservation ?? running
  if (reservation !== undefined && reservation.by !== by) return refuse("notHolder")
  if (_tag === "Extend" && running !== undefined) return Result.succeed(running)
  if (over === undefined) return refuse("unknown")
  const wanted = _tag === "Take" ? "taken" : "cancelled"
  return _tag !== "Extend" && over.end === wanted
    ? Result.succeed(over.reservation)
    : refuse(over.end)
}

/** On offer no more, so that it may be added again. */
export const isOver = ({ until, place, broken: fault }: Proxy, today: Day): boolean =>
  until < today || place === "gone" || fault !== undefined

/** Proxies with ids that are in use nowhere. */
const withIds = <A>(
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
const firstOfEach = <A>(
  all: ReadonlyArray<A>,
  keyOf: (one: A) => string,
): ReadonlyMap<string, A> => {
  const first = new Map<string, A>()
  for (const one of all) if (!first.has(keyOf(one))) first.set(keyOf(one), one)
  return first
}

/** What is about nothing makes no event. */
const unlessEmpty = (about: ReadonlyArray<unknown>, event: ProxyEvent): ProxyEvents =>
  about.length === 0 ? [] : [event]

/** Uses that nobody took from the bot. */
const usesOtherwise = (targets: ReadonlyArray<string>, at: number): Proxy["uses"] =>
  [...new Set(targets)].map((target) => ({ target, by: null, stage: "", at }))

/** What moved its end forward is worth another notice; what people took it for stays. */
const edited = (proxy: Proxy, edit: ProxyChange, at: number): Proxy => {
  const { type, endpoint, country, until, usedOtherwise } = edit
  const { broken: fault = brokenByHand(at), ...working } = proxy
  const kept = proxy.uses.filter(({ by, target }) => by !== null || usedOtherwise.includes(target))
  const others = new Set(usedOtherwise)
  for (const { target } of kept) others.delete(target)
  return {
    ...working,
    type,
    endpoint,
    country,
    until,
    uses: [...kept, ...usesOtherwise([...others], at)],
    expiryTold: proxy.expiryTold && until <= proxy.until,
    ...(edit.broken === true && { broken: fault }),
  }
}

/** What its row in the tab may change about a proxy. */
const contentOf = (proxy: Proxy): ProxyChange => {
  const { id, type, endpoint, country, until, uses } = proxy
  return {
    id,
    type,
    endpoint,
    country,
    until,
    usedOtherwise: uses.filter(({ by }) => by === null).map(({ target }) => target),
    ...(proxy.broken !== undefined && { broken: true }),
  }
}

/** The targets that people took it for from the bot: whatever the tab says, these stay. */
const takenFor = ({ uses }: Proxy): ReadonlySet<string> =>
  new Set(uses.filter(({ by }) => by !== null).map(({ target }) => target))

const sameContent = (a: ProxyChange, b: ProxyChange): boolean =>
  a.type === b.type &&
  a.country === b.country &&
  a.until === b.until &&
  (a.broken === true) === (b.broken === true) &&
  sameEndpoint(a.endpoint, b.endpoint) &&
  sameTargets(a.usedOtherwise, b.usedOtherwise)

const sameEndpoint = (a: Endpoint, b: Endpoint) =>
  endpointKey(a) === endpointKey(b) && a.host === b.host && a.password === b.password

/** In whatever order, and however often each. */
const sameTargets = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a.every((target) => b.includes(target)) && b.every((target) => a.includes(target))

const isSameMessage = (a: MessageRef, b: MessageRef) =>
  a.chatId === b.chatId && a.messageId === b.messageId

const release = ({ proxy, generation }: Reservation, reason: Release, at: number) =>
  ({ _tag: "ProxyReleased", proxy, generation, reason, at }) as const

const distinct = ([first, ...others]: Reservation["targets"]): Reservation["targets"] => [
  first,
  ...new Set(others.filter((target) => target !== first)),
]
