/** Rules of the day: which items are issued today, and how those of earlier days go back. */
import { HashMap } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import * as Available from "./Available.ts"
import type { KeeperCommand } from "./Contract.ts"
import type { DecisionContext, Events } from "./Decision.ts"
import type { PoolState } from "./State.ts"
import { onlyDayOf } from "./View.ts"

type Keeper<Tag extends KeeperCommand["_tag"]> = Extract<KeeperCommand, { readonly _tag: Tag }>

export const setTodayOnly = (
  definition: Resource,
  state: PoolState,
  { on, admin }: Keeper<"SetTodayOnly">,
  { now: at }: DecisionContext,
): Events =>
  definition.dayBound !== true || state.todayOnly === on
    ? []
    : [{ _tag: "TodayOnlySet", on, by: admin, at }]

/** What is dated later waits for its day. What somebody holds is left to its holder. */
export const beginReturn = (
  definition: Resource,
  state: PoolState,
  { now: at, today }: DecisionContext,
): Events => {
  if (onlyDayOf(definition, state, today) === null) return []
  const ids = Available.all(state.available).flatMap(({ item: { id, day } }) =>
    day !== null && day < today ? [id] : [],
  )
  return ids.length === 0 ? [] : [{ _tag: "ReturnBegun", ids, at }]
}

export const returned = (
  state: PoolState,
  command: Keeper<"Returned">,
  { now: at }: DecisionContext,
): Events => {
  const ids = [...new Set(command.ids)].filter((id) => HashMap.has(state.returning, id))
  return ids.length === 0 ? [] : [{ _tag: "Returned", ids, at }]
}
