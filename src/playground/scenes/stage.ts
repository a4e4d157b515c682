/**
 * What a scene can do: the same that people, the network and the clock do over the control API, and
 * what it needs before it begins.
 */
import { Clock, DateTime, Duration, Effect, Option, Schema } from "effect"
import type { Label } from "../../domain/Catalogue.ts"
import { type Day, dayOf, formatDay } from "../../domain/Day.ts"
import { BotHandle } from "../BotHandle.ts"
import { Calls } from "../Calls.ts"
import { spreadsheetsOf } from "../companies.ts"
import type { Rows, SceneGoods } from "../companies/SampleCompany.ts"
import { Company } from "../Company.ts"
import { type Fault, Faults } from "../Faults.ts"
import { PlaygroundClock } from "../PlaygroundClock.ts"
import { quiet } from "../quiet.ts"
import type { HumanEdit } from "../spreadsheets/HumanEdit.ts"
import { Workbooks } from "../spreadsheets/Workbooks.ts"
import { Chats, type ChatView } from "../telegram/Chats.ts"

/** What a step waited for did not come. */
export class SceneFailed extends Schema.TaggedError<SceneFailed>()("SceneFailed", {
  what: Schema.String,
}) {
  override get message() {
    return this.what
  }
}

/** Where there is something to see. */
export type Look =
  | { readonly userId: number }
  | { readonly spreadsheet: string; readonly tab: string }

type Message = ChatView[number]

export const admin = 1
const buttonsOfMenu = 4
/** The words on buttons that a scene looks for, whatever language somebody chose. */
const approve = ["Одобрить", "Approve"]
const patience = Duration.seconds(20)
/** Where nobody moves the clock, what is due comes at its own time. */
const longPatience = Duration.minutes(2)
const glance = Duration.millis(100)

const hasMenu = (all: ReadonlyArray<Message>) =>
  all.some(({ from, keyboard }) => from === "bot" && keyboard.flat().length >= buttonsOfMenu)

const mayApprove = ({ text }: { readonly text: string }) =>
  approve.some((word) => text.includes(word))

/** The clock, and what can be seen from outside. */
const makeLooking = Effect.gen(function* () {
  const calls = yield* Calls
  const clock = yield* PlaygroundClock
  const bot = yield* BotHandle
  const { current } = yield* Company

  const advance = Effect.fnUntraced(function* (duration: Duration.Input) {
    const total = Duration.fromInputUnsafe(duration)
    yield* clock.advance(total, yield* quiet(calls), bot.isWaiting)
  })

  /**
   * Asks until there is an answer. `moving`: the clock goes on by so much meanwhile, if it can be
   * moved.
   */
  const until = Effect.fnUntraced(function* <A, E>(
    what: string,
    ask: Effect.Effect<A | undefined, E>,
    moving?: Duration.Input,
  ) {
    const isReal = Option.isSome(yield* bot.replicas)
    const looks = Duration.toMillis(isReal ? longPatience : patience) / Duration.toMillis(glance)
    for (let look = 1; look <= looks; look++) {
      const found = yield* ask
      if (found !== undefined) return found
      yield* Effect.sleep(glance)
      if (moving !== undefined && !isReal && look % 10 === 0) yield* advance(moving)
    }
    return yield* new SceneFailed({ what: `waited in vain for ${what}` })
  })

  const pool = Effect.fnUntraced(function* (goods: SceneGoods) {
    const view = yield* until(
      "the bot to run",
      Effect.map(bot.pools, (pools) => Option.getOrUndefined(pools)),
    )
    const found = view.resources.find(({ id }) => id === goods.resource)
    return found ?? (yield* new SceneFailed({ what: `there is no pool of ${goods.resource}` }))
  })

  const pooled = (
    what: string,
    goods: SceneGoods,
    isSo: (counts: Effect.Success<ReturnType<typeof pool>>) => boolean,
    moving?: Duration.Input,
  ) =>
    until(
      what,
      Effect.map(pool(goods), (view) => (isSo(view) ? view : undefined)),
      moving,
    )

  const today: Effect.Effect<{ day: Day; text: string; n: number }> = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const { timezone } = yield* current
    const day = dayOf(now, DateTime.zoneMakeNamedUnsafe(timezone))
    return { day, text: formatDay(day), n: Math.floor(now / 1000) }
  })

  /** To that time of the next day that has it, by the clock of the company. */
  const advanceTo = Effect.fnUntraced(function* (time: string) {
    const { timezone } = yield* current
    const now = DateTime.setZone(
      DateTime.makeUnsafe(yield* Clock.currentTimeMillis),
      DateTime.zoneMakeNamedUnsafe(timezone),
    )
    const [hour = 0, minute = 0, second = 0] = time.split(":").map(Number)
    const ofToday = DateTime.setParts(now, { hour, minute, second, millisecond: 0 })
    const at = DateTime.isLessThan(now, ofToday) ? ofToday : DateTime.add(ofToday, { days: 1 })
    yield* advance(Duration.millis(DateTime.toEpochMillis(at) - DateTime.toEpochMillis(now)))
  })

  const words = Effect.map(current, ({ scenes }) => scenes)
  const nameOf = Effect.fnUntraced(function* (userId: number) {
    return (yield* current).people.find(({ id }) => id === userId)?.firstName ?? String(userId)
  })

  return { advance, advanceTo, until, pool, pooled, today, words, nameOf }
})

type Looking = Effect.Success<typeof makeLooking>

/** What people do in their chats. */
const makeChatting = Effect.fnUntraced(function* ({ until }: Looking) {
  const chats = yield* Chats
  const { current } = yield* Company

  const newer = (userId: number, messageId: number) =>
    Effect.map(chats.chat(userId), (all) =>
      all.filter((message) => message.from === "bot" && message.messageId > messageId),
    )
  const answerTo = (userId: number, messageId: number) =>
    until(
      `an answer to user ${userId}`,
      Effect.map(newer(userId, messageId), (all) => all[0]),
    )
  const say = (userId: number, text: string) =>
    Effect.map(chats.say(userId, text), ({ messageId }) => messageId)
  const ask = (userId: number, text: string) =>
    Effect.flatMap(say(userId, text), (messageId) => answerTo(userId, messageId))

  const press = Effect.fnUntraced(function* (
    userId: number,
    { messageId, keyboard }: Message,
    fits: (button: Message["keyboard"][number][number]) => boolean,
  ) {
    const data = keyboard.flat().find(fits)?.data
    if (data === undefined) return yield* new SceneFailed({ what: "a button is missing" })
    yield* chats.tap({ userId, messageId, data })
  })

  /** The admin has written to the bot, so that it may write to him. */
  const admitted = Effect.gen(function* () {
    yield* chats.block(admin, false)
    if (!hasMenu(yield* chats.chat(admin))) yield* ask(admin, "/start")
  })

  /** The person may take items: has registered, and the admin has agreed. */
  const hired = Effect.fnUntraced(function* (userId: number) {
    const { scenes, people } = yield* current
    yield* admitted
    yield* chats.block(userId, false)
    if (hasMenu(yield* chats.chat(userId))) return
    const greeting = yield* ask(userId, "/start")
    if (greeting.keyboard.flat().length >= buttonsOfMenu) return
    const nickname = scenes.nicknames[userId] ?? `person${userId}`
    if (greeting.keyboard.length === 0) yield* ask(userId, nickname)
    const name = people.find(({ id }) => id === userId)?.firstName ?? nickname
    const card = yield* until(
      `the application of ${name}`,
      Effect.map(chats.chat(admin), (all) =>
        all.findLast(
          ({ text, keyboard }) =>
            (text.includes(nickname) || text.includes(name)) && keyboard.flat().some(mayApprove),
        ),
      ),
    )
    yield* press(admin, card, mayApprove)
    yield* until(
      `${name} to be let in`,
      Effect.map(chats.chat(userId), (all) => (hasMenu(all) ? true : undefined)),
    )
  })

  return { newer, answerTo, say, ask, press, admitted, hired, chat: chats.chat }
})

type Chatting = Effect.Success<ReturnType<typeof makeChatting>>

/** What people do at the spreadsheet, and what they take. */
const makeStocking = Effect.fnUntraced(function* (
  { until, pool, pooled, today }: Looking,
  { admitted, ask, newer, press, say }: Chatting,
) {
  const workbooks = yield* Workbooks
  const { current } = yield* Company

  const sheetOf = Effect.map(current, (company) => spreadsheetsOf(company)[0].id)
  const edit = Effect.fnUntraced(function* (change: HumanEdit) {
    yield* workbooks.edit(yield* sheetOf, change)
  })
  const rowsOf = Effect.fnUntraced(function* (title: string) {
    const tab = (yield* workbooks.view(yield* sheetOf)).find((each) => each.title === title)
    return tab?.rows ?? (yield* new SceneFailed({ what: `there is no tab "${title}"` }))
  })

  const bring = (goods: SceneGoods, rows: Rows) => edit({ op: "append", tab: goods.tab, rows })

  /** Rows of new items, dated today. */
  const rowsFor = Effect.fnUntraced(function* (goods: SceneGoods, count: number) {
    const { text, n } = yield* today
    return Array.from({ length: count }, (_, index) => goods.row(text, n + index))
  })

  /** There are exactly so many: the tab is emptied, the admin clears the stock, and rows come. */
  const stocked = Effect.fnUntraced(function* (goods: SceneGoods, count: number) {
    yield* admitted
    const { paused } = yield* pool(goods)
    if (paused) return yield* new SceneFailed({ what: `${goods.tab}: paused by an admin` })
    const { length } = yield* rowsOf(goods.tab)
    if (length > 0) yield* edit({ op: "delete", tab: goods.tab, at: 1, count: length })
    const { counts } = yield* pool(goods)
    if (counts.available + counts.hidden > 0) {
      const preview = yield* ask(admin, `/buffer_clear ${goods.resource}`)
      yield* press(admin, preview, ({ style }) => style === "danger")
      yield* pooled(
        "the stock to be cleared",
        goods,
        (view) => view.counts.available + view.counts.hidden === 0,
      )
    }
    if (count === 0) return
    yield* bring(goods, yield* rowsFor(goods, count))
    yield* pooled(
      `${count} in stock`,
      goods,
      (view) => view.counts.available === count,
      "20 seconds",
    )
  })

  /** Types an order, and gives the message that shows the items. */
  const take = Effect.fnUntraced(function* (userId: number, goods: SceneGoods, count = 1) {
    const messageId = yield* say(userId, `${goods.order} ${count}`)
    return yield* until(
      `${count} × ${goods.tab} for user ${userId}`,
      Effect.map(newer(userId, messageId), (all) =>
        all.find(({ keyboard }) => keyboard.flat().some(({ style }) => style === "success")),
      ),
      "2 seconds",
    )
  })

  const marked = (userId: number, shown: Message) =>
    press(userId, shown, ({ style }) => style === "success")

  return { edit, rowsOf, bring, rowsFor, stocked, take, marked }
})

export const makeStage = Effect.gen(function* () {
  const faults = yield* Faults
  const { current } = yield* Company
  const looking = yield* makeLooking
  const chatting = yield* makeChatting(looking)
  const stocking = yield* makeStocking(looking, chatting)
  return {
    ...looking,
    ...chatting,
    ...stocking,
    accounts: (tab: string): Effect.Effect<Look> =>
      Effect.map(current, (company) => ({ spreadsheet: spreadsheetsOf(company)[0].id, tab })),
    issued: (tab: string): Effect.Effect<Look> =>
      Effect.map(current, (company) => ({ spreadsheet: spreadsheetsOf(company)[1].id, tab })),
    fault: (fault: Fault) => faults.add(fault),
    noFaults: faults.clear,
  }
})

/** What can be done, and `step`, which says in words what is to be seen now. */
export type Stage = Effect.Success<typeof makeStage> & {
  step(text: Label, look?: Look): Effect.Effect<void>
}
