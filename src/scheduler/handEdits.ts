/** What the issued tabs say against what the bot wrote there. Pure. */
import { Hash } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import { type Found, HandEdit } from "../domain/HandEdit.ts"
import type { Issuance, Mark } from "../domain/Issuance.ts"
import { keyOf } from "../sheets/BaseRow.ts"
import { statusText, valueText } from "../sheets/Flush.ts"
import { fold } from "../sheets/Headers.ts"
import type { RowSeen, TabSeen } from "../sheets/IssuedLook.ts"

/** One for each issuance whose row is not as it was written; `issuances`: those that are written. */
export const handEditsIn = (
  { resource, rows }: TabSeen,
  issuances: ReadonlyArray<Issuance>,
): ReadonlyArray<HandEdit> =>
  issuances.flatMap((issuance) => {
    const { mark } = issuance
    if (mark === null) return []
    const seen = rows.get(issuance.id) ?? []
    const wrong = seen.map((row) => ({ row, found: foundIn(resource, issuance, mark, row) }))
    // Somebody copied the row: as long as one says what it shall, the sheet is right.
    if (wrong.some(({ found }) => found === undefined)) return []
    const { row, found = gone } = wrong[0] ?? {}
    return [
      HandEdit.make({
        resource: resource.id,
        issuance: issuance.id,
        digest: digestOf(mark, issuance.rewrites ?? 0, found, row),
        tab: resource.issuedTab,
        row: row?.row ?? null,
        stage: issuance.stage,
        issuedAt: issuance.issuedAt,
        mark,
        rewrites: issuance.rewrites ?? 0,
        found,
      }),
    ]
  })

const gone: Found = { _tag: "Gone" }

/** Another item first: whoever sorted one column changed the status only by the way. */
const foundIn = (
  resource: Resource,
  issuance: Issuance,
  mark: Mark,
  { status, value }: RowSeen,
): Found | undefined => {
  const identity = resource.columns.find(({ key }) => key === resource.identity)
  // A date is written as a number, and says the same in many spellings.
  if (identity !== undefined && identity.kind !== "date" && value !== null) {
    const isSame =
      keyOf(identity.kind, value) === issuance.item.key || value === valueText(resource, issuance)
    if (!isSame) return { _tag: "Value", column: identity.header }
  }
  if (status === null || fold(status) === fold(statusText(resource, mark))) return undefined
  const meant = resource.statuses.find(({ id, label }) =>
    [id, label.ru, label.en].some((name) => fold(name) === fold(status)),
  )
  if (meant?.id === mark.status) return undefined
  return { _tag: "Status", status: meant?.id ?? null, isBlank: status.trim() === "" }
}

/** The text that was seen is in it too: another change of the same cell is another finding. */
const digestOf = (mark: Mark, rewrites: number, found: Found, row: RowSeen | undefined): string => {
  const text = [mark.at, mark.status, rewrites, found._tag, row?.status, row?.value].join("\n")
  return (Hash.string(text) >>> 0).toString(36)
}
