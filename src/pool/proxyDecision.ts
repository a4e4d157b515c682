/** What a decision about the proxies is made of, and how it may turn out. */
import { Data, HashMap, Result } from "effect"
import type { Day } from "../domain/Day.ts"
import type { Proxy, ProxyId } from "../domain/Proxy.ts"
import type { ProxyEvent } from "../domain/ProxyEvent.ts"
import type { ProxyCommand, ProxyKeeperCommand, ProxyUnavailable } from "./ProxyContract.ts"
import type { ProxyState } from "./proxyState.ts"

/** All that a decision needs and the state does not hold: rules read no clock and throw no dice. */
export interface ProxyContext {
  readonly now: number
  /** The day it is by the clock of the company. */
  readonly today: Day
  /** Fresh ids; a rule that needs more refuses. */
  readonly newIds: ReadonlyArray<ProxyId>
  readonly reservedForMs: number
}

export type ProxyEvents = ReadonlyArray<ProxyEvent>

export type Command<Tag extends (ProxyCommand | ProxyKeeperCommand)["_tag"]> = Extract<
  ProxyCommand | ProxyKeeperCommand,
  { readonly _tag: Tag }
>

/** There were fewer fresh ids than new proxies: to be asked again with that many. */
export class IdsMissing extends Data.TaggedError("IdsMissing")<{ readonly count: number }> {}

export type ProxyDecision = Result.Result<ProxyEvents, ProxyUnavailable | IdsMissing>

/** Proxies with ids that are in use nowhere. */
export const withIds = <A>(
  state: ProxyState,
  { newIds }: ProxyContext,
  all: ReadonlyArray<A>,
  make: (from: A, id: ProxyId) => Proxy,
): Result.Result<ReadonlyArray<Proxy>, IdsMissing> => {
  const free = newIds.filter((id) => !HashMap.has(state.proxies, id))
  const made = all.flatMap((from, index) => {
    const id = free[index]
    return id === undefined ? [] : [make(from, id)]
  })
  return made.length === all.length
    ? Result.succeed(made)
    : Result.fail(new IdsMissing({ count: all.length }))
}

/** The first of those with one key. */
export const firstOfEach = <A>(
  all: ReadonlyArray<A>,
  keyOf: (one: A) => string,
): ReadonlyMap<string, A> => {
  const first = new Map<string, A>()
  for (const one of all) if (!first.has(keyOf(one))) first.set(keyOf(one), one)
  return first
}

/** On offer no more, so that it may be added again. */
export const isOver = ({ until, place }: Proxy, today: Day): boolean =>
  until < today || place === "gone"
