import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref } from "effect"
import { TestClock } from "effect/testing"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Claim } from "../../src/sheets/Claim.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import {
  account,
  accounts,
  alarmTags,
  claimVk,
  during,
  header,
  killedAfter,
  pass,
  rowsOf,
  running,
  seed,
  Shelf,
  stocked,
  vk,
  vkTab,
  world,
} from "./bench.ts"
import { type BadDay, Days } from "./workbooksClient.ts"

const users = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `user${from + index}@example.com`)

const left = Effect.map(rowsOf(accounts, vkTab.title), (rows) => rows.map(({ cells }) => cells[1]))
const inboxRows = rowsOf(accounts, "_bot_inbox")

/** Claims while time goes by. */
const claimPatiently = (rows = 3) =>
  Effect.gen(function* () {
    return yield* during("3 minutes", claimVk(rows))
  })

describe("Claim", () => {
  it.effect("takes the top rows in one write, and removes them from the inbox with the next", () =>
    Effect.gen(function* () {
      yield* stocked(10)
      const days = yield* Days
      const shelf = yield* Shelf
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          const first = yield* claimVk()
          assert.deepStrictEqual(
            first.items.map(({ key }) => key),
            users(1, 3),
          )
          assert.strictEqual(first.items[0]?.id, `${first.claim}-0`)
          yield* days.counts
          yield* claimVk()
          assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 0 })
          assert.strictEqual((yield* inboxRows).length, 3)
        }),
      )
      assert.deepStrictEqual(yield* shelf.keys, users(1, 6))
      assert.deepStrictEqual(yield* left, users(7, 10))
    }).pipe(Effect.provide(world)),
  )

  it.effect("keeps passwords byte for byte, and sets aside what it cannot read", () =>
    Effect.gen(function* () {
      yield* seed([
        ["  ЛОГИН ", "пароль", "Дата", "Комментарий", "Регион"],
        ["A@example.com", "=1+1", { date: "05.11.2026" }, "старый", 495],
        [null, null, null],
        ["b@example.com", "007", "06.11.26"],
        ["c@example.com", " x ", "someday"],
        ["d@example.com", "+79000000001"],
        ["e@example.com", 12345678901234],
        ["f@example.com"],
        ["g@example.com", { formula: "=A2" }],
        ["Логин", "Пароль", "Дата"],
      ])
      const { items, quarantined, halfTyped } = yield* running(
        MemoryJournal.makeDisk(),
        claimVk(12),
      )
      assert.deepStrictEqual(
        items.map(({ fields }) => fields["password"]),
        ["=1+1", "007", " x ", "+79000000001", "12345678901234"],
      )
      assert.deepStrictEqual(
        items.map(({ day }) => day),
        ["2026-11-05", "2026-11-06", null, null, null] as Array<string | null>,
      )
      assert.strictEqual(items[0]?.key, "a@example.com")
      assert.strictEqual(items[0]?.region, "495")
      assert.deepStrictEqual(items[0]?.extras, [{ header: "Комментарий", text: "старый" }])
      assert.strictEqual(items[0]?.origin.cells[2]?.format?.type, "DATE")
      assert.deepStrictEqual(
        quarantined.map(({ reason, column }) => [reason, column]),
        [
          ["formula", "пароль"],
          ["header", null],
        ],
      )
      assert.deepStrictEqual(
        halfTyped.map(({ reason, column }) => [reason, column]),
        [["missing", "Пароль"]],
      )
      assert.deepStrictEqual(yield* alarmTags, [])
    }).pipe(Effect.provide(world)),
  )
})

describe("Claim, on a bad day", () => {
  const unclear: ReadonlyArray<readonly [BadDay, number]> = [
    ["lostRequest", 2],
    ["lostAnswer", 1],
    ["unavailable", 1],
    ["quota", 2],
    ["late", 2],
  ]
  for (const [day, writes] of unclear) {
    it.effect(`brings each row once: ${day}`, () =>
      Effect.gen(function* () {
        yield* stocked(7)
        const days = yield* Days
        const shelf = yield* Shelf
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            yield* claimVk(1)
            yield* days.counts
            yield* days.plant("batchUpdate", day)
            const { items } = yield* claimPatiently()
            assert.strictEqual(items.length, 3)
            assert.strictEqual((yield* days.counts).writes, writes)
            yield* days.land
            yield* claimVk()
          }),
        )
        assert.deepStrictEqual(yield* shelf.keys, users(1, 7))
        assert.deepStrictEqual(yield* left, [])
      }).pipe(Effect.provide(world)),
    )
  }

  for (const day of ["lostRequest", "lostAnswer", "late"] as const) {
    it.effect(`is finished by the next run of the bot: crash and ${day}`, () =>
      Effect.gen(function* () {
        yield* stocked(6)
        const days = yield* Days
        const shelf = yield* Shelf
        const disk = MemoryJournal.makeDisk()
        const doomed = Effect.gen(function* () {
          yield* claimVk(1)
          yield* days.plant("batchUpdate", day)
          yield* days.plant("metadata", "hang")
          yield* claimVk()
        })
        yield* killedAfter("1 minute", running(disk, doomed))
        assert.strictEqual((yield* shelf.keys).length, 1)
        yield* days.land
        yield* during("1 minute", running(disk, claimVk()))
        assert.deepStrictEqual(yield* shelf.keys, users(1, 6))
        assert.strictEqual((yield* Ref.get(shelf.claims)).size, 3)
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("is imported again when the disk failed after the answer", () =>
    Effect.gen(function* () {
      yield* stocked(4)
      const shelf = yield* Shelf
      const days = yield* Days
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Effect.gen(function* () {
          yield* claimVk(1)
          yield* days.plant("batchUpdate", {
            happens: Effect.sync(() => void (disk.failing = true)),
          })
          const failure = yield* Effect.flip(claimVk())
          assert.strictEqual(failure._tag, "StorageUnavailable")
          disk.failing = false
        }),
      )
      yield* running(disk, claimVk())
      assert.deepStrictEqual(yield* shelf.keys, users(1, 4))
    }).pipe(Effect.provide(world)),
  )

  it.effect("is finished by the next run of the bot: crash before the rows are kept", () =>
    Effect.gen(function* () {
      yield* stocked(3)
      const shelf = yield* Shelf
      const disk = MemoryJournal.makeDisk()
      const doomed = Effect.gen(function* () {
        const claim = yield* Claim
        const request = { resource: vk, tab: vkTab, rows: 2, urgency: "person" } as const
        yield* claim.claim(request, () => Effect.never)
      })
      yield* killedAfter("10 seconds", running(disk, doomed))
      assert.deepStrictEqual(yield* shelf.keys, [])
      yield* running(disk, claimVk(1))
      assert.deepStrictEqual(yield* shelf.keys, users(1, 3))
    }).pipe(Effect.provide(world)),
  )

  it.effect("is imported once when the bot ends between keeping the rows and settling it", () =>
    Effect.gen(function* () {
      yield* stocked(4)
      const shelf = yield* Shelf
      const disk = MemoryJournal.makeDisk()
      const doomed = Effect.gen(function* () {
        const claim = yield* Claim
        const request = { resource: vk, tab: vkTab, rows: 2, urgency: "person" } as const
        return yield* claim.claim(request, (claimed) =>
          Effect.andThen(
            shelf.load(claimed),
            Effect.sync(() => void (disk.failing = true)),
          ),
        )
      })
      const failure = yield* Effect.flip(running(disk, doomed))
      assert.strictEqual(failure._tag, "StorageUnavailable")
      disk.failing = false
      yield* running(disk, claimVk(2))
      assert.strictEqual((yield* inboxRows).length, 2)
      assert.deepStrictEqual(yield* shelf.keys, users(1, 4))
    }).pipe(Effect.provide(world)),
  )

  it.effect("is imported by the next claim when the disk failed after the answer", () =>
    Effect.gen(function* () {
      yield* stocked(3)
      const shelf = yield* Shelf
      const days = yield* Days
      const disk = MemoryJournal.makeDisk()
      yield* running(
        disk,
        Effect.gen(function* () {
          yield* claimVk(1)
          const fail = Effect.sync(() => void (disk.failing = true))
          yield* days.plant("batchUpdate", { happens: fail })
          assert.strictEqual((yield* Effect.flip(claimVk(1)))._tag, "StorageUnavailable")
          disk.failing = false
          yield* claimVk(1)
        }),
      )
      assert.deepStrictEqual(yield* shelf.keys, users(1, 3))
    }).pipe(Effect.provide(world)),
  )
})

describe("Claim, while people edit", () => {
  it.effect("takes the rows that are on top when it is applied", () =>
    Effect.gen(function* () {
      yield* stocked(3)
      const workbooks = yield* Workbooks
      const days = yield* Days
      const shelf = yield* Shelf
      const inserted = workbooks
        .edit(accounts, { op: "insert", tab: vkTab.title, at: 1, rows: [account(8), account(9)] })
        .pipe(Effect.orDie)
      const sorted = workbooks
        .edit(accounts, { op: "sort", tab: vkTab.title, column: 1, descending: true })
        .pipe(Effect.orDie)
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* days.plant("batchUpdate", { happens: Effect.void }, { happens: inserted })
          assert.deepStrictEqual(
            (yield* claimVk()).items.map(({ key }) => key),
            [...users(8, 9), ...users(1, 1)],
          )
          yield* days.plant("batchUpdate", { happens: sorted })
          yield* claimVk()
        }),
      )
      assert.deepStrictEqual(
        (yield* shelf.keys).toSorted((a, b) => a.localeCompare(b)),
        [...users(1, 3), ...users(8, 9)],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes a row that stands there twice as two, each with its own id", () =>
    Effect.gen(function* () {
      yield* seed([header, account(1), account(1)])
      const { claim, items } = yield* running(MemoryJournal.makeDisk(), claimVk(2))
      assert.deepStrictEqual(
        items.map(({ id, key }) => [String(id), key]),
        [
          [`${claim}-0`, "user1@example.com"],
          [`${claim}-1`, "user1@example.com"],
        ],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("reads a column that moved by its header, and stops where one is gone", () =>
    Effect.gen(function* () {
      yield* stocked(6)
      const workbooks = yield* Workbooks
      const set = (column: number, value: string) =>
        workbooks.edit(accounts, { op: "set", tab: vkTab.title, row: 0, column, value })
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* claimVk(1)
          yield* set(1, "Пароль")
          yield* set(2, "Логин")
          const { items } = yield* claimVk(1)
          assert.strictEqual(items[0]?.fields["login"], "pass-2")
          yield* claimVk(1)
          yield* set(2, "Кличка")
          const stopped = yield* claimVk(1)
          assert.deepStrictEqual(
            stopped.quarantined.map(({ reason, column }) => [reason, column]),
            [["unreadable", "Логин"]],
          )
          assert.strictEqual((yield* Effect.flip(claimVk(1)))._tag, "TabUnusable")
          assert.deepStrictEqual(yield* alarmTags, ["TabUnusable"])
          yield* set(2, "Логин")
          assert.strictEqual((yield* Effect.flip(claimVk(1)))._tag, "TabUnusable")
          yield* pass("1 minute")
          assert.strictEqual((yield* claimVk(1)).items.length, 1)
          assert.deepStrictEqual(yield* alarmTags, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("stops when rows stand above the header, until it is first again", () =>
    Effect.gen(function* () {
      yield* stocked(4)
      const workbooks = yield* Workbooks
      const tab = vkTab.title
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* claimVk(1)
          yield* workbooks.edit(accounts, { op: "insert", tab, at: 0, rows: [account(9)] })
          const { items, quarantined } = yield* claimVk(2)
          assert.deepStrictEqual(
            items.map(({ key }) => key),
            users(2, 2),
          )
          assert.deepStrictEqual(
            quarantined.map(({ reason }) => reason),
            ["header"],
          )
          assert.deepStrictEqual(yield* alarmTags, ["HeaderMoved"])
          assert.strictEqual((yield* Effect.flip(claimVk(1)))._tag, "TabUnusable")
          yield* workbooks.edit(accounts, { op: "insert", tab, at: 0, rows: [header] })
          yield* pass("1 minute")
          assert.deepStrictEqual(
            (yield* claimVk(2)).items.map(({ key }) => key),
            ["user9@example.com", "user3@example.com"],
          )
          assert.deepStrictEqual(yield* alarmTags, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("Claim, of tabs in a state", () => {
  it.effect("leaves hidden and filtered rows nowhere, if a cut skips them", () =>
    Effect.gen(function* () {
      yield* stocked(6)
      const workbooks = yield* Workbooks
      const tab = vkTab.title
      yield* workbooks.configure({ cutSkipsHidden: true, responseListsEverySheet: true })
      yield* workbooks.edit(accounts, {
        op: "filter",
        tab,
        column: 1,
        hiddenValues: ["user2@example.com"],
      })
      yield* workbooks.edit(accounts, { op: "hide", tab, at: 3, count: 2 })
      yield* running(MemoryJournal.makeDisk(), claimVk(6))
      assert.deepStrictEqual(yield* (yield* Shelf).keys, users(1, 6))
    }).pipe(Effect.provide(world)),
  )

  it.effect("changes nothing when it is refused: protected, deleted, renamed, denied", () =>
    Effect.gen(function* () {
      yield* stocked(4)
      const workbooks = yield* Workbooks
      const days = yield* Days
      const tab = vkTab.title
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* claimVk(1)
          yield* workbooks.edit(accounts, { op: "protect", tab })
          const refused = yield* Effect.flip(claimVk(1))
          assert.strictEqual(refused._tag === "SheetsError" && refused.reason._tag, "Refused")
          assert.strictEqual((yield* left).length, 3)
          yield* workbooks.edit(accounts, { op: "protect", tab, protected: false })
          yield* days.plant("batchUpdate", "denied")
          const denied = yield* Effect.flip(claimVk(1))
          assert.strictEqual(denied._tag === "SheetsError" && denied.reason._tag, "Denied")
          yield* workbooks.edit(accounts, { op: "rename", tab, title: "Другое" })
          assert.strictEqual((yield* Effect.flip(claimVk(1)))._tag, "TabUnusable")
          yield* workbooks.edit(accounts, { op: "rename", tab: "Другое", title: tab })
          yield* pass("1 minute")
          yield* claimVk(1)
          yield* workbooks.edit(accounts, { op: "removeTab", tab })
          const gone = yield* Effect.flip(claimVk(1))
          assert.strictEqual(gone._tag === "SheetsError" && gone.reason._tag, "Refused")
        }),
      )
      assert.deepStrictEqual(yield* (yield* Shelf).keys, users(1, 2))
    }).pipe(Effect.provide(world)),
  )
})

describe("Claim, of the inbox", () => {
  it.effect("leaves rows of an unknown claim alone and tells of them", () =>
    Effect.gen(function* () {
      yield* stocked(7)
      const days = yield* Days
      yield* running(MemoryJournal.makeDisk(), claimVk(2))
      yield* pass("3 minutes")
      // This journal knows nothing of the claim above, as one from an old backup.
      const disk = MemoryJournal.makeDisk()
      yield* days.plant("batchUpdate", "lostAnswer")
      const { items } = yield* running(disk, claimVk(2))
      assert.deepStrictEqual(
        items.map(({ key }) => key),
        users(3, 4),
      )
      assert.strictEqual((yield* inboxRows).length, 4)
      assert.deepStrictEqual(yield* (yield* Alarms).raised, [
        { _tag: "UnknownInboxRows", spreadsheet: accounts, rows: 2 },
      ])
      yield* running(disk, claimVk(3))
      assert.deepStrictEqual(
        (yield* inboxRows).map(({ cells }) => cells[2]),
        [...users(5, 7), ...users(1, 2)],
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("makes its inbox again when somebody removed it", () =>
    Effect.gen(function* () {
      yield* stocked(4)
      const workbooks = yield* Workbooks
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* claimVk(1)
          yield* workbooks.edit(accounts, { op: "removeTab", tab: "_bot_inbox" })
          yield* Effect.flip(claimVk(1))
          yield* claimVk(3)
        }),
      )
      assert.deepStrictEqual(yield* (yield* Shelf).keys, users(1, 4))
    }).pipe(Effect.provide(world)),
  )

  for (const lateRangeError of [false, true]) {
    it.effect(`brings each row once when the inbox got another name: late ${lateRangeError}`, () =>
      Effect.gen(function* () {
        yield* stocked(6)
        const workbooks = yield* Workbooks
        const days = yield* Days
        yield* workbooks.configure({ lateRangeError })
        const rename = { op: "rename", tab: "_bot_inbox", title: "Что это?" } as const
        yield* running(
          MemoryJournal.makeDisk(),
          Effect.gen(function* () {
            yield* claimVk(1)
            yield* days.plant("batchUpdate", {
              happens: Effect.orDie(workbooks.edit(accounts, rename)),
            })
            yield* Effect.exit(claimPatiently(2))
            yield* claimPatiently(6)
          }),
        )
        assert.deepStrictEqual(yield* (yield* Shelf).keys, users(1, 6))
        assert.deepStrictEqual(yield* alarmTags, [])
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("tells when the inbox was removed before its rows were read, and goes on", () =>
    Effect.gen(function* () {
      yield* stocked(6)
      const workbooks = yield* Workbooks
      const days = yield* Days
      const remove = { op: "removeTab", tab: "_bot_inbox" } as const
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* claimVk(1)
          yield* days.plant("batchUpdate", "lostAnswer")
          yield* days.plant("metadata", {
            happens: Effect.orDie(workbooks.edit(accounts, remove)),
          })
          assert.deepStrictEqual((yield* claimPatiently(2)).items, [])
          assert.deepStrictEqual(yield* alarmTags, ["ClaimDamaged"])
          yield* claimPatiently(3)
        }),
      )
      assert.deepStrictEqual(yield* (yield* Shelf).keys, [...users(1, 1), ...users(4, 6)])
    }).pipe(Effect.provide(world)),
  )

  it.effect("sees that rows came to an exhausted tab, in one read", () =>
    Effect.gen(function* () {
      yield* stocked(1)
      const workbooks = yield* Workbooks
      const days = yield* Days
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          const claim = yield* Claim
          assert.lengthOf((yield* claimVk(2)).items, 1)
          yield* days.counts
          assert.isFalse(
            (yield* claim.filled([{ tab: vkTab, onlyDay: null }], "person")).has(vkTab.title),
          )
          assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 1 })
          yield* workbooks.edit(accounts, { op: "append", tab: vkTab.title, rows: [account(2)] })
          assert.isTrue(
            (yield* claim.filled([{ tab: vkTab, onlyDay: null }], "background")).has(vkTab.title),
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("Claim, of a row that somebody is typing", () => {
  it.effect("keeps it apart with all that it has, if the next look leaves it where it stands", () =>
    Effect.gen(function* () {
      const tab = vkTab.title
      yield* seed([
        ["Дата", "Логин", "Пароль", "Заметка", "Регион"],
        [{ date: "05.11.2026" }, "a@example.com", null, "от Коли", null],
        [null, null, "pw-only", null, null, "без заголовка"],
        ["someday", null, null, null, "Марс"],
        // The look takes these for whole or for blank.
        [null, "b@example.com", "\u200B"],
        [null, null, null],
        [null, "c@example.com", null, { formula: "=B2" }],
        account(7),
      ])
      const workbooks = yield* Workbooks
      const comment = (row: number, note: string) =>
        workbooks.edit(accounts, { op: "note", tab, row, column: 1, note })
      yield* comment(1, "перезвонить")
      yield* comment(5, "только заметка")
      const claimed = yield* running(MemoryJournal.makeDisk(), claimVk(7))
      const cellsOf = ({ origin }: (typeof claimed.halfTyped)[number]) =>
        origin.cells.map(({ value }) => value)
      assert.deepStrictEqual(
        claimed.halfTyped.map((row) => cellsOf(row).filter((value) => value !== null)),
        [
          [46331, "a@example.com", "от Коли"],
          ["pw-only", "без заголовка"],
          ["someday", "Марс"],
        ],
      )
      assert.strictEqual(claimed.halfTyped[0]?.origin.cells[1]?.note, "перезвонить")
      assert.strictEqual(claimed.halfTyped[0]?.origin.cells[0]?.format?.type, "DATE")
      assert.deepStrictEqual(
        claimed.quarantined.map(({ reason }) => reason),
        ["missing", "missing", "formula"],
      )
      assert.lengthOf(claimed.items, 1)
    }).pipe(Effect.provide(world)),
  )

  it.effect("sets it aside where the header has lost a column: nobody knows what is missing", () =>
    Effect.gen(function* () {
      yield* seed([header, account(1), [null, "a@example.com"], account(2)])
      const workbooks = yield* Workbooks
      const days = yield* Days
      const lose = { op: "set", tab: vkTab.title, row: 0, column: 2, value: "Ключ" } as const
      const claimed = yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* claimVk(1)
          const happens = Effect.orDie(workbooks.edit(accounts, lose))
          yield* days.plant("batchUpdate", { happens })
          return yield* claimVk(2)
        }),
      )
      assert.deepStrictEqual(claimed.halfTyped, [])
      assert.lengthOf(claimed.quarantined, 2)
    }).pipe(Effect.provide(world)),
  )
})

describe("Claim, of a tab whose header was changed while it was empty", () => {
  it.effect("takes nothing, so that no good row ends in quarantine", () =>
    Effect.gen(function* () {
      yield* stocked(1)
      const workbooks = yield* Workbooks
      const tab = vkTab.title
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          const claim = yield* Claim
          assert.lengthOf((yield* claimVk(2)).items, 1)
          const [shown] = (yield* workbooks.view(accounts)).filter(({ title }) => title === tab)
          const column = shown?.header.indexOf("Логин") ?? -1
          yield* workbooks.edit(accounts, { op: "set", tab, row: 0, column, value: "Логни" })
          yield* workbooks.edit(accounts, { op: "append", tab, rows: [account(2)] })
          assert.isFalse(
            (yield* claim.filled([{ tab: vkTab, onlyDay: null }], "background")).has(vkTab.title),
          )
          assert.deepStrictEqual(yield* alarmTags, ["TabUnusable"])
          yield* workbooks.edit(accounts, { op: "set", tab, row: 0, column, value: "Логин" })
          yield* TestClock.adjust("2 minutes")
          assert.isTrue(
            (yield* claim.filled([{ tab: vkTab, onlyDay: null }], "background")).has(vkTab.title),
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("Claim, of a tab that grew wider", () => {
  const tab = vkTab.title
  const note = (column: number) => (row: number, value: string) =>
    Effect.flatMap(Workbooks, (workbooks) =>
      workbooks.edit(accounts, { op: "set", tab, row, column, value }),
    )
  const columns = (length: number) =>
    Effect.flatMap(Workbooks, (workbooks) =>
      workbooks.batchUpdate(accounts, {
        requests: [{ appendDimension: { sheetId: 0, dimension: "COLUMNS", length } }],
      }),
    )
  const extras = (text: string) => [{ header: "Заметка", text }]

  it.effect("takes along a column that was just added", () =>
    Effect.gen(function* () {
      yield* stocked(4)
      const workbooks = yield* Workbooks
      const set = note(44)
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* claimVk(1)
          yield* columns(20)
          yield* set(0, "Заметка")
          yield* set(1, "первая")
          yield* set(2, "вторая")
          assert.deepStrictEqual((yield* claimVk(1)).items[0]?.extras, extras("первая"))
          assert.deepStrictEqual((yield* claimVk(1)).items[0]?.extras, extras("вторая"))
          // When the column is gone, nothing of it stays in the inbox.
          yield* workbooks.batchUpdate(accounts, {
            requests: [
              {
                deleteDimension: {
                  range: { sheetId: 0, dimension: "COLUMNS", startIndex: 26, endIndex: 46 },
                },
              },
            ],
          })
          assert.deepStrictEqual((yield* claimVk(1)).items[0]?.extras, [])
        }),
      )
      assert.deepStrictEqual(yield* alarmTags, [])
      assert.deepStrictEqual(yield* (yield* Shelf).keys, users(1, 4))
    }).pipe(Effect.provide(world)),
  )

  it.effect("takes nothing when the inbox is too narrow for it, and all of it the next time", () =>
    Effect.gen(function* () {
      yield* stocked(2)
      const set = note(324)
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* claimVk(1)
          yield* columns(300)
          yield* set(0, "Заметка")
          yield* set(1, "на месте")
          const refused = yield* Effect.flip(claimVk(1))
          assert.strictEqual(refused._tag === "SheetsError" && refused.reason._tag, "Refused")
          assert.deepStrictEqual(yield* left, users(2, 2))
          assert.deepStrictEqual((yield* claimVk(1)).items[0]?.extras, extras("на месте"))
        }),
      )
      assert.deepStrictEqual(yield* alarmTags, [])
    }).pipe(Effect.provide(world)),
  )

  it.effect("tells when the rows reach the end of the inbox: there may have been more", () =>
    Effect.gen(function* () {
      yield* stocked(3)
      const set = note(126)
      yield* running(
        MemoryJournal.makeDisk(),
        Effect.gen(function* () {
          yield* claimVk(1)
          yield* columns(101)
          yield* set(1, "у края")
          const { claim } = yield* claimVk(1)
          assert.deepStrictEqual(yield* (yield* Alarms).raised, [
            { _tag: "ClaimDamaged", tab, claim },
          ])
          yield* set(1, "дальше")
          yield* claimVk(1)
          assert.deepStrictEqual(yield* alarmTags, ["ClaimDamaged"])
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})
