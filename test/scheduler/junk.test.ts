/**
 * Whatever people have put into a tab: in the end each value is in the base tab, in the issued tab
 * or in quarantine, as often as it was there in the beginning.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Random } from "effect"
import { TestClock } from "effect/testing"
import type { Quarantined } from "../../src/domain/Item.ts"
import { serialOf } from "../../src/playground/spreadsheets/Display.ts"
import type { HumanEdit } from "../../src/playground/spreadsheets/HumanEdit.ts"
import type { CellInput } from "../../src/playground/spreadsheets/Seed.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Pools } from "../../src/pool/Pools.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { accounts, issued } from "../sheets/bench.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { running, say, take, vk, vkTab, worldWith } from "./bench.ts"

const two = (part: number) => String(part).padStart(2, "0")

/** Texts, numbers and dates that occur nowhere else, so that each can be looked for. */
const makeMarkers = () => {
  let count = 0
  const next = () => (count += 1)
  return {
    text: () => `J${String(next()).padStart(6, "0")}J`,
    number: () => 600_000_000 + next(),
    date: () => {
      const n = next()
      return `${two(1 + (n % 28))}.${two(1 + (Math.floor(n / 28) % 12))}.${2010 + (Math.floor(n / 336) % 10)}`
    },
  }
}
type Markers = ReturnType<typeof makeMarkers>

const marker = /J\d{6}J|(?<!\d)6\d{8}(?!\d)|(?<!\d)\d\d\.\d\d\.201\d(?!\d)|ИСТИНА|TRUE|true/g

/** How often each marker stands in the texts; a ticked box has one spelling. */
const counted = (texts: ReadonlyArray<string>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const text of texts) {
    for (const [found] of text.matchAll(marker)) {
      const name = /^(?:ИСТИНА|true)$/.test(found) ? "TRUE" : found
      counts[name] = (counts[name] ?? 0) + 1
    }
  }
  return counts
}

const added = (...all: ReadonlyArray<Record<string, number>>) => {
  const sum: Record<string, number> = {}
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count
  }
  return sum
}

const junkCell = Effect.fnUntraced(function* (markers: Markers) {
  const kinds: ReadonlyArray<() => CellInput> = [
    () => null,
    () => null,
    () => markers.text(),
    () => `  ${markers.text()}\n${markers.text()} `,
    () => `\u200B${markers.text()}`,
    () => `=${markers.text()}`,
    () => markers.number(),
    () => markers.number() + 0.5,
    () => ({ date: markers.date() }),
    () => markers.date(),
    () => true,
    () => false,
    () => ({ formula: `="${markers.text()}"` }),
    () => ({ formula: "=1/0" }),
    () => "#N/A",
    () => " ",
    () => `${markers.text()} ${"ы".repeat(3000)}`,
    () => `${markers.text()} ${"я".repeat(49_000)}`,
  ]
  return (yield* Random.choice(kinds))()
})

/** A row that is whole but for junk beside its login and password, or junk as a whole. */
const junkRow = Effect.fnUntraced(function* (
  header: ReadonlyArray<string>,
  markers: Markers,
  earlier: ReadonlyArray<ReadonlyArray<CellInput>>,
) {
  const luck = yield* Random.nextIntBetween(0, 10)
  const again = earlier[yield* Random.nextIntBetween(0, Math.max(1, earlier.length))]
  if (luck === 0 && again !== undefined) return again
  if (luck === 1) return header.map(() => null)
  const row: Array<CellInput> = []
  for (const name of header) {
    const isOwn = name === "Логин" || name === "Пароль"
    if (isOwn && luck > 3) row.push(markers.text())
    else if (name === "Регион") row.push(yield* Random.choice(["495", null, null]))
    else row.push(yield* junkCell(markers))
  }
  return row
})

const headers: ReadonlyArray<ReadonlyArray<string>> = [
  ["Дата", "Логин", "Пароль"],
  ["Комментарий", "", "Пароль", "Дата", "", "Логин", "Регион"],
  ["Логин", "Пароль", "Статус", "ID", "Сотрудник", "Дата выдачи", "Login", "Примечания"],
  ["Дата\u200B", "Логин", "Пароль", "", "", "Без заголовка", "Город", "город 2"],
]

/** Fills the tab; answers the notes that were made. */
const fillTab = Effect.gen(function* () {
  const workbooks = yield* Workbooks
  const markers = makeMarkers()
  const header = yield* Random.choice(headers)
  const rows: Array<ReadonlyArray<CellInput>> = []
  const count = yield* Random.nextIntBetween(20, 60)
  for (let at = 0; at < count; at += 1) rows.push(yield* junkRow(header, markers, rows))
  const tabs = [{ title: vkTab, rows: [header, ...rows], frozen: 1 }]
  yield* workbooks.create(accounts, { title: "Склад", tabs })
  yield* workbooks.create(issued, { title: "Выдано", tabs: [{ title: "Лист1", rows: [] }] })
  const edit = (what: typeof HumanEdit.Type) => workbooks.edit(accounts, what)
  for (let at = 0; at < 12; at += 1) {
    const row = yield* Random.nextIntBetween(1, count + 1)
    const column = yield* Random.nextIntBetween(0, header.length + 2)
    const isLong = (yield* Random.nextIntBetween(0, 5)) === 0
    const note = `${markers.text()}${isLong ? " ж".repeat(20_000) : ""}`
    yield* edit({ op: "note", tab: vkTab, row, column, note })
  }
  if (yield* Random.nextBoolean) {
    const row = yield* Random.nextIntBetween(1, count - 4)
    const column = yield* Random.nextIntBetween(0, header.length)
    yield* edit({ op: "merge", tab: vkTab, row, column, rows: 3, columns: 1 })
  }
  yield* workbooks.configure({
    cutSkipsHidden: yield* Random.nextBoolean,
    mergesRefuseCut: yield* Random.nextBoolean,
    mergesRefuseCopy: yield* Random.nextBoolean,
    tablesRefuseCut: yield* Random.nextBoolean,
    tablesRefuseDelete: (yield* Random.nextIntBetween(0, 5)) === 0,
  })
  if (yield* Random.nextBoolean) yield* edit({ op: "form", tab: vkTab })
  if (yield* Random.nextBoolean) yield* edit({ op: "table", tab: vkTab, name: "Таблица1" })
})

/** All that stands in a tab below its header, notes too. */
const textsIn = (spreadsheet: string, title: string) =>
  Workbooks.use((workbooks) =>
    Effect.map(workbooks.view(spreadsheet), (tabs) =>
      (tabs.find((tab) => tab.title === title)?.rows ?? []).flatMap(({ cells, notes = {} }) => [
        ...cells,
        ...Object.values(notes),
      ]),
    ),
  )

/** The text of a cell in quarantine, with a day as the sheet showed it. */
const textsOf = ({ origin }: Quarantined) =>
  origin.cells.flatMap(({ value, note = "", format }) => {
    if (format?.type !== "DATE" || typeof value !== "number") return [String(value ?? ""), note]
    const shown = days.find(([, serial]) => serial === value)
    return [shown?.[0] ?? String(value), note]
  })

const days = Array.from({ length: 10 }, (_, year) =>
  Array.from({ length: 12 }, (__, month) =>
    Array.from({ length: 28 }, (___, day) => {
      const text = `${two(day + 1)}.${two(month + 1)}.${2010 + year}`
      return [text, serialOf(text)] as const
    }),
  ),
).flat(2)

/** Takes, hands out and writes all that the tab gives. */
const useUp = Effect.gen(function* () {
  const pools = yield* Pools
  const refill = yield* Refill
  for (let round = 0; round < 30; round += 1) {
    yield* refill.run(vk, true)
    const { available } = yield* pools.stock("vk")
    if (available === 0) break
    const ids = yield* take("vk", Math.min(available, 5))
    yield* say("vk", "Confirm", "good", ids)
    yield* TestClock.adjust("1 minute")
  }
  for (let round = 0; round < 10; round += 1) {
    yield* Flusher.once
    yield* TestClock.adjust("1 minute")
  }
})

const accountedFor = Effect.gen(function* () {
  const pools = yield* Pools
  assert.strictEqual((yield* pools.stock("vk")).available, 0)
  assert.deepStrictEqual(yield* pools.buffer("vk"), [])
  const journal = yield* Journal
  const quarantine = yield* journal.quarantined({ pool: "vk" }, { limit: 1_000, skip: 0 })
  return added(
    counted(yield* textsIn(accounts, vkTab)),
    counted(yield* textsIn(issued, vk.issuedTab)),
    counted(quarantine.flatMap(({ row }) => textsOf(row))),
  )
})

const world = worldWith({}, [vk])

describe("a tab full of junk", () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    it.effect(`loses no value and doubles none: seed ${seed}`, () =>
      Effect.gen(function* () {
        yield* Random.withSeed(fillTab, seed)
        const before = counted(yield* textsIn(accounts, vkTab))
        assert.isAbove(Object.keys(before).length, 40)
        const after = yield* running(
          MemoryJournal.makeDisk(),
          Layer.empty,
          Effect.andThen(useUp, accountedFor),
        )
        const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
        const astray = names.filter((name) => before[name] !== after[name])
        assert.deepStrictEqual(
          astray.map((name) => `${name}: ${before[name] ?? 0} → ${after[name] ?? 0}`),
          [],
        )
      }).pipe(Effect.provide(world)),
    )
  }
})
