/**
 * What a bot of several owners works with: Telegram and Google on this machine, one Postgres, and a
 * clock that goes faster than ours, the same for all of them.
 */
import { generateKeyPairSync } from "node:crypto"
import * as Fs from "node:fs"
import { createServer } from "node:http"
import * as Os from "node:os"
import * as Path from "node:path"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Clock, Context, Duration, Effect, Layer, Option, Redacted } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { Settings } from "../../src/config/Settings.ts"
import { TelegramId } from "../../src/domain/Employee.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { Calls } from "../../src/playground/Calls.ts"
import { Faults } from "../../src/playground/Faults.ts"
import { sheetsApiRoutes } from "../../src/playground/SheetsEmulator.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Chats } from "../../src/playground/telegram/Chats.ts"
import { telegramApiRoutes } from "../../src/playground/TelegramEmulator.ts"
import { World } from "../../src/playground/World.ts"
import type { Thing } from "../simulation/World.ts"

/** A minute of the bot takes so much less of ours. */
const rate = 20

const makeFastClock = Effect.map(Clock.Clock, (live): Clock.Clock => {
  const [wall, gone] = [live.currentTimeNanosUnsafe(), live.monotonicTimeNanosUnsafe()]
  const passed = () => (live.monotonicTimeNanosUnsafe() - gone) * BigInt(rate)
  const nanos = () => wall + passed()
  const millis = () => Number(nanos() / 1_000_000n)
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: () => gone + passed(),
    monotonicTimeNanos: Effect.sync(() => gone + passed()),
    sleep: (duration) => live.sleep(Duration.millis(Duration.toMillis(duration) / rate)),
  }
})

export const inFastTime = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  Effect.flatMap(makeFastClock, (clock) => Effect.provideService(self, Clock.Clock, clock))

const token = "7900000001:token-of-several-owners"
export const admin = 1
export const employees = [2, 3, 4, 5] as const
const accounts = "several-accounts"
const issued = "several-issued"

export const resources = shippedCatalogue.resources.filter(({ id }) => ["vk", "ok"].includes(id))
const itemsOfEach = 90

const logins = (resource: string) =>
  Array.from({ length: itemsOfEach }, (_, n) => `${resource}${n + 1}@example.com`)

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
})

/** Notes which chat was shown what, as soon as Telegram has it. */
const watchedChats = (stock: ReadonlyArray<Thing>, shown: Map<string, Set<number>>) =>
  Layer.effect(
    Chats,
    Effect.map(Chats, (chats) =>
      Chats.of({
        ...chats,
        call: (method, params) =>
          Effect.tap(chats.call(method, params), () =>
            Effect.sync(() => {
              const message = JSON.stringify(params)
              const chat = Number(/"chat_id":"?(\d+)/.exec(message)?.[1])
              for (const { key } of stock) {
                if (!message.includes(`>${key}<`)) continue
                shown.set(key, (shown.get(key) ?? new Set()).add(chat))
              }
            }),
          ),
      }),
    ),
  ).pipe(Layer.provide(Chats.layer))

/** Opens the outside; it is gone with the scope. */
export const makeOutside = Effect.fnUntraced(function* (
  databaseUrl: Redacted.Redacted,
  bot: string,
) {
  const stock = resources.flatMap(({ id: resource }) =>
    logins(resource).map((key): Thing => ({ resource, key, text: key })),
  )
  const shown = new Map<string, Set<number>>()
  const context = yield* Layer.build(
    HttpRouter.serve(Layer.merge(telegramApiRoutes(token), sheetsApiRoutes), {
      disableListenLog: true,
      disableLogger: true,
    }).pipe(
      Layer.provideMerge(
        Layer.mergeAll(watchedChats(stock, shown), Workbooks.layer, Calls.layer, Faults.layer),
      ),
      Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0 })),
      Layer.provide(World.layerMemory),
    ),
  )
  const chats = Context.get(context, Chats)
  const workbooks = Context.get(context, Workbooks)
  const { address } = Context.get(context, HttpServer.HttpServer)
  const root = `http://127.0.0.1:${"port" in address ? address.port : 0}`
  yield* workbooks.create(accounts, {
    title: accounts,
    tabs: resources.map(({ id, baseTabs }) => ({
      title: baseTabs[0]?.title ?? "",
      rows: [["Логин", "Пароль"], ...logins(id).map((login) => [login, `pass-${login}`])],
    })),
  })
  yield* workbooks.create(issued, { title: issued, tabs: [{ title: "Заметки", rows: [] }] })
  for (const id of [admin, ...employees]) {
    yield* chats.addUser({ id, firstName: `Человек ${id}` })
    yield* Effect.orDie(chats.say(id, "/start"))
  }
  const directory = yield* Effect.acquireRelease(
    Effect.sync(() => Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-owners-"))),
    (made) => Effect.sync(() => Fs.rmSync(made, { recursive: true, force: true })),
  )
  const catalogueFile = Path.join(directory, "catalogue.json")
  Fs.writeFileSync(catalogueFile, JSON.stringify({ resources }))

  const settings = Settings.layerTest({
    databaseUrl: Option.some(databaseUrl),
    botName: bot,
    admins: [TelegramId.make(admin)],
    botToken: Redacted.make(token),
    telegramApiRoot: Option.some(root),
    sheetsRootUrl: Option.some(`${root}/`),
    googleCredentials: Redacted.make(
      JSON.stringify({ client_email: "bot@example.com", private_key: privateKey }),
    ),
    spreadsheetAccounts: accounts,
    spreadsheetIssued: issued,
    dataDir: Path.join(directory, "data"),
    catalogueFile: Option.some(catalogueFile),
    autoConfirmTimeout: Duration.minutes(2),
    loadBatchSize: 12,
    refillThreshold: 6,
  })

  return {
    bot,
    chats,
    stock,
    shown,
    settings,
    tabs: Effect.all({ accounts: workbooks.view(accounts), issued: workbooks.view(issued) }),
  }
})

export type Outside = Effect.Success<ReturnType<typeof makeOutside>>
