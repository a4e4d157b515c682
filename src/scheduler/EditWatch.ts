/**
 * Notices that somebody changed or removed rows of the issued tabs that the bot answers for, and
 * has the admins asked which side is right. It writes nothing.
 *
 * Only rows of about the last day: of older ones memory knows nothing, and people may do with
 * them what they like.
 */
import { Effect, Layer } from "effect"
import { editWatchPeriod, editsSettle } from "../config/Limits.ts"
import { type HandEdit, keyOfEdit } from "../domain/HandEdit.ts"
import { type Issuance, sameMark } from "../domain/Issuance.ts"
import { every } from "../observe/background.ts"
import { HandEdits } from "../pool/HandEdits.ts"
import { Pools } from "../pool/Pools.ts"
import { IssuedLook } from "../sheets/IssuedLook.ts"
import { handEditsIn } from "./handEdits.ts"
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
