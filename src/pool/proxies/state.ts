/**
 * How each event changes the proxies.
 *
 * It asks no questions: whatever was decided once is taken as it stands, so that the journal
 * read again gives the same state.
 */
import { Chunk, Duration, Effect, HashMap, Option, Schema } from "effect"
import { retiredAfter } from "../../config/Limits.ts"
import { Moment } from "../../domain/Day.ts"
import { RequestKey } from "../../domain/Issuance.ts"
import {
  type Endpoint,
  endpointKey,
  Outcome,
  Proxy,
  ProxyId,
  type ProxyUse,
  Reservation,
} from "../../domain/Proxy.ts"
import { ProxyChange, ProxyEvent } from "../../domain/ProxyEvent.ts"
import type { JournalEvent } from "../../store/Journal.ts"
import type { Fold } from "../Outbox.ts"

/*
 * The immutable state of the proxies, and the few moves that keep it whole.
 *
 * Nothing here knows a rule: the rules are in proxyDecide.ts.
 */

/** A reservation that ended, kept as long as a button may still ask for it. */
export const Ended = Schema.Struct({
  ...Outcome.fields,
  /** Its message shows how it ended, or shows something newer. */
  shown: Schema.Boolean,
})
export type Ended = typeof Ended.Type

/** What one message added, so that it adds nothing the second time. */
export const Addition = Schema.Struct({
  request: RequestKey,
  added: Schema.Array(ProxyId),
  renewed: Schema.Array(ProxyId),
  at: Moment,
})
export type Addition = typeof Addition.Type

export interface ProxyState {
  /** In the order in which they were added; none is ever let go of, or it could be used twice. */
  readonly ids: Chunk.Chunk<ProxyId>
  readonly proxies: HashMap.HashMap<ProxyId, Proxy>
  readonly running: HashMap.HashMap<ProxyId, Reservation>
  /** By `reservationKey`. */
  readonly ended: HashMap.HashMap<string, Ended>
  readonly additions: HashMap.HashMap<RequestKey, Addition>
  /**
   * What the row of a renewed proxy said before, until a look shows another row: the tab is
   * behind the bot there, and nobody edited it.
   */
  readonly outdated: HashMap.HashMap<ProxyId, ProxyChange>
}

export const empty: ProxyState = {
  ids: Chunk.empty(),
  proxies: HashMap.empty(),
  running: HashMap.empty(),
  ended: HashMap.empty(),
  additions: HashMap.empty(),
  outdated: HashMap.empty(),
}

export const reservationKey = ({
  proxy,
  generation,
}: Pick<Reservation, "proxy" | "generation">): string => `${proxy}:${generation}`

export const proxyOf = (state: ProxyState, id: ProxyId): Proxy | undefined =>
  Option.getOrUndefined(HashMap.get(state.proxies, id))

export const runningOf = (state: ProxyState, id: ProxyId): Reservation | undefined =>
  Option.getOrUndefined(HashMap.get(state.running, id))

export const endedOf = (
  state: ProxyState,
  reservation: Pick<Reservation, "proxy" | "generation">,
): Ended | undefined => Option.getOrUndefined(HashMap.get(state.ended, reservationKey(reservation)))

export const outdatedOf = (state: ProxyState, id: ProxyId): ProxyChange | undefined =>
  Option.getOrUndefined(HashMap.get(state.outdated, id))

/** All proxies in the order in which they were added. */
export const allOf = (state: ProxyState): ReadonlyArray<Proxy> =>
  Chunk.toReadonlyArray(state.ids).flatMap((id) => proxyOf(state, id) ?? [])

/** All proxies by the key of their endpoint, which no two of them share. */
export const byEndpoint = (state: ProxyState): ReadonlyMap<string, Proxy> =>
  new Map(allOf(state).map((proxy) => [endpointKey(proxy.endpoint), proxy]))

export const putNew = (state: ProxyState, proxy: Proxy): ProxyState => ({
  ...state,
  ids: Chunk.append(state.ids, proxy.id),
  proxies: HashMap.set(state.proxies, proxy.id, proxy),
})

export const change = (state: ProxyState, id: ProxyId, f: (proxy: Proxy) => Proxy): ProxyState => ({
  ...state,
  proxies: HashMap.modify(state.proxies, id, f),
})

/** What its row in the tab may change about a proxy. */
export const contentOf = ({ id, type, endpoint, country, until, uses }: Proxy): ProxyChange => ({
  id,
  type,
  endpoint,
  country,
  until,
  usedOtherwise: uses.filter(({ by }) => by === null).map(({ target }) => target),
})

/** The targets that people took it for from the bot: whatever the tab says, these stay. */
export const takenFor = ({ uses }: Proxy): ReadonlySet<string> =>
  new Set(uses.filter(({ by }) => by !== null).map(({ target }) => target))

export const sameContent = (a: ProxyChange, b: ProxyChange): boolean =>
  a.type === b.type &&
  a.country === b.country &&
  a.until === b.until &&
  sameEndpoint(a.endpoint, b.endpoint) &&
  sameTargets(a.usedOtherwise, b.usedOtherwise)

/** In whatever order, and however often each. */
export const sameTargets = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a.every((target) => b.includes(target)) && b.every((target) => a.includes(target))

const sameEndpoint = (a: Endpoint, b: Endpoint) =>
  endpointKey(a) === endpointKey(b) && a.host === b.host && a.password === b.password

export const evolve = (state: ProxyState, event: ProxyEvent): ProxyState => {
  switch (event._tag) {
    case "ProxiesAdded":
      return added(state, event)
    case "ProxiesChanged":
      return event.changes.reduce(
        (before, edit) => ({
          ...change(before, edit.id, (proxy) => edited(proxy, edit, event.at)),
          outdated: HashMap.remove(before.outdated, edit.id),
        }),
        state,
      )
    case "ProxiesLooked":
      return looked(state, event)
    case "ProxyReserved":
      return reserved(state, event.reservation)
    case "ProxyReleased":
      return ended(state, event, event.reason)
    case "ProxyTaken":
      return taken(state, event)
    case "ProxyShown":
      return shown(state, event)
    case "ProxiesExpiryTold":
      return event.ids.reduce(
        (before, id) => change(before, id, (proxy) => ({ ...proxy, expiryTold: true })),
        state,
      )
    case "ProxiesRetired":
      return {
        ...state,
        ended: HashMap.filter(state.ended, (end) => !isForgettable(end, event.at)),
        additions: HashMap.removeMany(state.additions, event.requests),
      }
  }
}

/** Its message shows it, and no button asks for it any more. */
export const isForgettable = ({ shown: isShown, at }: Ended, now: number): boolean =>
  isShown && at + Duration.toMillis(retiredAfter) <= now

type Event<Tag extends ProxyEvent["_tag"]> = Extract<ProxyEvent, { readonly _tag: Tag }>

const added = (state: ProxyState, event: Event<"ProxiesAdded">): ProxyState => {
  const { request, proxies, renewed, at } = event
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
    expiryTold: false,
  }))
  // Renewed twice before its row was written: that one still says what it said at first.
  return HashMap.has(state.outdated, edit.id)
    ? after
    : { ...after, outdated: HashMap.set(state.outdated, edit.id, contentOf(before)) }
}

/** What moved its end forward is worth another notice; what people took it for stays. */
const edited = (proxy: Proxy, edit: ProxyChange, at: number): Proxy => {
  const { type, endpoint, country, until, usedOtherwise } = edit
  const kept = proxy.uses.filter(({ by, target }) => by !== null || usedOtherwise.includes(target))
  const others = new Set(usedOtherwise)
  for (const { target } of kept) others.delete(target)
  return {
    ...proxy,
    type,
    endpoint,
    country,
    until,
    uses: [
      ...kept,
      ...[...others].map((target): ProxyUse => ({ target, by: null, stage: "", at })),
    ],
    expiryTold: proxy.expiryTold && until <= proxy.until,
  }
}

const placed = (place: Proxy["place"]) => (state: ProxyState, id: Proxy["id"]) =>
  change(state, id, (proxy) => ({ ...proxy, place }))

const looked = (state: ProxyState, event: Event<"ProxiesLooked">): ProxyState => {
  const { listed, gone, unwritten = [] } = event
  const present = unwritten.reduce(placed("unwritten"), listed.reduce(placed("listed"), state))
  return gone.reduce(placed("gone"), present)
}

/** The message shows this reservation now, so no former one on it wants to be shown any more. */
const reserved = (state: ProxyState, reservation: Reservation): ProxyState => {
  const { proxy: id, generation, message } = reservation
  return {
    ...change(state, id, (proxy) => ({ ...proxy, generation })),
    running: HashMap.set(state.running, id, reservation),
    ended: HashMap.map(state.ended, (end) => {
      const { chatId, messageId } = end.reservation.message
      const isSame = chatId === message.chatId && messageId === message.messageId
      return isSame ? { ...end, shown: true } : end
    }),
  }
}

const ended = (
  state: ProxyState,
  { proxy, generation, at }: Event<"ProxyTaken" | "ProxyReleased">,
  end: Outcome["end"],
): ProxyState => {
  const reservation = runningOf(state, proxy)
  if (reservation?.generation !== generation) return state
  return {
    ...state,
    running: HashMap.remove(state.running, proxy),
    ended: HashMap.set(state.ended, reservationKey(reservation), {
      reservation,
      end,
      at,
      shown: false,
    }),
  }
}

const taken = (state: ProxyState, event: Event<"ProxyTaken">): ProxyState => {
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

const shown = (state: ProxyState, event: Event<"ProxyShown">): ProxyState => {
  const end = endedOf(state, event)
  if (end === undefined) return state
  return {
    ...state,
    ended: HashMap.set(state.ended, reservationKey(event), { ...end, shown: true }),
  }
}

/* The state of the proxies as the journal keeps it: plain arrays, in a fixed order. */

const Snapshot = Schema.Struct({
  version: Schema.Literal(1),
  proxies: Schema.Array(Proxy),
  running: Schema.Array(Reservation),
  ended: Schema.Array(Ended),
  additions: Schema.Array(Addition),
  outdated: Schema.Array(ProxyChange),
})
type Snapshot = typeof Snapshot.Type

const toText = Schema.encodeEffect(Snapshot)
const fromText = Schema.decodeUnknownEffect(Snapshot)

/** Two states are the same exactly if these are. */
export const encode = (state: ProxyState) => Effect.orDie(toText(plain(state)))

export const decode = (encoded: unknown) => Effect.map(fromText(encoded), indexed)

/** Nothing about the proxies is unsure after a restart. */
export const fold: Fold<ProxyState, ProxyEvent> = {
  empty,
  evolve,
  afterRestart: (state) => state,
  encode,
  decode,
  isEvent: (event: JournalEvent): event is ProxyEvent => event._tag in ProxyEvent.cases,
}

const plain = (state: ProxyState): Snapshot => ({
  version: 1,
  proxies: allOf(state),
  running: sorted(state.running),
  ended: sorted(state.ended),
  additions: sorted(state.additions),
  outdated: sorted(state.outdated),
})

const indexed = (snapshot: Snapshot): ProxyState => ({
  ...snapshot.proxies.reduce(putNew, empty),
  running: HashMap.fromIterable(snapshot.running.map((each) => [each.proxy, each])),
  ended: HashMap.fromIterable(
    snapshot.ended.map((each) => [reservationKey(each.reservation), each]),
  ),
  additions: HashMap.fromIterable(snapshot.additions.map((each) => [each.request, each])),
  outdated: HashMap.fromIterable(snapshot.outdated.map((each) => [each.id, each])),
})

const sorted = <K extends string, V>(map: HashMap.HashMap<K, V>): ReadonlyArray<V> =>
  HashMap.toEntries(map)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value)
