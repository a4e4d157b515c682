/** The throwaway spreadsheet of `doctor --smoke` in the emulator, and the command run on it. */
import { generateKeyPairSync } from "node:crypto"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { ConfigProvider, Console, Effect, Exit, Layer } from "effect"
import { Command } from "effect/cli"
import { doctor } from "../../src/cli/doctor.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { rootUrl } from "../playground/spreadsheets/client.ts"

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
})

export const book = "1ThrowawayThrowawayThrowaway"

/** What the command needs of its environment, so that it asks the emulator. */
export const environmentOf = Effect.map(rootUrl, (root) => ({
  BOT_TOKEN: "1000:demo-token",
  ADMIN_ID: "1",
  GOOGLE_CREDENTIALS_JSON: JSON.stringify({
    client_email: "bot@example.com",
    private_key: privateKey,
  }),
  SPREADSHEET_ACCOUNTS: "demo-accounts",
  SPREADSHEET_ISSUED: "demo-issued",
  SHEETS_ROOT_URL: root,
  // Other tests check the rate of calls; here it would only cost time.
  SHEETS_REQUESTS_PER_SECOND: "1000",
  SHEETS_READS_PER_MINUTE: "60000",
  SHEETS_WRITES_PER_MINUTE: "60000",
}))

export const smoked = Effect.fnUntraced(function* (
  args: ReadonlyArray<string> = ["--smoke", book],
  tell: (line: string) => void = () => undefined,
) {
  const environment = yield* environmentOf
  const lines: Array<string> = []
  const log = (...texts: ReadonlyArray<unknown>) => {
    lines.push(...texts.map(String))
    tell(texts.map(String).join(" "))
  }
  const exit = yield* Command.runWith(doctor, { version: "test" })(args).pipe(
    Effect.exit,
    Effect.provide(
      Layer.merge(
        ConfigProvider.layer(ConfigProvider.fromUnknown(environment)),
        NodeServices.layer,
      ),
    ),
    Effect.provideService(Console.Console, { ...globalThis.console, log, error: log }),
  )
  const byLevel = (level: string) => lines.filter((line) => line.startsWith(level))
  return {
    lines,
    text: lines.join("\n"),
    passed: Exit.isSuccess(exit),
    otherwise: byLevel("warn"),
    failed: byLevel("FAIL"),
    byHand: byLevel("hand"),
  }
})

/** The blank spreadsheet, with the tabs that a person prepares in it. */
export const throwaway = Effect.gen(function* () {
  const workbooks = yield* Workbooks
  yield* workbooks.create(book, {
    title: "Throwaway",
    tabs: [
      { title: "Лист1", rows: [] },
      {
        title: "Ответы на форму (1)",
        rows: [
          ["Отметка времени", "Вопрос"],
          ["1", "a"],
          ["2", "b"],
          ["3", "c"],
        ],
      },
      { title: "Чужое", rows: [["a"], ["b"], ["c"]] },
    ],
  })
  yield* workbooks.edit(book, { op: "form", tab: "Ответы на форму (1)" })
  yield* workbooks.edit(book, { op: "protect", tab: "Чужое" })
  return workbooks
})
