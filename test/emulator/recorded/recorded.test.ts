/**
 * Every recording of `doctor --smoke` in this directory against the emulator. `emulator.json` was
 * answered by the emulator itself, so that the comparison runs; one that Google answered shows in
 * what the emulator is another than Google.
 */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Recording } from "../../../src/cli/smoke/Bench.ts"
import { trials } from "../../../src/cli/smoke/trials.ts"
import { Workbooks } from "../../../src/playground/spreadsheets/Workbooks.ts"
import { World } from "../../../src/playground/World.ts"
import * as WorkbooksClient from "../../sheets/workbooksClient.ts"
import { decodeRecording, differences } from "./replay.ts"

/** The differences that are known of a recording, by its file; none where it is not listed. */
const known: { readonly [file: string]: ReadonlyArray<string> } = {}

const files = Fs.readdirSync(import.meta.dirname).filter((name) => name.endsWith(".json"))
const recordingIn = (file: string) =>
  decodeRecording(Fs.readFileSync(Path.join(import.meta.dirname, file), "utf8"))

const emulator = WorkbooksClient.layer.pipe(
  Layer.provideMerge(Workbooks.layer),
  Layer.provide([WorkbooksClient.Days.layer, World.layerMemory]),
)

const compared = (recording: Recording) => Effect.provide(differences(recording), emulator)

/** The recording with another answer in a call of a trial. */
const withAnswer = (
  recording: Recording,
  trial: string,
  call: number,
  change: (answer: string) => string,
): Recording => ({
  ...recording,
  trials: recording.trials.map((each) =>
    each.name === trial
      ? {
          ...each,
          calls: each.calls.map((group, index) =>
            index === call
              ? group.map(({ answer, ...rest }) => ({
                  ...rest,
                  answer: JSON.parse(change(JSON.stringify(answer))),
                }))
              : group,
          ),
        }
      : each,
  ),
})

describe("what was recorded", () => {
  for (const file of files) {
    it.effect(`${file}: the emulator answers so, but for what is known`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* compared(recordingIn(file)), known[file] ?? [])
      }),
    )
  }

  it("emulator.json has every trial; node test/emulator/recorded/make.ts makes it anew", () => {
    const { from, trials: recorded } = recordingIn("emulator.json")
    assert.strictEqual(from, "an emulator")
    assert.deepStrictEqual(
      recorded.map(({ name }) => name),
      trials.map(({ name }) => name),
    )
  })
})

describe("a changed answer is found", () => {
  const recording = recordingIn("emulator.json")

  it.effect("a refusal that was none", () =>
    Effect.gen(function* () {
      const name = "removing the filter of a tab that has none"
      const changed = withAnswer(recording, name, 1, () =>
        JSON.stringify({ status: 400, body: { error: { code: 400, message: "No filter." } } }),
      )
      const found = yield* compared(changed)
      assert.include(found, `${name}, call 2: status: 400, here 200`)
      assert.isTrue(found.every((line) => line.startsWith(`${name}, call 2: `)))
    }),
  )

  it.effect("one number in one reply", () =>
    Effect.gen(function* () {
      const name = "searching rows of which one is hidden and one is blank"
      const changed = withAnswer(recording, name, 1, (answer) =>
        answer.replace('"occurrencesChanged":3', '"occurrencesChanged":2'),
      )
      assert.deepStrictEqual(yield* compared(changed), [
        `${name}, call 2: body.replies[0].findReplace.occurrencesChanged: 2, here 3`,
      ])
    }),
  )

  it.effect("one more write that was applied of those that went out together", () =>
    Effect.gen(function* () {
      const name = "ten writes that come at once under one number"
      const changed: Recording = {
        ...recording,
        trials: recording.trials.map((each) =>
          each.name === name
            ? {
                ...each,
                calls: each.calls.map((group) =>
                  group.map((one, at) =>
                    at === 1 && group[0] !== undefined ? { ...one, answer: group[0].answer } : one,
                  ),
                ),
              }
            : each,
        ),
      }
      const found = yield* compared(changed)
      assert.include(found, `${name}, call 2 of 2: status: 200, here 400`)
    }),
  )
})
