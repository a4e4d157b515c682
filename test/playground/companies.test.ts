/** The sample companies: data that the bot's own catalogue reader accepts, and the choice of one. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Option } from "effect"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Day } from "../../src/domain/Day.ts"
import { wordsOf } from "../../src/domain/sheetWords.ts"
import { companies, seedsOf, spreadsheetsOf } from "../../src/playground/companies.ts"
import { english } from "../../src/playground/companies/english.ts"
import { bodyOf, get, playground, post, scenario, tabs } from "./client.ts"

const catalogueOf = (file: string | undefined) =>
  CatalogueSource.pipe(
    Effect.provide(
      CatalogueSource.layer.pipe(
        Layer.provide(Settings.layerTest({ catalogueFile: Option.fromUndefinedOr(file) })),
        Layer.provide(NodeServices.layer),
      ),
    ),
  )

describe("the sample companies", () => {
  for (const company of companies) {
    const { CATALOGUE_FILE: file } = company.settings
    it.effect(
      `${company.id}: has every tab that its catalogue claims from, and known columns`,
      () =>
        Effect.gen(function* () {
          const { resources } = yield* catalogueOf(file)
          const [accounts, issued] = seedsOf(company, Day.make("2026-11-22"))
          const headers = new Map(
            accounts?.seed.tabs.map(({ title, rows }) => [title, rows[0] ?? []]),
          )
          const known = (text: unknown) => String(text).trim().toLowerCase()
          for (const { baseTabs, columns } of resources) {
            for (const { title } of baseTabs) {
              const header = headers.get(title)?.map(known) ?? []
              for (const column of columns.filter(({ required }) => required)) {
                const names = [column.header, ...column.aliases].map(known)
                assert.isTrue(
                  names.some((name) => header.includes(name)),
                  `${title}: ${column.header}`,
                )
              }
            }
          }
          const tabsOfAccounts = accounts?.seed.tabs.map(({ title }) => title) ?? []
          assert.sameMembers(
            tabsOfAccounts,
            resources.flatMap(({ baseTabs }) => baseTabs.map(({ title }) => title)),
          )
          assert.isAbove(issued?.seed.tabs.length ?? 0, 0)
          assert.deepStrictEqual(
            company.people.map(({ id }) => id),
            [1, 2, 3],
          )
          assert.isTrue(Option.isSome(DateTime.zoneMakeNamed(company.timezone)))
        }),
    )
  }

  it.effect("the English one has no Russian word for its sheets", () =>
    Effect.gen(function* () {
      const { resources } = yield* catalogueOf(english.settings["CATALOGUE_FILE"])
      for (const resource of resources) {
        const written = [
          ...Object.values(wordsOf(resource)),
          ...resource.baseTabs.map(({ title }) => title),
          ...resource.columns.map(({ header }) => header),
          resource.issuedTab,
          ...resource.issuedColumns.map(({ header }) => header),
          ...[...resource.variants, ...resource.targets].map(({ label }) => label.ru),
          ...resource.statuses.flatMap(({ label, reasons = [] }) => [
            label.ru,
            ...reasons.map(({ ru }) => ru),
          ]),
        ]
        assert.deepStrictEqual(
          written.filter((text) => /[а-яё]/i.test(text)),
          [],
          resource.id,
        )
      }
    }),
  )

  it.effect("hand out different things", () =>
    Effect.gen(function* () {
      const ids = (file?: string) =>
        Effect.map(catalogueOf(file), ({ resources }) => resources.map(({ id }) => id))
      const [ours, theirs] = [yield* ids(), yield* ids(english.settings["CATALOGUE_FILE"])]
      assert.isAbove(theirs.length, 3)
      assert.deepStrictEqual(
        theirs.filter((id) => ours.includes(id)),
        [],
      )
    }),
  )

  scenario(
    "one is chosen with a fresh world, stays over a reset without a choice and over a restart",
    Effect.gen(function* () {
      const chosen = Effect.map(bodyOf<{ id: string }>(get("/sim/company")), ({ id }) => id)
      const titles = Effect.map(tabs("demo-accounts"), (all) => all.map(({ title }) => title))
      assert.deepStrictEqual((yield* get("/sim/company")).body, {
        id: "russian",
        language: "ru",
        timezone: "Europe/Moscow",
        companies: companies.map(({ id, title, language }) => ({ id, title, language })),
      })
      assert.strictEqual((yield* post("/sim/reset", { company: "french" })).status, 404)
      assert.strictEqual(yield* chosen, "russian")
      assert.strictEqual((yield* post("/sim/reset", { company: "english" })).status, 200)
      yield* post("/sim/reset", {})
      assert.strictEqual(yield* chosen, "english")
      assert.deepStrictEqual(yield* titles, [
        "Licences Photo",
        "Licences Office",
        "Demo logins",
        "Mailboxes",
        "SIM numbers",
      ])
      assert.deepStrictEqual((yield* get("/sim/sheets")).body, spreadsheetsOf(english))
      const users = yield* bodyOf<ReadonlyArray<{ firstName: string }>>(get("/sim/users"))
      assert.deepStrictEqual(
        users.map(({ firstName }) => firstName),
        ["Olivia", "James", "Emma"],
      )
      yield* Effect.gen(function* () {
        assert.strictEqual(yield* chosen, "english")
      }).pipe(Effect.provide(Layer.fresh(playground())))
    }),
  )
})
