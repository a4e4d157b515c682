/** One tab of a spreadsheet as a table that a person edits. */
import { el } from "../base/dom.js"

/**
 * `acts.set(row, column, text)`, `acts.insert(row)`, `acts.drop(row)`, `acts.sort(column,
 * descending)` do what they say; rows and columns count from 0, the header is row 0. After
 * `acts.leave()` the tab is to be shown again: `seen()` gives it as it is on the screen, which
 * an open editor keeps from changing.
 */
export const makeGrid = (holder, acts) => {
  const table = el("table")
  const empty = el("p", { className: "empty" })
  holder.append(table, empty)
  let shown = ""
  let painted
  let editing = false

  const openEditor = (cell, row, column) => {
    if (editing) return
    editing = true
    const kept = [...cell.childNodes]
    const before = cell.dataset.text
    const input = el("input", { value: before, "aria-label": "Новое значение" })
    let open = true
    const close = async (save) => {
      if (!open) return
      open = false
      editing = false
      cell.replaceChildren(...kept)
      cell.focus()
      if (save && input.value !== before) await acts.set(row, column, input.value)
      else acts.leave()
    }
    input.addEventListener("keydown", (event) => {
      event.stopPropagation()
      if (event.key === "Enter") close(true)
      if (event.key === "Escape") close(false)
    })
    input.addEventListener("blur", () => close(true))
    cell.replaceChildren(input)
    input.select()
  }

  const keyOnCell = (event, cell, row, column) => {
    if (event.target !== cell) return
    if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault()
      return openEditor(cell, row, column)
    }
    if (event.key === "Delete" || event.key === "Backspace") return acts.set(row, column, "")
    const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }
    const [down, right] = moves[event.key] ?? []
    if (down === undefined) return
    const next = cellAt(row + down, column + right)
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }

  /** The first cell of a line of the table is its number. */
  const cellAt = (row, column) =>
    column < 0 ? undefined : (table.rows[row]?.cells[column + 1] ?? undefined)

  const editable = (cell, text, row, column) => {
    cell.dataset.text = text
    cell.tabIndex = -1
    cell.addEventListener("dblclick", () => openEditor(cell, row, column))
    cell.addEventListener("keydown", (event) => keyOnCell(event, cell, row, column))
    return cell
  }

  const tool = (label, sign, click) =>
    el("button", { type: "button", title: label, "aria-label": label, on: { click } }, sign)

  const headerCell = (text, column) => {
    const sort = (event) => acts.sort(column, event.shiftKey)
    return editable(
      el(
        "th",
        { scope: "col" },
        text,
        tool(`Сортировать лист по «${text}», с Shift наоборот`, "⇅", sort),
      ),
      text,
      0,
      column,
    )
  }

  const line = ({ cells, colour, hidden }, index, width) => {
    const row = index + 1
    const node = el(
      "tr",
      { className: hidden ? "hidden" : "" },
      el(
        "th",
        { scope: "row" },
        el("span", {}, String(row + 1)),
        tool(`Вставить строку над строкой ${row + 1}`, "+", () => acts.insert(row)),
        tool(`Удалить строку ${row + 1}`, "×", () => acts.drop(row)),
      ),
      ...Array.from({ length: width }, (_, column) => {
        const text = cells[column] ?? ""
        return editable(el("td", {}, text), text, row, column)
      }),
    )
    if (colour !== undefined) {
      node.classList.add("coloured")
      node.style.backgroundColor = colour
    }
    return node
  }

  /** The place of the cell with the focus, for the cell that is drawn there anew. */
  const focusedPlace = () => {
    const cell = document.activeElement?.closest("td, th")
    return cell !== null && table.contains(cell)
      ? [cell.parentElement.rowIndex, cell.cellIndex]
      : undefined
  }

  /** `words` are shown below a tab that has no rows. */
  const show = (key, tab, words) => {
    const text = JSON.stringify([key, tab, words])
    if (text === shown || editing) return
    if (!shown.startsWith(JSON.stringify([key]).slice(0, -1))) holder.scrollTo(0, 0)
    shown = text
    painted = tab
    const place = focusedPlace()
    const width = Math.max(tab.header.length, 3, ...tab.rows.map(({ cells }) => cells.length))
    const head = Array.from({ length: width }, (_, column) =>
      headerCell(tab.header[column] ?? "", column),
    )
    table.replaceChildren(
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "1"), ...head)),
      el("tbody", {}, ...tab.rows.map((row, index) => line(row, index, width))),
    )
    empty.textContent = words
    empty.hidden = tab.rows.length > 0
    cellAt(Math.min(1, table.rows.length - 1), 0).tabIndex = 0
    if (place !== undefined) table.rows[place[0]]?.cells[place[1]]?.focus({ preventScroll: true })
  }

  return { show, seen: () => painted }
}
