/**
 * How a row is read: which region its item is for, and how a row of quarantine is read once more, by
 * the rules that base tabs are read by.
 */
import { Effect, Layer, Result } from "effect"
import { Regions } from "../access/Regions.ts"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { foldName } from "../domain/identity.ts"
import type { Item, Quarantined } from "../domain/Item.ts"
import { type FindRegion, regionHeaderIn } from "../domain/Region.ts"
import { headerFromBase, wordsOf } from "../domain/sheetWords.ts"
import { type Reread, RowReader } from "../pool/RowReader.ts"
import { readRow } from "../sheets/BaseRow.ts"
import { type BaseColumns, findColumns } from "../sheets/Headers.ts"
import { enteredCell } from "../sheets/Return.ts"

export const layer = Layer.effect(
  RowReader,
  Effect.gen(function* () {
    const { resources } = yield* CatalogueSource
    const { phoneCountry } = yield* Settings
    const { finder } = yield* Regions

    const read = (
      regions: FindRegion,
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
      const at = typed === undefined ? -1 : placeOf(typed.column, resource, columns.success)
      const now = Array.from({ length: Math.max(cells.length, at + 1) }, (_, index) =>
        index === at ? { value: typed?.text ?? "" } : (cells[index] ?? { value: null }),
      )
      const place = { resource, tab, columns: columns.success, id: row.id, phoneCountry }
      const found = readRow(place, now.map(enteredCell))
      switch (found._tag) {
        case "Item":
          return inItsRegion(found.item, regions, resource)
        case "Quarantined":
          return { _tag: "Faulty", reason: found.row.reason, column: found.row.column }
        case "Blank":
          return faulty
      }
    }

    return RowReader.of({
      read: (...about) => Effect.map(finder, (regions) => read(regions, ...about)),
    })
  }),
)

/** Where the column is that the catalogue has under this header, or that has it in the row. */
const placeOf = (column: string, resource: Resource, { header, byKey }: BaseColumns): number => {
  const known = resource.columns.find((each) => foldName(each.header) === foldName(column))
  return (
    (known === undefined ? undefined : byKey.get(known.key)) ??
    header.findIndex((name) => foldName(name) === foldName(column))
  )
}

type InRegion =
  | Extract<Reread, { readonly _tag: "Item" }>
  | (Extract<Reread, { readonly _tag: "Faulty" }> & { readonly item: Item })

/**
 * The item with the region that its row means, or the fault that people cannot choose it. What was
 * typed comes along where it says more than the region.
 */
export const inItsRegion = (
  item: Item,
  regions: FindRegion,
  words: Pick<Resource, "sheetWords">,
): InRegion => {
  if (item.region === null) return { _tag: "Item", item }
  const region = regions(item.region)
  if (region === undefined) {
    return { _tag: "Faulty", reason: "region", column: regionHeaderIn(item.origin.header), item }
  }
  const typed = { header: headerFromBase(words, wordsOf(words).region), text: item.region }
  const isSame = foldName(item.region) === foldName(region)
  return {
    _tag: "Item",
    item: { ...item, region, extras: isSame ? item.extras : [...item.extras, typed] },
  }
}
