/**
 * Six bots on three replicas against the same six on one, on one machine: how much people who never
 * pause are answered, and what that costs. The bots poll.
 *
 * The bots come when all replicas are there, so that none of them moves, and nobody waits for the
 * minute that Google is left alone in after a takeover.
 */
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { Duration } from "effect"
import { colleagueUpdates } from "../../src/config/Limits.ts"
import { type Bot, fileOf, freePort, type Google, startGoogle, startProgram } from "../bot.ts"
import { withDirectory } from "../disk.ts"
import { isGoods, isMenu, people, press, untilStocked, updatesOfTurn } from "../people.ts"
import { hireIn, noPostgres, type Postgres, withPostgres } from "../postgres.ts"
import { type Measure, percentile, type Row } from "../table.ts"
import { type Shown, Telegram } from "../Telegram.ts"

const bots = 6
const joinSeconds = 10
const warmSeconds = 15
const watchedSeconds = 12

/** Those who warm the replicas up use up their own allowances, and not those of the measured ones. */
const employees = { measured: people.slice(0, 20), before: people.slice(20, 40) }

/** Beyond it the bot takes no more requests of a person for now, who would wait for ever. */
const requestsMost =
  colleagueUpdates.burst +
  Math.floor((watchedSeconds * 1_000) / Duration.toMillis(colleagueUpdates.every))

/** Enough for a bot that has the whole machine to itself. */
const items = 5_000

interface Replica {
  readonly process: Bot
  readonly port: number
}

interface Running {
  readonly postgres: Postgres
  readonly google: Google
  readonly replicas: ReadonlyArray<Replica>
  readonly telegrams: ReadonlyArray<Telegram>
}

interface Answer {
  readonly person: string
  /** By performance.now(). */
  readonly at: number
  readonly wait: number
}

const measure =
  (count: number): Measure =>
  (task) =>
    withPostgres((postgres) =>
      withDirectory(async (directory) => {
        const google = await startGoogle(items, bots)
        const telegrams = await Promise.all(Array.from({ length: bots }, () => Telegram.start()))
        for (const n of telegrams.keys()) await hireIn(postgres, `bot-${n}`, people)
        const files = Path.join(directory, "bots")
        Fs.mkdirSync(files)
        const start = async (_: unknown, number: number): Promise<Replica> => {
          const own = Path.join(directory, `replica-${number}`)
          Fs.mkdirSync(own)
          const port = await freePort()
          const settings = {
            BOTS_DIR: files,
            DATABASE_URL: postgres.url,
            HTTP_PORT: String(port),
            REPLICA_ADDRESS: `127.0.0.1:${await freePort()}`,
            SHEETS_READS_PER_MINUTE: "600",
            SHEETS_WRITES_PER_MINUTE: "600",
          }
          const [telegram] = telegrams
          if (telegram === undefined) throw new Error("there is no bot")
          const outside = { directory: own, google: google.url, telegram }
          // A profile is of one process.
          const { root, profile } = task
          const program = number === 0 && profile !== undefined ? { root, profile } : { root }
          return { process: startProgram(program, outside, { settings }), port }
        }
        const replicas = await Promise.all(Array.from({ length: count }, start))
        await delay(joinSeconds * 1_000)
        for (const [index, { url }] of telegrams.entries()) {
          Fs.writeFileSync(Path.join(files, `bot-${index}.env`), fileOf(index, url))
        }
        await Promise.all(telegrams.map(untilStocked))
        const found = await underLoad({ postgres, google, replicas, telegrams })
        await Promise.all(replicas.map(({ process: replica }) => replica.stop()))
        for (const telegram of telegrams) telegram.stop()
        await google.stop()
        return found
      }),
    )

/** Lets those people of every bot work without a pause for so long. */
const workFor = async (
  seconds: number,
  persons: ReadonlyArray<number>,
  { telegrams }: Running,
): Promise<ReadonlyArray<Answer>> => {
  const answers: Array<Answer> = []
  const until = performance.now() + seconds * 1_000
  const work = async (telegram: Telegram, bot: number, person: number) => {
    let made = 0
    const answered = (wait: number) => {
      made += 1
      answers.push({ person: `${bot} ${person}`, at: performance.now(), wait })
    }
    while (performance.now() < until) {
      if (made + updatesOfTurn > requestsMost) throw new Error(`somebody made ${made} requests`)
      await takeTurn(telegram, person, answered)
    }
  }
  await Promise.all(
    telegrams.flatMap((telegram, bot) => persons.map((person) => work(telegram, bot, person))),
  )
  return answers
}

const underLoad = async (running: Running) => {
  await workFor(warmSeconds, employees.before, running)
  const before = await usedBy(running)
  const [all, after] = await Promise.all([
    workFor(watchedSeconds, employees.measured, running),
    delay(watchedSeconds * 1_000).then(() => usedBy(running)),
  ])
  const answers = all.filter(({ at }) => at < after.at)
  if (before.takeovers !== after.takeovers) throw new Error("a bot changed hands meanwhile")
  const waits = answers.map(({ wait }) => wait)
  const counts = Map.groupBy(all, ({ person }) => person)
  const most = Math.max(...[...counts.values()].map(({ length }) => length))
  const seconds = (after.at - before.at) / 1_000
  const of = (figure: Exclude<keyof typeof before, "at" | "fullest" | "takeovers">) =>
    after[figure] - before[figure]
  const own = of("replicas") + of("database") + of("outside")
  return {
    answered: answers.length / seconds,
    half: percentile(waits, 50),
    most: percentile(waits, 99),
    commits: of("commits") / answers.length,
    commit: of("committing") / of("commits"),
    cpu: of("replicas") / answers.length,
    database: of("database") / answers.length,
    outside: of("outside") / answers.length,
    busy: own / seconds / 1_000,
    others: (of("machine") - own) / seconds / 1_000,
    coreless: of("coreless") / answers.length,
    fullest: after.fullest,
    person: most,
  }
}

/** What a person does from the menu to the mark; `answered` is told each time how long he waited. */
const takeTurn = async (
  telegram: Telegram,
  person: number,
  answered: (wait: number) => void,
): Promise<void> => {
  let from = performance.now()
  const tell = ({ at }: Shown) => {
    answered(at - from)
    from = performance.now()
  }
  const menu = telegram.next(person, isMenu)
  telegram.say(person, "/menu")
  let shown = await menu
  tell(shown)
  for (const { label, fits } of steps) {
    const before = shown
    shown = (await press(telegram, before, label, (to) => fits(to, before))).shown
    tell(shown)
  }
}

interface Step {
  readonly label: string
  /** Whether it is the answer, and not what was on its way already. */
  readonly fits: (shown: Shown, before: Shown) => boolean
}

const hasButton = ({ buttons }: Shown, label: string) =>
  buttons.some(({ text }) => text === label || text.endsWith(` ${label}`))

const steps: ReadonlyArray<Step> = [
  { label: "VK", fits: (shown) => hasButton(shown, "495") },
  { label: "495", fits: (shown) => hasButton(shown, "1") },
  { label: "1", fits: isGoods },
  {
    label: "Хороший",
    fits: (shown, { messageId }) => shown.messageId === messageId && !hasButton(shown, "Хороший"),
  },
]

/** Milliseconds of the processor so far, and where the bots are. */
const usedBy = async ({ postgres, google, replicas }: Running) => {
  const counted = await postgres.numbers(`
    SELECT sum(epoch) AS takeovers, (SELECT sum(number) FROM commit_mark) AS commits FROM owner`)
  const figures = await Promise.all(replicas.map(figuresOf))
  const used = await Promise.all(replicas.map(({ process: replica }) => replica.usage()))
  const { user, system } = process.cpuUsage()
  return {
    at: performance.now(),
    takeovers: Number(counted["takeovers"]),
    commits: Number(counted["commits"]),
    fullest: Math.max(...figures.map(({ bots: here }) => here)),
    committing: sumOf(figures, ({ committing }) => committing),
    replicas: sumOf(used, ({ cpu }) => cpu),
    coreless: sumOf(used, ({ coreless }) => coreless),
    database: postgres.cpu(),
    outside: (user + system) / 1_000 + google.cpu(),
    machine: busyOfMachine(),
  }
}

/** How many bots a replica has, and how long the commits of all of them took together. */
const figuresOf = async ({ port }: Replica) => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const taken = [...text.matchAll(/^account_bot_commit_seconds_sum\S* (\S+)$/gm)]
  return {
    bots: [...text.matchAll(/^account_bot_bot_here\S* 1$/gm)].length,
    committing: sumOf(taken, ([, seconds]) => Number(seconds) * 1_000),
  }
}

const sumOf = <A>(all: ReadonlyArray<A>, of: (one: A) => number) =>
  all.reduce((sum, one) => sum + of(one), 0)

const busyOfMachine = () =>
  sumOf(Os.cpus(), ({ times: { user, nice, sys, irq } }) => user + nice + sys + irq)

export const replicas: Row = {
  title: "Six bots on three replicas, 120 people who never pause, on one machine",
  figures: {
    answered: {
      what: "requests that are answered",
      unit: "/s",
      goal: { atLeast: 1, ofBaseline: true },
    },
    half: { what: "… after, half of them", unit: "ms" },
    most: { what: "… after, 99 of 100 of them", unit: "ms" },
    commits: { what: "commits for a request", unit: "" },
    commit: { what: "one commit, on average", unit: "ms" },
    cpu: { what: "CPU of the replicas for a request", unit: "ms" },
    database: { what: "… of Postgres", unit: "ms" },
    outside: { what: "… of Telegram, Google and the people", unit: "ms" },
    busy: { what: "cores that all of these were busy on", unit: "" },
    others: { what: "… and other programs meanwhile", unit: "" },
    coreless: { what: "replicas that could work and had no core, for a request", unit: "ms" },
    fullest: { what: "bots on the fullest replica", unit: "" },
    person: { what: "requests of one person, at most", unit: "" },
  },
  missing: noPostgres,
  onlyByName: true,
  isUneven: true,
  program: measure(3),
  baseline: { name: "one replica", measure: measure(1) },
}
