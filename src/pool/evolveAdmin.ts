/** How the events of the admins change a pool; see evolve.ts. */
import { Chunk, Duration, HashMap, HashSet, Option, Struct } from "effect"
import { asideKept } from "../config/Limits.ts"
import type { Issuance, IssuanceId } from "../domain/Issuance.ts"
import type { PoolEvent } from "../domain/PoolEvent.ts"
import * as Available from "./Available.ts"
import * as State from "./State.ts"

type Event<Tag extends PoolEvent["_tag"]> = Extract<PoolEvent, { readonly _tag: Tag }>

export const paused = (state: State.PoolState, { note, by, at }: Event<"Paused">) => ({
  ...state,
  pause: { note, by, at },
})

/** Counts as a change of the stock, also where it was empty: the same preview releases once. */
export const returnBegun = (state: State.PoolState, { ids, version }: Event<"ReturnBegun">) => {
  const begun = State.beginReturn(state, ids)
  return version === undefined
    ? begun
    : { ...begun, released: version, revision: begun.revision + 1 }
}

/** The items are in the trash, so their keys stay. */
export const cleared = (
  state: State.PoolState,
  { trash: id, ids, version, by, at }: Event<"Cleared">,
): State.PoolState => {
  const [available, queued] = State.takeOut(state.available, ids)
  return { ...state, available, trash: [...state.trash, { id, version, by, at, queued }] }
}

export const restored = (state: State.PoolState, { trash }: Event<"Restored">) => {
  const available = thrownIn(state, trash).reduce(Available.add, state.available)
  return { ...without(state, trash), available }
}

export const trashEmptied = (state: State.PoolState, { trash }: Event<"TrashEmptied">) => {
  const keys = thrownIn(state, trash).reduce(
    (left, { item }) => HashSet.remove(left, item.key),
    state.keys,
  )
  return { ...without(state, trash), keys }
}

/** Remembered for the day in which it can be brought back. */
export const setAside = (
  state: State.PoolState,
  { id, by, at }: Event<"SetAside">,
): State.PoolState => {
  const live = Option.getOrUndefined(HashMap.get(state.live, id))
  if (live === undefined) return state
  const { issuance } = live
  const { id: item, origin } = issuance.item
  const requested = Option.getOrUndefined(HashMap.get(state.requests, issuance.request))
  const since = at - Duration.toMillis(asideKept)
  const aside = [
    ...state.aside.filter((each) => each.at > since),
    ...(requested === undefined
      ? []
      : [{ ...live, request: requested.request, place: requested.ids.indexOf(id), by, at }]),
  ]
  const quarantine = Chunk.append(state.quarantine, {
    id: item,
    tab: origin.tab,
    reason: "withheld" as const,
    column: null,
    origin,
    reported: false,
    issuance: id,
  })
  return { ...State.letGo(state, id), quarantine, aside }
}

/** It may have been on its way to its holder when it was set aside. */
export const broughtBack = (
  state: State.PoolState,
  { id, confirmAt }: Event<"BroughtBack">,
): State.PoolState => {
  const found = state.aside.find(({ issuance }) => issuance.id === id)
  if (found === undefined) return state
  const { issuance, order, request, place } = found
  const { item, delivery } = issuance
  const ids = Option.match(HashMap.get(state.requests, request.key), {
    onNone: () => [id],
    onSome: (requested) => requested.ids.toSpliced(place, 0, id),
  })
  return State.put(
    {
      ...state,
      aside: state.aside.filter((each) => each !== found),
      quarantine: Chunk.filter(state.quarantine, (row) => row.issuance !== id),
      keys: HashSet.add(state.keys, item.key),
      requests: HashMap.set(state.requests, request.key, { request, ids }),
    },
    {
      issuance: {
        ...issuance,
        confirmAt,
        delivery: delivery === "attempting" ? "unsure" : delivery,
      },
      order,
    },
  )
}

/** What it replaced stays with its holder, where the batch goes on saying that it was replaced. */
export const transferred = (
  state: State.PoolState,
  { id, request, confirmAt }: Event<"Transferred">,
): State.PoolState => {
  const live = Option.getOrUndefined(HashMap.get(state.live, id))
  if (live === undefined) return state
  const { issuance, order } = live
  const moved: Issuance = {
    ...issuance,
    request: request.key,
    holder: request.by,
    stage: request.stage,
    confirmAt,
    delivery: "attempting",
    seenBefore: issuance.seenBefore === true || issuance.delivery !== "refused",
    replacementOf: null,
  }
  const left = State.letGo(state, id)
  return State.put(
    {
      ...left,
      keys: HashSet.add(left.keys, issuance.item.key),
      requests: HashMap.set(left.requests, request.key, { request, ids: [id] }),
    },
    { issuance: moved, order },
  )
}

export const abandoned = (state: State.PoolState, { id, by, at }: Event<"Abandoned">) =>
  State.change(state, id, (issuance) => ({ ...issuance, abandoned: { by, at } }))

export const unabandoned = (state: State.PoolState, id: IssuanceId) =>
  State.change(state, id, (issuance) => Struct.omit(issuance, ["abandoned"]))

/** Whose row is wrong has any mark in it but its own: nobody knows who wrote what stands there. */
export const rewriteBegun = (
  state: State.PoolState,
  { id, gone, value }: Event<"RewriteBegun">,
): State.PoolState =>
  State.change(state, id, (issuance) => ({
    ...issuance,
    row: gone || issuance.mark === null ? null : { ...issuance.mark, auto: !issuance.mark.auto },
    rewrites: (issuance.rewrites ?? 0) + 1,
    ...(value && !gone ? { valueLost: true } : {}),
  }))

const thrownIn = ({ trash }: State.PoolState, id: string) =>
  trash.find((thrown) => thrown.id === id)?.queued ?? []

const without = (state: State.PoolState, id: string): State.PoolState => ({
  ...state,
  trash: state.trash.filter((thrown) => thrown.id !== id),
})
