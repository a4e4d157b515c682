/** The page as a whole: it opens without an error, in both languages, for everybody. */
import { assert, describe, it } from "vitest"
import { axeFindings, usePage } from "./usePage.ts"

const { open } = usePage()

describe("the page", () => {
  it("opens without an error, a failed request or a finding of axe", async () => {
    const page = await open()
    assert.deepStrictEqual(await axeFindings(page, { exclude: [".chat", ".sheets"] }), [])
  })
})
