/** Names of places in a sheet, `'ВКонтакте'!A1:C31`. */

export const quoted = (title: string) => `'${title.replaceAll("'", "''")}'`

/** Letters of a column counted from 0: A … Z, AA … */
export const letters = (column: number): string =>
  column < 26
    ? String.fromCharCode(65 + column)
    : letters(Math.floor(column / 26) - 1) + letters(column % 26)

/** Rows and columns from 0, ends included. */
export const area = (
  title: string,
  from: { readonly row: number; readonly column: number },
  to: { readonly row?: number; readonly column: number },
) =>
  `${quoted(title)}!${letters(from.column)}${from.row + 1}:${letters(to.column)}${
    to.row === undefined ? "" : to.row + 1
  }`

/** Rows from 0, ends included, however wide the sheet is. */
export const wholeRows = (title: string, from: number, to: number) =>
  `${quoted(title)}!${from + 1}:${to + 1}`
