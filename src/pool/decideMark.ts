/** Rules of the status: set once, taken back within minutes, corrected within a day. */
import { Duration, Result } from "effect"
import { correctionWindow, undoWindow } from "../config/Limits.ts"
import { findStatus, type Resource } from "../domain/Catalogue.ts"
import type { Issuance } from "../domain/Issuance.ts"
import { AlreadyMarked, NotAllowed } from "./Contract.ts"
import {
  type Command,
  type Decision,
  type DecisionContext,
  type Events,
  findFor,
} from "./Decision.ts"
import type { PoolState } from "./State.ts"

/** Who says how it was has seen it: a confirmation also proves the delivery. */
export const confirm = (
  definition: Resource,
  state: PoolState,
  command: Command<"Confirm">,
  { now: at }: DecisionContext,
): Decision =>
  Result.gen(function* () {
    const { id, status, by } = command
    const issuance = yield* findFor(state, command)
    yield* known(definition, command)
    if (issuance.mark?.status === status) return []
    if (issuance.mark !== null) {
      return yield* Result.fail(new AlreadyMarked({ id, mark: issuance.mark }))
    }
    const seen: Events =
      issuance.delivery === "delivered"
        ? []
        : [{ _tag: "Delivered", ids: [id], confirmAt: issuance.confirmAt, at }]
    return [...seen, { _tag: "Confirmed", id, mark: { status, at, by, auto: false } }]
  })

/**
 * Back to pending, with a whole period to say something else.
 *
 * What the issued tab says stays known: if the row was written in the meantime, the next
 * status becomes a correction of it.
 */
export const undo = (
  state: PoolState,
  command: Command<"Undo">,
  { now: at, confirmAfterMs }: DecisionContext,
): Decision =>
  Result.gen(function* () {
    const { id, by } = command
    const { mark, replacedBy, confirmAt } = yield* findFor(state, command)
    if (mark === null) return []
    if (replacedBy !== null) {
      return yield* Result.fail(new NotAllowed({ id, reason: "replaced" }))
    }
    if (mark.auto || at > mark.at + undoMs) {
      return yield* Result.fail(new NotAllowed({ id, reason: "undoOver" }))
    }
    const deadline = Math.max(confirmAt, at + confirmAfterMs)
    return [{ _tag: "Undone", id, by, confirmAt: deadline, at }]
  })

/** Another status, also where the timer said it and where the item was replaced. */
export const correct = (
  definition: Resource,
  state: PoolState,
  command: Command<"Correct">,
  { now: at }: DecisionContext,
): Decision =>
  Result.gen(function* () {
    const { id, status, by } = command
    const { mark }: Issuance = yield* findFor(state, command)
    yield* known(definition, command)
    if (mark === null) return yield* Result.fail(new NotAllowed({ id, reason: "pending" }))
    if (mark.status === status) return []
    if (at > mark.at + correctionMs) {
      return yield* Result.fail(new NotAllowed({ id, reason: "correctionOver" }))
    }
    return [{ _tag: "Corrected", id, mark: { status, at, by, auto: false } }]
  })

const undoMs = Duration.toMillis(undoWindow)
const correctionMs = Duration.toMillis(correctionWindow)

const known = (
  definition: Resource,
  { id, status }: Pick<Command<"Confirm">, "id" | "status">,
): Result.Result<void, NotAllowed> =>
  findStatus(definition, status) === undefined
    ? Result.fail(new NotAllowed({ id, reason: "unknownStatus" }))
    : Result.void
