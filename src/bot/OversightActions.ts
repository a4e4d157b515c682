/** Buttons of the admins' look at it all: exported files, and how the bot is. */
import { Schema } from "effect"
import { ResourceId } from "../domain/Catalogue.ts"
import { orAny, PageNumber } from "./ButtonFields.ts"
import { Digest } from "./StockActions.ts"

const resource = { resource: orAny(ResourceId) }

export const oversightActions = {
  /** Choose of what; then for how long. */
  Exports: { page: PageNumber },
  ExportOf: resource,
  /** Days up to now; "all": since ever. */
  ExportFile: { ...resource, days: Schema.Literals(["1", "7", "30", "all"]) },
  /** `seen` tells what the message shows; empty: draw it anyway. */
  Health: { seen: Digest },
}

export const oversightScreens = {
  Exports: "ex1",
  ExportOf: "ey1",
  ExportFile: "ez1",
  Health: "hl1",
} as const
