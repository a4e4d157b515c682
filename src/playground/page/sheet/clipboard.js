/** Copying, cutting and pasting ranges, also from and into a real spreadsheet. */
import { words } from "../base/language.js"
import { entered, textAt } from "./cells.js"
import { fromTsv, toTsv } from "./tsv.js"

const said = words({
  ru: { paste: "Браузер не дал прочитать буфер обмена: вставьте через Ctrl+V." },
  en: { paste: "The browser keeps the clipboard to itself: paste with Ctrl+V." },
})

export const makeClipboard = ({ holder, grid, selection, acts, say }) => {
  /** What was copied here last: the same text is pasted with its values, not only its looks. */
  let copied

  const copy = () => {
    const { left, right } = selection.range()
    const columns = Array.from({ length: right - left + 1 }, (_, at) => left + at)
    const rows = selection.rows()
    const text = toTsv(rows.map((row) => columns.map((column) => textAt(grid.dataAt(row), column))))
    copied = { text, inputs: acts.inputs(rows, columns) }
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
    const entries = rows.map((row, at) => ({ mark: acts.markOf(row), values: block[at] }))
    if (!(await acts.write(range.left, entries, block.slice(rows.length)))) return
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
    if (event.type === "cut") acts.clear()
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
      const marked = acts.marks()
      await toClipboard()
      await acts.clear(marked)
    },
    paste: async () => {
      const text = await navigator.clipboard.readText().catch(() => undefined)
      if (text === undefined) say(said.paste)
      else await paste(text)
    },
  }
}
