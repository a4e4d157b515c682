/**
 * The tabs of both spreadsheets: where they are and which column holds what.
 *
 * One read tells it all and is remembered. Tabs that are missing at the start are made; those
 * that exist are never reshaped. A tab that cannot be used stops only itself, is told to the
 * admins, and is looked at again once a minute.
 */
import {
  Clock,
  Context,
  Effect,
  Layer,
  Option,
  Random,
  Ref,
  Result,
  Schema,
  Semaphore,
} from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { Settings } from "../config/Settings.ts"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import { Alarms } from "../observe/Alarms.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { Guard } from "./Guard.ts"
import type { SheetRequest } from "./GuardChain.ts"
import {
  type BaseColumns,
  baseColumns,
  fold,
  type IssuedColumns,
  issuedColumns,
  newBaseHeader,
  newIssuedHeader,
  quoted,
  wholeRows,
} from "./Headers.ts"
import type { Urgency } from "./RateLimiter.ts"
import { SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"
import {
  type Facts,
  factsOf,
  hasHeader,
  headerRequest,
  inboxTitle,
  isMade,
  moreColumns,
  newInbox,
  newTab,
  type TabFacts,
  type WantedTab,
  wantedTabs,
} from "./tabSetup.ts"

type Failure = SheetsError | StorageUnavailable

export class Tabs extends Context.Service<
  Tabs,
  {
    base(
      resource: Resource,
      tab: BaseTab,
      urgency: Urgency,
    ): Effect.Effect<Layout<BaseColumns>, TabUnusable | Failure>
    issued(resource: Resource): Effect.Effect<Layout<IssuedColumns>, TabUnusable | Failure>
    /** The inbox tab, made or widened where it does not hold `columns` columns. */
    inbox(columns: number, urgency: Urgency): Effect.Effect<TabFacts, TabUnusable | Failure>
    /** What is known may be wrong: the next question reads again. */
    forget(spreadsheet: string): Effect.Effect<void>
    /** Makes what is missing, in both spreadsheets. */
    readonly prepare: Effect.Effect<void, Failure>
  }
>()("account-bot/sheets/Tabs") {
  static readonly layer = Layer.effect(
    Tabs,
    Effect.gen(function* () {
      const { spreadsheetAccounts: accounts, spreadsheetIssued: issued } = yield* Settings
      const { resources } = yield* CatalogueSource
      const client = yield* SheetsClient
      const guard = yield* Guard
      const books = yield* Ref.make<ReadonlyMap<string, Known>>(new Map())
      // Apart, so that one spreadsheet that does not answer does not hold up the other.
      const turns = { accounts: yield* Semaphore.make(1), issued: yield* Semaphore.make(1) }
      const turnOf = (spreadsheet: string) =>
        spreadsheet === accounts ? turns.accounts : turns.issued
      const wanted = (spreadsheet: string) =>
        wantedTabs(resources, spreadsheet, { accounts, issued })

      const look = Effect.fnUntraced(function* (spreadsheet: string, urgency: Urgency) {
        const titles = [
          ...wanted(spreadsheet).map(({ title }) => title),
          ...(spreadsheet === accounts ? [inboxTitle] : []),
        ]
        return yield* readFacts(client, spreadsheet, titles, urgency)
      })

      const setup = (
        spreadsheet: string,
        requests: ReadonlyArray<SheetRequest>,
        urgency: Urgency,
      ) =>
        guard.write(
          {
            spreadsheet,
            kind: "setup",
            urgency,
            plan: () => Effect.succeedSome({ about: null, requests }),
          },
          () => Effect.void,
        )

      /**
       * Made without the extra columns of the base tabs, an issued tab would never get them. None:
       * nobody can say them now, so it is made later, and the tabs that stand are used meanwhile.
       */
      const missing = Effect.fnUntraced(function* (
        spreadsheet: string,
        facts: Facts,
        urgency: Urgency,
      ) {
        const tabs = wanted(spreadsheet).filter((tab) => !isMade(facts, tab))
        if (tabs.length === 0) return Option.some<Array<SheetRequest>>([])
        const known =
          spreadsheet === accounts ? facts : (yield* Ref.get(books)).get(accounts)?.facts
        const base =
          known === undefined ? yield* Effect.option(look(accounts, urgency)) : Option.some(known)
        if (Option.isNone(base)) return Option.none()
        return Option.some(yield* missingTabs(client, spreadsheet, tabs, facts, base.value))
      })

      const tell = yield* makeTelling(wanted)

      const read = Effect.fnUntraced(function* (
        spreadsheet: string,
        urgency: Urgency,
        makes: boolean,
      ) {
        let facts = yield* look(spreadsheet, urgency)
        const found = makes ? yield* missing(spreadsheet, facts, urgency) : Option.some([])
        const requests = Option.getOrElse(found, (): Array<SheetRequest> => [])
        if (makes && spreadsheet === accounts && !facts.has(inboxTitle)) {
          requests.push(...newInbox(yield* randomSheetId, inboxColumns))
        }
        if (requests.length > 0) {
          yield* setup(spreadsheet, requests, urgency)
          facts = yield* look(spreadsheet, urgency)
        }
        yield* tell(spreadsheet, facts)
        const readAt = yield* Clock.currentTimeMillis
        const known = { facts, readAt, stale: false, isMade: Option.isSome(found) }
        yield* Ref.update(books, (all) => withEntry(all, spreadsheet, known))
        return facts
      })

      /** `usable`: what is known serves the question. */
      const facts = (spreadsheet: string, urgency: Urgency, usable: (facts: Facts) => boolean) =>
        Effect.gen(function* () {
          const known = (yield* Ref.get(books)).get(spreadsheet)
          if (known === undefined) return yield* read(spreadsheet, urgency, true)
          const age = (yield* Clock.currentTimeMillis) - known.readAt
          const old = isOld(known, age) || (age >= lookAgainAfter && !usable(known.facts))
          return old ? yield* read(spreadsheet, urgency, !known.isMade) : known.facts
        }).pipe(Semaphore.withPermit(turnOf(spreadsheet)))

      const layout = Effect.fnUntraced(function* <Columns>(
        spreadsheet: string,
        title: string,
        urgency: Urgency,
        columns: (header: ReadonlyArray<string>) => Result.Result<Columns, string>,
      ) {
        const find = (known: Facts) => layoutOf(known, title, columns)
        const known = yield* facts(spreadsheet, urgency, (all) => Result.isSuccess(find(all)))
        return yield* Effect.fromResult(find(known))
      })

      const inbox = Effect.fn("Tabs.inbox")(function* (columns: number, urgency: Urgency) {
        const fits = (all: Facts) => (all.get(inboxTitle)?.columnCount ?? 0) >= columns
        const known = (yield* facts(accounts, urgency, fits)).get(inboxTitle)
        if (known !== undefined && known.columnCount >= columns) return known
        const requests =
          known === undefined
            ? newInbox(yield* randomSheetId, Math.max(columns, inboxColumns))
            : [moreColumns(known.sheetId, columns - known.columnCount)]
        yield* setup(accounts, requests, urgency)
        const made = (yield* turns.accounts.withPermit(read(accounts, urgency, false))).get(
          inboxTitle,
        )
        return made ?? (yield* new TabUnusable({ tab: inboxTitle, column: null }))
      })

      const base = (resource: Resource, { title }: BaseTab, urgency: Urgency) =>
        layout(accounts, title, urgency, (header) => baseColumns(resource, header))

      const issuedLayout = (resource: Resource) =>
        layout(issued, resource.issuedTab, "background", (header) =>
          issuedColumns(resource, header),
        )

      const forget = (spreadsheet: string) =>
        Ref.update(books, (all) => {
          const known = all.get(spreadsheet)
          return known === undefined ? all : withEntry(all, spreadsheet, { ...known, stale: true })
        })

      // The base tabs first: their extra columns go into new issued tabs.
      const prepare = Effect.forEach(
        [accounts, issued],
        (spreadsheet) => facts(spreadsheet, "background", () => true),
        { discard: true },
      ).pipe(Effect.withSpan("Tabs.prepare"))

      return Tabs.of({ base, issued: issuedLayout, inbox, forget, prepare })
    }),
  )
}

/** Tells the admins which tabs cannot be used, and which can be used again. */
const makeTelling = Effect.fnUntraced(function* (
  wanted: (spreadsheet: string) => ReadonlyArray<WantedTab>,
) {
  const alarms = yield* Alarms
  const raised = yield* Ref.make<ReadonlyMap<string, TabProblem>>(new Map())

  return Effect.fnUntraced(function* (spreadsheet: string, facts: Facts) {
    for (const tab of wanted(spreadsheet)) {
      const problem = problemOf(facts, tab)
      const before = (yield* Ref.get(raised)).get(tab.title)
      if (before !== undefined && before.column !== problem?.column) {
        yield* alarms.clear({ ...before, _tag: "TabUnusable" })
      }
      if (problem === undefined) yield* alarms.clear({ _tag: "HeaderMoved", tab: tab.title })
      else yield* alarms.raise({ ...problem, _tag: "TabUnusable" })
      yield* Ref.update(raised, (all) => withEntry(all, tab.title, problem))
    }
  })
})

interface Known {
  readonly facts: Facts
  readonly readAt: number
  readonly stale: boolean
  /** Tabs that were missing have been made; what people remove later is not made again. */
  readonly isMade: boolean
}

/** A clock that was set back tells no age. */
const isOld = ({ stale }: Known, age: number) => stale || age < 0 || age > readAgainAfter

const lookAgainAfter = 60_000
const readAgainAfter = 3_600_000
const inboxColumns = 128

const withEntry = <K, V>(
  map: ReadonlyMap<K, V>,
  key: K,
  value: V | undefined,
): ReadonlyMap<K, V> => {
  const next = new Map(map)
  if (value === undefined) next.delete(key)
  else next.set(key, value)
  return next
}

/* A tab that the bot cannot work with until a person repairs it; the others go on. */

export class TabUnusable extends Schema.TaggedError<TabUnusable>()("TabUnusable", {
  tab: Schema.String,
  /** Header of the column that is missing; `null`: the tab itself. */
  column: Schema.NullOr(Schema.String),
}) {
  override get message() {
    return this.column === null
      ? `the tab "${this.tab}" cannot be used`
      : `the tab "${this.tab}" has no column "${this.column}"`
  }
}

/* From what a spreadsheet looks like to tabs that can be worked with. Pure. */

export interface Layout<Columns> extends TabFacts {
  readonly columns: Columns
}

export interface TabProblem {
  readonly tab: string
  readonly column: string | null
}

export const layoutOf = <Columns>(
  facts: Facts,
  title: string,
  columns: (header: ReadonlyArray<string>) => Result.Result<Columns, string>,
): Result.Result<Layout<Columns>, TabUnusable> => {
  const known = facts.get(fold(title))
  if (known === undefined) return Result.fail(new TabUnusable({ tab: title, column: null }))
  return Result.mapBoth(columns(known.header), {
    onSuccess: (found) => ({ ...known, columns: found }),
    onFailure: (column) => new TabUnusable({ tab: title, column }),
  })
}

export const problemOf = (
  facts: Facts,
  { title, resource, kind }: WantedTab,
): TabProblem | undefined => {
  const known = facts.get(fold(title))
  if (known === undefined) return { tab: title, column: null }
  const { header } = known
  const missing =
    kind === "base"
      ? Result.getFailure(baseColumns(resource, header))
      : Result.getFailure(issuedColumns(resource, header))
  return missing._tag === "None" ? undefined : { tab: title, column: missing.value }
}

/** Headers of a resource's base tabs that the catalogue does not know, as far as they were read. */
export const extrasOf = (facts: Facts, resource: Resource): ReadonlyArray<string> =>
  resource.baseTabs.flatMap(({ title }) =>
    Result.match(baseColumns(resource, facts.get(fold(title))?.header ?? []), {
      onFailure: () => [],
      onSuccess: ({ extras }) => extras.map(({ header }) => header),
    }),
  )

/* Requests that make the tabs the catalogue speaks of, where they are missing or wholly blank. */

/** Google takes any number that is free. */
export const randomSheetId = Random.nextIntBetween(1, 2 ** 31 - 1)

/** `base`: the spreadsheet of the base tabs, whose extra columns go into new issued tabs. */
export const missingTabs = Effect.fnUntraced(function* (
  client: SheetsClient["Service"],
  spreadsheet: string,
  wanted: ReadonlyArray<WantedTab>,
  facts: Facts,
  base: Facts,
) {
  const requests: Array<SheetRequest> = []
  for (const { title, resource, kind } of wanted) {
    const header =
      kind === "base"
        ? newBaseHeader(resource)
        : newIssuedHeader(resource, extrasOf(base, resource))
    const known = facts.get(fold(title))
    if (known === undefined) {
      requests.push(...newTab(yield* randomSheetId, title, header))
    } else if (!hasHeader(known) && known.columnCount >= header.length) {
      // Below a header that is blank there may be rows whose columns only a person knows.
      const [rows = []] = yield* client.values(spreadsheet, [quoted(known.title)], "background")
      if (rows.length === 0) requests.push(headerRequest(known.sheetId, header))
    }
  }
  return requests
})

/* Reads where the tabs of a spreadsheet are and what their headers say. */

/** One read when all of the tabs exist, otherwise three: one title too many spoils the question. */
export const readFacts = (
  client: SheetsClient["Service"],
  spreadsheet: string,
  titles: ReadonlyArray<string>,
  urgency: Urgency,
): Effect.Effect<Facts, SheetsError> => {
  const headers = (of: ReadonlyArray<string>) => {
    const ranges = of.map((title) => wholeRows(title, 0, 0))
    return Effect.map(client.get(spreadsheet, { fields: headerMask, ranges, urgency }), factsOf)
  }
  const existing = Effect.gen(function* () {
    const options = { fields: "sheets(properties(title))", ranges: [], urgency }
    const present = factsOf(yield* client.get(spreadsheet, options))
    const asked = titles.filter((title) => present.has(fold(title)))
    return asked.length === 0 ? new Map() : yield* headers(asked)
  })
  return titles.length === 0
    ? existing
    : Effect.catchIf(headers(titles), isNoSuchTab, () => existing)
}

const headerMask =
  "sheets(properties(sheetId,title,gridProperties(rowCount,columnCount))," +
  "data(rowData(values(userEnteredValue,effectiveValue,formattedValue))))"

export const isNoSuchTab = ({ reason }: SheetsError) =>
  reason._tag === "Refused" && reason.message.startsWith("Unable to parse range")
