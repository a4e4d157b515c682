/** Ranges of cells as the text that spreadsheets exchange through the clipboard. */

const quoted = (text) => (/[\t\n\r]|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

export const toTsv = (rows) => rows.map((cells) => cells.map(quoted).join("\t")).join("\n")

/** Rows of texts. A quoted cell may hold tabs and line ends. */
export const fromTsv = (text) => {
  const rows = [[]]
  const cell = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y
  while (cell.lastIndex <= text.length) {
    const [, inQuotes, plain, end] = cell.exec(text)
    rows.at(-1).push(inQuotes === undefined ? plain : inQuotes.replaceAll('""', '"'))
    if (end === "") break
    // The line end after the last row begins no row.
    if (end !== "\t" && cell.lastIndex === text.length) break
    if (end !== "\t") rows.push([])
  }
  return rows
}
