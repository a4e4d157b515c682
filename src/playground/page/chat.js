/** One pane: the app of one person, who is chosen on top of it. */
import { get, path, post } from "./api.js"
import { byId, el, keyed } from "./dom.js"
import { bubble } from "./message.js"

/** Real time, as long as the app of a person would wait. */
const patienceMs = 15_000

export const makeChat = (section, startWith, changed) => {
  let userId = startWith
  let user
  let taps = []

  const persons = el("div", { className: "persons", role: "tablist" })
  const block = el("button", {
    type: "button",
    className: "quiet",
    on: { click: () => toggleBlock() },
  })
  const messages = el("ol", { className: "messages", "aria-live": "polite" })
  const toast = el("div", { className: "toast", role: "status", hidden: true })
  const commands = el("div", { className: "commands", hidden: true })
  const input = el("textarea", {
    rows: 1,
    placeholder: "Сообщение",
    "aria-label": "Сообщение боту",
    on: { keydown: (event) => typed(event), input: () => offerCommands() },
  })
  const menu = el(
    "button",
    {
      type: "button",
      title: "Команды бота",
      "aria-label": "Команды бота",
      "aria-expanded": "false",
    },
    "/",
  )
  menu.addEventListener("click", () => showCommands(commands.hidden))
  const form = el(
    "form",
    { className: "write" },
    menu,
    input,
    el("button", { type: "submit", className: "primary", title: "Отправить (Enter)" }, "➤"),
  )
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const text = input.value
    if (text.trim() === "") return
    input.value = ""
    offerCommands()
    say(text)
  })
  section.append(el("header", {}, persons, block), messages, toast, commands, form)

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

  const say = async (text) => {
    await post("/sim/messages", { userId, text })
    messages.scrollTop = messages.scrollHeight
    changed()
  }

  const toggleBlock = async () => {
    await post("/sim/blocks", { userId, blocked: user?.blocked !== true })
    changed()
  }

  const showCommands = (shown) => {
    commands.hidden = !shown
    menu.setAttribute("aria-expanded", String(shown))
  }

  const offerCommands = () => {
    const typedText = input.value
    const wanted = /^\/\S*$/.test(typedText)
    for (const item of commands.children) {
      item.hidden = wanted && !item.dataset.command.startsWith(typedText)
    }
    showCommands(wanted && [...commands.children].some((item) => !item.hidden))
  }

  const typed = (event) => {
    if (event.key === "Escape") showCommands(false)
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  }

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

  const showPersons = (users) => {
    keyed(
      persons,
      users.map(({ id, firstName }) => ({ id, firstName, chosen: id === userId })),
      ({ id }) => id,
      ({ id, firstName, chosen }) =>
        el(
          "button",
          {
            type: "button",
            role: "tab",
            "aria-selected": String(chosen),
            title: `Telegram ID ${id}`,
            on: { click: () => choose(id) },
          },
          id === 1 ? `${firstName} · админ` : firstName,
        ),
    )
  }

  const choose = (id) => {
    userId = id
    keyed(
      messages,
      [],
      () => "",
      () => undefined,
    )
    showCommands(false)
    changed()
    input.focus()
  }

  const show = async (users) => {
    user = users.find(({ id }) => id === userId) ?? users[0]
    if (user === undefined) return
    userId = user.id
    showPersons(users)
    block.textContent = user.blocked ? "Разблокировать бота" : "Заблокировать бота"
    const shownFor = userId
    const [chat, menuItems] = await Promise.all([
      get(path("chats", userId)),
      get(path("commands", userId)),
    ])
    if (shownFor !== userId) return
    const atEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 80
    const items = chat.length > 0 ? chat : [{ messageId: `start ${userId}` }]
    keyed(
      messages,
      items,
      ({ messageId }) => `${userId} ${messageId}`,
      (message) => (message.from === undefined ? starter() : bubble(message, { copy, say, press })),
    )
    if (atEnd) messages.scrollTop = messages.scrollHeight
    keyed(commands, menuItems, ({ command }) => command, commandItem)
    await settleTaps()
  }

  const starter = () =>
    el(
      "li",
      { className: "starter" },
      el("p", {}, "Здесь пока пусто."),
      el(
        "button",
        { type: "button", className: "primary", on: { click: () => say("/start") } },
        "Начать",
      ),
    )

  const commandItem = ({ command, description }) => {
    const send = () => {
      input.value = ""
      showCommands(false)
      say(`/${command}`)
      input.focus()
    }
    const item = el(
      "button",
      { type: "button", on: { click: send } },
      el("b", {}, `/${command}`),
      ` ${description}`,
    )
    item.dataset.command = `/${command}`
    return item
  }

  return { show, choose }
}

const showAlert = (name, text) => {
  const dialog = byId("alert")
  dialog.querySelector("h2").textContent = `Бот — ${name}`
  dialog.querySelector("p").textContent = text
  dialog.showModal()
}
