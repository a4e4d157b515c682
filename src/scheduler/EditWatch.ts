/**
 * Notices that people changed or removed rows of the issued tabs that the bot answers for, and has
 * the admins asked which side is right. It writes nothing.
 *
 * It looks at rows of about the last day only. Of older ones memory knows nothing, and people may
 * do with them what they like.
 */
import { foldName, identityColumn, identityKey, type PhoneCountry } from "../domain/identity.ts"
import { Effect, Hash, Layer } from "effect"
import { editsSettle, editWatchPeriod } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { type Found, HandEdit, keyOfEdit } from "../domain/HandEdit.ts"
import { type Issuance, type Mark, sameMark } from "../domain/Issuance.ts"
import { every } from "../observe/background.ts"
import { HandEdits } from "../pool/HandEdits.ts"
import { Pools } from "../pool/Pools.ts"
import { saysStatus, valueText } from "../sheets/Flush.ts"
import { IssuedLook, type RowSeen, type TabSeen } from "../sheets/IssuedLook.ts"
import { IssuedKeys } from "./IssuedKeys.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

export const once = Effect.gen(function* () {
  const edits = yield* HandEdits
  const trouble = yield* SheetsTrouble
  const keys = yield* IssuedKeys
  const round = Effect.gen(function* () {
    const first = yield* compared
    yield* keys.note(first.seen)
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

/** The edits by hand that show now, and the resources of which that is known. */
const compared = Effect.gen(function* () {
  const pools = yield* Pools
  const look = yield* IssuedLook
  const { phoneCountry } = yield* Settings
  const before = yield* Effect.forEach(pools.resources, (resource) =>
    Effect.map(pools.written(resource.id), (issuances) => ({ resource, issuances })),
  )
  const wanted = before.filter(({ issuances }) => issuances.length > 0)
  const seen = wanted.length === 0 ? [] : yield* look.read(wanted.map(({ resource }) => resource))
  const found = yield* Effect.forEach(seen, (tab) =>
    Effect.map(pools.written(tab.resource.id), (after) => {
      const issuances = before.find(({ resource }) => resource === tab.resource)?.issuances ?? []
      return handEditsIn(tab, steady(issuances, after), phoneCountry)
    }),
  )
  const empty = before.filter(({ issuances }) => issuances.length === 0)
  const looked = [...seen, ...empty].map(({ resource }) => resource.id)
  return { found: found.flat(), looked, seen }
})

/** The edits that still show a little later: before that, somebody may be in the middle of one. */
const again = (first: ReadonlyArray<HandEdit>) =>
  Effect.gen(function* () {
    yield* Effect.sleep(editsSettle)
    const { found, looked } = yield* compared
    const before = new Set(first.map(keyOfEdit))
    return { found: found.filter((edit) => before.has(keyOfEdit(edit))), looked }
  })

/** The issuances that the bot itself did not write during the look. */
const steady = (before: ReadonlyArray<Issuance>, after: ReadonlyArray<Issuance>) => {
  const now = new Map(after.map((issuance) => [issuance.id, issuance]))
  return before.filter(({ id, mark, rewrites }) => {
    const same = now.get(id)
    if (same === undefined || mark === null || same.mark === null) return false
    return sameMark(mark, same.mark) && rewrites === same.rewrites
  })
}

/** The edits by hand in a tab: one for each issuance whose row does not say what was written. */
const handEditsIn = (
  { resource, rows }: TabSeen,
  issuances: ReadonlyArray<Issuance>,
  phoneCountry: PhoneCountry,
): ReadonlyArray<HandEdit> =>
  issuances.flatMap((issuance) => {
    const { mark } = issuance
    if (mark === null) return []
    const seen = rows.get(issuance.id) ?? []
    const wrong = seen.map((row) => ({
      row,
      found: foundIn(resource, issuance, mark, row, phoneCountry),
    }))
    // Somebody may have copied the row: the sheet is right as long as one copy says what it shall.
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

/**
 * What is wrong with the row. Another item counts before another status: where somebody sorted one
 * column, both have changed.
 */
const foundIn = (
  resource: Resource,
  issuance: Issuance,
  mark: Mark,
  { status, value }: RowSeen,
  phoneCountry: PhoneCountry,
): Found | undefined => {
  const identity = identityColumn(resource)
  // A date is not compared: it is written as a number and has many spellings.
  if (identity !== undefined && identity.kind !== "date" && value !== null) {
    const isSame =
      identityKey(resource, value, phoneCountry) === issuance.item.key ||
      value === valueText(resource, issuance)
    if (!isSame) return { _tag: "Value", column: identity.header }
  }
  if (status === null || saysStatus(resource, mark, status)) return undefined
  const meant = resource.statuses.find(({ id, label }) =>
    [id, label.ru, label.en].some((name) => foldName(name) === foldName(status)),
  )
  if (meant?.id === mark.status) return undefined
  return { _tag: "Status", status: meant?.id ?? null, isBlank: status.trim() === "" }
}

/**
 * A digest of the finding. It covers the text, so that another change of the cell is a new finding.
 */
const digestOf = (mark: Mark, rewrites: number, found: Found, row: RowSeen | undefined): string => {
  const text = [mark.at, mark.status, rewrites, found._tag, row?.status, row?.value].join("\n")
  return (Hash.string(text) >>> 0).toString(36)
}
