/**
 * Takes the updates from Telegram, keeps them in the journal, and has them handled in order.
 *
 * A batch is confirmed to Telegram, by asking for the next one, only when the journal has it, and an
 * update leaves the journal only when its handler has ended. So a kill loses nothing at any moment:
 * Telegram sends again what was not kept, and a start handles what was kept but not handled.
 *
 * Both are taken in pages, and no more of them than can be worked on. What goes beyond a person's
 * allowance is dropped before it is kept, or noted as handled where it is kept already.
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
import {
  colleagueUpdates,
  outsiderUpdates,
  outsiderUpdatesInHour,
  outsidersRemembered,
  outsidersTogether,
  slowDownPeriod,
  stopWithin,
  updatesInWorkMax,
  updatesPage,
} from "../config/Limits.ts"
import { Alarms } from "../observe/Alarms.ts"
import { supervise, survive } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { elapsed } from "../observe/elapsed.ts"
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
      const vitals = yield* Vitals
      const handler = yield* Handler
      const refused = yield* Deferred.make<never, TelegramError>()
      let offset = 0
      let failures = 0
      let isCatchingUp = true
      const write = yield* makeWriter

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

      const isAllowed = yield* makeAdmission(handler, lanes)

      /**
       * Takes the next page of what is kept and not in work yet. `isAdmitted`: those that have used
       * the allowance already. Gives whether there may be more.
       *
       * `inFlight` is read before `unhandled`, so that an update that ends between the two is not
       * taken for a new one. An update in work is not handled, so nothing newer stands before it.
       */
      const dispatchPage = Effect.fnUntraced(function* (isAdmitted: ReadonlySet<number>) {
        yield* lanes.room
        const inFlight = yield* lanes.inFlight
        const page = { after: [...inFlight].at(-1), limit: updatesPage }
        const rows = yield* journal.unhandled(page)
        const waiting = rows.filter(({ updateId }) => !inFlight.has(updateId))
        const taken: Array<Received> = []
        const dropped: Array<Received> = []
        for (const row of waiting) {
          const isTaken = isAdmitted.has(row.updateId) || (yield* isAllowed(row))
          ;(isTaken ? taken : dropped).push(row)
        }
        const at = yield* Clock.currentTimeMillis
        if (dropped.length > 0) {
          yield* write(dropped.map(({ updateId }) => ({ _tag: "UpdateHandled", updateId, at })))
        }
        yield* lanes.dispatch(taken)
        return rows.length === updatesPage
      })

      const dispatch = (isAdmitted: ReadonlySet<number>) =>
        Effect.gen(function* () {
          while (yield* dispatchPage(isAdmitted)) yield* Effect.yieldNow
        })

      /**
       * Whether each update of the last poll is allowed. While the disk refuses, Telegram brings the
       * same updates again, and they must not use up the person's allowance twice.
       */
      const decided = new Map<number, boolean>()

      /** Keeps those updates that are allowed. The others are gone once Telegram gets the offset. */
      const keep = Effect.fnUntraced(function* (updates: ReadonlyArray<Received>) {
        const inFlight = yield* lanes.inFlight
        for (const update of updates.filter(({ updateId }) => !inFlight.has(updateId))) {
          const known = decided.get(update.updateId)
          if (known === undefined) decided.set(update.updateId, yield* isAllowed(update))
        }
        const allowed = updates.filter(({ updateId }) => decided.get(updateId) === true)
        if (allowed.length > 0) {
          const at = yield* Clock.currentTimeMillis
          yield* write(allowed.map((update) => ({ _tag: "UpdateReceived", ...update, at })))
          yield* dispatch(new Set(allowed.map(({ updateId }) => updateId)))
        }
        decided.clear()
        offset = (updates.at(-1)?.updateId ?? offset - 1) + 1
      })

      const excuses = makeExcuses(handler)
      let isMoreKept = yield* dispatchPage(new Set())

      const poll = Effect.gen(function* () {
        if (isMoreKept) yield* lanes.working(dispatch(new Set()))
        isMoreKept = false
        yield* lanes.room
        // While updates are piled up in Telegram, a poll must not wait for new ones.
        const timeout = isCatchingUp ? Duration.zero : pollTimeout
        const bodies = yield* telegram.getUpdates({ offset, timeout })
        yield* vitals.worked("telegram")
        const received = bodies.slice(0, updatesPage).flatMap(receivedOf)
        yield* lanes.working(keep(received)).pipe(
          Effect.tapError(({ _tag }) => {
            const waiting = received.filter(({ updateId }) => decided.get(updateId) === true)
            return _tag === "StorageUnavailable" ? excuses.say(waiting) : Effect.void
          }),
        )
        excuses.forget()
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

/** Writes to the journal, and tells the admins when the disk begins and ceases to refuse. */
const makeWriter = Effect.gen(function* () {
  const journal = yield* Journal
  const alarms = yield* Alarms
  const vitals = yield* Vitals
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
  return (writes: ReadonlyArray<Write>) =>
    journal.write(writes).pipe(
      Effect.tapError(() => Effect.andThen(raise, vitals.failed("journal", "refused"))),
      Effect.andThen(Effect.andThen(clear, vitals.worked("journal"))),
    )
})

/** Answers people whose updates cannot be kept, so that they know that these wait. */
const makeExcuses = (handler: Handler["Service"]) => {
  /** Whom the bot has told, since the disk began to refuse, that their updates wait. */
  const excused = new Set<string>()

  /** Tells everybody whose update cannot be kept: each tap once, and each person's texts once. */
  const say = Effect.fnUntraced(function* (updates: ReadonlyArray<Received>) {
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

  /** The disk takes updates again. */
  const forget = () => excused.clear()

  return { say, forget }
}

/** The longest time that Telegram holds a poll. */
const pollTimeout = Duration.seconds(50)

/** A handler that takes longer is mentioned in the log; it runs on all the same. */
const slowAfter = Duration.seconds(60)

/** How soon a write that the disk refused is tried again at the latest. */
const diskPause = Duration.seconds(1)
const untilStored = Schedule.min([Schedule.exponential("250 millis"), Schedule.spaced(diskPause)])

const decodeIncoming = Schema.decodeUnknownOption(Incoming)

/**
 * Makes what decides whether an update is handled. It is decided once, because it uses up the
 * allowance; a colleague whose update is dropped is answered, beside the work on the others.
 */
const makeAdmission = Effect.fnUntraced(function* (handler: Handler["Service"], lanes: Lanes) {
  const allowances = yield* makeAllowances
  const answers = yield* FiberSet.make<void>()

  return Effect.fnUntraced(function* ({ userId, body }: Received) {
    const incoming = Option.getOrUndefined(decodeIncoming(body))
    // One that cannot be read does no work, and its handling says so in the log.
    if (incoming === undefined) return true
    const isColleague = yield* handler.isColleague(incoming.userId)
    const verdict = yield* allowances.take(userId, isColleague, yield* lanes.inWorkOf(userId))
    if (verdict === "handled") return true
    if (isColleague && (yield* FiberSet.size(answers)) < answersMax) {
      yield* FiberSet.run(answers, handler.slowDown(incoming, verdict === "slower"))
    }
    return false
  })
})

/** So many answers to dropped updates are under way at most; a tap without one spins for a while. */
const answersMax = 20

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
  /** The numbers of the updates that wait or run now, in the order in which they came. */
  readonly inFlight: Effect.Effect<ReadonlySet<number>>
  /** How many updates of a person wait. */
  inWorkOf(userId: number): Effect.Effect<number>
  /** Waits until more updates may be taken. */
  readonly room: Effect.Effect<void>
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

    const room = Latch.makeUnsafe(true)

    const begin = (key: number | symbol) => {
      busy.set(key, Latch.makeUnsafe())
      if (busy.size >= updatesInWorkMax) Latch.closeUnsafe(room)
    }
    const end = (key: number | symbol) =>
      Effect.suspend(() => {
        const latch = busy.get(key)
        busy.delete(key)
        if (busy.size < updatesInWorkMax) Latch.openUnsafe(room)
        return latch === undefined ? Effect.void : Latch.open(latch)
      })

    const runLane = Effect.fnUntraced(function* (userId: number, lane: Array<Received>) {
      for (let update = lane.shift(); update !== undefined; update = lane.shift()) {
        yield* handle(update)
        yield* end(update.updateId)
        // A handler that never waits would take the turns of the others.
        yield* Effect.yieldNow
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
      inWorkOf: (userId) => Effect.sync(() => lanes.get(userId)?.length ?? 0),
      room: Latch.await(room),
      dispatch,
      working,
      settled,
      drain,
    }
  })

/** So many at once, and one more in each `every`. */
interface Allowance {
  readonly burst: number
  readonly every: Duration.Duration
}

/** `slower`: dropped, and the person is to be told so; `dropped`: without a word. */
type Verdict = "handled" | "slower" | "dropped"

/**
 * How many updates of each person are handled. What goes beyond that is dropped before any handler
 * sees it, so that one person who floods the bot takes no time of the others.
 *
 * An allowance is a token bucket, filled by the time that has gone by. Whoever has access has a
 * generous one. Everybody else has one for a burst and one for the hour, and all outsiders together
 * have a third: a crowd of accounts costs no more than a few new colleagues do.
 */
interface Allowances {
  /**
   * Takes one update of a person, who is a colleague with access or an outsider. `inWork`: how many
   * of the person wait already, as a slow handler fills no bucket.
   */
  take(person: number, isColleague: boolean, inWork: number): Effect.Effect<Verdict>
  /** How many people are remembered now. */
  readonly remembered: Effect.Effect<number>
}

interface Bucket {
  readonly tokens: number
  /** When the tokens were counted, in milliseconds that have gone by. */
  readonly at: number
}

export const makeAllowances = Effect.sync((): Allowances => {
  const colleagues = new Map<number, { bucket: Bucket; toldAt: number }>()
  /** In the order of their last update that was handled. */
  const outsiders = new Map<number, ReadonlyArray<Bucket>>()
  let together = full(outsidersTogether, 0)

  const takeOfColleague = (person: number, inWork: number, now: number): Verdict => {
    const known = colleagues.get(person) ?? {
      bucket: full(colleagueUpdates, now),
      toldAt: Number.NEGATIVE_INFINITY,
    }
    const left = taken(colleagueUpdates, known.bucket, now)
    if (left !== undefined && inWork < colleagueUpdates.burst) {
      colleagues.set(person, { ...known, bucket: left })
      return "handled"
    }
    if (now - known.toldAt < Duration.toMillis(slowDownPeriod)) return "dropped"
    colleagues.set(person, { ...known, toldAt: now })
    return "slower"
  }

  const takeOfOutsider = (person: number, now: number): Verdict => {
    const own = outsiders.get(person) ?? ofOutsider.map((allowance) => full(allowance, now))
    const left = ofOutsider.flatMap((allowance, index) => {
      const bucket = own[index]
      return bucket === undefined ? [] : (taken(allowance, bucket, now) ?? [])
    })
    const leftTogether = taken(outsidersTogether, together, now)
    if (left.length < ofOutsider.length || leftTogether === undefined) return "dropped"
    together = leftTogether
    outsiders.delete(person)
    outsiders.set(person, left)
    // A forgotten outsider starts with a full bucket again. The bucket that all outsiders share stays.
    const [oldest] = outsiders.keys()
    if (outsiders.size > outsidersRemembered && oldest !== undefined) outsiders.delete(oldest)
    return "handled"
  }

  return {
    take: (person, isColleague, inWork) =>
      Effect.map(elapsed, (now) =>
        isColleague ? takeOfColleague(person, inWork, now) : takeOfOutsider(person, now),
      ),
    remembered: Effect.sync(() => colleagues.size + outsiders.size),
  }
})

const ofOutsider = [outsiderUpdates, outsiderUpdatesInHour] as const

const full = ({ burst }: Allowance, now: number): Bucket => ({ tokens: burst, at: now })

/** The bucket without one token; `undefined` where there is none in it. */
const taken = ({ burst, every }: Allowance, { tokens, at }: Bucket, now: number) => {
  const filled = Math.min(burst, tokens + (now - at) / Duration.toMillis(every))
  // Sums of fractions may miss a whole token by a hair.
  return filled > 1 - 1e-6 ? { tokens: filled - 1, at: now } : undefined
}
