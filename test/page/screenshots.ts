/**
 * `npm run screenshots`: the pictures of the READMEs and the docs, made from the demo as a visitor
 * sees it. They go to docs/screens/page, or to the directory that is named.
 */
import * as Fs from "node:fs"
import * as Path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Browser, Page } from "playwright-core"
import { Demo } from "../e2e/Demo.ts"
import { admin, hire, ivan, maria, order } from "../e2e/people.ts"
import { serving } from "../e2e/replicas.ts"
import { isPostgresHere, makePostgres } from "../store/postgresProcess.ts"
import { launch, type Look, newPage } from "./browser.ts"

const directory =
  process.argv[2] ?? Path.join(import.meta.dirname, "..", "..", "docs", "screens", "page")

/** What moves on the page has come to rest after so long, in milliseconds. */
const restMs = 1_500

const openPage = async (browser: Browser, demo: Demo, look: Look, view: string) => {
  // A scene may have killed it.
  await demo.ready()
  const page = await newPage(browser, look)
  await page.goto(`${demo.address}/#${view}`)
  await page.locator("body[data-shown]").waitFor()
  return page
}

const take = async (page: Page, name: string) => {
  await delay(restMs)
  await page.screenshot({ path: Path.join(directory, `${name}.png`) })
  process.stdout.write(`${name}.png\n`)
}

/** One picture of a page that is closed again. */
const picture = async (browser: Browser, demo: Demo, name: string, look: Look, view: string) => {
  const page = await openPage(browser, demo, look, view)
  await take(page, name)
  await page.context().close()
}

interface Playing {
  readonly running?: { readonly n: number; readonly of: number }
  readonly scenes: ReadonlyArray<{ readonly id: string }>
}

/** Plays a scene and takes its picture at its last step, which is the one it is for. */
const sceneAtItsMoment = async (browser: Browser, demo: Demo, id: string) => {
  const page = await openPage(browser, demo, {}, "panel=scenes")
  await page.locator(`.card[data-scene="${id}"] button`).click()
  const playing = () => demo.get<Playing>("/sim/scenes").catch(() => undefined)
  await demo.eventually(`the beginning of ${id}`, async () => (await playing())?.running)
  await demo.eventually(`the last step of ${id}`, async () => {
    const { running } = (await playing()) ?? { running: { n: 0, of: 1 } }
    return running === undefined || running.n === running.of ? true : undefined
  })
  await take(page, `scene-${id}`)
  await demo.eventually(`the end of ${id}`, async () =>
    (await playing())?.running === undefined ? true : undefined,
  )
  await page.context().close()
}

/** Two people at work: one holds items, the other has marked hers. */
const work = async (demo: Demo) => {
  await demo.say(maria, "/start")
  await hire(demo, ivan, "ivan.sales")
  const taken = await order(demo, maria, { resource: "Mamba", region: "812", quantity: 1 })
  await demo.press(maria, "Любой", taken)
  await demo.sees(maria, "Логин")
  await demo.press(maria, "Хороший", taken)
  await demo.advance("1 minute")
  const held = await order(demo, ivan, { resource: "VK", region: "495", quantity: 2 })
  await demo.press(ivan, "2", held)
  await demo.sees(ivan, "Логин")
}

/** What is said in a chat, alone. */
const chat = async (browser: Browser, demo: Demo, name: string, person: number, look: Look) => {
  const page = await openPage(browser, demo, { width: 390, ...look }, `left=${person}`)
  await delay(restMs)
  await page.locator(".chat.first").screenshot({ path: Path.join(directory, `${name}.png`) })
  process.stdout.write(`${name}.png\n`)
  await page.context().close()
}

/** The daily work as it looks on a phone. */
const chats = async (browser: Browser, demo: Demo) => {
  const says = async (person: number, text: string, answer: string) => {
    await demo.say(person, text)
    await demo.sees(person, answer)
  }
  await says(admin, "/todo", "Сводка дел")
  await says(admin, "/health", "Работает")
  await chat(browser, demo, "chat-admin", admin, {})
  await says(admin, "/whitelist", "Доступ: 3 человека")
  await chat(browser, demo, "chat-whitelist", admin, {})
  await says(ivan, "vk 495 5", "5 шт.")
  await chat(browser, demo, "chat-batch", ivan, {})
  await says(maria, "/language en", "in English")
  await says(maria, "vk 812 5", "5 pcs")
  await chat(browser, demo, "chat-batch-en", maria, { lang: "en" })
  await says(maria, "ok 812 4", "4 pcs")
  await says(admin, "/pause vk Чиним до 18:00", "приостановлена")
  await says(ivan, "/menu", "Что выдать?")
  await chat(browser, demo, "chat-menu", ivan, {})
  await says(admin, "/resume vk", "возобновлена")
}

const pictures = async (browser: Browser, demo: Demo) => {
  const both = `left=${ivan}&right=${maria}`
  await picture(browser, demo, "wide", {}, both)
  await picture(browser, demo, "laptop", { width: 1280 }, both)
  await picture(browser, demo, "dark", { theme: "dark" }, both)
  await picture(browser, demo, "phone", { width: 390 }, `left=${ivan}`)
  await picture(browser, demo, "phone-stock", { width: 390 }, "place=pools")
  await picture(browser, demo, "tablet", { width: 768 }, `left=${ivan}&right=${admin}`)
  await chats(browser, demo)
  const { scenes } = await demo.get<Playing>("/sim/scenes")
  for (const { id } of scenes) await sceneAtItsMoment(browser, demo, id)
  // Last, because the other company takes the place of this one.
  await demo.post("/sim/reset", { company: "english" })
  await picture(browser, demo, "english", { lang: "en" }, "")
}

/** A replica was just killed, and the other one has taken the bot over. */
const replicas = async (browser: Browser) => {
  if (!isPostgresHere) return
  const postgres = makePostgres({ settings: { fsync: "off" } })
  const url = `postgres://bot:none@localhost/postgres?host=${postgres.directory}`
  const demo = Demo.supervised({ DATABASE_URL: url }, ["--replicas", "2"])
  try {
    await postgres.create()
    await demo.start()
    await hire(demo, ivan, "ivan.sales")
    const taken = await order(demo, ivan, { resource: "VK", region: "495", quantity: 1 })
    await demo.press(ivan, "1", taken)
    await demo.sees(ivan, "Логин")
    const first = await serving(demo)
    const page = await openPage(browser, demo, {}, `left=${ivan}`)
    await page.locator(`[data-replica="${first}"] button`).click()
    await demo.press(ivan, "Хороший", taken)
    await demo.sees(ivan, /Логин[^]*Хороший/)
    await take(page, "replicas")
    await page.context().close()
  } finally {
    await demo.remove()
    await postgres.remove()
  }
}

const run = async () => {
  Fs.mkdirSync(directory, { recursive: true })
  const demo = Demo.supervised({ AUTO_CONFIRM_TIMEOUT: "600", PENDING_LIMIT: "20" }, [
    "--admins",
    "1,3",
  ])
  const browser = await launch()
  try {
    await demo.start()
    await work(demo)
    await pictures(browser, demo)
    await replicas(browser)
  } finally {
    await browser.close()
    await demo.remove()
  }
}

await run()
