/**
 * The issuances of the books as one file, the oldest first.
 *
 * They are read page by page, the newest first, and others get their turn in between. What is too
 * much for a file leaves out the oldest.
 */
import { Effect } from "effect"
import { exportBytesMax, exportPageRows, exportRowsMax } from "../config/Limits.ts"
import type { Booked, BookQuery, Journal, StorageUnavailable } from "../store/Journal.ts"
import { byteOrderMark } from "./csv.ts"

export interface IssuanceFile {
  readonly bytes: Uint8Array
  readonly rows: number
  /** When the first and the last of them were issued; both 0 where there are none. */
  readonly oldest: number
  readonly newest: number
  /** Older ones are left out. */
  readonly isCut: boolean
}

export interface Bounds {
  readonly rows: number
  readonly bytes: number
  readonly page: number
}

const bounds: Bounds = { rows: exportRowsMax, bytes: exportBytesMax, page: exportPageRows }

/** `head` and what `lineOf` gives are whole lines, their ends included. */
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
