/** What is taken from its holder: put into quarantine, given back to him, or handed on. */
import { Duration, HashMap, HashSet, Option, Result } from "effect"
import { asideKept } from "../../config/Limits.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import {
  type Issuance,
  type IssuanceId,
  type MessageRef,
  type Request,
  requestKeyOf,
  withoutOffer,
} from "../../domain/Issuance.ts"
import type { Item, Quarantined } from "../../domain/Item.ts"
import { type NotAllowed, TrashGone } from "../Contract.ts"
import * as State from "../State.ts"
import { deadline } from "./marking.ts"
import {
  accept,
  type DecisionContext,
  type EffectOf,
  type Events,
  find,
  notAllowed,
  type Rule,
  unchanged,
} from "./rule.ts"

/** He may have seen it, so it does not go back to the stock. */
const setAside: Rule<"SetAside"> = (state, command, { now: at }) => {
  const { id, admin: by } = command
  if (state.aside.some(({ issuance }) => issuance.id === id)) return unchanged
  return Result.flatMap(findPending(state, command), ({ holder: from, item }) =>
    accept({ _tag: "SetAside", id, from, by, at, row: rowOf(item, id), ...whyOf(command) }),
  )
}

const whyOf = ({ comment }: { readonly comment?: string }) =>
  comment === undefined ? {} : { comment }

const rowOf = ({ id, origin }: Item, issuance: IssuanceId): Quarantined => ({
  id,
  tab: origin.tab,
  reason: "withheld",
  column: null,
  origin,
  reported: false,
  issuance,
})

/** Remembered for the day in which it can be brought back. */
const putAside: EffectOf<"SetAside"> = (state, { id, by, at, ...event }) => {
  const live = Option.getOrUndefined(HashMap.get(state.live, id))
  if (live === undefined) return state
  const { item, request: key } = live.issuance
  const requested = Option.getOrUndefined(HashMap.get(state.requests, key))
  const since = at - Duration.toMillis(asideKept)
  const aside = [
    ...state.aside.filter((each) => each.at > since),
    ...(requested === undefined
      ? []
      : [
          {
            ...live,
            request: requested.request,
            place: requested.ids.indexOf(id),
            by,
            at,
            ...whyOf(event),
          },
        ]),
  ]
  const taken = { id, key: item.key, to: null, stage: "", by, at, ...whyOf(event) }
  const left = State.noteTaken(State.letGo(state, id), key, taken)
  return { ...State.enterQuarantine(left, [rowOf(item, id)]), aside }
}

/** Not where the same thing was taken from the sheet again since, or the row left quarantine. */
const bringBack: Rule<"BringBack"> = (state, { id, admin: by }, context) => {
  if (HashMap.has(state.live, id)) return unchanged
  const { now: at } = context
  const aside = State.asideOf(state, id)
  const isKept = aside !== undefined && at < aside.at + Duration.toMillis(asideKept)
  const isElsewhere = state.worked.some(({ row }) => row.issuance === id)
  if (!isKept || isElsewhere || HashSet.has(state.keys, aside.issuance.item.key)) {
    return Result.fail(new TrashGone({ trash: id }))
  }
  const { holder: to, item } = aside.issuance
  const confirmAt = deadline(context, at)
  return accept({ _tag: "BroughtBack", id, item: item.id, to, confirmAt, by, at })
}

/** It may have been on its way to its holder when it was set aside. */
const broughtBack: EffectOf<"BroughtBack"> = (state, { id, confirmAt }) => {
  const found = State.asideOf(state, id)
  if (found === undefined) return state
  const { issuance, order, request, place } = found
  const requested = Option.getOrElse(
    HashMap.get(state.requests, request.key),
    (): State.Requested => ({ request, ids: [] }),
  )
  const delivery = issuance.delivery === "attempting" ? "unsure" : issuance.delivery
  const { id: itemId, origin } = issuance.item
  const back: State.PoolState = {
    ...State.leaveQuarantine(state, [{ id: itemId, tab: origin.tab }]),
    aside: state.aside.filter((each) => each !== found),
    keys: HashSet.add(state.keys, issuance.item.key),
  }
  const asked = State.putRequest(back, {
    ...State.withoutTaken(requested, id),
    ids: requested.ids.toSpliced(place, 0, id),
  })
  const held = withoutOffer(issuance)
  return State.put(asked, { issuance: { ...held, confirmAt, delivery }, order })
}

/** The limit of pending items is the new holder's own affair only: an admin may go over it. */
const transfer: Rule<"Transfer"> = (state, command, context) =>
  Result.gen(function* () {
    const { id, message, to, admin: by } = command
    const held = State.issuanceOf(state, id)
    if (held?.request === requestKeyOf(message) && held.holder === to) return []
    return yield* handedOver(state, yield* findPending(state, command), { ...command, by }, context)
  })

/** Who gets an item, on which message, by whose word. */
interface Receiver {
  readonly message: MessageRef
  readonly to: TelegramId
  readonly stage: string
  readonly by: TelegramId
  readonly comment?: string
}

/** The event that gives an item to another holder. */
export const handedOver = (
  state: State.PoolState,
  issuance: Issuance,
  { message, to, stage, by, ...why }: Receiver,
  context: DecisionContext,
): Result.Result<Events, NotAllowed> => {
  const { id, region, targets, holder: from, item, request: former } = issuance
  const key = requestKeyOf(message)
  // A message that shows other items already would show them to whoever holds this one.
  if (HashMap.has(state.requests, key)) return notAllowed(id, "messageTaken")
  const requested = Option.getOrUndefined(HashMap.get(state.requests, former))
  const variant = requested === undefined ? item.variant : requested.request.variant
  const { definition, now: at } = context
  const about = { resource: definition.id, variant, region, targets, quantity: 1, stage }
  const request: Request = { key, message, ...about, handedOver: true, by: to, at }
  const confirmAt = deadline(context, at)
  return accept({ _tag: "Transferred", id, from, request, confirmAt, by, at, ...whyOf(why) })
}

/** What it replaced stays with its holder, where the batch goes on saying that it was replaced. */
const transferred: EffectOf<"Transferred"> = (state, { id, request, confirmAt, ...event }) => {
  const live = Option.getOrUndefined(HashMap.get(state.live, id))
  if (live === undefined) return state
  const { issuance, order } = live
  const { by, at } = event
  const { by: to, stage } = request
  const taken = { id, key: issuance.item.key, to, stage, by, at, ...whyOf(event) }
  const left = State.noteTaken(State.letGo(state, id), issuance.request, taken)
  const moved: State.PoolState = {
    ...State.putRequest(left, { request, ids: [id] }),
    keys: HashSet.add(left.keys, issuance.item.key),
  }
  return State.put(moved, {
    issuance: {
      ...withoutOffer(issuance),
      request: request.key,
      holder: request.by,
      stage: request.stage,
      confirmAt,
      delivery: "attempting",
      seenBefore: issuance.seenBefore === true || issuance.delivery !== "refused",
      replacementOf: null,
    },
    order,
  })
}

export const rules = { SetAside: setAside, BringBack: bringBack, Transfer: transfer }
export const effects = { SetAside: putAside, BroughtBack: broughtBack, Transferred: transferred }

const findPending = (
  state: State.PoolState,
  { id, from }: { readonly id: IssuanceId; readonly from?: TelegramId },
) =>
  Result.flatMap(find(state, id), (issuance) => {
    if (from !== undefined && issuance.holder !== from) return notAllowed(id, "heldByAnother")
    return issuance.mark === null ? Result.succeed(issuance) : notAllowed(id, "alreadyMarked")
  })
