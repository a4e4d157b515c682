/** What a decision is made of: what it may look at, and how it may turn out. */
import { Result } from "effect"
import type { Day } from "../domain/Day.ts"
import type { Issuance, IssuanceId } from "../domain/Issuance.ts"
import type { PoolEvent } from "../domain/PoolEvent.ts"
import { NotHolder, type PersonCommand, type Refusal, UnknownIssuance } from "./Contract.ts"
import { issuanceOf, type PoolState } from "./State.ts"

/** All that a decision needs and the state does not hold: rules read no clock and throw no dice. */
export interface DecisionContext {
  readonly now: number
  /** The day it is where the company works. */
  readonly today: Day
  /** Fresh ids, at least as many as can be issued by one command. */
  readonly newIds: ReadonlyArray<IssuanceId>
  /** Keys of the items to load that were issued before, by the journal. */
  readonly knownKeys: ReadonlySet<string>
  readonly pendingLimit: number
  /** What the person holds without a mark in the other pools: the limit is theirs, not a pool's. */
  readonly pendingElsewhere: number
  readonly confirmAfterMs: number
}

export type Events = ReadonlyArray<PoolEvent>
export type Decision = Result.Result<Events, Refusal>

export type Command<Tag extends PersonCommand["_tag"]> = Extract<
  PersonCommand,
  { readonly _tag: Tag }
>

/** Decides nothing: what is asked for stands already. */
export const unchanged: Decision = Result.succeed([])

/** The issuance a button acts on, for its holder and for admins. */
export const findFor = (
  state: PoolState,
  { id, by, admin }: Pick<Command<"Undo">, "id" | "by" | "admin">,
): Result.Result<Issuance, UnknownIssuance | NotHolder> => {
  const issuance = issuanceOf(state, id)
  if (issuance === undefined) return Result.fail(new UnknownIssuance({ id }))
  return admin || issuance.holder === by
    ? Result.succeed(issuance)
    : Result.fail(new NotHolder({ id }))
}
