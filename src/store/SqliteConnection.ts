/**
 * One connection to journal.db, closed to every other process.
 *
 * After a failure of the disk it is opened anew, since what SQLite then has in memory is not
 * trusted.
 */
import { Exit, Predicate, Record, Result } from "effect"
import type { Keys } from "../config/JournalKey.ts"
import {
  copiesKind,
  copyKind,
  type CopyMark,
  DirectoryInUse,
  JournalDamaged,
  JournalSealed,
  StorageUnavailable,
} from "./Journal.ts"
import type { Entry } from "./records.ts"
import { type DayAt, unequalDays } from "./counts.ts"
import {
  fillCounts,
  fillProjections,
  IntentTaken,
  prepareTables,
  putDocument,
  type Tables,
} from "./sqliteTables.ts"
import {
  hashIn,
  never,
  type Resealed,
  type Sealed,
  sealedAs,
  sealWithFirst,
  sweep,
} from "./resealing.ts"
import type { Sealing } from "./sealing.ts"
import { copyDatabase, type Database, openDatabase } from "./SqliteDatabase.ts"
import { brokenStructure, sumAll, tables as summedTables, unsoundRows } from "./soundness.ts"
import { damageInLog } from "./walFrames.ts"

type OpenError = DirectoryInUse | JournalDamaged | JournalSealed | StorageUnavailable

export interface SqliteConnection {
  /**
   * Applies each job whole or not at all, in order, and in one transaction if possible. Gives the
   * last `seq` after each job.
   */
  readonly commit: (
    jobs: ReadonlyArray<ReadonlyArray<Entry>>,
  ) => ReadonlyArray<Exit.Exit<number, StorageUnavailable>>
  readonly read: <A>(
    operation: string,
    f: (tables: Tables) => A,
  ) => Result.Result<A, StorageUnavailable>
  /**
   * Changes what is there as `f` does, in one transaction, and empties the log, which would go on
   * showing what was there before.
   */
  readonly rewrite: <A>(
    operation: string,
    f: (database: Database, sealing: Sealing) => A,
  ) => Result.Result<A, StorageUnavailable>
  /** Copies all of it into the file, some pages at a time. */
  readonly copyInto: (file: string) => Promise<void>
  /** `undefined` where the journal stays sealed as it was. */
  readonly resealed: Resealed | undefined
  readonly close: () => void
}

/** A former version wrote the journal: it is to be copied before it is brought up to date. */
export class MigrationDue extends Error {
  readonly _tag = "MigrationDue"
}

interface Options {
  readonly directory: string
  readonly connect: () => Database
  readonly hash: (pool: string, key: string) => string
  /** The days by which issuances are counted. */
  readonly dayAt: DayAt
  /** How many characters of old events are packed into one block. */
  readonly blockText: number
  /** Whether the tables of a former version may be changed: only where a copy of them is kept. */
  readonly mayMigrate: boolean
  /** The keys that may open the journal. */
  readonly keys: Keys
  /** Whether all of it is sealed with the first of them, where another one opens it. */
  readonly mayReseal: boolean
}

interface Session {
  readonly database: Database
  readonly tables: Tables
  readonly sealing: Sealing
  readonly resealed: Resealed | undefined
}

export const open = (options: Options): Result.Result<SqliteConnection, OpenError | MigrationDue> =>
  Result.map(
    Result.try({
      try: () => {
        // Before SQLite reads the log: it drops what it takes for a write that was cut off.
        const lost = damageInLog(logIn(options.directory))
        if (lost !== undefined) throw lost
        return openSession(options, { isFirst: true })
      },
      catch: (cause) =>
        cause instanceof MigrationDue ? cause : toOpenError(options.directory, cause),
    }),
    // After a failure of the disk people wait, and the file was looked through at the start.
    (session) => makeConnection(session, () => openSession(options, { isFirst: false })),
  )

/** What is found in a journal that nothing is done to. */
interface Examined {
  /** All that is damaged, or the first `namedMax` of each kind. */
  readonly damage: ReadonlyArray<JournalDamaged>
  /** A former version wrote it. The next start brings it up to date. */
  readonly isOlder: boolean
}

/** Looks through all of the file, events included, and writes nothing into it. */
export const examine = ({
  directory,
  connect,
}: Pick<Options, "directory" | "connect">): Result.Result<Examined, OpenError> =>
  Result.try({
    try: () => {
      const lost = damageInLog(logIn(directory))
      // Whoever opens a journal closes it, and its log with it: the damaged log stays as it is.
      if (lost !== undefined) return { isOlder: false, damage: [lost] }
      const database = connect()
      try {
        database.exec("PRAGMA locking_mode = EXCLUSIVE")
        // Also tells whether another process works with it.
        database.exec("BEGIN IMMEDIATE")
        const version = versionOf(database)
        return {
          isOlder: version < migrations.length,
          damage: damageIn(database, version, { all: true, limit: namedMax }),
        }
      } finally {
        database.close()
      }
    },
    catch: (cause) => toOpenError(directory, cause),
  })

const namedMax = 20

const logIn = (directory: string) => `${directory}/journal.db-wal`

const makeConnection = (first: Session, reopen: () => Session): SqliteConnection => {
  let session: Session | undefined = first

  const close = () => {
    const { database } = session ?? {}
    session = undefined
    database?.close()
  }

  const recover = (cause: unknown) => {
    try {
      if (isSqliteFault(cause)) close()
      else if (session?.database.isTransaction === true) session.database.exec("ROLLBACK")
    } catch {
      // The connection cannot even be closed: it is given up, and its transaction with it.
      session = undefined
    }
  }

  /** After a failure of `f` no transaction is open, and no connection that is in doubt. */
  const use = <A>(operation: string, f: (session: Session) => A) =>
    Result.try({
      try: () => f((session ??= reopen())),
      catch: (cause) => {
        recover(cause)
        return new StorageUnavailable({ operation, cause })
      },
    })

  const commit: SqliteConnection["commit"] = (jobs) => {
    // A failure before COMMIT means that nothing happened.
    let isCommitAsked = false
    const seqs = use("write", ({ database, tables }) => {
      database.exec("BEGIN IMMEDIATE")
      tables.begin()
      const each = jobs.map((entries) => {
        entries.forEach(tables.apply)
        return tables.lastSeq()
      })
      tables.finish()
      isCommitAsked = true
      database.exec("COMMIT")
      return each
    })
    if (Result.isSuccess(seqs)) return seqs.success.map((seq) => Exit.succeed(seq))
    if (!isCommitAsked && jobs.length > 1) return jobs.flatMap((job) => commit([job]))
    return jobs.map(() => Exit.fail(seqs.failure))
  }

  return {
    commit,
    read: (operation, f) => use(operation, ({ tables }) => f(tables)),
    rewrite: (operation, f) =>
      use(operation, ({ database, sealing }) => rewriteIn(database, () => f(database, sealing))),
    copyInto: async (file) => {
      if (session === undefined) throw new Error("there is no connection")
      await copyDatabase(session.database, file)
    },
    resealed: first.resealed,
    close,
  }
}

/**
 * Copies a journal that nobody works with, of whatever version, into a file. It is kept from
 * everybody else meanwhile, and its tables stay as they are. It notes that the copy was made, where
 * it is of this version.
 */
export const copyStopped = async (
  { directory, connect }: Pick<Options, "directory" | "connect">,
  file: string,
  madeAt: number,
): Promise<void> => {
  try {
    const lost = damageInLog(logIn(directory))
    if (lost !== undefined) throw lost
    const database = connect()
    try {
      database.exec("PRAGMA locking_mode = EXCLUSIVE")
      database.exec("BEGIN IMMEDIATE")
      // Only a newer program knows what it would copy.
      const version = versionOf(database)
      if (version === migrations.length) putDocument(database, copiesKind, String(madeAt), "{}")
      database.exec("COMMIT")
      await copyDatabase(database, file)
    } finally {
      database.close()
    }
  } catch (cause) {
    throw toOpenError(directory, cause)
  }
}

/** Writes into a copy that it is one. */
export const markCopy = (connect: () => Database, mark: CopyMark): void => {
  const database = connect()
  try {
    database.exec("PRAGMA synchronous = FULL")
    database.exec("BEGIN IMMEDIATE")
    const body = JSON.stringify(mark)
    if (versionOf(database) < summedSince) {
      database
        .prepare("REPLACE INTO document (kind, key, body) VALUES (?, '', ?)")
        .run(copyKind, body)
    } else {
      putDocument(database, copyKind, "", body)
    }
    database.exec("COMMIT")
  } finally {
    database.close()
  }
}

const rewriteIn = <A>(database: Database, f: () => A): A => {
  database.exec("BEGIN IMMEDIATE")
  const answer = f()
  database.exec("COMMIT")
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)")
  return answer
}

/**
 * Changes a copy that nobody works with. It has to be of this version, and one of the keys has to
 * open it: it stays sealed as it is.
 */
export const rewriteCopy = <A>(
  { connect, keys }: Pick<Options, "connect" | "keys">,
  f: (database: Database, sealing: Sealing) => A,
): A => {
  const database = connect()
  try {
    database.exec("PRAGMA synchronous = FULL")
    database.exec("PRAGMA secure_delete = ON")
    const version = versionOf(database)
    if (version !== migrations.length) throw new MigrationDue()
    return rewriteIn(database, () => f(database, sealedAs(database, keys).sealing))
  } finally {
    database.close()
  }
}

/** Whether a former version wrote the journal in the directory, which nobody works with. */
export const isOfFormerVersion = (connect: () => Database): boolean => {
  const database = connect()
  try {
    return isFormer(versionOf(database))
  } finally {
    database.close()
  }
}

/** Whether the tables are there, and are not those of this version. */
const isFormer = (version: number) => version > 0 && version < migrations.length

/** `isFirst`: throws where what stands there may not be used, and may seal all of it anew. */
const openSession = (options: Options, { isFirst }: { readonly isFirst: boolean }): Session => {
  const { connect, hash, dayAt, blockText, keys } = options
  const database = connect()
  try {
    // Set before the first access, so that the lock belongs to the process and ends with it.
    database.exec("PRAGMA locking_mode = EXCLUSIVE")
    database.exec("PRAGMA journal_mode = WAL")
    database.exec("PRAGMA synchronous = FULL")
    // Erased drafts and messages may have held passwords: SQLite overwrites what it deletes.
    database.exec("PRAGMA secure_delete = ON")
    database.exec("BEGIN IMMEDIATE")
    const version = versionOf(database)
    if (isFirst) refuseDamage(database, version)
    const before = version === 0 ? never : sealedAs(database, keys)
    if (isFormer(version) && !options.mayMigrate) throw new MigrationDue()
    migrate(database, version, dayAt, before.sealing)
    const sealed =
      isFirst && options.mayReseal
        ? sealWithFirst(database, before, keys, { dayAt, isEmpty: version === 0 })
        : before
    const { sealing } = sealed
    const tables = prepareTables(database, {
      hash: hashIn(sealed, hash),
      dayAt,
      blockText,
      sealing,
    })
    // The setting of the time zone has changed.
    if (tables.isCountedByOtherDays()) fillCounts(database, dayAt, sealing)
    database.exec("COMMIT")
    const resealed = isFirst && options.mayReseal ? swept(database, before, sealed) : undefined
    return { database, tables, sealing, resealed }
  } catch (cause) {
    database.close()
    throw cause
  }
}

/** Leaves nothing of what stood there before all was sealed anew, be it at an earlier start. */
const swept = (database: Database, before: Sealed, now: Sealed): Resealed | undefined => {
  const isSwept = now.isUnswept && sweep(database, now)
  return now === before && !now.isUnswept
    ? undefined
    : { from: before.sealing.key, to: now.sealing.key, isSwept: isSwept || !now.isUnswept }
}

/** The version of the schema; throws where only a newer program knows it. */
const versionOf = (database: Database): number => {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"])
  if (version <= migrations.length) return version
  throw new JournalDamaged({
    table: "journal.db",
    record: `schema version ${version}`,
    problem: `a newer version of the program wrote it; this one knows ${migrations.length} at most`,
  })
}

const refuseDamage = (database: Database, version: number) => {
  const [first] = damageIn(database, version, { all: false, limit: 1 })
  if (first !== undefined) throw first
}

/**
 * What is damaged. `all`: the events too, which a start leaves to whoever reads them, since they
 * are most of the file and only the newest of them are needed at once.
 */
const damageIn = (
  database: Database,
  version: number,
  { all, limit }: { readonly all: boolean; readonly limit: number },
): ReadonlyArray<JournalDamaged> => {
  const expected = schemaAt(version)
  const found = schemaOf(database)
  const wrong = [...schemaAt(migrations.length).keys()].find(
    (name) => found.get(name) !== expected.get(name),
  )
  if (wrong !== undefined) {
    // Nothing else can be asked of tables that are not what they should be.
    return [
      new JournalDamaged({
        table: "journal.db",
        record: wrong,
        problem: `it is not as version ${version} of the schema has it`,
      }),
    ]
  }
  return [
    ...brokenStructure(database, limit),
    ...(version < summedSince
      ? []
      : unsoundRows(
          database,
          summedTables.filter((table) => expected.has(table) && (all || !leftToReaders.has(table))),
          limit,
        )),
    ...(all && version >= countedSince ? unequalCounts(database, limit) : []),
  ]
}

const leftToReaders: ReadonlySet<string> = new Set(["event", "event_block"])

/** Days whose counts do not add up to the issuances of that day. */
const unequalCounts = (database: Database, limit: number): ReadonlyArray<JournalDamaged> =>
  database
    .prepare(`${unequalDays} LIMIT ${limit}`)
    .all()
    .map(
      ({ start }) =>
        new JournalDamaged({
          table: "issued_count",
          record: String(start),
          problem: "the issuances of the day are not as many as were counted",
        }),
    )

/** The tables and indexes by name, each with how it was made. */
const schemaOf = (database: Database): ReadonlyMap<string, string> =>
  new Map(
    database
      .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema")
      .all()
      .map(({ type, name, tbl_name: table, sql }) => [
        String(name),
        // Where white space stands is SQLite's affair, when it adds a column to a text.
        `${String(type)} ${String(table)} ${String(sql).replaceAll(/\s+/g, "")}`,
      ]),
  )

/** The tables as a version of the program makes them. */
const schemaAt = (version: number): ReadonlyMap<string, string> => {
  const known = schemas.get(version)
  if (known !== undefined) return known
  const database = openDatabase(":memory:")
  for (const step of migrations.slice(0, version)) database.exec(step)
  const schema = schemaOf(database)
  database.close()
  schemas.set(version, schema)
  return schema
}

const schemas = new Map<number, ReadonlyMap<string, string>>()

/** To be called inside a transaction. */
const migrate = (database: Database, version: number, dayAt: DayAt, sealing: Sealing) => {
  if (version === migrations.length) return
  for (const step of migrations.slice(version)) database.exec(step)
  // This comes after all steps, since it writes to the tables as they are now.
  const missing = Record.keys(keptSince).filter((part) => version < keptSince[part])
  if (missing.length > 0) fillProjections(database, missing, dayAt, sealing)
  if (version < summedSince) sumAll(database)
  if (version < countedSince) fillCounts(database, dayAt, sealing)
  database.exec(`PRAGMA user_version = ${migrations.length}`)
}

/**
 * The steps that make the tables of journal.db, oldest first. A step that has shipped is never
 * edited: a change is a new step at the end.
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
  `
  CREATE TABLE quarantine (
    item TEXT PRIMARY KEY,
    pool TEXT NOT NULL,
    tab TEXT NOT NULL,
    reason TEXT NOT NULL,
    column_name TEXT,
    at REAL NOT NULL,
    seq INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX quarantine_by_tab ON quarantine (pool, tab, reason, column_name, seq);
  `,
  // Every row carries the checksum of what stands in it.
  `
  ALTER TABLE event ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE snapshot ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE intent ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE inbox ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE document ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE history ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE issuance ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE event_ref ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE proxy_reserved ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE quarantine ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  `,
  // Why issuances have their status. A table of its own, since most have no comment.
  `
  CREATE TABLE comment (
    issuance TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    sum INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // How many issuances of a day are alike. A day is kept with the moments of its ends.
  `
  CREATE TABLE count_day (
    start INTEGER PRIMARY KEY,
    until INTEGER NOT NULL,
    sum INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE issued_count (
    resource TEXT NOT NULL,
    start INTEGER NOT NULL,
    alike TEXT NOT NULL,
    day TEXT NOT NULL,
    count INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (resource, start, alike, day)
  ) STRICT, WITHOUT ROWID;
  `,
  // Old events, some hundreds of one pool in one compressed block; see archive.ts.
  `
  CREATE TABLE event_block (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    pool TEXT NOT NULL,
    body BLOB NOT NULL,
    sum INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX event_block_by_pool ON event_block (pool, last);
  CREATE INDEX event_block_by_last ON event_block (last);

  CREATE TABLE block_ref (
    ref TEXT NOT NULL,
    block INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (ref, block)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX event_ref_by_seq ON event_ref (seq);
  `,
  // Parts of large snapshots. There are two sets of them: one is written while the other counts.
  `
  CREATE TABLE snapshot_part (
    pool TEXT NOT NULL,
    part_set INTEGER NOT NULL,
    number INTEGER NOT NULL,
    through INTEGER NOT NULL,
    state TEXT NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (pool, part_set, number)
  ) STRICT, WITHOUT ROWID;
  `,
]

/**
 * The version from which on each projection is kept; earlier events are folded into it.
 */
const keptSince = { issuances: 2, proxies: 2, people: 2, changes: 2, quarantine: 4 } as const

/** The version from which on issuances are counted by day; those of before are counted then. */
const countedSince = 7

/** The version from which on rows carry checksums; earlier rows are given them as they are read. */
const summedSince = 5

/** Primary result codes of SQLite, see https://www.sqlite.org/rescode.html */
const code = {
  error: 1,
  busy: 5,
  locked: 6,
  corrupt: 11,
  constraint: 19,
  notADatabase: 26,
} as const

const codeOf = (cause: unknown): number | undefined =>
  Predicate.hasProperty(cause, "errcode") && typeof cause.errcode === "number"
    ? cause.errcode & 0xff
    : undefined

/** Whether the disk or the file is at fault, and not what was to be written. */
const isSqliteFault = (cause: unknown) =>
  !(cause instanceof IntentTaken) && codeOf(cause) !== code.constraint

const toOpenError = (directory: string, cause: unknown): OpenError => {
  if (cause instanceof JournalDamaged || cause instanceof JournalSealed) return cause
  switch (codeOf(cause)) {
    case code.busy:
    case code.locked:
      return new DirectoryInUse({ directory })
    case code.corrupt:
    case code.notADatabase:
      return new JournalDamaged({
        table: "journal.db",
        record: "file",
        problem: "it is not a database or its pages are damaged",
      })
    case code.error:
      return new JournalDamaged({
        table: "journal.db",
        record: "file",
        problem: "its tables are not what the program knows",
      })
    default:
      return new StorageUnavailable({
        operation: "open",
        place: `${directory} (${reasonOf(cause)})`,
        cause,
      })
  }
}

/** SQLite's own words, which speak of the file and never of what is in it. */
const reasonOf = (cause: unknown) =>
  Predicate.hasProperty(cause, "errstr") ? String(cause.errstr) : "no reason given"
