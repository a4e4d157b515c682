/**
 * How each event changes the proxies.
 *
 * It asks no questions: whatever was decided once is taken as it stands, so that the journal
 * read again gives the same state.
 */
import { Duration, HashMap } from "effect"
import { retiredAfter } from "../config/Limits.ts"
import type { Outcome, Proxy, ProxyUse, Reservation } from "../domain/Proxy.ts"
import type { ProxyChange, ProxyEvent } from "../domain/ProxyEvent.ts"
import {
  change,
  contentOf,
  type Ended,
  endedOf,
  proxyOf,
  type ProxyState,
  putNew,
  reservationKey,
  runningOf,
} from "./proxyState.ts"

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
