/** The tables beside the events in SQLite: kept with every event, read by pages and counts. */
import { Result, Schema } from "effect"
import { type Booked, type BookQuery, JournalDamaged, type TrailQuery } from "./Journal.ts"
import { type Projection, projectionOf, refOfIssuance, refOfPerson } from "./projections.ts"
import { EventRow } from "./records.ts"
import type { Database, Value } from "./sqliteTables.ts"

type Row = Record<string, unknown>

export interface Projections {
  /** To be called inside the transaction that writes event `seq`. */
  readonly project: (seq: number, projection: Projection) => void
  readonly import: (row: Booked) => void
  readonly booked: (
    query: BookQuery,
    page: { readonly limit: number; readonly after?: Pick<Booked, "issuedAt" | "id"> },
  ) => ReadonlyArray<Row>
  readonly tally: (query: BookQuery) => ReadonlyArray<Row>
  readonly trail: (query: TrailQuery) => ReadonlyArray<Row>
}

export const prepareProjections = (database: Database): Projections => {
  const run = prepareWrites(database)

  const apply = (change: Projection["changes"][number]) => {
    switch (change._tag) {
      case "Issued":
        run.issued.run(...valuesOf(change.row))
        return
      case "Marked":
        run.marked.run(change.status, Number(change.auto), change.markedAt, change.id)
        return
      case "Withdrawn":
        run.withdrawn.run(change.id)
        return
      case "Transferred":
        run.transferred.run(change.holder, change.stage, change.id)
        return
      case "Reserved":
        run.reserved.run(change.proxy, change.by)
    }
  }

  return {
    project: (seq, { issuances, proxies, people, changes }) => {
      for (const id of issuances) {
        run.ref.run(refOfIssuance(id), seq)
        run.refOfHolder.run(seq, id)
      }
      for (const proxy of proxies) run.refOfReserver.run(seq, proxy)
      for (const person of people) run.ref.run(refOfPerson(person), seq)
      changes.forEach(apply)
    },
    import: (row) => void run.imported.run(...valuesOf(row)),
    booked: (query, { limit, after }) => {
      const { where, values } = conditionsOf(
        after === undefined ? queried(query) : queriedBehind(query, after),
      )
      return database
        .prepare(
          `SELECT id, resource, variant, region, holder, stage, key, day, issued_at AS issuedAt,
             status, auto, marked_at AS markedAt, replacement_of AS replacementOf, imported
           FROM issuance ${where} ORDER BY issued_at DESC, id DESC LIMIT ?`,
        )
        .all(...values, limit)
    },
    tally: (query) => {
      const { where, values } = conditionsOf(queried(query))
      return database
        .prepare(
          `SELECT variant, region, day, status, auto, count(*) AS count
           FROM issuance ${where} GROUP BY variant, region, day, status, auto`,
        )
        .all(...values)
    },
    trail: ({ person, issuance, before, limit }) => {
      const refs = [
        ...(person === undefined ? [] : [refOfPerson(person)]),
        ...(issuance === undefined ? [] : [refOfIssuance(issuance)]),
      ]
      const { where, values } = conditionsOf([
        ...refs.map((ref) => ["seq IN (SELECT seq FROM event_ref WHERE ref = ?)", ref] as const),
        ...(before === undefined ? [] : [["seq < ?", before] as const]),
      ])
      return database
        .prepare(`SELECT seq, pool, at, body FROM event ${where} ORDER BY seq DESC LIMIT ?`)
        .all(...values, limit)
    },
  }
}

/** Events that are decoded at once while the tables are filled. */
const batchMax = 1000

/** Folds the events of a time that knew no such tables. To be called inside a transaction. */
export const fillProjections = (database: Database) => {
  const { project } = prepareProjections(database)
  const next = database.prepare("SELECT seq, body FROM event WHERE seq > ? ORDER BY seq LIMIT ?")
  const decode = Schema.decodeUnknownResult(EventRow)
  for (let last = 0; ;) {
    const rows = next.all(last, batchMax)
    for (const row of rows) {
      const decoded = decode(row)
      if (Result.isFailure(decoded)) {
        const { message } = decoded.failure
        throw new JournalDamaged({ table: "event", record: String(row["seq"]), problem: message })
      }
      const { seq, body } = decoded.success
      project(seq, projectionOf(body))
      last = seq
    }
    if (rows.length < batchMax) return
  }
}

const columns = `id, resource, variant, region, holder, stage, key, day, issued_at, status, auto,
  marked_at, replacement_of, imported`

const valuesOf = (row: Booked): ReadonlyArray<Value> => [
  row.id,
  row.resource,
  row.variant,
  row.region,
  row.holder,
  row.stage,
  row.key,
  row.day,
  row.issuedAt,
  row.status,
  Number(row.auto),
  row.markedAt,
  row.replacementOf,
  Number(row.imported),
]

const prepareWrites = (database: Database) => {
  const values = "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
  return {
    issued: database.prepare(`REPLACE INTO issuance (${columns}) ${values}`),
    imported: database.prepare(
      `INSERT INTO issuance (${columns}) ${values} ON CONFLICT DO NOTHING`,
    ),
    marked: database.prepare(
      "UPDATE issuance SET status = ?, auto = ?, marked_at = ? WHERE id = ?",
    ),
    withdrawn: database.prepare("DELETE FROM issuance WHERE id = ?"),
    transferred: database.prepare("UPDATE issuance SET holder = ?, stage = ? WHERE id = ?"),
    reserved: database.prepare("REPLACE INTO proxy_reserved (proxy, by) VALUES (?, ?)"),
    ref: database.prepare("INSERT INTO event_ref (ref, seq) VALUES (?, ?) ON CONFLICT DO NOTHING"),
    refOfHolder: database.prepare(
      `INSERT INTO event_ref (ref, seq)
       SELECT 'u:' || holder, ? FROM issuance WHERE id = ? AND holder IS NOT NULL
       ON CONFLICT DO NOTHING`,
    ),
    refOfReserver: database.prepare(
      `INSERT INTO event_ref (ref, seq)
       SELECT 'u:' || by, ? FROM proxy_reserved WHERE proxy = ?
       ON CONFLICT DO NOTHING`,
    ),
  }
}

/** What has to hold, and the values in it. */
type Condition = readonly [sql: string, ...values: ReadonlyArray<Value>]

const queried = ({ resource, holder, from, to }: BookQuery): ReadonlyArray<Condition> => [
  ...(resource === undefined ? [] : [["resource = ?", resource] as const]),
  ...(holder === undefined ? [] : [["holder = ?", holder] as const]),
  ...(from === undefined ? [] : [["issued_at >= ?", from] as const]),
  ...(to === undefined ? [] : [["issued_at < ?", to] as const]),
]

/** With another upper bound beside its place, each page would be looked for from the newest on. */
const queriedBehind = (
  { to, ...query }: BookQuery,
  { issuedAt, id }: Pick<Booked, "issuedAt" | "id">,
): ReadonlyArray<Condition> => [
  ...queried(to === undefined || issuedAt < to ? query : { ...query, to }),
  ["(issued_at, id) < (?, ?)", issuedAt, id],
]

const conditionsOf = (conditions: ReadonlyArray<Condition>) => ({
  where: conditions.length === 0 ? "" : `WHERE ${conditions.map(([sql]) => sql).join(" AND ")}`,
  values: conditions.flatMap(([, ...values]) => values),
})
