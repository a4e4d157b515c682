/**
 * What the bot takes for granted of Google Sheets, each as a trial on a throwaway spreadsheet.
 *
 * A trial says how the bot expects Google to behave, and what it does where Google behaves in the
 * other way that was thought of. A trial without such an answer, and any third way, is a failure.
 */
import { Effect, Result, Schema } from "effect"
import { Day, serialOfDay } from "../../domain/Day.ts"
import { ItemId } from "../../domain/Item.ts"
import { shippedCatalogue } from "../../domain/shippedCatalogue.ts"
import { shownText } from "../../sheets/BaseRow.ts"
import { dayCell, literalCell, textCell } from "../../sheets/CellWrite.ts"
import { claimRequests } from "../../sheets/Claim.ts"
import type { SheetRequest } from "../../sheets/GuardChain.ts"
import { isGuardRefused, isLateRange } from "../../sheets/GuardedSend.ts"
import { area, baseColumns, quoted, rowSpan, wholeRows } from "../../sheets/Headers.ts"
import { returnRequests } from "../../sheets/Return.ts"
import {
  BatchAnswer,
  type CellData,
  type PlainAnswer,
  rowsOf,
  type SheetPart,
} from "../../sheets/SheetsClient.ts"
import type { SheetsError } from "../../sheets/SheetsError.ts"
import { Bench, reasonIn, type Shape, type TrialTab } from "./Bench.ts"

export type Verdict =
  | { readonly _tag: "AsExpected" }
  /** The other way that was thought of. */
  | { readonly _tag: "Otherwise"; readonly seen: string }
  | { readonly _tag: "Unknown"; readonly seen: string }
  /** A person has to prepare something first. */
  | { readonly _tag: "ByHand"; readonly steps: string }

export interface Trial {
  readonly name: string
  /** How the bot expects Google to behave. */
  readonly expected: string
  /** What the bot does where Google behaves in the other way; `null`: it has no answer to that. */
  readonly otherwise: string | null
  readonly run: Effect.Effect<Verdict, SheetsError, Bench>
}

const asExpected: Verdict = { _tag: "AsExpected" }
const otherwise = (seen: string): Verdict => ({ _tag: "Otherwise", seen })
const unknown = (seen: string): Verdict => ({ _tag: "Unknown", seen })

const isAccepted = (answer: PlainAnswer) => reasonIn(answer) === undefined

/** What Google said, in words for the report. */
const outcome = (answer: PlainAnswer): string => {
  const reason = reasonIn(answer)
  if (reason === undefined) return "accepted"
  return `refused: ${"message" in reason ? reason.message.replace(/\.$/, "") : reason._tag}`
}

const isGuardTaken = (answer: PlainAnswer) => reasonIn(answer)?._tag === "GuardTaken"

/**
 * Whether Google refuses a cut in the way that makes the bot copy: it has to say which request of
 * the batch it is about. Here the cut is the only one.
 */
const isCutRefused = (answer: PlainAnswer) => {
  const reason = reasonIn(answer)
  return reason?._tag === "Refused" && reason.request === 0
}

const text = (stringValue: string): CellData => ({ userEnteredValue: { stringValue } })

/** Rows of one cell each. */
const column = (...values: ReadonlyArray<string>) => values.map((value) => [text(value)])

/** What stands in a column, without its blank cells. */
const filledIn = (rows: ReadonlyArray<ReadonlyArray<CellData>>, index: number) =>
  rows.map((row) => shownText(row[index])).filter((value) => value !== "")

/** The key of all metadata that the trials make. */
export const smokeKey = "account-bot.smoke"

/** As the bot's guard, under a key of its own. */
const guard = (metadataId: number, metadataValue = "smoke"): SheetRequest => ({
  createDeveloperMetadata: {
    developerMetadata: {
      metadataId,
      metadataKey: smokeKey,
      metadataValue,
      location: { spreadsheet: true },
      visibility: "DOCUMENT",
    },
  },
})

const removal = (metadataId: number): SheetRequest => ({
  deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: { metadataId } } },
})

const put = ({ sheetId }: TrialTab, rowIndex: number, value: string): SheetRequest => ({
  updateCells: {
    start: { sheetId, rowIndex, columnIndex: 0 },
    rows: [{ values: [text(value)] }],
    fields: "userEnteredValue",
  },
})

const append = ({ sheetId }: TrialTab, ...values: ReadonlyArray<string>): SheetRequest => ({
  appendCells: {
    sheetId,
    rows: column(...values).map((cells) => ({ values: cells })),
    fields: "userEnteredValue",
  },
})

/** As a claim cuts: whole rows, whose right end nobody names. */
const cut = (from: number, { sheetId }: TrialTab, first: number, rows: number): SheetRequest => ({
  cutPaste: {
    source: { sheetId: from, startRowIndex: first, endRowIndex: first + rows },
    destination: { sheetId, rowIndex: 1, columnIndex: 1 },
    pasteType: "PASTE_NORMAL",
  },
})

/** As a claim copies: into one cell, from which on all rows are pasted. */
const copy = (from: number, { sheetId }: TrialTab, first: number, rows: number): SheetRequest => ({
  copyPaste: {
    source: { sheetId: from, startRowIndex: first, endRowIndex: first + rows },
    destination: {
      sheetId,
      startRowIndex: 1,
      endRowIndex: 2,
      startColumnIndex: 1,
      endColumnIndex: 2,
    },
    pasteType: "PASTE_NORMAL",
  },
})

const deletion = (sheetId: number, first: number, rows: number): SheetRequest => ({
  deleteDimension: { range: rowSpan(sheetId, first, rows) },
})

/** A header and five rows. */
const stock = column("header", "row 1", "row 2", "row 3", "row 4", "row 5")

/** A blank tab that has room for what is cut out of one of the usual width. */
const makeTarget = Bench.use(({ tab }) => tab([], { shape: { columnCount: 60 } }))

const copies = "The bot copies the rows and deletes them in the same write"
const staysWhere = "The rows stay in their tab, and the admins are told which tab it is"

/** The number in front of every write, which makes that it happens once. */
const guards: ReadonlyArray<Trial> = [
  {
    name: "a number of metadata is taken once",
    expected: "the second write under it is refused by name, and nothing of it is applied",
    otherwise: null,
    run: Effect.gen(function* () {
      const { tab: make, freshId, write, look } = yield* Bench
      const tab = yield* make(column("header"))
      const id = yield* freshId
      const first = yield* write([guard(id), put(tab, 1, "first")])
      const second = yield* write([guard(id), put(tab, 2, "second")])
      const there = filledIn(yield* look(tab), 0)
      return isAccepted(first) && isGuardTaken(second) && there.join() === "header,first"
        ? asExpected
        : unknown(`${outcome(first)}; then ${outcome(second)}; the tab has ${there.length} rows`)
    }),
  },
  {
    name: "ten writes that come at once under one number",
    expected: "one is applied, and nine are refused by name",
    otherwise: null,
    run: Effect.gen(function* () {
      const { tab: make, freshId, together, look } = yield* Bench
      const tab = yield* make(column("header"))
      const id = yield* freshId
      const answers = yield* together(
        Array.from({ length: 10 }, (_, index) => [guard(id), append(tab, `row ${index}`)]),
      )
      const rows = filledIn(yield* look(tab), 0).length - 1
      const refused = answers.filter(isGuardTaken).length
      return answers.filter(isAccepted).length === 1 && refused === 9 && rows === 1
        ? asExpected
        : unknown(`${refused} refused by name, ${rows} rows written`)
    }),
  },
  {
    name: "a write whose number is taken, and that is wrong further on too",
    expected: "the number is named, since it comes first",
    otherwise:
      "Where an earlier try had no answer, the bot takes the refusal for no proof: it gives the number to an empty write, learns that it is taken, and asks for it",
    run: Effect.gen(function* () {
      const { tab: make, freshId, write } = yield* Bench
      const tab = yield* make(column("header"))
      const id = yield* freshId
      yield* write([guard(id)])
      const answer = yield* write([guard(id), deletion(tab.sheetId, 900, 1)])
      const reason = reasonIn(answer)
      if (reason?._tag === "GuardTaken") return asExpected
      return reason?._tag === "Refused" ? otherwise(outcome(answer)) : unknown(outcome(answer))
    }),
  },
  {
    name: "removing metadata that is not there",
    expected: "nothing happens, and the write is applied",
    otherwise: "The bot sends the same write again without the removals",
    run: Effect.gen(function* () {
      const { tab: make, freshId, write } = yield* Bench
      const tab = yield* make(column("header"))
      const answer = yield* write([
        guard(yield* freshId),
        put(tab, 1, "row"),
        removal(yield* freshId),
      ])
      const reason = reasonIn(answer)
      if (reason === undefined) return asExpected
      const isNamed = reason._tag === "Refused" && reason.request === 2
      return isNamed ? otherwise(outcome(answer)) : unknown(outcome(answer))
    }),
  },
  {
    name: "asking for metadata that is not there",
    expected: "404, with words about metadata",
    otherwise: null,
    run: Effect.gen(function* () {
      const { freshId, metadata } = yield* Bench
      const answer = yield* metadata(yield* freshId)
      const reason = reasonIn(answer)
      return reason?._tag === "NotFound" && /developer metadata/i.test(reason.message)
        ? asExpected
        : unknown(outcome(answer))
    }),
  },
  {
    name: "metadata for which there is no room left",
    expected: "the write is refused because of them, by number or by name",
    otherwise: "There is more room than was thought, and the bot removes old metadata by their age",
    run: Effect.gen(function* () {
      const { freshId, write } = yield* Bench
      const ids = [yield* freshId, yield* freshId]
      const answers = yield* Effect.forEach(ids, (id) => write([guard(id, "x".repeat(16_000))]))
      const made = ids.filter((_, index) => isAccepted(answers[index] ?? { status: 0, body: null }))
      // Others find no room otherwise.
      if (made.length > 0) yield* write(made.map(removal))
      const last = answers[1] ?? { status: 0, body: null }
      const reason = reasonIn(last)
      if (made.length === 2) return otherwise("32,000 characters were accepted")
      return made.length === 1 && reason?._tag === "Refused" && isGuardRefused(reason)
        ? asExpected
        : unknown(outcome(last))
    }),
  },
]

/** A cut of rows that somebody does not see. `other`: what the bot does where they stay. */
const cutOfHidden = (
  name: string,
  hide: (sheetId: number) => ReadonlyArray<SheetRequest>,
  other: string | null,
): Trial => ({
  name,
  expected: "they come along with the rows around them",
  otherwise: other,
  run: Effect.gen(function* () {
    const { tab, write, look } = yield* Bench
    const from = yield* tab(stock, { also: hide })
    const to = yield* makeTarget
    const answer = yield* write([cut(from.sheetId, to, 1, 5)])
    if (!isAccepted(answer)) return unknown(outcome(answer))
    const came = filledIn(yield* look(to), 1).length
    const left = filledIn(yield* look(from), 0).length - 1
    if (came === 5 && left === 0) return asExpected
    const seen = `${came} of 5 rows came, ${left} stayed where they were`
    return came + left === 5 ? otherwise(seen) : unknown(seen)
  }),
})

/** What a filter says that hides rows by the value of their first cell. */
const hidingOf = (...hiddenValues: ReadonlyArray<string>) => [
  { columnIndex: 0, filterCriteria: { hiddenValues } },
]

const hiding = hidingOf("row 2", "row 3")

/** Rows in a group that somebody has collapsed. */
const collapsed = (sheetId: number, first: number, rows: number): ReadonlyArray<SheetRequest> => {
  const range = rowSpan(sheetId, first, rows)
  return [
    { addDimensionGroup: { range } },
    {
      updateDimensionGroup: {
        dimensionGroup: { range, depth: 1, collapsed: true },
        fields: "collapsed",
      },
    },
  ]
}

const showsFirst = "In the write of a claim the bot removes the filter and shows the rows first"

const date = Day.make("2026-11-22")

const cuts: ReadonlyArray<Trial> = [
  {
    name: "a cut into another tab",
    expected: "values and number formats come, and nothing stays behind",
    otherwise: copies,
    run: Effect.gen(function* () {
      const { tab, write, look } = yield* Bench
      const from = yield* tab([[text("header")], [text("row 1"), dayCell(date)]])
      const to = yield* makeTarget
      const answer = yield* write([cut(from.sheetId, to, 1, 1)])
      if (isCutRefused(answer)) return otherwise(outcome(answer))
      const came = (yield* look(to))[1] ?? []
      const left = filledIn(yield* look(from), 0)
      const isWhole =
        shownText(came[1]) === "row 1" &&
        came[2]?.userEnteredValue?.numberValue === serialOfDay(date) &&
        came[2].userEnteredFormat?.numberFormat?.type === "DATE"
      return isWhole && left.join() === "header"
        ? asExpected
        : unknown(`${came.length} cells came, ${left.length - 1} rows stayed`)
    }),
  },
  {
    name: "notes on cells that are cut",
    expected: "they come along",
    otherwise: null,
    run: Effect.gen(function* () {
      const { tab, write, look } = yield* Bench
      const from = yield* tab([[text("header")], [{ ...text("row 1"), note: "a note" }]])
      const to = yield* makeTarget
      const answer = yield* write([cut(from.sheetId, to, 1, 1)])
      const note = (yield* look(to))[1]?.[1]?.note
      return note === "a note" ? asExpected : unknown(`${outcome(answer)}; no note came`)
    }),
  },
  {
    name: "a cut whose right end is not named",
    expected: "all columns of the tab come, also one far right of the others",
    otherwise: null,
    run: Effect.gen(function* () {
      const { tab, write, look } = yield* Bench
      const wide = [text("row 1"), ...Array.from({ length: 28 }, () => ({})), text("far")]
      const from = yield* tab([[text("header")], wide], { shape: { columnCount: 40 } })
      const to = yield* makeTarget
      const answer = yield* write([cut(from.sheetId, to, 1, 1)])
      const came = (yield* look(to))[1] ?? []
      return shownText(came[30]) === "far"
        ? asExpected
        : unknown(`${outcome(answer)}; ${came.length - 1} columns came`)
    }),
  },
  cutOfHidden(
    "a cut of rows that the filter of the tab hides",
    (sheetId) => [
      {
        setBasicFilter: {
          filter: { range: { sheetId, startRowIndex: 0, endRowIndex: 6 }, filterSpecs: hiding },
        },
      },
    ],
    showsFirst,
  ),
  cutOfHidden(
    "a cut of rows that somebody hid",
    (sheetId) => [
      {
        updateDimensionProperties: {
          range: rowSpan(sheetId, 2, 2),
          properties: { hiddenByUser: true },
          fields: "hiddenByUser",
        },
      },
    ],
    showsFirst,
  ),
  cutOfHidden(
    "a cut of rows of a collapsed group",
    (sheetId) => collapsed(sheetId, 2, 2),
    showsFirst,
  ),
  cutOfHidden(
    "a cut of rows that a filter view hides from somebody",
    (sheetId) => [
      {
        addFilterView: {
          filter: {
            title: "a view",
            range: { sheetId, startRowIndex: 0, endRowIndex: 6 },
            filterSpecs: hiding,
          },
        },
      },
    ],
    null,
  ),
  {
    name: "removing the filter of a tab that has none",
    expected: "nothing happens",
    otherwise: null,
    run: Effect.gen(function* () {
      const { tab, write } = yield* Bench
      const { sheetId } = yield* tab(stock)
      const answer = yield* write([{ clearBasicFilter: { sheetId } }])
      return isAccepted(answer) ? asExpected : unknown(outcome(answer))
    }),
  },
  {
    name: "searching rows of which one is hidden and one is blank",
    expected: "each filled cell is counted, hidden or not",
    otherwise: "In the write of a claim the bot shows the rows first, so that it counts them all",
    run: Effect.gen(function* () {
      const { tab, write } = yield* Bench
      const { sheetId } = yield* tab(
        [...column("header", "row 1", "row 2"), [], ...column("row 4")],
        {
          also: (made) => [
            {
              updateDimensionProperties: {
                range: rowSpan(made, 2, 1),
                properties: { hiddenByUser: true },
                fields: "hiddenByUser",
              },
            },
          ],
        },
      )
      const answer = yield* write([
        {
          findReplace: {
            find: ".+",
            replacement: "",
            searchByRegex: true,
            includeFormulas: true,
            range: { sheetId, startRowIndex: 1, endRowIndex: 5 },
          },
        },
      ])
      const count = foundIn(answer)
      if (count === 3) return asExpected
      return count === 2 ? otherwise("the hidden one was not counted") : unknown(`${count} counted`)
    }),
  },
]

const repliesOf = (answer: PlainAnswer) => {
  const batch = decodeBatch(answer.body)
  return Result.isSuccess(batch) ? (batch.success.replies ?? []) : []
}

const foundIn = (answer: PlainAnswer): number =>
  repliesOf(answer).reduce(
    (sum, { findReplace }) => sum + (findReplace?.occurrencesChanged ?? 0),
    0,
  )

const decodeBatch = Schema.decodeUnknownResult(BatchAnswer)

/** The tab with that number in the answer to a write. */
const shownIn = (answer: PlainAnswer, { sheetId }: TrialTab): SheetPart | undefined => {
  const batch = decodeBatch(answer.body)
  const sheets = Result.isSuccess(batch) ? (batch.success.updatedSpreadsheet?.sheets ?? []) : []
  return sheets.find(({ properties }) => properties.sheetId === sheetId)
}

/** The hidden and protected tab that a claim cuts into. */
const makeInbox = Bench.use(({ tab }) =>
  tab([], {
    shape: { columnCount: 60, frozenRowCount: 1 },
    hidden: true,
    also: (sheetId) => [
      { addProtectedRange: { protectedRange: { range: { sheetId }, description: "a trial" } } },
    ],
  }),
)

interface ClaimTrial {
  readonly name: string
  readonly expected: string
  readonly isCopied: boolean
  readonly shape?: Shape
  readonly rows: ReadonlyArray<ReadonlyArray<CellData>>
  readonly also?: (sheetId: number) => ReadonlyArray<SheetRequest>
}

/** The write of a claim, byte for byte as the bot sends it, for the three rows below the header. */
const claimOf = ({ name, expected, isCopied, rows, ...options }: ClaimTrial): Trial => ({
  name,
  expected,
  otherwise: null,
  run: Effect.gen(function* () {
    const { tab, freshId, write, look } = yield* Bench
    const from = yield* tab(rows, options)
    const inbox = yield* makeInbox
    const requests = claimRequests({
      mark: "smoke",
      base: from.sheetId,
      inbox: inbox.sheetId,
      from: 1,
      rows: 3,
      trim: { skip: 0, rows: 0 },
      isCopied,
    })
    const answer = yield* write(
      [guard(yield* freshId), ...requests],
      [wholeRows(inbox.title, 0, 3)],
    )
    if (!isAccepted(answer)) return unknown(outcome(answer))
    const [header = [], ...came] = rowsOf(shownIn(answer, inbox))
    const left = yield* look(from)
    const wanted = rows.slice(1, 4)
    const isWhole =
      shownText(header[1]) === shownText(rows[0]?.[0]) &&
      wanted.every((cells, index) => {
        const [mark, ...found] = came[index] ?? []
        return shownText(mark) === "smoke" && cells.every((cell, at) => isSame(cell, found[at]))
      })
    const isGone = filledIn(left, 0).length === rows.length - wanted.length
    const counted = foundIn(answer)
    const isCounted = isCopied ? counted === wanted.flat().filter(isFilled).length : counted === 0
    return isWhole && isGone && isCounted
      ? asExpected
      : unknown(
          `${came.length} rows in the answer, ${left.length} left, ${counted} cells counted behind`,
        )
  }),
})

const isFilled = ({ userEnteredValue }: CellData) => userEnteredValue !== undefined

const isSame = (one: CellData, other: CellData | undefined) =>
  one.note === other?.note &&
  one.userEnteredValue?.stringValue === other?.userEnteredValue?.stringValue &&
  one.userEnteredValue?.numberValue === other?.userEnteredValue?.numberValue &&
  one.userEnteredFormat?.numberFormat?.type === other?.userEnteredFormat?.numberFormat?.type

/** As people leave rows: a date, a note, a value far right of the others. */
const messy: ReadonlyArray<ReadonlyArray<CellData>> = [
  [text("header"), text("date")],
  [text("row 1"), dayCell(date), {}, {}, {}, text("beside")],
  [{ ...text("row 2"), note: "a note" }],
  [text("row 3"), { userEnteredValue: { numberValue: 7 } }],
  [text("row 4")],
]

const claims: ReadonlyArray<Trial> = [
  claimOf({
    name: "the write of a claim, with a filter, a hidden row and a collapsed group in its way",
    expected: "three rows and the header lie in the inbox, with all that is on them, and are gone",
    isCopied: false,
    shape: { frozenRowCount: 1 },
    rows: messy,
    also: (sheetId) => [
      {
        setBasicFilter: {
          filter: {
            range: { sheetId, startRowIndex: 0, endRowIndex: 5 },
            filterSpecs: hidingOf("row 1"),
          },
        },
      },
      {
        updateDimensionProperties: {
          range: rowSpan(sheetId, 2, 1),
          properties: { hiddenByUser: true },
          fields: "hiddenByUser",
        },
      },
      ...collapsed(sheetId, 3, 1),
    ],
  }),
  claimOf({
    name: "the write of a claim that copies, because a cut was refused",
    expected: "the same rows, and as many cells counted as were copied",
    isCopied: true,
    shape: { frozenRowCount: 1 },
    rows: messy,
  }),
  claimOf({
    name: "the write of a claim that takes the last rows below a frozen header",
    expected: "it is applied: the rows that it adds first are there when the others are deleted",
    isCopied: false,
    shape: { rowCount: 4, frozenRowCount: 1 },
    rows: messy.slice(0, 4),
  }),
  {
    name: "rows that go back, as the bot sends them",
    expected: "they stand below the header, with their notes",
    otherwise: null,
    run: Effect.gen(function* () {
      const { tab, freshId, write, look } = yield* Bench
      const [resource] = shippedCatalogue.resources
      const header = resource.columns.map((each) => each.header)
      const from = yield* tab([header.map(text), [{}, text("row 1"), text("secret")]])
      const columns = baseColumns(resource, header)
      if (Result.isFailure(columns)) return unknown("the catalogue has other columns")
      const cells = [{ value: null }, { value: "row 0", note: "a note" }, { value: "secret" }]
      const item = { id: ItemId.make("smoke-0"), day: null, origin: { tab: "", header, cells } }
      const requests = returnRequests(
        {
          resource,
          sheetId: from.sheetId,
          columnCount: 10,
          rowCount: 20,
          columns: columns.success,
        },
        [{ at: 1, items: [item] }],
      )
      const answer = yield* write([guard(yield* freshId), ...requests])
      const rows = yield* look(from)
      const isRight =
        filledIn(rows, 1).join() === `${header[1]},row 0,row 1` && rows[1]?.[1]?.note === "a note"
      return isRight ? asExpected : unknown(`${outcome(answer)}; ${rows.length} rows stand there`)
    }),
  },
]

const answers: ReadonlyArray<Trial> = [
  {
    name: "the tab that comes with the answer to a write",
    expected: "it is as the write left it",
    otherwise: null,
    run: Effect.gen(function* () {
      const { tab: make, write } = yield* Bench
      const tab = yield* make(column("header"))
      const answer = yield* write([put(tab, 1, "new")], [wholeRows(tab.title, 0, 3)])
      const shown = filledIn(rowsOf(shownIn(answer, tab)), 0)
      return shown.join() === "header,new"
        ? asExpected
        : unknown(`${outcome(answer)}; ${shown.length} rows shown`)
    }),
  },
  {
    name: "the other tabs in the answer to a write",
    expected: "only the tab that the write asks for is there",
    otherwise: "The bot looks for a tab by its number and passes over the others",
    run: Effect.gen(function* () {
      const bench = yield* Bench
      const other = yield* bench.tab(column("header"))
      const tab = yield* bench.tab(column("header"))
      const answer = yield* bench.write([put(tab, 1, "new")], [wholeRows(tab.title, 0, 3)])
      if (shownIn(answer, tab) === undefined) return unknown(`${outcome(answer)}; it is not there`)
      return shownIn(answer, other) === undefined ? asExpected : otherwise("all tabs are there")
    }),
  },
  {
    name: "single cells of two tabs in the answer to a write",
    expected: "each is there with the row and the column that it stands in",
    otherwise: null,
    run: Effect.gen(function* () {
      const { tab: make, write } = yield* Bench
      const rows = stock.map((cells, index) => [...cells, text(`id ${index}`)])
      const tabs = [yield* make(rows), yield* make(rows)]
      const places = tabs.flatMap((tab) => [4, 2].map((row) => ({ tab, row })))
      const answer = yield* write(
        tabs.map((tab) => put(tab, 2, "new")),
        places.map(({ tab, row }) => area(tab.title, { row, column: 1 }, { row, column: 1 })),
      )
      const found = places.filter(({ tab, row }) =>
        shownIn(answer, tab)?.data?.some(
          ({ startRow, startColumn, rowData }) =>
            startRow === row &&
            startColumn === 1 &&
            shownText(rowData?.[0]?.values?.[0]) === `id ${row}`,
        ),
      )
      return found.length === places.length
        ? asExpected
        : unknown(`${outcome(answer)}; ${found.length} of ${places.length} are there`)
    }),
  },
  {
    name: "a write that asks to be shown a tab that is not there",
    expected: "it is refused before anything is applied",
    otherwise: "The bot takes the refusal for no proof, and asks whether the write was applied",
    run: Effect.gen(function* () {
      const { prefix, tab: make, write, look } = yield* Bench
      const tab = yield* make(column("header"))
      const answer = yield* write([put(tab, 1, "new")], [`${quoted(`${prefix} none`)}!1:2`])
      const reason = reasonIn(answer)
      if (reason?._tag !== "Refused" || !isLateRange(reason.message)) {
        return unknown(outcome(answer))
      }
      return filledIn(yield* look(tab), 0).length === 1
        ? asExpected
        : otherwise("it was refused, and applied all the same")
    }),
  },
]

/** What became of a row that was appended to a tab. `end`: where it should stand. */
const placed = (
  answer: PlainAnswer,
  rows: ReadonlyArray<ReadonlyArray<CellData>>,
  end: number,
): Verdict => {
  const at = rows.flatMap((row, index) => (shownText(row[0]) === "new" ? [index] : []))
  const [place] = at
  if (at.length !== 1 || place === undefined) {
    return unknown(`${outcome(answer)}; it stands there ${at.length} times`)
  }
  return place === end ? asExpected : otherwise(`it stands in row ${place + 1}, not ${end + 1}`)
}

const byId = "The bot finds rows that it wrote by their id, wherever they stand"

const appends: ReadonlyArray<Trial> = [
  {
    name: "a row that is appended below boxes to tick",
    expected: "it stands below the last row with a value",
    otherwise: byId,
    run: Effect.gen(function* () {
      const { tab: make, write, look } = yield* Bench
      const tab = yield* make(column("header", "row 1"), {
        also: (sheetId) => [
          {
            repeatCell: {
              range: {
                sheetId,
                startRowIndex: 1,
                endRowIndex: 10,
                startColumnIndex: 3,
                endColumnIndex: 4,
              },
              cell: { dataValidation: { condition: { type: "BOOLEAN" } } },
              fields: "dataValidation",
            },
          },
        ],
      })
      const answer = yield* write([append(tab, "new")])
      return placed(answer, yield* look(tab), 2)
    }),
  },
  {
    name: "rows that are appended to a tab that is full",
    expected: "the tab grows",
    otherwise: null,
    run: Effect.gen(function* () {
      const { tab: make, write, look } = yield* Bench
      const tab = yield* make(column("header", "row 1"), { shape: { rowCount: 2 } })
      const answer = yield* write([append(tab, "new")])
      return placed(answer, yield* look(tab), 2)
    }),
  },
  {
    name: "texts, numbers with zeros in front, and dates that are written",
    expected: "texts stay the texts that they were, and a date is that day",
    otherwise: null,
    run: Effect.gen(function* () {
      const { tab: make, write, look } = yield* Bench
      const tab = yield* make(column("header"))
      const values = [textCell("=1+1"), literalCell("007"), textCell("+79000000000"), dayCell(date)]
      const answer = yield* write([
        {
          appendCells: {
            sheetId: tab.sheetId,
            fields: "userEnteredValue,userEnteredFormat(backgroundColorStyle,numberFormat)",
            rows: [{ values }],
          },
        },
      ])
      const [first, second, third, fourth] = (yield* look(tab))[1] ?? []
      const isSaved =
        first?.userEnteredValue?.stringValue === "=1+1" &&
        second?.userEnteredValue?.stringValue === "007" &&
        third?.userEnteredValue?.stringValue === "+79000000000" &&
        fourth?.userEnteredValue?.numberValue === serialOfDay(date) &&
        fourth.userEnteredFormat?.numberFormat?.type === "DATE"
      return isSaved ? asExpected : unknown(`${outcome(answer)}; they were changed`)
    }),
  },
]

const merged = (sheetId: number): ReadonlyArray<SheetRequest> => [
  {
    mergeCells: {
      range: { sheetId, startRowIndex: 1, endRowIndex: 4, startColumnIndex: 0, endColumnIndex: 1 },
      mergeType: "MERGE_ALL",
    },
  },
]

const table = (sheetId: number): ReadonlyArray<SheetRequest> => [
  {
    addTable: {
      table: {
        name: `smoke_${sheetId}`,
        range: {
          sheetId,
          startRowIndex: 0,
          endRowIndex: 6,
          startColumnIndex: 0,
          endColumnIndex: 1,
        },
      },
    },
  },
]

/** A write in a tab of five rows that are more than rows. `isRefused`: what the bot expects. */
const onParts = (
  name: string,
  also: (sheetId: number) => ReadonlyArray<SheetRequest>,
  request: (from: number, to: TrialTab) => SheetRequest,
  { isRefused, other }: { readonly isRefused: boolean; readonly other: string },
): Trial => ({
  name,
  expected: isRefused ? "it is refused" : "it is applied, as elsewhere",
  otherwise: other,
  run: Effect.gen(function* () {
    const { tab, write } = yield* Bench
    const from = yield* tab(stock, { also })
    const tried = request(from.sheetId, yield* makeTarget)
    const answer = yield* write([tried])
    if (isAccepted(answer)) return isRefused ? otherwise("accepted") : asExpected
    if ("cutPaste" in tried && !isCutRefused(answer)) return unknown(outcome(answer))
    return isRefused ? asExpected : otherwise(outcome(answer))
  }),
})

const parts: ReadonlyArray<Trial> = [
  onParts("a cut through a part of a merged block", merged, (from, to) => cut(from, to, 1, 2), {
    isRefused: true,
    other: "The rows are taken by the cut, each as what it is; where it is refused they are copied",
  }),
  onParts("a copy of a part of a merged block", merged, (from, to) => copy(from, to, 1, 2), {
    isRefused: false,
    other: staysWhere,
  }),
  {
    name: "a value that is written into a merged block, not into its first cell",
    expected: "no cell shows it",
    otherwise: "The bot writes below merged blocks in any case",
    run: Effect.gen(function* () {
      const { tab: make, write, look } = yield* Bench
      const tab = yield* make(stock, { also: merged })
      const answer = yield* write([put(tab, 2, "inside")])
      if (!isAccepted(answer)) return otherwise(outcome(answer))
      const isThere = filledIn(yield* look(tab), 0).includes("inside")
      return isThere ? otherwise("the cell has it") : asExpected
    }),
  },
  onParts("a cut out of a table", table, (from, to) => cut(from, to, 1, 2), {
    isRefused: false,
    other: copies,
  }),
  onParts("deleting rows of a table", table, (from) => deletion(from, 1, 2), {
    isRefused: false,
    other: staysWhere,
  }),
  {
    name: "a row that is appended to a tab with a table",
    expected: "it stands right below the table",
    otherwise: byId,
    run: Effect.gen(function* () {
      const { tab: make, write, look } = yield* Bench
      const tab = yield* make(stock, { also: table })
      const answer = yield* write([append(tab, "new")])
      return placed(answer, yield* look(tab), 6)
    }),
  },
]

const steps = {
  form: "In the spreadsheet choose Tools, Create a new form; answer the form three times; run this again: the tab with the answers is found by «Timestamp» or «Отметка времени» in its first cell",
  protected:
    "Make a tab, choose Data, Protect sheets and ranges, and protect it so that only you may edit it; run this again: the tab is found by that",
} as const

/** A trial on a tab that no call can make. */
const onHandMade = (
  kind: keyof typeof steps,
  trial: Omit<Trial, "run"> & {
    readonly requests: (from: number, to: TrialTab) => ReadonlyArray<SheetRequest>
    readonly verdict: (answer: PlainAnswer) => Verdict
  },
): Trial => ({
  name: trial.name,
  expected: trial.expected,
  otherwise: trial.otherwise,
  run: Effect.gen(function* () {
    const { handMade, write } = yield* Bench
    const from = handMade[kind]
    if (from === undefined) return { _tag: "ByHand" as const, steps: steps[kind] }
    return trial.verdict(yield* write(trial.requests(from, yield* makeTarget)))
  }),
})

const handMade: ReadonlyArray<Trial> = [
  onHandMade("form", {
    name: "copying and deleting an answer to a form",
    expected: "it is applied",
    otherwise: null,
    requests: (from, to) => [copy(from, to, 1, 1), deletion(from, 1, 1)],
    verdict: (answer) => (isAccepted(answer) ? asExpected : unknown(outcome(answer))),
  }),
  onHandMade("form", {
    name: "a cut of an answer to a form",
    expected: "it is refused, which makes the bot copy",
    otherwise: "The bot cuts, as elsewhere",
    requests: (from, to) => [cut(from, to, 1, 1)],
    verdict: (answer) => {
      if (isAccepted(answer)) return otherwise("accepted")
      return isCutRefused(answer) ? asExpected : unknown(outcome(answer))
    },
  }),
  onHandMade("protected", {
    name: "a cut of rows that a person has protected",
    expected: "it is refused with a word about protection",
    otherwise: "The bot tries a copy once, which is refused as well",
    requests: (from, to) => [cut(from, to, 1, 1)],
    verdict: (answer) => {
      const reason = reasonIn(answer)
      if (reason?._tag !== "Refused") return unknown(outcome(answer))
      return /protected/i.test(reason.message) ? asExpected : otherwise(outcome(answer))
    },
  }),
]

/** In the order in which they are made: those that go out at once come while the limiter lets them. */
export const trials: ReadonlyArray<Trial> = [
  ...guards,
  ...cuts,
  ...claims,
  ...answers,
  ...appends,
  ...parts,
  ...handMade,
]

/** What no call can try. Each is done once, by a person in a browser, on the throwaway spreadsheet. */
export const byHand: ReadonlyArray<{ readonly name: string; readonly steps: string }> = [
  {
    name: "metadata of a copy of the spreadsheet",
    steps:
      "While a run is under way choose File, Make a copy, share the copy with the service account, and look with the API explorer (developerMetadata.search, key account-bot.smoke) whether the copy has them: the bot starts on a copy either way, with numbers above the highest it finds",
  },
  {
    name: "metadata after an older version was restored",
    steps:
      "Stop a run with kill -9 so that its tabs stay, restore the version from before under File, Version history, and search for the metadata as above: the bot keeps its own number either way",
  },
  {
    name: "somebody types in the row below while a row is appended",
    steps:
      "Have a bot work on copies of your tabs, and keep typing in the first free row of an issued tab while it writes there: both rows should stand there",
  },
  {
    name: "somebody types in a row while it is cut",
    steps:
      "Leave a cell of a base tab in edit while a claim takes its row, then press Enter: the value should be in the inbox tab, in the row that moved up, or nowhere; no other row may be lost",
  },
  {
    name: "an editor deletes the hidden inbox tab",
    steps:
      "As another editor unhide `_bot_inbox` and delete it: Google should warn, and the bot makes it again",
  },
  {
    name: "a table that a person made, and the filter of it",
    steps:
      "Choose Format, Convert to table in a base tab, filter it, and let the bot take rows: they should all come",
  },
  {
    name: "how Google refuses too many requests",
    steps:
      "Run this once more with SHEETS_REQUESTS_PER_SECOND=50, SHEETS_WRITES_PER_MINUTE=600, SHEETS_READS_PER_MINUTE=600 and --record: the refusals and how long they ask to wait are in the file",
  },
]
