/** `doctor --smoke` against the emulator over HTTP, in every way in which it can behave. */
import { spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { Recording, scrubbed } from "../../src/cli/smoke/Bench.ts"
import { Calls } from "../../src/playground/Calls.ts"
import { Faults } from "../../src/playground/Faults.ts"
import { defaultSwitches, type Switches } from "../../src/playground/spreadsheets/Switches.ts"
import { Workbooks } from "../../src/playground/spreadsheets/Workbooks.ts"
import { Emulator, emulatorWith } from "../playground/spreadsheets/client.ts"
import { book, environmentOf, smoked, throwaway } from "./smokeBench.ts"

const titles = Effect.flatMap(Workbooks, (workbooks) =>
  Effect.map(workbooks.view(book), (tabs) => tabs.map(({ title }) => title)),
)
const prepared = ["Лист1", "Ответы на форму (1)", "Чужое"]

const marks = Effect.flatMap(Workbooks, (workbooks) =>
  workbooks.metadataSearch(book, {
    dataFilters: [{ developerMetadataLookup: { metadataKey: "account-bot.smoke" } }],
  }),
)

const written = Effect.flatMap(Calls, (calls) =>
  Effect.map(calls.since(0), (all) =>
    all.filter(({ method }) => method === "spreadsheets.batchUpdate"),
  ),
)

/** Takes a number of metadata that is in use for none at all. */
const careless = Layer.effect(
  Workbooks,
  Effect.map(Workbooks, (workbooks) =>
    Workbooks.of({
      ...workbooks,
      batchUpdate: (id, body, options) =>
        Effect.catchIf(
          workbooks.batchUpdate(id, body, options),
          ({ message }) => message.includes("already exists"),
          () =>
            workbooks.batchUpdate(
              id,
              JSON.parse(JSON.stringify(body), (key, value: unknown) =>
                key === "metadataId" ? undefined : value,
              ),
              options,
            ),
        ),
    }),
  ),
).pipe(Layer.provide(Workbooks.layer))

/** The trial of a line, by its name. */
const nameOf = (line: string) => /\d+\/\d+ ([^:.]+)/.exec(line)?.[1] ?? line

const decodeRecording = Schema.decodeEffect(Schema.fromJsonString(Recording))

/** The trials that tell the other position of a switch from the one of the emulator. */
const told: { readonly [Switch in keyof Switches]: ReadonlyArray<string> } = {
  strictPrune: ["removing metadata that is not there"],
  wrongBeforeTaken: ["a write whose number is taken, and that is wrong further on too"],
  searchSkipsHidden: ["searching rows of which one is hidden and one is blank"],
  boxesAreData: ["a row that is appended below boxes to tick"],
  cutSkipsHidden: [
    "a cut of rows that the filter of the tab hides",
    "a cut of rows that somebody hid",
    "a cut of rows of a collapsed group",
  ],
  responseListsEverySheet: ["the other tabs in the answer to a write"],
  lateRangeError: ["a write that asks to be shown a tab that is not there"],
  formsRefuseCut: ["a cut of an answer to a form"],
  mergesRefuseCut: ["a cut through a part of a merged block"],
  mergesRefuseCopy: ["a copy of a part of a merged block"],
  mergesSwallow: ["a value that is written into a merged block, not into its first cell"],
  tablesRefuseCut: ["a cut out of a table"],
  tablesRefuseDelete: ["deleting rows of a table"],
}

describe("doctor --smoke", () => {
  it.live("finds the emulator as the bot expects Google to be, and leaves nothing behind", () =>
    Effect.gen(function* () {
      yield* throwaway
      const { text, lines, passed, otherwise, failed, byHand } = yield* smoked()
      assert.isTrue(passed, text)
      assert.deepStrictEqual(otherwise, [], text)
      assert.deepStrictEqual(failed, [], text)
      assert.strictEqual(lines.at(-1), "0 failed, 0 to look at.")
      const tried = lines.filter((line) => /^ok +\d+\/\d+ /.test(line))
      assert.match(tried.at(-1) ?? "", new RegExp(`^ok +${tried.length}/${tried.length} `))
      assert.isAbove(tried.length, 30)
      assert.isAbove(byHand.length, 5)
      assert.deepStrictEqual(yield* titles, prepared)
      assert.deepStrictEqual(yield* marks, {})
    }).pipe(Effect.provide(Emulator)),
  )

  for (const [name, trials] of Object.entries(told)) {
    it.live(`tells where Google behaves in the other way: ${name}`, () =>
      Effect.gen(function* () {
        const workbooks = yield* throwaway
        const key = name as keyof Switches
        yield* workbooks.configure({ [key]: !defaultSwitches[key] })
        const { text, passed, otherwise, failed } = yield* smoked()
        assert.deepStrictEqual(otherwise.map(nameOf), trials, text)
        for (const line of otherwise) assert.include(line, "What the bot does then: ")
        assert.deepStrictEqual(failed, [], text)
        assert.isTrue(passed)
        assert.deepStrictEqual(yield* titles, prepared)
      }).pipe(Effect.provide(Emulator)),
    )
  }

  it("covers every switch of the emulator", () => {
    assert.deepStrictEqual(Object.keys(told).toSorted(), Object.keys(defaultSwitches).toSorted())
  })

  it.live("names what a person has to prepare or do", () =>
    Effect.gen(function* () {
      const workbooks = yield* Workbooks
      yield* workbooks.create(book, { title: "Blank", tabs: [{ title: "Лист1", rows: [] }] })
      const { text, passed, byHand } = yield* smoked()
      assert.isTrue(passed, text)
      const names = byHand.map(nameOf)
      for (const name of [
        "a cut of an answer to a form",
        "a cut of rows that a person has protected",
      ]) {
        assert.include(names, name)
      }
      assert.include(text, "Tools, Create a new form")
    }).pipe(Effect.provide(Emulator)),
  )

  it.live("fails where Google takes one number twice, since the bot has no other way", () =>
    Effect.gen(function* () {
      yield* throwaway
      const { text, passed, failed } = yield* smoked()
      assert.isFalse(passed, text)
      assert.deepStrictEqual(failed.map(nameOf), [
        "a number of metadata is taken once",
        "ten writes that come at once under one number",
      ])
      for (const line of failed) assert.include(line, "The bot has no other way here")
      assert.deepStrictEqual(yield* titles, prepared)
    }).pipe(Effect.provide(emulatorWith(careless))),
  )

  it.live("goes on after a trial that had no answer, and fails", () =>
    Effect.gen(function* () {
      yield* throwaway
      const faults = yield* Faults
      yield* faults.add({
        api: "sheets",
        method: "spreadsheets.batchUpdate",
        times: 1,
        kind: "dropAfter",
      })
      const { text, passed, failed } = yield* smoked()
      assert.isFalse(passed)
      assert.deepStrictEqual(failed.map(nameOf), ["a number of metadata is taken once"], text)
      assert.include(failed[0] ?? "", "it could not be tried (batchUpdate: Unsure)")
      assert.deepStrictEqual(yield* titles, prepared)
      assert.deepStrictEqual(yield* marks, {})
    }).pipe(Effect.provide(Emulator)),
  )

  it.live("says why Google does not let it in", () =>
    Effect.gen(function* () {
      yield* throwaway
      const faults = yield* Faults
      yield* faults.add({ api: "sheets", method: "token", times: 1, kind: "status", status: 400 })
      const { passed, failed } = yield* smoked()
      assert.isFalse(passed)
      assert.match(failed[0] ?? "", /the throwaway spreadsheet: Google/)
      assert.deepStrictEqual(yield* written, [])
    }).pipe(Effect.provide(Emulator)),
  )

  it.live("deletes its tabs when a person ends it with Ctrl+C", () =>
    Effect.gen(function* () {
      yield* throwaway
      const environment = yield* environmentOf
      const printed = yield* Effect.callback<string>((resume) => {
        const child = spawn(process.execPath, ["src/main.ts", "doctor", "--smoke", book], {
          cwd: Path.join(import.meta.dirname, "../.."),
          env: environment,
        })
        let text = ""
        let isEnded = false
        child.stdout.on("data", (chunk: Buffer) => {
          text += chunk.toString()
          if (isEnded || !text.includes(" 12/")) return
          isEnded = true
          child.kill("SIGINT")
        })
        child.once("exit", () => resume(Effect.succeed(text)))
      })
      assert.include(printed, "what the trials made is deleted")
      assert.notInclude(printed, " 30/")
      assert.deepStrictEqual(yield* titles, prepared)
      assert.deepStrictEqual(yield* marks, {})
    }).pipe(Effect.provide(Emulator)),
  )
})

describe("doctor --smoke --record", () => {
  it.live("keeps what was asked and answered, and nothing that names anybody", () =>
    Effect.gen(function* () {
      yield* throwaway
      const directory = Fs.mkdtempSync(Path.join(Os.tmpdir(), "account-bot-smoke-"))
      const file = Path.join(directory, "recording.json")
      const { passed, text, lines } = yield* smoked(["--smoke", book, "--record", file])
      assert.isTrue(passed, text)
      const recorded = Fs.readFileSync(file, "utf8")
      Fs.rmSync(directory, { recursive: true })
      const { from, trials } = yield* decodeRecording(recorded)
      assert.strictEqual(from, "an emulator")
      assert.deepStrictEqual(
        trials.map(({ name }) => name),
        lines.flatMap((line) => (/ \d+\/\d+ /.test(line) ? [nameOf(line)] : [])),
      )
      assert.isTrue(
        trials.every(({ verdict, calls }) => verdict === "AsExpected" && calls.length > 0),
      )
      const environment = yield* environmentOf
      for (const secret of [book, "Чужое", "Лист1", "bot@example.com", "PRIVATE KEY", "ya29."]) {
        assert.notInclude(recorded, secret)
      }
      assert.notInclude(recorded, environment.SHEETS_ROOT_URL)
    }).pipe(Effect.provide(Emulator)),
  )

  it("takes out of an answer whatever names a spreadsheet, a person, a project, a tab", () => {
    const { answer } = scrubbed(
      "1Id",
      "smoke abc",
    )({
      call: { method: "metadata", id: 1 },
      answer: {
        status: 200,
        body: {
          spreadsheetId: "1Id",
          spreadsheetUrl: "https://docs.google.com/spreadsheets/d/1Id/edit",
          sheets: [
            { properties: { title: "Склад", index: 4 } },
            { properties: { title: "smoke abc 5" } },
          ],
          replies: [
            { addProtectedRange: { protectedRange: { editors: { users: ["olga@example.org"] } } } },
          ],
          error: { message: "for consumer 'project_number:90210' and olga@example.org" },
        },
      },
    })
    assert.deepStrictEqual(answer.body, {
      spreadsheetId: "SPREADSHEET",
      spreadsheetUrl: "https://docs.google.com/spreadsheets/d/SPREADSHEET/edit",
      sheets: [{ properties: { title: "another tab" } }, { properties: { title: "smoke abc 5" } }],
      replies: [{ addProtectedRange: { protectedRange: {} } }],
      error: { message: "for consumer 'a project' and somebody@example.com" },
    })
  })
})

describe("doctor --smoke leaves alone", () => {
  const refused = Effect.fnUntraced(function* (words: string, ...args: ReadonlyArray<string>) {
    const { text, passed, failed } = yield* smoked(args)
    assert.isFalse(passed)
    assert.lengthOf(failed, 1, text)
    assert.include(failed[0] ?? "", words)
    assert.deepStrictEqual(
      (yield* written).filter(({ params }) => JSON.stringify(params).includes("smoke ")),
      [],
    )
  })

  it.live("the spreadsheets of the bot, by id or address", () =>
    Effect.gen(function* () {
      const words = "the bot works with this spreadsheet"
      yield* refused(words, "--smoke", "demo-accounts")
      yield* refused(words, "--smoke", "https://docs.google.com/spreadsheets/d/demo-issued/edit")
    }).pipe(Effect.provide(Emulator)),
  )

  it.live("a spreadsheet with tabs as a bot has, or with its guards", () =>
    Effect.gen(function* () {
      const workbooks = yield* Workbooks
      yield* workbooks.create("tab", { title: "A", tabs: [{ title: "мамба муж ", rows: [] }] })
      yield* refused("has a tab «мамба муж »", "--smoke", "tab")
      yield* workbooks.create("inbox", {
        title: "B",
        tabs: [
          { title: "Лист1", rows: [] },
          { title: "_bot_inbox", rows: [] },
        ],
      })
      yield* refused("has a tab «_bot_inbox»", "--smoke", "inbox")
      yield* workbooks.create("guards", { title: "C", tabs: [{ title: "Лист1", rows: [] }] })
      yield* workbooks.batchUpdate("guards", {
        requests: [
          {
            createDeveloperMetadata: {
              developerMetadata: {
                metadataId: 1_620_000_001,
                metadataKey: "inv.seq",
                metadataValue: "1@1@TOKEN@claim@ME",
                location: { spreadsheet: true },
                visibility: "DOCUMENT",
              },
            },
          },
        ],
      })
      yield* refused("a bot has written into this spreadsheet", "--smoke", "guards")
    }).pipe(Effect.provide(Emulator)),
  )

  it.live("a spreadsheet that somebody uses, be it for a form", () =>
    Effect.gen(function* () {
      const workbooks = yield* Workbooks
      yield* workbooks.create("used", {
        title: "D",
        tabs: [
          { title: "Лист1", rows: [] },
          { title: "Отпуска", rows: [[], ["Анна", "июль"]] },
        ],
      })
      yield* refused("it is no throwaway spreadsheet: «Отпуска» has values", "--smoke", "used")
      yield* workbooks.create("form", {
        title: "E",
        tabs: [
          { title: "Лист1", rows: [] },
          {
            title: "Ответы",
            rows: [["Timestamp"], ...Array.from({ length: 21 }, (_, index) => [`${index}`])],
          },
        ],
      })
      yield* refused("«Ответы» has more than 20 answers", "--smoke", "form")
    }).pipe(Effect.provide(Emulator)),
  )

  it.live("everything where the command makes no sense", () =>
    Effect.gen(function* () {
      yield* refused("--smoke needs the id of a spreadsheet", "--record", "file.json")
      yield* refused("do not go together", "--fix", "--smoke", book)
      yield* refused("there is no such spreadsheet", "--smoke", book)
    }).pipe(Effect.provide(Emulator)),
  )
})
