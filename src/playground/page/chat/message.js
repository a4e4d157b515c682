/** One message as Telegram shows it: a bubble, and the buttons under it. */
import { clockText, el, pressable, shortTime } from "../base/dom.js"
import { words } from "../base/language.js"
import { fileLink, photoButton } from "./attachments.js"
import { rendered } from "./entities.js"
import { botName } from "./header.js"
import { icon, ticks } from "./icons.js"

const text = words({
  ru: {
    edited: "изменено",
    sent: "Отправлено: бот ещё не взял",
    taken: "Бот получил",
    reply: "Ответить",
    forwarded: "Переслано от",
    gone: "Удалённое сообщение",
    goTo: "К сообщению",
    copies: "Копирует, не спрашивая бота",
    opens: "Ссылка",
    picture: "Картинка",
  },
  en: {
    edited: "edited",
    sent: "Sent: the bot has not taken it yet",
    taken: "The bot has it",
    reply: "Reply",
    forwarded: "Forwarded from",
    gone: "Deleted message",
    goTo: "To the message",
    copies: "Copies without asking the bot",
    opens: "Link",
    picture: "Picture",
  },
})

/**
 * `actions` are what a person can do with a message: `press(messageId, data)` a button, `reply`
 * and `menu` to it, `open` its picture, `goTo` the message that it answers, `copy` and `say` a text.
 */
export const messageNode = (message, actions) => {
  const { messageId, from, keyboard, sticker, photo } = message
  const classes = ["message", from]
  if (keyboard.length > 0) classes.push("with-keys")
  if (sticker !== undefined) classes.push("with-sticker")
  if (photo !== undefined) classes.push("with-photo")
  if (photo !== undefined && message.text === "") classes.push("bare")
  return el(
    "li",
    {
      className: classes.join(" "),
      data: { messageId },
      on: { contextmenu: (event) => actions.menu(message, event) },
    },
    el(
      "div",
      { className: "bubble" },
      forwardedFrom(message),
      quote(message, actions),
      photo && photoButton(photo, message.text, actions.open),
      message.document && fileLink(message.document),
      body(message, actions),
      replyButton(message, actions),
    ),
    ...keyboard.map((row) =>
      el("div", { className: "keys" }, ...row.map((key) => keyButton(messageId, key, actions))),
    ),
  )
}

/**
 * What depends on the messages around it, and on the bot, without making the node anew: `first`
 * and `last` of a group of one sender, `pending` while the bot has not taken it.
 */
export const dress = (node, { first, last, pending }) => {
  node.classList.toggle("first", first)
  node.classList.toggle("last", last)
  node.classList.toggle("pending", pending)
  const mark = node.querySelector(".mark")
  const label = pending ? text.sent : text.taken
  if (mark === null || mark.title === label) return
  mark.title = label
  mark.setAttribute("aria-label", label)
}

/** What a reply, or the field to write one in, says of the message that it answers. */
export const summary = (message) => {
  if (message === undefined) return text.gone
  const { sticker, photo, document: file } = message
  return message.text || (sticker?.emoji ?? file?.name ?? (photo === undefined ? "" : text.picture))
}

const body = (message, actions) => {
  if (message.sticker !== undefined) {
    return el(
      "div",
      { className: "text" },
      el("span", { className: "sticker" }, message.sticker.emoji),
      stamp(message),
    )
  }
  return el(
    "div",
    { className: "text" },
    ...rendered(message.text, message.entities, actions),
    stamp(message),
  )
}

const replyButton = (message, { reply }) =>
  el(
    "button",
    {
      type: "button",
      className: "round reply",
      title: text.reply,
      "aria-label": text.reply,
      tabIndex: -1,
      on: { click: () => reply(message) },
    },
    icon("reply"),
  )

const stamp = ({ from, sentAt, editedAt }) =>
  el(
    "span",
    { className: "stamp", title: clockText(editedAt ?? sentAt) },
    editedAt === undefined ? undefined : `${text.edited} `,
    shortTime(sentAt),
    from === "user" ? el("span", { className: "mark", role: "img" }, ticks()) : undefined,
  )

const forwardedFrom = ({ forwardedFrom: name }) =>
  name === undefined
    ? undefined
    : el("div", { className: "forwarded" }, text.forwarded, " ", el("b", {}, name))

const quote = ({ replyTo, quoted }, { goTo }) => {
  if (replyTo === undefined) return undefined
  const node = el(
    "div",
    { className: "quote" },
    quoted && el("b", {}, quoted.from === "bot" ? botName : quoted.name),
    el("span", {}, quoted?.text ?? text.gone),
  )
  if (quoted === undefined) return node
  node.setAttribute("role", "button")
  node.title = text.goTo
  node.addEventListener("click", () => goTo(replyTo))
  return pressable(node)
}

const keyButton = (messageId, { text: label, data, copyText, url, style }, { copy, press }) => {
  const className = `key ${style ?? ""}`
  if (url !== undefined) return linkButton(label, url, className)
  const click = () => {
    if (copyText !== undefined) copy(copyText)
    else if (data !== undefined) press(messageId, data)
  }
  return el(
    "button",
    {
      type: "button",
      className,
      data: data === undefined ? {} : { data },
      title: copyText === undefined ? undefined : text.copies,
      on: { click },
    },
    label,
    copyText === undefined ? el("span", { className: "spinner" }) : icon("copy"),
  )
}

const linkButton = (label, url, className) =>
  el(
    "a",
    {
      className,
      href: /^(https?|tg):/i.test(url) ? url : undefined,
      target: "_blank",
      rel: "noopener noreferrer",
      title: `${text.opens}: ${url}`,
    },
    label,
    icon("link"),
  )
