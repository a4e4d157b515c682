/** What the bot has in its pools, as it tells the playground: figures and masks, never a secret. */
import type { Label } from "../domain/Catalogue.ts"

export interface VariantCounts {
  readonly available: number
  readonly pending: number
  readonly buffer: number
  readonly writtenToday: number
  readonly setAside: number
}

export interface PoolCounts extends VariantCounts {
  /** In stock, and kept back because only items of today are issued. */
  readonly hidden: number
  /** In the issued tab, and to be changed there. */
  readonly corrections: number
  /** On the way back to the base tab. */
  readonly returning: number
}

/** An item in somebody's hands, or marked and not yet written. */
export interface HeldItem {
  readonly id: string
  readonly userId: number
  /** The work nickname. */
  readonly who: string
  readonly mask: string
  readonly variant: string | null
}

export interface ResourceView {
  readonly id: string
  readonly label: Label
  readonly group: string
  readonly baseTabs: ReadonlyArray<string>
  readonly issuedTab: string
  readonly paused: boolean
  /** Only items dated today are handed out. */
  readonly onlyToday: boolean
  readonly counts: PoolCounts
  readonly variants: ReadonlyArray<{
    readonly id: string
    readonly label: Label
    readonly counts: VariantCounts
  }>
  /** The newest of them; `confirmAt` is when the timer sets the status. */
  readonly pending: ReadonlyArray<HeldItem & { readonly confirmAt: number }>
  readonly buffer: ReadonlyArray<HeldItem & { readonly status: string }>
}

export interface ProxiesView {
  readonly id: string
  readonly label: Label
  readonly issuedTab: string
  readonly counts: {
    /** Used for nothing so far. */
    readonly free: number
    readonly reserved: number
    /** Used for a target at least. */
    readonly taken: number
    readonly broken: number
    /** Can be reserved now for one target at least. */
    readonly offered: number
  }
  readonly reserved: ReadonlyArray<{
    readonly userId: number
    readonly who: string
    readonly mask: string
    readonly until: number
  }>
}

/** An event of the journal in neutral form: what it is about, in no language. */
export interface JournalLine {
  readonly n: number
  readonly at: number
  readonly pool: string
  readonly tag: string
  readonly resource?: string
  readonly userId?: number
  readonly who?: string
  /** Of the first item that the event is about. */
  readonly mask?: string
  /** How many items it is about. */
  readonly count?: number
}

interface Requests {
  /** How many may still begin within these sixty seconds. */
  readonly left: number
  readonly limit: number
}

export interface PoolsView {
  readonly at: number
  readonly resources: ReadonlyArray<ResourceView>
  /** Absent where the company has none. */
  readonly proxies?: ProxiesView
  readonly flush: { readonly at: number | null; readonly everyMs: number }
  readonly google: {
    readonly reads: Requests
    readonly writes: Requests
    /** Google asked for a pause until then. */
    readonly pausedUntil?: number
  }
  /** Oldest first. */
  readonly journal: ReadonlyArray<JournalLine>
}
