/**
 * Asks the emulator what Google, or whoever answered a recording of `doctor --smoke`, was asked, and
 * lists where it answers in another way.
 */
import { Effect, Schema } from "effect"
import { Recording, scrubbed } from "../../../src/cli/smoke/Bench.ts"
import { Workbooks } from "../../../src/playground/spreadsheets/Workbooks.ts"
import { PlainCall, SheetsClient } from "../../../src/sheets/SheetsClient.ts"

export const decodeRecording = Schema.decodeSync(Schema.fromJsonString(Recording))

const book = "replayed"

/** One line for each place where an answer differs: the trial, the call in it, the place. */
export const differences = Effect.fnUntraced(function* (recording: Recording) {
  const client = yield* SheetsClient
  const here = yield* prepared
  const found: Array<string> = []
  for (const { name, calls } of recording.trials) {
    for (const [index, group] of calls.entries()) {
      // What was refused for the quota was asked again.
      const asked = group.filter(({ answer }) => answer.status !== 429)
      const answered = yield* Effect.forEach(asked, ({ call }) =>
        Effect.map(client.plain(book, onTabs(recording.handMade, here, call), "person"), (answer) =>
          // The same is taken out of both.
          scrubbed(book, recording.prefix)({ call, answer }),
        ),
      )
      const sorted = answered
        .map(({ answer }) => answer)
        .toSorted((one, other) => one.status - other.status)
      for (const [at, { answer }] of asked.entries()) {
        const place = `${name}, call ${index + 1}${asked.length > 1 ? ` of ${at + 1}` : ""}: `
        found.push(...differing(answer, sorted[at]).map((each) => place + each))
      }
    }
  }
  return found
})

/** The tabs that a person prepares; gives their numbers. */
const prepared = Effect.gen(function* () {
  const workbooks = yield* Workbooks
  const answers = [
    ["Timestamp", "Answer"],
    ["1", "a"],
    ["2", "b"],
    ["3", "c"],
  ]
  yield* workbooks.create(book, {
    title: "Replayed",
    tabs: [
      { title: "Sheet1", rows: [] },
      { title: "Form", rows: answers },
      { title: "Closed", rows: answers },
    ],
  })
  yield* workbooks.edit(book, { op: "form", tab: "Form" })
  yield* workbooks.edit(book, { op: "protect", tab: "Closed" })
  // As Seed.ts numbers tabs.
  return { form: 101, protected: 102 }
})

/** The call with the numbers that the prepared tabs have here. */
const onTabs = (
  there: Recording["handMade"],
  here: { readonly form: number; readonly protected: number },
  call: PlainCall,
): PlainCall =>
  decodeCall(
    JSON.parse(JSON.stringify(call), (key, value: unknown) => {
      if (key !== "sheetId" || value === undefined) return value
      if (value === there.form) return here.form
      return value === there.protected ? here.protected : value
    }),
  )

const decodeCall = Schema.decodeUnknownSync(PlainCall)

const differing = (recorded: unknown, here: unknown, path = ""): ReadonlyArray<string> => {
  if (isObject(recorded) && isObject(here)) {
    const keys = new Set([...Object.keys(recorded), ...Object.keys(here)])
    return [...keys].flatMap((key) =>
      differing(
        Reflect.get(recorded, key),
        Reflect.get(here, key),
        Array.isArray(recorded) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`,
      ),
    )
  }
  return recorded === here ? [] : [`${path}: ${shown(recorded)}, here ${shown(here)}`]
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const shown = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value))
