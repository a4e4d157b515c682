/** The page as a whole, in real Chromium: what a visitor does on it, in both languages, at every width. */
import type { Page } from "playwright-core"
import { assert, describe, it } from "vitest"
import { admin, ivan, loginsIn, maria, records } from "../e2e/people.ts"
import type { Look } from "./browser.ts"
import { axeFindings, overflow, usePage } from "./usePage.ts"

const { demo, open } = usePage()

/** Clean for axe, and no wider than the window; only a part of the page, where the rest was seen before. */
const isSound = async (page: Page, what: string, include = "html") => {
  assert.deepStrictEqual(await axeFindings(page, { include: [include] }), [], what)
  assert.strictEqual(await overflow(page), 0, `${what} is wider than the window`)
}

/** What the lane of a resource says at one of its places. */
const inLane = (page: Page, resource: string, place: string) =>
  page.locator(`[data-lane="${resource}"] [data-place="${place}"]`).first()

const showsCount = (page: Page, place: string, count: number) =>
  inLane(page, "vk", place).getByText(String(count), { exact: true }).waitFor()

const chat = (page: Page, side: "first" | "second") => page.locator(`section.chat.${side}`)

/** Presses the newest button with these words. */
const press = (page: Page, side: "first" | "second", name: string | RegExp) =>
  chat(page, side).getByRole("button", { name, exact: true }).last().click()

/** Both press the same button, one right after the other: a browser has one mouse. */
const bothPress = async (page: Page, name: string | RegExp) => {
  await press(page, "first", name)
  await press(page, "second", name)
}

const lastLogin = async (userId: number) => {
  const [login] = loginsIn(await demo.sees(userId, "Логин"))
  return login
}

describe("the main job by clicks", () => {
  it("two people take and mark at once, and the sheet has both", async () => {
    const page = await open({ view: `left=${ivan}&right=${maria}` })
    await chat(page, "second").getByRole("tab", { name: "Мария" }).click()
    for (const name of ["VK", "495", "1"]) await bothPress(page, name)
    await showsCount(page, "pending", 2)
    const logins = [await lastLogin(ivan), await lastLogin(maria)]
    assert.notStrictEqual(logins[0], logins[1])
    await bothPress(page, /Хороший/)
    await showsCount(page, "pending", 0)
    await page.getByRole("button", { name: "+1 мин" }).click()
    await showsCount(page, "writtenToday", 2)
    const rows = records(await demo.tab("demo-issued", "ВКонтакте_Выдано"))
    assert.sameMembers(
      rows.map((row) => row["Логин"]),
      logins,
    )
    await page.locator(".journal").getByText("VK: в лист записано строк").first().waitFor()
  })
})

const looks: ReadonlyArray<Look> = [
  { lang: "ru", theme: "light", width: 1600 },
  { lang: "en", theme: "dark", width: 1280 },
]
const narrowLooks: ReadonlyArray<Look> = [
  { lang: "en", theme: "light", width: 768 },
  { lang: "ru", theme: "dark", width: 390 },
]

describe("every look", () => {
  for (const look of looks) {
    it(`${look.lang}, ${look.theme}, ${look.width}: all at once, and each drawer`, async () => {
      const page = await open(look)
      for (const part of [".chat.first", ".chat.second", ".pools", ".sheets"]) {
        assert.isTrue(await page.locator(part).isVisible(), part)
      }
      await isSound(page, "the page")
      for (const panel of ["scenes", "faults", "calls"]) {
        await page.evaluate(`location.hash = "panel=${panel}"`)
        await page.locator(`#${panel}`).waitFor()
        await isSound(page, panel, `#${panel}`)
      }
    })
  }

  for (const look of narrowLooks) {
    it(`${look.lang}, ${look.theme}, ${look.width}: each place by the bar at the bottom`, async () => {
      const page = await open(look)
      const places = page.locator("#places button")
      const shown = [".chat.first", ".pools", ".sheets", ".scenes"]
      for (const [at, part] of shown.entries()) {
        await places.nth(at).click()
        await page.locator(part).waitFor()
        for (const other of shown.filter((each) => each !== part)) {
          assert.isFalse(await page.locator(other).isVisible(), `${other} beside ${part}`)
        }
        await isSound(page, part)
      }
    })
  }
})

describe("the header of a phone", () => {
  it("is low, and its menu has what it has no room for", async () => {
    const page = await open({ lang: "en", width: 390 })
    const { height } = (await page.locator("header.top").boundingBox()) ?? { height: 844 }
    assert.isAtMost(height, 844 * 0.15)
    await page.getByRole("heading", { name: "Each item to one person" }).waitFor()
    await page.getByRole("button", { name: "More" }).click()
    const menu = page.locator("#more")
    await menu.getByText("A Telegram bot hands accounts").waitFor()
    await menu.getByRole("combobox", { name: "Sample company" }).waitFor()
    await isSound(page, "the menu", "#more")
    await menu.getByRole("button", { name: "Русский" }).click()
    await page.getByRole("heading", { name: "Один аккаунт — одному человеку" }).waitFor()
  })
})

describe("a scene", () => {
  it("brings whom it is about to the only chat of a phone", async () => {
    const page = await open({ width: 390, view: "place=scenes" })
    await page.route("**/sim/scenes", async (route) => {
      const answer = (await (await route.fetch()).json()) as { scenes: ReadonlyArray<object> }
      const step = { ru: "Смотрите", en: "Look" }
      const running = { id: "messy-sheet", step, n: 1, of: 2, look: { userId: admin } }
      await route.fulfill({ json: { ...answer, running } })
    })
    await chat(page, "first").getByRole("tab", { name: "Ольга", selected: true }).waitFor()
    await page.unrouteAll({ behavior: "ignoreErrors" })
  })
})

describe("what a visitor chooses", () => {
  it("the language, by the browser and by the switch, and the view stays", async () => {
    const page = await open({ lang: "en", view: "panel=calls" })
    await page.getByRole("heading", { name: "Each item to one person" }).waitFor()
    await page.getByRole("button", { name: "Русский" }).click()
    await page.getByRole("heading", { name: "Один аккаунт — одному человеку" }).waitFor()
    await page.getByRole("heading", { name: "Вызовы API" }).waitFor()
    assert.strictEqual(await page.locator("html").getAttribute("lang"), "ru")
    await page.reload()
    await page.getByRole("heading", { name: "Один аккаунт — одному человеку" }).waitFor()
  })

  it("the theme, which a reload keeps", async () => {
    const page = await open({ theme: "light" })
    const ground = () => page.evaluate<string>("getComputedStyle(document.body).backgroundColor")
    const light = await ground()
    await page.locator("#show-more").click()
    await page.getByLabel("Оформление").selectOption("dark")
    const dark = await ground()
    assert.notStrictEqual(dark, light)
    await page.reload()
    await page.locator("body[data-shown]").waitFor()
    assert.strictEqual(await ground(), dark)
  })

  it("a person more, whose chat comes to the front", async () => {
    const page = await open()
    await page.locator("#show-more").click()
    await page.locator("#more-person").click()
    await page.getByLabel("Имя", { exact: true }).fill("Пётр")
    await page.getByRole("dialog").getByRole("button", { name: "Добавить" }).click()
    const tab = chat(page, "first").getByRole("tab", { name: "Пётр", selected: true })
    await tab.waitFor()
  })

  it("a fault by hand, counted until it hit", async () => {
    const page = await open()
    await page.locator("#show-more").click()
    await page.locator("#more-faults").click()
    await page.getByRole("button", { name: "Telegram: слишком часто" }).click()
    await page.getByText("Ждут вызова: 1, сработало: 0").waitFor()
    await page.getByRole("button", { name: "Убрать все сбои" }).click()
    await page.getByText("Сбоев больше нет").waitFor()
  })
})

describe("the connection", () => {
  it("comes back by itself after a kill, and the page says what happened", async () => {
    const page = await open()
    // A stream of changes that ends at a high number, as that of a killed process does.
    await page.route(
      "**/sim/events",
      (route) =>
        route.fulfill({
          contentType: "text/event-stream",
          body: "event: change\ndata: 1000000\n\n",
        }),
      { times: 1 },
    )
    await page.reload()
    await page.getByText("Процесс был убит и запущен заново").waitFor()
    await page.locator(".health.ready").waitFor()
    // The page is alive: what happens next is shown without a reload.
    await demo.say(ivan, "после перезапуска")
    await chat(page, "first").getByText("после перезапуска").waitFor()
  })
})

describe("the first steps", () => {
  it("from the start afresh to the written row, each by one press", async () => {
    const page = await open()
    await page.locator("#show-more").click()
    await page.locator("#more-reset").click()
    await page.getByRole("dialog").getByRole("button", { name: "Начать заново" }).click()
    const steps = ["администратор", "рабочим ником", "получила заявку", "Возьмите", "Отметьте"]
    for (const step of steps) {
      // A step of the guide is several messages and presses.
      await page.locator("#guide p", { hasText: step }).waitFor({ timeout: 60_000 })
      await page.locator("#guide .act:enabled").click()
    }
    await page.locator("#guide p", { hasText: "Главное вы видели" }).waitFor({ timeout: 60_000 })
    assert.isNotEmpty(records(await demo.tab("demo-issued", "ВКонтакте_Выдано")))
  })
})
