/** Employees who order, mark, change their mind and take replacements, each in a hurry of their own. */
import { Clock, Effect, Random } from "effect"
import { employees, type Outside, resources } from "./outside.ts"

/** Buttons that change what somebody has: marks, what follows a mark, and what takes one back. */
const changing = /Хороший|Блок|Дефект|Отменить|Да, заменить|Не нужно/

export interface People {
  /** How many orders were sent off. */
  orders: number
  taps: number
  isOver: boolean
}

/** What one of them does, until it is over. */
const work = Effect.fnUntraced(function* ({ chats }: Outside, people: People, userId: number) {
  /** The first message of the bot below that one which is so, unless it takes too long. */
  const answered = Effect.fnUntraced(function* (below: number, isSo: (text: string) => boolean) {
    const until = (yield* Clock.currentTimeMillis) + 90_000
    while ((yield* Clock.currentTimeMillis) < until) {
      const found = (yield* chats.chat(userId)).find(
        ({ from, messageId, text }) => from === "bot" && messageId > below && isSo(text),
      )
      if (found !== undefined) return found
      yield* Effect.sleep("1 second")
    }
    return undefined
  })

  const order = Effect.gen(function* () {
    const { id } = yield* Random.choice(resources)
    const what = `${id === "vk" ? "вк" : "ок"} 495`
    const quantity = String(yield* Random.nextIntBetween(1, 4))
    people.orders += 1
    if (yield* Random.nextBoolean) {
      const { messageId } = yield* chats.say(userId, `${what} ${quantity}`)
      return yield* answered(messageId, () => true)
    }
    const asked = yield* chats.say(userId, what)
    const step = yield* answered(asked.messageId, (text) => text.includes("Сколько"))
    const button = step?.keyboard.flat().find(({ text }) => text.split(" ")[0] === quantity)
    if (step === undefined || button?.data === undefined) return undefined
    const press = { userId, messageId: step.messageId, data: button.data }
    // In a hurry, and perhaps once more because nothing seems to happen.
    yield* chats.tap(press)
    if (yield* Random.nextBoolean) yield* Effect.sleep("3 seconds")
    yield* chats.tap(press)
    return yield* answered(asked.messageId, (text) => !text.includes("Сколько"))
  })

  const tap = Effect.gen(function* () {
    const buttons = (yield* chats.chat(userId))
      .slice(-12)
      .flatMap(({ messageId, keyboard }) =>
        keyboard
          .flat()
          .flatMap(({ text, data }) =>
            data !== undefined && changing.test(text) ? [{ userId, messageId, data }] : [],
          ),
      )
    if (buttons.length === 0) return yield* order
    people.taps += 1
    const button = yield* Random.choice(buttons)
    yield* chats.tap(button)
    // Nothing seems to happen, so it is pressed once more.
    if (yield* Random.nextBoolean) yield* chats.tap(button)
    return undefined
  })

  while (!people.isOver) {
    const isOrder = (yield* Random.nextIntBetween(0, 4)) === 0
    yield* isOrder ? order : tap
    yield* Effect.sleep(yield* Random.nextIntBetween(500, 6_000))
  }
}, Effect.orDie)

/** Sets all of them to work; `end` waits until each has done what he was about. */
export const hire = Effect.fnUntraced(function* (outside: Outside, seed: string) {
  const people: People = { orders: 0, taps: 0, isOver: false }
  const fibers = yield* Effect.forEach(employees, (userId) =>
    Effect.forkScoped(Random.withSeed(work(outside, people, userId), `${seed} ${userId}`)),
  )
  return { people, fibers }
})
