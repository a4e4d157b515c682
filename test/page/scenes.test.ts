/** Each scene, started from the page by its card, and followed there to its end. */
import { assert, describe, it } from "vitest"
import { Demo } from "../e2e/Demo.ts"
import { usePage } from "./usePage.ts"

const { demo, open, forgive } = usePage(
  Demo.supervised({ AUTO_CONFIRM_TIMEOUT: "600" }),
  (starting) => starting.start(),
)

const scenes = [
  "last-item",
  "google-down",
  "lost-answer",
  "kill",
  "midnight",
  "digest",
  "messy-sheet",
  "waiting-list",
]

/** A page that plays scenes without the pauses in which a visitor reads. */
const openQuick = async () => {
  // One that a failed test left behind would be in the way.
  await fetch(`${demo.address}/sim/scenes`, { method: "DELETE" })
  const page = await open({ view: "panel=scenes" })
  await page.route("**/sim/scenes/*", (route) =>
    route.continue({ postData: JSON.stringify({ pauseMs: 0 }) }),
  )
  return page
}

describe("the scenes on the page", () => {
  it("are the ones that the demo has", async () => {
    const { scenes: known } = await demo.get<{ scenes: ReadonlyArray<{ id: string }> }>(
      "/sim/scenes",
    )
    assert.deepStrictEqual(
      known.map(({ id }) => id),
      scenes,
    )
    const page = await open({ lang: "en", view: "panel=scenes" })
    assert.strictEqual(await page.locator(".card").count(), scenes.length)
  })

  for (const id of scenes) {
    it(`${id} plays to its end`, async () => {
      const page = await openQuick()
      await page.locator(`.card[data-scene="${id}"] button`).click()
      await page.locator("#running", { hasText: "Остановить" }).waitFor()
      await page.locator("#running", { hasText: "Сцена доиграна." }).waitFor({ timeout: 160_000 })
      await page.locator(".health.ready").waitFor()
      if (id === "kill") {
        await page.locator("#notice", { hasText: "Процесс был убит" }).waitFor()
        // While there is no process, nobody answers.
        forgive(/ERR_(CONNECTION_REFUSED|EMPTY_RESPONSE|CONNECTION_RESET|INCOMPLETE_CHUNKED)|503/)
      }
    })
  }

  it("one is stopped by the button beside its step", async () => {
    const page = await open({ width: 390, view: "place=scenes" })
    await page.locator('.card[data-scene="google-down"] button').click()
    await page.getByRole("button", { name: "Остановить" }).click()
    await page.locator("#running", { hasText: "Сцена остановлена." }).waitFor()
    await page.getByRole("button", { name: "Закрыть" }).last().click()
    await page.locator("#running").waitFor({ state: "hidden" })
  })
})
