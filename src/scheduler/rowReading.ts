/** How a row of quarantine is read once more: by the rules that base tabs are read by. */
import { Effect, Layer, Result } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { Settings } from "../config/Settings.ts"
import { foldName } from "../domain/identity.ts"
import type { Quarantined } from "../domain/Item.ts"
import { type Reread, RowReader } from "../pool/RowReader.ts"
import { readRow } from "../sheets/BaseRow.ts"
import { findColumns } from "../sheets/Headers.ts"
import { enteredCell } from "../sheets/Return.ts"

export const layer = Layer.effect(
  RowReader,
  Effect.gen(function* () {
    const { resources } = yield* CatalogueSource
    const { phoneCountry } = yield* Settings

    const read = (
      id: string,
      row: Quarantined,
      typed?: { column: string; text: string },
    ): Reread => {
      const faulty = { _tag: "Faulty", reason: row.reason, column: row.column } as const
      const resource = resources.find((one) => one.id === id)
      const tab = resource?.baseTabs.find(({ title }) => foldName(title) === foldName(row.tab))
      if (resource === undefined || tab === undefined) return faulty
      const { header, cells } = row.origin
      const columns = findColumns(resource, header)
      if (Result.isFailure(columns)) return { ...faulty, column: columns.failure.column }
      const at =
        typed === undefined
          ? -1
          : header.findIndex((name) => foldName(name) === foldName(typed.column))
      const now = Array.from({ length: Math.max(cells.length, at + 1) }, (_, index) =>
        index === at ? { value: typed?.text ?? "" } : (cells[index] ?? { value: null }),
      )
      const place = { resource, tab, columns: columns.success, id: row.id, phoneCountry }
      const found = readRow(place, now.map(enteredCell))
      switch (found._tag) {
        case "Item":
          return { _tag: "Item", item: found.item }
        case "Quarantined":
          return { _tag: "Faulty", reason: found.row.reason, column: found.row.column }
        case "Blank":
          return faulty
      }
    }

    return RowReader.of({ read: (...about) => Effect.sync(() => read(...about)) })
  }),
)
