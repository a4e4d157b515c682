/**
 * Memory that never shows more than the disk holds.
 *
 * One reference holds the newest state and the outbox of what is not written yet; one fiber
 * writes the outbox to the journal in the order of memory. See Pool.ts for the whole picture.
 */
import {
  Array as Arr,
  Cause,
  Context,
  Deferred,
  Effect,
  Exit,
  Layer,
  Option,
  Predicate,
  Ref,
  Result,
  Schedule,
  Schema,
  Semaphore,
  TxRef,
} from "effect"
import { version } from "../config/Settings.ts"
import { Alarms } from "../observe/Alarms.ts"
import { supervise } from "../observe/background.ts"
import {
  Journal,
  JournalDamaged,
  type JournalEvent,
  type SnapshotPart,
  StorageUnavailable,
  type Write,
} from "../store/Journal.ts"

export interface Outbox<State, Event> {
  /**
   * Decides on the newest state and answers when the outcome is durable, with the state right
   * after it. Once decided it takes effect, also if nobody waits for the answer any more. `also` is
   * written in one transaction with the events, and not at all where there are none.
   */
  submit<E>(
    rule: (state: State) => Result.Result<ReadonlyArray<Event>, E>,
    also?: ReadonlyArray<Write>,
  ): Effect.Effect<State, E | StorageUnavailable>
  /** The newest state, which may be ahead of the disk: only for rules, never to be shown. */
  newest(): State
  /** The newest state that is on disk. */
  readonly durable: Effect.Effect<State>
  /** The same, with the `seq` up to which it folds every event of the pool. */
  readonly standing: Effect.Effect<Durable<State>>
  /** Writes the durable state to the journal, once enough has happened since it was last written. */
  readonly snapshot: Effect.Effect<void, StorageUnavailable>
  /** Waits until all that was decided is durable or refused. */
  readonly drain: Effect.Effect<void>
}

/** How events come to a state, and how the journal keeps it. */
export interface Fold<State, Event extends JournalEvent> {
  readonly empty: State
  readonly evolve: (state: State, event: Event) => State
  /** What a start makes of the state it found. */
  readonly afterRestart: (state: State) => State
  /** The state as it is written: plain JSON, of which the long lists may be cut into parts. */
  readonly encode: (state: State) => Readonly<Record<string, unknown>>
  readonly decode: (encoded: unknown) => Effect.Effect<State, Schema.SchemaError>
  /** Events of another kind under the name of this pool mean a damaged journal. */
  readonly isEvent: (event: JournalEvent) => event is Event
}

export interface Durable<State> {
  readonly state: State
  /** `seq` of the last event in it. */
  readonly through: number
}

/** One alarm for all pools and the proxies, since a disk that refuses one of them is in trouble. */
export class StorageAlarm extends Context.Service<
  StorageAlarm,
  {
    /** Raised by the first that closes … */
    closed(pool: string): Effect.Effect<void>
    /** … and cleared when the last is open. */
    opened(pool: string): Effect.Effect<void>
  }
>()("account-bot/pool/Outbox/StorageAlarm") {
  /** The same reference everywhere, so that one program has one of it. */
  static readonly layer = Layer.effect(
    StorageAlarm,
    Effect.gen(function* () {
      const alarms = yield* Alarms
      const shut = yield* Ref.make<ReadonlySet<string>>(new Set())
      const alarm = { _tag: "StorageUnavailable" } as const

      // One at a time: else one that opens could clear what another raises in that moment.
      const turn = yield* Semaphore.make(1)

      const closed = Effect.fnUntraced(function* (pool: string) {
        yield* Ref.update(shut, (pools) => new Set(pools).add(pool))
        yield* alarms.raise(alarm)
      }, turn.withPermit)

      const opened = Effect.fnUntraced(function* (pool: string) {
        const left = yield* Ref.updateAndGet(shut, (pools) => {
          const others = new Set(pools)
          others.delete(pool)
          return others
        })
        if (left.size === 0) yield* alarms.clear(alarm)
      }, turn.withPermit)

      return StorageAlarm.of({ closed, opened })
    }),
  )
}

interface Options<State, Event extends JournalEvent> {
  /** Its name in the journal. */
  readonly pool: string
  readonly fold: Fold<State, Event>
  /** Takes the events that have become durable, in order. */
  readonly publish: (events: ReadonlyArray<Event>) => Effect.Effect<void>
}

interface Entry<State, Event> {
  readonly events: ReadonlyArray<Event>
  readonly also: ReadonlyArray<Write>
  readonly after: State
  readonly done: Deferred.Deferred<void, StorageUnavailable>
  /** The one that was decided before it and is not taken yet either. */
  readonly previous: Entry<State, Event> | undefined
}

interface Memory<State, Event> {
  readonly newest: State
  /** The newest of those that wait to be written. */
  readonly outbox: Entry<State, Event> | undefined
  readonly open: boolean
}

/** Restored from the journal; lives in the current scope, to be drained before that closes. */
export const makeOutbox = Effect.fnUntraced(function* <State, Event extends JournalEvent>({
  pool,
  fold,
  publish,
}: Options<State, Event>) {
  type Events = ReadonlyArray<Event>
  const journal = yield* Journal
  const storage = yield* StorageAlarm
  const start = yield* restore(journal, pool, fold)
  const durable = yield* Ref.make<Durable<State>>(start)
  const snapshots = makeSnapshots(journal, pool, fold, start.snapshot)
  /** The newest state that is durable and whose events are published. */
  let settled = start.state
  const memory = yield* TxRef.make<Memory<State, Event>>({
    newest: start.state,
    outbox: undefined,
    open: true,
  })

  const submit = <E>(
    rule: (state: State) => Result.Result<Events, E>,
    also: ReadonlyArray<Write> = [],
  ): Effect.Effect<State, E | StorageUnavailable> =>
    Effect.flatten(TxRef.modify(memory, (before) => decided(before, rule, also, fold, settled)))

  const waiting = TxRef.get(memory).pipe(
    Effect.flatMap(({ outbox }) => (outbox === undefined ? Effect.txRetry : Effect.void)),
    Effect.tx,
  )

  type Entries = ReadonlyArray<Entry<State, Event>>
  const takeAll = TxRef.modify(memory, ({ outbox, ...rest }): [Entries, Memory<State, Event>] => [
    inOrder(outbox),
    { ...rest, outbox: undefined },
  ])

  const write = (events: Events, also: ReadonlyArray<Write>) =>
    events.length === 0
      ? Effect.map(Ref.get(durable), ({ through }) => through)
      : journal.write([{ _tag: "PoolEvents", pool, events }, ...also])

  const close = Effect.fnUntraced(function* (inFlight: Entries, cause: unknown) {
    yield* TxRef.update(memory, (before) => ({ ...before, open: false }))
    const entries = [...inFlight, ...(yield* takeAll)]
    for (const { done } of entries) Deferred.doneUnsafe(done, Effect.fail(unavailable(cause)))
    return entries.length
  })

  const reopen = Effect.gen(function* () {
    const restored = yield* patiently(restore(journal, pool, fold))
    const { through } = yield* Ref.get(durable)
    yield* Ref.set(durable, restored)
    yield* publish(restored.events.flatMap(({ seq, event }) => (seq > through ? [event] : [])))
    // A disk that can be read but not written would close the pool again at the next command.
    yield* patiently(snapshots.take(restored))
    settled = restored.state
    yield* TxRef.set(memory, { newest: restored.state, outbox: undefined, open: true })
    yield* storage.opened(pool)
    yield* Effect.logInfo("pool opened").pipe(Effect.annotateLogs({ pool }))
  })

  const writeOnce = Effect.uninterruptibleMask((interruptible) =>
    Effect.gen(function* () {
      yield* interruptible(waiting)
      const entries = yield* takeAll
      const events = entries.flatMap((entry) => entry.events)
      const also = entries.flatMap((entry) => entry.also)
      const written = yield* Effect.exit(interruptible(write(events, also)))
      const last = entries.at(-1)
      if (Exit.isSuccess(written) && last !== undefined) {
        yield* Ref.set(durable, { state: last.after, through: written.value })
        // Before anybody is answered: who has an answer, or has drained, finds them published.
        if (events.length > 0) yield* publish(events)
        settled = last.after
        for (const { done } of entries) Deferred.doneUnsafe(done, Effect.void)
      }
      if (Exit.isFailure(written)) {
        yield* close(entries, Cause.squash(written.cause))
        // The program stops, and has waited for the disk as long as it may.
        if (Cause.hasInterruptsOnly(written.cause)) return
        yield* Effect.logError("pool closed: the journal refuses", written.cause).pipe(
          Effect.annotateLogs({ pool }),
        )
        yield* storage.closed(pool)
        yield* interruptible(reopen)
      }
    }),
  )

  const drain = submit(() => Result.succeed([])).pipe(Effect.ignore)

  // Finalisers run from the last to the first: the writer stops, then the stragglers are refused.
  yield* Effect.addFinalizer(() => close([], "the pool has stopped"))
  yield* supervise(`writer of pool ${pool}`)(writeOnce)

  const snapshot = Effect.flatMap(Ref.get(durable), snapshots.takeIfDue)

  const self: Outbox<State, Event> = {
    submit,
    // One reference by itself needs no transaction to be read.
    newest: () => memory.value.newest,
    durable: Effect.map(Ref.get(durable), ({ state }) => state),
    standing: Ref.get(durable),
    snapshot,
    drain,
  }
  return self
})

/** The answer to one decision, and memory after it; a closed pool decides nothing. */
const decided = <State, Event extends JournalEvent, E>(
  before: Memory<State, Event>,
  rule: (state: State) => Result.Result<ReadonlyArray<Event>, E>,
  also: ReadonlyArray<Write>,
  { evolve }: Pick<Fold<State, Event>, "evolve">,
  settled: State,
): [Effect.Effect<State, E | StorageUnavailable>, Memory<State, Event>] => {
  if (!before.open) return [Effect.fail(unavailable("the pool waits for the disk")), before]
  const decision = rule(before.newest)
  const events = Result.getOrElse(decision, (): ReadonlyArray<Event> => [])
  const newest = events.reduce(evolve, before.newest)
  const answer = Effect.fromResult(Result.map(decision, () => newest))
  // Nothing happened, and there is nothing that an answer would have to wait for.
  if (events.length === 0 && newest === settled) return [answer, before]
  const done = Deferred.makeUnsafe<void, StorageUnavailable>()
  const outbox = {
    events,
    also: events.length === 0 ? [] : also,
    after: newest,
    done,
    previous: before.outbox,
  }
  return [Effect.andThen(Deferred.await(done), answer), { ...before, newest, outbox }]
}

/** The entries that wait, oldest first. */
const inOrder = <State, Event>(
  newest: Entry<State, Event> | undefined,
): ReadonlyArray<Entry<State, Event>> => {
  const entries: Array<Entry<State, Event>> = []
  for (let entry = newest; entry !== undefined; entry = entry.previous) entries.push(entry)
  return entries.toReversed()
}

const unavailable = (cause: unknown) =>
  cause instanceof StorageUnavailable ? cause : new StorageUnavailable({ operation: "pool", cause })

/** The last whole snapshot: how far it goes, and where its parts are. */
interface LastSnapshot extends Parts {
  readonly through: number
}

/** A snapshot is written in pieces, so that a large one never holds up those who wait. */
const makeSnapshots = <State>(
  journal: Journal["Service"],
  pool: string,
  { encode }: Pick<Fold<State, never>, "encode">,
  found: LastSnapshot,
) => {
  let last = found
  const turn = Semaphore.makeUnsafe(1)

  const write = Effect.fnUntraced(function* ({ state, through }: Durable<State>) {
    const { rest, parts } = cut(encode(state))
    // The parts of the last snapshot are not touched: it counts until this one is whole.
    const set = last.set === 0 ? 1 : 0
    for (const [number, part] of parts.entries()) {
      yield* journal.write([{ _tag: "SnapshotPart", pool, set, number, through, state: part }])
      yield* Effect.yieldNow
    }
    const whole = parts.length === 0 ? rest : { ...rest, parts: { set, count: parts.length } }
    yield* journal.write([{ _tag: "SnapshotTaken", pool, through, state: whole }])
    last = { through, set, count: parts.length }
  })

  const take = (now: Durable<State>) => turn.withPermit(write(now))

  /** A start reads fewer events after a large snapshot than the snapshot has in it. */
  const takeIfDue = (now: Durable<State>) =>
    turn.withPermit(
      Effect.suspend(() =>
        now.through - last.through >= Math.max(1, last.count * eventsForPart)
          ? write(now)
          : Effect.void,
      ),
    )

  return { take, takeIfDue }
}

/** How many elements of a list are encoded and written at once. */
const partSize = 200

/** How many events of all pools make it worth while to write one part again. */
const eventsForPart = 10

/** The long lists of a snapshot in parts, and all the rest of it. */
const cut = (encoded: Readonly<Record<string, unknown>>) => {
  const rest: Record<string, unknown> = {}
  const parts: Array<Readonly<Record<string, ReadonlyArray<unknown>>>> = []
  for (const [name, value] of Object.entries(encoded)) {
    if (!Array.isArray(value) || value.length <= partSize) rest[name] = value
    else for (const slice of Arr.chunksOf(value, partSize)) parts.push({ [name]: slice })
  }
  return { rest, parts }
}

const Parts = Schema.Struct({ set: Schema.Literals([0, 1]), count: Schema.Int })
type Parts = typeof Parts.Type

const noParts: Parts = { set: 0, count: 0 }

const decodeParts = Schema.decodeUnknownEffect(Parts)
const decodeLists = Schema.decodeUnknownEffect(
  Schema.Record(Schema.String, Schema.Array(Schema.Unknown)),
)

/** A snapshot with the lists that were cut out of it. Up to 0.3.0 there are none. */
const gather = Effect.fnUntraced(
  function* (
    journal: Pick<Journal["Service"], "snapshotParts">,
    pool: string,
    { through, state }: SnapshotPart,
  ) {
    if (!Predicate.hasProperty(state, "parts")) return { state, parts: noParts }
    const { parts: named, ...whole }: Record<string, unknown> = state
    const parts = yield* decodeParts(named)
    const all = yield* journal.snapshotParts(pool, parts.set)
    const found = all.filter((part) => part.through === through)
    if (found.length !== parts.count) {
      const problem = `${found.length} of its ${parts.count} parts are there`
      return yield* new JournalDamaged({ table: "snapshot_part", record: pool, problem })
    }
    const lists = new Map<string, Array<unknown>>()
    for (const part of found) {
      for (const [name, values] of Object.entries(yield* decodeLists(part.state))) {
        lists
          .set(name, lists.get(name) ?? [])
          .get(name)
          ?.push(...values)
      }
    }
    return { state: { ...whole, ...Object.fromEntries(lists) }, parts }
  },
  (self, _, pool) =>
    Effect.catchTag(self, "SchemaError", ({ message: problem }) =>
      Effect.fail(new JournalDamaged({ table: "snapshot_part", record: pool, problem })),
    ),
)

interface Found<State, Event> extends Durable<State> {
  readonly snapshot: LastSnapshot
  readonly events: ReadonlyArray<{ readonly seq: number; readonly event: Event }>
}

/** Memory as the journal gives it back: the last snapshot, and the events after it. */
export const restore = Effect.fnUntraced(function* <State, Event extends JournalEvent>(
  journal: Pick<Journal["Service"], "restore" | "snapshotParts">,
  pool: string,
  fold: Fold<State, Event>,
) {
  const { snapshot, events: tail } = yield* journal.restore(pool)
  const taken = Option.getOrElse(snapshot, () => ({ through: 0, state: null }))
  const { through } = taken
  const { state: encoded, parts } = yield* gather(journal, pool, taken)
  const base = Option.isNone(snapshot)
    ? fold.empty
    : yield* fold.decode(encoded).pipe(
        Effect.mapError(({ message }) => {
          const problem = `${writerOf(encoded)}${message}`
          return new JournalDamaged({ table: "snapshot", record: pool, problem })
        }),
      )
  const events: Array<{ readonly seq: number; readonly event: Event }> = []
  for (const { seq, event } of tail) {
    if (!fold.isEvent(event)) {
      const problem = `${event._tag} is no event of ${pool}`
      return yield* new JournalDamaged({ table: "event", record: String(seq), problem })
    }
    events.push({ seq, event })
  }
  const folded = events.reduce((state, { event }) => fold.evolve(state, event), base)
  const found: Found<State, Event> = {
    state: fold.afterRestart(folded),
    through: events.at(-1)?.seq ?? through,
    snapshot: { through, ...parts },
    events,
  }
  return found
})

/** Names the program that wrote a snapshot, if it is another version than this one. */
const writerOf = (state: unknown): string =>
  Predicate.hasProperty(state, "program") && state.program !== version
    ? `version ${String(state.program)} of the program wrote it, this is ${version}: `
    : ""

/** Tries every second. That the disk refuses is expected; anything else is logged as an error. */
const patiently = <A, E>(self: Effect.Effect<A, E>) =>
  self.pipe(
    Effect.orDie,
    Effect.sandbox,
    Effect.tapError((cause) =>
      Cause.hasInterruptsOnly(cause) || Cause.squash(cause) instanceof StorageUnavailable
        ? Effect.void
        : Effect.logError("the pool cannot be read again", cause),
    ),
    Effect.retry({
      while: (cause) => !Cause.hasInterruptsOnly(cause),
      schedule: Schedule.spaced("1 second"),
    }),
    Effect.catch(Effect.failCause),
  )
