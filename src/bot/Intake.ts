/**
 * Takes the updates from Telegram, keeps them in the journal, and has them handled in order.
 *
 * A batch is confirmed to Telegram, by asking for the next one, only when the journal has it, and an
 * update leaves the journal only when its handler has ended. So a kill loses nothing at any moment:
 * Telegram sends again what was not kept, and a start handles what was kept but not handled.
 */
import {
  Cause,
  Clock,
  Context,
  Deferred,
  Duration,
  Effect,
  Exit,
  Fiber,
  FiberSet,
  Latch,
  Layer,
  Option,
  Schedule,
  Schema,
  type Scope,
} from "effect"
import { stopWithin } from "../config/Limits.ts"
import { Alarms } from "../observe/Alarms.ts"
import { supervise, survive } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { Vitals } from "../observe/Vitals.ts"
import {
  Journal,
  type JournalDamaged,
  type Received,
  type StorageUnavailable,
  type Write,
} from "../store/Journal.ts"
import { Handler } from "./Handler.ts"
import { pause, Telegram } from "./Telegram.ts"
import { failureKindOf, type TelegramError } from "./TelegramError.ts"
import { Incoming, readUpdate, updateIdOf } from "./Update.ts"

export class Intake extends Context.Service<
  Intake,
  {
    /** Waits until every update that was taken is handled. */
    readonly drain: Effect.Effect<void>
    /** Takes no more updates from Telegram. Those that were taken are handled to the end. */
    readonly stop: Effect.Effect<void>
    /** Fails when Telegram refuses the token, and never ends otherwise: run it beside the program. */
    readonly refused: Effect.Effect<never, TelegramError>
  }
>()("account-bot/bot/Intake") {
  /** Opens CaughtUp when the updates that had piled up in Telegram are handled. */
  static readonly layer: Layer.Layer<
    Intake,
    StorageUnavailable | JournalDamaged,
    Telegram | Journal | Handler | Alarms | CaughtUp | Vitals
  > = Layer.effect(
    Intake,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const journal = yield* Journal
      const caughtUp = yield* CaughtUp
      const alarms = yield* Alarms
      const vitals = yield* Vitals
      const handler = yield* Handler
      const refused = yield* Deferred.make<never, TelegramError>()
      let offset = 0
      let failures = 0
      let isCatchingUp = true
      let isRaised = false

      const raise = Effect.suspend(() => {
        isRaised = true
        return alarms.raise({ _tag: "StorageUnavailable" })
      })
      // An alarm that a pool raised is the pool's to clear: it may be shut though the disk works.
      const clear = Effect.suspend(() => {
        if (!isRaised) return Effect.void
        isRaised = false
        return alarms.clear({ _tag: "StorageUnavailable" })
      })
      const write = (writes: ReadonlyArray<Write>) =>
        journal.write(writes).pipe(
          Effect.tapError(() => Effect.andThen(raise, vitals.failed("journal", "refused"))),
          Effect.andThen(Effect.andThen(clear, vitals.worked("journal"))),
        )

      // An update whose handler crashed counts as handled: another try would crash again.
      const handle = Effect.fnUntraced(
        function* (update: Received) {
          yield* handling(handler, update.body)
          const at = yield* Clock.currentTimeMillis
          let isSaid = false
          yield* write([{ _tag: "UpdateHandled", updateId: update.updateId, at }]).pipe(
            Effect.tapError(() => {
              if (isSaid) return Effect.void
              isSaid = true
              return Effect.logError("The disk refuses to note a handled update")
            }),
            Effect.retry(untilStored),
            Effect.ignore,
          )
        },
        (self, update) =>
          Effect.annotateLogs(self, { update: update.updateId, user: update.userId }),
      )
      const lanes = yield* makeLanes(handle)
      yield* vitals.measure(
        "updates",
        Effect.map(lanes.inFlight, ({ size }) => size),
      )

      // `inFlight` is read before `unhandled`, so that an update that ends between the two is not
      // taken for a new one.
      const dispatch = Effect.gen(function* () {
        const inFlight = yield* lanes.inFlight
        const rows = yield* journal.unhandled
        yield* lanes.dispatch(rows.filter(({ updateId }) => !inFlight.has(updateId)))
      })

      const keep = Effect.fnUntraced(function* (updates: ReadonlyArray<Received>) {
        const last = updates.at(-1)
        if (last === undefined) return
        const at = yield* Clock.currentTimeMillis
        yield* write(updates.map((update) => ({ _tag: "UpdateReceived", ...update, at })))
        yield* dispatch
        offset = last.updateId + 1
      })

      /** Whom the bot has told, since the disk began to refuse, that their updates wait. */
      const excused = new Set<string>()

      /** Tells everybody whose update cannot be kept: each tap once, and each person's texts once. */
      const excuse = Effect.fnUntraced(function* (updates: ReadonlyArray<Received>) {
        const fresh = updates.flatMap(({ updateId, userId, body }) => {
          const incoming = Option.getOrUndefined(decodeIncoming(body))
          if (incoming === undefined) return []
          const about = incoming._tag === "Tap" ? `update ${updateId}` : `person ${userId}`
          if (excused.has(about)) return []
          excused.add(about)
          return [incoming]
        })
        const said = Effect.forEach(
          fresh,
          (incoming) => survive("a word about the disk")(handler.excuse(incoming)),
          { concurrency: 4, discard: true },
        )
        // The next try of the disk does not wait for Telegram.
        yield* Effect.forkScoped(said)
      })

      const poll = Effect.gen(function* () {
        // While updates are piled up in Telegram, a poll must not wait for new ones.
        const timeout = isCatchingUp ? Duration.zero : pollTimeout
        const bodies = yield* telegram.getUpdates({ offset, timeout })
        yield* vitals.worked("telegram")
        const received = bodies.flatMap(receivedOf)
        yield* lanes
          .working(keep(received))
          .pipe(
            Effect.tapError(({ _tag }) =>
              _tag === "StorageUnavailable" ? excuse(received) : Effect.void,
            ),
          )
        excused.clear()
        failures = 0
        if (isCatchingUp && bodies.length === 0) {
          isCatchingUp = false
          yield* lanes.settled.pipe(Effect.andThen(caughtUp.open), Effect.forkScoped)
        }
      })

      const recover = Effect.fnUntraced(function* (
        error: TelegramError | StorageUnavailable | JournalDamaged,
      ) {
        failures += 1
        if (error._tag === "StorageUnavailable") {
          // People wait while the disk refuses, so it is tried often, and mentioned once.
          yield* failures === 1 ? Effect.logError(explain(error)) : Effect.logDebug(explain(error))
          return yield* Effect.sleep(diskPause)
        }
        yield* Effect.logError(explain(error))
        if (error._tag === "TelegramError") yield* vitals.failed("telegram", failureKindOf(error))
        if (error._tag === "TelegramError" && error.reason._tag === "Unauthorized") {
          yield* Deferred.fail(refused, error)
          return yield* Effect.never
        }
        return yield* pause(failures)
      })

      yield* dispatch
      const poller = yield* poll.pipe(Effect.catch(recover), supervise("intake"))
      const stop = Effect.asVoid(Fiber.interrupt(poller))
      // Runs before the lanes close, for a stop that has not waited for them by itself.
      yield* Effect.addFinalizer(() =>
        Effect.andThen(stop, Effect.timeoutOption(lanes.drain, Duration.times(stopWithin, 0.1))),
      )

      return Intake.of({ drain: lanes.drain, stop, refused: Deferred.await(refused) })
    }),
  )
}

/** The longest time that Telegram holds a poll. */
const pollTimeout = Duration.seconds(50)

/** A handler that takes longer is mentioned in the log; it runs on all the same. */
const slowAfter = Duration.seconds(60)

/** How soon a write that the disk refused is tried again at the latest. */
const diskPause = Duration.seconds(1)
const untilStored = Schedule.min([Schedule.exponential("250 millis"), Schedule.spaced(diskPause)])

const decodeIncoming = Schema.decodeUnknownOption(Incoming)

/** The journal keeps no more of an update than its handler needs. */
const receivedOf = (body: unknown): ReadonlyArray<Received> => {
  const incoming = Option.getOrNull(readUpdate(body))
  return Option.toArray(updateIdOf(body)).map((updateId) => ({
    updateId,
    userId: incoming?.userId ?? 0,
    body: incoming,
  }))
}

const handling = Effect.fnUntraced(function* (handler: Handler["Service"], body: unknown) {
  if (body === null) return
  const incoming = decodeIncoming(body)
  if (Option.isNone(incoming)) {
    yield* Effect.logError("An update in the journal cannot be read and is left out")
    return
  }
  const remark = Effect.sleep(slowAfter).pipe(
    Effect.andThen(Effect.logWarning("A handler is slow")),
    Effect.andThen(Effect.never),
  )
  const exit = yield* Effect.exit(Effect.raceFirst(handler.handle(incoming.value), remark))
  if (Exit.isFailure(exit)) yield* Effect.logError("A handler crashed", whereOf(exit.cause))
})

/** Tells the place of a crash without its message, because a message may quote what was handled. */
const whereOf = (cause: Cause.Cause<never>) =>
  cause.reasons
    .map((reason) => {
      if (reason._tag !== "Die" || !(reason.defect instanceof Error)) return reason._tag
      const frames = (reason.defect.stack ?? "").match(/^ +at .+$/gm) ?? []
      return [reason.defect.name, ...frames.slice(0, 8)].join("\n")
    })
    .join("\n")

const explain = (error: TelegramError | StorageUnavailable | JournalDamaged): string => {
  if (error._tag === "StorageUnavailable") return "The disk refuses, updates wait in Telegram"
  if (error._tag === "JournalDamaged") return `The journal is damaged: ${error.record}`
  switch (error.reason._tag) {
    case "Unauthorized":
      return "Telegram refuses the token"
    case "Conflict":
      return "Another program takes the updates of this bot, or a webhook is set for it"
    default:
      return `No updates from Telegram: ${error.message}`
  }
}

/**
 * One lane for each person: the updates of one person run one at a time and in order, those of
 * different people in parallel. A lane exists only while there is something in it.
 */
interface Lanes {
  /** The numbers of the updates that wait or run now. */
  readonly inFlight: Effect.Effect<ReadonlySet<number>>
  /** Puts updates at the end of the lanes of their people. None of them may be in flight. */
  dispatch(updates: ReadonlyArray<Received>): Effect.Effect<void>
  /** Does the work, and has `drain` wait for it. */
  working<A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
  /** Waits for everything that is in flight now, but for nothing that comes later. */
  readonly settled: Effect.Effect<void>
  /** Waits until nothing is in flight and no work is being done. */
  readonly drain: Effect.Effect<void>
}

/** Lanes that live in the current scope. `handle` gets each update once. */
export const makeLanes = (
  handle: (update: Received) => Effect.Effect<void>,
): Effect.Effect<Lanes, never, Scope.Scope> =>
  Effect.gen(function* () {
    const fibers = yield* FiberSet.make<void>()
    const lanes = new Map<number, Array<Received>>()
    const busy = new Map<number | symbol, Latch.Latch>()

    const begin = (key: number | symbol) => busy.set(key, Latch.makeUnsafe())
    const end = (key: number | symbol) =>
      Effect.suspend(() => {
        const latch = busy.get(key)
        busy.delete(key)
        return latch === undefined ? Effect.void : Latch.open(latch)
      })

    const runLane = Effect.fnUntraced(function* (userId: number, lane: Array<Received>) {
      for (let update = lane.shift(); update !== undefined; update = lane.shift()) {
        yield* handle(update)
        yield* end(update.updateId)
      }
      lanes.delete(userId)
    })

    const dispatch = Effect.fnUntraced(function* (updates: ReadonlyArray<Received>) {
      for (const update of updates) {
        begin(update.updateId)
        const lane = lanes.get(update.userId)
        if (lane !== undefined) {
          lane.push(update)
          continue
        }
        const fresh = [update]
        lanes.set(update.userId, fresh)
        yield* FiberSet.run(fibers, runLane(update.userId, fresh), { startImmediately: false })
      }
    })

    const working = <A, E, R>(work: Effect.Effect<A, E, R>) =>
      Effect.suspend(() => {
        const key = Symbol("work")
        begin(key)
        return Effect.ensuring(work, end(key))
      })

    const settled = Effect.suspend(() =>
      Effect.forEach([...busy.values()], Latch.await, { discard: true }),
    )

    const drain: Effect.Effect<void> = Effect.suspend(() =>
      busy.size === 0 ? Effect.void : Effect.andThen(settled, drain),
    )

    return {
      inFlight: Effect.sync(
        () => new Set([...busy.keys()].filter((key) => typeof key === "number")),
      ),
      dispatch,
      working,
      settled,
      drain,
    }
  })
