/**
 * What the employees do: they order by typing and by tapping, mark, change their minds, look at
 * screens, tap twice. Each of them waits for an answer before the next request, however long it takes.
 */
import { setTimeout as delay } from "node:timers/promises"
import { Effect } from "effect"
import type { ChatView } from "../../src/playground/telegram/Chats.ts"
import type { Chance } from "./chance.ts"
import { admin, type Bot, type Heard, type Outside, personOf, shelves } from "./Outside.ts"

/** Something that a person asked the bot for. */
export interface Asked {
  readonly bot: string
  readonly person: number
  readonly what: string
  /** By performance.now(). */
  readonly at: number
  /** `undefined` as long as there is no answer. */
  answeredAt: number | undefined
}

interface Waiting {
  readonly asked: Asked
  readonly fits: (heard: Heard) => boolean
  readonly resolve: () => void
}

type Message = ChatView[number]

const callsKept = 7

/** The wait for one more answer is given up after it; the request stays on the list without one. */
const patienceMs = 300_000

export class Load {
  /** Every request so far. */
  readonly asked: Array<Asked> = []
  /** How many orders each person has sent, by bot and person. */
  readonly orders = new Map<string, number>()
  private readonly outside: Outside
  private readonly chance: Chance
  /** Those without an answer. */
  private readonly open = new Set<Asked>()
  /** The last calls about each chat, by bot and chat. */
  private readonly lastCalls = new Map<string, ReadonlyArray<Heard>>()
  /** The menu with which each person last began an order, by bot and person. */
  private readonly begun = new Map<string, number>()
  private waiting: ReadonlyArray<Waiting> = []
  private isOn = false
  private working: ReadonlyArray<Promise<void>> = []

  constructor(outside: Outside, chance: Chance) {
    this.outside = outside
    this.chance = chance
    outside.listen((heard) => this.hear(heard))
  }

  /** Lets the people of a bot in, by their applications and the word of the admin. */
  async hire(bot: Bot, employees: number): Promise<void> {
    await this.say(bot, admin, "/start")
    const number = Number(bot.name.slice("bot".length))
    const people = Array.from({ length: employees }, (_, at) => personOf(number, at))
    await Promise.all(people.map((person) => this.apply(bot, person)))
    for (const person of people) {
      const card = await this.found(bot, admin, ({ text }) => text.includes(nicknameOf(person)))
      const button = buttonsOf(card).find(({ text }) => text.includes("Одобрить"))
      if (card === undefined || button === undefined) throw new Error(`no card for ${person}`)
      await this.tap(bot, admin, card, button)
      const isIn = await this.found(bot, person, ({ text }) => text.includes("Доступ открыт"))
      if (isIn === undefined) throw new Error(`${person} was not let in`)
    }
  }

  private async apply(bot: Bot, person: number) {
    await this.say(bot, person, "/start")
    // What a stranger writes within the same moment is dropped.
    await delay(1_000)
    await this.say(bot, person, nicknameOf(person))
  }

  /** Everybody works; each makes a request after about so long a pause. */
  start(employees: number, pauseMs: number) {
    this.isOn = true
    this.working = this.outside.bots.flatMap((bot) =>
      Array.from({ length: employees }, (_, at) =>
        this.work(bot, personOf(Number(bot.name.slice("bot".length)), at), pauseMs),
      ),
    )
  }

  /** Done when everybody has an answer, or has waited in vain. */
  async stop() {
    this.isOn = false
    await Promise.all(this.working)
  }

  /** The requests without an answer. */
  get unanswered(): ReadonlyArray<Asked> {
    return [...this.open]
  }

  /** When the first request was answered that was made since then; `undefined`: none was. */
  answeredSince(bot: string, since: number): number | undefined {
    let first: number | undefined
    // They stand in the order in which they were made, and a long run has many.
    for (let index = this.asked.length - 1; index >= 0; index -= 1) {
      const asked = this.asked[index]
      if (asked === undefined || asked.at < since) return first
      const { answeredAt } = asked
      if (asked.bot !== bot || answeredAt === undefined) continue
      first = Math.min(answeredAt, first ?? answeredAt)
    }
    return first
  }

  /** What the bot has done in the chat since somebody asked, as far as it is remembered. */
  callsSince({ bot, person, at }: Asked): ReadonlyArray<Heard> {
    return (this.lastCalls.get(`${bot} ${person}`) ?? []).filter((heard) => heard.answeredAt >= at)
  }

  /** Asks for the menu, for nothing but an answer. */
  async probe(bot: Bot): Promise<Asked> {
    // An admin is told other things too.
    return this.say(bot, admin, "/menu", { isAnswer: (text) => text.includes("Что выдать?") })
  }

  /**
   * An employee is told nothing between his request and its answer. `on`: a message that may be drawn
   * anew instead of a new one.
   */
  async say(
    bot: Bot,
    person: number,
    text: string,
    { isAnswer = () => true, on }: { isAnswer?: (text: string) => boolean; on?: number } = {},
  ): Promise<Asked> {
    const fits = ({ method, params }: Heard) =>
      Number(params["chat_id"]) === person &&
      (method.startsWith("send")
        ? isAnswer(textOf(params))
        : method.startsWith("edit") && Number(params["message_id"]) === on)
    const wait = this.expect(bot, person, text, fits)
    await Effect.runPromise(Effect.orDie(bot.chats.say(person, text)))
    return wait
  }

  async tap(bot: Bot, person: number, message: Message, button: Button): Promise<Asked> {
    const { data } = button
    const act = { userId: person, messageId: message.messageId, data }
    const { callbackQueryId } = await Effect.runPromise(Effect.orDie(bot.chats.tap(act)))
    const fits = ({ method, params }: Heard) =>
      method === "answerCallbackQuery" && params["callback_query_id"] === callbackQueryId
    return this.expect(bot, person, button.text, fits)
  }

  private expect(
    bot: Bot,
    person: number,
    what: string,
    fits: (heard: Heard) => boolean,
  ): Promise<Asked> {
    const asked: Asked = {
      bot: bot.name,
      person,
      what,
      at: performance.now(),
      answeredAt: undefined,
    }
    this.asked.push(asked)
    this.open.add(asked)
    return new Promise((resolve) => {
      const done = () => {
        this.waiting = this.waiting.filter((one) => one !== waiting)
        patience.abort()
        resolve(asked)
      }
      const waiting: Waiting = { asked, fits, resolve: done }
      const patience = new AbortController()
      this.waiting = [...this.waiting, waiting]
      void delay(patienceMs, undefined, { signal: patience.signal }).then(done, () => {})
    })
  }

  private hear(heard: Heard) {
    if (heard.api !== "telegram") return
    const chat = `${heard.bot} ${String(heard.params["chat_id"])}`
    this.lastCalls.set(chat, [...(this.lastCalls.get(chat) ?? []).slice(-callsKept), heard])
    if (heard.status !== 200) return
    for (const { asked, fits, resolve } of this.waiting) {
      if (asked.bot !== heard.bot || !fits(heard)) continue
      asked.answeredAt = heard.answeredAt
      this.open.delete(asked)
      resolve()
    }
  }

  private async work(bot: Bot, person: number, pauseMs: number) {
    const { chance } = this
    await delay(chance.whole(0, pauseMs))
    while (this.isOn) {
      await this.act(bot, person)
      await delay(chance.whole(pauseMs / 2, (pauseMs * 3) / 2))
    }
  }

  private async act(bot: Bot, person: number): Promise<void> {
    const { chance } = this
    const what = chance.next()
    if (what < 0.3) return this.orderByText(bot, person)
    if (what < 0.55) return this.orderByTaps(bot, person)
    if (what < 0.85) return this.pressSomething(bot, person)
    await this.say(bot, person, chance.pick(["/my", "/help", "/menu"]))
  }

  private noteOrder(bot: Bot, person: number) {
    const name = `${bot.name} ${person}`
    this.orders.set(name, (this.orders.get(name) ?? 0) + 1)
  }

  private async orderByText(bot: Bot, person: number) {
    const { chance } = this
    this.noteOrder(bot, person)
    const { order } = chance.pick(shelves)
    const text = `${order} ${chance.pick(regions)} ${chance.whole(1, 2)}`
    // Where the order before was left half way, a typed one goes on from its message.
    const on = this.begun.get(`${bot.name} ${person}`)
    await this.say(bot, person, text, on === undefined ? {} : { on })
  }

  private async orderByTaps(bot: Bot, person: number) {
    const { chance } = this
    await this.say(bot, person, "/menu")
    const menu = await this.found(bot, person, ({ text }) => text.includes("Что выдать?"))
    if (menu === undefined) return
    this.begun.set(`${bot.name} ${person}`, menu.messageId)
    // Each step leads on, until there is nothing left to choose.
    for (const step of [resources, regionButton, quantities]) {
      const message = await this.messageOf(bot, person, menu.messageId)
      const fitting = buttonsOf(message).filter(({ text }) => step.test(text))
      if (message === undefined || fitting.length === 0) return
      if (step === quantities) this.noteOrder(bot, person)
      await this.tapOnceOrTwice(bot, person, message, chance.pick(fitting))
      await this.changed(bot, person, message)
    }
  }

  /** Some button of one of the newest messages that marks an item or takes that back. */
  private async pressSomething(bot: Bot, person: number) {
    const chat = await this.chatOf(bot, person)
    const found = chat
      .slice(-6)
      .flatMap((message) =>
        buttonsOf(message).flatMap((button) =>
          marks.test(button.text) ? [{ message, button }] : [],
        ),
      )
    if (found.length === 0) return
    const { message, button } = this.chance.pick(found)
    await this.tapOnceOrTwice(bot, person, message, button)
  }

  private async tapOnceOrTwice(bot: Bot, person: number, message: Message, button: Button) {
    const times = this.chance.isLucky(0.1) ? 2 : 1
    await Promise.all(Array.from({ length: times }, () => this.tap(bot, person, message, button)))
  }

  private chatOf(bot: Bot, person: number) {
    return Effect.runPromise(bot.chats.chat(person))
  }

  private async messageOf(bot: Bot, person: number, messageId: number) {
    return (await this.chatOf(bot, person)).find((message) => message.messageId === messageId)
  }

  /** The newest message of the bot that fits, once there is one. */
  private async found(bot: Bot, person: number, fits: (message: Message) => boolean) {
    return this.poll(async () =>
      (await this.chatOf(bot, person)).findLast(
        (message) => message.from === "bot" && fits(message),
      ),
    )
  }

  /** Waits for a moment until the message shows something else. */
  private async changed(bot: Bot, person: number, before: Message) {
    await this.poll(async () => {
      const now = await this.messageOf(bot, person, before.messageId)
      const isSame = now?.text === before.text && labelsOf(now) === labelsOf(before)
      return isSame ? undefined : now
    }, 5_000)
  }

  private async poll<A>(ask: () => Promise<A | undefined>, within = 60_000) {
    const until = performance.now() + within
    while (performance.now() < until) {
      const found = await ask()
      if (found !== undefined) return found
      await delay(50)
    }
    return undefined
  }
}

const textOf = ({ text }: Heard["params"]) => (typeof text === "string" ? text : "")

const nicknameOf = (person: number) => `worker.${person}`

const regions = ["495", "812"]
const resources = /^\W*(VK|Одноклассники|Rambler)$/i
const regionButton = /^(495|812)/
const quantities = /^[12]$/
const marks = /Хороший|Дефектный|Блок|отменить|заменить|Без замены/

interface Button {
  readonly text: string
  readonly data: string
}

const buttonsOf = (message: Message | undefined): ReadonlyArray<Button> =>
  (message?.keyboard.flat() ?? []).flatMap(({ text, data }) =>
    data === undefined ? [] : [{ text, data }],
  )

const labelsOf = (message: Message | undefined) =>
  buttonsOf(message)
    .map(({ text }) => text)
    .join("\n")
