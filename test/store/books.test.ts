import { assert, beforeAll, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Schema } from "effect"
import { TelegramId } from "../../src/domain/Employee.ts"
import { ItemId } from "../../src/domain/Item.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import {
  type Booked,
  Journal,
  type JournalEvent,
  type Recorded,
  type Tally,
  Write,
} from "../../src/store/Journal.ts"
import {
  happened,
  imported,
  issuanceId,
  issuanceOf,
  issuedEvent,
  itemOf,
  markOf,
  events as plainEvents,
  requestOf,
} from "../contracts/journalFixtures.ts"
import { MemoryJournal } from "./MemoryJournal.ts"
import { isPostgresHere, usePostgres } from "./postgresServer.ts"
import type { Database } from "../../src/store/SqliteDatabase.ts"
import {
  databaseIn,
  journalIn,
  makeDirectory,
  makeFormer,
  opening,
  packingIn,
  spoiledIn,
} from "./sqliteFixtures.ts"

const upTo = (maximum: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))

const Step = Schema.Struct({
  op: Schema.Literals([
    "issue",
    "issue",
    "issue two",
    "withdraw",
    "confirm",
    "correct",
    "undo",
    "deliver",
    "transfer",
    "set aside",
    "bring back",
    "abandon",
    "unabandon",
    "pause",
  ]),
  n: upTo(4),
  who: upTo(2),
  at: upTo(3),
  pool: Schema.Literals(["vk", "ok"]),
})
type Step = typeof Step.Type

const Script = Schema.Array(Step).check(Schema.isMaxLength(30))

describe("The books and the trail", () => {
  const postgres = usePostgres()
  let bots = 0
  beforeAll(async () => {
    if (!isPostgresHere) return
    // These scripts issue one thing again and again, as no pool does.
    await Effect.runPromise(Effect.provide(Effect.asVoid(Journal), postgres.journal("none")))
    await Effect.runPromise(postgres.query("DROP INDEX event_by_request"))
  })

  it.effect.prop(
    "are a fold of the events, also of those before an import",
    { before: Script, after: Script },
    ({ before, after }) =>
      Effect.gen(function* () {
        const rows = [
          imported(issuanceId(0)),
          imported("row 7", { holder: people[1]!, issuedAt: 2 }),
        ]
        const run = Effect.gen(function* () {
          const journal = yield* Journal
          yield* journal.write(before.map(writeOf))
          yield* journal.write([Write.cases.BooksImported.make({ rows })])
          // Where events are packed, some are in blocks and some are not.
          yield* journal.prune(Infinity)
          for (const step of after) yield* journal.write([writeOf(step)])
          yield* journal.prune(Infinity)
          return yield* everythingIn(journal)
        })
        const expected = shown(fold(after, withImported(fold(before), rows)))
        const inMemory = yield* Effect.provide(run, MemoryJournal.layer(MemoryJournal.makeDisk()))
        const onDisk = yield* Effect.provide(run, journalIn(yield* makeDirectory))
        assert.deepStrictEqual(inMemory, expected)
        assert.deepStrictEqual(onDisk, expected)
        const whenPacked = yield* Effect.provide(run, packingIn(yield* makeDirectory))
        assert.deepStrictEqual(whenPacked, expected)
        if (!isPostgresHere) return
        const inPostgres = yield* Effect.provide(run, postgres.journal(`bot ${(bots += 1)}`))
        assert.deepStrictEqual(inPostgres, expected)
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 60 } },
  )

  it.effect.prop(
    "of a journal from before they were kept are the same as if they had been",
    { script: Script },
    ({ script }) =>
      Effect.gen(function* () {
        const directory = yield* makeDirectory
        makeFormer(
          directory,
          script.map((step) => ({ pool: step.pool, event: eventOf(step) })),
        )
        const look = Effect.flatMap(Journal, everythingIn)
        const filled = yield* Effect.provide(look, journalIn(directory))
        assert.deepStrictEqual(filled, shown(fold(script)))
        assert.deepStrictEqual(yield* Effect.provide(look, journalIn(directory)), filled)
      }).pipe(Effect.scoped),
    { arbitrary: { runs: 30 } },
  )

  it.effect("of such a journal are filled once, whatever the number of its events", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      const count = 2500
      const issuances = Array.from({ length: count }, (_, n) =>
        issuanceOf(`${n}@example.com`, { id: issuanceId(n), issuedAt: n }),
      )
      makeFormer(
        directory,
        issuances.map((issuance) => ({ pool: "vk", event: issuedEvent(issuance) })),
      )
      const last = yield* Effect.gen(function* () {
        const journal = yield* Journal
        assert.deepStrictEqual(
          (yield* journal.tally({})).map((group) => group.count),
          [count],
        )
        return yield* journal.write([plainEvents("vk", 1)])
      }).pipe(Effect.provide(journalIn(directory)))
      assert.strictEqual(last, count + 1)
      // Rows are removed by hand: an opening that filled the books again would bring them back.
      const database = databaseIn(directory)
      database.exec("DELETE FROM issuance WHERE issued_at < 1000")
      database.close()
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        assert.lengthOf(yield* journal.booked({}, { limit: count }), count - 1000)
        // A day that is asked for in part is counted from the books.
        const [group] = yield* journal.tally({ from: 0 })
        assert.strictEqual(group?.count, count - 1000)
      }).pipe(Effect.provide(journalIn(directory)))
    }),
  )

  it.effect("name no event of an item whose id is that of an issuance", () =>
    Effect.gen(function* () {
      const journal = yield* Journal
      const issuance = issuanceId(0)
      const returned = PoolEvent.cases.Returned.make({ ids: [ItemId.make(issuance)], at: 1 })
      const refused = PoolEvent.cases.DeliveryRefused.make({ ids: [issuance], at: 2 })
      yield* journal.write([happened("vk", returned), happened("vk", refused)])
      const found = yield* journal.trail({ issuance, limit: 9 })
      assert.deepStrictEqual(
        found.map(({ event }) => event._tag),
        ["DeliveryRefused"],
      )
    }).pipe(Effect.provide(MemoryJournal.layer(MemoryJournal.makeDisk()))),
  )

  it.effect("of a damaged journal are not filled, and the file stays as it was", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      const event = issuedEvent(issuanceOf("a@example.com"))
      makeFormer(directory, [
        { pool: "vk", event },
        { pool: "vk", event },
      ])
      const before = databaseIn(directory)
      before.exec(`UPDATE event SET body = '{"hunter2' WHERE seq = 2`)
      before.close()
      const exit = yield* opening(directory)
      const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
      assert.deepInclude(error, { _tag: "JournalDamaged", table: "event", record: "2" })
      assert.notInclude(JSON.stringify(error), "hunter2")
      const after = databaseIn(directory)
      assert.strictEqual(after.prepare("PRAGMA user_version").get()?.["user_version"], 1)
      after.close()
    }),
  )

  it.effect("name a record that cannot be read, and nothing of what is in it", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      const write = happened("vk", issuedEvent(issuanceOf("a@example.com")))
      yield* Effect.flatMap(Journal, (journal) => journal.write([write])).pipe(
        Effect.provide(journalIn(directory)),
      )
      // The start would refuse the issuance, so the damage is done after it.
      const connections: Array<Database> = []
      const watched = spoiledIn(directory, (database) => {
        connections.push(database)
        return database
      })
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        connections[0]?.exec(`UPDATE event SET body = '{"hunter2'`)
        connections[0]?.exec(`UPDATE issuance SET auto = 7, day = 'hunter2'`)
        connections[0]?.exec(`UPDATE issued_count SET day = 'hunter2'`)
        const person = people[0]!
        const errors = [
          yield* Effect.flip(journal.trail({ person, limit: 9 })),
          yield* Effect.flip(journal.booked({}, { limit: 9 })),
          yield* Effect.flip(journal.tally({})),
          // These moments are counted one by one.
          yield* Effect.flip(journal.tally({ from: 1 })),
        ]
        assert.deepInclude(errors[0], { _tag: "JournalDamaged", table: "event", record: "1" })
        assert.deepInclude(errors[1], { _tag: "StorageUnavailable", operation: "booked" })
        assert.deepInclude(errors[2], { _tag: "StorageUnavailable", operation: "tally" })
        assert.deepInclude(errors[3], { _tag: "StorageUnavailable", operation: "tally" })
        assert.notInclude(JSON.stringify(errors), "hunter2")
      }).pipe(Effect.provide(watched))
    }),
  )
})

const people = [79_000_001, 79_000_002, 79_000_003].map((id) => TelegramId.make(id))

const writeOf = (step: Step) => happened(step.pool, eventOf(step))

const eventOf = ({ op, n, who, at, pool }: Step): JournalEvent => {
  const id = issuanceId(n)
  const by = people[who]!
  const issue = (number: number) =>
    issuanceOf(`${number}@example.com`, {
      id: issuanceId(number),
      item: { ...itemOf(`${number}@example.com`), resource: pool },
      holder: by,
      issuedAt: at,
    })
  switch (op) {
    case "issue":
      return issuedEvent(issue(n))
    case "issue two":
      return issuedEvent(issue(n), issue(n + 5))
    case "withdraw":
      return PoolEvent.cases.Withdrawn.make({ ids: [id, issuanceId(n + 5)], keys: [], at })
    case "confirm":
      return PoolEvent.cases.Confirmed.make({ id, mark: markOf("approved", at, by, who === 0) })
    case "correct":
      return PoolEvent.cases.Corrected.make({ id, mark: markOf("blocked", at, by) })
    case "undo":
      return PoolEvent.cases.Undone.make({ id, by, confirmAt: at, at })
    case "deliver":
      return PoolEvent.cases.Delivered.make({ ids: [id, issuanceId(n + 5)], confirmAt: at, at })
    case "transfer":
      return PoolEvent.cases.Transferred.make({
        id,
        from: people[0]!,
        request: requestOf(pool, by, "colleague"),
        confirmAt: at,
        by: people[2]!,
        at,
      })
    case "set aside":
      return PoolEvent.cases.SetAside.make({ id, from: people[1]!, by, at })
    case "bring back": {
      const about = { item: ItemId.make(`item-${n}`), to: people[1]!, confirmAt: at }
      return PoolEvent.cases.BroughtBack.make({ id, ...about, by, at })
    }
    case "abandon": {
      const about = { mark: markOf("approved", at, by), row: null }
      return PoolEvent.cases.Abandoned.make({ id, ...about, by, at })
    }
    case "unabandon":
      return PoolEvent.cases.Unabandoned.make({ id, by, at })
    case "pause":
      return PoolEvent.cases.Paused.make({ note: "", by, at })
  }
}

/** The plain fold of the steps, with which the journals are compared. */
interface Books {
  readonly rows: ReadonlyMap<string, Booked>
  readonly trail: ReadonlyArray<{
    readonly what: string
    readonly people: ReadonlySet<number>
    readonly ids: ReadonlySet<string>
  }>
}

const fold = (steps: ReadonlyArray<Step>, from: Books = { rows: new Map(), trail: [] }): Books =>
  steps.reduce((books, step): Books => {
    const rows = new Map(books.rows)
    const by = people[step.who]!
    const two = step.op === "issue two" || step.op === "withdraw" || step.op === "deliver"
    const numbers = step.op === "pause" ? [] : two ? [step.n, step.n + 5] : [step.n]
    const ids = numbers.map(issuanceId)
    const holders = ids.flatMap((id) => rows.get(id)?.holder ?? [])
    for (const [index, id] of ids.entries()) {
      const row = rowAfter(step, numbers[index]!, rows.get(id))
      if (row === undefined) rows.delete(id)
      else rows.set(id, row)
    }
    const others: { readonly [op: string]: ReadonlyArray<TelegramId> } = {
      transfer: [people[0]!, people[2]!],
      "set aside": [people[1]!],
      "bring back": [people[1]!],
    }
    const machinery = step.op === "withdraw" || step.op === "deliver"
    const concerned = [...holders, ...(machinery ? [] : [by]), ...(others[step.op] ?? [])]
    const what = JSON.stringify([step.pool, eventOf(step)])
    return {
      rows,
      trail: [{ what, people: new Set(concerned), ids: new Set(ids) }, ...books.trail],
    }
  }, from)

const rowAfter = (step: Step, n: number, row: Booked | undefined): Booked | undefined => {
  const { op, who, at, pool } = step
  if (op === "issue" || op === "issue two") {
    return imported(issuanceId(n), {
      resource: pool,
      region: "495",
      holder: people[who]!,
      stage: "worker",
      key: `${n}@example.com`,
      issuedAt: at,
      status: null,
      imported: false,
    })
  }
  if (row === undefined || op === "withdraw") return undefined
  switch (op) {
    case "confirm":
      return { ...row, status: "approved", auto: who === 0, markedAt: at }
    case "correct":
      return { ...row, status: "blocked", auto: false, markedAt: at }
    case "undo":
    case "bring back":
      return { ...row, status: null, auto: false, markedAt: null }
    case "set aside":
      return { ...row, status: "withheld", auto: false, markedAt: at }
    case "transfer":
      return { ...row, holder: people[who]!, stage: "colleague" }
    default:
      return row
  }
}

const withImported = ({ rows, trail }: Books, more: ReadonlyArray<Booked>): Books => ({
  rows: new Map([...more.map((row) => [row.id, row] as const), ...rows]),
  trail,
})

const groupOf = ({ variant, region, day, status, auto }: Omit<Tally, "count">) =>
  JSON.stringify([variant, region, day, status, auto])

/** The answers that a journal has to give in `everythingIn`. */
const shown = ({ rows, trail }: Books) => {
  const books = [...rows.values()].toSorted(
    (a, b) => b.issuedAt - a.issuedAt || (a.id < b.id ? 1 : -1),
  )
  const ofVk = books.filter(({ resource, issuedAt }) => resource === "vk" && issuedAt >= 1)
  return {
    books,
    ofFirst: books.filter(({ holder, issuedAt }) => holder === people[0] && issuedAt < 3),
    ofVk,
    tally: Object.fromEntries(
      ofVk.map((row) => [
        groupOf(row),
        ofVk.filter((other) => groupOf(other) === groupOf(row)).length,
      ]),
    ),
    trail: trail.map(({ what }) => what),
    people: people.map((person) =>
      trail.filter((entry) => entry.people.has(person)).map(({ what }) => what),
    ),
    one: trail
      .filter(({ ids }) => ids.has(issuanceId(0)))
      .map(({ what }) => what)
      .slice(0, 3),
    both: trail
      .filter((entry) => entry.ids.has(issuanceId(1)) && entry.people.has(people[1]!))
      .map(({ what }) => what),
  }
}

const everythingIn = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const look = (query: { readonly person?: TelegramId; readonly issuance?: string }, limit = 99) =>
    Effect.map(journal.trail({ ...query, limit }), (found) =>
      found.map(({ pool, event }) => JSON.stringify([pool, event])),
    )
  const walk = Effect.fnUntraced(function* (person: TelegramId) {
    const found: Array<Recorded> = []
    for (;;) {
      const before = found.at(-1)?.seq
      const query = { person, limit: 7, ...(before !== undefined && { before }) }
      const page = yield* journal.trail(query)
      if (page.length === 0) return found.map(({ pool, event }) => JSON.stringify([pool, event]))
      found.push(...page)
    }
  })
  const paged: Array<Booked> = []
  for (let pages = 0; pages < 9; pages += 1) {
    const after = paged.at(-1)
    paged.push(...(yield* journal.booked({}, { limit: 3, ...(after && { after }) })))
  }
  return {
    books: paged,
    ofFirst: yield* journal.booked({ holder: people[0]!, to: 3 }, { limit: 99 }),
    ofVk: yield* journal.booked({ resource: "vk", from: 1 }, { limit: 99 }),
    tally: Object.fromEntries(
      (yield* journal.tally({ resource: "vk", from: 1 })).map(({ count, ...group }) => [
        groupOf(group),
        count,
      ]),
    ),
    trail: yield* look({}),
    people: yield* Effect.forEach(people, walk),
    one: yield* look({ issuance: issuanceId(0) }, 3),
    both: yield* look({ issuance: issuanceId(1), person: people[1]! }),
  }
})
