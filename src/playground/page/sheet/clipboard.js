/** Copying, cutting and pasting ranges, also from and into a real spreadsheet. */
import { el } from "../base/dom.js"
import { words } from "../base/language.js"
import { entered, textAt } from "./cells.js"
import { fromTsv, toTsv } from "./tsv.js"

const said = words({
  ru: {
    paste: "Браузер не дал прочитать буфер обмена: вставьте через Ctrl+V.",
    cut: "Вырезано: вставьте, куда перенести, или нажмите Esc.",
  },
  en: {
    paste: "The browser keeps the clipboard to itself: paste with Ctrl+V.",
    cut: "Cut: paste it where it is to go, or press Esc.",
  },
})

/** `place()` is that of the tab on the screen. */
export const makeClipboard = ({ holder, grid, selection, acts, say, place }) => {
  /** What was copied here last: the same text is pasted with its values, not only its looks. */
  let copied
  /** What was cut and not yet pasted, `{ place, marked, range }`. It stays where it is until then. */
  let cut

  const frame = el("div", { className: "cut-frame", "aria-hidden": "true", hidden: true })
  holder.append(frame)

  /** Draws the frame around what was cut, where its rows stand now. */
  const showCut = () => {
    const isHere = cut?.place.id === place()?.id && cut?.place.tab === place()?.tab
    const first = isHere ? grid.cellAt(cornerOf(cut.marked[0], cut.range.left)) : undefined
    const last = isHere ? grid.cellAt(cornerOf(cut.marked.at(-1), cut.range.right)) : undefined
    frame.hidden = first === undefined || last === undefined
    if (frame.hidden) return
    const { offsetLeft: left, offsetTop: top } = first
    frame.style.left = `${left}px`
    frame.style.top = `${top}px`
    frame.style.width = `${last.offsetLeft + last.offsetWidth - left}px`
    frame.style.height = `${last.offsetTop + last.offsetHeight - top}px`
  }
  const cornerOf = ({ line }, column) => ({ row: line.row, column })

  const markCut = (marked = acts.marks(), range = selection.range()) => {
    cut = { place: place(), marked, range }
    showCut()
    say(said.cut)
  }
  const uncut = () => {
    cut = undefined
    frame.hidden = true
  }

  const copy = () => {
    const { left, right } = selection.range()
    const columns = Array.from({ length: right - left + 1 }, (_, at) => left + at)
    const rows = selection.rows()
    const text = toTsv(rows.map((row) => columns.map((column) => textAt(grid.dataAt(row), column))))
    copied = { text, inputs: acts.inputs(rows, columns) }
    uncut()
    return text
  }

  /** The rows that a person sees from the active one on, as many as are pasted. */
  const targets = (top, count) => {
    const rows = []
    for (let row = top; rows.length < count && row < grid.size().rows; row++) {
      if (!grid.isHidden(row)) rows.push(row)
    }
    return rows
  }

  /** A range that the block fits into several times is filled with it. */
  const tiled = (inputs, range, count) => {
    const height = inputs.length
    const width = Math.max(...inputs.map((cells) => cells.length))
    const [rows, columns] = [count, range.right - range.left + 1]
    const fits = rows % height === 0 && columns % width === 0
    const [tall, wide] = fits ? [rows, columns] : [height, width]
    return Array.from({ length: tall }, (_, row) =>
      Array.from({ length: wide }, (__, column) => inputs[row % height][column % width] ?? null),
    )
  }

  const paste = async (text) => {
    if (text === "") return
    const isOwn = text.replaceAll("\r\n", "\n") === copied?.text
    const inputs = isOwn ? copied.inputs : fromTsv(text).map((cells) => cells.map(entered))
    const range = selection.range()
    const block = tiled(inputs, range, selection.rows().length)
    const rows = targets(range.top, block.length)
    // The marks are taken when they are needed: a cell that is moved is empty by then.
    const what = () => [
      range.left,
      rows.map((row, at) => ({ mark: acts.markOf(row), values: block[at] })),
      block.slice(rows.length),
    ]
    const moved = isOwn ? cut : undefined
    uncut()
    const isDone = moved === undefined ? acts.write(...what()) : acts.move(moved, what)
    if (!(await isDone)) return
    selection.set(
      { row: range.top, column: range.left },
      { row: rows.at(-1), column: range.left + block[0].length - 1 },
    )
  }

  // The event itself may be at the whole page, as nothing is marked in it.
  const isHere = () =>
    holder.contains(document.activeElement) && grid.placeOf(document.activeElement) !== undefined
  const onCopy = (event) => {
    if (!isHere()) return
    event.preventDefault()
    event.clipboardData.setData("text/plain", copy())
    if (event.type === "cut") markCut()
  }
  document.addEventListener("copy", onCopy)
  document.addEventListener("cut", onCopy)
  document.addEventListener("paste", (event) => {
    if (!isHere()) return
    event.preventDefault()
    paste(event.clipboardData.getData("text/plain"))
  })

  const toClipboard = () => navigator.clipboard.writeText(copy()).catch(() => undefined)

  /** The same from a menu, where the browser may refuse. */
  return {
    copy: toClipboard,
    cut: async () => {
      const [marked, range] = [acts.marks(), selection.range()]
      await toClipboard()
      markCut(marked, range)
    },
    uncut,
    showCut,
    paste: async () => {
      const text = await navigator.clipboard.readText().catch(() => undefined)
      if (text === undefined) say(said.paste)
      else await paste(text)
    },
  }
}
