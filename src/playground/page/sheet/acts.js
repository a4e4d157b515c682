/** What a person does to the selected cells, as edits of the control API. */
import { nameOf, entered, inputOf, textAt } from "./cells.js"
import { openFilter } from "./filter.js"
import { openNote } from "./notes.js"
import { askRow } from "./rowForm.js"

/** By so many pixels a column becomes wider with each press. */
const widenStep = 16

/**
 * The bot moves rows, so an edit is for the rows that the person saw, or for none: a mark keeps a
 * line of the grid with its texts, and the demo refuses the edit where the row reads otherwise.
 */
export const makeActs = ({ grid, selection, edits, place }) => {
  const markOf = (row) => ({ row, line: grid.lineAt(row), cells: [...grid.dataAt(row).cells] })
  const marks = () => selection.rows().map(markOf)

  /** What the edit says about the rows; `undefined` where one of them is no longer there. */
  const seen = (marked) => {
    const rows = marked.map(({ line, cells }) => ({ row: line.row, cells }))
    const isThere = marked.every(
      ({ line, cells }) =>
        grid.lineAt(line.row) === line && JSON.stringify(line.data.cells) === JSON.stringify(cells),
    )
    if (!isThere) edits.stale()
    return isThere ? rows : undefined
  }

  /** `entries` are `{ mark, values }`; `beyond` are values for rows below all that are shown. */
  const writing = (column, entries, beyond = []) => {
    const rows = seen(entries.map(({ mark }) => mark))
    if (rows === undefined || rows.length === 0) return undefined
    const below = grid.size().rows
    const written = [
      ...entries.map(({ values }, at) => ({ row: rows[at].row, values })),
      ...beyond.map((values, at) => ({ row: below + at, values })),
    ]
    // What follows at once is typed into the row as it will be.
    entries.forEach(({ mark, values }) => grid.preview(mark.line, column, values))
    return { op: "write", column, rows: written, seen: rows }
  }

  const write = async (...what) => {
    const act = writing(...what)
    return act !== undefined && edits.edit(place(), act)
  }

  const clearing = (marked, { left, right }) => {
    const columns = Array.from({ length: right - left + 1 }, (_, at) => left + at)
    const filled = marked.filter(({ cells }) =>
      columns.some((column) => (cells[column] ?? "") !== ""),
    )
    const values = columns.map(() => null)
    return writing(
      left,
      filled.map((mark) => ({ mark, values })),
    )
  }

  const clear = async (marked = marks()) => {
    const act = clearing(marked, selection.range())
    return act !== undefined && edits.edit(place(), act)
  }

  /**
   * Moves what was cut, `{ place, marked, range }`, to where it is pasted: `targets()` gives what is
   * written there, once the cells that it was cut from are empty.
   */
  const move = async (cut, targets) => {
    const isHere = cut.place.id === place().id && cut.place.tab === place().tab
    if (isHere) {
      const acts = [clearing(cut.marked, cut.range), writing(...targets())]
      return !acts.includes(undefined) && edits.edit(place(), ...acts)
    }
    if (!(await write(...targets()))) return false
    const { left, right } = cut.range
    const values = Array.from({ length: right - left + 1 }, () => null)
    const rows = cut.marked.map(({ row }) => ({ row, values }))
    const seen = cut.marked.map(({ row, cells }) => ({ row, cells }))
    return edits.edit(cut.place, { op: "write", column: left, rows, seen })
  }

  /** Makes the selected columns wider, or with -1 narrower. */
  const widen = (by) => {
    const { left, right } = selection.range()
    for (let column = left; column <= right; column++) {
      grid.stretch(column, grid.widthAt(column) + by * widenStep)
    }
  }
  const fit = () => {
    const { left, right } = selection.range()
    for (let column = left; column <= right; column++) grid.fit(column)
  }

  /** Runs of rows that stand together, from the bottom up, so that none moves another. */
  const runs = (rows) => {
    const all = []
    for (const one of rows) {
      const last = all.at(-1)
      if (last !== undefined && last.at(-1).row + 1 === one.row) last.push(one)
      else all.push([one])
    }
    return all.toReversed()
  }

  const onRuns = (act) => (marked) => {
    const rows = seen(marked)
    if (rows === undefined) return
    const acts = runs(rows).map((run) => ({ ...act, at: run[0].row, count: run.length, seen: run }))
    return edits.edit(place(), ...acts)
  }

  const insert = async (marked, below) => {
    const rows = seen(marked)
    if (rows === undefined) return
    const at = below ? rows.at(-1).row + 1 : rows[0].row
    const { column } = selection.active()
    const act = { op: "insert", at, rows: rows.map(() => []), seen: rows }
    if (await edits.edit(place(), act)) selection.expect({ row: at, column })
  }

  const unhide = (rows) => {
    const marked = seen(rows.map(markOf))
    if (marked === undefined) return
    const acts = runs(marked).map((run) => ({
      op: "hide",
      at: run[0].row,
      count: run.length,
      hidden: false,
      seen: run,
    }))
    return edits.edit(place(), ...acts)
  }

  const header = () => [{ row: 0, cells: [...grid.dataAt(0).cells] }]
  const sort = (column, descending) =>
    edits.edit(place(), { op: "sort", column, descending, seen: header() })

  const filter = (column, at) => {
    const where = place()
    const act = { op: "filter", column, seen: header() }
    openFilter({
      tab: grid.tab(),
      column,
      name: textAt(grid.dataAt(0), column) || nameOf({ row: 0, column }),
      at,
      back: selection.focus,
      choose: (hiddenValues) => edits.edit(where, { ...act, hiddenValues }),
    })
  }

  const note = (cell, at) => {
    const mark = markOf(cell.row)
    openNote({
      name: nameOf(cell),
      text: mark.line.data.notes?.[cell.column] ?? "",
      at,
      back: selection.focus,
      save: (text) => {
        const rows = seen([mark])
        if (rows === undefined) return
        const act = { op: "note", row: rows[0].row, column: cell.column, note: text, seen: rows }
        return edits.edit(place(), act)
      },
    })
  }

  const append = async () => {
    const where = place()
    const cells = await askRow(grid.tab().header)
    if (cells === undefined) return undefined
    return edits.edit(where, { op: "append", rows: [cells] })
  }

  return {
    marks,
    markOf,
    write,
    clear,
    move,
    widen,
    fit,
    insertAbove: (marked) => insert(marked, false),
    insertBelow: (marked) => insert(marked, true),
    remove: onRuns({ op: "delete" }),
    hide: onRuns({ op: "hide" }),
    unhide,
    sort,
    filter,
    unfilter: () => edits.edit(place(), { op: "unfilter" }),
    note,
    append,
    type: (mark, column, text) => write(column, [{ mark, values: [entered(text)] }]),
    inputs: (rows, columns) =>
      rows.map((row) => columns.map((column) => inputOf(grid.dataAt(row), column))),
  }
}
