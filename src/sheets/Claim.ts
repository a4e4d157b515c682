/**
 * Takes rows out of a base tab, in one write.
 *
 * The rows lie in the hidden inbox tab from the write on, and stay there until the claim after
 * it; whatever crashes, what the inbox has and the journal does not is imported again.
 */
import { Context, Effect, Layer, Option, Ref, Result, Schema } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { Settings } from "../config/Settings.ts"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import type { Item, Quarantined } from "../domain/Item.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { Journal, StorageUnavailable } from "../store/Journal.ts"
import { isBlank, readRow, setAside, shownText } from "./BaseRow.ts"
import { makeFilled, type Run, type Wanted } from "./filledTabs.ts"
import { type Applied, Guard, type OnApplied } from "./Guard.ts"
import { intentsRead, type SheetRequest } from "./GuardChain.ts"
import { answerMask } from "./GuardedSend.ts"
import { baseColumns, isHeaderAgain, quoted, wholeRows } from "./Headers.ts"
import type { Urgency } from "./RateLimiter.ts"
import {
  type BatchAnswer,
  type BookAnswer,
  type CellData,
  rowsOf,
  type SheetPart,
  SheetsClient,
} from "./SheetsClient.ts"
import { SheetsError } from "./SheetsError.ts"
import { isNoSuchTab, Tabs, type TabUnusable } from "./Tabs.ts"
import { inboxTitle } from "./tabSetup.ts"

/* Rows in the inbox tab as what a claim brought. Pure. */

/** What brings a claim to its end after a restart. */
export const ClaimAbout = Schema.Struct({
  resource: Schema.String,
  tab: Schema.String,
  rows: Schema.Int,
  /** Where the rows lie, whatever it is called by then, and how wide that is. */
  inbox: Schema.Int,
  inboxColumns: Schema.Int,
  /** The header as it was last known. */
  header: Schema.Array(Schema.String),
})
export type ClaimAbout = typeof ClaimAbout.Type

export interface Claimed {
  /** Token of the claim. */
  readonly claim: string
  /** Title of the base tab, as the catalogue spells it. */
  readonly tab: string
  readonly items: ReadonlyArray<Item>
  readonly quarantined: ReadonlyArray<Quarantined>
  /** Fewer rows than asked for: the tab is empty below its header. */
  readonly exhausted: boolean
}

export interface Brought {
  readonly claimed: Claimed
  /** The header came along: somebody put rows above it. */
  readonly headerMoved: boolean
  /** Header of a required column that is gone. */
  readonly missingColumn: string | undefined
  /** The header is not what it was. */
  readonly headerChanged: boolean
  readonly rowsFound: number
  /** The rows fill the inbox to its right end: there may have been more. */
  readonly cutOff: boolean
}

export const readClaim = (
  resource: Resource,
  tab: BaseTab,
  about: ClaimAbout,
  token: string,
  inbox: BookAnswer,
): Brought => {
  const [mirror = [], ...below] = rowsOf(
    inbox.sheets?.find(({ properties }) => properties.sheetId === about.inbox),
  )
  const taken = below.filter(([mark]) => shownText(mark) === token)
  const rows = taken.map((row) => row.slice(1))
  const header = mirror.slice(1).map(shownText)
  const now = baseColumns(resource, header)
  const before = baseColumns(resource, about.header)
  const columns = Result.isSuccess(now) ? now : before
  const headerMoved =
    Result.isFailure(now) &&
    Result.isSuccess(before) &&
    rows.some((row) => isHeaderAgain(before.success, row.map(shownText)))
  const missingColumn = Result.isFailure(now) && !headerMoved ? now.failure : undefined

  const items: Array<Item> = []
  const quarantined: Array<Quarantined> = []
  let filled = 0
  for (const [ordinal, row] of rows.entries()) {
    const id = `${token}-${ordinal}`
    if (Result.isFailure(columns)) break
    const place = { resource, tab, columns: columns.success, id }
    if (isBlank(columns.success, row)) continue
    filled++
    const read =
      missingColumn === undefined
        ? readRow(place, row)
        : ({ _tag: "Quarantined", row: unreadable(place, row, header, missingColumn) } as const)
    if (read._tag === "Item") items.push(read.item)
    if (read._tag === "Quarantined") quarantined.push(read.row)
  }
  return {
    claimed: {
      claim: token,
      tab: tab.title,
      items,
      quarantined,
      exhausted: filled < about.rows,
    },
    headerMoved,
    missingColumn,
    headerChanged: header.join("\n").trimEnd() !== about.header.join("\n").trimEnd(),
    rowsFound: rows.length,
    cutOff: [mirror, ...taken].some((row) => shownText(row[about.inboxColumns - 1]) !== ""),
  }
}

/** Cells that the cut left behind and the delete destroyed; version history has them. */
export const leftBehind = ({ replies = [] }: BatchAnswer): number =>
  replies.reduce((sum, { findReplace }) => sum + (findReplace?.occurrencesChanged ?? 0), 0)

/** By whatever names the columns have now, so that a person can read the row. */
const unreadable = (
  place: Parameters<typeof setAside>[0],
  row: ReadonlyArray<CellData>,
  header: ReadonlyArray<string>,
  column: string,
) => setAside({ ...place, columns: { ...place.columns, header } }, row, "unreadable", column)

/** Makes what was claimed durable. Idempotent by the claim's token. */
export type Deliver = (claimed: Claimed) => Effect.Effect<void, StorageUnavailable>

type Failure = TabUnusable | SheetsError | StorageUnavailable

export class Claim extends Context.Service<
  Claim,
  {
    /**
     * Cuts up to `rows` rows, from the top or from the row with the index `from`; `deliver` has
     * run when it returns. Rows may have moved since somebody looked where they are: what is cut
     * is brought as what it is.
     */
    claim(
      request: {
        readonly resource: Resource
        readonly tab: BaseTab
        readonly rows: number
        readonly urgency: Urgency
        readonly from?: number
      },
      deliver: Deliver,
    ): Effect.Effect<Claimed, Failure>
    /** Finishes a claim whose end is not known yet; nothing where there is none. */
    settle(urgency: Urgency): Effect.Effect<void, SheetsError | StorageUnavailable>
    /** Where the tabs have rows to claim, by title, those without left out: one read for all. */
    filled(
      wanted: ReadonlyArray<Wanted>,
      urgency: Urgency,
    ): Effect.Effect<ReadonlyMap<string, ReadonlyArray<Run>>, SheetsError | StorageUnavailable>
    /** How many rows the tabs have, by title, those that cannot be used left out: one read for all. */
    counted(
      wanted: ReadonlyArray<Wanted>,
      urgency: Urgency,
    ): Effect.Effect<ReadonlyMap<string, number>, SheetsError | StorageUnavailable>
    /** How a claim of a former process ends. */
    finish(
      deliver: (resource: string, claimed: Claimed) => Effect.Effect<void, StorageUnavailable>,
    ): OnApplied<void>
  }
>()("account-bot/sheets/Claim") {
  static readonly layer = Layer.effect(
    Claim,
    Effect.gen(function* () {
      const { spreadsheetAccounts: spreadsheet } = yield* Settings
      const { resources } = yield* CatalogueSource
      const client = yield* SheetsClient
      const guard = yield* Guard
      const tabs = yield* Tabs
      const alarms = yield* Alarms
      const inbox = yield* makeInbox(spreadsheet)

      const find = (title: string) =>
        Option.fromUndefinedOr(
          resources
            .flatMap((resource) => resource.baseTabs.map((tab) => ({ resource, tab })))
            .find(({ tab }) => tab.title === title),
        )

      const report = Effect.fnUntraced(function* (
        brought: Brought,
        about: ClaimAbout,
        lost: number,
      ) {
        const { tab } = about
        if (lost > 0 || brought.cutOff || brought.headerChanged) yield* tabs.forget(spreadsheet)
        const missing = about.rows - brought.rowsFound
        if (lost > 0 || missing > 0 || brought.cutOff) {
          yield* Effect.logError(
            `a claim of "${tab}" may lack cells: ${lost} left behind, ${missing} rows not in ` +
              `${inboxTitle}, cut off at its right end: ${brought.cutOff}`,
          )
          yield* alarms.raise({ _tag: "ClaimDamaged", tab, claim: brought.claimed.claim })
        }
        if (brought.headerMoved) yield* alarms.raise({ _tag: "HeaderMoved", tab })
      })

      const finishClaim = Effect.fnUntraced(function* (
        { intent, answer }: Applied,
        resource: Resource,
        tab: BaseTab,
        about: ClaimAbout,
        deliver: Deliver,
      ) {
        const answered = Option.flatMapNullishOr(answer, (one) => one.updatedSpreadsheet)
        const book = Option.isSome(answered) ? answered.value : yield* inbox.read(about.inbox)
        const brought = readClaim(resource, tab, about, intent.token, book)
        const lost = Option.match(answer, { onNone: () => 0, onSome: leftBehind })
        yield* report(brought, about, lost)
        yield* deliver(brought.claimed)
        yield* inbox.settled(brought.rowsFound)
        return brought.claimed
      })

      const claim: Claim["Service"]["claim"] = Effect.fn("Claim.claim")(function* (
        { resource, tab, rows, urgency, from = 1 },
        deliver,
      ) {
        const layout = yield* tabs.base(resource, tab, urgency)
        const { columnCount, header } = layout
        const place = yield* tabs.inbox(columnCount + 1 + spareColumns, urgency)
        const about = {
          resource: resource.id,
          tab: tab.title,
          rows,
          header,
          inbox: place.sheetId,
          inboxColumns: place.columnCount,
        }
        const plan = Effect.fnUntraced(function* (token: string) {
          const trim = yield* inbox.trim(urgency)
          const base = layout.sheetId
          return Option.some({
            about,
            requests: claimRequests({ token, base, inbox: place.sheetId, from, rows, trim }),
            responseRanges: [wholeRows(place.title, 0, rows)],
          })
        })
        const claimed = yield* guard
          .write({ spreadsheet, kind: "claim", urgency, plan }, (applied) =>
            finishClaim(applied, resource, tab, about, deliver),
          )
          .pipe(Effect.tapError(() => Effect.andThen(tabs.forget(spreadsheet), inbox.forget)))
        return Option.getOrElse(claimed, () => nothing(tab))
      })

      const settle: Claim["Service"]["settle"] = Effect.fn("Claim.settle")(function* (urgency) {
        const nothingNew = { spreadsheet, kind: "claim", urgency, plan: noPlan } as const
        yield* guard.write(nothingNew, () => Effect.void)
      })

      const { filled, counted } = makeFilled({ client, tabs, spreadsheet, resources })

      const finish: Claim["Service"]["finish"] = (deliver) =>
        Effect.fnUntraced(function* (applied) {
          const about = yield* Effect.mapError(
            decodeAbout(applied.intent.about),
            (cause) => new StorageUnavailable({ operation: "intent of a claim", cause }),
          )
          const known = find(about.tab)
          if (Option.isNone(known)) {
            // The catalogue lost the tab; its rows stay in the inbox until it has it again.
            return yield* new SheetsError({
              method: "claim",
              spreadsheet,
              reason: { _tag: "Unsettled" },
            })
          }
          const { resource, tab } = known.value
          yield* finishClaim(applied, resource, tab, about, (claimed) =>
            deliver(resource.id, claimed),
          )
        })

      return Claim.of({ claim, settle, filled, counted, finish })
    }),
  )
}

const noPlan = () => Effect.succeedNone

const decodeAbout = Schema.decodeUnknownEffect(ClaimAbout)

/** So many columns may be added to a base tab before it is looked at again. */
const spareColumns = 100

const nothing = (tab: BaseTab): Claimed => ({
  claim: "",
  tab: tab.title,
  items: [],
  quarantined: [],
  exhausted: true,
})

/*
 * What lies in the inbox tab: the rows of the last claim on top, and, when all is well, nothing
 * else. Rows that no claim of ours put there are reported and left alone.
 */

export const makeInbox = Effect.fnUntraced(function* (spreadsheet: string) {
  const client = yield* SheetsClient
  const journal = yield* Journal
  const alarms = yield* Alarms
  /** Rows on top that are imported and not needed any more; none: not looked yet. */
  const top = yield* Ref.make(Option.none<number>())

  const look = Effect.fnUntraced(function* (urgency: Urgency) {
    const intents = yield* Effect.catchTag(
      journal.intents(spreadsheet, intentsRead),
      "JournalDamaged",
      (cause) => Effect.fail(new StorageUnavailable({ operation: "intents", cause })),
    )
    const claims = intents.filter(({ kind }) => kind === "claim")
    const known = new Set(claims.map(({ token }) => token))
    const last = claims.find(({ state }) => state === "applied")
    const [rows = []] = yield* client.values(spreadsheet, [`${quoted(inboxTitle)}!A2:A`], urgency)
    const tokens = rows.map(([token = ""]) => String(token))
    const strangers = tokens.filter((token) => token !== "" && !known.has(token)).length
    if (strangers > 0) {
      const alarm: Alarm = { _tag: "UnknownInboxRows", spreadsheet, rows: strangers }
      yield* alarms.raise(alarm)
    }
    const end = tokens.findIndex((token) => token !== last?.token)
    return last === undefined ? 0 : end < 0 ? tokens.length : end
  })

  /** Everything in it; nothing when somebody removed it. */
  const read = Effect.fnUntraced(function* (sheetId: number) {
    const whole = (title: string) =>
      client.get(spreadsheet, { fields: bookMask, ranges: [quoted(title)], urgency: "person" })
    const isIt = ({ properties }: SheetPart) => properties.sheetId === sheetId
    const named = yield* Effect.catchIf(whole(inboxTitle), isNoSuchTab, () => Effect.succeed(none))
    if (named.sheets?.some(isIt)) return named
    // Somebody gave it another name.
    const titles = yield* client.get(spreadsheet, {
      fields: "sheets(properties(sheetId,title))",
      ranges: [],
      urgency: "person",
    })
    const known = titles.sheets?.find(isIt)
    return known === undefined ? none : yield* whole(known.properties.title)
  })

  return {
    read,
    /** Rows of the last settled claim, to be removed by the next one. */
    trim: Effect.fnUntraced(function* (urgency: Urgency) {
      const known = yield* Ref.get(top)
      if (Option.isSome(known)) return known.value
      return yield* look(urgency)
    }),
    /** What is known may be wrong: look again before rows are removed. */
    forget: Ref.set(top, Option.none()),
    /** A claim put that many rows on top, and they are imported. */
    settled: (rows: number) => Ref.set(top, Option.some(rows)),
  }
})

const none: BookAnswer = {}

/** The part of the answer's mask that is about the spreadsheet. */
const bookMask = answerMask.replace(/^replies,updatedSpreadsheet\((.*)\)$/, "$1")

/*
 * The one batch of a claim: whatever stands in the rows at the instant it is applied is cut into
 * the inbox tab. Rows from the top have no number from an earlier read, so no edit can mislead
 * it; those from further down may have moved, and then others come, which are read as what they
 * are. Nor does a width come from a read: the cut has no right end, so it takes a column along
 * that was just added.
 */

export interface ClaimPlan {
  readonly token: string
  readonly base: number
  readonly inbox: number
  /** Index of the first row to take; never that of the header. */
  readonly from: number
  readonly rows: number
  /** Rows of the claim before, which is settled; they lie below the ones cut now. */
  readonly trim: number
}

export const claimRequests = (plan: ClaimPlan): ReadonlyArray<SheetRequest> => {
  const { token, base, inbox, rows, trim } = plan
  const from = Math.max(1, plan.from)
  const taken = { startRowIndex: from, endRowIndex: from + rows }
  const top = { startRowIndex: 1, endRowIndex: 1 + rows }
  return [
    // The tab keeps its size, and is never left with its header alone, which Google refuses.
    { appendDimension: { sheetId: base, dimension: "ROWS", length: rows } },
    // Whether a cut takes hidden rows along is unconfirmed, so nothing stays hidden.
    { clearBasicFilter: { sheetId: base } },
    {
      updateDimensionProperties: {
        range: rowSpan(base, from, rows),
        properties: { hiddenByUser: false },
        fields: "hiddenByUser",
      },
    },
    { insertDimension: { range: rowSpan(inbox, 1, rows), inheritFromBefore: false } },
    // The header as it is at this very instant, to read the rows by; another tab's was wider.
    {
      updateCells: {
        range: { sheetId: inbox, startRowIndex: 0, endRowIndex: 1 },
        fields: "userEnteredValue",
      },
    },
    {
      copyPaste: {
        source: { sheetId: base, startRowIndex: 0, endRowIndex: 1 },
        // One cell: a wider source is pasted whole, a narrower one would be repeated.
        destination: cells(inbox, { startRowIndex: 0, endRowIndex: 1 }, 1, 2),
        pasteType: "PASTE_VALUES",
      },
    },
    {
      cutPaste: {
        source: { sheetId: base, ...taken },
        destination: { sheetId: inbox, rowIndex: 1, columnIndex: 1 },
        pasteType: "PASTE_NORMAL",
      },
    },
    {
      repeatCell: {
        range: cells(inbox, top, 0, 1),
        cell: { userEnteredValue: { stringValue: token } },
        fields: "userEnteredValue",
      },
    },
    // A trip-wire: it finds nothing unless the cut left something behind.
    {
      findReplace: {
        find: ".+",
        replacement: "",
        searchByRegex: true,
        includeFormulas: true,
        range: { sheetId: base, ...taken },
      },
    },
    { deleteDimension: { range: rowSpan(base, from, rows) } },
    ...(trim === 0 ? [] : [{ deleteDimension: { range: rowSpan(inbox, 1 + rows, trim) } }]),
  ]
}

const rowSpan = (sheetId: number, startIndex: number, count: number) => ({
  sheetId,
  dimension: "ROWS",
  startIndex,
  endIndex: startIndex + count,
})

const cells = (
  sheetId: number,
  rows: { readonly startRowIndex: number; readonly endRowIndex: number },
  startColumnIndex: number,
  endColumnIndex: number,
) => ({ sheetId, ...rows, startColumnIndex, endColumnIndex })
