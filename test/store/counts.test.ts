/** The counts by day, which must never say anything else than the books. */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Layer, Result, Schema } from "effect"
import { Day } from "../../src/domain/Day.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { type Booked, type BookQuery, Journal, Write } from "../../src/store/Journal.ts"
import * as SqliteConnection from "../../src/store/SqliteConnection.ts"
import { type Database, openDatabase } from "../../src/store/SqliteDatabase.ts"
import {
  happened,
  imported,
  issuanceId,
  issuanceOf,
  issuedEvent,
  itemOf,
  markOf,
  opened,
  requestOf,
} from "../contracts/journalFixtures.ts"
import { databaseIn, journalIn, makeDirectory, spoiledIn } from "./sqliteFixtures.ts"

const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

/** Around the Sunday of which New York has 25 hours. */
const sunday = Date.UTC(2026, 10, 1)
const hour = 3_600_000
const momentAt = (n: number) => sunday + (n - 48) * hour

const Step = Schema.Struct({
  op: Schema.Literals([
    "issue",
    "issue",
    "issue",
    "withdraw",
    "confirm",
    "correct",
    "undo",
    "comment",
    "uncomment",
    "transfer",
    "set aside",
    "import",
  ]),
  n: upTo(6),
  /** When an item is issued, in hours. */
  at: upTo(120),
  pool: Schema.Literals(["vk", "ok"]),
  region: Schema.Literals(["495", "812"]),
})

const zones = ["Europe/Moscow", "America/New_York", "Asia/Kathmandu", "Pacific/Chatham"]

const History = Schema.Array(
  Schema.Struct({
    zone: upTo(zones.length - 1),
    steps: Schema.Array(Step).check(Schema.isMaxLength(25)),
  }),
).check(Schema.isMaxLength(3))

const anna = TelegramId.make(79_000_001)

const writeOf = ({ op, n, at, pool, region }: typeof Step.Type): Write => {
  const id = issuanceId(n)
  const tell = (event: PoolEvent) => happened(pool, event)
  switch (op) {
    case "issue": {
      const item = { ...itemOf(`${n}@example.com`), resource: pool, day: dayOr(n) }
      const about = { id, item, region, issuedAt: momentAt(at) }
      return tell(issuedEvent(issuanceOf(`${n}@example.com`, about)))
    }
    case "withdraw":
      return tell(PoolEvent.cases.Withdrawn.make({ ids: [id], keys: [], at }))
    case "confirm":
      return tell(PoolEvent.cases.Confirmed.make({ id, mark: markOf("approved", at, anna, n < 3) }))
    case "correct": {
      const mark = { ...markOf("blocked", at, anna), comment: region }
      return tell(PoolEvent.cases.Corrected.make({ id, mark }))
    }
    case "undo":
      return tell(PoolEvent.cases.Undone.make({ id, by: anna, confirmAt: at, at }))
    case "comment":
    case "uncomment": {
      const comment = op === "comment" ? "banned" : ""
      return tell(PoolEvent.cases.Commented.make({ id, comment, by: anna, at }))
    }
    case "transfer": {
      const request = requestOf(pool, anna, "colleague")
      const about = { from: anna, request, confirmAt: at, by: anna, at }
      return tell(PoolEvent.cases.Transferred.make({ id, ...about }))
    }
    case "set aside":
      return tell(PoolEvent.cases.SetAside.make({ id, from: anna, by: anna, at }))
    case "import": {
      const about = { resource: pool, region, day: dayOr(n), issuedAt: momentAt(at) }
      // The last two come from a table with a wrong date: nobody's clock shows such moments.
      const wrong = n === 5 ? { issuedAt: -5 } : n === 6 ? { issuedAt: 9e15 } : {}
      const rows = [imported(`row ${n}`, { ...about, ...wrong }), imported(id, about)]
      return Write.cases.BooksImported.make({ rows })
    }
  }
}

const dayOr = (n: number) => (n % 2 === 0 ? null : Day.make(`2026-11-0${n}`))

const groupsOf = (rows: ReadonlyArray<Booked>) => {
  const groups = new Map<string, number>()
  for (const { variant, region, day, status, auto, comment = "" } of rows) {
    const group = JSON.stringify([variant, region, day, status, auto, comment])
    groups.set(group, (groups.get(group) ?? 0) + 1)
  }
  return [...groups].map(([group, count]) => `${group} ${count}`).toSorted()
}

const tallied = (journal: Journal["Service"], query: BookQuery) =>
  Effect.map(journal.tally(query), (found) =>
    found
      .map(
        ({ variant, region, day, status, auto, comment = "", count }) =>
          `${JSON.stringify([variant, region, day, status, auto, comment])} ${count}`,
      )
      .toSorted(),
  )

const inZone = (directory: string, zone: number) =>
  journalIn(directory, { timezone: DateTime.zoneMakeNamedUnsafe(zones[zone] ?? "UTC") })

const examined = (directory: string) =>
  SqliteConnection.examine({ directory, connect: () => openDatabase(`${directory}/journal.db`) })

describe("The counts by day", () => {
  it.effect.prop(
    "are those of the books, whatever happens and whatever the time zone becomes",
    { history: History, from: upTo(120), hours: upTo(120) },
    ({ history, from, hours }) =>
      Effect.gen(function* () {
        const directory = yield* makeDirectory
        const span = { from: momentAt(from), to: momentAt(from + hours) }
        for (const { zone, steps } of history) {
          yield* Effect.gen(function* () {
            const journal = yield* Journal
            // One transaction of several and several of one.
            yield* journal.write(steps.slice(0, 12).map(writeOf))
            for (const step of steps.slice(12)) yield* journal.write([writeOf(step)])
            for (const query of [{}, span, { resource: "vk" }, { ...span, resource: "ok" }]) {
              const books = yield* journal.booked(query, { limit: 99 })
              assert.deepStrictEqual(yield* tallied(journal, query), groupsOf(books))
            }
          }).pipe(Effect.provide(inZone(directory, zone)))
          assert.deepStrictEqual(
            examined(directory),
            Result.succeed({ damage: [], isOlder: false }),
          )
        }
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 60 } },
  )

  const issue = (n: number, issuedAt: number) =>
    happened("vk", issuedEvent(issuanceOf(`${n}@example.com`, { id: issuanceId(n), issuedAt })))

  /** The beginnings of Sunday and Monday in Moscow. */
  const [from, to] = [sunday - 3 * hour, sunday + 21 * hour]

  it.effect("answer for whole days without a look at the issuances", () =>
    Effect.gen(function* () {
      const connections: Array<Database> = []
      const watched = spoiledIn(yield* makeDirectory, (database) => {
        connections.push(database)
        return database
      })
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        yield* journal.write([issue(1, from), issue(2, to - 1), issue(3, to)])
        connections[0]?.exec("DELETE FROM issuance")
        const countOf = (query: BookQuery) =>
          Effect.map(journal.tally({ resource: "vk", ...query }), (found) =>
            found.reduce((sum, { count }) => sum + count, 0),
          )
        assert.strictEqual(yield* countOf({ from, to }), 2)
        assert.strictEqual(yield* countOf({ from }), 3)
        assert.strictEqual(yield* countOf({ from: from + 1, to }), 0)
      }).pipe(Effect.provide(watched))
    }),
  )

  it.effect("of a write that was refused are forgotten", () =>
    Effect.gen(function* () {
      const journal = yield* Journal
      yield* journal.write([issue(1, from), opened("s", 1)])
      // The number of the intent is taken, so nothing of this write may stay.
      yield* Effect.flip(journal.write([issue(2, to), opened("s", 1, "another")]))
      yield* journal.write([issue(3, to)])
      const counts = (yield* journal.tally({})).map(({ count }) => count)
      assert.deepStrictEqual(counts, [2])
      assert.deepStrictEqual(
        (yield* journal.tally({ from: to })).map(({ count }) => count),
        [1],
      )
    }).pipe(Effect.provide(Layer.unwrap(Effect.map(makeDirectory, (place) => journalIn(place))))),
  )

  it.effect("that do not add up are named by whoever examines the journal", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      yield* Effect.flatMap(Journal, (journal) =>
        journal.write([issue(1, from), issue(2, from), issue(3, to)]),
      ).pipe(Effect.provide(journalIn(directory)))
      const database = databaseIn(directory)
      database.prepare("DELETE FROM issuance WHERE id = ?").run(issuanceId(2))
      database.close()
      const found = examined(directory)
      assert.deepStrictEqual(
        Result.map(found, ({ damage }) => damage.map(({ table, record }) => `${table} ${record}`)),
        Result.succeed([`issued_count ${from}`]),
      )
    }),
  )
})
