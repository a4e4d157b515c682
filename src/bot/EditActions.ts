/** Buttons of the cards about rows that were changed by hand. */
import { Choice, HandEdit } from "../domain/HandEdit.ts"
import { IssuanceId } from "../domain/Issuance.ts"

export const editActions = {
  /** What was found is named by the two, see HandEdit.ts. */
  EditDecide: { issuance: IssuanceId, digest: HandEdit.fields.digest, choice: Choice },
}

export const editScreens = { EditDecide: "ed1" } as const
