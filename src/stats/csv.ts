/**
 * Tables as text that spreadsheets open: RFC 4180, in UTF-8 with the mark that Excel looks for.
 *
 * What people typed must not become a formula in somebody's Excel, nor another value: such text
 * gets an apostrophe in front, which says "text" to whoever reads it.
 */

/** A whole number is written as one; text is made harmless; `null` is an empty cell. */
export type Cell = string | number | null

/** What Excel splits by in the countries of the language; other programs look for themselves. */
export const separatorOf = (language: "ru" | "en"): string => (language === "ru" ? ";" : ",")

/** Excel takes a file without it for one in the code page of Windows. */
export const byteOrderMark = "\uFEFF"

/** One line, its end included. */
export const csvLine = (cells: ReadonlyArray<Cell>, separator: string): string =>
  `${cells.map(written).join(separator)}\r\n`

const written = (cell: Cell): string => {
  if (cell === null) return ""
  if (typeof cell === "number") return String(cell)
  const text = harmless(cell)
  // Any separator, not only ours: the program that opens the file may split by another one.
  return /[;,\t\r\n"]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The text as it stands in a cell. */
export const harmless = (text: string): string => {
  const plain = text.toWellFormed().replaceAll("\0", "")
  const safe = plain.replaceAll(formula, "'")
  return safe === plain && rewritten.test(plain) ? `'${plain}` : safe
}

/**
 * Where a formula could begin: at the start, and behind whatever a program may split a line at.
 * Programs look through spaces, quotes and signs that cannot be seen.
 */
const formula = /(?<=^|[;,\t\r\n])(?=[\t\r\n]|[\s"'\p{Cf}\p{Cc}]*[=+\-@＝＋－＠])/gu

/**
 * What a program would take for something else: numbers with a zero in front, with an exponent
 * or of more digits than it keeps, and pairs that look like dates. Our own dates are meant to be.
 */
const rewritten =
  /^\s*(?:0\d+|\d+[eE]\d+|\d{16,}|\d{1,4}[-/]\d{1,4}(?:[-/]\d{1,4})?|\d{1,2}\.\d{1,2})\s*$/
