/** How SQLite finds a page of issuances, which the contract of the journal cannot tell. */
import { assert, it } from "@effect/vitest"
import { DateTime } from "effect"
import { TelegramId } from "../../src/domain/Employee.ts"
import { dayAtIn } from "../../src/store/counts.ts"
import { plain } from "../../src/store/sealing.ts"
import { migrations } from "../../src/store/SqliteConnection.ts"
import { type Database, openDatabase } from "../../src/store/SqliteDatabase.ts"
import { prepareProjections, prepareTables } from "../../src/store/sqliteTables.ts"

const dayAt = dayAtIn(DateTime.zoneMakeNamedUnsafe("Europe/Moscow"))

it("goes straight to a page, however many issuances are newer", () => {
  const database = openDatabase(":memory:")
  for (const step of migrations) database.exec(step)
  let asked = ""
  const { booked } = prepareProjections(
    {
      exec: (sql) => database.exec(sql),
      prepare: (sql) => database.prepare((asked = sql)),
      isTransaction: false,
      close: () => database.close(),
    },
    dayAt,
    plain,
  )
  const span = { from: 10, to: 90 }
  for (const query of [
    span,
    { ...span, resource: "vk" },
    { ...span, holder: TelegramId.make(101) },
    { ...span, holder: TelegramId.make(101), resource: "vk" },
  ]) {
    booked(query, { limit: 5, after: { issuedAt: 50, id: "0000000A01" } })
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${asked}`).all()
    const detail = String(plan[0]?.["detail"])
    if ("holder" in query) assert.include(detail, "issuance_by_holder")
    assert.match(detail, /^SEARCH .*\(issued_at,id\)<\(\?,\?\)/)
  }
  database.close()
})

it("writes a row without a look at every other row of its table", () => {
  const database = openDatabase(":memory:")
  for (const step of migrations) database.exec(step)
  const asked: Array<string> = []
  const watched: Database = {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => {
      asked.push(sql)
      return database.prepare(sql)
    },
    isTransaction: false,
    close: () => database.close(),
  }
  prepareTables(watched, {
    hash: (pool, key) => `${pool} ${key}`,
    dayAt,
    blockText: 100,
    sealing: plain,
  })
  const inserts = asked.filter((sql) => /^\s*(INSERT|REPLACE)/.test(sql))
  assert.isAbove(inserts.length, 8)
  for (const sql of inserts) {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()
    const scans = plan
      .map(({ detail }) => String(detail))
      .filter((detail) =>
        /^SCAN (event|inbox|document|history|issuance|quarantine|issued_count)\b/.test(detail),
      )
    assert.deepStrictEqual(scans, [], sql)
  }
  database.close()
})
