/**
 * Tables as text that spreadsheets open: RFC 4180, in UTF-8 with the mark that Excel looks for.
 *
 * What people typed must not become a formula in somebody's Excel, nor another value: such text
 * gets an apostrophe in front, which says "text" to whoever reads it.
 */
import { Effect } from "effect"
import { exportBytesMax, exportPageRows, exportRowsMax } from "../config/Limits.ts"
import type { Booked, BookQuery, Journal, StorageUnavailable } from "../store/Journal.ts"

/** A cell: a whole number, a text that is made harmless, or `null` for an empty cell. */
export type Cell = string | number | null

/** The issuances of the books as one file, the oldest first. */
export interface IssuanceFile {
  readonly bytes: Uint8Array
  readonly rows: number
  /** When the first and the last of them were issued; both 0 where there are none. */
  readonly oldest: number
  readonly newest: number
  /** Whether older issuances were left out. */
  readonly isCut: boolean
}

interface Bounds {
  readonly rows: number
  readonly bytes: number
  readonly page: number
}

/** What Excel splits lines by in the countries of the language; other programs find out themselves. */
export const separatorOf = (language: "ru" | "en"): string => (language === "ru" ? ";" : ",")

/** Excel takes a file without it for one in the code page of Windows. */
export const byteOrderMark = "\uFEFF"

/** One line with its end. */
export const csvLine = (cells: ReadonlyArray<Cell>, separator: string): string =>
  `${cells.map(written).join(separator)}\r\n`

/**
 * Reads the issuances page by page, the newest first, so that a file that would get too large lacks
 * the oldest, and lets others have their turn in between. `head` and what `lineOf` gives are whole
 * lines, their ends included.
 */
export const issuanceFile = Effect.fn("issuanceFile")(function* (
  journal: Pick<Journal["Service"], "booked">,
  query: BookQuery,
  head: string,
  lineOf: (row: Booked) => string,
  { rows: rowsMax, bytes: bytesMax, page }: Bounds = bounds,
): Effect.fn.Return<IssuanceFile, StorageUnavailable> {
  const top = encoder.encode(`${byteOrderMark}${head}`)
  const parts: Array<Uint8Array> = []
  let size = top.length
  let rows = 0
  let newest: Booked | undefined
  let oldest: Booked | undefined
  const file = (isCut: boolean): IssuanceFile => ({
    bytes: together([top, ...parts.toReversed()], size),
    rows,
    oldest: oldest?.issuedAt ?? 0,
    newest: newest?.issuedAt ?? 0,
    isCut,
  })
  while (true) {
    const found = yield* journal.booked(query, {
      limit: page,
      ...(oldest === undefined ? {} : { after: oldest }),
    })
    if (found.length === 0) return file(false)
    const taken = found.slice(0, rowsMax - rows)
    const part = encoder.encode(taken.toReversed().map(lineOf).join(""))
    if (taken.length === 0 || size + part.length > bytesMax) return file(true)
    parts.push(part)
    size += part.length
    rows += taken.length
    newest ??= taken[0]
    oldest = taken.at(-1)
    if (taken.length < found.length) return file(true)
    yield* Effect.yieldNow
  }
})

const bounds: Bounds = { rows: exportRowsMax, bytes: exportBytesMax, page: exportPageRows }

const written = (cell: Cell): string => {
  if (cell === null) return ""
  if (typeof cell === "number") return String(cell)
  const text = harmlessText(cell)
  // Any separator, not only ours: the program that opens the file may split by another one.
  return /[;,\t\r\n"]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The text as it stands in a cell. */
export const harmlessText = (text: string): string => {
  const plain = text.toWellFormed().replaceAll("\0", "")
  const safe = plain.replaceAll(beginnings, quotedBeginnings)
  return safe === plain && rewritten.test(plain) ? `'${plain}` : safe
}

/**
 * Where a formula could begin: at the start, and behind whatever a program may split a line at.
 * Programs look through spaces, quotes and signs that cannot be seen.
 */
const beginnings = /(?:^|[;,\t\r\n])[\s"'\p{Cf}\p{Cc};,]*[=+\-@＝＋－＠]?/gu

/** Puts a quote before every place of the run at which something could begin. */
const quotedBeginnings = (run: string, offset: number): string => {
  const isFormula = /[=+\-@＝＋－＠]$/.test(run)
  const lastSplit = Math.max(run.lastIndexOf(";"), run.lastIndexOf(","))
  let quoted = ""
  for (const [at, sign] of run.split("").entries()) {
    const isBeginning = at === 0 ? offset === 0 : /[;,\t\r\n]/.test(run[at - 1] ?? "")
    const begins = /[\t\r\n]/.test(sign) || (isFormula && at > lastSplit)
    quoted += isBeginning && begins ? `'${sign}` : sign
  }
  return quoted
}

/**
 * What a program would take for something else: numbers with a zero in front, with an exponent
 * or of more digits than it keeps, and pairs that look like dates. Our own dates are meant to be.
 */
const rewritten =
  /^\s*(?:0\d+|\d+[eE]\d+|\d{16,}|\d{1,4}[-/]\d{1,4}(?:[-/]\d{1,4})?|\d{1,2}\.\d{1,2})\s*$/

const encoder = new TextEncoder()

const together = (parts: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
