/** Writes issuances into the issued tabs: one write for all tabs, each issuance on one row only. */
import { Context, Effect, Layer, Option, Ref, Schema } from "effect"
import { flushRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { type Issuance, IssuanceId, Mark } from "../domain/Issuance.ts"
import { StorageUnavailable } from "../store/Journal.ts"
import { type Applied, Guard, type OnApplied } from "./Guard.ts"
import { issuedFields, issuedRow } from "./IssuedRow.ts"
import { SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import { makeStanding, type Part } from "./standingRows.ts"
import { Tabs } from "./Tabs.ts"
import type { TabUnusable } from "./TabUnusable.ts"

export interface IssuedRow {
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
    flush(rows: ReadonlyArray<IssuedRow>, written: Written): Effect.Effect<number, Failure>
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

      const usable = Effect.fnUntraced(function* (rows: ReadonlyArray<IssuedRow>) {
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
        given: ReadonlyArray<IssuedRow>,
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
