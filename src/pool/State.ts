/**
 * The immutable state of one pool, and the few moves that keep its indexes right.
 *
 * Nothing here knows a rule: the rules are in rules/.
 */
import { HashMap, HashSet, Option, Struct } from "effect"
import type { TelegramId } from "../domain/Employee.ts"
import type { Batch, Issuance, IssuanceId, Request, RequestKey, Taken } from "../domain/Issuance.ts"
import type { Item, ItemId, Quarantined, QuarantineWay } from "../domain/Item.ts"
import * as Available from "./Available.ts"
import type { Pause } from "./Contract.ts"

/** An issuance that memory holds. */
interface Live {
  readonly issuance: Issuance
  /** Place in the queue that the item came from, for the way back. */
  readonly order: number
}

/** A request with what was issued for it. */
export interface Requested {
  readonly request: Request
  /** Issuances that are live, oldest first. */
  readonly ids: ReadonlyArray<IssuanceId>
  /** What was taken from the holder, oldest first; absent where that was nothing. */
  readonly taken?: ReadonlyArray<Taken>
}

/** What one clearing took away, each item with the order it stood in. */
interface Thrown {
  readonly id: string
  /** The version of the stock it was made from. */
  readonly version: string
  readonly by: TelegramId
  readonly at: number
  readonly queued: ReadonlyArray<Available.Queued>
}

/** What was taken from its holder into quarantine, as it was then. */
export interface Aside extends Live {
  readonly request: Request
  /** Where it stood among the issuances of the request. */
  readonly place: number
  /** Why; absent where nobody was to be told. */
  readonly comment?: string
  readonly by: TelegramId
  readonly at: number
}

/** A row of quarantine without its cells, which only the journal keeps. */
export type Unreported = Omit<Quarantined, "origin">

/** What an admin decided about a row of quarantine within the last day or so. */
export interface Worked {
  readonly row: Quarantined
  readonly way: QuarantineWay
  readonly by: TelegramId
  readonly at: number
  /** The row stands in its tab again. */
  readonly isBack: boolean
}

/** A row that was cut out of its tab while somebody typed it. */
export interface HalfTyped {
  readonly row: Quarantined
  readonly at: number
  /** It stands in its tab again, and is kept in mind for a day. */
  readonly isBack: boolean
}

export interface PoolState {
  readonly available: Available.Available
  readonly nextOrder: number
  readonly live: HashMap.HashMap<IssuanceId, Live>
  readonly requests: HashMap.HashMap<RequestKey, Requested>
  /** The requests of each person, and so all that the person holds. */
  readonly requestsBy: HashMap.HashMap<TelegramId, HashSet.HashSet<RequestKey>>
  /** How many rows of each base tab are in quarantine. The rows are on the disk. */
  readonly quarantine: Readonly<Record<string, number>>
  /** Those that the admins were not told of yet, oldest first. */
  readonly unreported: ReadonlyArray<Unreported>
  /** What admins decided about such rows, oldest first. */
  readonly worked: ReadonlyArray<Worked>
  /** Whether only items dated today are issued; for resources that are bound to a day. */
  readonly todayOnly: boolean
  /** Items on their way back to the base tab, each with the order it stood in. */
  readonly returning: HashMap.HashMap<ItemId, Available.Queued>
  /** Rows that were cut out of their tab while somebody typed them, oldest first. */
  readonly halfTyped: ReadonlyArray<HalfTyped>
  /** Tokens of the claims loaded last, oldest first. */
  readonly claims: ReadonlyArray<string>
  /** Keys of all items available, live, returning or in the trash: a second item with one is a duplicate. */
  readonly keys: HashSet.HashSet<string>
  /** How many issuances without a mark each person holds. */
  readonly pendingBy: HashMap.HashMap<TelegramId, number>
  /** Grows whenever what is available changes. */
  readonly revision: number
  readonly pause: Pause | null
  /** What was cleared, oldest first. */
  readonly trash: ReadonlyArray<Thrown>
  /** What was set aside within the last day or so, oldest first. */
  readonly aside: ReadonlyArray<Aside>
  /** Version of the stock that was released last. */
  readonly released: string | null
  /** Rows that left quarantine since the sheet says where their items are, oldest first. */
  readonly adopted: ReadonlyArray<ItemId>
}

export const empty: PoolState = {
  available: Available.empty,
  nextOrder: 0,
  live: HashMap.empty(),
  requests: HashMap.empty(),
  requestsBy: HashMap.empty(),
  quarantine: {},
  unreported: [],
  worked: [],
  todayOnly: true,
  returning: HashMap.empty(),
  halfTyped: [],
  claims: [],
  keys: HashSet.empty(),
  pendingBy: HashMap.empty(),
  revision: 0,
  pause: null,
  trash: [],
  aside: [],
  released: null,
  adopted: [],
}

/** Enough, since a claim is loaded again within minutes or never. */
const claimsKept = 64

export const issuanceOf = (state: PoolState, id: IssuanceId): Issuance | undefined =>
  Option.getOrUndefined(HashMap.get(state.live, id))?.issuance

/** Everything that is live, oldest item first. */
export const liveOf = (state: PoolState): ReadonlyArray<Live> =>
  inOrder(HashMap.toValues(state.live))

/**
 * The live issuances that are meant, oldest item first. Only these are put in order: all of them
 * are tens of thousands.
 */
export const issuancesWhere = (
  state: PoolState,
  isMeant: (issuance: Issuance) => boolean,
): ReadonlyArray<Issuance> => {
  const meant: Array<Live> = []
  for (const live of HashMap.values(state.live)) if (isMeant(live.issuance)) meant.push(live)
  return inOrder(meant).map(({ issuance }) => issuance)
}

const inOrder = (live: ReadonlyArray<Live>) => live.toSorted((a, b) => a.order - b.order)

/** The requests of a person, in no order. */
export const requestsOf = (state: PoolState, by: TelegramId): ReadonlyArray<Requested> =>
  [...requestKeysOf(state, by)].flatMap((key) => Option.toArray(HashMap.get(state.requests, key)))

const requestKeysOf = ({ requestsBy }: PoolState, by: TelegramId): HashSet.HashSet<RequestKey> =>
  Option.getOrElse(HashMap.get(requestsBy, by), () => HashSet.empty<RequestKey>())

/** What a person holds, oldest item first: a request and its issuances are of one person. */
export const issuancesOf = (state: PoolState, by: TelegramId): ReadonlyArray<Issuance> =>
  inOrder(
    requestsOf(state, by).flatMap(({ ids }) =>
      ids.flatMap((id) => Option.toArray(HashMap.get(state.live, id))),
    ),
  ).map(({ issuance }) => issuance)

/** The version of what is available now; a preview is bound to it. */
export const versionOf = ({ revision }: PoolState): string => String(revision)

export const batchOf = (state: PoolState, key: RequestKey): Option.Option<Batch> =>
  Option.map(HashMap.get(state.requests, key), ({ request, ids, taken }) => ({
    request,
    issuances: ids.flatMap((id) => issuanceOf(state, id) ?? []),
    ...(taken === undefined ? {} : { taken }),
  }))

export const pendingOf = (state: PoolState, by: TelegramId): number =>
  Option.getOrElse(HashMap.get(state.pendingBy, by), () => 0)

export const queueItem = (state: PoolState, item: Item): PoolState => ({
  ...state,
  available: Available.add(state.available, { order: state.nextOrder, item }),
  nextOrder: state.nextOrder + 1,
  keys: HashSet.add(state.keys, item.key),
})

export const rememberClaim = (state: PoolState, claim: string): PoolState => ({
  ...state,
  claims: [...state.claims, claim].slice(-claimsKept),
})

/** Counts rows that came into quarantine, and keeps in mind that nobody was told of them. */
export const enterQuarantine = (state: PoolState, rows: ReadonlyArray<Quarantined>): PoolState => ({
  ...state,
  quarantine: counting(state.quarantine, rows, 1),
  unreported: [
    ...state.unreported,
    ...rows.filter(({ reported }) => !reported).map((row) => Struct.omit(row, ["origin"])),
  ],
})

/** Counts rows that left quarantine. */
export const leaveQuarantine = (
  state: PoolState,
  rows: ReadonlyArray<Pick<Quarantined, "id" | "tab">>,
): PoolState => {
  const ids = new Set(rows.map(({ id }) => id))
  return {
    ...state,
    quarantine: counting(state.quarantine, rows, -1),
    unreported: state.unreported.filter(({ id }) => !ids.has(id)),
  }
}

const counting = (
  counts: PoolState["quarantine"],
  rows: ReadonlyArray<Pick<Quarantined, "tab">>,
  step: 1 | -1,
): PoolState["quarantine"] => {
  const after = { ...counts }
  for (const { tab } of rows) after[tab] = (after[tab] ?? 0) + step
  return Object.fromEntries(Object.entries(after).filter(([, count]) => count !== 0))
}

/** Moves the item of an issuance out of its queue. */
export const issue = (state: PoolState, issuance: Issuance): PoolState => {
  const [order, available] = Available.remove(state.available, issuance.item)
  return put({ ...state, available }, { issuance, order: order ?? state.nextOrder })
}

/** Undoes an issuance: the item stands where it stood before. */
export const takeBack = (state: PoolState, id: IssuanceId): PoolState => {
  const live = Option.getOrUndefined(HashMap.get(state.live, id))
  if (live === undefined) return state
  const { issuance, order } = live
  const left = letGo(state, id)
  const available = Available.add(left.available, { order, item: issuance.item })
  return { ...left, available, keys: HashSet.add(left.keys, issuance.item.key) }
}

/** Keeps a request, or what has changed about it. */
export const putRequest = (state: PoolState, requested: Requested): PoolState => {
  const { key, by } = requested.request
  const requests = HashMap.set(state.requests, key, requested)
  if (HashMap.has(state.requests, key)) return { ...state, requests }
  const own = HashSet.add(requestKeysOf(state, by), key)
  return { ...state, requests, requestsBy: HashMap.set(state.requestsBy, by, own) }
}

/** Forgets a request. */
export const dropRequest = (state: PoolState, key: RequestKey): PoolState => {
  const by = Option.getOrUndefined(HashMap.get(state.requests, key))?.request.by
  if (by === undefined) return state
  const left = HashSet.remove(requestKeysOf(state, by), key)
  return {
    ...state,
    requests: HashMap.remove(state.requests, key),
    requestsBy: HashSet.isEmpty(left)
      ? HashMap.remove(state.requestsBy, by)
      : HashMap.set(state.requestsBy, by, left),
  }
}

/** Everything on its way back, oldest first. */
export const returningOf = (state: PoolState): ReadonlyArray<Available.Queued> =>
  HashMap.toValues(state.returning).toSorted((a, b) => a.order - b.order)

/** Those of `ids` that are available, and the queues without them. */
export const takeOut = (
  available: Available.Available,
  ids: ReadonlyArray<ItemId>,
): readonly [Available.Available, ReadonlyArray<Available.Queued>] => {
  const leaving = new Set(ids)
  const queued = Available.all(available).filter(({ item }) => leaving.has(item.id))
  return [queued.reduce((left, { item }) => Available.remove(left, item)[1], available), queued]
}

/** Moves items out of their queues; the base tab has not got them yet, so their keys stay. */
export const beginReturn = (state: PoolState, ids: ReadonlyArray<ItemId>): PoolState => {
  const [available, queued] = takeOut(state.available, ids)
  return {
    ...state,
    available,
    returning: HashMap.setMany(
      state.returning,
      queued.map((each) => [each.item.id, each]),
    ),
  }
}

/** Forgets an item that the base tab has got: its row may be claimed again. */
export const endReturn = (state: PoolState, id: ItemId): PoolState => {
  const queued = Option.getOrUndefined(HashMap.get(state.returning, id))
  if (queued === undefined) return state
  return {
    ...state,
    returning: HashMap.remove(state.returning, id),
    keys: HashSet.remove(state.keys, queued.item.key),
  }
}

/** Forgets an issuance and its item. */
export const letGo = (state: PoolState, id: IssuanceId): PoolState => {
  const issuance = issuanceOf(state, id)
  if (issuance === undefined) return state
  const requests = HashMap.modify(state.requests, issuance.request, (requested) => ({
    ...requested,
    ids: requested.ids.filter((each) => each !== id),
  }))
  return {
    ...state,
    pendingBy: counted(state, issuance, undefined),
    live: HashMap.remove(state.live, id),
    keys: HashSet.remove(state.keys, issuance.item.key),
    requests,
  }
}

export const put = (state: PoolState, live: Live): PoolState =>
  replace(state, issuanceOf(state, live.issuance.id), live)

const replace = (state: PoolState, before: Issuance | undefined, live: Live): PoolState => ({
  ...state,
  pendingBy: counted(state, before, live.issuance),
  live: HashMap.set(state.live, live.issuance.id, live),
})

export const change = (
  state: PoolState,
  id: IssuanceId,
  f: (issuance: Issuance) => Issuance,
): PoolState => {
  const live = Option.getOrUndefined(HashMap.get(state.live, id))
  if (live === undefined) return state
  const { issuance, order } = live
  return replace(state, issuance, { issuance: f(issuance), order })
}

export const changeEach = (
  state: PoolState,
  ids: ReadonlyArray<IssuanceId>,
  f: (issuance: Issuance) => Issuance,
): PoolState => ids.reduce((before, id) => change(before, id, f), state)

/** What was taken from its holder under that id, as long as memory knows it. */
export const asideOf = ({ aside }: PoolState, id: IssuanceId): Aside | undefined =>
  aside.find(({ issuance }) => issuance.id === id)

export const changeAside = (
  state: PoolState,
  id: IssuanceId,
  f: (issuance: Issuance) => Issuance,
): PoolState =>
  asideOf(state, id) === undefined
    ? state
    : {
        ...state,
        aside: state.aside.map((each) =>
          each.issuance.id === id ? { ...each, issuance: f(each.issuance) } : each,
        ),
      }

/** Notes that an item of the request was taken from its holder, whose message is to say so. */
export const noteTaken = (state: PoolState, key: RequestKey, taken: Taken): PoolState => ({
  ...state,
  requests: HashMap.modify(state.requests, key, (requested) => ({
    ...requested,
    taken: [...(requested.taken ?? []), taken],
  })),
})

/** The holder has that item again. */
export const withoutTaken = (
  { taken = [], ...requested }: Requested,
  id: IssuanceId,
): Requested => {
  const left = taken.filter((each) => each.id !== id)
  return left.length === 0 ? requested : { ...requested, taken: left }
}

/** Notes by which issuance another one was replaced; `null`: by none any more. */
export const link = (
  state: PoolState,
  replaced: IssuanceId | null,
  replacedBy: IssuanceId | null,
): PoolState =>
  replaced === null ? state : change(state, replaced, (issuance) => ({ ...issuance, replacedBy }))

/** Keeps the number of pending items right when an issuance comes, changes or goes. */
const counted = (
  state: PoolState,
  before: Issuance | undefined,
  after: Issuance | undefined,
): PoolState["pendingBy"] => {
  const { pendingBy } = state
  const holder = (after ?? before)?.holder
  const difference = (after?.mark === null ? 1 : 0) - (before?.mark === null ? 1 : 0)
  if (holder === undefined || difference === 0) return pendingBy
  const count = pendingOf(state, holder) + difference
  return count === 0 ? HashMap.remove(pendingBy, holder) : HashMap.set(pendingBy, holder, count)
}
