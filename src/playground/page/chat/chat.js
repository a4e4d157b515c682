/** One pane: the Telegram of one person, who is chosen on top of it. */
import { post } from "../base/api.js"
import { byId, el } from "../base/dom.js"
import { words } from "../base/language.js"
import { onView, seen, show as keepInView } from "../base/view.js"
import { openPicture } from "./attachments.js"
import { canEdit, makeCompose } from "./compose.js"
import { makeHeader } from "./header.js"
import { openMenu } from "./menu.js"
import { makeMessages } from "./messages.js"
import { isAdmin, markSeen } from "./people.js"
import { makeTaps } from "./taps.js"
import { makeToast, showAlert } from "./toast.js"

const text = words({
  ru: {
    copied: (what) => `Скопировано: ${what}`,
    notCopied: "Браузер не разрешил скопировать",
    deleted: "Бот удалил ваше сообщение из чата",
    actions: "Что сделать с сообщением",
    reply: "Ответить",
    copyText: "Копировать текст",
    forward: "Переслать боту",
    edit: "Изменить",
    writesAs: (name) => `Вы пишете как ${name}`,
    admin:
      "Администратору приходят заявки на доступ и сообщения о неполадках. Чтобы бот мог ему писать, начните первым.",
    employee:
      "Сотрудник получает доступ по заявке: бот спросит рабочий ник, администратор одобрит. Начните так.",
  },
  en: {
    copied: (what) => `Copied: ${what}`,
    notCopied: "The browser did not allow copying",
    deleted: "The bot deleted your message from the chat",
    actions: "What to do with the message",
    reply: "Reply",
    copyText: "Copy the text",
    forward: "Forward to the bot",
    edit: "Edit",
    writesAs: (name) => `You write as ${name}`,
    admin:
      "An admin gets requests for access and messages about troubles. Begin the chat, so that the bot may write.",
    employee:
      "An employee asks for access: the bot wants a nickname, an admin approves it. Begin like this.",
  },
})

/** `changed()` asks the page to show the world anew, after something was done here. */
export const makeChat = (section, startWith, changed) => {
  const name = section.classList.contains("second") ? "right" : "left"
  let userId = Number(seen(name)) || startWith
  let user
  /** Everybody, as the page knew them last. */
  let people = []
  /** What the person wrote and nobody has deleted yet. */
  let written = []

  const { node: toast, notify } = makeToast()
  const taps = makeTaps({ notify, alert: (who, words) => showAlert(section, who, words) })

  const choose = (id) => {
    if (id === userId) return
    userId = id
    written = []
    keepInView(name, id)
    // Somebody who has just been added is not known before the page has asked for everybody.
    if (people.some((person) => person.id === id)) {
      show(people)
      showPersons(people)
    }
    changed()
  }

  const copy = async (what) => {
    try {
      await navigator.clipboard.writeText(what)
      notify(text.copied(what.length > 80 ? `${what.slice(0, 80)}…` : what))
    } catch {
      notify(text.notCopied)
    }
  }

  /** Does something as this person, and tells whether it could. */
  const act = async (path, body) => {
    const done = await post(path, { userId, ...body })
    changed()
    return done
  }

  const send = async (message) => {
    const said = await act("/sim/messages", message)
    if (said !== undefined) written.push(said.messageId)
    messages.toEnd()
    return said !== undefined
  }

  const edit = async (messageId, words) =>
    (await act("/sim/edits", { messageId, text: words })) !== undefined

  const setBlocked = (blocked) => act("/sim/blocks", { blocked })

  const header = makeHeader({ choose, block: () => setBlocked(true) })
  const messages = makeMessages(
    {
      copy,
      say: (words) => send({ text: words }),
      press: (messageId, data) => {
        const pressed = taps.press(user, messageId, data)
        taps.mark(section, userId)
        return pressed.then(changed)
      },
      reply: (message) => user.blocked || compose.start({ reply: message }),
      menu: (message, event) => openActions(message, event),
      open: (picture) => openPicture(section, picture),
      goTo: (messageId) => messages.goTo(messageId),
    },
    (person) => starter(person, () => send({ text: "/start" })),
  )
  const compose = makeCompose(section, { send, edit, unblock: () => setBlocked(false), notify })
  const frame = el("div", { className: "frame" }, messages.node, toast)
  section.append(header.node, frame, compose.node)

  /** Opens the menu of a message, unless the browser's own is wanted for selected text. */
  const openActions = (message, event) => {
    if (user.blocked || String(getSelection()) !== "") return
    event.preventDefault()
    const { left, bottom } = event.target.getBoundingClientRect()
    // The key for menus has no place of its own.
    const at = event.clientX === 0 ? { x: left, y: bottom } : { x: event.clientX, y: event.clientY }
    openMenu({ parent: section, at, label: text.actions, items: actionsOf(message) })
  }

  const actionsOf = (message) => [
    { icon: "reply", text: text.reply, act: () => compose.start({ reply: message }) },
    ...(message.text === ""
      ? []
      : [{ icon: "copy", text: text.copyText, act: () => copy(message.text) }]),
    ...(canEdit(message)
      ? [{ icon: "edit", text: text.edit, act: () => compose.start({ edit: message }) }]
      : []),
    {
      icon: "forward",
      text: text.forward,
      act: () => send({ forwarded: { messageId: message.messageId } }),
    },
  ]

  const letFilesIn = (event) =>
    event.dataTransfer?.types.includes("Files") && event.preventDefault()
  section.addEventListener("dragover", letFilesIn)
  section.addEventListener("drop", (event) => {
    letFilesIn(event)
    const [file] = event.dataTransfer?.files ?? []
    if (file !== undefined && !user.blocked) compose.take(file)
  })

  /** Tells that the bot deleted a message; in the app of a person it would just vanish. */
  const tellDeleted = ({ chat }) => {
    const ids = chat.filter(({ from }) => from === "user").map(({ messageId }) => messageId)
    const isGone = chat.length > 0 && written.some((id) => !ids.includes(id))
    written = ids
    if (isGone) notify(text.deleted)
  }

  /** Whether the pane is on the screen: a narrow window has no room for it. */
  const isOnScreen = () => section.offsetParent !== null

  const show = async (known) => {
    people = known
    user = people.find(({ id }) => id === userId) ?? people[0]
    if (user === undefined) return
    userId = user.id
    if (isOnScreen()) markSeen(user)
    header.show(user)
    messages.show(user)
    tellDeleted(user)
    compose.show(user)
    await taps.settle()
    taps.mark(section, userId)
  }

  const showPersons = (known) => header.showAccounts(known, userId)

  onView(() => choose(Number(seen(name)) || startWith))

  return { show, showPersons, choose }
}

const starter = (person, start) =>
  el(
    "li",
    { className: "starter" },
    // What the header of a phone has no room for. It is shown until somebody begins.
    el("p", { className: "pitch" }, byId("pitch").textContent),
    el("b", {}, text.writesAs(person.firstName)),
    el("p", {}, isAdmin(person) ? text.admin : text.employee),
    el("button", { type: "button", className: "primary", on: { click: start } }, "/start"),
  )
