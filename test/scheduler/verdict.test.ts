/** Whose fault a refusal is: the row's or its tab's. */
import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import {
  closedTabRest,
  failedRetryFirst,
  failedRetryMax,
  refusalsMax,
} from "../../src/config/Limits.ts"
import { IssuanceId } from "../../src/domain/Issuance.ts"
import { nextTry, type RefusedRow } from "../../src/pool/FailedRows.ts"
import { type TabOutcome, unknownTab, verdictOn } from "../../src/scheduler/Sieve.ts"

const id = IssuanceId.make("0000000001")
const message = "Google's words"
const wall = 5_000_000
const gone = 1_000_000
const [first, longest] = [failedRetryFirst, failedRetryMax].map((each) => Duration.toMillis(each))

const row = (about: Partial<RefusedRow> = {}): RefusedRow => ({
  resource: "vk",
  id,
  kind: "new",
  since: 5,
  firstIn: 3,
  attempts: 2,
  beside: false,
  message: "before",
  nextAt: 6,
  ...about,
})

/** The row was refused by itself, for the first time, and nothing else happened. */
const outcome = (about: Partial<TabOutcome> = {}): TabOutcome => ({
  resource: "vk",
  kind: "new",
  memory: unknownTab,
  known: [],
  waiting: 2,
  took: 0,
  isMended: false,
  alone: [{ id, message }],
  isRefused: true,
  isGroupRefused: true,
  ...about,
})

const around = { now: { wall, gone }, round: 9, tookIn: -1, waiting: 5 }
const attemptsAfter = (about: Partial<TabOutcome>, more: Partial<typeof around> = {}) =>
  verdictOn(outcome(about), { ...around, ...more }).refused[0]?.attempts

describe("a row is blamed", () => {
  it("when its tab took others in the same round, and then nobody need hear of it", () => {
    const verdict = verdictOn(outcome({ took: 1 }), around)
    assert.deepInclude(verdict.refused[0], { id, message, attempts: 1, beside: true, since: wall })
    assert.isFalse(verdict.isTrouble)
    assert.strictEqual(verdict.memory.tookIn, 9)
  })

  it("when its tab took others since it was refused first, though none now", () => {
    const memory = { ...unknownTab, tookIn: 3 }
    assert.strictEqual(attemptsAfter({ known: [row()], memory }), 3)
    assert.strictEqual(attemptsAfter({ known: [row({ firstIn: 4 })], memory }), 2)
  })

  it("when its tab took others since the rows it was among are refused", () => {
    const memory = { ...unknownTab, tookIn: 7, refusedFrom: 7 }
    assert.strictEqual(attemptsAfter({ memory }), 1)
    assert.strictEqual(attemptsAfter({ memory: { ...memory, refusedFrom: 8 } }), 0)
  })

  it("when it is the only one anywhere, or the only one of its tab and others are taken", () => {
    assert.strictEqual(attemptsAfter({ waiting: 1 }, { waiting: 1 }), 1)
    assert.strictEqual(attemptsAfter({ waiting: 1 }, { tookIn: 9 }), 1)
    assert.strictEqual(attemptsAfter({ waiting: 1 }), 0)
  })
})

describe("a tab", () => {
  it("that takes nothing is closed, and admins hear of it", () => {
    const { memory, isTrouble, refused } = verdictOn(outcome(), around)
    assert.strictEqual(memory.closedUntil, gone + Duration.toMillis(closedTabRest))
    assert.isTrue(isTrouble)
    assert.strictEqual(refused[0]?.attempts, 0)
  })

  it("that takes something is open, and what was refused in vain is due again", () => {
    const memory = { ...unknownTab, closedUntil: gone }
    const { isDue, ...verdict } = verdictOn(outcome({ memory, took: 2, alone: [] }), around)
    assert.isNull(verdict.memory.closedUntil)
    assert.isTrue(isDue(row()))
    assert.isFalse(isDue(row({ beside: true })))
    const mended = verdictOn(outcome({ memory, took: 2, alone: [], isMended: true }), around)
    assert.isTrue(mended.isDue(row({ beside: true })))
  })

  it("whose only trouble is a row that failed is none", () => {
    const known = [row({ attempts: refusalsMax })]
    const alone = outcome({ known, waiting: 1, isGroupRefused: false })
    assert.isFalse(verdictOn(alone, { ...around, tookIn: 9 }).isTrouble)
  })

  it("that was closed is no trouble any more when only a failed row is left of it", () => {
    const memory = { ...unknownTab, closedUntil: gone - 1 }
    const known = [row({ attempts: refusalsMax })]
    const left = outcome({ memory, known, waiting: 1, isGroupRefused: false })
    const verdict = verdictOn(left, { ...around, waiting: 1 })
    assert.isNull(verdict.memory.closedUntil)
    assert.isFalse(verdict.isTrouble)
  })
})

describe("the next try", () => {
  for (const [attempts, pause] of [
    [1, 0],
    [refusalsMax - 1, 0],
    [refusalsMax, first],
    [refusalsMax + 1, 2 * first!],
    [refusalsMax + 2, 4 * first!],
    [refusalsMax + 3, longest],
    [10_000, longest],
  ] as const) {
    it(`after ${attempts} refusals: ${pause! / 60_000} minutes later`, () =>
      assert.strictEqual(nextTry(attempts, gone), gone + pause!))
  }
})
