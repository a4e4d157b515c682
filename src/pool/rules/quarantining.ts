/**
 * What admins decide about the rows in quarantine: back to their tabs, issued all the same, or
 * thrown away; and how they take that back within a day.
 */
import { Duration, HashMap, HashSet, Result } from "effect"
import { quarantineUndone } from "../../config/Limits.ts"
import { keysKnown } from "../../domain/identity.ts"
import { IssuanceId } from "../../domain/Issuance.ts"
import { regionHeaderIn } from "../../domain/Region.ts"
import type { Item, Leaving, Quarantined } from "../../domain/Item.ts"
import * as Available from "../Available.ts"
import { NotAllowed, TrashGone } from "../Contract.ts"
import * as State from "../State.ts"
import {
  accept,
  type DecisionContext,
  type EffectOf,
  type Events,
  type Rule,
  unchanged,
} from "./rule.ts"

/** The state only counts the rows, so the caller has read them: one that left since is skipped. */
const leave: Rule<"LeaveQuarantine"> = (state, command, context) => {
  const { way, twice, admin: by } = command
  const here = command.rows.filter(({ row }) => isHere(state, row))
  const leaving = here.flatMap(({ row, item }): ReadonlyArray<Leaving> => {
    if (way !== "issue") return [{ row, item: null }]
    // Its former holder may have seen it.
    if (item === null || row.issuance !== undefined) return []
    if (twice) return [{ row, item: { ...item, key: `${item.key}#${item.id}` } }]
    return isKnown(state, item, context) ? [] : [{ row, item }]
  })
  const [first] = here
  if (first === undefined) return unchanged
  if (leaving.length > 0) {
    return accept({ _tag: "QuarantineLeft", way, left: distinct(leaving), by, at: context.now })
  }
  // The same decision made twice leaves behind what was refused the first time.
  return here.length < command.rows.length
    ? unchanged
    : Result.fail(new NotAllowed({ id: first.row.id, reason: "issuedBefore" }))
}

/** The first of those that are issued under one key. */
const distinct = (rows: ReadonlyArray<Leaving>) => {
  const keys = new Set<string>()
  return rows.filter(({ item }) => {
    if (item === null) return true
    const isNew = !keys.has(item.key)
    keys.add(item.key)
    return isNew
  })
}

const left: EffectOf<"QuarantineLeft"> = (state, { way, left: leaving, by, at }) => {
  const since = at - keptMs
  const before = State.leaveQuarantine(
    state,
    leaving.map(({ row }) => row),
  )
  const queued = leaving.flatMap(({ item }) => item ?? []).reduce(State.queueItem, before)
  return {
    ...queued,
    worked: [
      ...queued.worked.filter((each) => each.at > since || isOpen(each)),
      ...leaving.map(({ row }) => ({ row, way, by, at, isBack: false })),
    ],
  }
}

/** A row that stands in its tab again, or an item that somebody got, stays where it is. */
const enter: Rule<"EnterQuarantine"> = (state, { ids, admin: by }, { now: at }) => {
  const wanted = new Set(ids)
  const available = new Set(Available.all(state.available).map(({ item }) => item.id))
  const back = state.worked.filter(
    ({ row, way, isBack, at: decided }) =>
      wanted.has(row.id) &&
      decided + keptMs > at &&
      (way === "return" ? !isBack : way === "drop" || available.has(row.id)),
  )
  if (back.length === 0) return Result.fail(new TrashGone({ trash: ids[0] ?? "" }))
  return Result.succeed(
    [...Map.groupBy(back, ({ way }) => way)].map(([way, all]) => ({
      _tag: "QuarantineEntered" as const,
      way,
      quarantined: all.map(({ row }) => ({ ...row, reported: true })),
      by,
      at,
    })),
  )
}

/** Nobody could choose them, so they would stand in the stock for ever and hold back a refill. */
const setAsideRegion: Rule<"SetAsideRegion"> = (state, { region, admin: by }, { now: at }) => {
  const rows = Available.all(state.available).flatMap(({ item }) =>
    item.region === region ? [rowOfRegion(item)] : [],
  )
  return rows.length === 0
    ? unchanged
    : accept({ _tag: "QuarantineEntered", way: "issue", quarantined: rows, by, at })
}

const rowOfRegion = ({ id, origin }: Item): Quarantined => ({
  id,
  tab: origin.tab,
  reason: "region",
  column: regionHeaderIn(origin.header),
  origin,
  // Whoever removed the region is told at once.
  reported: true,
})

const entered: EffectOf<"QuarantineEntered"> = (state, { way, quarantined: rows }) => {
  const ids = new Set(rows.map(({ id }) => id))
  const worked = state.worked.filter(({ row }) => !ids.has(row.id))
  const before = { ...State.enterQuarantine(state, rows), worked }
  if (way !== "issue") return before
  const [available, queued] = State.takeOut(before.available, [...ids])
  const keys = queued.reduce((all, { item }) => HashSet.remove(all, item.key), before.keys)
  return { ...before, available, keys }
}

/** What nobody took back within a day: the timer lets go of it, see marking.ts. */
export const overdueQuarantine = ({ worked }: State.PoolState, now: number): Events => {
  const due = worked.filter((each) => each.at + keptMs <= now && !isOnItsWay(each))
  const ids = due.flatMap(({ row, way }) => (way === "drop" ? [row.id] : []))
  return due.length === 0 ? [] : [{ _tag: "QuarantineEmptied", ids, at: now }]
}

const emptied: EffectOf<"QuarantineEmptied"> = (state, { at }) => ({
  ...state,
  worked: state.worked.filter((each) => each.at + keptMs > at || isOnItsWay(each)),
})

export const rules = {
  LeaveQuarantine: leave,
  EnterQuarantine: enter,
  SetAsideRegion: setAsideRegion,
}
export const effects = {
  QuarantineLeft: left,
  QuarantineEntered: entered,
  QuarantineEmptied: emptied,
}

const keptMs = Duration.toMillis(quarantineUndone)

/** Whether the row waits to be written into its tab, however long that takes. */
const isOnItsWay = ({ way, isBack }: State.Worked) => way === "return" && !isBack

/** Whether the timer has still to do something about it. */
const isOpen = (each: State.Worked) => each.way === "drop" || isOnItsWay(each)

const isHere = (state: State.PoolState, { id, tab, issuance }: Quarantined) =>
  (state.quarantine[tab] ?? 0) > 0 &&
  !state.worked.some(({ row }) => row.id === id) &&
  !state.adopted.includes(id) &&
  // Its former holder may have got it back.
  !(issuance !== undefined && HashMap.has(state.live, IssuanceId.make(issuance)))

const isKnown = (state: State.PoolState, item: Item, context: DecisionContext) =>
  context.knownKeys.has(item.key) ||
  keysKnown(context.definition, item).some((key) => HashSet.has(state.keys, key))
