/** Which cells are selected: one of them is active, and the range reaches from it to another. */

/**
 * `changed()` is called after each change. The active cell follows its row when the bot moves it.
 */
export const makeSelection = (grid, holder, changed) => {
  let active = { row: 0, column: 0 }
  let head = active
  /** Whole rows or columns, whose range reaches over all that is filled. */
  let whole
  let lines = [undefined, undefined]
  let painted = []

  const clamp = ({ row, column }) => {
    const { rows, columns } = grid.size()
    return {
      row: Math.max(0, Math.min(rows - 1, row)),
      column: Math.max(0, Math.min(columns - 1, column)),
    }
  }

  const range = () => ({
    top: Math.min(active.row, head.row),
    bottom: Math.max(active.row, head.row),
    left: Math.min(active.column, head.column),
    right: Math.max(active.column, head.column),
  })

  const isOne = () => active.row === head.row && active.column === head.column

  /** The rows of the range that a person sees. */
  const rows = () => {
    const { top, bottom } = range()
    const all = Array.from({ length: bottom - top + 1 }, (_, at) => top + at)
    return all.filter((row) => !grid.isHidden(row))
  }

  const paint = () => {
    for (const cell of painted) {
      cell.classList.remove("picked", "active-cell", ...edges, "edge-on")
      cell.removeAttribute("aria-selected")
      if (cell.tabIndex === 0) cell.tabIndex = -1
    }
    painted = []
    const { top, bottom, left, right } = range()
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const cell = grid.cellAt({ row, column })
        if (cell === undefined) continue
        if (!isOne()) cell.classList.add("picked")
        cell.classList.toggle("edge-top", row === top)
        cell.classList.toggle("edge-bottom", row === bottom)
        cell.classList.toggle("edge-left", column === left)
        cell.classList.toggle("edge-right", column === right)
        cell.setAttribute("aria-selected", "true")
        painted.push(cell)
      }
    }
    paintEdges(range())
    const cell = grid.cellAt(active)
    cell?.classList.add("active-cell")
    if (cell !== undefined) cell.tabIndex = 0
  }

  const paintEdges = ({ top, bottom, left, right }) => {
    const numbers = []
    for (let row = top; row <= bottom; row++) numbers.push(grid.lineAt(row)?.number)
    for (let column = left; column <= right; column++) numbers.push(grid.letterAt(column))
    for (const edge of numbers) {
      edge?.classList.add("edge-on")
      if (edge !== undefined) painted.push(edge)
    }
  }

  const set = (nextActive, nextHead, kind) => {
    active = grid.drawnAt(clamp(nextActive))
    head = grid.drawnAt(clamp(nextHead))
    whole = kind
    lines = [grid.lineAt(active.row), grid.lineAt(head.row)]
    paint()
    changed()
  }

  const focus = () => {
    const place = whole === undefined ? head : active
    grid.cellAt(active)?.focus({ preventScroll: true })
    reveal(holder, grid, place)
  }

  const select = (place, { extend = false } = {}) => {
    set(extend ? active : place, place)
    focus()
  }

  const lastFilled = () => {
    const { header, rows: filled } = grid.tab()
    const width = Math.max(1, header.length, ...filled.map(({ cells }) => cells.length))
    return { row: filled.length, column: width - 1 }
  }

  const selectRow = (row, { extend = false } = {}) => {
    const last = Math.max(lastFilled().column, 0)
    set({ row: extend ? active.row : row, column: 0 }, { row, column: last }, "rows")
    focus()
  }

  const selectColumn = (column, { extend = false } = {}) => {
    const last = Math.max(lastFilled().row, 1)
    set({ row: 0, column: extend ? active.column : column }, { row: last, column }, "columns")
    focus()
  }

  /** All that is filled, then the whole grid, as Ctrl+A does it. */
  const selectAll = () => {
    const last = lastFilled()
    const isAll = range().bottom === last.row && range().right === last.column && range().top === 0
    const { rows: count, columns } = grid.size()
    set({ row: 0, column: 0 }, isAll ? { row: count - 1, column: columns - 1 } : last, "rows")
    grid.cellAt(active)?.focus({ preventScroll: true })
  }

  const isFilled = ({ row, column }) => (grid.dataAt(row).cells[column] ?? "") !== ""

  /** The next cell that is seen, the same one at the edge. */
  const step = (place, down, right) => {
    let next = clamp({ row: place.row + down, column: place.column + right })
    while (grid.isHidden(next.row) || isWithin(next, place)) {
      const further = clamp({ row: next.row + down, column: next.column + right })
      if (further.row === next.row && further.column === next.column) return place
      next = further
    }
    return grid.drawnAt(next)
  }

  /** Whether both are of one merged block, out of which a step leads. */
  const isWithin = (next, place) => {
    const { row, column } = grid.drawnAt(next)
    const isOther = next.row !== place.row || next.column !== place.column
    return isOther && row === place.row && column === place.column
  }

  /** The edge of what is filled, as Ctrl with an arrow finds it. */
  const jump = (from, down, right) => {
    const last = lastFilled()
    let place = step(from, down, right)
    const along = isFilled(from) && isFilled(place)
    for (;;) {
      const next = step(place, down, right)
      const beyond = next.row > last.row || next.column > last.column
      if ((next.row === place.row && next.column === place.column) || beyond) return place
      if (along && !isFilled(next)) return place
      if (!along && isFilled(place)) return place
      place = next
    }
  }

  const move = (down, right, { extend = false, far = false } = {}) => {
    const from = extend ? head : active
    select(far ? jump(from, down, right) : step(from, down, right), { extend })
  }

  /** After the tab was drawn anew: the selection stays with its rows. */
  const follow = (another) => {
    if (another) {
      return set({ row: Math.min(1, grid.size().rows - 1), column: 0 }, { row: 1, column: 0 })
    }
    const [first, other] = lines
    const there = (line, place) =>
      line !== undefined && grid.lineAt(line.row) === line ? { ...place, row: line.row } : place
    set(there(first, active), there(other, head), whole)
    // A filter or somebody else may have hidden the row.
    if (!grid.isHidden(active.row)) return
    const below = step(active, 1, 0)
    const seen = grid.isHidden(below.row) ? step(active, -1, 0) : below
    set(seen, seen)
  }

  /** Selects what will stand at a place once the tab is drawn anew. */
  const expect = (place) => {
    set(place, place)
    lines = [undefined, undefined]
  }

  return {
    active: () => active,
    expect,
    range,
    rows,
    isOne,
    select,
    set,
    selectRow,
    selectColumn,
    selectAll,
    move,
    lastFilled,
    follow,
    focus,
    contains: ({ row, column }) => {
      const { top, bottom, left, right } = range()
      return row >= top && row <= bottom && column >= left && column <= right
    },
  }
}

const edges = ["edge-top", "edge-bottom", "edge-left", "edge-right"]

/** Brings a cell into view, past the frozen header and the numbers. */
const reveal = (holder, grid, place) => {
  const cell = grid.cellAt(place)
  if (cell === undefined) return
  const view = holder.getBoundingClientRect()
  const box = cell.getBoundingClientRect()
  const frozen = grid.lineAt(0).node.getBoundingClientRect()
  const number = grid.lineAt(0).number.getBoundingClientRect()
  const right = view.left + holder.clientWidth
  const bottom = view.top + holder.clientHeight
  if (place.row > 0 && box.top < frozen.bottom) holder.scrollTop -= frozen.bottom - box.top
  else if (place.row > 0 && box.bottom > bottom) holder.scrollTop += box.bottom - bottom
  if (box.left < number.right) holder.scrollLeft -= number.right - box.left
  else if (box.right > right)
    holder.scrollLeft += Math.min(box.right - right, box.left - number.right)
}
