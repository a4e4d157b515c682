/** The bot with its journal, its people and its regions in Postgres. */
import * as Fs from "node:fs"
import { Effect, Redacted } from "effect"
import { afterEach, assert, describe, it } from "vitest"
import { isPostgresHere, usePostgres } from "../store/postgresServer.ts"
import { Demo } from "./Demo.ts"
import { admin, hire, issuedRows, ivan, loginsIn, order, shows, typeOrder } from "./people.ts"

const demos: Array<Demo> = []

afterEach(async () => {
  for (const demo of demos.splice(0)) await demo.remove()
})

/** Has the process write down each module that it loads. */
const listing = (file: string) => {
  const hook = `
    import { registerHooks } from "node:module"
    import { appendFileSync } from "node:fs"
    registerHooks({ load: (url, context, next) => {
      appendFileSync(${JSON.stringify(file)}, url + "\\n")
      return next(url, context)
    } })`
  return `--import=data:text/javascript,${encodeURIComponent(hook)}`
}

describe("without DATABASE_URL", () => {
  const loadedWith = async (env: Record<string, string>) => {
    const demo = Demo.process()
    demos.push(demo)
    const file = demo.file("modules.txt")
    const started = demo.start({ ...env, NODE_OPTIONS: listing(file) })
    await started.catch(() => undefined)
    await demo.stop("SIGTERM")
    const modules = Fs.readFileSync(file, "utf8")
    assert.include(modules, "playDemo.mjs")
    const names = modules.split("\n").map((url) => url.slice(url.lastIndexOf("/") + 1))
    return names.filter((name) => /postgres|sql-pg|replica|cluster/i.test(name))
  }

  it("nothing of it is loaded", async () => {
    assert.deepStrictEqual(await loadedWith({}), [])
    const withUrl = await loadedWith({ DATABASE_URL: "postgres://localhost:1/nobody" })
    assert.isNotEmpty(withUrl)
  })
})

describe.skipIf(!isPostgresHere)("with DATABASE_URL", () => {
  const server = usePostgres()

  const demoOf = (bot: string, env: Record<string, string> = {}) => {
    const demo = Demo.process({
      DATABASE_URL: Redacted.value(server.url()),
      BOT_NAME: bot,
      ...env,
    })
    demos.push(demo)
    return demo
  }

  const rowsOf = async (sql: string) => Effect.runPromise(server.query(sql))

  it("an employee is served over a kill after every step, and no file has a word of it", async () => {
    const demo = demoOf("walk", { AUTO_CONFIRM_TIMEOUT: "600" })
    await demo.start()
    const restart = async () => {
      await demo.stop("SIGKILL")
      await demo.start()
    }
    await hire(demo, ivan, "ivan.sales")
    await demo.say(1, "/add_region 999")
    await demo.sees(1, "999")
    await restart()
    const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 3 })
    await restart()
    await demo.press(ivan, "Любой", messageId)
    const logins = loginsIn(await shows(demo, ivan, messageId, "3."))
    assert.lengthOf(new Set(logins), 3)
    await restart()
    await demo.press(ivan, "1", messageId)
    await shows(demo, ivan, messageId, /1\.[^]*Логин/)
    await demo.press(ivan, "1 ✅ Хороший", messageId)
    await shows(demo, ivan, messageId, /1\.[^]*Хороший/)
    await restart()
    await demo.advance("11 minutes")
    await shows(demo, ivan, messageId, "Хороший (сам)")
    await demo.advance("1 minute")
    const rows = await issuedRows(demo, "Мамба_Выдано", 3)
    assert.sameMembers(
      rows.map((row) => row["Логин"] ?? ""),
      logins,
    )
    const files = await rowsOf("SELECT key, body FROM document WHERE kind = 'file' ORDER BY key")
    assert.deepStrictEqual(
      files.map(({ key }) => key),
      ["regions.json", "whitelist.json"],
    )
    assert.include(String(files[0]?.["body"]), "999")
    assert.include(String(files[1]?.["body"]), "ivan.sales")
    const own = Fs.readdirSync(demo.file(".")).filter((name) => name !== "world")
    assert.deepStrictEqual(own, ["heartbeat.json"])
    assert.notInclude(demo.output, "not-a-password")
    assert.strictEqual(await demo.stop("SIGTERM"), 0)
  })

  it("a person is forgotten, of whom no row of the bot says anything any more", async () => {
    const demo = demoOf("forgetful")
    await demo.start()
    const nina = 7_900_017_123
    await demo.post("/sim/users", { id: nina, firstName: "Нина", username: "nina_example" })
    await hire(demo, nina, "Забывайло")
    const messageId = await typeOrder(demo, nina, "ок 495 2")
    assert.lengthOf(loginsIn(await shows(demo, nina, messageId, "Логин")), 2)
    await demo.advance("6 minutes")
    await issuedRows(demo, "Одноклассники_Выдано", 2)
    await demo.say(admin, `/whitelist_remove ${nina}`)
    await demo.press(admin, "Убрать доступ")
    await demo.sees(admin, "Доступ закрыт")
    const found = async () => {
      const tables = await rowsOf(
        `SELECT table_name AS name FROM information_schema.columns
         WHERE table_schema = 'account_bot' AND column_name = 'bot'`,
      )
      const all = tables.map(
        ({ name }) => `SELECT to_jsonb(t)::text AS row FROM ${String(name)} AS t`,
      )
      const text = JSON.stringify(await rowsOf(all.join(" UNION ALL ")))
      return [String(nina), "Забывайло", "nina_example"].filter((trace) => text.includes(trace))
    }
    assert.lengthOf(await found(), 3)
    await demo.say(admin, `/forget ${nina}`)
    await demo.press(admin, "Стереть")
    const { text } = await demo.sees(admin, "Данные человека стёрты")
    assert.include(text, "Выдач без имени: 2")
    assert.deepStrictEqual(await found(), [])
    await demo.say(admin, "/health")
    await demo.sees(admin, /сход/)
  })

  it("a second process takes the bot over, and the first one stops at once and says nothing", async () => {
    // Nobody but Ivan gives the first one anything to write.
    const first = demoOf("two", { STATE_SAVE_INTERVAL: "86400" })
    await first.start()
    await hire(first, ivan, "ivan.sales")
    await first.advance("1 minute")
    const chat = await first.chat(ivan)
    const sheets = Fs.readFileSync(first.file("world/sheets.json"), "utf8")
    const second = demoOf("two")
    second.copyFrom(first.directory)
    await second.start()
    assert.strictEqual(await first.ended(), 4, first.output)
    assert.include(first.output, 'The bot stopped: the bot "demo-two" belongs')
    const { chats, pending } = JSON.parse(
      Fs.readFileSync(first.file("world/telegram.json"), "utf8"),
    ) as SavedChats
    assert.deepStrictEqual(
      chats[ivan]?.messages.map(({ messageId }) => messageId),
      chat.map(({ messageId }) => messageId),
    )
    assert.deepStrictEqual(pending, [])
    assert.strictEqual(Fs.readFileSync(first.file("world/sheets.json"), "utf8"), sheets)

    const messageId = await typeOrder(second, ivan, "вк 495 1")
    await shows(second, ivan, messageId, "Логин")
  })
})

/** What the emulated Telegram has on its disk, as far as it is looked at. */
interface SavedChats {
  readonly chats: Readonly<
    Record<number, { readonly messages: ReadonlyArray<{ readonly messageId: number }> }>
  >
  readonly pending: ReadonlyArray<unknown>
}
