/** What a holder offers to a colleague: accepted, declined, withdrawn, or left until it expires. */
import { Duration, Result } from "effect"
import { offerKept } from "../../config/Limits.ts"
import { type Issuance, requestKeyOf, withoutOffer } from "../../domain/Issuance.ts"
import { AlreadyMarked, NotHolder, TooManyPending } from "../Contract.ts"
import * as State from "../State.ts"
import { handedOver } from "./leaving.ts"
import { type EffectOf, find, findFor, notAllowed, type Rule } from "./rule.ts"

/** No longer than until the timer marks the item. The same offer again changes nothing. */
const offer: Rule<"Offer"> = (state, command, { now: at }) =>
  Result.gen(function* () {
    const { id, to, card } = command
    const { holder: from, mark, confirmAt, offer: standing } = yield* findFor(state, command)
    if (mark !== null) return yield* Result.fail(new AlreadyMarked({ id, mark }))
    if (isOpen(standing, at)) {
      const isSame = standing.to === to && requestKeyOf(standing.card) === requestKeyOf(card)
      return isSame ? [] : yield* notAllowed(id, "offered")
    }
    if (to === from) return yield* notAllowed(id, "offered")
    const until = Math.min(at + Duration.toMillis(offerKept), confirmAt)
    // The timer is about to mark it, or waits until the message of the holder arrives.
    if (until <= at) return yield* notAllowed(id, "offerOver")
    return [{ _tag: "Offered", id, from, to, offer: { to, card, until }, at }]
  })

const isOpen = (
  standing: Issuance["offer"],
  at: number,
): standing is NonNullable<typeof standing> => standing !== undefined && at < standing.until

const offered: EffectOf<"Offered"> = (state, { id, offer: made }) =>
  State.change(state, id, (issuance) => ({ ...issuance, offer: made }))

/** The limit of pending items holds for the colleague as for anything that he asks for himself. */
const accept: Rule<"Accept"> = (state, { id, message, by, stage }, context) =>
  Result.gen(function* () {
    const { now: at, pendingLimit: limit, pendingElsewhere } = context
    const key = requestKeyOf(message)
    const issuance = yield* find(state, id)
    if (issuance.request === key && issuance.holder === by) return []
    const { mark, offer: standing } = issuance
    if (standing !== undefined && standing.to !== by)
      return yield* Result.fail(new NotHolder({ id }))
    if (mark !== null || !isOpen(standing, at)) return yield* notAllowed(id, "offerOver")
    // Any other message may show other goods.
    if (requestKeyOf(standing.card) !== key) return yield* notAllowed(id, "messageTaken")
    const pending = State.pendingOf(state, by) + pendingElsewhere
    if (pending >= limit) return yield* Result.fail(new TooManyPending({ limit, pending }))
    return yield* handedOver(state, issuance, { message, to: by, stage, by }, context)
  })

const endOffer: Rule<"EndOffer"> = (state, { id, by }, { now: at }) =>
  Result.gen(function* () {
    const issuance = yield* find(state, id)
    const { holder: from, offer: standing } = issuance
    if (standing === undefined) return []
    const { to } = standing
    if (by !== to && by !== from) return yield* Result.fail(new NotHolder({ id }))
    const reason = by === to ? "declined" : "withdrawn"
    return [{ _tag: "OfferEnded", id, from, to, offer: standing, reason, at }]
  })

const offerEnded: EffectOf<"OfferEnded"> = (state, { id }) => State.change(state, id, withoutOffer)

export const rules = { Offer: offer, Accept: accept, EndOffer: endOffer }
export const effects = { Offered: offered, OfferEnded: offerEnded }
