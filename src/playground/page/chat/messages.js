/** The messages of one chat, day by day, and where the person has scrolled to. */
import { dayText, el, keyed } from "../base/dom.js"
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

/** So many messages are drawn at first, and with each scroll to the top. */
const pageSize = 100
const nearTop = 300
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

  let person
  /** The messages that are drawn: of a long chat the newest, and older ones as far as was scrolled. */
  let chat = []
  let oldest = 0
  /** What the chat was when it was drawn last. */
  let drawn
  /** The number of the newest message that was seen at the end. */
  let lastSeen = 0
  let atEnd = true

  const toEnd = (smooth = false) => {
    atEnd = true
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: pace(smooth) })
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
    if (scroller.scrollTop < nearTop && chat.length < person.chat.length) showOlder()
  })
  // The field below grows, the window changes, a picture comes: who was at the end stays there.
  const resized = new ResizeObserver(() => atEnd && toEnd())
  resized.observe(scroller)
  resized.observe(list)
  list.addEventListener("keydown", (event) => walkReplies(list, event))
  tellLongPresses(list)

  const show = (next) => {
    const isOther = person?.id !== next.id
    const said = JSON.stringify([next.firstName, next.chat])
    if (!isOther && said === drawn) return
    person = next
    drawn = said
    if (isOther) {
      list.replaceChildren()
      delete list.keyedNodes
    }
    // Whoever is at the end sees the newest. A chat that was emptied counts its messages anew.
    if (isOther || atEnd || numberOf(person.chat, person.chat.length - 1) < oldest) {
      oldest = numberOf(person.chat, person.chat.length - pageSize)
    }
    const newest = isOther ? Infinity : (chat.at(-1)?.messageId ?? 0)
    const nodes = draw()
    for (const node of nodes) {
      if (Number(node.dataset.messageId) > newest) node.classList.add("fresh")
    }
    if (isOther || atEnd) toEnd()
    showDown()
  }

  const draw = () => {
    chat = person.chat.filter(({ messageId }) => messageId >= oldest)
    const days = daysOf(chat)
    const nodes = keyed(list, itemsOf(person, chat, days), keyOf, nodeOf, fade)
    dressAll(nodes, chat, days)
    return nodes
  }

  const nodeOf = (item) => {
    if (item.empty) return starter(person)
    if (item.day !== undefined) return el("li", { className: "day" }, el("span", {}, item.day))
    return messageNode(item, actions)
  }

  /** Draws older messages above those that are there, which stay where they are on the screen. */
  const showOlder = () => {
    const { scrollHeight, scrollTop } = scroller
    oldest = numberOf(person.chat, person.chat.length - chat.length - pageSize)
    draw()
    scroller.scrollTop = scrollTop + scroller.scrollHeight - scrollHeight
  }

  /** Shows a message that is quoted somewhere, and lets it flash. */
  const goTo = (messageId) => {
    if (messageId < oldest) {
      oldest = messageId
      draw()
    }
    const target = list.querySelector(`[data-message-id="${messageId}"]`)
    if (target === null) return
    atEnd = false
    target.scrollIntoView({ block: "center", behavior: pace(true) })
    target.classList.remove("flash")
    // The style has to be worked out in between, or the class would not be seen as a new one.
    void target.offsetWidth
    target.classList.add("flash")
  }

  return { node, show, toEnd, goTo }
}

const calm = matchMedia("(prefers-reduced-motion: reduce)")
const pace = (smooth) => (smooth && !calm.matches ? "smooth" : "instant")

const numberOf = (chat, index) => chat[index]?.messageId ?? 0

const keyOf = ({ empty, key, messageId }) => (empty ? "empty" : (key ?? messageId))

/** The messages with the days between them. What is quoted of a message is part of the item. */
const itemsOf = (person, chat, days) => {
  if (person.chat.length === 0) return [{ empty: true, name: person.firstName }]
  const byNumber = new Map(person.chat.map((message) => [message.messageId, message]))
  return chat.flatMap(({ pending: _, ...message }, index) => {
    const original = byNumber.get(message.replyTo)
    const quoted = original && {
      from: original.from,
      name: person.firstName,
      text: summary(original).slice(0, 120),
    }
    const day = days[index]
    const isNewDay = day !== days[index - 1]
    return [...(isNewDay ? [{ key: `day ${message.messageId}`, day }] : []), { ...message, quoted }]
  })
}

/** No day begins within a quarter of an hour, in no zone: so rarely a time is looked up. */
const quarterMs = 15 * 60_000

/** The day of each message. To look one up takes long, and a chat may hold a thousand. */
const daysOf = (chat) => {
  let quarter
  let day
  return chat.map(({ sentAt }) => {
    const next = Math.floor(sentAt / quarterMs)
    if (next !== quarter) day = dayText(sentAt)
    quarter = next
    return day
  })
}

const dressAll = (nodes, chat, days) => {
  const ofMessages = nodes.filter((node) => node.dataset.messageId !== undefined)
  const isJoined = (index) =>
    index > 0 &&
    index < chat.length &&
    chat[index].from === chat[index - 1].from &&
    chat[index].sentAt - chat[index - 1].sentAt < groupMs &&
    days[index] === days[index - 1]
  chat.forEach(({ pending = false }, index) => {
    dress(ofMessages[index], { first: !isJoined(index), last: !isJoined(index + 1), pending })
  })
  // The reply button of the newest message is in the order of Tab; arrows lead to the others.
  const buttons = ofMessages.map(replyOf)
  for (const button of buttons) button.tabIndex = button === buttons.at(-1) ? 0 : -1
}

const replyOf = (node) => node?.querySelector(".reply")

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
