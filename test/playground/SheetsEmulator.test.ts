import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { sheets } from "googleapis/build/src/apis/sheets/index.js"
import { Calls } from "../../src/playground/Calls.ts"
import { type Fault, Faults } from "../../src/playground/Faults.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
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

const plant = (fault: Partial<Fault> & Pick<Fault, "kind">) =>
  Faults.use((faults) =>
    faults.add({ api: "sheets", times: 1, method: "spreadsheets.batchupdate", ...fault }),
  )

const stored = Workbooks.use((workbooks) =>
  Effect.map(workbooks.view("demo-accounts"), (tabs) => tabs[1]?.rows.length),
)

describe("faults, as the official client sees them", () => {
  it.effect("429 with the quota in its details", () =>
    Effect.gen(function* () {
      const api = yield* setUp
      yield* plant({ kind: "status", status: 429, retryAfter: 30 })
      const { status, message, response } = yield* Effect.flip(guarded(api, 1))
      assert.strictEqual(status, 429)
      assert.include(message, "limit 'Write requests per minute per user'")
      assert.strictEqual(response?.headers.get("retry-after"), "30")
      assert.include(JSON.stringify(response?.data), `"quota_limit_value":"60"`)
      assert.strictEqual(yield* stored, 1)
    }).pipe(Effect.provide(Emulator)),
  )

  for (const [status, name] of [
    [403, "PERMISSION_DENIED"],
    [500, "INTERNAL"],
    [503, "UNAVAILABLE"],
  ] as const) {
    it.effect(`${status} ${name}`, () =>
      Effect.gen(function* () {
        const api = yield* setUp
        yield* plant({ kind: "status", status })
        const error = yield* Effect.flip(guarded(api, 1))
        assert.strictEqual(error.status, status)
        assert.include(JSON.stringify(error.response?.data), `"status":"${name}"`)
        assert.strictEqual(yield* stored, 1)
      }).pipe(Effect.provide(Emulator)),
    )
  }

  it.effect("502 as a page of HTML", () =>
    Effect.gen(function* () {
      const api = yield* setUp
      yield* plant({ kind: "status", status: 502 })
      const { status, response } = yield* Effect.flip(guarded(api, 1))
      assert.strictEqual(status, 502)
      assert.include(String(response?.data), "<!DOCTYPE html>")
    }).pipe(Effect.provide(Emulator)),
  )

  for (const [kind, rows] of [
    ["dropBefore", 1],
    ["dropAfter", 2],
  ] as const) {
    it.effect(`${kind}: no answer, and ${rows} rows`, () =>
      Effect.gen(function* () {
        const api = yield* setUp
        yield* plant({ kind })
        const { code, response } = yield* Effect.flip(guarded(api, 1))
        assert.strictEqual(code, "ECONNRESET")
        assert.isUndefined(response)
        assert.strictEqual(yield* stored, rows)
      }).pipe(Effect.provide(Emulator)),
    )
  }

  it.effect("lateApply: lands after the bot has sent it again, and is refused by the guard", () =>
    Effect.gen(function* () {
      const api = yield* setUp
      yield* plant({ kind: "lateApply", delayMs: 5_000 })
      yield* Effect.flip(guarded(api, 1))
      assert.strictEqual(yield* stored, 1)
      yield* guarded(api, 1)
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(yield* stored, 2)

      yield* plant({ kind: "lateApply", delayMs: 5_000 })
      yield* Effect.flip(guarded(api, 2))
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(yield* stored, 3)
    }).pipe(Effect.provide(Emulator)),
  )

  it.effect("hang: the client gives up by its own timeout", () =>
    Effect.gen(function* () {
      const api = yield* setUp
      yield* plant({ kind: "hang" })
      const { code } = yield* Effect.flip(guarded(api, 1, 300))
      assert.strictEqual(code, "TimeoutError")
      assert.strictEqual(yield* stored, 1)
    }).pipe(Effect.provide(Emulator)),
  )
})
