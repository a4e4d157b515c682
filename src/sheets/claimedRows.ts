/** Rows in the inbox tab as what a claim brought. Pure. */
import { Result, Schema } from "effect"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import type { Item, Quarantined } from "../domain/Item.ts"
import { type BatchAnswer, type BookAnswer, type CellData, rowsOf } from "./Answers.ts"
import { isBlank, readRow, setAside, shownText } from "./BaseRow.ts"
import { baseColumns, isHeaderAgain } from "./Headers.ts"

/** What brings a claim to its end after a restart. */
export const ClaimAbout = Schema.Struct({
  resource: Schema.String,
  tab: Schema.String,
  rows: Schema.Int,
  /** Where the rows lie, whatever it is called by then, and how wide that is. */
  inbox: Schema.Int,
  inboxColumns: Schema.Int,
  /** The header as it was last known. */
  header: Schema.Array(Schema.String),
})
export type ClaimAbout = typeof ClaimAbout.Type

export interface Claimed {
  /** Token of the claim. */
  readonly claim: string
  /** Title of the base tab, as the catalogue spells it. */
  readonly tab: string
  readonly items: ReadonlyArray<Item>
  readonly quarantined: ReadonlyArray<Quarantined>
  /** Fewer rows than asked for: the tab is empty below its header. */
  readonly exhausted: boolean
}

export interface Brought {
  readonly claimed: Claimed
  /** The header came along: somebody put rows above it. */
  readonly headerMoved: boolean
  /** Header of a required column that is gone. */
  readonly missingColumn: string | undefined
  /** The header is not what it was. */
  readonly headerChanged: boolean
  readonly rowsFound: number
  /** The rows fill the inbox to its right end: there may have been more. */
  readonly cutOff: boolean
}

export const readClaim = (
  resource: Resource,
  tab: BaseTab,
  about: ClaimAbout,
  token: string,
  inbox: BookAnswer,
): Brought => {
  const [mirror = [], ...below] = rowsOf(
    inbox.sheets?.find(({ properties }) => properties.sheetId === about.inbox),
  )
  const taken = below.filter(([mark]) => shownText(mark) === token)
  const rows = taken.map((row) => row.slice(1))
  const header = mirror.slice(1).map(shownText)
  const now = baseColumns(resource, header)
  const before = baseColumns(resource, about.header)
  const columns = Result.isSuccess(now) ? now : before
  const headerMoved =
    Result.isFailure(now) &&
    Result.isSuccess(before) &&
    rows.some((row) => isHeaderAgain(before.success, row.map(shownText)))
  const missingColumn = Result.isFailure(now) && !headerMoved ? now.failure : undefined

  const items: Array<Item> = []
  const quarantined: Array<Quarantined> = []
  let filled = 0
  for (const [ordinal, row] of rows.entries()) {
    const id = `${token}-${ordinal}`
    if (Result.isFailure(columns)) break
    const place = { resource, tab, columns: columns.success, id }
    if (isBlank(columns.success, row)) continue
    filled++
    const read =
      missingColumn === undefined
        ? readRow(place, row)
        : ({ _tag: "Quarantined", row: unreadable(place, row, header, missingColumn) } as const)
    if (read._tag === "Item") items.push(read.item)
    if (read._tag === "Quarantined") quarantined.push(read.row)
  }
  return {
    claimed: {
      claim: token,
      tab: tab.title,
      items,
      quarantined,
      exhausted: filled < about.rows,
    },
    headerMoved,
    missingColumn,
    headerChanged: header.join("\n").trimEnd() !== about.header.join("\n").trimEnd(),
    rowsFound: rows.length,
    cutOff: [mirror, ...taken].some((row) => shownText(row[about.inboxColumns - 1]) !== ""),
  }
}

/** Cells that the cut left behind and the delete destroyed; version history has them. */
export const leftBehind = ({ replies = [] }: BatchAnswer): number =>
  replies.reduce((sum, { findReplace }) => sum + (findReplace?.occurrencesChanged ?? 0), 0)

/** By whatever names the columns have now, so that a person can read the row. */
const unreadable = (
  place: Parameters<typeof setAside>[0],
  row: ReadonlyArray<CellData>,
  header: ReadonlyArray<string>,
  column: string,
) => setAside({ ...place, columns: { ...place.columns, header } }, row, "unreadable", column)
