/**
 * The registry tab of the proxies, which people see and edit, and the journal, which counts.
 *
 * Each round reads the whole tab, tells what people changed in it, and writes what it does not
 * say yet. Both directions can be repeated: whatever is cut off, the next round brings the tab
 * and the journal together.
 */
import { Context, Effect, Layer, Option, Ref, Result, Semaphore } from "effect"
import { flushRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { Proxy } from "../domain/Proxy.ts"
import { Alarms } from "../observe/Alarms.ts"
import { Journal, type StorageUnavailable } from "../store/Journal.ts"
import { quoted } from "./A1.ts"
import { rowsOf } from "./Answers.ts"
import { shownText } from "./BaseRow.ts"
import { Guard } from "./Guard.ts"
import { issuedColumns } from "./Headers.ts"
import { isNoSuchTab } from "./readFacts.ts"
import { doubtsOf, isEmpty, type Look, lookOf } from "./registryLook.ts"
import { makePlace } from "./registryPlace.ts"
import { makeReport } from "./registryReport.ts"
import { registryWrite } from "./registryRequests.ts"
import { readRegistry, registryColumns } from "./registryRows.ts"
import { SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import { Tabs } from "./Tabs.ts"
import { TabUnusable } from "./TabUnusable.ts"

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
