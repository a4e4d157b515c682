/**
 * Counts the projections anew from all events, packed ones too, and compares them with those that
 * the journal keeps: the books, the comments, the quarantine, who reserved which proxy, the history
 * of issued keys, and which events concern whom.
 *
 * What an import brought is no event. So imported rows of the books are left out, and the history
 * may hold more than the events say. Nothing else may.
 */
import { Result, Schema } from "effect"
import { type EventRow as StoredEvent, prepareArchive } from "./archive.ts"
import type { DayAt } from "./counts.ts"
import { JournalDamaged, type JournalEvent } from "./Journal.ts"
import { EventRow, issuedBy, projectionOf, withdrawnBy } from "./records.ts"
import type { Sealing } from "./sealing.ts"
import { type Database, openDatabase } from "./SqliteDatabase.ts"
import { migrations } from "./SqliteConnection.ts"
import { prepareProjections } from "./sqliteTables.ts"
import { unsoundRow } from "./soundness.ts"

interface Options {
  readonly dayAt: DayAt
  /** What the history holds instead of the keys. */
  readonly hash: (pool: string, key: string) => string
  /** How the journal stores texts, and what is counted too: what is equal is stored alike. */
  readonly sealing: Sealing
  /** A file that is not there yet, for what is counted. */
  readonly scratch: string
  /** So many faults of each kind are named at most. */
  readonly limit: number
  /** Is shown every event, those of one pool in their order. */
  readonly see: (pool: string, seq: number, event: JournalEvent) => void
}

/** To be given a copy of a journal, since the scratch file is attached to its connection. */
export const unequalProjections = (
  database: Database,
  options: Options,
): ReadonlyArray<JournalDamaged> => {
  const { scratch, limit } = options
  const unreadable = countAnew(database, options)
  if (unreadable !== undefined) return [unreadable]
  database.prepare("ATTACH ? AS anew").run(scratch)
  try {
    return comparisons.flatMap(({ table, named, sql, problem }) =>
      database
        .prepare(`SELECT ${named} AS name FROM (${sql}) LIMIT ${limit}`)
        .all()
        .map(({ name }) => new JournalDamaged({ table, record: String(name), problem })),
    )
  } finally {
    database.exec("DETACH anew")
  }
}

/** The pools that have events, and those of which only a snapshot is left. */
export const poolsIn = (database: Database): ReadonlyArray<string> =>
  database
    .prepare(
      `SELECT pool FROM event UNION SELECT pool FROM event_block UNION SELECT pool FROM snapshot
       ORDER BY pool`,
    )
    .all()
    .map(({ pool }) => String(pool))

/** Projects every event into a database of its own. Gives the first event that cannot be read. */
const countAnew = (database: Database, options: Options) => {
  const { sealing, scratch, see } = options
  const anew = openDatabase(scratch)
  try {
    anew.exec("PRAGMA journal_mode = OFF")
    anew.exec("PRAGMA synchronous = OFF")
    for (const step of migrations) anew.exec(step)
    anew.exec("CREATE TABLE place (seq INTEGER PRIMARY KEY, block INTEGER)")
    anew.exec("BEGIN")
    const projector = makeProjector(anew, options)
    const archive = prepareArchive(database, 0, sealing)
    for (const pool of poolsIn(database)) {
      const blockOf = makeBlockLook(database, pool)
      for (const row of archive.after(pool, 0)) {
        const event = readEvent(row)
        if (Result.isFailure(event)) return event.failure
        projector.project(row, event.success, blockOf(row.seq))
        see(pool, row.seq, event.success)
      }
    }
    anew.exec("COMMIT")
    return undefined
  } finally {
    anew.close()
  }
}

const readEvent = (row: StoredEvent): Result.Result<JournalEvent, JournalDamaged> =>
  row.sound === 0
    ? Result.fail(unsoundRow("event", row.seq))
    : Result.mapBoth(decodeEvent(row), {
        onSuccess: ({ body }) => body,
        onFailure: ({ message: problem }) =>
          new JournalDamaged({ table: "event", record: String(row.seq), problem }),
      })

const decodeEvent = Schema.decodeUnknownResult(EventRow)

/** Finds the block that an event of the pool is packed in; the events are to come in their order. */
const makeBlockLook = (database: Database, pool: string) => {
  const blocks = database
    .prepare("SELECT first, last FROM event_block WHERE pool = ? ORDER BY last")
    .all(pool)
    .map(({ first, last }) => ({ first: Number(first), last: Number(last) }))
  let at = 0
  return (seq: number): number | null => {
    while ((blocks[at]?.last ?? seq) < seq) at += 1
    const block = blocks[at]
    return block !== undefined && block.first <= seq ? block.first : null
  }
}

/** Rows of the books that are held in memory meanwhile. */
const eventsAtOnce = 1_000

const makeProjector = (anew: Database, { dayAt, hash, sealing }: Options) => {
  const { begin, project } = prepareProjections(anew, dayAt, sealing)
  const run = {
    place: anew.prepare("INSERT INTO place (seq, block) VALUES (?, ?)"),
    // What was set aside up to 0.3.0 is found by the event that issued it.
    event: anew.prepare("INSERT INTO event (seq, pool, at, body) VALUES (?, ?, ?, ?)"),
    issued: anew.prepare("INSERT INTO history (hash) VALUES (?) ON CONFLICT DO NOTHING"),
    withdrawn: anew.prepare("DELETE FROM history WHERE hash = ?"),
  }
  let count = 0
  return {
    project: (
      { seq, pool, at, body }: StoredEvent,
      event: JournalEvent,
      block: number | null,
    ): void => {
      count += 1
      if (count % eventsAtOnce === 0) begin()
      run.place.run(seq, block)
      const issued = issuedBy(event)
      if (issued.length > 0) run.event.run(seq, pool, at, sealing.seal("event.body", body))
      for (const { item } of issued) run.issued.run(hash(pool, item.key))
      for (const key of withdrawnBy(event)) run.withdrawn.run(hash(pool, key))
      project({ seq, pool }, projectionOf(event))
    },
  }
}

interface Comparison {
  readonly table: string
  /** What a fault is called: nothing that is secret. */
  readonly named: string
  /** The rows at fault. */
  readonly sql: string
  readonly problem: string
}

const lacking = "the events say so, and it is not there"
const unfounded = "no event says so"

/** Rows of the one that the other lacks, both ways. */
const both = (
  table: string,
  named: string,
  columns: string,
  kept: string,
): ReadonlyArray<Comparison> => {
  const said = `SELECT ${columns} FROM anew.${table}`
  const found = `SELECT ${columns} FROM ${kept}`
  return [
    { table, named, sql: `${said} EXCEPT ${found}`, problem: lacking },
    { table, named, sql: `${found} EXCEPT ${said}`, problem: unfounded },
  ]
}

const ownRows = "main.issuance WHERE imported = 0"

const comparisons: ReadonlyArray<Comparison> = [
  ...both(
    "issuance",
    "id",
    `id, resource, variant, region, holder, stage, key, day, issued_at, status, auto, marked_at,
     replacement_of`,
    ownRows,
  ),
  ...both(
    "comment",
    "issuance",
    "issuance, text",
    `main.comment WHERE issuance IN (SELECT id FROM ${ownRows})`,
  ),
  ...both("quarantine", "item", "item, pool, tab, reason, column_name, at, seq", "main.quarantine"),
  ...both("proxy_reserved", "proxy", "proxy, by", "main.proxy_reserved"),
  {
    table: "history",
    named: "substr(hash, 1, 8)",
    sql: "SELECT hash FROM anew.history EXCEPT SELECT hash FROM main.history",
    problem: lacking,
  },
  {
    table: "event_ref",
    named: "seq",
    sql: `SELECT ref, seq FROM anew.event_ref JOIN anew.place USING (seq) WHERE block IS NULL
          EXCEPT SELECT ref, seq FROM main.event_ref`,
    problem: lacking,
  },
  {
    table: "block_ref",
    named: "block",
    sql: `SELECT ref, block FROM anew.event_ref JOIN anew.place USING (seq) WHERE block IS NOT NULL
          EXCEPT SELECT ref, block FROM main.block_ref`,
    problem: lacking,
  },
  {
    table: "event_ref",
    named: "seq",
    sql: `SELECT seq FROM main.event_ref
          WHERE seq NOT IN (SELECT seq FROM anew.place WHERE block IS NULL)`,
    problem: "there is no such event",
  },
]
