/** Buttons about rows that Google refuses, and about those that are not written. */
import { ResourceId } from "../domain/Catalogue.ts"
import { IssuanceId } from "../domain/Issuance.ts"
import { PageNumber } from "./ButtonFields.ts"
import { Digest } from "./StockActions.ts"

const row = { resource: ResourceId, issuance: IssuanceId }

export const failedActions = {
  Failed: { page: PageNumber, seen: Digest },
  FailedRetryAll: {},
  FailedRetry: row,
  /** Shows what will be missing in the sheet; FailedDrop does it. */
  FailedAsk: row,
  FailedDrop: row,
  Unwritten: { page: PageNumber },
  UnwrittenBack: row,
}

export const failedScreens = {
  Failed: "fl1",
  FailedRetryAll: "fa1",
  FailedRetry: "fr1",
  FailedAsk: "fk1",
  FailedDrop: "fd1",
  Unwritten: "fu1",
  UnwrittenBack: "fb1",
} as const
