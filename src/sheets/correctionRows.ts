/** Which rows a correction really wrote to, and what is to be done about the wrong ones. Pure. */
import { Schema } from "effect"
import { Colour, type Holds, type Resource } from "../domain/Catalogue.ts"
import { IssuanceId, Mark } from "../domain/Issuance.ts"
import { shownText } from "./BaseRow.ts"
import type { SheetRequest } from "./GuardChain.ts"
import { area, type IssuedColumns, letters, quoted } from "./Headers.ts"
import type { BookAnswer, Values } from "./SheetsClient.ts"
import type { Layout } from "./Tabs.ts"

/* Rows of issued tabs as they were read, and the requests that change some of them. Pure. */

/** Where an issued tab keeps what a correction touches. */
export const Place = Schema.Struct({
  title: Schema.String,
  sheetId: Schema.Int,
  id: Schema.Int,
  status: Schema.Int,
  markedAt: Schema.NullOr(Schema.Int),
  /** The item itself; absent where no row gets its item again. */
  value: Schema.optionalKey(Schema.Int),
  /** Number of columns that carry the colour. */
  width: Schema.Int,
})
export type Place = typeof Place.Type

/** One row as it shall be. */
export const Edit = Schema.Struct({
  resource: Schema.String,
  id: IssuanceId,
  /** `null`: puts a row right that was hit by mistake. */
  mark: Schema.NullOr(Mark),
  status: Schema.String,
  markedAt: Schema.String,
  colour: Schema.NullOr(Colour),
  /** The item, where the row stands for another one. Secret. */
  value: Schema.optionalKey(Schema.String),
  place: Place,
  row: Schema.Int,
})
export type Edit = typeof Edit.Type

/** What a row said when it was read. */
export interface Seen {
  readonly row: number
  readonly status: string
  readonly markedAt: string
  /** Only where the place has such a column. */
  readonly value?: string
}

/** By title, then by the id in the row. */
export type Snapshot = ReadonlyMap<string, ReadonlyMap<string, Seen>>

/** `holds`: what the column of the item holds, where some row gets its item again. */
export const placeOf = (layout: Layout<IssuedColumns>, holds?: Holds): Place => {
  const { byHolds, header } = layout.columns
  const value = holds === undefined ? undefined : byHolds.get(holds)
  return {
    title: layout.title,
    sheetId: layout.sheetId,
    // A layout is not usable without these two.
    id: byHolds.get("issuanceId") ?? 0,
    status: byHolds.get("status") ?? 0,
    markedAt: byHolds.get("markedAt") ?? null,
    width: header.length,
    ...(value === undefined ? {} : { value }),
  }
}

export const columnsRead = ({ title, id, status, markedAt, value }: Place) =>
  [id, status, markedAt ?? id, ...(value === undefined ? [] : [value])].map(
    (column) => `${quoted(title)}!${letters(column)}1:${letters(column)}`,
  )

/** `columns`: as many lists of rows for each place as `columnsRead` asks for. */
export const snapshotOf = (
  places: ReadonlyArray<Place>,
  columns: ReadonlyArray<Values>,
): Snapshot => {
  let read = 0
  return new Map(
    places.map((place) => {
      const own = columns.slice(read, (read += columnsRead(place).length))
      const [ids = [], statuses = [], marks = [], values = []] = own
      const rows = ids.map((_, row): readonly [string, Seen] => [
        textAt(ids, row).trim(),
        {
          row,
          status: textAt(statuses, row),
          markedAt: place.markedAt === null ? "" : textAt(marks, row),
          ...(place.value === undefined ? {} : { value: textAt(values, row) }),
        },
      ])
      return [place.title, new Map(rows.filter(([id]) => id !== ""))]
    }),
  )
}

export const correctionRequests = (edits: ReadonlyArray<Edit>): ReadonlyArray<SheetRequest> =>
  edits.flatMap(({ place, row, status, markedAt, colour, value }) => [
    ...(colour === null ? [clearColour(place, row)] : [paint(place, row, colour)]),
    write(place.sheetId, row, place.status, status),
    ...(place.markedAt === null ? [] : [write(place.sheetId, row, place.markedAt, markedAt)]),
    ...(place.value === undefined || value === undefined
      ? []
      : [write(place.sheetId, row, place.value, value)]),
  ])

/** The id cells of the edited rows, to see in the answer which rows were really hit. */
export const idCells = (edits: ReadonlyArray<Edit>): ReadonlyArray<string> =>
  edits.map(({ place: { title, id: column }, row }) =>
    area(title, { row, column }, { row, column }),
  )

/** The id that stands in the row of each edit, by the write's own answer. */
export const idsHit = (edits: ReadonlyArray<Edit>, book: BookAnswer): ReadonlyMap<Edit, string> => {
  const found = new Map<string, string>()
  for (const { properties, data = [] } of book.sheets ?? []) {
    for (const { startRow = 0, startColumn = 0, rowData = [] } of data) {
      const text = shownText(rowData[0]?.values?.[0]).trim()
      found.set(`${properties.sheetId}/${startRow}/${startColumn}`, text)
    }
  }
  return new Map(
    edits.map((edit) => [
      edit,
      found.get(`${edit.place.sheetId}/${edit.row}/${edit.place.id}`) ?? "",
    ]),
  )
}

/** What puts a row right that an edit hit by mistake: what it said when it was read. */
export const repairOf = (
  resource: Resource | undefined,
  hit: Edit,
  id: string,
  before: Seen | undefined,
): Edit | undefined => {
  if (before === undefined || !Schema.is(IssuanceId)(id)) return undefined
  const { value: written, ...edit } = hit
  if (written !== undefined && before.value === undefined) return undefined
  const status = resource?.statuses.find(({ label }) => label.ru === before.status)
  return {
    ...edit,
    ...(written === undefined || before.value === undefined ? {} : { value: before.value }),
    id,
    mark: null,
    status: before.status,
    markedAt: before.markedAt,
    colour: status?.colour ?? null,
  }
}

const textAt = (values: Values, row: number) => String(values[row]?.[0] ?? "")

const write = (sheetId: number, row: number, column: number, text: string): SheetRequest => ({
  updateCells: {
    range: cell(sheetId, row, column, 1),
    rows: [{ values: [text === "" ? {} : { userEnteredValue: { stringValue: text } }] }],
    fields: "userEnteredValue",
  },
})

const paint = (place: Place, row: number, colour: Colour): SheetRequest => ({
  repeatCell: {
    range: cell(place.sheetId, row, 0, place.width),
    cell: { userEnteredFormat: { backgroundColorStyle: { rgbColor: colour } } },
    fields: "userEnteredFormat.backgroundColorStyle",
  },
})

const clearColour = (place: Place, row: number): SheetRequest => ({
  repeatCell: {
    range: cell(place.sheetId, row, 0, place.width),
    cell: {},
    fields: "userEnteredFormat.backgroundColorStyle",
  },
})

const cell = (sheetId: number, row: number, column: number, width: number) => ({
  sheetId,
  startRowIndex: row,
  endRowIndex: row + 1,
  startColumnIndex: column,
  endColumnIndex: column + width,
})

export interface CorrectionOutcome {
  /** Edits that are in their row. */
  readonly hits: ReadonlyArray<Edit>
  /** What puts right the rows that were hit instead. */
  readonly repairs: ReadonlyArray<Edit>
  /** Rows that were hit instead, of which nobody knows what they said before. */
  readonly doubtful: ReadonlyArray<{
    readonly tab: string
    readonly row: number
    readonly issuance: string
  }>
}

type Resources = ReadonlyArray<Resource>

/** `ids`: what stands in the rows that were written, by the write's own answer. */
export const outcomeByAnswer = (
  edits: ReadonlyArray<Edit>,
  ids: ReadonlyMap<Edit, string>,
  before: Snapshot,
  resources: Resources,
): CorrectionOutcome => {
  const missed = edits.filter((edit) => ids.get(edit) !== edit.id)
  const wrong = missed.map((edit) => ({ edit, id: ids.get(edit) ?? "", row: edit.row }))
  return outcomeOf(edits, missed, wrong, before, resources)
}

/** `after`: the tabs as they are now; rows may have moved again since the write. */
export const outcomeByLook = (
  edits: ReadonlyArray<Edit>,
  after: Snapshot,
  before: Snapshot,
  resources: Resources,
): CorrectionOutcome => {
  const missed = edits.filter((edit) => !says(after.get(edit.place.title)?.get(edit.id), edit))
  const intended = new Set(edits.map(({ id }) => String(id)))
  const wrong = missed.flatMap((edit) => {
    const was = before.get(edit.place.title)
    return [...(after.get(edit.place.title) ?? [])]
      .filter(([id, seen]) => {
        if (intended.has(id) || !says(seen, edit) || says(was?.get(id), edit)) return false
        // Without a time many rows say the same, so only a change is telling.
        return was?.has(id) === true || edit.markedAt !== ""
      })
      .map(([id, { row }]) => ({ edit, id, row }))
  })
  const once = new Map(wrong.map((one) => [`${one.edit.place.title}/${one.id}`, one]))
  return outcomeOf(edits, missed, [...once.values()], before, resources)
}

const says = (seen: Seen | undefined, { status, markedAt, value }: Edit) =>
  seen?.status === status &&
  seen.markedAt === markedAt &&
  (value === undefined || seen.value === value)

interface Wrong {
  readonly edit: Edit
  readonly id: string
  readonly row: number
}

const outcomeOf = (
  edits: ReadonlyArray<Edit>,
  missed: ReadonlyArray<Edit>,
  wrong: ReadonlyArray<Wrong>,
  before: Snapshot,
  resources: Resources,
): CorrectionOutcome => {
  const own = new Set(edits.filter(({ mark }) => mark !== null).map(({ id }) => String(id)))
  // A row that is to be corrected anyway gets its own values in the next round.
  const others = wrong
    .filter(({ id }) => !own.has(id))
    .map(({ edit, id, row }) => ({
      place: { tab: edit.place.title, row: row + 1, issuance: id },
      repair: repairOf(
        resources.find((one) => one.id === edit.resource),
        edit,
        id,
        before.get(edit.place.title)?.get(id),
      ),
    }))
  const unrepaired = missed.filter(({ mark, id }) => mark === null && !own.has(id))
  const waiting = new Set(unrepaired.map(({ id }) => String(id)))
  return {
    hits: edits.filter((edit) => !missed.includes(edit)),
    repairs: [
      ...others.flatMap(({ repair }) =>
        repair === undefined || waiting.has(repair.id) ? [] : [repair],
      ),
      ...unrepaired,
    ],
    doubtful: others.flatMap(({ place, repair }) => (repair === undefined ? [place] : [])),
  }
}
