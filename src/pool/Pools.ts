/** The live stock of every resource, by the rules of Transition.ts. */
import { Context, type Effect, type Option, type PubSub, type Scope } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { Batch, Issuance, RequestKey } from "../domain/Issuance.ts"
import type { Quarantined } from "../domain/Item.ts"
import type { PoolEvent } from "../domain/PoolEvent.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import type { KeeperCommand, PersonCommand, Refusal, Stock } from "./Contract.ts"

/** A durable event of one pool. */
export interface PoolChange {
  readonly resource: string
  readonly event: PoolEvent
}

/** A wish for a refill; complete `done` when the attempt has ended, well or not. */
export interface Wish {
  readonly resource: string
  readonly done: Effect.Effect<void>
}

/** What one pool came back with after a start. */
export interface Recovered {
  readonly resource: string
  readonly available: number
  readonly pending: number
  readonly buffer: number
  /** Items whose message may or may not have arrived. */
  readonly unsure: number
}

export class Pools extends Context.Service<
  Pools,
  {
    /** Pools by the order of the catalogue; resources without base tabs have none. */
    readonly resources: ReadonlyArray<Resource>
    /** Durable when it returns. Unknown resource id: UnknownIssuance for marks, OutOfStock for Issue. */
    ask(resource: string, command: PersonCommand): Effect.Effect<Batch, Refusal | StorageUnavailable>
    tell(resource: string, command: KeeperCommand): Effect.Effect<void, StorageUnavailable>
    batch(resource: string, key: RequestKey): Effect.Effect<Option.Option<Batch>>
    /** What a person holds or marked within the last 24 hours, newest first. */
    held(by: TelegramId): Effect.Effect<ReadonlyArray<Issuance>>
    stock(resource: string): Effect.Effect<Stock>
    /** Confirmed and not in the issued tab yet (row === null), oldest mark first. */
    buffer(resource: string): Effect.Effect<ReadonlyArray<Issuance>>
    /** In the issued tab with another mark than they have. */
    corrections(resource: string): Effect.Effect<ReadonlyArray<Issuance>>
    /** Batches with an issuance whose delivery is refused or unsure, and not marked. */
    undelivered(resource: string): Effect.Effect<ReadonlyArray<Batch>>
    unreported(resource: string): Effect.Effect<ReadonlyArray<Quarantined>>
    /** Asks for a refill and waits until an attempt ended, well or not. Callers put a time-out on it. */
    want(resource: string): Effect.Effect<void>
    /** The Scheduler's side of `want`: waits for wishes; complete `done` when the attempt has ended. */
    readonly wanted: Effect.Effect<Wish>
    /** Every event of every pool after it is durable, in order, for those who subscribe in time. */
    readonly events: Effect.Effect<PubSub.Subscription<PoolChange>, never, Scope.Scope>
    /** Folds each pool's events into a snapshot in the journal. */
    readonly snapshot: Effect.Effect<void, StorageUnavailable>
    /** What was found at start, for the recovery note. */
    readonly recovered: ReadonlyArray<Recovered>
    /** Waits until all that was decided is durable. */
    readonly drain: Effect.Effect<void>
  }
>()("account-bot/pool/Pools") {}
