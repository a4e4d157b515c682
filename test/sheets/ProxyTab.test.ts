import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, PubSub } from "effect"
import { Day } from "../../src/domain/Day.ts"
import { endpointKey } from "../../src/domain/Proxy.ts"
import { formatProxyLine } from "../../src/domain/proxyLine.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Proxies } from "../../src/pool/proxies/Proxies.ts"
import { during, issued, killedAfter, pass, rowsOf, world } from "./bench.ts"
import {
  add,
  anna,
  cells,
  disk,
  edit,
  editAt,
  endpoint,
  header,
  known,
  look,
  proxyAt,
  running,
  setCell,
  tab,
  take,
  typed,
  values,
  withTab,
  write,
} from "./proxyBench.ts"
import { Days } from "./workbooksClient.ts"

const upTo = (count: number) => Array.from({ length: count }, (_, index) => endpoint(index + 1))
const hosts = Effect.map(cells, (rows) => rows.map(([line = ""]) => line.split(":")[0]))
const raised = Alarms.use((alarms) => alarms.raised)
const ids = Effect.map(cells, (rows) => rows.map((row) => row[6] ?? ""))
const idOf = (n: number) => Effect.map(proxyAt(n), ({ id }) => String(id))

/** One run of the bot beside the tab that is given. */
const oneRun = <E1, R1, E2, R2>(
  given: Effect.Effect<void, E1, R1>,
  story: Effect.Effect<void, E2, R2>,
) => Effect.andThen(given, running(disk(), story)).pipe(Effect.provide(world))

describe("the registry tab", () => {
  it.effect("gets fifty new proxies with one read and one write, and is then left alone", () =>
    oneRun(
      withTab(),
      Effect.gen(function* () {
        const days = yield* Days
        yield* look
        yield* add(upTo(50), { targets: ["vk", "other"] })
        yield* days.counts
        yield* write
        assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 1 })
        for (const call of [look, look]) {
          yield* call
          assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 1 })
        }
        yield* write
        assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 1 })
        const id = yield* idOf(7)
        assert.deepStrictEqual((yield* cells)[6], [
          "192.0.2.7:8000:user:secret-7",
          "HTTP",
          "DE",
          "22.12.2026",
          "VK, Другое",
          "",
          id,
        ])
        assert.strictEqual((yield* values)[6]?.[3], 46_378)
        assert.strictEqual((yield* cells).length, 50)
      }),
    ),
  )

  it.effect("keeps every character of a line", () =>
    Effect.gen(function* () {
      yield* withTab()
      const passwords = ["=1+1", "+7900", "007", "a:b::", " two words", "$&$1", '"quoted"', "'x"]
      const endpoints = [
        ...passwords.map((password, index) => endpoint(index + 1, { user: "007", password })),
        endpoint(20, { host: "2001:db8::1", user: "", password: "" }),
        endpoint(21, { host: "proxy.example.com", user: "=user" }),
      ]
      yield* running(
        disk(),
        Effect.gen(function* () {
          yield* add(endpoints)
          yield* write
          const lines = (yield* values).map(([line]) => line)
          assert.deepStrictEqual(lines, endpoints.map(formatProxyLine))
          yield* look
          const after = yield* (yield* Proxies).registry
          assert.deepStrictEqual(
            after.map((proxy) => proxy.endpoint),
            endpoints,
          )
          assert.isTrue(after.every(({ place }) => place === "listed"))
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("says that a proxy does not work, and why, until somebody deletes that", () =>
    oneRun(
      withTab(),
      Effect.gen(function* () {
        const proxies = yield* Proxies
        yield* add(upTo(1), { targets: ["ok"] })
        yield* write
        yield* look
        const proxy = yield* proxyAt(1)
        yield* take(proxy, "vk", "Анна")
        yield* write
        const held = { proxy: proxy.id, generation: 1, by: anna }
        yield* proxies.report({ _tag: "Report", ...held, reason: "медленный, рвётся\n=1+1" })
        yield* look
        const said = "OK, VK, не работает: медленный рвётся =1 1"
        assert.deepStrictEqual((yield* cells)[0]?.slice(4, 6), [said, "Анна"])
        yield* look
        assert.deepStrictEqual(yield* proxies.free(["tabor"]), [])
        assert.deepStrictEqual(yield* raised, [])
        yield* setCell(1, "Использован для", "OK, VK")
        yield* look
        assert.lengthOf(yield* proxies.free(["tabor"]), 1)
        yield* setCell(1, "Использован для", "OK, VK, Не работает (Пётр звонил)")
        yield* look
        assert.deepStrictEqual(yield* proxies.free(["tabor"]), [])
        assert.strictEqual((yield* cells)[0]?.[4], "OK, VK, Не работает (Пётр звонил)")
      }),
    ),
  )

  it.effect("says no more what a proxy was taken for when it is given back, nor by whom", () =>
    oneRun(
      withTab(),
      Effect.gen(function* () {
        const proxies = yield* Proxies
        yield* add(upTo(1), { targets: ["ok"] })
        yield* write
        yield* look
        const proxy = yield* proxyAt(1)
        yield* take(proxy, "vk", "Анна")
        yield* write
        assert.deepStrictEqual((yield* cells)[0]?.slice(4, 6), ["OK, VK", "Анна"])
        const held = { proxy: proxy.id, generation: 1, by: anna }
        yield* proxies.giveBack({ _tag: "Return", ...held })
        yield* look
        assert.deepStrictEqual((yield* cells)[0]?.slice(4, 6), ["OK", ""])
        yield* look
        assert.lengthOf(yield* proxies.free(["vk"]), 1)
      }),
    ),
  )

  it.effect("keeps the row of a new proxy that does not work telling so", () =>
    oneRun(
      withTab([typed(1, ["VK, не работает"])]),
      Effect.gen(function* () {
        const proxies = yield* Proxies
        yield* look
        assert.deepStrictEqual(yield* proxies.free([]), [])
        assert.strictEqual((yield* cells)[0]?.[4], "VK, не работает")
        yield* look
        assert.deepStrictEqual(yield* proxies.free([]), [])
      }),
    ),
  )

  it.effect("says who took a proxy and what for", () =>
    oneRun(
      withTab(),
      Effect.gen(function* () {
        const days = yield* Days
        yield* add(upTo(2), { targets: ["ok"] })
        yield* write
        yield* look
        yield* take(yield* proxyAt(2), "vk", "Анна")
        yield* take(yield* proxyAt(2), "tabor", "Иван")
        yield* days.counts
        yield* write
        assert.deepStrictEqual(yield* days.counts, { writes: 1, reads: 1 })
        const [first = [], second = []] = yield* cells
        assert.deepStrictEqual(first.slice(4, 6), ["OK", ""])
        assert.deepStrictEqual(second.slice(4, 6), ["OK, VK, Табор", "Анна, Иван"])
        yield* look
        assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 1 })
      }),
    ),
  )

  it.effect("is read by its headers, and its extra columns are left alone", () =>
    Effect.gen(function* () {
      const names = ["ID", "Заметка", "until", "Country", "type", "PROXY", "Использован  для"]
      const day = { date: "01.12.2026" }
      yield* withTab(
        [["", "наш", day, "Россия", "socks", "192.0.2.1:80", "vk; Авито, Другое"]],
        names,
      )
      yield* running(
        disk(),
        Effect.gen(function* () {
          yield* look
          assert.deepStrictEqual(yield* known, ["192.0.2.1  socks5 RU 2026-12-01 vk other"])
          yield* take(yield* proxyAt(1), "ok")
          yield* add([endpoint(2)])
          yield* write
          const [id1, id2] = [yield* idOf(1), yield* idOf(2)]
          const [one = [], two = []] = yield* cells
          assert.deepStrictEqual(one, [
            id1,
            "наш",
            "01.12.2026",
            "Россия",
            "socks",
            "192.0.2.1:80",
            "VK, Другое, OK, Авито",
          ])
          assert.deepStrictEqual(two.slice(0, 2), [id2, ""])
          yield* look
          assert.deepStrictEqual(yield* cells, [one, two])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("waits without a column it needs, and goes on when that is back", () =>
    oneRun(
      withTab([typed(1)]),
      Effect.gen(function* () {
        yield* look
        yield* edit({ op: "set", row: 0, column: 1, value: "Вид" })
        for (const call of [look, write]) {
          const error = yield* Effect.flip(call)
          assert.strictEqual(error._tag === "TabUnusable" && error.column, "Тип")
        }
        const [alarm, ...others] = yield* raised
        assert.deepInclude(alarm, { _tag: "TabUnusable", tab, column: "Тип" })
        assert.include(alarm?._tag === "TabUnusable" ? (alarm.header ?? []) : [], "Вид")
        assert.deepStrictEqual(others, [])
        assert.strictEqual((yield* known).length, 1)
        yield* edit({ op: "set", row: 0, column: 1, value: "Тип" })
        yield* pass("61 seconds")
        yield* look
        assert.deepStrictEqual(yield* raised, [])
        yield* edit({ op: "rename", title: "Архив" })
        const error = yield* Effect.flip(look)
        assert.strictEqual(error._tag === "TabUnusable" && error.column, null)
        assert.strictEqual((yield* known).length, 1)
      }),
    ),
  )
})

describe("people who edit the registry tab", () => {
  it.effect("add rows and get ids", () =>
    oneRun(
      withTab([typed(1), [], typed(2, ["VK", "дал Иван"])]),
      Effect.gen(function* () {
        const days = yield* Days
        yield* look
        assert.deepStrictEqual(yield* known, [
          "192.0.2.1 secret-1 http DE 2026-12-22",
          "192.0.2.2 secret-2 http DE 2026-12-22 vk",
        ])
        const [id1, id2] = [yield* idOf(1), yield* idOf(2)]
        assert.deepStrictEqual(yield* ids, [id1, "", id2])
        // What people noted there stays as long as nobody took the proxy from the bot.
        assert.strictEqual((yield* cells)[2]?.[5], "дал Иван")
        yield* days.counts
        yield* look
        assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 1 })
      }),
    ),
  )

  it.effect("change end, country, password, type, use and even the address", () =>
    oneRun(
      withTab([typed(1), typed(2), typed(3), typed(4), typed(5, ["VK"]), typed(6)]),
      Effect.gen(function* () {
        yield* look
        const before = yield* ids
        yield* setCell(1, "Действует до", "05.01.27")
        yield* setCell(2, "Страна", "сша")
        yield* setCell(3, "Прокси", "192.0.2.3:8000:user:new")
        yield* setCell(4, "Тип", "Socks5")
        yield* setCell(5, "Использован для", "Mamba, табор")
        yield* setCell(6, "Прокси", "192.0.2.60:8000:user:x")
        yield* look
        assert.deepStrictEqual(yield* known, [
          "192.0.2.1 secret-1 http DE 2027-01-05",
          "192.0.2.2 secret-2 http US 2026-12-22",
          "192.0.2.3 new http DE 2026-12-22",
          "192.0.2.4 secret-4 socks5 DE 2026-12-22",
          "192.0.2.5 secret-5 http DE 2026-12-22 mamba tabor",
          "192.0.2.60 x http DE 2026-12-22",
        ])
        // Nothing of what people typed is written over.
        const rows = yield* cells
        assert.deepStrictEqual(yield* ids, before)
        assert.strictEqual(rows[0]?.[3], "05.01.27")
        assert.strictEqual(rows[1]?.[2], "сша")
        assert.strictEqual(rows[4]?.[4], "Mamba, табор")
      }),
    ),
  )

  it.effect("write what it was used for as they speak, in letters of either alphabet", () =>
    Effect.gen(function* () {
      const texts = ["ВК, Мамба", "ОК", "вк / Бебоо; tabor", "В контакте+VK", "Другое"]
      yield* withTab(texts.map((text, index) => typed(index + 1, [text])))
      yield* running(
        disk(),
        Effect.gen(function* () {
          yield* look
          const uses = (yield* known).map((line) => line.split(" ").slice(5).join(" "))
          assert.deepStrictEqual(uses, ["vk mamba", "ok", "vk beboo tabor", "vk", "other"])
          assert.deepStrictEqual(
            (yield* cells).map((row) => row[4]),
            texts,
          )
          yield* pass("1 minute")
          yield* look
          assert.deepStrictEqual(
            (yield* raised).flatMap((alarm) =>
              alarm._tag === "RegistryUnreadable" ? alarm.rows : [],
            ),
            [{ row: 5, column: "Использован для" }],
          )
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("cannot take back what somebody took it for", () =>
    oneRun(
      withTab([typed(1)]),
      Effect.gen(function* () {
        yield* look
        yield* take(yield* proxyAt(1), "vk")
        yield* write
        yield* setCell(1, "Использован для", "")
        yield* look
        assert.deepStrictEqual((yield* cells)[0]?.slice(4, 6), ["VK", "Анна"])
      }),
    ),
  )

  it.effect("clear the whole tab by mistake and put it back, and nothing is used twice", () =>
    oneRun(
      withTab([typed(1, ["VK"]), typed(2)]),
      Effect.gen(function* () {
        yield* look
        yield* take(yield* proxyAt(2), "ok")
        yield* write
        const all = yield* known
        const rows = yield* values
        yield* edit({ op: "delete", at: 1, count: 2 })
        yield* look
        assert.deepStrictEqual(yield* known, [])
        // A person who puts rows back does not know their targets, and that column cannot be found now.
        yield* setCell(0, "Использован для", "Использован")
        yield* edit({ op: "append", rows: [typed(1), typed(2)] })
        yield* look
        assert.deepStrictEqual(yield* known, all)
        yield* setCell(0, "Использован для", "Использован для")
        yield* setCell(1, "Использован для", "VK")
        yield* look
        assert.deepStrictEqual(yield* known, all)
        assert.deepStrictEqual(yield* values, rows)
      }),
    ),
  )

  it.effect("sort and move rows, and nothing is written", () =>
    oneRun(
      withTab([typed(3), typed(1), typed(2)]),
      Effect.gen(function* () {
        const days = yield* Days
        yield* look
        yield* edit({ op: "sort", column: 0 })
        yield* edit({ op: "insert", at: 1, rows: [["заметка"]] })
        yield* edit({ op: "delete", at: 1, count: 1 })
        yield* days.counts
        yield* look
        assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 1 })
        assert.deepStrictEqual(yield* hosts, ["192.0.2.1", "192.0.2.2", "192.0.2.3"])
        assert.deepStrictEqual(yield* ids, [yield* idOf(1), yield* idOf(2), yield* idOf(3)])
      }),
    ),
  )

  it.effect("remove a row and put it back, with and without its id", () =>
    oneRun(
      withTab([typed(1), typed(2)]),
      Effect.gen(function* () {
        yield* look
        const [id1 = "", id2 = ""] = yield* ids
        const free = Effect.map(
          Proxies.use((proxies) => proxies.free(["vk"])),
          (all) => all.map((proxy) => String(proxy.id)),
        )
        yield* edit({ op: "delete", at: 1, count: 2 })
        yield* look
        assert.deepStrictEqual(yield* free, [])
        assert.deepStrictEqual(yield* cells, [])
        yield* edit({ op: "append", rows: [typed(2, ["", "", id2]), typed(1)] })
        yield* look
        assert.sameMembers([...(yield* free)], [id1, id2])
        assert.deepStrictEqual(yield* ids, [id2, id1])
      }),
    ),
  )

  it.effect("copy a row to make another one of it", () =>
    oneRun(
      withTab([typed(1, ["VK"])]),
      Effect.gen(function* () {
        yield* look
        const [id = ""] = yield* ids
        // One copy stands above the original, and one that is not changed yet below it.
        yield* edit({ op: "insert", at: 1, rows: [typed(9, ["VK", "", id])] })
        yield* edit({ op: "append", rows: [typed(1, ["VK", "", id])] })
        yield* look
        assert.deepStrictEqual(yield* known, [
          "192.0.2.1 secret-1 http DE 2026-12-22 vk",
          "192.0.2.9 secret-9 http DE 2026-12-22 vk",
        ])
        assert.deepStrictEqual(yield* ids, [yield* idOf(9), id, id])
        assert.strictEqual(yield* idOf(1), id)
        yield* setCell(3, "Прокси", "192.0.2.10:8000")
        yield* look
        assert.deepStrictEqual(yield* ids, [yield* idOf(9), id, yield* idOf(10)])
      }),
    ),
  )

  it.effect("clear a row, and its id goes too", () =>
    oneRun(
      withTab([typed(1, ["VK"]), typed(2)]),
      Effect.gen(function* () {
        yield* look
        for (const name of ["Прокси", "Тип", "Страна", "Действует до"] as const) {
          yield* setCell(1, name, null)
        }
        yield* look
        assert.deepStrictEqual((yield* cells)[0], [])
        assert.deepStrictEqual(yield* known, ["192.0.2.2 secret-2 http DE 2026-12-22"])
      }),
    ),
  )

  it.effect("hear once of cells that cannot be read, and of nothing while they type", () =>
    Effect.gen(function* () {
      const day = { date: "22.12.2026" }
      const bad: ReadonlyArray<readonly [(typeof header)[number], ...Array<unknown>]> = [
        ["Прокси"],
        ["Прокси"],
        ["Тип"],
        ["Страна"],
        ["Действует до"],
        ["Действует до"],
        ["Прокси"],
        ["Использован для"],
        ["Прокси"],
      ]
      const rows = [
        typed(1),
        [0.043, "HTTP", "DE", day],
        ["192.0.2.3:8000:user", "HTTP", "DE", day],
        ["192.0.2.4:8000", "FTP", "DE", day],
        ["192.0.2.5:8000", "HTTP", "Европа", day],
        ["192.0.2.6:8000", "HTTP", "DE", "вчера"],
        ["192.0.2.7:8000", "HTTP", "DE", 30],
        [{ formula: '="192.0.2.8:8000"' }, "HTTP", "DE", day],
        ["192.0.2.9:8000", "HTTP", "DE", day, "Авито"],
        typed(1),
      ]
      yield* withTab(rows)
      const days = yield* Days
      yield* running(
        disk(),
        Effect.gen(function* () {
          yield* look
          assert.deepStrictEqual(yield* raised, [])
          const before = yield* values
          assert.deepStrictEqual((yield* known).length, 2)
          yield* pass("1 minute")
          yield* days.counts
          yield* look
          assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 1 })
          const alarm = {
            _tag: "RegistryUnreadable",
            tab,
            rows: bad.map(([column], index) => ({ row: index + 3, column })),
          } as const
          assert.deepStrictEqual(yield* raised, [alarm])
          yield* pass("1 minute")
          yield* look
          assert.deepStrictEqual(yield* raised, [alarm])
          assert.deepStrictEqual(yield* values, before)
          yield* edit({ op: "delete", at: 2, count: 9 })
          yield* look
          assert.deepStrictEqual(yield* raised, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("are not told of the same cell anew when rows move or others are mended", () =>
    Effect.gen(function* () {
      const bad = (n: number) => [`192.0.2.${n}:8000:user`, "HTTP", "DE", { date: "22.12.2026" }]
      yield* withTab([typed(1), bad(2)])
      const changes = yield* Alarms.use((alarms) => PubSub.subscribe(alarms.changes))
      const told = Effect.map(PubSub.takeUpTo(changes, 9), (all) =>
        all.map(({ alarm, raised: isRaised }) =>
          alarm._tag === "RegistryUnreadable"
            ? [isRaised, ...alarm.rows.map(({ row }) => row)]
            : alarm._tag,
        ),
      )
      yield* running(
        disk(),
        Effect.gen(function* () {
          const lookTwice = Effect.andThen(look, Effect.andThen(pass("1 minute"), look))
          yield* lookTwice
          assert.deepStrictEqual(yield* told, [[true, 3]])
          yield* edit({ op: "insert", at: 1, rows: [typed(3)] })
          yield* lookTwice
          assert.deepStrictEqual(yield* told, [])
          yield* edit({ op: "append", rows: [bad(4)] })
          yield* lookTwice
          assert.deepStrictEqual(yield* told, [[true, 4, 5]])
          yield* edit({ op: "delete", at: 3, count: 1 })
          yield* lookTwice
          assert.deepStrictEqual(yield* told, [])
          yield* edit({ op: "delete", at: 3, count: 1 })
          yield* lookTwice
          assert.deepStrictEqual(yield* told, [[false, 4, 5]])
          assert.deepStrictEqual(yield* raised, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  it.effect("do not lose a proxy to a cell that cannot be read for a while", () =>
    oneRun(
      withTab([typed(1), typed(2)]),
      Effect.gen(function* () {
        yield* look
        yield* setCell(1, "Действует до", "скоро")
        yield* setCell(1, "ID", null)
        yield* setCell(2, "Прокси", "тут ошибка")
        yield* look
        assert.strictEqual((yield* known).length, 2)
        const id = yield* idOf(1)
        yield* setCell(1, "Действует до", { date: "30.12.2026" })
        yield* setCell(2, "Прокси", "192.0.2.2:8000:user:secret-2")
        yield* look
        assert.deepStrictEqual(yield* known, [
          "192.0.2.1 secret-1 http DE 2026-12-30",
          "192.0.2.2 secret-2 http DE 2026-12-22",
        ])
        assert.strictEqual((yield* ids)[0], id)
      }),
    ),
  )
})

describe("a new empty tab in the place of the registry", () => {
  const workbook = (change: { readonly op: "removeTab" | "addTab" }) =>
    Workbooks.use((workbooks) => Effect.orDie(workbooks.edit(issued, { ...change, tab })))

  it.effect("gets all that the bot knows, made by a person or by the next start", () =>
    Effect.gen(function* () {
      yield* withTab([typed(1, ["VK"]), typed(2), typed(3)])
      const memory = disk()
      const [rows, all] = yield* running(
        memory,
        Effect.gen(function* () {
          yield* look
          yield* take(yield* proxyAt(2), "ok")
          yield* write
          yield* edit({ op: "delete", at: 3, count: 1 })
          yield* look
          const before = [yield* cells, yield* known] as const
          yield* workbook({ op: "removeTab" })
          assert.isTrue(Exit.isFailure(yield* Effect.exit(look)))
          yield* workbook({ op: "addTab" })
          yield* edit({ op: "append", rows: [[...header]] })
          yield* pass("1 minute")
          yield* look
          assert.deepStrictEqual(yield* cells, before[0])
          assert.deepStrictEqual(yield* known, before[1])
          yield* workbook({ op: "removeTab" })
          return before
        }),
      )
      yield* running(
        memory,
        Effect.gen(function* () {
          yield* look
          assert.deepStrictEqual(yield* cells, rows)
          assert.deepStrictEqual(yield* known, all)
          yield* look
          // People who want all proxies off the list empty the same tab.
          yield* edit({ op: "delete", at: 1, count: 2 })
          yield* look
          assert.deepStrictEqual(yield* known, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )
})

describe("a catalogue that lost a target", () => {
  it.effect("keeps its uses, and does not write them again and again", () =>
    Effect.gen(function* () {
      yield* withTab([typed(1), typed(2, ["VK"])])
      const days = yield* Days
      const spoken = yield* running(
        disk(),
        Effect.gen(function* () {
          yield* look
          yield* take(yield* proxyAt(1), "dating")
          // A cell keeps no spaces around a nickname either.
          yield* take(yield* proxyAt(2), "dating", " Иван ")
          yield* take(yield* proxyAt(2), "ok", " Иван ")
          yield* write
          yield* look
          yield* days.counts
          for (const _ of [1, 2, 3]) yield* look
          assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 3 })
          return yield* known
        }),
      )
      assert.deepStrictEqual(spoken, [
        "192.0.2.1 secret-1 http DE 2026-12-22 dating",
        "192.0.2.2 secret-2 http DE 2026-12-22 vk dating ok",
      ])
    }).pipe(Effect.provide(world)),
  )
})

describe("rows with one login and several passwords", () => {
  const session = (name: string) => endpoint(1, { password: `key_session-${name}` })
  const sessionRow = (name: string, more: Parameters<typeof typed>[1] = []) => [
    formatProxyLine(session(name)),
    ...typed(1, more).slice(1),
  ]
  const gateways = [endpointKey(session("any"))]
  const passwords = Effect.map(
    Proxies.use((proxies) => proxies.registry),
    (all) => all.map((proxy) => proxy.endpoint.password.replace("key_session-", "")),
  )
  const inDoubt = Effect.map(raised, (all) =>
    all.flatMap((alarm) =>
      alarm._tag === "RegistryUnreadable" ? alarm.rows.map(({ row }) => row) : [],
    ),
  )

  it.effect("are one proxy and a doubt, until somebody says that they are sessions", () =>
    oneRun(
      withTab([sessionRow("a"), sessionRow("b")]),
      Effect.gen(function* () {
        yield* look
        yield* pass("1 minute")
        yield* look
        assert.deepStrictEqual(yield* passwords, ["a"])
        assert.deepStrictEqual(yield* inDoubt, [3])
        const id = yield* idOf(1)
        yield* add([session("b")], { gateways })
        yield* look
        assert.deepStrictEqual(yield* passwords, ["a", "b"])
        assert.deepStrictEqual(yield* raised, [])
        const [first, second, ...others] = yield* ids
        assert.deepStrictEqual([first, others], [id, []])
        assert.notStrictEqual(second, id)
        assert.match(second ?? "", /^[0-9A-Z]{10}$/)
      }),
    ),
  )

  it.effect("of a gateway are sessions, each issued once for a target, also after a restart", () =>
    Effect.gen(function* () {
      yield* withTab()
      const memory = disk()
      const free = Proxies.use((proxies) => proxies.free(["vk"]))
      yield* running(
        memory,
        Effect.gen(function* () {
          yield* look
          yield* add([session("a")], { gateways })
          yield* write
          yield* edit({ op: "append", rows: [sessionRow("b"), sessionRow("c", ["VK"])] })
          yield* look
          assert.deepStrictEqual(yield* passwords, ["a", "b", "c"])
          assert.strictEqual(new Set(yield* ids).size, 3)
          // One of them stands in the tab as used.
          assert.lengthOf(yield* free, 2)
          for (const proxy of yield* free) yield* take(proxy, "vk")
          yield* write
        }),
      )
      yield* running(
        memory,
        Effect.gen(function* () {
          yield* look
          assert.deepStrictEqual(yield* free, [])
          assert.deepStrictEqual(
            (yield* cells).map((row) => row.slice(4, 6)),
            [
              ["VK", "Анна"],
              ["VK", "Анна"],
              ["VK", ""],
            ],
          )
          assert.deepStrictEqual(yield* raised, [])
        }),
      )
    }).pipe(Effect.provide(world)),
  )

  for (const isGateway of [false, true]) {
    it.effect(`keep id and uses where a password is edited by hand, gateway: ${isGateway}`, () =>
      Effect.gen(function* () {
        yield* withTab()
        yield* running(
          disk(),
          Effect.gen(function* () {
            yield* look
            const some = isGateway ? [session("a"), session("b")] : [session("a")]
            yield* add(some, isGateway ? { gateways } : {})
            yield* write
            yield* look
            const before = yield* ids
            yield* take(yield* proxyAt(1), "vk")
            yield* write
            yield* setCell(1, "Прокси", formatProxyLine(session("edited")))
            yield* look
            yield* look
            assert.deepStrictEqual(yield* passwords, isGateway ? ["edited", "b"] : ["edited"])
            assert.deepStrictEqual(yield* ids, before)
            assert.deepStrictEqual((yield* cells)[0]?.slice(4, 6), ["VK", "Анна"])
            assert.deepStrictEqual(yield* raised, [])
          }),
        )
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("are in doubt where a password is edited to the one of another session", () =>
    oneRun(
      withTab(),
      Effect.gen(function* () {
        yield* look
        yield* add([session("a"), session("b")], { gateways })
        yield* write
        yield* look
        yield* setCell(1, "Прокси", formatProxyLine(session("b")))
        yield* look
        yield* pass("1 minute")
        yield* look
        // The row has the id of the first, so that one stays as it was until the row is mended.
        assert.deepStrictEqual(yield* passwords, ["a", "b"])
        assert.deepStrictEqual(yield* inDoubt, [2])
        yield* setCell(1, "Прокси", formatProxyLine(session("a")))
        yield* look
        assert.deepStrictEqual(yield* passwords, ["a", "b"])
        assert.deepStrictEqual(yield* raised, [])
      }),
    ),
  )
})

describe("a write to the registry tab", () => {
  for (const day of ["lostAnswer", "lostRequest", "unavailable", "quota"] as const) {
    it.effect(`never puts a proxy there twice: ${day}`, () =>
      Effect.gen(function* () {
        yield* withTab()
        const days = yield* Days
        yield* running(
          disk(),
          Effect.gen(function* () {
            yield* look
            yield* add(upTo(3))
            yield* days.plant("batchUpdate", day)
            yield* during("5 minutes", Effect.exit(write))
            yield* write
            yield* look
            assert.deepStrictEqual(yield* hosts, ["192.0.2.1", "192.0.2.2", "192.0.2.3"])
          }),
        )
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("is finished by the next run after a kill", () =>
    Effect.gen(function* () {
      yield* withTab()
      const days = yield* Days
      for (const day of ["lostAnswer", "lostRequest", "late"] as const) {
        const disk1 = disk()
        const doomed = Effect.gen(function* () {
          yield* look
          yield* add(upTo(3))
          yield* days.plant("batchUpdate", day)
          yield* days.plant("metadata", "hang")
          yield* write
        })
        yield* killedAfter("1 minute", running(disk1, doomed))
        const next = running(
          disk1,
          Effect.andThen(
            look,
            Effect.map(known, (all) => all.length),
          ),
        )
        assert.strictEqual(yield* during("5 minutes", next), 3)
        yield* days.land
        assert.deepStrictEqual(yield* hosts, ["192.0.2.1", "192.0.2.2", "192.0.2.3"], day)
        yield* edit({ op: "delete", at: 1, count: 3 })
      }
    }).pipe(Effect.provide(world)),
  )

  for (const day of [undefined, "lostAnswer"] as const) {
    it.effect(`that hit other rows is put right, and is no edit of theirs: ${day}`, () =>
      Effect.gen(function* () {
        yield* withTab([typed(1), typed(2, ["OK", "дал Иван"]), typed(3)])
        const days = yield* Days
        yield* running(
          disk(),
          Effect.gen(function* () {
            yield* look
            yield* take(yield* proxyAt(3), "vk")
            const before = yield* known
            // The rows change places between the read and the write.
            const happens = yield* editAt({ op: "sort", column: 0, descending: true })
            yield* days.plant("batchUpdate", day === undefined ? { happens } : { happens, day })
            yield* during("1 minute", write)
            assert.deepStrictEqual((yield* cells)[2]?.slice(4, 6), ["VK", "Анна"])
            yield* look
            assert.deepStrictEqual(yield* known, before)
            assert.deepStrictEqual(yield* ids, [yield* idOf(3), yield* idOf(2), yield* idOf(1)])
            assert.deepStrictEqual(
              (yield* cells).map((row) => row.slice(4, 6)),
              [
                ["VK", "Анна"],
                ["OK", "дал Иван"],
                ["", ""],
              ],
            )
            yield* days.counts
            yield* look
            assert.deepStrictEqual(yield* days.counts, { writes: 0, reads: 1 })
            assert.deepStrictEqual(yield* raised, [])
          }),
        )
      }).pipe(Effect.provide(world)),
    )
  }

  it.effect("that hit a row which was typed in the same second gives it its own id", () =>
    oneRun(
      withTab([typed(1), typed(2)]),
      Effect.gen(function* () {
        const days = yield* Days
        const happens = yield* editAt({ op: "insert", at: 1, rows: [typed(8), [], typed(9)] })
        yield* days.plant("batchUpdate", { happens })
        yield* look
        yield* look
        assert.deepStrictEqual(yield* ids, [
          yield* idOf(8),
          "",
          yield* idOf(9),
          yield* idOf(1),
          yield* idOf(2),
        ])
        assert.strictEqual(new Set(yield* ids).size, 5)
      }),
    ),
  )

  it.effect(
    "brings a proxy that was added again after its end up to date, wherever it stands",
    () =>
      Effect.gen(function* () {
        const row = ["192.0.2.1:8000:user:$&old", "HTTP", "Германия", { date: "01.11.2026" }, "VK"]
        yield* withTab([row, typed(2)])
        const days = yield* Days
        yield* running(
          disk(),
          Effect.gen(function* () {
            yield* look
            const id = yield* idOf(1)
            const until = Day.make("2027-01-31")
            yield* add([endpoint(1, { password: "$&new$1" })], { until, type: "socks5" })
            // The row moves between the read and the write: the wrong date is no edit of the other row.
            const happens = yield* editAt({ op: "sort", column: 3, descending: true })
            yield* days.plant("batchUpdate", { happens })
            yield* write
            yield* look
            const line = "192.0.2.1:8000:user:$&new$1"
            assert.deepStrictEqual(yield* cells, [
              ["192.0.2.2:8000:user:secret-2", "HTTP", "DE", "22.12.2026", "", "", yield* idOf(2)],
              [line, "SOCKS5", "Германия", "31.01.2027", "VK", "", id],
            ])
            assert.deepStrictEqual(yield* known, [
              "192.0.2.1 $&new$1 socks5 DE 2027-01-31 vk",
              "192.0.2.2 secret-2 http DE 2026-12-22",
            ])
          }),
        )
        assert.strictEqual((yield* rowsOf(issued, tab)).length, 2)
      }).pipe(Effect.provide(world)),
  )
})
