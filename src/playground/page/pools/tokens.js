/**
 * Dots that move from place to place as items do: out of the tab into the stock, to the person, to
 * the queue, into the issued tab. They are read off two answers of the bot, one after the other.
 */
import { el } from "../base/dom.js"
import { seen } from "../base/view.js"

/** More dots than this at once tell nobody anything. */
const dotsMax = 5
const stagger = 90
const durationMs = 750

const isCalm = matchMedia("(prefers-reduced-motion: reduce)")

/** What moved between two views: `{ lane, from, to, count }`; a place is a name, or `{ chat }`, or `{ tab }`. */
export const moves = (before, after) => {
  const former = new Map(before.resources.map((each) => [each.id, each]))
  return after.resources.flatMap((resource) => {
    const old = former.get(resource.id)
    return old === undefined ? [] : movesOf(old, resource)
  })
}

const movesOf = (old, now) => {
  const grown = (place) => Math.max(0, now.counts[place] - old.counts[place])
  const added = (list) => now[list].filter(({ id }) => old[list].every((each) => each.id !== id))
  const people = (list) => [...new Set(added(list).map(({ userId }) => userId))]
  const issued = grown("pending")
  const loaded = Math.max(0, now.counts.available - old.counts.available + issued)
  const left = Math.max(0, old.counts.available - now.counts.available - issued - grown("setAside"))
  const flights = [
    { from: "base", to: "available", count: loaded },
    { from: "available", to: "pending", count: issued },
    ...people("pending").map((chat) => ({ from: "pending", to: { chat }, count: 1, later: true })),
    ...people("buffer").map((chat) => ({ from: { chat }, to: "buffer", count: 1 })),
    { from: "pending", to: "buffer", count: grown("buffer") },
    { from: "buffer", to: "writtenToday", count: grown("writtenToday") },
    { from: "writtenToday", to: { tab: now.issuedTab }, count: grown("writtenToday"), later: true },
    { from: "available", to: "base", count: grown("returning") > 0 || left > 0 ? left : 0 },
  ]
  return flights.filter(({ count }) => count > 0).map((flight) => ({ lane: now.id, ...flight }))
}

/** Lets the dots of one move fly over the page. */
export const fly = (section, { lane, from, to, count, later = false }) => {
  if (isCalm.matches || document.hidden) return
  const [start, end] = [centre(nodeOf(section, lane, from)), centre(nodeOf(section, lane, to))]
  if (start === undefined || end === undefined) return
  for (let at = 0; at < Math.min(count, dotsMax); at += 1) {
    flyOne(start, end, (later ? durationMs * 0.8 : 0) + at * stagger)
  }
}

const nodeOf = (section, lane, place) => {
  if (typeof place === "string") {
    return section.querySelector(`[data-lane="${CSS.escape(lane)}"] [data-place="${place}"]`)
  }
  return place.chat === undefined ? tabOf(place.tab) : chatOf(place.chat)
}

/** The newest message of the pane that shows this person. */
const chatOf = (person) => {
  const panes = { left: "section.chat.first", right: "section.chat.second" }
  const standard = { left: "2", right: "1" }
  const name = Object.keys(panes).find((each) => (seen(each) ?? standard[each]) === String(person))
  return name === undefined ? undefined : document.querySelector(panes[name])
}

const tabOf = (title) => {
  const sheets = document.querySelector("section.sheets")
  const tabs = [...sheets.querySelectorAll('[role="tab"]')]
  return tabs.find(({ textContent }) => textContent.startsWith(title)) ?? sheets
}

/** The middle of what is on the screen; nothing where it is not. */
const centre = (node) => {
  if (!node || node.offsetParent === null) return undefined
  const { left, top, width, height } = node.getBoundingClientRect()
  return { x: left + width / 2, y: top + Math.min(height / 2, 400) }
}

const flyOne = (start, end, delay) => {
  const dot = el("i", { className: "token", "aria-hidden": "true" })
  document.body.append(dot)
  // The path bends a little, so that several can be told apart from a line.
  const middle = { x: (start.x + end.x) / 2, y: Math.min(start.y, end.y) - 24 }
  const at = ({ x, y }) => `translate(${x}px, ${y}px)`
  const flight = dot.animate(
    [
      { transform: `${at(start)} scale(0.4)`, opacity: 0 },
      { transform: at(start), opacity: 1, offset: 0.12 },
      { transform: at(middle), opacity: 1, offset: 0.5 },
      { transform: at(end), opacity: 1, offset: 0.88 },
      { transform: `${at(end)} scale(0.4)`, opacity: 0 },
    ],
    { duration: durationMs, delay, easing: "ease-in-out", fill: "both" },
  )
  flight.finished.then(
    () => dot.remove(),
    () => dot.remove(),
  )
}
