import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { sheets } from "googleapis/build/src/apis/sheets/index.js"
import { Calls } from "../../src/playground/Calls.ts"
import { ask, Emulator, guarded, rootUrl, setUp } from "./spreadsheets/client.ts"

describe("the official client", () => {
  it.effect("gets a token, writes under a guard once, and reads back", () =>
    Effect.gen(function* () {
      const api = yield* setUp
      const { data } = yield* guarded(api, 1_620_000_001)
      assert.strictEqual(
        data.replies?.[0]?.createDeveloperMetadata?.developerMetadata?.metadataId,
        1_620_000_001,
      )
      const again = yield* Effect.flip(guarded(api, 1_620_000_001))
      assert.strictEqual(again.status, 400)
      assert.include(again.message, "because developer metadata with that ID already exists.")

      const book = yield* ask(() =>
        api.spreadsheets.get({
          spreadsheetId: "demo-accounts",
          fields: "sheets(properties(sheetId,title))",
        }),
      )
      assert.deepStrictEqual(book.data, {
        sheets: [
          { properties: { sheetId: 0, title: "Мамба Муж" } },
          { properties: { sheetId: 101, title: "Gmail" } },
        ],
      })
      const many = yield* ask(() =>
        api.spreadsheets.values.batchGet({
          spreadsheetId: "demo-accounts",
          ranges: ["'Мамба Муж'!A1:B", "Gmail!A2:A"],
          valueRenderOption: "UNFORMATTED_VALUE",
        }),
      )
      assert.deepStrictEqual(
        many.data.valueRanges?.map(({ values }) => values),
        [
          [
            ["Логин", "Пароль"],
            ["a@example.com", "x"],
          ],
          [["b@example.com"], ["c@example.com"]],
        ],
      )
      const one = yield* ask(() =>
        api.spreadsheets.values.get({ spreadsheetId: "demo-accounts", range: "'Мамба Муж'!A2" }),
      )
      assert.deepStrictEqual(one.data.values, [["a@example.com"]])

      const calls = yield* Calls.use((log) => log.since(0))
      assert.deepStrictEqual(
        calls.map(({ method, status }) => [method, status]),
        [
          ["token", 200],
          ["spreadsheets.batchUpdate", 200],
          ["spreadsheets.batchUpdate", 400],
          ["spreadsheets.get", 200],
          ["spreadsheets.values.batchGet", 200],
          ["spreadsheets.values.get", 200],
        ],
      )
    }).pipe(Effect.provide(Emulator)),
  )

  it.effect("finds a guard by id and by key, and learns of a missing one", () =>
    Effect.gen(function* () {
      const api = yield* setUp
      const get = ask(() =>
        api.spreadsheets.developerMetadata.get({ spreadsheetId: "demo-accounts", metadataId: 7 }),
      )
      const missing = yield* Effect.flip(get)
      assert.strictEqual(missing.status, 404)
      assert.include(missing.message, "No developer metadata with ID 7")
      yield* guarded(api, 7)
      assert.strictEqual((yield* get).data.metadataValue, "1@K7Q2M9XA")
      const search = (metadataKey: string) =>
        ask(() =>
          api.spreadsheets.developerMetadata.search({
            spreadsheetId: "demo-accounts",
            requestBody: { dataFilters: [{ developerMetadataLookup: { metadataKey } }] },
          }),
        )
      const found = (yield* search("inv.seq")).data.matchedDeveloperMetadata
      assert.deepStrictEqual(
        found?.map((match) => match.developerMetadata?.metadataId),
        [7],
      )
      assert.deepStrictEqual((yield* search("other")).data, {})
    }).pipe(Effect.provide(Emulator)),
  )

  it.effect("is refused without a token, and where there is nothing", () =>
    Effect.gen(function* () {
      const root = yield* rootUrl
      const api = yield* setUp
      const anonymous = sheets({ version: "v4", rootUrl: root, retry: false })
      const spreadsheetId = "demo-accounts"
      const error = yield* Effect.flip(ask(() => anonymous.spreadsheets.get({ spreadsheetId })))
      assert.strictEqual(error.status, 401)
      assert.include(error.message, "Request had invalid authentication credentials.")
      for (const call of [
        () => api.spreadsheets.get({ spreadsheetId: "other" }),
        () =>
          api.spreadsheets.values.append({
            spreadsheetId,
            range: "A1",
            valueInputOption: "RAW",
            requestBody: { values: [["x"]] },
          }),
      ]) {
        const { response } = yield* Effect.flip(ask<unknown>(call))
        assert.deepStrictEqual(response?.data, {
          error: {
            code: 404,
            message: "Requested entity was not found.",
            status: "NOT_FOUND",
          },
        })
      }
    }).pipe(Effect.provide(Emulator)),
  )
})
