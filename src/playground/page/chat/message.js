/** One message as a bubble with its buttons under it. */
import { el, shortTime } from "../base/dom.js"
import { rendered } from "./entities.js"

/** `actions.press(button, messageId, data)` taps a button; `copy` and `say` take a text. */
export const bubble = (message, actions) => {
  const body = el(
    "div",
    { className: "text" },
    ...rendered(message.text, message.entities, actions),
  )
  const edited = message.editedAt === undefined ? "" : "изменено "
  const stamp = el("span", { className: "stamp" }, `${edited}${shortTime(message.sentAt)}`)
  const keys = message.keyboard.map((row) =>
    el(
      "div",
      { className: "keys" },
      ...row.map((key) => keyButton(message.messageId, key, actions)),
    ),
  )
  return el(
    "li",
    { className: `${message.from}${keys.length > 0 ? " keyed" : ""}` },
    el("div", { className: "bubble" }, attachment(message), body, stamp),
    ...keys,
  )
}

const keyButton = (messageId, { text, data, copyText, url, style }, { copy, press }) => {
  const look = { className: style ?? "" }
  if (url !== undefined) return el("span", look, `${text} ↗`)
  const button = el("button", { type: "button", ...look }, text)
  if (copyText !== undefined) {
    button.classList.add("copies")
    button.title = "Копирует, не спрашивая бота"
  }
  button.addEventListener("click", () => {
    if (copyText !== undefined) copy(copyText)
    else if (data !== undefined) press(button, messageId, data)
  })
  return button
}

const attachment = ({ photo, document: file }) => {
  const address = (filePath) =>
    `/sim/files/${filePath.split("/").map(encodeURIComponent).join("/")}`
  if (photo !== undefined) {
    const { width, height } = photo
    return el("img", { src: address(photo.path), alt: "Картинка от бота", width, height })
  }
  return file === undefined
    ? undefined
    : el(
        "a",
        { className: "file", href: address(file.path), download: file.name },
        `📄 ${file.name}`,
      )
}
