/**
 * What two employees do, patiently: they wait, and press again when nothing happens.
 *
 * A step is done when the chat shows it, so the story goes on over a kill and a restart.
 */
import { Effect } from "effect"
import type { BadAct } from "../../src/playground/telegram/Method.ts"
import type { ChatView } from "../../src/playground/telegram/ChatView.ts"
import { type Kill, ivan, maria, type Running, seconds, type World } from "./World.ts"

type Message = ChatView[number]

interface Step {
  readonly name: string
  readonly done: (world: World) => Effect.Effect<boolean>
  /** May be refused, as a button that is not there is. */
  readonly act: (world: World) => Effect.Effect<unknown, BadAct>
}

const messages = (world: World, userId: number) => world.chats.chat(userId)

const find = (world: World, userId: number, matches: (message: Message) => boolean) =>
  Effect.map(messages(world, userId), (chat) => chat.find(matches))

const isBatch = ({ from, text }: Message) => from === "bot" && text.includes("Логин:")
const isMenuOrWizard = ({ from, keyboard }: Message) => from === "bot" && keyboard.length > 0

const sees = (userId: number, matches: (message: Message) => boolean) => (world: World) =>
  Effect.map(find(world, userId, matches), (message) => message !== undefined)

/** Presses a button of the first message that has it. */
const press = (userId: number, label: string) => (world: World) =>
  Effect.gen(function* () {
    const message = yield* find(
      world,
      userId,
      ({ from, keyboard }) => from === "bot" && keyboard.flat().some(({ text }) => text === label),
    )
    if (message === undefined) return
    yield* world.chats.tap({ userId, messageId: message.messageId, label })
  })

const order = (userId: number, quantity: string, variant: string): ReadonlyArray<Step> => [
  {
    name: `${userId} opens the menu`,
    done: sees(userId, isMenuOrWizard),
    act: ({ chats }) => chats.say(userId, "/menu"),
  },
  ...(
    [
      ["Mamba", /Выберите регион/],
      ["495", /Сколько нужно/],
      [quantity, /Пол\?/],
      [variant, /Логин:/],
    ] as const
  ).map(([label, next], index, all): Step => ({
    name: `${userId} presses ${label}`,
    // Shown, or left behind already.
    done: sees(
      userId,
      ({ from, text }) =>
        from === "bot" &&
        all.slice(index).some(([, later]) => later.test(text)) &&
        next !== undefined,
    ),
    act: press(userId, label),
  })),
]

const mark = (userId: number, label: string, shows: RegExp): Step => ({
  name: `${userId} presses ${label}`,
  done: sees(userId, (message) => isBatch(message) && shows.test(message.text)),
  act: press(userId, label),
})

const steps: ReadonlyArray<Step> = [
  ...order(ivan, "2", "Любой"),
  ...order(maria, "1", "Ж"),
  mark(ivan, "1 ✅ Хороший", /1\.[^]*?✅ Хороший/),
  mark(ivan, "2 ⛔ Блок", /2\.[^]*?⛔ Блок/),
  mark(ivan, "2 Да", /замена для 2/),
]

/** Real people give up; a test says where. */
const triesMax = 12

/**
 * Plays the story to its end and lets eleven minutes and a flush pass. `restart` starts the
 * program again after a kill; the number of restarts so far is its argument.
 */
export const play = Effect.fnUntraced(function* (
  world: World,
  kills: ReadonlyArray<Kill>,
  start: (kill: Kill) => Effect.Effect<Running>,
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
    for (let tries = 0; !(yield* step.done(world)); tries += 1) {
      if (tries === triesMax) return { stuck: step.name, running }
      yield* Effect.ignore(step.act(world))
      for (let waited = 0; waited < 8 && !(yield* step.done(world)); waited += 1) yield* pass(1)
    }
  }
  for (let minute = 0; minute < 16; minute += 1) yield* pass(60)
  return { stuck: undefined, running }
})
