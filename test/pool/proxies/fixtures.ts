/** A few proxies, and their rules with a clock that stands still. */
import { Duration, Effect, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import { CatalogueSource } from "../../../src/config/CatalogueSource.ts"
import { Settings } from "../../../src/config/Settings.ts"
import type { Catalogue } from "../../../src/domain/Catalogue.ts"
import { type Day, dayOf, Day as DaySchema } from "../../../src/domain/Day.ts"
import {
  CountryCode,
  type Endpoint,
  type Proxy,
  type Reservation,
  ProxyId,
  type RegistryRow,
} from "../../../src/domain/Proxy.ts"
import { shippedCatalogue } from "../../../src/domain/shippedCatalogue.ts"
import { Alarms } from "../../../src/observe/Alarms.ts"
import { Pools } from "../../../src/pool/Pools.ts"
import { Proxies } from "../../../src/pool/proxies/Proxies.ts"
import {
  type CommandOf,
  decide,
  heldAs,
  evolve,
  type ProxyCommand,
  type ProxyContext,
  type ProxyEvents,
  type ProxyKeeperCommand,
  reservedAs,
} from "../../../src/pool/proxies/rules.ts"
import {
  allOf,
  empty,
  encodeProxies,
  type ProxyState,
} from "../../../src/pool/proxies/proxyState.ts"
import { type MemoryDisk, MemoryJournal } from "../../store/MemoryJournal.ts"
import { anna, type Bend, hour, journalOn, message, minute, moscow } from "../fixtures.ts"

export const ttl = 5 * minute
export const day = 24 * hour
/** Noon of 22 November 2026 in Moscow. */
export const noon = Date.UTC(2026, 10, 22, 9)
export const on = (iso: string): Day => DaySchema.make(iso)

export const endpoint = (n: number, more: Partial<Endpoint> = {}): Endpoint => ({
  host: `192.0.2.${n}`,
  port: 8000,
  user: "user",
  password: `secret-${n}`,
  ...more,
})

export const add = (messageId: number, more: Partial<CommandOf<"Add">> = {}) => ({
  _tag: "Add" as const,
  message: message(messageId),
  type: "http" as const,
  endpoints: [endpoint(1)],
  country: CountryCode.make("DE"),
  until: on("2026-12-22"),
  targets: [],
  by: anna,
  ...more,
})

export const reserve = (proxy: ProxyId, more: Partial<CommandOf<"Reserve">> = {}) => ({
  _tag: "Reserve" as const,
  proxy,
  targets: ["vk"] as const,
  by: anna,
  stage: "anna",
  message: message(100),
  ...more,
})

export const take = (proxy: ProxyId, generation: number, by = anna) => ({
  _tag: "Take" as const,
  proxy,
  generation,
  by,
})

export const extend = (proxy: ProxyId, generation: number, by = anna) => ({
  ...take(proxy, generation, by),
  _tag: "Extend" as const,
})
export const giveBack = (proxy: ProxyId, generation: number, by = anna) => ({
  ...take(proxy, generation, by),
  _tag: "Return" as const,
})
export const report = (proxy: ProxyId, generation: number, by = anna, reason = "slow") => ({
  ...take(proxy, generation, by),
  _tag: "Report" as const,
  reason,
})

export const cancel = (proxy: ProxyId, generation: number, by = anna) => ({
  ...take(proxy, generation, by),
  _tag: "Cancel" as const,
})

export const expire = { _tag: "Expire" } as const

export const row = (n: number, more: Partial<RegistryRow> = {}): RegistryRow => ({
  id: null,
  type: "http",
  endpoint: endpoint(n),
  country: CountryCode.make("DE"),
  until: on("2026-12-22"),
  targets: [],
  ...more,
})

/** What the registry tab says when it is up to date. */
export const rowOf = ({
  id,
  type,
  endpoint: at,
  country,
  until,
  ...proxy
}: Proxy): RegistryRow => ({
  id,
  type,
  endpoint: at,
  country,
  until,
  targets: proxy.uses.map(({ target }) => target),
  ...(proxy.broken !== undefined && { broken: true }),
})

export const looked = (
  rows: ReadonlyArray<RegistryRow>,
  unreadable: ReadonlyArray<ProxyId> = [],
) => ({ _tag: "Looked" as const, rows, unreadable })

let rolled = 0
const rollId = () => ProxyId.make(String((rolled += 1)).padStart(10, "0"))

/** The rules by themselves: commands one after the other, each at a chosen time. */
export const makeProxyRules = () => {
  let state: ProxyState = empty
  let events: ProxyEvents = []
  let now = noon

  const context = (newIds = Array.from({ length: 9 }, rollId)): ProxyContext => ({
    now,
    today: dayOf(now, moscow),
    newIds,
    reservedForMs: ttl,
    timeLeft: ({ until }) => until - now,
    isRunning,
  })
  const isRunning = ({ until }: Reservation) => now < until
  const tryOut = (command: ProxyCommand | ProxyKeeperCommand, newIds?: Array<ProxyId>) =>
    decide(state, command, context(newIds))
  const run = (command: ProxyCommand | ProxyKeeperCommand): ProxyEvents => {
    const made = Result.getOrThrowWith(tryOut(command), (refusal) => refusal)
    state = made.reduce(evolve, state)
    events = [...events, ...made]
    return made
  }
  const proxies = () => allOf(state)

  return {
    get state() {
      return state
    },
    /** All events so far. */
    get events() {
      return events
    },
    get now() {
      return now
    },
    set now(at: number) {
      now = at
    },
    isRunning,
    get today() {
      return dayOf(now, moscow)
    },
    replaceState: (f: (before: ProxyState) => ProxyState) => {
      state = f(state)
    },
    tryOut,
    /** Events of the command; a refusal fails the test. */
    run,
    /** … by their tags. */
    tags: (command: ProxyCommand | ProxyKeeperCommand) => run(command).map(({ _tag }) => _tag),
    /** Reserves and gives the reservation. */
    reserve: (command: CommandOf<"Reserve">) => {
      run(command)
      return Result.getOrThrowWith(reservedAs(state, command), (refusal) => refusal)
    },
    /** Takes or cancels; says what came of it. */
    end: (command: CommandOf<"Take" | "Cancel">) => {
      run(command)
      return Result.match(heldAs(state, command), {
        onFailure: ({ reason }) => reason,
        onSuccess: () => "done" as const,
      })
    },
    /** Why a Reserve is refused. */
    refusal: (command: CommandOf<"Reserve">) =>
      Result.match(tryOut(command), {
        onFailure: (refusal) => (refusal._tag === "ProxyUnavailable" ? refusal.reason : "ids"),
        onSuccess: () => "none" as const,
      }),
    proxies,
    proxy: (index = 0): Proxy => {
      const proxy = proxies()[index]
      if (proxy === undefined) throw new Error(`there is no proxy ${index}`)
      return proxy
    },
  }
}

/** Rules with one proxy that stands in the tab, and its id. */
export const oneListed = (more: Partial<CommandOf<"Add">> = {}) => {
  const rules = makeProxyRules()
  rules.run(add(1, more))
  rules.run(looked(rules.proxies().map(rowOf)))
  return { rules, id: rules.proxy().id }
}

/** A state in a form that can be compared. */
export const formOf = (state: ProxyState) => encodeProxies(state)

/** All real but the disk, which is an object; `bend` changes what the journal does. */
export const proxiesOn = (
  disk: MemoryDisk = MemoryJournal.makeDisk(),
  bend?: Bend,
  catalogue: Catalogue = shippedCatalogue,
) =>
  Layer.merge(Proxies.layer, Pools.layer).pipe(
    Layer.provide(CatalogueSource.layerTest(catalogue)),
    Layer.provide(Settings.layerTest({ proxyReservationTtl: Duration.millis(ttl) })),
    Layer.provideMerge(journalOn(disk, bend)),
    Layer.provideMerge(Alarms.layer),
  )

/** It is noon, and proxies 1 to `count` are added. */
export const stocked = (count: number) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(noon)
    const proxies = yield* Proxies
    const endpoints = Array.from({ length: count }, (_, n) => endpoint(n + 1))
    const { proxies: added } = yield* proxies.add(add(1, { endpoints }))
    return { proxies, ids: added.map(({ id }) => id) }
  })
