/**
 * Changes the status of rows that stand in the issued tabs.
 *
 * Rows are found by their id and written by their place, and people may move rows in between:
 * so the write's own answer tells which ids it hit, and a row hit by mistake is put right.
 */
import { Context, type DateTime, Effect, Layer, Option, Schema } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { flushRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { Alarms } from "../observe/Alarms.ts"
import { Journal, StorageUnavailable } from "../store/Journal.ts"
import {
  columnsRead,
  correctionRequests,
  Edit,
  idCells,
  idsHit,
  outcomeByAnswer,
  outcomeByLook,
  type Place,
  placeOf,
  type Seen,
  type Snapshot,
  snapshotOf,
} from "./correctionRows.ts"
import {
  markedText,
  type RowToWrite,
  statusColour,
  statusText,
  valueText,
  type Written,
} from "./Flush.ts"
import { type Applied, Guard, type OnApplied } from "./Guard.ts"
import type { IssuedColumns } from "./Headers.ts"
import { SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import { isNoSuchTab, type Layout, Tabs, type TabUnusable } from "./Tabs.ts"

/*
 * What the rows of issued tabs said before a correction, kept with its intent, so that a row that
 * was hit by mistake can be put right by the next run of the bot as well. Pure.
 */

export const FormerRow = Schema.Struct({
  tab: Schema.String,
  id: Schema.String,
  row: Schema.Int,
  status: Schema.String,
  markedAt: Schema.String,
  value: Schema.optionalKey(Schema.String),
})
export type FormerRow = typeof FormerRow.Type

/** Some fifty bytes each. Rows move by a few places; whoever sorts a larger tab is told. */
const rowsKept = 500

/** The rows nearest to those that are written. */
export const formerRows = (
  before: Snapshot,
  edits: ReadonlyArray<Edit>,
): ReadonlyArray<FormerRow> => {
  const written = Map.groupBy(edits, ({ place }) => place.title)
  return [...before]
    .flatMap(([tab, rows]) => {
      const targets = written.get(tab)?.map(({ row }) => row) ?? []
      return [...rows].map(([id, seen]) => ({
        away: Math.min(...targets.map((row) => Math.abs(row - seen.row))),
        former: { tab, id, ...seen },
      }))
    })
    .toSorted((a, b) => a.away - b.away)
    .slice(0, rowsKept)
    .map(({ former }) => former)
}

export const snapshotOfFormer = (former: ReadonlyArray<FormerRow>): Snapshot => {
  const tabs = new Map<string, Map<string, Seen>>()
  for (const { tab, id, ...seen } of former) {
    tabs.set(tab, (tabs.get(tab) ?? new Map<string, Seen>()).set(id, seen))
  }
  return tabs
}

type Failure = TabUnusable | SheetsError | StorageUnavailable

export class Correction extends Context.Service<
  Correction,
  {
    /**
     * Makes the rows say what the issuances' marks say; answers how many it has written. A row
     * that is gone is reported to the admins and counts as written, or it would be tried for ever.
     */
    correct(rows: ReadonlyArray<RowToWrite>, written: Written): Effect.Effect<number, Failure>
    /** How a correction of a former process ends. */
    finish(written: Written): OnApplied<void>
  }
>()("account-bot/sheets/Correction") {
  static readonly layer = Layer.effect(
    Correction,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet, timezone } = yield* Settings
      const { resources } = yield* CatalogueSource
      const client = yield* SheetsClient
      const guard = yield* Guard
      const tabs = yield* Tabs
      const alarms = yield* Alarms
      const repairs = makeRepairs(yield* Journal)

      const look = Effect.fnUntraced(function* (places: ReadonlyArray<Place>) {
        const ranges = places.flatMap(columnsRead)
        return snapshotOf(places, yield* client.values(spreadsheet, ranges, "background"))
      })

      const targetsOf = Effect.fnUntraced(function* (rows: ReadonlyArray<RowToWrite>) {
        const targets: Array<Edit> = []
        for (const [resource, own] of Map.groupBy(rows, (row) => row.resource)) {
          const layout = yield* Effect.catchTag(
            Effect.asSome(tabs.issued(resource)),
            "TabUnusable",
            () => Effect.succeedNone,
          )
          if (Option.isNone(layout)) continue
          const place = placeFor(resource, layout.value, own)
          targets.push(...own.flatMap((row) => editOf(row, place, timezone)))
        }
        return targets.slice(0, flushRowsMax)
      })

      const verify = Effect.fnUntraced(function* (
        edits: ReadonlyArray<Edit>,
        { answer }: Applied,
        before: Snapshot,
      ) {
        const book = Option.getOrUndefined(answer)?.updatedSpreadsheet
        if (book !== undefined) {
          return outcomeByAnswer(edits, idsHit(edits, book), before, resources)
        }
        const after = yield* look(distinct(edits.map(({ place }) => place))).pipe(
          // A tab that was renamed holds up nothing: its rows are looked up when it is back.
          Effect.catchIf(isNoSuchTab, () => Effect.succeed<Snapshot>(new Map())),
        )
        return outcomeByLook(edits, after, before, resources)
      })

      const round = Effect.fnUntraced(function* (targets: ReadonlyArray<Edit>, written: Written) {
        let before: Snapshot | undefined
        let vanished: ReadonlyArray<Edit> = []
        const plan = Effect.fnUntraced(function* () {
          const own = new Set(targets.map(({ id }) => id))
          const others = (yield* repairs.waiting).filter(({ id }) => !own.has(id))
          const wanted = [...targets, ...others]
          const seen = yield* look(distinct(wanted.map(({ place }) => place)))
          before = seen
          const located = wanted.flatMap((edit) => {
            const row = seen.get(edit.place.title)?.get(edit.id)?.row
            return row === undefined ? [] : [{ ...edit, row }]
          })
          const found = new Set(located.map(({ id }) => id))
          const gone = wanted.filter(({ id }) => !found.has(id))
          vanished = gone.filter(({ mark }) => mark !== null)
          yield* repairs.change(
            [],
            gone.map(({ id }) => id),
          )
          if (located.length === 0) return Option.none()
          const about = { edits: located, former: formerRows(seen, located) }
          const requests = correctionRequests(located)
          return Option.some({ about, requests, responseRanges: idCells(located) })
        })
        const done = yield* guard.write(
          { spreadsheet, kind: "correction", urgency: "background", plan },
          (applied) => settle(applied, before, written),
        )
        yield* Effect.forEach(vanished, ({ place: { title: tab }, id }) =>
          alarms.raise({ _tag: "RowVanished", tab, issuance: id }),
        )
        yield* written(vanished.flatMap(writtenOf))
        return [...vanished, ...Option.getOrElse(done, () => [])]
      })

      /** `seen`: the tabs as they were read for it; a former process left only a part of that. */
      const settle = Effect.fnUntraced(function* (
        applied: Applied,
        seen: Snapshot | undefined,
        written: Written,
      ) {
        const { edits, former } = yield* Effect.mapError(
          decodeAbout(applied.intent.about),
          (cause) => new StorageUnavailable({ operation: "intent of a correction", cause }),
        )
        const outcome = yield* verify(edits, applied, seen ?? snapshotOfFormer(former))
        const { hits } = outcome
        yield* Effect.forEach(outcome.doubtful, (place) =>
          alarms.raise({ _tag: "RowMistaken", ...place }),
        )
        yield* repairs.change(
          outcome.repairs,
          hits.map(({ id }) => id),
        )
        yield* written(hits.flatMap(writtenOf))
        return hits
      })

      const correct = Effect.fn("Correction.correct")(function* (
        rows: ReadonlyArray<RowToWrite>,
        written: Written,
      ) {
        let targets = yield* targetsOf(rows)
        const all = targets.length
        for (let turn = 0; turn < roundsMax; turn++) {
          if (targets.length === 0 && (yield* repairs.waiting).length === 0) break
          const done = yield* round(targets, written).pipe(
            Effect.catchIf(isSilence, () => Effect.succeed([])),
            Effect.tapError(() => tabs.forget(spreadsheet)),
          )
          const settled = new Set(done.map(({ id }) => id))
          targets = targets.filter(({ id }) => !settled.has(id))
        }
        if (targets.length > 0) yield* Effect.logWarning(`${targets.length} rows keep moving`)
        return all - targets.length
      })

      const finish = (written: Written): OnApplied<void> =>
        Effect.fnUntraced(function* (applied) {
          yield* settle(applied, undefined, written)
        })

      return Correction.of({ correct, finish })
    }),
  )
}

const roundsMax = 3

const CorrectionAbout = Schema.Struct({
  edits: Schema.Array(Edit),
  former: Schema.Array(FormerRow),
})
const decodeAbout = Schema.decodeUnknownEffect(CorrectionAbout)

/** Given up because nobody answered; its rows are looked up anew. */
const isSilence = (error: SheetsError | StorageUnavailable): error is SheetsError =>
  error._tag === "SheetsError" && error.method === "batchUpdate" && error.reason._tag === "Unsure"

const editOf = (
  { resource, issuance }: RowToWrite,
  place: Place,
  zone: DateTime.TimeZone,
): ReadonlyArray<Edit> =>
  issuance.mark === null
    ? []
    : [
        {
          resource: resource.id,
          id: issuance.id,
          mark: issuance.mark,
          status: statusText(resource, issuance.mark),
          markedAt: place.markedAt === null ? "" : markedText(issuance.mark, zone),
          colour: statusColour(resource, issuance.mark) ?? null,
          ...(issuance.valueLost === true ? { value: valueText(resource, issuance) } : {}),
          place,
          row: 0,
        },
      ]

const writtenOf = ({ resource, id, mark }: Edit) => (mark === null ? [] : [{ resource, id, mark }])

/** The item is read and written only if it must be: a row that is hit by mistake loses its own. */
const placeFor = (
  { identity }: Resource,
  layout: Layout<IssuedColumns>,
  rows: ReadonlyArray<RowToWrite>,
) =>
  rows.some(({ issuance }) => issuance.valueLost === true)
    ? placeOf(layout, `field:${identity}`)
    : placeOf(layout)

/** Of one tab the place that knows most. */
const distinct = (places: ReadonlyArray<Place>): ReadonlyArray<Place> => {
  const knowing = places.toSorted((a, b) => Number("value" in a) - Number("value" in b))
  return [...new Map(knowing.map((place) => [place.title, place])).values()]
}

/* Rows that were hit by mistake and are not put right yet; in the journal until they are. */

const kind = "repair"
const encode = Schema.encodeSync(Edit)
const decode = Schema.decodeUnknownOption(Edit)

export const makeRepairs = (journal: Journal["Service"]) => ({
  waiting: Effect.map(journal.documents(kind), (documents) =>
    documents.flatMap(({ body }) => Option.toArray(decode(body))),
  ),
  /** Adds `more`; rows with one of the ids say what they shall. */
  change: Effect.fnUntraced(function* (more: ReadonlyArray<Edit>, done: ReadonlyArray<string>) {
    const known = new Set((yield* journal.documents(kind)).map(({ key }) => key))
    const writes = [
      ...done
        .filter((key) => known.has(key))
        .map((key) => ({ _tag: "DocumentRemoved" as const, kind, key })),
      ...more.map((edit) => ({
        _tag: "DocumentPut" as const,
        kind,
        key: edit.id,
        body: encode(edit),
      })),
    ]
    if (writes.length > 0) yield* journal.write(writes)
  }),
})
