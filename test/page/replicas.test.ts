/** The page of a demo with replicas, in real Chromium: one is killed while a visitor goes on. */
import { Redacted } from "effect"
import { assert, describe, it } from "vitest"
import { Demo } from "../e2e/Demo.ts"
import { hire, ivan, loginsIn } from "../e2e/people.ts"
import { serving } from "../e2e/replicas.ts"
import { isPostgresHere, usePostgres } from "../store/postgresServer.ts"
import type { Look } from "./browser.ts"
import { cutOff } from "./cutOff.ts"
import { axeFindings, overflow, usePage } from "./usePage.ts"

describe.skipIf(!isPostgresHere)("replicas on the page", () => {
  const server = usePostgres()
  const env = { DATABASE_URL: Redacted.value(server.url()), AUTO_CONFIRM_TIMEOUT: "600" }
  const { demo, open, forgive } = usePage(
    Demo.supervised(env, ["--replicas", "2"]),
    async (started) => {
      await started.start()
      await hire(started, ivan, "ivan.sales")
    },
  )

  it("one is killed by its button, and the taps of a visitor are answered without a reload", async () => {
    const page = await open({ view: `left=${ivan}` })
    const chat = page.locator("section.chat.first")
    const press = (name: string | RegExp) =>
      chat.getByRole("button", { name, exact: true }).last().click()
    const first = await serving(demo)
    const line = (n: number) => page.locator(`[data-replica="${n}"]`)
    await line(first).getByText("бот здесь").waitFor()
    for (const name of ["VK", "495", "1"]) await press(name)
    const [login] = loginsIn(await demo.sees(ivan, "Логин"))
    await chat
      .getByText(login ?? "none")
      .last()
      .waitFor()

    await page.evaluate("window.isSame = true")
    await line(first)
      .getByRole("button", { name: `Убить реплику ${first}` })
      .click()
    await line(first).getByText("процесса нет").waitFor()
    assert.strictEqual(await line(first).getByRole("button").count(), 0)
    await press(/Хороший/)
    await line(3 - first)
      .getByText("бот здесь")
      .waitFor()
    await demo.sees(ivan, /Логин[^]*Хороший/)
    await chat.getByText("Хороший", { exact: false }).last().waitFor()
    await line(first).getByText("наготове").or(line(first).getByText("бот здесь")).waitFor()
    assert.isTrue(await page.evaluate("window.isSame"))
    // Where the bot was on its way when the page asked for its pools.
    forgive(/503 \(Service Unavailable\)/)
  })

  const looks: ReadonlyArray<Look> = [
    { lang: "ru", theme: "light", width: 1600 },
    { lang: "en", theme: "dark", width: 1280 },
    { lang: "en", theme: "light", width: 768 },
    { lang: "ru", theme: "dark", width: 390 },
  ]
  for (const look of looks) {
    it(`${look.lang}, ${look.theme}, ${look.width}: where they are, and no buttons of the clock`, async () => {
      // The page plays the company of its language.
      const company = { ru: "russian", en: "english" }[look.lang ?? "ru"]
      const { id } = await demo.get<{ readonly id: string }>("/sim/company")
      if (id !== company) await demo.post("/sim/reset", { company })
      await demo.ready()
      const page = await open(look)
      await page.locator("[data-replica].serving").waitFor()
      assert.strictEqual(await page.locator("[data-replica]").count(), 2)
      assert.isFalse(await page.locator(".jumps").isVisible())
      assert.match((await page.locator("#clock").getAttribute("title")) ?? "", /реплик|replicas/)
      assert.deepStrictEqual(await axeFindings(page), [])
      assert.deepStrictEqual(await cutOff(page), [])
      assert.strictEqual(await overflow(page), 0)
    })
  }
})
