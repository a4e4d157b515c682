/**
 * An evening with mail, numbers and proxies, a midnight, and numbers of the new day.
 *
 * Numbers of the day are taken, the admin lets older ones out and keeps them back again, and what
 * is left of the day goes back to its tab when the day is over.
 */
import { Effect, Random } from "effect"
import { ru } from "../../src/bot/texts/ru.ts"
import type { CellInput } from "../../src/playground/spreadsheets/Seed.ts"
import { addProxy, letTimeOut, proxy, proxyHeader, reserveProxy, takeProxy } from "./proxySteps.ts"
import type { Story } from "./Story.ts"
import { type Message, press, sees, type Step, toMenu, waitUntil } from "./steps.ts"
import { proxyWhims } from "./whims.ts"
import { admin, ivan, maria, type Thing, type World } from "./World.ts"

/** 23:44 in Moscow. */
const startsAt = Date.UTC(2026, 10, 22, 20, 44)
const afterMidnight = Date.UTC(2026, 10, 22, 21, 1)
const [yesterday, today, tomorrow] = ["21.11.2026", "22.11.2026", "23.11.2026"]

const mail = (login: string): Thing => ({ resource: "gmail", key: login, text: login })
const mailRow = ({ key }: Thing) => [key, `pass-${key}`]
const mails = ["g1@gmail.com", "x2@example.com", "g3@gmail.com", "x4@example.com"].map(mail)

const number = (date: CellInput, text: string): Thing => ({
  resource: "number",
  key: text.replaceAll(/\D/g, "").replace(/^8(?=9\d{9}$)/, "7"),
  text,
  row: [date, text],
})
const rowOf = ({ row = [] }: Thing) => row

/** As people keep them: dates as dates and as texts, numbers in several ways of writing. */
const numbers = [
  number({ date: yesterday }, "79000002001"),
  number(yesterday, "+7 900 000-20-02"),
  number({ date: today }, "79000002003"),
  number(today, "8 (900) 000-20-04"),
  number("вчера", "79000002005"),
  number({ date: today }, "79000002006"),
  number({ date: today }, "79000002007"),
  number({ date: today }, "+7 900 000-20-08"),
  number(today, "79000002009"),
  number({ date: tomorrow }, "79000002010"),
  number(tomorrow, "79000002011"),
]
const ofTomorrow = [
  number({ date: tomorrow }, "79000002101"),
  number(tomorrow, "79000002102"),
  number({ date: tomorrow }, "8 900 000 21 03"),
]

/** Typed into the registry by hand, so without an ID. */
const proxies = ["192.0.2.21", "192.0.2.22"].map((host) => proxy(host))
const proxyRow = ({ line }: ReturnType<typeof proxy>) => [
  line,
  "socks5",
  "DE",
  { date: "30.11.2026" },
]

/** The newest batch of these stands below `from`, so that a second order is told from the first. */
const batches = (userId: number, label: string) => (world: World) =>
  Effect.map(world.chats.chat(userId), (chat) =>
    chat.filter(({ from, text }) => from === "bot" && text.includes(label)),
  )

/** Wherever the wizard stands, its next button; where it ended in nothing, from the menu again. */
const order = (
  userId: number,
  name: string,
  count: number,
  buttons: ReadonlyArray<string>,
): Step => ({
  name: `${userId} orders ${name}`,
  done: (world) => Effect.map(batches(userId, name)(world), ({ length }) => length >= count),
  act: press(userId, buttons, toMenu(userId)),
})

const orderMail = (userId: number, variant: string) =>
  order(userId, "Логин:", 1, [variant, "1", "495", "Gmail", "Почты"])

/** `count`: so many batches of numbers the person has afterwards. */
const orderNumbers = (userId: number, count: number, quantity: string) => {
  const ticks = ["⬜ Beboo", "⬜ Табор", ru.wizard.next]
  return order(userId, "Номер:", count, [quantity, "495", ...ticks, "Номера"])
}

const mark = (userId: number, label: string, isDone: (message: Message) => boolean): Step => ({
  name: `${userId} presses ${label}`,
  done: sees(userId, isDone),
  act: press(userId, [label]),
})

/** `label` stands on the newest screen of the mode, and what it then says. */
const switchMode = (label: string, says: string): Step => ({
  name: `the admin presses ${label}`,
  done: ({ chats }) =>
    Effect.map(
      chats.chat(admin),
      (chat) =>
        chat
          .findLast(({ from, text }) => from === "bot" && text.includes(ru.admin.todayOnly.title))
          ?.text.includes(says) === true,
    ),
  act: press(admin, [label], ({ chats }) => chats.say(admin, "/numbers_today_mod")),
})

const addNumbers = (things: ReadonlyArray<Thing>): Step => ({
  name: "somebody types numbers",
  done: ({ stock }) => Effect.sync(() => things.every((thing) => stock.includes(thing))),
  act: (world) => Effect.orDie(type(world, things)),
})

const type = ({ stock, workbooks }: World, things: ReadonlyArray<Thing>) => {
  stock.push(...things)
  return workbooks.edit("accounts", { op: "append", tab: "Номера", rows: things.map(rowOf) })
}

/**
 * Blank rows on top, mail and proxies in any order; numbers stay in theirs, since people keep
 * those by days.
 */
const meddle = Effect.fnUntraced(function* ({ workbooks, inserted }: World) {
  const edit = (spreadsheet: string, one: Parameters<typeof workbooks.edit>[1]) =>
    Effect.orDie(workbooks.edit(spreadsheet, one))
  const descending = yield* Random.nextBoolean
  switch (yield* Random.nextIntBetween(0, 8)) {
    case 0:
      // Not in every run, for in such a run the order of the rows is not looked at.
      if ((yield* Random.nextIntBetween(0, 3)) > 0) return
      inserted.add("Номера")
      return yield* edit("accounts", { op: "insert", tab: "Номера", at: 1, rows: [[]] })
    case 1:
      return yield* edit("accounts", { op: "sort", tab: "Gmail", column: 0, descending })
    case 2:
      return yield* edit("issued", { op: "sort", tab: "Прокси", column: 0, descending })
    case 3:
      return yield* edit("issued", { op: "insert", tab: "Прокси", at: 1, rows: [[]] })
    default:
      return undefined
  }
})

const added = addProxy(maria, proxy("192.0.2.23"))

export const midnight: Story = {
  name: "midnight",
  stage: {
    resources: ["gmail", "number", "proxy"],
    startsAt,
    accounts: [
      { title: "Gmail", rows: [["Почта", "Пароль"], ...mails.map(mailRow)], frozen: 1 },
      { title: "Номера", rows: [["Дата", "Номер"], ...numbers.map(rowOf)], frozen: 1 },
    ],
    issued: [{ title: "Прокси", rows: [proxyHeader, ...proxies.map(proxyRow)], frozen: 1 }],
    stock: [...mails, ...numbers, ...proxies],
    timerMinutes: 5,
  },
  steps: [
    orderMail(ivan, "gmail.com"),
    orderMail(maria, "Любые"),
    orderNumbers(ivan, 1, "2"),
    orderNumbers(maria, 1, "1"),
    mark(ivan, "1 🔄 Сброс", ({ text }) => /1\.[^]*?(🔄 Сброс|Рабочий \(сам\))/.test(text)),
    mark(ivan, "1 Да, заменить", ({ text }) => /замена для 1|1\.[^]*?Рабочий \(сам\)/.test(text)),
    switchMode("Выключить", "Режим выключен"),
    orderNumbers(maria, 2, "1"),
    switchMode("Включить", "Режим включён"),
    reserveProxy(ivan, "VK"),
    takeProxy(maria, "VK"),
    added,
    letTimeOut(ivan),
    takeProxy(ivan, "Mamba"),
    waitUntil("midnight", afterMidnight, 60),
    addNumbers(ofTomorrow),
    orderNumbers(ivan, 2, "1"),
  ],
  whimsical: { replaced: [added], whims: proxyWhims },
  meddle,
  isTimeless: false,
  callsAbout: 740,
}

/** For people who do not wait: they are done with the evening in half the time. */
export const lateEvening: Story = {
  ...midnight,
  stage: { ...midnight.stage, startsAt: startsAt + 7 * 60_000 },
}
