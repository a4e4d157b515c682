/** Where a person writes: shortcuts, the menu of commands, the field. */
import { el, keyed, walkable } from "../base/dom.js"

/** Offered to everybody: what a stranger gets for /menu is worth seeing. */
const always = ["start", "menu"]
const shortcutsMax = 6

/** `say(text)` writes to the bot and tells whether it could, `unblock()` lets the bot in again. */
export const makeCompose = (section, { say, unblock }) => {
  const shortcuts = el("div", { className: "shortcuts", role: "group", "aria-label": "Команды" })
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
      on: { click: () => openMenu() },
    },
    "/",
  )
  const form = el(
    "form",
    { className: "write" },
    menu,
    input,
    el(
      "button",
      { type: "submit", className: "primary", title: "Enter", "aria-label": "Отправить" },
      "➤",
    ),
  )
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const text = input.value.trim()
    if (text !== "") send(completed(input.value))
  })
  const who = el("span")
  const blocked = el(
    "div",
    { className: "blocked", hidden: true },
    who,
    el(
      "button",
      { type: "button", className: "primary", on: { click: () => unblock() } },
      "Разблокировать",
    ),
  )
  section.append(commands, walkable(shortcuts), form, blocked)

  const send = async (text) => {
    input.value = ""
    offerCommands()
    if (!(await say(text)) && input.value === "") input.value = text
  }

  const showCommands = (shown) => {
    commands.hidden = !shown || commands.children.length === 0
    menu.setAttribute("aria-expanded", String(!commands.hidden))
  }

  const openMenu = () => {
    for (const item of commands.children) item.hidden = false
    showCommands(commands.hidden)
  }

  const offerCommands = () => {
    const text = input.value
    const wanted = /^\/\S*$/.test(text)
    for (const item of commands.children) {
      item.hidden = wanted && !item.dataset.command.startsWith(text)
    }
    showCommands(wanted && [...commands.children].some((item) => !item.hidden))
  }

  const typed = (event) => {
    if (event.key === "Escape") showCommands(false)
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  }

  /** A command that was begun is sent whole, as the apps do. */
  const completed = (text) => {
    if (commands.hidden || !/^\/\S+$/.test(text)) return text
    const offered = [...commands.children].filter(({ hidden }) => !hidden)
    const names = offered.map(({ dataset }) => dataset.command)
    return names.length > 0 && !names.includes(text) ? names[0] : text
  }

  const commandItem = ({ command, description }) => {
    const choose = () => {
      send(`/${command}`)
      input.focus()
    }
    return el(
      "button",
      { type: "button", data: { command: `/${command}` }, on: { click: choose } },
      el("b", {}, `/${command}`),
      ` ${description}`,
    )
  }

  const shortcut = (command) =>
    el("button", { type: "button", on: { click: () => say(`/${command}`) } }, `/${command}`)

  const show = (person) => {
    const names = person.commands.map(({ command }) => command)
    const offered = [...new Set([...always, ...names])].slice(0, shortcutsMax)
    keyed(shortcuts, offered, String, shortcut)
    keyed(commands, person.commands, ({ command }) => command, commandItem)
    who.textContent = `${person.firstName}: бот заблокирован`
    blocked.hidden = !person.blocked
    form.hidden = person.blocked
    shortcuts.hidden = person.blocked
  }

  const reset = () => {
    input.value = ""
    showCommands(false)
    input.focus()
  }

  return { show, reset }
}
