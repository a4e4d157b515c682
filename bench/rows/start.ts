/** From the start of a process to the first answer to /start, with what Node compiled before. */
import { spawn } from "node:child_process"
import { setTimeout as delay } from "node:timers/promises"
import { admin, freePort, hire, type Outside, startGoogle, startProgram } from "../bot.ts"
import { withDirectory } from "../disk.ts"
import { isMenu } from "../people.ts"
import { percentile, type Row } from "../table.ts"
import { Telegram } from "../Telegram.ts"

const starts = 3

/** One start on what the start before left behind; the process has ended when it returns. */
const startBot = async (root: string, outside: Outside): Promise<number> => {
  const answer = outside.telegram.next(admin, isMenu)
  outside.telegram.say(admin, "/start")
  const begin = performance.now()
  const bot = startProgram({ root }, outside)
  const { at } = await answer
  // A moment to take its stock, and for Node to have compiled what it needs for that.
  await delay(1_000)
  await bot.stop()
  return at - begin
}

const ofProgram = (root: string) =>
  withDirectory(async (directory) => {
    const google = await startGoogle(500)
    const telegram = await Telegram.start()
    const outside = { telegram, directory, google: google.url }
    hire(directory, [])
    await startBot(root, outside)
    const times: Array<number> = []
    for (let n = 0; n < starts; n += 1) times.push(await startBot(root, outside))
    telegram.stop()
    await google.stop()
    return percentile(times, 50)
  })

/** A demo in an empty directory, asked for an answer as soon as its page is there. */
const startDemo = async (root: string, directory: string): Promise<number> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const begin = performance.now()
  const demo = spawn(process.execPath, ["src/supervisor.ts", "--reset"], {
    cwd: root,
    env: { DATA_DIR: directory, PLAYGROUND_PORT: String(port) },
    stdio: "ignore",
  })
  const ended = new Promise((resolve) => demo.once("exit", resolve))
  const message = { method: "POST", body: JSON.stringify({ userId: admin, text: "/start" }) }
  const said = { ...message, headers: { "content-type": "application/json" } }
  while (!(await isOk(fetch(`${url}/sim/messages`, said)))) await delay(10)
  while (!(await isAnswered(url))) await delay(10)
  const time = performance.now() - begin
  await delay(1_000)
  demo.kill("SIGTERM")
  await ended
  return time
}

const isOk = (answer: Promise<Response>) => answer.then(({ ok }) => ok).catch(() => false)

const isAnswered = async (url: string) => {
  const response = await fetch(`${url}/sim/chats/${admin}`)
  const messages = (await response.json()) as ReadonlyArray<{ readonly from: string }>
  return messages.some(({ from }) => from === "bot")
}

const ofDemo = async (root: string) => {
  const times: Array<number> = []
  for (let n = 0; n <= starts; n += 1) {
    times.push(await withDirectory((directory) => startDemo(root, directory)))
  }
  // The first one compiles for the others.
  return percentile(times.slice(1), 50)
}

export const start: Row = {
  title: "From the start of the process to the first answer to /start",
  figures: {
    program: { what: "npm start", unit: "ms", goal: { atMost: 900 } },
    demo: { what: "npm run demo, with an empty world", unit: "ms", goal: { atMost: 900 } },
  },
  program: async ({ root }) => ({
    program: await ofProgram(root),
    demo: await ofDemo(root),
  }),
}
