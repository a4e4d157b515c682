/** Notes on cells: a card that shows one, and a window that changes it. */
import { el } from "../base/dom.js"
import { words } from "../base/language.js"
import { openPanel } from "./panel.js"

const said = words({
  ru: { note: (name) => `Примечание к ${name}`, save: "Сохранить", cancel: "Отмена" },
  en: { note: (name) => `Note on ${name}`, save: "Save", cancel: "Cancel" },
})

/** Shows the note of the cell under the mouse, else that of the active cell. */
export const makeNotes = (holder, grid, selection) => {
  // The cell itself tells its note to a screen reader.
  const card = el("div", { className: "sheet-note", hidden: true, "aria-hidden": "true" })
  document.body.append(card)

  const showAt = (place) => {
    const note = place && grid.dataAt(place.row).notes?.[place.column]
    const cell = note && grid.cellAt(place)
    card.hidden = !cell
    if (!cell) return
    card.textContent = note
    const box = cell.getBoundingClientRect()
    const { width, height } = card.getBoundingClientRect()
    const isRoom = box.right + width + 8 < innerWidth
    card.style.left = `${isRoom ? box.right + 4 : Math.max(4, box.right - width)}px`
    card.style.top = `${Math.min(isRoom ? box.top : box.bottom + 4, innerHeight - height - 4)}px`
  }

  /** The cell under the mouse: a change that comes meanwhile leaves its note where it is. */
  let pointed

  const show = () => {
    const hasNote = pointed && grid.dataAt(pointed.row).notes?.[pointed.column]
    const isFocused = holder.contains(document.activeElement)
    showAt(hasNote ? pointed : isFocused ? selection.active() : undefined)
  }
  const pointAt = (place) => {
    pointed = place
    show()
  }

  holder.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType !== "touch") pointAt(grid.placeOf(target))
  })
  holder.addEventListener("pointerleave", () => pointAt(undefined))
  holder.addEventListener("focusin", show)
  holder.addEventListener("focusout", show)
  holder.addEventListener("scroll", () => {
    pointed = undefined
    card.hidden = true
  })

  return { show }
}

/** `save(text)` gets what the person wrote; an empty text takes the note away. */
export const openNote = ({ name, text, at, back, save }) => {
  const area = el("textarea", { value: text, rows: 4, "aria-label": said.note(name) })
  const button = (label, click, className = "") =>
    el("button", { type: "button", className, on: { click } }, label)
  const agree = () => {
    close()
    if (area.value.trim() !== text) save(area.value.trim())
  }
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) agree()
  })
  const content = [
    area,
    el(
      "div",
      { className: "sheet-buttons at-end" },
      button(said.cancel, () => close()),
      button(said.save, agree, "primary"),
    ),
  ]
  const close = openPanel("noting", said.note(name), content, at, back)
  area.focus()
}
