/** The commands of the bot, as a list over the field that narrows while a person types one. */
import { el, keyed } from "../base/dom.js"
import { words } from "../base/language.js"
import { botAvatar } from "./header.js"

const text = words({ ru: { commands: "Команды бота" }, en: { commands: "Commands of the bot" } })

let lists = 0

/** `choose(command)` is told what a person picked: `/start`. */
export const makeCommands = (choose) => {
  lists += 1
  const id = `commands-${lists}`
  const node = el("div", {
    id,
    className: "commands",
    role: "listbox",
    tabIndex: 0,
    "aria-label": text.commands,
    hidden: true,
    on: { keydown: (event) => walk(event) },
  })
  let all = []
  let offered = []
  let at = 0

  const isOpen = () => !node.hidden

  const draw = () => {
    const items = offered.map((command, index) => ({ ...command, now: index === at }))
    keyed(node, items, ({ command }) => command, commandRow)
    node.hidden = offered.length === 0
    const current = node.children[at]
    if (current === undefined) node.removeAttribute("aria-activedescendant")
    else node.setAttribute("aria-activedescendant", current.id)
    current?.scrollIntoView({ block: "nearest" })
  }

  const commandRow = ({ command, description, now }) =>
    el(
      "div",
      {
        id: `${id}-${command}`,
        className: "command-row",
        role: "option",
        "aria-selected": String(now),
        on: { click: () => choose(`/${command}`) },
      },
      botAvatar(),
      el("b", {}, `/${command}`),
      el("span", { className: "faint" }, description),
    )

  /** Opens with the commands that begin so: all of them for an empty text. */
  const offer = (begun = "") => {
    offered = all.filter(({ command }) => `/${command}`.startsWith(begun))
    // A command that is written out is meant, even where a longer one stands above it.
    at = Math.max(
      offered.findIndex(({ command }) => `/${command}` === begun),
      0,
    )
    draw()
  }

  const close = () => {
    offered = []
    node.hidden = true
  }

  /** Takes arrows, Enter and Esc while the list is open, and tells whether it took the key. */
  const walk = (event) => {
    if (!isOpen()) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      at = (at + step + offered.length) % offered.length
      draw()
    } else if (event.key === "Enter" && !event.shiftKey) choose(`/${offered[at].command}`)
    else if (event.key === "Escape") close()
    else return false
    event.preventDefault()
    return true
  }

  const show = (commands) => {
    all = commands
    if (!isOpen()) return
    offered = offered.filter((one) => commands.some(({ command }) => command === one.command))
    draw()
  }

  return { node, show, offer, close, walk, isOpen, current: () => node.children[at]?.id }
}
