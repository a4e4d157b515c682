/** One row of stock from the moment it is taken out of the sheet. */
import { Schema } from "effect"
import { ResourceId, VariantId } from "./Catalogue.ts"
import { Day } from "./Day.ts"

/** `<claim token>-<ordinal of the row in the claim>`: the same after any number of retries. */
export const ItemId = Schema.NonEmptyString.pipe(Schema.brand("ItemId"))
export type ItemId = typeof ItemId.Type

/** A cell as the person left it, kept so that a return restores it exactly. */
export const Cell = Schema.Struct({
  value: Schema.NullOr(Schema.Union([Schema.String, Schema.Finite, Schema.Boolean])),
  format: Schema.optionalKey(
    Schema.Struct({ type: Schema.String, pattern: Schema.optionalKey(Schema.String) }),
  ),
  /** The note on the cell, where it has one. */
  note: Schema.optionalKey(Schema.String),
})
export type Cell = typeof Cell.Type

export const Origin = Schema.Struct({
  tab: Schema.String,
  header: Schema.Array(Schema.String),
  cells: Schema.Array(Cell),
})
export type Origin = typeof Origin.Type

export const Item = Schema.Struct({
  id: ItemId,
  resource: ResourceId,
  variant: Schema.NullOr(VariantId),
  /** Normalised value of the identity column: two items with one key are the same thing. */
  key: Schema.NonEmptyString,
  /** Values by column key of the catalogue. Secret. */
  fields: Schema.Record(Schema.String, Schema.String),
  /** Columns the catalogue does not know; they travel with the item. Secret. */
  extras: Schema.Array(Schema.Struct({ header: Schema.String, text: Schema.String })),
  /** From a «Регион» column: the item is only for that region. */
  region: Schema.NullOr(Schema.String),
  day: Schema.NullOr(Day),
  origin: Origin,
})
export type Item = typeof Item.Type

/** A row that cannot be issued, or must not be any more. It is kept, and reported to the admins once. */
export const Quarantined = Schema.Struct({
  id: ItemId,
  tab: Schema.String,
  reason: Schema.Literals([
    "missing",
    "unreadable",
    "converted",
    "formula",
    "duplicate",
    "issuedBefore",
    "header",
    "withheld",
    "region",
    "restored",
  ]),
  /** Header of the column at fault, where one is. Never its value. */
  column: Schema.NullOr(Schema.String),
  origin: Origin,
  reported: Schema.Boolean,
  /** The id of the issuance, where somebody held the item when it was set aside. */
  issuance: Schema.optionalKey(Schema.String),
  /** The key of the item, where it was one that could be issued. Secret. */
  key: Schema.optionalKey(Schema.String),
})
export type Quarantined = typeof Quarantined.Type

/** The three ways out of quarantine: back to the tab, into stock, or into the trash. */
export const QuarantineWay = Schema.Literals(["return", "issue", "drop"])
export type QuarantineWay = typeof QuarantineWay.Type

/** A row that leaves quarantine; `item`: what it is issued as, on the way "issue". */
export const Leaving = Schema.Struct({ row: Quarantined, item: Schema.NullOr(Item) })
export type Leaving = typeof Leaving.Type
