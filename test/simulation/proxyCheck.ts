/**
 * The proxies: the journal never let two people have one for the same target, and the registry
 * tab and the chats say what the journal says.
 */
import { Effect } from "effect"
import { ru } from "../../src/bot/texts/ru.ts"
import type { Resource } from "../../src/domain/Catalogue.ts"
import {
  type Endpoint,
  identityAmong,
  type Reservation,
  sessionKey,
} from "../../src/domain/Proxy.ts"
import type { ProxyChange, ProxyEvent } from "../../src/domain/ProxyEvent.ts"
import { formatProxyLine } from "../../src/domain/proxyLine.ts"
import { proxyEvents } from "./history.ts"
import { recordsOf, type Tabs } from "./tabs.ts"
import { ivan, maria, type World } from "./World.ts"

interface Known {
  readonly endpoint: Endpoint
  /** The keys of all passwords that it had, the one that it has too. */
  readonly keys: ReadonlySet<string>
  readonly used: Set<string>
  readonly takers: Map<number, string>
  /** Who ever took it, also those who gave it back. */
  readonly seenBy: Set<number>
  /** What was taken and not given back, by generation. */
  readonly taken: Map<number, Reservation>
  isBroken: boolean
  running: Reservation | undefined
}

export const checkProxies = Effect.fnUntraced(function* (world: World, issued: Tabs) {
  const [resource] = world.resources.filter(({ group }) => group === "proxies")
  if (resource === undefined) return []
  const { known, problems } = told(proxyEvents(world.disk, resource.id))
  return [
    ...problems,
    ...unknown(world, resource, known),
    ...shownTo(world, resource, known),
    ...written(resource, known, issued),
    ...(yield* left(world)),
  ]
})

/** Lines that people sent are deleted, or the bot says that it could not. */
const left = Effect.fnUntraced(function* ({ chats, stock }: World) {
  const found = yield* Effect.forEach([ivan, maria], (userId) =>
    Effect.map(chats.chat(userId), (chat) =>
      chat.some(({ from, text }) => from === "bot" && text.includes(ru.proxies.adding.notDeleted))
        ? []
        : chat.filter(
            ({ from, text }) => from === "user" && stock.some((one) => text.includes(one.text)),
          ),
    ),
  )
  return found.flat().map(({ messageId }) => `message ${messageId} with a password is left`)
})

/** Goes through the events in order, and says what each of them may not have done. */
const told = (events: ReadonlyArray<ProxyEvent>) => {
  const known = new Map<string, Known>()
  const gateways = new Set<string>()
  const identity = identityAmong(gateways)
  const problems: Array<string> = []
  const edit = ({ id, endpoint, broken = false }: ProxyChange) => {
    const before = known.get(id)
    if (before === undefined) return
    const keys = new Set([...before.keys, sessionKey(endpoint)])
    known.set(id, { ...before, endpoint, keys, isBroken: broken })
  }
  const run = (id: string) => known.get(id)
  for (const event of events) {
    switch (event._tag) {
      case "ProxiesAdded":
        for (const { id, endpoint, uses } of event.proxies) {
          const key = identity(endpoint)
          if ([...known.values()].some((one) => identity(one.endpoint) === key)) {
            problems.push(`proxy ${id} was added twice`)
          }
          known.set(id, {
            endpoint,
            keys: new Set([sessionKey(endpoint)]),
            used: new Set(uses.map(({ target }) => target)),
            takers: new Map(),
            seenBy: new Set(),
            taken: new Map(),
            isBroken: false,
            running: undefined,
          })
        }
        event.renewed.forEach(edit)
        break
      case "ProxyGatewaysNamed":
        for (const key of event.gateways) gateways.add(key)
        break
      case "ProxiesChanged":
        event.changes.forEach(edit)
        break
      case "ProxyReserved": {
        const { reservation } = event
        const proxy = run(reservation.proxy)
        if (proxy === undefined) {
          problems.push(`proxy ${reservation.proxy} was reserved and is unknown`)
          break
        }
        if (proxy.isBroken) problems.push(`${reservation.proxy} does not work and was reserved`)
        if (proxy.running !== undefined) problems.push(`${reservation.proxy} was reserved twice`)
        if ([...known.values()].some(({ running }) => running?.by === reservation.by)) {
          problems.push(`${reservation.by} had two reservations`)
        }
        for (const target of reservation.targets) {
          if (proxy.used.has(target)) problems.push(`${reservation.proxy} again for ${target}`)
        }
        proxy.running = reservation
        break
      }
      case "ProxyReleased":
      case "ProxyTaken": {
        const proxy = run(event.proxy)
        const running = proxy?.running
        if (proxy === undefined || running?.generation !== event.generation) {
          problems.push(`${event.proxy}: ${event._tag} of a reservation that did not run`)
          break
        }
        proxy.running = undefined
        if (event._tag === "ProxyReleased") break
        if (event.at >= running.until) problems.push(`${event.proxy} was taken too late`)
        for (const target of running.targets) {
          if (proxy.used.has(target)) problems.push(`${event.proxy} taken twice for ${target}`)
          proxy.used.add(target)
        }
        proxy.takers.set(running.by, running.stage)
        proxy.seenBy.add(running.by)
        proxy.taken.set(running.generation, running)
        break
      }
      case "ProxyExtended": {
        const proxy = run(event.proxy)
        const { running } = proxy ?? {}
        if (proxy === undefined || running === undefined || running.extendedAt !== undefined) {
          problems.push(`${event.proxy}: extended what did not run, or twice`)
          break
        }
        proxy.running = { ...running, until: event.until, extendedAt: event.at }
        break
      }
      case "ProxyReturned": {
        const proxy = run(event.proxy)
        const given = proxy?.taken.get(event.generation)
        if (proxy === undefined || given === undefined) {
          problems.push(`${event.proxy} was given back and nobody had it`)
          break
        }
        proxy.taken.delete(event.generation)
        for (const target of given.targets) proxy.used.delete(target)
        const others = [...proxy.taken.values()]
        if (!others.some(({ by }) => by === given.by)) proxy.takers.delete(given.by)
        break
      }
      case "ProxyBroken": {
        const proxy = run(event.proxy)
        if (proxy?.seenBy.has(event.by) !== true) {
          problems.push(`${event.proxy} was reported by ${event.by}, who never took it`)
        }
        if (proxy !== undefined) proxy.isBroken = true
        break
      }
      default:
        break
    }
  }
  for (const [id, { running }] of known) {
    if (running !== undefined) problems.push(`${id} is reserved to the end`)
  }
  return { known, problems }
}

/** Everything is one proxy, and has the newest password that people gave it. */
const unknown = ({ stock }: World, resource: Resource, known: Map<string, Known>) => {
  const former = new Set(stock.map((thing) => thing.former))
  return stock
    .filter((thing) => thing.resource === resource.id)
    .flatMap(({ key }) => {
      const found = [...known.values()].filter(({ keys, endpoint }) =>
        former.has(key) ? keys.has(key) : sessionKey(endpoint) === key,
      )
      return found.length === 1 ? [] : [`the journal has ${found.length} times ${key}`]
    })
}

/** Only who took it has seen how to log in. */
const shownTo = ({ stock, shown }: World, resource: Resource, known: Map<string, Known>) =>
  stock
    .filter((thing) => thing.resource === resource.id)
    .flatMap(({ key }) => {
      const takers = [...known.values()].find(({ keys }) => keys.has(key))?.seenBy
      return [...(shown.get(key) ?? [])]
        .filter((chat) => takers?.has(chat) !== true)
        .map((chat) => `${key} was shown to ${chat}, who never took it`)
    })

/** Every proxy has one row, every row is one, and says who took it and for what. */
const written = (resource: Resource, known: Map<string, Known>, issued: Tabs) => {
  const tab = issued.find(({ title }) => title === resource.issuedTab)
  const rows = tab === undefined ? [] : recordsOf(tab)
  const labelOf = (target: string) =>
    resource.targets.find(({ id }) => id === target)?.label.ru ?? target
  return [
    ...[...known].flatMap(([id, proxy]) => {
      const mine = rows.filter((row) => row["ID"] === id)
      return [
        ...(mine.length === 1 ? [] : [`proxy ${id} has ${mine.length} rows`]),
        ...mine
          .filter(
            (row) =>
              row["Прокси"] !== formatProxyLine(proxy.endpoint) ||
              (row["Использован для"] ?? "").includes("не работает") !== proxy.isBroken ||
              [...proxy.used].some((one) => !listed(row["Использован для"], labelOf(one))) ||
              [...proxy.takers.values()].some((stage) => !listed(row["Сотрудник"], stage)),
          )
          .map((row) => `proxy ${id} is written as ${Object.values(row).join(" | ")}`),
      ]
    }),
    ...rows
      .filter((row) => !known.has(row["ID"] ?? ""))
      .map((row) => `the row of ${row["Прокси"]} is no proxy`),
  ]
}

const listed = (cell: string | undefined, one: string) =>
  (cell ?? "").split(/[,;\n]/).some((part) => part.trim() === one)
