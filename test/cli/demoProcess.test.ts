/** `npm run demo`: a process that starts the demo, and starts it again when it was killed. */
import { type ChildProcess, spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { afterEach, assert, describe, it } from "vitest"
import { freePort } from "../e2e/freePort.ts"

const root = Path.join(import.meta.dirname, "..", "..")

let demo: ChildProcess
let directory = ""
let base = ""
let output = ""

const start = async () => {
  directory = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-supervised-"))
  const port = await freePort()
  base = `http://127.0.0.1:${port}/sim`
  output = ""
  demo = spawn(process.execPath, ["src/supervisor.ts", "--reset"], {
    cwd: root,
    env: { ...process.env, DATA_DIR: directory, PLAYGROUND_PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  })
  for (const stream of [demo.stdout, demo.stderr]) {
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()))
  }
  await eventually(async () => ((await get("/users")) === undefined ? undefined : true))
}

/** Nothing while nobody answers. */
const get = async (path: string): Promise<unknown> => {
  const response = await fetch(base + path, { signal: AbortSignal.timeout(5_000) }).catch(
    () => undefined,
  )
  return response?.status === 200 ? response.json() : undefined
}

const post = (path: string, body: unknown = {}) =>
  fetch(base + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  })

const eventually = async <A>(ask: () => Promise<A | undefined>): Promise<A> => {
  const until = performance.now() + 100_000
  while (performance.now() < until) {
    const found = await ask()
    if (found !== undefined) return found
    await delay(50)
  }
  throw new Error(`in vain:\n${output}`)
}

const exitOf = (child: ChildProcess) =>
  new Promise<number | string | null>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? code))
  })

const isServed = async () => ((await get("/users")) === undefined ? undefined : true)
const isReady = async () => ((await get("/health")) === undefined ? undefined : true)
const isGone = async () => ((await get("/users")) === undefined ? true : undefined)

afterEach(async () => {
  if (demo.exitCode === null && demo.signalCode === null) demo.kill("SIGKILL")
  await eventually(isGone)
  Fs.rmSync(directory, { recursive: true, force: true })
})

describe("the process beside the demo", () => {
  it("starts a killed demo again on the same address and files, and ends with it on a signal", async () => {
    await start()
    await post("/messages", { userId: 2, text: "до" })
    assert.strictEqual((await post("/kill")).status, 200)
    await eventually(isGone)
    await eventually(isServed)
    // The flag --reset was obeyed once: the second start forgets nothing.
    const chat = (await get("/chats/2")) as ReadonlyArray<{ text: string }>
    assert.strictEqual(chat[0]?.text, "до")
    const [first, second] = await eventually(async () => {
      const printed = output.match(/http:\S+/g) ?? []
      return printed.length === 2 ? printed : undefined
    })
    assert.strictEqual(first, second)

    await eventually(isReady)
    await post("/scenes/kill", { pauseMs: 0 })
    await eventually(isGone)
    const [, ...shown] = await eventually(async () => {
      const all = (await get("/chats/2")) as ReadonlyArray<{ text: string }> | undefined
      return all?.some(({ text }) => text.includes("scene")) === true ? all : undefined
    })
    assert.lengthOf(
      shown.filter(({ text }) => text.includes("scene")),
      1,
    )
    assert.deepInclude(await get("/scenes"), { last: { id: "kill", end: "done" } })

    await eventually(isReady)
    const ended = exitOf(demo)
    demo.kill("SIGTERM")
    assert.strictEqual(await ended, 0, output)
    assert.isTrue(await isGone())
  })

  it("takes the demo with it when it is killed itself", async () => {
    await start()
    demo.kill("SIGKILL")
    await eventually(isGone)
  })

  it("passes on the exit code of a demo that cannot start", async () => {
    directory = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-supervised-"))
    base = "http://127.0.0.1:1/sim"
    demo = spawn(process.execPath, ["src/supervisor.ts"], {
      cwd: root,
      env: { ...process.env, DATA_DIR: directory, PLAYGROUND_PORT: "none" },
      stdio: "ignore",
    })
    assert.strictEqual(await exitOf(demo), 1)
  })
})
