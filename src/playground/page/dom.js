/** Elements from data. Text becomes text nodes only: nothing that is shown is ever parsed as HTML. */

/**
 * `props` are properties of the element, except: `on` (listeners), `data` (dataset) and names
 * with a dash or `role` (attributes). Children are strings, nodes or nothing.
 */
export const el = (tag, props = {}, ...children) => {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined) continue
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener)
    } else if (name === "data") Object.assign(node.dataset, value)
    else if (name.includes("-") || name === "role") node.setAttribute(name, value)
    else node[name] = value
  }
  node.append(...children.filter((child) => child !== undefined && child !== null))
  return node
}

export const byId = (id) => document.getElementById(id)

/** Makes Enter and the space bar do on any element what a click does. */
export const pressable = (node) => {
  node.tabIndex = 0
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    node.click()
  })
  return node
}

/**
 * Puts `items` into `parent`, making a new node only for an item that is new or has changed, so
 * that focus, scrolling and revealed spoilers stay.
 */
export const keyed = (parent, items, keyOf, make) => {
  const before = parent.keyedNodes ?? new Map()
  const after = new Map()
  for (const item of items) {
    const key = String(keyOf(item))
    const text = JSON.stringify(item)
    const old = before.get(key)
    after.set(key, old?.text === text ? old : { text, node: make(item) })
  }
  const nodes = [...after.values()].map(({ node }) => node)
  const shown = [...parent.children]
  if (nodes.length !== shown.length || nodes.some((node, index) => node !== shown[index])) {
    for (const node of shown) if (!nodes.includes(node)) node.remove()
    nodes.forEach((node, index) => {
      if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null)
    })
  }
  parent.keyedNodes = after
}

const moscow = { timeZone: "Europe/Moscow", hourCycle: "h23" }
const timeFormat = new Intl.DateTimeFormat("ru-RU", { ...moscow, timeStyle: "medium" })
const shortFormat = new Intl.DateTimeFormat("ru-RU", { ...moscow, timeStyle: "short" })
const dayFormat = new Intl.DateTimeFormat("ru-RU", { ...moscow, day: "numeric", month: "long" })
export const clockText = (at) => `${dayFormat.format(at)}, ${timeFormat.format(at)}`
export const timeText = (at) => timeFormat.format(at)
export const shortTime = (at) => shortFormat.format(at)
