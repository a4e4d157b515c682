/** What the bot has in its pools, as it tells the playground: figures and masks, never a secret. */
import { Schema } from "effect"
import { Label } from "../domain/Catalogue.ts"

const Count = Schema.Int

const variantCounts = {
  available: Count,
  pending: Count,
  buffer: Count,
  writtenToday: Count,
  setAside: Count,
}

const PoolCounts = Schema.Struct({
  ...variantCounts,
  /** In stock, and kept back because only items of today are issued. */
  hidden: Count,
  /** In the issued tab, and to be changed there. */
  corrections: Count,
  /** On the way back to the base tab. */
  returning: Count,
})

/** An item in somebody's hands, or marked and not yet written. */
const HeldItem = Schema.Struct({
  id: Schema.String,
  userId: Schema.Int,
  /** The work nickname. */
  who: Schema.String,
  mask: Schema.String,
  variant: Schema.NullOr(Schema.String),
})
export type HeldItem = typeof HeldItem.Type

const ResourceView = Schema.Struct({
  id: Schema.String,
  label: Label,
  group: Schema.String,
  baseTabs: Schema.Array(Schema.String),
  issuedTab: Schema.String,
  paused: Schema.Boolean,
  /** Only items dated today are handed out. */
  onlyToday: Schema.Boolean,
  counts: PoolCounts,
  variants: Schema.Array(
    Schema.Struct({ id: Schema.String, label: Label, counts: Schema.Struct(variantCounts) }),
  ),
  /** The newest of them; `confirmAt` is when the timer sets the status. */
  pending: Schema.Array(Schema.Struct({ ...HeldItem.fields, confirmAt: Schema.Finite })),
  buffer: Schema.Array(Schema.Struct({ ...HeldItem.fields, status: Schema.String })),
})
export type ResourceView = typeof ResourceView.Type

const ProxiesView = Schema.Struct({
  id: Schema.String,
  label: Label,
  issuedTab: Schema.String,
  counts: Schema.Struct({
    /** Used for nothing so far. */
    free: Count,
    reserved: Count,
    /** Used for a target at least. */
    taken: Count,
    broken: Count,
    /** Can be reserved now for one target at least. */
    offered: Count,
  }),
  reserved: Schema.Array(
    Schema.Struct({
      userId: Schema.Int,
      who: Schema.String,
      mask: Schema.String,
      until: Schema.Finite,
    }),
  ),
})
export type ProxiesView = typeof ProxiesView.Type

/** An event of the journal in neutral form: what it is about, in no language. */
const JournalLine = Schema.Struct({
  n: Schema.Int,
  at: Schema.Finite,
  pool: Schema.String,
  tag: Schema.String,
  resource: Schema.optionalKey(Schema.String),
  userId: Schema.optionalKey(Schema.Int),
  who: Schema.optionalKey(Schema.String),
  /** Of the first item that the event is about. */
  mask: Schema.optionalKey(Schema.String),
  /** How many items it is about. */
  count: Schema.optionalKey(Schema.Int),
})
export type JournalLine = typeof JournalLine.Type

const Requests = Schema.Struct({
  /** How many may still begin within these sixty seconds. */
  left: Schema.Finite,
  limit: Schema.Finite,
})

export const PoolsView = Schema.Struct({
  at: Schema.Finite,
  resources: Schema.Array(ResourceView),
  /** Absent where the company has none. */
  proxies: Schema.optionalKey(ProxiesView),
  flush: Schema.Struct({ at: Schema.NullOr(Schema.Finite), everyMs: Schema.Finite }),
  google: Schema.Struct({
    reads: Requests,
    writes: Requests,
    /** Google asked for a pause until then. */
    pausedUntil: Schema.optionalKey(Schema.Finite),
  }),
  /** Oldest first. */
  journal: Schema.Array(JournalLine),
})
export type PoolsView = typeof PoolsView.Type
