/**
 * The first steps of a newcomer, one at a time, until all are done or the guide is closed. It names
 * people and resources as the company of the demo does, and can do each step by itself.
 */
import { get, path, post } from "../base/api.js"
import { byId, el } from "../base/dom.js"
import { words } from "../base/language.js"
import { keep, kept } from "../base/memory.js"
import { isAdmin, isLetIn } from "../chat/people.js"
import { advance, canMove } from "./clock.js"

const text = words({
  ru: {
    step: (at, of) => `Шаг ${at} из ${of}`,
    doIt: "Сделать за меня",
    scenes: "К сценам",
    close: "Закрыть подсказку",
    admin: ({ admin }) =>
      `Напишите /start как ${admin}, администратор: тогда бот сможет ей писать.`,
    apply: ({ employee }) => `Напишите /start как ${employee}, потом ответьте рабочим ником.`,
    approve: ({ admin }) => `${admin} получила заявку: нажмите под ней «Одобрить».`,
    take: ({ employee, resource }) =>
      `Возьмите что-нибудь как ${employee}${resource === undefined ? "" : `, например «${resource}»`}: только кнопки.`,
    mark: "Отметьте выданное и нажмите «+10 мин»: бот запишет строку, а молчание сочтёт за «всё хорошо».",
    markOnly:
      "Отметьте выданное: бот сам запишет строку в таблицу, самое позднее через пару минут.",
    last: "Главное вы видели. Теперь трудные случаи: «Сцены» играют их сами.",
  },
  en: {
    step: (at, of) => `Step ${at} of ${of}`,
    doIt: "Do it for me",
    scenes: "To the scenes",
    close: "Close the guide",
    admin: ({ admin }) => `Write /start as ${admin}, the admin: then the bot may write to her.`,
    apply: ({ employee }) => `Write /start as ${employee}, then answer with a work nickname.`,
    approve: ({ admin }) => `${admin} has got a request: press the green button below it.`,
    take: ({ employee, resource }) =>
      `Take something as ${employee}${resource === undefined ? "" : `, for example “${resource}”`}: just press buttons.`,
    mark: "Mark what was issued, then press “+10 min”: the bot writes the row to the sheet, and takes silence for “all is well”.",
    markOnly:
      "Mark what was issued: the bot writes the row to the sheet, in a minute or two at the latest.",
    last: "You have seen what matters. Now the hard cases: the scenes play them for you.",
  },
})

const buttonsOf = ({ chat }) =>
  chat.flatMap(({ messageId, keyboard }) => keyboard.flat().map((key) => ({ messageId, ...key })))
const green = (person) => buttonsOf(person).findLast(({ style }) => style === "success")
const handedOut = ({ pools }, ...places) =>
  pools?.resources.some(({ counts }) => places.some((place) => counts[place] > 0)) ?? false

const adminOf = ({ people }) => people.find(isAdmin)
const employeeOf = ({ people }) => people.find((person) => !isAdmin(person))

const say = (userId, words) => post("/sim/messages", { userId, text: words })
const tap = ({ id }, { messageId, data }) => post("/sim/taps", { userId: id, messageId, data })

/** Asks until the answer passes the test; gives it up after some seconds. */
const waitFor = async (address, test) => {
  for (let tries = 0; tries < 80; tries += 1) {
    const answer = await get(address)
    if (test(answer)) return answer
    await new Promise((resume) => setTimeout(resume, 150))
  }
  return undefined
}
const waitForChat = (id, test) => waitFor(path("chats", id), test)

/** What the first buttons of the menu lead to; the first stock takes the bot a moment. */
const hasStock = ({ resources: [first] }) => first === undefined || first.counts.available > 0

const hasItem = (chat) => buttonsOf({ chat }).some(({ copyText }) => copyText !== undefined)
const stagesMax = 8

/** Presses the first button of each step of the menu, in one message, until it holds an item. */
const takeSomething = async (person) => {
  await waitFor("/sim/pools", hasStock)
  const before = (await get(path("chats", person.id))).at(-1)?.messageId ?? 0
  await say(person.id, "/menu")
  const menuOf = (chat) => chat.find(({ from, messageId }) => from === "bot" && messageId > before)
  let was
  for (let stage = 0; stage < stagesMax; stage += 1) {
    const hasMoved = (chat) =>
      menuOf(chat) !== undefined && JSON.stringify(menuOf(chat).keyboard) !== was
    const chat = await waitForChat(person.id, hasMoved)
    if (chat === undefined || hasItem([menuOf(chat)])) return
    const { messageId, keyboard } = menuOf(chat)
    was = JSON.stringify(keyboard)
    const next = keyboard.flat().find(({ data }) => data !== undefined)
    if (next === undefined) return
    await tap(person, { messageId, data: next.data })
  }
}

const isBotsTurn = (chat) => chat.at(-1)?.from === "bot"

const steps = [
  {
    says: text.admin,
    done: (world) => adminOf(world)?.chat.length > 0,
    act: (world) => say(adminOf(world).id, "/start"),
  },
  {
    says: text.apply,
    done: (world) =>
      world.people.some((each) => !isAdmin(each) && isLetIn(each)) ||
      green(adminOf(world)) !== undefined,
    act: async (world) => {
      const { id, firstName } = employeeOf(world)
      await say(id, "/start")
      await waitForChat(id, isBotsTurn)
      await say(id, `${firstName}.sales`)
    },
  },
  {
    says: text.approve,
    done: ({ people }) => people.some((each) => !isAdmin(each) && isLetIn(each)),
    act: (world) => tap(adminOf(world), green(adminOf(world))),
  },
  {
    says: text.take,
    done: (world) => handedOut(world, "pending", "buffer", "writtenToday"),
    act: (world) => takeSomething(employeeOf(world)),
  },
  {
    says: () => (canMove() ? text.mark : text.markOnly),
    done: (world) => handedOut(world, "writtenToday"),
    act: async (world) => {
      const good = green(employeeOf(world))
      if (good?.data !== undefined) await tap(employeeOf(world), good)
      if (canMove()) await advance(600_000)
    },
  },
]

/** A resource that stands in the menu of the employee, in the words of his bot. */
const resourceOf = (world) => {
  const labels = (world.pools?.resources ?? []).flatMap(({ label }) => Object.values(label))
  const keys = employeeOf(world) === undefined ? [] : buttonsOf(employeeOf(world))
  return labels.find((label) => keys.some((key) => key.text.includes(label)))
}

const isClosed = () => kept("guide") === "closed"

/** `toScenes()` opens the scenes, `changed()` asks the page to show the world anew. */
export const makeGuide = ({ toScenes, changed }) => {
  const bar = byId("guide")
  const dots = el("span", { className: "dots", role: "img" })
  const sentence = el("p", { "aria-live": "polite" })
  const act = el("button", { type: "button", className: "act" })
  const closing = el(
    "button",
    { type: "button", className: "quiet", "aria-label": text.close },
    "×",
  )
  bar.append(dots, sentence, act, closing)
  let closed = isClosed()
  let begun = false
  let world
  let at = 0

  const close = () => {
    closed = true
    keep("guide", "closed")
    bar.hidden = true
  }
  closing.addEventListener("click", close)

  act.addEventListener("click", async () => {
    if (at === steps.length) {
      close()
      return toScenes()
    }
    act.disabled = true
    await Promise.resolve(steps[at].act(world)).catch(() => undefined)
    act.disabled = false
    changed()
  })

  const show = (now) => {
    world = now
    document.body.toggleAttribute(
      "data-fresh",
      world.people.every(({ chat }) => chat.length === 0),
    )
    if (closed || adminOf(world) === undefined || employeeOf(world) === undefined) return
    const open = steps.findIndex(({ done }) => !done(world))
    at = open < 0 ? steps.length : open
    // Somebody who took all the steps before the page was opened needs no guide.
    if (at === steps.length && !begun) return
    begun = true
    bar.hidden = false
    const names = {
      admin: adminOf(world).firstName,
      employee: employeeOf(world).firstName,
      resource: resourceOf(world),
    }
    const said = at === steps.length ? text.last : steps[at].says(names)
    if (sentence.textContent === said) return
    sentence.textContent = said
    act.textContent = at === steps.length ? text.scenes : text.doIt
    dots.setAttribute("aria-label", text.step(Math.min(at + 1, steps.length), steps.length))
    dots.replaceChildren(
      ...steps.map((_, index) =>
        el("i", { className: index < at ? "done" : index === at ? "now" : "" }),
      ),
    )
  }

  const restart = () => {
    closed = false
    // Opened by hand, it shows its last words too.
    begun = true
    keep("guide", undefined)
    changed()
  }

  return { show, restart }
}
