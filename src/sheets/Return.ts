/**
 * Puts items back into the base tabs they came from, beside the rows of the same date.
 *
 * One read and one write for any number of rows and dates of a tab. An item is on its way back
 * until the write is known to have taken effect, so it stands in the tab exactly once.
 */
import { Context, Effect, Layer, Option, Ref, Result, Schema } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { returnRowsMax } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import { type Item, ItemId } from "../domain/Item.ts"
import { StorageUnavailable } from "../store/Journal.ts"
import { quoted } from "./A1.ts"
import { type Applied, Guard, type OnApplied } from "./Guard.ts"
import { baseColumns, fold } from "./Headers.ts"
import { returnGroups } from "./returnPlaces.ts"
import { daysOf, returnRequests } from "./returnRequests.ts"
import { SheetsClient } from "./SheetsClient.ts"
import { SheetsError } from "./SheetsError.ts"
import { Tabs } from "./Tabs.ts"
import { TabUnusable } from "./TabUnusable.ts"

/** What brings a return to its end after a restart. */
const ReturnAbout = Schema.Struct({
  resource: Schema.String,
  tab: Schema.String,
  ids: Schema.Array(ItemId),
})
const decodeAbout = Schema.decodeUnknownEffect(ReturnAbout)

/** Makes it durable that the items stand in their tab again. Idempotent. */
export type Returned = (ids: ReadonlyArray<ItemId>) => Effect.Effect<void, StorageUnavailable>

type Failure = TabUnusable | SheetsError | StorageUnavailable

export class Return extends Context.Service<
  Return,
  {
    /**
     * Returns what waits for it; answers how many. `waiting` is asked when everything earlier is
     * settled, and must not give what `returned` was told. Items of a tab that cannot be used,
     * or that the catalogue does not have, go on waiting and hold up no others.
     */
    returnItems(
      resource: Resource,
      waiting: Effect.Effect<ReadonlyArray<Item>>,
      returned: Returned,
    ): Effect.Effect<number, Failure>
    /** How a return of a former process ends. */
    finish(
      returned: (
        resource: string,
        ids: ReadonlyArray<ItemId>,
      ) => Effect.Effect<void, StorageUnavailable>,
    ): OnApplied<void>
  }
>()("account-bot/sheets/Return") {
  static readonly layer = Layer.effect(
    Return,
    Effect.gen(function* () {
      const { spreadsheetAccounts: spreadsheet } = yield* Settings
      const { resources } = yield* CatalogueSource
      const client = yield* SheetsClient
      const guard = yield* Guard
      const tabs = yield* Tabs
      /** Tabs that the catalogue lost, of which the log knows. */
      const lost = yield* Ref.make<ReadonlySet<string>>(new Set())

      const look = Effect.fnUntraced(function* (resource: Resource, tab: BaseTab, title: string) {
        const [[top = [], ...rows] = []] = yield* client.values(
          spreadsheet,
          [quoted(title)],
          "background",
        )
        const columns = yield* Effect.fromResult(
          Result.mapError(
            baseColumns(resource, top.map(String)),
            (column) => new TabUnusable({ tab: tab.title, column }),
          ),
        )
        return { columns, rows }
      })

      /** Up to as many rows as one write may have. */
      const some = Effect.fnUntraced(function* (
        resource: Resource,
        tab: BaseTab,
        waiting: Effect.Effect<ReadonlyArray<Item>>,
        returned: Returned,
      ) {
        const { title, sheetId, columnCount } = yield* tabs.base(resource, tab, "background")
        let count = 0
        const plan = Effect.fnUntraced(function* () {
          const items = (yield* waiting).filter(isOf(tab)).slice(0, returnRowsMax)
          count = items.length
          if (count === 0) return Option.none()
          const { columns, rows } = yield* look(resource, tab, title)
          const target = { resource, sheetId, columnCount, columns }
          return Option.some({
            about: { resource: resource.id, tab: tab.title, ids: items.map(({ id }) => id) },
            requests: returnRequests(target, returnGroups(daysOf(target, rows), items)),
          })
        })
        yield* guard.write(
          { spreadsheet, kind: "return", urgency: "background", plan },
          (applied) => Effect.flatMap(aboutOf(applied), ({ ids }) => returned(ids)),
        )
        return count
      })

      const all = Effect.fnUntraced(function* (...what: Parameters<typeof some>) {
        let count = 0
        while (true) {
          const more = yield* some(...what)
          count += more
          if (more < returnRowsMax) return count
        }
      })

      const tellLost = Effect.fnUntraced(function* (items: ReadonlyArray<Item>) {
        const known = yield* Ref.get(lost)
        const titles = new Set(items.map(({ origin }) => origin.tab))
        for (const title of titles) {
          if (known.has(title)) continue
          yield* Effect.logDebug(`items of "${title}" wait: the catalogue has no such base tab`)
        }
        yield* Ref.set(lost, new Set([...known, ...titles]))
      })

      const returnItems: Return["Service"]["returnItems"] = Effect.fn("Return.returnItems")(
        function* (resource, waiting, returned) {
          const items = yield* waiting
          const { baseTabs } = resource
          yield* tellLost(items.filter((item) => !baseTabs.some((tab) => isOf(tab)(item))))
          const ends = yield* Effect.forEach(
            baseTabs.filter((tab) => items.some(isOf(tab))),
            (tab) =>
              all(resource, tab, waiting, returned).pipe(
                Effect.tapError(() => tabs.forget(spreadsheet)),
                Effect.result,
              ),
          )
          const counts = yield* Effect.forEach(ends, Effect.fromResult)
          return counts.reduce((sum, count) => sum + count, 0)
        },
      )

      const finish: Return["Service"]["finish"] = (returned) =>
        Effect.fnUntraced(function* (applied) {
          const about = yield* aboutOf(applied)
          if (!resources.some(({ id }) => id === about.resource)) {
            // Nobody could be told; it stays open until the catalogue has the resource again.
            return yield* new SheetsError({
              method: "return",
              spreadsheet,
              reason: { _tag: "Unsettled" },
            })
          }
          yield* returned(about.resource, about.ids)
        })

      return Return.of({ returnItems, finish })
    }),
  )
}

const aboutOf = ({ intent }: Applied) =>
  Effect.mapError(
    decodeAbout(intent.about),
    (cause) => new StorageUnavailable({ operation: "intent of a return", cause }),
  )

const isOf =
  ({ title }: BaseTab) =>
  ({ origin }: Item) =>
    fold(origin.tab) === fold(title)
