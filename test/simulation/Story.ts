/**
 * What two employees do, patiently: they wait, and press again when nothing happens.
 *
 * A step is done when the chat shows it, so the story goes on over a kill and a restart.
 */
import { Effect } from "effect"
import type { BadAct } from "../../src/playground/telegram/Method.ts"
import type { ChatView } from "../../src/playground/telegram/ChatView.ts"
import type { Kill } from "./Fuse.ts"
import { ivan, maria, type Running, seconds, type World } from "./World.ts"

type Message = ChatView[number]

interface Step {
  readonly name: string
  readonly done: (world: World) => Effect.Effect<boolean>
  /** May be refused, as a button that is not there is. */
  readonly act: (world: World) => Effect.Effect<unknown, BadAct>
}

const messages = (world: World, userId: number) => world.chats.chat(userId)

const isBatch = ({ from, text }: Message) => from === "bot" && text.includes("Логин:")

const sees = (userId: number, matches: (message: Message) => boolean) => (world: World) =>
  Effect.map(messages(world, userId), (chat) => chat.some(matches))

/** Presses the first of `labels` that the newest message with any of them has; if none, `else`. */
const press = (
  userId: number,
  labels: ReadonlyArray<string>,
  otherwise: (world: World) => Effect.Effect<unknown, BadAct> = () => Effect.void,
) =>
  Effect.fnUntraced(function* (world: World) {
    const chat = yield* messages(world, userId)
    const last = chat.findLast(({ from }) => from === "bot")
    const has = (label: string) => (message: Message) =>
      message.from === "bot" && message.keyboard.flat().some(({ text }) => text === label)
    const label = labels.find((one) => last !== undefined && has(one)(last))
    if (last !== undefined && label !== undefined) {
      yield* world.chats.tap({ userId, messageId: last.messageId, label })
      return
    }
    yield* otherwise(world)
  })

/** Wherever the wizard stands, its next button; where it ended in nothing, from the menu again. */
const order = (userId: number, quantity: string, variant: string): Step => ({
  name: `${userId} orders ${quantity} ${variant}`,
  done: sees(userId, isBatch),
  act: press(userId, [variant, quantity, "495", "Mamba"], ({ chats }) =>
    chats.say(userId, "/menu"),
  ),
})

const mark = (userId: number, label: string, shows: RegExp): Step => ({
  name: `${userId} presses ${label}`,
  done: sees(userId, (message) => isBatch(message) && shows.test(message.text)),
  act: press(userId, [label]),
})

const steps: ReadonlyArray<Step> = [
  order(ivan, "2", "Любой"),
  order(maria, "1", "Ж"),
  mark(ivan, "1 ✅ Хороший", /1\.[^]*?✅ Хороший/),
  // Who stopped the bot for too long finds that the timer was first.
  mark(ivan, "2 ⛔ Блок", /2\.[^]*?(⛔ Блок|Хороший \(сам\))/),
  mark(ivan, "2 Да", /замена для 2|2\.[^]*?Хороший \(сам\)/),
]

/** An attempt to deliver again, ten minutes for the timer, and a flush that was in doubt. */
const quietMinutes = 18

/** Real people give up; a test says where. */
const triesMax = 150

/**
 * Plays the story to its end, lets eleven minutes and a flush pass, and waits for quiet under a
 * clear sky. `start` starts the program, again after each kill; `meddle` is what people do to the
 * sheet before each step.
 */
export const play = Effect.fnUntraced(function* (
  world: World,
  kills: ReadonlyArray<Kill>,
  start: (kill: Kill) => Effect.Effect<Running>,
  meddle: Effect.Effect<void> = Effect.void,
) {
  const plan = [...kills]
  const next = () => start(plan.shift() ?? { at: 0, moment: "before" })
  let running = yield* next()
  let isDead = false
  const watch = (one: Running) =>
    Effect.forkDetach(
      Effect.andThen(
        one.fuse.killed,
        Effect.sync(() => {
          isDead = true
        }),
      ),
      { startImmediately: true },
    )
  yield* watch(running)

  const pass = Effect.fnUntraced(function* (count: number) {
    yield* seconds(count)
    if (!isDead) return
    isDead = false
    running = yield* next()
    yield* watch(running)
  })

  yield* pass(5)
  for (const step of steps) {
    yield* meddle
    for (let tries = 0; !(yield* step.done(world)); tries += 1) {
      if (tries === triesMax) return { stuck: step.name, running }
      yield* Effect.ignore(step.act(world))
      for (let waited = 0; waited < 8 && !(yield* step.done(world)); waited += 1) yield* pass(1)
    }
  }
  for (let minute = 0; minute < 11; minute += 1) yield* pass(60)
  yield* meddle
  world.weather.loss = 0
  for (let minute = 0; minute < quietMinutes; minute += 1) yield* pass(60)
  return { stuck: undefined, running }
})
