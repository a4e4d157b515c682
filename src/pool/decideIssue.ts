/** Rules of handing out: a request, a replacement, and saying no to one. */
import { Duration, Option, Result } from "effect"
import { correctionWindow, replacementChainMax } from "../config/Limits.ts"
import { findStatus, type Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import { type Issuance, type IssuanceId, type Request, requestKeyOf } from "../domain/Issuance.ts"
import type { Item } from "../domain/Item.ts"
import * as Available from "./Available.ts"
import { NotAllowed, NotHolder, OutOfStock, PoolPaused, TooManyPending } from "./Contract.ts"
import {
  type Command,
  type Decision,
  type DecisionContext,
  type Events,
  findFor,
  unchanged,
} from "./Decision.ts"
import { batchOf, pendingOf, type PoolState } from "./State.ts"
import { countsByVariant, hiddenOf, onlyDayOf } from "./View.ts"

/** Gives what there is; the same message again is the same request, whatever else it says. */
export const issue = (
  definition: Resource,
  state: PoolState,
  command: Command<"Issue">,
  context: DecisionContext,
): Decision => {
  const key = requestKeyOf(command.message)
  const known = Option.getOrUndefined(batchOf(state, key))
  if (known !== undefined) {
    // A batch is the holder's alone, also for one who comes upon its message.
    return known.request.by === command.by ? unchanged : Result.fail(new NotHolder({ id: key }))
  }
  const closed = pausedOf(definition, state)
  if (closed !== null) return Result.fail(closed)
  const pending = pendingOf(state, command.by) + context.pendingElsewhere
  const allowed = Math.min(command.quantity, context.pendingLimit - pending)
  if (allowed < 1) {
    return Result.fail(new TooManyPending({ limit: context.pendingLimit, pending }))
  }
  const { message, variant, region, targets, quantity, by, stage } = command
  const about = { message, variant, region, targets, quantity, by, stage }
  const limited = allowed < quantity ? { allowed } : {}
  const request: Request = { key, resource: definition.id, at: context.now, ...about, ...limited }
  return hand(definition, state, request, allowed, context, (item, id) =>
    fresh(request, item, id, context),
  )
}

/** One out, one in, at most once: the limit of pending items does not apply. */
export const replace = (
  definition: Resource,
  state: PoolState,
  command: Command<"Replace">,
  context: DecisionContext,
): Decision =>
  Result.gen(function* () {
    const issuance = yield* findFor(state, command)
    if (issuance.replacedBy !== null) return []
    const closed = pausedOf(definition, state)
    if (closed !== null) return yield* Result.fail(closed)
    yield* offered(definition, issuance)
    const { id, mark, generation } = issuance
    if (mark !== null && context.now > mark.at + offerMs) {
      return yield* Result.fail(new NotAllowed({ id, reason: "replacementOver" }))
    }
    if (generation >= replacementChainMax) {
      return yield* Result.fail(new NotAllowed({ id, reason: "chainTooLong" }))
    }
    const batch = Option.getOrUndefined(batchOf(state, issuance.request))
    // A request stays as long as one of its issuances does.
    if (batch === undefined) return []
    return yield* hand(definition, state, batch.request, 1, context, (item, newId) => ({
      ...fresh(batch.request, item, newId, context),
      holder: issuance.holder,
      stage: issuance.stage,
      replacementOf: id,
      generation: generation + 1,
    }))
  })

/** Only hides the offer: who changes their mind within its time still gets a replacement. */
export const decline = (
  definition: Resource,
  state: PoolState,
  command: Command<"DeclineReplacement">,
  context: DecisionContext,
): Decision =>
  Result.gen(function* () {
    const issuance = yield* findFor(state, command)
    const { id, replacedBy, replacementDeclined } = issuance
    if (replacedBy !== null) {
      return yield* Result.fail(new NotAllowed({ id, reason: "replaced" }))
    }
    yield* offered(definition, issuance)
    const declined: Events = [{ _tag: "ReplacementDeclined", id, at: context.now }]
    return replacementDeclined ? [] : declined
  })

const pausedOf = ({ id: resource }: Resource, { pause }: PoolState): PoolPaused | null =>
  pause === null ? null : new PoolPaused({ resource, note: pause.note })

/** An offer lasts as long as the status it comes from can be corrected. */
const offerMs = Duration.toMillis(correctionWindow)

const offered = (definition: Resource, { id, mark }: Issuance): Result.Result<void, NotAllowed> => {
  if (mark === null) return Result.fail(new NotAllowed({ id, reason: "pending" }))
  return findStatus(definition, mark.status)?.offersReplacement === true
    ? Result.void
    : Result.fail(new NotAllowed({ id, reason: "noReplacement" }))
}

const hand = (
  definition: Resource,
  state: PoolState,
  request: Request,
  count: number,
  context: DecisionContext,
  made: (item: Item, id: IssuanceId) => Issuance,
): Decision => {
  const onlyDay = onlyDayOf(definition, state, context.today)
  const items = Available.oldest(state.available, request, onlyDay, count)
  if (items.length === 0) return Result.fail(outOfStock(definition, state, request, onlyDay))
  const issuances = items.flatMap((item, index) => {
    const id = context.newIds[index]
    return id === undefined ? [] : [made(item, id)]
  })
  return Result.succeed([{ _tag: "Issued", request, issuances, at: context.now }])
}

const fresh = (
  request: Request,
  item: Item,
  id: IssuanceId,
  { now, confirmAfterMs }: DecisionContext,
): Issuance => ({
  id,
  item,
  request: request.key,
  holder: request.by,
  stage: request.stage,
  region: request.region,
  targets: request.targets,
  issuedAt: now,
  confirmAt: now + confirmAfterMs,
  delivery: "attempting",
  mark: null,
  row: null,
  replacementOf: null,
  replacedBy: null,
  replacementDeclined: false,
  generation: 0,
})

const outOfStock = (
  definition: Resource,
  state: PoolState,
  { variant, region }: Pick<Request, "variant" | "region">,
  onlyDay: Day | null,
) =>
  new OutOfStock({
    resource: definition.id,
    variant,
    region,
    byVariant: countsByVariant(definition, state, onlyDay),
    byRegion: Available.countBy(state.available, onlyDay, (item) => item.region),
    onlyDay,
    hidden: hiddenOf(state, onlyDay),
  })
