/** What admins read about how the bot itself is. */
import type { Failure } from "../../observe/Vitals.ts"

export interface HealthTexts {
  /** Headlines: all is well, or what is wrong. */
  readonly well: string
  readonly diskRefuses: string
  telegramSilent(age: string): string
  alarms(count: number): string
  late(age: string): string
  readonly noHeartbeat: string
  moreAlarms(count: number): string
  running(since: string, age: string, version: string): string
  /** Lines to the outside, `name` begins the sentence. */
  readonly journal: string
  readonly telegram: string
  readonly stockSheet: string
  readonly issuedSheet: string
  readonly bothSheets: string
  readonly heartbeat: string
  worked(name: string, at: string): string
  neverWorked(name: string): string
  failed(at: string, failure: string): string
  readonly failures: Readonly<Record<Failure, string>>
  updates(count: number): string
  paused(until: string): string
  unwritten(count: number): string
  pending(count: number): string
  undelivered(count: number): string
  /** Stocks that run low, with what is left of each. */
  low(list: string): string
  /** The last count of the books. */
  books(at: string, items: number, adrift: number): string
  /** Behind a count: of what waits. */
  oldest(age: string): string
}
