/**
 * What keeps items from being issued though nobody holds them: a pause, the day they are meant
 * for, the trash, and the way back to the base tabs.
 */
import { Duration, HashMap, HashSet, Result } from "effect"
import { trashKept } from "../../config/Limits.ts"
import type { ItemId } from "../../domain/Item.ts"
import * as Available from "../Available.ts"
import { StockChanged, TrashGone } from "../Contract.ts"
import * as State from "../State.ts"
import { onlyDayOf } from "../View.ts"
import { accept, type EffectOf, type Events, type Rule, unchanged } from "./rule.ts"

/** Another note replaces the one before. */
const pause: Rule<"Pause"> = (state, { note, admin: by }, { now: at }) =>
  state.pause?.note === note ? unchanged : accept({ _tag: "Paused", note, by, at })

const paused: EffectOf<"Paused"> = (state, { note, by, at }) => ({
  ...state,
  pause: { note, by, at },
})

const resume: Rule<"Resume"> = (state, { admin: by }, { now: at }) =>
  state.pause === null ? unchanged : accept({ _tag: "Resumed", by, at })

const resumed: EffectOf<"Resumed"> = (state) => ({ ...state, pause: null })

const setTodayOnly: Rule<"SetTodayOnly"> = (state, { on, admin: by }, { definition, now: at }) =>
  definition.dayBound !== true || state.todayOnly === on
    ? unchanged
    : accept({ _tag: "TodayOnlySet", on, by, at })

const todayOnlySet: EffectOf<"TodayOnlySet"> = (state, { on }) => ({ ...state, todayOnly: on })

/** Hidden items too: the preview counts them. */
const clear: Rule<"Clear"> = (state, { version, admin: by }, { definition, now: at, newIds }) => {
  if (state.trash.some((thrown) => thrown.version === version)) return unchanged
  if (version !== State.versionOf(state)) return stockChanged(definition.id)
  const ids = availableIds(state)
  const [trash] = newIds
  if (ids.length === 0 || trash === undefined) return unchanged
  return accept({ _tag: "Cleared", trash, ids, version, by, at })
}

/** The items are in the trash, so their keys stay. */
const cleared: EffectOf<"Cleared"> = (state, { trash: id, ids, version, by, at }) => {
  const [available, queued] = State.takeOut(state.available, ids)
  return { ...state, available, trash: [...state.trash, { id, version, by, at, queued }] }
}

/** Also a little after its time, as long as nothing has emptied it. */
const restore: Rule<"Restore"> = (state, { trash, admin: by }, { now: at }) =>
  state.trash.some(({ id }) => id === trash)
    ? accept({ _tag: "Restored", trash, by, at })
    : Result.fail(new TrashGone({ trash }))

const restored: EffectOf<"Restored"> = (state, { trash }) => {
  const available = thrownIn(state, trash).reduce(Available.add, state.available)
  return { ...withoutTrash(state, trash), available }
}

/** What nobody took back within a day: the timer empties it, see marking.ts. */
export const overdueTrash = ({ trash }: State.PoolState, now: number): Events =>
  trash
    .filter(({ at }) => at + Duration.toMillis(trashKept) <= now)
    .map(({ id }) => ({ _tag: "TrashEmptied", trash: id, at: now }))

const trashEmptied: EffectOf<"TrashEmptied"> = (state, { trash }) => {
  const keys = thrownIn(state, trash).reduce(
    (left, { item }) => HashSet.remove(left, item.key),
    state.keys,
  )
  return { ...withoutTrash(state, trash), keys }
}

/** One decision: between the two the refill could take again what has just been given back. */
const release: Rule<"Release"> = (state, { version, admin: by }, { definition, now: at }) => {
  if (state.released === version) return unchanged
  if (version !== State.versionOf(state)) return stockChanged(definition.id)
  const pausing: Events = state.pause === null ? [{ _tag: "Paused", note: "", by, at }] : []
  return accept({ _tag: "ReturnBegun", ids: availableIds(state), version, by, at }, ...pausing)
}

/** What is dated later waits for its day. What somebody holds is left to its holder. */
const beginReturn: Rule<"BeginReturn"> = (state, _, { definition, now: at, today }) => {
  if (onlyDayOf(definition, state, today) === null) return unchanged
  const ids = Available.all(state.available).flatMap(({ item: { id, day } }) =>
    day !== null && day < today ? [id] : [],
  )
  return ids.length === 0 ? unchanged : accept({ _tag: "ReturnBegun", ids, at })
}

/** A release counts as a change also of an empty stock: the same preview releases once. */
const returnBegun: EffectOf<"ReturnBegun"> = (state, { ids, version }) => {
  const begun = State.beginReturn(state, ids)
  return version === undefined
    ? begun
    : { ...begun, released: version, revision: begun.revision + 1 }
}

const endReturn: Rule<"Returned"> = (state, command, { now: at }) => {
  const ids = [...new Set(command.ids)].filter(
    (id) =>
      HashMap.has(state.returning, id) ||
      state.halfTyped.some(({ row, isBack }) => row.id === id && !isBack) ||
      state.worked.some(({ row, way, isBack }) => row.id === id && way === "return" && !isBack),
  )
  return ids.length === 0 ? unchanged : accept({ _tag: "Returned", ids, at })
}

const returned: EffectOf<"Returned"> = (state, { ids }) => {
  const back = new Set(ids)
  const worked = state.worked.map((each) =>
    each.way === "return" && back.has(each.row.id) ? { ...each, isBack: true } : each,
  )
  const halfTyped = state.halfTyped.map((each) =>
    back.has(each.row.id) ? { ...each, isBack: true } : each,
  )
  return { ...ids.reduce(State.endReturn, state), worked, halfTyped }
}

export const rules = {
  Pause: pause,
  Resume: resume,
  SetTodayOnly: setTodayOnly,
  Clear: clear,
  Restore: restore,
  Release: release,
  BeginReturn: beginReturn,
  Returned: endReturn,
}
export const effects = {
  Paused: paused,
  Resumed: resumed,
  TodayOnlySet: todayOnlySet,
  Cleared: cleared,
  Restored: restored,
  TrashEmptied: trashEmptied,
  ReturnBegun: returnBegun,
  Returned: returned,
}

const stockChanged = (resource: string) => Result.fail(new StockChanged({ resource }))

const availableIds = (state: State.PoolState): ReadonlyArray<ItemId> =>
  Available.all(state.available).map(({ item }) => item.id)

const thrownIn = ({ trash }: State.PoolState, id: string) =>
  trash.find((thrown) => thrown.id === id)?.queued ?? []

const withoutTrash = (state: State.PoolState, id: string): State.PoolState => ({
  ...state,
  trash: state.trash.filter((thrown) => thrown.id !== id),
})
