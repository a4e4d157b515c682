/**
 * The immutable state of the proxies, and the few moves that keep it whole.
 *
 * Nothing here knows a rule: the rules are in proxyDecide.ts.
 */
import { Chunk, HashMap, Option, Schema } from "effect"
import { RequestKey } from "../domain/Issuance.ts"
import { Moment } from "../domain/Moment.ts"
import {
  type Endpoint,
  endpointKey,
  Outcome,
  type Proxy,
  ProxyId,
  type Reservation,
} from "../domain/Proxy.ts"
import type { ProxyChange } from "../domain/ProxyEvent.ts"

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
