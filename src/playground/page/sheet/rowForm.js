/** Asks for a new row, one field for each column. */
import { dateText, el } from "../base/dom.js"
import { words } from "../base/language.js"
import { nowMs } from "../top/clock.js"
import { entered, letterOf } from "./cells.js"

const said = words({
  ru: {
    title: "Новая строка",
    hint: "Дата и число распознаются, как в настоящей таблице; апостроф впереди оставляет текст.",
    add: "Добавить",
    cancel: "Отмена",
  },
  en: {
    title: "New row",
    hint: "Dates and numbers are recognised as in a real sheet; an apostrophe in front keeps a text.",
    add: "Add",
    cancel: "Cancel",
  },
})

/** The columns where a newcomer would write today. */
const isDay = (name) => /^(дата|date)$/i.test(name.trim())

/** The values of the row; `undefined` when the person cancels. */
export const askRow = (header) => {
  const names = header.length > 0 ? header : [0, 1, 2].map(letterOf)
  const inputs = names.map((name) =>
    el("input", { autocomplete: "off", value: isDay(name) ? dateText(nowMs()) : "" }),
  )
  const cancel = el("button", { type: "button", on: { click: () => dialog.close() } }, said.cancel)
  const add = el("button", { type: "submit", value: "add", className: "primary" }, said.add)
  const dialog = el(
    "dialog",
    { className: "new-row", "aria-label": said.title },
    el(
      "form",
      { method: "dialog" },
      el("h2", {}, said.title),
      el(
        "div",
        { className: "fields" },
        ...names.map((name, at) => el("label", {}, name || letterOf(at), inputs[at])),
      ),
      el("p", { className: "hint" }, said.hint),
      el("menu", {}, cancel, add),
    ),
  )
  document.body.append(dialog)
  dialog.showModal()
  ;(inputs.find(({ value }) => value === "") ?? inputs[0]).focus()
  return new Promise((resolve) => {
    const closed = () => {
      dialog.remove()
      const isAgreed = dialog.returnValue === "add"
      resolve(isAgreed ? inputs.map(({ value }) => entered(value.trim())) : undefined)
    }
    dialog.addEventListener("close", closed, { once: true })
  })
}
