/** Elements from data. Text becomes text nodes only: nothing that is shown is ever parsed as HTML. */
import { words } from "./language.js"

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

/** Lets the arrow keys, Home and End walk over the buttons of a strip. */
export const walkable = (strip) => {
  strip.addEventListener("keydown", (event) => {
    const all = [...strip.querySelectorAll("button")]
    const at = all.indexOf(document.activeElement)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (at < 0 || all[to] === undefined) return
    event.preventDefault()
    all[to].focus()
  })
  return strip
}

/**
 * Puts `items` into `parent`, making a new node only for an item that is new or has changed, so
 * that focus, scrolling and revealed spoilers stay. Gives the nodes, in the order of the items.
 *
 * `leave` takes the nodes of items that are no longer there, and removes them when it likes; by
 * default they go at once.
 */
export const keyed = (parent, items, keyOf, make, leave = (node) => node.remove()) => {
  const before = parent.keyedNodes ?? new Map()
  const after = new Map()
  for (const item of items) {
    const key = String(keyOf(item))
    const text = JSON.stringify(item)
    const old = before.get(key)
    after.set(key, old?.text === text ? old : { text, node: make(item) })
  }
  const nodes = [...after.values()].map(({ node }) => node)
  const refocus = focusMover(before, after)
  for (const [key, { node }] of before) {
    const fresh = after.get(key)
    if (fresh === undefined) leave(node)
    else if (fresh.node !== node) node.replaceWith(fresh.node)
  }
  arrange(parent, nodes)
  parent.keyedNodes = after
  refocus()
  return nodes
}

/** Moves only the nodes that stand elsewhere. Nodes that are still leaving stay where they are. */
const arrange = (parent, nodes) => {
  const ours = new Set(nodes)
  let next = parent.firstElementChild
  for (const node of nodes) {
    while (next !== null && !ours.has(next)) next = next.nextElementSibling
    if (next === node) next = next.nextElementSibling
    else parent.insertBefore(node, next)
  }
}

/**
 * Where the focus goes when its node was made anew: to the button with the same words, else to
 * the node itself, so that a second Enter never presses a button that has just appeared.
 */
const focusMover = (before, after) => {
  const focused = document.activeElement
  for (const [key, { node }] of before) {
    const fresh = after.get(key)?.node
    if (fresh === undefined || fresh === node || !node.contains(focused)) continue
    const words = focused.textContent
    return () => {
      const same = [...fresh.querySelectorAll("button")].find((one) => one.textContent === words)
      const target = same ?? fresh
      if (target.tabIndex < 0) target.tabIndex = -1
      target.focus({ preventScroll: true })
    }
  }
  return () => undefined
}

/** The time of the company's zone, in the page's language. It is Moscow's until the company is known. */
const locale = words({ ru: "ru-RU", en: "en-GB" })
const formats = {
  medium: { timeStyle: "medium" },
  short: { timeStyle: "short" },
  day: { day: "numeric", month: "long" },
}
let zone = "Europe/Moscow"
let inZone = {}

/** Sets the zone that all times on the page are told in from now on. */
export const setZone = (timeZone) => {
  zone = timeZone
  inZone = Object.fromEntries(
    Object.entries(formats).map(([name, options]) => [
      name,
      new Intl.DateTimeFormat(locale, { timeZone, hourCycle: "h23", ...options }),
    ]),
  )
}
setZone(zone)

export const clockText = (at) => `${inZone.day.format(at)}, ${inZone.medium.format(at)}`
export const timeText = (at) => inZone.medium.format(at)
export const shortTime = (at) => inZone.short.format(at)
export const dayText = (at) => inZone.day.format(at)

/** A date as sheets have it, whatever the page speaks: dd.mm.yyyy. */
export const dateText = (at) =>
  new Intl.DateTimeFormat("ru-RU", { timeZone: zone, dateStyle: "short" }).format(at)

/** Milliseconds since midnight in the company's zone. */
export const timeOfDay = (at) => {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at)
  const part = (type) => Number(parts.find((each) => each.type === type).value)
  return ((part("hour") * 60 + part("minute")) * 60 + part("second")) * 1_000
}
