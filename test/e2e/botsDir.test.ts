/** One process with a directory of bots, while people put files there, spoil them and take them away. */
import { spawn } from "node:child_process"
import { generateKeyPairSync } from "node:crypto"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Redacted, Schedule } from "effect"
import { english } from "../../src/playground/companies/english.ts"
import { russian } from "../../src/playground/companies/russian.ts"
import type { SampleCompany } from "../../src/playground/companies/SampleCompany.ts"
import { seedsOf } from "../../src/playground/companies.ts"
import { Day } from "../../src/domain/Day.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Playground } from "../../src/playground/Playground.ts"
import { PlaygroundClock } from "../../src/playground/PlaygroundClock.ts"
import { Chats } from "../../src/playground/telegram/Chats.ts"
import { World } from "../../src/playground/World.ts"
import { isPostgresHere, usePostgres } from "../store/postgresServer.ts"
import { freePort } from "./freePort.ts"

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
})

const admin = 1

/** Comes true in real time. */
const soon = <E, R>(what: string, check: Effect.Effect<boolean, E, R>) =>
  check.pipe(
    Effect.flatMap((isSo) => (isSo ? Effect.void : Effect.fail(what))),
    Effect.retry(Schedule.max([Schedule.spaced("50 millis"), Schedule.recurs(1_000)])),
    Effect.orDie,
  )

/** The outside of one bot, and what its file says of it. */
const makeOutside = Effect.fnUntraced(function* (number: number, company: SampleCompany) {
  const token = `790000000${number}:not-a-real-token-of-any-bot-at-all`
  const outside = yield* Layer.buildWithMemoMap(
    Playground.layer({ port: 0, token, company }).pipe(
      Layer.provideMerge(PlaygroundClock.layer),
      Layer.provideMerge(World.layerMemory),
    ),
    yield* Layer.makeMemoMap,
    yield* Effect.scope,
  )
  const { url } = Context.get(outside, Playground)
  const chats = Context.get(outside, Chats)
  const workbooks = Context.get(outside, Workbooks)
  const [accounts, issued] = seedsOf(company, Day.make("2026-11-22"))
  assert.isDefined(accounts)
  assert.isDefined(issued)
  yield* workbooks.create(`accounts-${number}`, accounts.seed)
  yield* workbooks.create(`issued-${number}`, issued.seed)
  const file = Object.entries({
    ...company.settings,
    BOT_TOKEN: token,
    SPREADSHEET_ACCOUNTS: `accounts-${number}`,
    SPREADSHEET_ISSUED: `issued-${number}`,
    TELEGRAM_API_ROOT: url,
    SHEETS_ROOT_URL: url,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join("")
  return {
    file,
    token,
    /** The admin says it and is answered so. */
    ask: (text: string, answer: RegExp) =>
      Effect.gen(function* () {
        const before = (yield* chats.chat(admin)).length
        yield* chats.say(admin, text)
        yield* soon(
          `${text}: ${String(answer)}`,
          Effect.map(chats.chat(admin), (all) => answer.test(JSON.stringify(all.slice(before)))),
        )
      }),
  }
})

interface Ready {
  readonly ready: boolean
  readonly bots?: Readonly<
    Record<string, { readonly state: string; readonly faults?: ReadonlyArray<string> }>
  >
}

/** Node on a command of the program; ends with the scope. */
const start = (command: string, env: Record<string, string>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, ["src/main.ts", command], {
        env,
        stdio: ["ignore", "pipe", "pipe"],
      })
      const lines: Array<string> = []
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => void lines.push(text))
      }
      const ended = new Promise<number | null>((resolve) => {
        child.once("exit", (code) => resolve(code))
      })
      return { child, lines, ended }
    }),
    ({ child, ended }) =>
      Effect.promise(() => {
        child.kill("SIGTERM")
        return ended
      }),
  )

describe.skipIf(!isPostgresHere)("a process with BOTS_DIR", () => {
  const server = usePostgres()

  it.live("serves the bots of its files, whatever becomes of the others", () =>
    Effect.gen(function* () {
      const root = Fs.mkdtempSync(Path.join(Os.tmpdir(), "bots-"))
      yield* Effect.addFinalizer(() => Effect.sync(() => Fs.rmSync(root, { recursive: true })))
      const at = (...names: ReadonlyArray<string>) => Path.join(root, ...names)
      const put = (name: string, text: string) => Fs.writeFileSync(at("bots", name), text)
      const sales = yield* makeOutside(1, russian)
      const support = yield* makeOutside(2, english)
      Fs.mkdirSync(at("bots"))
      put("sales.env", sales.file)
      const port = yield* Effect.promise(freePort)
      const env = {
        BOTS_DIR: at("bots"),
        DATA_DIR: at("data"),
        DATABASE_URL: Redacted.value(server.url()),
        ADMIN_ID: String(admin),
        GOOGLE_CREDENTIALS_JSON: JSON.stringify({
          client_email: "all@example.com",
          private_key: privateKey,
        }),
      }
      const { lines } = yield* start("run", { ...env, HTTP_PORT: String(port) })
      const ready = Effect.promise(async (): Promise<Ready> => {
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
        return answer === undefined ? { ready: false } : ((await answer.json()) as Ready)
      })
      const is = (name: string, state: string | undefined) =>
        soon(
          `${name} is ${state}`,
          Effect.map(ready, ({ bots }) => bots?.[name]?.state === state),
        )

      yield* is("sales", "here")
      yield* sales.ask("/regions", /495/)
      const { ended } = yield* start("health", env)
      assert.strictEqual(yield* Effect.promise(() => ended), 0)

      put("support.env", support.file)
      yield* is("support", "here")
      yield* support.ask("/regions", /London/)

      put("support.env", support.file.replace("LANGUAGE=en", "LANGUAGE=de"))
      yield* is("support", "faulty settings")
      const { bots } = yield* ready
      assert.match(
        String(bots?.["support"]?.faults),
        /^support\.env: LANGUAGE \(line \d+\): is not one/,
      )
      yield* sales.ask("/regions", /495/)

      put("support.env", support.file.replace("LANGUAGE=en", "LANGUAGE=ru"))
      yield* is("support", "here")
      yield* support.ask("/regions", /Регион/)

      Fs.rmSync(at("bots", "sales.env"))
      yield* is("sales", undefined)
      yield* support.ask("/regions", /London/)

      const text = lines.join("")
      assert.match(text, /bot=sales/)
      for (const secret of [sales.token, support.token]) assert.notInclude(text, secret)
      const figures = yield* Effect.promise(async () =>
        (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
      )
      assert.match(figures, /account_bot_items\{[^}]*bot="support"/)
      assert.notMatch(figures, /account_bot_items\{[^}]*bot="sales"/)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )
})
