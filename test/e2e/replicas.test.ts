/** `npm run demo -- --replicas 2`: the bot in processes of its own that share a Postgres. */
import { setTimeout as delay } from "node:timers/promises"
import { Effect, Redacted } from "effect"
import { afterEach, assert, describe, it } from "vitest"
import { isPostgresHere, usePostgres } from "../store/postgresServer.ts"
import { Demo } from "./Demo.ts"
import { hire, ivan, loginsIn, records, shows, typeOrder } from "./people.ts"
import { serving } from "./replicas.ts"

const demos: Array<Demo> = []

afterEach(async () => {
  for (const demo of demos.splice(0)) await demo.remove()
})

const demoWith = (env: Record<string, string>) => {
  const demo = Demo.supervised(env, ["--replicas", "2"])
  demos.push(demo)
  return demo
}

describe("without a database", () => {
  it("replicas are refused in a sentence", async () => {
    const demo = demoWith({})
    const output = await demo.start().then(() => "", String)
    assert.include(output, "The demo did not start: --replicas needs a Postgres")
    assert.strictEqual(await demo.ended(), 1)
  })
})

describe.skipIf(!isPostgresHere)("with a database", () => {
  const server = usePostgres()

  const playing = async (bot: string) => {
    const demo = demoWith({
      DATABASE_URL: Redacted.value(server.url()),
      BOT_NAME: bot,
      WRITE_BUFFER_INTERVAL: "1",
      AUTO_CONFIRM_TIMEOUT: "600",
    })
    await demo.start()
    return demo
  }

  it("a visitor goes on while the one with the bot is killed, and each row is written once", async () => {
    const demo = await playing("walk")
    await hire(demo, ivan, "ivan.sales")
    const messageId = await typeOrder(demo, ivan, "вк 495 1")
    const [taken] = loginsIn(await shows(demo, ivan, messageId, "Логин"))

    const first = await serving(demo)
    await demo.post(`/sim/replicas/${first}/kill`, {})
    // It answers nobody any more: the tap waits for the other one.
    await demo.press(ivan, "Хороший", messageId)
    await shows(demo, ivan, messageId, "Хороший")
    const another = await typeOrder(demo, ivan, "вк 495 1")
    const [other] = loginsIn(await shows(demo, ivan, another, "Логин"))
    assert.notStrictEqual(other, taken)
    await demo.press(ivan, "Хороший", another)
    await shows(demo, ivan, another, "Хороший")

    // By itself it comes back, and is one of them again.
    await serving(demo)
    // Whoever takes a bot over asks Google a minute later.
    const until = performance.now() + 120_000
    const logins = async () =>
      records(await demo.tab("demo-issued", "ВКонтакте_Выдано")).map((row) => row["Логин"])
    while ((await logins()).length < 2 && performance.now() < until) await delay(200)
    assert.sameMembers(await logins(), [taken, other])
  })

  it("a reset forgets what they had, and they end with a demo that is killed", async () => {
    const demo = await playing("fresh")
    await hire(demo, ivan, "ivan.sales")
    await demo.post("/sim/reset", {})
    assert.deepStrictEqual(await demo.chat(ivan), [])
    await demo.ready()
    await demo.say(ivan, "/start")
    await demo.sees(ivan, "рабочий ник")

    await serving(demo)
    const sessions = async () => {
      const [row] = await Effect.runPromise(
        server.query(
          `SELECT count(*)::int AS count FROM pg_stat_activity
           WHERE application_name IN ('account-bot (cluster)', 'account-bot demo-replicas-fresh')`,
        ),
      )
      return Number(row?.["count"])
    }
    assert.isAbove(await sessions(), 0)
    await demo.stop("SIGKILL")
    await demo.eventually("the replicas to end", async () =>
      (await sessions()) === 0 ? true : undefined,
    )
  })
})
