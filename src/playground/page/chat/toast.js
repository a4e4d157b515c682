/** The short notes over a chat, and the alert that waits for a person. */
import { el } from "../base/dom.js"
import { words } from "../base/language.js"
import { botName } from "./header.js"

const text = words({ ru: { ok: "Понятно" }, en: { ok: "OK" } })

const shownMs = 4_000

export const makeToast = () => {
  const node = el("div", { className: "toast", role: "status", hidden: true })
  let hiding
  const hide = () => (node.hidden = true)
  node.addEventListener("click", hide)

  const notify = (words) => {
    node.textContent = words
    node.hidden = false
    clearTimeout(hiding)
    hiding = setTimeout(hide, shownMs)
  }
  return { node, notify }
}

/** Shows what the bot answered to a tap, over the chat of the person who tapped. */
export const showAlert = (section, name, words) => {
  const dialog = el(
    "dialog",
    { className: "alert", "aria-label": `${botName}, ${name}` },
    el(
      "form",
      { method: "dialog" },
      el("h2", {}, botName),
      el("p", {}, words),
      el("menu", {}, el("button", { className: "plain" }, text.ok)),
    ),
  )
  dialog.addEventListener("close", () => dialog.remove())
  section.append(dialog)
  dialog.showModal()
  const { left, width } = section.getBoundingClientRect()
  const half = dialog.offsetWidth / 2
  const middle = Math.min(Math.max(left + width / 2, half), document.body.clientWidth - half)
  dialog.style.left = `${middle - half}px`
}
