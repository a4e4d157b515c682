/** The live stock of every resource: what the other parts of the program ask of the pools. */
import {
  Clock,
  Context,
  Deferred,
  Effect,
  Layer,
  Option,
  PubSub,
  Queue,
  Ref,
  type Scope,
} from "effect"
import { CatalogueSource } from "../config/CatalogueSource.ts"
import { stopWithin } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { type Day, dayOf } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { Batch, Issuance, IssuanceId, Request, RequestKey } from "../domain/Issuance.ts"
import type { Origin } from "../domain/Item.ts"
import type { PoolEvent } from "../domain/PoolEvent.ts"
import type { Alarms } from "../observe/Alarms.ts"
import { traced } from "../observe/traced.ts"
import type { Journal, JournalDamaged, StorageUnavailable, Write } from "../store/Journal.ts"
import { OlderCopy } from "../store/OlderCopy.ts"
import type { Lot } from "./books.ts"
import {
  type AdminCommand,
  type AdminRefusal,
  issuanceIn,
  type KeeperCommand,
  OutOfStock,
  type PersonCommand,
  type Refusal,
  type Stock,
  StockChanged,
  TrashGone,
  UnknownIssuance,
} from "./Contract.ts"
import { StorageAlarm } from "./Outbox.ts"
import { makePool, type Pool } from "./Pool.ts"
import {
  type Aside,
  batchOf,
  empty,
  issuanceOf,
  type PoolState,
  type Unreported,
  type Worked,
} from "./State.ts"
import * as View from "./View.ts"

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
    /**
     * Durable when it returns. Of an unknown resource nothing is in stock, and no issuance known.
     * `also` is written in one transaction with the events that the command makes, if it makes any.
     */
    ask(
      resource: string,
      command: PersonCommand,
      also?: ReadonlyArray<Write>,
    ): Effect.Effect<Batch, Refusal | StorageUnavailable>
    /** An unknown resource is a defect: a Load must not vanish. */
    tell(resource: string, command: KeeperCommand): Effect.Effect<void, StorageUnavailable>
    /**
     * Durable when it returns, with the stock right after it. Whoever asks is an admin. `also` as
     * for `ask`.
     */
    manage(
      resource: string,
      command: AdminCommand,
      also?: ReadonlyArray<Write>,
    ): Effect.Effect<Stock, AdminRefusal | StorageUnavailable>
    /** When the timer sets the status of the items itself, where they are shown from now on. */
    deadlineFromNow(resource: string, ids: ReadonlyArray<IssuanceId>): Effect.Effect<number>
    /** How long the holder may still mark the item, in milliseconds that go by. */
    timeLeft(issuance: Issuance): Effect.Effect<number>
    batch(resource: string, key: RequestKey): Effect.Effect<Option.Option<Batch>>
    /** What a person holds or marked within the last 24 hours, newest first. */
    held(by: TelegramId): Effect.Effect<ReadonlyArray<Issuance>>
    /** Everything without a mark in all pools, oldest first. */
    readonly holders: Effect.Effect<ReadonlyArray<Issuance>>
    /** What a person asked for himself within the last day, newest first. */
    asked(by: TelegramId): Effect.Effect<ReadonlyArray<Request>>
    /** How many items each of the requests would be given, made now and one after the other. */
    fitting(
      resource: string,
      wanted: ReadonlyArray<View.Wanted>,
    ): Effect.Effect<ReadonlyArray<number>>
    stock(resource: string): Effect.Effect<Stock>
    /** What can be issued now. Cheap enough for every menu, unlike the whole `stock`. */
    ready(resource: string): Effect.Effect<View.Ready>
    /** What is marked and not in the issued tab yet, oldest mark first. */
    buffer(resource: string): Effect.Effect<ReadonlyArray<Issuance>>
    /** What stands in the issued tab with its mark, as long as memory knows it. */
    written(resource: string): Effect.Effect<ReadonlyArray<Issuance>>
    /** The issuance, as long as memory knows it. */
    find(resource: string, id: IssuanceId): Effect.Effect<Option.Option<Issuance>>
    /** What stands in the issued tab with another mark than its own. */
    corrections(resource: string): Effect.Effect<ReadonlyArray<Issuance>>
    /** What admins decided within the last day not to write; the latest decision first. */
    abandoned(resource: string): Effect.Effect<ReadonlyArray<Issuance>>
    /** What was taken from its holder into quarantine within the last day, the latest first. */
    aside(resource: string): Effect.Effect<ReadonlyArray<Aside>>
    /** Batches with an unmarked issuance whose delivery is refused or unsure. */
    undelivered(resource: string): Effect.Effect<ReadonlyArray<Batch>>
    /** What is on its way back to the base tab, oldest first. */
    returning(resource: string): Effect.Effect<ReadonlyArray<View.ReturnedRow>>
    /** Rows of quarantine that the admins were not told of yet, oldest first. */
    unreported(resource: string): Effect.Effect<ReadonlyArray<Unreported>>
    /** How many rows of each tab are in quarantine. */
    setAside(resource: string): Effect.Effect<Readonly<Record<string, number>>>
    /** The rows of a base tab that admins put back within the last day, as they were then. */
    putBack(resource: string, tab: string): Effect.Effect<ReadonlyArray<Origin>>
    /** What admins decided about rows of quarantine within the last day, the latest first. */
    worked(resource: string): Effect.Effect<ReadonlyArray<Worked>>
    /** Asks for a refill and waits until an attempt ended, well or not. Callers put a time-out on it. */
    want(resource: string): Effect.Effect<void>
    /** The Scheduler's side of `want`: waits for wishes; complete `done` when the attempt has ended. */
    readonly wanted: Effect.Effect<Wish>
    /** Every item of the durable state, and the `seq` of the journal that this stands at. */
    standing(resource: string): Effect.Effect<{
      readonly lots: ReadonlyArray<Lot>
      /** How many rows are in quarantine, each of which the journal keeps. */
      readonly quarantined: number
      readonly through: number
    }>
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
      const { gate } = yield* OlderCopy
      const today = Effect.map(Clock.currentTimeMillis, (now) => dayOf(now, timezone))
      const wishes = yield* makeWishes
      const changes = yield* PubSub.unbounded<PoolChange>()

      const pools = new Map<string, Pool>()
      const pendingElsewhere = (resource: string) => (by: TelegramId) => {
        let count = 0
        for (const [id, pool] of pools) if (id !== resource) count += pool.pendingOf(by)
        return count
      }

      for (const definition of resources) {
        if (definition.baseTabs.length === 0) continue
        const { id: resource } = definition
        const pool = yield* makePool(definition, {
          publish: (events) =>
            PubSub.publishAll(
              changes,
              events.map((event) => ({ resource, event })),
            ),
          pendingElsewhere: pendingElsewhere(resource),
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

      const asked = (resource: string, command: PersonCommand, also?: ReadonlyArray<Write>) => {
        const pool = pools.get(resource)
        if (pool === undefined) return Effect.fail(refusalWithoutPool(resource, command))
        return handsOut.has(command._tag)
          ? Effect.andThen(gate, pool.ask(command, also))
          : pool.ask(command, also)
      }
      const ask = (resource: string, command: PersonCommand, also?: ReadonlyArray<Write>) =>
        asked(resource, command, also).pipe(
          traced("Pools.ask", { attributes: { resource, command: command._tag } }),
        )

      const tell = (resource: string, command: KeeperCommand) =>
        pools.get(resource)?.tell(command) ?? Effect.die(new Error(`no pool of "${resource}"`))

      const manage = Effect.fn("Pools.manage")(function* (
        resource: string,
        command: AdminCommand,
        also?: ReadonlyArray<Write>,
      ) {
        const pool = pools.get(resource)
        if (pool === undefined) return yield* adminRefusalWithoutPool(resource, command)
        const after = yield* pool.manage(command, also)
        return View.stockOf(pool.definition, after, yield* today)
      })

      return Pools.of({
        resources: all.map(({ definition }) => definition),
        ask,
        tell,
        manage,
        deadlineFromNow: (resource, ids) =>
          pools.get(resource)?.deadlineFromNow(ids) ?? Clock.currentTimeMillis,
        timeLeft: (issuance) =>
          pools.get(issuance.item.resource)?.timeLeft(issuance) ?? Effect.succeed(0),
        ...makeReadings(pools, today),
        want: (resource) => (pools.has(resource) ? wishes.want(resource) : Effect.void),
        wanted: wishes.wanted,
        events: PubSub.subscribe(changes),
        snapshot: Effect.forEach(all, ({ snapshot }) => snapshot, { discard: true }),
        recovered,
        drain,
      })
    }),
  ).pipe(Layer.provide([StorageAlarm.layer, OlderCopy.layer]))
}

/** What gives somebody an item out of the stock: not before it is known that it is nobody else's. */
const handsOut: ReadonlySet<PersonCommand["_tag"]> = new Set(["Issue", "Replace"])

/** A wish for a refill; complete `done` when the attempt has ended, well or not. */
interface Wish {
  readonly resource: string
  readonly done: Effect.Effect<void>
}

/** Those who ask for one resource share one wish until the attempt has ended. */
const makeWishes = Effect.gen(function* () {
  const outstanding = yield* Ref.make<ReadonlyMap<string, Deferred.Deferred<void>>>(new Map())
  const queue = yield* Queue.unbounded<string>()

  const want = Effect.fn("Pools.want")(function* (resource: string) {
    const fresh = yield* Deferred.make<void>()
    const shared = yield* Ref.modify(outstanding, (wishes) => {
      const known = wishes.get(resource)
      if (known !== undefined) return [known, wishes]
      Queue.offerUnsafe(queue, resource)
      return [fresh, new Map(wishes).set(resource, fresh)]
    })
    yield* Deferred.await(shared)
  })

  const fulfil = Effect.fnUntraced(function* (resource: string) {
    const wish = yield* Ref.modify(outstanding, (wishes) => {
      const left = new Map(wishes)
      left.delete(resource)
      return [wishes.get(resource), left]
    })
    if (wish !== undefined) yield* Deferred.succeed(wish, undefined)
  })

  const wanted = Effect.map(Queue.take(queue), (resource) => ({
    resource,
    done: fulfil(resource),
  }))

  return { want, wanted }
})

/** What is read from the pools is the durable state, the only one that anybody may be shown. */
const makeReadings = (pools: ReadonlyMap<string, Pool>, today: Effect.Effect<Day>) => {
  const all = [...pools.values()]
  const read =
    <A>(view: (state: PoolState) => A) =>
    (resource: string) =>
      Effect.map(pools.get(resource)?.durable ?? Effect.succeed(empty), view)

  const inAll = <A>(view: (state: PoolState) => ReadonlyArray<A>) =>
    Effect.map(
      Effect.forEach(all, ({ durable }) => Effect.map(durable, view)),
      (each) => each.flat(),
    )

  const held = Effect.fnUntraced(function* (by: TelegramId) {
    const now = yield* Clock.currentTimeMillis
    const found = yield* inAll((state) => View.heldBy(state, by, now))
    return found.toSorted((a, b) => b.issuedAt - a.issuedAt)
  })

  const asked = Effect.fnUntraced(function* (by: TelegramId) {
    return (yield* inAll((state) => View.askedBy(state, by))).toSorted((a, b) => b.at - a.at)
  })

  const holders = inAll(View.pendingIn).pipe(
    Effect.map((found) => found.toSorted((a, b) => a.issuedAt - b.issuedAt)),
    Effect.withSpan("Pools.holders"),
  )

  const fitting = Effect.fnUntraced(function* (
    resource: string,
    wanted: ReadonlyArray<View.Wanted>,
  ) {
    const pool = pools.get(resource)
    return pool === undefined
      ? wanted.map(() => 0)
      : View.fittingOf(pool.definition, yield* pool.durable, wanted, yield* today)
  })

  /** The last count of each pool: many ask for it again before anything has changed. */
  const counts = new Map<
    Pool,
    { readonly state: PoolState; readonly day: Day; readonly of: Stock }
  >()

  const stock = Effect.fnUntraced(function* (resource: string) {
    const pool = pools.get(resource)
    if (pool === undefined) return View.noStock
    const [state, day] = [yield* pool.durable, yield* today]
    const known = counts.get(pool)
    if (known?.state === state && known.day === day) return known.of
    const of = View.stockOf(pool.definition, state, day)
    counts.set(pool, { state, day, of })
    return of
  })

  /** The last answer of each pool, for as long as its stock, its mode and the day stay the same. */
  const readiness = new Map<
    Pool,
    { readonly state: PoolState; readonly day: Day; readonly of: View.Ready }
  >()

  const ready = Effect.fnUntraced(function* (resource: string) {
    const pool = pools.get(resource)
    if (pool === undefined) return View.nothingReady
    const [state, day] = [yield* pool.durable, yield* today]
    const known = readiness.get(pool)
    const isSame =
      known?.state.available === state.available &&
      known.state.pause === state.pause &&
      known.state.todayOnly === state.todayOnly &&
      known.day === day
    if (isSame) return known.of
    const of = View.readyOf(pool.definition, state, day)
    readiness.set(pool, { state, day, of })
    return of
  })

  const worked = Effect.fnUntraced(function* (resource: string) {
    const now = yield* Clock.currentTimeMillis
    return yield* read((state) => View.workedOf(state, now))(resource)
  })

  /** Asked with every look at the tabs. The timer lets go of what is older than a day. */
  const putBack = (resource: string, title: string) =>
    read(({ worked: decided }) =>
      decided.flatMap(({ row: { tab, origin }, way, isBack }) =>
        way === "return" && isBack && tab === title ? [origin] : [],
      ),
    )(resource)

  return {
    putBack,
    worked,
    batch: (resource: string, key: RequestKey) => read((state) => batchOf(state, key))(resource),
    held,
    asked,
    fitting,
    holders,
    stock,
    ready,
    buffer: read(View.bufferOf),
    written: read(View.writtenOf),
    find: (resource: string, id: IssuanceId) =>
      read((state) => Option.fromUndefinedOr(issuanceOf(state, id)))(resource),
    corrections: read(View.correctionsOf),
    abandoned: read(View.abandonedOf),
    aside: Effect.fnUntraced(function* (resource: string) {
      const now = yield* Clock.currentTimeMillis
      return yield* read((state) => View.asideOf(state, now))(resource)
    }),
    undelivered: read(View.undeliveredOf),
    returning: read(View.returningOf),
    unreported: read(View.unreportedOf),
    setAside: read(({ quarantine }) => quarantine),
    standing: (resource: string) =>
      Effect.map(pools.get(resource)?.standing ?? nowhere, ({ state, through }) => ({
        lots: View.lotsOf(state),
        quarantined: View.quarantinedIn(state),
        through,
      })),
  }
}

const nowhere = Effect.succeed({ state: empty, through: 0 })

/** What one pool came back with after a start. */
export interface Recovered {
  readonly resource: string
  /** What can be issued now. */
  readonly available: number
  readonly pending: number
  readonly buffer: number
  /** Items whose message may or may not have arrived. */
  readonly unsure: number
}

const recoveredOf = (definition: Resource, state: PoolState, today: Day): Recovered => {
  const { available, hidden, pending, buffer } = View.stockOf(definition, state, today)
  const unsure = View.unsureOf(state).length
  return { resource: definition.id, available: available - hidden, pending, buffer, unsure }
}

/** The answer to a person whose button is from before the catalogue lost the resource. */
const refusalWithoutPool = (resource: string, command: PersonCommand): Refusal =>
  command._tag === "Issue"
    ? new OutOfStock({
        resource,
        variant: command.variant,
        region: command.region,
        byVariant: {},
        byRegion: {},
        onlyDay: null,
        hidden: 0,
      })
    : new UnknownIssuance({ id: issuanceIn(command) })

/** … and to an admin. */
const adminRefusalWithoutPool = (resource: string, command: AdminCommand): AdminRefusal => {
  switch (command._tag) {
    case "SetAside":
    case "Transfer":
    case "Abandon":
    case "Unabandon":
    case "Rewrite":
      return new UnknownIssuance({ id: command.id })
    case "EnterQuarantine":
      return new TrashGone({ trash: command.ids[0] ?? "" })
    case "BringBack":
      return new TrashGone({ trash: command.id })
    case "Restore":
      return new TrashGone({ trash: command.trash })
    default:
      return new StockChanged({ resource })
  }
}
