import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type Fault, Faults } from "../../src/playground/Faults.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Emulator, guarded, setUp } from "./spreadsheets/client.ts"

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
