/**
 * Takes rows out of a base tab, in one write.
 *
 * The rows lie in the hidden inbox tab from the write on, and stay there until the claim after
 * it; whatever crashes, what the inbox has and the journal does not is imported again.
 */
import { Context, Effect, Layer, Option, Schema } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { Settings } from "../config/Settings.ts"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import { Alarms } from "../observe/Alarms.ts"
import { StorageUnavailable } from "../store/Journal.ts"
import { wholeRows } from "./A1.ts"
import { type Brought, ClaimAbout, type Claimed, leftBehind, readClaim } from "./claimedRows.ts"
import type { Run } from "./claimableRuns.ts"
import { claimRequests } from "./claimRequests.ts"
import { makeFilled, type Wanted } from "./filledTabs.ts"
import { type Applied, Guard, type OnApplied } from "./Guard.ts"
import { makeInbox } from "./Inbox.ts"
import type { Urgency } from "./limiterState.ts"
import { SheetsClient } from "./SheetsClient.ts"
import { SheetsError } from "./SheetsError.ts"
import { Tabs } from "./Tabs.ts"
import { inboxTitle } from "./tabSetup.ts"
import type { TabUnusable } from "./TabUnusable.ts"

/** Makes what was claimed durable. Idempotent by the claim's token. */
export type Deliver = (claimed: Claimed) => Effect.Effect<void, StorageUnavailable>

type Failure = TabUnusable | SheetsError | StorageUnavailable

export class Claim extends Context.Service<
  Claim,
  {
    /**
     * Cuts up to `rows` rows, from the top or from the row with the index `from`; `deliver` has
     * run when it returns. Rows may have moved since somebody looked where they are: what is cut
     * is brought as what it is.
     */
    claim(
      request: {
        readonly resource: Resource
        readonly tab: BaseTab
        readonly rows: number
        readonly urgency: Urgency
        readonly from?: number
      },
      deliver: Deliver,
    ): Effect.Effect<Claimed, Failure>
    /** Finishes a claim whose end is not known yet; nothing where there is none. */
    settle(urgency: Urgency): Effect.Effect<void, SheetsError | StorageUnavailable>
    /** Where the tabs have rows to claim, by title, those without left out: one read for all. */
    filled(
      wanted: ReadonlyArray<Wanted>,
      urgency: Urgency,
    ): Effect.Effect<ReadonlyMap<string, ReadonlyArray<Run>>, SheetsError | StorageUnavailable>
    /** How many rows the tabs have, by title, those that cannot be used left out: one read for all. */
    counted(
      wanted: ReadonlyArray<Wanted>,
      urgency: Urgency,
    ): Effect.Effect<ReadonlyMap<string, number>, SheetsError | StorageUnavailable>
    /** How a claim of a former process ends. */
    finish(
      deliver: (resource: string, claimed: Claimed) => Effect.Effect<void, StorageUnavailable>,
    ): OnApplied<void>
  }
>()("account-bot/sheets/Claim") {
  static readonly layer = Layer.effect(
    Claim,
    Effect.gen(function* () {
      const { spreadsheetAccounts: spreadsheet } = yield* Settings
      const { resources } = yield* CatalogueSource
      const client = yield* SheetsClient
      const guard = yield* Guard
      const tabs = yield* Tabs
      const alarms = yield* Alarms
      const inbox = yield* makeInbox(spreadsheet)

      const find = (title: string) =>
        Option.fromUndefinedOr(
          resources
            .flatMap((resource) => resource.baseTabs.map((tab) => ({ resource, tab })))
            .find(({ tab }) => tab.title === title),
        )

      const report = Effect.fnUntraced(function* (
        brought: Brought,
        about: ClaimAbout,
        lost: number,
      ) {
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

      const finishClaim = Effect.fnUntraced(function* (
        { intent, answer }: Applied,
        resource: Resource,
        tab: BaseTab,
        about: ClaimAbout,
        deliver: Deliver,
      ) {
        const answered = Option.flatMapNullishOr(answer, (one) => one.updatedSpreadsheet)
        const book = Option.isSome(answered) ? answered.value : yield* inbox.read(about.inbox)
        const brought = readClaim(resource, tab, about, intent.token, book)
        const lost = Option.match(answer, { onNone: () => 0, onSome: leftBehind })
        yield* report(brought, about, lost)
        yield* deliver(brought.claimed)
        yield* inbox.settled(brought.rowsFound)
        return brought.claimed
      })

      const claim: Claim["Service"]["claim"] = Effect.fn("Claim.claim")(function* (
        { resource, tab, rows, urgency, from = 1 },
        deliver,
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
        }
        const plan = Effect.fnUntraced(function* (token: string) {
          const trim = yield* inbox.trim(urgency)
          const base = layout.sheetId
          return Option.some({
            about,
            requests: claimRequests({ token, base, inbox: place.sheetId, from, rows, trim }),
            responseRanges: [wholeRows(place.title, 0, rows)],
          })
        })
        const claimed = yield* guard
          .write({ spreadsheet, kind: "claim", urgency, plan }, (applied) =>
            finishClaim(applied, resource, tab, about, deliver),
          )
          .pipe(Effect.tapError(() => Effect.andThen(tabs.forget(spreadsheet), inbox.forget)))
        return Option.getOrElse(claimed, () => nothing(tab))
      })

      const settle: Claim["Service"]["settle"] = Effect.fn("Claim.settle")(function* (urgency) {
        const nothingNew = { spreadsheet, kind: "claim", urgency, plan: noPlan } as const
        yield* guard.write(nothingNew, () => Effect.void)
      })

      const { filled, counted } = makeFilled({ client, tabs, spreadsheet, resources })

      const finish: Claim["Service"]["finish"] = (deliver) =>
        Effect.fnUntraced(function* (applied) {
          const about = yield* Effect.mapError(
            decodeAbout(applied.intent.about),
            (cause) => new StorageUnavailable({ operation: "intent of a claim", cause }),
          )
          const known = find(about.tab)
          if (Option.isNone(known)) {
            // The catalogue lost the tab; its rows stay in the inbox until it has it again.
            return yield* new SheetsError({
              method: "claim",
              spreadsheet,
              reason: { _tag: "Unsettled" },
            })
          }
          const { resource, tab } = known.value
          yield* finishClaim(applied, resource, tab, about, (claimed) =>
            deliver(resource.id, claimed),
          )
        })

      return Claim.of({ claim, settle, filled, counted, finish })
    }),
  )
}

const noPlan = () => Effect.succeedNone

const decodeAbout = Schema.decodeUnknownEffect(ClaimAbout)

/** So many columns may be added to a base tab before it is looked at again. */
const spareColumns = 100

const nothing = (tab: BaseTab): Claimed => ({
  claim: "",
  tab: tab.title,
  items: [],
  quarantined: [],
  exhausted: true,
})
