/** Handing out: a request, a replacement, and saying no to one. */
import { Duration, HashMap, Option, Result } from "effect"
import { correctionWindow, replacementChainMax } from "../../config/Limits.ts"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import {
  type Issuance,
  type IssuanceId,
  type Request,
  requestKeyOf,
} from "../../domain/Issuance.ts"
import type { Item } from "../../domain/Item.ts"
import * as Available from "../Available.ts"
import {
  type NotAllowed,
  NotHolder,
  type OutOfStock,
  PoolPaused,
  TooManyPending,
} from "../Contract.ts"
import * as State from "../State.ts"
import { onlyDayOf, outOfStockOf, readyOf } from "../View.ts"
import { deadline } from "./marking.ts"
import {
  accept,
  type DecisionContext,
  type EffectOf,
  type Events,
  findFor,
  notAllowed,
  type Rule,
  unchanged,
} from "./rule.ts"

/** Gives what there is; the same message again is the same request, whatever else it says. */
const issue: Rule<"Issue"> = (state, command, context) => {
  const { definition, now: at, pendingLimit: limit, pendingElsewhere } = context
  const { message, variant, region, targets, quantity, by, stage } = command
  const key = requestKeyOf(message)
  const known = Option.getOrUndefined(HashMap.get(state.requests, key))
  if (known !== undefined) {
    // A batch is the holder's alone, also for one who comes upon its message.
    return known.request.by === by ? unchanged : Result.fail(new NotHolder({ id: key }))
  }
  const paused = pausedOf(definition, state)
  if (paused !== null) return Result.fail(paused)
  const pending = State.pendingOf(state, by) + pendingElsewhere
  const allowed = Math.min(quantity, limit - pending)
  if (allowed < 1) return Result.fail(new TooManyPending({ limit, pending }))
  const about = { message, variant, region, targets, quantity, by, stage }
  const limited = allowed < quantity ? { allowed } : {}
  const request: Request = { key, resource: definition.id, at, ...about, ...limited }
  return hand(state, request, allowed, context, (item, id) => fresh(request, item, id, context))
}

/** One out, one in, at most once: the limit of pending items does not apply. */
const replace: Rule<"Replace"> = (state, command, context) =>
  Result.gen(function* () {
    const { definition, now } = context
    const issuance = yield* findFor(state, command)
    if (issuance.replacedBy !== null) return []
    const paused = pausedOf(definition, state)
    if (paused !== null) return yield* Result.fail(paused)
    yield* offersReplacement(definition, issuance)
    const { id, mark, generation, holder, stage } = issuance
    if (mark !== null && now > mark.at + offerMs) return yield* notAllowed(id, "replacementOver")
    if (generation >= replacementChainMax) return yield* notAllowed(id, "chainTooLong")
    const requested = Option.getOrUndefined(HashMap.get(state.requests, issuance.request))
    // A request stays as long as one of its issuances does.
    if (requested === undefined) return []
    const { request } = requested
    return yield* hand(state, request, 1, context, (item, newId) => ({
      ...fresh(request, item, newId, context),
      holder,
      stage,
      replacementOf: id,
      generation: generation + 1,
    }))
  })

/** A replacement joins the request of the first item. */
const issued: EffectOf<"Issued"> = (state, { request, issuances }) => {
  const known = Option.getOrUndefined(HashMap.get(state.requests, request.key))
  const ids = [...(known?.ids ?? []), ...issuances.map(({ id }) => id)]
  return issuances.reduce(
    (before, issuance) =>
      State.link(State.issue(before, issuance), issuance.replacementOf, issuance.id),
    State.putRequest(state, { request, ...known, ids }),
  )
}

/** Only hides the offer: who changes their mind within its time still gets a replacement. */
const decline: Rule<"DeclineReplacement"> = (state, command, { definition, now: at }) =>
  Result.gen(function* () {
    const issuance = yield* findFor(state, command)
    const { id, replacedBy, replacementDeclined } = issuance
    if (replacedBy !== null) return yield* notAllowed(id, "replaced")
    yield* offersReplacement(definition, issuance)
    const declined: Events = [{ _tag: "ReplacementDeclined", id, at }]
    return replacementDeclined ? [] : declined
  })

const declined: EffectOf<"ReplacementDeclined"> = (state, { id }) =>
  State.change(state, id, (issuance) => ({ ...issuance, replacementDeclined: true }))

export const rules = { Issue: issue, Replace: replace, DeclineReplacement: decline }
export const effects = { Issued: issued, ReplacementDeclined: declined }

const pausedOf = ({ id: resource }: Resource, { pause }: State.PoolState): PoolPaused | null =>
  pause === null ? null : new PoolPaused({ resource, note: pause.note })

/** An offer lasts as long as the status it comes from can be corrected. */
const offerMs = Duration.toMillis(correctionWindow)

const offersReplacement = (
  definition: Resource,
  { id, mark }: Issuance,
): Result.Result<void, NotAllowed> => {
  if (mark === null) return notAllowed(id, "pending")
  return findStatus(definition, mark.status)?.offersReplacement === true
    ? Result.void
    : notAllowed(id, "noReplacement")
}

/** The oldest items that fit, each as the issuance that `issuanceOf` makes of it. */
const hand = (
  state: State.PoolState,
  request: Request,
  count: number,
  { definition, today, newIds, now: at }: DecisionContext,
  issuanceOf: (item: Item, id: IssuanceId) => Issuance,
): Result.Result<Events, OutOfStock> => {
  const onlyDay = onlyDayOf(definition, state, today)
  const items = Available.oldest(state.available, request, onlyDay, count)
  if (items.length === 0) {
    return Result.fail(outOfStockOf(definition, readyOf(definition, state, today), request))
  }
  const issuances = items.flatMap((item, index) => {
    const id = newIds[index]
    return id === undefined ? [] : [issuanceOf(item, id)]
  })
  return accept({ _tag: "Issued", request, issuances, at })
}

const fresh = (
  request: Request,
  item: Item,
  id: IssuanceId,
  context: DecisionContext,
): Issuance => ({
  id,
  item,
  request: request.key,
  holder: request.by,
  stage: request.stage,
  region: request.region,
  targets: request.targets,
  issuedAt: context.now,
  confirmAt: deadline(context, context.now),
  delivery: "attempting",
  mark: null,
  row: null,
  replacementOf: null,
  replacedBy: null,
  replacementDeclined: false,
  generation: 0,
})
