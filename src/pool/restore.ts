/** Memory as the journal gives it back: the last snapshot, and the events after it. */
import { Cause, Effect, Option, Schedule, type Schema } from "effect"
import {
  type Journal,
  JournalDamaged,
  type JournalEvent,
  StorageUnavailable,
} from "../store/Journal.ts"

/** How events come to a state, and how the journal keeps it. */
export interface Fold<State, Event extends JournalEvent> {
  readonly empty: State
  readonly evolve: (state: State, event: Event) => State
  /** What a start makes of the state it found. */
  readonly afterRestart: (state: State) => State
  readonly encode: (state: State) => Effect.Effect<unknown>
  readonly decode: (encoded: unknown) => Effect.Effect<State, Schema.SchemaError>
  /** Events of another kind under the name of this pool mean a damaged journal. */
  readonly isEvent: (event: JournalEvent) => event is Event
}

export interface Durable<State> {
  readonly state: State
  /** `seq` of the last event in it. */
  readonly through: number
}

export interface Found<State, Event> extends Durable<State> {
  /** `through` of the snapshot. */
  readonly snapshot: number
  readonly events: ReadonlyArray<{ readonly seq: number; readonly event: Event }>
}

export const restore = Effect.fnUntraced(function* <State, Event extends JournalEvent>(
  journal: Journal["Service"],
  pool: string,
  fold: Fold<State, Event>,
) {
  const { snapshot, events: tail } = yield* journal.restore(pool)
  const base = Option.isNone(snapshot)
    ? fold.empty
    : yield* fold
        .decode(snapshot.value.state)
        .pipe(
          Effect.mapError(
            ({ message: problem }) =>
              new JournalDamaged({ table: "snapshot", record: pool, problem }),
          ),
        )
  const through = Option.match(snapshot, { onNone: () => 0, onSome: (taken) => taken.through })
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
    snapshot: through,
    events,
  }
  return found
})

/** Tries every second. A disk that refuses is expected here, anything else needs somebody. */
export const patiently = <A, E>(self: Effect.Effect<A, E>) =>
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
