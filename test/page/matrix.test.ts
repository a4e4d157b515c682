/**
 * Everything that can be opened on the page, at every width, in both themes and both languages: axe
 * has nothing against it, nothing is cut off, and no console says anything.
 */
import { Config, Effect } from "effect"
import type { Page } from "playwright-core"
import { assert, beforeAll, describe, it } from "vitest"
import { admin, ivan, maria } from "../e2e/people.ts"
import type { Look } from "./browser.ts"
import { cutOff } from "./cutOff.ts"
import { axeFindings, overflow, usePage } from "./usePage.ts"

const { demo, open } = usePage()

/** A batch of goods, a picture, a long list of an admin, and somebody with a long name. */
beforeAll(async () => {
  await demo.post("/sim/users", { id: 70, firstName: "Константин Константинопольский" })
  await demo.say(ivan, "vk 495 3")
  await demo.sees(ivan, "3 шт.")
  await demo.post("/sim/messages", { userId: ivan, photo: "sample", text: "вот" })
  await demo.say(maria, "vk 812 5")
  await demo.sees(maria, "5 шт.")
  await demo.say(admin, "/whitelist")
  await demo.sees(admin, "Доступ")
})

/** What one can open: how, and the part of the page that is new then. */
interface State {
  readonly name: string
  readonly part: string
  readonly show: (page: Page) => Promise<unknown>
  /** What comes next is opened from it, so it is not closed. */
  readonly stays?: true
}

/** Brings it to the front as a link would. */
const view = (page: Page, names: string) =>
  page.evaluate(`location.hash = ${JSON.stringify(`left=${ivan}&right=${maria}&${names}`)}`)
const click = (selector: string) => (page: Page) => page.locator(selector).first().click()
const viewOf = (names: string) => (page: Page) => view(page, names)

const inChats: ReadonlyArray<State> = [
  { name: "the page", part: "html", show: viewOf("") },
  { name: "the commands", part: ".commands", show: click(".chat.first .menu-button") },
  { name: "what to attach", part: ".menu", show: click(".chat.first .attach"), stays: true },
  { name: "stickers", part: ".stickers", show: click('.menu [role="menuitem"]:nth-child(3)') },
  {
    name: "the menu of a message",
    part: ".menu",
    show: (page) => page.locator(".chat.first .message .bubble").last().click({ button: "right" }),
  },
  { name: "a picture", part: ".viewer", show: click(".chat.first .photo") },
  { name: "more", part: "#more", show: click("#show-more"), stays: true },
  { name: "a new person", part: "#person", show: click("#more-person") },
  { name: "the admin", part: ".chat.first", show: viewOf(`left=${admin}&right=${ivan}`) },
  { name: "what a scene says", part: "#running", show: (page) => playing(page) },
]
const inSheets: ReadonlyArray<State> = [
  {
    name: "the menu of the cells",
    part: ".sheet-menu",
    show: click(".sheet-bar .sheet-tool >> nth=2"),
  },
  { name: "the filter", part: ".sheet-panel", show: (page) => openFilter(page) },
]
const drawers: ReadonlyArray<State> = ["faults", "calls"].map((name) => ({
  name,
  part: `#${name}`,
  show: viewOf(`panel=${name}`),
}))

const openFilter = async (page: Page) => {
  await page.locator(".sheet-grid .row-head td").first().hover()
  await page.locator(".sheet-grid .column-menu").first().click()
  await page.locator('.sheet-menu [role="menuitem"]').nth(2).click()
}

/** The page as it is while a scene plays; its step says as much as the longest one. */
const playing = async (page: Page) => {
  await view(page, "")
  await page.route("**/sim/scenes", async (route) => {
    const answer = (await (await route.fetch()).json()) as { scenes: ReadonlyArray<Scene> }
    const longest = answer.scenes.toSorted(
      (one, other) => other.watch.ru.length - one.watch.ru.length,
    )
    const [{ id, watch }] = longest as [Scene]
    await route.fulfill({ json: { ...answer, running: { id, step: watch, n: 3, of: 6 } } })
  })
}
interface Scene {
  readonly id: string
  readonly watch: { readonly ru: string }
}

const places: Readonly<Record<string, string>> = {
  pools: ".pools",
  sheets: ".sheets",
  scenes: "#scenes",
}

/** On a narrow screen each place is a page of its own; on a wide one the scenes are a drawer. */
const statesAt = (width: Look["width"]): ReadonlyArray<State> =>
  width === 768 || width === 390
    ? [
        ...Object.entries(places).map(([place, part]) => ({
          name: place,
          part,
          show: viewOf(`place=${place}`),
        })),
        { name: "sheets again", part: ".sheets", show: viewOf("place=sheets") },
        ...inSheets,
        ...drawers,
        ...inChats,
      ]
    : [
        ...inChats.slice(0, -1),
        { name: "the scenes", part: "#scenes", show: viewOf("panel=scenes") },
        ...drawers,
        ...inSheets,
        ...inChats.slice(-1),
      ]

/** Opens one after another, and gives what is wrong with each. */
const findingsOf = async (page: Page, width: Look["width"]) => {
  const all: Array<string> = []
  for (const { name, part, show, stays } of statesAt(width)) {
    await show(page)
    await page.locator(part).first().waitFor()
    const wider = await overflow(page)
    const found = [
      ...(await axeFindings(page, { include: [part] })),
      ...(await cutOff(page)),
      ...(wider === 0 ? [] : [`wider than the window by ${wider} px`]),
    ]
    // What stays on the screen is told of once.
    const news = found.filter((finding) => !all.some((each) => each.endsWith(finding)))
    all.push(...news.map((finding) => `${name}: ${finding}`))
    if (stays !== true) await page.keyboard.press("Escape")
  }
  await page.unrouteAll({ behavior: "ignoreErrors" })
  return all
}

const widths = [1600, 1280, 768, 390] as const
const themes = ["light", "dark"] as const
const languages = ["ru", "en"] as const
const all: ReadonlyArray<Required<Pick<Look, "width" | "theme" | "lang">>> = widths.flatMap(
  (width) => themes.flatMap((theme) => languages.map((lang) => ({ width, theme, lang }))),
)
/** Each width, theme and language, though not with each other. */
const few: typeof all = [
  { width: 1600, theme: "light", lang: "ru" },
  { width: 1280, theme: "dark", lang: "en" },
  { width: 768, theme: "light", lang: "en" },
  { width: 390, theme: "dark", lang: "ru" },
]
/** All sixteen take minutes: `npm run test:looks` asks for them. */
const asked = Effect.runSync(
  Effect.gen(function* () {
    return yield* Config.String("LOOKS").pipe(Config.withDefault("few"))
  }),
)

describe("everything that can be opened", () => {
  for (const look of asked === "all" ? all : few) {
    it(`is sound at ${look.width} px, ${look.theme}, ${look.lang}`, async () => {
      const page = await open({ ...look, view: `left=${ivan}&right=${maria}` })
      assert.strictEqual((await findingsOf(page, look.width)).join("\n"), "")
    })
  }
})
