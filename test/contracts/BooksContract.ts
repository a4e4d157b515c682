/** What every implementation of the Journal port keeps of the books and the trail. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Day } from "../../src/domain/Day.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { RequestKey } from "../../src/domain/Issuance.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { ProxyId } from "../../src/domain/Proxy.ts"
import { ProxyEvent } from "../../src/domain/ProxyEvent.ts"
import { type BookQuery, type Journal, type TrailQuery, Write } from "../../src/store/Journal.ts"
import type { Over } from "./JournalContract.ts"
import {
  employee as anna,
  happened,
  imported,
  issuanceId,
  issuanceOf,
  issuedEvent,
  itemOf,
  markOf,
  requestOf,
} from "./journalFixtures.ts"

const boris = TelegramId.make(79_000_002)
const admin = TelegramId.make(79_000_009)

const { Commented, Confirmed, Corrected, Undone, Withdrawn, Delivered, Transferred, TodayOnlySet } =
  PoolEvent.cases

export const booksContract = (over: Over) => {
  books(over)
  people(over)
  imports(over)
  trail(over)
}

const books = (over: Over) => {
  it.effect("books what was issued, and what became of it", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const [first, second] = [issuanceId(1), issuanceId(2)]
        const item = { ...itemOf("b@example.com"), variant: "female", day: Day.make("2026-11-22") }
        const issuances = [
          issuanceOf("a@example.com", { id: first, issuedAt: 10 }),
          issuanceOf("", { id: second, item, issuedAt: 20, replacementOf: first }),
        ]
        yield* journal.write([happened("vk", issuedEvent(...issuances))])
        yield* journal.write([
          happened("vk", Confirmed.make({ id: first, mark: markOf("approved", 30, anna, true) })),
        ])
      }),
      Effect.fnUntraced(function* (journal) {
        const [second, first, ...others] = yield* journal.booked({}, { limit: 9 })
        assert.deepStrictEqual(second, {
          ...imported(issuanceId(2)),
          variant: "female",
          region: "495",
          holder: anna,
          stage: "worker",
          key: "b@example.com",
          day: Day.make("2026-11-22"),
          issuedAt: 20,
          status: null,
          replacementOf: issuanceId(1),
          imported: false,
        })
        assert.deepInclude(first, { id: issuanceId(1), status: "approved", markedAt: 30 })
        assert.isTrue(first?.auto)
        assert.deepStrictEqual(others, [])
      }),
    ),
  )

  it.effect("follows corrections, undoing, withdrawals and transfers", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const ids = [1, 2, 3, 4].map(issuanceId)
        const [corrected, undone, withdrawn, transferred] = ids
        if (!corrected || !undone || !withdrawn || !transferred) return assert.fail()
        const issuances = ids.map((id) => issuanceOf(`${id}@example.com`, { id }))
        yield* journal.write([happened("vk", issuedEvent(...issuances))])
        yield* journal.write([
          happened(
            "vk",
            Confirmed.make({ id: corrected, mark: markOf("approved", 30, anna, true) }),
            Corrected.make({ id: corrected, mark: markOf("blocked", 40) }),
            Confirmed.make({ id: undone, mark: markOf("approved", 30, anna, true) }),
            Undone.make({ id: undone, by: anna, confirmAt: 90, at: 50 }),
            Withdrawn.make({ ids: [withdrawn], keys: [], at: 50 }),
            transfer(transferred),
          ),
        ])
        assert.deepStrictEqual(
          (yield* journal.booked({}, { limit: 9 })).map(
            ({ id, status, auto, markedAt, holder, stage }) =>
              [id, status, auto, markedAt, holder, stage] as const,
          ),
          [
            [transferred, null, false, null, boris, "colleague"],
            [undone, null, false, null, anna, "worker"],
            [corrected, "blocked", false, 40, anna, "worker"],
          ],
        )
      }),
    ),
  )

  it.effect("keeps why an item has its status, as long as it has that one", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const ids = [1, 2, 3, 4, 5].map(issuanceId)
        const [kept, otherwise, corrected, undone, taken] = ids
        if (!kept || !otherwise || !corrected || !undone || !taken) return assert.fail()
        const issuances = ids.map((id) => issuanceOf(`${id}@example.com`, { id }))
        const mark = { ...markOf("blocked", 30), comment: "banned" }
        const say = (id: typeof kept, comment: string) =>
          Commented.make({ id, comment, by: anna, at: 40 })
        yield* journal.write([
          happened(
            "vk",
            issuedEvent(...issuances),
            ...ids.map((id) => Confirmed.make({ id, mark })),
            say(otherwise, "no code"),
            Corrected.make({ id: corrected, mark: markOf("approved", 40) }),
            Undone.make({ id: undone, by: anna, confirmAt: 90, at: 50 }),
            say(taken, ""),
          ),
        ])
        yield* journal.write([happened("vk", say(kept, "banned"))])
      }),
      Effect.fnUntraced(function* (journal) {
        const rows = yield* journal.booked({}, { limit: 9 })
        assert.deepStrictEqual(
          rows.map((row) => ("comment" in row ? row.comment : "none")).toReversed(),
          ["banned", "no code", "none", "none", "none"],
        )
        const tally = yield* journal.tally({ resource: "vk" })
        assert.sameMembers(
          tally.map(({ status, comment = "none", count }) => `${status} ${comment} ${count}`),
          [
            "blocked banned 1",
            "blocked no code 1",
            "blocked none 1",
            "approved none 1",
            "null none 1",
          ],
        )
      }),
    ),
  )

  it.effect("pages through the books, the newest first", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const issuances = [3, 1, 2, 2, 2, 3].map((issuedAt, n) =>
          issuanceOf(`${n}@example.com`, { id: issuanceId(n), issuedAt }),
        )
        yield* journal.write([happened("vk", issuedEvent(...issuances))])
        const seen: Array<readonly [number, string]> = []
        let after: { readonly issuedAt: number; readonly id: string } | undefined
        for (let pages = 0; pages < 9; pages += 1) {
          const page = yield* journal.booked({}, { limit: 2, ...(after && { after }) })
          after = page.at(-1)
          if (after === undefined) break
          seen.push(...page.map(({ issuedAt, id }) => [issuedAt, id] as const))
        }
        assert.deepStrictEqual(seen, [
          [3, issuanceId(5)],
          [3, issuanceId(0)],
          [2, issuanceId(4)],
          [2, issuanceId(3)],
          [2, issuanceId(2)],
          [1, issuanceId(1)],
        ])
      }),
    ),
  )

  it.effect("finds by resource, holder and time, and counts the same", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const rows = [
          imported("a", { issuedAt: 10, holder: anna }),
          imported("b", { issuedAt: 20, holder: anna, resource: "ok" }),
          imported("c", { issuedAt: 20, holder: boris }),
          imported("d", { issuedAt: 30, holder: anna, variant: "male", status: null }),
          imported("e", { issuedAt: 30 }),
        ]
        yield* journal.write([Write.cases.BooksImported.make({ rows })])
        const cases: ReadonlyArray<readonly [BookQuery, string]> = [
          [{}, "edcba"],
          [{ resource: "vk" }, "edca"],
          [{ holder: anna }, "dba"],
          [{ resource: "vk", holder: anna }, "da"],
          [{ from: 20 }, "edcb"],
          [{ to: 20 }, "a"],
          [{ from: 10, to: 30, resource: "vk" }, "ca"],
          [{ resource: "none" }, ""],
        ]
        for (const [query, expected] of cases) {
          const found = yield* journal.booked(query, { limit: 9 })
          assert.strictEqual(found.map(({ id }) => id).join(""), expected)
          const counted = (yield* journal.tally(query)).map(({ count }) => count)
          assert.strictEqual(
            counted.reduce((sum, count) => sum + count, 0),
            expected.length,
          )
        }
        assert.deepStrictEqual(
          (yield* journal.tally({ resource: "vk" })).toSorted((x, y) => x.count - y.count),
          [
            { variant: "male", region: "812", day: null, status: null, auto: false, count: 1 },
            { variant: null, region: "812", day: null, status: "approved", auto: false, count: 3 },
          ],
        )
      }),
    ),
  )

  it.effect("counts items of different days apart, and those without one too", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const days = ["2026-11-20", "2026-11-20", "2026-11-21", "2026-11-20", null, null, null]
        const rows = days.map((day, n) =>
          imported(`${n}`, { day: day === null ? null : Day.make(day) }),
        )
        yield* journal.write([Write.cases.BooksImported.make({ rows })])
      }),
      Effect.fnUntraced(function* (journal) {
        const tally = yield* journal.tally({ resource: "vk" })
        assert.sameMembers(
          tally.map(({ day, count }) => `${day} ${count}`),
          ["2026-11-20 3", "2026-11-21 1", "null 3"],
        )
      }),
    ),
  )
}

const people = (over: Over) => {
  it.effect("knows everybody who ever had an item, with the last one of each", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const issue = (n: number, holder: TelegramId, stage: string) => {
          const about = { id: issuanceId(n), request: RequestKey.make(`1:${n}`), issuedAt: n }
          return issuanceOf(`${n}@example.com`, { ...about, holder, stage })
        }
        yield* journal.write([
          happened("vk", issuedEvent(issue(1, boris, "boris"), issue(2, anna, "before"))),
          happened("vk", issuedEvent(issue(3, anna, "anna"))),
          { _tag: "BooksImported", rows: [imported("row", { issuedAt: 9 })] },
        ])
      }),
      Effect.fnUntraced(function* (journal) {
        assert.deepStrictEqual(yield* journal.holders, [
          { holder: anna, stage: "anna", issuedAt: 3 },
          { holder: boris, stage: "boris", issuedAt: 1 },
        ])
      }),
    ),
  )

  it.effect("knows nobody where nothing was issued", () =>
    over(
      () => Effect.void,
      Effect.fnUntraced(function* (journal) {
        assert.deepStrictEqual(yield* journal.holders, [])
      }),
    ),
  )
}

const imports = (over: Over) => {
  it.effect("imports rows from before, and leaves what it knows", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const known = issuanceId(1)
        yield* journal.write([happened("vk", issuedEvent(issuanceOf("a", { id: known })))])
        const rows = [imported("row 2"), imported(known), imported("row 2", { region: "343" })]
        yield* journal.write([Write.cases.BooksImported.make({ rows })])
        yield* journal.write([Write.cases.BooksImported.make({ rows })])
      }),
      Effect.fnUntraced(function* (journal) {
        const [issued, row, ...others] = yield* journal.booked({}, { limit: 9 })
        assert.deepInclude(issued, { id: issuanceId(1), imported: false, key: "a" })
        assert.deepStrictEqual(row, imported("row 2"))
        assert.deepStrictEqual(others, [])
      }),
    ),
  )
}

const trail = (over: Over) => {
  it.effect("keeps the trail of a person and of an issuance, the newest first", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const [mine, his] = [issuanceId(1), issuanceId(2)]
        const hers = issuanceOf("b", { id: his, holder: boris })
        yield* journal.write([
          happened("vk", issuedEvent(issuanceOf("a", { id: mine }))),
          happened("ok", issuedEvent(hers)),
        ])
        yield* journal.write([
          happened("vk", TodayOnlySet.make({ on: true, by: admin, at: 1 })),
          happened("vk", Delivered.make({ ids: [mine], confirmAt: 9, at: 1 })),
          happened("vk", transfer(mine)),
          happened("vk", Confirmed.make({ id: mine, mark: markOf("approved", 3, boris) })),
        ])
      }),
      Effect.fnUntraced(function* (journal) {
        const look = (query: TrailQuery) => Effect.map(journal.trail(query), named)
        const mine = issuanceId(1)
        const whole = ["vk Confirmed", "vk Transferred", "vk Delivered", "vk Issued"]
        assert.deepStrictEqual(yield* look({ issuance: mine, limit: 9 }), whole)
        assert.deepStrictEqual(yield* look({ issuance: mine, limit: 2 }), whole.slice(0, 2))
        assert.deepStrictEqual(yield* look({ person: anna, limit: 9 }), whole.slice(1))
        assert.deepStrictEqual(yield* look({ person: boris, limit: 9 }), [
          "vk Confirmed",
          "vk Transferred",
          "ok Issued",
        ])
        assert.deepStrictEqual(
          yield* look({ person: boris, issuance: mine, limit: 9 }),
          whole.slice(0, 2),
        )
        assert.deepStrictEqual(yield* look({ person: admin, limit: 9 }), [
          "vk Transferred",
          "vk TodayOnlySet",
        ])
        assert.strictEqual((yield* look({ limit: 9 })).length, 6)
        assert.deepStrictEqual(yield* look({ issuance: "nothing", limit: 9 }), [])
      }),
    ),
  )

  it.effect("pages through the trail by the numbers of events, whole or of one person", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const [mine, his] = [issuanceId(1), issuanceId(2)]
        yield* journal.write([
          happened("vk", issuedEvent(issuanceOf("a", { id: mine }))),
          happened("ok", issuedEvent(issuanceOf("b", { id: his, holder: boris }))),
        ])
        for (const at of [1, 2, 3]) {
          yield* journal.write([
            happened("vk", Delivered.make({ ids: [mine], confirmAt: 9, at })),
            happened("ok", Delivered.make({ ids: [his], confirmAt: 9, at })),
          ])
        }
      }),
      Effect.fnUntraced(function* (journal) {
        const walk = Effect.fnUntraced(function* (query: Omit<TrailQuery, "limit" | "before">) {
          const seen: Array<string> = []
          const seqs: Array<number> = []
          for (let pages = 0; pages < 9; pages += 1) {
            const before = seqs.at(-1)
            const page = yield* journal.trail({
              ...query,
              limit: 3,
              ...(before !== undefined && { before }),
            })
            if (page.length === 0) break
            seen.push(...named(page))
            seqs.push(...page.map(({ seq }) => seq))
          }
          assert.deepStrictEqual(
            seqs,
            [...new Set(seqs)].toSorted((a, b) => b - a),
          )
          return seen
        })
        const steps = (pool: string) => [
          ...Array<string>(3).fill(`${pool} Delivered`),
          `${pool} Issued`,
        ]
        assert.deepStrictEqual(yield* walk({ person: boris }), steps("ok"))
        assert.deepStrictEqual(yield* walk({ person: anna, issuance: issuanceId(1) }), steps("vk"))
        const all = yield* walk({})
        assert.lengthOf(all, 8)
        assert.deepStrictEqual(all.slice(0, 2), ["ok Delivered", "vk Delivered"])
        assert.deepStrictEqual(yield* journal.trail({ before: 0, limit: 9 }), [])
      }),
    ),
  )

  it.effect("counts a proxy to whoever reserved it last", () =>
    over(
      Effect.fnUntraced(function* (journal) {
        const proxy = ProxyId.make("PROXY00001")
        const { ProxyReleased, ProxyTaken } = ProxyEvent.cases
        yield* journal.write([
          happened(
            "proxies",
            reserve(proxy, anna),
            ProxyReleased.make({ proxy, generation: 1, at: 1, reason: "cancelled" }),
            reserve(proxy, boris),
            ProxyTaken.make({ proxy, generation: 2, at: 2 }),
          ),
        ])
        const look = (person: TelegramId) => Effect.map(journal.trail({ person, limit: 9 }), named)
        assert.deepStrictEqual(yield* look(anna), [
          "proxies ProxyReleased",
          "proxies ProxyReserved",
        ])
        assert.deepStrictEqual(yield* look(boris), ["proxies ProxyTaken", "proxies ProxyReserved"])
      }),
    ),
  )
}

const named = (found: Effect.Success<ReturnType<Journal["Service"]["trail"]>>) =>
  found.map(({ pool, event }) => `${pool} ${event._tag}`)

const transfer = (id: ReturnType<typeof issuanceId>) =>
  Transferred.make({
    id,
    from: anna,
    request: { ...requestOf("vk", boris, "colleague"), key: RequestKey.make("2:2") },
    confirmAt: 90,
    by: admin,
    at: 50,
  })

const reserve = (proxy: ProxyId, by: TelegramId): ProxyEvent =>
  ProxyEvent.cases.ProxyReserved.make({
    reservation: {
      proxy,
      generation: 1,
      targets: ["vk"],
      by,
      stage: "worker",
      message: { chatId: 1, messageId: 1 },
      at: 1,
      until: 2,
    },
  })
