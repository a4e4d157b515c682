/** A row of quarantine is read again with everything that stood in it. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Regions } from "../../src/access/Regions.ts"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import { RowReader } from "../../src/pool/RowReader.ts"
import { layer } from "../../src/scheduler/rowReading.ts"
import { aBadRow, aRegionRow } from "../bot/Scene.ts"

const reading = layer.pipe(
  Layer.provideMerge(Regions.layerTest("495", "МСК")),
  Layer.provide(Layer.merge(CatalogueSource.layerTest(), Settings.layerTest({}))),
)

const row = aBadRow("one", {
  reason: "converted",
  column: "Пароль",
  origin: {
    tab: "ВКонтакте",
    header: ["Логин", "Пароль", "Заметка", ""],
    cells: [
      { value: "one@example.com", note: "ask Vera first" },
      { value: 45_000, format: { type: "DATE" } },
      { value: "kept" },
      { value: "nameless" },
    ],
  },
})

it.effect("with the value that was typed, and with the notes and the other columns", () =>
  Effect.gen(function* () {
    const { read } = yield* RowReader
    const found = yield* read("vk", row, { column: "пароль ", text: "typed-anew" })
    if (found._tag === "Faulty") throw new Error("it is an item now")
    const { fields, extras, key, id } = found.item
    assert.deepInclude(fields, { login: "one@example.com", password: "typed-anew" })
    assert.strictEqual(key, "one@example.com")
    assert.strictEqual(id, row.id)
    const texts = extras.map(({ text }) => text).join("\n")
    for (const part of ["ask Vera first", "kept", "nameless"]) assert.include(texts, part)
  }).pipe(Effect.provide(reading)),
)

it.effect("is as faulty as before where nothing else is typed, or its resource is gone", () =>
  Effect.gen(function* () {
    const { read } = yield* RowReader
    const fault = { _tag: "Faulty", reason: "converted", column: "Пароль" } as const
    assert.deepStrictEqual(yield* read("vk", row), fault)
    assert.deepStrictEqual(yield* read("none", row), fault)
  }).pipe(Effect.provide(reading)),
)

it.effect("is of the region that it means, and keeps what else was typed for it", () =>
  Effect.gen(function* () {
    const { read } = yield* RowReader
    const regions = yield* Regions
    const found = (typed: string) =>
      Effect.map(read("vk", aRegionRow("one", typed)), (each) =>
        each._tag === "Item"
          ? { region: each.item.region, extras: each.item.extras }
          : { reason: each.reason, column: each.column },
      )
    const fault = { reason: "region", column: "Регион" } as const
    assert.deepStrictEqual(yield* found("Москва (495)"), fault)
    assert.deepStrictEqual(yield* found("мск\u200B"), { region: "МСК", extras: [] })
    yield* regions.teach({ spelling: "МОСКВА  (495)", region: "495" })
    const mapped = {
      region: "495",
      extras: [{ header: "Регион (из таблицы)", text: "Москва (495)" }],
    }
    assert.deepStrictEqual(yield* found("Москва (495)\u200B"), mapped)
    yield* regions.remove("495")
    assert.deepStrictEqual(yield* found("Москва (495)"), fault)
    yield* regions.add("495")
    assert.deepStrictEqual(yield* found("Москва (495)"), mapped)
  }).pipe(Effect.provide(reading)),
)
