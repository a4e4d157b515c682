import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger, Ref, References } from "effect"
import { returnRowsMax } from "../../src/config/Limits.ts"
import type { Resource } from "../../src/domain/Catalogue.ts"
import { Day } from "../../src/domain/Day.ts"
import { type Item, ItemId } from "../../src/domain/Item.ts"
import type { HumanEdit } from "../../src/playground/spreadsheets/HumanEdit.ts"
import type { RowInput } from "../../src/playground/spreadsheets/Seed.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Claim } from "../../src/sheets/Claim.ts"
import { Return } from "../../src/sheets/Return.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  accounts,
  alarmTags,
  during,
  issuance,
  killedAfter,
  numbers,
  pass,
  resourceOf,
  rowsOf,
  running,
  seedTabs,
  Shelf,
  world,
} from "./bench.ts"
import { type BadDay, Days } from "./workbooksClient.ts"

const [numbersTab = { title: "", variant: null }] = numbers.baseTabs
const tab = numbersTab.title
const sheetId = 0

const seeded = (...rows: ReadonlyArray<typeof RowInput.Type>) =>
  seedTabs({ title: tab, rows, frozen: 1 })
const edit = (act: HumanEdit) => Workbooks.use((workbooks) => workbooks.edit(accounts, act))

const header = ["Дата", "Номер", "Комментарий"]
const phone = (index: number) => `7900000${String(1000 + index)}`
const row = (day: number, index: number) => [{ date: `${day}.11.2026` }, phone(index)]

/** Everything in the tab, as the API gives it. */
const whole = Workbooks.use((workbooks) =>
  workbooks.get(accounts, {
    ranges: [`'${tab}'`],
    fields: "sheets(data(rowData(values(userEnteredValue,userEnteredFormat(numberFormat)))))",
  }),
)
const phones = Effect.map(rowsOf(accounts, tab), (rows) => rows.map(({ cells }) => cells[1]))

/** Takes rows out of a tab, and has them wait for their return. */
const takeOut = Effect.fnUntraced(function* (rows: number, from = 1) {
  const claim = yield* Claim
  const shelf = yield* Shelf
  const claimed = yield* claim.claim(
    { resource: numbers, tab: numbersTab, rows, from, urgency: "background" },
    shelf.load,
  )
  yield* Ref.update(shelf.returning, (all) => [...all, ...claimed.items])
  return claimed.items
})

const returnOf = (resource: Resource) =>
  Effect.gen(function* () {
    const shelf = yield* Shelf
    const returns = yield* Return
    const own = Effect.map(Ref.get(shelf.returning), (items) =>
      items.filter((item) => item.resource === resource.id),
    )
    return yield* returns.returnItems(resource, own, shelf.returned)
  })
const giveBack = returnOf(numbers)

const waiting = Shelf.use(({ returning }) => Effect.map(Ref.get(returning), ({ length }) => length))

const patiently = <A, E, R>(effect: Effect.Effect<A, E, R>) => during("3 minutes", effect)

const run = <A, E, R>(effect: Effect.Effect<A, E, R>) => running(MemoryJournal.makeDisk(), effect)

describe("Return", () => {
  it.effect("restores every cell as the person left it, beside the rows of its date", () =>
    Effect.gen(function* () {
      yield* seeded(
        [...header, null, "Готово"],
        [{ date: "20.11.2026" }, "+79000001001", "первый", null, true],
        [{ date: "20.11.2026" }, "0079000001002", "=1+1", "без заголовка"],
        ["21.11.26", 79000001003, null, null, false],
        ["21.11.2026", " 8 (900) 000-10-04 ", " с пробелами "],
        [{ date: "21.11.2026" }, "79000001005"],
        [{ date: "22.11.2026" }, "79000001006"],
      )
      const workbooks = yield* Workbooks
      const range = { sheetId, startRowIndex: 1, endRowIndex: 2, startColumnIndex: 1 }
      const format = { userEnteredFormat: { numberFormat: { type: "TEXT" } } }
      yield* workbooks.batchUpdate(accounts, {
        requests: [
          {
            repeatCell: {
              range: { ...range, endColumnIndex: 2 },
              cell: format,
              fields: "userEnteredFormat.numberFormat",
            },
          },
        ],
      })
      const before = yield* whole
      yield* run(
        Effect.gen(function* () {
          assert.lengthOf(yield* takeOut(4), 4)
          assert.notDeepEqual(yield* whole, before)
          assert.strictEqual(yield* giveBack, 4)
          assert.strictEqual(yield* giveBack, 0)
          assert.deepStrictEqual(
            (yield* rowsOf(accounts, tab)).map(({ values }) => values[1]),
            // The rows of the 21st that were taken stand below the one that was not.
            [
              "+79000001001",
              "0079000001002",
              "79000001005",
              79000001003,
              " 8 (900) 000-10-04 ",
              "79000001006",
            ],
          )
          yield* takeOut(1, 3)
          yield* giveBack
        }),
      )
      assert.deepStrictEqual(yield* whole, before)
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes one read and one write for sixty items of five dates", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 60 }, (_, index) => row(10 + (index % 5), index))
      yield* seeded(header, ...rows, row(12, 90), row(16, 91), row(13, 92))
      const days = yield* Days
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(60)
          yield* days.counts
          assert.strictEqual(yield* giveBack, 60)
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 1 })
          assert.strictEqual(yield* giveBack, 0)
          assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 0 })
        }),
      )
      const of = (day: number) =>
        rows.flatMap(([date], index) =>
          date === rows[day - 10]?.[0] || index % 5 === day - 10 ? [phone(index)] : [],
        )
      assert.deepStrictEqual(yield* phones, [
        ...of(10),
        ...of(11),
        phone(90),
        ...of(12),
        ...of(14),
        phone(91),
        phone(92),
        ...of(13),
      ])
    }).pipe(Effect.provide(world)),
  )

  it.effect("writes no more rows at once than fit a request", () =>
    Effect.gen(function* () {
      yield* seeded(header, row(22, 9999))
      const days = yield* Days
      const shelf = yield* Shelf
      const items = Array.from({ length: returnRowsMax + 20 }, (_, index): Item => {
        const cells = [{ value: "21.11.2026" }, { value: phone(index) }]
        const origin = { tab, header, cells }
        const { item } = issuance(1)
        const id = ItemId.make(`T-${index}`)
        return { ...item, id, resource: "number", day: Day.make("2026-11-21"), origin }
      })
      yield* Ref.set(shelf.returning, items)
      yield* run(
        Effect.gen(function* () {
          assert.strictEqual(yield* giveBack, items.length)
          assert.strictEqual((yield* days.counts).writes, 2 + 1)
        }),
      )
      assert.deepStrictEqual(yield* phones, [...items.keys()].map(phone).concat(phone(9999)))
    }).pipe(Effect.provide(world)),
  )
})

describe("Return, on a bad day", () => {
  const stock = [header, ...[1, 2, 3, 4, 5].map((index) => row(15 + index, index))]
  const sorted = [1, 2, 3, 4, 5].map(phone)

  const unclear: ReadonlyArray<readonly [BadDay, number]> = [
    ["lostRequest", 2],
    ["lostAnswer", 1],
    ["unavailable", 1],
    ["quota", 2],
    ["late", 2],
  ]
  for (const [day, writes] of unclear) {
    it.effect(`brings each row back once: ${day}`, () =>
      Effect.gen(function* () {
        yield* seeded(...stock)
        const days = yield* Days
        yield* run(
          Effect.gen(function* () {
            yield* takeOut(4)
            yield* days.counts
            yield* days.plant("batchUpdate", day)
            assert.strictEqual(yield* patiently(giveBack), 4)
            assert.strictEqual((yield* days.counts).writes, writes)
            yield* days.land
            assert.strictEqual(yield* giveBack, 0)
          }),
        )
        assert.deepStrictEqual(yield* phones, sorted)
      }).pipe(Effect.provide(world)),
    )
  }

  for (const day of ["lostRequest", "lostAnswer", "late"] as const) {
    it.effect(`is finished by the next run of the bot: crash and ${day}`, () =>
      Effect.gen(function* () {
        yield* seeded(...stock)
        const days = yield* Days
        const disk = MemoryJournal.makeDisk()
        const doomed = Effect.gen(function* () {
          yield* takeOut(4)
          yield* days.plant("batchUpdate", day)
          yield* days.plant("metadata", "hang")
          yield* giveBack
        })
        yield* killedAfter("1 minute", running(disk, doomed))
        assert.strictEqual(yield* waiting, 4)
        yield* days.land
        assert.strictEqual(yield* patiently(running(disk, giveBack)), 0)
        assert.strictEqual(yield* waiting, 0)
        assert.deepStrictEqual(yield* phones, sorted)
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("is told again when the bot ends before it is known that the rows are back", () =>
    Effect.gen(function* () {
      yield* seeded(...stock)
      const disk = MemoryJournal.makeDisk()
      const shelf = yield* Shelf
      const doomed = Effect.gen(function* () {
        yield* takeOut(2)
        const returns = yield* Return
        yield* returns.returnItems(numbers, Ref.get(shelf.returning), () => Effect.never)
      })
      yield* killedAfter("10 seconds", running(disk, doomed))
      assert.strictEqual(yield* waiting, 2)
      assert.strictEqual(yield* running(disk, giveBack), 0)
      assert.strictEqual(yield* waiting, 0)
      assert.deepStrictEqual(yield* phones, sorted)
    }).pipe(Effect.provide(world)),
  )

  it.effect("is finished first when it was interrupted: the next one finds what is left", () =>
    Effect.gen(function* () {
      yield* seeded(...stock)
      const days = yield* Days
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(2)
          yield* days.plant("batchUpdate", "lostAnswer")
          yield* days.plant("metadata", "hang")
          yield* killedAfter("10 seconds", giveBack)
          const [first] = yield* takeOut(1)
          assert.strictEqual(first?.key, phone(1))
          assert.strictEqual(yield* waiting, 1)
          assert.strictEqual(yield* patiently(giveBack), 1)
        }),
      )
      assert.deepStrictEqual(yield* phones, sorted)
    }).pipe(Effect.provide(world)),
  )

  it.effect("asks what waits only when everything earlier is settled", () =>
    Effect.gen(function* () {
      yield* seeded(...stock)
      const days = yield* Days
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(2)
          assert.sameMembers(
            yield* Effect.all([giveBack, giveBack], { concurrency: "unbounded" }),
            [2, 0],
          )
          yield* takeOut(2)
          yield* days.plant("batchUpdate", "lostAnswer")
          yield* days.plant("metadata", "hang")
          yield* killedAfter("10 seconds", giveBack)
          assert.strictEqual(yield* waiting, 2)
          assert.strictEqual(yield* patiently(giveBack), 0)
          assert.strictEqual(yield* waiting, 0)
        }),
      )
      assert.deepStrictEqual(yield* phones, sorted)
    }).pipe(Effect.provide(world)),
  )

  it.effect("writes nothing while the disk refuses, and all of it later", () =>
    Effect.gen(function* () {
      yield* seeded(...stock)
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Effect.gen(function* () {
          yield* takeOut(2)
          disk.failing = true
          assert.strictEqual((yield* Effect.flip(giveBack))._tag, "StorageUnavailable")
          assert.deepStrictEqual(yield* phones, sorted.slice(2))
          disk.failing = false
          assert.strictEqual(yield* patiently(giveBack), 2)
        }),
      )
      assert.deepStrictEqual(yield* phones, sorted)
    }).pipe(Effect.provide(world)),
  )
})

describe("Return, beside merged blocks", () => {
  const merge = (from: number, rows: number, column = 2) =>
    edit({ op: "merge", tab, row: from, column, rows, columns: 1 })
  const merged = Effect.map(
    Workbooks.use((workbooks) =>
      workbooks.get(accounts, { ranges: [`'${tab}'`], fields: "sheets(merges)" }),
    ),
    (answer) =>
      JSON.stringify(answer)
        .match(/"(?:start|end)RowIndex":\d+/g)
        ?.join(" "),
  )
  const noted = (index: number) => [...row(21, index), `note ${index}`]

  it.effect("goes below the block that the rows of its date are part of", () =>
    Effect.gen(function* () {
      yield* seeded(header, noted(1), noted(2), row(21, 3), row(21, 4), row(22, 5), row(23, 6))
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(2)
          // The comment of the last row of the 21st goes on beside the first one of the 22nd.
          yield* merge(2, 2)
          const before = yield* merged
          assert.strictEqual(yield* giveBack, 2)
          assert.strictEqual(yield* merged, before)
        }),
      )
      assert.deepStrictEqual(yield* phones, [3, 4, 5, 1, 2, 6].map(phone))
      const comments = (yield* rowsOf(accounts, tab)).map(({ cells }) => cells[2] ?? "")
      assert.deepStrictEqual(comments.slice(3, 5), ["note 1", "note 2"])
    }).pipe(Effect.provide(world)),
  )

  it.effect(
    "goes below a header that is merged with the row below it, and on from block to block",
    () =>
      Effect.gen(function* () {
        yield* seeded(header, noted(1), row(22, 2), row(22, 3), row(22, 4))
        yield* run(
          Effect.gen(function* () {
            yield* takeOut(1)
            yield* merge(0, 2)
            yield* merge(1, 2, 3)
            const before = yield* merged
            assert.strictEqual(yield* giveBack, 1)
            assert.strictEqual(yield* merged, before)
          }),
        )
        assert.deepStrictEqual(yield* phones, [2, 3, 1, 4].map(phone))
        assert.strictEqual((yield* rowsOf(accounts, tab))[2]?.cells[2], "note 1")
      }).pipe(Effect.provide(world)),
  )

  it.effect("goes below a block that reaches to the end of the tab", () =>
    Effect.gen(function* () {
      yield* seeded(header, noted(1), row(22, 2))
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(1)
          yield* merge(0, 1000)
          assert.strictEqual(yield* giveBack, 1)
        }),
      )
      const rows = yield* rowsOf(accounts, tab)
      assert.strictEqual(rows.at(-1)?.cells[2], "note 1")
    }).pipe(Effect.provide(world)),
  )
})

describe("Return, while people edit", () => {
  const stock = [header, row(20, 1), row(20, 2), row(21, 3), row(22, 4), row(22, 5)]

  it.effect("overwrites nothing of rows that were inserted, sorted or filled in between", () =>
    Effect.gen(function* () {
      yield* seeded(...stock)
      const days = yield* Days
      const own = [{ date: "19.11.2026" }, phone(8), "человек"]
      const acts: ReadonlyArray<HumanEdit> = [
        { op: "insert", tab, at: 1, rows: [own, row(19, 7)] },
        { op: "sort", tab, column: 0, descending: true },
        { op: "append", tab, rows: [row(18, 9)] },
      ]
      yield* run(
        Effect.gen(function* () {
          for (const act of acts) {
            yield* takeOut(2)
            const workbooks = yield* Workbooks
            yield* days.plant("batchUpdate", {
              happens: Effect.orDie(workbooks.edit(accounts, act)),
            })
            assert.strictEqual(yield* giveBack, 2)
          }
        }),
      )
      const rows = yield* rowsOf(accounts, tab)
      assert.deepStrictEqual(
        rows.map(({ cells }) => cells[1] ?? "").toSorted((a, b) => (a < b ? -1 : 1)),
        [1, 2, 3, 4, 5, 7, 8, 9].map(phone),
      )
      assert.deepStrictEqual(rows.find(({ cells }) => cells[1] === phone(8))?.cells, [
        "19.11.2026",
        phone(8),
        "человек",
      ])
    }).pipe(Effect.provide(world)),
  )

  it.effect("is refused where its place is gone, and finds another the next time", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 40 }, (_, index) => row(20, 100 + index))
      yield* seeded(header, row(20, 1), ...rows)
      const days = yield* Days
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(1)
          const workbooks = yield* Workbooks
          const remove = workbooks.edit(accounts, { op: "delete", tab, at: 3, count: 990 })
          yield* days.plant("batchUpdate", { happens: Effect.orDie(remove) })
          const refused = yield* Effect.flip(giveBack)
          assert.strictEqual(refused._tag === "SheetsError" && refused.reason._tag, "Refused")
          assert.strictEqual(yield* waiting, 1)
          assert.strictEqual(yield* giveBack, 1)
        }),
      )
      assert.deepStrictEqual(yield* phones, [phone(100), phone(101), phone(1)])
    }).pipe(Effect.provide(world)),
  )

  it.effect("finds its place in a tab that is sorted the other way round", () =>
    Effect.gen(function* () {
      yield* seeded(...stock)
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(3)
          yield* edit({ op: "sort", tab, column: 0, descending: true })
          yield* edit({ op: "append", tab, rows: [row(20, 6)] })
          yield* giveBack
        }),
      )
      assert.deepStrictEqual(yield* phones, [3, 4, 5, 6, 1, 2].map(phone))
    }).pipe(Effect.provide(world)),
  )

  it.effect("puts values under their headers, however these were renamed and moved", () =>
    Effect.gen(function* () {
      yield* seeded(
        [...header, "Смена"],
        [{ date: "20.11.2026" }, phone(1), "заметка", "ночь"],
        row(21, 2),
      )
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(1)
          for (const [column, value] of ["Телефон", "Date", "Другое", "Смена"].entries()) {
            yield* edit({ op: "set", tab, row: 0, column, value })
          }
          yield* edit({ op: "set", tab, row: 1, column: 0, value: phone(2) })
          yield* edit({ op: "set", tab, row: 1, column: 1, value: { date: "21.11.2026" } })
          yield* giveBack
          assert.deepStrictEqual(
            (yield* rowsOf(accounts, tab)).map(({ cells }) => cells),
            [
              [phone(1), "20.11.2026", "", "ночь", "заметка"],
              [phone(2), "21.11.2026"],
            ],
          )
          const [again] = yield* takeOut(1)
          assert.strictEqual(again?.day, "2026-11-20")
          yield* giveBack
        }),
      )
      assert.deepStrictEqual((yield* rowsOf(accounts, tab))[0]?.cells, [
        phone(1),
        "20.11.2026",
        "",
        "ночь",
        "заметка",
      ])
    }).pipe(Effect.provide(world)),
  )

  it.effect("makes room in a tab that has become too narrow", () =>
    Effect.gen(function* () {
      yield* seeded(header, [{ date: "20.11.2026" }, phone(1), "заметка"], row(21, 2))
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(1)
          const range = { sheetId, dimension: "COLUMNS", startIndex: 2, endIndex: 26 }
          yield* workbooks.batchUpdate(accounts, { requests: [{ deleteDimension: { range } }] })
          // The bot notices that what it knew of the tab is wrong now.
          assert.strictEqual((yield* Effect.flip(giveBack))._tag, "SheetsError")
          assert.strictEqual(yield* giveBack, 1)
        }),
      )
      assert.deepStrictEqual(
        (yield* rowsOf(accounts, tab)).map(({ cells }) => cells),
        [
          ["20.11.2026", phone(1), "заметка"],
          ["21.11.2026", phone(2)],
        ],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("fills a tab of which only the header is left, and does not look like it", () =>
    Effect.gen(function* () {
      yield* seeded(header, row(20, 1), row(21, 2))
      const workbooks = yield* Workbooks
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(2)
          const bold = { userEnteredFormat: { textFormat: { bold: true } } }
          const range = { sheetId, startRowIndex: 0, endRowIndex: 1 }
          yield* workbooks.batchUpdate(accounts, {
            requests: [
              { repeatCell: { range, cell: bold, fields: "userEnteredFormat.textFormat" } },
              {
                updateSheetProperties: {
                  properties: { sheetId, gridProperties: { frozenRowCount: 0 } },
                  fields: "gridProperties.frozenRowCount",
                },
              },
            ],
          })
          yield* edit({ op: "delete", tab, at: 1, count: 999 })
          assert.strictEqual(yield* giveBack, 2)
        }),
      )
      assert.deepStrictEqual(yield* phones, [1, 2].map(phone))
      const looks = yield* workbooks.get(accounts, {
        ranges: [`'${tab}'!A2:B3`],
        fields: "sheets(data(rowData(values(userEnteredFormat(textFormat)))))",
      })
      assert.notInclude(JSON.stringify(looks), "bold")
    }).pipe(Effect.provide(world)),
  )

  it.effect("waits while rows stand above the header or a column is gone", () =>
    Effect.gen(function* () {
      yield* seeded(...stock)
      yield* run(
        Effect.gen(function* () {
          yield* takeOut(2)
          yield* edit({ op: "insert", tab, at: 0, rows: [row(19, 9)] })
          assert.strictEqual((yield* Effect.flip(giveBack))._tag, "TabUnusable")
          assert.strictEqual((yield* Effect.flip(giveBack))._tag, "TabUnusable")
          assert.deepStrictEqual(yield* alarmTags, ["TabUnusable"])
          assert.strictEqual((yield* rowsOf(accounts, tab)).length, 4)
          yield* edit({ op: "delete", tab, at: 0, count: 1 })
          yield* pass("1 minute")
          assert.strictEqual(yield* giveBack, 2)
          assert.deepStrictEqual(yield* alarmTags, [])
        }),
      )
      assert.deepStrictEqual(yield* phones, [1, 2, 3, 4, 5].map(phone))
    }).pipe(Effect.provide(world)),
  )
})

describe("Return, to several tabs", () => {
  const mamba = resourceOf("mamba")
  const [men = numbersTab, women = numbersTab] = mamba.baseTabs
  const mail = (index: number) => `user${index}@example.com`
  const item = (index: number, title: string): Item => {
    const cells = [{ value: null }, { value: mail(index) }, { value: "pass" }]
    const origin = { tab: title, header: ["Дата", "Логин", "Пароль"], cells }
    const { item: one } = issuance(index)
    return { ...one, resource: "mamba", origin, id: ItemId.make(`M-${index}`) }
  }
  const seed = seedTabs(
    ...[men, women].map(({ title }, index) => ({
      title,
      rows: [
        ["Дата", "Логин", "Пароль"],
        [null, mail(90 + index), "pass"],
      ],
    })),
  )
  const logins = (title: string) =>
    Effect.map(rowsOf(accounts, title), (rows) => rows.map(({ cells }) => cells[1]))

  it.effect("writes each tab by itself, so that one that is closed holds up no other", () =>
    Effect.gen(function* () {
      yield* seed
      const shelf = yield* Shelf
      const days = yield* Days
      yield* Ref.set(shelf.returning, [
        item(1, women.title),
        item(2, men.title),
        item(3, women.title),
      ])
      yield* run(
        Effect.gen(function* () {
          yield* edit({ op: "protect", tab: men.title })
          const refused = yield* Effect.flip(returnOf(mamba))
          assert.strictEqual(refused._tag === "SheetsError" && refused.reason._tag, "Refused")
          assert.deepStrictEqual(yield* logins(women.title), [1, 3, 91].map(mail))
          yield* edit({ op: "protect", tab: men.title, protected: false })
          yield* days.counts
          assert.strictEqual(yield* returnOf(mamba), 1)
          assert.strictEqual((yield* days.counts).writes, 1)
        }),
      )
      assert.deepStrictEqual(yield* logins(men.title), [2, 90].map(mail))
      assert.strictEqual(yield* waiting, 0)
    }).pipe(Effect.provide(world)),
  )

  it.effect("puts the tab back into the order in which claims took it, whatever the dates", () =>
    Effect.gen(function* () {
      const dated: ReadonlyArray<typeof RowInput.Type> = [
        [{ date: "22.11.2026" }, mail(1), "pass"],
        [null, mail(2), "pass"],
        [{ date: "20.11.2026" }, mail(3), "pass"],
        [{ date: "22.11.2026" }, mail(4), "pass"],
        [null, mail(5), "pass"],
      ]
      const heading = ["Дата", "Логин", "Пароль"]
      yield* seedTabs({ title: men.title, rows: [heading, ...dated], frozen: 1 })
      yield* run(
        Effect.gen(function* () {
          const shelf = yield* Shelf
          const { items } = yield* (yield* Claim).claim(
            { resource: mamba, tab: men, rows: 3, urgency: "background" },
            shelf.load,
          )
          yield* Ref.set(shelf.returning, items)
          assert.strictEqual(yield* returnOf(mamba), 3)
        }),
      )
      assert.deepStrictEqual(yield* logins(men.title), [1, 2, 3, 4, 5].map(mail))
    }).pipe(Effect.provide(world)),
  )

  it.effect("leaves items of a tab that the catalogue lost waiting, and says so once", () =>
    Effect.gen(function* () {
      yield* seed
      const shelf = yield* Shelf
      yield* Ref.set(shelf.returning, [item(1, "Старая вкладка"), item(2, men.title)])
      const lines: Array<string> = []
      const logger = Logger.make(({ message }) => void lines.push(String([message].flat()[0])))
      yield* run(
        Effect.gen(function* () {
          assert.strictEqual(yield* returnOf(mamba), 1)
          assert.strictEqual(yield* returnOf(mamba), 0)
        }),
      ).pipe(
        Effect.provide(Logger.layer([logger])),
        Effect.provideService(References.MinimumLogLevel, "Debug"),
      )
      assert.strictEqual(yield* waiting, 1)
      assert.strictEqual(lines.filter((line) => line.includes("Старая вкладка")).length, 1)
    }).pipe(Effect.provide(world)),
  )
})
