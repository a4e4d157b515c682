/**
 * The immutable state of the proxies, the few moves that keep it whole, and its snapshot.
 *
 * Nothing here knows a rule: the rules are in rules.ts.
 */
import { Chunk, Effect, HashMap, HashSet, Option, Schema } from "effect"
import { version } from "../../config/Settings.ts"
import { RequestKey } from "../../domain/Issuance.ts"
import { Moment } from "../../domain/Day.ts"
import { identityAmong, Outcome, Proxy, ProxyId, Reservation } from "../../domain/Proxy.ts"
import { ProxyChange } from "../../domain/ProxyEvent.ts"

/** A reservation that ended, kept as long as a button may still ask for it. */
const Ended = Schema.Struct({
  ...Outcome.fields,
  /** Its message shows how it ended, or shows something newer. */
  shown: Schema.Boolean,
})
export type Ended = typeof Ended.Type

/** What one message added, so that it adds nothing the second time. */
const Addition = Schema.Struct({
  request: RequestKey,
  added: Schema.Array(ProxyId),
  renewed: Schema.Array(ProxyId),
  at: Moment,
})
type Addition = typeof Addition.Type

export interface ProxyState {
  /** In the order in which they were added; none is ever let go of, or it could be used twice. */
  readonly ids: Chunk.Chunk<ProxyId>
  readonly proxies: HashMap.HashMap<ProxyId, Proxy>
  readonly running: HashMap.HashMap<ProxyId, Reservation>
  /** By `reservationKey`. */
  readonly ended: HashMap.HashMap<string, Ended>
  readonly additions: HashMap.HashMap<RequestKey, Addition>
  /**
   * All that the row of a proxy may say from before the bot changed it, until a look shows another
   * row: the tab is behind the bot there, and nobody edited it.
   */
  readonly outdated: HashMap.HashMap<ProxyId, ReadonlyArray<ProxyChange>>
  /** The logins of rotating gateways, by their `endpointKey`. They only become more. */
  readonly gateways: HashSet.HashSet<string>
}

export const empty: ProxyState = {
  ids: Chunk.empty(),
  proxies: HashMap.empty(),
  running: HashMap.empty(),
  ended: HashMap.empty(),
  additions: HashMap.empty(),
  outdated: HashMap.empty(),
  gateways: HashSet.empty(),
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

export const outdatedOf = (state: ProxyState, id: ProxyId): ReadonlyArray<ProxyChange> =>
  Option.getOrElse(HashMap.get(state.outdated, id), () => [])

/** Keeps in mind what the row of the proxy may say besides what is known of it from now on. */
export const outdate = (
  state: ProxyState,
  id: ProxyId,
  said: ReadonlyArray<ProxyChange>,
): ProxyState => ({
  ...state,
  outdated: HashMap.set(state.outdated, id, [...outdatedOf(state, id), ...said]),
})

/** All proxies in the order in which they were added. */
export const allOf = (state: ProxyState): ReadonlyArray<Proxy> =>
  Chunk.toReadonlyArray(state.ids).flatMap((id) => proxyOf(state, id) ?? [])

export const gatewaysOf = (state: ProxyState): ReadonlySet<string> => new Set(state.gateways)

/** All proxies by what tells them apart: no two of them share it. */
export const byIdentity = (
  state: ProxyState,
  gateways = gatewaysOf(state),
): ReadonlyMap<string, Proxy> => {
  const identity = identityAmong(gateways)
  return new Map(allOf(state).map((proxy) => [identity(proxy.endpoint), proxy]))
}

export const putNew = (state: ProxyState, proxy: Proxy): ProxyState => ({
  ...state,
  ids: Chunk.append(state.ids, proxy.id),
  proxies: HashMap.set(state.proxies, proxy.id, proxy),
})

export const change = (state: ProxyState, id: ProxyId, f: (proxy: Proxy) => Proxy): ProxyState => ({
  ...state,
  proxies: HashMap.modify(state.proxies, id, f),
})

/** The state as the journal keeps it: plain arrays, in a fixed order. */
const Snapshot = Schema.Struct({
  version: Schema.Literal(1),
  /** The version of the program that wrote it; absent up to 0.3.0. */
  program: Schema.optionalKey(Schema.String),
  proxies: Schema.Array(Proxy),
  running: Schema.Array(Reservation),
  ended: Schema.Array(Ended),
  additions: Schema.Array(Addition),
  outdated: Schema.Array(ProxyChange),
  /** Absent up to 0.3.0. */
  gateways: Schema.optionalKey(Schema.Array(Schema.String)),
})
type Snapshot = typeof Snapshot.Type

/** A field that this program does not know may not be dropped: the next snapshot would lack it. */
const fromText = Schema.decodeUnknownEffect(Snapshot, { onExcessProperty: "error" })

export const decodeProxies = (encoded: unknown) => Effect.map(fromText(encoded), indexed)

/** Two states are the same exactly if they are encoded alike. All of it is plain JSON already. */
export const encodeProxies = (state: ProxyState): Snapshot => ({
  version: 1,
  program: version,
  proxies: allOf(state),
  running: sorted(state.running),
  ended: sorted(state.ended),
  additions: sorted(state.additions),
  outdated: sorted(state.outdated).flat(),
  gateways: [...state.gateways].toSorted(),
})

const indexed = (snapshot: Snapshot): ProxyState => ({
  ...snapshot.proxies.reduce(putNew, empty),
  running: HashMap.fromIterable(snapshot.running.map((each) => [each.proxy, each])),
  ended: HashMap.fromIterable(
    snapshot.ended.map((each) => [reservationKey(each.reservation), each]),
  ),
  additions: HashMap.fromIterable(snapshot.additions.map((each) => [each.request, each])),
  outdated: HashMap.fromIterable(Map.groupBy(snapshot.outdated, ({ id }) => id)),
  gateways: HashSet.fromIterable(snapshot.gateways ?? []),
})

const sorted = <K extends string, V>(map: HashMap.HashMap<K, V>): ReadonlyArray<V> =>
  HashMap.toEntries(map)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value)
