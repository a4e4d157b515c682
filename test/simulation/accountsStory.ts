/** Two people take Mamba accounts, mark them, and take a replacement. */
import { Effect, Random } from "effect"
import type { Story } from "./Story.ts"
import { type Message, press, sees, type Step, toMenu } from "./steps.ts"
import { ivan, maria, type World } from "./World.ts"

const isBatch = ({ text }: Message) => text.includes("Логин:")

/** Wherever the wizard stands, its next button; where it ended in nothing, from the menu again. */
const order = (userId: number, quantity: string, variant: string): Step => ({
  name: `${userId} orders ${quantity} ${variant}`,
  done: sees(userId, isBatch),
  act: press(userId, [variant, quantity, "495", "Mamba"], toMenu(userId)),
})

const mark = (userId: number, label: string, shows: RegExp): Step => ({
  name: `${userId} presses ${label}`,
  done: sees(userId, (message) => isBatch(message) && shows.test(message.text)),
  act: press(userId, [label]),
})

const tabs = ["Мамба Муж", "Мамба Жен"] as const

/** Now and then somebody sorts a base tab, puts a blank row on top, or adds an account. */
const meddle = Effect.fnUntraced(function* (world: World) {
  const tab = yield* Random.choice(tabs)
  const edit = (one: Parameters<World["workbooks"]["edit"]>[1]) =>
    Effect.orDie(world.workbooks.edit("accounts", one))
  switch (yield* Random.nextIntBetween(0, 5)) {
    case 0:
      return yield* edit({ op: "sort", tab, column: 0, descending: yield* Random.nextBoolean })
    case 1:
      return yield* edit({ op: "insert", tab, at: 1, rows: [[]] })
    case 2: {
      const added = thing(`extra${world.stock.length}`)
      world.stock.push(added)
      return yield* edit({ op: "append", tab, rows: [rowOf(added)] })
    }
    default:
      return undefined
  }
})

const thing = (name: string) => {
  const login = `${name}@example.com`
  return { resource: "mamba", key: login, text: login }
}
const rowOf = ({ key }: ReturnType<typeof thing>) => [key, `pass-${key}`]

const men = ["m1", "m2", "m3", "m4"].map(thing)
const women = ["w1", "w2", "w3"].map(thing)

export const accounts: Story = {
  name: "accounts",
  stage: {
    resources: ["mamba"],
    startsAt: 0,
    accounts: [
      { title: "Мамба Муж", rows: [["Логин", "Пароль"], ...men.map(rowOf)], frozen: 1 },
      { title: "Мамба Жен", rows: [["Логин", "Пароль"], ...women.map(rowOf)], frozen: 1 },
    ],
    issued: [{ title: "Заметки", rows: [] }],
    stock: [...men, ...women],
    timerMinutes: 3,
  },
  steps: [
    order(ivan, "2", "Любой"),
    order(maria, "1", "Ж"),
    mark(ivan, "1 ✅ Хороший", /1\.[^]*?✅ Хороший/),
    // Who stopped the bot for too long finds that the timer was first.
    mark(ivan, "2 ⛔ Блок", /2\.[^]*?(⛔ Блок|Хороший \(сам\))/),
    mark(ivan, "2 Да", /замена для 2|2\.[^]*?Хороший \(сам\)/),
  ],
  meddle,
  callsAbout: 160,
}
