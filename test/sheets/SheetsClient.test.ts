import { generateKeyPairSync } from "node:crypto"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it } from "@effect/vitest"
import {
  Clock,
  Duration,
  Effect,
  Fiber,
  FileSystem,
  Latch,
  Layer,
  Option,
  Queue,
  Redacted,
} from "effect"
import { Settings } from "../../src/config/Settings.ts"
import { isFailing, Vitals } from "../../src/observe/Vitals.ts"
import { Calls } from "../../src/playground/Calls.ts"
import { Faults } from "../../src/playground/Faults.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { failureOf, readCredentials, SheetsClient } from "../../src/sheets/SheetsClient.ts"
import { reasonOf } from "../../src/sheets/SheetsError.ts"
import { Tenure } from "../../src/store/Ownership.ts"
import { Emulator, rootUrl } from "../playground/spreadsheets/client.ts"

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
})
const credentials = JSON.stringify({ client_email: "bot@example.com", private_key: privateKey })
const book = "demo-accounts"

/** Google's library against the emulator, in real time. */
const clientOf = (tenure: Layer.Layer<never>) =>
  Layer.unwrap(
    Effect.map(rootUrl, (root) =>
      SheetsClient.layer.pipe(
        Layer.provide(tenure),
        Layer.provide(
          Settings.layerTest({
            googleCredentials: Redacted.make(credentials),
            sheetsRootUrl: Option.some(root),
            sheetsRequestsPerSecond: 1000,
            sheetsReadsPerMinute: 60_000,
          }),
        ),
        Layer.provide(NodeFileSystem.layer),
      ),
    ),
  ).pipe(Layer.provideMerge(Emulator))

const Client = clientOf(Layer.empty)

const created = Effect.gen(function* () {
  const workbooks = yield* Workbooks
  yield* workbooks.create(book, {
    title: "Склад",
    tabs: [{ title: "Мамба Муж", rows: [["Логин"], ["a@example.com", 7, { date: "22.11.2026" }]] }],
  })
  return yield* SheetsClient
})

const guard = (metadataId: number) => ({
  requests: [
    {
      createDeveloperMetadata: {
        developerMetadata: {
          metadataId,
          metadataKey: "inv.seq",
          metadataValue: "1@2@TOKEN@claim@ME",
          location: { spreadsheet: true },
          visibility: "DOCUMENT",
        },
      },
    },
  ],
})

const write = (client: SheetsClient["Service"], id: number) =>
  client.batchUpdate(book, guard(id), { fields: "replies", urgency: "person" })

const reason = <A, R>(
  effect: Effect.Effect<A, { readonly reason: { readonly _tag: string } }, R>,
) => Effect.map(Effect.flip(effect), (error) => error.reason._tag)

describe("SheetsClient", () => {
  it.live("asks for a token, writes and reads", () =>
    Effect.gen(function* () {
      const client = yield* created
      assert.strictEqual((yield* write(client, 5)).replies?.length, 1)
      assert.strictEqual(yield* reason(write(client, 5)), "GuardTaken")
      assert.deepStrictEqual(
        yield* client.metadata(book, 5, "person"),
        Option.some("1@2@TOKEN@claim@ME"),
      )
      assert.isTrue(Option.isNone(yield* client.metadata(book, 6, "person")))
      assert.deepStrictEqual(
        (yield* client.searchMetadata(book, "inv.seq", "person")).map((one) => one.metadataId),
        [5],
      )
      assert.deepStrictEqual(
        yield* client.values(book, ["'Мамба Муж'!A2:C", "'Мамба Муж'!A9:C"], "person"),
        [[["a@example.com", 7, 46_348]], []],
      )
      const { sheets } = yield* client.get(book, {
        fields: "sheets(properties(sheetId,title),data(rowData(values(userEnteredValue))))",
        ranges: ["'Мамба Муж'!1:1"],
        urgency: "background",
      })
      assert.strictEqual(sheets?.[0]?.properties.title, "Мамба Муж")
      assert.strictEqual(yield* reason(client.metadata("other", 6, "person")), "NotFound")
    }).pipe(Effect.provide(Client)),
  )

  it.live("calls nobody until it is proven that the bot is this process's", () =>
    Effect.gen(function* () {
      const asked = yield* Queue.unbounded<void>()
      const latch = yield* Latch.make(true)
      const tenure = Layer.succeed(Tenure, {
        proven: () => Effect.andThen(Queue.offer(asked, undefined), latch.await),
        wasAnothers: false,
      })
      const context = yield* Layer.build(Layer.fresh(clientOf(tenure)))
      yield* Effect.gen(function* () {
        const client = yield* created
        yield* write(client, 5)
        yield* latch.close
        yield* Queue.clear(asked)
        const { n = 0 } = (yield* (yield* Calls).since(0)).at(-1) ?? {}
        const waiting = yield* Effect.forkChild(write(client, 6), { startImmediately: true })
        yield* Queue.take(asked)
        assert.lengthOf(yield* (yield* Calls).since(n), 0)
        yield* latch.open
        assert.strictEqual((yield* Fiber.join(waiting)).replies?.length, 1)
        assert.lengthOf(yield* (yield* Calls).since(n), 1)
      }).pipe(Effect.provideContext(context))
    }),
  )

  it.live("tells apart what was refused and what nobody knows", () =>
    Effect.gen(function* () {
      const client = yield* created
      const faults = yield* Faults
      const method = "spreadsheets.batchUpdate"
      const plant = (fault: Partial<Parameters<typeof faults.add>[0]>) =>
        faults.add({ api: "sheets", method, times: 1, kind: "status", ...fault })
      const expected = [
        [{ status: 403 }, "Denied"],
        [{ status: 503 }, "Unsure"],
        [{ status: 502 }, "Unsure"],
        [{ kind: "dropBefore" }, "Unsure"],
        [{ kind: "dropAfter" }, "Unsure"],
      ] as const
      for (const [index, [fault, tag]] of expected.entries()) {
        yield* plant(fault)
        assert.strictEqual(yield* reason(write(client, 10 + index)), tag)
      }
      assert.isTrue(Option.isSome(yield* client.metadata(book, 14, "person")))
      assert.isTrue(Option.isNone(yield* client.metadata(book, 13, "person")))
      const sent = (yield* (yield* Calls).since(0)).filter((call) => call.method === method)
      assert.strictEqual(sent.length, expected.length)
    }).pipe(Effect.provide(Client)),
  )

  it.live("reads over the wire how long Google asks to wait, and what its clock says", () =>
    Effect.gen(function* () {
      const client = yield* created
      assert.isTrue(Option.isNone(yield* client.clockAhead))
      const faults = yield* Faults
      yield* faults.add({
        api: "sheets",
        method: "spreadsheets.batchUpdate",
        times: 1,
        kind: "status",
        status: 429,
        retryAfter: 7,
      })
      const { reason: said } = yield* Effect.flip(write(client, 5))
      assert.deepStrictEqual(said, { _tag: "Quota", retryAfterMs: 7000, perMinute: 60 })
      const ahead = Option.getOrThrow(yield* client.clockAhead)
      assert.isBelow(Math.abs(Duration.toMillis(ahead)), 10_000)
    }).pipe(Effect.provide(Client)),
  )

  it.live("replaces a token that is refused, once, and reads again after a bad moment", () =>
    Effect.gen(function* () {
      const client = yield* created
      const faults = yield* Faults
      yield* faults.add({
        api: "sheets",
        method: "spreadsheets.batchUpdate",
        times: 1,
        kind: "status",
        status: 401,
      })
      yield* write(client, 5)
      const methods = (yield* (yield* Calls).since(0)).map((call) => call.method)
      assert.deepStrictEqual(methods, [
        "token",
        "spreadsheets.batchUpdate",
        "token",
        "spreadsheets.batchUpdate",
      ])
      yield* faults.add({
        api: "sheets",
        method: "spreadsheets.batchUpdate",
        times: 2,
        kind: "status",
        status: 401,
      })
      assert.strictEqual(yield* reason(write(client, 6)), "Denied")
      yield* faults.add({ api: "sheets", times: 1, kind: "status", status: 503 })
      assert.isTrue(Option.isSome(yield* client.metadata(book, 5, "person")))
    }).pipe(Effect.provide(Client)),
  )

  it.live(
    "sends nothing, and harms nobody, where a write is called off while its token is on the way",
    () =>
      Effect.gen(function* () {
        const client = yield* created
        const calls = yield* Calls
        const waiting = yield* Effect.forkChild(write(client, 5), { startImmediately: true })
        yield* calls.since(0).pipe(Effect.repeat({ until: (all) => all.length > 0 }))
        yield* Fiber.interrupt(waiting)
        // The library goes on with what it was asked for, and takes the very token.
        yield* client.metadata(book, 5, "person")
        const methods = (yield* calls.since(0)).map((call) => call.method)
        assert.notInclude(methods, "spreadsheets.batchUpdate")
      }).pipe(Effect.provide(Client)),
  )
})

describe("what Google was like", () => {
  it.live("is kept for each spreadsheet, with the pause that Google asks for", () =>
    Effect.gen(function* () {
      const client = yield* created
      const vitals = yield* Vitals
      const faults = yield* Faults
      const pulse = vitals.pulse(`sheets:${book}`)
      assert.isNull((yield* pulse).workedAt)
      yield* write(client, 5)
      yield* reason(write(client, 5))
      yield* client.metadata(book, 6, "person")
      assert.strictEqual(yield* reason(client.values(book, ["Нет!A1"], "person")), "Refused")
      const well = yield* pulse
      assert.isNumber(well.workedAt)
      assert.isNull(well.failedAt)
      assert.strictEqual(yield* vitals.gauge("sheetsPausedUntil"), 0)

      const plant = (status: number) =>
        faults.add({
          api: "sheets",
          method: "spreadsheets.batchUpdate",
          times: status === 401 ? 2 : 1,
          kind: "status",
          status,
        })
      for (const [status, failure] of [
        [503, "silent"],
        [401, "denied"],
        [429, "limited"],
      ] as const) {
        yield* plant(status)
        yield* reason(write(client, 6))
        const failing = yield* pulse
        assert.strictEqual(failing.failure, failure)
        assert.isTrue(isFailing(failing) || failing.failedAt === failing.workedAt)
      }
      assert.isAbove(
        (yield* vitals.gauge("sheetsPausedUntil")) ?? 0,
        yield* Clock.currentTimeMillis,
      )
      yield* reason(client.values("other", ["A1"], "person"))
      assert.strictEqual((yield* vitals.pulse("sheets:other")).failure, "missing")
    }).pipe(Effect.provide(Layer.merge(Client, Vitals.layer))),
  )
})

describe("failureOf", () => {
  it("is sure of nothing that it does not know", () => {
    for (const cause of [
      new TypeError("?"),
      undefined,
      { response: "?" },
      { code: "ECONNRESET" },
    ]) {
      assert.strictEqual(failureOf(cause)._tag, "Unsure")
    }
    assert.strictEqual(failureOf({ code: "ERR_OSSL_UNSUPPORTED" })._tag, "Denied")
  })

  it("reads from a refusal for quota how much there is", () => {
    const refused = (metadata: object) =>
      failureOf({
        response: {
          status: 429,
          headers: new Headers({ "retry-after": "7" }),
          data: {
            error: {
              message: "Quota exceeded for quota metric 'Write requests'",
              details: [{ links: [] }, { reason: "RATE_LIMIT_EXCEEDED", metadata }],
            },
          },
        },
      })
    const quota = (perMinute: number | null) =>
      ({ _tag: "Quota", retryAfterMs: 7000, perMinute }) as const
    const unit = { quota_unit: "1/min/{project}/{user}" }
    assert.deepStrictEqual(refused({ ...unit, quota_limit_value: "60" }), quota(60))
    assert.deepStrictEqual(refused({ ...unit, quota_limit_value: "many" }), quota(null))
    assert.deepStrictEqual(
      refused({ quota_unit: "1/d/{project}", quota_limit_value: "9" }),
      quota(null),
    )
    assert.deepStrictEqual(refused({}), quota(null))
  })
})

describe("Credentials", () => {
  const read = (text: string) => readCredentials(Redacted.make(text))

  it.effect("reads JSON, its base64 and a file, and restores the line ends of the key", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* fs.makeTempFileScoped()
      const flat = credentials.replaceAll("\\n", "\\\\n")
      yield* fs.writeFileString(path, flat)
      for (const text of [flat, Buffer.from(flat).toString("base64"), path]) {
        const { email, key } = yield* read(text)
        assert.strictEqual(email, "bot@example.com")
        assert.strictEqual(Redacted.value(key), privateKey)
      }
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )

  it.effect("says what is missing, and shows nothing of the rest", () =>
    Effect.gen(function* () {
      const broken = JSON.stringify({ private_key: "very secret" })
      const { message } = yield* Effect.flip(read(broken))
      assert.include(message, "client_email")
      assert.notInclude(message, "very secret")
      assert.include((yield* Effect.flip(read("/nowhere/at/all.json"))).message, "no such file")
    }).pipe(Effect.provide(NodeFileSystem.layer)),
  )
})

describe("reasonOf", () => {
  it("never carries what stands in a cell", () => {
    const messages = [
      "Invalid value at 'requests[1].x' (TYPE_STRING), \"hunter2\"",
      'Invalid values[3][0]: list_value { values { string_value: "hunter2" } }',
    ]
    for (const message of messages) {
      assert.notInclude(JSON.stringify(reasonOf(400, message)), "hunter2")
    }
    assert.deepStrictEqual(reasonOf(400, "Invalid requests[3].cutPaste: No grid with id: 7"), {
      _tag: "Refused",
      status: 400,
      request: 3,
      message: "Invalid requests[3].cutPaste: No grid with id: 7",
    })
  })
})
