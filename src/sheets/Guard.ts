/**
 * Writes to spreadsheets that take effect exactly once, whatever times out, crashes or lands late.
 *
 * Every write is journaled before a byte leaves and carries a guard, see GuardMark.ts. Writes of
 * one spreadsheet follow each other: the next begins when the one before is settled.
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
  isBusy,
  isOurs,
  isStale,
  marksOf,
  type Plan,
  prunedBy,
  pruneRequest,
  randomToken,
  withIntent,
  withoutGuards,
  withSettled,
} from "./GuardChain.ts"
import { makeSend, type Open, type Outcome } from "./GuardedSend.ts"
import type { Urgency } from "./RateLimiter.ts"
import { type BatchAnswer, SheetsClient } from "./SheetsClient.ts"
import { SheetsError } from "./SheetsError.ts"

export interface GuardedWrite<E> {
  readonly spreadsheet: string
  readonly kind: Intent["kind"]
  readonly urgency: Urgency
  /**
   * Made when all earlier writes are settled; none: there is nothing to write. It must not
   * write by itself: that would wait for its own end.
   */
  readonly plan: (token: string) => Effect.Effect<Option.Option<Plan>, E>
}

/** A write that took effect; no answer where it was lost on the way. */
export interface Applied {
  readonly intent: Intent
  readonly answer: Option.Option<BatchAnswer>
}

/** What is done about a write that took effect. Idempotent: it may run again after a crash. */
export type OnApplied<A> = (applied: Applied) => Effect.Effect<A, SheetsError | StorageUnavailable>

export type Handlers = { readonly [Kind in Intent["kind"]]?: OnApplied<unknown> }

export class Guard extends Context.Service<
  Guard,
  {
    /**
     * Settles what is open, then writes, then runs `onApplied`, and only then calls the write
     * settled. Interrupted at any point, the next write of the spreadsheet finishes it. Fails
     * with the reason when the write was certainly not applied, and waits as long as that is
     * unclear.
     */
    write<A, E>(
      request: GuardedWrite<E>,
      onApplied: OnApplied<A>,
    ): Effect.Effect<Option.Option<A>, E | SheetsError | StorageUnavailable>
    /** Finishes what a former process left open, and tells how for as long as this one runs. */
    recover(
      spreadsheet: string,
      handlers: Handlers,
    ): Effect.Effect<void, SheetsError | StorageUnavailable>
  }
>()("account-bot/sheets/Guard") {
  static readonly layer = Layer.effect(
    Guard,
    Effect.gen(function* () {
      const client = yield* SheetsClient
      const journal = yield* Journal
      const alarms = yield* Alarms
      const instance = yield* instanceOf(journal)
      type Lane = Effect.Success<ReturnType<typeof makeLane>>
      const lanes = yield* SynchronizedRef.make<ReadonlyMap<string, Lane>>(new Map())

      const laneOf = (spreadsheet: string) =>
        SynchronizedRef.modifyEffect(lanes, (before) => {
          const known = before.get(spreadsheet)
          if (known !== undefined) return Effect.succeed([known, before] as const)
          return Effect.map(
            makeLane(spreadsheet, { client, journal, alarms, instance }),
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
  )
}

const isName = Schema.is(Schema.NonEmptyString)

/** Random, and kept with the journal: a restart is the same writer, a copy elsewhere is not. */
const instanceOf = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const known = (yield* journal.documents("instance")).find(({ body }) => isName(body))?.body
  if (isName(known)) return known
  const instance = yield* randomToken
  yield* journal.write([{ _tag: "DocumentPut", kind: "instance", key: "sheets", body: instance }])
  return instance
})

/* The guarded writes of one spreadsheet, one after another; see Guard.ts for the contract. */

export interface LaneServices {
  readonly client: SheetsClient["Service"]
  readonly journal: Journal["Service"]
  readonly alarms: Alarms["Service"]
  /** Who we are in the guards. */
  readonly instance: string
}

interface OpenWrite extends Open {
  /** Of the caller; a former process's write is finished by the handler of its kind. */
  readonly onApplied: OnApplied<unknown> | undefined
}

interface State {
  /** None: not read yet, or no longer certain what the journal holds. */
  readonly chain: Option.Option<Chain>
  readonly open: ReadonlyArray<OpenWrite>
}

const unread: State = { chain: Option.none(), open: [] }

export const makeLane = Effect.fnUntraced(function* (spreadsheet: string, services: LaneServices) {
  const { client, journal, alarms, instance } = services
  const turn = yield* Semaphore.make(1)
  const state = yield* Ref.make(unread)
  const handlers = yield* Ref.make<Handlers>({})
  const stopped = yield* Ref.make(false)

  const chains = makeChains(spreadsheet, services)
  const { anotherWriter } = chains

  const load = Effect.fnUntraced(function* (urgency: Urgency) {
    const { chain, open, stolen, now } = yield* chains.read(urgency)
    yield* Effect.forEach(stolen, (intent) => settled(intent, "void"), { discard: true })
    // They may have been on their way when the former process ended.
    const writes = yield* Effect.forEach(open, ({ intent, body }) =>
      makeOpen(intent, body, now, undefined),
    )
    yield* Ref.set(state, { chain: Option.some(chain), open: writes })
  })

  const changeChain = (change: (chain: Chain) => Chain) =>
    Ref.update(state, (before) => ({ ...before, chain: Option.map(before.chain, change) }))

  /** After a while without proof somebody else may be writing. */
  const prove = Effect.fnUntraced(function* (urgency: Urgency) {
    const { chain } = yield* Ref.get(state)
    if (Option.isNone(chain) || !isStale(chain.value, yield* Clock.currentTimeMillis)) return
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

  const send = makeSend({ client, alarms, instance, prove, makeRoom })

  /** Proves that the chain is ours alone and settles what is open. */
  const ready = Effect.fnUntraced(function* (urgency: Urgency) {
    if (yield* Ref.get(stopped)) return yield* anotherWriter
    if (Option.isNone((yield* Ref.get(state)).chain)) yield* load(urgency)
    else yield* prove(urgency)
    for (const open of (yield* Ref.get(state)).open) {
      const onApplied = open.onApplied ?? (yield* Ref.get(handlers))[open.intent.kind]
      if (onApplied === undefined) return yield* unsettled(spreadsheet)
      const end = yield* complete(open, onApplied, urgency)
      if (end._tag === "Void") yield* Effect.logWarning("a write was given up", end.error.message)
    }
  })

  /** Runs a write to its end. A number lost to a stranger stops the lane. */
  const complete = Effect.fnUntraced(function* <A>(
    open: OpenWrite,
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

  const close = Effect.fnUntraced(function* (open: OpenWrite, outcome: Outcome) {
    const applied = outcome._tag === "Applied"
    yield* settled(open.intent, applied ? "applied" : "void")
    const now = yield* Clock.currentTimeMillis
    const { seq } = open.intent
    const stands = applied || outcome.burnt
    // Refused or not, a guard is asked to go once: one that is missing would be refused for ever.
    const pruned = stands ? prunedBy(open.body) : []
    yield* Ref.update(state, (before) => ({
      open: before.open.filter((one) => one.intent.seq !== seq),
      chain: Option.map(before.chain, (chain) => withSettled(chain, seq, now, stands, pruned)),
    }))
  }, Effect.uninterruptible)

  /** Into the journal and into memory, both or neither. */
  const opened = Effect.fnUntraced(function* ({ kind, token, plan, onApplied }: Planned) {
    const { chain } = yield* Ref.get(state)
    if (Option.isNone(chain)) return yield* unsettled(spreadsheet)
    const now = yield* Clock.currentTimeMillis
    const { intent, body } = drafted(chain.value, { spreadsheet, kind, token, plan, instance }, now)
    // After a refusal nobody knows what the disk holds: it is read again before the next write.
    yield* Effect.onError(journal.write([{ _tag: "IntentOpened", intent }]), () =>
      Ref.set(state, unread),
    )
    const open = yield* makeOpen(intent, body, null, onApplied)
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
      const open = yield* opened({ kind, token, plan: plan.value, onApplied })
      const end = yield* complete(open, onApplied, urgency)
      return end._tag === "Void" ? yield* end.error : Option.some(end.value)
    }).pipe(Semaphore.withPermit(turn))

  const recover = Effect.fnUntraced(function* (given: Handlers) {
    yield* Ref.set(handlers, given)
    yield* turn.withPermit(ready("background"))
  })

  return { write, recover }
})

interface Planned {
  readonly kind: Intent["kind"]
  readonly token: string
  readonly plan: Plan
  readonly onApplied: (applied: Applied) => ReturnType<OnApplied<unknown>>
}

const makeOpen = Effect.fnUntraced(function* (
  intent: Intent,
  body: GuardedBody,
  unsureAt: number | null,
  onApplied: OnApplied<unknown> | undefined,
) {
  const open: OpenWrite = {
    intent,
    body,
    onApplied,
    unsureAt: yield* Ref.make(unsureAt),
    answer: yield* Ref.make(Option.none<BatchAnswer>()),
  }
  return open
})

/* The chain of guards of a spreadsheet out of the journal and the sheet, if it is ours alone. */

export const unsettled = (spreadsheet: string) =>
  new SheetsError({ method: "guard", spreadsheet, reason: { _tag: "Unsettled" } })

export const makeChains = (
  spreadsheet: string,
  { client, journal, alarms, instance }: LaneServices,
) => {
  const anotherWriter = Effect.andThen(
    alarms.raise({ _tag: "AnotherWriter", spreadsheet }),
    Effect.fail(
      new SheetsError({ method: "guard", spreadsheet, reason: { _tag: "AnotherWriter" } }),
    ),
  )

  const marks = (urgency: Urgency) =>
    Effect.map(client.searchMetadata(spreadsheet, guardKey, urgency), marksOf)

  const unreadable = (cause: unknown) =>
    new StorageUnavailable({ operation: `intents of ${spreadsheet}`, cause })

  /** At the start, or when it is not certain what the journal holds. */
  const read = Effect.fnUntraced(function* (urgency: Urgency) {
    const intents = yield* Effect.catchTag(
      journal.intents(spreadsheet, intentsRead),
      "JournalDamaged",
      (cause) => Effect.fail(unreadable(cause)),
    )
    const found = yield* marks(urgency)
    const now = yield* Clock.currentTimeMillis
    if (isBusy(found, instance, now)) return yield* anotherWriter
    yield* alarms.clear({ _tag: "AnotherWriter", spreadsheet })
    const tokens = new Map(found.map(({ seq, token }) => [seq, token]))
    const isStolen = ({ seq, token }: (typeof intents)[number]) =>
      (tokens.get(seq) ?? token) !== token
    const open = intents.filter(({ state }) => state === "open").toReversed()
    return {
      now,
      chain: chainOf(intents, found, now),
      /** Under a number that a stranger used, a write was not applied and never will be. */
      stolen: open.filter(isStolen),
      open: yield* Effect.forEach(
        open.filter((intent) => !isStolen(intent)),
        (intent) =>
          Effect.fromResult(
            Result.mapBoth(decodeBody(intent), {
              onSuccess: (body) => ({ intent, body }),
              onFailure: unreadable,
            }),
          ),
      ),
    }
  })

  /** Answers when it was proven. */
  const prove = Effect.fnUntraced(function* (chain: Chain, urgency: Urgency) {
    if (!isOurs(chain, yield* marks(urgency), instance)) return yield* anotherWriter
    return yield* Clock.currentTimeMillis
  })

  /** Removes old guards by themselves: repeatable, so it needs no guard. Answers which. */
  const removeOld = Effect.fnUntraced(function* (chain: Chain, urgency: Urgency) {
    const found = yield* marks(urgency)
    const old = dispensable(chain, found, yield* Clock.currentTimeMillis)
    if (old.length === 0) return old
    const body = { requests: old.map(pruneRequest) }
    yield* client.batchUpdate(spreadsheet, body, { fields: "replies", urgency })
    return old
  })

  return { read, prove, removeOld, anotherWriter }
}
