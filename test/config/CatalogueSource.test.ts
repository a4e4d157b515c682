import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Option } from "effect"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"

const sourceOf = (files: Readonly<Record<string, string | Uint8Array>>, path?: string) =>
  CatalogueSource.layer.pipe(
    Layer.provide(Settings.layerTest({ catalogueFile: Option.fromUndefinedOr(path) })),
    Layer.provide(
      FileSystem.layerNoop({
        readFile: (name) =>
          Effect.fromOption(Option.fromUndefinedOr(files[name])).pipe(
            Effect.map((file) =>
              typeof file === "string" ? new TextEncoder().encode(file) : file,
            ),
            Effect.orDie,
          ),
      }),
    ),
  )

const problemOf = (text: string | Uint8Array) =>
  Effect.map(
    Effect.flip(Effect.provide(CatalogueSource, sourceOf({ "own.json": text }, "own.json"))),
    ({ path, problem }) => `${path}: ${problem}`,
  )

it.effect("is the shipped one if no file is named", () =>
  Effect.gen(function* () {
    assert.strictEqual(yield* CatalogueSource, shippedCatalogue)
  }).pipe(Effect.provide(sourceOf({}))),
)

it.effect("is the one in the file", () =>
  Effect.gen(function* () {
    const [vk] = shippedCatalogue.resources
    const own = { resources: [{ ...vk, id: "licences" }] }
    const layer = sourceOf({ "own.json": JSON.stringify(own) }, "own.json")
    const { resources } = yield* Effect.provide(CatalogueSource, layer)
    assert.deepStrictEqual(
      resources.map(({ id }) => id),
      ["licences"],
    )
  }),
)

it.effect("gives each resource the words for sheets that the file has for all", () =>
  Effect.gen(function* () {
    const [vk, mamba] = shippedCatalogue.resources
    const own = {
      sheetWords: { auto: "auto", notes: "Notes" },
      resources: [vk, { ...mamba, sheetWords: { notes: "Remarks" } }],
    }
    const layer = sourceOf({ "own.json": JSON.stringify(own) }, "own.json")
    const { resources } = yield* Effect.provide(CatalogueSource, layer)
    assert.deepStrictEqual(
      resources.map(({ sheetWords }) => sheetWords),
      [
        { auto: "auto", notes: "Notes" },
        { auto: "auto", notes: "Remarks" },
      ],
    )
    const wrong = { ...own, sheetWords: { broken: "out, of order" } }
    assert.include(yield* problemOf(JSON.stringify(wrong)), `["sheetWords"]["broken"]`)
  }),
)

it.effect("names the place of a fault", () =>
  Effect.gen(function* () {
    const [vk] = shippedCatalogue.resources
    const wrong = { resources: [{ ...vk, group: "cars" }] }
    assert.include(yield* problemOf(JSON.stringify(wrong)), `["resources"][0]["group"]`)
    assert.match(yield* problemOf('{\n  "resources": ['), /own\.json: .*JSON/)
    assert.include(
      yield* problemOf(JSON.stringify({ resources: [vk, vk] })),
      "used by two resources",
    )
  }),
)

it.effect("may say when a stock is low, in whole items", () =>
  Effect.gen(function* () {
    const [vk] = shippedCatalogue.resources
    const own = (lowStock: number) => JSON.stringify({ resources: [{ ...vk, lowStock }] })
    for (const lowStock of [0, 50]) {
      const layer = sourceOf({ "own.json": own(lowStock) }, "own.json")
      const { resources } = yield* Effect.provide(CatalogueSource, layer)
      assert.strictEqual(resources[0].lowStock, lowStock)
    }
    for (const wrong of [-1, 1.5]) {
      assert.include(yield* problemOf(own(wrong)), `["resources"][0]["lowStock"]`)
    }
  }),
)

it.effect("may say after which other column one of several stands that have its name", () =>
  Effect.gen(function* () {
    const [vk] = shippedCatalogue.resources
    const own = (after: unknown) =>
      JSON.stringify({
        resources: [
          {
            ...vk,
            columns: vk.columns.map((column) =>
              column.key === "password" ? { ...column, after } : column,
            ),
          },
        ],
      })
    const layer = sourceOf({ "own.json": own("Логин") }, "own.json")
    const { resources } = yield* Effect.provide(CatalogueSource, layer)
    assert.strictEqual(resources[0].columns.find(({ key }) => key === "password")?.after, "Логин")
    const at = vk.columns.findIndex(({ key }) => key === "password")
    for (const wrong of [2, "", " Логин"]) {
      assert.include(yield* problemOf(own(wrong)), `["resources"][0]["columns"][${at}]["after"]`)
    }
    const itself = yield* problemOf(own("Пароль"))
    assert.include(itself, 'column "password" cannot stand after itself')
    assert.include(itself, `["resources"][0]["columns"][${at}]`)
  }),
)

it.effect("may say what a status means and how else it is spelt, each spelling once", () =>
  Effect.gen(function* () {
    const [vk] = shippedCatalogue.resources
    const [block, good] = vk.statuses
    const own = (...statuses: ReadonlyArray<object>) =>
      JSON.stringify({ resources: [{ ...vk, autoStatus: null, statuses }] })
    const meaning = { ru: "не пускает.", en: "does not let in." }
    const bare = { ...good, id: "fine", meaning: undefined, spellings: undefined }
    const layer = sourceOf(
      { "own.json": own({ ...block, meaning, spellings: ["бан"] }, bare) },
      "own.json",
    )
    const { resources } = yield* Effect.provide(CatalogueSource, layer)
    assert.deepStrictEqual(
      resources[0].statuses.map((status) => [status.meaning, status.spellings]),
      [
        [meaning, ["бан"]],
        [undefined, undefined],
      ],
    )
    const twice = own({ ...block, spellings: ["бан"] }, { ...good, spellings: ["бан"] })
    assert.include(yield* problemOf(twice), "used twice: бан")
  }),
)

it.effect("needs a file that can be read", () =>
  Effect.gen(function* () {
    const layer = CatalogueSource.layer.pipe(
      Layer.provide(Settings.layerTest({ catalogueFile: Option.some("missing.json") })),
      Layer.provide(FileSystem.layerNoop({})),
    )
    const { path } = yield* Effect.flip(Effect.provide(CatalogueSource, layer))
    assert.strictEqual(path, "missing.json")
  }),
)

it.effect("needs all that a registry of proxies cannot do without", () =>
  Effect.gen(function* () {
    const proxy = shippedCatalogue.resources.find(({ group }) => group === "proxies")
    const problem = (change: object) =>
      problemOf(JSON.stringify({ resources: [{ ...proxy, ...change }] }))
    assert.include(yield* problem({ targets: [] }), "needs targets")
    const lost = (key: string) => proxy?.columns.filter((column) => column.key !== key)
    assert.include(yield* problem({ columns: lost("country") }), "country")
    const optional = proxy?.columns.map((column) => ({ ...column, required: false }))
    assert.include(yield* problem({ columns: optional }), "line")
    const unwritten = proxy?.issuedColumns.filter(({ holds }) => holds !== "issuanceId")
    assert.include(yield* problem({ issuedColumns: unwritten }), "issuanceId")
    const silent = proxy?.issuedColumns.filter(({ holds }) => holds !== "field:until")
    assert.include(yield* problem({ issuedColumns: silent }), "field:until")
    const second = { ...proxy, id: "socks", issuedTab: "Прокси 2" }
    assert.include(
      yield* problemOf(JSON.stringify({ resources: [proxy, second] })),
      "one registry of proxies",
    )
  }),
)

it.effect("gives a status of a shipped id the shipped words, where the file says none", () =>
  Effect.gen(function* () {
    const [vk] = shippedCatalogue.resources
    const [first, ...others] = vk.statuses
    assert.isDefined(first)
    const meaning = { ru: "сойдёт.", en: "will do." }
    const statuses = vk.statuses.map((status, index) => ({
      ...status,
      meaning: index === 0 ? meaning : undefined,
      spellings: undefined,
    }))
    // JSON leaves out what is undefined.
    const text = JSON.stringify({ resources: [{ ...vk, statuses }] })
    const layer = sourceOf({ "own.json": text }, "own.json")
    const { resources } = yield* Effect.provide(CatalogueSource, layer)
    assert.deepStrictEqual(resources[0].statuses, [{ ...first, meaning }, ...others])
  }),
)

it.effect("is refused in another encoding: its words would be question marks in the chats", () =>
  Effect.gen(function* () {
    const cp1251 = Uint8Array.from([...Buffer.from('{ "'), 0xc8, 0xe2, ...Buffer.from('": 1 }')])
    assert.include(yield* problemOf(cp1251), "own.json: line 1: not UTF-8")
  }),
)
