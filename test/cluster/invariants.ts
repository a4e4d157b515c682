/**
 * What must be true of the bots however often they change hands: after each round as far as it can
 * be seen while they work, and all of it at the end. A problem is a sentence.
 */
import { spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { env } from "node:process"
import { setTimeout as delay } from "node:timers/promises"
import { Effect, Redacted, Schema } from "effect"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { Quarantined } from "../../src/domain/Item.ts"
import { PoolEvent } from "../../src/domain/PoolEvent.ts"
import { placeOf } from "../../src/domain/Issuance.ts"
import { restore } from "../../src/pool/Outbox.ts"
import { fold } from "../../src/pool/Pool.ts"
import * as State from "../../src/pool/State.ts"
import { databaseNow } from "../../src/store/postgres/postgresTables.ts"
import { connect, restoringIn, type Session } from "../../src/store/postgres/botRows.ts"
import { checkPools, type Facts, type PoolFacts } from "../simulation/Checkers.ts"
import { recordsOf } from "../simulation/tabs.ts"
import { type Cluster, eventually, type Replica } from "./Cluster.ts"
import type { Load } from "./load.ts"
import { type Bot, shelves } from "./Outside.ts"
import { graceMs, type Owners } from "./owners.ts"

export interface Parts {
  readonly cluster: Cluster
  readonly load: Load
  readonly owners: Owners
}

/** Has the database write down each takeover, by its own clock and before anybody else can commit. */
export const watchTakeovers = async ({ cluster }: Parts) => {
  const steps = [
    "CREATE TABLE test_takeover (bot text, epoch bigint, holder text, at double precision)",
    `CREATE FUNCTION test_note_takeover() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       INSERT INTO account_bot.test_takeover (bot, epoch, holder, at)
       VALUES (NEW.bot, NEW.epoch, NEW.holder, ${databaseNow});
       RETURN NULL;
     END $$`,
    `CREATE TRIGGER test_note_takeover AFTER UPDATE OF epoch ON owner
     FOR EACH ROW EXECUTE FUNCTION test_note_takeover()`,
  ]
  for (const step of steps) await cluster.query(step)
}

/** What can be seen while everybody works. */
export const checkWhileWorking = async ({ cluster, owners }: Parts) => {
  const twiceGiven = await cluster.query(
    `SELECT bot, resource, key, count(*)::int AS count FROM issuance
     GROUP BY bot, resource, key HAVING count(*) > 1`,
  )
  const twiceAnswered = await cluster.query(
    `SELECT bot, pool, request, count(*)::int AS count FROM event WHERE request IS NOT NULL
     GROUP BY bot, pool, request HAVING count(*) > 1`,
  )
  const afterwards = await cluster.query(
    `SELECT mark.bot, mark.holder, (mark.at - min(taken.at))::int AS late
     FROM commit_mark AS mark JOIN test_takeover AS taken
       ON taken.bot = mark.bot AND taken.epoch > mark.holder::bigint AND taken.holder <> mark.holder
     GROUP BY mark.bot, mark.holder, mark.at HAVING mark.at > min(taken.at)`,
  )
  return [
    ...afterwards.map(
      ({ bot, holder, late }) =>
        `${String(bot)}: who had it in epoch ${String(holder)} wrote ${Number(late)} ms after it had lost the bot`,
    ),
    ...twiceGiven.map(({ bot, key }) => `${String(bot)}: ${String(key)} was issued twice`),
    ...twiceAnswered.map(
      ({ bot, request, count }) =>
        `${String(bot)}: the request ${String(request)} was given items ${Number(count)} times`,
    ),
    ...cluster.bots.flatMap((bot) => shownToMany(cluster, bot)),
    ...owners.late
      .filter(({ lateMs }) => lateMs > graceMs)
      .map(
        ({ bot, replica, method, lateMs }) =>
          `${bot}: replica ${replica} called ${method} ${lateMs} ms after another one had the bot`,
      ),
    ...cluster.replicas.flatMap(complaintsOf),
    ...cluster.replicas.flatMap((replica) => endedBy(replica, cluster.options.engine)),
  ]
}

/** A plain process ends where another one takes its bot; nothing else ends but by our hand. */
const endedBy = ({ number, exits }: Replica, engine: boolean) =>
  exits.flatMap((exit) =>
    exit === "SIGKILL" || (exit === "4" && !engine)
      ? []
      : [`replica ${number} ended by itself with ${exit}`],
  )

const shownToMany = ({ options: { outside } }: Cluster, { name }: Bot) =>
  [...outside.shown(name)].flatMap(([key, chats]) =>
    chats.size > 1 ? [`${name}: ${key} was shown to ${[...chats].join(" and ")}`] : [],
  )

/** Lines of a log that no fault may bring about. A handler is interrupted where its bot is taken away. */
const complaints =
  /the books differ|A handler crashed(?!" message=Interrupt\b)|cannot be read|JournalDamaged/

const complaintsOf = ({ number, logFile }: Replica) => {
  const lines = Fs.existsSync(logFile) ? Fs.readFileSync(logFile, "utf8").split("\n") : []
  return lines
    .filter((line) => complaints.test(line))
    .slice(0, 3)
    .map((line) => `replica ${number} says: ${line.slice(0, 400)}`)
}

const resources = shippedCatalogue.resources.filter(({ id }) =>
  shelves.some(({ resource }) => resource === id),
)

const decodeEvent = Schema.decodeUnknownSync(Schema.fromJsonString(PoolEvent))

const decodeQuarantined = Schema.decodeUnknownSync(Schema.fromJsonString(Quarantined))

const inSession = <A, E>(cluster: Cluster, use: (session: Session) => Effect.Effect<A, E>) =>
  Effect.runPromise(Effect.scoped(Effect.flatMap(connect(cluster.url), use)))

/** The pools of the bot as they stand in the database, without taking the bot from anybody. */
const poolsOf = (cluster: Cluster, { name }: Bot) =>
  inSession(cluster, (session) =>
    session.transaction(
      "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
      Effect.forEach(resources, (resource) =>
        Effect.gen(function* () {
          const values = [name, resource.id]
          const { state } = yield* restore(restoringIn(session, name), resource.id, fold)
          const events = yield* session.run(
            "SELECT body FROM event WHERE bot = $1 AND pool = $2 ORDER BY seq",
            values,
          )
          const quarantine = yield* session.run(
            "SELECT body FROM quarantine WHERE bot = $1 AND pool = $2",
            values,
          )
          const facts: PoolFacts = {
            resource,
            state,
            events: events.map(({ body }) => decodeEvent(body)),
            quarantine: quarantine.map(({ body }) => decodeQuarantined(body)),
          }
          return facts
        }),
      ),
    ),
  )

/** Whether nothing is on its way: no update, no write to a sheet, no item without a row. */
const isQuiet = async (cluster: Cluster) => {
  const [open] = await cluster.query(
    `SELECT (SELECT count(*) FROM inbox WHERE handled_at IS NULL)::int
          + (SELECT count(*) FROM intent WHERE state = 'open')::int AS count`,
  )
  if (open?.["count"] !== 0) return false
  for (const bot of cluster.bots) {
    const pools = await poolsOf(cluster, bot)
    const waits = pools.some(({ state }) =>
      State.liveOf(state).some(({ issuance }) => placeOf(issuance) !== "written"),
    )
    if (waits) return false
  }
  return true
}

/** Everything, once nobody asks for anything any more and all that was asked for is done. */
export const checkAtRest = async (parts: Parts, patienceMs: number) => {
  const { cluster, load } = parts
  const { workbooks } = cluster.options.outside
  const isAtRest = await eventually(patienceMs, () => isQuiet(cluster).catch(() => false), 2_000)
  const problems = isAtRest ? [] : [`something is still under way after ${patienceMs} ms`]
  problems.push(
    ...load.unanswered.map(
      ({ bot, person, what }) => `${bot}: ${person} has no answer to "${what}"`,
    ),
  )
  for (const bot of cluster.bots) {
    const pools = await poolsOf(cluster, bot)
    const facts: Facts = {
      stock: bot.stock.map(({ resource, key }) => ({ resource, key, text: key })),
      shown: cluster.options.outside.shown(bot.name),
      accounts: await Effect.runPromise(workbooks.view(bot.accounts)),
      issued: await Effect.runPromise(workbooks.view(bot.issued)),
      pools,
    }
    problems.push(
      ...[...checkPools(facts), ...ordersOf(load, bot, pools), ...leftInInbox(facts)].map(
        (problem) => `${bot.name}: ${problem}`,
      ),
    )
  }
  return [...problems, ...(await checkWhileWorking(parts))]
}

/** Nobody was given items more often than he had ordered some, and no request twice. */
const ordersOf = ({ orders }: Load, bot: Bot, pools: ReadonlyArray<PoolFacts>) => {
  const requests = new Map<string, number>()
  const people = new Map<number, Set<string>>()
  for (const { resource, events } of pools) {
    for (const event of events) {
      if (event._tag !== "Issued") continue
      if (event.issuances.every(({ replacementOf }) => replacementOf !== null)) continue
      const { key, by } = event.request
      const request = `${resource.id} ${key}`
      requests.set(request, (requests.get(request) ?? 0) + 1)
      people.set(by, (people.get(by) ?? new Set()).add(request))
    }
  }
  return [
    ...[...requests].flatMap(([request, times]) =>
      times === 1 ? [] : [`the request ${request} was given items ${times} times`],
    ),
    ...[...people].flatMap(([person, { size }]) => {
      const ordered = orders.get(`${bot.name} ${person}`) ?? 0
      return size <= ordered ? [] : [`${person} ordered ${ordered} times and was given ${size}`]
    }),
  ]
}

/** What was taken out of a base tab has arrived in the journal by now. */
const leftInInbox = ({ accounts, stock, pools }: Facts) => {
  const known = new Set(
    pools.flatMap(({ events }) =>
      events.flatMap((event) => (event._tag === "Loaded" ? event.items.map(({ key }) => key) : [])),
    ),
  )
  const onTheWay = accounts
    .filter(({ title }) => title === "_bot_inbox")
    .flatMap(recordsOf)
    .flatMap((row) => Object.values(row))
  const cells = new Set(onTheWay)
  return stock.flatMap(({ key }) =>
    cells.has(key) && !known.has(key) ? [`${key} was left in the inbox tab`] : [],
  )
}

/** Has the admin of each bot ask whether its books add up. */
export const checkBooks = async ({ cluster, load }: Parts) => {
  const problems: Array<string> = []
  for (const bot of cluster.bots) {
    const { answeredAt } = await load.say(bot, 1, "/health")
    const chat = await Effect.runPromise(bot.chats.chat(1))
    const text = chat.findLast(({ from }) => from === "bot")?.text ?? ""
    if (answeredAt === undefined || !text.startsWith("✅")) {
      problems.push(`${bot.name}: /health says ${JSON.stringify(text.slice(0, 300))}`)
    }
  }
  return problems
}

const endsWithinMs = 20_000

/** Tells every replica to end, as a service manager does. */
export const checkEnds = async ({ replicas }: Cluster) => {
  const left = await Promise.all(
    replicas.map((replica) =>
      Promise.race([
        replica.signal("SIGTERM").then(() => []),
        delay(endsWithinMs, [`replica ${replica.number} does not end when it is told to`]),
      ]),
    ),
  )
  return left.flat()
}

const copiedWithinMs = 120_000

/** Makes a copy of each bot out of the database, which is looked through as `verify` does it. */
export const checkCopies = async (cluster: Cluster) => {
  const { program } = cluster
  const { directory, root } = cluster.options
  const problems: Array<string> = []
  for (const { name } of cluster.bots) {
    const child = spawn(
      process.execPath,
      [program, "export", "--copy", Path.join(directory, `copy-of-${name}`)],
      {
        cwd: root,
        env: { PATH: env["PATH"], DATABASE_URL: Redacted.value(cluster.url), BOT_NAME: name },
        stdio: ["ignore", "pipe", "pipe"],
        timeout: copiedWithinMs,
      },
    )
    let output = ""
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()))
    }
    await new Promise((resolve) => child.once("exit", resolve))
    if (!/^verified$/m.test(output)) problems.push(`${name}: the copy says ${output.trim()}`)
  }
  return problems
}
