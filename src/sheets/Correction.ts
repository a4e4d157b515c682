/**
 * Changes the status of rows that stand in the issued tabs.
 *
 * Rows are found by their id and written by their place, and people may move rows in between. So
 * the answer to the write tells which ids it hit, and a row that was hit by mistake is put right.
 */
import { Context, type DateTime, Effect, Layer, Option, Schema } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { flushRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { type Issuance, withheld } from "../domain/Issuance.ts"
import { Alarms } from "../observe/Alarms.ts"
import { Journal } from "../store/Journal.ts"
import {
  columnsRead,
  correctionRequests,
  Edit,
  idCells,
  idsHit,
  outcomeByAnswer,
  outcomeByLook,
  type EditPlace,
  editPlaceOf,
  type SeenRow,
  type SeenTabs,
  seenTabs,
} from "./correctionRows.ts"
import {
  markedText,
  missingComment,
  type OnWritten,
  type RowToWrite,
  statusColour,
  statusText,
  valueText,
} from "./Flush.ts"
import { aboutAs, type Applied, Guard, type OnApplied } from "./Guard.ts"
import type { IssuedColumns } from "./Headers.ts"
import { SheetsClient } from "./SheetsClient.ts"
import type { SheetsError, SheetsFailure } from "./SheetsError.ts"
import { addColumns } from "./tabSetup.ts"
import { ifUsable, isNoSuchTab, type Layout, type TabFailure, Tabs } from "./Tabs.ts"

/** What a row said before a correction. It is kept with the intent, for the next run of the bot. */
const FormerRow = Schema.Struct({
  tab: Schema.String,
  id: Schema.String,
  row: Schema.Int,
  status: Schema.String,
  markedAt: Schema.String,
  value: Schema.optionalKey(Schema.String),
  comment: Schema.optionalKey(Schema.String),
  stage: Schema.optionalKey(Schema.String),
  telegramId: Schema.optionalKey(Schema.String),
})
type FormerRow = typeof FormerRow.Type

const CorrectionAbout = Schema.Struct({
  edits: Schema.Array(Edit),
  former: Schema.Array(FormerRow),
})
const aboutOf = aboutAs(CorrectionAbout)

export class Correction extends Context.Service<
  Correction,
  {
    /**
     * Makes the rows say what the marks of the issuances say; answers how many are done. A row
     * that is gone is reported to the admins and counts as done, or it would be tried for ever.
     */
    correct(rows: ReadonlyArray<RowToWrite>, written: OnWritten): Effect.Effect<number, TabFailure>
    /** Finishes a correction that a former process began. */
    finish(written: OnWritten): OnApplied<void>
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
      const layoutFor = yield* makeLayoutFor

      const look = Effect.fnUntraced(function* (places: ReadonlyArray<EditPlace>) {
        const ranges = places.flatMap(columnsRead)
        return seenTabs(places, yield* client.values(spreadsheet, ranges, "background"))
      })

      const targetsOf = Effect.fnUntraced(function* (rows: ReadonlyArray<RowToWrite>) {
        const targets: Array<Edit> = []
        for (const [resource, own] of Map.groupBy(rows, (row) => row.resource)) {
          const layout = yield* ifUsable(layoutFor(resource, own))
          if (Option.isNone(layout)) continue
          const place = placeFor(resource, layout.value, own)
          targets.push(...own.flatMap((row) => editOf(row, place, timezone)))
        }
        return targets.slice(0, flushRowsMax)
      })

      const verify = Effect.fnUntraced(function* (
        edits: ReadonlyArray<Edit>,
        { answer }: Applied,
        before: SeenTabs,
      ) {
        const book = Option.getOrUndefined(answer)?.updatedSpreadsheet
        if (book !== undefined) {
          return outcomeByAnswer(edits, idsHit(edits, book), before, resources)
        }
        const after = yield* look(distinct(edits.map(({ place }) => place))).pipe(
          // If the tab was renamed, nothing waits for it: its rows are looked up when it is back.
          Effect.catchIf(isNoSuchTab, () => Effect.succeed<SeenTabs>(new Map())),
        )
        return outcomeByLook(edits, after, before, resources)
      })

      const round = Effect.fnUntraced(function* (targets: ReadonlyArray<Edit>, written: OnWritten) {
        let before: SeenTabs | undefined
        let vanished: ReadonlyArray<Edit> = []
        const plan = Effect.fnUntraced(function* () {
          const own = new Set(targets.map(({ id }) => id))
          const others = (yield* repairs.waiting).filter(({ id }) => !own.has(id))
          const edits = [...targets, ...others]
          const seen = yield* look(distinct(edits.map(({ place }) => place)))
          before = seen
          const located = edits.flatMap((edit) => {
            const row = seen.get(edit.place.title)?.get(edit.id)?.row
            return row === undefined ? [] : [{ ...edit, row }]
          })
          const found = new Set(located.map(({ id }) => id))
          const gone = edits.filter(({ id }) => !found.has(id))
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

      /**
       * `seen`: the tabs as they were before the write; a former process left only a part of them.
       */
      const settle = Effect.fnUntraced(function* (
        applied: Applied,
        seen: SeenTabs | undefined,
        written: OnWritten,
      ) {
        const { edits, former } = yield* aboutOf(applied)
        const outcome = yield* verify(edits, applied, seen ?? seenBefore(former))
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
        written: OnWritten,
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

      const finish = (written: OnWritten): OnApplied<void> =>
        Effect.fnUntraced(function* (applied) {
          yield* settle(applied, undefined, written)
        })

      return Correction.of({ correct, finish })
    }),
  )
}

/** Gives the layout of a tab, which gets a column for comments before a row of it needs one. */
const makeLayoutFor = Effect.gen(function* () {
  const { spreadsheetIssued: spreadsheet } = yield* Settings
  const guard = yield* Guard
  const tabs = yield* Tabs

  return Effect.fnUntraced(function* (resource: Resource, rows: ReadonlyArray<RowToWrite>) {
    const layout = yield* tabs.issued(resource)
    const column = missingComment(resource, layout.columns)
    const isSaid = rows.some(({ issuance }) => issuance.mark?.comment !== undefined)
    if (column === undefined || !isSaid) return layout
    const { requests } = addColumns({ ...layout, added: [column] })
    const plan = () => Effect.succeedSome({ about: null, requests })
    yield* guard
      .write({ spreadsheet, kind: "setup", urgency: "background", plan }, () => Effect.void)
      .pipe(Effect.ensuring(tabs.forget(spreadsheet)))
    return yield* tabs.issued(resource)
  })
})

/** How often rows that move away are looked up anew within one correction. */
const roundsMax = 3

/** Whether the write was given up because Google did not answer; its rows are looked up anew. */
const isSilence = (error: SheetsFailure): error is SheetsError =>
  error._tag === "SheetsError" && error.method === "batchUpdate" && error.reason._tag === "Unsure"

/**
 * The edit that makes the row say what the mark of the issuance says; none while it has no mark.
 */
const editOf = (
  { resource, issuance }: RowToWrite,
  place: EditPlace,
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
          markedAt: place.markedAt === null ? "" : markedText(resource, issuance.mark, zone),
          colour: statusColour(resource, issuance.mark) ?? null,
          ...(issuance.valueLost === true ? { value: valueText(resource, issuance) } : {}),
          ...(saysWhy(issuance) ? { comment: issuance.mark.comment ?? "" } : {}),
          // Somebody else may hold it now than when the row was written.
          ...(place.stage === undefined ? {} : { stage: issuance.stage }),
          ...(place.telegramId === undefined ? {} : { telegramId: holderText(issuance) }),
          place,
          row: 0,
        },
      ]

/** Whether the row gets a comment, or has one of a former mark. What people typed there stays. */
const saysWhy = ({ mark, row }: Issuance) =>
  mark?.comment !== undefined || row?.comment !== undefined

/** What was taken from its holder has none. */
const holderText = ({ holder, mark }: Issuance) => (mark?.status === withheld ? "" : String(holder))

/** What the pools are told of an edit: nothing of one that only put a row right. */
const writtenOf = ({ resource, id, mark }: Edit) => (mark === null ? [] : [{ resource, id, mark }])

/** Reads and writes the items only if it must: a row that is hit by mistake would lose its own. */
const placeFor = (
  { identity }: Resource,
  layout: Layout<IssuedColumns>,
  rows: ReadonlyArray<RowToWrite>,
) =>
  editPlaceOf(layout, {
    ...(rows.some(({ issuance }) => issuance.valueLost === true)
      ? { value: `field:${identity}` }
      : {}),
    comment: rows.some(({ issuance }) => saysWhy(issuance)),
  })

/** One place for each tab: the one that knows most columns. */
const distinct = (places: ReadonlyArray<EditPlace>): ReadonlyArray<EditPlace> => {
  const knowing = places.toSorted((a, b) => Object.keys(a).length - Object.keys(b).length)
  return [...new Map(knowing.map((place) => [place.title, place])).values()]
}

/**
 * How many rows are kept for the next run of the bot, some fifty bytes each. People move rows by a
 * few places; where somebody sorts a larger tab, the admins are told which rows are in doubt.
 */
const rowsKept = 500

/** The rows to keep: those nearest to the ones that are written. */
export const formerRows = (
  before: SeenTabs,
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

/** The tabs as they were before the write, as far as that was kept. */
export const seenBefore = (former: ReadonlyArray<FormerRow>): SeenTabs => {
  const tabs = new Map<string, Map<string, SeenRow>>()
  for (const { tab, id, ...seen } of former) {
    tabs.set(tab, (tabs.get(tab) ?? new Map<string, SeenRow>()).set(id, seen))
  }
  return tabs
}

const repair = "repair"
const encodeEdit = Schema.encodeSync(Edit)
const decodeEdit = Schema.decodeUnknownOption(Edit)

/** Makes the list of edits that shall put rows right. It is kept in the journal until they have. */
const makeRepairs = (journal: Journal["Service"]) => ({
  waiting: Effect.map(journal.documents(repair), (documents) =>
    documents.flatMap(({ body }) => Option.toArray(decodeEdit(body))),
  ),
  /** Adds edits, and removes those of the rows `done`, which say what they shall by now. */
  change: Effect.fnUntraced(function* (more: ReadonlyArray<Edit>, done: ReadonlyArray<string>) {
    const known = new Set((yield* journal.documents(repair)).map(({ key }) => key))
    const writes = [
      ...done
        .filter((key) => known.has(key))
        .map((key) => ({ _tag: "DocumentRemoved" as const, kind: repair, key })),
      ...more.map((edit) => ({
        _tag: "DocumentPut" as const,
        kind: repair,
        key: edit.id,
        body: encodeEdit(edit),
      })),
    ]
    if (writes.length > 0) yield* journal.write(writes)
  }),
})
