/**
 * What makes the registry tab say what the registry says. Pure.
 *
 * Rows are changed by their place, and people may move them in between: so every change writes
 * the id as well, and none of them touches a line by its place. By that a row that was hit by
 * mistake is known and put right, see registryLook.ts.
 */
import type { Resource } from "../domain/Catalogue.ts"
import { serialOfDay } from "../domain/Day.ts"
import type { Proxy } from "../domain/Proxy.ts"
import { formatProxyLine } from "../domain/proxyLine.ts"
import type { SheetRequest } from "./GuardMark.ts"
import type { CellWrite } from "./IssuedRow.ts"
import { type Known, lookOf, type Match, matched, targetsOf } from "./registryLook.ts"
import { nameOfTarget, type Reading, type ReadRow, type RegistryColumns } from "./registryRows.ts"

export interface RegistryTab {
  readonly sheetId: number
  readonly columns: RegistryColumns
  readonly reading: Reading
}

export interface RegistryWrite {
  readonly requests: ReadonlyArray<SheetRequest>
  /** Whose lines are replaced, or were and the rest of the row still is not what it should be. */
  readonly replaced: ReadonlySet<string>
}

/** For at most so many rows; the others are left to the next round. */
export const registryWrite = (
  { sheetId, columns, reading }: RegistryTab,
  known: Known,
  resource: Resource,
  rowsMax: number,
): RegistryWrite => {
  const { matches } = matched(reading, known)
  const place = { sheetId, columns, resource }
  const { unreadable } = lookOf(reading, known)
  const present = new Set([...unreadable, ...matches.flatMap(({ proxy }) => proxy?.id ?? [])])
  const missing = known.registry
    .filter(({ id, place: where }) => where === "unwritten" && !present.has(id))
    .slice(0, rowsMax)
  const edits = matches
    .map((match) => ({ match, requests: editRequests(place, match) }))
    .filter(({ requests }) => requests.length > 0)
    .slice(0, rowsMax)
  const append = {
    appendCells: {
      sheetId,
      fields: writtenFields,
      rows: missing.map((proxy) => ({ values: newRow(place, proxy) })),
    },
  }
  return {
    requests: [
      ...edits.flatMap(({ requests }) => requests),
      ...reading.idOnly.slice(0, rowsMax).flatMap((at) => clearRequests(place, at)),
      ...(missing.length === 0 ? [] : [append]),
    ],
    replaced: new Set(
      edits.flatMap(({ match: { read, proxy } }) =>
        proxy !== undefined && (known.replaced.has(proxy.id) || isLineOld(read, proxy))
          ? [proxy.id]
          : [],
      ),
    ),
  }
}

interface Place {
  readonly sheetId: number
  readonly columns: RegistryColumns
  readonly resource: Resource
}

/** Work nicknames of those who took it. */
const stagesOf = ({ uses }: Proxy) =>
  [...new Set(uses.map(({ stage }) => stage.trim()).filter((stage) => stage !== ""))].join(", ")

/** Those that the tab can name: any other would be written again and again. */
const namesOf = (resource: Resource, proxy: Proxy): ReadonlyMap<string, string> =>
  new Map(
    targetsOf(proxy).flatMap((target) => {
      const name = nameOfTarget(resource, target)
      return name === undefined ? [] : [[target, name]]
    }),
  )

/** The names that the catalogue knows, then what else a person wrote there. */
const usedText = (names: ReadonlyMap<string, string>, unknown: ReadonlyArray<string> = []) =>
  [...names.values(), ...unknown].join(", ")

const isSame = (a: ReadonlyArray<string>, b: ReadonlyArray<string>) =>
  a.every((target) => b.includes(target)) && b.every((target) => a.includes(target))

/**
 * Differences that are left when the row was told: what the bot learned otherwise, and what
 * cannot be believed.
 */
const editRequests = (
  place: Place,
  { read, proxy, isDoubtful }: Match,
): ReadonlyArray<SheetRequest> => {
  if (proxy === undefined) return []
  const { columns, resource, sheetId } = place
  const { row, unknown } = read
  const cells = new Map<number, CellWrite>()
  const stage = stagesOf(proxy)
  if (row.type !== proxy.type) cells.set(columns.type, typeCell(proxy))
  if (row.country !== proxy.country) cells.set(columns.country, text(proxy.country))
  if (row.until !== proxy.until) cells.set(columns.until, untilCell(proxy))
  const names = namesOf(resource, proxy)
  if (columns.used !== null && !isSame(row.targets ?? [], [...names.keys()])) {
    cells.set(columns.used, text(usedText(names, unknown)))
  }
  // What a person wrote there stays as long as nobody took the proxy.
  const isStageOurs = stage !== "" || (isDoubtful && row.id !== proxy.id)
  if (columns.stage !== null && isStageOurs && stage !== read.stage) {
    cells.set(columns.stage, text(stage))
  }
  if (cells.size > 0 || row.id !== proxy.id) cells.set(columns.id, text(proxy.id))
  return [
    ...lineRequests(place, read, proxy),
    ...[...cells].map(([column, cell]) => writeCell(sheetId, read.at, column, cell)),
  ]
}

const isLineOld = ({ row }: ReadRow, proxy: Proxy) =>
  formatProxyLine(row.endpoint) !== formatProxyLine(proxy.endpoint)

/** A line is changed wherever it stands, never by its place: nothing else holds it. */
const lineRequests = (
  { sheetId, columns: { line } }: Place,
  read: ReadRow,
  proxy: Proxy,
): ReadonlyArray<SheetRequest> => {
  if (!isLineOld(read, proxy)) return []
  const [find, replacement] = [read.line, formatProxyLine(proxy.endpoint)]
  const range = { sheetId, startRowIndex: 1, startColumnIndex: line, endColumnIndex: line + 1 }
  return [{ findReplace: { find, replacement, matchCase: true, matchEntireCell: true, range } }]
}

const clearRequests = (
  { sheetId, columns: { id, used, stage } }: Place,
  at: number,
): ReadonlyArray<SheetRequest> =>
  [id, used, stage].flatMap((column) =>
    column === null ? [] : [writeCell(sheetId, at, column, {})],
  )

const writtenFields = "userEnteredValue,userEnteredFormat.numberFormat"

const newRow = ({ columns, resource }: Place, proxy: Proxy): ReadonlyArray<CellWrite> => {
  const cells = new Map<number | null, CellWrite>([
    // Keeps what somebody types over it from becoming a number.
    [columns.line, asText(formatProxyLine(proxy.endpoint))],
    [columns.type, typeCell(proxy)],
    [columns.country, text(proxy.country)],
    [columns.until, untilCell(proxy)],
    [columns.used, text(usedText(namesOf(resource, proxy)))],
    [columns.stage, text(stagesOf(proxy))],
    [columns.id, asText(proxy.id)],
  ])
  const width = Math.max(...[...cells.keys()].map((column) => column ?? 0)) + 1
  return Array.from({ length: width }, (_, column) => cells.get(column) ?? {})
}

const text = (stringValue: string): CellWrite =>
  stringValue === "" ? {} : { userEnteredValue: { stringValue } }

const asText = (value: string): CellWrite => ({
  ...text(value),
  userEnteredFormat: { numberFormat: { type: "TEXT" } },
})

const typeCell = ({ type }: Proxy) => text(type.toUpperCase())

const untilCell = ({ until }: Proxy): CellWrite => ({
  userEnteredValue: { numberValue: serialOfDay(until) },
  userEnteredFormat: { numberFormat: { type: "DATE", pattern: "dd.mm.yyyy" } },
})

/** Without a format of its own, the cell keeps the one it has. */
const writeCell = (
  sheetId: number,
  row: number,
  column: number,
  cell: CellWrite,
): SheetRequest => ({
  updateCells: {
    range: {
      sheetId,
      startRowIndex: row,
      endRowIndex: row + 1,
      startColumnIndex: column,
      endColumnIndex: column + 1,
    },
    rows: [{ values: [cell] }],
    fields: cell.userEnteredFormat === undefined ? "userEnteredValue" : writtenFields,
  },
})
