/**
 * Changes the status of rows that stand in the issued tabs.
 *
 * Rows are found by their id and written by their place, and people may move rows in between:
 * so the write's own answer tells which ids it hit, and a row hit by mistake is put right.
 */
import { Context, type DateTime, Effect, Layer, Option, Ref, Schema } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { flushRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { Alarms } from "../observe/Alarms.ts"
import { StorageUnavailable } from "../store/Journal.ts"
import {
  columnsRead,
  CorrectionAbout,
  correctionRequests,
  type Edit,
  idCells,
  idsHit,
  type Place,
  placeOf,
  repairOf,
  type Snapshot,
  snapshotOf,
} from "./correctionRequests.ts"
import type { IssuedRow, Written } from "./Flush.ts"
import { type Applied, Guard, type OnApplied } from "./Guard.ts"
import { markedText, statusColour, statusText } from "./IssuedRow.ts"
import { SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import { Tabs } from "./Tabs.ts"
import type { TabUnusable } from "./TabUnusable.ts"

type Failure = TabUnusable | SheetsError | StorageUnavailable

export class Correction extends Context.Service<
  Correction,
  {
    /**
     * Makes the rows say what the issuances' marks say; answers how many it has written. A row
     * that is gone is reported to the admins and counts as written, or it would be tried for ever.
     */
    correct(rows: ReadonlyArray<IssuedRow>, written: Written): Effect.Effect<number, Failure>
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
      /** Rows that were hit by mistake and are not put right yet. */
      const repairs = yield* Ref.make<ReadonlyArray<Edit>>([])

      const look = Effect.fnUntraced(function* (places: ReadonlyArray<Place>) {
        const ranges = places.flatMap(columnsRead)
        return snapshotOf(places, yield* client.values(spreadsheet, ranges, "background"))
      })

      const targetsOf = Effect.fnUntraced(function* (rows: ReadonlyArray<IssuedRow>) {
        const targets: Array<Edit> = []
        for (const [resource, own] of Map.groupBy(rows, (row) => row.resource)) {
          const layout = yield* Effect.catchTag(
            Effect.asSome(tabs.issued(resource)),
            "TabUnusable",
            () => Effect.succeedNone,
          )
          if (Option.isNone(layout)) continue
          const place = placeOf(layout.value)
          targets.push(...own.flatMap((row) => editOf(row, place, timezone)))
        }
        return targets.slice(0, flushRowsMax)
      })

      /** Which edits hit their row, and what puts right the rows that were hit instead. */
      const verify = Effect.fnUntraced(function* (
        edits: ReadonlyArray<Edit>,
        { answer }: Applied,
        before: Snapshot,
      ) {
        const book = Option.getOrUndefined(answer)?.updatedSpreadsheet
        if (book !== undefined) {
          const ids = idsHit(edits, book)
          return outcomeOf(edits, (edit) => ids.get(edit) ?? "", before, resources)
        }
        const after = yield* look(distinct(edits.map(({ place }) => place)))
        const hit = (edit: Edit) => {
          const now = after.get(edit.place.title)
          const own = now?.get(edit.id)
          if (own?.status === edit.status && own.markedAt === edit.markedAt) return edit.id
          const other = [...(now ?? [])].find(([id, seen]) => {
            const was = before.get(edit.place.title)?.get(id)
            return seen.status === edit.status && was !== undefined && was.status !== seen.status
          })
          return other?.[0] ?? ""
        }
        return outcomeOf(edits, hit, before, resources)
      })

      const round = Effect.fnUntraced(function* (targets: ReadonlyArray<Edit>, written: Written) {
        let before: Snapshot = new Map()
        let vanished: ReadonlyArray<Edit> = []
        const plan = Effect.fnUntraced(function* () {
          const own = new Set(targets.map(({ id }) => id))
          const others = (yield* Ref.get(repairs)).filter(({ id }) => !own.has(id))
          const wanted = [...targets, ...others]
          before = yield* look(distinct(wanted.map(({ place }) => place)))
          const located = wanted.flatMap((edit) => {
            const row = before.get(edit.place.title)?.get(edit.id)?.row
            return row === undefined ? [] : [{ ...edit, row }]
          })
          const found = new Set(located.map(({ id }) => id))
          vanished = targets.filter(({ id }) => !found.has(id))
          if (located.length === 0) {
            yield* Ref.set(repairs, [])
            return Option.none()
          }
          const about = { edits: located }
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

      const settle = Effect.fnUntraced(function* (
        applied: Applied,
        before: Snapshot,
        written: Written,
      ) {
        const { edits } = yield* Effect.mapError(
          decodeAbout(applied.intent.about),
          (cause) => new StorageUnavailable({ operation: "intent of a correction", cause }),
        )
        const { hits, mistakes } = yield* verify(edits, applied, before)
        yield* written(hits.flatMap(writtenOf))
        yield* Ref.set(repairs, mistakes)
        return hits
      })

      const correct = Effect.fn("Correction.correct")(function* (
        rows: ReadonlyArray<IssuedRow>,
        written: Written,
      ) {
        let targets = yield* targetsOf(rows)
        const all = targets.length
        for (let turn = 0; turn < roundsMax; turn++) {
          if (targets.length === 0 && (yield* Ref.get(repairs)).length === 0) break
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
          yield* settle(applied, new Map(), written)
        })

      return Correction.of({ correct, finish })
    }),
  )
}

const roundsMax = 3

const decodeAbout = Schema.decodeUnknownEffect(CorrectionAbout)

/** Given up because nobody answered; its rows are looked up anew. */
const isSilence = (error: SheetsError | StorageUnavailable): error is SheetsError =>
  error._tag === "SheetsError" && error.method === "batchUpdate" && error.reason._tag === "Unsure"

const editOf = (
  { resource, issuance }: IssuedRow,
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
          place,
          row: 0,
        },
      ]

const writtenOf = ({ resource, id, mark }: Edit) => (mark === null ? [] : [{ resource, id, mark }])

const distinct = (places: ReadonlyArray<Place>): ReadonlyArray<Place> => [
  ...new Map(places.map((place) => [place.title, place])).values(),
]

/** `hit`: the id in the row that the edit wrote to. */
const outcomeOf = (
  edits: ReadonlyArray<Edit>,
  hit: (edit: Edit) => string,
  before: Snapshot,
  resources: CatalogueSource["Service"]["resources"],
) => {
  const hits = edits.filter((edit) => hit(edit) === edit.id)
  const own = new Set(edits.filter(({ mark }) => mark !== null).map(({ id }) => String(id)))
  const missed = edits.filter((edit) => hit(edit) !== edit.id)
  const mistakes = missed.flatMap((edit) => {
    const id = hit(edit)
    // A row that is to be corrected anyway gets its own values in the next round.
    if (own.has(id)) return []
    const resource = resources.find((one) => one.id === edit.resource)
    const repair = repairOf(resource, edit, id, before.get(edit.place.title)?.get(id))
    return repair === undefined ? [] : [repair]
  })
  const unrepaired = missed.filter(({ mark, id }) => mark === null && !own.has(id))
  return { hits, mistakes: [...mistakes, ...unrepaired] }
}
