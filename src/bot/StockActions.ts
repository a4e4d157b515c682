/** Buttons of the admins' work on the stock. */
import { Schema } from "effect"
import { ResourceId } from "../domain/Catalogue.ts"
import { TelegramId } from "../domain/Employee.ts"
import { asText, PageNumber } from "./ButtonFields.ts"

export const Digest = Schema.String.check(Schema.isPattern(/^[0-9a-z]{0,7}$/))
const Way = Schema.Literals(["clear", "release"])
/** As State.ts of the pools says them. */
const Version = Schema.String.check(Schema.isPattern(/^[0-9]{1,16}$/))
const TrashId = Schema.String.check(Schema.isPattern(/^[0-9A-Z]{10}$/))

const resource = { resource: ResourceId }

export const stockActions = {
  /** `seen` tells what the message shows; empty: draw it anyway. */
  Stock: { page: PageNumber, seen: Digest },
  Who: { view: Schema.Literals(["items", "people"]), page: PageNumber, seen: Digest },
  WhoPerson: { holder: asText(TelegramId), page: PageNumber, seen: Digest },
  Pauses: { page: PageNumber },
  Pause: resource,
  Resume: resource,
  /** Choose whose stock goes. */
  Emptyings: { way: Way, page: PageNumber },
  /** Show what goes. */
  EmptyingOf: { way: Way, ...resource },
  /** Let it go, if the stock is still the one that was shown. */
  Empty: { way: Way, ...resource, version: Version },
  Trashes: { page: PageNumber },
  Restore: { ...resource, trash: TrashId },
}

export const stockScreens = {
  Stock: "sk1",
  Who: "wh1",
  WhoPerson: "wq1",
  Pauses: "ps1",
  Pause: "pz1",
  Resume: "rz1",
  Emptyings: "es1",
  EmptyingOf: "eo1",
  Empty: "em1",
  Trashes: "tr1",
  Restore: "rt1",
} as const
