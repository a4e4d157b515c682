/**
 * Notices that somebody changed or removed rows of the issued tabs that the bot answers for, and
 * has the admins asked which side is right. It writes nothing.
 *
 * Only rows of about the last day: of older ones memory knows nothing, and people may do with
 * them what they like.
 */
import { Effect, Hash, Layer } from "effect"
import { editsSettle, editWatchPeriod } from "../config/Limits.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { type Found, HandEdit, keyOfEdit } from "../domain/HandEdit.ts"
import { type Issuance, type Mark, sameMark } from "../domain/Issuance.ts"
import { every } from "../observe/background.ts"
import { HandEdits } from "../pool/HandEdits.ts"
import { Pools } from "../pool/Pools.ts"
import { identityColumn, identityKey } from "../sheets/BaseRow.ts"
import { statusText, valueText } from "../sheets/Flush.ts"
import { fold } from "../sheets/Headers.ts"
import { IssuedLook, type RowSeen, type TabSeen } from "../sheets/IssuedLook.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

export const once = Effect.gen(function* () {
  const edits = yield* HandEdits
  const trouble = yield* SheetsTrouble
  const round = Effect.gen(function* () {
    const first = yield* compared
    const { found, looked } = first.found.length === 0 ? first : yield* again(first.found)
    yield* edits.looked(looked, found)
  })
  yield* trouble.watch("look for hand edits", round)
}).pipe(Effect.withSpan("EditWatch.once"))

export const layer = Layer.effectDiscard(
  Effect.sleep(editWatchPeriod).pipe(
    Effect.andThen(every("look for hand edits", editWatchPeriod)(once)),
    Effect.forkScoped,
  ),
)

/** What the sheet says against what the pools know, and of which resources that is known. */
const compared = Effect.gen(function* () {
  const pools = yield* Pools
  const look = yield* IssuedLook
  const before = yield* Effect.forEach(pools.resources, (resource) =>
    Effect.map(pools.written(resource.id), (issuances) => ({ resource, issuances })),
  )
  const wanted = before.filter(({ issuances }) => issuances.length > 0)
  const seen = wanted.length === 0 ? [] : yield* look.read(wanted.map(({ resource }) => resource))
  const found = yield* Effect.forEach(seen, (tab) =>
    Effect.map(pools.written(tab.resource.id), (after) => {
      const issuances = before.find(({ resource }) => resource === tab.resource)?.issuances ?? []
      return handEditsIn(tab, steady(issuances, after))
    }),
  )
  const empty = before.filter(({ issuances }) => issuances.length === 0)
  const looked = [...seen, ...empty].map(({ resource }) => resource.id)
  return { found: found.flat(), looked }
})

/** Somebody may be in the middle of it: what is still so a little later is meant to be. */
const again = (first: ReadonlyArray<HandEdit>) =>
  Effect.gen(function* () {
    yield* Effect.sleep(editsSettle)
    const { found, looked } = yield* compared
    const before = new Set(first.map(keyOfEdit))
    return { found: found.filter((edit) => before.has(keyOfEdit(edit))), looked }
  })

/** What the bot itself wrote during the look is no edit of anybody. */
const steady = (before: ReadonlyArray<Issuance>, after: ReadonlyArray<Issuance>) => {
  const now = new Map(after.map((issuance) => [issuance.id, issuance]))
  return before.filter(({ id, mark, rewrites }) => {
    const same = now.get(id)
    if (same === undefined || mark === null || same.mark === null) return false
    return sameMark(mark, same.mark) && rewrites === same.rewrites
  })
}

/* What the issued tabs say against what the bot wrote there. Pure. */

/**
 * One for each issuance whose row is not as it was written; `issuances`: those that are written.
 */
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
  const identity = identityColumn(resource)
  // A date is written as a number, and says the same in many spellings.
  if (identity !== undefined && identity.kind !== "date" && value !== null) {
    const isSame =
      identityKey(resource, value) === issuance.item.key || value === valueText(resource, issuance)
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
