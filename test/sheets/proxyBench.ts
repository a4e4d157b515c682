/** The registry tab of emulated spreadsheets beside the real proxies on a disk. */
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Day } from "../../src/domain/Day.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { CountryCode, type Endpoint, type Proxy } from "../../src/domain/Proxy.ts"
import type { HumanEdit } from "../../src/playground/spreadsheets/HumanEdit.ts"
import type { RowInput } from "../../src/playground/spreadsheets/Seed.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Proxies } from "../../src/pool/proxies/Proxies.ts"
import { Guard } from "../../src/sheets/Guard.ts"
import { ProxyTab, type Registry } from "../../src/sheets/ProxyTab.ts"
import { Tabs } from "../../src/sheets/Tabs.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import { issued, resourceOf, rowsOf, stocked } from "./bench.ts"
import { layer as clientLayer } from "./workbooksClient.ts"

export const proxyResource = resourceOf("proxy")
export const tab = proxyResource.issuedTab
export const anna = TelegramId.make(2)
export const noon = Date.UTC(2026, 10, 22, 9)

export const header = [
  "Прокси",
  "Тип",
  "Страна",
  "Действует до",
  "Использован для",
  "Сотрудник",
  "ID",
] as const

export type Row = typeof RowInput.Type

/** A row as somebody types it. */
export const typed = (n: number, more: ReadonlyArray<Row[number]> = []): Row => [
  `192.0.2.${n}:8000:user:secret-${n}`,
  "HTTP",
  "DE",
  { date: "22.12.2026" },
  ...more,
]

/**
 * Makes spreadsheets with a registry tab that people filled in; without rows the bot makes the tab.
 */
export const withTab = (rows?: ReadonlyArray<Row>, names: ReadonlyArray<string> = header) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(noon)
    yield* stocked(0)
    if (rows === undefined) return
    const workbooks = yield* Workbooks
    yield* workbooks.edit(issued, { op: "addTab", tab })
    yield* workbooks.edit(issued, { op: "append", tab, rows: [[...names], ...rows] })
  })

const bot = (disk: MemoryDisk) =>
  ProxyTab.layer.pipe(
    Layer.provideMerge(Tabs.layer),
    Layer.provideMerge(Guard.layer),
    Layer.provideMerge(Proxies.layer),
    Layer.provideMerge(clientLayer),
    Layer.provideMerge(MemoryJournal.layer(disk)),
  )

/** One run of the bot, until `effect` ends. */
export const running = <A, E, R>(disk: MemoryDisk, effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const guard = yield* Guard
    yield* guard.recover(issued, { registry: () => Effect.void, setup: () => Effect.void })
    return yield* effect
  }).pipe(Effect.provide(bot(disk), { local: true }))

const registry = Effect.map(Proxies, ({ tell, registry: proxies, gateways }): Registry => ({
  looked: (rows) => tell({ _tag: "Looked", ...rows }),
  proxies,
  gateways,
}))

export const look = Effect.flatMap(registry, (journal) =>
  ProxyTab.use((sheet) => sheet.look(proxyResource, journal)),
)
export const write = Effect.flatMap(registry, (journal) =>
  ProxyTab.use((sheet) => sheet.write(proxyResource, journal)),
)

export const endpoint = (n: number, more: Partial<Endpoint> = {}): Endpoint => ({
  host: `192.0.2.${n}`,
  port: 8000,
  user: "user",
  password: `secret-${n}`,
  ...more,
})

let messages = 0
const nextMessage = () => ({ chatId: anna, messageId: (messages += 1) })

/** Adds proxies as the wizard does. */
export const add = (
  endpoints: ReadonlyArray<Endpoint>,
  more: Partial<Parameters<Proxies["Service"]["add"]>[0]> = {},
) =>
  Proxies.use((proxies) =>
    proxies.add({
      _tag: "Add",
      message: nextMessage(),
      type: "http",
      endpoints,
      country: CountryCode.make("DE"),
      until: Day.make("2026-12-22"),
      targets: [],
      by: anna,
      ...more,
    }),
  )

export const take = Effect.fnUntraced(function* (
  { id: proxy }: Proxy,
  target: string,
  stage = "Анна",
) {
  const proxies = yield* Proxies
  const { generation } = yield* proxies.reserve({
    _tag: "Reserve",
    proxy,
    targets: [target],
    by: anna,
    stage,
    message: nextMessage(),
  })
  yield* proxies.take({ _tag: "Take", proxy, generation, by: anna })
})

export const proxyAt = Effect.fnUntraced(function* (n: number) {
  const found = (yield* (yield* Proxies).registry).find(
    (one) => one.endpoint.host === `192.0.2.${n}`,
  )
  if (found === undefined) throw new Error(`no proxy 192.0.2.${n}`)
  return found
})

/** The proxies as far as the tab may tell of them. */
export const known = Effect.map(
  Proxies.use((proxies) => proxies.registry),
  (all) =>
    all.map(({ endpoint: { host, password }, type, country, until, uses }) =>
      [host, password, type, country, until, ...uses.map(({ target }) => target)].join(" "),
    ),
)

export const cells = Effect.map(rowsOf(issued, tab), (rows) => rows.map((row) => row.cells))
export const values = Effect.map(rowsOf(issued, tab), (rows) => rows.map((row) => row.values))

type EditOfTab = Exclude<HumanEdit, { op: "addTab" | "removeTab" }>
type WithoutTab<Edit> = Edit extends unknown ? Omit<Edit, "tab"> : never

/** A person edits the registry tab; rows count from 0, which is the header. */
export const edit = (change: WithoutTab<EditOfTab>) =>
  Workbooks.use((workbooks) => Effect.orDie(workbooks.edit(issued, { ...change, tab })))

/** Gives the same edit, for some later moment. */
export const editAt = (change: WithoutTab<EditOfTab>) =>
  Effect.map(Effect.context<Workbooks>(), (context) => Effect.provideContext(edit(change), context))

export const setCell = (row: number, name: (typeof header)[number], value: Row[number]) =>
  edit({ op: "set", row, column: header.indexOf(name), value })

export const disk = () => MemoryJournal.makeDisk()
