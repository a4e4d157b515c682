/** The first start over sheets as a company has them: one message for all that it finds. */
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { Demo } from "./Demo.ts"
import { admin } from "./people.ts"

describe("a first start", () => {
  let demo: Demo
  beforeEach(() => {
    demo = Demo.here()
  })
  afterEach(() => demo.remove())

  it("sends the admin one message about all that waits, and none in the hour after", async () => {
    await demo.start()
    await demo.say(admin, "/start")
    await demo.advance("2 minutes")
    await demo.sees(admin, /^🗂 Сводка дел: [2-9]\n[^]*Запас на исходе[^]*нельзя выдать/)
    await demo.advance("30 minutes")
    await demo.advance("30 minutes")
    const unasked = (await demo.chat(admin)).filter(
      ({ from, text }) => from === "bot" && !text.startsWith("Что выдать?"),
    )
    assert.lengthOf(unasked, 1, JSON.stringify(unasked))
  })

  it("takes few calls, none of which fails, and warns of nothing", async () => {
    await demo.start()
    const first = (await demo.calls()).filter(({ api }) => api === "sheets")
    assert.isAtMost(first.length, 26, first.map(({ method }) => method).join(" "))
    await demo.advance("1 hour")
    const refused = (await demo.calls()).filter(({ status = 200 }) => status >= 400)
    assert.deepStrictEqual(refused, [])
    assert.notMatch(demo.output, /level=(WARN|ERROR)/)
  })
})
