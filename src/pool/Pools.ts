/** The live stock of every resource, by the rules of Transition.ts. */
import { Clock, Context, Effect, Layer, Option, PubSub, type Scope } from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { stopWithin } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { dayOf } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { Batch, Issuance, IssuanceId, Request, RequestKey } from "../domain/Issuance.ts"
import type { Item, Quarantined } from "../domain/Item.ts"
import type { PoolEvent } from "../domain/PoolEvent.ts"
import type { Alarms } from "../observe/Alarms.ts"
import type { Journal, JournalDamaged, StorageUnavailable } from "../store/Journal.ts"
import type { AdminCommand, AdminRefusal } from "./AdminContract.ts"
import type { KeeperCommand, PersonCommand, Refusal, Stock } from "./Contract.ts"
import * as Pool from "./Pool.ts"
import * as Readings from "./readings.ts"
import { type Recovered, recoveredOf } from "./recovered.ts"
import type { Lot } from "./books.ts"
import type { Aside } from "./State.ts"
import { StorageAlarm } from "./StorageAlarm.ts"
import * as Unknown from "./unknownResource.ts"
import * as View from "./View.ts"
import * as Wishes from "./Wishes.ts"

/** A durable event of one pool. */
export interface PoolChange {
  readonly resource: string
  readonly event: PoolEvent
}

export class Pools extends Context.Service<
  Pools,
  {
    /** Pools by the order of the catalogue; resources without base tabs have none. */
    readonly resources: ReadonlyArray<Resource>
    /** Durable when it returns. Unknown resource id: UnknownIssuance for marks, OutOfStock for Issue. */
    ask(
      resource: string,
      command: PersonCommand,
    ): Effect.Effect<Batch, Refusal | StorageUnavailable>
    /** An unknown resource is a defect: a Load must not vanish. */
    tell(resource: string, command: KeeperCommand): Effect.Effect<void, StorageUnavailable>
    /** Durable when it returns, with the stock right after it. Whoever asks is an admin. */
    manage(
      resource: string,
      command: AdminCommand,
    ): Effect.Effect<Stock, AdminRefusal | StorageUnavailable>
    batch(resource: string, key: RequestKey): Effect.Effect<Option.Option<Batch>>
    /** What a person holds or marked within the last 24 hours, newest first. */
    held(by: TelegramId): Effect.Effect<ReadonlyArray<Issuance>>
    /** Everything without a mark in all pools, oldest first. */
    readonly holders: Effect.Effect<ReadonlyArray<Issuance>>
    /** What a person asked for himself within the last day, newest first. */
    asked(by: TelegramId): Effect.Effect<ReadonlyArray<Request>>
    /** How many items each would be given, were they asked for now, one after the other. */
    fitting(
      resource: string,
      wanted: ReadonlyArray<View.Wanted>,
    ): Effect.Effect<ReadonlyArray<number>>
    stock(resource: string): Effect.Effect<Stock>
    /** Confirmed and not in the issued tab yet (row === null), oldest mark first. */
    buffer(resource: string): Effect.Effect<ReadonlyArray<Issuance>>
    /** In the issued tab with the mark they have, as long as memory knows them. */
    written(resource: string): Effect.Effect<ReadonlyArray<Issuance>>
    /** As long as memory knows it. */
    find(resource: string, id: IssuanceId): Effect.Effect<Option.Option<Issuance>>
    /** In the issued tab with another mark than they have. */
    corrections(resource: string): Effect.Effect<ReadonlyArray<Issuance>>
    /** Not to be written, as admins decided within the last day; the latest decision first. */
    abandoned(resource: string): Effect.Effect<ReadonlyArray<Issuance>>
    /** Taken from their holders into quarantine within the last day, the latest first. */
    aside(resource: string): Effect.Effect<ReadonlyArray<Aside>>
    /** Batches with an issuance whose delivery is refused or unsure, and not marked. */
    undelivered(resource: string): Effect.Effect<ReadonlyArray<Batch>>
    /** On their way back to the base tab, oldest first. */
    returning(resource: string): Effect.Effect<ReadonlyArray<Item>>
    unreported(resource: string): Effect.Effect<ReadonlyArray<Quarantined>>
    /** Asks for a refill and waits until an attempt ended, well or not. Callers put a time-out on it. */
    want(resource: string): Effect.Effect<void>
    /** The Scheduler's side of `want`: waits for wishes; complete `done` when the attempt has ended. */
    readonly wanted: Effect.Effect<Wishes.Wish>
    /** Every item of the durable state, and the `seq` of the journal that this stands at. */
    standing(
      resource: string,
    ): Effect.Effect<{ readonly lots: ReadonlyArray<Lot>; readonly through: number }>
    /** Every event of every pool after it is durable, in order, for those who subscribe in time. */
    readonly events: Effect.Effect<PubSub.Subscription<PoolChange>, never, Scope.Scope>
    /** Folds each pool's events into a snapshot in the journal. */
    readonly snapshot: Effect.Effect<void, StorageUnavailable>
    /** What was found at start, for the recovery note. */
    readonly recovered: ReadonlyArray<Recovered>
    /** Waits until all that was decided is durable. */
    readonly drain: Effect.Effect<void>
  }
>()("account-bot/pool/Pools") {
  /** Restores every pool of the catalogue; stops the start if one cannot be read. */
  static readonly layer: Layer.Layer<
    Pools,
    JournalDamaged | StorageUnavailable,
    CatalogueSource | Journal | Settings | Alarms
  > = Layer.effect(
    Pools,
    Effect.gen(function* () {
      const { resources } = yield* CatalogueSource
      const { timezone } = yield* Settings
      const today = Effect.map(Clock.currentTimeMillis, (now) => dayOf(now, timezone))
      const wishes = yield* Wishes.make
      const changes = yield* PubSub.unbounded<PoolChange>()
      const storage = yield* StorageAlarm

      const pools = new Map<string, Pool.Pool>()
      const pendingElsewhere = (resource: string) => (by: TelegramId) =>
        Effect.forEach(
          [...pools.values()].filter(({ definition }) => definition.id !== resource),
          (pool) => pool.pendingOf(by),
        ).pipe(Effect.map((counts) => counts.reduce((sum, count) => sum + count, 0)))

      for (const definition of resources) {
        if (definition.baseTabs.length === 0) continue
        const { id: resource } = definition
        const pool = yield* Pool.make(definition, {
          publish: (events) =>
            PubSub.publishAll(
              changes,
              events.map((event) => ({ resource, event })),
            ),
          pendingElsewhere: pendingElsewhere(resource),
          closed: storage.closed(resource),
          opened: storage.opened(resource),
        })
        pools.set(resource, pool)
      }
      const all = [...pools.values()]
      const drain = Effect.forEach(all, (pool) => pool.drain, {
        concurrency: "unbounded",
        discard: true,
      })
      // Before the writers of the pools stop, since finalisers run from the last to the first.
      yield* Effect.addFinalizer(() =>
        drain.pipe(Effect.interruptible, Effect.timeoutOption(stopWithin)),
      )
      const started = yield* today
      const recovered = yield* Effect.forEach(all, ({ definition, durable }) =>
        Effect.map(durable, (state) => recoveredOf(definition, state, started)),
      )

      const ask = Effect.fn("Pools.ask")(function* (resource: string, command: PersonCommand) {
        const pool = pools.get(resource)
        return yield* pool === undefined
          ? Effect.fail(Unknown.unasked(resource, command))
          : pool.ask(command)
      })

      const tell = Effect.fn("Pools.tell")(function* (resource: string, command: KeeperCommand) {
        const pool = pools.get(resource)
        return yield* pool === undefined
          ? Effect.die(new Error(`no pool of "${resource}"`))
          : pool.tell(command)
      })

      const manage = Effect.fn("Pools.manage")(function* (resource: string, command: AdminCommand) {
        const pool = pools.get(resource)
        if (pool === undefined) return yield* Unknown.unmanaged(resource, command)
        const after = yield* pool.manage(command)
        return View.stockOf(pool.definition, after, yield* today)
      })

      return Pools.of({
        resources: all.map(({ definition }) => definition),
        ask,
        tell,
        manage,
        ...Readings.make(pools, today),
        want: (resource) => (pools.has(resource) ? wishes.want(resource) : Effect.void),
        wanted: wishes.wanted,
        events: PubSub.subscribe(changes),
        snapshot: Effect.forEach(all, ({ snapshot }) => snapshot, { discard: true }),
        recovered,
        drain,
      })
    }),
  ).pipe(Layer.provide(StorageAlarm.layer))
}
