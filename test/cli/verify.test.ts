/** The command in this process, on copies of what a former version left and on damaged ones. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigProvider, Console, Effect, Exit, Layer, Option, Predicate } from "effect"
import { Command } from "effect/cli"
import { verify } from "../../src/cli/verify.ts"
import { Journal } from "../../src/store/Journal.ts"
import { sumAll } from "../../src/store/soundness.ts"
import { openDatabase } from "../../src/store/SqliteDatabase.ts"
import { factsOf } from "../formerVersion/facts.ts"
import { copyData, readJson } from "../formerVersion/fixture.ts"
import { document } from "../contracts/journalFixtures.ts"
import { journalIn, makeDirectory, packingIn } from "../store/sqliteFixtures.ts"

const former = "0.3.0"
const { at } = readJson(former, "expected.json") as { readonly at: number }

const verified = Effect.fnUntraced(function* (
  args: ReadonlyArray<string>,
  environment: Record<string, string> = {},
) {
  const lines: Array<string> = []
  const tell = (...texts: ReadonlyArray<unknown>) => void lines.push(...texts.map(String))
  const exit = yield* Command.runWith(verify, { version: "test" })(args).pipe(
    Effect.exit,
    Effect.provide(
      Layer.merge(
        ConfigProvider.layer(ConfigProvider.fromUnknown(environment)),
        NodeServices.layer,
      ),
    ),
    Effect.provideService(Console.Console, { ...globalThis.console, log: tell, error: tell }),
  )
  return { code: codeOf(exit), text: lines.join("\n") }
})

const codeOf = (exit: Exit.Exit<unknown, unknown>) => {
  if (Exit.isSuccess(exit)) return 0
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  return Predicate.hasProperty(error, "exitCode") ? error.exitCode : 1
}

/** Every file with its bytes. */
const contents = (directory: string) =>
  Fs.readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => [name, Fs.readFileSync(Path.join(directory, name)).toString("base64")])

const formerData = Effect.tap(makeDirectory, (directory) =>
  Effect.sync(() => copyData(former, directory)),
)

/** The data of a company, as this version keeps it. */
const currentData = Effect.tap(formerData, (directory) =>
  factsOf(directory, at, { snapshot: true }),
)

/** Changes what stands in the file, checksums too, as a fault of the program would. */
const change = (directory: string, ...statements: ReadonlyArray<string>) =>
  Effect.sync(() => {
    const database = openDatabase(Path.join(directory, "journal.db"))
    for (const sql of statements) database.exec(sql)
    sumAll(database)
    database.close()
  })

describe("account-bot verify", () => {
  it.effect("reads the data of a former version, counts it, and leaves it as it is", () =>
    Effect.gen(function* () {
      const directory = yield* formerData
      const before = contents(directory)
      const { code, text } = yield* verified([directory])
      assert.strictEqual(code, 0, text)
      assert.include(text, "events 192, issuances 26, proxies 11, people 4")
      assert.include(text, "vk: pending 7, available 17, quarantine 3, written 2")
      assert.include(text, "A former version wrote the journal")
      assert.deepStrictEqual(contents(directory), before)
    }),
  )

  it.effect("needs no other setting than DATA_DIR", () =>
    Effect.gen(function* () {
      const directory = yield* currentData
      const { code, text } = yield* verified([], { DATA_DIR: directory })
      assert.strictEqual(code, 0, text)
      assert.include(text, `${directory} is sound.`)
      assert.notInclude(text, "former version")
    }),
  )

  it.effect("reads packed events, and what a killed process left in the log alone", () =>
    Effect.gen(function* () {
      const directory = yield* currentData
      const killed = yield* makeDirectory
      yield* Effect.gen(function* () {
        const journal = yield* Journal
        yield* journal.prune(0)
        yield* journal.write([document("only in the log", 1)])
        Fs.cpSync(directory, killed, { recursive: true })
      }).pipe(Effect.provide(packingIn(directory)))
      const before = contents(killed)
      assert.isTrue(before.some(([name]) => name === "journal.db-wal"))
      const { code, text } = yield* verified([killed])
      assert.strictEqual(code, 0, text)
      assert.deepStrictEqual(contents(killed), before)
    }),
  )

  it.effect("says with a code of its own that another process works there", () =>
    Effect.gen(function* () {
      const directory = yield* currentData
      const { code, text } = yield* Effect.gen(function* () {
        yield* Journal
        return yield* verified([directory])
      }).pipe(Effect.provide(journalIn(directory)))
      assert.strictEqual(code, 2, text)
      assert.include(text, "another process works with")
      assert.strictEqual((yield* verified([directory])).code, 0)
    }),
  )

  it.effect("says that there is no such directory, and nothing bad of an empty one", () =>
    Effect.gen(function* () {
      const directory = yield* makeDirectory
      assert.strictEqual((yield* verified([directory])).code, 0)
      const { code, text } = yield* verified([Path.join(directory, "none")])
      assert.strictEqual(code, 1)
      assert.include(text, "NotFound")
    }),
  )

  it.effect("names the first fault of a file that cannot be read", () =>
    Effect.gen(function* () {
      const directory = yield* currentData
      Fs.writeFileSync(Path.join(directory, "whitelist.json"), '{"5": {"stage": "a",}}')
      const { code, text } = yield* verified([directory])
      assert.strictEqual(code, 1)
      assert.include(text, "whitelist.json: line 1, column 21")
      Fs.writeFileSync(Path.join(directory, "whitelist.json"), "{}")
      Fs.writeFileSync(Path.join(directory, "catalogue.json"), "{")
      assert.include((yield* verified([directory])).text, "catalogue.json: line 1")
    }),
  )

  it.effect("names a record whose checksum does not fit", () =>
    Effect.gen(function* () {
      const directory = yield* currentData
      const database = openDatabase(Path.join(directory, "journal.db"))
      database.exec("UPDATE document SET body = '1' WHERE seq = (SELECT min(seq) FROM document)")
      database.close()
      const { code, text } = yield* verified([directory])
      assert.strictEqual(code, 1)
      assert.match(text, /is damaged: the journal is damaged at record .* of table document/)
    }),
  )

  /** What a fault of the program could leave: every checksum fits, and something is not true. */
  const untruths: ReadonlyArray<readonly [string, RegExp, ...ReadonlyArray<string>]> = [
    ["an issuance has another holder", /of table issuance/, "UPDATE issuance SET holder = 12345"],
    ["an issuance is gone", /of table issuance/, oneOf("issuance", "id"), ...countAnew()],
    ["nobody made a comment", /of table comment/, inventedComment(), ...countAnew()],
    ["a row of quarantine is gone", /of table quarantine/, oneOf("quarantine", "item")],
    ["a row of quarantine was never set aside", /of table quarantine/, copyOfQuarantine()],
    ["a reserved proxy is somebody else's", /of table proxy_reserved/, anotherReserver()],
    ["an issued key is forgotten", /of table history/, "DELETE FROM history"],
    ["an event is missing", /./, 'DELETE FROM event WHERE body LIKE \'{"_tag":"Issued"%\''],
    ["an event concerns nobody", /of table event_ref/, oneOf("event_ref", "ref")],
    ["a snapshot is of another pool", /snapshot|books/, anotherSnapshot()],
    ["an intent cannot be read", /of table intent/, "UPDATE intent SET body = '{}'"],
    ["a document is no JSON", /of table document/, "UPDATE document SET body = '{'"],
  ]
  for (const [name, words, ...statements] of untruths) {
    it.effect(`finds that ${name}`, () =>
      Effect.gen(function* () {
        const directory = yield* currentData
        yield* change(directory, ...statements)
        const { code, text } = yield* verified([directory])
        assert.strictEqual(code, 1, text)
        assert.match(text.split("is damaged: ")[1] ?? "", words, text)
      }),
    )
  }
})

function oneOf(table: string, key: string) {
  return `DELETE FROM ${table} WHERE ${key} = (SELECT min(${key}) FROM ${table})`
}

/** The counts of issued items would tell of it first. */
function countAnew() {
  return ["DELETE FROM issued_count", "DELETE FROM count_day"]
}

function inventedComment() {
  return "INSERT INTO comment SELECT id, 'invented', 0 FROM issuance WHERE imported = 0 LIMIT 1"
}

function copyOfQuarantine() {
  return `INSERT INTO quarantine SELECT item || '-again', pool, tab, reason, column_name, at, seq, body, 0
          FROM quarantine LIMIT 1`
}

function anotherReserver() {
  return "UPDATE proxy_reserved SET by = by + 1"
}

function anotherSnapshot() {
  return `UPDATE snapshot SET state = (SELECT state FROM snapshot WHERE pool = 'mamba')
          WHERE pool = 'gmail'`
}
