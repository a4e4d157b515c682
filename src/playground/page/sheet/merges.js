/** Merged cells of a tab: the first cell of a block spans all of it, and the others are not drawn. */

const none = new Map()

const keyAt = (row, column) => `${row}:${column}`

/** Cell → the block that it belongs to. `isHidden(row)` tells which rows a block does not span. */
export const readMerges = ({ merges }, isHidden) => {
  if (merges === undefined) return none
  const blocks = new Map()
  for (const { row: top, column: left, rows, columns } of merges) {
    const seen = Array.from({ length: rows }, (_, at) => top + at).filter((row) => !isHidden(row))
    if (seen.length === 0) continue
    const block = { row: seen[0], column: left, rows: seen.length, columns }
    for (const row of seen) {
      for (let at = 0; at < columns; at++) blocks.set(keyAt(row, left + at), block)
    }
  }
  return blocks
}

/** The cell that is drawn at a place: the first one of a block. */
export const drawnAt = (blocks, place) => {
  const block = blocks.get(keyAt(place.row, place.column))
  return block === undefined ? place : { row: block.row, column: block.column }
}

/** What is merged in a row, as a text that changes with it. */
export const mergesOf = (blocks, row, columns) =>
  blocks.size === 0
    ? ""
    : Array.from({ length: columns }, (_, column) => {
        const { row: top, column: left, rows, columns: wide } = blocks.get(keyAt(row, column)) ?? {}
        return top === undefined ? "" : `${row - top},${column - left},${rows},${wide}`
      }).join(" ")

/** Has a cell span its block, or leaves it out where it is not the first one. */
export const span = (cell, blocks, row, column) => {
  const block = blocks.get(keyAt(row, column))
  const isFirst = block?.row === row && block.column === column
  cell.hidden = block !== undefined && !isFirst
  cell.rowSpan = isFirst ? block.rows : 1
  cell.colSpan = isFirst ? block.columns : 1
}
