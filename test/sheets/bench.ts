/**
 * The part of a bot that works with sheets, on emulated spreadsheets that stay when it ends and
 * starts.
 */
import { Context, DateTime, Duration, Effect, Fiber, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import type { Resource } from "../../src/domain/Catalogue.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { type Issuance, IssuanceId, type Mark, RequestKey } from "../../src/domain/Issuance.ts"
import { type Item, ItemId } from "../../src/domain/Item.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import type { RowInput, Seed } from "../../src/playground/spreadsheets/Seed.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { World } from "../../src/playground/World.ts"
import { Claim, type Claimed } from "../../src/sheets/Claim.ts"
import { Correction } from "../../src/sheets/Correction.ts"
import { Flush, type WrittenRow } from "../../src/sheets/Flush.ts"
import { Guard } from "../../src/sheets/Guard.ts"
import { Return } from "../../src/sheets/Return.ts"
import { SheetsRecovery } from "../../src/sheets/SheetsRecovery.ts"
import { Tabs } from "../../src/sheets/Tabs.ts"
import type { Journal } from "../../src/store/Journal.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"
import { layer as clientLayer, Days } from "./workbooksClient.ts"

export const accounts = "demo-accounts"
export const issued = "demo-issued"
export const zone = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")

export const resourceOf = (id: string): Resource => {
  const found = shippedCatalogue.resources.find((resource) => resource.id === id)
  if (found === undefined) throw new Error(`no resource ${id}`)
  return found
}
/** The resource with something else said about one of its columns. */
export const withColumn = (
  resource: Resource,
  key: string,
  more: Partial<Resource["columns"][number]>,
): Resource => ({
  ...resource,
  columns: resource.columns.map((column) => (column.key === key ? { ...column, ...more } : column)),
})
export const vk = resourceOf("vk")
export const numbers = resourceOf("number")
export const vkTab = vk.baseTabs[0] ?? { title: "", variant: null }

/** What a pool would hold: loaded claims, written rows and items on their way back, each once. */
export class Shelf extends Context.Service<
  Shelf,
  {
    readonly claims: Ref.Ref<ReadonlyMap<string, Claimed>>
    readonly rows: Ref.Ref<ReadonlyArray<WrittenRow>>
    /** Items on their way back to their tabs. */
    readonly returning: Ref.Ref<ReadonlyArray<Item>>
    readonly load: (claimed: Claimed) => Effect.Effect<void>
    readonly written: (rows: ReadonlyArray<WrittenRow>) => Effect.Effect<void>
    readonly returned: (ids: ReadonlyArray<string>) => Effect.Effect<void>
    /** The keys of all items that were loaded, in order. */
    readonly keys: Effect.Effect<ReadonlyArray<string>>
  }
>()("account-bot/test/sheets/bench/Shelf") {
  static readonly layer = Layer.effect(
    Shelf,
    Effect.gen(function* () {
      const claims = yield* Ref.make<ReadonlyMap<string, Claimed>>(new Map())
      const rows = yield* Ref.make<ReadonlyArray<WrittenRow>>([])
      const returning = yield* Ref.make<ReadonlyArray<Item>>([])
      return Shelf.of({
        claims,
        rows,
        returning,
        load: (claimed) =>
          Ref.update(claims, (all) =>
            all.has(claimed.claim) ? all : new Map(all).set(claimed.claim, claimed),
          ),
        written: (more) => Ref.update(rows, (all) => [...all, ...more]),
        returned: (ids) =>
          Ref.update(returning, (all) => all.filter(({ id }) => !ids.includes(id))),
        keys: Effect.map(Ref.get(claims), (all) =>
          [...all.values()].flatMap(({ items }) => items.map(({ key }) => key)),
        ),
      })
    }),
  )
}

export const world = Layer.mergeAll(
  Workbooks.layer.pipe(Layer.provide(World.layerMemory)),
  Days.layer,
  Alarms.layer,
  Shelf.layer,
  Settings.layerTest(),
  CatalogueSource.layerTest(),
)

/** One run of the bot; the disk and the world stay when it ends. */
export const bot = (disk: MemoryDisk) => botOver(MemoryJournal.layer(disk))

export const botOver = <E>(journal: Layer.Layer<Journal, E>) =>
  SheetsRecovery.layer.pipe(
    Layer.provideMerge(Layer.mergeAll(Claim.layer, Flush.layer, Correction.layer, Return.layer)),
    Layer.provideMerge(Tabs.layer),
    Layer.provideMerge(Guard.layer),
    Layer.provideMerge(clientLayer),
    Layer.provideMerge(Layer.merge(journal, Vitals.layer)),
  )

/** Starts the bot, finishes what is open, and runs. */
export const running = <A, E, R>(disk: MemoryDisk, effect: Effect.Effect<A, E, R>) =>
  runningOver(MemoryJournal.layer(disk), effect)

export const runningOver = <A, E, R, EJ>(
  journal: Layer.Layer<Journal, EJ>,
  effect: Effect.Effect<A, E, R>,
) =>
  Effect.gen(function* () {
    const shelf = yield* Shelf
    const recovery = yield* SheetsRecovery
    yield* recovery.recover({
      load: (_, claimed) => shelf.load(claimed),
      written: shelf.written,
      returned: (_, ids) => shelf.returned(ids),
    })
    return yield* effect
  }).pipe(Effect.provide(botOver(journal), { local: true }))

export const claimVk = (rows = 3) =>
  Effect.gen(function* () {
    const claim = yield* Claim
    const shelf = yield* Shelf
    return yield* claim.claim({ resource: vk, tab: vkTab, rows, urgency: "person" }, shelf.load)
  })

export const seed = (rows: ReadonlyArray<typeof RowInput.Type>) =>
  seedTabs({ title: vkTab.title, rows })

/** Makes the base tabs, and an issued spreadsheet that has none of the bot's tabs. */
export const seedTabs = (...tabs: typeof Seed.Type.tabs) =>
  Effect.gen(function* () {
    const workbooks = yield* Workbooks
    yield* workbooks.create(accounts, { title: "Склад", tabs })
    yield* workbooks.create(issued, { title: "Выдано", tabs: [{ title: "Лист1", rows: [] }] })
  })

export const header = ["Дата", "Логин", "Пароль"]
export const account = (number: number) => [null, `user${number}@example.com`, `pass-${number}`]
export const stocked = (count: number) =>
  seed([header, ...Array.from({ length: count }, (_, index) => account(index + 1))])

export const rowsOf = (spreadsheet: string, title: string) =>
  Effect.gen(function* () {
    const tabs = yield* (yield* Workbooks).view(spreadsheet)
    return tabs.find((tab) => tab.title === title)?.rows ?? []
  })

/** Gives the edit of a person who puts a row on top of the issued tab, for some later moment. */
export const shift = Effect.map(Workbooks, (workbooks) =>
  Effect.orDie(
    workbooks.edit(issued, { op: "insert", tab: vk.issuedTab, at: 1, rows: [["заметка"]] }),
  ),
)

/** Time goes by in small steps, so that everything that waits gets its turn. */
export const pass = (duration: Duration.Input) =>
  TestClock.adjust(Duration.seconds(1)).pipe(
    Effect.repeat({ times: Math.ceil(Duration.toSeconds(Duration.fromInputUnsafe(duration))) }),
    Effect.asVoid,
  )

/** Runs the effect to its end while so much time goes by. */
export const during = <A, E, R>(duration: Duration.Input, effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* pass(duration)
    return yield* Fiber.join(fiber)
  })

/** Runs the effect until it hangs, and ends it there, as a kill does. */
export const killedAfter = <A, E, R>(duration: Duration.Input, effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* pass(duration)
    yield* Fiber.interrupt(fiber)
  })

export const alarmTags = Effect.flatMap(Alarms, ({ raised }) =>
  Effect.map(raised, (alarms) => alarms.map(({ _tag }) => _tag)),
)

export const good: Mark = {
  status: "good",
  at: Date.UTC(2026, 10, 22, 9, 30),
  by: TelegramId.make(2),
  auto: false,
}

export const issuance = (number: number, change: Partial<Issuance> = {}): Issuance => ({
  id: IssuanceId.make(`ISSUANCE${String(number).padStart(2, "0")}`),
  item: {
    id: ItemId.make(`TOKEN-${number}`),
    resource: "vk",
    variant: null,
    key: `user${number}@example.com`,
    fields: { login: `user${number}@example.com`, password: `=pass+${number}` },
    extras: [],
    region: null,
    day: null,
    origin: { tab: vkTab.title, header: [], cells: [] },
  },
  request: RequestKey.make("2:1"),
  holder: TelegramId.make(2),
  stage: "Иван",
  region: "495",
  targets: [],
  issuedAt: Date.UTC(2026, 10, 22, 9, 0),
  confirmAt: Date.UTC(2026, 10, 22, 9, 10),
  delivery: "delivered",
  mark: good,
  row: null,
  replacementOf: null,
  replacedBy: null,
  replacementDeclined: false,
  generation: 0,
  ...change,
})
