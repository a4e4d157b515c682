/**
 * The journal in Postgres, for bots whose data outlive a machine: one database serves many of them.
 *
 * A bot belongs to the process that opened its journal last. Opening raises the epoch of the bot, and
 * whoever wrote before under an older one is refused from then on, whatever it believes of itself.
 *
 * A commit is one statement (see postgresTables.ts), so a connection that is lost in the middle
 * leaves all of it or nothing. Which of the two is never guessed: the journal raises its own epoch,
 * which waits for a commit that is still on its way and bars one that comes later, and then looks at
 * the mark that every commit leaves. Until that is known its callers wait.
 *
 * No module of the program imports this one statically: without DATABASE_URL nothing of it is loaded.
 */
import * as PgPool from "@effect/sql-pg/PgPool"
import type { PgConnection } from "@effect/sql-pg/PgConnection"
import {
  type Cause,
  Clock,
  Context,
  Deferred,
  Duration,
  Effect,
  Exit,
  Fiber,
  Layer,
  Option,
  Predicate,
  Queue,
  type Redacted,
  Result,
  Schedule,
  Schema,
} from "effect"
import type { SqlError } from "effect/sql/SqlError"
import {
  closingPatience,
  commitPatience,
  readPatience,
  ownerSeen,
  sharedReadersMax,
} from "../../config/Limits.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { MachineClock } from "../../observe/elapsed.ts"
import { note } from "../../observe/metrics.ts"
import { traced } from "../../observe/traced.ts"
import { countRow } from "../counts.ts"
import {
  Disowned,
  Holder,
  Journal,
  JournalDamaged,
  movedKind,
  sealingKind,
  StorageUnavailable,
} from "../Journal.ts"
import {
  BookedRow,
  decodeRows,
  DocumentRow,
  encodeWrites,
  eventOf,
  EventRow,
  intentOf,
  IntentRow,
  QuarantineRow,
  QuarantineTallyRow,
  recordedOf,
  RecordedRow,
  SnapshotRow,
  talliesOf,
  UpdateRow,
  withoutNull,
} from "../records.ts"
import { Tenure } from "../Ownership.ts"
import { hashIn, pepperIn } from "../resealing.ts"
import { hashOf } from "../SqliteJournal.ts"
import { inTransaction } from "./transaction.ts"
import { cleanAfter, forgetAsked } from "./personErasure.ts"
import {
  foldJobs,
  type Job,
  Known,
  knownNothing,
  type Numbers,
  requestsIn,
  wantedBy,
} from "./commitRows.ts"
import {
  commitOf,
  databaseNow,
  knownOf,
  migrations,
  projectionReadingsOf,
  readingsOf,
  schemaName,
  type Statement,
  takeOwner,
} from "./postgresTables.ts"
import { makeDatabaseClock } from "../databaseClock.ts"
import {
  makeOwnerNotices,
  makeProofs,
  makeTenure,
  type OwnerNotices,
  type Owning,
} from "./tenure.ts"
import { within } from "./within.ts"

interface Options {
  readonly url: Redacted.Redacted
  /** Whose journal of those in the database. */
  readonly bot?: string
  /** They are not forgotten, whoever asked for it. */
  readonly admins: ReadonlyArray<TelegramId>
  /** Whoever works with the journal goes by the time of the database, and not by the machine's. */
  readonly tellsTime?: boolean
}

type Row = Readonly<Record<string, unknown>>

/** How each connection of a bot begins. */
export const connectionSettings = (url: Redacted.Redacted) =>
  ({
    url,
    applicationName: "account-bot",
    // A commit that is told of is on the disk of the server.
    startupParameters: { search_path: schemaName, synchronous_commit: "on" },
    keepAlive: "30 seconds",
    idleTimeout: "1 hour",
    // A part of a snapshot may be some megabytes.
    maxMessageSize: 256 * 1024 * 1024,
  }) as const

/** By which the database tells whether somebody works with the bot; it keeps so many signs of it. */
export const sessionName = (bot: string) => `account-bot ${bot}`.slice(0, 63)

/** What the bots of a process share; without it each bot opens connections of its own. */
interface Readers {
  readonly pool: PgPool.PgPool
  readonly notices: OwnerNotices
}

class SharedReaders extends Context.Reference<Option.Option<Readers>>(
  "account-bot/store/postgres/PostgresJournal/SharedReaders",
  { defaultValue: () => Option.none() },
) {}

const makeReaders = Effect.fnUntraced(function* (settings: PgPool.Config) {
  const opening = Effect.mapError(unavailable("open", "the database"))
  const pool = yield* opening(PgPool.make(settings))
  const listener = yield* opening(PgPool.make({ ...settings, maxConnections: 1 }))
  const readers: Readers = { pool, notices: yield* makeOwnerNotices(listener) }
  return readers
})

/**
 * Around the bots of a process. Each keeps one connection of its own for its commits, so hundreds of
 * bots need hundreds of connections and not thousands, and no commit waits for somebody's readings.
 */
const layerSharedReaders = ({
  url,
}: Pick<Options, "url">): Layer.Layer<never, StorageUnavailable> =>
  Layer.effect(
    SharedReaders,
    Effect.asSome(
      makeReaders({
        ...connectionSettings(url),
        applicationName: "account-bot (readings)",
        maxConnections: sharedReadersMax,
      }),
    ),
  )

const ownReadersMax = 4

const layer = ({
  url,
  bot = "default",
  admins,
  tellsTime = false,
}: Options): Layer.Layer<Journal, JournalDamaged | StorageUnavailable> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const settings = { ...connectionSettings(url), applicationName: sessionName(bot) }
      const opening = Effect.mapError(unavailable("open", "the database"))
      const writer = yield* opening(PgPool.make({ ...settings, maxConnections: 1 }))
      yield* Effect.scoped(
        Effect.flatMap(opening(writer.reserve), (connection) => migrate(connection)),
      )
      const commits = yield* makeCommits(writer, bot, admins)
      // Others than the writer's, so that long readings do not keep a commit waiting.
      const { pool: reader, notices } = yield* Option.match(yield* SharedReaders, {
        onNone: () => makeReaders({ ...settings, maxConnections: ownReadersMax }),
        onSome: Effect.succeed,
      })
      const tenure = yield* makeTenure(writer, notices, commits.owning)
      if (commits.forgotten > 0) yield* Effect.forkScoped(cleaning(reader))

      const read: Read = (operation, { sql, values }, patience = readPatience) =>
        reader
          .use((connection) => connection.query(sql, values))
          .pipe(
            within(patience),
            Effect.map(({ rows }) => rows),
            Effect.mapError(unavailable(operation)),
          )

      const write: Journal["Service"]["write"] = Effect.fnUntraced(function* (writes) {
        const at = yield* Clock.currentTimeMillis
        const entries = yield* encodeWrites(writes, at)
        return yield* commits.submit({ entries, requests: requestsIn(writes) })
      }, traced("Journal.write"))

      const journal = Journal.of({
        write,
        drain: commits.drain,
        prune: (before) =>
          Effect.asVoid(commits.submit({ entries: [{ _tag: "Prune", before }], requests: [] })),
        copyTo: () =>
          Effect.fail(
            new StorageUnavailable({
              operation: "copy",
              place: "the journal is in Postgres, which is copied by its own means (pg_dump)",
              cause: "no file",
            }),
          ),
        ...makeReadings(read, bot, commits.hash),
        ...makeProjectionReadings(read, bot),
      })
      const context = Context.make(Journal, journal).pipe(Context.add(Tenure, tenure))
      if (!tellsTime) return context
      const machine = yield* Clock.Clock
      return Context.add(context, Clock.Clock, yield* opening(databaseClock(reader))).pipe(
        Context.add(MachineClock, Option.some(machine)),
      )
    }),
  )

export const PostgresJournal = { layer, layerSharedReaders } as const

type Read = (
  operation: string,
  statement: Statement,
  patience?: Duration.Duration,
) => Effect.Effect<ReadonlyArray<Row>, StorageUnavailable>

/** What a start reads of a pool. */
export const restoring = (read: Read, bot: string) => {
  const select = readingsOf(bot)

  const restore: Journal["Service"]["restore"] = Effect.fn("Journal.restore")(function* (pool) {
    const taken = yield* read("restore", select.snapshot(pool))
    const [snapshot] = yield* decodeRows(SnapshotRow, "snapshot", taken, () => pool)
    const rows = yield* read("restore", select.eventsAfter(pool, snapshot?.through ?? 0))
    const found = yield* decodeRows(EventRow, "event", rows, ({ seq }) => seq)
    return { snapshot: Option.fromUndefinedOr(snapshot), events: found.map(eventOf) }
  })

  const snapshotParts: Journal["Service"]["snapshotParts"] = Effect.fn("Journal.snapshotParts")(
    function* (pool, set) {
      const rows = yield* read("snapshotParts", select.snapshotParts(pool, set))
      return yield* decodeRows(
        SnapshotRow,
        "snapshot_part",
        rows,
        ({ number }) => `${pool} ${String(number)}`,
      )
    },
  )

  return { restore, snapshotParts }
}

const makeReadings = (read: Read, bot: string, hashed: Hash) => {
  const select = readingsOf(bot)
  const { restore, snapshotParts } = restoring(read, bot)

  const events: Journal["Service"]["events"] = Effect.fn("Journal.events")(function* (
    pool,
    { after, limit },
  ) {
    const rows = yield* read("events", select.eventsPage(pool, after, limit))
    const found = yield* decodeRows(EventRow, "event", rows, ({ seq }) => seq)
    return found.map(eventOf)
  })

  const issuedBefore: Journal["Service"]["issuedBefore"] = Effect.fn("Journal.issuedBefore")(
    function* (pool, keys) {
      const hashes = keys.map((key) => hashed(pool, key))
      const rows = yield* read("issuedBefore", select.issued(hashes))
      const found = new Set(rows.map(({ hash }) => hash))
      return new Set(keys.filter((_, index) => found.has(hashes[index])))
    },
  )

  const intents: Journal["Service"]["intents"] = Effect.fn("Journal.intents")(
    function* (spreadsheet, count) {
      const rows = yield* read("intents", select.intents(spreadsheet, count))
      const found = yield* decodeRows(IntentRow, "intent", rows, ({ seq }) => seq)
      return found.map(intentOf)
    },
  )

  const unhandled: Journal["Service"]["unhandled"] = Effect.fn("Journal.unhandled")(function* ({
    after,
    limit,
  }) {
    // Everybody's updates wait for it.
    const rows = yield* read("unhandled", select.unhandled(limit, after), commitPatience)
    return yield* decodeRows(UpdateRow, "inbox", rows, ({ updateId }) => updateId)
  })

  const documents: Journal["Service"]["documents"] = Effect.fn("Journal.documents")(
    function* (kind) {
      const rows = yield* read("documents", select.documents(kind))
      return yield* decodeRows(DocumentRow, "document", rows, ({ key }) => key).pipe(
        Effect.mapError(because("documents")),
      )
    },
  )

  return { restore, snapshotParts, events, issuedBefore, intents, unhandled, documents }
}

/** What is read of the books, the trail and the quarantine. */
const makeProjectionReadings = (read: Read, bot: string) => {
  const select = projectionReadingsOf(bot)

  const booked: Journal["Service"]["booked"] = Effect.fn("Journal.booked")(function* (
    query,
    { limit, after },
  ) {
    const rows = yield* read("booked", select.booked(query, limit, after))
    const found = yield* decodeRows(BookedRow, "issuance", rows, ({ id }) => id).pipe(
      Effect.mapError(because("booked")),
    )
    return found.map(withoutNull)
  })

  const holders: Journal["Service"]["holders"] = Effect.gen(function* () {
    const rows = yield* read("holders", select.holders)
    return yield* decodeRows(Holder, "issuance", rows, ({ holder }) => holder).pipe(
      Effect.mapError(because("holders")),
    )
  }).pipe(Effect.withSpan("Journal.holders"))

  const tally: Journal["Service"]["tally"] = Effect.fn("Journal.tally")(function* (query) {
    const rows = yield* read("tally", select.tally(query))
    return yield* Effect.fromResult(talliesOf(rows.map(countRow))).pipe(
      Effect.mapError(because("tally")),
    )
  })

  const trail: Journal["Service"]["trail"] = Effect.fn("Journal.trail")(function* (query) {
    const rows = yield* read("trail", select.trail(query))
    const found = yield* decodeRows(RecordedRow, "event", rows, ({ seq }) => seq)
    return found.map(recordedOf)
  })

  const quarantined: Journal["Service"]["quarantined"] = Effect.fn("Journal.quarantined")(
    function* (query, page) {
      const rows = yield* read("quarantined", select.quarantined(query, page))
      return yield* decodeRows(QuarantineRow, "quarantine", rows, ({ seq }) => seq).pipe(
        Effect.mapError(because("quarantined")),
      )
    },
  )

  const quarantineTally: Journal["Service"]["quarantineTally"] = Effect.gen(function* () {
    const rows = yield* read("quarantineTally", select.quarantineTally)
    const counts = yield* decodeRows(QuarantineTallyRow, "quarantine", rows, () => "group").pipe(
      Effect.mapError(because("quarantineTally")),
    )
    return counts.map(({ columnName: column, ...count }) => ({ ...count, column }))
  }).pipe(Effect.withSpan("Journal.quarantineTally"))

  return { booked, holders, tally, trail, quarantined, quarantineTally }
}

const because = (operation: string) => (cause: unknown) =>
  new StorageUnavailable({ operation, cause })

/**
 * Nothing of the driver's error is kept but what kind it is: its words may hold the address of the
 * database with its password, or the values of a row.
 */
export const unavailable = (operation: string, what?: string) => (error: SqlError) => {
  const kind = kindOf(error)
  const place = what === undefined ? {} : { place: `${what} (${kind})` }
  return new StorageUnavailable({ operation, ...place, cause: new Error(kind) })
}

export const kindOf = (error: SqlError): string => {
  const { reason } = error
  const constraint = reason._tag === "UniqueViolation" ? [reason.constraint] : []
  return [reason._tag, ...Option.toArray(codeOf(error)), ...constraint].join(" ")
}

/** What Postgres or the network call it. */
const codeOf = ({ reason: { cause } }: SqlError): Option.Option<string> =>
  Predicate.hasProperty(cause, "code") && typeof cause.code === "string"
    ? Option.some(cause.code)
    : Option.none()

/** Whether Postgres refuses what stands in a row; see its page on error codes, classes 22 and 23. */
const isOfRow = (error: SqlError) => Option.exists(codeOf(error), (code) => /^2[23]/.test(code))

const bounded = within(commitPatience)

/** Makes the tables, or brings them up to date. Processes that start at the same time take turns. */
export const migrate = (
  connection: PgConnection,
): Effect.Effect<void, JournalDamaged | StorageUnavailable> => {
  const run = (sql: string) =>
    Effect.mapError(connection.query(sql, [], false), unavailable("migrate", "the database"))

  const steps = Effect.gen(function* () {
    yield* run("SELECT pg_advisory_xact_lock(hashtext('account-bot: tables of the journal'))")
    const { rows } = yield* run(`SELECT to_regnamespace('${schemaName}') IS NULL AS missing`)
    // Only where it is missing, since somebody else may have had to make it.
    if (rows[0]?.["missing"] === true) yield* run(`CREATE SCHEMA ${schemaName}`)
    yield* run("CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY)")
    const found = yield* run("SELECT coalesce(max(version), 0) AS version FROM schema_version")
    const version = Number(found.rows[0]?.["version"])
    if (version > migrations.length) {
      return yield* new JournalDamaged({
        table: schemaName,
        record: `schema version ${version}`,
        problem: `a newer version of the program made it; this one knows ${migrations.length} at most`,
      })
    }
    for (const [index, step] of migrations.slice(version).entries()) {
      for (const sql of step.split(";").filter((each) => each.trim() !== "")) yield* run(sql)
      yield* run(`INSERT INTO schema_version (version) VALUES (${version + index + 1})`)
    }
  })

  return Effect.catchTag(inTransaction(connection, steps), "SqlError", (error) =>
    Effect.fail(unavailable("migrate", "the database")(error)),
  )
}

type Query = (statement: Statement) => Effect.Effect<ReadonlyArray<Row>, SqlError>

/** What this process knows of the bot that it has taken. */
interface Owned {
  /** The epoch that it began with, by which it knows itself again whatever that has become. */
  readonly holder: string
  epoch: number
  numbers: Numbers
  /** Why nothing is written any more; `undefined` while the bot is this process's. */
  disowned: StorageUnavailable | undefined
  /** Whether it is not known what became of a commit. */
  isUnclear: boolean
}

/** Takes the bot over from whoever had it. */
const takeOver = Effect.fnUntraced(function* (query: Query, bot: string) {
  /** Once the epoch is raised nobody else writes: these are the last numbers for sure. */
  const newest = Effect.map(
    query({
      sql: `SELECT
              coalesce((SELECT max(seq) FROM event WHERE bot = $1), 0)::float8 AS seq,
              greatest(
                coalesce((SELECT max(seq) FROM inbox WHERE bot = $1), 0),
                coalesce((SELECT max(seq) FROM document WHERE bot = $1), 0)
              )::float8 AS place`,
      values: [bot],
    }),
    ([row]): Numbers => ({ seq: Number(row?.["seq"]), place: Number(row?.["place"]) }),
  )

  const [taken] = yield* query(takeOwner(bot))
  const holder = String(taken?.["holder"])
  const own: Owned = {
    holder,
    epoch: Number(taken?.["epoch"]),
    numbers: yield* newest,
    disowned: undefined,
    isUnclear: false,
  }

  const disown = () =>
    (own.disowned ??= new StorageUnavailable({
      operation: "write",
      place: "the bot belongs to another process now",
      cause: new Disowned({ bot, epoch: own.epoch }),
    }))

  const countAnew = Effect.map(newest, (numbers) => {
    own.numbers = numbers
  })

  /** Whether the commit with that number, of which no answer came, is in the journal. */
  const lookFor = Effect.fnUntraced(function* (number: number) {
    // The same process goes on under a higher epoch, or learns that another one has taken over.
    const [raised] = yield* query({
      sql: `UPDATE owner SET epoch = epoch + 1 WHERE bot = $1 AND holder = $2
            RETURNING epoch::float8 AS epoch`,
      values: [bot, holder],
    })
    if (raised === undefined) disown()
    else own.epoch = Number(raised["epoch"])
    // Whoever raised the epoch: from here on nothing is written under the former one any more.
    const [mark] = yield* query({
      sql: "SELECT number::float8 AS number FROM commit_mark WHERE bot = $1 AND holder = $2",
      values: [bot, holder],
    })
    if (raised !== undefined) yield* countAnew
    return mark !== undefined && Number(mark["number"]) === number
  })

  const ago = taken?.["ago"]
  const wasAnothers = typeof ago === "number" && ago < Duration.toMillis(ownerSeen)
  return { own, disown, lookFor, countAnew, wasAnothers }
})

/** What writes, one commit after the other, as long as the bot is this process's. */
const makeCommits = Effect.fnUntraced(function* (
  writer: PgPool.PgPool,
  bot: string,
  admins: ReadonlyArray<TelegramId>,
) {
  const query: Query = ({ sql, values }) =>
    bounded(
      writer.use((connection) => Effect.map(connection.query(sql, values), ({ rows }) => rows)),
    )
  const proofs = yield* makeProofs
  const taken = yield* Effect.mapError(takeOver(query, bot), unavailable("open", "the database"))
  const { own, disown, lookFor, countAnew, wasAnothers } = taken
  const hash = yield* openedHere(query, bot)
  const forgotten = yield* forgetAsked(writer, { bot, epoch: own.epoch, admins }).pipe(
    Effect.tap(countAnew),
    Effect.catchTag("Disowned", () => Effect.fail(disown())),
    Effect.catchTag("SqlError", (error) =>
      Effect.fail(unavailable("forget", "the database")(error)),
    ),
  )
  /** The number of the last commit that was asked for. */
  let last = 0
  const closing = yield* Deferred.make<void>()
  const closed = Effect.andThen(Deferred.await(closing), Effect.sleep(closingPatience))

  /** None where the journal closes before it is known. */
  const isThere = Effect.fnUntraced(function* (number: number) {
    own.isUnclear = true
    yield* Effect.logWarning("no answer to a commit came: looking what became of it")
    const found = yield* lookFor(number).pipe(
      // As long as it takes: nobody may be told of the commit before.
      Effect.retry(Schedule.spaced("250 millis")),
      Effect.orDie,
      Effect.asSome,
      Effect.raceFirst(Effect.as(closed, Option.none<boolean>())),
      Effect.interruptible,
    )
    own.isUnclear = Option.isNone(found)
    return Option.getOrElse(found, () => false)
  })

  const refused = () =>
    own.disowned ??
    (own.isUnclear ? because("write")("it is not known what became of a commit") : undefined)

  const attempt = Effect.fnUntraced(function* (jobs: ReadonlyArray<Job>) {
    const reason = refused()
    if (reason !== undefined) return yield* Effect.fail(refusal(reason))
    const wanted = wantedBy(jobs)
    const isAnyWanted = Object.values(wanted).some((names) => names.length > 0)
    const known = isAnyWanted ? yield* load(knownOf(bot, wanted)) : knownNothing
    const folded = foldJobs(jobs, known, own.numbers, hash)
    if (Result.isFailure(folded)) {
      return yield* Effect.fail(refusal(because("write")(folded.failure), true))
    }
    const { rows, lasts, numbers } = folded.success
    if (Object.values(rows).every((found) => found.length === 0)) return lasts
    const number = (last += 1)
    const asked = yield* proofs.times
    const { holder, epoch } = own
    const sent = yield* send(commitOf({ bot, holder, epoch, number }, rows))
    if (Result.isSuccess(sent)) {
      if (sent.success[0]?.["held"] !== 1) return yield* Effect.fail(refusal(disown()))
      proofs.note(asked)
      own.numbers = numbers
      return lasts
    }
    const failure = unavailable("write")(sent.failure)
    // Postgres has answered that it writes nothing of it.
    if (isOfRow(sent.failure)) return yield* Effect.fail(refusal(failure, true))
    if (yield* isThere(number)) return lasts
    return yield* Effect.fail(refusal(own.disowned ?? failure))
  })

  const load = (statement: Statement) =>
    query(statement).pipe(
      Effect.mapError((error) => refusal(unavailable("write")(error))),
      Effect.flatMap(([row]) =>
        Effect.mapError(decodeKnown(row?.["known"]), (cause) =>
          refusal(because("write")(new Error(cause.message))),
        ),
      ),
    )

  /** Fails before anything was sent; once something was, it tells how that ended. */
  const send = ({ sql, values }: Statement) =>
    Effect.scoped(
      Effect.gen(function* () {
        const connection = yield* Effect.mapError(bounded(writer.reserve), (error) =>
          refusal(unavailable("write")(error)),
        )
        return yield* Effect.result(bounded(connection.query(sql, values)))
      }),
    ).pipe(Effect.map(Result.map(({ rows }) => rows)))

  const commit = (
    jobs: ReadonlyArray<Job>,
  ): Effect.Effect<ReadonlyArray<Exit.Exit<number, StorageUnavailable>>> =>
    Effect.matchEffect(attempt(jobs), {
      onSuccess: (lasts) => Effect.succeed(lasts.map((seq) => Exit.succeed(seq))),
      onFailure: ({ error, isOfOne }) =>
        isOfOne && jobs.length > 1
          ? Effect.map(
              Effect.forEach(jobs, (job) => commit([job])),
              (exits) => exits.flat(),
            )
          : Effect.succeed(jobs.map(() => Exit.fail(error))),
    })

  const commits = yield* makeGroupCommit({
    // Pruning looks at what stands in the tables, so it has a commit of its own.
    commit: (jobs) => Effect.map(Effect.forEach(runsOf(jobs), commit), (exits) => exits.flat()),
    refused,
  })
  yield* Effect.addFinalizer(() => Deferred.succeed(closing, undefined))
  const isDisowned = () => own.disowned !== undefined
  const owning: Owning = { bot, holder: own.holder, proofs, wasAnothers, isDisowned, disown }
  return { ...commits, hash, forgotten, owning }
})

const databaseClock = (reader: PgPool.PgPool) =>
  makeDatabaseClock(
    Effect.map(
      bounded(reader.use((connection) => connection.query(`SELECT ${databaseNow} AS now`))),
      ({ rows }) => Number(rows[0]?.["now"]),
    ),
  )

/** Holds nobody up, and what it could not do is the operator's as well. */
const cleaning = (reader: PgPool.PgPool) =>
  cleanAfter(reader).pipe(
    Effect.catch((error) =>
      Effect.logWarning("what was erased may still be in free parts of the tables").pipe(
        Effect.annotateLogs({ because: kindOf(error) }),
      ),
    ),
  )

type Hash = (pool: string, key: string) => string

/**
 * Refuses a bot that was moved into a directory, and gives how its history holds keys. Only a move
 * changes either, and a move ends whoever has the bot.
 */
const openedHere = Effect.fnUntraced(function* (query: Query, bot: string) {
  const found = yield* Effect.mapError(
    query({
      sql: `SELECT kind, body FROM document
            WHERE bot = $1 AND kind IN ('${movedKind}', '${sealingKind}') AND key = ''`,
      values: [bot],
    }),
    unavailable("open", "the database"),
  )
  const bodyOf = (kind: string) => {
    const body = found.find((row) => row["kind"] === kind)?.["body"]
    return typeof body === "string" ? body : undefined
  }
  if (bodyOf(movedKind) !== undefined) {
    return yield* new StorageUnavailable({
      operation: "open",
      place: `the bot "${bot}" was moved out of the database into a directory: start it there, or bring that back with account-bot import`,
      cause: movedKind,
    })
  }
  return hashIn({ pepper: pepperIn(bodyOf(sealingKind)) }, hashOf)
})

interface Refused {
  readonly error: StorageUnavailable
  /** One of the jobs may be to blame, and nothing of any of them is in the journal. */
  readonly isOfOne: boolean
}

const refusal = (error: StorageUnavailable, isOfOne = false): Refused => ({ error, isOfOne })

const decodeKnown = Schema.decodeUnknownEffect(Schema.fromJsonString(Known))

const isPrune = ({ entries }: Job) => entries.some(({ _tag }) => _tag === "Prune")

const runsOf = (jobs: ReadonlyArray<Job>): ReadonlyArray<ReadonlyArray<Job>> => {
  const runs: Array<Array<Job>> = []
  for (const [index, job] of jobs.entries()) {
    const before = jobs[index - 1]
    const run = runs.at(-1)
    if (run === undefined || isPrune(job) || (before !== undefined && isPrune(before))) {
      runs.push([job])
    } else run.push(job)
  }
  return runs
}

interface GroupCommit {
  /** Commits the job. A caller that is interrupted stops waiting; the commit goes on. */
  readonly submit: (job: Job) => Effect.Effect<number, StorageUnavailable>
  /** Waits until all jobs so far are committed or refused. */
  readonly drain: Effect.Effect<void>
}

/**
 * Makes callers that wait at the same time share one commit, as the group commit of
 * SqliteJournal.ts does it; only that this commit takes its time. `refused`: why nothing is taken on
 * at the moment.
 */
const makeGroupCommit = Effect.fnUntraced(function* (options: {
  readonly commit: (
    jobs: ReadonlyArray<Job>,
  ) => Effect.Effect<ReadonlyArray<Exit.Exit<number, StorageUnavailable>>>
  readonly refused: () => StorageUnavailable | undefined
}) {
  interface Waiting {
    readonly job: Job
    readonly done: Deferred.Deferred<number, StorageUnavailable>
  }
  const queue = yield* Queue.unbounded<Waiting, Cause.Done>()
  let last: Waiting["done"] | undefined

  // A batch that was taken is finished: only the wait for the next one may be interrupted.
  const commitNext = Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const batch = yield* restore(Queue.takeAll(queue))
      const begun = yield* Clock.monotonicTimeNanos
      const outcome = yield* Effect.exit(options.commit(batch.map(({ job }) => job)))
      yield* note("commit", Number((yield* Clock.monotonicTimeNanos) - begun) / 1e9)
      batch.forEach(({ done }, index) => {
        // A defect becomes the callers' exit, so that the fiber lives on.
        const exit = Exit.isSuccess(outcome) ? outcome.value[index] : Exit.failCause(outcome.cause)
        Deferred.doneUnsafe(done, exit ?? Exit.die("no outcome"))
      })
    }),
  )
  const committer = yield* commitNext.pipe(Effect.forever, Effect.exit, Effect.forkScoped)
  yield* Effect.addFinalizer(() => Effect.andThen(Queue.end(queue), Fiber.await(committer)))

  const submit = (job: Job) =>
    Effect.suspend(() => {
      const reason = options.refused()
      if (reason !== undefined) return Effect.fail(reason)
      const done = Deferred.makeUnsafe<number, StorageUnavailable>()
      if (!Queue.offerUnsafe(queue, { job, done })) {
        return Effect.fail(because("write")("the journal is closed"))
      }
      last = done
      return Deferred.await(done)
    })

  // Jobs are done in their order: when the last one is done, all are.
  const drain = Effect.suspend(() =>
    last === undefined ? Effect.void : Effect.asVoid(Effect.exit(Deferred.await(last))),
  )

  const self: GroupCommit = { submit, drain }
  return self
})
