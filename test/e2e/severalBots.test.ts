/** Two bots in one process, each with a company of its own, know nothing of each other. */
import { generateKeyPairSync } from "node:crypto"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import {
  ConfigProvider,
  Console,
  Context,
  Effect,
  Fiber,
  Layer,
  Metric,
  Redacted,
  Schedule,
} from "effect"
import { liveProgram } from "../../src/cli/bot.ts"
import { runOneOfSeveral } from "../../src/cluster/Fleet.ts"
import { Settings } from "../../src/config/Settings.ts"
import { countingEvents, makeGather } from "../../src/endpoint/figures.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { asHere } from "../../src/observe/asBot.ts"
import { Restart } from "../../src/observe/Restart.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import { english } from "../../src/playground/companies/english.ts"
import { russian } from "../../src/playground/companies/russian.ts"
import type { SampleCompany } from "../../src/playground/companies/SampleCompany.ts"
import { Faults } from "../../src/playground/Faults.ts"
import { Playground } from "../../src/playground/Playground.ts"
import { PlaygroundClock } from "../../src/playground/PlaygroundClock.ts"
import { Chats } from "../../src/playground/telegram/Chats.ts"
import { World } from "../../src/playground/World.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { Refill } from "../../src/scheduler/Refill.ts"
import { Disowned } from "../../src/store/Journal.ts"
import { Ownership } from "../../src/store/Ownership.ts"

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
})

/** The same person works for both companies, under two names. */
const person = 2

/** Comes true in real time. */
const soon = <A, E, R>(what: string, check: Effect.Effect<A | undefined | false, E, R>) =>
  check.pipe(
    Effect.flatMap((found) =>
      found === undefined || found === false ? Effect.fail(what) : Effect.succeed(found),
    ),
    Effect.retry(Schedule.max([Schedule.spaced("20 millis"), Schedule.recurs(1_000)])),
    Effect.orDie,
  )

/** What a program has inside; another one after each start. */
const insideOf = Effect.gen(function* () {
  return {
    pools: yield* Pools,
    alarms: yield* Alarms,
    vitals: yield* Vitals,
    restart: yield* Restart,
    ownership: yield* Ownership,
    filled: (yield* Refill).filled,
    gather: (yield* asHere)(yield* makeGather),
    speaking: yield* asHere,
  }
})
type Inside = Effect.Success<typeof insideOf>

const makeBot = Effect.fnUntraced(function* (name: string, token: string, company: SampleCompany) {
  const dataDir = Fs.mkdtempSync(Path.join(Os.tmpdir(), `bot-${name}-`))
  yield* Effect.addFinalizer(() => Effect.sync(() => Fs.rmSync(dataDir, { recursive: true })))
  const people = { [person]: { stage: company.scenes.nicknames[person], is_approved: true } }
  Fs.writeFileSync(Path.join(dataDir, "whitelist.json"), JSON.stringify(people))
  const outside = yield* Layer.buildWithMemoMap(
    Playground.layer({ port: 0, token, company }).pipe(
      Layer.provideMerge(PlaygroundClock.layer),
      Layer.provideMerge(World.layerMemory),
    ),
    yield* Layer.makeMemoMap,
    yield* Effect.scope,
  )
  const { url } = Context.get(outside, Playground)
  const settings = yield* Effect.provide(Settings, Settings.layer, { local: true }).pipe(
    Effect.provideService(
      ConfigProvider.ConfigProvider,
      ConfigProvider.fromUnknown({
        ...company.settings,
        BOT_NAME: name,
        BOT_TOKEN: token,
        ADMIN_ID: "1",
        GOOGLE_CREDENTIALS_JSON: JSON.stringify({
          client_email: `${name}@example.com`,
          private_key: privateKey,
        }),
        SPREADSHEET_ACCOUNTS: "demo-accounts",
        SPREADSHEET_ISSUED: "demo-issued",
        SHEETS_REQUESTS_PER_SECOND: "50",
        WRITE_BUFFER_INTERVAL: "1",
        DATA_DIR: dataDir,
        TELEGRAM_API_ROOT: url,
        SHEETS_ROOT_URL: url,
      }),
    ),
  )
  const starts: Array<Inside> = []
  const inside = Layer.effectDiscard(Effect.map(insideOf, (found) => void starts.push(found)))
  const running = yield* runOneOfSeveral(liveProgram, {
    settings,
    shares: Effect.succeed({ requests: 1, read: 1, write: 1 }),
    inside: Layer.merge(inside, countingEvents),
  }).pipe(Effect.forkScoped)
  const chats = Context.get(outside, Chats)
  const seen = Effect.map(chats.chat(person), (all) => JSON.stringify(all))
  return {
    name,
    company,
    settings,
    chats,
    faults: Context.get(outside, Faults),
    starts,
    running,
    inside: (start = 0) =>
      soon(
        `${name} has started`,
        Effect.sync(() => starts[start]),
      ),
    seen,
    sees: (words: RegExp) =>
      soon(
        `${name} says ${String(words)}`,
        Effect.map(seen, (text) => words.test(text)),
      ),
  }
})

type Bot = Effect.Success<ReturnType<typeof makeBot>>

/** The value of each series of that figure that has the label, by its other labels. */
const seriesOf = (figure: string, bot: string) =>
  Effect.map(Metric.snapshot, (all) =>
    all
      .filter(({ id, attributes }) => id === `account_bot_${figure}` && attributes?.bot === bot)
      .map(({ attributes, state }) => ({ ...attributes, state })),
  )

const resourcesOf = (figure: string, bot: string) =>
  Effect.map(seriesOf(figure, bot), (series) => [
    ...new Set(series.map((each) => String("resource" in each && each.resource))),
  ])

/** The two bots and the lines that they log, while `body` runs. */
const together = <E, R>(
  body: (given: {
    readonly sales: Bot
    readonly support: Bot
    readonly lines: ReadonlyArray<string>
  }) => Effect.Effect<void, E, R>,
) => {
  const lines: Array<string> = []
  const log = (...words: ReadonlyArray<unknown>) => void lines.push(words.join(" "))
  return Effect.gen(function* () {
    const sales = yield* makeBot("sales", "7900000001:not-a-real-token-of-sales-at-all", russian)
    const support = yield* makeBot("support", "7900000002:x-other", english)
    for (const bot of [sales, support]) {
      const { filled } = yield* bot.inside()
      yield* filled
    }
    yield* body({ sales, support, lines })
  }).pipe(
    // The process has some services of its own.
    Effect.provide(Layer.mergeAll(NodeServices.layer, Alarms.layer, Vitals.layer)),
    Effect.provideService(Console.Console, { ...console, error: log }),
    Effect.provideService(Metric.MetricRegistry, new Map()),
  )
}

/** The person types an order, and has what was ordered. */
const order = Effect.fnUntraced(function* ({ chats, company, sees }: Bot) {
  yield* chats.say(person, `${company.scenes.plain.order} 1`)
  yield* sees(/example/)
})

describe("two bots in one process", () => {
  it.live("speak to one person in two languages, each of its own goods", () =>
    together(({ sales, support, lines }) =>
      Effect.gen(function* () {
        yield* order(sales)
        yield* order(support)
        const [inSales, inSupport] = [yield* sales.seen, yield* support.seen]
        assert.match(inSales, /Rambler/)
        assert.match(inSales, /[а-я]{4}/)
        assert.notMatch(inSales, /mailboxes/)
        assert.match(inSupport, /mailboxes/)
        assert.notMatch(inSupport, /[а-яА-Я]/)
        assert.notMatch(inSupport, /Rambler/)
        for (const bot of [sales, support]) {
          const { pools } = yield* bot.inside()
          const holders = yield* pools.holders
          assert.deepStrictEqual(
            holders.map(({ item }) => item.resource),
            [bot.company.scenes.plain.resource],
          )
        }
        assert.isAbove(lines.length, 0)
        assert.deepStrictEqual(
          lines.filter((line) => !/ bot=(sales|support)\b/.test(line)),
          [],
        )
        assert.isTrue(lines.some((line) => / bot=sales\b/.test(line)))
        assert.isTrue(lines.some((line) => / bot=support\b/.test(line)))
      }),
    ),
  )

  it.live("count apart, and the figures of one that ends go with it", () =>
    together(({ sales, support }) =>
      Effect.gen(function* () {
        yield* order(support)
        for (const bot of [sales, support]) yield* (yield* bot.inside()).gather
        const all = yield* Metric.snapshot
        assert.isAbove(all.length, 100)
        assert.deepStrictEqual(
          all.filter(({ attributes }) => !["sales", "support"].includes(String(attributes?.bot))),
          [],
        )
        for (const bot of [sales, support]) {
          const { pools } = yield* bot.inside()
          assert.deepStrictEqual(
            (yield* resourcesOf("items", bot.name)).toSorted(),
            pools.resources.map(({ id }) => id).toSorted(),
          )
        }
        const issued = Effect.fnUntraced(function* ({ name }: Bot) {
          const series = yield* seriesOf("issued_total", name)
          return series.reduce(
            (sum, { state }) => sum + ("count" in state ? Number(state.count) : 0),
            0,
          )
        })
        assert.deepStrictEqual([yield* issued(sales), yield* issued(support)], [0, 1])
        yield* Fiber.interrupt(sales.running)
        const left = yield* Metric.snapshot
        assert.isAbove(left.length, 50)
        assert.deepStrictEqual(
          [...new Set(left.map(({ attributes }) => attributes?.bot))],
          ["support"],
        )
      }),
    ),
  )

  it.live("alarm apart, and a log line of one hides the secret of the other", () =>
    together(({ sales, support, lines }) =>
      Effect.gen(function* () {
        yield* support.faults.add({ api: "sheets", kind: "status", status: 403, times: 1_000 })
        yield* order(support)
        yield* support.chats.tap({ userId: person, label: "✅ Works" })
        yield* order(sales)
        const inSupport = yield* support.inside()
        yield* soon(
          "an alarm",
          Effect.map(inSupport.alarms.raised, (raised) =>
            raised.some(({ _tag }) => _tag === "SheetsUnavailable"),
          ),
        )
        const inSales = yield* sales.inside()
        const raised = JSON.stringify(yield* inSales.alarms.raised)
        assert.notInclude(raised, "SheetsUnavailable")
        const own = new Set<string>(inSales.pools.resources.map(({ id }) => id))
        for (const { id } of inSupport.pools.resources) {
          if (!own.has(id)) assert.notInclude(raised, `"${id}"`)
        }
        const pulses = (of: Inside) => of.vitals.pulse("sheets:demo-issued")
        assert.isNotNull((yield* pulses(inSupport)).failedAt)
        assert.isNull((yield* pulses(inSales)).failedAt)

        const secret = Redacted.value(support.settings.botToken)
        yield* inSales.speaking(Effect.logWarning(`a library quotes ${secret}`))
        const last = lines.at(-1) ?? ""
        assert.match(last, /a library quotes <redacted>" bot=sales/)
        assert.notInclude(lines.join("\n"), secret)
      }),
    ),
  )

  it.live("start anew and are lost apart", () =>
    together(({ sales, support }) =>
      Effect.gen(function* () {
        yield* order(support)
        const before = yield* sales.inside()
        yield* before.restart.ask
        const after = yield* sales.inside(1)
        assert.notStrictEqual(after.pools, before.pools)
        yield* order(sales)
        assert.deepStrictEqual([sales.starts.length, support.starts.length], [2, 1])

        const lost = new Disowned({ bot: "sales", epoch: 2 })
        yield* after.ownership.lose(lost)
        assert.deepStrictEqual(yield* Effect.flip(Fiber.join(sales.running)), lost)
        yield* support.chats.tap({ userId: person, label: "✅ Works" })
        yield* support.sees(/undo/i)
        assert.strictEqual(support.starts.length, 1)
      }),
    ),
  )

  it.live("are refused apart: a wrong token ends its bot alone", () =>
    together(({ sales, support }) =>
      Effect.gen(function* () {
        yield* sales.faults.add({ api: "telegram", kind: "status", status: 401, times: 1_000 })
        yield* sales.chats.say(person, "/start")
        const refused = yield* Effect.flip(Fiber.join(sales.running))
        assert.strictEqual(refused._tag, "TelegramError")
        yield* order(support)
      }),
    ),
  )
})
