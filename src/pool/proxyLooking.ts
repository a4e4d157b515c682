/**
 * Rules of a look at the registry tab, where people add, edit and remove rows by hand.
 *
 * A row belongs to the proxy of its endpoint; the id in its cell counts only where that endpoint
 * is new and the proxy of the id stands in no row by its own, so that it was edited: else it is
 * a copy.
 */
import { Result } from "effect"
import { endpointKey, type Proxy, type ProxyId, type RegistryRow } from "../domain/Proxy.ts"
import type { ProxyChange } from "../domain/ProxyEvent.ts"
import { usesOtherwise } from "./proxyAdding.ts"
import {
  type Command,
  firstOfEach,
  type IdsMissing,
  type ProxyContext,
  type ProxyEvents,
  withIds,
} from "./proxyDecision.ts"
import {
  allOf,
  byEndpoint,
  contentOf,
  outdatedOf,
  proxyOf,
  type ProxyState,
  sameContent,
  takenFor,
} from "./proxyState.ts"

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
