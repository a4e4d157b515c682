/** How many requests to Google the big jobs cost: figures to read, and bounds that must hold. */
import { afterEach, assert, describe, it } from "vitest"
import { type Call, Demo } from "./Demo.ts"
import { day, filledRows } from "./days.ts"
import { admin, issuedRows, ivan, maria, shows, takeNumbers } from "./people.ts"
import { registry, saveLines, sendLines } from "./proxyPeople.ts"
import { startStaffed } from "./templates.ts"

let demo: Demo

afterEach(() => demo.remove())

const started = async (env: Record<string, string>) => {
  demo = Demo.here(env)
  await startStaffed(demo)
}

const lastCall = async () => (await demo.calls()).at(-1)?.n ?? 0

/** What went to Google since then; printed, so that a change of the figures is seen. */
const spent = async (job: string, since: number) => {
  const calls = (await demo.calls(since)).filter(
    ({ api, method }: Call) => api === "sheets" && method.startsWith("spreadsheets."),
  )
  const writes = calls.filter(({ method }) => method === "spreadsheets.batchUpdate").length
  const reads = calls.length - writes
  // The figures are what this test is for.
  process.stdout.write(`${job}: ${writes} writes, ${reads} reads\n`)
  return { writes, reads }
}

const numbersTab = { tab: "Номера", op: "append" }
const twoDigits = (n: number) => String(n).padStart(2, "0")

describe("requests to Google", () => {
  it("300 numbers of today: taken from the tab, issued, and written", async () => {
    await started({ PENDING_LIMIT: "400" })
    const before = await lastCall()
    const today = { date: await day(demo) }
    const rows = Array.from({ length: 300 }, (_, n) => [
      today,
      `79000030${String(n).padStart(3, "0")}`,
    ])
    await demo.edit("demo-accounts", { ...numbersTab, rows })
    // Rows that come while nobody asks are taken within five minutes.
    await demo.advance("6 minutes")
    for (let batch = 0; batch < 30; batch += 1) {
      await Promise.all(
        [ivan, maria].map(async (userId) => {
          const messageId = await takeNumbers(demo, userId, 5)
          await shows(demo, userId, messageId, "5.")
        }),
      )
    }
    await demo.advance("5 minutes")
    await issuedRows(demo, "Номера_Выдано", 300)
    const { writes, reads } = await spent("300 numbers issued", before)
    assert.isAtMost(writes, 20)
    assert.isAtMost(reads, 45)
  })

  it("60 numbers of five days and two of others go back to their tab", async () => {
    await started({ LOAD_BATCH_SIZE: "100", REFILL_THRESHOLD: "100" })
    const tab = () => demo.tab("demo-accounts", "Номера")
    const rows: Array<ReadonlyArray<unknown>> = []
    for (const daysAgo of [7, 6, 5, 4, 3]) {
      const date = await day(demo, -daysAgo)
      for (let n = 0; n < 12; n += 1) rows.push([{ date }, `7900000${daysAgo}0${twoDigits(n)}`])
    }
    await demo.edit("demo-accounts", { tab: "Номера", op: "insert", at: 1, rows })
    const before = filledRows(await tab())
    await demo.say(admin, "/numbers_today_mod")
    await demo.press(admin, "Выключить")
    await demo.eventually("all numbers to be taken", async () =>
      filledRows(await tab()).length === 0 ? true : undefined,
    )
    const since = await lastCall()
    await demo.press(admin, "Включить")
    await demo.eventually("all numbers to be back", async () =>
      filledRows(await tab()).length === before.length ? true : undefined,
    )
    assert.deepStrictEqual(filledRows(await tab()), before)
    const { writes, reads } = await spent(`${before.length} numbers of seven days returned`, since)
    assert.isAtMost(writes, 2)
    assert.isAtMost(reads, 6)
  })

  it("50 proxies are added", async () => {
    await started({})
    const lines = Array.from({ length: 50 }, (_, n) => `198.51.100.${n + 100}:1080:user:pass-${n}`)
    const messageId = await sendLines(demo, ivan, lines.join("\n"), /Принято 50/)
    const since = await lastCall()
    await saveLines(demo, ivan, messageId, [])
    await registry(demo, lines)
    const { writes, reads } = await spent("50 proxies added", since)
    assert.isAtMost(writes, 3)
    assert.isAtMost(reads, 8)
  })
})
