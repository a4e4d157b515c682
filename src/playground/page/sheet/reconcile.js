/** Which row of a tab is which after somebody, mostly the bot, has changed the tab. */

const textOf = ({ cells }) => JSON.stringify(cells)

/**
 * Pairs the rows with the lines that show them: `pairs[row]` is the line that shows the same row,
 * perhaps at another place, or `undefined` for a row that is new; `gone` are lines without a row.
 * A line has its row as `data`.
 */
export const reconcile = (lines, rows) => {
  const pairs = Array.from({ length: rows.length })
  const before = lines.map(({ data }) => textOf(data))
  const after = rows.map(textOf)
  const free = new Set(lines.keys())
  const take = (row, index) => {
    pairs[row] = lines[index]
    free.delete(index)
  }
  let top = 0
  while (top < before.length && top < after.length && before[top] === after[top]) take(top, top++)
  let end = 0
  while (
    end < Math.min(before.length, after.length) - top &&
    before.at(-1 - end) === after.at(-1 - end)
  ) {
    take(after.length - 1 - end, before.length - 1 - end)
    end++
  }
  const places = new Map()
  for (const index of free) places.set(before[index], [...(places.get(before[index]) ?? []), index])
  const middle = Array.from({ length: after.length - end - top }, (_, at) => top + at)
  for (const row of middle) {
    // A blank row is like any other one: it is not known where it came from.
    const index = rows[row].cells.length === 0 ? undefined : places.get(after[row])?.shift()
    if (index !== undefined) take(row, index)
  }
  // A row that reads otherwise stands below the one that was above it, or where it was.
  const indexOf = new Map(lines.map((line, index) => [line, index]))
  let above = top - 1
  for (const row of middle) {
    if (pairs[row] === undefined) {
      const isRow = (at) => free.has(at) && isEdited(lines[at].data, rows[row])
      const index = [above + 1, row].find(isRow)
      if (index !== undefined) take(row, index)
    }
    above = indexOf.get(pairs[row]) ?? above
  }
  return { pairs, gone: [...free].map((index) => lines[index]) }
}

/** Whether a row at the same place is rather the same one with other texts than another one. */
const isEdited = ({ cells: before }, { cells: after }) => {
  const width = Math.max(before.length, after.length)
  if (before.length === 0) return true
  const same = after.filter((text, column) => text !== "" && text === before[column]).length
  return same * 2 >= width
}
