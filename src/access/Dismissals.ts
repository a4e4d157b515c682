/**
 * An admin ends somebody's access, and may give it back within a day.
 *
 * The entry goes into the journal first and out of the whitelist after, so that it can be put back
 * as it was after a crash at any moment.
 */
import { Clock, Effect, Option, Schema, Semaphore } from "effect"
import { Moment } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import type { Journal } from "../store/Journal.ts"
import { Access } from "./Access.ts"
import { makeRemovals } from "./Removals.ts"
import { Entry, Whitelist } from "./Whitelist.ts"

export const Dismissal = Schema.Struct({
  id: TelegramId,
  entry: Entry,
  by: TelegramId,
  at: Moment,
  /** The person was told, or is about to be: nobody is told twice. */
  told: Schema.Boolean,
  /** Who gave the access back; `null` while nobody did. */
  back: Schema.NullOr(Schema.Struct({ by: TelegramId, at: Moment })),
})
export type Dismissal = typeof Dismissal.Type

type Dismissed =
  | { readonly _tag: "Dismissed"; readonly dismissal: Dismissal }
  /** Another admin did it before, or an earlier try of the same tap. */
  | { readonly _tag: "AlreadyDismissed"; readonly dismissal: Dismissal }
  /** Admins have their access from ADMIN_ID, which a tap cannot change. */
  | { readonly _tag: "IsAdmin" }
  | { readonly _tag: "Unknown" }

type Readmitted =
  | { readonly _tag: "Readmitted"; readonly dismissal: Dismissal }
  /** `back` is `null` where the person came back by a new application. */
  | { readonly _tag: "AlreadyBack"; readonly back: Dismissal["back"] }
  /** The day for taking it back is over. */
  | { readonly _tag: "TooLate" }

export const makeDismissals = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const access = yield* Access
  const whitelist = yield* Whitelist
  const removals = makeRemovals(journal, "dismissal", Dismissal)
  const lock = yield* Semaphore.make(1)

  const exclusively = <A, E, R>(self: Effect.Effect<A, E, R>) =>
    lock.withPermit(Effect.uninterruptible(self))

  const save = (dismissal: Dismissal) => removals.put(String(dismissal.id), dismissal)

  /** How the person lost the access; none if he has it, never had it, or lost it over a day ago. */
  const find = Effect.fn("Dismissals.find")(function* (id: TelegramId) {
    const found = yield* removals.find(String(id))
    return Option.filter(found, ({ back }) => back === null)
  })

  const dismiss = Effect.fn("Dismissals.dismiss")(function* (id: TelegramId, by: TelegramId) {
    if (access.admins.includes(id)) return isAdmin
    const entry = yield* whitelist.entry(id)
    if (Option.isNone(entry)) {
      return Option.match(yield* find(id), {
        onNone: () => unknown,
        onSome: (dismissal): Dismissed => ({ _tag: "AlreadyDismissed", dismissal }),
      })
    }
    const at = yield* Clock.currentTimeMillis
    const dismissal: Dismissal = { id, entry: entry.value, by, at, told: false, back: null }
    yield* save(dismissal)
    yield* whitelist
      .remove(id)
      .pipe(Effect.tapError(() => Effect.ignore(removals.drop(String(id)))))
    yield* Effect.logInfo("access ended").pipe(Effect.annotateLogs({ person: id, admin: by }))
    const dismissed: Dismissed = { _tag: "Dismissed", dismissal }
    return dismissed
  }, exclusively)

  const readmit = Effect.fn("Dismissals.readmit")(function* (id: TelegramId, by: TelegramId) {
    const found = yield* removals.find(String(id))
    const isBack = Option.isSome(yield* whitelist.entry(id))
    if (Option.isNone(found)) return isBack ? alreadyBack(null) : tooLate
    if (isBack) return alreadyBack(found.value.back)
    // An admin gave it back, and somebody removed the entry by hand since: nothing to undo.
    if (found.value.back !== null) return tooLate
    yield* whitelist.restore(id, found.value.entry)
    const dismissal = { ...found.value, back: { by, at: yield* Clock.currentTimeMillis } }
    // The access is back on disk. Losing who gave it back would harm nobody.
    yield* Effect.ignore(save(dismissal))
    yield* Effect.logInfo("access given back").pipe(Effect.annotateLogs({ person: id, admin: by }))
    const readmitted: Readmitted = { _tag: "Readmitted", dismissal }
    return readmitted
  }, exclusively)

  /** Whether the person is still to be told. Only the first who asks is told so. */
  const claimTelling = Effect.fn("Dismissals.claimTelling")(function* (id: TelegramId) {
    const dismissal = yield* find(id)
    if (Option.isNone(dismissal) || dismissal.value.told) return false
    yield* save({ ...dismissal.value, told: true })
    return true
  }, exclusively)

  return { find, dismiss, readmit, claimTelling }
})

export type Dismissals = Effect.Success<ReturnType<typeof makeDismissals>>

const isAdmin: Dismissed = { _tag: "IsAdmin" }
const unknown: Dismissed = { _tag: "Unknown" }
const tooLate: Readmitted = { _tag: "TooLate" }
const alreadyBack = (back: Dismissal["back"]): Readmitted => ({ _tag: "AlreadyBack", back })
