/** Buttons of the journal as admins read it. */
import { Schema } from "effect"
import { TelegramId } from "../domain/Employee.ts"
import { IssuanceId } from "../domain/Issuance.ts"
import { asText } from "./ButtonFields.ts"

/** Events older than that one; `0`: from the newest on. */
const before = asText(
  Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
)

export const auditActions = {
  Audit: { before },
  AuditPerson: { person: asText(TelegramId), before },
  AuditIssuance: { issuance: IssuanceId, before },
}

export const auditScreens = {
  Audit: "au1",
  AuditPerson: "aq1",
  AuditIssuance: "ai1",
} as const
