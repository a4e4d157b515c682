/**
 * The demo, driven over its control API: what an end-to-end test holds.
 *
 * The world (chats, sheets, clock) lives in the demo's directory, so a killed demo is started
 * again on the same directory and finds the outside as it left it.
 */
import { spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Clock, ConfigProvider, Console, DateTime, Effect, Fiber } from "effect"
import { Command } from "effect/cli"
import { bundled } from "../../src/bundle.ts"
import { demo as command } from "../../src/cli/demo.ts"
import { version } from "../../src/config/Settings.ts"
import { freePort } from "./freePort.ts"

export interface Button {
  readonly text: string
  readonly data?: string
  readonly copyText?: string
  readonly style?: string
}

export interface Message {
  readonly messageId: number
  readonly from: "bot" | "user"
  readonly text: string
  readonly keyboard?: ReadonlyArray<ReadonlyArray<Button>>
}

export interface Tab {
  readonly title: string
  readonly header: ReadonlyArray<string>
  readonly rows: ReadonlyArray<{
    readonly cells: ReadonlyArray<string>
    readonly values: ReadonlyArray<string | number | boolean>
    readonly colour?: string
    readonly notes?: Readonly<Record<string, string>>
  }>
}

export interface Call {
  readonly n: number
  readonly api: "telegram" | "sheets"
  readonly method: string
  readonly params: unknown
  readonly status?: number
}

const root = Path.join(import.meta.dirname, "..", "..")

/** Real time a condition may take to come true; virtual time is moved by `advance`. */
const patienceMs = 60_000

/** A demo that was started. */
interface Started {
  readonly hasEnded: () => boolean
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>
  /** Ends it: at once with SIGKILL, gracefully with SIGTERM. Gives its exit code. */
  readonly stop: (signal: "SIGKILL" | "SIGTERM") => Promise<number | null>
}

type Start = (env: Record<string, string>, print: (text: string) => void) => Promise<Started>

/** Starts Node on a file of the program, and prints what it prints. */
const startNode = (
  parameters: ReadonlyArray<string>,
  env: Record<string, string>,
  print: (text: string) => void,
): Started => {
  const child = spawn(process.execPath, parameters, {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  })
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code))
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => print(chunk.toString()))
  }
  return {
    hasEnded: () => child.exitCode !== null,
    ended,
    stop: (signal) => {
      child.kill(signal)
      return ended
    },
  }
}

/** As a service manager starts it: a process of its own, which can be killed. */
const inOwnProcess: Start = async (env, print) => {
  return startNode([await bundled(), "demo"], env, print)
}

/** As a container does, from the bundle of a tree of its own. */
const inTree =
  (tree: string): Start =>
  async (env, print) =>
    startNode([Path.join(tree, "node_modules/.cache/account-bot/main.mjs"), "demo"], env, print)

/** As `npm run demo` does, with a process beside it that starts it again when it was killed. */
const supervised =
  (flags: ReadonlyArray<string>): Start =>
  async (env, print) => {
    const port = String(await freePort())
    return startNode(["src/supervisor.ts", ...flags], { ...env, PLAYGROUND_PORT: port }, print)
  }

/** The same command in the process of the test, which has loaded it already. */
const inThisProcess: Start = async (env, print) => {
  const line = (...words: ReadonlyArray<unknown>) => print(`${words.map(String).join(" ")}\n`)
  const printed = Object.assign(Object.create(console), { log: line, error: line })
  const fiber = Command.runWith(command, { version })([]).pipe(
    Effect.provideService(Console.Console, printed),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })),
    Effect.provide(NodeServices.layer),
    Effect.runFork,
  )
  return {
    hasEnded: () => fiber.pollUnsafe() !== undefined,
    ended: Effect.runPromise(Effect.as(Fiber.await(fiber), 0)),
    stop: async () => {
      await Effect.runPromise(Fiber.interrupt(fiber))
      return 0
    },
  }
}

const moscow = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")

/** The time of day at which a demo starts: far from midnight, whatever the real time is. */
const noon = "12:00"

/** That time of the day whose noon is next in Moscow. */
const nextAt = (time: string) => {
  const now = Effect.runSync(Effect.map(DateTime.now, DateTime.setZone(moscow)))
  const ofToday = (hour: number, minute: number) =>
    DateTime.setParts(now, { hour, minute, second: 0, millisecond: 0 })
  const [hour = 0, minute = 0] = time.split(":").map(Number)
  const days = DateTime.isLessThan(ofToday(12, 0), now) ? 1 : 0
  return DateTime.add(ofToday(hour, minute), { days })
}

export class Demo {
  readonly directory: string
  readonly env: Record<string, string>
  private readonly launch: Start
  private readonly at: string
  private started: Started | undefined
  private base = ""
  output = ""

  private constructor(launch: Start, env: Record<string, string>, at: string) {
    this.directory = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-e2e-"))
    this.at = at
    this.env = env
    this.launch = launch
    this.setClock()
  }

  /** For a test that stops it as it likes. */
  static process(env: Record<string, string> = {}, at = noon) {
    return new Demo(inOwnProcess, env, at)
  }

  /** For a test of a tree that holds the program and nothing else. */
  static from(tree: string) {
    return new Demo(inTree(tree), {}, noon)
  }

  /** For a test that has it kill itself: it comes back on the same address. */
  static supervised(env: Record<string, string> = {}, flags: ReadonlyArray<string> = []) {
    return new Demo(supervised(flags), env, noon)
  }

  /** For a test that stops it at its end only: it starts in a fraction of the time. */
  static here(env: Record<string, string> = {}, at = noon) {
    return new Demo(inThisProcess, env, at)
  }

  /** Makes the directory of a demo that has ended the directory of this one. */
  copyFrom(directory: string) {
    Fs.cpSync(directory, this.directory, { recursive: true })
    this.setClock()
  }

  private setClock() {
    const aheadMs =
      DateTime.toEpochMillis(nextAt(this.at)) - Effect.runSync(Clock.currentTimeMillis)
    Fs.mkdirSync(this.file("world"), { recursive: true })
    Fs.writeFileSync(this.file(Path.join("world", "clock.json")), JSON.stringify({ aheadMs }))
  }

  /** Resolves when the demo has its first stock; rejects with its output when it ends before. */
  async start(env: Record<string, string> = {}): Promise<void> {
    this.output = ""
    const started = await this.launch(
      {
        DATA_DIR: this.directory,
        PLAYGROUND_PORT: "0",
        // The rate is a promise of its own tests; here it would only cost time.
        SHEETS_REQUESTS_PER_SECOND: "50",
        // Three minutes of the clock for the timer take a third of the time that ten do.
        AUTO_CONFIRM_TIMEOUT: "180",
        ...this.env,
        ...env,
      },
      (text) => {
        this.output += text
      },
    )
    this.started = started
    await this.eventually("the demo to start", async () => {
      if (started.hasEnded()) throw new Fatal(`the demo ended:\n${this.output}`)
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(this.output)
      if (address !== null) this.base = address[0]
      return address === null ? undefined : true
    })
    await this.ready()
  }

  /** Resolves when the bot takes requests, which it does not right after a reset. */
  async ready(): Promise<void> {
    await this.eventually("the bot to be ready", async () => {
      if (this.started?.hasEnded() === true) throw new Fatal(`the demo ended:\n${this.output}`)
      const response = await fetch(`${this.base}/sim/health`, {
        signal: AbortSignal.timeout(2_000),
      }).catch(() => undefined)
      const health = await response?.json().catch(() => undefined)
      if (isStocked(health)) return true
      // The first stock is loaded at the pace of a quota, which the clock need not wait for.
      // Where nobody can move it, it comes by itself.
      if (response !== undefined) await this.advance("1 second").catch(() => undefined)
      return undefined
    })
  }

  /** Ends the process: at once with SIGKILL, gracefully with SIGTERM. Gives its exit code. */
  async stop(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    return this.started === undefined ? null : this.started.stop(signal)
  }

  /** Waits until it ends by itself, and gives its exit code. */
  async ended(): Promise<number | null> {
    return this.started === undefined ? null : this.started.ended
  }

  async remove(): Promise<void> {
    await this.stop("SIGKILL")
    Fs.rmSync(this.directory, { recursive: true, force: true })
  }

  /** Where the page is: `http://127.0.0.1:40123`. */
  get address() {
    return this.base
  }

  /** Path of a file in the demo's data directory. */
  file(name: string) {
    return Path.join(this.directory, "demo", name)
  }

  /** The address of a path. */
  url(path: string): string {
    return this.base + path
  }

  async get<A>(path: string): Promise<A> {
    return this.json<A>(await fetch(this.base + path))
  }

  async post<A>(path: string, body: unknown): Promise<A> {
    return this.json<A>(
      await fetch(this.base + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    )
  }

  private async json<A>(response: Response): Promise<A> {
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`)
    return (text === "" ? undefined : JSON.parse(text)) as A
  }

  /** The text of a photo or a document that stands in a chat. */
  async download(path: string): Promise<string> {
    const response = await fetch(`${this.base}/sim/files/${path}`)
    const bytes = new Uint8Array(await response.arrayBuffer())
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)
  }

  say(userId: number, text: string) {
    return this.post<{ updateId: number; messageId: number }>("/sim/messages", { userId, text })
  }

  tap(userId: number, tap: { messageId?: number; label?: string; data?: string }) {
    return this.post<{ updateId: number; callbackQueryId: string }>("/sim/taps", { userId, ...tap })
  }

  /** Taps a button as soon as the chat shows it. */
  async press(userId: number, label: string, messageId?: number) {
    return this.eventually(`a button "${label}"`, async () =>
      this.tap(userId, { label, ...(messageId === undefined ? {} : { messageId }) }).catch(
        () => undefined,
      ),
    )
  }

  /** The messages of a chat after that one. */
  chat(userId: number, since = 0) {
    return this.get<ReadonlyArray<Message>>(`/sim/chats/${userId}?since=${since}`)
  }

  sheets(spreadsheet: "demo-accounts" | "demo-issued") {
    return this.get<ReadonlyArray<Tab>>(`/sim/sheets/${spreadsheet}`)
  }

  async tab(spreadsheet: "demo-accounts" | "demo-issued", title: string): Promise<Tab> {
    const found = (await this.sheets(spreadsheet)).find((tab) => tab.title === title)
    if (found === undefined) throw new Error(`no tab ${title}`)
    return found
  }

  edit(spreadsheet: string, edit: Record<string, unknown>) {
    return this.post(`/sim/sheets/${spreadsheet}/edits`, edit)
  }

  fault(fault: Record<string, unknown>) {
    return this.post("/sim/faults", fault)
  }

  advance(duration: string) {
    return this.post("/sim/clock", { advance: duration })
  }

  calls(since = 0) {
    return this.get<ReadonlyArray<Call>>(`/sim/calls?since=${since}`)
  }

  callback(id: string) {
    return this.get<{ answered: boolean; text?: string; showAlert?: boolean }>(
      `/sim/callbacks/${id}`,
    )
  }

  /** The newest message of the bot that matches, once there is one. */
  async sees(userId: number, text: string | RegExp): Promise<Message> {
    return this.eventually(`${userId} to see ${String(text)}`, async () =>
      (await this.chat(userId)).findLast(
        (message) => message.from === "bot" && matches(message.text, text),
      ),
    )
  }

  /** Asks again and again until there is an answer; fails with the chats in the message. */
  async eventually<A>(what: string, ask: () => Promise<A | undefined>): Promise<A> {
    const until = performance.now() + patienceMs
    while (performance.now() < until) {
      const answer = await ask()
      if (answer !== undefined) return answer
      await delay(15)
    }
    throw new Error(`waited in vain for ${what}\n${await this.transcript()}`)
  }

  private async transcript(): Promise<string> {
    const chats = await Promise.all(
      [1, 2, 3].map(async (id) => `${id}: ${JSON.stringify(await this.chat(id), null, 1)}`),
    ).catch(() => [])
    return [...chats, this.output.slice(-4_000)].join("\n")
  }
}

const isStocked = (health: unknown) =>
  typeof health === "object" && health !== null && "stocked" in health && health.stocked === true

class Fatal extends Error {}

const matches = (text: string, wanted: string | RegExp) =>
  typeof wanted === "string" ? text.includes(wanted) : wanted.test(text)
