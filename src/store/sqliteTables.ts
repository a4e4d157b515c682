/** What the journal does to its SQLite tables: prepared statements, and entries applied by them. */
import type { Entry } from "./records.ts"
import { prepareProjections, type Projections } from "./sqliteProjections.ts"

export type Value = null | number | string

interface Statement {
  run(...values: ReadonlyArray<Value>): {
    readonly changes: number | bigint
    readonly lastInsertRowid: number | bigint
  }
  get(...values: ReadonlyArray<Value>): Record<string, unknown> | undefined
  all(...values: ReadonlyArray<Value>): ReadonlyArray<Record<string, unknown>>
}

/** The part of a SQLite connection that is used here. */
export interface Database {
  exec(sql: string): void
  prepare(sql: string): Statement
  readonly isTransaction: boolean
  close(): void
}

/** Another intent stands under that number: taking its place would lose what was promised. */
export class IntentTaken extends Error {
  constructor(seq: number) {
    super(`another intent has number ${seq}`)
  }
}

export interface Tables {
  /** To be called inside a transaction. */
  readonly apply: (entry: Entry) => void
  readonly lastSeq: () => number
  readonly wasIssued: (pool: string, key: string) => boolean
  readonly snapshot: Statement
  readonly events: Statement
  /** A page of all events of a pool. */
  readonly page: Statement
  readonly intents: Statement
  readonly unhandled: Statement
  readonly documents: Statement
  readonly booked: Projections["booked"]
  readonly tally: Projections["tally"]
  readonly trail: Projections["trail"]
}

/** `hash` shortens what may be long and is secret: the history holds no keys, only hashes. */
export const prepareTables = (
  database: Database,
  hash: (pool: string, key: string) => string,
): Tables => {
  const run = prepareWrites(database)
  const projections = prepareProjections(database)
  const lastSeq = database.prepare("SELECT coalesce(max(seq), 0) AS seq FROM event")
  const issued = database.prepare("SELECT 1 FROM history WHERE hash = ?")

  const apply = (entry: Entry): void => {
    switch (entry._tag) {
      case "Event": {
        const { lastInsertRowid: seq } = run.event.run(entry.pool, entry.at, entry.body)
        for (const key of entry.issued) run.issued.run(hash(entry.pool, key))
        for (const key of entry.withdrawn) run.withdrawn.run(hash(entry.pool, key))
        projections.project(Number(seq), entry.projection)
        return
      }
      case "Snapshot":
        run.snapshot.run(entry.pool, entry.through, entry.state)
        return
      case "Intent": {
        const { spreadsheet, seq, token, state, settledAt, body } = entry
        const { changes } = run.intent.run(spreadsheet, seq, token, state, settledAt, body)
        if (changes === 0) throw new IntentTaken(seq)
        return
      }
      case "IntentSettled":
        run.settled.run(entry.state, entry.at, entry.spreadsheet, entry.seq)
        return
      case "Update":
        run.update.run(entry.updateId, entry.userId, entry.at, entry.body)
        return
      case "UpdateHandled":
        run.handled.run(entry.at, entry.updateId)
        return
      case "Document":
        run.document.run(entry.kind, entry.key, entry.body)
        return
      case "DocumentRemoved":
        run.documentRemoved.run(entry.kind, entry.key)
        return
      case "Book":
        projections.import(entry.row)
        return
      case "Prune":
        run.pruneUpdates.run(entry.before)
        run.pruneIntents.run(entry.before)
    }
  }

  return {
    apply,
    lastSeq: () => Number(lastSeq.get()?.["seq"]),
    wasIssued: (pool, key) => issued.get(hash(pool, key)) !== undefined,
    snapshot: database.prepare("SELECT through, state FROM snapshot WHERE pool = ?"),
    events: database.prepare("SELECT seq, body FROM event WHERE pool = ? AND seq > ? ORDER BY seq"),
    page: database.prepare(
      "SELECT seq, body FROM event WHERE pool = ? AND seq > ? ORDER BY seq LIMIT ?",
    ),
    intents: database.prepare(
      `SELECT seq, state, settled_at AS settledAt, body FROM intent
       WHERE spreadsheet = ? ORDER BY seq DESC LIMIT ?`,
    ),
    unhandled: database.prepare(
      `SELECT update_id AS updateId, user_id AS userId, body FROM inbox
       WHERE handled_at IS NULL ORDER BY seq`,
    ),
    documents: database.prepare("SELECT key, body FROM document WHERE kind = ? ORDER BY seq"),
    booked: projections.booked,
    tally: projections.tally,
    trail: projections.trail,
  }
}

const prepareWrites = (database: Database) => ({
  event: database.prepare("INSERT INTO event (pool, at, body) VALUES (?, ?, ?)"),
  issued: database.prepare("INSERT INTO history (hash) VALUES (?) ON CONFLICT DO NOTHING"),
  withdrawn: database.prepare("DELETE FROM history WHERE hash = ?"),
  snapshot: database.prepare(
    `INSERT INTO snapshot (pool, through, state) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET through = excluded.through, state = excluded.state
     WHERE excluded.through >= through`,
  ),
  // The same intent once more is taken as a repeat after an unclear outcome.
  intent: database.prepare(
    `INSERT INTO intent (spreadsheet, seq, token, state, settled_at, body)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET token = token WHERE token = excluded.token`,
  ),
  settled: database.prepare(
    `UPDATE intent SET state = ?, settled_at = ?
     WHERE spreadsheet = ? AND seq = ? AND state = 'open'`,
  ),
  update: database.prepare(
    `INSERT INTO inbox (update_id, user_id, received_at, body) VALUES (?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  ),
  handled: database.prepare(
    `UPDATE inbox SET handled_at = ?, body = NULL WHERE update_id = ? AND handled_at IS NULL`,
  ),
  document: database.prepare(
    `INSERT INTO document (kind, key, body) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET body = excluded.body`,
  ),
  documentRemoved: database.prepare("DELETE FROM document WHERE kind = ? AND key = ?"),
  pruneUpdates: database.prepare("DELETE FROM inbox WHERE handled_at < ?"),
  pruneIntents: database.prepare(
    `DELETE FROM intent WHERE settled_at < ?
     AND seq < (SELECT max(seq) FROM intent AS newer WHERE newer.spreadsheet = intent.spreadsheet)`,
  ),
})
