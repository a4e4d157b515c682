/** Checks of the spreadsheets: whether they can be read, their tabs, columns and rows. */
import { Effect } from "effect"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import { shownText } from "../../sheets/BaseRow.ts"
import { fold, quoted } from "../../sheets/Headers.ts"
import { type CellData, rowsOf, SheetsClient } from "../../sheets/SheetsClient.ts"
import { problemOf, readFacts } from "../../sheets/Tabs.ts"
import { type Facts, hasHeader, type WantedTab, wantedTabs } from "../../sheets/tabSetup.ts"
import { explained } from "./explained.ts"
import { Report } from "./Report.ts"
import { type BaseSheet, filledRows, type Finding, findingsIn } from "./rowFindings.ts"
import { cellsNamed, kinds } from "./rowTexts.ts"

/** `email`: whom the spreadsheets must be shared with. */
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
  const { spreadsheetAccounts: accounts, spreadsheetIssued: issued } = yield* Settings
  const { resources } = yield* CatalogueSource
  const report = yield* Report
  const wanted = wantedTabs(resources, spreadsheet, { accounts, issued })
  const looked = Effect.gen(function* () {
    const facts = yield* lookAt(spreadsheet, wanted)
    return { facts, rows: yield* rowsIn(spreadsheet, wanted, facts) }
  })
  yield* Effect.matchEffect(looked, {
    onFailure: ({ reason }) => {
      const { what, toDo } = explained(reason, email)
      return report.fail(`${setting}: ${what}`, toDo)
    },
    onSuccess: Effect.fnUntraced(function* ({ facts, rows }) {
      const there = wanted.filter(({ title }) => facts.has(fold(title))).length
      yield* report.ok(`${setting} can be read, ${there} of ${wanted.length} tabs are there`)
      yield* Effect.forEach(wanted, (tab) => checkTab(tab, facts, rows), { discard: true })
      const sheets = wanted.flatMap((tab) => baseSheet(tab, facts, rows))
      if (sheets.length > 0) yield* checkRows(findingsIn(sheets))
    }),
  })
})

/** Rows by folded title, the header first. */
type Rows = ReadonlyMap<string, ReadonlyArray<ReadonlyArray<CellData>>>

const lookAt = Effect.fnUntraced(function* (spreadsheet: string, wanted: ReadonlyArray<WantedTab>) {
  const client = yield* SheetsClient
  const titles = wanted.map(({ title }) => title)
  return yield* readFacts(client, spreadsheet, titles, "person")
})

/** All rows of base tabs, and of tabs whose header is blank, in one request. */
const rowsIn = Effect.fnUntraced(function* (
  spreadsheet: string,
  wanted: ReadonlyArray<WantedTab>,
  facts: Facts,
) {
  const client = yield* SheetsClient
  const ranges = wanted.flatMap(({ title, kind }) => {
    const known = facts.get(fold(title))
    return known !== undefined && (kind === "base" || !hasHeader(known))
      ? [quoted(known.title)]
      : []
  })
  if (ranges.length === 0) return new Map()
  const book = yield* client.get(spreadsheet, { fields: rowMask, ranges, urgency: "person" })
  const rows: Rows = new Map(
    (book.sheets ?? []).map((sheet) => [fold(sheet.properties.title), rowsOf(sheet)]),
  )
  return rows
})

const rowMask =
  "sheets(properties(sheetId,title),data(rowData(values(userEnteredValue,effectiveValue," +
  "formattedValue,userEnteredFormat(numberFormat)))))"

const checkTab = Effect.fnUntraced(function* (tab: WantedTab, facts: Facts, rows: Rows) {
  const report = yield* Report
  const name = `«${tab.title}»`
  const problem = problemOf(facts, tab)
  if (problem === undefined) {
    const filled = baseSheet(tab, facts, rows).map(filledRows)
    const counted = filled.map((count) => `, ${count} ${count === 1 ? "row" : "rows"}`).join("")
    return yield* report.ok(`${name}: all columns are found${counted}`)
  }
  if (problem.column === null) {
    return yield* report.warn(
      `There is no tab ${name}`,
      "The bot makes it when it needs it, --fix does at once; if it is there under another name, give it this one",
    )
  }
  const known = facts.get(fold(tab.title))
  const isBlank = (rows.get(fold(tab.title)) ?? [])
    .flat()
    .every((cell) => shownText(cell).trim() === "")
  if (known !== undefined && !hasHeader(known) && isBlank) {
    return yield* report.warn(
      `${name} is blank`,
      "The bot writes its header when it needs it, --fix does at once",
    )
  }
  yield* report.fail(
    `${name} has no column «${problem.column}» in its first row`,
    `Name it ${namesOf(tab, problem.column)}; ${tab.resource.label.en} waits until then`,
  )
})

const namesOf = ({ resource, kind }: WantedTab, header: string) => {
  const columns = kind === "base" ? resource.columns : resource.issuedColumns
  const { aliases = [] } = columns.find((each) => each.header === header) ?? {}
  return [header, ...aliases].map((name) => `«${name}»`).join(" or ")
}

/** One for a base tab that can be worked with, none for any other. */
const baseSheet = (wanted: WantedTab, facts: Facts, rows: Rows): ReadonlyArray<BaseSheet> => {
  const known = facts.get(fold(wanted.title))
  const found = rows.get(fold(wanted.title))
  const tab = wanted.resource.baseTabs.find(({ title }) => title === wanted.title)
  return wanted.kind === "issued" ||
    tab === undefined ||
    known === undefined ||
    found === undefined ||
    problemOf(facts, wanted) !== undefined
    ? []
    : [{ title: known.title, resource: wanted.resource, tab, rows: found }]
}

const checkRows = Effect.fnUntraced(function* (findings: ReadonlyArray<Finding>) {
  const report = yield* Report
  for (const { kind, none, some, toDo } of kinds) {
    const found = findings.filter((finding) => finding.kind === kind)
    yield* found.length === 0 ? report.ok(none) : report.warn(`${some}: ${cellsNamed(found)}`, toDo)
  }
})
