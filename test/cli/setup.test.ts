/** The helper of the first run, as a person at a terminal meets it, against the emulators. */
import { spawn } from "node:child_process"
import { generateKeyPairSync } from "node:crypto"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { valuesIn, withValues } from "../../src/cli/interview.ts"
import { Playground } from "../../src/playground/Playground.ts"
import { scenario } from "../playground/client.ts"

const main = Path.join(import.meta.dirname, "../../src/main.ts")

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
})

/** A helper at a terminal of its own, in an empty directory. */
const started = (url: string, directory: string) => {
  const child = spawn("script", ["-qfec", `'${process.execPath}' '${main}' setup`, "/dev/null"], {
    cwd: directory,
    env: {
      ...process.env,
      NO_COLOR: "1",
      TELEGRAM_API_ROOT: url,
      SHEETS_ROOT_URL: url,
      DATA_DIR: Path.join(directory, "data"),
    },
  })
  let shown = ""
  let heard: (() => void) | undefined
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString()
    heard?.()
  })
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve))
  let read = 0

  /** Waits until the helper says that, behind what it said before. */
  const sees = async (text: string) => {
    for (;;) {
      const at = shown.indexOf(text, read)
      if (at >= 0) {
        read = at + text.length
        return
      }
      const more = new Promise<string>((resolve) => (heard = () => resolve("more")))
      const next = await Promise.race([more, ended.then(() => "ended"), late()])
      if (next !== "more") {
        child.kill("SIGKILL")
        assert.include(shown.slice(read), text, shown)
      }
    }
  }
  const types = (text: string) => void child.stdin.write(text)
  return { sees, types, ended, all: () => shown }
}

/** Longer than any check of the helper takes here. */
const late = () => delay(20_000, "late", { ref: false })

const enter = "\r"

const inDirectory = (body: (url: string, directory: string) => Promise<void>) =>
  Effect.gen(function* () {
    const { url } = yield* Playground
    const directory = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-setup-"))
    yield* Effect.promise(() => body(url, directory)).pipe(
      Effect.ensuring(Effect.sync(() => Fs.rmSync(directory, { recursive: true, force: true }))),
    )
  })

describe("npm run setup", () => {
  scenario(
    "asks, tries each answer, writes a file for its owner alone, and lets the doctor look",
    Effect.gen(function* () {
      yield* inDirectory(async (url, directory) => {
        const key = Path.join(directory, "key.json")
        Fs.writeFileSync(
          key,
          JSON.stringify({ client_email: "bot@example.com", private_key: privateKey }),
        )
        const { sees, types, ended, all } = started(url, directory)
        await sees("Language")
        types(`\u001b[B${enter}`)
        await sees("The bot's token")
        types(`not a token${enter}`)
        await sees("That is no token")
        await sees("The bot's token")
        types(`1000:wrong-token-of-nobody${enter}`)
        await sees("Telegram does not know that token")
        await sees("The bot's token")
        types(`1000:demo-token${enter}`)
        await sees("@account_demo_bot")
        await sees("press Start")
        await fetch(`${url}/sim/messages`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ userId: 1, text: "/start" }),
        })
        await sees("Is that the admin?")
        types(`y`)
        await sees("Path of the key")
        types(`missing.json${enter}`)
        await sees("no such file is readable")
        await sees("Path of the key")
        types(`key.json${enter}`)
        await sees("bot@example.com")
        await sees("spreadsheet with the stock")
        types(`https://docs.google.com/spreadsheets/d/demo-nothing/edit${enter}`)
        await sees("There is no such spreadsheet")
        await sees("spreadsheet with the stock")
        types(`https://docs.google.com/spreadsheets/d/demo-accounts/edit#gid=0${enter}`)
        await sees("spreadsheet for what is issued")
        types(`demo-issued${enter}`)
        await sees("Time zone")
        types(`Europe/Moscow${enter}`)
        await sees("Write the settings")
        assert.isFalse(Fs.existsSync(Path.join(directory, ".env")))
        types(`y`)
        await sees("Make the tabs")
        types(`y`)
        await sees("failed, ")
        await sees("Next: npm start")
        assert.strictEqual(await ended, 0, all())
        const file = Path.join(directory, ".env")
        assert.strictEqual(Fs.statSync(file).mode & 0o777, 0o600)
        const values = Object.fromEntries(valuesIn(Fs.readFileSync(file, "utf8")))
        assert.deepStrictEqual(values, {
          LANGUAGE: "en",
          BOT_TOKEN: "1000:demo-token",
          ADMIN_ID: "1",
          GOOGLE_CREDENTIALS_JSON: "key.json",
          SPREADSHEET_ACCOUNTS: "demo-accounts",
          SPREADSHEET_ISSUED: "demo-issued",
          TIMEZONE: "Europe/Moscow",
        })
        // The token is typed unseen.
        assert.notInclude(all(), "1000:demo-token")
      })
    }),
  )

  scenario(
    "writes nothing when it is ended by Ctrl+C",
    inDirectory(async (url, directory) => {
      const { sees, types, ended } = started(url, directory)
      await sees("Language")
      types(enter)
      await sees("Токен бота")
      types("\u0003")
      await ended
      assert.deepStrictEqual(Fs.readdirSync(directory), [])
    }),
  )
})

describe("a file of variables", () => {
  it("keeps comments, order and what the helper does not ask for", () => {
    const before = "# mine\nBOT_TOKEN=old\n\nLOG_LEVEL=Debug # loud\nBOT_TOKEN=older\n"
    assert.strictEqual(
      withValues(
        before,
        new Map([
          ["BOT_TOKEN", "new"],
          ["TIMEZONE", "Asia/Omsk"],
        ]),
      ),
      "# mine\nBOT_TOKEN=new\n\nLOG_LEVEL=Debug # loud\nTIMEZONE=Asia/Omsk\n",
    )
    assert.strictEqual(withValues("", new Map([["A", "1"]])), "A=1\n")
  })

  it("quotes what Node would cut off, and reads it back", () => {
    for (const value of ["plain", "1:Ольга Ивановна,3:Maria", "a#b", `it's`, `{"a": "b"}`]) {
      const text = withValues("", new Map([["ADMIN_ID", value]]))
      assert.strictEqual(valuesIn(text).get("ADMIN_ID"), value)
    }
  })
})
