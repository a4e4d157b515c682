/** The guarded writes of one spreadsheet, one after another; see Guard.ts for the contract. */
import { Clock, Effect, Option, Ref, Semaphore } from "effect"
import type { Alarms } from "../observe/Alarms.ts"
import type { Intent, Journal } from "../store/Journal.ts"
import type { BatchAnswer } from "./Answers.ts"
import type { Applied, GuardedWrite, Handlers, OnApplied } from "./Guard.ts"
import {
  type Chain,
  drafted,
  isStale,
  type Plan,
  withIntent,
  withoutGuards,
  withSettled,
} from "./GuardChain.ts"
import { makeSend, type Open, type Outcome } from "./GuardedSend.ts"
import { type GuardedBody, prunedBy } from "./GuardMark.ts"
import { makeChains, unsettled } from "./provenChain.ts"
import type { Urgency } from "./limiterState.ts"
import { randomToken } from "./randomToken.ts"
import type { SheetsClient } from "./SheetsClient.ts"

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
