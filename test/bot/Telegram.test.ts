import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import {
  Cause,
  Clock,
  Duration,
  Effect,
  Fiber,
  Latch,
  Layer,
  Logger,
  Option,
  Redacted,
  References,
} from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { TestClock } from "effect/testing"
import { bold, code, html, type Screen } from "../../src/bot/Screen.ts"
import { retrying, Telegram } from "../../src/bot/Telegram.ts"
import { isDefinite, TelegramError, type TelegramFailure } from "../../src/bot/TelegramError.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Calls } from "../../src/playground/Calls.ts"
import { type Fault, Faults } from "../../src/playground/Faults.ts"
import { Chats } from "../../src/playground/telegram/Chats.ts"
import { telegramApiRoutes } from "../../src/playground/TelegramEmulator.ts"
import { World } from "../../src/playground/World.ts"
import { Tenure } from "../../src/store/Ownership.ts"
import { Chart } from "../../src/stats/Chart.ts"
import { byDay, byRegion } from "../stats/chartFixtures.ts"

const token = "7900000001:demo-token-of-the-playground"
const anna = 42

/** grammY's client over a real socket, to the emulator on a free port. */
const telegramWith = (botToken: string) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { address } = yield* HttpServer.HttpServer
      const port = "port" in address ? address.port : 0
      return Telegram.layer.pipe(
        Layer.provide(
          Settings.layerTest({
            botToken: Redacted.make(botToken),
            telegramApiRoot: Option.some(`http://127.0.0.1:${port}`),
          }),
        ),
      )
    }),
  )

const Emulator = HttpRouter.serve(telegramApiRoutes(token), {
  disableListenLog: true,
  disableLogger: true,
}).pipe(
  Layer.provideMerge(Layer.mergeAll(Chats.layer, Calls.layer, Faults.layer)),
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0 })),
  Layer.provide(World.layerMemory),
)

const Playground = telegramWith(token).pipe(Layer.provideMerge(Emulator))

const screen = (text: string): Screen => ({
  html: html`${bold(text)} ${code("pa<ss")}`,
  keyboard: [
    [
      { kind: "tap", text: "Блок", data: "ma1:vk.0123456789.block", style: "danger" },
      { kind: "copy", text: "Пароль", copies: "pa<ss" },
    ],
    [{ kind: "copy", text: "Длинное", copies: "x".repeat(257) }],
  ],
})

const annaStarts = Effect.gen(function* () {
  const chats = yield* Chats
  yield* chats.addUser({ id: anna, firstName: "Анна" })
  yield* chats.say(anna, "/start")
  return { chats, telegram: yield* Telegram, calls: yield* Calls, faults: yield* Faults }
})

const plant = (fault: Omit<Fault, "api" | "times"> & { readonly times?: number }) =>
  Effect.flatMap(Faults, (faults) => faults.add({ api: "telegram", times: 1, ...fault }))

/** Lets an answer that travels over a real socket meet a timer of the test's clock. */
const passing = <A, E, R>(call: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(call))
    while (fiber.pollUnsafe() === undefined) {
      yield* TestClock.adjust("20 millis")
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
    }
    return yield* Effect.flatten(Fiber.join(fiber))
  })

const reasonOf = <A>(call: Effect.Effect<A, TelegramError>) =>
  Effect.map(Effect.flip(Effect.asVoid(call)), ({ reason }) => reason._tag)

const methodsSince = (n: number) =>
  Effect.map(
    Effect.flatMap(Calls, (calls) => calls.since(n)),
    (calls) => calls.map(({ method }) => method),
  )

describe("Telegram of a bot that another process may have", () => {
  /** With a Tenure that goes on when it is told to, and says what it was asked. */
  const owned = Effect.gen(function* () {
    const asked: Array<string> = []
    const latch = yield* Latch.make(true)
    const tenure = Layer.succeed(Tenure, {
      proven: (when) =>
        Effect.andThen(
          Effect.sync(() => asked.push(when)),
          latch.await,
        ),
      wasAnothers: false,
    })
    const context = yield* Layer.build(
      telegramWith(token).pipe(Layer.provide(tenure), Layer.provideMerge(Emulator), Layer.fresh),
    )
    return { asked, latch, context }
  })

  it.effect("says nothing until it is proven, and looks for updates all the same", () =>
    Effect.gen(function* () {
      const { asked, latch, context } = yield* owned
      yield* Effect.gen(function* () {
        const { telegram } = yield* annaStarts
        const message = yield* telegram.send(anna, screen("Раз"))
        const { n = 0 } = (yield* (yield* Calls).since(0)).at(-1) ?? {}
        yield* latch.close
        asked.length = 0
        const png = new Uint8Array([1])
        const said = yield* Effect.forkChild(
          Effect.forEach(
            [
              telegram.send(anna, screen("Два")),
              telegram.sendPhoto(anna, png, screen("Два")),
              telegram.sendDocument(anna, { name: "a", bytes: png }, screen("Два")),
              telegram.edit(message, screen("Два")),
              telegram.editPhoto(message, png, screen("Два")),
              telegram.remove(message),
              telegram.answer("tap"),
              telegram.setCommands("default", undefined, []),
            ],
            (call) => Effect.exit(call),
            { concurrency: "unbounded" },
          ),
          { startImmediately: true },
        )
        yield* telegram.getUpdates({ offset: 0, timeout: Duration.zero })
        yield* telegram.webhook
        assert.deepStrictEqual(yield* methodsSince(n), ["getUpdates", "getWebhookInfo"])
        // What cannot be drawn over may not come from two owners.
        assert.deepStrictEqual(asked, [...Array(3).fill("now"), ...Array(5).fill("lately")])
        yield* latch.open
        yield* passing(Fiber.join(said))
        assert.strictEqual((yield* methodsSince(n)).length, 10)
      }).pipe(Effect.provideContext(context))
    }),
  )

  it.effect("asks again for each try of a call", () =>
    Effect.gen(function* () {
      const { asked, context } = yield* owned
      yield* Effect.gen(function* () {
        const { telegram } = yield* annaStarts
        const message = yield* telegram.send(anna, screen("Раз"))
        asked.length = 0
        yield* plant({ kind: "dropBefore", method: "editMessageText", times: 2 })
        yield* passing(telegram.edit(message, screen("Два")))
        assert.lengthOf(asked, 3)
      }).pipe(Effect.provideContext(context))
    }),
  )
})

describe("Telegram over the wire", () => {
  it.effect("knows itself", () =>
    Effect.gen(function* () {
      const { me } = yield* Telegram
      assert.deepStrictEqual(me, {
        id: 7_900_000_001,
        username: "account_demo_bot",
        first_name: "Account Bot",
        can_join_groups: true,
        can_read_all_group_messages: false,
        supports_inline_queries: false,
        callback_query_mode: "default",
      })
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("changes those of its own settings that are named", () =>
    Effect.gen(function* () {
      const chats = yield* Chats
      yield* chats.setBot({ supportsInlineQueries: true, callbackQueryMode: "inline" })
      const { setSettings } = yield* Telegram
      const changed = yield* setSettings({ callback_query_mode: "default", can_join_groups: false })
      assert.strictEqual(changed, "changed")
      const { me } = yield* Telegram.pipe(Effect.provide(Layer.fresh(telegramWith(token))))
      const { can_join_groups, supports_inline_queries, callback_query_mode } = me
      assert.deepStrictEqual(
        [can_join_groups, supports_inline_queries, callback_query_mode],
        [false, true, "default"],
      )
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("says that a server knows no such method, and tells that from a refusal", () =>
    Effect.gen(function* () {
      const { setSettings } = yield* Telegram
      const change = setSettings({ callback_query_mode: "default" })
      yield* plant({ kind: "status", method: "setMySettings", status: 404 })
      assert.strictEqual(yield* change, "unknown")
      yield* plant({ kind: "status", method: "setMySettings", status: 400 })
      assert.strictEqual(yield* reasonOf(change), "Rejected")
      yield* plant({ kind: "status", method: "setMySettings", status: 401 })
      assert.strictEqual(yield* reasonOf(change), "Unauthorized")
      yield* plant({ kind: "dropAfter", method: "setMySettings" })
      assert.strictEqual(yield* passing(change), "changed")
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("sends a screen, edits it, and takes an equal edit for done", () =>
    Effect.gen(function* () {
      const { chats, telegram } = yield* annaStarts
      const message = yield* telegram.send(anna, screen("Раз"))
      yield* telegram.edit(message, screen("Два"))
      yield* telegram.edit(message, screen("Два"))
      const shown = (yield* chats.chat(anna)).at(-1)
      assert.strictEqual(shown?.messageId, message.messageId)
      assert.strictEqual(shown?.text, "Два pa<ss")
      assert.deepStrictEqual(shown?.keyboard, [
        [
          { text: "Блок", data: "ma1:vk.0123456789.block", style: "danger" },
          { text: "Пароль", copyText: "pa<ss" },
        ],
      ])
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("sends a picture, and puts another one in its place", () =>
    Effect.gen(function* () {
      const { chats, telegram, calls } = yield* annaStarts
      const charts = yield* Chart
      const [first, second] = [yield* charts.draw(byRegion), yield* charts.draw(byDay)]
      const message = yield* telegram.sendPhoto(anna, first, screen("Раз"))
      const before = (yield* chats.chat(anna)).at(-1)
      yield* telegram.editPhoto(message, second, screen("Два"))
      const shown = (yield* chats.chat(anna)).at(-1)
      assert.strictEqual(shown?.messageId, message.messageId)
      assert.strictEqual(shown?.text, "Два pa<ss")
      assert.lengthOf(shown?.keyboard ?? [], 1)
      assert.isDefined(before?.photo)
      assert.isDefined(shown?.photo)
      assert.notDeepEqual(before?.photo, shown?.photo)
      const methods = (yield* calls.since(0)).map(({ method }) => method)
      assert.deepStrictEqual(methods.slice(-2), ["sendPhoto", "editMessageMedia"])
    }).pipe(
      Effect.provide(Layer.merge(Playground, Chart.layer.pipe(Layer.provide(NodeServices.layer)))),
    ),
  )

  it.effect("does not send a picture twice when the answer is lost", () =>
    Effect.gen(function* () {
      const { chats, telegram } = yield* annaStarts
      const png = yield* Effect.provide(
        Chart.use((charts) => charts.draw(byRegion)),
        Chart.layer.pipe(Layer.provide(NodeServices.layer)),
      )
      yield* plant({ method: "sendPhoto", kind: "dropAfter" })
      const error = yield* Effect.flip(telegram.sendPhoto(anna, png, screen("Раз")))
      assert.strictEqual(error.reason._tag, "Unsure")
      assert.lengthOf(
        (yield* chats.chat(anna)).filter(({ photo }) => photo !== undefined),
        1,
      )
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("sends a file with its bytes as they are, under a name of plain letters", () =>
    Effect.gen(function* () {
      const { chats, telegram, calls } = yield* annaStarts
      const bytes = new TextEncoder().encode("\uFEFFНик;Статус\r\n")
      const file = { name: "выдачи vk\r\n; x.csv", bytes }
      const message = yield* telegram.sendDocument(anna, file, screen("Файл"))
      const shown = (yield* chats.chat(anna)).at(-1)
      assert.strictEqual(shown?.messageId, message.messageId)
      assert.strictEqual(shown?.text, "Файл pa<ss")
      assert.lengthOf(shown?.keyboard ?? [], 1)
      assert.deepInclude(shown?.document, { name: "-------vk----x.csv", size: bytes.length })
      const stored = Option.getOrThrow(yield* chats.file(shown?.document?.path ?? ""))
      assert.deepStrictEqual(stored.bytes, bytes)
      assert.strictEqual((yield* calls.since(0)).at(-1)?.method, "sendDocument")
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("does not send a file twice when the answer is lost", () =>
    Effect.gen(function* () {
      const { chats, telegram } = yield* annaStarts
      yield* plant({ method: "sendDocument", kind: "dropAfter" })
      const file = { name: "a.csv", bytes: new TextEncoder().encode("a") }
      const error = yield* Effect.flip(telegram.sendDocument(anna, file, screen("Файл")))
      assert.strictEqual(error.reason._tag, "Unsure")
      const files = (yield* chats.chat(anna)).filter(({ document }) => document !== undefined)
      assert.lengthOf(files, 1)
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("gets updates until they are confirmed, and answers a tap", () =>
    Effect.gen(function* () {
      const { chats, telegram } = yield* annaStarts
      yield* telegram.send(anna, screen("Раз"))
      const { callbackQueryId } = yield* chats.tap({ userId: anna, label: "Блок" })
      const poll = (offset: number) => telegram.getUpdates({ offset, timeout: Duration.zero })
      assert.lengthOf(yield* poll(0), 2)
      const [, tap] = yield* poll(0)
      const next = Number(Reflect.get(Object(tap), "update_id")) + 1
      assert.lengthOf(yield* poll(next), 0)
      yield* telegram.answer(callbackQueryId, { text: "Это чужая кнопка", alert: true })
      assert.deepInclude(Option.getOrThrow(yield* chats.callback(callbackQueryId)), {
        answered: true,
        text: "Это чужая кнопка",
        showAlert: true,
      })
      yield* telegram.answer(callbackQueryId)
      yield* telegram.answer("no-such-tap", { text: "я".repeat(500) })
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("tells why nothing was shown", () =>
    Effect.gen(function* () {
      const { chats, telegram } = yield* annaStarts
      const message = yield* telegram.send(anna, screen("Раз"))
      yield* telegram.remove(message)
      yield* telegram.remove(message)
      assert.strictEqual(yield* reasonOf(telegram.edit(message, screen("Два"))), "MessageGone")
      assert.strictEqual(yield* reasonOf(telegram.send(9_999, screen("Раз"))), "ChatNotFound")
      yield* chats.block(anna, true)
      assert.strictEqual(yield* reasonOf(telegram.send(anna, screen("Раз"))), "Blocked")
    }).pipe(Effect.provide(Playground)),
  )
})

describe("Telegram on a bad day", () => {
  it.effect("waits as long as a 429 asks, also before a message", () =>
    Effect.gen(function* () {
      const { chats, telegram } = yield* annaStarts
      yield* plant({ kind: "status", method: "sendMessage", status: 429, retryAfter: 7 })
      const before = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
      yield* passing(telegram.send(anna, screen("Раз")))
      const after = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
      assert.isAtLeast(after - before, 7_000)
      assert.lengthOf(yield* chats.chat(anna), 2)
    }).pipe(Effect.provide(Playground)),
  )

  const notBefore: ReadonlyArray<
    readonly [
      string,
      (telegram: Telegram["Service"], chatId: number) => Effect.Effect<unknown, TelegramError>,
    ]
  > = [
    ["sendMessage", ({ send }, chatId) => send(chatId, screen("Раз"))],
    ["editMessageText", ({ edit }, chatId) => edit({ chatId, messageId: 2 }, screen("Два"))],
    ["deleteMessage", ({ remove }, chatId) => remove({ chatId, messageId: 2 })],
    ["sendPhoto", ({ sendPhoto }, chatId) => sendPhoto(chatId, new Uint8Array(8), screen("Раз"))],
    [
      "editMessageMedia",
      ({ editPhoto }, chatId) =>
        editPhoto({ chatId, messageId: 2 }, new Uint8Array(8), screen("Раз")),
    ],
    [
      "sendDocument",
      ({ sendDocument }, chatId) =>
        sendDocument(chatId, { name: "a.txt", bytes: new Uint8Array(8) }, screen("Раз")),
    ],
    ["setMyCommands", ({ setCommands }, chatId) => setCommands({ chatId }, undefined, [])],
    ["getUpdates", ({ getUpdates }) => getUpdates({ offset: 0, timeout: Duration.zero })],
  ]
  for (const [method, call] of notBefore) {
    it.effect(`${method}: half an hour that Telegram asks for is kept to, whoever calls`, () =>
      Effect.gen(function* () {
        const { telegram, calls } = yield* annaStarts
        const since = (yield* calls.since(0)).at(-1)?.n ?? 0
        const count = Effect.map(
          methodsSince(since),
          (methods) => methods.filter((each) => each === method).length,
        )
        yield* plant({ kind: "status", method, status: 429, retryAfter: 1_800, times: 1 })
        assert.strictEqual(yield* reasonOf(passing(call(telegram, anna))), "RateLimited")
        for (let minute = 1; minute < 30; minute += 1) {
          yield* TestClock.adjust("1 minute")
          assert.strictEqual(yield* reasonOf(call(telegram, anna)), "RateLimited")
        }
        assert.strictEqual(yield* count, 1)
        if (method !== "getUpdates") {
          // Another chat is another matter.
          yield* Effect.exit(passing(call(telegram, anna + 1)))
          assert.strictEqual(yield* count, 2)
        }
        const before = yield* count
        yield* TestClock.adjust("1 minute")
        yield* Effect.exit(passing(call(telegram, anna)))
        assert.isAbove(yield* count, before)
      }).pipe(Effect.provide(Playground)),
    )
  }

  it.effect("breaks off a call that has had no answer for a minute, and is unsure of it", () =>
    Effect.gen(function* () {
      const { telegram } = yield* annaStarts
      yield* plant({ kind: "hang", method: "sendMessage", delayMs: 600_000 })
      assert.strictEqual(yield* reasonOf(passing(telegram.send(anna, screen("Раз")))), "Unsure")
      const gone = yield* Clock.currentTimeMillis
      assert.isAtLeast(gone, 60_000)
      assert.isAtMost(gone, 70_000)
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("does not send twice when the answer is lost, and says that it is unsure", () =>
    Effect.gen(function* () {
      const { chats, telegram } = yield* annaStarts
      yield* plant({ kind: "dropAfter", method: "sendMessage" })
      const error = yield* Effect.flip(passing(telegram.send(anna, screen("Раз"))))
      assert.strictEqual(error.reason._tag, "Unsure")
      assert.notInclude(`${error.message} ${String(error.stack)}`, token)
      assert.lengthOf(yield* chats.chat(anna), 2)
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("tells nobody what a message says that failed: no log, no error", () => {
    const said: Array<string> = []
    const logger = Logger.make(({ message, cause, fiber }) => {
      const annotations = fiber.getRef(References.CurrentLogAnnotations)
      said.push(JSON.stringify([message, annotations]), Cause.pretty(cause))
    })
    return Effect.gen(function* () {
      const { telegram } = yield* annaStarts
      const message = yield* telegram.send(anna, screen("Начало"))
      for (const kind of ["dropAfter", "dropBefore", "status"] as const) {
        for (const method of ["sendMessage", "editMessageText"]) {
          yield* plant({ kind, method, ...(kind === "status" ? { status: 400 } : {}) })
        }
        const sent = yield* Effect.exit(passing(telegram.send(anna, screen("Тайна"))))
        const edited = yield* Effect.exit(passing(telegram.edit(message, screen(`Тайна ${kind}`))))
        said.push(JSON.stringify([sent, edited]), String(sent), String(edited))
      }
      assert.isAbove(said.length, 8)
      assert.notMatch(said.join("\n"), /Тайна|pa<ss|pa&lt;ss/)
    }).pipe(
      Effect.provide(
        Layer.mergeAll(
          Playground,
          Logger.layer([logger]),
          Layer.succeed(References.MinimumLogLevel, "Trace"),
        ),
      ),
    )
  })

  it.effect("repeats an edit whose answer is lost, and is content with what it finds", () =>
    Effect.gen(function* () {
      const { chats, telegram } = yield* annaStarts
      const message = yield* telegram.send(anna, screen("Раз"))
      yield* plant({ kind: "dropAfter", method: "editMessageText" })
      yield* plant({ kind: "status", method: "editMessageText", status: 502 })
      yield* passing(telegram.edit(message, screen("Два")))
      assert.strictEqual((yield* chats.chat(anna)).at(-1)?.text, "Два pa<ss")
      const edits = (yield* methodsSince(0)).filter((method) => method === "editMessageText")
      assert.lengthOf(edits, 3)
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("holds a poll, and lets go of it when it is interrupted", () =>
    Effect.gen(function* () {
      const { chats, telegram } = yield* annaStarts
      const poll = telegram.getUpdates({ offset: 0, timeout: Duration.seconds(50) })
      const [first] = yield* poll
      const offset = Number(Reflect.get(Object(first), "update_id")) + 1
      const held = yield* Effect.forkChild(
        telegram.getUpdates({ offset, timeout: Duration.seconds(50) }),
        { startImmediately: true },
      )
      yield* Fiber.interrupt(held)
      yield* chats.say(anna, "/menu")
      // Not taken by the poll that is gone, and no conflict with it.
      assert.lengthOf(yield* telegram.getUpdates({ offset, timeout: Duration.seconds(50) }), 1)
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("sets commands for everybody and for one chat", () =>
    Effect.gen(function* () {
      const { chats, telegram } = yield* annaStarts
      const start = { command: "start", description: "Начать" }
      const stock = { command: "stock", description: "Остатки" }
      yield* telegram.setCommands("default", undefined, [start])
      assert.deepStrictEqual(yield* chats.commands(anna), [start])
      yield* telegram.setCommands({ chatId: anna }, "ru", [start, stock])
      yield* telegram.setCommands({ chatId: anna }, undefined, [start, stock])
      assert.deepStrictEqual(yield* chats.commands(anna), [start, stock])
    }).pipe(Effect.provide(Playground)),
  )

  it.effect("does not start with a token that Telegram refuses, and does not tell it", () =>
    Effect.gen(function* () {
      const wrong = "7900000002:another-token-of-the-playground"
      const error = yield* Effect.flip(Effect.scoped(Layer.build(telegramWith(wrong))))
      assert.strictEqual(error.reason._tag, "Unauthorized")
      assert.notInclude(`${error.message} ${JSON.stringify(error)}`, wrong)
    }).pipe(Effect.provide(Emulator)),
  )

  it.effect("waits for Telegram at the start as long as it does not answer", () =>
    Effect.gen(function* () {
      yield* plant({ kind: "status", method: "getMe", status: 502, times: 9 })
      const built = yield* passing(Effect.scoped(Layer.build(telegramWith(token))))
      assert.isDefined(built)
      assert.lengthOf(yield* methodsSince(0), 10)
    }).pipe(Effect.provide(Emulator)),
  )
})

const limited = (seconds: number): TelegramFailure => ({
  _tag: "RateLimited",
  retryAfter: Duration.seconds(seconds),
})
const unsure: TelegramFailure = { _tag: "Unsure" }

/** A call that fails like this, then works; and the moments of its attempts. */
const run = (kind: "once" | "idempotent", failures: ReadonlyArray<TelegramFailure>) =>
  Effect.gen(function* () {
    const at: Array<number> = []
    const call = Effect.gen(function* () {
      at.push(yield* Clock.currentTimeMillis)
      const reason = failures[at.length - 1]
      if (reason !== undefined) return yield* new TelegramError({ method: "probe", reason })
      return "done"
    })
    const fiber = yield* Effect.forkChild(
      call.pipe(
        retrying(kind),
        Effect.catch(({ reason }) => Effect.succeed(reason._tag)),
      ),
    )
    yield* TestClock.adjust("10 minutes")
    return { at, outcome: yield* Fiber.join(fiber) }
  })

describe("retrying", () => {
  for (const kind of ["once", "idempotent"] as const) {
    it.effect(`${kind}: waits exactly as long as Telegram asks`, () =>
      Effect.gen(function* () {
        const { at, outcome } = yield* run(kind, [limited(7), limited(30), limited(1)])
        assert.deepStrictEqual(at, [0, 7_000, 37_000, 38_000])
        assert.strictEqual(outcome, "done")
      }),
    )

    it.effect(`${kind}: gives up at the fourth 429`, () =>
      Effect.gen(function* () {
        const { at, outcome } = yield* run(kind, [limited(1), limited(1), limited(1), limited(1)])
        assert.strictEqual(at.length, 4)
        assert.strictEqual(outcome, "RateLimited")
      }),
    )

    it.effect(`${kind}: tells of a longer wait instead of making it`, () =>
      Effect.gen(function* () {
        const { at, outcome } = yield* run(kind, [limited(31)])
        assert.deepStrictEqual(at, [0])
        assert.strictEqual(outcome, "RateLimited")
      }),
    )

    it.effect(`${kind}: a refusal is final`, () =>
      Effect.gen(function* () {
        const { at, outcome } = yield* run(kind, [{ _tag: "Blocked" }])
        assert.deepStrictEqual(at, [0])
        assert.strictEqual(outcome, "Blocked")
      }),
    )
  }

  it.effect("a refusal after a try without an answer is no proof that nothing was shown", () =>
    Effect.gen(function* () {
      const probe = (failures: ReadonlyArray<TelegramFailure>) =>
        Effect.gen(function* () {
          let tries = 0
          const call = Effect.suspend(() => {
            const reason = failures[tries] ?? unsure
            tries += 1
            return Effect.fail(new TelegramError({ method: "probe", reason }))
          })
          const fiber = yield* Effect.forkChild(Effect.flip(retrying("idempotent")(call)))
          yield* TestClock.adjust("10 minutes")
          return yield* Fiber.join(fiber)
        })
      for (const last of [{ _tag: "Blocked" }, { _tag: "MessageGone" }, limited(60)] as const) {
        const error = yield* probe([unsure, last])
        assert.strictEqual(error.reason._tag, last._tag)
        assert.isFalse(isDefinite(error))
        assert.isTrue(isDefinite(yield* probe([last])))
      }
      assert.isTrue(isDefinite(yield* probe([limited(1), { _tag: "Blocked" }])))
    }),
  )

  it.effect("never repeats what may have worked and must not work twice", () =>
    Effect.gen(function* () {
      const { at, outcome } = yield* run("once", [unsure])
      assert.deepStrictEqual(at, [0])
      assert.strictEqual(outcome, "Unsure")
    }),
  )

  it.effect("repeats what may work twice, at growing intervals, four times in all", () =>
    Effect.gen(function* () {
      const { at, outcome } = yield* run("idempotent", [unsure, unsure, unsure, unsure])
      assert.strictEqual(outcome, "Unsure")
      assert.strictEqual(at.length, 4)
      const gaps = at.slice(1).map((moment, index) => moment - (at[index] ?? 0))
      for (const [index, middle] of [500, 1_000, 2_000].entries()) {
        assert.isAtLeast(gaps[index] ?? 0, middle * 0.8)
        assert.isAtMost(gaps[index] ?? 0, middle * 1.2)
      }
    }),
  )

  it.effect("counts waits and tries apart", () =>
    Effect.gen(function* () {
      const { at, outcome } = yield* run("idempotent", [unsure, limited(1), unsure, limited(1)])
      assert.strictEqual(at.length, 5)
      assert.strictEqual(outcome, "done")
    }),
  )
})
