/**
 * The buttons under issued items: to look at one, to mark how it was, or how all that are left were,
 * to take marks back or correct them, and to have an item replaced.
 */
import { Clock, type DateTime, Effect, Option } from "effect"
import { refillPatience } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import { formatTime } from "../../domain/Day.ts"
import type { Batch, Issuance, IssuanceId } from "../../domain/Issuance.ts"
import {
  NotAllowed,
  NotHolder,
  type PersonCommand,
  type Refusal,
  UnknownIssuance,
} from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import { Journal, type StorageUnavailable } from "../../store/Journal.ts"
import type { ActionIn, ActionOf } from "../buttons.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { type BatchAt, type Press, Replies } from "../Replies.ts"
import { shownUntilHidden } from "../HiddenValues.ts"
import { restDigest } from "../screens/batch.ts"
import { mayCorrect, openIn, restStatus, statusText } from "../screens/batchRules.ts"
import { sentenceOf } from "../screens/refused.ts"
import type { Texts } from "../texts/Texts.ts"
import { Conduct } from "../Conduct.ts"

type FeedbackAction = ActionIn<"goods">
/** The buttons that change nothing yet. */
type LookAction = ActionOf<"Look" | "Fold" | "Change" | "AskRest">
/** Those that change something about one item. */
type OneAction = Exclude<
  FeedbackAction,
  LookAction | ActionOf<"Reveal" | "MarkRest" | "UndoTogether">
>

/** The buttons about a batch as a whole, and those that only draw it in another way. */
const makeBatchButtons = Effect.gen(function* () {
  const pools = yield* Pools
  const deliveries = yield* Deliveries
  const journal = yield* Journal

  /** The issuance of a button with its batch, for its holder and for admins. */
  const batchOf = Effect.fnUntraced(function* (press: Press, resource: Resource, id: IssuanceId) {
    const issuance = Option.getOrUndefined(yield* pools.find(resource.id, id))
    if (issuance === undefined) return yield* new UnknownIssuance({ id })
    const batch = Option.getOrUndefined(yield* pools.batch(resource.id, issuance.request))
    if (batch === undefined) return yield* new UnknownIssuance({ id })
    if (issuance.holder !== press.userId && press.role !== "admin") {
      return yield* new NotHolder({ id })
    }
    return { batch, issuance }
  })

  /** Draws the batch in another way: one item whole, or with a question. Nothing is changed. */
  const look = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    { _tag, issuance: id }: LookAction,
  ) {
    const texts = yield* Wording

    const { batch, issuance } = yield* batchOf(press, resource, id)
    const isPending = issuance.mark === null
    if (_tag === "Change" && isPending) return yield* new NotAllowed({ id, reason: "pending" })
    const isOver = !isPending && !mayCorrect(issuance, yield* Clock.currentTimeMillis)
    if ((_tag === "Change" || _tag === "Look") && isOver) {
      return yield* new NotAllowed({ id, reason: "correctionOver" })
    }
    const isAsked = _tag === "AskRest" && restStatus({ batch, resource }) !== undefined
    yield* press.answer(_tag === "AskRest" && !isAsked ? texts.batch.restNone : undefined)
    return yield* deliveries.show(resource.id, batch.request.key, {
      on: press.message,
      ...(_tag === "Look" ? { chosen: id } : {}),
      ...(_tag === "Change" ? { changing: id } : {}),
      ...(isAsked ? { asking: true } : {}),
    })
  })

  /**
   * Shows the hidden values to their holder, and to no admin. That they are to be hidden again is
   * on the disk before they are seen.
   */
  const reveal = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    { issuance: id }: ActionOf<"Reveal">,
  ) {
    const { batch, issuance } = yield* batchOf(press, resource, id)
    if (issuance.holder !== press.userId) return yield* new NotHolder({ id })
    const { key } = batch.request
    const now = yield* Clock.currentTimeMillis
    if (issuance.mark !== null && !mayCorrect(issuance, now)) {
      return yield* new NotAllowed({ id, reason: "correctionOver" })
    }
    yield* journal.write([shownUntilHidden({ resource: resource.id, request: key, at: now })])
    yield* press.answer()
    return yield* deliveries.show(resource.id, key, { on: press.message, revealed: true })
  })

  /** Marks all that the question named, and asks again where that is not what is left now. */
  const markRest = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    { issuance: id, seen }: ActionOf<"MarkRest">,
  ) {
    const texts = yield* Wording

    const { batch } = yield* batchOf(press, resource, id)
    const { key } = batch.request
    const status = restStatus({ batch, resource })
    const ids = openIn(batch).map((each) => each.id)
    if (status === undefined || !isNonEmpty(ids)) {
      yield* press.answer(texts.batch.restNone)
      return yield* deliveries.show(resource.id, key, { on: press.message })
    }
    if (restDigest(batch) !== seen) {
      yield* press.answer(texts.batch.restChanged)
      return yield* deliveries.show(resource.id, key, { on: press.message, asking: true })
    }
    yield* pools.ask(resource.id, {
      _tag: "ConfirmRest",
      ids,
      status: status.id,
      by: press.userId,
      admin: press.role === "admin",
    })
    yield* press.answer(texts.batch.restMarked(statusText(status, texts), ids.length))
    return yield* deliveries.show(resource.id, key, { on: press.message })
  })

  /** Takes back what was marked by the same tap as this issuance. */
  const undoTogether = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    { issuance: id }: ActionOf<"UndoTogether">,
  ) {
    const texts = yield* Wording

    const { batch, issuance } = yield* batchOf(press, resource, id)
    const others = batch.issuances.filter((each) => each.id !== id && sameTap(each, issuance))
    yield* pools.ask(resource.id, {
      _tag: "UndoAll",
      ids: [id, ...others.map((each) => each.id)],
      by: press.userId,
      admin: press.role === "admin",
    })
    const count = issuance.mark === null ? 0 : others.length + 1
    yield* press.answer(texts.batch.undoneThese(count))
    return yield* deliveries.show(resource.id, batch.request.key, { on: press.message })
  })

  return { look, reveal, markRest, undoTogether }
})

export const makeFeedback = Effect.gen(function* () {
  const replies = yield* Replies
  const conduct = yield* Conduct
  const pools = yield* Pools
  const deliveries = yield* Deliveries
  const { look, reveal, markRest, undoTogether } = yield* makeBatchButtons
  const { timezone: zone } = yield* Settings

  /** The batch that the pressed message shows, whether it is the batch's own message or a copy. */
  const locate = Effect.fnUntraced(function* (press: Press, id: IssuanceId) {
    const held = (yield* pools.held(press.userId)).find((issuance) => issuance.id === id)
    return held === undefined
      ? yield* replies.batchOn(press.message)
      : Option.some<BatchAt>({ id: held.item.resource, key: held.request })
  })

  /** Draws the pressed message as its batch is now. */
  const redraw = Effect.fnUntraced(function* (press: Press, id: IssuanceId, note?: string) {
    const at = yield* locate(press, id)
    if (Option.isNone(at)) return
    yield* deliveries.show(at.value.id, at.value.key, {
      on: press.message,
      ...(note === undefined ? {} : { note }),
    })
  })

  const refuse = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    id: IssuanceId,
    error: Refusal | StorageUnavailable,
  ) {
    const texts = yield* Wording

    const sentence = sentenceOf(error, resource, texts)
    // `alert` alone, which shows nothing once the tap is answered: after a refill the message itself
    // says already that there is no replacement.
    yield* error._tag === "OutOfStock" ? press.alert(sentence) : replies.alert(press, sentence)
    if (error._tag === "NotHolder") {
      yield* Effect.logWarning("a button was pressed by somebody else than its holder").pipe(
        Effect.annotateLogs({ user: press.userId, issuance: id }),
      )
      yield* conduct.trespassed(press.userId)
    }
    // These two mean that the message shows a state that is over.
    if (error._tag === "AlreadyMarked" || error._tag === "NotAllowed") yield* redraw(press, id)
  })

  /** As for an issue, an empty pool is refilled before the answer is no. */
  const replaceLater = Effect.fnUntraced(function* (
    press: Press,
    resource: Resource,
    id: IssuanceId,
    command: PersonCommand,
  ) {
    const texts = yield* Wording

    yield* press.answer(texts.wizard.looking)
    yield* Effect.timeoutOption(pools.want(resource.id), refillPatience)
    return yield* pools
      .ask(resource.id, command)
      .pipe(Effect.tapErrorTag("OutOfStock", () => redraw(press, id, texts.batch.noReplacementNow)))
  })

  return Effect.fnUntraced(function* (press: Press, resource: Resource, action: FeedbackAction) {
    const texts = yield* Wording

    const id = action.issuance
    const act = (one: OneAction) => {
      const command = commandOf(one, press)
      return pools.ask(resource.id, command).pipe(
        Effect.catchIf(
          ({ _tag }) => _tag === "OutOfStock",
          () => replaceLater(press, resource, id, command),
        ),
        Effect.tap((batch) => press.answer(said(resource, one, { batch, zone }, texts))),
        Effect.andThen(({ request }) =>
          deliveries.show(resource.id, request.key, { on: press.message }),
        ),
      )
    }
    const work = () => {
      switch (action._tag) {
        case "Look":
        case "Fold":
        case "Change":
        case "AskRest":
          return look(press, resource, action)
        case "Reveal":
          return reveal(press, resource, action)
        case "MarkRest":
          return markRest(press, resource, action)
        case "UndoTogether":
          return undoTogether(press, resource, action)
        default:
          return act(action)
      }
    }
    yield* Effect.catch(work(), (error) => refuse(press, resource, id, error))
  })
})

/** Whether both were marked by the same tap, and can be taken back as far as that goes. */
const sameTap = (one: Issuance, { mark }: Issuance): boolean =>
  mark !== null &&
  one.mark?.at === mark.at &&
  one.mark.by === mark.by &&
  !one.mark.auto &&
  one.replacedBy === null

const isNonEmpty = <A>(all: ReadonlyArray<A>): all is readonly [A, ...Array<A>] => all.length > 0

const commandOf = (action: OneAction, { userId, role }: Press): PersonCommand => {
  const base = { id: action.issuance, by: userId, admin: role === "admin" }
  switch (action._tag) {
    case "Mark":
      return { _tag: "Confirm", ...base, status: action.status }
    case "Correct":
      return { _tag: "Correct", ...base, status: action.status }
    case "Undo":
      return { _tag: "Undo", ...base }
    case "Extend":
      return { _tag: "Extend", ...base, seen: action.seen }
    case "Replace":
      return { _tag: "Replace", ...base }
    case "Decline":
      return { _tag: "DeclineReplacement", ...base }
  }
}

/** The toast that says what was done. */
const said = (
  resource: Resource,
  action: OneAction,
  { batch, zone }: { readonly batch: Batch; readonly zone: DateTime.TimeZone },
  texts: Texts,
): string => {
  switch (action._tag) {
    case "Mark":
    case "Correct": {
      const status = findStatus(resource, action.status)
      return texts.batch.marked(status === undefined ? action.status : statusText(status, texts))
    }
    case "Undo":
      return texts.batch.undone
    case "Extend": {
      const open = batch.issuances.filter(({ mark }) => mark === null)
      const first = Math.min(...open.map(({ confirmAt }) => confirmAt))
      return open.length === 0 ? "" : texts.batch.extended(formatTime(first, zone))
    }
    case "Replace":
      return texts.batch.replaced
    case "Decline":
      return texts.batch.declined
  }
}
