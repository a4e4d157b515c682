/**
 * The rulebook of the proxies: what a command comes to, given the state it meets.
 *
 * All of it is pure, and a command that has taken effect already makes no events. Only a Reserve
 * is ever refused; a Take or Cancel that comes too late notes just that, and `endedAs` says it.
 */
import { Duration, HashMap, Result } from "effect"
import { additionsKept } from "../config/Limits.ts"
import { add } from "./proxyAdding.ts"
import type { ProxyCommand, ProxyKeeperCommand } from "./ProxyContract.ts"
import type { Command, ProxyContext, ProxyDecision, ProxyEvents } from "./proxyDecision.ts"
import { evolve, isForgettable } from "./proxyEvolve.ts"
import { look } from "./proxyLooking.ts"
import { end, reserve, timedOut } from "./proxyReserving.ts"
import { endedOf, proxyOf, type ProxyState } from "./proxyState.ts"

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
export const replay = (state: ProxyState, events: ProxyEvents): ProxyState =>
  events.reduce(evolve, state)

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
