/** Where a person writes: the menu of commands, the field, what he answers or edits. */
import { el, keyed } from "../base/dom.js"
import { words } from "../base/language.js"
import { makeAttach } from "./attach.js"
import { makeCommands } from "./commands.js"
import { botName } from "./header.js"
import { icon } from "./icons.js"
import { summary } from "./message.js"

const text = words({
  ru: {
    menu: "Меню",
    message: "Сообщение",
    label: (name) => `Сообщение боту от имени ${name}`,
    send: "Отправить",
    save: "Сохранить",
    edit: "Изменить сообщение",
    cancel: "Отменить",
    unblock: "Разблокировать бота",
  },
  en: {
    menu: "Menu",
    message: "Message",
    label: (name) => `Message to the bot as ${name}`,
    send: "Send",
    save: "Save",
    edit: "Edit the message",
    cancel: "Cancel",
    unblock: "Unblock the bot",
  },
})

/**
 * `acts` are what can be done here, and tell whether it could: `send(message)` to the bot, as the
 * control API describes one, `edit(messageId, text)`, `unblock()`. `notify(text)` tells a trouble.
 */
export const makeCompose = (section, acts) => {
  /** What the person answers or edits: `{ reply }` or `{ edit }`, a message. */
  let about = {}
  let user
  /** What was begun in a chat that is not on the screen, by the person. */
  const drafts = new Map()

  const send = async (message) => {
    const { reply } = about
    finish()
    const isForward = message.forwarded !== undefined
    return acts.send(
      reply === undefined || isForward ? message : { ...message, replyTo: reply.messageId },
    )
  }

  const commands = makeCommands((command) => {
    write("")
    send({ text: command })
    input.focus()
  })
  const attach = makeAttach(section, { send, notify: acts.notify })
  const input = el("textarea", {
    rows: 1,
    placeholder: text.message,
    "aria-controls": commands.node.id,
    on: {
      keydown: (event) => typed(event),
      input: () => changed(),
      paste: (event) => pasted(event),
    },
  })
  const menu = el(
    "button",
    {
      type: "button",
      className: "menu-button",
      "aria-expanded": "false",
      "aria-controls": commands.node.id,
      "aria-label": text.menu,
      on: { click: () => toggleMenu() },
    },
    icon("menu"),
    el("span", {}, text.menu),
  )
  const submit = el("button", { type: "submit", className: "round send" })
  const form = el(
    "form",
    { className: "write", on: { submit: (event) => submitted(event) } },
    menu,
    input,
    attach.picker,
    attach.button,
    submit,
  )
  const bar = el("div", { className: "about", hidden: true })
  const unblock = el(
    "button",
    { type: "button", className: "unblock", hidden: true, on: { click: () => acts.unblock() } },
    text.unblock,
  )
  const node = el("div", { className: "composer" }, commands.node, bar, form, unblock)
  commands.node.addEventListener("keydown", ({ key }) => key === "Escape" && input.focus())
  node.addEventListener("focusout", ({ relatedTarget }) => {
    if (node.contains(relatedTarget)) return
    commands.close()
    showState()
  })

  const write = (words) => {
    input.value = words
    changed()
  }

  const changed = () => {
    form.classList.toggle("writing", input.value !== "")
    if (/^\/\S*$/.test(input.value)) commands.offer(input.value)
    else commands.close()
    showState()
  }

  const showState = () => {
    menu.setAttribute("aria-expanded", String(commands.isOpen()))
    const current = commands.isOpen() ? commands.current() : undefined
    if (current === undefined) input.removeAttribute("aria-activedescendant")
    else input.setAttribute("aria-activedescendant", current)
    const label = about.edit === undefined ? text.send : text.save
    submit.title = label
    submit.setAttribute("aria-label", label)
    submit.replaceChildren(icon(about.edit === undefined ? "send" : "check"))
    attach.button.hidden = about.edit !== undefined
  }

  const toggleMenu = () => {
    if (commands.isOpen()) commands.close()
    else commands.offer()
    if (commands.isOpen()) commands.node.focus()
    else input.focus()
    showState()
  }

  const submitted = async (event) => {
    event.preventDefault()
    const words = input.value.trim()
    if (words === "") return
    const { edit } = about
    write("")
    if (edit !== undefined) finish()
    const done = edit === undefined ? send({ text: words }) : acts.edit(edit.messageId, words)
    if (!(await done) && input.value === "") write(words)
  }

  const typed = (event) => {
    if (event.isComposing) return
    if (commands.walk(event)) return showState()
    if (event.key === "Escape") return finish()
    if (event.key === "ArrowUp" && input.value === "") return editLast(event)
    if (event.key !== "Enter" || event.shiftKey) return
    event.preventDefault()
    form.requestSubmit()
  }

  const pasted = (event) => {
    const [file] = event.clipboardData.files
    if (file === undefined) return
    event.preventDefault()
    attach.take(file)
  }

  const editLast = (event) => {
    const last = user.chat.findLast(canEdit)
    if (last === undefined) return
    event.preventDefault()
    start({ edit: last })
  }

  /** Begins an answer to a message, or an edit of one: `{ reply: message }`, `{ edit: message }`. */
  const start = (what) => {
    const wasEdit = about.edit !== undefined
    about = what
    if (what.edit !== undefined) write(what.edit.text)
    else if (wasEdit) write("")
    showAbout()
    input.focus()
  }

  const finish = () => {
    if (about.edit !== undefined) write("")
    about = {}
    showAbout()
  }

  const showAbout = () => {
    const message = about.edit ?? about.reply
    bar.hidden = message === undefined
    const name = message?.from === "bot" ? botName : user?.firstName
    const title = about.edit === undefined ? name : text.edit
    const items = message === undefined ? [] : [{ title, words: summary(message).slice(0, 120) }]
    keyed(
      bar,
      items,
      () => "about",
      (item) => aboutRow(item, finish, about.edit !== undefined),
    )
    showState()
  }

  const show = (person) => {
    if (user?.id !== person.id) change(person)
    user = person
    commands.show(person.commands)
    input.setAttribute("aria-label", text.label(person.firstName))
    unblock.hidden = !person.blocked
    form.hidden = person.blocked
    const message = about.edit ?? about.reply
    const isGone = !person.chat.some(({ messageId }) => messageId === message?.messageId)
    if (message !== undefined && (isGone || person.blocked)) finish()
  }

  /** Keeps what one person has begun, and brings what the other one had. */
  const change = (person) => {
    finish()
    if (user !== undefined) drafts.set(user.id, input.value)
    write(drafts.get(person.id) ?? "")
    commands.close()
    showState()
  }

  showState()
  return { node, show, start, take: attach.take }
}

/** A person can edit what he wrote himself, and the caption of what he sent. */
export const canEdit = ({ from, sticker, forwardedFrom }) =>
  from === "user" && sticker === undefined && forwardedFrom === undefined

const aboutRow = ({ title, words }, finish, isEdit) =>
  el(
    "div",
    { className: "about-row" },
    icon(isEdit ? "edit" : "reply"),
    el("div", { className: "quote" }, el("b", {}, title), el("span", {}, words)),
    el(
      "button",
      {
        type: "button",
        className: "round",
        title: text.cancel,
        "aria-label": text.cancel,
        on: { click: finish },
      },
      icon("close"),
    ),
  )
