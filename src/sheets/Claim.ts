/**
 * Takes rows out of a base tab, in one write.
 *
 * From that write on the rows lie in the hidden inbox tab, and they stay there until the next
 * claim. So nothing is lost in a crash: what the inbox has and the journal does not is imported
 * again.
 */
import { Clock, Context, Duration, Effect, Hash, Layer, Option, Ref, Result, Schema } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { inboxKept } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import { identityKey } from "../domain/identity.ts"
import type { Item, Quarantined } from "../domain/Item.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { copiesKind, Journal, type StorageUnavailable, type Write } from "../store/Journal.ts"
import { isBlank, plainValue, readRow, type RowPlace, setAside, shownText } from "./BaseRow.ts"
import {
  type ClaimableTab,
  isHalfTyped,
  makeFilledTabs,
  type Run,
  type TabCount,
} from "./filledTabs.ts"
import { aboutAs, type Applied, Guard, type OnApplied, readIntents } from "./Guard.ts"
import type { SheetRequest } from "./GuardChain.ts"
import { answerMask } from "./GuardedSend.ts"
import { baseColumns, gridRange, isHeaderAgain, quoted, rowSpan, wholeRows } from "./Headers.ts"
import type { Urgency } from "./RateLimiter.ts"
import {
  type BatchAnswer,
  type BookAnswer,
  type CellData,
  rowsOf,
  type SheetPart,
  SheetsClient,
} from "./SheetsClient.ts"
import { type SheetsFailure, unsettled } from "./SheetsError.ts"
import { ifUsable, isNoSuchTab, type TabFailure, Tabs } from "./Tabs.ts"
import { inboxTitle } from "./tabSetup.ts"

/** What is needed to finish a claim after a restart. */
const ClaimAbout = Schema.Struct({
  resource: Schema.String,
  tab: Schema.String,
  rows: Schema.Int,
  /** The number of the inbox tab, since its title may be another one by then, and its width. */
  inbox: Schema.Int,
  inboxColumns: Schema.Int,
  /** The header of the base tab as it was last known. */
  header: Schema.Array(Schema.String),
  /** Google refuses to cut in this tab, so the rows were copied before they were deleted. */
  copied: Schema.optionalKey(Schema.Boolean),
})
type ClaimAbout = typeof ClaimAbout.Type
const aboutOf = aboutAs(ClaimAbout)

/** What a claim brought. */
export interface Claimed {
  /** The token of the claim. */
  readonly claim: string
  /** The title of the base tab, as the catalogue spells it. */
  readonly tab: string
  readonly items: ReadonlyArray<Item>
  readonly quarantined: ReadonlyArray<Quarantined>
  /** Rows that a look would have left where they are: somebody is typing them. */
  readonly halfTyped: ReadonlyArray<Quarantined>
}

/** What a claim brought that the journal does not know. */
interface Stranger {
  readonly resource: string
  readonly claimed: Claimed
}

/** Makes what was claimed durable. Idempotent by the claim's token. */
type OnClaimed = (claimed: Claimed) => Effect.Effect<void, StorageUnavailable>

interface ClaimRequest {
  readonly resource: Resource
  readonly tab: BaseTab
  readonly rows: number
  readonly urgency: Urgency
  readonly from?: number
}

export class Claim extends Context.Service<
  Claim,
  {
    /**
     * Takes up to `rows` rows, from the top or from the row with the index `from`; `deliver` has
     * run when it returns. The rows may have moved since somebody looked where they are: the ones
     * that stand there now are taken, and read as what they are.
     */
    claim(request: ClaimRequest, deliver: OnClaimed): Effect.Effect<Claimed, TabFailure>
    /** Finishes the claim whose outcome is unclear, if there is one. */
    settle(urgency: Urgency): Effect.Effect<void, SheetsFailure>
    /**
     * Where the tabs have rows to claim, by title; tabs without any are left out. One read for all.
     */
    filled(
      tabs: ReadonlyArray<ClaimableTab>,
      urgency: Urgency,
    ): Effect.Effect<ReadonlyMap<string, ReadonlyArray<Run>>, SheetsFailure>
    /**
     * How many rows the tabs have, and which are not whole yet, by title; unusable tabs are left
     * out. One read for all.
     */
    counted(
      tabs: ReadonlyArray<ClaimableTab>,
      urgency: Urgency,
    ): Effect.Effect<ReadonlyMap<string, TabCount>, SheetsFailure>
    /**
     * What lies in the inbox of claims that the journal does not know: the bot made them after the
     * copy that it works with. Rows whose tab nobody can tell any more are left out.
     */
    readonly strangers: Effect.Effect<ReadonlyArray<Stranger>, SheetsFailure>
    /** Knows these claims from now on, whatever the journal has of them. */
    acquaint(claims: ReadonlyArray<string>): Effect.Effect<void, StorageUnavailable>
    /** Finishes a claim that a former process began. */
    finish(
      deliver: (resource: string, claimed: Claimed) => Effect.Effect<void, StorageUnavailable>,
    ): OnApplied<void>
  }
>()("account-bot/sheets/Claim") {
  static readonly layer = Layer.effect(
    Claim,
    Effect.gen(function* () {
      const { spreadsheetAccounts: spreadsheet, phoneCountry } = yield* Settings
      const { resources } = yield* CatalogueSource
      const client = yield* SheetsClient
      const guard = yield* Guard
      const tabs = yield* Tabs
      const alarms = yield* Alarms
      const inbox = yield* makeInbox(spreadsheet)
      /** The base tabs in which Google refuses to cut and lets copy. */
      const copied = yield* Ref.make<ReadonlySet<string>>(new Set())

      const find = (title: string) =>
        Option.fromUndefinedOr(
          resources
            .flatMap((resource) => resource.baseTabs.map((tab) => ({ resource, tab })))
            .find(({ tab }) => tab.title === title),
        )

      const report = makeReport({ tabs, alarms, spreadsheet })

      const finishClaim = Effect.fnUntraced(function* (
        { intent, answer }: Applied,
        resource: Resource,
        tab: BaseTab,
        about: ClaimAbout,
        deliver: OnClaimed,
      ) {
        const answered = Option.flatMapNullishOr(answer, (one) => one.updatedSpreadsheet)
        const book = Option.isSome(answered) ? answered.value : yield* inbox.read(about.inbox)
        const brought = readClaim({ resource, tab, about, token: intent.token, phoneCountry }, book)
        const lost = Option.match(answer, {
          onNone: () => 0,
          onSome: about.copied === true ? notCopied(brought.cells) : leftBehind,
        })
        yield* report(brought, about, lost)
        yield* deliver(brought.claimed)
        yield* inbox.settled(intent.token, brought.rowsFound)
        return brought.claimed
      })

      const claimBy = Effect.fnUntraced(function* (
        isCopied: boolean,
        { resource, tab, rows, urgency, from = 1 }: ClaimRequest,
        deliver: OnClaimed,
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
          ...(isCopied ? { copied: true } : {}),
        }
        const plan = Effect.fnUntraced(function* (token: string) {
          const trim = yield* inbox.trim(urgency)
          const base = layout.sheetId
          return Option.some({
            about,
            requests: claimRequests({
              mark: markOf(token, about),
              base,
              inbox: place.sheetId,
              from,
              rows,
              trim,
              isCopied,
            }),
            responseRanges: [wholeRows(place.title, 0, rows)],
          })
        })
        const claimed = yield* guard
          .write({ spreadsheet, kind: "claim", urgency, plan }, (applied) =>
            finishClaim(applied, resource, tab, about, deliver),
          )
          .pipe(
            Effect.tapError((error) =>
              !isCopied && isCutRefused(error)
                ? Effect.void
                : Effect.andThen(tabs.forget(spreadsheet), inbox.forget),
            ),
          )
        return Option.getOrElse(claimed, () => nothing(tab))
      })

      /**
       * Rows that Google does not let be cut, such as the answers to a form, are copied and then
       * deleted, in one guarded batch like the other. A refusal means that nothing was applied.
       */
      const claim: Claim["Service"]["claim"] = Effect.fn("Claim.claim")(
        function* (request, deliver) {
          const { title } = request.tab
          if ((yield* Ref.get(copied)).has(title)) return yield* claimBy(true, request, deliver)
          return yield* Effect.catchIf(claimBy(false, request, deliver), isCutRefused, () =>
            Effect.tap(claimBy(true, request, deliver), () =>
              Ref.update(copied, (titles) => new Set(titles).add(title)),
            ),
          )
        },
      )

      const settle: Claim["Service"]["settle"] = Effect.fn("Claim.settle")(function* (urgency) {
        const nothingNew = { spreadsheet, kind: "claim", urgency, plan: noPlan } as const
        yield* guard.write(nothingNew, () => Effect.void)
      })

      const { filled, counted } = makeFilledTabs({ client, tabs, spreadsheet, resources })

      const finish: Claim["Service"]["finish"] = (deliver) =>
        Effect.fnUntraced(function* (applied) {
          const about = yield* aboutOf(applied)
          const known = find(about.tab)
          if (Option.isNone(known)) {
            // The catalogue has no such tab any more: the rows stay in the inbox until it has.
            return yield* unsettled("claim", spreadsheet)
          }
          const { resource, tab } = known.value
          yield* finishClaim(applied, resource, tab, about, (claimed) =>
            deliver(resource.id, claimed),
          )
        })

      return Claim.of({ claim, settle, filled, counted, finish, ...(yield* makeStrangers) })
    }),
  )
}

/** Makes what tells the admins that a claim brought less than it took, or the header with it. */
const makeReport = ({
  tabs,
  alarms,
  spreadsheet,
}: {
  readonly tabs: Tabs["Service"]
  readonly alarms: Alarms["Service"]
  readonly spreadsheet: string
}) =>
  Effect.fnUntraced(function* (brought: Brought, about: ClaimAbout, lost: number) {
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

const noPlan = () => Effect.succeedNone

/** How many columns people may add to a base tab before the bot looks at it again. */
const spareColumns = 100

const nothing = (tab: BaseTab): Claimed => ({
  claim: "",
  tab: tab.title,
  items: [],
  quarantined: [],
  halfTyped: [],
})

interface ClaimPlan {
  /** What stands beside each row. */
  readonly mark: string
  readonly base: number
  readonly inbox: number
  /** The index of the first row to take; never that of the header. */
  readonly from: number
  readonly rows: number
  /** Which rows of claims before to delete; they lie below the ones that are taken now. */
  readonly trim: Trim
  /** Whether the rows are copied before they are deleted, and not cut. */
  readonly isCopied: boolean
}

/**
 * The one batch of a claim: whatever stands in the rows at the instant it is applied is cut into
 * the inbox tab. Rows from the top are named by no number from an earlier read, so no edit can
 * mislead the batch; those from further down may have moved, and then others are taken. Nor does
 * the width come from a read: a cut without a right end takes along a column that was just added.
 */
export const claimRequests = (plan: ClaimPlan): ReadonlyArray<SheetRequest> => {
  const { mark, base, inbox, rows, trim, isCopied } = plan
  const from = Math.max(1, plan.from)
  const taken = { startRowIndex: from, endRowIndex: from + rows }
  return [
    // Keeps the size of the tab: Google refuses to delete all rows but the frozen header.
    { appendDimension: { sheetId: base, dimension: "ROWS", length: rows } },
    // It is unconfirmed whether a cut takes hidden rows along, so nothing stays hidden.
    { clearBasicFilter: { sheetId: base } },
    {
      updateDimensionProperties: {
        range: rowSpan(base, from, rows),
        properties: { hiddenByUser: false },
        fields: "hiddenByUser",
      },
    },
    { insertDimension: { range: rowSpan(inbox, 1, rows), inheritFromBefore: false } },
    // Empties the copy of the header, since that of the tab before may have been wider.
    {
      updateCells: {
        range: { sheetId: inbox, startRowIndex: 0, endRowIndex: 1 },
        fields: "userEnteredValue",
      },
    },
    {
      copyPaste: {
        source: { sheetId: base, startRowIndex: 0, endRowIndex: 1 },
        // The header as it is at this instant, to read the rows by. The destination is one cell:
        // the header is pasted whole all the same, and would be repeated in a wider one.
        destination: gridRange(inbox, { row: 0, column: 1 }, { rows: 1, columns: 1 }),
        pasteType: "PASTE_VALUES",
      },
    },
    isCopied
      ? {
          copyPaste: {
            source: { sheetId: base, ...taken },
            // As above: one cell, into which all rows are pasted whole.
            destination: gridRange(inbox, { row: 1, column: 1 }, { rows: 1, columns: 1 }),
            pasteType: "PASTE_NORMAL",
          },
        }
      : {
          cutPaste: {
            source: { sheetId: base, ...taken },
            destination: { sheetId: inbox, rowIndex: 1, columnIndex: 1 },
            pasteType: "PASTE_NORMAL",
          },
        },
    {
      repeatCell: {
        range: gridRange(inbox, { row: 1, column: 0 }, { rows, columns: 1 }),
        cell: { userEnteredValue: { stringValue: mark } },
        fields: "userEnteredValue",
      },
    },
    // Counts the cells that the cut left behind: there should be none. After a copy it counts all
    // that were there.
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
    ...(trim.rows === 0
      ? []
      : [{ deleteDimension: { range: rowSpan(inbox, 1 + rows + trim.skip, trim.rows) } }]),
  ]
}

/**
 * Whether Google refused the write because it does not let these rows be cut. Where a person has
 * protected them it does not let them be deleted either, so a copy would be refused as well.
 */
const isCutRefused = (failure: TabFailure) => {
  if (failure._tag !== "SheetsError" || failure.reason._tag !== "Refused") return false
  const { request, message } = failure.reason
  return request === cutIndex && !/protected/i.test(message)
}

/** The index of the cut in the batch of a claim, whose first request is the guard. */
const cutIndex =
  1 +
  claimRequests({
    mark: "",
    base: 0,
    inbox: 0,
    from: 1,
    rows: 1,
    trim: { skip: 0, rows: 0 },
    isCopied: false,
  }).findIndex((request) => "cutPaste" in request)

/** Rows of the inbox below the new ones: so many stay, and so many behind them go. */
interface Trim {
  readonly skip: number
  readonly rows: number
}

/** The rows of one claim in the inbox. */
interface Lying {
  readonly token: string
  readonly rows: number
  /** When the claim was settled. */
  readonly at: number
}

/**
 * What stands beside the rows of a claim: its token, and, for whoever does not know the claim, the
 * tab that they come from and a digest of the header that they stood under.
 */
const markOf = (token: string, { tab, header }: Pick<ClaimAbout, "tab" | "header">) =>
  `${token} ${digestOf(header)} ${tab}`

const tokenIn = (mark: string) => mark.split(" ", 1)[0] ?? ""

const digestOf = (header: ReadonlyArray<string>) =>
  (Hash.string(header.join("\n").trimEnd()) >>> 0).toString(36)

/** The kind of the documents that name claims whose rows lie in the inbox though they are imported. */
const lyingKind = "inboxClaim"
const Since = Schema.Struct({ at: Schema.Finite })
const decodeSince = Schema.decodeUnknownOption(Since)

/** The claims that the journal knows, each with the moment when it was settled. */
const claimsKnown = Effect.fnUntraced(function* (journal: Journal["Service"], spreadsheet: string) {
  const intents = yield* readIntents(journal, spreadsheet)
  const noted = yield* journal.documents(lyingKind)
  return new Map([
    ...noted.map(({ key, body }) => {
      const since = Option.getOrUndefined(decodeSince(body))
      return [key, since?.at ?? 0] as const
    }),
    ...intents.flatMap(({ kind, token, state, settledAt }) =>
      kind === "claim" && state !== "void"
        ? [[token, state === "applied" ? (settledAt ?? 0) : Number.POSITIVE_INFINITY] as const]
        : [],
    ),
  ])
})

/**
 * When the oldest of the copies was made that somebody may go back to. What was claimed after it
 * stays in the inbox: the bot that starts on that copy finds it there.
 */
const oldestCopy = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const now = yield* Clock.currentTimeMillis
  const made = (yield* journal.documents(copiesKind)).map(({ key }) => Number(key))
  const kept = made.filter((at) => at > now - Duration.toMillis(inboxKept))
  return kept.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...kept)
})

/**
 * Makes the view of the inbox tab. The rows of the newest claim lie on top there. What is imported
 * goes with the next claim, unless a copy of the data is older than it. Rows that no claim of ours
 * put there are reported and left alone.
 */
const makeInbox = Effect.fnUntraced(function* (spreadsheet: string) {
  const client = yield* SheetsClient
  const journal = yield* Journal
  const alarms = yield* Alarms
  /** The imported rows on top, the newest first, of which `keep` stay; unknown until a look. */
  const top = yield* Ref.make(
    Option.none<{ readonly lying: ReadonlyArray<Lying>; readonly keep: number }>(),
  )

  const look = Effect.fnUntraced(function* (urgency: Urgency) {
    const known = yield* claimsKnown(journal, spreadsheet)
    const [rows = []] = yield* client.values(spreadsheet, [`${quoted(inboxTitle)}!A2:A`], urgency)
    const tokens = rows.map(([mark = ""]) => tokenIn(String(mark)))
    const strangers = tokens.filter((token) => token !== "" && !known.has(token)).length
    if (strangers > 0) {
      const alarm: Alarm = { _tag: "UnknownInboxRows", spreadsheet, rows: strangers }
      yield* alarms.raise(alarm)
    }
    const lying: Array<Lying> = []
    for (const token of tokens) {
      const at = known.get(token)
      const last = lying.at(-1)
      if (at === undefined) break
      if (last?.token === token) lying[lying.length - 1] = { ...last, rows: last.rows + 1 }
      else lying.push({ token, rows: 1, at })
    }
    return lying
  })

  /** Those that stay come first; the others are all behind them. */
  const sorted = Effect.fnUntraced(function* (lying: ReadonlyArray<Lying>) {
    const since = yield* oldestCopy(journal)
    const keep = lying.findLastIndex(({ at }) => at >= since) + 1
    yield* Ref.set(top, Option.some({ lying, keep }))
    return { stay: lying.slice(0, keep), go: lying.slice(keep) }
  })

  /** Reads the whole tab with that number; finds nothing when somebody removed it. */
  const read = Effect.fnUntraced(function* (sheetId: number) {
    const whole = (title: string) =>
      client.get(spreadsheet, { fields: bookMask, ranges: [quoted(title)], urgency: "person" })
    const isIt = ({ properties }: SheetPart) => properties.sheetId === sheetId
    const named = yield* Effect.catchIf(whole(inboxTitle), isNoSuchTab, () =>
      Effect.succeed(noSheets),
    )
    if (named.sheets?.some(isIt)) return named
    // Somebody gave the tab another name, or removed it.
    const titles = yield* client.get(spreadsheet, {
      fields: "sheets(properties(sheetId,title))",
      ranges: [],
      urgency: "person",
    })
    const known = titles.sheets?.find(isIt)
    return known === undefined ? noSheets : yield* whole(known.properties.title)
  })

  return {
    read,
    /** Which rows the next claim shall delete. */
    trim: Effect.fnUntraced(function* (urgency: Urgency) {
      const known = yield* Ref.get(top)
      const { stay, go } = yield* sorted(
        Option.isSome(known) ? known.value.lying : yield* look(urgency),
      )
      const trim: Trim = { skip: rowsIn(stay), rows: rowsIn(go) }
      return trim
    }),
    /** Forgets what is known, which may be wrong: the next claim looks again. */
    forget: Ref.set(top, Option.none()),
    /** Remembers that a claim put so many rows on top, that they are imported, and what it deleted. */
    settled: Effect.fnUntraced(function* (token: string, rows: number) {
      const known = yield* Ref.get(top)
      const at = yield* Clock.currentTimeMillis
      const { lying = [], keep = 0 } = Option.getOrUndefined(known) ?? {}
      const gone = lying.slice(keep)
      const noted = new Set((yield* journal.documents(lyingKind)).map(({ key }) => key))
      const isKept = Number.isFinite(yield* oldestCopy(journal))
      const writes: ReadonlyArray<Write> = [
        ...gone.flatMap((each) =>
          noted.has(each.token)
            ? [{ _tag: "DocumentRemoved" as const, kind: lyingKind, key: each.token }]
            : [],
        ),
        ...(isKept
          ? [{ _tag: "DocumentPut" as const, kind: lyingKind, key: token, body: { at } }]
          : []),
      ]
      if (writes.length > 0) yield* journal.write(writes)
      yield* Ref.set(
        top,
        Option.map(known, () => {
          const now = rows === 0 ? [] : [{ token, rows, at }]
          return { lying: [...now, ...lying.slice(0, keep)], keep: 0 }
        }),
      )
    }),
  }
})

const rowsIn = (lying: ReadonlyArray<Lying>) => lying.reduce((sum, { rows }) => sum + rows, 0)

/** Makes what reads the rows of claims that the journal does not know. */
const makeStrangers = Effect.gen(function* () {
  const { spreadsheetAccounts: spreadsheet, phoneCountry } = yield* Settings
  const { resources } = yield* CatalogueSource
  const client = yield* SheetsClient
  const journal = yield* Journal
  const tabs = yield* Tabs

  const strangers = Effect.gen(function* () {
    const known = yield* claimsKnown(journal, spreadsheet)
    const book = yield* client
      .get(spreadsheet, { fields: bookMask, ranges: [quoted(inboxTitle)], urgency: "background" })
      .pipe(Effect.catchIf(isNoSuchTab, () => Effect.succeed(noSheets)))
    const below = rowsOf(book.sheets?.[0]).slice(1)
    const byMark = Map.groupBy(below, ([mark]) => shownText(mark))
    const found: Array<Stranger> = []
    for (const [mark, rows] of byMark) {
      const [token = "", digest = "", ...title] = mark.split(" ")
      const owner = resources
        .flatMap((resource) => resource.baseTabs.map((tab) => ({ resource, tab })))
        .find(({ tab }) => tab.title === title.join(" "))
      if (token === "" || known.has(token) || owner === undefined) continue
      const { resource, tab } = owner
      const layout = yield* ifUsable(tabs.base(resource, tab, "background"))
      // Under another header the cells would be taken for other values.
      if (Option.isNone(layout) || digestOf(layout.value.header) !== digest) continue
      const { columns } = layout.value
      const read = rows.map((row, ordinal) =>
        readRow({ resource, tab, columns, id: `${token}-${ordinal}`, phoneCountry }, row.slice(1)),
      )
      /** A row that somebody was typing went back to its tab, where its key is found. */
      const withKey = (row: Quarantined, cells: ReadonlyArray<CellData> = []): Quarantined => {
        const text = shownText(cells[1 + (columns.byKey.get(resource.identity) ?? -1)])
        const key = identityKey(resource, text, phoneCountry)
        return key === "" ? row : { ...row, key }
      }
      const claimed: Claimed = {
        claim: token,
        tab: tab.title,
        items: read.flatMap((each) => (each._tag === "Item" ? [each.item] : [])),
        quarantined: read.flatMap((each, ordinal) =>
          each._tag === "Quarantined" ? [withKey(each.row, rows[ordinal])] : [],
        ),
        halfTyped: [],
      }
      found.push({ resource: resource.id, claimed })
    }
    return found
  }).pipe(Effect.withSpan("Claim.strangers"))

  /** Knows these claims from now on. */
  const acquaint = Effect.fnUntraced(function* (claims: ReadonlyArray<string>) {
    const at = yield* Clock.currentTimeMillis
    if (claims.length === 0) return
    yield* journal.write(
      claims.map((key) => ({ _tag: "DocumentPut" as const, kind: lyingKind, key, body: { at } })),
    )
  })

  return { strangers, acquaint }
})

const noSheets: BookAnswer = {}

/** What is read of the inbox: the same of its cells as the answer to a claim has. */
const bookMask = answerMask.replace(/^replies,updatedSpreadsheet\((.*)\)$/, "$1")

/** What a claim brought, and what there is to tell about it. */
interface Brought {
  readonly claimed: Claimed
  /** The header was among the rows: somebody had put rows above it. */
  readonly headerMoved: boolean
  /** The header of a required column that is gone. */
  readonly missingColumn: string | undefined
  /** The header is not the one that was last known. */
  readonly headerChanged: boolean
  readonly rowsFound: number
  /** How many cells of the rows hold something. */
  readonly cells: number
  /** The rows fill the inbox to its right end, so they may have been wider. */
  readonly cutOff: boolean
}

/** Reads the rows that a claim put into the inbox tab. */
const readClaim = (
  {
    resource,
    tab,
    about,
    token,
    phoneCountry,
  }: Pick<RowPlace, "resource" | "tab" | "phoneCountry"> & {
    readonly about: ClaimAbout
    readonly token: string
  },
  inbox: BookAnswer,
): Brought => {
  const [mirror = [], ...below] = rowsOf(
    inbox.sheets?.find(({ properties }) => properties.sheetId === about.inbox),
  )
  const taken = below.filter(([mark]) => tokenIn(shownText(mark)) === token)
  const rows = taken.map((row) => row.slice(1))
  const header = mirror.slice(1).map(shownText)
  const now = baseColumns(resource, header)
  const before = baseColumns(resource, about.header)
  const columns = Result.isSuccess(now) ? now : before
  const headerMoved =
    Result.isFailure(now) &&
    Result.isSuccess(before) &&
    rows.some((row) => isHeaderAgain(resource, before.success, row.map(shownText)))
  const missingColumn = Result.isFailure(now) && !headerMoved ? now.failure.column : undefined

  const items: Array<Item> = []
  const quarantined: Array<Quarantined> = []
  const halfTyped: Array<Quarantined> = []
  for (const [ordinal, row] of rows.entries()) {
    const id = `${token}-${ordinal}`
    if (Result.isFailure(columns)) break
    const place = { resource, tab, columns: columns.success, id, phoneCountry }
    if (isBlank(columns.success, row)) continue
    const read =
      missingColumn === undefined
        ? readRow(place, row)
        : ({ _tag: "Quarantined", row: unreadable(place, row, header, missingColumn) } as const)
    if (read._tag === "Item") items.push(read.item)
    if (read._tag === "Quarantined") {
      const isLeft = missingColumn === undefined && goesBack(place, row, read.row)
      ;(isLeft ? halfTyped : quarantined).push(read.row)
    }
  }
  return {
    claimed: {
      claim: token,
      tab: tab.title,
      items,
      quarantined,
      halfTyped,
    },
    headerMoved,
    missingColumn,
    headerChanged: header.join("\n").trimEnd() !== about.header.join("\n").trimEnd(),
    rowsFound: rows.length,
    cells: rows.flat().filter(({ userEnteredValue }) => userEnteredValue !== undefined).length,
    cutOff: [mirror, ...taken].some((row) => shownText(row[about.inboxColumns - 1]) !== ""),
  }
}

/**
 * Whether the row goes back to be typed to its end: the next look must leave it there, and what
 * goes back must be the same, which a formula would not be.
 */
const goesBack = (
  { resource, columns }: RowPlace,
  cells: ReadonlyArray<CellData>,
  { reason }: Quarantined,
): boolean =>
  reason !== "formula" &&
  reason !== "header" &&
  isHalfTyped(resource, columns, cells.map(plainValue))

/**
 * How many cells the cut left behind and the deletion destroyed; Google's version history has them.
 */
const leftBehind = ({ replies = [] }: BatchAnswer): number =>
  replies.reduce((sum, { findReplace }) => sum + (findReplace?.occurrencesChanged ?? 0), 0)

/** How many of the cells that were deleted in the base tab are not in the copy. */
export const notCopied =
  (cells: number) =>
  ({ replies = [] }: BatchAnswer): number => {
    const there = replies.reduce(
      (sum, { findReplace: { valuesChanged = 0, formulasChanged = 0 } = {} }) =>
        sum + valuesChanged + formulasChanged,
      0,
    )
    return Math.max(0, there - cells)
  }

/** Sets a row aside under the header as it is now, so that a person can read it. */
const unreadable = (
  place: RowPlace,
  row: ReadonlyArray<CellData>,
  header: ReadonlyArray<string>,
  column: string,
) => setAside({ ...place, columns: { ...place.columns, header } }, row, "unreadable", column)
