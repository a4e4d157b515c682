/**
 * Takes the updates from Telegram, keeps them in the journal, and has them handled in order.
 *
 * A batch is confirmed to Telegram, by asking for the next one, only when the journal has it, and an
 * update leaves the journal only when its handler has ended. So a kill loses nothing at any moment:
 * Telegram sends again what was not kept, and a start handles what was kept but not handled.
 *
 * Both are taken in pages, and no more of them than can be worked on. What goes beyond a person's
 * allowance is dropped before it is decoded and kept, or noted as handled where it is kept already.
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
  type Redacted,
  Schedule,
  Schema,
  Semaphore,
  Scope,
} from "effect"
import { colleagueUpdates, stopWithin, updatesInWorkMax, updatesPage } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import { TelegramId } from "../domain/Employee.ts"
import { Alarms } from "../observe/Alarms.ts"
import { supervise, survive } from "../observe/background.ts"
import { CaughtUp } from "../observe/CaughtUp.ts"
import { elapsed } from "../observe/elapsed.ts"
import * as Metrics from "../observe/metrics.ts"
import { makeOverdue } from "../observe/overdue.ts"
import { traced } from "../observe/traced.ts"
import { Vitals } from "../observe/Vitals.ts"
import {
  Journal,
  type JournalDamaged,
  type Received,
  type StorageUnavailable,
  type Write,
} from "../store/Journal.ts"
import { makeAllowances } from "./Allowances.ts"
import { Handler } from "./Handler.ts"
import { SentOnce } from "./SentOnce.ts"
import { pause, Telegram } from "./Telegram.ts"
import { failureKindOf, type TelegramError } from "./TelegramError.ts"
import { glanceAt, Incoming, isProbe, pressOf, Probe, readUpdate, updateIdOf } from "./Update.ts"

/**
 * Whether updates that a webhook brought wait somewhere else than in Telegram. Where they come
 * straight to the bot's process, none do.
 */
export class Backlog extends Context.Reference<{
  readonly isThere: Effect.Effect<boolean, StorageUnavailable>
}>("account-bot/bot/Intake/Backlog", {
  defaultValue: () => ({ isThere: Effect.succeed(false) }),
}) {}

/** The bot takes no more updates: Telegram keeps them for the next start. */
export class IntakeStopped extends Schema.TaggedError<IntakeStopped>()("IntakeStopped", {}) {}

export class Intake extends Context.Service<
  Intake,
  {
    /** Waits until every update that was taken is handled. */
    readonly drain: Effect.Effect<void>
    /** Takes no more updates from Telegram. Those that were taken are handled to the end. */
    readonly stop: Effect.Effect<void>
    /**
     * Takes an update that Telegram has sent by itself; it is durable when this returns. A person's
     * updates are handled in the order of these calls.
     */
    take(body: unknown): Effect.Effect<void, StorageUnavailable | JournalDamaged | IntakeStopped>
    /** Fails when Telegram refuses the token, and never ends otherwise: run it beside the program. */
    readonly refused: Effect.Effect<never, TelegramError>
  }
>()("account-bot/bot/Intake") {
  /** Opens CaughtUp when the updates that had piled up in Telegram are handled. */
  static readonly layer: Layer.Layer<
    Intake,
    StorageUnavailable | JournalDamaged,
    Telegram | Journal | Handler | Alarms | CaughtUp | Vitals | Settings
  > = Layer.effect(
    Intake,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const journal = yield* Journal
      const caughtUp = yield* CaughtUp
      const vitals = yield* Vitals
      const handler = yield* Handler
      const { webhookUrl, webhookSecret } = yield* Settings
      const backlog = yield* Backlog
      const refused = yield* Deferred.make<never, TelegramError>()
      let offset = 0
      let isCatchingUp = true
      const write = yield* makeWriter
      const sentOnce = yield* SentOnce
      const notes = yield* makeNotes(write, sentOnce)
      const arrivals = makeArrivals()
      const lanes = yield* makeLanes(
        arrivals.measured(yield* makeHandling(handler, sentOnce)),
        notes,
      )
      yield* vitals.measure(
        "updates",
        Effect.map(lanes.inFlight, ({ size }) => size),
      )

      const { dispatchPage, dispatch, keep, excuses } = yield* makeKeeping({
        journal,
        handler,
        lanes,
        write,
        notes,
        arrivals,
      })
      let isMoreKept = yield* dispatchPage(new Set())

      const workOffKept = Effect.gen(function* () {
        if (isMoreKept) yield* lanes.working(dispatch(new Set()))
        isMoreKept = false
      })

      const openWhenSettled = Effect.suspend(() => {
        isCatchingUp = false
        return lanes.settled.pipe(Effect.andThen(caughtUp.open), Effect.forkScoped)
      })

      const recovery = makeRecovery({ telegram, vitals, refused })
      const poll = Effect.gen(function* () {
        yield* workOffKept
        yield* lanes.room
        // While updates are piled up in Telegram, a poll must not wait for new ones.
        const timeout = isCatchingUp ? Duration.zero : pollTimeout
        const bodies = yield* telegram.getUpdates({ offset, timeout })
        yield* vitals.worked("telegram")
        const page = bodies.slice(0, updatesPage)
        yield* lanes.working(keep(page))
        offset = (page.flatMap((body) => updateIdOf(body) ?? []).at(-1) ?? offset - 1) + 1
        excuses.forget()
        recovery.worked()
        if (isCatchingUp && bodies.length === 0) yield* openWhenSettled
      })

      const startedAt = yield* elapsed
      const source = Option.match(Option.all([webhookUrl, webhookSecret]), {
        onNone: () => poll,
        onSome: ([url, secret]) => {
          const look = lookAtWebhook(telegram, vitals, { url, secret })
          return Effect.gen(function* () {
            yield* workOffKept
            const isBehind = (yield* look) || (isCatchingUp && (yield* backlog.isThere))
            recovery.worked()
            // Deliveries that go on failing must not keep the timers back for good.
            const isLate = (yield* elapsed) - startedAt > Duration.toMillis(webhookCatchUp)
            if (isCatchingUp && (!isBehind || isLate)) yield* openWhenSettled
            yield* Effect.sleep(isCatchingUp ? Duration.seconds(1) : webhookLook)
          })
        },
      })
      const running = yield* source.pipe(Effect.catch(recovery.recover), supervise("intake"))
      const scope = yield* Effect.scope
      const deliveries = makeDeliveries(lanes.room, (bodies) =>
        Effect.tap(lanes.working(keep(bodies)), () => Effect.sync(excuses.forget)).pipe(
          Effect.provideService(Scope.Scope, scope),
        ),
      )
      const stop = Effect.andThen(deliveries.stop, Effect.asVoid(Fiber.interrupt(running)))
      // Runs before the lanes close, for a stop that has not waited for them by itself.
      yield* Effect.addFinalizer(() =>
        Effect.andThen(stop, Effect.timeoutOption(lanes.drain, Duration.times(stopWithin, 0.1))),
      )

      return Intake.of({
        drain: lanes.drain,
        stop,
        take: deliveries.take,
        refused: Deferred.await(refused),
      })
    }),
  )
}

/** Makes what keeps updates in the journal, and has them handled from there. */
const makeKeeping = Effect.fnUntraced(function* ({
  journal,
  handler,
  lanes,
  write,
  notes,
  arrivals,
}: {
  readonly journal: Journal["Service"]
  readonly handler: Handler["Service"]
  readonly lanes: Lanes
  readonly write: Effect.Success<typeof makeWriter>
  readonly notes: Notes
  readonly arrivals: ReturnType<typeof makeArrivals>
}) {
  const admission = yield* makeAdmission(handler, lanes)

  /**
   * Takes the next page of what is kept and not in work yet. `isAdmitted`: those that have used
   * the allowance already. Gives whether there may be more.
   *
   * `inFlight` is read before `unhandled`, so that an update that ends between the two is not
   * taken for a new one. An update in work is not handled, so nothing newer stands before it.
   */
  const nextPage = Effect.fnUntraced(function* (isAdmitted: ReadonlySet<number>) {
    yield* lanes.room
    const inFlight = yield* lanes.inFlight
    const page = { after: [...inFlight].at(-1), limit: updatesPage }
    const rows = yield* journal.unhandled(page)
    const waiting = rows.filter(({ updateId }) => !inFlight.has(updateId))
    const taken: Array<Received> = []
    const dropped: Array<Received> = []
    const isAllowed = admission.ofPage({ areKept: true })
    for (const row of waiting) {
      const isTaken = isAdmitted.has(row.updateId) || (yield* isAllowed(keptAsk(row)))
      ;(isTaken ? taken : dropped).push(row)
    }
    const at = yield* Clock.currentTimeMillis
    if (dropped.length > 0) {
      yield* write(dropped.map(({ updateId }) => ({ _tag: "UpdateHandled", updateId, at })))
    }
    yield* lanes.dispatch(taken)
    return rows.length === updatesPage
  })

  // Two at the same time would find the same updates, and have them handled twice.
  const turn = yield* Semaphore.make(1)
  const dispatchPage = (isAdmitted: ReadonlySet<number>) => turn.withPermit(nextPage(isAdmitted))

  const dispatch = (isAdmitted: ReadonlySet<number>) =>
    Effect.gen(function* () {
      while (yield* dispatchPage(isAdmitted)) yield* Effect.yieldNow
    })

  /**
   * Whether each update that came last is allowed. While the disk refuses, Telegram brings the
   * same updates again, and they must not use up the person's allowance twice.
   */
  const decided = new Map<number, boolean>()

  /** Keeps those updates that are allowed. The others are gone once Telegram gets the offset. */
  const keep = Effect.fnUntraced(function* (bodies: ReadonlyArray<unknown>) {
    const inFlight = yield* lanes.inFlight
    const isAllowed = admission.ofPage({ areKept: false })
    const allowed: Array<Received> = []
    for (const ask of bodies.flatMap(newAsk)) {
      const { updateId, userId } = ask
      if (inFlight.has(updateId)) continue
      const isTaken = decided.get(updateId) ?? (yield* isAllowed(ask))
      decided.set(updateId, isTaken)
      const body = isTaken ? ask.read() : undefined
      if (body !== undefined) allowed.push({ updateId, userId, body })
    }
    if (allowed.length > 0) {
      yield* arrivals.note(allowed)
      const at = yield* Clock.currentTimeMillis
      // The notes so far share the commit: nobody's next update begins before they are durable.
      yield* notes.write
      yield* write(allowed.map((update) => ({ _tag: "UpdateReceived", ...update, at }))).pipe(
        Effect.andThen(dispatch(new Set(allowed.map(({ updateId }) => updateId)))),
        Effect.tapErrorTag("StorageUnavailable", () => excuses.say(allowed)),
      )
    }
    decided.clear()
  })

  const excuses = makeExcuses(handler)

  return { dispatchPage, dispatch, keep, excuses }
})

/** Logs why updates cannot be taken, and pauses before the next try. */
const makeRecovery = ({
  telegram,
  vitals,
  refused,
}: {
  readonly telegram: Telegram["Service"]
  readonly vitals: Vitals["Service"]
  readonly refused: Deferred.Deferred<never, TelegramError>
}) => {
  let failures = 0

  /** A webhook that the bot had in a former run keeps polls away. */
  const endWebhook = Effect.gen(function* () {
    const { url } = yield* telegram.webhook
    if (url === "") return
    yield* telegram.deleteWebhook
    yield* Effect.logWarning(
      "A webhook was set for this bot; it is removed, since updates are polled",
    )
  }).pipe(Effect.ignore)

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
    if (error._tag === "TelegramError" && error.reason._tag === "Conflict") yield* endWebhook
    return yield* error._tag === "TelegramError" && error.reason._tag === "RateLimited"
      ? Effect.sleep(error.reason.retryAfter)
      : pause(failures)
  })

  const worked = () => void (failures = 0)

  return { recover, worked }
}

/** Sets the webhook where it is not set as it should be. Gives whether updates wait in Telegram. */
const lookAtWebhook = (
  telegram: Telegram["Service"],
  vitals: Vitals["Service"],
  { url, secret }: { readonly url: string; readonly secret: Redacted.Redacted },
) => {
  // Telegram does not tell the secret, so the first look sets the webhook whatever stands there.
  let isSet = false
  return Effect.gen(function* () {
    const found = yield* telegram.webhook
    if (!isSet || found.url !== url) {
      if (isSet) yield* Effect.logWarning("Somebody changed the webhook; it is set again")
      yield* telegram.setWebhook(url, secret)
      isSet = true
    }
    yield* vitals.worked("telegram")
    return found.pending_update_count > 0
  })
}

/** Updates that come one by one and at once: those that wait for the one before are kept together. */
const makeDeliveries = (
  room: Effect.Effect<void>,
  keep: (
    bodies: ReadonlyArray<unknown>,
  ) => Effect.Effect<void, StorageUnavailable | JournalDamaged>,
) => {
  interface Waiting {
    readonly body: unknown
    readonly done: Deferred.Deferred<void, StorageUnavailable | JournalDamaged>
  }
  const waiting: Array<Waiting> = []
  const turn = Semaphore.makeUnsafe(1)
  let isStopped = false

  const keepAll = Effect.suspend(() => {
    const batch = waiting.splice(0, updatesPage)
    if (batch.length === 0) return Effect.void
    return Effect.map(Effect.exit(keep(batch.map(({ body }) => body))), (exit) => {
      for (const { done } of batch) Deferred.doneUnsafe(done, exit)
    })
  })

  const take: Intake["Service"]["take"] = (body) =>
    Effect.suspend((): ReturnType<typeof take> => {
      if (isStopped) return Effect.fail(new IntakeStopped())
      const done = Deferred.makeUnsafe<void, StorageUnavailable | JournalDamaged>()
      waiting.push({ body, done })
      // Once begun, a batch is kept to its end, since others wait for it.
      const kept = turn.withPermit(Effect.andThen(room, Effect.uninterruptible(keepAll)))
      return Effect.andThen(kept, Deferred.await(done))
    })

  const stop = Effect.sync(() => void (isStopped = true))

  return { take, stop }
}

/** When updates came from Telegram, to measure how long people wait. */
const makeArrivals = () => {
  const arrivals = new Map<number, number>()

  const note = (updates: ReadonlyArray<Received>) =>
    Effect.map(elapsed, (now) => {
      // While the disk refuses, the same updates come again.
      for (const { updateId } of updates) arrivals.set(updateId, arrivals.get(updateId) ?? now)
    })

  const measured =
    (handle: (update: Received) => Effect.Effect<void>) =>
    (update: Received): Effect.Effect<void> =>
      Effect.flatMap(handle(update), () => {
        const arrived = arrivals.get(update.updateId)
        arrivals.delete(update.updateId)
        const counted = Metrics.count("updates")
        return arrived === undefined
          ? counted
          : Effect.flatMap(elapsed, (now) =>
              Effect.andThen(counted, Metrics.note("answer", (now - arrived) / 1_000)),
            )
      })

  return { note, measured }
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
      const isTap = incoming._tag === "Tap" || incoming._tag === "StrayTap"
      const about = isTap ? `update ${updateId}` : `person ${userId}`
      if (excused.has(about)) return []
      excused.add(about)
      return [{ about, incoming }]
    })
    const said = Effect.forEach(
      fresh,
      ({ about, incoming }) =>
        // On Postgres nobody is told anything while it is away, and then it is no news any more.
        excused.has(about)
          ? Effect.timeoutOption(
              survive("a word about the disk")(handler.excuse(incoming)),
              excuseWithin,
            )
          : Effect.void,
      { concurrency: 4, discard: true },
    )
    // The next try of the disk does not wait for Telegram.
    yield* Effect.forkScoped(said)
  })

  /** The disk takes updates again. */
  const forget = () => excused.clear()

  return { say, forget }
}

/** A word about the disk is of use while it is away. */
const excuseWithin = Duration.seconds(10)

/** How often the bot looks whether its webhook still stands, once it has caught up. */
const webhookLook = Duration.seconds(30)

/** How long the timers wait at most for updates that had piled up for the webhook. */
const webhookCatchUp = Duration.minutes(1)

/** The longest time that Telegram holds a poll. */
const pollTimeout = Duration.seconds(50)

/** A handler that takes longer is mentioned in the log; it runs on all the same. */
const slowAfter = Duration.seconds(60)

/** How soon a write that the disk refused is tried again at the latest. */
const diskPause = Duration.seconds(1)
const untilStored = Schedule.min([Schedule.exponential("250 millis"), Schedule.spaced(diskPause)])

const decodeIncoming = Schema.decodeUnknownOption(Incoming)
const isKeptProbe = Schema.is(Probe)

/** An update that is to be decided about, before anything else is done with it. */
interface Ask {
  readonly updateId: number
  readonly userId: number
  /** What a text says. */
  readonly text: string | undefined
  readonly press: ReturnType<typeof pressOf>
  /** Reads the whole update; `undefined` where the bot has no use for it. */
  read(): Incoming | Probe | undefined
}

/** An update from Telegram. It is decoded only once it is accepted, as most of a flood is dropped. */
const newAsk = (body: unknown): ReadonlyArray<Ask> => {
  const updateId = updateIdOf(body)
  if (updateId !== undefined && isProbe(body)) {
    const ofNobody = { userId: nobody, text: undefined, press: undefined }
    return [{ updateId, ...ofNobody, read: () => Probe.make({}) }]
  }
  const glance = glanceAt(body)
  return updateId === undefined || glance === undefined
    ? []
    : [{ updateId, ...glance, read: () => Option.getOrUndefined(readUpdate(body)) }]
}

/** An update from the journal. One that cannot be read belongs to nobody and uses no allowance. */
const keptAsk = ({ updateId, body }: Received): Ask => {
  const incoming = Option.getOrUndefined(decodeIncoming(body))
  return {
    updateId,
    userId: incoming?.userId ?? nobody,
    text: incoming?._tag === "Text" ? incoming.text : undefined,
    press: pressOf(incoming),
    read: () => incoming,
  }
}

/** No person has this number. */
const nobody = 0

/**
 * Makes what decides whether an update is handled. It is decided once, because it uses up the
 * allowance; a colleague whose update is dropped is answered, beside the work on the others.
 */
const makeAdmission = Effect.fnUntraced(function* (handler: Handler["Service"], lanes: Lanes) {
  const allowances = yield* makeAllowances
  const answers = yield* FiberSet.make<void>()
  /** Outsiders with an update that is handled once more: they may have had its answer before. */
  const replayed = new Set<number>()

  /**
   * The updates of a page are decided one after the other, and go into the lanes together. `areKept`:
   * they are in the journal since an earlier run, which has let them in; so a step of a registration
   * is one also where the step before it is to be handled once more.
   */
  const ofPage = ({ areKept }: { readonly areKept: boolean }) => {
    const colleagues = new Map<number, boolean>()
    const taken = new Map<number, Array<Ask>>()

    const isColleague = Effect.fnUntraced(function* (person: TelegramId) {
      const known = colleagues.get(person) ?? (yield* handler.isColleague(person))
      colleagues.set(person, known)
      return known
    })

    const ofColleague = Effect.fnUntraced(function* (ask: Ask, before: ReadonlyArray<Ask>) {
      const waiting = lanes.waitingOf(ask.userId)
      const verdict = yield* allowances.takeOfColleague(ask.userId, {
        inWork: waiting.length + before.length,
        press: ask.press && {
          // The newest press on this message is the same: A, B, A on one message are three wishes.
          isRepeat: () => isNewestOn(ask.press, waiting, before),
        },
      })
      if (verdict === "handled") return true
      const incoming = ask.read()
      if (
        incoming !== undefined &&
        incoming._tag !== "Probe" &&
        (yield* FiberSet.size(answers)) < answersMax
      ) {
        yield* FiberSet.run(answers, handler.slowDown(incoming, verdict === "slower"))
      }
      return false
    })

    const ofOutsider = Effect.fnUntraced(function* (
      { userId, text, press }: Ask,
      person: TelegramId,
      before: ReadonlyArray<Ask>,
    ) {
      if (!(yield* allowances.hasOutsiderAny(userId))) return false
      // While an earlier message has no answer yet, nobody can have taken the next step.
      const isNext = before.length === 0 && (lanes.isIdle(userId) || replayed.delete(userId))
      const did = text === undefined ? press && { button: press.data } : { text }
      const isStep = isNext && did !== undefined && (yield* handler.isRegistering(person, did))
      const isTaken = yield* allowances.takeOfOutsider(userId, areKept || isStep)
      if (areKept && isTaken) replayed.add(userId)
      return isTaken
    })

    return Effect.fnUntraced(function* (ask: Ask) {
      const person = ask.userId
      // An update that cannot be read costs nothing; its handler logs it.
      if (!isTelegramId(person)) return true
      const before = taken.get(person) ?? []
      const isTaken = (yield* isColleague(person))
        ? yield* ofColleague(ask, before)
        : yield* ofOutsider(ask, person, before)
      if (isTaken) taken.set(person, [...before, ask])
      return isTaken
    })
  }

  return { ofPage }
})

/** Whether the newest press on the message, of those that wait, is the same one. */
const isNewestOn = (
  press: Ask["press"],
  waiting: ReadonlyArray<Received>,
  before: ReadonlyArray<Ask>,
): boolean => {
  const isOnIt = (other: Ask["press"]) => other?.messageId === press?.messageId
  const newest =
    before.findLast((ask) => isOnIt(ask.press))?.press ??
    pressOf(waiting.findLast(({ body }) => isOnIt(pressOf(body)))?.body)
  return newest !== undefined && newest.data === press?.data
}

const isTelegramId = Schema.is(TelegramId)

/** So many answers to dropped updates are under way at most; a tap without one spins for a while. */
const answersMax = 20

/** Handles updates. One whose handler crashed counts as handled: another try would crash again. */
const makeHandling = Effect.fnUntraced(function* (
  handler: Handler["Service"],
  { because }: Effect.Success<typeof SentOnce>,
) {
  const slow = yield* makeOverdue("handlers", (update: Received) =>
    Effect.logWarning("A handler is slow").pipe(about(update)),
  )

  const handling = (update: Received, incoming: Incoming) =>
    Effect.flatMap(elapsed, (now) => {
      slow.begin(update, now + Duration.toMillis(slowAfter))
      return Effect.onExit(because(update.updateId, handler.handle(incoming)), (exit) => {
        slow.end(update)
        // One that was broken off is handled again by whoever has the bot next.
        return Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)
          ? Effect.logError("A handler crashed", whereOf(exit.cause))
          : Effect.void
      })
    }).pipe(Effect.exit, Effect.asVoid)

  return (update: Received): Effect.Effect<void> => {
    if (update.body === null || isKeptProbe(update.body)) return Effect.void
    const incoming = decodeIncoming(update.body)
    return Option.isNone(incoming)
      ? Effect.logError("An update in the journal cannot be read and is left out").pipe(
          about(update),
        )
      : handling(update, incoming.value).pipe(
          // A tap is one trace: what it asks of pools, journal and Telegram stands below this.
          traced("Update", { root: true, attributes: { update: update.updateId } }),
          about(update),
        )
  }
})

/** Says in each line of the log what it is about. */
const about = ({ updateId, userId }: Received) =>
  Effect.annotateLogs({ update: updateId, user: userId })

/**
 * Notes that updates are handled. Nobody waits for that but the next update of the same person, so
 * notes wait for others to share their commit: until the next updates are kept, until nothing is
 * being handled, or for a moment. A kill meanwhile has only the last update of a person handled once
 * more, as a kill in the middle of its handler does.
 */
interface Notes {
  /** An update is going to be handled. Each is noted after that. */
  expect(): void
  /** It was handled; ends when that is noted. `isAwaited`: something waits for the note. */
  note(updateId: number, isAwaited: boolean): Effect.Effect<void>
  /** Has all notes so far written, and waits for none of it. */
  readonly write: Effect.Effect<void>
}

const makeNotes = Effect.fnUntraced(function* (
  write: Effect.Success<typeof makeWriter>,
  { forget }: Effect.Success<typeof SentOnce>,
) {
  const writers = yield* FiberSet.make<void>()
  let waiting = { ids: new Array<number>(), written: Latch.makeUnsafe() }
  /** How many updates are going to be handled, or are being handled. */
  let expected = 0

  const writeAll = Effect.suspend(() => {
    const { ids, written } = waiting
    if (ids.length === 0) return Effect.void
    waiting = { ids: [], written: Latch.makeUnsafe() }
    const forgotten = forget(ids)
    let isSaid = false
    return Effect.flatMap(Clock.currentTimeMillis, (at) =>
      write([
        ...ids.map((updateId): Write => ({ _tag: "UpdateHandled", updateId, at })),
        ...forgotten,
      ]),
    ).pipe(
      Effect.tapError(() => {
        if (isSaid) return Effect.void
        isSaid = true
        return Effect.logError("The disk refuses to note a handled update")
      }),
      Effect.retry(untilStored),
      Effect.ignore,
      Effect.andThen(Latch.open(written)),
    )
  })

  const later = FiberSet.run(writers, Effect.delay(writeAll, noteWithin))
  const now = Effect.asVoid(FiberSet.run(writers, writeAll, { startImmediately: true }))

  const note = Effect.fnUntraced(function* (updateId: number, isAwaited: boolean) {
    expected -= 1
    const { ids, written } = waiting
    ids.push(updateId)
    if (expected === 0 || isAwaited) yield* now
    else if (ids.length === 1) yield* later
    yield* Latch.await(written)
  })

  const notes: Notes = {
    expect: () => {
      expected += 1
    },
    note,
    write: now,
  }
  return notes
})

/** How long a note waits for others at most. */
const noteWithin = Duration.millis(250)

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
  /** The updates of a person that wait, in their order. */
  waitingOf(userId: number): ReadonlyArray<Received>
  /** No update of the person waits or runs. */
  isIdle(userId: number): boolean
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
const makeLanes = (
  handle: (update: Received) => Effect.Effect<void>,
  notes: Notes,
): Effect.Effect<Lanes, never, Scope.Scope> =>
  Effect.gen(function* () {
    const fibers = yield* FiberSet.make<void>()
    const lanes = new Map<number, Array<Received>>()
    const busy = new Map<number | symbol, Latch.Latch>()
    /** How many updates of each person wait or run. */
    const ofPeople = new Map<number, number>()

    const room = Latch.makeUnsafe(true)
    let load = 0

    /**
     * Beyond an allowance the updates of one person take no room: what somebody has pressed during
     * an outage waits in his lane alone, and the others are taken in meanwhile.
     */
    const addLoad = (person: number | undefined, change: 1 | -1) => {
      const before = person === undefined ? 0 : (ofPeople.get(person) ?? 0)
      const after = before + change
      if (person !== undefined && after > 0) ofPeople.set(person, after)
      if (person !== undefined && after === 0) ofPeople.delete(person)
      if (Math.max(before, after) > colleagueUpdates.burst) return
      load += change
      if (load >= updatesInWorkMax) Latch.closeUnsafe(room)
      else Latch.openUnsafe(room)
    }

    const begin = (key: number | symbol, person?: number) => {
      busy.set(key, Latch.makeUnsafe())
      addLoad(person, 1)
    }
    const end = (key: number | symbol, person?: number) =>
      Effect.suspend(() => {
        const latch = busy.get(key)
        busy.delete(key)
        addLoad(person, -1)
        return latch === undefined ? Effect.void : Latch.open(latch)
      })

    const runLane = Effect.fnUntraced(function* (userId: number, lane: Array<Received>) {
      for (let update = lane.shift(); update !== undefined; update = lane.shift()) {
        yield* handle(update)
        yield* notes.note(update.updateId, lane.length > 0 || settling > 0)
        yield* end(update.updateId, userId)
        // A handler that never waits would take the turns of the others.
        yield* Effect.yieldNow
      }
      lanes.delete(userId)
    })

    const dispatch = Effect.fnUntraced(function* (updates: ReadonlyArray<Received>) {
      for (const update of updates) {
        begin(update.updateId, update.userId)
        notes.expect()
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

    /** How many wait for all that is in flight: nothing is put off meanwhile. */
    let settling = 0
    const settled = Effect.suspend(() => {
      settling += 1
      return Effect.andThen(
        notes.write,
        Effect.forEach([...busy.values()], Latch.await, { discard: true }),
      ).pipe(Effect.ensuring(Effect.sync(() => void (settling -= 1))))
    })

    const drain: Effect.Effect<void> = Effect.suspend(() =>
      busy.size === 0 ? Effect.void : Effect.andThen(settled, drain),
    )

    return {
      inFlight: Effect.sync(
        () => new Set([...busy.keys()].filter((key) => typeof key === "number")),
      ),
      waitingOf: (userId) => lanes.get(userId) ?? [],
      isIdle: (userId) => !ofPeople.has(userId),
      room: Latch.await(room),
      dispatch,
      working,
      settled,
      drain,
    }
  })
