/** A bot that is moved to a database and back between two orders. */
import { spawnSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { Effect, Redacted } from "effect"
import { afterEach, assert, describe, it } from "vitest"
import { isPostgresHere, usePostgres } from "../store/postgresServer.ts"
import { Demo } from "./Demo.ts"
import { hire, issuedRows, ivan, loginsIn, order, shows } from "./people.ts"

const demos: Array<Demo> = []

afterEach(async () => {
  for (const demo of demos.splice(0)) await demo.remove()
})

const main = Path.join(import.meta.dirname, "..", "..", "src", "main.ts")

describe.skipIf(!isPostgresHere)("a bot that is moved to a database and back", () => {
  const server = usePostgres()

  const move = (command: "import" | "export", directory: string) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, command, directory], {
      env: {
        ...process.env,
        DATABASE_URL: Redacted.value(server.url()),
        // As a demo is called there.
        BOT_NAME: "demo-moved",
      },
      encoding: "utf8",
    })
    assert.strictEqual(status, 0, stdout + stderr)
    assert.isTrue(stdout.endsWith("verified\n"), stdout)
  }

  it("goes on where it was, gives nothing twice, and its books add up", async () => {
    const demo = Demo.process()
    demos.push(demo)
    await demo.start()
    await hire(demo, ivan, "ivan.sales")
    const logins: Array<string> = []
    const take = async () => {
      const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 3 })
      await demo.press(ivan, "Любой", messageId)
      const found = loginsIn(await shows(demo, ivan, messageId, "3."))
      assert.lengthOf(found, 3)
      logins.push(...found)
      return messageId
    }
    const inFile = await take()
    await demo.stop("SIGKILL")

    move("import", demo.file("."))
    await demo.start({ DATABASE_URL: Redacted.value(server.url()), BOT_NAME: "moved" })
    // What was issued before is marked here.
    await demo.press(ivan, "1", inFile)
    await shows(demo, ivan, inFile, /1\.[^]*Логин/)
    await demo.press(ivan, "1 ✅ Хороший", inFile)
    await shows(demo, ivan, inFile, /1\.[^]*Хороший/)
    await take()
    await demo.stop("SIGKILL")

    await demo.eventually("the end of its sessions", async () => {
      const sessions = await Effect.runPromise(
        server.query(
          "SELECT 1 AS one FROM pg_stat_activity WHERE application_name = 'account-bot demo-moved'",
        ),
      )
      return sessions.length === 0 ? true : undefined
    })
    const out = demo.file("out")
    move("export", out)
    for (const name of Fs.readdirSync(demo.file("."))) {
      if (!["world", "out"].includes(name)) Fs.rmSync(demo.file(name), { recursive: true })
    }
    for (const name of Fs.readdirSync(out)) Fs.renameSync(Path.join(out, name), demo.file(name))
    await demo.start()
    await take()
    await demo.advance("11 minutes")
    await demo.advance("1 minute")
    assert.lengthOf(new Set(logins), 9)
    const rows = await issuedRows(demo, "Мамба_Выдано", 9)
    assert.sameMembers(
      rows.map((row) => row["Логин"] ?? ""),
      logins,
    )
    await demo.stop("SIGTERM")
    const verified = spawnSync(process.execPath, [main, "verify", demo.file(".")], {
      encoding: "utf8",
    })
    assert.strictEqual(verified.status, 0, verified.stdout + verified.stderr)
  })
})
