/** What people send besides plain text, end to end: the bot says what it makes of it. */
import { afterEach, assert, describe, it } from "vitest"
import { ru } from "../../src/bot/texts/ru.ts"
import { Demo } from "./Demo.ts"
import { ivan, loginsIn, maria } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

/** The answer of the bot to what somebody sends. */
const answerTo = async (userId: number, sending: Record<string, unknown>) => {
  const { messageId } = await demo.post<{ messageId: number }>("/sim/messages", {
    userId,
    ...sending,
  })
  const answer = await demo.eventually("an answer", async () =>
    (await demo.chat(userId, messageId)).find(({ from }) => from === "bot"),
  )
  return { messageId, answer }
}

describe("besides plain text", () => {
  it("pictures, stickers and files are not read, and their sender is told so", async () => {
    demo = Demo.here()
    await startStaffed(demo)
    const order = "ok 495 1"
    for (const sending of [
      { photo: "sample", text: order },
      { sticker: "👍" },
      { document: { name: "order.txt", base64: Buffer.from(order).toString("base64") } },
    ]) {
      const { answer } = await answerTo(ivan, sending)
      assert.include(answer.text, ru.gate.notText)
    }
  })

  it("a forwarded order is one, and editing an order afterwards gives nothing more", async () => {
    demo = Demo.here()
    await startStaffed(demo)
    const logins = async () => (await demo.chat(maria)).flatMap(loginsIn)
    const ordered = async (sending: Record<string, unknown>, count: number) => {
      const { messageId } = await answerTo(maria, sending)
      await demo.eventually(`${count} items`, async () =>
        (await logins()).length === count ? true : undefined,
      )
      return messageId
    }
    await ordered({ text: "ok 495 1", forwarded: { from: "Пётр" } }, 1)
    const messageId = await ordered({ text: "ok 495 1" }, 2)
    await demo.post("/sim/edits", { userId: maria, messageId, text: "ok 495 2" })
    await answerTo(maria, { text: "/menu" })
    assert.lengthOf(await logins(), 2)
  })
})
