/** Checks of the spreadsheets: whether they can be read, their tabs, columns and rows. */
import { foldName, type PhoneCountry } from "../../domain/identity.ts"
import { Duration, Effect, Layer, Option, Result } from "effect"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import type { BaseTab, Resource } from "../../domain/Catalogue.ts"
import { parseDay } from "../../domain/Day.ts"
import type { Quarantined } from "../../domain/Item.ts"
import { Alarms } from "../../observe/Alarms.ts"
import { type BaseRow, readRow, shownText } from "../../sheets/BaseRow.ts"
import { Guard } from "../../sheets/Guard.ts"
import {
  type BaseColumns,
  baseColumns,
  chosenColumns,
  letters,
  quoted,
  wholeRows,
} from "../../sheets/Headers.ts"
import {
  type BookAnswer,
  type CellData,
  type GridRange,
  rowsOf,
  type SheetPart,
  SheetsClient,
} from "../../sheets/SheetsClient.ts"
import type { SheetsReason } from "../../sheets/SheetsError.ts"
import { problemOf, readFacts, Tabs } from "../../sheets/Tabs.ts"
import { type Facts, hasHeader, type WantedTab, wantedTabs } from "../../sheets/tabSetup.ts"
import { SqliteJournal } from "../../store/SqliteJournal.ts"
import { Report } from "./Report.ts"

/** Rows by folded title, the header first. */
type Rows = ReadonlyMap<string, ReadonlyArray<ReadonlyArray<CellData>>>

/** A base tab as it was read, the header first. */
interface BaseSheet {
  /** As the spreadsheet spells it. */
  readonly title: string
  readonly resource: Resource
  readonly tab: BaseTab
  readonly rows: ReadonlyArray<ReadonlyArray<CellData>>
  readonly phoneCountry: PhoneCountry
}

type FindingKind =
  | "duplicate"
  | "missing"
  | "converted"
  | "formula"
  | "date"
  | "identity"
  | "header"

interface Finding {
  readonly kind: FindingKind
  /** `«ВКонтакте»!C7` */
  readonly cell: string
  /** The first cell with the same value. */
  readonly sameAs?: string
}

/** Checks both spreadsheets. `email` is the address that they must be shared with. */
export const checkSpreadsheets = Effect.fnUntraced(function* (email: string) {
  const { spreadsheetAccounts, spreadsheetIssued } = yield* Settings
  yield* checkSpreadsheet("SPREADSHEET_ACCOUNTS", spreadsheetAccounts, email)
  if (spreadsheetIssued !== spreadsheetAccounts) {
    yield* checkSpreadsheet("SPREADSHEET_ISSUED", spreadsheetIssued, email)
  }
})

const checkSpreadsheet = Effect.fnUntraced(function* (
  setting: string,
  spreadsheet: string,
  email: string,
) {
  const { spreadsheetAccounts: accounts, spreadsheetIssued: issued, phoneCountry } = yield* Settings
  const { resources } = yield* CatalogueSource
  const report = yield* Report
  const wanted = wantedTabs(resources, spreadsheet, { accounts, issued })
  const looked = Effect.gen(function* () {
    const facts = yield* lookAt(spreadsheet, wanted)
    return { facts, book: yield* bookOf(spreadsheet, wanted, facts) }
  })
  yield* Effect.matchEffect(looked, {
    onFailure: ({ reason }) => {
      const { what, toDo } = explained(reason, email)
      return report.fail(`${setting}: ${what}`, toDo)
    },
    onSuccess: Effect.fnUntraced(function* ({ facts, book }) {
      const rows = rowsIn(book)
      const there = wanted.filter(({ title }) => facts.has(foldName(title))).length
      yield* report.ok(`${setting} can be read, ${there} of ${wanted.length} tabs are there`)
      yield* Effect.forEach(wanted, (tab) => checkTab(tab, facts, { rows, phoneCountry }), {
        discard: true,
      })
      yield* checkLocale(setting, wanted, book)
      yield* Effect.forEach(wanted, (tab) => checkShape(tab, book, email), { discard: true })
      const sheets = wanted.flatMap((tab) => baseSheet(tab, facts, { rows, phoneCountry }))
      if (sheets.length > 0) yield* checkRows(findingsIn(sheets))
    }),
  })
})

const lookAt = Effect.fnUntraced(function* (spreadsheet: string, wanted: ReadonlyArray<WantedTab>) {
  const client = yield* SheetsClient
  const titles = wanted.map(({ title }) => title)
  return yield* readFacts(client, spreadsheet, titles, "person")
})

/**
 * All rows of base tabs and of tabs whose header is blank, the header of the others, and what else
 * there is to know of the tabs, in one request.
 */
const bookOf = Effect.fnUntraced(function* (
  spreadsheet: string,
  wanted: ReadonlyArray<WantedTab>,
  facts: Facts,
) {
  const client = yield* SheetsClient
  const ranges = wanted.flatMap(({ title, kind }) => {
    const known = facts.get(foldName(title))
    if (known === undefined) return []
    const isWhole = kind === "base" || !hasHeader(known)
    return [isWhole ? quoted(known.title) : wholeRows(known.title, 0, 0)]
  })
  if (ranges.length === 0) return {}
  return yield* client.get(spreadsheet, { fields: bookMask, ranges, urgency: "person" })
})

const bookMask =
  "properties(locale),sheets(properties(sheetId,title),merges,tables(name,range)," +
  "protectedRanges(range,warningOnly,requestingUserCanEdit),data(rowData(values(" +
  "userEnteredValue,effectiveValue,formattedValue,userEnteredFormat(numberFormat)))))"

const rowsIn = ({ sheets = [] }: BookAnswer): Rows =>
  new Map(sheets.map((sheet) => [foldName(sheet.properties.title), rowsOf(sheet)]))

/** Says how the spreadsheet reads the dates that people type, where there are any. */
const checkLocale = Effect.fnUntraced(function* (
  setting: string,
  wanted: ReadonlyArray<WantedTab>,
  { properties: { locale } = {} }: BookAnswer,
) {
  const report = yield* Report
  const isDated = wanted.some(
    ({ kind, resource }) => kind === "base" && resource.columns.some((one) => one.kind === "date"),
  )
  if (locale === undefined || !isDated) return
  if (!isMonthFirst(locale)) return yield* report.ok(`${setting}: its locale is ${locale}`)
  yield* report.warn(
    `${setting} has the locale ${locale}: 03/04 typed there is the 4th of March, and 03.04.2026 may stay a text`,
    "Choose one that writes the day first under File, Settings, or type dates like 2026-04-03",
  )
})

/** Whether dates are typed with the month before the day there, and the year last. */
export const isMonthFirst = (locale: string): boolean => {
  const format = Result.try(() => new Intl.DateTimeFormat(locale.replaceAll("_", "-")))
  if (Result.isFailure(format)) return false
  const order = format.success.formatToParts(0).map(({ type }) => type)
  return order.indexOf("month") < order.indexOf("day") && order.indexOf("year") > 0
}

/** Names what makes a tab more than plain rows, before Google refuses to change it. */
const checkShape = Effect.fnUntraced(function* (
  wanted: WantedTab,
  { sheets = [] }: BookAnswer,
  email: string,
) {
  const report = yield* Report
  const sheet = sheets.find(
    ({ properties }) => foldName(properties.title) === foldName(wanted.title),
  )
  if (sheet === undefined) return
  const name = `«${sheet.properties.title}»`
  const { closed, form, tables, merges, spilled } = shapeOf(sheet)
  if (closed.length > 0) {
    yield* report.fail(
      `${name} is protected against the bot: ${closed.join(", ")}`,
      `Let ${email} edit it; ${wanted.resource.label.en} waits until then`,
    )
  }
  if (wanted.kind === "issued") return
  if (form !== undefined) {
    yield* report.ok(
      `${name} seems to be filled by a form («${form}»): its rows are copied and then deleted`,
    )
  }
  if (tables.length > 0) {
    yield* report.warn(
      `${name} is a table: ${tables.join(", ")}`,
      "If Google refuses to let the bot take rows of it, convert the table into a plain range",
    )
  }
  if (merges.length > 0) {
    yield* report.warn(
      `${name} has merged cells: ${someOf(merges)}`,
      "Unmerge them and fill each cell: a merged block has a value in its first row only",
    )
  }
  if (spilled.length > 0) {
    yield* report.warn(
      `${name} has columns that an array formula fills: ${spilled.join(", ")}`,
      "Put plain values there: what such a formula shows does not come along with a row",
    )
  }
})

/** The parts of a tab that are more than plain rows, each with its place. */
export const shapeOf = (sheet: SheetPart) => {
  const { protectedRanges = [], merges = [], tables = [] } = sheet
  const [header = [], ...rows] = rowsOf(sheet)
  const columns = new Set(
    rows.flatMap((cells) =>
      cells.flatMap(({ userEnteredValue, effectiveValue }, index) =>
        userEnteredValue === undefined && effectiveValue !== undefined ? [letters(index)] : [],
      ),
    ),
  )
  return {
    closed: protectedRanges
      .filter((one) => one.warningOnly !== true && one.requestingUserCanEdit !== true)
      .map(({ range }) => placeOf(range)),
    form: header.map((cell) => shownText(cell).trim()).find(isFormStamp),
    tables: tables.map((table) => `«${table.name ?? ""}» ${placeOf(table.range)}`),
    merges: merges.map(placeOf),
    spilled: [...columns],
  }
}

/** How Google names the column into which a form writes when an answer came. */
const stamps = new Set(["Отметка времени", "Timestamp"].map(foldName))

export const isFormStamp = (header: string) => stamps.has(foldName(header))

const lettersOf = (index: number | undefined) => (index === undefined ? "" : letters(index))

/** `A2:C5`, without what is open; «all of it» where everything is. */
const placeOf = (range: GridRange = {}): string => {
  const { startColumnIndex, startRowIndex, endColumnIndex, endRowIndex } = range
  const from = `${lettersOf(startColumnIndex ?? (endColumnIndex && 0))}${startRowIndex === undefined ? "" : startRowIndex + 1}`
  const to = `${lettersOf(endColumnIndex && endColumnIndex - 1)}${endRowIndex ?? ""}`
  return from === "" && to === "" ? "all of it" : `${from}:${to}`
}

const someOf = (places: ReadonlyArray<string>) =>
  places.length <= namedMax
    ? places.join(", ")
    : `${places.slice(0, namedMax).join(", ")} and ${places.length - namedMax} more`

/** Which of several columns with one name the catalogue means; "" where no name is there twice. */
const chosenIn = ({ title, resource, kind }: WantedTab, facts: Facts): string =>
  kind === "issued"
    ? ""
    : chosenColumns(resource, facts.get(foldName(title))?.header ?? [])
        .map(
          ({ column, places, chosen }) =>
            `; of the columns «${column}» in ${places.join(", ")} the catalogue means ${chosen.join(", ")}`,
        )
        .join("")

const checkTab = Effect.fnUntraced(function* (tab: WantedTab, facts: Facts, found: Found) {
  const report = yield* Report
  const name = `«${tab.title}»`
  const problem = problemOf(facts, tab)
  if (problem === undefined) {
    const filled = baseSheet(tab, facts, found).map(filledRows)
    const counted = filled.map((count) => `, ${count} ${count === 1 ? "row" : "rows"}`).join("")
    return yield* report.ok(`${name}: all columns are found${counted}${chosenIn(tab, facts)}`)
  }
  if (problem.column === null) {
    return yield* report.warn(
      `There is no tab ${name}`,
      "The bot makes it when it needs it, --fix does at once; if it is there under another name, give it this one",
    )
  }
  if (problem.places.length > 0) {
    return yield* report.fail(
      `${name} has the column «${problem.column}» in ${problem.places.join(", ")}`,
      `Give these columns different names, or name in the catalogue the column that the right one stands after (\`after\`); ${tab.resource.label.en} waits until then`,
    )
  }
  const known = facts.get(foldName(tab.title))
  const isBlank = (found.rows.get(foldName(tab.title)) ?? [])
    .flat()
    .every((cell) => shownText(cell).trim() === "")
  if (known !== undefined && !hasHeader(known) && isBlank) {
    return yield* report.warn(
      `${name} is blank`,
      "The bot writes its header when it needs it, --fix does at once",
    )
  }
  const below = headerBelow(tab, found.rows.get(foldName(tab.title)) ?? [])
  if (below !== undefined) {
    return yield* report.fail(
      `${name} has its header in row ${below}, below other rows`,
      `Move it to the first row, the others below it; ${tab.resource.label.en} waits until then`,
    )
  }
  yield* report.fail(
    `${name} has no column «${problem.column}» in its first row`,
    `Name it ${namesOf(tab, problem.column)}; ${tab.resource.label.en} waits until then`,
  )
})

/** The row in which the header of a base tab stands where people put rows above it, from 1. */
const headerBelow = (
  { resource, kind }: WantedTab,
  rows: ReadonlyArray<ReadonlyArray<CellData>>,
): number | undefined => {
  const at = rows
    .slice(0, 20)
    .findIndex((row) => Result.isSuccess(baseColumns(resource, row.map(shownText))))
  return kind === "base" && at > 0 ? at + 1 : undefined
}

const namesOf = ({ resource, kind }: WantedTab, header: string) => {
  const columns = kind === "base" ? resource.columns : resource.issuedColumns
  const { aliases = [] } = columns.find((each) => each.header === header) ?? {}
  return [header, ...aliases].map((name) => `«${name}»`).join(" or ")
}

/** The rows that doctor read, and the country by which phone numbers in them are read. */
interface Found {
  readonly rows: Rows
  readonly phoneCountry: PhoneCountry
}

/** The base tab as a sheet to look for faults in; nothing for a tab that the bot cannot work with. */
const baseSheet = (
  wanted: WantedTab,
  facts: Facts,
  { rows, phoneCountry }: Found,
): ReadonlyArray<BaseSheet> => {
  const known = facts.get(foldName(wanted.title))
  const found = rows.get(foldName(wanted.title))
  const tab = wanted.resource.baseTabs.find(({ title }) => title === wanted.title)
  return wanted.kind === "issued" ||
    tab === undefined ||
    known === undefined ||
    found === undefined ||
    problemOf(facts, wanted) !== undefined
    ? []
    : [{ title: known.title, resource: wanted.resource, tab, rows: found, phoneCountry }]
}

const checkRows = Effect.fnUntraced(function* (findings: ReadonlyArray<Finding>) {
  const report = yield* Report
  for (const { kind, none, some, toDo } of kinds) {
    const found = findings.filter((finding) => finding.kind === kind)
    yield* found.length === 0 ? report.ok(none) : report.warn(`${some}: ${cellsNamed(found)}`, toDo)
  }
})

/** `--fix`: makes the tabs that are missing, with the guarded setup that a start uses. */
export const makeTabs = Effect.fnUntraced(function* (email: string) {
  const report = yield* Report
  const made = yield* Effect.provide(
    Tabs.use(({ prepare }) => prepare),
    setup,
  ).pipe(Effect.result, Effect.timeoutOption(patience))
  if (Option.isNone(made)) {
    return yield* report.fail(
      "--fix: Google does not say whether tabs were made",
      "The next start asks again, or --fix",
    )
  }
  if (Result.isSuccess(made.value)) return yield* report.ok("--fix: missing tabs were made")
  const { failure } = made.value
  if (failure._tag === "SheetsError") {
    const { what, toDo } = explained(failure.reason, email)
    return yield* report.fail(`--fix: ${what}`, toDo)
  }
  yield* report.fail(`--fix: ${failure.message}`, "Put that right and try again")
})

/** The guard asks about a write of unclear outcome for as long as it takes; nobody waits longer. */
const patience = Duration.minutes(2)

const setup = Tabs.layer.pipe(
  Layer.provide(Guard.layer),
  Layer.provide([SqliteJournal.layer, Alarms.layer]),
)

/**
 * What is wrong with the rows, in the order of the tabs and their rows, by the cell and never by
 * what stands there. The bot's own reading of a row decides; here only the place of the fault is
 * found. A tab without its columns has no findings.
 */
export const findingsIn = (sheets: ReadonlyArray<BaseSheet>): ReadonlyArray<Finding> => {
  const seen = new Map<string, string>()
  return sheets.flatMap((sheet) =>
    read(sheet).flatMap(({ row, number, cells, columns }): ReadonlyArray<Finding> => {
      const at = (index: number) => `«${sheet.title}»!${letters(index)}${number}`
      if (row._tag === "Blank") return []
      if (row._tag === "Quarantined") return faultsOf(sheet.resource, columns, cells, row.row, at)
      const cell = at(columns.byKey.get(sheet.resource.identity) ?? 0)
      const identity = `${sheet.resource.id}\n${row.item.key}`
      const first = seen.get(identity)
      if (first === undefined) seen.set(identity, cell)
      return [
        ...(first === undefined ? [] : [{ kind: "duplicate" as const, cell, sameAs: first }]),
        ...unreadDates(sheet.resource, columns, row.item.fields, at),
      ]
    }),
  )
}

/** Rows below the header that hold something. */
export const filledRows = (sheet: BaseSheet): number =>
  read(sheet).filter(({ row }) => row._tag !== "Blank").length

interface ReadRow {
  readonly row: BaseRow
  /** As the spreadsheet counts, from 1. */
  readonly number: number
  readonly cells: ReadonlyArray<CellData>
  readonly columns: BaseColumns
}

const read = ({ resource, tab, rows, phoneCountry }: BaseSheet): ReadonlyArray<ReadRow> => {
  const [header = [], ...below] = rows
  return Result.match(baseColumns(resource, header.map(shownText)), {
    onFailure: () => [],
    onSuccess: (columns) =>
      below.map((cells, index) => {
        const number = index + 2
        const row = readRow({ resource, tab, columns, id: String(number), phoneCountry }, cells)
        return { row, number, cells, columns }
      }),
  })
}

const faultsOf = (
  resource: Resource,
  columns: BaseColumns,
  cells: ReadonlyArray<CellData>,
  { reason, column: header }: Quarantined,
  at: (index: number) => string,
): ReadonlyArray<Finding> => {
  const column = resource.columns.find((each) => each.header === header)
  const cell = at(columns.byKey.get(column?.key ?? resource.identity) ?? 0)
  switch (reason) {
    case "formula":
      return cells.flatMap((each, index) =>
        showsComputed(each) ? [{ kind: "formula" as const, cell: at(index) }] : [],
      )
    case "missing":
      return [{ kind: "missing", cell }]
    case "converted":
      return [{ kind: "converted", cell }]
    case "unreadable":
      return [{ kind: column?.kind === "date" ? "date" : "identity", cell }]
    case "header":
      return [{ kind: "header", cell }]
    case "duplicate":
    case "issuedBefore":
    case "withheld":
    case "region":
    case "restored":
      // The pool finds these out; no row shows them.
      return []
  }
}

const showsComputed = ({ userEnteredValue, effectiveValue }: CellData) =>
  userEnteredValue?.formulaValue !== undefined ||
  userEnteredValue?.errorValue !== undefined ||
  effectiveValue?.errorValue !== undefined

/**
 * Dates that the bot cannot read in rows that it issues all the same: where a date may be missing,
 * an unreadable one counts as none.
 */
const unreadDates = (
  { columns: known }: Resource,
  { byKey }: BaseColumns,
  fields: Readonly<Record<string, string>>,
  at: (index: number) => string,
): ReadonlyArray<Finding> =>
  known.flatMap(({ key, kind }) => {
    const text = kind === "date" ? fields[key] : undefined
    const index = byKey.get(key)
    return text === undefined || index === undefined || parseDay(text) !== undefined
      ? []
      : [{ kind: "date", cell: at(index) }]
  })

/**
 * Why a spreadsheet could not be read or written, and what to do about it. `email` is the address
 * of the service account.
 */
export const explained = (
  reason: SheetsReason,
  email: string,
): { readonly what: string; readonly toDo: string } => {
  switch (reason._tag) {
    case "Denied":
      return reason.status === 401 || reason.status === 400
        ? {
            what: `Google does not accept the credentials (${reason.message})`,
            toDo: "Make a new key for the service account and put it into GOOGLE_CREDENTIALS_JSON",
          }
        : {
            what: `Google refuses (${reason.message})`,
            toDo: `Share the spreadsheet with ${email} as an editor, and switch the Sheets API on`,
          }
    case "NotFound":
      return {
        what: "there is no such spreadsheet",
        toDo: "Copy the id out of its address, from between /d/ and /edit",
      }
    case "Quota":
      return { what: "Google counts too many requests", toDo: "Try again in a minute" }
    case "Unsure":
      return {
        what: `Google does not answer (${reason.cause})`,
        toDo: "Check the network of this machine and SHEETS_ROOT_URL, and try again",
      }
    case "Refused":
      return {
        what: `Google cannot do that (${reason.message})`,
        toDo: "Check that the id is one of a Google spreadsheet, not of an uploaded file",
      }
    case "AnotherWriter":
    case "GuardTaken":
      return {
        what: "another bot writes into the spreadsheet",
        toDo: "Stop that one, wait for two minutes and try again",
      }
    case "Unsettled":
      return {
        what: "a write of an earlier run is still open",
        toDo: "Start the bot: it finishes the write and makes what is missing",
      }
  }
}

/** How the report names each kind of finding, and what to do about it. */
const kinds: ReadonlyArray<{
  readonly kind: FindingKind
  readonly none: string
  readonly some: string
  readonly toDo: string
}> = [
  {
    kind: "duplicate",
    none: "no row repeats another",
    some: "Rows that repeat another",
    toDo: "Delete one of the two: the bot hands out the first and sets the other aside",
  },
  {
    kind: "missing",
    none: "no row lacks a required value",
    some: "Rows without a required value",
    toDo: "Fill these cells in: the bot leaves such rows where they are until then",
  },
  {
    kind: "converted",
    none: "no login and no password became a date or a number",
    some: "Logins and passwords that the sheet made a date or a number of",
    toDo: "Type them again into cells with the format «plain text»: the bot sets such rows aside",
  },
  {
    kind: "formula",
    none: "no row has a formula or an error",
    some: "Formulas and errors",
    toDo: "Put plain values there: the bot sets such rows aside",
  },
  {
    kind: "date",
    none: "all dates can be read",
    some: "Dates that cannot be read",
    toDo: "Write them like 22.11.2026: the bot sets the row aside or takes it as one without a date",
  },
  {
    kind: "identity",
    none: "all logins and numbers can be read",
    some: "Logins and numbers that cannot be read",
    toDo: "Correct these cells: the bot sets such rows aside",
  },
  {
    kind: "header",
    none: "no row is a second header",
    some: "Rows that are the header again",
    toDo: "Delete them: the bot sets such rows aside",
  },
]

/**
 * The cells of findings as the report names them: ten, and how many more there are. No tab takes the
 * places of another one.
 */
export const cellsNamed = (findings: ReadonlyArray<Finding>): string => {
  const byTab = [...Map.groupBy(findings, ({ cell }) => cell.slice(0, cell.lastIndexOf("!") + 1))]
  // The first of each tab, then the second of each.
  const inTurn = byTab
    .flatMap(([, own], tab) => own.map((finding, turn) => ({ finding, tab, turn })))
    .toSorted((one, other) => one.turn - other.turn || one.tab - other.tab)
  const named = inTurn
    .slice(0, namedMax)
    .toSorted((one, other) => one.tab - other.tab || one.turn - other.turn)
    .map(({ finding: { cell, sameAs } }) =>
      sameAs === undefined ? cell : `${cell} (same as ${sameAs})`,
    )
    .join(", ")
  const left = findings.length - namedMax
  return left > 0 ? `${named} and ${left} more` : named
}

const namedMax = 10
