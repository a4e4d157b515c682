/** The text of a message with its entities as elements. Offsets count UTF-16 units, as JS does. */
import { el, pressable } from "../base/dom.js"
import { words } from "../base/language.js"
import { icon } from "./icons.js"

const hints = words({
  ru: { copy: "Нажмите, чтобы скопировать", reveal: "Показать", expand: "Показать всё" },
  en: { copy: "Press to copy", reveal: "Show", expand: "Show all" },
})

/** `actions.copy(text)` and `actions.say(text)` do what a tap on code or on a command does. */
export const rendered = (text, entities = [], actions) => {
  const sorted = entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length)
  return nodesBetween(text, 0, text.length, sorted, actions)
}

const nodesBetween = (text, start, end, entities, actions) => {
  const nodes = []
  let at = start
  let index = 0
  while (index < entities.length) {
    const entity = entities[index]
    const stop = Math.min(entity.offset + entity.length, end)
    const inner = []
    index += 1
    while (index < entities.length && entities[index].offset < stop) inner.push(entities[index++])
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset))
    const children = nodesBetween(text, entity.offset, stop, inner, actions)
    nodes.push(wrapped(entity, text.slice(entity.offset, stop), children, actions))
    // A block ends its line by itself: the break after it would be seen as an empty line.
    at = blocks.has(entity.type) && text[stop] === "\n" ? stop + 1 : stop
  }
  if (at < end) nodes.push(text.slice(at, end))
  return nodes
}

const blocks = new Set(["pre", "blockquote", "expandable_blockquote"])

const tags = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  blockquote: "blockquote",
}

const wrapped = (entity, text, children, actions) => {
  const tag = tags[entity.type]
  if (tag !== undefined) return el(tag, {}, ...children)
  switch (entity.type) {
    case "code":
    case "pre":
      return copyable(entity.type === "pre" ? "pre" : "code", text, children, actions)
    case "expandable_blockquote":
      return expandable(children)
    case "spoiler":
      return spoiler(children)
    case "bot_command":
      return pressable(
        el(
          "a",
          { className: "command", role: "button", on: { click: () => actions.say(text) } },
          ...children,
        ),
      )
    case "url":
    case "text_link":
      return link(entity.url ?? text, children)
    default:
      return el("span", {}, ...children)
  }
}

const copyable = (tag, text, children, { copy }) =>
  pressable(
    el(tag, { role: "button", title: hints.copy, on: { click: () => copy(text) } }, ...children),
  )

/** A long quote of which some lines are shown, until it is pressed. */
const expandable = (children) => {
  const more = el(
    "button",
    { type: "button", className: "more", "aria-label": hints.expand, "aria-expanded": "false" },
    icon("down"),
  )
  const node = el("blockquote", { className: "folded" }, ...children, more)
  node.addEventListener("click", ({ target }) => {
    if (target !== node && !more.contains(target)) return
    const folded = node.classList.toggle("folded")
    more.setAttribute("aria-expanded", String(!folded))
  })
  return node
}

/** What it hides is inert until it is revealed, so that a first press copies nothing by chance. */
const spoiler = (children) => {
  const hidden = el("span", { inert: true }, ...children)
  const node = pressable(
    el("span", { className: "spoiler", role: "button", "aria-label": hints.reveal }, hidden),
  )
  node.addEventListener(
    "click",
    () => {
      node.classList.add("open")
      hidden.inert = false
      node.removeAttribute("role")
      node.removeAttribute("aria-label")
      node.tabIndex = -1
    },
    { once: true },
  )
  return node
}

const link = (address, children) => {
  const href = /^https?:\/\//i.test(address) ? address : undefined
  return href === undefined
    ? el("span", {}, ...children)
    : el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children)
}
