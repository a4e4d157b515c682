/**
 * The scheduler over real pools and emulated spreadsheets; these and the disk stay when it ends.
 */
import { Clock, Context, Duration, Effect, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { Regions } from "../../src/access/Regions.ts"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import type { IssuanceId } from "../../src/domain/Issuance.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { World } from "../../src/playground/World.ts"
import { BaseStock } from "../../src/pool/BaseStock.ts"
import { Comeback } from "../../src/pool/Comeback.ts"
import { Conservation } from "../../src/pool/Conservation.ts"
import { FailedRows } from "../../src/pool/FailedRows.ts"
import { HandEdits } from "../../src/pool/HandEdits.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { Proxies } from "../../src/pool/proxies/Proxies.ts"
import { HalfTypedRows } from "../../src/scheduler/BaseCount.ts"
import { IssuedKeys } from "../../src/scheduler/IssuedKeys.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { SheetsTrouble } from "../../src/scheduler/SheetsTrouble.ts"
import { Sieve } from "../../src/scheduler/Sieve.ts"
import { Claim } from "../../src/sheets/Claim.ts"
import { Correction } from "../../src/sheets/Correction.ts"
import { Flush } from "../../src/sheets/Flush.ts"
import { Guard } from "../../src/sheets/Guard.ts"
import { IssuedLook } from "../../src/sheets/IssuedLook.ts"
import { Return } from "../../src/sheets/Return.ts"
import { SheetsClient } from "../../src/sheets/SheetsClient.ts"
import { SheetsError } from "../../src/sheets/SheetsError.ts"
import { SheetsRecovery } from "../../src/sheets/SheetsRecovery.ts"
import { Tabs } from "../../src/sheets/Tabs.ts"
import { Outlook } from "../../src/stats/Outlook.ts"
import { account, accounts, header, issued, resourceOf, rowsOf } from "../sheets/bench.ts"
import { layer as clientLayer, Days, type Method } from "../sheets/workbooksClient.ts"
import { type MemoryDisk, MemoryJournal } from "../store/MemoryJournal.ts"

export const [vk, mamba, ok] = [resourceOf("vk"), resourceOf("mamba"), resourceOf("ok")]
export const numbers = resourceOf("number")
export const numbersTab = "Номера"
export const [vkTab, men, women, okTab] = [
  "ВКонтакте",
  "Мамба Муж",
  "Мамба Жен",
  "Одноклассники",
] as const
export const holder = TelegramId.make(2)

export interface SheetsCall {
  readonly at: number
  readonly method: Method
  readonly spreadsheet: string
  readonly urgency: Parameters<SheetsClient["Service"]["metadata"]>[2]
}

/** The line to Google: it can be cut, and it remembers what went over it. */
export class Line extends Context.Service<
  Line,
  {
    readonly cut: Ref.Ref<boolean>
    /** Calls since the last question. */
    readonly calls: Effect.Effect<ReadonlyArray<SheetsCall>>
    readonly pass: <A>(
      call: Omit<SheetsCall, "at">,
      effect: Effect.Effect<A, SheetsError>,
    ) => Effect.Effect<A, SheetsError>
  }
>()("account-bot/test/scheduler/bench/Line") {
  static readonly layer = Layer.effect(
    Line,
    Effect.gen(function* () {
      const cut = yield* Ref.make(false)
      const calls = yield* Ref.make<ReadonlyArray<SheetsCall>>([])
      const pass = Effect.fnUntraced(function* <A>(
        call: Omit<SheetsCall, "at">,
        effect: Effect.Effect<A, SheetsError>,
      ) {
        const at = yield* Clock.currentTimeMillis
        yield* Ref.update(calls, (all) => [...all, { ...call, at }])
        if (!(yield* Ref.get(cut))) return yield* effect
        const { method, spreadsheet } = call
        const reason = { _tag: "Unsure", cause: "network", status: null } as const
        return yield* new SheetsError({ method, spreadsheet, reason })
      })
      return Line.of({ cut, calls: Ref.getAndSet(calls, []), pass })
    }),
  )
}

const client = Layer.effect(
  SheetsClient,
  Effect.gen(function* () {
    const inner = yield* SheetsClient
    const { pass } = yield* Line
    return SheetsClient.of({
      batchUpdate: (spreadsheet, body, options) =>
        pass(
          { method: "batchUpdate", spreadsheet, urgency: options.urgency },
          inner.batchUpdate(spreadsheet, body, options),
        ),
      get: (spreadsheet, options) =>
        pass(
          { method: "get", spreadsheet, urgency: options.urgency },
          inner.get(spreadsheet, options),
        ),
      values: (spreadsheet, ranges, urgency) =>
        pass(
          { method: "values", spreadsheet, urgency },
          inner.values(spreadsheet, ranges, urgency),
        ),
      metadata: (spreadsheet, id, urgency) =>
        pass(
          { method: "metadata", spreadsheet, urgency },
          inner.metadata(spreadsheet, id, urgency),
        ),
      searchMetadata: (spreadsheet, key, urgency) =>
        pass(
          { method: "searchMetadata", spreadsheet, urgency },
          inner.searchMetadata(spreadsheet, key, urgency),
        ),
      plain: inner.plain,
      clockAhead: inner.clockAhead,
    })
  }),
).pipe(Layer.provide(clientLayer))

const catalogue = {
  resources: [vk, mamba, ok] as const satisfies typeof shippedCatalogue.resources,
}

/** What stays when the bot ends. */
export const worldWith = (
  settings: Parameters<typeof Settings.layerTest>[0],
  resources: typeof shippedCatalogue.resources = catalogue.resources,
) =>
  Layer.mergeAll(
    Workbooks.layer.pipe(Layer.provide(World.layerMemory)),
    Days.layer,
    Line.layer,
    Alarms.layer,
    Settings.layerTest(settings),
    CatalogueSource.layerTest({ resources }),
  )
export const world = worldWith({})

/** All that the work of the scheduler needs, without the loops that run it. */
const bot = (disk: MemoryDisk) =>
  Refill.layer.pipe(
    Layer.provideMerge(IssuedKeys.layerTest),
    Layer.provideMerge(
      Layer.mergeAll(SheetsTrouble.layer, Sieve.layer, Outlook.layer, HalfTypedRows.layer),
    ),
    Layer.provideMerge(SheetsRecovery.layer),
    Layer.provideMerge(
      Layer.mergeAll(Claim.layer, Flush.layer, Correction.layer, Return.layer, IssuedLook.layer),
    ),
    Layer.provideMerge(Tabs.layer),
    Layer.provideMerge(Guard.layer),
    Layer.provideMerge(Layer.mergeAll(Conservation.layer, HandEdits.layer, Comeback.layer)),
    Layer.provideMerge(
      Layer.mergeAll(Pools.layer, FailedRows.layer, Proxies.layer, BaseStock.layer),
    ),
    Layer.provideMerge(Layer.merge(CaughtUp.layer, Regions.layerTest("495", "812"))),
    Layer.provideMerge(client),
    Layer.provideMerge(MemoryJournal.layer(disk)),
  )
export type Bot = Layer.Success<ReturnType<typeof bot>>
export type Outside = Layer.Services<ReturnType<typeof bot>>

/** Runs the bot with those loops until `effect` ends; what is in memory is lost then. */
export const running = <A, E, R>(
  disk: MemoryDisk,
  loops: Layer.Layer<never, never, Bot | Outside>,
  effect: Effect.Effect<A, E, R>,
) => Effect.provide(effect, loops.pipe(Layer.provideMerge(bot(disk))), { local: true })

/**
 * Makes base tabs with so many rows each, and an issued spreadsheet that has none of the bot's
 * tabs.
 */
export const stocked = (counts: Partial<Record<string, number>>) =>
  Effect.gen(function* () {
    const workbooks = yield* Workbooks
    const tabs = [vkTab, men, women, okTab].map((title, place) => ({
      title,
      rows: [header, ...accountNumbers(place, counts[title] ?? 0).map(account)],
      frozen: 1,
    }))
    yield* workbooks.create(accounts, { title: "Склад", tabs })
    yield* workbooks.create(issued, { title: "Выдано", tabs: [{ title: "Лист1", rows: [] }] })
  })

/** Numbers of accounts, different ones for each tab. */
const accountNumbers = (place: number, count: number) =>
  Array.from({ length: count }, (_, index) => 1000 * (place + 1) + index)

export const addRows = (tab: string, ...added: ReadonlyArray<number>) =>
  Workbooks.use((workbooks) =>
    workbooks.edit(accounts, { op: "append", tab, rows: added.map(account) }),
  )

/** Closes a tab to the bot, or opens it again. */
export const closeTab = (spreadsheet: string, tab: string, closed = true) =>
  Workbooks.use((workbooks) =>
    workbooks.edit(spreadsheet, { op: "protect", tab, protected: closed }),
  )

export const available = (resource: string) =>
  Pools.use((pools) => Effect.map(pools.stock(resource), (stock) => stock.available))
export const buffered = (resource: string) =>
  Pools.use((pools) => Effect.map(pools.buffer(resource), (rows) => rows.length))

let messages = 0

/** Takes up to `quantity` items and has them on the screen; gives their ids. */
export const take = Effect.fnUntraced(function* (resource: string, quantity: number) {
  const pools = yield* Pools
  messages += 1
  const { issuances } = yield* pools.ask(resource, {
    _tag: "Issue",
    message: { chatId: holder, messageId: messages },
    variant: null,
    region: "495",
    targets: [],
    quantity,
    by: holder,
    stage: "Иван",
  })
  const ids = issuances.map(({ id }) => id)
  const confirmAt = issuances[0]?.confirmAt ?? 0
  yield* pools.tell(resource, { _tag: "Delivered", ids, confirmAt })
  return ids
})

export const say = (
  resource: string,
  tag: "Confirm" | "Correct",
  status: string,
  ids: ReadonlyArray<IssuanceId>,
) =>
  Pools.use((pools) =>
    Effect.forEach(
      ids,
      (id) => pools.ask(resource, { _tag: tag, id, status, by: holder, admin: false }),
      { discard: true },
    ),
  )

/** Takes items and says of each that it is good. */
export const confirmed = (resource: string, quantity: number) =>
  Effect.tap(take(resource, quantity), (ids) => say(resource, "Confirm", "good", ids))

/** Status by issuance id, as the issued tab of the resource shows it, in the order of its rows. */
export const issuedRows = (resource: string) =>
  Effect.map(rowsOf(issued, resourceOf(resource).issuedTab), (rows) =>
    rows.map(({ cells }) => `${cells.at(-1)} ${cells.at(-3)}`),
  )

export const raised = Alarms.use((alarms) =>
  Effect.map(alarms.raised, (all) =>
    all.map((alarm) =>
      alarm._tag === "SheetsUnavailable" ? `${alarm.spreadsheet} ${alarm.reason}` : alarm._tag,
    ),
  ),
)

/** Time goes by in steps of a second, so that everything that waits gets its turn. */
export const pass = (duration: Duration.Input) =>
  Effect.replicateEffect(
    TestClock.adjust("1 second"),
    Duration.toSeconds(Duration.fromInputUnsafe(duration)),
  ).pipe(Effect.asVoid)

/** How often which method was called since the last question. */
export const traffic = Line.use(({ calls }) =>
  Effect.map(calls, (all) => ({
    writes: all.filter(({ method }) => method === "batchUpdate").length,
    reads: all.filter(({ method }) => method !== "batchUpdate").length,
  })),
)
