/** One pane: the app of one person, who is chosen on top of it. */
import { get, path, post } from "../base/api.js"
import { makeCompose } from "./compose.js"
import { byId, el, keyed, walkable } from "../base/dom.js"
import { bubble } from "./message.js"
import { hasNews, isAdmin, markSeen } from "./people.js"

/** Real time, as long as the app of a person would wait. */
const patienceMs = 15_000

export const makeChat = (section, startWith, changed) => {
  let userId = startWith
  let user
  let taps = []
  /** What the person wrote and nobody has deleted yet. */
  let written = []

  const persons = walkable(el("div", { className: "persons", role: "tablist" }))
  const block = el(
    "button",
    { type: "button", className: "quiet", on: { click: () => setBlocked(true) } },
    "⊘",
  )
  const messages = el("ol", { className: "messages", "aria-live": "polite" })
  const toast = el("div", { className: "toast", role: "status", hidden: true })
  const frame = el("div", { className: "frame" }, messages, toast)
  section.append(el("header", {}, persons, block), frame)

  let hiding
  const notify = (text) => {
    toast.textContent = text
    toast.hidden = false
    clearTimeout(hiding)
    hiding = setTimeout(() => (toast.hidden = true), 4_000)
  }

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text)
      notify(`Скопировано: ${text}`)
    } catch {
      notify("Браузер не разрешил скопировать")
    }
  }

  const toEnd = () => (messages.scrollTop = messages.scrollHeight)

  const say = async (text) => {
    const said = await post("/sim/messages", { userId, text })
    if (said !== undefined) written.push(said.messageId)
    toEnd()
    changed()
    return said !== undefined
  }

  const setBlocked = async (blocked) => {
    await post("/sim/blocks", { userId, blocked })
    changed()
  }

  const compose = makeCompose(section, { say, unblock: () => setBlocked(false) })

  const press = async (button, messageId, data) => {
    button.classList.add("waiting")
    const tapped = await post("/sim/taps", { userId, messageId, data })
    if (tapped === undefined) return button.classList.remove("waiting")
    taps.push({ id: tapped.callbackQueryId, name: user.firstName, button, since: Date.now() })
    changed()
  }

  const settleTaps = async () => {
    for (const tap of taps.slice()) {
      const answer = await get(path("callbacks", tap.id)).catch(() => ({ answered: true }))
      if (!answer.answered && Date.now() - tap.since < patienceMs) continue
      taps = taps.filter((other) => other !== tap)
      tap.button.classList.remove("waiting")
      if (!answer.answered) notify("Бот не ответил на нажатие")
      else if (answer.showAlert && answer.text) showAlert(tap.name, answer.text)
      else if (answer.text) notify(answer.text)
    }
  }

  const showPersons = (people) => {
    keyed(
      persons,
      people.map((person) => ({
        id: person.id,
        label: isAdmin(person) ? `${person.firstName} · админ` : person.firstName,
        chosen: person.id === userId,
        news: hasNews(person),
      })),
      ({ id }) => id,
      ({ id, label, chosen, news }) =>
        el(
          "button",
          {
            type: "button",
            role: "tab",
            className: news ? "news" : "",
            "aria-selected": String(chosen),
            title: news ? "Новое сообщение от бота" : `Telegram ID ${id}`,
            on: { click: () => choose(id) },
          },
          label,
        ),
    )
  }

  /** Tells that the bot deleted a message; in the app of a person it would just vanish. */
  const tellDeleted = ({ chat }) => {
    const ids = chat.filter(({ from }) => from === "user").map(({ messageId }) => messageId)
    const isGone = chat.length > 0 && written.some((id) => !ids.includes(id))
    written = ids
    if (isGone) notify("Бот удалил ваше сообщение из чата")
  }

  const choose = (id) => {
    userId = id
    written = []
    keyed(
      messages,
      [],
      () => "",
      () => undefined,
    )
    compose.reset()
    changed()
  }

  /** Whether the pane is on the screen: a narrow window has no room for it. */
  const isOnScreen = () => section.offsetParent !== null

  const show = async (people) => {
    user = people.find(({ id }) => id === userId) ?? people[0]
    if (user === undefined) return
    userId = user.id
    if (isOnScreen()) markSeen(user)
    block.title = `${user.firstName}: заблокировать бота`
    block.setAttribute("aria-label", block.title)
    block.hidden = user.blocked || user.chat.length === 0
    const fresh = messages.children.length === 0
    const atEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 80
    const items = user.chat.length > 0 ? user.chat : [{ messageId: "start" }]
    keyed(
      messages,
      items,
      ({ messageId }) => `${userId} ${messageId}`,
      (message) =>
        message.from === undefined ? starter(user) : bubble(message, { copy, say, press }),
    )
    if (fresh || atEnd) toEnd()
    tellDeleted(user)
    compose.show(user)
    await settleTaps()
  }

  const starter = (person) =>
    el(
      "li",
      { className: "starter" },
      el("p", {}, el("b", {}, `Вы пишете как ${person.firstName}.`)),
      el(
        "p",
        {},
        isAdmin(person)
          ? "Администратору приходят заявки на доступ и сообщения о неполадках. Чтобы бот мог ему писать, начните первым:"
          : "Сотрудник получает доступ по заявке: бот спросит рабочий ник, администратор одобрит. Начните так:",
      ),
      el(
        "button",
        { type: "button", className: "primary", on: { click: () => say("/start") } },
        "/start",
      ),
    )

  return { show, showPersons, choose }
}

const showAlert = (name, text) => {
  const dialog = byId("alert")
  dialog.querySelector("h2").textContent = `Бот — ${name}`
  dialog.querySelector("p").textContent = text
  if (!dialog.open) dialog.showModal()
}
