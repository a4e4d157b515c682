/**
 * Writes to spreadsheets that take effect exactly once, whatever times out, crashes or lands late.
 *
 * Every write is journaled before a byte leaves and carries a guard, which Google accepts once
 * only. The writes of one spreadsheet follow each other: the next one begins when the one before
 * is settled.
 */
import {
  Clock,
  Context,
  Effect,
  Layer,
  Option,
  Ref,
  Result,
  Schema,
  Semaphore,
  SynchronizedRef,
} from "effect"
import { Alarms } from "../observe/Alarms.ts"
import { bothTimes } from "../observe/elapsed.ts"
import { Vitals } from "../observe/Vitals.ts"
import { OlderCopy } from "../store/OlderCopy.ts"
import { type Intent, Journal, StorageUnavailable } from "../store/Journal.ts"
import {
  type Chain,
  chainOf,
  decodeBody,
  dispensable,
  drafted,
  type GuardedBody,
  guardKey,
  intentsRead,
  foreign,
  isFresh,
  isOurs,
  isStale,
  marksOf,
  newestOf,
  type PlannedWrite,
  prunedBy,
  pruneRequest,
  randomToken,
  withIntent,
  withoutGuards,
  withSettled,
} from "./GuardChain.ts"
import { makeGuardedSend, type OpenWrite, type SendOutcome } from "./GuardedSend.ts"
import type { Urgency } from "./RateLimiter.ts"
import { type BatchAnswer, SheetsClient } from "./SheetsClient.ts"
import { SheetsError, type SheetsFailure, unsettled } from "./SheetsError.ts"

interface GuardedWrite<E> {
  readonly spreadsheet: string
  readonly kind: Intent["kind"]
  readonly urgency: Urgency
  /**
   * Plans the write when all earlier ones are settled, or says that there is nothing to write. It
   * must not write by itself, since that would wait for its own end.
   */
  readonly plan: (token: string) => Effect.Effect<Option.Option<PlannedWrite>, E>
}

/** A write that took effect. Its answer may have been lost on the way. */
export interface Applied {
  readonly intent: Intent
  readonly answer: Option.Option<BatchAnswer>
}

/** What is done when a write took effect. Idempotent: it may run again after a crash. */
export type OnApplied<A> = (applied: Applied) => Effect.Effect<A, SheetsFailure>

/** For each kind of write, what is done about one that a former process began. */
export type Handlers = { readonly [Kind in Intent["kind"]]?: OnApplied<unknown> }

export class Guard extends Context.Service<
  Guard,
  {
    /**
     * Settles what is open, writes, runs `onApplied`, and only then calls the write settled. If it
     * is interrupted at any point, the next write of the spreadsheet finishes it. It fails with
     * the reason when the write was certainly not applied, and waits as long as that is unclear.
     */
    write<A, E>(
      request: GuardedWrite<E>,
      onApplied: OnApplied<A>,
    ): Effect.Effect<Option.Option<A>, E | SheetsFailure>
    /** Finishes what a former process left open. The handlers stay known from then on. */
    recover(spreadsheet: string, handlers: Handlers): Effect.Effect<void, SheetsFailure>
  }
>()("account-bot/sheets/Guard") {
  static readonly layer = Layer.effect(
    Guard,
    Effect.gen(function* () {
      const client = yield* SheetsClient
      const journal = yield* Journal
      const alarms = yield* Alarms
      const vitals = yield* Vitals
      const older = yield* OlderCopy
      const instance = yield* instanceOf(journal)
      type Lane = Effect.Success<ReturnType<typeof makeLane>>
      const lanes = yield* SynchronizedRef.make<ReadonlyMap<string, Lane>>(new Map())

      const laneOf = (spreadsheet: string) =>
        SynchronizedRef.modifyEffect(lanes, (before) => {
          const known = before.get(spreadsheet)
          if (known !== undefined) return Effect.succeed([known, before] as const)
          return Effect.map(
            makeLane(spreadsheet, { client, journal, alarms, vitals, older, instance }),
            (lane) => [lane, new Map(before).set(spreadsheet, lane)] as const,
          )
        })

      const write = <A, E>(request: GuardedWrite<E>, onApplied: OnApplied<A>) =>
        Effect.flatMap(laneOf(request.spreadsheet), (lane) => lane.write(request, onApplied)).pipe(
          Effect.withSpan("Guard.write", { attributes: { kind: request.kind } }),
        )

      const recover = Effect.fn("Guard.recover")(function* (
        spreadsheet: string,
        handlers: Handlers,
      ) {
        const lane = yield* laneOf(spreadsheet)
        yield* lane.recover(handlers)
      })

      return Guard.of({ write, recover })
    }),
  ).pipe(Layer.provide([Vitals.layer, OlderCopy.layer]))
}

interface LaneServices {
  readonly client: SheetsClient["Service"]
  readonly journal: Journal["Service"]
  readonly alarms: Alarms["Service"]
  readonly vitals: Vitals["Service"]
  readonly older: OlderCopy["Service"]
  /** The name of this writer in the guards. */
  readonly instance: string
}

interface LaneWrite extends OpenWrite {
  /**
   * From the caller; a write of a former process has none and is finished by the handler of its
   * kind.
   */
  readonly onApplied: OnApplied<unknown> | undefined
}

interface LaneState {
  /** Missing until it is read, and when it is no longer certain what the journal holds. */
  readonly chain: Option.Option<Chain>
  readonly open: ReadonlyArray<LaneWrite>
}

const unread: LaneState = { chain: Option.none(), open: [] }

/** Makes the lane of one spreadsheet, in which its writes follow each other. */
const makeLane = Effect.fnUntraced(function* (spreadsheet: string, services: LaneServices) {
  const { client, journal, alarms, vitals, instance } = services
  const turn = yield* Semaphore.make(1)
  const state = yield* Ref.make(unread)
  const handlers = yield* Ref.make<Handlers>({})
  const stopped = yield* Ref.make(false)

  const chains = yield* makeChainLooks(spreadsheet, services)
  const { anotherWriter } = chains

  const load = Effect.fnUntraced(function* (urgency: Urgency) {
    const { chain, open, stolen } = yield* chains.read(urgency)
    yield* Effect.forEach(stolen, (intent) => settled(intent, "void"), { discard: true })
    // These writes may have been on their way when the former process ended.
    const writes = yield* Effect.forEach(open, ({ intent, body }) =>
      makeLaneWrite(intent, body, true, undefined),
    )
    yield* Ref.set(state, { chain: Option.some(chain), open: writes })
  })

  const changeChain = (change: (chain: Chain) => Chain) =>
    Ref.update(state, (before) => ({ ...before, chain: Option.map(before.chain, change) }))

  /** Makes sure that nobody else writes, unless that was proven a moment ago. */
  const prove = Effect.fnUntraced(function* (urgency: Urgency) {
    const { chain } = yield* Ref.get(state)
    if (Option.isNone(chain) || !isStale(chain.value, yield* bothTimes)) return
    const provenAt = yield* Effect.tapError(chains.prove(chain.value, urgency), ({ reason }) =>
      reason._tag === "AnotherWriter" ? Ref.set(stopped, true) : Effect.void,
    )
    yield* changeChain((one) => ({ ...one, provenAt }))
  })

  const makeRoom = Effect.fnUntraced(function* (urgency: Urgency) {
    const { chain } = yield* Ref.get(state)
    if (Option.isNone(chain)) return false
    const removed = yield* chains.removeOld(chain.value, urgency)
    yield* changeChain((one) => withoutGuards(one, removed))
    return removed.length > 0
  })

  const send = makeGuardedSend({ client, alarms, vitals, instance, prove, makeRoom })

  /** Makes sure that nobody else writes, and settles what is open. */
  const ready = Effect.fnUntraced(function* (urgency: Urgency) {
    if (yield* Ref.get(stopped)) return yield* anotherWriter
    if (Option.isNone((yield* Ref.get(state)).chain)) yield* load(urgency)
    else yield* prove(urgency)
    for (const open of (yield* Ref.get(state)).open) {
      const onApplied = open.onApplied ?? (yield* Ref.get(handlers))[open.intent.kind]
      if (onApplied === undefined) return yield* unsettled("guard", spreadsheet)
      const end = yield* complete(open, onApplied, urgency)
      if (end._tag === "Void") yield* Effect.logWarning("a write was given up", end.error.message)
    }
  })

  /** Brings a write to its end. If somebody else used its number, the lane stops. */
  const complete = Effect.fnUntraced(function* <A>(
    open: LaneWrite,
    onApplied: OnApplied<A>,
    urgency: Urgency,
  ) {
    const outcome = yield* Effect.tapError(send(open, urgency), ({ reason }) =>
      reason._tag === "AnotherWriter"
        ? Effect.andThen(Ref.set(stopped, true), Effect.flip(anotherWriter))
        : Effect.void,
    )
    if (outcome._tag === "Void") {
      yield* close(open, outcome)
      return outcome
    }
    const value = yield* onApplied({ intent: open.intent, answer: outcome.answer })
    yield* close(open, outcome)
    return { _tag: "Done" as const, value }
  })

  const settled = (intent: Intent, to: "applied" | "void") =>
    Effect.flatMap(Clock.currentTimeMillis, (at) =>
      journal.write([{ _tag: "IntentSettled", spreadsheet, seq: intent.seq, state: to, at }]),
    )

  const close = Effect.fnUntraced(function* (open: LaneWrite, outcome: SendOutcome) {
    const applied = outcome._tag === "Applied"
    yield* settled(open.intent, applied ? "applied" : "void")
    const now = yield* bothTimes
    const { seq } = open.intent
    const stands = applied || outcome.burnt
    // A guard is asked to go once only: Google refuses to remove one that is missing, each time.
    const pruned = stands ? prunedBy(open.body) : []
    yield* Ref.update(state, (before) => ({
      open: before.open.filter((one) => one.intent.seq !== seq),
      chain: Option.map(before.chain, (chain) => withSettled(chain, seq, now, stands, pruned)),
    }))
  }, Effect.uninterruptible)

  /** Puts a write into the journal and into memory, both or neither. */
  const opened = Effect.fnUntraced(function* (
    kind: Intent["kind"],
    token: string,
    plan: PlannedWrite,
    onApplied: OnApplied<unknown>,
  ) {
    const { chain } = yield* Ref.get(state)
    if (Option.isNone(chain)) return yield* unsettled("guard", spreadsheet)
    const given = { spreadsheet, kind, token, plan, instance }
    const { intent, body } = drafted(chain.value, given, yield* bothTimes)
    // After a refusal it is unknown what the disk holds: it is read again before the next write.
    yield* Effect.onError(journal.write([{ _tag: "IntentOpened", intent }]), () =>
      Ref.set(state, unread),
    )
    const open = yield* makeLaneWrite(intent, body, false, onApplied)
    yield* Ref.update(state, (before) => ({
      open: [...before.open, open],
      chain: Option.map(before.chain, (one) => withIntent(one, intent)),
    }))
    return open
  }, Effect.uninterruptible)

  const write = <A, E>(request: GuardedWrite<E>, onApplied: OnApplied<A>) =>
    Effect.gen(function* () {
      const { kind, urgency } = request
      yield* ready(urgency)
      const token = yield* randomToken
      const plan = yield* request.plan(token)
      if (Option.isNone(plan)) return Option.none<A>()
      const open = yield* opened(kind, token, plan.value, onApplied)
      const end = yield* complete(open, onApplied, urgency)
      return end._tag === "Void" ? yield* end.error : Option.some(end.value)
    }).pipe(Semaphore.withPermit(turn))

  const recover = Effect.fnUntraced(function* (given: Handlers) {
    yield* Ref.set(handlers, given)
    yield* turn.withPermit(ready("background"))
  })

  return { write, recover }
})

const makeLaneWrite = Effect.fnUntraced(function* (
  intent: Intent,
  body: GuardedBody,
  isUnsure: boolean,
  onApplied: OnApplied<unknown> | undefined,
) {
  const open: LaneWrite = {
    intent,
    body,
    onApplied,
    isUnsure: yield* Ref.make(isUnsure),
    answer: yield* Ref.make(Option.none<BatchAnswer>()),
  }
  return open
})

/**
 * Makes the looks at the chain of guards, in the journal and on the sheet; each makes sure that it
 * is ours.
 */
const makeChainLooks = Effect.fnUntraced(function* (
  spreadsheet: string,
  { client, journal, alarms, older, instance }: LaneServices,
) {
  /** The newest guard of another instance, and when it was seen first. */
  const stranger = yield* Ref.make({ token: "", seenAt: 0 })

  const anotherWriter = Effect.andThen(
    alarms.raise({ _tag: "AnotherWriter", spreadsheet }),
    Effect.fail(
      new SheetsError({ method: "guard", spreadsheet, reason: { _tag: "AnotherWriter" } }),
    ),
  )

  /**
   * Another process that has taken the bot over writes with the same journal, and is no stranger:
   * nobody hears of it from this one, whose write to the journal never returns then, see
   * store/Ownership.ts. A disk that refuses the write says nothing about that.
   */
  const strangerSeen = Effect.andThen(Effect.ignore(noteInstance(journal, instance)), anotherWriter)

  const marks = (urgency: Urgency) =>
    Effect.map(client.searchMetadata(spreadsheet, guardKey, urgency), marksOf)

  /** Reads the chain: at the start, and when it is not certain what the journal holds. */
  const read = Effect.fnUntraced(function* (urgency: Urgency) {
    const intents = yield* readIntents(journal, spreadsheet)
    const found = yield* marks(urgency)
    const times = yield* bothTimes
    const other = foreign(found, instance)
    if (other !== undefined) {
      const { token } = other
      const { seenAt } = yield* Ref.updateAndGet(stranger, (known) =>
        known.token === token ? known : { token, seenAt: times.gone },
      )
      if (isFresh(other, seenAt, times)) return yield* strangerSeen
    }
    yield* alarms.clear({ _tag: "AnotherWriter", spreadsheet })
    const newest = intents[0]
    const ahead = newestOf(found, instance)
    if (ahead > (newest?.seq ?? 0)) {
      yield* older.found(newest?.settledAt ?? newest?.openedAt ?? 0)
    }
    yield* older.looked(spreadsheet)
    const tokens = new Map(found.map(({ seq, token }) => [seq, token]))
    // Writes follow each other, so one with a later one of ours behind it was settled: what became
    // of it shows in the tabs, and it is not sent again even where its guard is gone.
    const isStolen = ({ seq, token }: (typeof intents)[number]) =>
      (tokens.get(seq) ?? (seq < ahead ? "" : token)) !== token
    const open = intents.filter(({ state }) => state === "open").toReversed()
    return {
      chain: chainOf(intents, found, times),
      /** Writes whose number somebody else used: they were not applied and never will be. */
      stolen: open.filter(isStolen),
      open: yield* Effect.forEach(
        open.filter((intent) => !isStolen(intent)),
        (intent) =>
          Effect.fromResult(
            Result.mapBoth(decodeBody(intent), {
              onSuccess: (body) => ({ intent, body }),
              onFailure: (cause) => unreadable(spreadsheet, cause),
            }),
          ),
      ),
    }
  })

  /** Makes sure that nobody else writes; answers with the time of the proof. */
  const prove = Effect.fnUntraced(function* (chain: Chain, urgency: Urgency) {
    if (!isOurs(chain, yield* marks(urgency), instance)) return yield* strangerSeen
    return yield* bothTimes
  })

  /** Removes old guards and answers which. It can be repeated, so it needs no guard itself. */
  const removeOld = Effect.fnUntraced(function* (chain: Chain, urgency: Urgency) {
    const found = yield* marks(urgency)
    const old = dispensable(chain, found, yield* bothTimes)
    if (old.length === 0) return old
    const body = { requests: old.map(pruneRequest) }
    yield* client.batchUpdate(spreadsheet, body, { fields: "replies", urgency })
    return old
  })

  return { read, prove, removeOld, anotherWriter }
})

const isInstance = Schema.is(Schema.NonEmptyString)

/**
 * The name of this writer in the guards. It is random and kept with the journal, so that a bot is
 * the same writer after a restart, and a copy with another journal is not.
 */
const instanceOf = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const known = (yield* journal.documents("instance")).find(({ body }) => isInstance(body))?.body
  if (isInstance(known)) return known
  const instance = yield* randomToken
  yield* noteInstance(journal, instance)
  return instance
})

const noteInstance = (journal: Journal["Service"], instance: string) =>
  journal.write([{ _tag: "DocumentPut", kind: "instance", key: "sheets", body: instance }])

/** The newest writes to the spreadsheet, newest first, as the journal has them. */
export const readIntents = (journal: Journal["Service"], spreadsheet: string) =>
  Effect.catchTag(journal.intents(spreadsheet, intentsRead), "JournalDamaged", (cause) =>
    Effect.fail(unreadable(spreadsheet, cause)),
  )

const unreadable = (spreadsheet: string, cause: unknown) =>
  new StorageUnavailable({ operation: `intents of ${spreadsheet}`, cause })

/** Makes the function that reads what a write said about itself when it was planned. */
export const aboutAs = <A, E>(schema: Schema.Codec<A, E>) => {
  const decode = Schema.decodeUnknownEffect(schema)
  return ({ intent: { kind, about } }: Applied) =>
    Effect.mapError(
      decode(about),
      (cause) => new StorageUnavailable({ operation: `intent of a ${kind}`, cause }),
    )
}
