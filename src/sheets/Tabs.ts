/**
 * The tabs of both spreadsheets: where they are and which column holds what.
 *
 * A look takes two reads, or one where all tabs are known, and is remembered. Tabs that are missing at the start are made; those that
 * exist are never reshaped. A tab that the bot cannot use stops only itself: the admins are told,
 * and the bot looks at it again once a minute.
 */
import { foldName } from "../domain/identity.ts"
import { Context, Effect, Layer, Option, Random, Ref, Result, Schema, Semaphore } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { Settings } from "../config/Settings.ts"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { elapsed } from "../observe/elapsed.ts"
import { Guard } from "./Guard.ts"
import type { SheetRequest } from "./GuardChain.ts"
import {
  type BaseColumns,
  baseColumns,
  type ColumnFault,
  type IssuedColumns,
  issuedColumns,
  newBaseHeader,
  newIssuedHeader,
  quoted,
  shownHeader,
  wholeRows,
} from "./Headers.ts"
import type { Urgency } from "./RateLimiter.ts"
import { SheetsClient } from "./SheetsClient.ts"
import { isRefused, type SheetsError, type SheetsFailure } from "./SheetsError.ts"
import {
  type Facts,
  factsOf,
  hasHeader,
  inboxTitle,
  isMade,
  moreColumns,
  newHeader,
  newInbox,
  newTab,
  type NewTab,
  type TabFacts,
  type WantedTab,
  wantedTabs,
  withTabs,
} from "./tabSetup.ts"

/** A tab that the bot cannot work with until a person repairs it. */
export class TabUnusable extends Schema.TaggedError<TabUnusable>()("TabUnusable", {
  tab: Schema.String,
  /** The header of the column that is missing; `null` where the tab itself is. */
  column: Schema.NullOr(Schema.String),
  /** The letters of the columns where two or more have that header. */
  places: Schema.Array(Schema.String),
}) {
  override get message() {
    if (this.column === null) return `the tab "${this.tab}" cannot be used`
    return this.places.length === 0
      ? `the tab "${this.tab}" has no column "${this.column}"`
      : `the tab "${this.tab}" has the column "${this.column}" in ${this.places.join(", ")}`
  }

  /** The tab is missing. */
  static readonly gone = (tab: string) => new TabUnusable({ tab, column: null, places: [] })
}

/** What work with a tab fails with. */
export type TabFailure = TabUnusable | SheetsFailure

/** A tab that can be used. */
export interface Layout<Columns> extends TabFacts {
  readonly columns: Columns
}

export class Tabs extends Context.Service<
  Tabs,
  {
    /** The layout of a base tab. */
    base(
      resource: Resource,
      tab: BaseTab,
      urgency: Urgency,
    ): Effect.Effect<Layout<BaseColumns>, TabFailure>
    /** The layout of an issued tab. */
    issued(resource: Resource): Effect.Effect<Layout<IssuedColumns>, TabFailure>
    /** The inbox tab. It is made if it is missing, and widened if it has fewer columns. */
    inbox(columns: number, urgency: Urgency): Effect.Effect<TabFacts, TabFailure>
    /** Reads the tabs again at the next question, since what is known of them may be wrong. */
    forget(spreadsheet: string): Effect.Effect<void>
    /** Makes the tabs that are missing, in both spreadsheets. */
    readonly prepare: Effect.Effect<void, SheetsFailure>
  }
>()("account-bot/sheets/Tabs") {
  static readonly layer = Layer.effect(
    Tabs,
    Effect.gen(function* () {
      const { spreadsheetAccounts: accounts, spreadsheetIssued: issued } = yield* Settings
      const { resources } = yield* CatalogueSource
      const client = yield* SheetsClient
      const guard = yield* Guard
      const books = yield* Ref.make<ReadonlyMap<string, KnownBook>>(new Map())
      // Each spreadsheet has its own turn, so that one without an answer does not hold up the other.
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
        const known = (yield* Ref.get(books)).get(spreadsheet)?.facts
        const spelled = titles.flatMap((title) => known?.get(foldName(title))?.title ?? [])
        const anew = readFacts(client, spreadsheet, titles, urgency)
        return spelled.length < titles.length
          ? yield* anew
          : yield* Effect.catchIf(
              readHeaders(client, spreadsheet, spelled, urgency),
              isNoSuchTab,
              () => anew,
            )
      })

      const { lookEarly, lookOnce } = yield* makeLooksOnce(accounts, look)

      /**
       * The missing tabs, and how they are made. An issued tab gets the extra columns of the base
       * tabs when it is made, and never later. So it answers nothing while these are unknown: the
       * tab is made later, and the tabs that stand are used meanwhile.
       */
      const missing = Effect.fnUntraced(function* (
        spreadsheet: string,
        facts: Facts,
        urgency: Urgency,
      ) {
        const tabs = wanted(spreadsheet).filter((tab) => !isMade(facts, tab))
        if (tabs.length === 0) return Option.some<ReadonlyArray<NewTab>>([])
        const known =
          spreadsheet === accounts ? facts : (yield* Ref.get(books)).get(accounts)?.facts
        const base =
          known === undefined ? yield* Effect.option(lookEarly(urgency)) : Option.some(known)
        if (Option.isNone(base)) return Option.none()
        return Option.some(yield* missingTabs(client, spreadsheet, tabs, facts, base.value))
      })

      const report = yield* makeTabReport(wanted)

      /** `makes`: tabs that are missing are made. */
      const read = Effect.fnUntraced(function* (
        spreadsheet: string,
        urgency: Urgency,
        makes: boolean,
      ) {
        const seen = yield* lookOnce(spreadsheet, urgency)
        const found = makes ? yield* missing(spreadsheet, seen, urgency) : Option.some([])
        const made = [...Option.getOrElse(found, () => [])]
        if (makes && spreadsheet === accounts && !seen.has(inboxTitle)) {
          made.push(newInbox(yield* randomSheetId, inboxColumns))
        }
        if (made.length > 0) {
          const requests = made.flatMap((tab) => tab.requests)
          yield* guard.write(setupOf(spreadsheet, requests, urgency), () => Effect.void)
        }
        const facts = withTabs(seen, made)
        yield* report(spreadsheet, facts)
        const readAt = yield* elapsed
        const known = { facts, readAt, stale: false, isMade: Option.isSome(found) }
        yield* Ref.update(books, (all) => withEntry(all, spreadsheet, known))
        return facts
      })

      /** `usable`: whether what is known answers the question. */
      const facts = (spreadsheet: string, urgency: Urgency, usable: (facts: Facts) => boolean) =>
        Effect.gen(function* () {
          const known = (yield* Ref.get(books)).get(spreadsheet)
          if (known === undefined) return yield* read(spreadsheet, urgency, true)
          const age = (yield* elapsed) - known.readAt
          const old = isOld(known, age) || (age >= lookAgainAfter && !usable(known.facts))
          return old ? yield* read(spreadsheet, urgency, !known.isMade) : known.facts
        }).pipe(Semaphore.withPermit(turnOf(spreadsheet)))

      const layout = Effect.fnUntraced(function* <Columns>(
        spreadsheet: string,
        title: string,
        urgency: Urgency,
        columns: (header: ReadonlyArray<string>) => Result.Result<Columns, ColumnFault>,
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
            ? newInbox(yield* randomSheetId, Math.max(columns, inboxColumns)).requests
            : [moreColumns(known.sheetId, columns - known.columnCount)]
        yield* guard.write(setupOf(accounts, requests, urgency), () => Effect.void)
        const made = (yield* turns.accounts.withPermit(read(accounts, urgency, false))).get(
          inboxTitle,
        )
        return made ?? (yield* TabUnusable.gone(inboxTitle))
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

      // The base tabs come first, since their extra columns go into new issued tabs.
      const prepare = Effect.forEach(
        [accounts, issued],
        (spreadsheet) => facts(spreadsheet, "background", () => true),
        { discard: true },
      ).pipe(Effect.withSpan("Tabs.prepare"))

      return Tabs.of({ base, issued: issuedLayout, inbox, forget, prepare })
    }),
  )
}

/** When a tab that could not be used is looked at again. */
const lookAgainAfter = 60_000
/** When everything is read again. */
const readAgainAfter = 3_600_000
/** How wide the inbox tab is made. */
const inboxColumns = 128

/** What is known of a spreadsheet. */
interface KnownBook {
  readonly facts: Facts
  /** See observe/elapsed.ts. */
  readonly readAt: number
  readonly stale: boolean
  /** The tabs that were missing have been made. What people remove later is not made again. */
  readonly isMade: boolean
}

/** Whether it is to be read again. */
const isOld = ({ stale }: KnownBook, age: number) => stale || age > readAgainAfter

/** The write that makes tabs. */
const setupOf = (spreadsheet: string, requests: ReadonlyArray<SheetRequest>, urgency: Urgency) => ({
  spreadsheet,
  kind: "setup" as const,
  urgency,
  plan: () => Effect.succeedSome({ about: null, requests }),
})

/** Makes looks of which the first one at the base tabs may have been made for new issued tabs. */
const makeLooksOnce = Effect.fnUntraced(function* (
  accounts: string,
  look: (spreadsheet: string, urgency: Urgency) => Effect.Effect<Facts, SheetsError>,
) {
  const early = yield* Ref.make<{ readonly facts: Facts; readonly at: number } | undefined>(
    undefined,
  )

  const lookEarly = Effect.fnUntraced(function* (urgency: Urgency) {
    const facts = yield* look(accounts, urgency)
    yield* Ref.set(early, { facts, at: yield* elapsed })
    return facts
  })

  /** Looks, unless that was done a moment ago. */
  const lookOnce = Effect.fnUntraced(function* (spreadsheet: string, urgency: Urgency) {
    if (spreadsheet !== accounts) return yield* look(spreadsheet, urgency)
    const before = yield* Ref.getAndSet(early, undefined)
    const isFresh = before !== undefined && (yield* elapsed) - before.at < lookAgainAfter
    return isFresh ? before.facts : yield* look(spreadsheet, urgency)
  })

  return { lookEarly, lookOnce }
})

/**
 * Makes the report to the admins of tabs that cannot be used, and of those that can be used again.
 */
const makeTabReport = Effect.fnUntraced(function* (
  wanted: (spreadsheet: string) => ReadonlyArray<WantedTab>,
) {
  const alarms = yield* Alarms
  const raised = yield* Ref.make<ReadonlyMap<string, TabProblem>>(new Map())

  return Effect.fnUntraced(function* (spreadsheet: string, facts: Facts) {
    for (const tab of wanted(spreadsheet)) {
      const problem = problemOf(facts, tab)
      const before = (yield* Ref.get(raised)).get(tab.title)
      if (before !== undefined && !isSameProblem(before, problem)) {
        yield* alarms.clear(alarmOf(before))
      }
      if (problem === undefined) yield* alarms.clear({ _tag: "HeaderMoved", tab: tab.title })
      else yield* alarms.raise(alarmOf(problem))
      yield* Ref.update(raised, (all) => withEntry(all, tab.title, problem))
    }
  })
})

/** Why a tab cannot be used; nothing where it can. */
export const problemOf = (
  facts: Facts,
  { title, resource, kind }: WantedTab,
): TabProblem | undefined => {
  const known = facts.get(foldName(title))
  if (known === undefined) return { tab: title, column: null, places: [], header: [] }
  const { header } = known
  const fault =
    kind === "base"
      ? Result.getFailure(baseColumns(resource, header))
      : Result.getFailure(issuedColumns(resource, header))
  return fault._tag === "None"
    ? undefined
    : { tab: title, ...fault.value, header: shownHeader(resource, header) }
}

interface TabProblem {
  readonly tab: string
  readonly column: string | null
  readonly places: ReadonlyArray<string>
  /** The headers that the tab has, as an admin is shown them. */
  readonly header: ReadonlyArray<string>
}

const alarmOf = ({ tab, column, places, header }: TabProblem): Alarm => ({
  _tag: "TabUnusable",
  tab,
  column,
  ...(places.length === 0 ? {} : { places }),
  ...(header.length === 0 || places.length > 0 ? {} : { header }),
})

const isSameProblem = (one: TabProblem, other: TabProblem | undefined) =>
  one.column === other?.column && one.places.join() === other.places.join()

const layoutOf = <Columns>(
  facts: Facts,
  title: string,
  columns: (header: ReadonlyArray<string>) => Result.Result<Columns, ColumnFault>,
): Result.Result<Layout<Columns>, TabUnusable> => {
  const known = facts.get(foldName(title))
  if (known === undefined) return Result.fail(TabUnusable.gone(title))
  return Result.mapBoth(columns(known.header), {
    onSuccess: (found) => ({ ...known, columns: found }),
    onFailure: (fault) => new TabUnusable({ tab: title, ...fault }),
  })
}

/**
 * The tabs of the catalogue that are missing or wholly blank, and how they are made. `base`: the
 * spreadsheet of the base tabs, whose extra columns go into new issued tabs.
 */
const missingTabs = Effect.fnUntraced(function* (
  client: SheetsClient["Service"],
  spreadsheet: string,
  wanted: ReadonlyArray<WantedTab>,
  facts: Facts,
  base: Facts,
) {
  const made: Array<NewTab> = []
  for (const { title, resource, kind } of wanted) {
    const header =
      kind === "base"
        ? newBaseHeader(resource)
        : newIssuedHeader(resource, extrasOf(base, resource))
    const known = facts.get(foldName(title))
    if (known === undefined) {
      made.push(newTab(yield* randomSheetId, title, header))
    } else if (!hasHeader(known) && known.columnCount >= header.length) {
      // Where rows stand below a blank header, only a person knows what their columns hold.
      const [rows = []] = yield* client.values(spreadsheet, [quoted(known.title)], "background")
      if (rows.length === 0) made.push(newHeader(known, header))
    }
  }
  return made
})

/** A number for a new tab: Google takes any that is free. */
const randomSheetId = Random.nextIntBetween(1, 2 ** 31 - 1)

/**
 * Headers of the base tabs of a resource that the catalogue does not know, as far as they were
 * read.
 */
const extrasOf = (facts: Facts, resource: Resource): ReadonlyArray<string> =>
  resource.baseTabs.flatMap(({ title }) =>
    Result.match(baseColumns(resource, facts.get(foldName(title))?.header ?? []), {
      onFailure: () => [],
      onSuccess: ({ extras }) => extras.map(({ header }) => header),
    }),
  )

/**
 * Reads where the tabs of a spreadsheet are and what their headers say: first which of them exist,
 * since Google refuses a read that names a missing tab.
 */
export const readFacts = Effect.fnUntraced(function* (
  client: SheetsClient["Service"],
  spreadsheet: string,
  titles: ReadonlyArray<string>,
  urgency: Urgency,
) {
  const options = { fields: "sheets(properties(title))", ranges: [], urgency }
  const present = factsOf(yield* client.get(spreadsheet, options))
  // The spelling of the sheet itself: Google finds a tab by nothing else, to the last space.
  const asked = titles.flatMap((title) => present.get(foldName(title))?.title ?? [])
  const none: Facts = new Map()
  return asked.length === 0 ? none : yield* readHeaders(client, spreadsheet, asked, urgency)
})

/** Reads the same of tabs that are known to exist. */
const readHeaders = (
  client: SheetsClient["Service"],
  spreadsheet: string,
  titles: ReadonlyArray<string>,
  urgency: Urgency,
): Effect.Effect<Facts, SheetsError> => {
  const ranges = titles.map((title) => wholeRows(title, 0, 0))
  return Effect.map(client.get(spreadsheet, { fields: headerMask, ranges, urgency }), factsOf)
}

const headerMask =
  "sheets(properties(sheetId,title,gridProperties(rowCount,columnCount))," +
  "data(rowData(values(userEnteredValue,effectiveValue,formattedValue))))"

/** Nothing where the tab cannot be used now; the admins have been told by then. */
export const ifUsable = <Columns>(
  layout: Effect.Effect<Layout<Columns>, TabFailure>,
): Effect.Effect<Option.Option<Layout<Columns>>, SheetsFailure> =>
  Effect.catchTag(Effect.asSome(layout), "TabUnusable", () => Effect.succeedNone)

/**
 * Reads once more, after the tabs were looked up anew, where Google refuses: it refuses a read of
 * several tabs as a whole when one of them is gone.
 */
export const retriedIfRefused = <A>(
  tabs: Tabs["Service"],
  spreadsheet: string,
  look: Effect.Effect<A, SheetsFailure>,
) => Effect.catchIf(look, isRefused, () => Effect.andThen(tabs.forget(spreadsheet), look))

/** Whether Google refused a range because there is no such tab. */
export const isNoSuchTab = ({ reason }: SheetsError) =>
  reason._tag === "Refused" && reason.message.startsWith("Unable to parse range")

/** The map with another entry, or without the key where the value is `undefined`. */
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
