/**
 * The buttons under issued items: to mark how an item was, to take the mark back or correct it, and
 * to have the item replaced.
 */
import { Clock, Effect, Option } from "effect"
import { refillPatience } from "../../config/Limits.ts"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import type { IssuanceId } from "../../domain/Issuance.ts"
import {
  NotAllowed,
  NotHolder,
  type PersonCommand,
  type Refusal,
  UnknownIssuance,
} from "../../pool/Contract.ts"
import { Pools } from "../../pool/Pools.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { ActionIn } from "../buttons.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { type BatchAt, type Press, Replies } from "../Replies.ts"
import { mayCorrect, statusText } from "../screens/batchRules.ts"
import { sentenceOf } from "../screens/refused.ts"
import type { Texts } from "../texts/Texts.ts"
import { Conduct } from "../Conduct.ts"

type FeedbackAction = ActionIn<"goods">

export const makeFeedback = Effect.gen(function* () {
  const replies = yield* Replies
  const conduct = yield* Conduct
  const pools = yield* Pools
  const deliveries = yield* Deliveries

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

  /** Shows the statuses to choose from in the place of the mark. Nothing is changed yet. */
  const change = Effect.fnUntraced(function* (press: Press, resource: Resource, id: IssuanceId) {
    const at = yield* locate(press, id)
    if (Option.isNone(at) || at.value.id !== resource.id) return yield* new UnknownIssuance({ id })
    const batch = Option.getOrUndefined(yield* pools.batch(at.value.id, at.value.key))
    const issuance = batch?.issuances.find((each) => each.id === id)
    if (issuance === undefined) return yield* new UnknownIssuance({ id })
    if (issuance.holder !== press.userId && press.role !== "admin") {
      return yield* new NotHolder({ id })
    }
    if (issuance.mark === null) return yield* new NotAllowed({ id, reason: "pending" })
    if (!mayCorrect(issuance, yield* Clock.currentTimeMillis)) {
      return yield* new NotAllowed({ id, reason: "correctionOver" })
    }
    yield* press.answer()
    return yield* deliveries.show(at.value.id, at.value.key, { on: press.message, changing: id })
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

  return Effect.fn("feedback")(function* (
    press: Press,
    resource: Resource,
    action: FeedbackAction,
  ) {
    const texts = yield* Wording

    const id = action.issuance
    const command = commandOf(action, press)
    const work =
      command === undefined
        ? change(press, resource, id)
        : pools.ask(resource.id, command).pipe(
            Effect.catchIf(
              ({ _tag }) => _tag === "OutOfStock",
              () => replaceLater(press, resource, id, command),
            ),
            Effect.tap(() => press.answer(said(resource, action, texts))),
            Effect.andThen(({ request }) =>
              deliveries.show(resource.id, request.key, { on: press.message }),
            ),
          )
    yield* Effect.catch(work, (error) => refuse(press, resource, id, error))
  })
})

/** `undefined` for the button that changes nothing yet. */
const commandOf = (action: FeedbackAction, { userId, role }: Press): PersonCommand | undefined => {
  const base = { id: action.issuance, by: userId, admin: role === "admin" }
  switch (action._tag) {
    case "Mark":
      return { _tag: "Confirm", ...base, status: action.status }
    case "Correct":
      return { _tag: "Correct", ...base, status: action.status }
    case "Undo":
      return { _tag: "Undo", ...base }
    case "Replace":
      return { _tag: "Replace", ...base }
    case "Decline":
      return { _tag: "DeclineReplacement", ...base }
    case "Change":
      return undefined
  }
}

/** The toast that says what was done. */
const said = (resource: Resource, action: FeedbackAction, texts: Texts): string => {
  switch (action._tag) {
    case "Mark":
    case "Correct": {
      const status = findStatus(resource, action.status)
      return texts.batch.marked(status === undefined ? action.status : statusText(status, texts))
    }
    case "Undo":
      return texts.batch.undone
    case "Replace":
      return texts.batch.replaced
    case "Decline":
      return texts.batch.declined
    case "Change":
      return ""
  }
}
