/** Postgres and the replicas as processes of this machine, and the way of webhooks to them. */
import { type ChildProcess, spawn } from "node:child_process"
import { generateKeyPairSync } from "node:crypto"
import * as Fs from "node:fs"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import * as Path from "node:path"
import { env } from "node:process"
import { setTimeout as delay } from "node:timers/promises"
import * as PgPool from "@effect/sql-pg/PgPool"
import { Effect, Redacted, Schedule } from "effect"
import { bundled } from "../../src/bundle.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { freePort } from "../e2e/freePort.ts"
import { makePostgres, type PostgresProcess } from "../store/postgresProcess.ts"
import type { Chance } from "./chance.ts"
import { Line } from "./Line.ts"
import { admin, type Bot, type Outside, shelves } from "./Outside.ts"

export interface Options {
  readonly directory: string
  /** The tree of the program: this one, or a copy that lacks something. */
  readonly root: string
  readonly outside: Outside
  readonly replicas: number
  /** Without it each replica is a plain process with one bot, and takes it from the others. */
  readonly engine: boolean
  readonly chance: Chance
}

type Row = Readonly<Record<string, unknown>>

const secret = "a-secret-of-this-test"

/** The same for all: a service account that exists nowhere. */
const makeCredentials = () =>
  JSON.stringify({
    type: "service_account",
    client_email: "bot@demo.example.com",
    private_key: generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({
      type: "pkcs8",
      format: "pem",
    }),
  })

export class Replica {
  readonly number: number
  readonly line: Line
  readonly logFile: string
  readonly httpPort: number
  /** How each process of it ended, the last one last. */
  readonly exits: Array<string> = []
  isStopped = false
  private readonly begin: () => ChildProcess
  private child: ChildProcess | undefined

  constructor(parts: {
    readonly number: number
    readonly line: Line
    readonly logFile: string
    readonly httpPort: number
    readonly begin: () => ChildProcess
  }) {
    this.number = parts.number
    this.line = parts.line
    this.logFile = parts.logFile
    this.httpPort = parts.httpPort
    this.begin = parts.begin
  }

  get isRunning() {
    return this.child !== undefined
  }

  start() {
    if (this.child !== undefined) return
    const child = this.begin()
    this.child = child
    child.once("exit", (code, signal) => {
      this.exits.push(String(signal ?? code))
      this.child = undefined
      this.isStopped = false
    })
  }

  /** Done when it has ended, whatever it is told. */
  async signal(signal: "SIGKILL" | "SIGTERM") {
    const { child } = this
    if (child === undefined) return
    const ended = new Promise<void>((resolve) => {
      child.once("exit", () => resolve())
    })
    child.kill(signal)
    await ended
  }

  stop() {
    this.isStopped = this.child?.kill("SIGSTOP") ?? false
  }

  goOn() {
    this.child?.kill("SIGCONT")
    this.isStopped = false
  }
}

export class Cluster {
  readonly postgres: PostgresProcess
  readonly replicas: ReadonlyArray<Replica>
  readonly bots: ReadonlyArray<Bot>
  readonly options: Options
  /** The file that a replica starts. */
  readonly program: string
  private readonly port: number
  private readonly hooks: Server

  private constructor(parts: {
    readonly options: Options
    readonly program: string
    readonly postgres: PostgresProcess
    readonly port: number
    readonly replicas: ReadonlyArray<Replica>
    readonly hooks: Server
  }) {
    this.options = parts.options
    this.program = parts.program
    this.postgres = parts.postgres
    this.port = parts.port
    this.replicas = parts.replicas
    this.hooks = parts.hooks
    this.bots = parts.options.outside.bots
  }

  /** Starts Postgres and prepares the replicas; none of them is started yet. */
  static async make(options: Options): Promise<Cluster> {
    const { directory, outside } = options
    const port = await freePort()
    const settings = { listen_addresses: "127.0.0.1", port: String(port) }
    const postgres = makePostgres({ settings })
    await postgres.create()
    Fs.writeFileSync(Path.join(directory, "catalogue.json"), catalogue())
    const credentials = makeCredentials()
    // A replica that is started again is there in half the time that the sources take.
    const program = await bundled(options.root)
    const replicas: Array<Replica> = []
    const hooks = createServer((request, response) => {
      void forward(replicas, options.chance, request, response)
    })
    await new Promise<void>((resolve) => {
      hooks.listen(0, "127.0.0.1", resolve)
    })
    const address = hooks.address()
    const hookPort = typeof address === "object" ? (address?.port ?? 0) : 0
    for (let number = 1; number <= options.replicas; number += 1) {
      const line = await Line.open(port)
      const httpPort = await freePort()
      const own = Path.join(directory, `replica-${number}`)
      Fs.mkdirSync(Path.join(own, "bots"), { recursive: true })
      const settingsOf = (bot: Bot) =>
        settingsFor(bot, outside.addressFor(number, bot.name), hookPort)
      for (const bot of options.engine ? outside.bots : []) {
        const lines = Object.entries(settingsOf(bot)).map(([name, value]) => `${name}=${value}`)
        Fs.writeFileSync(Path.join(own, "bots", `${bot.name}.env`), `${lines.join("\n")}\n`)
      }
      const [first] = outside.bots
      const replicaPort = await freePort()
      const variables = {
        ...common,
        PATH: env["PATH"] ?? "",
        GOOGLE_CREDENTIALS_JSON: credentials,
        ADMIN_ID: String(admin),
        CATALOGUE_FILE: Path.join(directory, "catalogue.json"),
        DATA_DIR: Path.join(own, "data"),
        HTTP_PORT: String(httpPort),
        DATABASE_URL: `postgres://bot:not-a-password@127.0.0.1:${line.port}/postgres`,
        ...(options.engine || first === undefined
          ? { REPLICA_ADDRESS: `127.0.0.1:${replicaPort}`, BOTS_DIR: Path.join(own, "bots") }
          : { ...settingsOf(first), BOT_NAME: first.name }),
      }
      const logFile = Path.join(directory, `replica-${number}.log`)
      const log = Fs.openSync(logFile, "a")
      const begin = () =>
        spawn(process.execPath, [program, "run"], {
          cwd: options.root,
          env: variables,
          stdio: ["ignore", log, log],
        })
      replicas.push(new Replica({ number, line, logFile, httpPort, begin }))
    }
    return new Cluster({ options, program, postgres, port, replicas, hooks })
  }

  /** Asks Postgres, past the lines of the replicas. */
  query(sql: string, values: ReadonlyArray<string> = []): Promise<ReadonlyArray<Row>> {
    return PgPool.make({
      url: this.url,
      startupParameters: { search_path: "account_bot" },
      maxConnections: 1,
    }).pipe(
      Effect.flatMap((pool) => pool.use((connection) => connection.query(sql, values))),
      Effect.map(({ rows }) => rows),
      Effect.scoped,
      Effect.runPromise,
    )
  }

  /** Goes on in the moment in which one of the bots gets another owner; `false` where none does. */
  takenOver(names: ReadonlyArray<string>, patienceMs: number): Promise<boolean> {
    const sql = "SELECT sum(epoch)::float8 AS sum FROM owner WHERE bot = ANY ($1)"
    const { url } = this
    return Effect.gen(function* () {
      const pool = yield* PgPool.make({
        url,
        startupParameters: { search_path: "account_bot" },
        maxConnections: 1,
      })
      const connection = yield* pool.reserve
      const sum = Effect.map(connection.query(sql, [`{${names.join(",")}}`]), ({ rows }) =>
        Number(rows[0]?.["sum"]),
      )
      const before = yield* sum
      yield* Effect.repeat(sum, {
        schedule: Schedule.spaced("5 millis"),
        until: (now) => now > before,
      })
      return true
    }).pipe(
      Effect.scoped,
      Effect.timeoutOrElse({ duration: patienceMs, orElse: () => Effect.succeed(false) }),
      Effect.orElseSucceed(() => false),
      Effect.runPromise,
    )
  }

  /** The database, past the lines of the replicas. */
  get url() {
    return Redacted.make(`postgres://bot:not-a-password@127.0.0.1:${this.port}/postgres`)
  }

  /** Ends the sessions of a replica that fit, and gives how many these were. */
  async terminate(replica: Replica, condition: string): Promise<number> {
    const ports = replica.line.serverPorts.join(",")
    if (ports === "") return 0
    const rows = await this.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE client_port IN (${ports}) AND (${condition})`,
    )
    return rows.length
  }

  /** Ends everything that was started. */
  async close() {
    for (const replica of this.replicas) replica.goOn()
    await Promise.all(this.replicas.map((replica) => replica.signal("SIGKILL")))
    for (const { line } of this.replicas) line.close()
    this.hooks.closeAllConnections()
    this.hooks.close()
    await this.postgres.remove()
  }
}

const catalogue = () => {
  const wanted = new Set<string>(shelves.map(({ resource }) => resource))
  return JSON.stringify({
    resources: shippedCatalogue.resources.filter(({ id }) => wanted.has(id)),
  })
}

/** Periods are short, so that much happens between two faults; the rates of Google are not tested. */
const common = {
  LOG_LEVEL: "Info",
  LOG_FORMAT: "logfmt",
  DIGEST_TIME: "off",
  AUTO_CONFIRM_TIMEOUT: "45",
  WRITE_BUFFER_INTERVAL: "5",
  STATE_SAVE_INTERVAL: "15",
  LOAD_BATCH_SIZE: "90",
  REFILL_THRESHOLD: "50",
  SHEETS_REQUESTS_PER_SECOND: "20",
  SHEETS_READS_PER_MINUTE: "600",
  SHEETS_WRITES_PER_MINUTE: "600",
} as const

const settingsFor = (bot: Bot, address: string, hookPort: number) => ({
  BOT_TOKEN: bot.token,
  SPREADSHEET_ACCOUNTS: bot.accounts,
  SPREADSHEET_ISSUED: bot.issued,
  TELEGRAM_API_ROOT: address,
  SHEETS_ROOT_URL: address,
  ...(bot.way === "webhook" && {
    WEBHOOK_URL: `http://127.0.0.1:${hookPort}/updates-of-${bot.name}`,
    WEBHOOK_SECRET: secret,
  }),
})

/** How long a replica may take for a webhook before another one is asked. */
const hookPatienceMs = 4_000

/** As a plain reverse proxy does it: some replica that answers gets the update, now and then two. */
const forward = async (
  replicas: ReadonlyArray<Replica>,
  chance: Chance,
  request: IncomingMessage,
  response: ServerResponse,
) => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const post = async ({ httpPort }: Replica) => {
    const answer = await fetch(`http://127.0.0.1:${httpPort}${request.url ?? ""}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-telegram-bot-api-secret-token": secret,
      },
      body: Buffer.concat(chunks),
      signal: AbortSignal.timeout(hookPatienceMs),
    })
    return { status: answer.status, text: await answer.text() }
  }
  const first = chance.whole(0, replicas.length - 1)
  const inTurn = [...replicas.slice(first), ...replicas.slice(0, first)]
  const [one, other] = inTurn
  // Telegram may send an update again though it was taken.
  if (one !== undefined && other !== undefined && chance.isLucky(0.05)) {
    void post(other).catch(() => undefined)
  }
  for (const replica of inTurn) {
    const answer = await post(replica).catch(() => undefined)
    if (answer === undefined || answer.status >= 400) continue
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text)
    return
  }
  response.writeHead(502).end()
}

/** Asks again and again until it is true; `false` where it does not become so in time. */
export const eventually = async (
  patienceMs: number,
  ask: () => Promise<boolean> | boolean,
  every = 100,
): Promise<boolean> => {
  const until = performance.now() + patienceMs
  while (performance.now() < until) {
    if (await ask()) return true
    await delay(every)
  }
  return false
}
