/** Two people take Mamba accounts, mark them, and take a replacement. */
import { Effect, Random } from "effect"
import type { Story } from "./Story.ts"
import { type Message, press, sees, type Step, toMenu } from "./steps.ts"
import { isTitled, type Tabs } from "./tabs.ts"
import { accountWhims } from "./whims.ts"
import { ivan, maria, type Thing, type World } from "./World.ts"

/** An item that has a mark is one line without the names of its values. */
const isBatch = ({ text }: Message) => text.includes("Логин:") || /^1\. \S/m.test(text)

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

/** What people do to sheets. */
const meddleOnce = Effect.fnUntraced(function* (world: World) {
  const about = yield* Random.choice(tabs)
  const views = yield* world.workbooks.view("accounts")
  const tab = titleOf(views, about)
  const edit = (one: Parameters<World["workbooks"]["edit"]>[1]) =>
    Effect.orDie(world.workbooks.edit("accounts", one))
  const typeIn = (added: Thing, ...cells: ReadonlyArray<string>) =>
    Effect.suspend(() => {
      world.stock.push(added)
      // At the top it is taken soon, at the bottom perhaps never.
      return edit({ op: "insert", tab, at: 1, rows: [cells] })
    })
  const fresh = thing(`extra${world.stock.length}`)
  const habits = {
    sorts: edit({ op: "sort", tab, column: 0, descending: yield* Random.nextBoolean }),
    leavesBlankRows: edit({
      op: "insert",
      tab,
      at: 1,
      rows: Array.from({ length: yield* Random.choice([1, 9]) }, () => []),
    }),
    adds: typeIn(fresh, ...rowOf(fresh)),
    // The password is typed later, or never.
    typesHalf: typeIn(fresh, fresh.key, ""),
    typesHalfAsTheBotTakes: Effect.sync(() => {
      world.meanwhile.push(Effect.orDie(typesHalfNow(world, about, fresh)))
    }),
    typesTheRest: Effect.forEach(halfTyped(views, tab), ([row, login]) =>
      edit({ op: "set", tab, row, column: 1, value: `pass-${login}` }),
    ),
    typesAgainInAnotherSpelling: Effect.gen(function* () {
      const { key } = yield* Random.choice([...men, ...women])
      const text = key.toUpperCase()
      yield* typeIn({ resource: "mamba", key, text }, `${text}\u200B`, "pass-again")
    }),
    spellsTheTitleAnew: edit({ op: "rename", tab, title: tab === about ? `${about} ` : about }),
    addsAColumn: Effect.gen(function* () {
      yield* edit({ op: "set", tab, row: 0, column: 2, value: "Заметка" })
      const note = `note-${fresh.key}`
      yield* typeIn({ ...fresh, note }, ...rowOf(fresh), note)
    }),
  }
  yield* yield* Random.choice(Object.values(habits))
}, Effect.orDie)

/** The tab may have another title by the time the bot writes. */
const typesHalfNow = Effect.fnUntraced(function* (world: World, about: string, added: Thing) {
  const tab = titleOf(yield* world.workbooks.view("accounts"), about)
  world.stock.push(added)
  yield* world.workbooks.edit("accounts", { op: "insert", tab, at: 1, rows: [[added.key, ""]] })
})

const titleOf = (views: Tabs, about: string) =>
  views.find(({ title }) => isTitled(title, about))?.title ?? about

const meddle = Effect.fnUntraced(function* (world: World) {
  const times = yield* Random.nextIntBetween(0, 3)
  for (let n = 0; n < times; n += 1) yield* meddleOnce(world)
})

/** The rows of a tab that lack a password, with their logins. */
const halfTyped = (views: Tabs, tab: string) =>
  (views.find(({ title }) => title === tab)?.rows ?? []).flatMap(
    ({ cells: [login = "", password = ""] }, index) =>
      login !== "" && password === "" ? [[index + 1, login] as const] : [],
  )

const thing = (name: string): Thing => {
  const login = `${name}@example.com`
  return { resource: "mamba", key: login, text: login }
}
const rowOf = ({ key }: Thing) => [key, `pass-${key}`]

const men = ["m1", "m2", "m3", "m4"].map(thing)
const women = ["w1", "w2", "w3"].map(thing)

const marks = [
  mark(ivan, "1 ✅ Хороший", /1\.[^]*?✅ Хороший/),
  // Who stopped the bot for too long finds that the timer was first.
  mark(ivan, "2 ⛔ Блок", /2\.[^]*?(⛔ Блок|Хороший \(сам\))/),
  mark(ivan, "2 Да, заменить", /замена для 2|2\.[^]*?Хороший \(сам\)/),
]

export const accounts: Story = {
  name: "accounts",
  stage: {
    resources: ["mamba"],
    // An hour may be taken off.
    startsAt: 86_400_000,
    accounts: [
      { title: "Мамба Муж", rows: [["Логин", "Пароль"], ...men.map(rowOf)], frozen: 1 },
      { title: "Мамба Жен", rows: [["Логин", "Пароль"], ...women.map(rowOf)], frozen: 1 },
    ],
    issued: [{ title: "Заметки", rows: [] }],
    stock: [...men, ...women],
    timerMinutes: 3,
  },
  steps: [order(ivan, "2", "Любой"), order(maria, "1", "Ж"), ...marks],
  whimsical: { replaced: marks, whims: accountWhims },
  meddle,
  isTimeless: true,
  callsAbout: 160,
}
