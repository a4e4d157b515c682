/**
 * The tables of journal.db, as numbered steps, oldest first.
 *
 * A step that has shipped is never edited: a change is a new one at the end.
 */
export const migrations: ReadonlyArray<string> = [
  `
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    pool TEXT NOT NULL,
    at REAL NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_by_pool ON event (pool, seq);

  CREATE TABLE snapshot (
    pool TEXT PRIMARY KEY,
    through INTEGER NOT NULL,
    state TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE intent (
    spreadsheet TEXT NOT NULL,
    seq INTEGER NOT NULL,
    token TEXT NOT NULL,
    state TEXT NOT NULL,
    settled_at REAL,
    body TEXT NOT NULL,
    PRIMARY KEY (spreadsheet, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY,
    update_id INTEGER NOT NULL UNIQUE,
    user_id INTEGER NOT NULL,
    received_at REAL NOT NULL,
    handled_at REAL,
    body TEXT
  ) STRICT;
  CREATE INDEX inbox_unhandled ON inbox (seq) WHERE handled_at IS NULL;

  CREATE TABLE document (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, key)
  ) STRICT;

  CREATE TABLE history (hash TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE issuance (
    id TEXT PRIMARY KEY,
    resource TEXT NOT NULL,
    variant TEXT,
    region TEXT NOT NULL,
    holder INTEGER,
    stage TEXT NOT NULL,
    key TEXT NOT NULL,
    day TEXT,
    issued_at REAL NOT NULL,
    status TEXT,
    auto INTEGER NOT NULL,
    marked_at REAL,
    replacement_of TEXT,
    imported INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX issuance_by_resource ON issuance (resource, issued_at);
  CREATE INDEX issuance_by_holder ON issuance (holder, issued_at);

  CREATE TABLE event_ref (
    ref TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (ref, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE proxy_reserved (
    proxy TEXT PRIMARY KEY,
    by INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // The export reads the issuances of all resources page by page.
  `
  CREATE INDEX issuance_by_time ON issuance (issued_at);
  `,
]

/** From this version on the books and the trail are kept: what was before is folded into them. */
export const projectedSince = 2
