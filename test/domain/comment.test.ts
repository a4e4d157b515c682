/** What a person typed as a reason becomes one short line, or is refused. */
import { assert, it } from "@effect/vitest"
import { Result } from "effect"
import { commentMax, commentOf } from "../../src/domain/comment.ts"

const cases: ReadonlyArray<readonly [typed: string, comment: string]> = [
  ["не входит", "не входит"],
  ["  код   не\tпришёл \n", "код не пришёл"],
  ["ба\u200bн\u00ad", "бан"],
  ["=HYPERLINK(1)", "=HYPERLINK(1)"],
  ["👍", "👍"],
  ["я".repeat(commentMax), "я".repeat(commentMax)],
]
for (const [typed, comment] of cases) {
  it(`reads ${JSON.stringify(typed.slice(0, 30))}`, () => {
    assert.deepStrictEqual(commentOf(typed), Result.succeed(comment))
  })
}

const faults: ReadonlyArray<readonly [typed: string, fault: string]> = [
  ["", "empty"],
  [" \u200b ", "empty"],
  ["я".repeat(commentMax + 1), "tooLong"],
  ["1.2.3.4:80:a:b\n1.2.3.5:80:a:b", "lines"],
  ["one\u2028two", "lines"],
]
for (const [typed, fault] of faults) {
  it(`refuses ${JSON.stringify(typed.slice(0, 30))}: ${fault}`, () => {
    assert.deepStrictEqual(
      Result.getFailure(commentOf(typed)),
      Result.getFailure(Result.fail(fault)),
    )
  })
}
