/**
 * The registry tab of the proxies, which people see and edit, and the journal, which counts.
 *
 * Each round reads the whole tab, tells what people changed in it, and writes what it does not
 * say yet. Both directions can be repeated: whatever is cut off, the next round brings the tab
 * and the journal together.
 */
import {
  Clock,
  Context,
  Duration,
  Effect,
  Layer,
  Option,
  Ref,
  Result,
  Schema,
  Semaphore,
} from "effect"
import { flushRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { serialOfDay } from "../domain/Day.ts"
import type { Proxy } from "../domain/Proxy.ts"
import { formatProxyLine } from "../domain/proxyLine.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { Journal, type StorageUnavailable } from "../store/Journal.ts"
import { shownText } from "./BaseRow.ts"
import type { CellWrite } from "./Flush.ts"
import { Guard } from "./Guard.ts"
import type { SheetRequest } from "./GuardChain.ts"
import { issuedColumns, quoted } from "./Headers.ts"
import {
  type Doubt,
  doubtsOf,
  isEmpty,
  type Known,
  type Look,
  lookOf,
  type Match,
  matched,
  nameOfTarget,
  type Reading,
  readRegistry,
  type ReadRow,
  registryColumns,
  type RegistryColumns,
  targetsOf,
} from "./registryRows.ts"
import { rowsOf, SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import { isNoSuchTab, Tabs, TabUnusable } from "./Tabs.ts"

/** The journal's side. */
export interface Registry {
  /** What the tab says; durable when it returns, and nothing new when said again. */
  readonly looked: (
    look: Look & { readonly isNewTab: boolean },
  ) => Effect.Effect<void, StorageUnavailable>
  /** All that have a row or wait for one. */
  readonly proxies: Effect.Effect<ReadonlyArray<Proxy>>
}

type Failure = TabUnusable | SheetsError | StorageUnavailable

export class ProxyTab extends Context.Service<
  ProxyTab,
  {
    /** One read; a second one and a write only where the tab does not say what it should. */
    look(resource: Resource, registry: Registry): Effect.Effect<void, Failure>
    /** When there surely is something to write: one read and one write. */
    write(resource: Resource, registry: Registry): Effect.Effect<void, Failure>
  }
>()("account-bot/sheets/ProxyTab") {
  static readonly layer = Layer.effect(
    ProxyTab,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet } = yield* Settings
      const client = yield* SheetsClient
      const guard = yield* Guard
      const tabs = yield* Tabs
      const report = yield* makeReport(yield* Alarms)
      const journal = yield* Journal
      // One after another: what an older read says must not be told after a newer one.
      const turn = yield* Semaphore.make(1)
      const replacedLately = yield* Ref.make<ReadonlySet<string>>(new Set())

      const unusable = (tab: string, column: string | null) =>
        Effect.andThen(tabs.forget(spreadsheet), new TabUnusable({ tab, column }))

      const read = Effect.fnUntraced(function* (resource: Resource, title: string) {
        const ranges = [quoted(title)]
        const options = { fields: cellMask, ranges, urgency: "background" } as const
        const book = yield* Effect.catchIf(client.get(spreadsheet, options), isNoSuchTab, () =>
          unusable(title, null),
        )
        const sheet = book.sheets?.[0]
        const rows = rowsOf(sheet)
        const header = (rows[0] ?? []).map(shownText)
        const found = issuedColumns(resource, header)
        if (Result.isFailure(found)) return yield* unusable(title, found.failure)
        const columns = registryColumns(found.success)
        if (Result.isFailure(columns)) return yield* unusable(title, columns.failure)
        const reading = readRegistry(resource, columns.success, rows)
        const sheetId = sheet?.properties.sheetId ?? 0
        return { sheetId, header, columns: columns.success, reading }
      })

      /** What is to be written after the tab was read and what it says was told. */
      const compare = Effect.fnUntraced(function* (
        resource: Resource,
        title: string,
        registry: Registry,
      ) {
        const { header, ...tab } = yield* read(resource, title)
        const replaced = yield* Ref.get(replacedLately)
        const before = { registry: yield* registry.proxies, replaced }
        yield* report(title, header, doubtsOf(tab.reading, tab.columns, before))
        const place = makePlace(journal, resource.id)
        const here = { spreadsheet, sheetId: tab.sheetId }
        const isSame = yield* place.isSame(here)
        const isNewTab = isSame === false && isEmpty(tab.reading)
        yield* registry.looked({ ...lookOf(tab.reading, before), isNewTab })
        if (isSame !== true) yield* place.put(here)
        const after = { registry: yield* registry.proxies, replaced }
        const change = registryWrite(tab, after, resource, flushRowsMax)
        yield* Ref.set(replacedLately, change.replaced)
        return change.requests
      })

      const put = (resource: Resource, title: string, registry: Registry) => {
        const plan = () =>
          Effect.map(compare(resource, title, registry), (requests) =>
            requests.length === 0 ? Option.none() : Option.some({ about: null, requests }),
          )
        return guard.write(
          { spreadsheet, kind: "registry", urgency: "background", plan },
          () => Effect.void,
        )
      }

      const look = Effect.fn("ProxyTab.look")(function* (resource: Resource, registry: Registry) {
        const { title } = yield* tabs.issued(resource)
        const requests = yield* compare(resource, title, registry)
        // The places of rows are read anew when the write's turn has come.
        if (requests.length > 0) yield* put(resource, title, registry)
      }, turn.withPermit)

      const write = Effect.fn("ProxyTab.write")(function* (resource: Resource, registry: Registry) {
        const { title } = yield* tabs.issued(resource)
        yield* put(resource, title, registry)
      }, turn.withPermit)

      return ProxyTab.of({ look, write })
    }),
  )
}

const cellMask =
  "sheets(properties(sheetId,title),data(startRow,rowData(values(" +
  "userEnteredValue,effectiveValue,formattedValue,userEnteredFormat/numberFormat))))"

/*
 * Which tab of which spreadsheet the registry was in at the last look, kept in the journal.
 *
 * Rows that people remove are off the list. A tab that was deleted and made again, or another one
 * that the settings name by now, says nothing as long as it is empty: nobody removed a row there.
 */

const Place = Schema.Struct({ spreadsheet: Schema.String, sheetId: Schema.Int })
type Place = typeof Place.Type

export const makePlace = (journal: Journal["Service"], key: string) => {
  const isSame = (place: Place) =>
    Effect.map(journal.documents(kind), (all) => {
      const found = all.find((one) => one.key === key)
      // Before the first look no tab was another one.
      return found === undefined ? undefined : areSame(found.body, place)
    })

  const put = (place: Place) => journal.write([{ _tag: "DocumentPut", kind, key, body: place }])

  return { isSame, put }
}

const kind = "registry tab"

const isPlace = Schema.is(Place)

const areSame = (a: unknown, b: Place) =>
  isPlace(a) && a.spreadsheet === b.spreadsheet && a.sheetId === b.sheetId

/* Tells the admins of cells in the registry tab that cannot be read, and when that is over. */

/** Whoever is still typing the row has a minute. */
const toldAfter = Duration.seconds(45)

/** What fits into one message; the next ones are told when these are mended. */
const cellsMax = 10

interface KnownCells {
  readonly column: number
  /** When the cell was first in doubt. */
  readonly since: number
  readonly isTold: boolean
}

interface State {
  readonly cells: ReadonlyMap<string, KnownCells>
  readonly raised: Alarm | undefined
}

export const makeReport = Effect.fnUntraced(function* (alarms: Alarms["Service"]) {
  const state = yield* Ref.make<State>({ cells: new Map(), raised: undefined })

  /** `doubts`: all of one look, in the order of the rows. */
  return Effect.fnUntraced(function* (
    tab: string,
    header: ReadonlyArray<string>,
    doubts: ReadonlyArray<Doubt>,
  ) {
    const now = yield* Clock.currentTimeMillis
    const { cells: before, raised } = yield* Ref.get(state)
    const cells = new Map(followed(doubts, before, now))
    const shown = doubts
      .flatMap((doubt) => ({ ...doubt, known: cells.get(nameOf(doubt)) }))
      .filter(({ known }) => now - (known?.since ?? now) >= Duration.toMillis(toldAfter))
      .slice(0, cellsMax)
    for (const { known, ...doubt } of shown) {
      if (known !== undefined) cells.set(nameOf(doubt), { ...known, isTold: true })
    }
    const rows = shown.map(({ at, column }) => ({
      row: at + 1,
      column: (header[column] ?? "").trim(),
    }))
    const alarm: Alarm | undefined =
      rows.length === 0 ? undefined : { _tag: "RegistryUnreadable", tab, rows }
    // Some are mended, or have moved: nobody needs to be told of the others once more.
    const isNews = shown.some(({ known }) => known?.isTold !== true)
    yield* Ref.set(state, { cells, raised: isNews || alarm === undefined ? alarm : raised })
    if (alarm === undefined && raised !== undefined) yield* alarms.clear(raised)
    if (alarm !== undefined && isNews) yield* alarms.raise(alarm)
  })
})

/** What is known of the cells; one that came up where another went away was moved with its row. */
const followed = (
  doubts: ReadonlyArray<Doubt>,
  before: ReadonlyMap<string, KnownCells>,
  now: number,
): ReadonlyArray<readonly [string, KnownCells]> => {
  const names = new Set(doubts.map(nameOf))
  const moved = [...before].flatMap(([name, known]) => (names.has(name) ? [] : [known]))
  return doubts.map((doubt) => {
    const { column } = doubt
    const index = before.has(nameOf(doubt))
      ? -1
      : moved.findIndex((known) => known.column === column)
    const known = before.get(nameOf(doubt)) ?? moved.splice(index, index < 0 ? 0 : 1)[0]
    return [nameOf(doubt), known ?? { column, since: now, isTold: false }]
  })
}

const nameOf = ({ at, column }: Doubt) => `${at}/${column}`

/*
 * What makes the registry tab say what the registry says. Pure.
 *
 * Rows are changed by their place, and people may move them in between: so every change writes
 * the id as well, and none of them touches a line by its place. By that a row that was hit by
 * mistake is known and put right, see registryLook.ts.
 */

export interface RegistryTab {
  readonly sheetId: number
  readonly columns: RegistryColumns
  readonly reading: Reading
}

export interface RegistryWrite {
  readonly requests: ReadonlyArray<SheetRequest>
  /** Whose lines are replaced, or were and the rest of the row still is not what it should be. */
  readonly replaced: ReadonlySet<string>
}

/** For at most so many rows; the others are left to the next round. */
export const registryWrite = (
  { sheetId, columns, reading }: RegistryTab,
  known: Known,
  resource: Resource,
  rowsMax: number,
): RegistryWrite => {
  const { matches } = matched(reading, known)
  const place = { sheetId, columns, resource }
  const { unreadable } = lookOf(reading, known)
  const present = new Set([...unreadable, ...matches.flatMap(({ proxy }) => proxy?.id ?? [])])
  const missing = known.registry
    .filter(({ id, place: where }) => where === "unwritten" && !present.has(id))
    .slice(0, rowsMax)
  const edits = matches
    .map((match) => ({ match, requests: editRequests(place, match) }))
    .filter(({ requests }) => requests.length > 0)
    .slice(0, rowsMax)
  const append = {
    appendCells: {
      sheetId,
      fields: writtenFields,
      rows: missing.map((proxy) => ({ values: newRow(place, proxy) })),
    },
  }
  return {
    requests: [
      ...edits.flatMap(({ requests }) => requests),
      ...reading.idOnly.slice(0, rowsMax).flatMap((at) => clearRequests(place, at)),
      ...(missing.length === 0 ? [] : [append]),
    ],
    replaced: new Set(
      edits.flatMap(({ match: { read, proxy } }) =>
        proxy !== undefined && (known.replaced.has(proxy.id) || isLineOld(read, proxy))
          ? [proxy.id]
          : [],
      ),
    ),
  }
}

interface RegistryPlace {
  readonly sheetId: number
  readonly columns: RegistryColumns
  readonly resource: Resource
}

/** Work nicknames of those who took it. */
const stagesOf = ({ uses }: Proxy) =>
  [...new Set(uses.map(({ stage }) => stage.trim()).filter((stage) => stage !== ""))].join(", ")

/** Those that the tab can name: any other would be written again and again. */
const namesOf = (resource: Resource, proxy: Proxy): ReadonlyMap<string, string> =>
  new Map(
    targetsOf(proxy).flatMap((target) => {
      const name = nameOfTarget(resource, target)
      return name === undefined ? [] : [[target, name]]
    }),
  )

/** The names that the catalogue knows, then what else a person wrote there. */
const usedText = (names: ReadonlyMap<string, string>, unknown: ReadonlyArray<string> = []) =>
  [...names.values(), ...unknown].join(", ")

const isSame = (a: ReadonlyArray<string>, b: ReadonlyArray<string>) =>
  a.every((target) => b.includes(target)) && b.every((target) => a.includes(target))

/**
 * Differences that are left when the row was told: what the bot learned otherwise, and what
 * cannot be believed.
 */
const editRequests = (
  place: RegistryPlace,
  { read, proxy, isDoubtful }: Match,
): ReadonlyArray<SheetRequest> => {
  if (proxy === undefined) return []
  const { columns, resource, sheetId } = place
  const { row, unknown } = read
  const cells = new Map<number, CellWrite>()
  const stage = stagesOf(proxy)
  if (row.type !== proxy.type) cells.set(columns.type, typeCell(proxy))
  if (row.country !== proxy.country) cells.set(columns.country, text(proxy.country))
  if (row.until !== proxy.until) cells.set(columns.until, untilCell(proxy))
  const names = namesOf(resource, proxy)
  if (columns.used !== null && !isSame(row.targets ?? [], [...names.keys()])) {
    cells.set(columns.used, text(usedText(names, unknown)))
  }
  // What a person wrote there stays as long as nobody took the proxy.
  const isStageOurs = stage !== "" || (isDoubtful && row.id !== proxy.id)
  if (columns.stage !== null && isStageOurs && stage !== read.stage) {
    cells.set(columns.stage, text(stage))
  }
  if (cells.size > 0 || row.id !== proxy.id) cells.set(columns.id, text(proxy.id))
  return [
    ...lineRequests(place, read, proxy),
    ...[...cells].map(([column, cell]) => writeCell(sheetId, read.at, column, cell)),
  ]
}

const isLineOld = ({ row }: ReadRow, proxy: Proxy) =>
  formatProxyLine(row.endpoint) !== formatProxyLine(proxy.endpoint)

/** A line is changed wherever it stands, never by its place: nothing else holds it. */
const lineRequests = (
  { sheetId, columns: { line } }: RegistryPlace,
  read: ReadRow,
  proxy: Proxy,
): ReadonlyArray<SheetRequest> => {
  if (!isLineOld(read, proxy)) return []
  const [find, replacement] = [read.line, formatProxyLine(proxy.endpoint)]
  const range = { sheetId, startRowIndex: 1, startColumnIndex: line, endColumnIndex: line + 1 }
  return [{ findReplace: { find, replacement, matchCase: true, matchEntireCell: true, range } }]
}

const clearRequests = (
  { sheetId, columns: { id, used, stage } }: RegistryPlace,
  at: number,
): ReadonlyArray<SheetRequest> =>
  [id, used, stage].flatMap((column) =>
    column === null ? [] : [writeCell(sheetId, at, column, {})],
  )

const writtenFields = "userEnteredValue,userEnteredFormat.numberFormat"

const newRow = ({ columns, resource }: RegistryPlace, proxy: Proxy): ReadonlyArray<CellWrite> => {
  const cells = new Map<number | null, CellWrite>([
    // Keeps what somebody types over it from becoming a number.
    [columns.line, asText(formatProxyLine(proxy.endpoint))],
    [columns.type, typeCell(proxy)],
    [columns.country, text(proxy.country)],
    [columns.until, untilCell(proxy)],
    [columns.used, text(usedText(namesOf(resource, proxy)))],
    [columns.stage, text(stagesOf(proxy))],
    [columns.id, asText(proxy.id)],
  ])
  const width = Math.max(...[...cells.keys()].map((column) => column ?? 0)) + 1
  return Array.from({ length: width }, (_, column) => cells.get(column) ?? {})
}

const text = (stringValue: string): CellWrite =>
  stringValue === "" ? {} : { userEnteredValue: { stringValue } }

const asText = (value: string): CellWrite => ({
  ...text(value),
  userEnteredFormat: { numberFormat: { type: "TEXT" } },
})

const typeCell = ({ type }: Proxy) => text(type.toUpperCase())

const untilCell = ({ until }: Proxy): CellWrite => ({
  userEnteredValue: { numberValue: serialOfDay(until) },
  userEnteredFormat: { numberFormat: { type: "DATE", pattern: "dd.mm.yyyy" } },
})

/** Without a format of its own, the cell keeps the one it has. */
const writeCell = (
  sheetId: number,
  row: number,
  column: number,
  cell: CellWrite,
): SheetRequest => ({
  updateCells: {
    range: {
      sheetId,
      startRowIndex: row,
      endRowIndex: row + 1,
      startColumnIndex: column,
      endColumnIndex: column + 1,
    },
    rows: [{ values: [cell] }],
    fields: cell.userEnteredFormat === undefined ? "userEnteredValue" : writtenFields,
  },
})
