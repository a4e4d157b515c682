/**
 * Requests to Google: a working day in which 1,000 items are issued one after the other, and an
 * hour in which nothing happens. The production program runs over emulated spreadsheets under a
 * clock that is moved, so the figures are the same on every machine.
 */
import { Duration, Effect, Layer, Logger, Option, Random } from "effect"
import { Telegram } from "../../src/bot/Telegram.ts"
import { program } from "../../src/cli/program.ts"
import { Settings } from "../../src/config/Settings.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { World } from "../../src/playground/World.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as WorkbooksClient from "../../test/sheets/workbooksClient.ts"
import * as MemoryFiles from "../../test/simulation/memoryFiles.ts"
import { inVirtualTime, VirtualClock } from "../../test/simulation/virtualTime.ts"
import { MemoryJournal } from "../../test/store/MemoryJournal.ts"
import type { Row } from "../table.ts"

const items = 1_000
const hours = 2.6

/** Takes every message and never has an update. */
const silentTelegram = Layer.mock(Telegram, {
  me: { id: 7_900_000_001, username: "account_bench_bot", first_name: "Account Bot" },
  getUpdates: ({ timeout }) => Effect.as(Effect.sleep(timeout), []),
  send: (chatId) => Effect.succeed({ chatId, messageId: 1 }),
  edit: () => Effect.void,
  answer: () => Effect.void,
  remove: () => Effect.void,
  setCommands: () => Effect.void,
})

const tab = {
  title: "ВКонтакте",
  rows: [
    ["Дата", "Логин", "Пароль"],
    // Twice as many as are issued: at the end of a tab the bot would look for more rows.
    ...Array.from({ length: 2 * items }, (_, n) => [
      "01.02.2026",
      `goods${n}@example.com`,
      `pass-${n}`,
    ]),
  ],
}

const outside = Layer.mergeAll(
  MemoryJournal.layer(),
  silentTelegram,
  MemoryFiles.layer(new Map()),
  Settings.layerTest({ dataDir: "data", catalogueFile: Option.none(), pendingLimit: items }),
  WorkbooksClient.layer.pipe(
    Layer.provideMerge(WorkbooksClient.Days.layer),
    Layer.provideMerge(Workbooks.layer),
    Layer.provide(World.layerMemory),
  ),
  Logger.layer([]),
)

const clock = (duration: Duration.Duration) => VirtualClock.use(({ adjust }) => adjust(duration))

const issueOne = Effect.fnUntraced(function* (n: number) {
  const pools = yield* Pools
  const by = TelegramId.make(1_000 + (n % 10))
  const { issuances } = yield* pools.ask("vk", {
    _tag: "Issue",
    message: { chatId: by, messageId: n + 1 },
    variant: null,
    region: "495",
    targets: [],
    quantity: 1,
    by,
    stage: "person",
  })
  const id = issuances[0]?.id
  if (id === undefined) return yield* Effect.die(`item ${n} was not there`)
  const confirmAt = yield* pools.deadlineFromNow("vk", [id])
  yield* pools.tell("vk", { _tag: "Delivered", ids: [id], confirmAt })
  yield* pools.ask("vk", { _tag: "Confirm", id, status: "good", by, admin: false })
})

const measure = Effect.gen(function* () {
  // Noon in Moscow.
  yield* VirtualClock.use(({ setTime }) => setTime(Date.UTC(2026, 1, 2, 9)))
  const workbooks = yield* Workbooks
  yield* workbooks.create("demo-accounts", { title: "accounts", tabs: [tab] })
  yield* workbooks.create("demo-issued", { title: "issued", tabs: [] })
  const { counts } = yield* WorkbooksClient.Days
  return yield* Effect.gen(function* () {
    yield* clock(Duration.minutes(10))
    yield* counts
    const between = Duration.hours(hours / items)
    for (let n = 0; n < items; n += 1) {
      yield* issueOne(n)
      yield* clock(between)
    }
    const busy = yield* counts
    yield* clock(Duration.hours(1))
    yield* counts
    yield* clock(Duration.hours(1))
    const idle = yield* counts
    return {
      writes: busy.writes,
      reads: busy.reads,
      busy: busy.writes + busy.reads,
      idle: idle.writes + idle.reads,
    }
  }).pipe(Effect.provide(program))
})

export const requests: Row = {
  title: "Requests to Google",
  figures: {
    busy: {
      what: "1,000 items, issued and marked over 2.6 hours",
      unit: "requests",
      goal: { atMost: 400 },
    },
    writes: { what: "… of them writes", unit: "requests" },
    reads: { what: "… of them reads", unit: "requests" },
    idle: { what: "an idle hour", unit: "requests", goal: { atMost: 40 } },
  },
  isRepeatable: true,
  program: () =>
    Effect.runPromise(
      measure.pipe(
        Effect.provide(outside),
        Effect.scoped,
        Random.withSeed("requests"),
        inVirtualTime,
      ),
    ),
}
