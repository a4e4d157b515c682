/**
 * What the rules and the effects of a pool are, and what they share.
 *
 * A rule says which events a command makes, or why it is refused. A command that took effect
 * already makes none, so everything can be asked twice. An effect says what one event does to the
 * state. It asks no questions: what was decided once is taken as it stands, so that the journal
 * read again gives the same state, and what memory let go of is skipped. Both are pure.
 */
import { Result } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import type { Day } from "../../domain/Day.ts"
import type { Issuance, IssuanceId } from "../../domain/Issuance.ts"
import type { PoolEvent } from "../../domain/PoolEvent.ts"
import {
  type AdminCommand,
  type AdminRefusal,
  type KeeperCommand,
  NotAllowed,
  NotHolder,
  type PersonCommand,
  type Refusal,
  UnknownIssuance,
} from "../Contract.ts"
import { issuanceOf, type PoolState } from "../State.ts"

/** All that a decision needs and the state does not hold: rules read no clock and throw no dice. */
export interface DecisionContext {
  readonly definition: Resource
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
  /** How long a holder has to mark an item; only `deadline` in marking.ts reads it. */
  readonly confirmAfterMs: number
  /** How long the holder may still mark an item, in milliseconds that go by. */
  readonly timeLeft: (issuance: Issuance) => number
  /**
   * Whether the time to mark an unmarked item is over, by the time that has really gone by: the
   * clock on the wall may have been set since.
   */
  readonly isOverdue: (issuance: Issuance) => boolean
}

export type Events = ReadonlyArray<PoolEvent>

export type Command = PersonCommand | AdminCommand | KeeperCommand
export type CommandTag = Command["_tag"]
export type EventTag = PoolEvent["_tag"]

interface Tagged {
  readonly _tag: string
}

/**
 * The members of a union that have one of the tags.
 *
 * Spelt as a lookup, because then TypeScript sees that the function found by a command's tag is
 * the one that takes this command: `decide` and `evolve` need no cast.
 */
export type Of<Union extends Tagged, Tag extends Union["_tag"]> = {
  [Each in Tag]: Extract<Union, { readonly _tag: Each }> & { readonly _tag: Each }
}[Tag]

export type CommandOf<Tag extends CommandTag> = Of<Command, Tag>
export type EventOf<Tag extends EventTag> = Of<PoolEvent, Tag>

interface Refusals
  extends
    Record<PersonCommand["_tag"], Refusal>,
    Record<AdminCommand["_tag"], AdminRefusal>,
    /** What the machinery reports is never refused, only ignored. */
    Record<KeeperCommand["_tag"], never> {}
export type RefusalOf<Tag extends CommandTag> = Refusals[Tag]

export type Rule<Tag extends CommandTag> = (
  state: PoolState,
  command: CommandOf<Tag>,
  context: DecisionContext,
) => Result.Result<Events, RefusalOf<Tag>>
export type Rules = { readonly [Tag in CommandTag]: Rule<Tag> }

export type EffectOf<Tag extends EventTag> = (state: PoolState, event: EventOf<Tag>) => PoolState
export type Effects = { readonly [Tag in EventTag]: EffectOf<Tag> }

/** What is asked for stands already. */
export const unchanged: Result.Result<Events> = Result.succeed([])

export const accept = (...events: Events): Result.Result<Events> => Result.succeed(events)

export const find = (
  state: PoolState,
  id: IssuanceId,
): Result.Result<Issuance, UnknownIssuance> => {
  const issuance = issuanceOf(state, id)
  return issuance === undefined
    ? Result.fail(new UnknownIssuance({ id }))
    : Result.succeed(issuance)
}

/** The issuance that a button acts on, for its holder and for admins. */
export const findFor = (
  state: PoolState,
  { id, by, admin }: Pick<CommandOf<"Undo">, "id" | "by" | "admin">,
): Result.Result<Issuance, UnknownIssuance | NotHolder> =>
  Result.flatMap(find(state, id), (issuance) =>
    admin || issuance.holder === by ? Result.succeed(issuance) : Result.fail(new NotHolder({ id })),
  )

export const notAllowed = (id: IssuanceId, reason: NotAllowed["reason"]) =>
  Result.fail(new NotAllowed({ id, reason }))
