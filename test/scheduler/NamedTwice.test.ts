/** A tab with two columns of one name, of which the catalogue says which it means: nothing is lost. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Regions } from "../../src/access/Regions.ts"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { RowReader } from "../../src/pool/RowReader.ts"
import * as Flusher from "../../src/scheduler/Flusher.ts"
import * as Outdated from "../../src/scheduler/Outdated.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { layer as rowReading } from "../../src/scheduler/rowReading.ts"
import { accounts, issued, rowsOf, seedTabs, withColumn } from "../sheets/bench.ts"
import { aBadRow } from "../bot/Scene.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { confirmed, running, say, vk, vkTab, worldWith } from "./bench.ts"

const told = withColumn(vk, "password", { after: "Логин" })
const header = ["Почта", "Пароль", "Логин", "Пароль"]
const row = (name: string) => [`${name}@mail.example`, `MAIL-${name}`, `${name}77`, `OWN-${name}`]

const headerOf = (spreadsheet: string, title: string) =>
  Workbooks.use((workbooks) =>
    Effect.map(
      workbooks.view(spreadsheet),
      (tabs) => tabs.find((tab) => tab.title === title)?.header ?? [],
    ),
  )

describe("two columns of one name", () => {
  it.effect("of which the catalogue means one: the other arrives too, and both come back", () =>
    Effect.gen(function* () {
      yield* seedTabs({ title: vkTab, rows: [header, row("anna"), row("boris"), row("vera")] })
      yield* Workbooks.use((workbooks) =>
        workbooks.create(issued, { title: "Выдано", tabs: [{ title: "Лист1", rows: [] }] }),
      )
      yield* running(
        MemoryJournal.makeDisk(),
        Layer.empty,
        Effect.gen(function* () {
          const pools = yield* Pools
          yield* Refill.use(({ once }) => once)
          const ids = yield* confirmed("vk", 2)
          const [held] = yield* pools.buffer("vk")
          assert.deepInclude(held?.item.fields, { login: "anna77", password: "OWN-anna" })
          assert.deepStrictEqual(held?.item.extras, [
            { header: "Почта", text: "anna@mail.example" },
            { header: "Пароль (2)", text: "MAIL-anna" },
          ])
          yield* Flusher.once
          yield* say("vk", "Correct", "block", ids.slice(0, 1))
          yield* Flusher.once
          const written = yield* rowsOf(issued, vk.issuedTab)
          const top = yield* headerOf(issued, vk.issuedTab)
          const valuesOf = (name: string) => {
            const at = top.indexOf(name)
            return written.map(({ cells }) => cells[at])
          }
          assert.deepStrictEqual(valuesOf("Пароль"), ["OWN-anna", "OWN-boris"])
          assert.deepStrictEqual(valuesOf("Пароль (2)"), ["MAIL-anna", "MAIL-boris"])
          assert.deepStrictEqual(valuesOf("Статус"), ["Блок", "Хороший"])

          // The pairs have changed places in the meantime.
          yield* Workbooks.use((workbooks) =>
            Effect.forEach(
              ["Логин", "Пароль", "Почта", "Пароль"],
              (value, column) =>
                workbooks.edit(accounts, { op: "set", tab: vkTab, row: 0, column, value }),
              { discard: true },
            ),
          )
          const { version } = yield* pools.stock("vk")
          yield* pools.manage("vk", { _tag: "Release", version, admin: TelegramId.make(1) })
          yield* Outdated.once
          const left = yield* rowsOf(accounts, vkTab)
          assert.deepStrictEqual(
            left.map(({ cells }) => cells.slice(0, 4)),
            [["vera77", "OWN-vera", "vera@mail.example", "MAIL-vera"]],
          )
        }),
      )
    }).pipe(Effect.provide(worldWith({}, [told]))),
  )

  it.effect("a value that an admin types is for the one that the catalogue means", () =>
    Effect.gen(function* () {
      const { read } = yield* RowReader
      const cells = row("anna").map((value) => ({ value }))
      const bad = aBadRow("one", {
        reason: "converted",
        column: "Пароль",
        origin: { tab: vkTab, header, cells: cells.with(3, { value: "…" }) },
      })
      const found = yield* read("vk", bad, { column: "Пароль", text: "typed-anew" })
      if (found._tag === "Faulty") throw new Error("it is an item now")
      assert.strictEqual(found.item.fields["password"], "typed-anew")
      assert.deepInclude(found.item.extras, { header: "Пароль (2)", text: "MAIL-anna" })
    }).pipe(
      Effect.provide(
        rowReading.pipe(
          Layer.provide(
            Layer.mergeAll(
              CatalogueSource.layerTest({ resources: [told] }),
              Settings.layerTest({}),
              Regions.layerTest(),
            ),
          ),
        ),
      ),
    ),
  )
})
