/**
 * Rows of the issued tabs in a correction: how they were read, the requests that change some of
 * them, which rows these really hit, and what puts the wrong ones right. Pure.
 */
import { Schema } from "effect"
import { Colour, type Holds, type Resource } from "../domain/Catalogue.ts"
import { IssuanceId, Mark } from "../domain/Issuance.ts"
import { shownText } from "./BaseRow.ts"
import { textCell, writeCell } from "./CellWrite.ts"
import type { SheetRequest } from "./GuardChain.ts"
import { area, gridRange, type IssuedColumns, wholeColumn } from "./Headers.ts"
import type { BookAnswer, Values } from "./SheetsClient.ts"
import type { Layout } from "./Tabs.ts"

/** Where an issued tab keeps what a correction touches. */
export const EditPlace = Schema.Struct({
  title: Schema.String,
  sheetId: Schema.Int,
  /** The column of the ids, as the following ones counted from 0. */
  id: Schema.Int,
  status: Schema.Int,
  markedAt: Schema.NullOr(Schema.Int),
  /** The columns of what only some corrections write; absent where no row gets it again. */
  value: Schema.optionalKey(Schema.Int),
  comment: Schema.optionalKey(Schema.Int),
  stage: Schema.optionalKey(Schema.Int),
  telegramId: Schema.optionalKey(Schema.Int),
  /** How many columns carry the colour. */
  width: Schema.Int,
})
export type EditPlace = typeof EditPlace.Type

/** A row as it shall be. */
export const Edit = Schema.Struct({
  resource: Schema.String,
  id: IssuanceId,
  /** What is corrected; `null` where the edit puts a row right that was hit by mistake. */
  mark: Schema.NullOr(Mark),
  status: Schema.String,
  markedAt: Schema.String,
  colour: Schema.NullOr(Colour),
  /** The item, where the row shows another one. Secret. */
  value: Schema.optionalKey(Schema.String),
  /** Why it has that status; empty where the row gave a reason that is taken back. */
  comment: Schema.optionalKey(Schema.String),
  /** The holder, who may be another one than when the row was written. */
  stage: Schema.optionalKey(Schema.String),
  telegramId: Schema.optionalKey(Schema.String),
  place: EditPlace,
  row: Schema.Int,
})
export type Edit = typeof Edit.Type

/** The cells that are read and written where a correction needs them. */
const sometimes = ["value", "comment", "stage", "telegramId"] as const
type Sometimes = (typeof sometimes)[number]

/** What a row said when it was read. */
export interface SeenRow extends Readonly<Partial<Record<Sometimes, string>>> {
  readonly row: number
  readonly status: string
  readonly markedAt: string
}

/** The rows of tabs, by the title of the tab, then by the id in the row. */
export type SeenTabs = ReadonlyMap<string, ReadonlyMap<string, SeenRow>>

/** What became of the edits of one correction. */
interface CorrectionOutcome {
  /** Edits that are in their row. */
  readonly hits: ReadonlyArray<Edit>
  /** Edits that put the rows right that were hit instead. */
  readonly repairs: ReadonlyArray<Edit>
  /** Rows that were hit instead and cannot be put right: it is unknown what they said before. */
  readonly doubtful: ReadonlyArray<{
    readonly tab: string
    readonly row: number
    readonly issuance: string
  }>
}

/**
 * `value`: what the column of the item holds, where some row gets its item again. `comment`: some
 * row gets a comment, or loses one.
 */
export const editPlaceOf = (
  layout: Layout<IssuedColumns>,
  also: { readonly value?: Holds; readonly comment?: boolean } = {},
): EditPlace => {
  const { byHolds, header } = layout.columns
  const value = also.value === undefined ? undefined : byHolds.get(also.value)
  const comment = also.comment === true ? byHolds.get("comment") : undefined
  const [stage, telegramId] = [byHolds.get("stage"), byHolds.get("telegramId")]
  return {
    title: layout.title,
    sheetId: layout.sheetId,
    // No tab is usable without these two columns.
    id: byHolds.get("issuanceId") ?? 0,
    status: byHolds.get("status") ?? 0,
    markedAt: byHolds.get("markedAt") ?? null,
    width: header.length,
    ...(value === undefined ? {} : { value }),
    ...(comment === undefined ? {} : { comment }),
    ...(stage === undefined ? {} : { stage }),
    ...(telegramId === undefined ? {} : { telegramId }),
  }
}

/** The ranges that are read of a tab: ids, states, times of marks, and what else it may write. */
export const columnsRead = (place: EditPlace) => {
  const { title, id, status, markedAt } = place
  const others = sometimes.flatMap((name) => place[name] ?? [])
  return [id, status, markedAt ?? id, ...others].map((column) => wholeColumn(title, column))
}

/** `columns`: what was read of all places, in the order of `columnsRead`. */
export const seenTabs = (
  places: ReadonlyArray<EditPlace>,
  columns: ReadonlyArray<Values>,
): SeenTabs => {
  let read = 0
  return new Map(
    places.map((place) => {
      const own = columns.slice(read, (read += columnsRead(place).length))
      const [ids = [], statuses = [], marks = [], ...others] = own
      const names = sometimes.filter((name) => place[name] !== undefined)
      const rows = ids.map((_, row): readonly [string, SeenRow] => [
        textAt(ids, row).trim(),
        {
          row,
          status: textAt(statuses, row),
          markedAt: place.markedAt === null ? "" : textAt(marks, row),
          ...Object.fromEntries(names.map((name, at) => [name, textAt(others[at] ?? [], row)])),
        },
      ])
      return [place.title, new Map(rows.filter(([id]) => id !== ""))]
    }),
  )
}

const textAt = (values: Values, row: number) => String(values[row]?.[0] ?? "")

/** The requests that make the rows say what the edits say. */
export const correctionRequests = (edits: ReadonlyArray<Edit>): ReadonlyArray<SheetRequest> =>
  edits.flatMap(({ place, row, status, markedAt, colour, ...texts }) => [
    paint(place, row, colour),
    writeCell(place.sheetId, row, place.status, textCell(status)),
    ...(place.markedAt === null
      ? []
      : [writeCell(place.sheetId, row, place.markedAt, textCell(markedAt))]),
    ...sometimes.flatMap((name) => {
      const [column, text] = [place[name], texts[name]]
      return column === undefined || text === undefined
        ? []
        : [writeCell(place.sheetId, row, column, textCell(text))]
    }),
  ])

/** `null` takes the colour away. */
const paint = (
  { sheetId, width }: EditPlace,
  row: number,
  colour: Colour | null,
): SheetRequest => ({
  repeatCell: {
    range: gridRange(sheetId, { row, column: 0 }, { rows: 1, columns: width }),
    cell:
      colour === null ? {} : { userEnteredFormat: { backgroundColorStyle: { rgbColor: colour } } },
    fields: "userEnteredFormat.backgroundColorStyle",
  },
})

/** The ranges of the ids in the edited rows: the answer then tells which rows were really hit. */
export const idCells = (edits: ReadonlyArray<Edit>): ReadonlyArray<string> =>
  edits.map(({ place: { title, id: column }, row }) =>
    area(title, { row, column }, { row, column }),
  )

/** The id in the row of each edit, as the answer to the write shows it. */
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

/**
 * The outcome by what the answer to the write shows. `ids`: the ids in the rows that were written.
 */
export const outcomeByAnswer = (
  edits: ReadonlyArray<Edit>,
  ids: ReadonlyMap<Edit, string>,
  before: SeenTabs,
  resources: ReadonlyArray<Resource>,
): CorrectionOutcome => {
  const missed = edits.filter((edit) => ids.get(edit) !== edit.id)
  const wrong = missed.map((edit) => ({ edit, id: ids.get(edit) ?? "", row: edit.row }))
  return outcomeOf(edits, missed, wrong, before, resources)
}

/** The outcome by a look at the tabs after the write; rows may have moved again since then. */
export const outcomeByLook = (
  edits: ReadonlyArray<Edit>,
  after: SeenTabs,
  before: SeenTabs,
  resources: ReadonlyArray<Resource>,
): CorrectionOutcome => {
  const missed = edits.filter((edit) => !says(after.get(edit.place.title)?.get(edit.id), edit))
  const intended = new Set(edits.map(({ id }) => String(id)))
  const wrong = missed.flatMap((edit) => {
    const was = before.get(edit.place.title)
    return [...(after.get(edit.place.title) ?? [])]
      .filter(([id, seen]) => {
        if (intended.has(id) || !says(seen, edit) || says(was?.get(id), edit)) return false
        // Without a column for the time many rows say the same: then only a row that changed counts.
        return was?.has(id) === true || edit.markedAt !== ""
      })
      .map(([id, { row }]) => ({ edit, id, row }))
  })
  const once = new Map(wrong.map((one) => [`${one.edit.place.title}/${one.id}`, one]))
  return outcomeOf(edits, missed, [...once.values()], before, resources)
}

/** Whether the row says what the edit says. */
const says = (seen: SeenRow | undefined, { status, markedAt, ...texts }: Edit) =>
  seen?.status === status &&
  seen.markedAt === markedAt &&
  sometimes.every((name) => texts[name] === undefined || seen[name] === texts[name])

/** A row that was hit instead of the one that the edit is for. */
interface MistakenRow {
  readonly edit: Edit
  readonly id: string
  readonly row: number
}

const outcomeOf = (
  edits: ReadonlyArray<Edit>,
  missed: ReadonlyArray<Edit>,
  wrong: ReadonlyArray<MistakenRow>,
  before: SeenTabs,
  resources: ReadonlyArray<Resource>,
): CorrectionOutcome => {
  const own = new Set(edits.filter(({ mark }) => mark !== null).map(({ id }) => String(id)))
  // A row that is to be corrected itself gets its own values in the next round.
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

/** The edit that makes a row that was hit by mistake say again what it said when it was read. */
const repairOf = (
  resource: Resource | undefined,
  hit: Edit,
  id: string,
  before: SeenRow | undefined,
): Edit | undefined => {
  if (before === undefined || !Schema.is(IssuanceId)(id)) return undefined
  const written = sometimes.filter((name) => hit[name] !== undefined)
  if (written.some((name) => before[name] === undefined)) return undefined
  const status = resource?.statuses.find(({ label }) => label.ru === before.status)
  return {
    ...hit,
    ...Object.fromEntries(written.map((name) => [name, before[name]])),
    id,
    mark: null,
    status: before.status,
    markedAt: before.markedAt,
    colour: status?.colour ?? null,
  }
}
