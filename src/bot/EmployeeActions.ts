/** Buttons around a request: the same once more, being told of new stock, what was issued before. */
import { Schema } from "effect"
import { ResourceId, VariantId } from "../domain/Catalogue.ts"
import { Region } from "../domain/Region.ts"
import { orAny, PageNumber, Quantity, Targets } from "./ButtonFields.ts"

/** What tells the things apart that a person may wait for. */
const kind = { resource: ResourceId, targets: Targets, region: Region, variant: orAny(VariantId) }
const order = { ...kind, quantity: Quantity }

export const employeeActions = {
  /** A fresh menu that begins with this order: the message it is pressed on shows goods. */
  Again: order,
  /** Tell me when there is something. */
  Wait: order,
  /** … no more; `from` says which screen is drawn afterwards. */
  Unwait: {
    ...kind,
    from: Schema.Literals(["m", "w"]).transform(["my", "wait"]),
  },
  /** All that was ever issued to whoever presses it. */
  History: { page: PageNumber },
}

export const employeeScreens = {
  Again: "ag1",
  Wait: "wt1",
  Unwait: "wu1",
  History: "hi1",
} as const
