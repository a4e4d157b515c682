/** Writes issuances into the issued tabs: one write for all tabs, each issuance on one row only. */
import { Context, type DateTime, Effect, Layer, Option, Ref, Schema } from "effect"
import { flushRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import {
  type Colour,
  findStatus,
  findVariant,
  type Holds,
  type Resource,
} from "../domain/Catalogue.ts"
import { formatMoment, parseDay, serialOf, serialOfDay } from "../domain/Day.ts"
import { type Issuance, IssuanceId, Mark } from "../domain/Issuance.ts"
import { StorageUnavailable } from "../store/Journal.ts"
import { type Applied, Guard, type OnApplied } from "./Guard.ts"
import { fold, type IssuedColumns, letters, quoted } from "./Headers.ts"
import { SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import { type Layout, Tabs, type TabUnusable } from "./Tabs.ts"

export interface RowToWrite {
  readonly resource: Resource
  readonly issuance: Issuance
}

/** A row of the issued tab says this now. */
export const WrittenRow = Schema.Struct({ resource: Schema.String, id: IssuanceId, mark: Mark })
export type WrittenRow = typeof WrittenRow.Type

/** Makes it durable that the rows are written. Idempotent. */
export type Written = (rows: ReadonlyArray<WrittenRow>) => Effect.Effect<void, StorageUnavailable>

type Failure = TabUnusable | SheetsError | StorageUnavailable

export class Flush extends Context.Service<
  Flush,
  {
    /**
     * Writes what has a mark and no row yet, the first rows up to the limit; answers how many.
     * A row that was gone and is to be written again, but stands there again by itself, counts.
     * Rows of a tab that cannot be used wait; it fails only when all of them do.
     */
    flush(rows: ReadonlyArray<RowToWrite>, written: Written): Effect.Effect<number, Failure>
    /** How a flush of a former process ends. */
    finish(written: Written): OnApplied<void>
  }
>()("account-bot/sheets/Flush") {
  static readonly layer = Layer.effect(
    Flush,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet, timezone } = yield* Settings
      const guard = yield* Guard
      const tabs = yield* Tabs
      /**
       * What the sheet got lately: whoever asked for a flush while another one was finished may
       * not know of it yet.
       */
      const lately = yield* Ref.make<ReadonlyArray<string>>([])
      const standing = makeStanding(yield* SheetsClient, spreadsheet)

      const done = Effect.fnUntraced(function* ({ intent }: Applied, written: Written) {
        const { rows } = yield* Effect.mapError(
          decodeAbout(intent.about),
          (cause) => new StorageUnavailable({ operation: "intent of a flush", cause }),
        )
        yield* written(rows)
        yield* Ref.update(lately, (ids) => [...ids, ...rows.map(writeOf)].slice(-rememberedMax))
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
        written: Written,
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
          const there = yield* standing(candidates)
          back = rowsOf(candidates).filter(({ id }) => there.has(id))
          const chosen = without(candidates, there)
          const about = rowsOf(chosen)
          count = about.length
          if (count === 0) return Option.none()
          const requests = chosen.map(({ resource, layout, rows }) => ({
            appendCells: {
              sheetId: layout.sheetId,
              fields: issuedFields,
              rows: rows.map(({ issuance }) => ({
                values: issuedRow(resource, layout.columns, issuance, timezone),
              })),
            },
          }))
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

/** `rewrites`: as often as the row had been written again before. */
const FlushedRow = Schema.Struct({
  ...WrittenRow.fields,
  rewrites: Schema.optionalKey(Schema.Int),
})
type FlushedRow = typeof FlushedRow.Type
const FlushAbout = Schema.Struct({ rows: Schema.Array(FlushedRow) })
const decodeAbout = Schema.decodeUnknownEffect(FlushAbout)

const rememberedMax = 10 * flushRowsMax

/** What is written once: an issuance, and again after each time that its row was gone. */
const writeOf = ({ id, rewrites = 0 }: Pick<FlushedRow, "id" | "rewrites">) => `${id} ${rewrites}`

const chooseRows = <Layout>(
  parts: ReadonlyArray<Part<Layout>>,
  known: ReadonlySet<string>,
): ReadonlyArray<Part<Layout>> => {
  let room = flushRowsMax
  return parts.flatMap((part) => {
    const rows = part.rows.filter(({ issuance }) => !known.has(writeOf(issuance))).slice(0, room)
    room -= rows.length
    return rows.length === 0 ? [] : [{ ...part, rows }]
  })
}

const rowsOf = <Layout>(parts: ReadonlyArray<Part<Layout>>): ReadonlyArray<FlushedRow> =>
  parts.flatMap(({ resource, rows }) =>
    rows.flatMap(({ issuance: { id, mark, rewrites } }) =>
      mark === null
        ? []
        : [{ resource: resource.id, id, mark, ...(rewrites === undefined ? {} : { rewrites }) }],
    ),
  )

const without = <Layout>(parts: ReadonlyArray<Part<Layout>>, there: ReadonlySet<string>) =>
  parts.flatMap((part) => {
    const rows = part.rows.filter(({ issuance }) => !there.has(issuance.id))
    return rows.length === 0 ? [] : [{ ...part, rows }]
  })

/*
 * An issuance as a row of the issued tab. Pure.
 *
 * What people or sheets once typed goes back as literal text: never as a formula, never as a
 * number that loses its zeros.
 */

export interface CellWrite {
  readonly userEnteredValue?: { readonly stringValue: string } | { readonly numberValue: number }
  readonly userEnteredFormat?: {
    readonly backgroundColorStyle?: { readonly rgbColor: Colour }
    readonly numberFormat?: { readonly type: string; readonly pattern?: string }
  }
}

export const issuedFields = "userEnteredValue,userEnteredFormat(backgroundColorStyle,numberFormat)"

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
  for (const { header, index } of columns.extras) {
    const extra = issuance.item.extras.find((one) => fold(one.header) === fold(header))
    cells.set(index, text(extra?.text ?? ""))
  }
  return Array.from({ length: Math.max(...cells.keys()) + 1 }, (_, index) =>
    coloured(cells.get(index) ?? {}, colour),
  )
}

export const statusText = (resource: Resource, mark: Mark): string =>
  findStatus(resource, mark.status)?.label.ru ?? mark.status

export const statusColour = (resource: Resource, mark: Mark): Colour | undefined =>
  findStatus(resource, mark.status)?.colour

/** What tells the item apart, as the issued tab shows it. */
export const valueText = ({ identity }: Resource, { item }: Issuance): string =>
  item.fields[identity] ?? ""

/** `22.11.2026 14:32`, and who said so when nobody did. */
export const markedText = (mark: Mark, zone: DateTime.TimeZone): string =>
  `${formatMoment(mark.at, zone)}${mark.auto ? " авто" : ""}`

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
      return text(variant === null ? "" : (findVariant(resource, variant)?.label.ru ?? variant))
    }
    case "region":
      return text(issuance.region)
    case "stage":
      return text(issuance.stage)
    case "telegramId":
      return text(String(issuance.holder))
    case "status":
      return text(mark === null ? "" : statusText(resource, mark))
    case "markedAt":
      return text(mark === null ? "" : markedText(mark, zone))
    case "issuanceId":
      return text(issuance.id)
    case "targets":
      return text(
        issuance.targets
          .map((id) => resource.targets.find((target) => target.id === id)?.label.ru ?? id)
          .join(", "),
      )
    default: {
      const column = resource.columns.find(({ key }) => holds === `field:${key}`)
      const value = item.fields[column?.key ?? ""] ?? ""
      const day = column?.kind === "date" ? parseDay(value) : undefined
      if (day !== undefined) {
        return {
          userEnteredValue: { numberValue: serialOfDay(day) },
          userEnteredFormat: { numberFormat: { type: "DATE", pattern: "dd.mm.yyyy" } },
        }
      }
      // Keeps the zeros when somebody types into the cell later.
      return column?.kind === "phone"
        ? { ...text(value), userEnteredFormat: { numberFormat: { type: "TEXT" } } }
        : text(value)
    }
  }
}

const text = (stringValue: string): CellWrite =>
  stringValue === "" ? {} : { userEnteredValue: { stringValue } }

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

/*
 * Which rows that were gone stand in their tab again: whoever deleted one may have put it back
 * while the admins were asked, and a second row for one issuance must not come.
 */

/** What one tab gets. */
export interface Part<L> {
  readonly resource: Resource
  readonly layout: L
  readonly rows: ReadonlyArray<RowToWrite>
}

/** Reads only where something is written again: that is hardly ever. */
export const makeStanding = (client: SheetsClient["Service"], spreadsheet: string) =>
  Effect.fnUntraced(function* (parts: ReadonlyArray<Part<Layout<IssuedColumns>>>) {
    const again = parts
      .map((part) => ({ ...part, rows: part.rows.filter(isAgain) }))
      .filter(({ rows }) => rows.length > 0)
    if (again.length === 0) return new Set<string>()
    const ranges = again.map(({ layout: { title, columns } }) => {
      // A layout is not usable without that column.
      const column = letters(columns.byHolds.get("issuanceId") ?? 0)
      return `${quoted(title)}!${column}1:${column}`
    })
    const looks = yield* client.values(spreadsheet, ranges, "background")
    const wanted = new Set<string>(
      again.flatMap(({ rows }) => rows.map(({ issuance }) => issuance.id)),
    )
    const found = looks.flat(2).map((cell) => String(cell).trim())
    return new Set(found.filter((id) => wanted.has(id)))
  })

const isAgain = ({ issuance }: RowToWrite) => (issuance.rewrites ?? 0) > 0
