/** `GET /sim/pools` says what the bot has on its disk, in figures and masks. */
import { afterEach, assert, describe, it } from "vitest"
import type { PoolsView } from "../../src/playground/PoolsView.ts"
import { Demo } from "./Demo.ts"
import { ru } from "../../src/bot/texts/ru.ts"
import { issuedRows, ivan, loginsIn, maria, order, shows } from "./people.ts"
import { lookFor, reserve } from "./proxyPeople.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const pools = () => demo.get<PoolsView>("/sim/pools")

const mamba = async () => {
  const found = (await pools()).resources.find(({ id }) => id === "mamba")
  assert.isDefined(found)
  return found
}

describe("the pools", () => {
  it("show an item on its way from stock to the issued tab, and no secret of it", async () => {
    demo = Demo.here()
    await startStaffed(demo)
    const before = await mamba()
    assert.isAbove(before.counts.available, 2)
    assert.strictEqual(
      before.variants.reduce((sum, { counts }) => sum + counts.available, 0),
      before.counts.available,
    )
    assert.deepInclude(before, { baseTabs: ["Мамба Муж", "Мамба Жен"], paused: false })

    const messageId = await order(demo, ivan, { resource: "Mamba", region: "495", quantity: 1 })
    await demo.press(ivan, "Любой", messageId)
    const shown = await shows(demo, ivan, messageId, "Логин:")
    const [login = ""] = loginsIn(shown)
    const taken = await mamba()
    assert.strictEqual(taken.counts.available, before.counts.available - 1)
    assert.strictEqual(taken.counts.pending, 1)
    const [held] = taken.pending
    assert.deepInclude(held, { userId: ivan, who: "ivan.sales" })
    const mask = held?.mask ?? ""
    assert.strictEqual(mask, `${login.split("@")[0]}@…`)
    const view = await pools()
    assert.isAbove(held?.confirmAt ?? 0, view.at)

    await demo.press(ivan, "Хороший", messageId)
    const marked = await demo.eventually("the item in the buffer", async () => {
      const now = await mamba()
      return now.counts.buffer === 1 ? now : undefined
    })
    assert.deepInclude(marked.buffer[0], { who: "ivan.sales", status: "good", mask })
    const { flush, google, journal } = await pools()
    assert.isAbove(flush.at ?? 0, view.at)
    assert.deepStrictEqual([flush.everyMs, google.reads.limit], [30_000, 50])
    assert.isAtMost(google.reads.left, google.reads.limit)
    assert.deepInclude(
      journal.find(({ tag }) => tag === "Confirmed"),
      { resource: "mamba", userId: ivan, who: "ivan.sales", mask, count: 1 },
    )
    const numbers = journal.map(({ n }) => n)
    assert.deepStrictEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    )

    await demo.advance("90 seconds")
    await issuedRows(demo, "Мамба_Выдано", 1)
    const after = await demo.eventually("the row in the count of today", async () => {
      const now = await mamba()
      return now.counts.writtenToday === 1 ? now : undefined
    })
    assert.deepInclude(after.counts, { pending: 0, buffer: 0 })

    const said = JSON.stringify([taken, marked, await pools()])
    const [password = ""] = shown.text.match(/(?<=Пароль: )\S+/) ?? []
    assert.notStrictEqual(password, "")
    for (const secret of [password, login, "proxy-701", "demo:0703"]) {
      assert.notInclude(said, secret)
    }
  })

  it("show a proxy that somebody reserved", async () => {
    demo = Demo.here()
    await startStaffed(demo)
    const proxies = async () => (await pools()).proxies
    const counts = { free: 3, reserved: 0, taken: 1, broken: 0, offered: 4 }
    assert.deepStrictEqual((await proxies())?.counts, counts)
    const messageId = await lookFor(demo, maria, ["VK"])
    await shows(demo, maria, messageId, ru.proxies.getting.chooseCountry)
    await demo.press(maria, "Германия", messageId)
    await shows(demo, maria, messageId, ru.proxies.getting.choose)
    await reserve(demo, maria, messageId)
    const after = await proxies()
    assert.isDefined(after)
    assert.deepStrictEqual(after.counts, { ...counts, free: 2, reserved: 1, offered: 3 })
    assert.deepInclude(after.reserved[0], { userId: maria, who: "maria.sales" })
    assert.strictEqual(after.reserved[0]?.mask, "…xy.example.com:1080")
  })

  it("begin anew with a fresh world", async () => {
    demo = Demo.here()
    await startStaffed(demo)
    await demo.post("/sim/reset", {})
    const fresh = await mamba()
    assert.deepStrictEqual(fresh.pending, [])
    assert.isFalse((await pools()).journal.some(({ tag }) => tag === "Confirmed"))
  })
})
