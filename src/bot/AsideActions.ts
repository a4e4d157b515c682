/** Buttons about what is taken from people without access into quarantine. */
import { Schema } from "effect"
import { ResourceId } from "../domain/Catalogue.ts"
import { TelegramId } from "../domain/Employee.ts"
import { IssuanceId } from "../domain/Issuance.ts"
import { asText, PageNumber } from "./ButtonFields.ts"

export const asideActions = {
  /** Shows what goes into quarantine; LeftSettle does it. */
  AsideAsk: {
    person: asText(TelegramId),
    which: Schema.Union([Schema.Literal("all"), IssuanceId]),
  },
  /** What can be given back. */
  Asides: { page: PageNumber },
  AsideBack: { resource: ResourceId, issuance: IssuanceId },
}

export const asideScreens = {
  AsideAsk: "qk1",
  Asides: "ql1",
  AsideBack: "qb1",
} as const
