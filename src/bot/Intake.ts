/**
 * Everything that comes in from Telegram: taken once, kept, handled in order.
 *
 * A batch is confirmed to Telegram, by asking for the next one, only after the journal has it; an
 * update leaves the journal only after its handler ended. So a kill at any place loses nothing:
 * Telegram brings again what was not kept, and a start takes up what was kept but not handled.
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
  Layer,
  Option,
  Schedule,
  Schema,
} from "effect"
import { stopWithin } from "../config/Limits.ts"
import { Alarms } from "../observe/Alarms.ts"
import { supervise } from "../observe/background.ts"
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
import * as Lanes from "./Lanes.ts"
import { pause } from "./retries.ts"
import { Telegram } from "./Telegram.ts"
import { failureKindOf, type TelegramError } from "./TelegramError.ts"
import { Incoming, readUpdate, updateIdOf } from "./Update.ts"

export class Intake extends Context.Service<
  Intake,
  {
    /** Waits until all that was taken is handled. */
    readonly drain: Effect.Effect<void>
    /** Takes nothing more from Telegram; what was taken is handled to the end. */
    readonly stop: Effect.Effect<void>
    /** Fails when Telegram refuses the token, and else never ends: run it beside the program. */
    readonly refused: Effect.Effect<never, TelegramError>
  }
>()("account-bot/bot/Intake") {
  /** Opens CaughtUp when the updates that waited for the bot are handled. */
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
      // What a pool raised is the pool's to clear: it may be shut although updates are stored.
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

      // A crash of the handler is over with: handled again, it would crash again.
      const handle = Effect.fnUntraced(
        function* (update: Received) {
          yield* handling(handler, update.body)
          const at = yield* Clock.currentTimeMillis
          yield* write([{ _tag: "UpdateHandled", updateId: update.updateId, at }]).pipe(
            Effect.tapError(() => Effect.logError("The disk refuses to note a handled update")),
            Effect.retry(untilStored),
            Effect.ignore,
          )
        },
        (self, update) =>
          Effect.annotateLogs(self, { update: update.updateId, user: update.userId }),
      )
      const lanes = yield* Lanes.make(handle)
      yield* vitals.measure(
        "updates",
        Effect.map(lanes.inFlight, ({ size }) => size),
      )

      // Taken before `unhandled` is read: an update that ends meanwhile is not a new one.
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

      const poll = Effect.gen(function* () {
        // Until all that waited for the bot is here, an answer must not wait for more.
        const timeout = isCatchingUp ? Duration.zero : pollTimeout
        const bodies = yield* telegram.getUpdates({ offset, timeout })
        yield* vitals.worked("telegram")
        yield* lanes.working(keep(bodies.flatMap(receivedOf)))
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
      // Runs before the lanes close, for a stop that did not wait for them before.
      yield* Effect.addFinalizer(() =>
        Effect.andThen(stop, Effect.timeoutOption(lanes.drain, Duration.times(stopWithin, 0.1))),
      )

      return Intake.of({ drain: lanes.drain, stop, refused: Deferred.await(refused) })
    }),
  )
}

/** Longest that Telegram holds a poll. */
const pollTimeout = Duration.seconds(50)

/** From then on a handler is worth a line in the log; it runs on. */
const slowAfter = Duration.seconds(60)

const untilStored = Schedule.min([
  Schedule.exponential("250 millis"),
  Schedule.spaced("10 seconds"),
])

const decodeIncoming = Schema.decodeUnknownOption(Incoming)

/** What goes into the journal: no more of an update than its handler needs. */
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

/** Where it crashed. The messages are left out: they may quote what was being handled. */
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
