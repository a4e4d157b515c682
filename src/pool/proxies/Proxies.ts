/**
 * The proxies: who has reserved which, what each was used for, and which are free.
 *
 *   tab or wizard ──▶ free ──Reserve──▶ reserved ──Take──▶ used for its targets, free for others
 *                       ▲                │  ▲ └Extend           │                    │
 *                       ├─ Cancel, time-out ┘                   │                    │
 *                       ├─ Return, within ten minutes ──────────┘                    │
 *                       └─ mended in the tab, added again ── does not work ◀──Report─┘
 *
 * The same machinery as a pool's: decided and evolved in one transaction, on disk before anybody
 * sees it. See Pool.ts.
 */
import {
  Chunk,
  Context,
  Duration,
  Effect,
  HashMap,
  Layer,
  Option,
  PubSub,
  Queue,
  Result,
  Schema,
  type Scope,
} from "effect"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { proxyNoticeDays, stopWithin } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { isRegistry, type Resource } from "../../domain/Catalogue.ts"
import { type Day, dayOf, serialOfDay } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { type MessageRef, requestKeyOf } from "../../domain/Issuance.ts"
import {
  type CountryCode,
  type Endpoint,
  endpointKey,
  type Outcome,
  type Proxy,
  ProxyId,
  type Reservation,
  sessionKey,
} from "../../domain/Proxy.ts"
import { ProxyEvent } from "../../domain/ProxyEvent.ts"
import type { Alarms } from "../../observe/Alarms.ts"
import { makeDeadlines } from "../../observe/deadlines.ts"
import { bothTimes, type Times } from "../../observe/elapsed.ts"
import type {
  Journal,
  JournalDamaged,
  JournalEvent,
  StorageUnavailable,
} from "../../store/Journal.ts"
import { type Fold, makeOutbox, type Outbox, StorageAlarm } from "../Outbox.ts"
import { freshIds } from "../Pool.ts"
import {
  type CommandOf,
  decide,
  evolve,
  heldAs,
  isOver,
  mayBeReturned,
  type ProxyCommand,
  type ProxyContext,
  type ProxyKeeperCommand,
  type ProxyUnavailable,
  type ReservationOver,
  reservedAs,
  type TakingOver,
} from "./rules.ts"
import {
  allOf,
  decodeProxies,
  empty,
  encodeProxies,
  endedOf,
  gatewaysOf,
  proxyOf,
  type ProxyState,
  reservationKey,
  runningOf,
} from "./proxyState.ts"

/** What came of an addition; the endpoints that were known already are in neither. */
interface Added {
  readonly proxies: ReadonlyArray<Proxy>
  readonly renewed: ReadonlyArray<Proxy>
}

/** What the bot has of some endpoints already, in proxies that have not ended. */
export interface Standing {
  /** Those that it has with this very password, by `sessionKey`. */
  readonly lines: ReadonlySet<string>
  /** The logins that it has with any password, by `endpointKey`. */
  readonly logins: ReadonlySet<string>
  /** The logins of rotating gateways, by `endpointKey`: each password is a proxy of its own. */
  readonly gateways: ReadonlySet<string>
}

/** A proxy that ends within two days, and who took it. */
interface Ending {
  readonly proxy: Proxy
  readonly holders: ReadonlyArray<TelegramId>
}

export class Proxies extends Context.Service<
  Proxies,
  {
    /** The catalogue's entry; none: it has no proxies, nothing is offered and nothing added. */
    readonly resource: Option.Option<Resource>
    /** Durable when it returns, as all of the following. */
    add(command: CommandOf<"Add">): Effect.Effect<Added, StorageUnavailable>
    reserve(
      command: CommandOf<"Reserve">,
    ): Effect.Effect<Reservation, ProxyUnavailable | StorageUnavailable>
    /** Answers with the reservation that became a use. */
    take(
      command: CommandOf<"Take">,
    ): Effect.Effect<Reservation, ReservationOver | StorageUnavailable>
    cancel(
      command: CommandOf<"Cancel">,
    ): Effect.Effect<Reservation, ReservationOver | StorageUnavailable>
    /** Answers with the reservation as it runs on; asked again, with the same. */
    extend(
      command: CommandOf<"Extend">,
    ): Effect.Effect<Reservation, ReservationOver | StorageUnavailable>
    /** Undoes a taking, and answers with it. */
    giveBack(
      command: CommandOf<"Return">,
    ): Effect.Effect<Reservation, TakingOver | StorageUnavailable>
    /** Notes that a proxy does not work. Answers with the taking of whoever says so. */
    report(
      command: CommandOf<"Report">,
    ): Effect.Effect<Reservation, TakingOver | StorageUnavailable>
    tell(command: ProxyKeeperCommand): Effect.Effect<void, StorageUnavailable>
    /**
     * What can be reserved now for all of the targets: neither reserved nor used for one of
     * them, not ended, not gone. Soonest end first.
     */
    free(targets: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Proxy>>
    /** The reservations whose time is not over. */
    readonly reservations: Effect.Effect<ReadonlyArray<Reservation>>
    /** Whether the time of the reservation is not over. */
    isRunning(reservation: Reservation): Effect.Effect<boolean>
    /** Whether there is any that can be reserved for some target. */
    readonly hasFree: Effect.Effect<boolean>
    find(id: string): Effect.Effect<Option.Option<Proxy>>
    /** Gives proxies another password; a login that has none by now is passed over. */
    repassword(endpoints: ReadonlyArray<Endpoint>): Effect.Effect<void, StorageUnavailable>
    /** What of the endpoints the bot has already. */
    known(endpoints: ReadonlyArray<Endpoint>): Effect.Effect<Standing>
    /** The logins of rotating gateways, by `endpointKey`. */
    readonly gateways: Effect.Effect<ReadonlySet<string>>
    /** The last time that the person took the proxy, if that was within a day. */
    takingOf(proxy: ProxyId, by: TelegramId): Effect.Effect<Option.Option<Outcome>>
    /** Whether a taking may still be undone. */
    isReturnable(taking: Outcome): Effect.Effect<boolean>
    /** What a person took and has not ended, newest first. */
    heldBy(by: TelegramId): Effect.Effect<ReadonlyArray<Proxy>>
    /** Countries of the proxies, the one added to last first. */
    readonly countries: Effect.Effect<ReadonlyArray<CountryCode>>
    /** Ended reservations whose message does not show that yet, oldest first. */
    readonly unshown: Effect.Effect<ReadonlyArray<Outcome>>
    /** A proxy was taken on that message, within the last day: it shows goods, or is about to. */
    takenOn(message: MessageRef): Effect.Effect<boolean>
    /** Ends today, tomorrow or the day after, taken by somebody, and nobody was told. */
    readonly ending: Effect.Effect<ReadonlyArray<Ending>>
    /** All that have a row in the registry tab or wait for one, by the time they were added. */
    readonly registry: Effect.Effect<ReadonlyArray<Proxy>>
    /** Asks for a look at the registry tab: somebody is about to choose a proxy. */
    readonly wantLook: Effect.Effect<void>
    /** The Scheduler's side of `wantLook`: waits until a look is asked for. */
    readonly lookWanted: Effect.Effect<void>
    /** Every event after it is durable, in order, for those who subscribe in time. */
    readonly events: Effect.Effect<PubSub.Subscription<ProxyEvent>, never, Scope.Scope>
    readonly snapshot: Effect.Effect<void, StorageUnavailable>
    /** Waits until all that was decided is durable. */
    readonly drain: Effect.Effect<void>
  }
>()("account-bot/pool/proxies/Proxies") {
  /** Restored from the journal; stops the start if they cannot be read. */
  static readonly layer: Layer.Layer<
    Proxies,
    JournalDamaged | StorageUnavailable,
    CatalogueSource | Journal | Settings | Alarms
  > = Layer.effect(
    Proxies,
    Effect.gen(function* () {
      const { resources } = yield* CatalogueSource
      const { timezone, proxyReservationTtl } = yield* Settings
      const resource = Option.fromUndefinedOr(resources.find(isRegistry))
      const changes = yield* PubSub.unbounded<ProxyEvent>()
      const wishes = yield* Queue.sliding<void>(1)
      const deadlines = makeReservationDeadlines()
      const outbox = Option.isNone(resource)
        ? nowhere
        : yield* makeOutbox({
            pool: resource.value.id,
            fold,
            publish: (events) =>
              Effect.andThen(
                Effect.map(bothTimes, (times) => deadlines.note(events, times)),
                PubSub.publishAll(changes, events),
              ),
          })
      const drain = outbox.drain
      // Before the writer stops, since finalisers run from the last to the first.
      yield* Effect.addFinalizer(() =>
        drain.pipe(Effect.interruptible, Effect.timeoutOption(stopWithin)),
      )
      const startedAt = yield* bothTimes
      for (const found of HashMap.values((yield* outbox.durable).running)) {
        deadlines.isRunning(found, startedAt)
      }
      const moment = Effect.map(bothTimes, (times) => ({
        now: times.wall,
        today: dayOf(times.wall, timezone),
        timeLeft: (reservation: Reservation) => deadlines.left(reservation, times),
        isRunning: (reservation: Reservation) => deadlines.isRunning(reservation, times),
      }))

      const settle = (
        command: ProxyCommand | ProxyKeeperCommand,
        count = newcomers(command),
      ): Effect.Effect<ProxyState, ProxyUnavailable | TakingOver | StorageUnavailable> =>
        Effect.gen(function* () {
          const newIds = yield* freshIds(count, (text) => ProxyId.make(text))
          const reservedForMs = Duration.toMillis(proxyReservationTtl)
          const context = { ...(yield* moment), newIds, reservedForMs }
          return yield* outbox.submit((state) => decide(state, command, context))
        }).pipe(Effect.catchTag("IdsMissing", (missing) => settle(command, missing.count)))

      type Refusable = CommandOf<"Reserve" | "Return" | "Report">

      /** For all commands that are never refused. */
      const settled = (command: Exclude<ProxyCommand, Refusable> | ProxyKeeperCommand) =>
        Effect.catchTags(settle(command), { ProxyUnavailable: Effect.die, TakingOver: Effect.die })

      const add = Effect.fn("Proxies.add")(function* (command: CommandOf<"Add">) {
        const after = yield* settled(command)
        return addedBy(after, command.message)
      })

      const reserve = Effect.fn("Proxies.reserve")(function* (command: CommandOf<"Reserve">) {
        const after = yield* Effect.catchTag(settle(command), "TakingOver", Effect.die)
        return yield* Effect.fromResult(reservedAs(after, command))
      })

      const aboutReservation = Effect.fn("Proxies.aboutReservation")(function* (
        command: CommandOf<"Take" | "Cancel" | "Extend">,
      ) {
        return yield* Effect.fromResult(heldAs(yield* settled(command), command))
      })

      const aboutTaking = Effect.fn("Proxies.aboutTaking")(function* (
        command: CommandOf<"Return" | "Report">,
      ) {
        const after = yield* Effect.catchTag(settle(command), "ProxyUnavailable", Effect.die)
        // The command was not refused, so the taking is there.
        return yield* Effect.fromOption(Option.fromUndefinedOr(endedOf(after, command))).pipe(
          Effect.map(({ reservation }) => reservation),
          Effect.orDie,
        )
      })

      const tell = Effect.fnUntraced(function* (command: ProxyKeeperCommand) {
        const after = yield* settled(command)
        if (command._tag === "Expire") deadlines.tidy(after)
      })

      const read = <A>(view: (state: ProxyState, today: Day, isRunning: IsRunning) => A) =>
        Effect.gen(function* () {
          const { today, isRunning } = yield* moment
          return view(yield* outbox.durable, today, isRunning)
        })

      return Proxies.of({
        resource,
        add,
        reserve,
        take: aboutReservation,
        cancel: aboutReservation,
        extend: aboutReservation,
        giveBack: aboutTaking,
        report: aboutTaking,
        tell,
        free: (targets) =>
          read((state, today, isRunning) => free(state, targets, isRunning, today)),
        reservations: read((state, _today, isRunning) =>
          HashMap.toValues(state.running).filter(isRunning),
        ),
        isRunning: (reservation) => Effect.map(moment, ({ isRunning }) => isRunning(reservation)),
        hasFree: read((state, today, isRunning) =>
          hasFree(state, targetsOf(resource), isRunning, today),
        ),
        find: (id) => read((state) => find(state, id)),
        repassword: (endpoints) => Effect.asVoid(settled({ _tag: "Repassword", endpoints })),
        gateways: read(gatewaysOf),
        known: (endpoints) => read((state, today) => known(state, endpoints, today)),
        isReturnable: ({ end: how, at }) =>
          Effect.map(moment, ({ now }) => how === "taken" && mayBeReturned(at, now)),
        takingOf: (proxy, by) => read((state) => takingOf(state, proxy, by)),
        heldBy: (by) => read((state, today) => heldBy(state, by, today)),
        countries: read(countries),
        unshown: read(unshown),
        takenOn: (message) => read((state) => takenOn(state, message)),
        ending: read((state, today) => ending(state, today)),
        registry: read(registry),
        wantLook: Effect.asVoid(Queue.offer(wishes, undefined)),
        lookWanted: Queue.take(wishes),
        events: PubSub.subscribe(changes),
        snapshot: outbox.snapshot,
        drain,
      })
    }),
  ).pipe(Layer.provide(StorageAlarm.layer))
}

type IsRunning = ProxyContext["isRunning"]

const deadlineOf = (reservation: Reservation) => ({
  id: reservationKey(reservation),
  until: reservation.until,
  longest: reservation.until - (reservation.extendedAt ?? reservation.at),
})

/** Until when the reservations hold. */
const makeReservationDeadlines = () => {
  const deadlines = makeDeadlines<string>()

  const note = (events: ReadonlyArray<ProxyEvent>, now: Times) => {
    for (const event of events) {
      if (event._tag === "ProxyReserved") deadlines.note(deadlineOf(event.reservation), now)
      if (event._tag === "ProxyExtended") {
        const { until, at } = event
        deadlines.note({ id: reservationKey(event), until, longest: until - at }, now)
      }
    }
  }

  const left = (reservation: Reservation, now: Times) =>
    deadlines.left(deadlineOf(reservation), now)

  const isRunning = (reservation: Reservation, now: Times) => left(reservation, now) > 0

  /** Lets go of those that ended. */
  const tidy = ({ running }: ProxyState) => {
    const keys = new Set(HashMap.toValues(running).map(reservationKey))
    deadlines.keep((key) => keys.has(key))
  }

  return { note, left, isRunning, tidy }
}

/** Nothing about the proxies is unsure after a restart. */
export const fold: Fold<ProxyState, ProxyEvent> = {
  empty,
  evolve,
  afterRestart: (state) => state,
  encode: encodeProxies,
  decode: decodeProxies,
  isEvent: (event: JournalEvent): event is ProxyEvent => event._tag in ProxyEvent.cases,
}

/** How many ids a command may need. A look nearly always needs none; else it says how many. */
const newcomers = (command: ProxyCommand | ProxyKeeperCommand) =>
  command._tag === "Add" ? command.endpoints.length : 0

/** A catalogue without proxies: there are none, whatever is asked. */
const nowhere: Outbox<ProxyState, ProxyEvent> = {
  submit: (rule) => Effect.fromResult(Result.map(rule(empty), () => empty)),
  newest: () => empty,
  durable: Effect.succeed(empty),
  standing: Effect.succeed({ state: empty, through: 0 }),
  snapshot: Effect.void,
  drain: Effect.void,
}

/** Reservations that timed out hold nothing back, whether or not that is noted yet. */
export const free = (
  state: ProxyState,
  targets: ReadonlyArray<string>,
  isRunning: IsRunning,
  today: Day,
): ReadonlyArray<Proxy> =>
  allOf(state)
    .filter(
      (proxy) =>
        isFree(state, proxy, isRunning, today) &&
        !proxy.uses.some(({ target }) => targets.includes(target)),
    )
    .toSorted(byEnd)

/** The same without the others: whether one of them is left for one of the targets. */
const hasFree = (
  state: ProxyState,
  targets: ReadonlyArray<string>,
  isRunning: IsRunning,
  today: Day,
): boolean =>
  Chunk.some(state.ids, (id) => {
    const proxy = proxyOf(state, id)
    if (proxy === undefined || !isFree(state, proxy, isRunning, today)) return false
    return targets.some((each) => proxy.uses.every(({ target }) => target !== each))
  })

const targetsOf = Option.match({
  onNone: (): ReadonlyArray<string> => [],
  onSome: ({ targets }: Resource) => targets.map(({ id }) => id),
})

const isFree = (state: ProxyState, proxy: Proxy, isRunning: IsRunning, today: Day) => {
  const reservation = runningOf(state, proxy.id)
  const isReserved = reservation !== undefined && isRunning(reservation)
  return !isReserved && !isOver(proxy, today)
}

const find = (state: ProxyState, id: string): Option.Option<Proxy> =>
  Option.flatMap(Schema.decodeOption(ProxyId)(id), (read) => HashMap.get(state.proxies, read))

const known = (state: ProxyState, endpoints: ReadonlyArray<Endpoint>, today: Day): Standing => {
  const asked = new Set(endpoints.map(endpointKey))
  const standing = allOf(state)
    .filter((proxy) => !isOver(proxy, today) && asked.has(endpointKey(proxy.endpoint)))
    .map(({ endpoint }) => endpoint)
  return {
    lines: new Set(standing.map(sessionKey)),
    logins: new Set(standing.map(endpointKey)),
    gateways: gatewaysOf(state),
  }
}

const takingOf = (state: ProxyState, proxy: ProxyId, by: TelegramId): Option.Option<Outcome> => {
  const [newest] = HashMap.toValues(state.ended)
    .filter(({ end, reservation }) => end === "taken" && reservation.proxy === proxy)
    .filter(({ reservation }) => reservation.by === by)
    .toSorted((a, b) => b.at - a.at)
  return Option.fromUndefinedOr(newest)
}

/** Also those whose row is gone: who took one goes on working with it. */
const heldBy = (state: ProxyState, by: TelegramId, today: Day): ReadonlyArray<Proxy> => {
  const takenAt = ({ uses }: Proxy) =>
    Math.max(...uses.flatMap((use) => (use.by === by ? [use.at] : [])))
  return allOf(state)
    .filter(({ uses, until }) => until >= today && uses.some((use) => use.by === by))
    .toSorted((a, b) => takenAt(b) - takenAt(a))
}

const countries = (state: ProxyState): ReadonlyArray<CountryCode> => [
  ...new Set(
    allOf(state)
      .toReversed()
      .map(({ country }) => country),
  ),
]

export const unshown = (state: ProxyState): ReadonlyArray<Outcome> =>
  HashMap.toValues(state.ended)
    .filter(({ shown }) => !shown)
    .toSorted((a, b) => a.at - b.at)
    .map(({ reservation, end, at }) => ({ reservation, end, at }))

/** For as long as a button may still ask for the reservation. */
const takenOn = (state: ProxyState, message: MessageRef): boolean =>
  HashMap.some(
    state.ended,
    ({ end, reservation }) =>
      end === "taken" && requestKeyOf(reservation.message) === requestKeyOf(message),
  )

const ending = (state: ProxyState, today: Day): ReadonlyArray<Ending> =>
  allOf(state)
    .filter((proxy) => !isOver(proxy, today) && !proxy.expiryTold)
    .filter(({ until }) => serialOfDay(until) <= serialOfDay(today) + proxyNoticeDays)
    .map((proxy) => ({ proxy, holders: takers(proxy) }))
    .filter(({ holders }) => holders.length > 0)
    .toSorted((a, b) => byEnd(a.proxy, b.proxy))

export const registry = (state: ProxyState): ReadonlyArray<Proxy> =>
  allOf(state).filter(({ place }) => place !== "gone")

/** What was added on the message: nothing where memory knows of no addition. */
export const addedBy = (state: ProxyState, message: MessageRef): Added => {
  const all = (ids: ReadonlyArray<ProxyId>) => ids.flatMap((id) => proxyOf(state, id) ?? [])
  return Option.match(HashMap.get(state.additions, requestKeyOf(message)), {
    onNone: () => ({ proxies: [], renewed: [] }),
    onSome: ({ added, renewed }) => ({ proxies: all(added), renewed: all(renewed) }),
  })
}

const takers = ({ uses }: Proxy): ReadonlyArray<TelegramId> => [
  ...new Set(uses.flatMap(({ by }) => (by === null ? [] : [by]))),
]

const byEnd = (a: Proxy, b: Proxy) => serialOfDay(a.until) - serialOfDay(b.until)
