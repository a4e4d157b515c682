/** The state of the proxies as the journal keeps it: plain arrays, in a fixed order. */
import { Effect, HashMap, Schema } from "effect"
import { Proxy, Reservation } from "../domain/Proxy.ts"
import { ProxyChange, ProxyEvent } from "../domain/ProxyEvent.ts"
import type { JournalEvent } from "../store/Journal.ts"
import { evolve } from "./proxyEvolve.ts"
import {
  Addition,
  allOf,
  empty,
  Ended,
  type ProxyState,
  putNew,
  reservationKey,
} from "./proxyState.ts"
import type { Fold } from "./restore.ts"

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
