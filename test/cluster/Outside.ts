/**
 * Telegram and Google for many bots, in the process of the test, which nobody kills.
 *
 * Each replica has addresses of its own for every bot, behind which stand the same chats and the same
 * spreadsheets: so it is known which replica made a call.
 */
import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { Context, Effect, Exit, Layer, Predicate, Scope } from "effect"
import { FetchHttpClient, HttpRouter, HttpServer } from "effect/http"
import { Calls } from "../../src/playground/Calls.ts"
import { Faults } from "../../src/playground/Faults.ts"
import { sheetsApiRoutes } from "../../src/playground/SheetsEmulator.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { telegramApiRoutes } from "../../src/playground/TelegramEmulator.ts"
import { Chats } from "../../src/playground/telegram/Chats.ts"
import type { Update } from "../../src/playground/telegram/Updates.ts"
import * as WebhookPush from "../../src/playground/telegram/WebhookPush.ts"
import { World as Saved } from "../../src/playground/World.ts"
import type { Chance } from "./chance.ts"

/** A call of a replica to one of the two, as soon as it was answered. */
export interface Heard {
  readonly replica: number
  readonly bot: string
  readonly api: "telegram" | "sheets"
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  /** When it arrived, and when it was answered, by performance.now(). */
  readonly at: number
  readonly answeredAt: number
  readonly status: number | undefined
}

/** What a replica said in a chat, and when. */
export type Word = Pick<Heard, "replica" | "bot" | "method" | "at"> & { readonly chat: number }

/** Something that stood in a base tab at one time. */
export interface Goods {
  readonly resource: string
  /** As the pool and the chats call it. */
  readonly key: string
}

export interface Bot {
  readonly name: string
  readonly token: string
  readonly way: "polling" | "webhook"
  readonly accounts: string
  readonly issued: string
  readonly chats: Chats["Service"]
  /** All that was ever put into a base tab. */
  readonly stock: Array<Goods>
}

/** What the bots hand out, with the tabs where it stands. */
export const shelves = [
  { resource: "vk", tab: "ВКонтакте", order: "вк" },
  { resource: "ok", tab: "Одноклассники", order: "ок" },
  { resource: "rambler", tab: "Rambler", order: "rambler" },
] as const

export const admin = 1

export interface Outside {
  readonly bots: ReadonlyArray<Bot>
  readonly workbooks: Workbooks["Service"]
  /** Where a replica finds both APIs for a bot. */
  readonly addressFor: (replica: number, bot: string) => string
  /** Calls `listener` with each call that was answered. */
  readonly listen: (listener: (heard: Heard) => void) => void
  /** Everything that was said in a chat so far. */
  readonly words: ReadonlyArray<Word>
  /** What any chat ever showed, by its key, with the chats of one bot that showed it. */
  readonly shown: (bot: string) => ReadonlyMap<string, ReadonlySet<number>>
  /** How often updates were given a second time. */
  readonly repeats: { given: number }
  /** Puts more goods into every base tab that has few. */
  readonly restock: () => Promise<void>
  readonly close: () => Promise<void>
}

interface Options {
  readonly replicas: number
  readonly bots: number
  readonly employees: number
  /** How many of the bots get their updates by a webhook. */
  readonly webhooks: number
  readonly chance: Chance
}

/** By which an item is found in whatever a chat shows. */
const keyPattern = /\b[a-z]+\d+x\d+@example\.com\b/g

export const makeOutside = async (options: Options): Promise<Outside> => {
  const scope = await Effect.runPromise(Scope.make())
  const build = <A, E>(layer: Layer.Layer<A, E, Scope.Scope>) =>
    Effect.runPromise(
      Layer.buildWithScope(Layer.fresh(layer), scope).pipe(
        Effect.provideService(Scope.Scope, scope),
        Effect.orDie,
      ),
    )
  const listeners: Array<(heard: Heard) => void> = []
  const words: Array<Word> = []
  const shown = new Map<string, Map<string, Set<number>>>()
  const repeats = { given: 0 }

  const hear = (heard: Heard) => {
    if (heard.api === "telegram") noteWords(heard)
    for (const listener of listeners) listener(heard)
  }
  const noteWords = (heard: Heard) => {
    const { replica, bot, method, params, at } = heard
    if (!/^(send|edit|delete)/.test(method)) return
    const chat = Number(params["chat_id"])
    words.push({ replica, bot, method, at, chat })
    const ofBot = shown.get(bot) ?? new Map<string, Set<number>>()
    shown.set(bot, ofBot)
    for (const [key] of JSON.stringify(params).matchAll(keyPattern)) {
      ofBot.set(key, (ofBot.get(key) ?? new Set()).add(chat))
    }
  }

  const { workbooks } = await build(Workbooks.layer.pipe(Layer.provide(Saved.layerMemory))).then(
    (context) => ({ workbooks: Context.get(context, Workbooks) }),
  )
  const bots: Array<Bot> = []
  for (let n = 1; n <= options.bots; n += 1) {
    bots.push(await makeBot(n, { ...options, workbooks, build, repeats }))
  }

  const addresses = new Map<string, string>()
  for (let replica = 1; replica <= options.replicas; replica += 1) {
    for (const { name, token, chats } of bots) {
      const calls = callsOf((heard) => hear({ ...heard, replica, bot: name }))
      const services = Layer.mergeAll(
        Layer.succeed(Calls, calls),
        Layer.succeed(Chats, chats),
        Layer.succeed(Workbooks, workbooks),
        Faults.layer,
      )
      const server = HttpRouter.serve(Layer.mergeAll(telegramApiRoutes(token), sheetsApiRoutes), {
        disableListenLog: true,
        disableLogger: true,
      }).pipe(
        Layer.provideMerge(
          NodeHttpServer.layerServer(() => createServer({ keepAliveTimeout: 60_000 }), {
            host: "127.0.0.1",
            port: 0,
            gracefulShutdownTimeout: "100 millis",
          }),
        ),
        Layer.provide(services),
      )
      const context = await build(server)
      const { address } = Context.get(context, HttpServer.HttpServer)
      const port = "port" in address ? address.port : 0
      addresses.set(`${replica} ${name}`, `http://127.0.0.1:${port}`)
    }
  }

  return {
    bots,
    workbooks,
    words,
    repeats,
    shown: (bot) => shown.get(bot) ?? new Map(),
    addressFor: (replica, bot) => addresses.get(`${replica} ${bot}`) ?? "",
    listen: (listener) => void listeners.push(listener),
    restock: async () => {
      for (const bot of bots) await restocked(bot, workbooks)
    },
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
}

interface Parts extends Options {
  readonly workbooks: Workbooks["Service"]
  readonly build: <A, E>(layer: Layer.Layer<A, E, Scope.Scope>) => Promise<Context.Context<A>>
  readonly repeats: { given: number }
}

const makeBot = async (n: number, parts: Parts): Promise<Bot> => {
  const { workbooks, build, employees, webhooks } = parts
  const chatsAlone = Chats.layerWith({
    bot: { id: 7_900_000_000 + n, firstName: `Bot ${n}`, username: `cluster_${n}_bot` },
    // Whether a tap is answered is looked at, and a takeover may take longer than an app waits.
    callbackLife: "10 minutes",
  }).pipe(Layer.provide(Saved.layerMemory))
  const pushing = WebhookPush.layer.pipe(
    Layer.provideMerge(chatsAlone),
    Layer.provide(FetchHttpClient.layer),
  )
  const chats = forgetful(Context.get(await build(pushing), Chats), parts)
  const name = `bot${n}`
  const accounts = `accounts-${n}`
  const issued = `issued-${n}`
  const header = ["Дата", "Логин", "Пароль"]
  await Effect.runPromise(
    Effect.gen(function* () {
      for (const id of [admin, ...Array.from({ length: employees }, (_, at) => personOf(n, at))]) {
        yield* chats.addUser({ id, firstName: `Person ${id}` })
      }
      yield* workbooks.create(accounts, {
        title: accounts,
        tabs: shelves.map(({ tab }) => ({ title: tab, rows: [header], frozen: 1 })),
      })
      yield* workbooks.create(issued, { title: issued, tabs: [{ title: "Заметки", rows: [] }] })
    }),
  )
  const way = n > parts.bots - webhooks ? "webhook" : "polling"
  const token = `${7_900_000_000 + n}:cluster-token-that-opens-nothing`
  return { name, token, way, accounts, issued, chats, stock: [] }
}

/** The id of an employee; nobody works with two of the bots. */
export const personOf = (bot: number, employee: number) => 1_000 * bot + employee + 1

/** Gives the last updates again now and then, as where nobody heard that they were taken. */
const forgetful = (chats: Chats["Service"], { chance, repeats }: Parts) => {
  let last: ReadonlyArray<Update> = []
  return Chats.of({
    ...chats,
    getUpdates: (params) =>
      Effect.suspend(() => {
        if (last.length > 0 && chance.isLucky(0.05)) {
          const again = last
          last = []
          repeats.given += again.length
          return Effect.succeed(again)
        }
        return Effect.tap(chats.getUpdates(params), (updates) =>
          Effect.sync(() => {
            if (updates.length > 0) last = updates
          }),
        )
      }),
  })
}

/** The log of one address, which hands on what it hears. */
const callsOf = (hear: (heard: Omit<Heard, "replica" | "bot">) => void) => {
  const open = new Map<number, Omit<Heard, "replica" | "bot" | "answeredAt" | "status">>()
  let last = 0
  return Calls.of({
    record: ({ api, method, params }) =>
      Effect.sync(() => {
        last += 1
        const given = Predicate.isObject(params) ? { ...params } : {}
        open.set(last, { api, method, params: given, at: performance.now() })
        return last
      }),
    settle: (n, { status }) =>
      Effect.sync(() => {
        const call = open.get(n)
        if (call === undefined) return
        open.delete(n)
        hear({ ...call, status, answeredAt: performance.now() })
      }),
    since: () => Effect.succeed([]),
  })
}

const rowsWanted = 80
const rowsAdded = 120

const restocked = async (bot: Bot, workbooks: Workbooks["Service"]) => {
  const n = bot.name.slice("bot".length)
  const tabs = await Effect.runPromise(workbooks.view(bot.accounts))
  for (const { resource, tab } of shelves) {
    const rows = tabs.find(({ title }) => title === tab)?.rows ?? []
    if (rows.length >= rowsWanted) continue
    const from = bot.stock.length
    const added = Array.from({ length: rowsAdded }, (_, at) => ({
      resource,
      key: `${resource}${from + at}x${n}@example.com`,
    }))
    bot.stock.push(...added)
    await Effect.runPromise(
      workbooks.edit(bot.accounts, {
        op: "append",
        tab,
        rows: added.map(({ key }) => ["01.02.2026", key, `pass-${key}`]),
      }),
    )
  }
}
