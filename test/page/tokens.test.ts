/** The dots that move over the page as items do: out of the tab, to the person, to the issued tab. */
import type { Page } from "playwright-core"
import { assert, describe, it } from "vitest"
import { ivan, typeOrder } from "../e2e/people.ts"
import { usePage } from "./usePage.ts"

const { demo, open } = usePage()

/** Where a dot sets out and arrives: the selectors of all the places that the point is within. */
interface Flight {
  readonly from: ReadonlyArray<string>
  readonly to: ReadonlyArray<string>
}

/** Has the page tell the two ends of the way of each dot from now on. */
const watchDots = (page: Page) =>
  page.evaluate(`
    window.flights = []
    const placesAt = (x, y) => ${JSON.stringify(places)}.filter((selector) => {
      const box = document.querySelector(selector)?.getBoundingClientRect()
      return box && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom
    })
    window.dots = new MutationObserver((all) => {
      const added = all.flatMap(({ addedNodes }) => [...addedNodes])
      for (const dot of added.filter((node) => node.className === "token")) {
        const steps = dot.getAnimations()[0].effect.getKeyframes()
        const [from, to] = [steps[0], steps.at(-1)].map(({ transform }) =>
          placesAt(...transform.match(/-?[\\d.]+(?=px)/g).map(Number)),
        )
        window.flights.push({ from, to })
      }
    })
    window.dots.observe(document.body, { childList: true })`)

const flightsOf = (page: Page) => page.evaluate<ReadonlyArray<Flight>>("window.flights")

/** Waits until a dot was on its way from one place to the other. */
const flies = (page: Page, start: string, end: string) =>
  demo
    .eventually(`a dot from ${start} to ${end}`, async () =>
      (await flightsOf(page)).find(({ from, to }) => from.includes(start) && to.includes(end)),
    )
    .catch(async () =>
      assert.fail(`no dot from ${start} to ${end}: ${JSON.stringify(await flightsOf(page))}`),
    )

const place = (name: string, lane = "vk") => `[data-lane="${lane}"] [data-place="${name}"]`
const chat = "section.chat.first"
/** Where the issued tab may not yet be the one that is open. */
const sheets = "section.sheets"
const places = [
  chat,
  sheets,
  ...["base", "available"].map((name) => place(name, "rambler")),
  ...["available", "pending", "buffer", "writtenToday"].map((name) => place(name)),
]
const dots = (page: Page) => page.locator(".token")

describe("the dots", () => {
  it("go with an item from its tab over the pool, the chat and the queue to the issued tab", async () => {
    const page = await open({
      moves: true,
      view: `left=${ivan}&sheet=demo-issued/ВКонтакте_Выдано`,
    })
    await watchDots(page)
    await demo.edit("demo-accounts", {
      op: "append",
      tab: "Rambler",
      rows: [[{ date: "22.11.2026" }, "dot@example.com", "rambler-dot"]],
    })
    await demo.advance("2 minutes")
    await flies(page, place("base", "rambler"), place("available", "rambler"))

    const messageId = await typeOrder(demo, ivan, "vk 495 1")
    await flies(page, place("available"), place("pending"))
    await flies(page, place("pending"), chat)
    await demo.press(ivan, "Хороший", messageId)
    await flies(page, chat, place("buffer"))
    await demo.advance("1 minute")
    await flies(page, place("buffer"), place("writtenToday"))
    await flies(page, place("writtenToday"), sheets)
    await demo.eventually("the dots to be gone", async () =>
      (await dots(page).count()) === 0 ? true : undefined,
    )
  })

  it("do not move for who wants no motion, for whom the figures change all the same", async () => {
    const page = await open({ view: `left=${ivan}` })
    await watchDots(page)
    const messageId = await typeOrder(demo, ivan, "vk 495 1")
    await page.locator(`${place("pending")}.changed`).waitFor()
    await demo.press(ivan, "Хороший", messageId)
    await page.locator(`${place("buffer")}.changed`).waitFor()
    assert.deepStrictEqual(await flightsOf(page), [])
  })
})
