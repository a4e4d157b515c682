/**
 * The spreadsheets that the emulated Google keeps: what programs ask of the API, what people
 * do at the screen, and what the page shows of them.
 *
 * A change is saved before it is answered and before anybody else can see it.
 */
import { Context, Effect, Layer, Option, Ref, Result, Schema, SynchronizedRef } from "effect"
import { World } from "../World.ts"
import { type Area, areaOf, formatArea, parseA1 } from "./A1.ts"
import { appendCells, copyPaste, cutPaste, repeatCell, updateCells } from "./CellRequests.ts"
import { decoding } from "./Decoding.ts"
import {
  appendDimension,
  deleteDimension,
  insertDimension,
  moveDimension,
  updateDimensionProperties,
} from "./DimensionRequests.ts"
import { displayed, isDate, rawValue, textsOf } from "./Display.ts"
import { type Mask, parseMask, pruned, type Shape } from "./FieldMask.ts"
import { badMask, type GoogleError, invalidArgument, notFound } from "./GoogleError.ts"
import {
  Book,
  type Cell,
  cellAt,
  emptyRow,
  filledRows,
  type Row,
  type Sheet,
  type Stepped,
} from "./Grid.ts"
import { BadEdit, type HumanEdit, humanEdited, Stale, staleRow } from "./HumanEdit.ts"
import { type Anchored, findById, matching, renderMetadata } from "./Metadata.ts"
import {
  createDeveloperMetadata,
  deleteDeveloperMetadata,
  updateDeveloperMetadata,
} from "./MetadataRequests.ts"
import {
  addDimensionGroup,
  addFilterView,
  addTable,
  mergeCells,
  updateDimensionGroup,
} from "./PartRequests.ts"
import { addProtectedRange } from "./Protection.ts"
import { renderBook } from "./Rendering.ts"
import { BatchUpdate, type Bodies, type Kind, MetadataSearch, type Request } from "./Requests.ts"
import {
  clearBasicFilter,
  findReplace,
  hiddenValues,
  setBasicFilter,
  sortRange,
} from "./SearchRequests.ts"
import { type Seed, seeded } from "./Seed.ts"
import {
  batchUpdateShape,
  metadataShape,
  spreadsheetShape,
  valuesBatchShape,
  valuesShape,
} from "./Shapes.ts"
import { addSheet, deleteSheet, updateSheetProperties } from "./SheetRequests.ts"
import { defaultSwitches, type Switches } from "./Switches.ts"
import { takenBack, type Undoable, undoable } from "./Undo.ts"

const State = Schema.Record(Schema.String, Book)
type State = typeof State.Type

interface RowView {
  /** Texts on the screen. */
  readonly cells: ReadonlyArray<string>
  /** The values behind them; "" for a blank. */
  readonly values: ReadonlyArray<string | number | boolean>
  /** Formulas behind the values, by the column counted from 0. */
  readonly formulas?: Readonly<Record<string, string>>
  /** Of the first coloured cell, as #rrggbb. */
  readonly colour?: string
  readonly hidden?: boolean
  /** Hidden by the filter, and not by hand. */
  readonly filtered?: boolean
  /** Notes on cells, by the column counted from 0. */
  readonly notes?: Readonly<Record<string, string>>
}

/** A block of merged cells; its row counts from the header, which is 0. */
interface MergeView {
  readonly row: number
  readonly column: number
  readonly rows: number
  readonly columns: number
}

interface TabView {
  readonly title: string
  readonly hidden: boolean
  readonly header: ReadonlyArray<string>
  readonly headerNotes?: Readonly<Record<string, string>>
  /** The size of the grid, blank rows and columns included. */
  readonly size: { readonly rows: number; readonly columns: number }
  /** Texts that the filter hides, by the column counted from 0. */
  readonly filter?: Readonly<Record<string, ReadonlyArray<string>>>
  readonly merges?: ReadonlyArray<MergeView>
  /** How many requests of the bot have changed the tab since the demo was started. */
  readonly botWrites: number
  /** Rows below the header, up to the last one with a value. */
  readonly rows: ReadonlyArray<RowView>
}

interface GetOptions {
  readonly fields?: string
  readonly ranges?: ReadonlyArray<string>
  readonly includeGridData?: boolean
}

interface ValuesOptions {
  readonly fields?: string
  readonly majorDimension?: "ROWS" | "COLUMNS"
  readonly valueRenderOption?: "FORMATTED_VALUE" | "UNFORMATTED_VALUE" | "FORMULA"
  readonly dateTimeRenderOption?: "SERIAL_NUMBER" | "FORMATTED_STRING"
}

type Answer<A = object> = Result.Result<A, GoogleError>

export class Workbooks extends Context.Service<
  Workbooks,
  {
    /** Makes a spreadsheet; one that exists already stays as it is. */
    create(id: string, seed: Seed): Effect.Effect<void>
    /** `spreadsheets.batchUpdate`: all requests or none. */
    batchUpdate(
      id: string,
      body: unknown,
      options?: { readonly fields?: string },
    ): Effect.Effect<object, GoogleError>
    /** `spreadsheets.get`. */
    get(id: string, options?: GetOptions): Effect.Effect<object, GoogleError>
    /** `spreadsheets.values.get`. */
    valuesGet(
      id: string,
      range: string,
      options?: ValuesOptions,
    ): Effect.Effect<object, GoogleError>
    /** `spreadsheets.values.batchGet`. */
    valuesBatchGet(
      id: string,
      ranges: ReadonlyArray<string>,
      options?: ValuesOptions,
    ): Effect.Effect<object, GoogleError>
    /** `spreadsheets.developerMetadata.get`. */
    metadataGet(
      id: string,
      metadataId: number,
      options?: { readonly fields?: string },
    ): Effect.Effect<object, GoogleError>
    /** `spreadsheets.developerMetadata.search`. */
    metadataSearch(id: string, body: unknown): Effect.Effect<object, GoogleError>
    /** What a person does at the screen. Gives the number of the edit if it can be undone. */
    edit(id: string, edit: HumanEdit): Effect.Effect<number | undefined, BadEdit | Stale>
    /** Takes an edit back, and gives the number of that. None where there is nothing to undo. */
    undo(id: string, edit: number): Effect.Effect<Option.Option<number>, Stale>
    /** What a person sees: every tab, hidden ones marked. Empty for an unknown spreadsheet. */
    view(id: string): Effect.Effect<ReadonlyArray<TabView>>
    /** Chooses between the answers that nobody could confirm. Not saved. */
    configure(switches: Partial<Switches>): Effect.Effect<void>
    /** Grows by one with every change. */
    readonly version: Effect.Effect<number>
    /** Forgets every spreadsheet. */
    readonly clear: Effect.Effect<void>
  }
>()("account-bot/playground/spreadsheets/Workbooks") {
  static readonly layer = Layer.effect(
    Workbooks,
    Effect.gen(function* () {
      const world = yield* World
      const saved = yield* world.load("sheets")
      const start: State = Option.isNone(saved)
        ? {}
        : yield* Effect.orDie(Schema.decodeUnknownEffect(State)(saved.value))
      const state = yield* SynchronizedRef.make(start)
      const switches = yield* Ref.make(defaultSwitches)
      const version = yield* Ref.make(0)
      const edits = yield* Ref.make<Edits>({ last: 0, kept: [] })
      const botWrites = yield* Ref.make<ReadonlyMap<string, number>>(new Map())

      // An interruption between the disk and memory would leave the two different.
      const change = <A, E>(f: (before: State) => Result.Result<readonly [A, State], E>) =>
        Effect.uninterruptible(
          SynchronizedRef.modifyEffect(state, (before) =>
            Effect.gen(function* () {
              const [answer, after] = yield* Effect.fromResult(f(before))
              if (after === before) return [answer, before] as const
              yield* world.save("sheets", after)
              yield* Ref.update(version, (n) => n + 1)
              return [answer, after] as const
            }),
          ),
        )

      const remember = (id: string, edit: Undoable) =>
        Ref.modify(edits, ({ last, kept }): [number, Edits] => [
          last + 1,
          { last: last + 1, kept: [...kept.slice(-keptEdits), { n: last + 1, id, edit }] },
        ])

      const read = <A>(id: string, f: (book: Book) => Result.Result<A, GoogleError>) =>
        Effect.flatMap(SynchronizedRef.get(state), (books) => {
          const book = books[id]
          return book === undefined ? Effect.fail(notFound()) : Effect.fromResult(f(book))
        })

      const create = Effect.fn("Workbooks.create")(function* (id: string, seed: Seed) {
        yield* change((before) =>
          Result.succeed([
            undefined,
            id in before ? before : { ...before, [id]: seeded(id, seed) },
          ] as const),
        )
      })

      const batchUpdate = Effect.fn("Workbooks.batchUpdate")(function* (
        id: string,
        body: unknown,
        options: { readonly fields?: string } = {},
      ) {
        const chosen = yield* Ref.get(switches)
        const [answer, written] = yield* change((before) =>
          Result.map(
            updated(before, id, body, options.fields, chosen),
            ([told, after]) => [[told, writtenSheets(id, before, after)], after] as const,
          ),
        )
        yield* Ref.update(botWrites, (counts) =>
          written.reduce((all, key) => new Map(all).set(key, (all.get(key) ?? 0) + 1), counts),
        )
        return yield* Effect.fromResult(answer)
      })

      const edit = Effect.fn("Workbooks.edit")(function* (id: string, act: HumanEdit) {
        const done = yield* change(
          (before): Result.Result<readonly [Undoable | undefined, State], BadEdit | Stale> => {
            const book = before[id]
            if (book === undefined) {
              return Result.fail(new BadEdit({ reason: `There is no spreadsheet "${id}".` }))
            }
            const stale = staleRow(book, act)
            if (stale !== undefined) return Result.fail(stale)
            return Result.mapBoth(humanEdited(book, act), {
              onSuccess: (after) =>
                [undoable(book, after, act), { ...before, [id]: after }] as const,
              onFailure: (reason) => new BadEdit({ reason }),
            })
          },
        )
        return done === undefined ? undefined : yield* remember(id, done)
      })

      const undo = Effect.fn("Workbooks.undo")(function* (id: string, n: number) {
        const known = (yield* Ref.get(edits)).kept.find((one) => one.n === n && one.id === id)
        if (known === undefined) return Option.none<number>()
        const done = yield* change((before) => {
          const book = before[id]
          if (book === undefined) return Result.fail(new Stale({ reason: "The sheet is gone." }))
          return Result.mapBoth(takenBack(book, known.edit), {
            onSuccess: (undone) => [undone.again, { ...before, [id]: undone.book }] as const,
            onFailure: (reason) => new Stale({ reason }),
          })
        })
        // What is undone twice would bring deleted rows back twice.
        yield* Ref.update(edits, (all) => ({ ...all, kept: all.kept.filter((one) => one.n !== n) }))
        return Option.some(yield* remember(id, done))
      })

      return Workbooks.of({
        create,
        batchUpdate,
        edit,
        undo,
        get: (id, options = {}) => read(id, (book) => getBook(book, options)),
        valuesGet: (id, range, options = {}) => read(id, (book) => getValues(book, range, options)),
        valuesBatchGet: (id, ranges, options = {}) =>
          read(id, (book) => batchGetValues(book, ranges, options)),
        metadataGet: (id, metadataId, options = {}) =>
          read(id, (book) => getMetadata(book, metadataId, options.fields)),
        metadataSearch: (id, body) => read(id, (book) => searchMetadata(book, body)),
        view: (id) =>
          Effect.zipWith(SynchronizedRef.get(state), Ref.get(botWrites), (books, counts) => {
            const book = books[id]
            return book === undefined ? [] : viewOf(book, counts)
          }),
        configure: (chosen) => Ref.update(switches, (before) => ({ ...before, ...chosen })),
        version: Ref.get(version),
        clear: Effect.andThen(
          change(() => Result.succeed([undefined, {}] as const)),
          Ref.update(edits, ({ last }) => ({ last, kept: [] })),
        ),
      })
    }),
  )
}

/** The newest edits of people, for as long as the demo runs. */
interface Edits {
  readonly last: number
  readonly kept: ReadonlyArray<{ readonly n: number; readonly id: string; readonly edit: Undoable }>
}
const keptEdits = 200

const sheetKey = (id: string, { sheetId }: Sheet) => `${id} ${sheetId}`

/** The keys of the sheets that are not what they were. */
const writtenSheets = (id: string, before: State, after: State): ReadonlyArray<string> => {
  const former = new Set(before[id]?.sheets)
  const sheets = after[id]?.sheets ?? []
  return sheets.filter((sheet) => !former.has(sheet)).map((sheet) => sheetKey(id, sheet))
}

/**
 * `spreadsheets.batchUpdate`. The outer result is what becomes of the state; the inner one is what
 * the caller is told.
 */
const updated = (
  before: State,
  id: string,
  body: unknown,
  fields: string | undefined,
  switches: Switches,
): Result.Result<readonly [Result.Result<object, GoogleError>, State], GoogleError> =>
  Result.gen(function* () {
    const batch = yield* decodeBatch(body)
    const mask = yield* responseMask(fields, batchUpdateShape)
    const book = before[id]
    if (book === undefined) return yield* Result.fail(notFound())
    const applied = yield* applyBatch(book, batch.requests ?? [], switches)
    const inner = mask === undefined || mask === true ? mask : mask["updatedSpreadsheet"]
    const shown =
      batch.includeSpreadsheetInResponse === true
        ? shownSpreadsheet(
            applied.book,
            inner,
            batch.responseRanges ?? [],
            batch.responseIncludeGridData ?? false,
            switches.responseListsEverySheet,
          )
        : Result.succeed(undefined)
    if (!switches.lateRangeError) yield* shown
    const answer = Result.map(shown, (updatedSpreadsheet) =>
      pruned(
        {
          spreadsheetId: id,
          replies: applied.replies,
          ...(updatedSpreadsheet === undefined ? {} : { updatedSpreadsheet }),
        },
        mask ?? true,
      ),
    )
    return [answer, { ...before, [id]: applied.book }]
  })

const decodeBatch = decoding(BatchUpdate)

interface Applied {
  readonly book: Book
  readonly replies: ReadonlyArray<object>
}

/** The requests in order, each on what the former left, and none of them when one is refused. */
const applyBatch = (
  book: Book,
  requests: ReadonlyArray<Request>,
  switches: Switches,
): Result.Result<Applied, GoogleError> => {
  if (requests.length === 0) {
    return Result.fail(invalidArgument("Must specify at least one request."))
  }
  let current = book
  let taken: GoogleError | undefined
  const replies: Array<object> = []
  for (const [index, request] of requests.entries()) {
    const [kind, ...others] = kindsOf(request)
    if (kind === undefined || others.length > 0) {
      const fault = kind === undefined ? "No request set." : "Only one request may be set."
      return Result.fail(invalidArgument(`Invalid requests[${index}]: ${fault}`))
    }
    const step = apply(kind, current, request, switches)
    if (Result.isFailure(step)) {
      const refusal = invalidArgument(`Invalid requests[${index}].${kind}: ${step.failure}`)
      if (!switches.wrongBeforeTaken || kind !== "createDeveloperMetadata") {
        return Result.fail(refusal)
      }
      taken ??= refusal
      replies.push({})
      continue
    }
    current = step.success.book
    replies.push(step.success.reply)
  }
  return taken === undefined ? Result.succeed({ book: current, replies }) : Result.fail(taken)
}

const handlers: {
  readonly [K in Kind]: (book: Book, body: Bodies[K], switches: Switches) => Stepped
} = {
  createDeveloperMetadata,
  updateDeveloperMetadata,
  deleteDeveloperMetadata,
  appendDimension,
  insertDimension,
  deleteDimension,
  moveDimension,
  updateDimensionProperties,
  clearBasicFilter,
  setBasicFilter,
  copyPaste,
  cutPaste,
  repeatCell,
  updateCells,
  appendCells,
  findReplace,
  sortRange,
  addSheet,
  deleteSheet,
  updateSheetProperties,
  mergeCells,
  addTable,
  addFilterView,
  addDimensionGroup,
  updateDimensionGroup,
  addProtectedRange,
}

const apply = <K extends Kind>(
  kind: K,
  book: Book,
  request: { readonly [P in K]?: Bodies[P] },
  switches: Switches,
): Stepped => {
  const body = request[kind]
  return body === undefined ? Result.fail("No request set.") : handlers[kind](book, body, switches)
}

const isKind = (name: string): name is Kind => name in handlers

/** The members of a request that are set; exactly one should be. */
const kindsOf = (request: Request): ReadonlyArray<Kind> => Object.keys(request).filter(isKind)

/** The mask of the `fields` parameter; none asks for everything. */
const responseMask = (
  fields: string | undefined,
  shape: Shape,
): Result.Result<Mask | undefined, GoogleError> =>
  fields === undefined || fields === ""
    ? Result.succeed(undefined)
    : Result.mapError(parseMask(fields, shape), badMask)

const getBook = (book: Book, options: GetOptions): Answer =>
  Result.gen(function* () {
    const mask = yield* responseMask(options.fields, spreadsheetShape)
    return yield* shownSpreadsheet(
      book,
      mask,
      options.ranges ?? [],
      options.includeGridData ?? false,
    )
  })

/** With a mask the grid data is answered when the mask asks for it, whatever `gridData` says. */
const shownSpreadsheet = (
  book: Book,
  mask: Mask | undefined,
  ranges: ReadonlyArray<string>,
  gridData: boolean,
  listEverySheet = false,
): Answer =>
  Result.gen(function* () {
    const areas: Array<Located> = []
    for (const range of ranges) areas.push(yield* locate(book, range))
    const effective = mask ?? (gridData ? true : withoutData)
    const named = areas.length === 0 ? undefined : areas
    return pruned(renderBook(book, effective, named, listEverySheet), effective)
  })

const getValues = (book: Book, range: string, options: ValuesOptions): Answer =>
  Result.gen(function* () {
    const mask = yield* responseMask(options.fields, valuesShape)
    return pruned(yield* valueRange(book, range, options), mask ?? true)
  })

const batchGetValues = (
  book: Book,
  ranges: ReadonlyArray<string>,
  options: ValuesOptions,
): Answer =>
  Result.gen(function* () {
    const mask = yield* responseMask(options.fields, valuesBatchShape)
    const valueRanges: Array<object> = []
    for (const range of ranges) valueRanges.push(yield* valueRange(book, range, options))
    const found = valueRanges.length === 0 ? {} : { valueRanges }
    return pruned({ spreadsheetId: book.id, ...found }, mask ?? true)
  })

const getMetadata = (book: Book, metadataId: number, fields?: string): Answer =>
  Result.gen(function* () {
    const mask = yield* responseMask(fields, metadataShape)
    const found = findById(book, metadataId)
    return found === undefined
      ? yield* Result.fail(notFound(`No developer metadata with ID ${metadataId}`))
      : pruned(renderMetadata(found.metadata, found.anchor), mask ?? true)
  })

const searchMetadata = (book: Book, body: unknown): Answer =>
  Result.gen(function* () {
    const { dataFilters = [] } = yield* decodeSearch(body)
    if (dataFilters.length === 0) {
      return yield* Result.fail(invalidArgument("Must specify at least one data filter."))
    }
    const found = new Map<number, { readonly one: Anchored; readonly filters: Array<unknown> }>()
    for (const filter of dataFilters) {
      for (const one of yield* Result.mapError(matching(book, filter), invalidArgument)) {
        const known = found.get(one.metadata.metadataId)
        if (known === undefined) found.set(one.metadata.metadataId, { one, filters: [filter] })
        else known.filters.push(filter)
      }
    }
    if (found.size === 0) return {}
    return {
      matchedDeveloperMetadata: [...found.values()].map(({ one, filters }) => ({
        developerMetadata: renderMetadata(one.metadata, one.anchor),
        dataFilters: filters,
      })),
    }
  })

const decodeSearch = decoding(MetadataSearch)

const withoutData: Mask = {
  spreadsheetId: true,
  properties: true,
  sheets: {
    properties: true,
    basicFilter: true,
    protectedRanges: true,
    merges: true,
    tables: true,
    filterViews: true,
    rowGroups: true,
    developerMetadata: true,
  },
  spreadsheetUrl: true,
  developerMetadata: true,
}

interface Located {
  readonly sheet: Sheet
  readonly area: Area
}

const locate = (book: Book, text: string): Answer<Located> =>
  Result.mapError(
    Result.flatMap(parseA1(book, text), ({ sheet, range }) =>
      Result.map(areaOf(sheet, range), (area) => ({ sheet, area })),
    ),
    invalidArgument,
  )

const valueRange = (book: Book, range: string, options: ValuesOptions): Answer =>
  Result.map(locate(book, range), ({ sheet, area }) => {
    const byColumns = options.majorDimension === "COLUMNS"
    const bottom = Math.min(area.bottom, sheet.rows.length)
    const grid: Array<Array<Value>> = []
    for (let row = area.top; row < bottom; row++) {
      const cells: Array<Value> = []
      for (let column = area.left; column < area.right; column++) {
        cells.push(valueOf(cellAt(sheet, row, column), book.locale, options))
      }
      grid.push(cells)
    }
    const values = trimmed(byColumns ? transposed(grid) : grid)
    return {
      range: formatArea(sheet.title, area),
      majorDimension: byColumns ? "COLUMNS" : "ROWS",
      ...(values.length === 0 ? {} : { values }),
    }
  })

type Value = string | number | boolean

const valueOf = (cell: Cell, locale: string, options: ValuesOptions): Value => {
  const render = options.valueRenderOption ?? "FORMATTED_VALUE"
  if (render === "FORMATTED_VALUE") return displayed(cell, locale)
  const formula = cell.userEnteredValue?.formulaValue
  if (render === "FORMULA" && formula !== undefined) return formula
  const asText = options.dateTimeRenderOption === "FORMATTED_STRING" && isDate(cell)
  return asText ? displayed(cell, locale) : rawValue(cell)
}

const trimmed = (
  grid: ReadonlyArray<ReadonlyArray<Value>>,
): ReadonlyArray<ReadonlyArray<Value>> => {
  const rows = grid.map((cells) => cells.slice(0, cells.findLastIndex((value) => value !== "") + 1))
  return rows.slice(0, rows.findLastIndex((cells) => cells.length > 0) + 1)
}

const transposed = (
  grid: ReadonlyArray<ReadonlyArray<Value>>,
): ReadonlyArray<ReadonlyArray<Value>> =>
  (grid[0] ?? []).map((_, column) => grid.map((cells) => cells[column] ?? ""))

/** The spreadsheet as a person sees it. */
const viewOf = (book: Book, botWrites: ReadonlyMap<string, number>): ReadonlyArray<TabView> =>
  book.sheets.map((sheet) => {
    const [header, ...rows] = viewRows(sheet, book.locale)
    return {
      title: sheet.title,
      hidden: sheet.hidden === true,
      header: header?.cells ?? [],
      ...(header?.notes === undefined ? {} : { headerNotes: header.notes }),
      rows,
      size: { rows: sheet.rowCount, columns: sheet.columnCount },
      ...(sheet.basicFilter === undefined ? {} : { filter: hiddenValues(sheet) }),
      ...((sheet.merges ?? []).length === 0 ? {} : { merges: viewMerges(sheet) }),
      botWrites: botWrites.get(sheetKey(book.id, sheet)) ?? 0,
    }
  })

const viewMerges = ({ merges = [], rowCount, columnCount }: Sheet): ReadonlyArray<MergeView> =>
  merges.map(
    ({
      startRowIndex: row = 0,
      endRowIndex = rowCount,
      startColumnIndex: column = 0,
      endColumnIndex = columnCount,
    }) => ({ row, column, rows: endRowIndex - row, columns: endColumnIndex - column }),
  )

const viewRows = (sheet: Sheet, locale: string): ReadonlyArray<RowView> =>
  Array.from({ length: filledRows(sheet) }, (_, at) => viewRow(sheet.rows[at] ?? emptyRow, locale))

const viewRow = (row: Row, locale: string): RowView => {
  const cells = textsOf(row.cells, locale)
  const colour = row.cells.map(colourOf).find((one) => one !== undefined)
  const formulas = byColumn(row, (cell) => cell.userEnteredValue?.formulaValue)
  const notes = byColumn(row, ({ note }) => note)
  return {
    cells,
    values: row.cells.slice(0, cells.length).map(rawValue),
    ...(formulas === undefined ? {} : { formulas }),
    ...(colour === undefined ? {} : { colour }),
    ...(row.hidden === true || row.filtered === true ? { hidden: true } : {}),
    ...(row.filtered === true && row.hidden !== true ? { filtered: true } : {}),
    ...(notes === undefined ? {} : { notes }),
  }
}

/** The text of each cell that has one, by its column; nothing where no cell has. */
const byColumn = (
  { cells }: Row,
  textOf: (cell: Cell) => string | undefined,
): Readonly<Record<string, string>> | undefined => {
  const found = cells.flatMap((cell, column) => {
    const text = textOf(cell)
    return text === undefined ? [] : [[column, text]]
  })
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

const colourOf = (cell: Cell): string | undefined => {
  const rgb = cell.userEnteredFormat?.backgroundColorStyle?.rgbColor
  if (rgb === undefined) return undefined
  const { red = 0, green = 0, blue = 0 } = rgb
  return `#${hex(red)}${hex(green)}${hex(blue)}`
}

const hex = (part: number): string =>
  Math.round(part * 255)
    .toString(16)
    .padStart(2, "0")
