/** Somebody sets the bot's callback_query_mode to "inline": its taps come without their message. */
import { afterEach, assert, describe, it } from "vitest"
import { Demo } from "./Demo.ts"
import { answerTo, freshMenu, ivan, shows } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const setInline = () => demo.post("/sim/bot", { callbackQueryMode: "inline" })

const changes = async () =>
  (await demo.calls()).filter(({ method }) => method === "setMySettings").map((call) => call.params)

const toDefault = { callback_query_mode: "default" }

/** The first step of an order, once the tap on it has reached its message. */
const orders = async (messageId: number) => {
  await demo.tap(ivan, { label: "Mamba", messageId })
  await shows(demo, ivan, messageId, "Выберите регион")
}

describe("a bot whose taps come without their message", () => {
  it("says so, mends itself, and works with the next tap; a start mends it too", async () => {
    demo = Demo.process()
    await startStaffed(demo)
    const first = await freshMenu(demo, ivan)
    assert.deepStrictEqual(await changes(), [])

    await setInline()
    const answer = await answerTo(demo, ivan, { label: "Mamba", messageId: first })
    assert.strictEqual(answer, "Кнопка не сработала. Нажмите ещё раз.")
    await shows(demo, ivan, first, "Что выдать?")
    await orders(first)
    assert.deepStrictEqual(await changes(), [toDefault])

    await setInline()
    await demo.stop("SIGKILL")
    await demo.start()
    await demo.eventually("the start to mend the bot", async () =>
      (await changes()).length > 0 ? true : undefined,
    )
    const second = await freshMenu(demo, ivan)
    await orders(second)
    assert.deepStrictEqual(await changes(), [toDefault])
    const told = demo.output.split("\n").filter((line) => line.includes("callback_query_mode"))
    assert.lengthOf(told, 1, demo.output)
  })
})
