/**
 * The status of an item: set once, taken back within minutes, corrected within a day. Where
 * nobody says one in time, the timer does; what nobody saw it takes back.
 */
import { Duration, HashMap, Option, Result, Struct } from "effect"
import {
  abandonmentKept,
  clockStepMax,
  correctionWindow,
  markExtension,
  markExtensionsMax,
  retiredAfter,
  undoWindow,
} from "../../config/Limits.ts"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import {
  extensionsOf,
  type Issuance,
  type IssuanceId,
  type Mark,
  placeOf,
  withoutOffer,
} from "../../domain/Issuance.ts"
import { AlreadyMarked, type NotAllowed } from "../Contract.ts"
import * as State from "../State.ts"
import { overdueTrash } from "./emptying.ts"
import { overdueQuarantine } from "./quarantining.ts"
import {
  accept,
  type CommandOf,
  type DecisionContext,
  type EffectOf,
  type Events,
  findFor,
  notAllowed,
  type Rule,
  unchanged,
} from "./rule.ts"

/** When the timer sets the status itself, where the holder's time to do so began at `from`. */
export const deadline = (
  { confirmAfterMs }: Pick<DecisionContext, "definition" | "confirmAfterMs">,
  from: number,
): number => from + confirmAfterMs

/** Who says how it was has seen it: a confirmation also proves the delivery. */
const confirm: Rule<"Confirm"> = (state, command, { definition, now: at }) => {
  const found = findFor(state, command)
  if (Result.isFailure(found)) return Result.fail(found.failure)
  const { id, status, comment, by, from } = command
  const { mark, delivery, confirmAt, holder } = found.success
  if (findStatus(definition, status) === undefined) return notAllowed(id, "unknownStatus")
  if (from !== undefined && holder !== from) return notAllowed(id, "heldByAnother")
  if (mark?.status === status) return unchanged
  if (mark !== null) return Result.fail(new AlreadyMarked({ id, mark }))
  const seen: Events =
    delivery === "delivered" ? [] : [{ _tag: "Delivered", ids: [id], confirmAt, at }]
  const why = comment === undefined ? {} : { comment }
  return accept(...seen, { _tag: "Confirmed", id, mark: { status, at, by, auto: false, ...why } })
}

/** Whoever was faster, the timer or the holder on another message, has said it already. */
const confirmRest: Rule<"ConfirmRest"> = (state, command, context) =>
  each(command, (one) =>
    Result.flatMap(findFor(state, one), ({ mark }) =>
      mark === null ? confirm(state, { ...one, _tag: "Confirm" }, context) : Result.succeed([]),
    ),
  )

/** A status that is known from elsewhere. */
export const confirmedAs = (id: IssuanceId, mark: Mark): Events => [{ _tag: "Confirmed", id, mark }]

/** Whoever was offered the item cannot accept it any more. */
const confirmed: EffectOf<"Confirmed"> = (state, { id, mark }) =>
  State.change(state, id, (issuance) => ({ ...withoutOffer(issuance), mark }))

/**
 * Back to pending, with a whole period to say something else.
 *
 * What the issued tab says stays known: if the row was written in the meantime, the next
 * status becomes a correction of it.
 */
const undo: Rule<"Undo"> = (state, command, context) =>
  Result.gen(function* () {
    const { now: at } = context
    const { id, by } = command
    const { mark, replacedBy, confirmAt } = yield* findFor(state, command)
    if (mark === null) return []
    if (replacedBy !== null) return yield* notAllowed(id, "replaced")
    if (mark.auto || at > mark.at + undoMs) return yield* notAllowed(id, "undoOver")
    return [{ _tag: "Undone", id, by, confirmAt: Math.max(confirmAt, deadline(context, at)), at }]
  })

const undoAll: Rule<"UndoAll"> = (state, command, context) =>
  each(command, (one) => undo(state, { ...one, _tag: "Undo" }, context))

const undone: EffectOf<"Undone"> = (state, { id, confirmAt }) =>
  State.change(state, id, (issuance) => ({
    ...issuance,
    mark: null,
    confirmAt,
    replacementDeclined: false,
  }))

/**
 * More time for all items of the batch that the timer is going to mark. An item that is not certain
 * to be on the screen is left alone, since the timer waits for it anyway.
 */
const extend: Rule<"Extend"> = (state, command, context) =>
  Result.gen(function* () {
    const { id, by, seen } = command
    const { request, mark } = yield* findFor(state, command)
    const batch = State.batchOf(state, request).pipe(
      Option.match({ onNone: () => [], onSome: ({ issuances }) => issuances }),
    )
    if (extensionsOf(batch) !== seen) return []
    const extended = batch.filter((issuance) => mayExtend(issuance, context))
    if (extended.length === 0 && mark !== null) {
      return yield* Result.fail(new AlreadyMarked({ id, mark }))
    }
    if (extended.length === 0) return yield* notAllowed(id, "extensionOver")
    const { now: at } = context
    return extended.map((issuance) => ({
      _tag: "Extended",
      id: issuance.id,
      confirmAt: endOf(issuance, context) + Duration.toMillis(markExtension),
      by,
      at,
    }))
  })

const mayExtend = (issuance: Issuance, { definition, timeLeft }: DecisionContext): boolean =>
  definition.autoStatus !== null &&
  issuance.mark === null &&
  issuance.delivery === "delivered" &&
  (issuance.extensions ?? 0) < markExtensionsMax &&
  timeLeft(issuance) > 0

/** The deadline as it was told, unless the clock was set since: then it comes at another time. */
const endOf = (issuance: Issuance, { now, timeLeft }: DecisionContext): number => {
  const comesAt = Math.round(now + timeLeft(issuance))
  const { confirmAt } = issuance
  return Math.abs(comesAt - confirmAt) < Duration.toMillis(clockStepMax) ? confirmAt : comesAt
}

const extended: EffectOf<"Extended"> = (state, { id, confirmAt }) =>
  State.change(state, id, (issuance) => ({
    ...issuance,
    confirmAt: issuance.mark === null ? confirmAt : issuance.confirmAt,
    extensions: (issuance.extensions ?? 0) + 1,
  }))

/** Another status, also where the timer said it and where the item was replaced. */
const correct: Rule<"Correct"> = (state, command, { definition, now: at }) =>
  Result.gen(function* () {
    const { id, status, by } = command
    const { mark } = yield* findFor(state, command)
    yield* knownStatus(definition, command)
    if (mark === null) return yield* notAllowed(id, "pending")
    if (mark.status === status) return []
    if (at > mark.at + correctionMs) return yield* notAllowed(id, "correctionOver")
    return [{ _tag: "Corrected", id, mark: { status, at, by, auto: false } }]
  })

const corrected: EffectOf<"Corrected"> = (state, { id, mark }) =>
  State.change(state, id, (issuance) => ({ ...issuance, mark, replacementDeclined: false }))

/** Like a status, it may be said and changed within a day. */
const comment: Rule<"Comment"> = (state, command, { definition, now: at }) =>
  Result.gen(function* () {
    const { id, comment: text, by } = command
    const { mark } = yield* findFor(state, command)
    if (mark === null) return yield* notAllowed(id, "pending")
    if ((mark.comment ?? "") === text) return []
    if (findStatus(definition, mark.status)?.asksWhy !== true) {
      return yield* notAllowed(id, "asksNoComment")
    }
    if (at > mark.at + correctionMs) return yield* notAllowed(id, "correctionOver")
    return [{ _tag: "Commented", id, comment: text, by, at }]
  })

/** The mark differs from what the row says then, so that the row is corrected. */
const commented: EffectOf<"Commented"> = (state, { id, comment: text }) =>
  State.change(state, id, (issuance) => ({
    ...issuance,
    mark:
      issuance.mark === null
        ? null
        : { ...Struct.omit(issuance.mark, ["comment"]), ...(text === "" ? {} : { comment: text }) },
  }))

/**
 * Confirms what its holder saw and said nothing about, takes back what certainly nobody saw,
 * and lets go of what was settled or thrown away long ago. What somebody may have seen is left
 * alone.
 */
const expire: Rule<"Expire"> = (state, _, { definition, now, isOverdue }) => {
  const found = State.issuancesWhere(state, (each) => each.mark === null || isOld(each, now))
  const unmarked = found.filter(({ mark }) => mark === null)
  const overdue = unmarked.filter(isOverdue)
  const unseen = overdue.filter(
    ({ delivery, seenBefore }) => delivery === "refused" && seenBefore !== true,
  )
  return Result.succeed([
    ...overdueOffers(unmarked, now),
    ...confirmSeen(definition, overdue, now),
    ...withdraw(unseen, now),
    ...retire(state, found, unseen, now),
    ...overdueTrash(state, now),
    ...overdueQuarantine(state, now),
  ])
}

/** Offers that nobody answered in time. */
const overdueOffers = (issuances: ReadonlyArray<Issuance>, at: number): Events =>
  issuances.flatMap(({ id, holder: from, offer }) =>
    offer === undefined || at < offer.until
      ? []
      : [{ _tag: "OfferEnded", id, from, to: offer.to, offer, reason: "expired", at }],
  )

const confirmSeen = (
  { autoStatus: status }: Resource,
  overdue: ReadonlyArray<Issuance>,
  now: number,
): Events =>
  status === null
    ? []
    : overdue
        .filter(({ delivery }) => delivery === "delivered")
        .toSorted((a, b) => a.confirmAt - b.confirmAt)
        .map(({ id, holder }) => ({
          _tag: "Confirmed",
          id,
          mark: { status, at: now, by: holder, auto: true },
        }))

const withdraw = (unseen: ReadonlyArray<Issuance>, now: number): Events => {
  if (unseen.length === 0) return []
  const ids = unseen.map(({ id }) => id)
  return [{ _tag: "Withdrawn", ids, keys: unseen.map(({ item }) => item.key), at: now }]
}

/** What was replaced by an item nobody saw may be replaced again. */
const withdrawn: EffectOf<"Withdrawn"> = (state, { ids }) =>
  ids.reduce(
    (before, id) =>
      State.link(
        State.takeBack(before, id),
        State.issuanceOf(before, id)?.replacementOf ?? null,
        null,
      ),
    state,
  )

/** Whether its mark was set so long ago that nobody can change it. */
const isOld = ({ mark }: Issuance, now: number): boolean =>
  mark !== null && mark.at <= now - retiredMs

const retire = (
  { requests }: State.PoolState,
  found: ReadonlyArray<Issuance>,
  unseen: ReadonlyArray<Issuance>,
  now: number,
): Events => {
  const before = now - retiredMs
  const gone = new Set(
    found.filter((each) => isOld(each, now) && isSettled(each, now)).map(({ id }) => id),
  )
  // What is taken back in the same moment does not keep its request any more.
  const settled = new Set([...gone, ...unseen.map(({ id }) => id)])
  const done = HashMap.toValues(requests)
    .filter(({ request, ids }) => request.at <= before && ids.every((id) => settled.has(id)))
    .map(({ request }) => request.key)
  return gone.size === 0 && done.length === 0
    ? []
    : [{ _tag: "Retired", issuances: [...gone], requests: done, at: now }]
}

/** Nothing is to be written of it, and nobody can change that any more. */
const isSettled = (issuance: Issuance, now: number) => {
  const { abandoned } = issuance
  return abandoned === undefined
    ? placeOf(issuance) === "written"
    : abandoned.at + Duration.toMillis(abandonmentKept) <= now
}

const retired: EffectOf<"Retired"> = (state, { issuances, requests }) => {
  const left = issuances.reduce(State.letGo, state)
  return requests.reduce(State.dropRequest, left)
}

export const rules = {
  Confirm: confirm,
  ConfirmRest: confirmRest,
  Undo: undo,
  UndoAll: undoAll,
  Extend: extend,
  Correct: correct,
  Comment: comment,
  Expire: expire,
}
export const effects = {
  Confirmed: confirmed,
  Undone: undone,
  Extended: extended,
  Corrected: corrected,
  Commented: commented,
  Withdrawn: withdrawn,
  Retired: retired,
}

/** The events of one decision about several issuances, each once; none where one is refused. */
const each = <Command extends { readonly ids: ReadonlyArray<IssuanceId> }, Refused>(
  { ids, ...about }: Command,
  rule: (one: Omit<Command, "ids"> & { readonly id: IssuanceId }) => Result.Result<Events, Refused>,
): Result.Result<Events, Refused> =>
  Result.map(Result.all([...new Set(ids)].map((id) => rule({ ...about, id }))), (events) =>
    events.flat(),
  )

const undoMs = Duration.toMillis(undoWindow)
const correctionMs = Duration.toMillis(correctionWindow)
const retiredMs = Duration.toMillis(retiredAfter)

const knownStatus = (
  definition: Resource,
  { id, status }: Pick<CommandOf<"Confirm">, "id" | "status">,
): Result.Result<void, NotAllowed> =>
  findStatus(definition, status) === undefined ? notAllowed(id, "unknownStatus") : Result.void
