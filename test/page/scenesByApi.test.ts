/** The scenes show what they promise, one after another in one used world, in both companies. */
import { DateTime } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import type { PoolsView, ResourceView } from "../../src/playground/PoolsView.ts"
import { Demo } from "../e2e/Demo.ts"
import { records } from "../e2e/people.ts"

interface SceneState {
  readonly running?: { readonly id: string; readonly n: number; readonly of: number }
  readonly last?: { readonly id: string; readonly end: string; readonly error?: string }
  readonly scenes: ReadonlyArray<{ readonly id: string }>
}

const [admin, he, she] = [1, 2, 3]

const companies = [
  {
    company: "russian",
    plain: "rambler",
    issued: "Rambler_Выдано",
    tab: "Rambler",
    daily: "number",
  },
  {
    company: "english",
    plain: "mailbox",
    issued: "Mailboxes handed out",
    tab: "Mailboxes",
    daily: "sim",
  },
]

for (const { company, plain, issued, tab, daily } of companies) {
  describe(`the scenes of the ${company} company`, () => {
    let demo: Demo

    beforeAll(async () => {
      demo = Demo.here({ AUTO_CONFIRM_TIMEOUT: "600" }, "22:30")
      await demo.start()
      if (company !== "russian") {
        await demo.post("/sim/reset", { company })
        await demo.ready()
      }
    })
    afterAll(() => demo.remove())

    const state = () => demo.get<SceneState>("/sim/scenes")
    const pool = async (id: string): Promise<ResourceView> => {
      const found = (await demo.get<PoolsView>("/sim/pools")).resources.find(
        (each) => each.id === id,
      )
      assert.isDefined(found)
      return found
    }
    const newest = async (userId: number) => (await demo.chat(userId)).at(-1)

    const play = async (id: string) => {
      await demo.post(`/sim/scenes/${id}`, { pauseMs: 0 })
      const ended = async () => {
        const now = await state()
        return now.running === undefined ? now : undefined
      }
      // A scene that moves the clock by a day may need longer than anything else here.
      const { last } = await demo
        .eventually(`the end of ${id}`, ended)
        .catch(() => demo.eventually(`the end of ${id}`, ended))
      assert.deepStrictEqual(last, { id, end: "done" })
    }
    /** What takes the clock a long way is played by one company only. */
    const long = it.skipIf(company !== "russian")

    it("two want the last item: one has it", async () => {
      await play("last-item")
      const { pending, counts } = await pool(plain)
      assert.strictEqual(counts.available, 0)
      assert.lengthOf(pending, 1)
      const loser = pending[0]?.userId === he ? she : he
      const bell = (await newest(loser))?.keyboard?.flat().some(({ text }) => text.startsWith("🔔"))
      assert.isTrue(bell)
    })

    long("Google is down: both rows are written once", async () => {
      await play("google-down")
      const rows = records(await demo.tab("demo-issued", issued))
      const ids = rows.map((row) => row["ID"])
      assert.isAtLeast(ids.length, 2)
      assert.strictEqual(new Set(ids).size, ids.length)
    })

    it("answers are lost: one item, one row", async () => {
      const before = records(await demo.tab("demo-issued", issued)).length
      await play("lost-answer")
      const faults = await demo.get<ReadonlyArray<{ fault?: string }>>("/sim/calls")
      assert.isAtLeast(faults.filter(({ fault }) => fault === "dropAfter").length, 2)
      assert.lengthOf(records(await demo.tab("demo-issued", issued)), before + 1)
    })

    it("midnight: yesterday's numbers are in their tab, one of the new day is handed out", async () => {
      await play("midnight")
      const { pending } = await pool(daily)
      assert.strictEqual(pending.at(-1)?.userId, she)
    })

    long("the next morning: the admin has the digest", async () => {
      await play("digest")
      assert.strictEqual((await newest(admin))?.from, "bot")
      const { now } = await demo.get<{ now: string }>("/sim/clock")
      const hour = company === "russian" ? 6 : 9
      assert.approximately(DateTime.getPartUtc(DateTime.makeUnsafe(now), "hour"), hour, 1)
    })

    it("a messy sheet: good rows in stock, bad ones set aside, an unfinished one in its tab", async () => {
      const before = await pool(plain)
      await play("messy-sheet")
      const { counts } = await pool(plain)
      assert.isAbove(counts.available, 1)
      assert.isAbove(counts.setAside, before.counts.setAside)
      const left = (await demo.tab("demo-accounts", tab)).rows.flatMap(({ cells }) => cells)
      assert.isTrue(left.some((cell) => /^scene\d+@/.test(cell)))
    })

    it("an empty stock: who asked is told of new rows", async () => {
      await play("waiting-list")
      assert.strictEqual((await newest(she))?.from, "bot")
      assert.strictEqual((await pool(plain)).counts.available, 2)
    })

    it("one at a time, and it can be ended", async () => {
      await demo.post("/sim/scenes/last-item", { pauseMs: 60_000 })
      const second = await demo
        .post("/sim/scenes/digest", {})
        .catch((error: Error) => error.message)
      assert.include(String(second), "409")
      assert.strictEqual((await state()).running?.id, "last-item")
      await fetch(demo.url("/sim/scenes"), { method: "DELETE" })
      const { running, last } = await state()
      assert.isUndefined(running)
      assert.deepStrictEqual(last, { id: "last-item", end: "cancelled" })
      const kill = await demo.post("/sim/scenes/kill", {}).catch((error: Error) => error.message)
      assert.include(String(kill), "409")
    })
  })
}
