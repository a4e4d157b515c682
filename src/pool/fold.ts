/** How the events of a pool come to its state, and how the journal keeps that; see restore.ts. */
import { PoolEvent } from "../domain/PoolEvent.ts"
import type { JournalEvent } from "../store/Journal.ts"
import { afterRestart, evolve } from "./evolve.ts"
import type { Fold } from "./restore.ts"
import { decode, encode } from "./Snapshot.ts"
import { empty, type PoolState } from "./State.ts"

export const fold: Fold<PoolState, PoolEvent> = {
  empty,
  evolve,
  afterRestart,
  encode,
  decode,
  isEvent: (event: JournalEvent): event is PoolEvent => event._tag in PoolEvent.cases,
}
