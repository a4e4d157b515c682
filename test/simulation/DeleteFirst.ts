/**
 * A claim as one would first write it: read the rows, delete them, then remember them.
 *
 * Planted: whoever is killed between the last two steps has lost the rows.
 */
import { Effect, Layer } from "effect"
import { Settings } from "../../src/config/Settings.ts"
import type { BaseTab, Resource } from "../../src/domain/Catalogue.ts"
import { type Item, ItemId } from "../../src/domain/Item.ts"
import { Claim } from "../../src/sheets/Claim.ts"
import { SheetsClient } from "../../src/sheets/SheetsClient.ts"
import { Tabs } from "../../src/sheets/Tabs.ts"

export const layer: typeof Claim.layer = Layer.effect(
  Claim,
  Effect.gen(function* () {
    const { spreadsheetAccounts } = yield* Settings
    const client = yield* SheetsClient
    const tabs = yield* Tabs
    let claims = 0

    const look = (tab: BaseTab, rows: number) =>
      Effect.map(
        client.values(spreadsheetAccounts, [`'${tab.title}'!A2:B${rows + 1}`], "background"),
        ([found = []]) => found.map((cells) => cells.map(String)),
      )

    return Claim.of({
      claim: Effect.fnUntraced(function* ({ resource, tab, rows }, deliver) {
        const { sheetId } = yield* tabs.base(resource, tab, "background")
        const found = yield* look(tab, rows)
        claims += 1
        const claim = `claim${claims}`
        if (found.length > 0) {
          const range = { sheetId, dimension: "ROWS", startIndex: 1, endIndex: found.length + 1 }
          yield* client.batchUpdate(
            spreadsheetAccounts,
            { requests: [{ deleteDimension: { range } }] },
            { fields: "replies", urgency: "background" },
          )
        }
        const items = found.map((cells, at) => itemOf(resource, tab, cells, `${claim}-${at}`))
        const claimed = { claim, tab: tab.title, items, quarantined: [], halfTyped: [] }
        yield* deliver(claimed)
        return claimed
      }),
      filled: Effect.fnUntraced(function* (wanted) {
        const runs = yield* Effect.forEach(wanted, ({ tab }) =>
          Effect.map(
            look(tab, 1),
            ({ length }) => [tab.title, [{ from: 1, rows: length }]] as const,
          ),
        )
        return new Map(runs.filter(([, [run]]) => run.rows > 0))
      }),
      counted: Effect.fnUntraced(function* (wanted) {
        const counts = yield* Effect.forEach(wanted, ({ tab }) =>
          Effect.map(
            look(tab, 1_000),
            ({ length }) =>
              [
                tab.title,
                { rows: length, runs: [{ from: 1, rows: length }], halfTyped: [] },
              ] as const,
          ),
        )
        return new Map(counts)
      }),
      settle: () => Effect.void,
      finish: () => () => Effect.void,
      strangers: Effect.succeed([]),
      acquaint: () => Effect.void,
    })
  }),
)

const itemOf = (
  resource: Resource,
  tab: BaseTab,
  cells: ReadonlyArray<string>,
  id: string,
): Item => {
  const [login = "", password = ""] = cells
  return {
    id: ItemId.make(id),
    resource: resource.id,
    variant: tab.variant,
    key: login,
    fields: { login, password },
    extras: [],
    region: null,
    day: null,
    origin: { tab: tab.title, header: ["Логин", "Пароль"], cells: [] },
  }
}
