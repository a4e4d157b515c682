/** Bots in processes of their own, as `npm start` starts them, and the outside that they talk to. */
import { type ChildProcess, spawn } from "node:child_process"
import { generateKeyPairSync } from "node:crypto"
import * as Fs from "node:fs"
import { createServer } from "node:net"
import * as Path from "node:path"
import { transformSync } from "rolldown/utils"
import type { Blocks } from "./blocks.ts"
import { cache } from "./disk.ts"
import type { ProbeQuestion } from "./probe.ts"
import type { Task } from "./table.ts"
import { type Telegram, token } from "./Telegram.ts"
import { type Usage, usageOf } from "./usage.ts"

export const admin = 1

export interface Bot {
  readonly usage: () => Promise<Usage>
  /** Of a bot that was started with a look inside. */
  readonly blocks: () => Promise<Blocks>
  /** Ends it as a service manager does, and waits until it has ended. */
  readonly stop: () => Promise<void>
}

interface Start {
  readonly cwd: string
  readonly env: Record<string, string>
  /** The file for what it prints. */
  readonly log: string
  /** With the probe on board, to be asked for its blocks. */
  readonly isProbed?: boolean
  /** The file for a profile of what lies between the first two questions what it has used. */
  readonly profile?: string | undefined
}

const startNode = (parameters: ReadonlyArray<string>, start: Start): Bot => {
  const { cwd, env, log, isProbed = false, profile } = start
  const hasProbe = isProbed || profile !== undefined
  const output = Fs.openSync(log, "a")
  const child = spawn(process.execPath, parameters, {
    cwd,
    env: hasProbe ? { ...env, NODE_OPTIONS: probeOption(profile) } : env,
    stdio: ["ignore", output, output, ...(hasProbe ? ["ipc" as const] : [])],
  })
  Fs.closeSync(output)
  // A bench that is stopped leaves no bot behind.
  process.once("exit", () => child.kill("SIGKILL"))
  let isStopped = false
  child.once("exit", (code) => {
    if (isStopped) return
    process.stderr.write(Fs.readFileSync(log, "utf8").slice(-2_000))
    throw new Error(`the bot ended with ${String(code)}`)
  })
  return {
    usage: async () => {
      if (profile !== undefined) await ask<null>(child, "profile")
      return usageOf(pidOf(child))
    },
    blocks: () => ask<Blocks>(child, "blocks"),
    stop: () => {
      isStopped = true
      return end(child)
    },
  }
}

const pidOf = ({ pid }: ChildProcess) => {
  if (pid === undefined) throw new Error("the bot did not start")
  return pid
}

const probeOption = (profile: string | undefined) => {
  const probe = new URL("probe.ts", import.meta.url)
  if (profile !== undefined) probe.searchParams.set("profile", profile)
  return `--import=${probe.href}`
}

const ask = <A>(child: ChildProcess, question: ProbeQuestion): Promise<A> =>
  new Promise((resolve) => {
    // The probe answers each question with one message.
    child.once("message", (answer) => resolve(answer as A))
    child.send(question)
  })

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve())
    child.kill("SIGTERM")
  })

export interface Google {
  readonly url: string
  /** Milliseconds of the processor since its start. */
  readonly cpu: () => number
  readonly stop: () => Promise<void>
}

/** Google in a process of its own. */
export const startGoogle = (rows: number, bots = 0): Promise<Google> => {
  const file = Path.join(import.meta.dirname, "google.ts")
  const child = spawn(process.execPath, [file, String(rows), String(bots)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  })
  return new Promise((resolve) => {
    child.once("message", (url) =>
      resolve({
        url: url as string,
        cpu: () => usageOf(pidOf(child)).cpu,
        stop: () => end(child),
      }),
    )
  })
}

const credentials = JSON.stringify({
  type: "service_account",
  client_email: "bot@demo.example.com",
  private_key: generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey,
})

export interface Outside {
  readonly telegram: Telegram
  /** Where Google answers. */
  readonly google: string
  /** The data directory of the bot. */
  readonly directory: string
}

/** The settings of a bot that may ask Google as often as it likes, for people who hold a lot. */
export const settingsFor = ({ telegram, google, directory }: Outside) => ({
  BOT_TOKEN: token,
  ADMIN_ID: String(admin),
  GOOGLE_CREDENTIALS_JSON: credentials,
  SPREADSHEET_ACCOUNTS: "demo-accounts",
  SPREADSHEET_ISSUED: "demo-issued",
  DATA_DIR: directory,
  TELEGRAM_API_ROOT: telegram.url,
  SHEETS_ROOT_URL: google,
  SHEETS_REQUESTS_PER_SECOND: "50",
  LOAD_BATCH_SIZE: "300",
  REFILL_THRESHOLD: "150",
  PENDING_LIMIT: "1000",
})

/** The settings of one of several bots, as BOTS_DIR has them, with spreadsheets of its own. */
export const fileOf = (index: number, telegram: string) =>
  Object.entries({
    BOT_TOKEN: `${7_900_000_001 + index}:bench-token-that-opens-nothing`,
    SPREADSHEET_ACCOUNTS: `accounts-${index}`,
    SPREADSHEET_ISSUED: `issued-${index}`,
    TELEGRAM_API_ROOT: telegram,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join("")

/** The production program of the checkout, by the command that its package.json has for `npm start`. */
export const startProgram = (
  { root, profile }: Pick<Task, "root" | "profile">,
  outside: Outside,
  { settings = {}, isProbed = false }: ProgramOptions = {},
): Bot =>
  startNode(profile === undefined ? startCommand(root) : ofSources(startCommand(root)), {
    cwd: root,
    env: { ...settingsFor(outside), ...settings },
    log: Path.join(outside.directory, "bot.log"),
    isProbed,
    profile,
  })

interface ProgramOptions extends Pick<Start, "isProbed"> {
  /** Beside those of every bot that is measured. */
  readonly settings?: Readonly<Record<string, string>>
}

const startCommand = (root: string) => {
  const text = Fs.readFileSync(Path.join(root, "package.json"), "utf8")
  const { scripts } = JSON.parse(text) as { readonly scripts: { readonly start: string } }
  const [node, ...parameters] = scripts.start.split(" ")
  if (node !== "node") throw new Error(`npm start is no call of Node: ${scripts.start}`)
  return parameters
}

/** The same command over the sources: in a bundle nobody sees which file a function is of. */
const ofSources = (parameters: ReadonlyArray<string>) =>
  parameters.map((parameter) => (parameter.endsWith("/main.mjs") ? "src/main.ts" : parameter))

export const startBare = ({ telegram, directory }: Outside, items: number): Bot =>
  startNode([plainBare(), telegram.url, token, String(items)], {
    cwd: directory,
    env: {},
    log: Path.join(directory, "bot.log"),
  })

/** The bare bot as JavaScript, like the program: no part of its memory is Node's for TypeScript. */
const plainBare = () => {
  const source = Path.join(import.meta.dirname, "baselines", "bareGrammy.ts")
  const plain = Path.join(cache, "bareGrammy.mjs")
  Fs.mkdirSync(cache, { recursive: true })
  Fs.writeFileSync(plain, transformSync(source, Fs.readFileSync(source, "utf8")).code)
  return plain
}

/** Employees who may use the bot from its start on, as whitelist.json has them. */
export const rosterOf = (people: ReadonlyArray<number>) =>
  Object.fromEntries(people.map((id) => [id, { stage: `person.${id}`, is_approved: true }]))

export const hire = (directory: string, people: ReadonlyArray<number>) => {
  Fs.writeFileSync(Path.join(directory, "whitelist.json"), JSON.stringify(rosterOf(people)))
}

export const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0))
    })
  })
