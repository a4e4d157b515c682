/** What can be read from the state of the proxies. */
import { HashMap, Option, Schema } from "effect"
import { proxyNoticeDays } from "../config/Limits.ts"
import { type Day, serialOfDay } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { type MessageRef, requestKeyOf } from "../domain/Issuance.ts"
import {
  type CountryCode,
  type Endpoint,
  endpointKey,
  type Outcome,
  type Proxy,
  ProxyId,
} from "../domain/Proxy.ts"
import type { Added, Ending } from "./Proxies.ts"
import { isOver } from "./proxyDecision.ts"
import { isRunning } from "./proxyReserving.ts"
import {
  allOf,
  byEndpoint,
  type Addition,
  proxyOf,
  type ProxyState,
  runningOf,
} from "./proxyState.ts"

/** Reservations that timed out hold nothing back, whether or not that is noted yet. */
export const free = (
  state: ProxyState,
  targets: ReadonlyArray<string>,
  now: number,
  today: Day,
): ReadonlyArray<Proxy> =>
  allOf(state)
    .filter((proxy) => {
      const reservation = runningOf(state, proxy.id)
      const isReserved = reservation !== undefined && isRunning(reservation, now)
      const isUsed = proxy.uses.some(({ target }) => targets.includes(target))
      return !isReserved && !isUsed && !isOver(proxy, today)
    })
    .toSorted(byEnd)

export const find = (state: ProxyState, id: string): Option.Option<Proxy> =>
  Option.flatMap(readId(id), (known) => HashMap.get(state.proxies, known))

export const known = (
  state: ProxyState,
  endpoints: ReadonlyArray<Endpoint>,
  today: Day,
): ReadonlySet<string> => {
  const standing = byEndpoint(state)
  const keys = endpoints.map(endpointKey).filter((key) => {
    const proxy = standing.get(key)
    return proxy !== undefined && !isOver(proxy, today)
  })
  return new Set(keys)
}

/** Also those whose row is gone: who took one goes on working with it. */
export const heldBy = (state: ProxyState, by: TelegramId, today: Day): ReadonlyArray<Proxy> => {
  const takenAt = ({ uses }: Proxy) =>
    Math.max(...uses.flatMap((use) => (use.by === by ? [use.at] : [])))
  return allOf(state)
    .filter(({ uses, until }) => until >= today && uses.some((use) => use.by === by))
    .toSorted((a, b) => takenAt(b) - takenAt(a))
}

export const countries = (state: ProxyState): ReadonlyArray<CountryCode> => [
  ...new Set(
    allOf(state)
      .toReversed()
      .map(({ country }) => country),
  ),
]

export const unshown = (state: ProxyState): ReadonlyArray<Outcome> =>
  HashMap.toValues(state.ended)
    .filter(({ shown }) => !shown)
    .toSorted((a, b) => a.at - b.at)
    .map(({ reservation, end, at }) => ({ reservation, end, at }))

/** For as long as a button may still ask for the reservation. */
export const takenOn = (state: ProxyState, message: MessageRef): boolean =>
  HashMap.some(
    state.ended,
    ({ end, reservation }) =>
      end === "taken" && requestKeyOf(reservation.message) === requestKeyOf(message),
  )

export const ending = (state: ProxyState, today: Day): ReadonlyArray<Ending> =>
  allOf(state)
    .filter((proxy) => !isOver(proxy, today) && !proxy.expiryTold)
    .filter(({ until }) => serialOfDay(until) <= serialOfDay(today) + proxyNoticeDays)
    .map((proxy) => ({ proxy, holders: takers(proxy) }))
    .filter(({ holders }) => holders.length > 0)
    .toSorted((a, b) => byEnd(a.proxy, b.proxy))

export const registry = (state: ProxyState): ReadonlyArray<Proxy> =>
  allOf(state).filter(({ place }) => place !== "gone")

/** What came of the message: nothing was added where memory knows of no addition. */
export const addedBy = (state: ProxyState, addition: Option.Option<Addition>): Added => {
  const all = (ids: Addition["added"]) => ids.flatMap((id) => proxyOf(state, id) ?? [])
  return Option.match(addition, {
    onNone: () => ({ proxies: [], renewed: [] }),
    onSome: ({ added, renewed }) => ({ proxies: all(added), renewed: all(renewed) }),
  })
}

const readId = Schema.decodeOption(ProxyId)

const takers = ({ uses }: Proxy): ReadonlyArray<TelegramId> => [
  ...new Set(uses.flatMap(({ by }) => (by === null ? [] : [by]))),
]

const byEnd = (a: Proxy, b: Proxy) => serialOfDay(a.until) - serialOfDay(b.until)
