/** What the people of a bot that is measured do: each takes an item by the buttons and marks it. */
import { setTimeout as delay } from "node:timers/promises"
import { type Bot, hire, type Outside, startBare, startGoogle, startProgram } from "./bot.ts"
import { withDirectory } from "./disk.ts"
import type { Measure, Measured, Task } from "./table.ts"
import { type Shown, Telegram } from "./Telegram.ts"

export const people = Array.from({ length: 50 }, (_, n) => 1_001 + n)

/** Updates of one person from the menu to the mark. */
export const updatesOfTurn = 5

/** Presses a button; gives what the bot shows then, or the first of it that fits. */
export const press = async (
  telegram: Telegram,
  shown: Shown,
  label: string,
  fits?: (to: Shown) => boolean,
) => {
  const button = shown.buttons.find(({ text }) => text === label || text.endsWith(` ${label}`))
  if (button === undefined) throw new Error(`no button "${label}" in ${JSON.stringify(shown)}`)
  const next = telegram.next(shown.chatId, fits)
  const act = telegram.tap(shown, button.data)
  return { act, shown: await next }
}

/** From a fresh menu to the question how many. */
const chooseVk = async (telegram: Telegram, person: number): Promise<Shown> => {
  const menu = telegram.next(person)
  telegram.say(person, "/menu")
  const resource = await press(telegram, await menu, "VK")
  return (await press(telegram, resource.shown, "495")).shown
}

/** The bot may say something else first, such as what it found at its start. */
export const isMenu = ({ buttons }: Shown) => buttons.some(({ text }) => text.startsWith("VK"))

export const isGoods = ({ text }: Shown) => /goods\d+@/.test(text)

/** Takes one item there; gives its message and how long after the tap its request came. */
const takeOne = async (telegram: Telegram, question: Shown) => {
  const { act, shown } = await press(telegram, question, "1", isGoods)
  return { shown, wait: shown.at - act.handedAt }
}

const mark = (telegram: Telegram, goods: Shown) => press(telegram, goods, "Хороший")

/** One person after the other, from the menu to the mark; how long each waited for the goods. */
export const oneByOne = async (
  telegram: Telegram,
  turns: number,
): Promise<ReadonlyArray<number>> => {
  const waits: Array<number> = []
  for (let n = 0; n < turns; n += 1) {
    const { shown, wait } = await takeOne(
      telegram,
      await chooseVk(telegram, people[n % people.length] ?? 0),
    )
    waits.push(wait)
    await mark(telegram, shown)
  }
  return waits
}

/** All take an item at the same moment, so many times; how long each waited for the goods. */
export const allAtOnce = async (
  telegram: Telegram,
  rounds: number,
): Promise<ReadonlyArray<number>> => {
  const waits: Array<number> = []
  for (let round = 0; round < rounds; round += 1) {
    const questions = await Promise.all(people.map((person) => chooseVk(telegram, person)))
    const taken = await Promise.all(questions.map((question) => takeOne(telegram, question)))
    waits.push(...taken.map(({ wait }) => wait))
    await Promise.all(taken.map(({ shown }) => mark(telegram, shown)))
  }
  return waits
}

/** Enough for every row, so that no measurement ends with an empty tab. */
const items = 5_000

export interface Running {
  readonly telegram: Telegram
  readonly bot: Bot
}

const withOutside = (use: (outside: Outside) => Promise<Measured>) =>
  withDirectory(async (directory) => {
    const google = await startGoogle(items)
    const telegram = await Telegram.start()
    const found = await use({ telegram, directory, google: google.url })
    telegram.stop()
    await google.stop()
    return found
  })

type Settings = Readonly<Record<string, string>>

/** Measures the program with 50 employees and a stock to give. */
export const withProgram =
  (measure: (running: Running) => Promise<Measured>, settings: Settings = {}): Measure =>
  (task) =>
    withOutside((outside) => {
      hire(outside.directory, people)
      return started(measure, settings, task, outside)
    })

/** The same with settings that name a database, which knows the employees. */
export const withProgramOn =
  (measure: (running: Running) => Promise<Measured>, settings: Settings): Measure =>
  (task) =>
    withOutside((outside) => started(measure, settings, task, outside))

const started = async (
  measure: (running: Running) => Promise<Measured>,
  settings: Settings,
  task: Task,
  outside: Outside,
) => {
  const bot = startProgram(task, outside, { settings })
  await untilStocked(outside.telegram)
  const found = await measure({ telegram: outside.telegram, bot })
  await bot.stop()
  return found
}

/** Measures the bare bot in the same way, Google included, so that the machine does the same. */
export const withBare =
  (measure: (running: Running) => Promise<Measured>): Measure =>
  () =>
    withOutside(async (outside) => {
      const bot = startBare(outside, items)
      await oneByOne(outside.telegram, 1)
      const found = await measure({ telegram: outside.telegram, bot })
      await bot.stop()
      return found
    })

/** A menu that does not say «нет» for VK offers the stock that a start has claimed. */
export const untilStocked = async (telegram: Telegram) => {
  const [person = 0] = people
  const menu = async () => {
    const next = telegram.next(person)
    telegram.say(person, "/menu")
    return next
  }
  while (!(await menu()).buttons.some(({ text }) => text === "VK")) await delay(200)
}
