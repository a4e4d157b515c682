/**
 * `npm run test:cluster`: replicas with many bots on one Postgres, under load, through faults.
 *
 *   --faults LIST      of kill, stop, wake, locks, cut, late, restart; all in turn where it is not given
 *   --rounds N         so many rounds of each of them; 1 where it is not given
 *   --minutes M        no further round after so many minutes
 *   --seed S           the choices of a former run; what runs beside each other still differs
 *   --replicas N       3 where it is not given
 *   --bots N           6 where it is not given
 *   --employees N      of each bot; 10 where it is not given
 *   --webhooks N       so many bots get their updates by a webhook; half of them where it is not given
 *   --pause S          seconds between two requests of an employee; 15 where it is not given
 *   --engine off       plain processes, which take one bot from each other
 *   --without NAME     a copy of the program without its fence or requestKey, which has to fail
 *   --on               such a run goes on when it has found something
 *   --keep             leaves the directory with the logs also of a run that found nothing
 *
 * It ends with 1 where anything is not as it must be.
 */
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { parseArgs } from "node:util"
import { percentile } from "../../bench/table.ts"
import { isPostgresHere } from "../store/postgresProcess.ts"
import { type Chance, makeChance } from "./chance.ts"
import { Cluster, eventually, type Replica } from "./Cluster.ts"
import { type FaultName, faults, isFault } from "./faults.ts"
import {
  checkAtRest,
  checkBooks,
  checkCopies,
  checkEnds,
  checkWhileWorking,
  watchTakeovers,
} from "./invariants.ts"
import { type Asked, Load } from "./load.ts"
import { type Bot, makeOutside, type Outside } from "./Outside.ts"
import { makeOwners, type Owners } from "./owners.ts"
import { treeWithout } from "./sabotage.ts"
import { traceOf } from "./trace.ts"

const { values: given } = parseArgs({
  options: {
    faults: { type: "string", default: Object.keys(faults).join(",") },
    rounds: { type: "string", default: "1" },
    minutes: { type: "string" },
    seed: { type: "string" },
    replicas: { type: "string", default: "3" },
    bots: { type: "string" },
    employees: { type: "string", default: "10" },
    webhooks: { type: "string" },
    pause: { type: "string", default: "15" },
    engine: { type: "string", default: "on" },
    without: { type: "string" },
    on: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
  },
})

const engine = given.engine !== "off"
const bots = Number(given.bots ?? (engine ? 6 : 1))
const options = {
  faults: given.faults.split(","),
  rounds: Number(given.rounds),
  minutes: Number(given.minutes ?? Number.POSITIVE_INFINITY),
  seed: Number(given.seed ?? Math.floor(performance.timeOrigin % 1_000_000_000)),
  replicas: Number(given.replicas),
  bots,
  employees: Number(given.employees),
  webhooks: Number(given.webhooks ?? Math.floor(bots / 2)),
  pauseMs: Number(given.pause) * 1_000,
}

/** All bots have to answer within it after a fault is over. */
const backWithinMs = 90_000

/** An employee has to have an answer within it when all bots answer again. */
const answeredWithinMs = 60_000

/** What is still to be done when nobody asks any more is done within it. */
const restWithinMs = 240_000

/** A plain process that lost its bot is started again after so long, and takes it back. */
const takesBackAfterMs = 12_000

const placedWithinMs = 60_000
const placedForMs = 4_000

interface Failover {
  readonly fault: FaultName
  readonly way: Bot["way"]
  readonly ms: number
}

const line = (text: string) => process.stdout.write(`${text}\n`)
const started = performance.now()
const clock = () => `${((performance.now() - started) / 1_000).toFixed(0).padStart(5)} s`

class Run {
  readonly failovers: Array<Failover> = []
  readonly problems = new Set<string>()
  rounds = 0
  private readonly traced = new Set<Asked>()
  private readonly cluster: Cluster
  private readonly load: Load
  private readonly owners: Owners
  private readonly chance: Chance
  private isOver = false

  constructor(cluster: Cluster, load: Load, owners: Owners, chance: Chance) {
    this.cluster = cluster
    this.load = load
    this.owners = owners
    this.chance = chance
  }

  private get parts() {
    return { cluster: this.cluster, load: this.load, owners: this.owners }
  }

  /** Starts the replicas, and lets everybody in. */
  async prepare() {
    const [first, ...others] = this.cluster.replicas
    first?.start()
    if (engine) for (const replica of others) replica.start()
    await this.placed()
    await Promise.all(this.cluster.bots.map((bot) => this.load.hire(bot, options.employees)))
    line(`${clock()}  ${options.bots * options.employees} employees were let in`)
    await watchTakeovers(this.parts)
    if (!engine) {
      for (const replica of others) replica.start()
      void this.takeBack()
    }
    this.load.start(options.employees, options.pauseMs)
  }

  /** Waits until each bot has had the same owner for a while: those that start move them around. */
  private async placed() {
    let [starts, since] = [0, performance.now()]
    const isPlaced = await eventually(placedWithinMs, () => {
      const takeovers = this.cluster.bots.map(({ name }) => this.owners.takeoversOf(name))
      const now = takeovers.reduce((sum, each) => sum + each, 0)
      if (now !== starts) since = performance.now()
      starts = now
      return takeovers.every((each) => each > 0) && performance.now() - since > placedForMs
    })
    if (!isPlaced) this.tell([`the bots were not placed within ${placedWithinMs} ms`])
  }

  /** Without the engine nothing else starts a process again that lost its bot. */
  private async takeBack() {
    while (!this.isOver) {
      for (const replica of this.cluster.replicas) {
        if (replica.isRunning || replica.exits.at(-1) !== "4") continue
        await delay(takesBackAfterMs)
        if (!this.isOver) replica.start()
      }
      await delay(200)
    }
  }

  async round(fault: FaultName) {
    const { cluster, load, owners, chance } = this
    this.rounds += 1
    await cluster.options.outside.restock()
    if (engine) for (const each of cluster.replicas) each.start()
    await delay(chance.whole(2_000, 8_000))
    const owning = cluster.replicas.filter(
      ({ number, isRunning }) =>
        isRunning && cluster.bots.some(({ name }) => owners.ownerOf(name) === number),
    )
    const replica = chance.pick(owning.length > 0 ? owning : cluster.replicas)
    const affected = cluster.bots.filter(
      ({ name }) => fault === "restart" || owners.ownerOf(name) === replica.number,
    )
    const target = { replica, bots: affected.map(({ name }) => name) }
    const at = performance.now()
    const { what, heal } = await faults[fault](cluster, target, chance)
    const healed = heal().then(() => owners.noteHeardAgain(replica.number))
    for (const bot of affected) void load.probe(bot)
    const isBack = await eventually(backWithinMs, () =>
      affected.every(({ name }) => load.answeredSince(name, at) !== undefined),
    )
    await healed
    const took = affected.flatMap(({ name, way }) => {
      const answered = load.answeredSince(name, at)
      return answered === undefined ? [] : [{ fault, way, ms: answered - at }]
    })
    this.failovers.push(...took)
    const problems = isBack ? await this.settled(performance.now()) : []
    if (!isBack) problems.push(`a bot does not answer ${backWithinMs} ms after ${what}`)
    problems.push(...(await checkWhileWorking(this.parts)))
    this.tell(problems)
    const times = took.map(({ ms }) => (ms / 1_000).toFixed(1)).join(" ")
    line(
      `${clock()}  round ${this.rounds}: ${what}; answered after ${times || "–"} s; ${problems.length === 0 ? "well" : `${problems.length} problems`}`,
    )
  }

  /** Waits until every bot answers, and everybody has an answer to what he asked before. */
  private async settled(since: number): Promise<Array<string>> {
    const { cluster, load } = this
    for (const bot of cluster.bots) void load.probe(bot)
    const isBack = await eventually(backWithinMs, () =>
      cluster.bots.every(({ name }) => load.answeredSince(name, since) !== undefined),
    )
    if (!isBack) {
      const away = cluster.bots.filter(({ name }) => load.answeredSince(name, since) === undefined)
      return [`${away.map(({ name }) => name).join(", ")} did not come back`]
    }
    const waiting = () => load.unanswered.filter(({ at }) => at < since)
    await eventually(answeredWithinMs, () => waiting().length === 0)
    for (const asked of waiting()) {
      if (this.traced.has(asked)) continue
      this.traced.add(asked)
      for (const fact of await traceOf(asked, this.parts)) line(`    ${fact}`)
    }
    return waiting().map(
      ({ bot, person, what, at }) =>
        `${bot}: ${person} waits for an answer to "${what}" since ${Math.round((performance.now() - at) / 1_000)} s`,
    )
  }

  /** The end: nobody asks any more, and everything is looked at. */
  async rest() {
    const { cluster, load } = this
    this.isOver = true
    await Promise.race([load.stop(), delay(answeredWithinMs)])
    line(`${clock()}  everybody rests; ${load.asked.length} requests were made`)
    this.tell(await checkAtRest(this.parts, restWithinMs))
    this.tell(await checkBooks(this.parts))
    this.tell(await checkEnds(cluster))
    this.tell(await checkCopies(cluster))
  }

  private tell(problems: ReadonlyArray<string>) {
    for (const problem of problems) {
      if (this.problems.has(problem)) continue
      this.problems.add(problem)
      if (this.problems.size <= problemsTold) line(`  ! ${problem}`)
    }
  }
}

const problemsTold = 40

const told = (failovers: ReadonlyArray<Failover>) => {
  const sorted = failovers.toSorted((one, other) =>
    `${one.fault} ${one.way}` < `${other.fault} ${other.way}` ? -1 : 1,
  )
  const rows = Map.groupBy(sorted, ({ fault, way }) => `${fault.padEnd(8)} ${way.padEnd(8)}`)
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`.padStart(8)
  line("fault    updates     times      p50      p95      max  from the fault to the next answer")
  for (const [name, found] of rows) {
    const times = found.map(({ ms }) => ms)
    const figures = [50, 95, 100].map((share) => seconds(percentile(times, share)))
    line(`${name} ${String(times.length).padStart(8)} ${figures.join(" ")}`)
  }
}

const tellOutside = (outside: Outside, owners: Owners) => {
  const takeovers = outside.bots.reduce((sum, { name }) => sum + owners.takeoversOf(name), 0)
  const { length: late } = owners.late
  const longest = Math.max(0, ...owners.late.map(({ lateMs }) => lateMs))
  line(
    `${takeovers} starts of bots, ${outside.repeats.given} updates given twice, ${outside.words.length} words in chats, ${late} of them by somebody who had just lost the bot (at most ${longest} ms late)`,
  )
}

const linesTold = 25

/** The last lines of a log, for a machine whose files nobody can look at afterwards. */
const tellLog = ({ number, logFile }: Replica) => {
  const lines = Fs.readFileSync(logFile, "utf8").trimEnd().split("\n")
  for (const each of lines.slice(-linesTold)) line(`  replica ${number}: ${each.slice(0, 300)}`)
}

const main = async (): Promise<number> => {
  if (!isPostgresHere) {
    line("Postgres is not installed: there is nothing to run the cluster on")
    return 1
  }
  const wrong = options.faults.find((name) => !isFault(name))
  if (wrong !== undefined) {
    line(`no fault is called "${wrong}": there are ${Object.keys(faults).join(", ")}`)
    return 1
  }
  const directory = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-cluster-"))
  line(`seed ${options.seed}, logs in ${directory}`)
  const chance = makeChance(options.seed)
  const here = Path.join(import.meta.dirname, "..", "..")
  const root = given.without === undefined ? here : treeWithout(given.without, here, directory)
  const outside = await makeOutside({ ...options, chance })
  await outside.restock()
  const owners = makeOwners(outside)
  const cluster = await Cluster.make({ ...options, directory, root, outside, engine, chance })
  const run = new Run(cluster, new Load(outside, chance), owners, chance)
  const close = async () => {
    await cluster.close()
    await outside.close()
  }
  const stopped = new Promise<number>((resolve, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(130))
    // Whatever happens, no process is left behind.
    for (const event of ["uncaughtException", "unhandledRejection"] as const) {
      process.once(event, reject)
    }
  })
  const isFoundOut = () => given.without !== undefined && !given.on && run.problems.size > 0
  const played = async () => {
    await run.prepare()
    const until = performance.now() + options.minutes * 60_000
    const order = options.faults.filter(isFault)
    for (let n = 0; n < options.rounds * order.length; n += 1) {
      const fault = order[n % order.length]
      if (fault === undefined || performance.now() > until) break
      await run.round(fault)
      if (isFoundOut()) break
    }
    if (!isFoundOut()) await run.rest()
    return run.problems.size === 0 ? 0 : 1
  }
  const code = await Promise.race([played(), stopped]).catch((cause: unknown) => {
    line(`the run itself failed: ${cause instanceof Error ? cause.stack : String(cause)}`)
    return 2
  })
  await close()
  told(run.failovers)
  tellOutside(outside, owners)
  const outcome =
    run.problems.size > 0
      ? `${run.problems.size} problems`
      : code === 0
        ? "nothing was lost or doubled"
        : "the run did not come to its end"
  line(`${run.rounds} rounds with seed ${options.seed}: ${outcome}`)
  if (code === 0 && !given.keep) Fs.rmSync(directory, { recursive: true, force: true })
  else line(`the logs are in ${directory}`)
  if (run.problems.size > 0) for (const replica of cluster.replicas) tellLog(replica)
  return code
}

process.exit(await main())
