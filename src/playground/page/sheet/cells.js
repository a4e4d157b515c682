/** Names of cells, and what a spreadsheet makes of what a person types into one. */

/** 0 → A, 26 → AA. */
export const letterOf = (column) =>
  (column < 26 ? "" : letterOf(Math.floor(column / 26) - 1)) +
  String.fromCharCode(65 + (column % 26))

export const nameOf = ({ row, column }) => `${letterOf(column)}${row + 1}`

/** B7, or B7:C9. */
export const nameOfRange = ({ top, bottom, left, right }) => {
  const first = nameOf({ row: top, column: left })
  return top === bottom && left === right
    ? first
    : `${first}:${nameOf({ row: bottom, column: right })}`
}

const placeOf = (text) => {
  const [, letters, digits] = /^([A-Z]{1,2})([1-9]\d{0,4})$/.exec(text) ?? []
  if (letters === undefined) return undefined
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return { row: Number(digits) - 1, column }
}

/** The two corners of what a person typed into the name box; `undefined` for anything else. */
export const cornersOf = (text) => {
  const [first, second = first] = text.trim().toUpperCase().split(":").map(placeOf)
  return first === undefined || second === undefined ? undefined : [first, second]
}

/** What a spreadsheet makes of what a person types; an apostrophe keeps it a text. */
export const entered = (text) => {
  if (text === "") return null
  if (text.startsWith("'")) return text.slice(1)
  const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? []
  if (day !== undefined && isDay(Number(day), Number(month), Number(year))) {
    return { date: `${day.padStart(2, "0")}.${month.padStart(2, "0")}.${year}` }
  }
  if (/^=./.test(text)) return { formula: text }
  return /^-?(0|[1-9]\d{0,14})([.,]\d{1,10})?$/.test(text) ? Number(text.replace(",", ".")) : text
}

const isDay = (day, month, year) => {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

export const textAt = ({ cells }, column) => cells[column] ?? ""

/** What stands in the editor of a cell, so that leaving it unchanged leaves the cell unchanged. */
export const editText = ({ cells, values = [], formulas = {} }, column) => {
  if (formulas[column] !== undefined) return formulas[column]
  const text = cells[column] ?? ""
  const looksOtherwise = text.startsWith("'") || typeof entered(text) !== "string"
  return typeof values[column] === "string" && text !== "" && looksOtherwise ? `'${text}` : text
}

/** The value of a cell as it is written into another one. */
export const inputOf = (data, column) => {
  const { cells, values = [] } = data
  const value = values[column]
  if (typeof value === "boolean") return value
  if (typeof value === "number" && /^-?[\d,]+$/.test(cells[column])) return value
  return entered(editText(data, column))
}

/** Numbers and days stand at the right, as in any spreadsheet. */
export const isNumber = ({ values = [] }, column) => typeof values[column] === "number"
