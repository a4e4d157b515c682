/** The text of a message with its entities as elements. Offsets count UTF-16 units, as JS does. */
import { el, pressable } from "../base/dom.js"

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
    at = stop
  }
  if (at < end) nodes.push(text.slice(at, end))
  return nodes
}

const tags = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
}

const wrapped = (entity, text, children, actions) => {
  const tag = tags[entity.type]
  if (tag !== undefined) return el(tag, {}, ...children)
  switch (entity.type) {
    case "code":
    case "pre":
      return copyable(entity.type === "pre" ? "pre" : "code", text, children, actions)
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
    el(
      tag,
      { role: "button", title: "Нажмите, чтобы скопировать", on: { click: () => copy(text) } },
      ...children,
    ),
  )

const spoiler = (children) => {
  const node = el("span", { className: "spoiler", role: "button", title: "Показать" }, ...children)
  node.addEventListener(
    "click",
    (event) => {
      if (node.classList.contains("open")) return
      event.stopPropagation()
      node.classList.add("open")
      node.removeAttribute("title")
    },
    { capture: true },
  )
  return pressable(node)
}

const link = (address, children) => {
  const href = /^https?:\/\//i.test(address) ? address : undefined
  return href === undefined
    ? el("span", {}, ...children)
    : el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children)
}
