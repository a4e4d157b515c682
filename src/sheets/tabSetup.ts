/** What the tabs of a spreadsheet look like, and the requests that make missing ones. Pure. */
import { foldName } from "../domain/identity.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { shownText } from "./BaseRow.ts"
import { textCell } from "./CellWrite.ts"
import type { SheetRequest } from "./GuardChain.ts"
import { gridRange } from "./Headers.ts"
import { type BookAnswer, rowsOf } from "./SheetsClient.ts"

/** The hidden tab into which claims put rows on their way out of the base tabs. */
export const inboxTitle = "_bot_inbox"

/** What is read of a tab. */
export interface TabFacts {
  readonly sheetId: number
  readonly title: string
  readonly columnCount: number
  readonly header: ReadonlyArray<string>
}

/** The tabs of a spreadsheet, by folded title. */
export type Facts = ReadonlyMap<string, TabFacts>

/** A tab that the catalogue speaks of. */
export interface WantedTab {
  readonly title: string
  readonly resource: Resource
  readonly kind: "base" | "issued"
}

/** The tabs that the catalogue expects in a spreadsheet; one may hold both kinds. */
export const wantedTabs = (
  resources: ReadonlyArray<Resource>,
  spreadsheet: string,
  places: { readonly accounts: string; readonly issued: string },
): ReadonlyArray<WantedTab> =>
  resources.flatMap((resource): ReadonlyArray<WantedTab> => [
    ...(spreadsheet === places.accounts
      ? resource.baseTabs.map(({ title }) => ({ title, resource, kind: "base" as const }))
      : []),
    ...(spreadsheet === places.issued
      ? [{ title: resource.issuedTab, resource, kind: "issued" as const }]
      : []),
  ])

export const factsOf = (answer: BookAnswer): Facts =>
  new Map(
    (answer.sheets ?? []).map((sheet) => {
      const { sheetId, title, gridProperties } = sheet.properties
      const columnCount = gridProperties?.columnCount ?? 0
      const header = (rowsOf(sheet)[0] ?? []).map(shownText)
      return [foldName(title), { sheetId, title, columnCount, header }]
    }),
  )

/** The tabs with those that were made. */
export const withTabs = (facts: Facts, made: ReadonlyArray<NewTab>): Facts =>
  new Map([...facts, ...made.map(({ facts: tab }) => [foldName(tab.title), tab] as const)])

export const hasHeader = ({ header }: TabFacts) => header.some((text) => text.trim() !== "")

/** Whether the tab exists and has a header. */
export const isMade = (facts: Facts, { title }: WantedTab) => {
  const tab = facts.get(foldName(title))
  return tab !== undefined && hasHeader(tab)
}

/** The requests that make a tab or its header, and how the tab looks when they are applied. */
export interface NewTab {
  readonly facts: TabFacts
  readonly requests: ReadonlyArray<SheetRequest>
}

export const newTab = (sheetId: number, title: string, header: ReadonlyArray<string>): NewTab => {
  const columnCount = Math.max(26, header.length)
  const gridProperties = { rowCount: 1000, columnCount, frozenRowCount: 1 }
  return {
    facts: { sheetId, title, columnCount, header },
    requests: [
      { addSheet: { properties: { sheetId, title, gridProperties } } },
      headerRequest(sheetId, header),
    ],
  }
}

/** Puts the header into a tab that has none. */
export const newHeader = (tab: TabFacts, header: ReadonlyArray<string>): NewTab => ({
  facts: { ...tab, header },
  requests: [headerRequest(tab.sheetId, header)],
})

const headerRequest = (sheetId: number, header: ReadonlyArray<string>): SheetRequest => ({
  updateCells: {
    range: gridRange(sheetId, { row: 0, column: 0 }, { rows: 1, columns: header.length }),
    rows: [
      {
        values: header.map((stringValue) => ({
          userEnteredValue: { stringValue },
          userEnteredFormat: { textFormat: { bold: true } },
        })),
      },
    ],
    fields: "userEnteredValue,userEnteredFormat.textFormat.bold",
  },
})

/** The inbox tab; people are warned before they edit it. */
export const newInbox = (sheetId: number, columnCount: number): NewTab => ({
  facts: { sheetId, title: inboxTitle, columnCount, header: [] },
  requests: [
    {
      addSheet: {
        properties: {
          sheetId,
          title: inboxTitle,
          hidden: true,
          gridProperties: { rowCount: 100, columnCount, frozenRowCount: 1 },
        },
      },
    },
    {
      addProtectedRange: {
        protectedRange: { range: { sheetId }, description: "Rows on their way to the bot" },
      },
    },
  ],
})

/** A new column, and where it is put. */
interface NewColumns {
  readonly sheetId: number
  readonly columnCount: number
  /** The header of the tab as it is. */
  readonly header: ReadonlyArray<string>
  readonly added: ReadonlyArray<string>
}

/**
 * The requests that add columns behind the last that has a header, so that nothing that stands in
 * the tab is written over, and the header as it is then.
 */
export const addColumns = ({ sheetId, columnCount, header, added }: NewColumns) => {
  const at = header.findLastIndex((name) => foldName(name) !== "") + 1
  const range = { sheetId, dimension: "COLUMNS", startIndex: at, endIndex: at + added.length }
  const room: SheetRequest =
    at < columnCount
      ? { insertDimension: { range, inheritFromBefore: true } }
      : moreColumns(sheetId, added.length)
  const names: SheetRequest = {
    updateCells: {
      start: { sheetId, rowIndex: 0, columnIndex: at },
      rows: [{ values: added.map((name) => textCell(name)) }],
      fields: "userEnteredValue",
    },
  }
  return { header: header.toSpliced(at, 0, ...added), requests: [room, names] }
}

export const moreColumns = (sheetId: number, length: number): SheetRequest => ({
  appendDimension: { sheetId, dimension: "COLUMNS", length },
})
