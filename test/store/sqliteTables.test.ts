/** How SQLite finds a page of issuances, which the contract of the journal cannot tell. */
import { assert, it } from "@effect/vitest"
import { TelegramId } from "../../src/domain/Employee.ts"
import { migrations } from "../../src/store/SqliteConnection.ts"
import { openDatabase } from "../../src/store/SqliteDatabase.ts"
import { prepareProjections } from "../../src/store/sqliteTables.ts"

it("goes straight to a page, however many issuances are newer", () => {
  const database = openDatabase(":memory:")
  for (const step of migrations) database.exec(step)
  let asked = ""
  const { booked } = prepareProjections({
    exec: (sql) => database.exec(sql),
    prepare: (sql) => database.prepare((asked = sql)),
    isTransaction: false,
    close: () => database.close(),
  })
  const span = { from: 10, to: 90 }
  for (const query of [
    span,
    { ...span, resource: "vk" },
    { ...span, holder: TelegramId.make(101) },
  ]) {
    booked(query, { limit: 5, after: { issuedAt: 50, id: "0000000A01" } })
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${asked}`).all()
    assert.match(String(plan[0]?.["detail"]), /^SEARCH .*\(issued_at,id\)<\(\?,\?\)/)
  }
  database.close()
})
