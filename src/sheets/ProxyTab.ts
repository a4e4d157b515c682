/**
 * Keeps the registry tab of the proxies, which people see and edit, and the journal, which counts,
 * in step.
 *
 * Each round reads the whole tab, tells what people changed in it, and writes what it does not say
 * yet. Both directions can be repeated: whatever is cut off, the next round brings the tab and the
 * journal together.
 */
import { Context, Duration, Effect, Layer, Option, Ref, Result, Schema, Semaphore } from "effect"
import { flushRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { Proxy } from "../domain/Proxy.ts"
import { formatProxyLine } from "../domain/proxyLine.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { elapsed } from "../observe/elapsed.ts"
import { Journal, type StorageUnavailable } from "../store/Journal.ts"
import { shownText } from "./BaseRow.ts"
import {
  type CellWrite,
  dayCell,
  literalCell,
  textCell,
  valueAndFormat,
  writeCell,
} from "./CellWrite.ts"
import { Guard } from "./Guard.ts"
import type { SheetRequest } from "./GuardChain.ts"
import { issuedColumns, quoted } from "./Headers.ts"
import {
  type Doubt,
  doubtsOf,
  faultText,
  isEmpty,
  type KnownProxies,
  type RegistryLook,
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
import { isNoSuchTab, type TabFailure, Tabs, TabUnusable } from "./Tabs.ts"

/** The proxies as the journal has them. */
export interface Registry {
  /** Takes what the tab says: durable when it returns, and saying it again changes nothing. */
  readonly looked: (
    look: RegistryLook & { readonly isNewTab: boolean },
  ) => Effect.Effect<void, StorageUnavailable>
  /** All proxies that have a row or wait for one. */
  readonly proxies: Effect.Effect<ReadonlyArray<Proxy>>
  /** The logins of rotating gateways, by `endpointKey`. */
  readonly gateways: Effect.Effect<ReadonlySet<string>>
}

export class ProxyTab extends Context.Service<
  ProxyTab,
  {
    /** Reads the tab. Where it does not say what it should, reads it once more and writes. */
    look(resource: Resource, registry: Registry): Effect.Effect<void, TabFailure>
    /** The same with one read only, for when there surely is something to write. */
    write(resource: Resource, registry: Registry): Effect.Effect<void, TabFailure>
  }
>()("account-bot/sheets/ProxyTab") {
  static readonly layer = Layer.effect(
    ProxyTab,
    Effect.gen(function* () {
      const { spreadsheetIssued: spreadsheet } = yield* Settings
      const client = yield* SheetsClient
      const guard = yield* Guard
      const tabs = yield* Tabs
      const report = yield* makeDoubtReport(yield* Alarms)
      const journal = yield* Journal
      // One round at a time: what an older read says must not be told after a newer one.
      const turn = yield* Semaphore.make(1)
      const replacedLately = yield* Ref.make<ReadonlySet<string>>(new Set())

      const unusable = (error: TabUnusable) => Effect.andThen(tabs.forget(spreadsheet), error)

      const read = Effect.fnUntraced(function* (resource: Resource, title: string) {
        const ranges = [quoted(title)]
        const options = { fields: cellMask, ranges, urgency: "background" } as const
        const book = yield* Effect.catchIf(client.get(spreadsheet, options), isNoSuchTab, () =>
          unusable(TabUnusable.gone(title)),
        )
        const sheet = book.sheets?.[0]
        const rows = rowsOf(sheet)
        const header = (rows[0] ?? []).map(shownText)
        const found = issuedColumns(resource, header)
        if (Result.isFailure(found)) {
          return yield* unusable(new TabUnusable({ tab: title, ...found.failure }))
        }
        const columns = registryColumns(found.success)
        if (Result.isFailure(columns)) {
          return yield* unusable(
            new TabUnusable({ tab: title, column: columns.failure, places: [] }),
          )
        }
        const reading = readRegistry(resource, columns.success, rows)
        const sheetId = sheet?.properties.sheetId ?? 0
        return { sheetId, header, columns: columns.success, reading }
      })

      /** Reads the tab and tells what it says; gives the requests for what it does not say yet. */
      const compare = Effect.fnUntraced(function* (
        resource: Resource,
        title: string,
        registry: Registry,
      ) {
        const { header, ...tab } = yield* read(resource, title)
        const replaced = yield* Ref.get(replacedLately)
        const gateways = yield* registry.gateways
        const before = { registry: yield* registry.proxies, gateways, replaced }
        yield* report(title, header, doubtsOf(tab.reading, tab.columns, before))
        const lastTab = makeLastTab(journal, resource.id)
        const here = { spreadsheet, sheetId: tab.sheetId }
        const isSame = yield* lastTab.isSame(here)
        const isNewTab = isSame === false && isEmpty(tab.reading)
        yield* registry.looked({ ...lookOf(tab.reading, before), isNewTab })
        if (isSame !== true) yield* lastTab.put(here)
        const after = { registry: yield* registry.proxies, gateways, replaced }
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
        // The write reads the tab anew when its turn has come: rows may have moved by then.
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

/** The tab as it was read. */
interface RegistryTab {
  readonly sheetId: number
  readonly columns: RegistryColumns
  readonly reading: Reading
}

interface RegistryWrite {
  readonly requests: ReadonlyArray<SheetRequest>
  /** The proxies whose line is replaced, or was and the rest of the row is not right yet. */
  readonly replaced: ReadonlySet<string>
}

/**
 * What makes the tab say what the registry says, for at most `rowsMax` rows; the others are left to
 * the next round.
 *
 * Rows are changed by their place, and people may move them in between. So every change writes the
 * id as well, and none changes a line by its place: by that a row that was hit by mistake is known,
 * and the next round puts it right.
 */
const registryWrite = (
  { sheetId, columns, reading }: RegistryTab,
  known: KnownProxies,
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
      fields: valueAndFormat,
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

/**
 * The requests that make a row say what the journal says. At this point the journal knows what the
 * row said, so the differences are what the bot learned elsewhere, and what cannot be believed.
 */
const editRequests = (
  place: RegistryPlace,
  { read, proxy, isDoubtful }: Match,
): ReadonlyArray<SheetRequest> => {
  if (proxy === undefined) return []
  const { columns, resource, sheetId } = place
  const { row, unknown, fault } = read
  const cells = new Map<number, CellWrite>()
  const stage = stagesOf(proxy)
  if (row.type !== proxy.type) cells.set(columns.type, typeCell(proxy))
  if (row.country !== proxy.country) cells.set(columns.country, textCell(proxy.country))
  if (row.until !== proxy.until) cells.set(columns.until, dayCell(proxy.until))
  const names = namesOf(resource, proxy)
  const { broken } = proxy
  const saysSo = (fault !== "") === (broken !== undefined)
  if (columns.used !== null && !(saysSo && haveSameTargets(row.targets ?? [], [...names.keys()]))) {
    const known = fault === "" && broken !== undefined ? faultText(resource, broken) : fault
    cells.set(columns.used, textCell(usedText(names, unknown, broken === undefined ? "" : known)))
  }
  // As long as nobody took the proxy, the cell keeps what a person wrote there.
  const isStageOurs =
    stage !== "" || (isDoubtful && row.id !== proxy.id) || isFormerStage(proxy, read.stage)
  if (columns.stage !== null && isStageOurs && stage !== read.stage) {
    cells.set(columns.stage, textCell(stage))
  }
  if (cells.size > 0 || row.id !== proxy.id) cells.set(columns.id, textCell(proxy.id))
  return [
    ...lineRequests(place, read, proxy),
    ...[...cells].map(([column, cell]) => writeCell(sheetId, read.at, column, cell)),
  ]
}

/** Whether the row has a former line of the proxy. */
const isLineOld = ({ row }: ReadRow, proxy: Proxy) =>
  formatProxyLine(row.endpoint) !== formatProxyLine(proxy.endpoint)

/** Replaces a line wherever it stands, and not by its place: no other cell has the same text. */
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

/** Clears a row that has nothing but an id. */
const clearRequests = (
  { sheetId, columns: { id, used, stage } }: RegistryPlace,
  at: number,
): ReadonlyArray<SheetRequest> =>
  [id, used, stage].flatMap((column) =>
    column === null ? [] : [writeCell(sheetId, at, column, {})],
  )

const newRow = ({ columns, resource }: RegistryPlace, proxy: Proxy): ReadonlyArray<CellWrite> => {
  const cells = new Map<number | null, CellWrite>([
    [columns.line, literalCell(formatProxyLine(proxy.endpoint))],
    [columns.type, typeCell(proxy)],
    [columns.country, textCell(proxy.country)],
    [columns.until, dayCell(proxy.until)],
    [
      columns.used,
      textCell(
        usedText(namesOf(resource, proxy), [], proxy.broken && faultText(resource, proxy.broken)),
      ),
    ],
    [columns.stage, textCell(stagesOf(proxy))],
    [columns.id, literalCell(proxy.id)],
  ])
  const width = Math.max(...[...cells.keys()].map((column) => column ?? 0)) + 1
  return Array.from({ length: width }, (_, column) => cells.get(column) ?? {})
}

const typeCell = ({ type }: Proxy) => textCell(type.toUpperCase())

/** Whether the cell names only people who gave the proxy back. */
const isFormerStage = ({ formerStages = [] }: Proxy, cell: string) => {
  const named = cell.split(",").map((name) => name.trim())
  return named.every((name) => formerStages.includes(name))
}

/** The work nicknames of the people who took the proxy. */
const stagesOf = ({ uses }: Proxy) =>
  [...new Set(uses.map(({ stage }) => stage.trim()).filter((stage) => stage !== ""))].join(", ")

/**
 * The names of the targets of a proxy. Without a name, a target would be written again and again.
 */
const namesOf = (resource: Resource, proxy: Proxy): ReadonlyMap<string, string> =>
  new Map(
    targetsOf(proxy).flatMap((target) => {
      const name = nameOfTarget(resource, target)
      return name === undefined ? [] : [[target, name]]
    }),
  )

/**
 * The text of «Использован для»: names that the catalogue knows, then what else a person wrote, and
 * at the end whether the proxy does not work.
 */
const usedText = (
  names: ReadonlyMap<string, string>,
  unknown: ReadonlyArray<string> = [],
  fault = "",
) => [...names.values(), ...unknown, ...(fault === "" ? [] : [fault])].join(", ")

const haveSameTargets = (a: ReadonlyArray<string>, b: ReadonlyArray<string>) =>
  a.every((target) => b.includes(target)) && b.every((target) => a.includes(target))

const TabIdentity = Schema.Struct({ spreadsheet: Schema.String, sheetId: Schema.Int })
type TabIdentity = typeof TabIdentity.Type

/**
 * Makes the note in the journal of which tab the registry was in at the last look.
 *
 * Where people remove a row, its proxy is off the list. But a tab that was deleted and made again,
 * or another one that the settings name by now, says nothing as long as it is empty: nobody
 * removed a row there.
 */
const makeLastTab = (journal: Journal["Service"], key: string) => {
  const isSame = (tab: TabIdentity) =>
    Effect.map(journal.documents(lastTabKind), (all) => {
      const found = all.find((one) => one.key === key)
      // Before the first look there is no other tab to compare with.
      return found === undefined ? undefined : areSame(found.body, tab)
    })

  const put = (tab: TabIdentity) =>
    journal.write([{ _tag: "DocumentPut", kind: lastTabKind, key, body: tab }])

  return { isSame, put }
}

const lastTabKind = "registry tab"

const isTabIdentity = Schema.is(TabIdentity)

const areSame = (a: unknown, b: TabIdentity) =>
  isTabIdentity(a) && a.spreadsheet === b.spreadsheet && a.sheetId === b.sheetId

/** Makes the report to the admins of cells that cannot be read, and of the end of that. */
const makeDoubtReport = Effect.fnUntraced(function* (alarms: Alarms["Service"]) {
  const state = yield* Ref.make<ReportState>({ cells: new Map(), raised: undefined })

  /** `doubts`: all cells in doubt at one look, in the order of the rows. */
  return Effect.fnUntraced(function* (
    tab: string,
    header: ReadonlyArray<string>,
    doubts: ReadonlyArray<Doubt>,
  ) {
    const now = yield* elapsed
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
    // Where some cells are mended or have moved, the admins are not told of the others again.
    const isNews = shown.some(({ known }) => known?.isTold !== true)
    yield* Ref.set(state, { cells, raised: isNews || alarm === undefined ? alarm : raised })
    if (alarm === undefined && raised !== undefined) yield* alarms.clear(raised)
    if (alarm !== undefined && isNews) yield* alarms.raise(alarm)
  })
})

/** How long a cell is in doubt before the admins are told: somebody may still be typing the row. */
const toldAfter = Duration.seconds(45)

/** How many cells one message names; the next ones are told of when these are mended. */
const cellsMax = 10

/** What is known of a cell in doubt. */
interface KnownCell {
  readonly column: number
  /** When the cell was first in doubt; see observe/elapsed.ts. */
  readonly since: number
  readonly isTold: boolean
}

interface ReportState {
  readonly cells: ReadonlyMap<string, KnownCell>
  readonly raised: Alarm | undefined
}

/** What is known of the cells. One that comes up where another goes away has moved with its row. */
const followed = (
  doubts: ReadonlyArray<Doubt>,
  before: ReadonlyMap<string, KnownCell>,
  now: number,
): ReadonlyArray<readonly [string, KnownCell]> => {
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
