/**
 * Memory that never shows more than the disk holds.
 *
 * One reference holds the newest state and the outbox of what is not written yet; one fiber
 * writes the outbox to the journal in the order of memory. See Pool.ts for the whole picture.
 */
import { Cause, Chunk, Deferred, Effect, Exit, Option, Ref, Result, Schedule, TxRef } from "effect"
import type { PoolEvent } from "../domain/PoolEvent.ts"
import { supervise } from "../observe/background.ts"
import { Journal, JournalDamaged, StorageUnavailable } from "../store/Journal.ts"
import type { Events } from "./Decision.ts"
import { afterRestart } from "./evolve.ts"
import * as Snapshot from "./Snapshot.ts"
import * as State from "./State.ts"
import { replay } from "./Transition.ts"

export interface Outbox {
  /**
   * Decides on the newest state and answers when the outcome is durable, with the state right
   * after it. Once decided it takes effect, also if nobody waits for the answer any more.
   */
  submit<E>(
    rule: (state: State.PoolState) => Result.Result<Events, E>,
  ): Effect.Effect<State.PoolState, E | StorageUnavailable>
  /** Ahead of the disk: only for rules, never to be shown. */
  readonly newest: Effect.Effect<State.PoolState>
  /** The newest state that is on disk. */
  readonly durable: Effect.Effect<State.PoolState>
  /** Writes the durable state to the journal if it is not there yet. */
  readonly snapshot: Effect.Effect<void, StorageUnavailable>
  /** Waits until all that was decided is durable or refused. */
  readonly drain: Effect.Effect<void>
}

export interface Options {
  readonly pool: string
  /** Takes the events that have become durable, in order. */
  readonly publish: (events: Events) => Effect.Effect<void>
  readonly closed: Effect.Effect<void>
  readonly opened: Effect.Effect<void>
}

interface Entry {
  readonly events: Events
  readonly after: State.PoolState
  readonly done: Deferred.Deferred<void, StorageUnavailable>
}

interface Memory {
  readonly newest: State.PoolState
  readonly outbox: Chunk.Chunk<Entry>
  readonly open: boolean
}

interface Durable {
  readonly state: State.PoolState
  /** `seq` of the last event in it. */
  readonly through: number
}

export const make = Effect.fnUntraced(function* (options: Options) {
  const { pool, publish } = options
  const journal = yield* Journal
  const start = yield* restore(journal, pool)
  const durable = yield* Ref.make<Durable>(start)
  const snapshotted = yield* Ref.make(start.snapshot)
  const memory = yield* TxRef.make<Memory>({
    newest: start.state,
    outbox: Chunk.empty(),
    open: true,
  })

  const submit = Effect.fnUntraced(function* <E>(
    rule: (state: State.PoolState) => Result.Result<Events, E>,
  ) {
    const done = yield* Deferred.make<void, StorageUnavailable>()
    const decide = (before: Memory): [Result.Result<State.PoolState, E> | undefined, Memory] => {
      if (!before.open) return [undefined, before]
      const decided = rule(before.newest)
      const events = Result.getOrElse(decided, (): Events => [])
      const after = replay(before.newest, events)
      const outbox = Chunk.append(before.outbox, { events, after, done })
      return [Result.map(decided, () => after), { ...before, newest: after, outbox }]
    }
    const outcome = yield* TxRef.modify(memory, decide)
    if (outcome === undefined) return yield* unavailable("the pool waits for the disk")
    yield* Deferred.await(done)
    return yield* Effect.fromResult(outcome)
  })

  const waiting = TxRef.get(memory).pipe(
    Effect.flatMap(({ outbox }) => (Chunk.isEmpty(outbox) ? Effect.txRetry : Effect.void)),
    Effect.tx,
  )

  const takeAll = TxRef.modify(memory, ({ outbox, ...rest }): [ReadonlyArray<Entry>, Memory] => [
    Chunk.toReadonlyArray(outbox),
    { ...rest, outbox: Chunk.empty() },
  ])

  const write = (events: Events) =>
    events.length === 0
      ? Effect.map(Ref.get(durable), ({ through }) => through)
      : journal.write([{ _tag: "PoolEvents", pool, events }])

  const close = Effect.fnUntraced(function* (inFlight: ReadonlyArray<Entry>, cause: unknown) {
    yield* TxRef.update(memory, (before) => ({ ...before, open: false }))
    const entries = [...inFlight, ...(yield* takeAll)]
    for (const { done } of entries) Deferred.doneUnsafe(done, Effect.fail(unavailable(cause)))
    return entries.length
  })

  const reopen = Effect.gen(function* () {
    const restored = yield* patiently(restore(journal, pool))
    const { through } = yield* Ref.get(durable)
    yield* Ref.set(durable, restored)
    yield* publish(restored.events.flatMap(({ seq, event }) => (seq > through ? [event] : [])))
    // A disk that only gives would close the pool again at the next command.
    yield* patiently(take(restored))
    yield* TxRef.set(memory, { newest: restored.state, outbox: Chunk.empty(), open: true })
    yield* options.opened
    yield* Effect.logInfo("pool opened").pipe(Effect.annotateLogs({ pool }))
  })

  const take = Effect.fnUntraced(function* ({ state, through }: Durable) {
    const encoded = yield* Snapshot.encode(state)
    yield* journal.write([{ _tag: "SnapshotTaken", pool, through, state: encoded }])
    yield* Ref.set(snapshotted, through)
  })

  const writeOnce = Effect.uninterruptibleMask((interruptible) =>
    Effect.gen(function* () {
      yield* interruptible(waiting)
      const entries = yield* takeAll
      const events = entries.flatMap((entry) => entry.events)
      const written = yield* Effect.exit(interruptible(write(events)))
      const last = entries.at(-1)
      if (Exit.isSuccess(written) && last !== undefined) {
        yield* Ref.set(durable, { state: last.after, through: written.value })
        // First, so that who has an answer, or has drained, finds the events published.
        if (events.length > 0) yield* publish(events)
        for (const { done } of entries) Deferred.doneUnsafe(done, Effect.void)
      }
      if (Exit.isFailure(written)) {
        yield* close(entries, Cause.squash(written.cause))
        // The program stops, and has waited for the disk as long as it may.
        if (Cause.hasInterruptsOnly(written.cause)) return
        yield* Effect.logError("pool closed: the journal refuses", written.cause).pipe(
          Effect.annotateLogs({ pool }),
        )
        yield* options.closed
        yield* interruptible(reopen)
      }
    }),
  )

  const drain = submit(() => Result.succeed([])).pipe(Effect.ignore)

  // Finalisers run from the last to the first: the writer stops, then the stragglers are refused.
  yield* Effect.addFinalizer(() => close([], "the pool has stopped"))
  yield* supervise(`writer of pool ${pool}`)(writeOnce)

  const snapshot = Effect.gen(function* () {
    const now = yield* Ref.get(durable)
    if (now.through > (yield* Ref.get(snapshotted))) yield* take(now)
  })

  const self: Outbox = {
    submit,
    newest: Effect.map(TxRef.get(memory), ({ newest }) => newest),
    durable: Effect.map(Ref.get(durable), ({ state }) => state),
    snapshot,
    drain,
  }
  return self
})

interface Found extends Durable {
  /** `through` of the snapshot. */
  readonly snapshot: number
  readonly events: ReadonlyArray<{ readonly seq: number; readonly event: PoolEvent }>
}

const restore = Effect.fnUntraced(function* (journal: Journal["Service"], pool: string) {
  const { snapshot, events } = yield* journal.restore(pool)
  const base = Option.isNone(snapshot)
    ? State.empty
    : yield* Snapshot.decode(snapshot.value.state).pipe(
        Effect.mapError(
          ({ message: problem }) =>
            new JournalDamaged({ table: "snapshot", record: pool, problem }),
        ),
      )
  const through = Option.match(snapshot, { onNone: () => 0, onSome: (taken) => taken.through })
  const folded = replay(
    base,
    events.map(({ event }) => event),
  )
  const found: Found = {
    state: afterRestart(folded),
    through: events.at(-1)?.seq ?? through,
    snapshot: through,
    events,
  }
  return found
})

/** Tries every second. A disk that refuses is expected here, anything else needs somebody. */
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

const unavailable = (cause: unknown) =>
  cause instanceof StorageUnavailable ? cause : new StorageUnavailable({ operation: "pool", cause })
