/** The state of a pool as the journal keeps it: plain arrays. */
import { Effect, HashMap, HashSet, Schema, Struct } from "effect"
import { Moment } from "../domain/Day.ts"
import { TelegramId } from "../domain/Employee.ts"
import { Issuance, IssuanceId, Request, Taken } from "../domain/Issuance.ts"
import { Item, ItemId, Quarantined, QuarantineWay } from "../domain/Item.ts"
import { version } from "../config/Settings.ts"
import * as Available from "./Available.ts"
import { Pause } from "./Contract.ts"
import * as State from "./State.ts"

const Queued = Schema.Struct({ order: Schema.Int, item: Item })

const Thrown = Schema.Struct({
  id: Schema.String,
  version: Schema.String,
  by: TelegramId,
  at: Moment,
  queued: Schema.Array(Queued),
})

const Aside = Schema.Struct({
  issuance: Issuance,
  order: Schema.Int,
  request: Request,
  place: Schema.Int,
  comment: Schema.optionalKey(Schema.String),
  by: TelegramId,
  at: Moment,
})

const Snapshot = Schema.Struct({
  version: Schema.Literal(1),
  /** The version of the program that wrote it; absent up to 0.3.0. */
  program: Schema.optionalKey(Schema.String),
  nextOrder: Schema.Int,
  available: Schema.Array(Queued),
  live: Schema.Array(Schema.Struct({ order: Schema.Int, issuance: Issuance })),
  requests: Schema.Array(
    Schema.Struct({
      request: Request,
      ids: Schema.Array(IssuanceId),
      taken: Schema.optionalKey(Schema.Array(Taken)),
    }),
  ),
  /** The rows themselves, up to 0.3.0; now they are in the journal, and only counted here. */
  quarantine: Schema.optionalKey(Schema.Array(Quarantined)),
  quarantined: Schema.optionalKey(Schema.Record(Schema.String, Schema.Int)),
  unreported: Schema.optionalKey(Schema.Array(Quarantined.mapFields(Struct.omit(["origin"])))),
  worked: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        row: Quarantined,
        way: QuarantineWay,
        by: TelegramId,
        at: Moment,
        isBack: Schema.Boolean,
      }),
    ),
  ),
  claims: Schema.Array(Schema.String),
  /** Absent in the snapshots of before there was such a mode, which is on by default. */
  todayOnly: Schema.optionalKey(Schema.Boolean),
  returning: Schema.optionalKey(Schema.Array(Queued)),
  /** Absent in the snapshots of before half-typed rows went back by themselves. */
  halfTyped: Schema.optionalKey(
    Schema.Array(Schema.Struct({ row: Quarantined, at: Moment, isBack: Schema.Boolean })),
  ),
  /** The next four are absent in the snapshots of before admins could change the stock. */
  revision: Schema.optionalKey(Schema.Int),
  pause: Schema.optionalKey(Schema.NullOr(Pause)),
  trash: Schema.optionalKey(Schema.Array(Thrown)),
  released: Schema.optionalKey(Schema.NullOr(Schema.String)),
  /** Absent in the snapshots of before what was set aside could be brought back. */
  aside: Schema.optionalKey(Schema.Array(Aside)),
  /** Absent where the bot never started on an older copy. */
  adopted: Schema.optionalKey(Schema.Array(ItemId)),
})
type Snapshot = typeof Snapshot.Type

/** A field that this program does not know may not be dropped: the next snapshot would lack it. */
const fromText = Schema.decodeUnknownEffect(Snapshot, { onExcessProperty: "error" })

/**
 * All of it is plain JSON already: the schema would change nothing in it, and is left to whoever
 * reads it. The two long lists are in no order, since to sort them would hold everybody up.
 */
export const encode = (state: State.PoolState): Snapshot => ({
  version: 1,
  program: version,
  nextOrder: state.nextOrder,
  available: Available.all(state.available),
  live: HashMap.toValues(state.live),
  requests: HashMap.toValues(state.requests),
  quarantined: state.quarantine,
  unreported: state.unreported,
  worked: state.worked,
  claims: state.claims,
  todayOnly: state.todayOnly,
  returning: State.returningOf(state),
  halfTyped: state.halfTyped,
  revision: state.revision,
  pause: state.pause,
  trash: state.trash,
  released: state.released,
  aside: state.aside,
  ...(state.adopted.length === 0 ? {} : { adopted: state.adopted }),
})

export const decode = (encoded: unknown) => Effect.map(fromText(encoded), indexed)

const indexed = (snapshot: Snapshot): State.PoolState => {
  const { nextOrder, available, live, requests, claims } = snapshot
  const { todayOnly = State.empty.todayOnly, returning = [] } = snapshot
  const { revision = 0, pause = null, trash = [], released = null, aside = [] } = snapshot
  const thrown = trash.flatMap(({ queued }) => queued)
  const items = [
    ...[...available, ...returning, ...thrown].map(({ item }) => item),
    ...live.map(({ issuance }) => issuance.item),
  ]
  const still: State.PoolState = {
    ...State.empty,
    nextOrder,
    available: available.reduce(Available.add, Available.empty),
    todayOnly,
    returning: HashMap.fromIterable(returning.map((each) => [each.item.id, each])),
    halfTyped: snapshot.halfTyped ?? [],
    claims,
    revision,
    pause,
    trash,
    released,
    aside,
    adopted: snapshot.adopted ?? [],
    quarantine: snapshot.quarantined ?? {},
    unreported: snapshot.unreported ?? [],
    worked: snapshot.worked ?? [],
    keys: HashSet.fromIterable(items.map(({ key }) => key)),
  }
  const asked = requests.reduce(State.putRequest, still)
  return live.reduce(State.put, State.enterQuarantine(asked, snapshot.quarantine ?? []))
}
