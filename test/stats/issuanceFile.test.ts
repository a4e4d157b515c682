/** All issuances of a query in one file, the oldest first, within bounds. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { issuanceFile } from "../../src/stats/csv.ts"
import { type BookQuery, Journal, StorageUnavailable } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { aBooked, anna, boris } from "./fixtures.ts"

const rows = Array.from({ length: 25 }, (_, index) =>
  // Several in one moment: pages must not lose or repeat any of them.
  aBooked({
    id: `id-${String(index).padStart(2, "0")}`,
    issuedAt: Math.floor(index / 4) * 1_000,
    resource: index % 2 === 0 ? "vk" : "mamba",
    holder: index % 5 === 0 ? boris : anna,
  }),
)

const make = Effect.fnUntraced(function* (
  query: BookQuery,
  bounds: { rows?: number; bytes?: number; page?: number } = {},
) {
  const journal = yield* Journal
  yield* journal.write([{ _tag: "BooksImported", rows }])
  const file = yield* issuanceFile(journal, query, "head\r\n", ({ id }) => `${id}\r\n`, {
    rows: 1_000,
    bytes: 1_000_000,
    page: 7,
    ...bounds,
  })
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(file.bytes)
  const [mark, ...lines] = text.trimEnd().split("\r\n")
  assert.strictEqual(mark, "\uFEFFhead")
  assert.lengthOf(lines, file.rows)
  return { ...file, lines }
}, Effect.provide(MemoryJournal.layer()))

const ids = rows.map(({ id }) => id)

describe("the file of issuances", () => {
  for (const page of [1, 7, 25, 26, 100]) {
    it.effect(`has all of them once, the oldest first, in pages of ${page}`, () =>
      Effect.gen(function* () {
        const file = yield* make({}, { page })
        assert.deepStrictEqual(file.lines, ids)
        assert.deepInclude(file, { rows: 25, oldest: 0, newest: 6_000, isCut: false })
      }),
    )
  }

  it.effect("has only what was asked for", () =>
    Effect.gen(function* () {
      const { lines } = yield* make({ resource: "vk", holder: boris, from: 1_000, to: 6_000 })
      assert.deepStrictEqual(lines, ["id-10", "id-20"])
      const none = yield* make({ resource: "ok" })
      assert.deepInclude(none, { rows: 0, oldest: 0, newest: 0, isCut: false })
    }),
  )

  for (const [bounds, kept] of [
    [{ rows: 10 }, 10],
    [{ rows: 14 }, 14],
    [{ rows: 24 }, 24],
    // The head and two pages of seven lines, and not a third one.
    [{ bytes: 9 + 2 * 7 * 7 }, 14],
  ] as const) {
    it.effect(`leaves out the oldest where ${JSON.stringify(bounds)} is all there may be`, () =>
      Effect.gen(function* () {
        const file = yield* make({}, bounds)
        assert.deepStrictEqual(file.lines, ids.slice(-kept))
        assert.isTrue(file.isCut)
      }),
    )
  }

  it.effect("is not cut where it fits exactly", () =>
    Effect.gen(function* () {
      assert.isFalse((yield* make({}, { rows: 25 })).isCut)
    }),
  )

  it.effect("lets others have their turn between two pages", () =>
    Effect.gen(function* () {
      const order: Array<string> = []
      const journal = {
        booked: (_: BookQuery, { after }: { readonly after?: { readonly id: string } }) =>
          Effect.sync(() => {
            order.push(`page after ${after?.id ?? "nothing"}`)
            return after === undefined ? [aBooked({ id: "a" })] : []
          }),
      }
      const making = yield* Effect.forkChild(
        issuanceFile(journal, {}, "", () => "", { rows: 9, bytes: 99, page: 1 }),
      )
      yield* Effect.forkChild(Effect.sync(() => void order.push("somebody else")))
      yield* Fiber.join(making)
      assert.deepStrictEqual(order, ["page after nothing", "somebody else", "page after a"])
    }),
  )

  it.effect("fails where the journal cannot be read", () =>
    Effect.gen(function* () {
      const refusal = new StorageUnavailable({ operation: "booked", cause: new Error("planted") })
      const journal = { booked: () => Effect.fail(refusal) }
      const error = yield* Effect.flip(issuanceFile(journal, {}, "", () => ""))
      assert.strictEqual(error._tag, "StorageUnavailable")
    }),
  )
})
