/** Updates by a webhook: the same work, and nothing lost or done twice when the way changes. */
import { afterEach, assert, describe, it } from "vitest"
import { Demo } from "./Demo.ts"
import { freePort } from "./freePort.ts"
import { issuedRows, ivan, maria, shows, takeNumbers, typeOrder } from "./people.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const secret = "a-secret-of-this-test"

const settings = async () => {
  const port = String(await freePort())
  return {
    port,
    http: { HTTP_PORT: port, PENDING_LIMIT: "60" },
    hook: { WEBHOOK_URL: `http://127.0.0.1:${port}/updates-here`, WEBHOOK_SECRET: secret },
  }
}

const methods = async (since: number) =>
  (await demo.calls(since)).filter(({ api }) => api === "telegram").map(({ method }) => method)

const lastCall = async () => (await demo.calls()).at(-1)?.n ?? 0

describe("a webhook", () => {
  it("brings the updates in place of polls, and lets nobody else in", async () => {
    const { port, http, hook } = await settings()
    demo = Demo.here({ ...http, ...hook })
    await startStaffed(demo)
    const since = await lastCall()
    const messageId = await takeNumbers(demo, ivan, 3)
    await shows(demo, ivan, messageId, "3.")
    assert.notInclude(await methods(since), "getUpdates")
    assert.include(await methods(0), "setWebhook")

    const post = (path: string, headers: Record<string, string>, body: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body })
    const told = { "x-telegram-bot-api-secret-token": secret }
    const update = JSON.stringify({
      update_id: 999_999_999,
      message: {
        message_id: 5,
        from: { id: ivan, is_bot: false, first_name: "Иван" },
        chat: { id: ivan, type: "private" },
        text: "/my",
      },
    })
    const before = (await demo.chat(ivan)).length
    const statuses = async (...asked: ReadonlyArray<Promise<Response>>) =>
      (await Promise.all(asked)).map(({ status }) => status)
    assert.deepStrictEqual(
      await statuses(
        post("/updates-here", {}, update),
        post("/updates-here", { "x-telegram-bot-api-secret-token": `${secret}x` }, update),
        post("/updates-here/", told, update),
        post("/other", told, update),
        post("/updates-here", told, "no json"),
        fetch(`http://127.0.0.1:${port}/updates-here`, { headers: told }),
      ),
      [401, 401, 404, 404, 400, 404],
    )
    const tooLarge = await post("/updates-here", told, `"${"x".repeat(2_000_000)}"`).then(
      ({ status }) => status,
      () => 400,
    )
    assert.isAtLeast(tooLarge, 400)
    assert.strictEqual((await demo.chat(ivan)).length, before)

    // The same update twice at once, and once more later: it is handled once.
    assert.deepStrictEqual(
      await statuses(post("/updates-here", told, update), post("/updates-here", told, update)),
      [200, 200],
    )
    await demo.sees(ivan, "Мои")
    const after = (await demo.chat(ivan)).length
    assert.deepStrictEqual(await statuses(post("/updates-here", told, update)), [200])
    // Whoever writes after it has an answer, so that a second handling would be seen by now.
    await typeOrder(demo, maria, "/my")
    assert.strictEqual((await demo.chat(ivan)).length, after)
  })

  it("loses and doubles nothing through kills and changes of the way, in both directions", async () => {
    const { http, hook } = await settings()
    demo = Demo.process(http)
    await startStaffed(demo)
    const shown: Array<string> = []
    const ways = [hook, {}, hook, hook, {}, {}]
    for (const [round, way] of ways.entries()) {
      // What is asked for at the moment of the kill is somewhere on its way.
      const messageId = await takeNumbers(demo, round % 2 === 0 ? ivan : maria, 1)
      await demo.stop("SIGKILL")
      await demo.start(way)
      const { text } = await shows(
        demo,
        round % 2 === 0 ? ivan : maria,
        messageId,
        "подтвердится сам",
      )
      // People type numbers in many ways, and the bot shows them as they stand.
      shown.push((/Номер: (.*)/.exec(text)?.[1] ?? "").replaceAll(/\D/g, ""))
    }
    assert.lengthOf(shown, ways.length)
    assert.lengthOf([...new Set(shown)], ways.length, shown.join())
    await demo.advance("5 minutes")
    await issuedRows(demo, "Номера_Выдано", ways.length)
    await demo.stop("SIGTERM")
    await demo.start(hook)
    const typed = await typeOrder(demo, ivan, "номер 495")
    assert.isAbove(typed, 0)
  })
})
