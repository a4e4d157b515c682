/** The journal as admins read it: a sentence for everything that may happen. */
import type { Release } from "../../domain/Proxy.ts"

export interface AuditTexts {
  readonly title: string
  ofPerson(name: string): string
  ofIssuance(id: string): string
  readonly button: string
  readonly newest: string
  readonly older: string
  readonly card: string
  readonly nothing: string
  unknown(name: string): string
  /** A record of it cannot be read. */
  readonly damaged: string
  /** Who had it, who has it, and who did it. */
  from(name: string): string
  to(name: string): string
  by(name: string): string
  more(count: number): string
  readonly items: {
    loaded(count: number, tab: string): string
    /** … of the same rows. */
    unfit(count: number): string
    issued(count: number, region: string): string
    replacement(of: string, region: string): string
    readonly deliveryStarted: string
    readonly delivered: string
    readonly deliveryRefused: string
    readonly deliveryUnsure: string
    readonly withdrawn: string
    marked(status: string): string
    markedItself(status: string): string
    readonly undone: string
    corrected(status: string): string
    readonly declined: string
    written(count: number): string
    quarantineReported(count: number): string
    readonly todayOnly: string
    readonly anyDay: string
    returnBegun(count: number, tabs: string): string
    returned(count: number, tabs: string): string
    readonly paused: string
    readonly resumed: string
    cleared(count: number): string
    readonly restored: string
    readonly trashEmptied: string
    readonly setAside: string
    readonly broughtBack: string
    readonly transferred: string
    /** Somebody spoilt the row by hand, and an admin wants it as it was. */
    readonly rewriteBegun: string
    /** An admin decided that the row is not to be written; and took that back. */
    readonly abandoned: string
    readonly unabandoned: string
    retired(count: number): string
  }
  readonly proxies: {
    added(count: number): string
    renewed(count: number): string
    changed(count: number): string
    looked(listed: number, gone: number): string
    readonly reserved: string
    readonly released: Readonly<Record<Release, string>>
    readonly taken: string
    readonly shown: string
    expiryTold(count: number): string
    retired(count: number): string
  }
}
