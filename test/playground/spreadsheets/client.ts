/** Google's own client, pointed at the emulator on a free port. */
import { generateKeyPairSync } from "node:crypto"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { assert } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { auth, sheets } from "googleapis/build/src/apis/sheets/index.js"
import { Calls } from "../../../src/playground/Calls.ts"
import { Faults } from "../../../src/playground/Faults.ts"
import { sheetsApiRoutes } from "../../../src/playground/SheetsEmulator.ts"
import { Workbooks } from "../../../src/playground/spreadsheets/Workbooks.ts"
import { World } from "../../../src/playground/World.ts"

/** The emulator with other spreadsheets behind it. */
export const emulatorWith = (workbooks: typeof Workbooks.layer) =>
  HttpRouter.serve(sheetsApiRoutes, {
    disableListenLog: true,
    disableLogger: true,
  }).pipe(
    Layer.provideMerge(workbooks),
    Layer.provide(World.layerMemory),
    Layer.provideMerge(Layer.mergeAll(NodeHttpServer.layerTest, Calls.layer, Faults.layer)),
  )

export const Emulator = emulatorWith(Workbooks.layer)

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
})

export const rootUrl = Effect.map(HttpServer.HttpServer, ({ address }) => {
  const port = "port" in address ? address.port : assert.fail("not a TCP address")
  return `http://127.0.0.1:${port}/`
})

/** Google's own client, with its own way to a token. */
const client = Effect.map(rootUrl, (root) => {
  const jwt = new auth.JWT({
    email: "bot@example.com",
    key: privateKey,
    scopes: ["https://www.googleapis.com/auth/spreadsheets"],
  })
  jwt.transporter.interceptors.request.add({
    resolved: (config) => {
      // Ordinary calls pass here as well: only the one for a token is sent elsewhere.
      if (config.url.hostname === "oauth2.googleapis.com") config.url = new URL("token", root)
      return Promise.resolve(config)
    },
  })
  return sheets({ version: "v4", rootUrl: root, auth: jwt, retry: false })
})
export type Client = Effect.Success<typeof client>

export const setUp = Effect.gen(function* () {
  yield* Workbooks.use((workbooks) =>
    workbooks.create("demo-accounts", {
      title: "Accounts",
      tabs: [
        {
          title: "Мамба Муж",
          rows: [
            ["Логин", "Пароль"],
            ["a@example.com", "x"],
          ],
        },
        { title: "Gmail", rows: [["Логин"], ["b@example.com"]] },
      ],
    }),
  )
  return yield* client
})

export const guarded = (api: Client, metadataId: number, timeout = 30_000) =>
  ask(() =>
    api.spreadsheets.batchUpdate(
      {
        spreadsheetId: "demo-accounts",
        fields: "replies",
        requestBody: {
          requests: [
            {
              createDeveloperMetadata: {
                developerMetadata: {
                  metadataId,
                  metadataKey: "inv.seq",
                  metadataValue: "1@K7Q2M9XA",
                  location: { spreadsheet: true },
                  visibility: "DOCUMENT",
                },
              },
            },
            {
              appendCells: {
                sheetId: 101,
                rows: [{ values: [{ userEnteredValue: { stringValue: "c@example.com" } }] }],
                fields: "userEnteredValue",
              },
            },
          ],
        },
      },
      { timeout, retry: false },
    ),
  )

export const ask = <A>(call: () => Promise<{ readonly status: number; readonly data: A }>) =>
  Effect.tryPromise({ try: call, catch: gaxiosFacts })

interface GaxiosFacts {
  readonly code?: unknown
  readonly status?: unknown
  readonly message: string
  readonly response?: { readonly data: unknown; readonly headers: Headers }
}
// The client's errors are documented to have these members; there is no exported guard.
const gaxiosFacts = (error: unknown): GaxiosFacts => error as GaxiosFacts
