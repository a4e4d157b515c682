/** Writes issuances into the issued tabs: one write for all tabs, each issuance on one row only. */
import { foldName } from "../domain/identity.ts"
import { Context, type DateTime, Effect, Layer, Option, Ref, Result, Schema } from "effect"
import { flushRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import {
  type Colour,
  type Column,
  findStatus,
  findVariant,
  type Holds,
  type Resource,
} from "../domain/Catalogue.ts"
import { formatMoment, parseDay, serialOf } from "../domain/Day.ts"
import { type Issuance, IssuanceId, Mark, withheld } from "../domain/Issuance.ts"
import { wordsOf, wordsRead } from "../domain/sheetWords.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { cellTextMax, type CellWrite, dayCell, literalCell, textCell } from "./CellWrite.ts"
import { aboutAs, type Applied, Guard, type OnApplied } from "./Guard.ts"
import { headerInIssued, issuedColumns, type IssuedColumns, wholeColumn } from "./Headers.ts"
import { SheetsClient } from "./SheetsClient.ts"
import { addColumns } from "./tabSetup.ts"
import { type Layout, type TabFailure, Tabs, type TabUnusable } from "./Tabs.ts"

/** An issuance whose row in the issued tab is to be written or corrected. */
export interface RowToWrite {
  readonly resource: Resource
  readonly issuance: Issuance
}

/** What a row of an issued tab says now. */
export const WrittenRow = Schema.Struct({ resource: Schema.String, id: IssuanceId, mark: Mark })
export type WrittenRow = typeof WrittenRow.Type

/** Makes it durable that the rows are written. Idempotent. */
export type OnWritten = (rows: ReadonlyArray<WrittenRow>) => Effect.Effect<void, StorageUnavailable>

/** `rewrites`: how often the row had been written again before. */
const FlushedRow = Schema.Struct({
  ...WrittenRow.fields,
  rewrites: Schema.optionalKey(Schema.Int),
})
type FlushedRow = typeof FlushedRow.Type
const aboutOf = aboutAs(Schema.Struct({ rows: Schema.Array(FlushedRow) }))

export class Flush extends Context.Service<
  Flush,
  {
    /**
     * Writes the issuances that have a mark and no row yet, as many as one write may have, and
     * answers how many. An issuance whose row was gone, and stands in its tab again by now, is
     * counted and not written. Rows of a tab that cannot be used wait; the flush fails only when
     * all tabs are like that.
     */
    flush(rows: ReadonlyArray<RowToWrite>, written: OnWritten): Effect.Effect<number, TabFailure>
    /** Finishes a flush that a former process began. */
    finish(written: OnWritten): OnApplied<void>
  }
>()("account-bot/sheets/Flush") {
  static readonly layer = Layer.effect(
    Flush,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet, timezone } = yield* Settings
      const guard = yield* Guard
      const tabs = yield* Tabs
      /**
       * The rows that were written lately: whoever asks for a flush while another one is being
       * finished may not know of them yet.
       */
      const lately = yield* Ref.make<ReadonlyArray<string>>([])
      const standingAgain = makeStandingLook(yield* SheetsClient, spreadsheet)

      const done = Effect.fnUntraced(function* (applied: Applied, written: OnWritten) {
        const { rows } = yield* aboutOf(applied)
        yield* written(rows)
        yield* Ref.update(lately, (ids) => [...ids, ...rows.map(writeKey)].slice(-rememberedMax))
      })

      const usable = Effect.fnUntraced(function* (rows: ReadonlyArray<RowToWrite>) {
        const parts = []
        let unusable: TabUnusable | undefined
        for (const [resource, own] of Map.groupBy(rows, (row) => row.resource)) {
          const layout = yield* Effect.catchTag(
            Effect.asSome(tabs.issued(resource)),
            "TabUnusable",
            (error) => {
              unusable = error
              return Effect.succeedNone
            },
          )
          if (Option.isSome(layout)) parts.push({ resource, layout: layout.value, rows: own })
        }
        if (parts.length === 0 && unusable !== undefined) return yield* unusable
        return parts
      })

      const flush = Effect.fn("Flush.flush")(function* (
        given: ReadonlyArray<RowToWrite>,
        written: OnWritten,
      ) {
        const waiting = given.filter(
          ({ issuance }) => issuance.mark !== null && issuance.row === null,
        )
        const parts = yield* usable(waiting)
        if (parts.length === 0) return 0
        let count = 0
        let back: ReadonlyArray<WrittenRow> = []
        const plan = Effect.fnUntraced(function* () {
          const known = new Set(yield* Ref.get(lately))
          const candidates = chooseRows(parts, known)
          const there = yield* standingAgain(candidates)
          back = rowsOf(candidates).filter(({ id }) => there.has(id))
          const chosen = without(candidates, there)
          const about = rowsOf(chosen)
          count = about.length
          if (count === 0) return Option.none()
          const widened = chosen.map(widen)
          if (widened.some(({ requests }) => requests.length > 0)) yield* tabs.forget(spreadsheet)
          const appended = widened.map(({ resource, layout, columns, rows }) => ({
            appendCells: {
              sheetId: layout.sheetId,
              fields: issuedFields,
              rows: rows.map(({ issuance }) => ({
                values: issuedRow(resource, columns, issuance, timezone),
              })),
            },
          }))
          const requests = [...widened.flatMap((part) => part.requests), ...appended]
          return Option.some({ about: { rows: about }, requests })
        })
        yield* guard
          .write({ spreadsheet, kind: "flush", urgency: "background", plan }, (applied) =>
            done(applied, written),
          )
          .pipe(Effect.tapError(() => tabs.forget(spreadsheet)))
        if (back.length > 0) yield* written(back)
        return count + back.length
      })

      return Flush.of({ flush, finish: (written) => (applied) => done(applied, written) })
    }),
  )
}

const rememberedMax = 10 * flushRowsMax

/** A key for what is written once only: an issuance, and again each time that its row was gone. */
const writeKey = ({ id, rewrites = 0 }: Pick<FlushedRow, "id" | "rewrites">) => `${id} ${rewrites}`

/** The rows of one tab. */
interface TabRows {
  readonly resource: Resource
  readonly layout: Layout<IssuedColumns>
  readonly rows: ReadonlyArray<RowToWrite>
}

/** The rows that are not `known` to be written, as many as one write may have. */
const chooseRows = (
  parts: ReadonlyArray<TabRows>,
  known: ReadonlySet<string>,
): ReadonlyArray<TabRows> => {
  let room = flushRowsMax
  return parts.flatMap((part) => {
    const rows = part.rows.filter(({ issuance }) => !known.has(writeKey(issuance))).slice(0, room)
    room -= rows.length
    return rows.length === 0 ? [] : [{ ...part, rows }]
  })
}

const rowsOf = (parts: ReadonlyArray<TabRows>): ReadonlyArray<FlushedRow> =>
  parts.flatMap(({ resource, rows }) =>
    rows.flatMap(({ issuance: { id, mark, rewrites } }) =>
      mark === null
        ? []
        : [{ resource: resource.id, id, mark, ...(rewrites === undefined ? {} : { rewrites }) }],
    ),
  )

const without = (parts: ReadonlyArray<TabRows>, there: ReadonlySet<string>) =>
  parts.flatMap((part) => {
    const rows = part.rows.filter(({ issuance }) => !there.has(issuance.id))
    return rows.length === 0 ? [] : [{ ...part, rows }]
  })

/**
 * Makes the look for rows that were gone and stand in their tab again: whoever deleted a row may
 * have put it back while the admins were asked, and one issuance must not get a second row. It
 * reads nothing unless some row is to be written again, which is rare.
 */
const makeStandingLook = (client: SheetsClient["Service"], spreadsheet: string) =>
  Effect.fnUntraced(function* (parts: ReadonlyArray<TabRows>) {
    const again = parts
      .map((part) => ({ ...part, rows: part.rows.filter(isAgain) }))
      .filter(({ rows }) => rows.length > 0)
    if (again.length === 0) return new Set<string>()
    const ranges = again.map(({ layout: { title, columns } }) =>
      // No tab is usable without the column of the ids.
      wholeColumn(title, columns.byHolds.get("issuanceId") ?? 0),
    )
    const looks = yield* client.values(spreadsheet, ranges, "background")
    const ids = new Set<string>(
      again.flatMap(({ rows }) => rows.map(({ issuance }) => issuance.id)),
    )
    const found = looks.flat(2).map((cell) => String(cell).trim())
    return new Set(found.filter((id) => ids.has(id)))
  })

const isAgain = ({ issuance }: RowToWrite) => (issuance.rewrites ?? 0) > 0

/** A value of the base row that the bot keeps no column for, and its header in the issued tab. */
interface Beside {
  readonly header: string
  readonly cell: CellWrite
}

/**
 * What came along with the item: the columns that the catalogue does not know, and what it knows
 * and this tab has no column for.
 */
const valuesBeside = (
  resource: Resource,
  columns: IssuedColumns,
  { item: { extras, fields, region }, mark }: Issuance,
): ReadonlyArray<Beside> => {
  const unheld = resource.columns.flatMap((column): ReadonlyArray<Beside> => {
    const text = fields[column.key] ?? ""
    return text === "" || columns.byHolds.has(`field:${column.key}`)
      ? []
      : [{ header: column.header, cell: fieldCell(column, text) }]
  })
  const all = [
    ...unheld,
    ...extras.map(({ header, text }) => ({ header, cell: textCell(text) })),
    ...(region === null || columns.byHolds.has("region")
      ? []
      : [{ header: wordsOf(resource).region, cell: textCell(region) }]),
  ]
  const comment = mark?.comment === undefined ? undefined : missingComment(resource, columns)
  return [
    ...all.map(({ header, cell }) => ({
      header: headerInIssued(resource, columns, header),
      cell,
    })),
    ...(comment === undefined ? [] : [{ header: comment, cell: textCell(mark?.comment ?? "") }]),
  ]
}

/**
 * The header of the column for comments, where the tab has none: every tab gets it with the first
 * comment. A catalogue may do without such a column.
 */
export const missingComment = ({ issuedColumns: all }: Resource, columns: IssuedColumns) =>
  columns.byHolds.has("comment") ? undefined : all.find(({ holds }) => holds === "comment")?.header

/**
 * The columns of the tab once it has one for everything that came along with the items: people add
 * columns to a base tab long after its issued tab was made. New ones are inserted behind the last
 * that has a header, so nothing that stands in the tab is written over.
 */
const widen = (part: TabRows) => {
  const { resource, layout, rows } = part
  const { header, sheetId, columnCount } = layout
  const known = new Set(header.map(foldName))
  const added: Array<string> = []
  for (const { issuance } of rows) {
    for (const beside of valuesBeside(resource, layout.columns, issuance)) {
      const name = foldName(beside.header)
      // No cell takes a longer text, so a column for it would help nobody.
      if (known.has(name) || isTooLong(beside.cell)) continue
      known.add(name)
      added.push(beside.header)
    }
  }
  const wider = addColumns({ sheetId, columnCount, header, added })
  const widened = issuedColumns(resource, wider.header)
  return added.length === 0 || Result.isFailure(widened)
    ? { ...part, columns: layout.columns, requests: [] }
    : { ...part, columns: widened.success, requests: wider.requests }
}

const isTooLong = ({ userEnteredValue }: CellWrite) =>
  userEnteredValue !== undefined &&
  "stringValue" in userEnteredValue &&
  userEnteredValue.stringValue.length > cellTextMax

/** What is written of each cell of a new row. */
const issuedFields = "userEnteredValue,userEnteredFormat(backgroundColorStyle,numberFormat)"

/** The row of an issuance. */
export const issuedRow = (
  resource: Resource,
  columns: IssuedColumns,
  issuance: Issuance,
  zone: DateTime.TimeZone,
): ReadonlyArray<CellWrite> => {
  const colour = issuance.mark === null ? undefined : statusColour(resource, issuance.mark)
  const cells = new Map<number, CellWrite>()
  for (const [holds, index] of columns.byHolds) {
    cells.set(index, cellOf(resource, holds, issuance, zone))
  }
  const beside = new Map(
    valuesBeside(resource, columns, issuance).map((one) => [foldName(one.header), one.cell]),
  )
  for (const { header, index } of columns.extras) {
    cells.set(index, beside.get(foldName(header)) ?? {})
  }
  return Array.from({ length: Math.max(...cells.keys()) + 1 }, (_, index) =>
    coloured(cells.get(index) ?? {}, colour),
  )
}

const cellOf = (
  resource: Resource,
  holds: Holds,
  { item, mark, ...issuance }: Issuance,
  zone: DateTime.TimeZone,
): CellWrite => {
  switch (holds) {
    case "issuedAt":
      return {
        userEnteredValue: { numberValue: serialOf(issuance.issuedAt, zone) },
        userEnteredFormat: { numberFormat: { type: "DATE_TIME", pattern: "dd.mm.yyyy hh:mm" } },
      }
    case "variant": {
      const { variant } = item
      return textCell(variant === null ? "" : (findVariant(resource, variant)?.label.ru ?? variant))
    }
    case "region":
      return textCell(issuance.region)
    case "stage":
      return textCell(issuance.stage)
    case "telegramId":
      return textCell(String(issuance.holder))
    case "status":
      return textCell(mark === null ? "" : statusText(resource, mark))
    case "markedAt":
      return textCell(mark === null ? "" : markedText(resource, mark, zone))
    case "comment":
      return textCell(mark?.comment ?? "")
    case "issuanceId":
      return textCell(issuance.id)
    case "targets":
      return textCell(
        issuance.targets
          .map((id) => resource.targets.find((target) => target.id === id)?.label.ru ?? id)
          .join(", "),
      )
    default: {
      const column = resource.columns.find(({ key }) => holds === `field:${key}`)
      return column === undefined ? {} : fieldCell(column, item.fields[column.key] ?? "")
    }
  }
}

const fieldCell = ({ kind }: Column, text: string): CellWrite => {
  const day = kind === "date" ? parseDay(text) : undefined
  if (day !== undefined) return dayCell(day)
  return kind === "phone" ? literalCell(text) : textCell(text)
}

const coloured = (cell: CellWrite, colour: Colour | undefined): CellWrite =>
  colour === undefined
    ? cell
    : {
        ...cell,
        userEnteredFormat: {
          ...cell.userEnteredFormat,
          backgroundColorStyle: { rgbColor: colour },
        },
      }

export const statusText = (resource: Resource, mark: Mark): string =>
  mark.status === withheld
    ? wordsOf(resource).withheld
    : (findStatus(resource, mark.status)?.label.ru ?? mark.status)

/** Whether the cell says what the bot writes there, or wrote with other words of the catalogue. */
export const saysStatus = (resource: Resource, mark: Mark, status: string): boolean => {
  const said = foldName(status)
  if (said === foldName(statusText(resource, mark))) return true
  return mark.status === withheld && wordsRead(resource, "withheld").map(foldName).includes(said)
}

export const statusColour = (resource: Resource, mark: Mark): Colour | undefined =>
  findStatus(resource, mark.status)?.colour

/** The value that tells the item apart, as the issued tab shows it. */
export const valueText = ({ identity }: Resource, { item }: Issuance): string =>
  item.fields[identity] ?? ""

/** The time of a mark, `22.11.2026 14:32`; with «авто» behind it where the timer set it. */
export const markedText = (resource: Resource, mark: Mark, zone: DateTime.TimeZone): string =>
  `${formatMoment(mark.at, zone)}${mark.auto ? ` ${wordsOf(resource).auto}` : ""}`
