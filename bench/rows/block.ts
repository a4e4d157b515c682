/**
 * The longest time in which nobody else is answered, of the whole program under load: 10,000
 * issuances in the live day, 1,000,000 in the books, 100,000 rows in a base tab.
 */
import { setTimeout as delay } from "node:timers/promises"
import { copyBooks, preparedBooks } from "../books.ts"
import { admin, type Bot, hire, startGoogle, startProgram } from "../bot.ts"
import { withDirectory } from "../disk.ts"
import { isMenu, oneByOne, people, press } from "../people.ts"
import type { Row, Task } from "../table.ts"
import { type Shown, Telegram } from "../Telegram.ts"

const baseRows = 100_000
/** What the bot folds into a snapshot each minute is folded oftener here, to see it some times. */
const snapshotSeconds = 3

/** What is seen until `during` ends. */
const watched = async (bot: Bot, during: () => Promise<unknown>) => {
  await bot.blocks()
  await during()
  return bot.blocks()
}

const isStatistics = ({ text }: Shown) => text.includes("Статистика")

/** The month of all resources, and of the one that has them all. */
const askForMonth = async (telegram: Telegram) => {
  const next = telegram.next(admin, isStatistics)
  telegram.say(admin, "/stats")
  const { shown } = await press(telegram, await next, "Месяц", isStatistics)
  await press(telegram, shown, "VK")
}

const underVolumes = (task: Task) =>
  withDirectory(async (directory) => {
    const google = await startGoogle(baseRows)
    const telegram = await Telegram.start()
    await copyBooks(task, directory)
    hire(directory, people)
    const settings = { STATE_SAVE_INTERVAL: String(snapshotSeconds) }
    const first = telegram.next(admin, isMenu)
    telegram.say(admin, "/start")
    const outside = { telegram, directory, google: google.url }
    const bot = startProgram(task, outside, { settings, isProbed: true })
    await first
    // The check of the books, the first stock and the count of the tabs come right after the start.
    const afterStart = await watched(bot, () => delay(15_000))
    const snapshots = await watched(bot, async () => {
      await oneByOne(telegram, 20)
      await delay(2 * snapshotSeconds * 1_000)
    })
    const month = await watched(bot, () => askForMonth(telegram))
    await bot.stop()
    telegram.stop()
    await google.stop()
    const all = [afterStart, snapshots, month]
    return {
      all: Math.max(...all.map(({ longest }) => longest)),
      computed: Math.max(...all.map(({ computed }) => computed)),
      afterStart: afterStart.longest,
      snapshots: snapshots.longest,
      month: month.longest,
    }
  })

export const block: Row = {
  title: "Longest block of the event loop under load",
  figures: {
    all: { what: "the longest of all", unit: "ms", goal: { atMost: 20 } },
    computed: { what: "… computed in one block", unit: "ms" },
    afterStart: { what: "check of the books, first stock, count of the tabs", unit: "ms" },
    snapshots: { what: "snapshots while people take items", unit: "ms" },
    month: { what: "a month of statistics in the chat", unit: "ms" },
  },
  prepare: preparedBooks,
  program: underVolumes,
}
