/** Typing into a cell, in its place or in the formula bar. */
import { el } from "../base/dom.js"
import { words } from "../base/language.js"
import { editText, nameOf } from "./cells.js"

const said = words({
  ru: { cell: (name) => `Ячейка ${name}` },
  en: { cell: (name) => `Cell ${name}` },
})

/**
 * `write(mark, column, text)` is told of what a person has typed; `mark` is the row as it was when
 * he began. `moveOn(key, shift)` says where the selection goes then.
 */
export const makeEditor = ({ holder, grid, selection, bar, write, moveOn }) => {
  let editing

  const place = () => {
    if (editing === undefined) return
    const row = editing.line.row
    const cell = grid.cellAt({ row, column: editing.column })
    if (cell === undefined) return
    const { input } = editing
    const view = holder.getBoundingClientRect()
    const box = cell.getBoundingClientRect()
    input.style.left = `${box.left - view.left + holder.scrollLeft}px`
    input.style.top = `${box.top - view.top + holder.scrollTop}px`
    input.style.minWidth = `${box.width}px`
    input.style.maxWidth = `${Math.max(box.width, view.right - box.left - 16)}px`
    input.style.height = `${box.height}px`
    input.classList.toggle("in-frozen", row === 0)
  }

  /** `text` replaces what is in the cell; arrow keys then leave it, as in a spreadsheet. */
  const open = ({ text, inBar = false } = {}) => {
    if (editing !== undefined) return
    if (!inBar) selection.focus()
    const { row, column } = selection.active()
    const line = grid.lineAt(row)
    const before = editText(line.data, column)
    const input = el("input", {
      className: "cell-editor",
      value: text ?? before,
      autocomplete: "off",
      "aria-label": said.cell(nameOf({ row, column })),
    })
    input.spellcheck = false
    const seen = [...line.data.cells]
    editing = { line, seen, column, before, input, inBar, quick: text !== undefined }
    holder.append(input)
    place()
    fit()
    bar.value = input.value
    input.addEventListener("input", () => {
      bar.value = input.value
      fit()
    })
    input.addEventListener("keydown", keyDown)
    input.addEventListener("blur", left)
    if (!inBar) {
      input.focus({ preventScroll: true })
      input.setSelectionRange(input.value.length, input.value.length)
    }
  }

  /** The editor grows with what is typed. */
  const fit = () => (editing.input.style.width = `${editing.input.value.length + 3}ch`)

  const left = ({ relatedTarget }) => {
    // Between the cell and the formula bar the editor stays open.
    if (editing === undefined || relatedTarget === bar || relatedTarget === editing.input) return
    close(true)
  }

  const close = (save) => {
    if (editing === undefined) return
    const { line, seen, column, before, input } = editing
    editing = undefined
    const text = input.value
    input.removeEventListener("blur", left)
    input.remove()
    bar.value = save ? text : before
    if (save && text !== before) write({ line, cells: seen }, column, text)
  }

  const finish = (event, save) => {
    event.preventDefault()
    event.stopPropagation()
    close(save)
    selection.focus()
  }

  const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
  const keyDown = (event) => {
    event.stopPropagation()
    if (event.isComposing) return
    if (event.key === "Escape") return finish(event, false)
    if (event.key === "Enter" || event.key === "Tab") {
      finish(event, true)
      return moveOn(event.key, event.shiftKey)
    }
    if (event.key === "F2") editing.quick = false
    if (editing?.quick && event.currentTarget !== bar && arrows[event.key] !== undefined) {
      finish(event, true)
      selection.move(...arrows[event.key])
    }
  }

  bar.addEventListener("focus", () => open({ inBar: true }))
  bar.addEventListener("input", () => {
    open({ inBar: true })
    editing.input.value = bar.value
    fit()
  })
  bar.addEventListener("keydown", keyDown)
  bar.addEventListener("blur", left)

  return {
    open,
    close,
    place,
    isOpen: () => editing !== undefined,
    /** The formula bar follows the selection while nothing is being typed. */
    showText: (text) => {
      if (editing === undefined) bar.value = text
    },
  }
}
