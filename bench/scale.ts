/**
 * `npm run bench:scale`: a working day of many bots over several machines, by simulation, and what it
 * asks of Postgres, Google and the connections, by calculation. bench/scale.md tells what comes of it.
 *
 *   --bots 100,1000    so many bots, one table for each number
 *   --machines 3       so many machines; as many as are needed where it is not given
 *   --seed 1           the same seed gives the same day
 *
 * The simulation is about waiting alone. Updates come by chance, more of them in the busy hours. Each
 * is worked on by the one thread of its machine and then by a core of Postgres, in the order in which
 * they come, for a time that is by chance as well and on average what was measured. Probes come some
 * at a time, when a replica looks which are due, and whoever comes behind them waits. What else runs
 * without anybody's doing (looks, timers) is taken off both before.
 */
import { parseArgs } from "node:util"
import { Duration } from "effect"
import { databaseLook, probePeriod, sharedReadersMax } from "../src/config/Limits.ts"
import { percentile } from "./table.ts"

/** Measured by `npm run bench -- --only postgres,bots,requests` on the machine of bench/scale.md. */
export const measured = {
  /** Milliseconds of the processor for an update that comes alone: of the bot, and of Postgres. */
  updateMs: 3,
  updateDatabaseMs: 1.1,
  /** Commits of the journal for an update that comes alone. */
  commits: 2.47,
  /** Of the write-ahead log and of tables and indexes, for an issuance. */
  walBytes: 11_400,
  rowBytes: 4_500,
  /** Of a replica with one bot, and for each bot more that nobody uses. */
  replicaMb: 130,
  botMb: 7,
  /** Seconds of the processor in an hour of a bot that nobody uses, without its probes. */
  idleCpu: 2.1,
  idleDatabaseCpu: 0.14,
  /** Milliseconds of the processor for a probe that goes through a bot: of the bot, and of Postgres. */
  probeMs: 4.6,
  probeDatabaseMs: 0.9,
  /** Of the replica itself: locks of shards, looks at the others and for messages. */
  replicaCpu: 25,
  replicaDatabaseCpu: 6,
  /** Statements of a replica in an hour. */
  replicaStatements: 10_300,
  /** Bytes of write-ahead log of a bot that nobody uses, and statements, in an hour. */
  idleWal: 515_000,
  idleStatements: 3_400,
  /** Seconds of the processor for the start of a bot. */
  startCpu: 0.08,
  /** Requests to Google: of an idle bot in an hour, and reads for an issuance. */
  idleRequests: 27,
  readsOfIssuance: 0.104,
} as const

/** What is assumed of a company and its machines. */
export const assumed = {
  /** Issuances of a bot in a day: twenty people who take forty each. */
  issuances: 800,
  updatesOfIssuance: 5,
  /** The part of the day's updates in each of ten working hours. */
  hours: [0.08, 0.14, 0.12, 0.1, 0.07, 0.09, 0.12, 0.12, 0.1, 0.06],
  /** Live memory of a bot beyond an idle one, with its people at work. */
  busyMb: 15,
  machineMb: 4_096,
  /** Of the one thread that a replica has, in its busiest hour and with one machine away. */
  busyMost: 0.6,
  databaseCores: 4,
  /** Seconds between two writes of a bot, and items that are taken from a tab at once. */
  flushSeconds: 30,
  claim: 30,
  shards: 32,
} as const

/** Each probe takes three commits. A replica puts those that are due at each look of its own. */
const probeSeconds = Duration.toSeconds(probePeriod)
const looksOfPeriod = probeSeconds / Duration.toSeconds(databaseLook)
const commitsOfProbe = 3

/** Connections of a replica beside one for each bot: for readings, arrivals, takeovers and the engine. */
const ofReplica = sharedReadersMax + 4 + 1 + 3

export interface Plan {
  readonly bots: number
  readonly machines: number
  readonly seed: number
}

/** Chance that is the same for the same seed (mulberry32). */
const chanceOf = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Bots by machine: by their names into shards, and shards over the machines in turn. */
export const placed = ({ bots, machines, seed }: Plan): ReadonlyArray<number> => {
  const chance = chanceOf(seed)
  const counts = Array.from({ length: machines }, () => 0)
  for (let bot = 0; bot < bots; bot += 1) {
    const shard = Math.floor(chance() * assumed.shards)
    const machine = shard % machines
    counts[machine] = (counts[machine] ?? 0) + 1
  }
  return counts
}

/** One or several that work on what comes, each on one thing at a time, in the order of coming. */
const makeServers = (count: number, speed: number) => {
  const freeAt = Array.from({ length: count }, () => 0)
  let worked = 0
  return {
    /** Gives how long it waits. */
    serve: (at: number, work: number) => {
      let next = 0
      for (let n = 1; n < count; n += 1) if ((freeAt[n] ?? 0) < (freeAt[next] ?? 0)) next = n
      const start = Math.max(at, freeAt[next] ?? 0)
      freeAt[next] = start + work / speed
      worked += work
      return start - at
    },
    /** The part of the time in which all of them worked. */
    utilisation: (seconds: number) => 1 - speed + worked / (count * seconds),
  }
}

export interface Hour {
  /** Milliseconds that 99 of 100 updates did not exceed, in both queues together. */
  readonly p99: number
  readonly median: number
  /** Of the thread of the busiest machine, and of the cores of Postgres. */
  readonly busiest: number
  readonly database: number
  readonly updates: number
}

const hourSeconds = 3_600

interface Options {
  /** How much of the hour is looked at. */
  readonly seconds?: number
  /** At how many moments of the fifteen seconds probes come. */
  readonly moments?: number
}

/** Each bot handles so many updates in an hour; what runs by itself is taken off before. */
export const simulateHour = (
  plan: Plan,
  updatesOfBot: number,
  { seconds = hourSeconds, moments = plan.machines * looksOfPeriod }: Options = {},
): Hour => {
  const counts = placed(plan)
  const chance = chanceOf(plan.seed + 1)
  const exponential = (mean: number) => -mean * Math.log(1 - chance())
  const machines = counts.map((bots) => makeServers(1, leftOf(idleOf(bots))))
  const idleDatabase =
    (plan.bots * measured.idleDatabaseCpu + plan.machines * measured.replicaDatabaseCpu) /
    (hourSeconds * assumed.databaseCores)
  const database = makeServers(assumed.databaseCores, leftOf(idleDatabase))
  const bounds = counts.map((_, n) => counts.slice(0, n + 1).reduce((sum, each) => sum + each, 0))
  const anyMachine = () => {
    const bot = chance() * plan.bots
    return machines[bounds.findIndex((bound) => bot < bound)]
  }

  let nextProbesAt = 0
  const probeUntil = (at: number): void => {
    if (nextProbesAt > at) return
    for (const [machine, bots] of counts.entries()) {
      machines[machine]?.serve(nextProbesAt, (bots / moments) * (measured.probeMs / 1_000))
    }
    for (let n = 0; n < plan.bots / moments; n += 1) {
      database.serve(nextProbesAt, measured.probeDatabaseMs / 1_000)
    }
    nextProbesAt += probeSeconds / moments
    probeUntil(at)
  }

  const perSecond = (plan.bots * updatesOfBot) / hourSeconds
  const waits: Array<number> = []
  for (let at = exponential(1 / perSecond); at < seconds; at += exponential(1 / perSecond)) {
    probeUntil(at)
    const first = anyMachine()?.serve(at, exponential(measured.updateMs / 1_000)) ?? 0
    waits.push(first + database.serve(at, exponential(measured.updateDatabaseMs / 1_000)))
  }
  return {
    p99: percentile(waits, 99) * 1_000,
    median: percentile(waits, 50) * 1_000,
    busiest: Math.max(...machines.map(({ utilisation }) => utilisation(seconds))),
    database: database.utilisation(seconds),
    updates: waits.length,
  }
}

/** The part of a thread that a replica and its idle bots take. */
const idleOf = (bots: number) => (measured.replicaCpu + bots * measured.idleCpu) / hourSeconds

/** Nothing works backwards: where all is taken off, what is left is next to nothing. */
const leftOf = (taken: number) => Math.max(1 - taken, 0.001)

const updatesOfDay = assumed.issuances * assumed.updatesOfIssuance
const busiestHour = Math.max(...assumed.hours)

/** Bots of a machine: by the thread in the busiest hour, and by memory. */
export const botsOfMachine = () => {
  const busyOfBot =
    (updatesOfDay * busiestHour * measured.updateMs) / 1_000 / hourSeconds +
    measured.idleCpu / hourSeconds +
    measured.probeMs / 1_000 / probeSeconds
  const byThread = (assumed.busyMost - measured.replicaCpu / hourSeconds) / busyOfBot
  const byMemory = (assumed.machineMb / 2 - measured.replicaMb) / (measured.botMb + assumed.busyMb)
  return { byThread: Math.floor(byThread), byMemory: Math.floor(byMemory) }
}

/** Enough for the bots with one machine away, and never fewer than three. */
export const machinesFor = (bots: number) => {
  const { byThread, byMemory } = botsOfMachine()
  return Math.max(3, Math.ceil(bots / Math.min(byThread, byMemory)) + 1)
}

/** Without chance: what so many bots need and make. */
export const calculate = ({ bots, machines, seed }: Plan) => {
  const most = Math.max(...placed({ bots, machines, seed }))
  const inHour = assumed.issuances / assumed.hours.length
  const slots = hourSeconds / assumed.flushSeconds
  const writes = slots * (1 - Math.exp(-inHour / slots)) + inHour / assumed.claim
  const probes = bots / probeSeconds
  const peak = (bots * updatesOfDay * busiestHour) / hourSeconds
  const account = 60 * 60
  return {
    "bots on the fullest machine": most,
    "memory of it, MB": measured.replicaMb + most * (measured.botMb + assumed.busyMb),
    "seconds of CPU until the bots of a lost machine are started, on each of the others":
      (most * measured.startCpu) / (machines - 1),
    "updates a second, busiest hour": peak,
    "messages of Telegram a second, one bot": peak / bots,
    "commits a second for them": peak * measured.commits,
    "commits a second for probes": probes * commitsOfProbe,
    "notices (NOTIFY) a second for probes": probes,
    "statements a second, idle":
      (bots * measured.idleStatements + machines * measured.replicaStatements) / hourSeconds,
    "write-ahead log a day, GB":
      (bots * (assumed.issuances * measured.walBytes + 24 * measured.idleWal)) / 1e9,
    "tables grow in a year, GB": (bots * assumed.issuances * measured.rowBytes * 365) / 1e9,
    "connections, if each bot had its own six": bots * 6 + machines * 7,
    connections: bots + machines * ofReplica,
    "writes to Google an hour, one bot": writes,
    "reads of Google an hour, one bot": measured.idleRequests + inHour * measured.readsOfIssuance,
    "service accounts, by half of their writes": Math.ceil((bots * writes) / (account / 2)),
    "Google projects, five such accounts each": Math.ceil((bots * writes) / (account / 2) / 5),
  }
}

const shown = (value: number) =>
  Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)

/** Where more comes than can be done, the wait grows as long as one looks. */
const waitIn = ({ busiest, database }: Hour, wait: number) =>
  Math.max(busiest, database) < 1 ? `${wait.toFixed(1)} ms` : "grows, since more comes than fits"

const percent = (part: number) => `${(100 * part).toFixed(1)} %`

/** The day of so many bots as lines of text. */
export const report = (plan: Plan): string => {
  const hours = assumed.hours.map((part) => simulateHour(plan, updatesOfDay * part))
  const busiest = hours.reduce((one, other) => (other.updates > one.updates ? other : one))
  const updates = hours.reduce((sum, hour) => sum + hour.updates, 0)
  const together = simulateHour(plan, updatesOfDay * busiestHour, { moments: 1 })
  const lines = {
    "updates handled in the day": String(updates),
    "busiest hour: thread of the busiest machine": percent(busiest.busiest),
    "busiest hour: cores of Postgres": percent(busiest.database),
    "busiest hour: wait for a turn, half of the updates": waitIn(busiest, busiest.median),
    "busiest hour: wait for a turn, 99 of 100": waitIn(busiest, busiest.p99),
    "… if the probes of all bots came at once": waitIn(together, together.p99),
  }
  const all = [
    ...Object.entries(lines).map(([what, value]) => `  simulated   ${what}: ${value}`),
    ...Object.entries(calculate(plan)).map(
      ([what, value]) => `  calculated  ${what}: ${shown(value)}`,
    ),
  ]
  return `${plan.bots} bots on ${plan.machines} machines, seed ${plan.seed}\n${all.join("\n")}\n`
}

if (process.argv[1] === import.meta.filename) {
  const { values: options } = parseArgs({
    options: {
      bots: { type: "string", default: "100,1000,10000" },
      machines: { type: "string" },
      seed: { type: "string", default: "1" },
    },
  })
  for (const bots of options.bots.split(",").map(Number)) {
    const machines = Number(options.machines ?? machinesFor(bots))
    process.stdout.write(`${report({ bots, machines, seed: Number(options.seed) })}\n`)
  }
}
