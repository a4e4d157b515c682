/**
 * Updates that Telegram has brought to any process, for whichever has the bot. They are durable when
 * `put` returns, and leave the table when the owner's journal has them: a repeat on the way changes
 * nothing, since the journal knows each update by its number.
 *
 * A probe is an update of our own, under a number below zero. It goes the whole way of an update, so
 * that a handled one proves that updates of that bot are handled.
 *
 * Nobody needs to have a bot for this, so nothing here is fenced.
 */
import * as PgPool from "@effect/sql-pg/PgPool"
import {
  Clock,
  Context,
  Duration,
  Effect,
  Exit,
  Latch,
  Layer,
  Option,
  type Redacted,
  Schema,
} from "effect"
import { incomingLook, probePeriod, updatesPage } from "../../config/Limits.ts"
import { type JournalDamaged, StorageUnavailable } from "../Journal.ts"
import { listening } from "./listening.ts"
import { connectionSettings, migrate, unavailable } from "./PostgresJournal.ts"
import { within } from "./within.ts"

/** When the newest probe of each bot was put that has been handled; in ms since it was. */
export type ProbeAges = ReadonlyMap<string, number>

export class SharedInbox extends Context.Service<
  SharedInbox,
  {
    /** Keeps an update for the bot. One whose number is known is left as it is. */
    put(
      bot: string,
      update: { readonly id: number; readonly body: unknown },
    ): Effect.Effect<void, StorageUnavailable>
    /** Whether updates wait for the bot's owner. */
    isBehind(bot: string): Effect.Effect<boolean, StorageUnavailable>
    /**
     * Brings what waits for the bot to `take`, oldest first, as long as it is run. An update that
     * `take` refuses is brought again.
     */
    feed<E>(bot: string, take: (body: unknown) => Effect.Effect<void, E>): Effect.Effect<never>
    /** Puts a probe for each of the bots, unless somebody has put it already, and looks at those before. */
    probe(bots: ReadonlyArray<string>): Effect.Effect<ProbeAges, StorageUnavailable>
  }
>()("account-bot/store/postgres/SharedInbox") {
  /** Brings the tables up to date first. */
  static readonly layer = ({
    url,
  }: {
    readonly url: Redacted.Redacted
  }): Layer.Layer<SharedInbox, StorageUnavailable | JournalDamaged> =>
    Layer.effect(
      SharedInbox,
      Effect.gen(function* () {
        const settings = { ...connectionSettings(url), applicationName: "account-bot (replica)" }
        const pool = yield* Effect.mapError(
          PgPool.make({ ...settings, maxConnections: 4 }),
          unavailable("open", "the database"),
        )
        yield* Effect.scoped(
          Effect.flatMap(
            Effect.mapError(pool.reserve, unavailable("open", "the database")),
            migrate,
          ),
        )
        const query = (operation: string, sql: string, values: ReadonlyArray<unknown>) =>
          pool
            .use((connection) => connection.query(sql, values))
            .pipe(
              within(answerWithin),
              Effect.mapError(unavailable(operation)),
              Effect.map(({ rows }) => rows),
            )
        const arrivals = yield* makeArrivals(pool)
        return SharedInbox.of(makeInbox(query, arrivals))
      }),
    )
}

type Query = (
  operation: string,
  sql: string,
  values: ReadonlyArray<unknown>,
) => Effect.Effect<ReadonlyArray<Readonly<Record<string, unknown>>>, StorageUnavailable>

/** Telegram gives up a delivery after some time, and it comes again. */
const answerWithin = Duration.seconds(10)

const channel = "account_bot_incoming"

const makeInbox = (
  query: Query,
  arrivals: Effect.Success<ReturnType<typeof makeArrivals>>,
): SharedInbox["Service"] => {
  const put: SharedInbox["Service"]["put"] = Effect.fn("SharedInbox.put")(function* (
    bot,
    { id, body },
  ) {
    const at = yield* Clock.currentTimeMillis
    yield* query(
      "put",
      `WITH put AS (
           INSERT INTO incoming (bot, update_id, at, body)
           VALUES ($1, $2::bigint, $3::double precision, $4)
           ON CONFLICT DO NOTHING RETURNING bot
         )
         SELECT pg_notify('${channel}', bot) FROM put`,
      [bot, String(id), String(at), JSON.stringify(body)],
    )
  })

  const isBehind = (bot: string) =>
    Effect.map(
      query("look", "SELECT 1 AS one FROM incoming WHERE bot = $1 AND update_id > 0 LIMIT 1", [
        bot,
      ]),
      (rows) => rows.length > 0,
    )

  /** Gives whether there may be more. */
  const takePage = Effect.fnUntraced(function* <E>(
    bot: string,
    take: (body: unknown) => Effect.Effect<void, E>,
  ) {
    const rows = yield* query(
      "look",
      `SELECT update_id::float8 AS id, body FROM incoming WHERE bot = $1
       ORDER BY update_id LIMIT ${updatesPage}`,
      [bot],
    )
    const taken = yield* Effect.forEach(
      rows,
      ({ id, body }) =>
        Effect.map(Effect.exit(take(parse(body))), (exit) =>
          Exit.isSuccess(exit) ? [String(id)] : [],
        ),
      { concurrency: "unbounded" },
    )
    const done = taken.flat()
    if (done.length > 0) {
      yield* query(
        "remove",
        "DELETE FROM incoming WHERE bot = $1 AND update_id = ANY($2::bigint[])",
        [bot, `{${done.join()}}`],
      )
    }
    return rows.length === updatesPage && done.length === rows.length
  })

  const feed: SharedInbox["Service"]["feed"] = (bot, take) =>
    arrivals.latchOf(bot, (latch) =>
      Effect.gen(function* () {
        yield* Latch.await(latch)
        // Closed before the look, so that what comes meanwhile is looked for once more.
        yield* Latch.close(latch)
        while (yield* takePage(bot, take)) yield* Effect.yieldNow
      }).pipe(
        // A look by the clock opens the latch again.
        Effect.ignore,
        Effect.forever,
      ),
    )

  const probe: SharedInbox["Service"]["probe"] = Effect.fnUntraced(function* (bots) {
    const rows = yield* query(
      "probe",
      `WITH now AS (
         SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at
       ), own AS (
         -- A moment for each bot: the probes of all at once would hold up who comes just then.
         SELECT bot, at, (hashtext(bot) & 2147483647) % ${periodMs} AS shift
           FROM now CROSS JOIN unnest($1::text[]) AS each (bot)
       ), wanted AS (
         SELECT bot, at, shift, (at + shift) / ${periodMs} AS number FROM own
       ), put AS (
         INSERT INTO incoming (bot, update_id, at, body)
         SELECT bot, -number, at, json_build_object('update_id', -number, 'probe', true)::text
           FROM wanted
          WHERE NOT EXISTS (
            SELECT 1 FROM inbox WHERE inbox.bot = wanted.bot AND inbox.update_id = -number
          )
         ON CONFLICT DO NOTHING RETURNING bot
       ), old AS (
         DELETE FROM inbox USING wanted
          WHERE inbox.bot = wanted.bot AND handled_at IS NOT NULL
            AND update_id < 0 AND update_id > ${probesKept} - number
       ), told AS (
         SELECT pg_notify('${channel}', bot) FROM put
       )
       SELECT wanted.bot AS bot, (SELECT count(*) FROM told)::int AS told, (
                SELECT min(wanted.at + wanted.shift + update_id * ${periodMs})
                  FROM inbox
                 WHERE inbox.bot = wanted.bot AND update_id < 0 AND handled_at IS NOT NULL
              )::float8 AS age
         FROM wanted`,
      [`{${bots.join()}}`],
    )
    return new Map(
      rows.flatMap(({ bot, age }) => (age === null ? [] : [[String(bot), Number(age)]])),
    )
  })

  return { put, isBehind, feed, probe }
}

const periodMs = Duration.toMillis(probePeriod)

/** Handled probes are of no use, but for the newest ones. */
const probesKept = 20

/** A body that is no JSON is none of ours, and no update either. */
const parse = (body: unknown): unknown => Option.getOrUndefined(decodeBody(body))
const decodeBody = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Unknown))

/**
 * Tells who feeds a bot that something came for it: by the word of the database, which is at once,
 * and by the clock, in case that word was lost with its connection.
 */
const makeArrivals = Effect.fnUntraced(function* (pool: PgPool.PgPool) {
  const latches = new Map<string, Set<Latch.Latch>>()

  const openAll = Effect.sync(() => {
    for (const each of latches.values()) for (const latch of each) Latch.openUnsafe(latch)
  })

  const open = (bot: string) =>
    Effect.sync(() => {
      for (const latch of latches.get(bot) ?? []) Latch.openUnsafe(latch)
    })
  yield* Effect.forkScoped(
    listening(pool, channel, { begun: openAll, told: open, pause: incomingLook }),
  )
  yield* openAll.pipe(Effect.delay(incomingLook), Effect.forever, Effect.forkScoped)

  /** `use` gets a latch that is open when there may be something for the bot. */
  const latchOf = <A, E, R>(bot: string, use: (latch: Latch.Latch) => Effect.Effect<A, E, R>) =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const latch = Latch.makeUnsafe(true)
        const others = latches.get(bot) ?? new Set()
        latches.set(bot, others.add(latch))
        return latch
      }),
      use,
      (latch) => Effect.sync(() => void latches.get(bot)?.delete(latch)),
    )

  return { latchOf }
})
