/** A small window at a cell: it keeps the keyboard until it is closed. */
import { el } from "../base/dom.js"
import { putAt } from "./menu.js"

/** `back` gets the focus when it closes. Gives `close`. */
export const openPanel = (className, label, content, at, back) => {
  const panel = el(
    "dialog",
    { className: `sheet-panel ${className}`, "aria-label": label },
    ...content,
  )
  document.body.append(panel)
  panel.showModal()
  putAt(panel, at)
  const close = () => panel.close()
  panel.addEventListener("close", () => {
    panel.remove()
    back()
  })
  panel.addEventListener("keydown", (event) => event.stopPropagation())
  panel.addEventListener("pointerdown", ({ target }) => target === panel && close())
  return close
}
