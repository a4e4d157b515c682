/** The messages of one chat, day by day, and where the person has scrolled to. */
import { dateText, dayText, el, keyed } from "../base/dom.js"
import { words } from "../base/language.js"
import { icon } from "./icons.js"
import { dress, messageNode, summary } from "./message.js"

const text = words({
  ru: { log: "Переписка с ботом", toEnd: "К последним сообщениям", news: (n) => `, новых: ${n}` },
  en: { log: "Chat with the bot", toEnd: "To the newest messages", news: (n) => `, new: ${n}` },
})

/** Messages of one sender that are no further apart stand in one group. */
const groupMs = 10 * 60_000
/** Who is no further from the end, in pixels, sees what comes. */
const nearEnd = 80

/** So long after scrolling the day no longer lies on the messages. */
const restMs = 1_200

/** `actions` are those of a message; `starter(person)` fills an empty chat. */
export const makeMessages = (actions, starter) => {
  const list = el("ol", { className: "messages" })
  const scroller = el(
    "div",
    { className: "scroller", role: "log", tabIndex: 0, "aria-label": text.log },
    list,
  )
  const count = el("span", { className: "badge" })
  const down = el(
    "button",
    { type: "button", className: "round to-end", hidden: true, on: { click: () => toEnd(true) } },
    icon("down"),
    count,
  )
  const node = el("div", { className: "wall" }, scroller, down)

  let chat = []
  /** Whose messages are shown, and the number of the newest that was seen at the end. */
  let shownFor
  let lastSeen = 0
  let atEnd = true

  const toEnd = (smooth = false) => {
    atEnd = true
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" })
  }

  const showDown = () => {
    if (atEnd) lastSeen = chat.at(-1)?.messageId ?? 0
    const news = chat.filter(({ from, messageId }) => from === "bot" && messageId > lastSeen).length
    down.hidden = atEnd
    count.hidden = news === 0
    count.textContent = String(news)
    down.setAttribute("aria-label", text.toEnd + (news > 0 ? text.news(news) : ""))
  }

  let resting
  scroller.addEventListener("scroll", () => {
    scroller.classList.add("scrolling")
    clearTimeout(resting)
    resting = setTimeout(() => scroller.classList.remove("scrolling"), restMs)
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearEnd
    showDown()
  })
  // The field below grows, the window changes, a picture comes: who was at the end stays there.
  const resized = new ResizeObserver(() => atEnd && toEnd())
  resized.observe(scroller)
  resized.observe(list)
  list.addEventListener("keydown", (event) => walkReplies(list, event))
  tellLongPresses(list)

  const show = (person) => {
    const isOther = shownFor !== person.id
    if (isOther) list.replaceChildren()
    if (isOther) delete list.keyedNodes
    shownFor = person.id
    chat = person.chat
    const known = new Set(list.keyedNodes?.keys())
    const nodes = keyed(list, itemsOf(person), keyOf, (item) => nodeOf(item, person), fade)
    if (!isOther) welcome(list, known)
    dressAll(nodes, chat)
    if (isOther || atEnd) toEnd()
    showDown()
  }

  const nodeOf = (item, person) => {
    if (item.empty) return starter(person)
    if (item.day !== undefined) return el("li", { className: "day" }, el("span", {}, item.day))
    return messageNode(item, actions)
  }

  /** Shows a message that is quoted somewhere, and lets it flash. */
  const goTo = (messageId) => {
    const target = list.querySelector(`[data-message-id="${messageId}"]`)
    if (target === null) return
    atEnd = false
    target.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" })
    target.classList.remove("flash")
    void target.offsetWidth
    target.classList.add("flash")
  }

  return { node, show, toEnd, goTo }
}

const calm = matchMedia("(prefers-reduced-motion: reduce)")

const keyOf = ({ empty, key, messageId }) => (empty ? "empty" : (key ?? messageId))

/** The messages with the days between them. What is quoted of a message is part of the item. */
const itemsOf = ({ chat, firstName }) => {
  if (chat.length === 0) return [{ empty: true }]
  const byNumber = new Map(chat.map((message) => [message.messageId, message]))
  const items = []
  let day
  for (const { pending: _, ...message } of chat) {
    const date = dateText(message.sentAt)
    if (date !== day) items.push({ key: `day ${date}`, day: dayText(message.sentAt) })
    day = date
    const original = byNumber.get(message.replyTo)
    const quoted = original && {
      from: original.from,
      name: firstName,
      text: summary(original).slice(0, 120),
    }
    items.push({ ...message, quoted })
  }
  return items
}

const dressAll = (nodes, chat) => {
  const ofMessages = nodes.filter((node) => node.dataset.messageId !== undefined)
  chat.forEach((message, index) => {
    dress(ofMessages[index], {
      first: !areJoined(chat[index - 1], message),
      last: !areJoined(message, chat[index + 1]),
      pending: message.pending === true,
    })
  })
  // The reply button of the newest message is in the order of Tab; arrows lead to the others.
  setTabStop(ofMessages)
}

const areJoined = (one, next) =>
  one !== undefined &&
  next !== undefined &&
  one.from === next.from &&
  next.sentAt - one.sentAt < groupMs &&
  dateText(one.sentAt) === dateText(next.sentAt)

const replyOf = (node) => node?.querySelector(".reply")

const setTabStop = (nodes) => {
  nodes.forEach((node, index) => (replyOf(node).tabIndex = index === nodes.length - 1 ? 0 : -1))
}

const walkReplies = (list, event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
  const from = document.activeElement.closest(".message")
  if (step === undefined || !document.activeElement.matches(".reply")) return
  event.preventDefault()
  const all = [...list.querySelectorAll(".message:not(.leaving)")]
  replyOf(all[all.indexOf(from) + step])?.focus()
}

/** Safari on a phone does not tell a long press; here it asks for a menu, as in other browsers. */
const tellLongPresses = (list) => {
  let timer
  list.addEventListener("pointerdown", ({ pointerType, target, clientX, clientY }) => {
    if (pointerType !== "touch") return
    const asked = { bubbles: true, cancelable: true, clientX, clientY }
    timer = setTimeout(() => target.dispatchEvent(new MouseEvent("contextmenu", asked)), longMs)
  })
  for (const end of ["pointerup", "pointercancel", "contextmenu"]) {
    list.addEventListener(end, () => clearTimeout(timer))
  }
}
const longMs = 600

/** Lets what has just come slide in. */
const welcome = (list, known) => {
  for (const [key, { node }] of list.keyedNodes) {
    if (!known.has(key)) node.classList.add("fresh")
  }
}

/** Lets a deleted message fade before it goes. */
const fade = (node) => {
  if (calm.matches || !node.isConnected) return node.remove()
  node.classList.add("leaving")
  node.inert = true
  node.setAttribute("aria-hidden", "true")
  const height = `${node.offsetHeight}px`
  const frames = [
    { height, opacity: 1 },
    { height, opacity: 0, transform: "scale(0.9)", offset: 0.6 },
    { height: 0, margin: 0, padding: 0, opacity: 0 },
  ]
  node
    .animate(frames, { duration: 350, easing: "ease-in-out" })
    .finished.finally(() => node.remove())
}
