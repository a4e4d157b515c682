/** Rules of the wizard's addition: what is known already is skipped, what was over is renewed. */
import { HashMap, Result } from "effect"
import { requestKeyOf } from "../domain/Issuance.ts"
import { endpointKey, type Endpoint, type Proxy, type ProxyId } from "../domain/Proxy.ts"
import type { ProxyChange } from "../domain/ProxyEvent.ts"
import {
  type Command,
  firstOfEach,
  type IdsMissing,
  isOver,
  type ProxyContext,
  type ProxyEvents,
  withIds,
} from "./proxyDecision.ts"
import { byEndpoint, contentOf, type ProxyState, takenFor } from "./proxyState.ts"

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
