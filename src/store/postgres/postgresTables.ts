/**
 * The tables of the journal in Postgres, and the statements that write and read them.
 *
 * They stand in a schema of their own and hold the journals of many bots: every key begins with the
 * bot. Texts that are compared or sorted are so by their bytes, as SQLite does it.
 */
import { eventTextMax } from "../../config/Limits.ts"
import type { BookQuery, QuarantineQuery, TrailQuery } from "../Journal.ts"
import type { Booked } from "../Journal.ts"
import { refOfIssuance, refOfPerson } from "../records.ts"
import type { CommitRows, Wanted } from "./commitRows.ts"

/** The schema that the tables stand in. */
export const schemaName = "account_bot"

/**
 * The steps that make the tables, oldest first; a semicolon ends a statement. A step that has
 * shipped is never edited: a change is a new step at the end.
 */
export const migrations: ReadonlyArray<string> = [
  `
  CREATE TABLE owner (
    bot text PRIMARY KEY,
    epoch bigint NOT NULL,
    holder text NOT NULL,
    at double precision NOT NULL
  );

  CREATE TABLE commit_mark (
    bot text NOT NULL,
    holder text NOT NULL,
    number bigint NOT NULL,
    at double precision NOT NULL,
    PRIMARY KEY (bot, holder)
  );

  CREATE TABLE event (
    bot text NOT NULL,
    seq bigint NOT NULL,
    pool text NOT NULL,
    at double precision NOT NULL,
    body text NOT NULL,
    request text,
    PRIMARY KEY (bot, seq)
  );
  CREATE UNIQUE INDEX event_by_pool ON event (bot, pool, seq);
  CREATE UNIQUE INDEX event_by_request ON event (bot, pool, request) WHERE request IS NOT NULL;

  CREATE TABLE event_ref (
    bot text NOT NULL,
    ref text NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (bot, ref, seq)
  );

  CREATE TABLE history (
    bot text NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (bot, hash)
  );

  CREATE TABLE snapshot (
    bot text NOT NULL,
    pool text NOT NULL,
    through bigint NOT NULL,
    state text NOT NULL,
    PRIMARY KEY (bot, pool)
  );

  CREATE TABLE snapshot_part (
    bot text NOT NULL,
    pool text NOT NULL,
    part_set integer NOT NULL,
    number integer NOT NULL,
    through bigint NOT NULL,
    state text NOT NULL,
    PRIMARY KEY (bot, pool, part_set, number)
  );

  CREATE TABLE intent (
    bot text NOT NULL,
    spreadsheet text NOT NULL,
    seq bigint NOT NULL,
    token text NOT NULL,
    state text NOT NULL,
    settled_at double precision,
    body text NOT NULL,
    PRIMARY KEY (bot, spreadsheet, seq)
  );

  CREATE TABLE inbox (
    bot text NOT NULL,
    update_id bigint NOT NULL,
    seq bigint NOT NULL,
    user_id bigint NOT NULL,
    received_at double precision NOT NULL,
    handled_at double precision,
    body text,
    PRIMARY KEY (bot, update_id)
  );
  CREATE UNIQUE INDEX inbox_by_seq ON inbox (bot, seq);
  CREATE INDEX inbox_unhandled ON inbox (bot, seq) WHERE handled_at IS NULL;

  CREATE TABLE document (
    bot text NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    seq bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (bot, kind, key)
  );
  CREATE INDEX document_by_seq ON document (bot, kind, seq);

  CREATE TABLE issuance (
    bot text NOT NULL,
    id text COLLATE "C" NOT NULL,
    resource text NOT NULL,
    variant text,
    region text NOT NULL,
    holder bigint,
    stage text NOT NULL,
    key text NOT NULL,
    day text,
    issued_at double precision NOT NULL,
    status text,
    auto boolean NOT NULL,
    marked_at double precision,
    comment text,
    replacement_of text,
    imported boolean NOT NULL,
    PRIMARY KEY (bot, id)
  );
  CREATE INDEX issuance_by_resource ON issuance (bot, resource, issued_at, id);
  CREATE INDEX issuance_by_holder ON issuance (bot, holder, issued_at, id);
  CREATE INDEX issuance_by_time ON issuance (bot, issued_at, id);

  CREATE TABLE proxy_reserved (
    bot text NOT NULL,
    proxy text NOT NULL,
    by bigint NOT NULL,
    PRIMARY KEY (bot, proxy)
  );

  CREATE TABLE quarantine (
    bot text NOT NULL,
    item text COLLATE "C" NOT NULL,
    pool text NOT NULL,
    tab text NOT NULL,
    reason text NOT NULL,
    column_name text,
    at double precision NOT NULL,
    seq bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (bot, item)
  );
  CREATE INDEX quarantine_by_seq ON quarantine (bot, pool, seq);
  `,
  `
  CREATE TABLE incoming (
    bot text NOT NULL,
    update_id bigint NOT NULL,
    at double precision NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (bot, update_id)
  );
  `,
]

/** A statement and its values. */
export interface Statement {
  readonly sql: string
  readonly values: ReadonlyArray<string | number | null>
}

/** Who writes, and which of its commits it is. */
export interface Signature {
  readonly bot: string
  readonly holder: string
  readonly epoch: number
  readonly number: number
}

/** The time of the database, which is the same for every process. */
export const databaseNow = "(extract(epoch FROM clock_timestamp()) * 1000)::double precision"

/** Where whoever takes a bot over says so, by its name. */
export const ownerChannel = `${schemaName}_owner`

/**
 * Whether the holder has the bot: `held` is 1 or 0. It leaves a sign that the process was alive, for
 * whoever takes the bot over.
 */
export const lookAtOwner = (bot: string, holder: string): Statement => ({
  sql: `
    WITH mine AS (
      SELECT bot, holder FROM owner WHERE bot = $1 AND holder = $2
    ), sign AS (
      UPDATE commit_mark SET at = ${databaseNow} FROM mine
      WHERE commit_mark.bot = mine.bot AND commit_mark.holder = mine.holder
    )
    SELECT count(*)::int AS held FROM mine`,
  values: [bot, holder],
})

/**
 * Takes the bot over and tells whoever had it. `was`: when that process took it, and when it gave its
 * last sign of life; `null` where nobody had it.
 */
export const takeOwner = (bot: string): Statement => ({
  sql: `
    WITH former AS (
      SELECT greatest(
        at, (SELECT max(at) FROM commit_mark WHERE bot = owner.bot AND holder = owner.holder)
      ) AS seen FROM owner WHERE bot = $1
    ), taken AS (
      INSERT INTO owner (bot, epoch, holder, at) VALUES ($1, 1, '1', ${databaseNow})
      ON CONFLICT (bot) DO UPDATE SET
        epoch = owner.epoch + 1, holder = (owner.epoch + 1)::text, at = excluded.at
      RETURNING holder, epoch
    )
    SELECT holder, epoch::float8 AS epoch, (SELECT ${databaseNow} - seen FROM former) AS ago,
           pg_notify('${ownerChannel}', $1)::text AS told
    FROM taken`,
  values: [bot],
})

/**
 * One statement that writes all rows of a commit, and is a transaction by itself: it holds no lock
 * between two messages, and what becomes of it does not depend on the connection once it is there.
 *
 * It gives `held`: 0 where the owner is another one, and then it has written nothing. The lock on the
 * row of the owner keeps every other one from taking over before this has ended.
 */
export const commitOf = (by: Signature, rows: CommitRows): Statement => {
  const values: Array<string> = [by.bot, String(by.epoch), by.holder, String(by.number)]
  const steps = writeSteps.flatMap(({ of, write }, index) => {
    const found = rows[of]
    if (found.length === 0) return []
    values.push(JSON.stringify(found, storable))
    return [`step_${index} AS (${write(`json_to_recordset($${values.length}::json)`)})`]
  })
  return {
    sql: `
      WITH fence AS (
        SELECT bot FROM owner WHERE bot = $1 AND epoch = $2::bigint FOR SHARE
      ), mark AS (
        INSERT INTO commit_mark (bot, holder, number, at)
        SELECT bot, $3, $4::bigint, ${databaseNow} FROM fence
        ON CONFLICT (bot, holder) DO UPDATE SET number = excluded.number, at = excluded.at
      )${steps.map((step) => `, ${step}`).join("")}
      SELECT count(*)::int AS held FROM fence`,
    values,
  }
}

/** Postgres stores neither the sign of number 0 nor half of a sign. */
export const storable = (_: string, value: unknown) =>
  typeof value === "string" ? value.toWellFormed().replaceAll("\0", "\uFFFD") : value

/** How the rows of a kind are written; `rows` is where they come from. */
interface Step {
  readonly of: keyof CommitRows
  readonly write: (rows: string) => string
}

/** Every step names the fence, so that nothing is written without it. */
const inserted = (table: string, columns: Readonly<Record<string, string>>, conflict = "") => {
  const names = Object.keys(columns).join(", ")
  const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  return (rows: string) =>
    `INSERT INTO ${table} (bot, ${names}) SELECT fence.bot, t.* FROM fence, ${rows} AS t (${typed.join(", ")}) ${conflict}`
}

const deleted = (table: string, columns: Readonly<Record<string, string>>) => {
  const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  const same = Object.keys(columns).map((name) => `${table}.${name} = t.${name}`)
  return (rows: string) =>
    `DELETE FROM ${table} USING fence, ${rows} AS t (${typed.join(", ")})
     WHERE ${table}.bot = fence.bot AND ${same.join(" AND ")}`
}

/** What a row with the same key becomes. */
const replaced = (key: string, ...columns: ReadonlyArray<string>) =>
  `ON CONFLICT (bot, ${key}) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(", ")}`

const unlessKnown = "ON CONFLICT DO NOTHING"

const real = "double precision"

const bookColumns = {
  id: "text",
  resource: "text",
  variant: "text",
  region: "text",
  holder: "bigint",
  stage: "text",
  key: "text",
  day: "text",
  issued_at: real,
  status: "text",
  auto: "boolean",
  marked_at: real,
  comment: "text",
  replacement_of: "text",
  imported: "boolean",
} as const

const quarantineColumns = {
  item: "text",
  pool: "text",
  tab: "text",
  reason: "text",
  column_name: "text",
  at: real,
  seq: "bigint",
  body: "text",
} as const

/**
 * All of them see the tables as they were before the statement. So no two steps may touch one row:
 * folding sees to that.
 */
const writeSteps: ReadonlyArray<Step> = [
  {
    of: "events",
    write: inserted("event", {
      seq: "bigint",
      pool: "text",
      at: real,
      body: "text",
      request: "text",
    }),
  },
  {
    of: "requestsOver",
    write: (rows) =>
      `UPDATE event SET request = NULL FROM fence, ${rows} AS t (pool text, key text)
       WHERE event.bot = fence.bot AND event.pool = t.pool AND event.request = t.key`,
  },
  { of: "refs", write: inserted("event_ref", { ref: "text", seq: "bigint" }, unlessKnown) },
  { of: "issued", write: inserted("history", { hash: "text" }, unlessKnown) },
  { of: "withdrawn", write: deleted("history", { hash: "text" }) },
  {
    of: "snapshots",
    write: inserted(
      "snapshot",
      { pool: "text", through: "bigint", state: "text" },
      `${replaced("pool", "through", "state")} WHERE excluded.through >= snapshot.through`,
    ),
  },
  {
    of: "snapshotParts",
    write: inserted(
      "snapshot_part",
      { pool: "text", part_set: "integer", number: "integer", through: "bigint", state: "text" },
      replaced("pool, part_set, number", "through", "state"),
    ),
  },
  {
    of: "intents",
    write: inserted("intent", {
      spreadsheet: "text",
      seq: "bigint",
      token: "text",
      state: "text",
      settled_at: real,
      body: "text",
    }),
  },
  {
    of: "settled",
    write: (rows) =>
      `UPDATE intent SET state = t.state, settled_at = t.settled_at
       FROM fence, ${rows} AS t (spreadsheet text, seq bigint, state text, settled_at ${real})
       WHERE intent.bot = fence.bot AND intent.spreadsheet = t.spreadsheet
         AND intent.seq = t.seq AND intent.state = 'open'`,
  },
  {
    of: "updates",
    write: inserted(
      "inbox",
      {
        update_id: "bigint",
        seq: "bigint",
        user_id: "bigint",
        received_at: real,
        handled_at: real,
        body: "text",
      },
      "ON CONFLICT (bot, update_id) DO NOTHING",
    ),
  },
  {
    of: "handled",
    write: (rows) =>
      `UPDATE inbox SET handled_at = t.at, body = NULL
       FROM fence, ${rows} AS t (update_id bigint, at ${real})
       WHERE inbox.bot = fence.bot AND inbox.update_id = t.update_id AND inbox.handled_at IS NULL`,
  },
  {
    of: "documents",
    // One that stood before keeps its place.
    write: (rows) =>
      `INSERT INTO document (bot, kind, key, seq, body)
       SELECT fence.bot, t.kind, t.key,
         CASE WHEN t.fresh THEN t.seq ELSE coalesce(standing.seq, t.seq) END, t.body
       FROM fence CROSS JOIN ${rows} AS t (kind text, key text, seq bigint, fresh boolean, body text)
       LEFT JOIN document AS standing ON standing.bot = fence.bot
         AND standing.kind = t.kind AND standing.key = t.key
       ${replaced("kind, key", "seq", "body")}`,
  },
  { of: "documentsRemoved", write: deleted("document", { kind: "text", key: "text" }) },
  {
    of: "books",
    write: inserted(
      "issuance",
      bookColumns,
      replaced("id", ...Object.keys(bookColumns).filter((name) => name !== "id")),
    ),
  },
  { of: "booksRemoved", write: deleted("issuance", { id: "text" }) },
  {
    of: "reserved",
    write: inserted("proxy_reserved", { proxy: "text", by: "bigint" }, replaced("proxy", "by")),
  },
  {
    of: "quarantined",
    write: inserted(
      "quarantine",
      quarantineColumns,
      replaced("item", ...Object.keys(quarantineColumns).filter((name) => name !== "item")),
    ),
  },
  { of: "left", write: deleted("quarantine", { item: "text" }) },
  {
    of: "pruned",
    write: (rows) =>
      `DELETE FROM inbox USING fence, ${rows} AS t (before ${real})
       WHERE inbox.bot = fence.bot AND inbox.handled_at < t.before`,
  },
  {
    of: "pruned",
    write: (rows) =>
      `DELETE FROM intent USING fence, ${rows} AS t (before ${real})
       WHERE intent.bot = fence.bot AND intent.settled_at < t.before AND intent.seq < (
         SELECT max(newer.seq) FROM intent AS newer
         WHERE newer.bot = intent.bot AND newer.spreadsheet = intent.spreadsheet
       )`,
  },
  {
    // Whoever has the bot now is not among them, and nobody asks for a commit of so long ago.
    of: "pruned",
    write: (rows) =>
      `DELETE FROM commit_mark USING fence, ${rows} AS t (before ${real})
       WHERE commit_mark.bot = fence.bot AND commit_mark.at < t.before AND commit_mark.holder <> $3`,
  },
]

/** Gives what `Known` says, as one text of JSON. */
export const knownOf = (bot: string, wanted: Wanted): Statement => ({
  sql: `
    SELECT json_build_object(
      'books', (
        SELECT coalesce(json_agg(issuance), '[]') FROM issuance
        WHERE bot = $1 AND id = ANY (ARRAY(SELECT json_array_elements_text($2::json)))
      ),
      'reserved', (
        SELECT coalesce(json_agg(proxy_reserved), '[]') FROM proxy_reserved
        WHERE bot = $1 AND proxy = ANY (ARRAY(SELECT json_array_elements_text($3::json)))
      ),
      'intents', (
        SELECT coalesce(json_agg(intent), '[]')
        FROM json_to_recordset($4::json) AS t (spreadsheet text, seq bigint)
        JOIN LATERAL (
          SELECT spreadsheet, seq, token FROM intent
          WHERE bot = $1 AND intent.spreadsheet = t.spreadsheet AND intent.seq = t.seq
        ) AS intent ON true
      ),
      'issuing', (
        SELECT coalesce(json_agg(issuing), '[]')
        FROM json_array_elements_text($5::json) AS t (issuance)
        JOIN LATERAL (
          SELECT t.issuance, event.seq, event.body FROM event_ref JOIN event USING (bot, seq)
          WHERE event_ref.bot = $1 AND event_ref.ref = 'i:' || t.issuance
          ORDER BY event_ref.seq LIMIT 1
        ) AS issuing ON true
      )
    )::text AS known`,
  values: [
    bot,
    ...[wanted.books, wanted.proxies, wanted.intents, wanted.issuing].map((names) =>
      JSON.stringify(names, storable),
    ),
  ],
})

/** A condition of a query; a question mark stands for each of its values. */
type Condition = readonly [sql: string, ...values: ReadonlyArray<string | number>]

const select = (
  what: string,
  conditions: ReadonlyArray<Condition>,
  after: string,
  ...last: ReadonlyArray<number>
): Statement => {
  const values = [...conditions.flatMap(([, ...found]) => found), ...last].map(String)
  let number = 0
  const numbered = (sql: string) => sql.replaceAll("?", () => `$${(number += 1)}`)
  const where = conditions.map(([sql]) => numbered(sql)).join(" AND ")
  return { sql: `SELECT ${what} WHERE ${where} ${numbered(after)}`, values }
}

const eventColumns = "event.seq::float8 AS seq, event.pool, event.at, event.body"

export const readingsOf = (bot: string) => {
  const mine = ["bot = ?", bot] as const

  return {
    snapshot: (pool: string) =>
      select("through::float8 AS through, state FROM snapshot", [mine, ["pool = ?", pool]], ""),
    snapshotParts: (pool: string, set: number) =>
      select(
        "number, through::float8 AS through, state FROM snapshot_part",
        [mine, ["pool = ?", pool], ["part_set = ?", set]],
        "ORDER BY number",
      ),
    eventsAfter: (pool: string, after: number) =>
      select(
        `${eventColumns} FROM event`,
        [mine, ["pool = ?", pool], ["seq > ?", after]],
        "ORDER BY event.seq",
      ),
    /** Fewer than `limit` where they are long, but one at least if there is any. */
    eventsPage: (pool: string, after: number, limit: number): Statement => ({
      sql: `
        SELECT seq::float8 AS seq, body FROM (
          SELECT seq, body, sum(length(body)) OVER (ORDER BY seq) - length(body) AS before FROM (
            SELECT seq, body FROM event WHERE bot = $1 AND pool = $2 AND seq > $3
            ORDER BY seq LIMIT $4
          ) AS next
        ) AS measured WHERE before < $5 ORDER BY measured.seq`,
      values: [bot, pool, String(after), String(limit), String(eventTextMax)],
    }),
    issued: (hashes: ReadonlyArray<string>): Statement => ({
      sql: `SELECT hash FROM history
            WHERE bot = $1 AND hash = ANY (ARRAY(SELECT json_array_elements_text($2::json)))`,
      values: [bot, JSON.stringify(hashes)],
    }),
    intents: (spreadsheet: string, count: number) =>
      select(
        `seq::float8 AS seq, state, settled_at AS "settledAt", body FROM intent`,
        [mine, ["spreadsheet = ?", spreadsheet]],
        "ORDER BY intent.seq DESC LIMIT ?",
        count,
      ),
    unhandled: (limit: number, after: number | undefined) =>
      select(
        `update_id::float8 AS "updateId", user_id::float8 AS "userId", body FROM inbox`,
        [
          mine,
          ["handled_at IS NULL"],
          ...(after === undefined
            ? []
            : [
                [
                  "seq > coalesce((SELECT seq FROM inbox WHERE bot = ? AND update_id = ?), 0)",
                  bot,
                  after,
                ] as const,
              ]),
        ],
        "ORDER BY inbox.seq LIMIT ?",
        limit,
      ),
    documents: (kind: string) =>
      select("key, body FROM document", [mine, ["kind = ?", kind]], "ORDER BY document.seq"),
  }
}

/** What is read of the books, the trail and the quarantine. */
export const projectionReadingsOf = (bot: string) => {
  const mine = ["bot = ?", bot] as const

  return {
    booked: (query: BookQuery, limit: number, after: Pick<Booked, "issuedAt" | "id"> | undefined) =>
      select(
        `id, resource, variant, region, holder::float8 AS holder, stage, key, day,
           issued_at AS "issuedAt", status, auto::int AS auto, marked_at AS "markedAt", comment,
           replacement_of AS "replacementOf", imported::int AS imported FROM issuance`,
        [
          mine,
          ...queried(query),
          ...(after === undefined
            ? []
            : [["(issued_at, id) < (?, ?)", after.issuedAt, after.id] as const]),
        ],
        "ORDER BY issued_at DESC, id DESC LIMIT ?",
        limit,
      ),
    // From one person to the next: a look at every issuance would take long.
    holders: {
      sql: `
        WITH RECURSIVE person (who) AS (
          SELECT min(holder) FROM issuance WHERE bot = $1
          UNION ALL
          SELECT (SELECT min(holder) FROM issuance WHERE bot = $1 AND holder > who) FROM person
          WHERE who IS NOT NULL
        )
        SELECT who::float8 AS holder, stage, issued_at AS "issuedAt" FROM person JOIN LATERAL (
          SELECT stage, issued_at FROM issuance WHERE bot = $1 AND holder = who
          ORDER BY issued_at DESC, id DESC LIMIT 1
        ) AS newest ON true ORDER BY who`,
      values: [bot],
    },
    /** Counted when somebody asks: other than SQLite's, such a look holds nobody up. */
    tally: (query: BookQuery) =>
      select(
        `variant, region, day, status, auto::int AS auto, comment, count(*)::float8 AS count
         FROM issuance`,
        [mine, ...queried(query)],
        "GROUP BY variant, region, day, status, auto, comment",
      ),
    trail: ({ person, issuance, before, limit }: TrailQuery) => {
      const [first, second] = [
        ...(person === undefined ? [] : [refOfPerson(person)]),
        ...(issuance === undefined ? [] : [refOfIssuance(issuance)]),
      ]
      // What concerns somebody is found from its references, and all events from their own table.
      const table = first === undefined ? "event" : "event_ref"
      return select(
        `${eventColumns} FROM ${first === undefined ? "event" : "event_ref JOIN event USING (bot, seq)"}`,
        [
          [`${table}.bot = ?`, bot],
          ...(first === undefined ? [] : [["event_ref.ref = ?", first] as const]),
          ...(second === undefined
            ? []
            : [
                [
                  `EXISTS (SELECT FROM event_ref AS other WHERE other.bot = event.bot
                     AND other.seq = event.seq AND other.ref = ?)`,
                  second,
                ] as const,
              ]),
          ...(before === undefined ? [] : [[`${table}.seq < ?`, before] as const]),
        ],
        `ORDER BY ${table}.seq DESC LIMIT ?`,
        limit,
      )
    },
    quarantined: (
      { pool, item, tab, reason, column }: QuarantineQuery,
      { limit, skip }: { readonly limit: number; readonly skip: number },
    ) =>
      select(
        "pool, at, seq::float8 AS seq, body AS row FROM quarantine",
        [
          mine,
          ["pool = ?", pool],
          ...(item === undefined ? [] : [["item = ?", item] as const]),
          ...(tab === undefined ? [] : [["tab = ?", tab] as const]),
          ...(reason === undefined ? [] : [["reason = ?", reason] as const]),
          ...(column === undefined ? [] : [columnIs(column)]),
        ],
        "ORDER BY quarantine.seq DESC, item LIMIT ? OFFSET ?",
        limit,
        skip,
      ),
    quarantineTally: select(
      `pool, tab, reason, column_name AS "columnName", count(*)::float8 AS count FROM quarantine`,
      [mine],
      "GROUP BY pool, tab, reason, column_name",
    ),
  }
}

const columnIs = (column: string | null): Condition =>
  column === null ? ["column_name IS NULL"] : ["column_name = ?", column]

const queried = ({ resource, holder, from, to }: BookQuery): ReadonlyArray<Condition> => [
  ...(resource === undefined ? [] : [["resource = ?", resource] as const]),
  ...(holder === undefined ? [] : [["holder = ?", holder] as const]),
  ...(from === undefined ? [] : [["issued_at >= ?", from] as const]),
  ...(to === undefined ? [] : [["issued_at < ?", to] as const]),
]
