/**
 * The live stock of one resource; the rules themselves are in rules/.
 *
 *   base tab ──Load──▶ available ──Issue──▶ pending ──Confirm, timer──▶ buffer ──Written──▶ written
 *       │                  ▲                 │   ▲                        │                 │   ▲
 *       │                  └─timer, if ──────┘   └──────────Undo──────────┴─────────────────┤   │
 *       ▼                    nobody saw it                                          Correct │   │
 *   quarantine                                                                              ▼   │
 *     (duplicate, issued before, unreadable)                          correction ──Written──────┘
 *
 *   half-typed:  base tab ──Load──▶ returning ──Returned──▶ base tab
 *   of an earlier day, or released:  available ──BeginReturn, Release──▶ returning ──Returned──▶ base tab
 *   cleared:  available ──Clear──▶ trash ──Restore──▶ available | ──a day──▶ gone
 *   refused by Google:  buffer, correction ──Abandon──▶ abandoned ──Unabandon──▶ buffer, correction
 *                                                           └──a day──▶ gone
 *   of who left:  pending ──SetAside──▶ quarantine ──BringBack──▶ pending, within a day
 *                 pending ──Transfer──▶ pending, on another request
 *
 *   by admins:  quarantine ──LeaveQuarantine──▶ base tab | available | trash ──a day──▶ gone
 *               trash, available ──EnterQuarantine──▶ quarantine, within a day
 *
 *   delivery:  attempting ──▶ delivered | refused | unsure     refused ──DeliveryStarted──▶ attempting
 *              unsure ──▶ delivered                            attempting ──a start──▶ unsure
 *
 * A command is decided and takes effect in memory in one transaction over one reference, which
 * also appends its events to the outbox; so the outbox has the order of memory. One fiber
 * writes the outbox to the journal, all that waits at once. Whoever asked hears of the outcome
 * after that, be it a refusal or nothing new: either may rest on what was not durable yet. For
 * the same reason everything that is read is read from the durable state.
 *
 * When the journal refuses, memory is ahead of the disk by an unknown step. The pool closes,
 * everybody who waits is refused, and memory is read again from the journal until the journal
 * both gives and takes; then the pool opens.
 */
import { Duration, Effect, Option, Random, type Result } from "effect"
import { Settings } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import { dayOf } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import { keysKnown } from "../domain/identity.ts"
import { type Batch, type Issuance, IssuanceId, requestKeyOf } from "../domain/Issuance.ts"
import type { Item } from "../domain/Item.ts"
import { PoolEvent } from "../domain/PoolEvent.ts"
import { makeDeadlines } from "../observe/deadlines.ts"
import { bothTimes, type Times } from "../observe/elapsed.ts"
import {
  Journal,
  type JournalEvent,
  type StorageUnavailable,
  type Write,
} from "../store/Journal.ts"
import {
  type AdminCommand,
  type AdminRefusal,
  issuanceIn,
  type KeeperCommand,
  type PersonCommand,
  type Refusal,
  UnknownIssuance,
} from "./Contract.ts"
import { type Durable, type Fold, makeOutbox } from "./Outbox.ts"
import { decide, evolve } from "./rulebook.ts"
import { afterRestart } from "./rules/delivering.ts"
import { deadline } from "./rules/marking.ts"
import type { DecisionContext, Events } from "./rules/rule.ts"
import { decode, encode } from "./Snapshot.ts"
import { batchOf, empty, issuanceOf, issuancesWhere, pendingOf, type PoolState } from "./State.ts"

export interface Pool {
  readonly definition: Resource
  /**
   * Answers with the batch as it stands right after the command, when that is durable. `also` is
   * written in one transaction with the events that the command makes, if it makes any.
   */
  ask(
    command: PersonCommand,
    also?: ReadonlyArray<Write>,
  ): Effect.Effect<Batch, Refusal | StorageUnavailable>
  /** Answers with the state right after the command, when that is durable; `also` as for `ask`. */
  manage(
    command: AdminCommand,
    also?: ReadonlyArray<Write>,
  ): Effect.Effect<PoolState, AdminRefusal | StorageUnavailable>
  tell(command: KeeperCommand): Effect.Effect<void, StorageUnavailable>
  /** The newest state that is on disk: the only one that anybody may be shown. */
  readonly durable: Effect.Effect<PoolState>
  /** The same, with the `seq` in the journal that it stands at. */
  readonly standing: Effect.Effect<Durable<PoolState>>
  /** How long the holder may still mark the item, in milliseconds that go by. */
  timeLeft(issuance: Issuance): Effect.Effect<number>
  /** When the timer sets the status of the items itself, where they are shown from now on. */
  deadlineFromNow(ids: ReadonlyArray<IssuanceId>): Effect.Effect<number>
  /** How many items without a mark a person holds here, as of the newest decision. */
  pendingOf(by: TelegramId): number
  readonly snapshot: Effect.Effect<void, StorageUnavailable>
  readonly drain: Effect.Effect<void>
}

interface Options {
  /** Takes the events that have become durable, in order. */
  readonly publish: (events: Events) => Effect.Effect<void>
  /** `pendingOf` of all other pools together. */
  readonly pendingElsewhere: (by: TelegramId) => number
}

/** Restored from the journal; lives in the current scope, to be drained before that closes. */
export const makePool = Effect.fnUntraced(function* (definition: Resource, options: Options) {
  const journal = yield* Journal
  const { pendingLimit, autoConfirmTimeout, timezone } = yield* Settings
  const confirmAfterMs = Duration.toMillis(autoConfirmTimeout)
  const deadlines = makeMarkDeadlines(confirmAfterMs)
  const outbox = yield* makeOutbox({
    pool: definition.id,
    fold,
    publish: (events) =>
      Effect.andThen(
        Effect.map(bothTimes, (times) => deadlines.learn(events, times)),
        options.publish(events),
      ),
  })
  const unmarked = issuancesWhere(yield* outbox.durable, ({ mark }) => mark === null)
  const startedAt = yield* bothTimes
  for (const issuance of unmarked) deadlines.isOverdue(issuance, startedAt)

  /** Decides by the clock as it is now, with that many ids that are not in use. */
  const settle = <E>(
    idsNeeded: number,
    about: Partial<DecisionContext>,
    rule: (state: PoolState, context: DecisionContext) => Result.Result<Events, E>,
    also?: ReadonlyArray<Write>,
  ): Effect.Effect<PoolState, E | StorageUnavailable> =>
    Effect.flatMap(timesAndRandom, ({ times, random }) => {
      const contextIn = (state: PoolState): DecisionContext => ({
        definition,
        now: times.wall,
        timeLeft: (issuance) => deadlines.left(issuance, times),
        isOverdue: (issuance) => deadlines.isOverdue(issuance, times),
        today: dayOf(times.wall, timezone),
        newIds: drawIds(random, idsNeeded, toIssuanceId, (id) => isTaken(state, id)),
        knownKeys: noKeys,
        pendingLimit,
        pendingElsewhere: 0,
        confirmAfterMs,
        ...about,
      })
      return outbox.submit((state) => rule(state, contextIn(state)), also)
    })

  const ask = (command: PersonCommand, also?: ReadonlyArray<Write>) =>
    settle(
      idsNeeded(command),
      {},
      (state, context) =>
        decide(state, command, {
          ...context,
          // Only where it counts. Nothing comes between this and the decision, so the limit holds
          // for all pools together.
          pendingElsewhere:
            command._tag === "Issue" || command._tag === "Accept"
              ? options.pendingElsewhere(command.by)
              : 0,
        }),
      also,
    ).pipe(
      Effect.flatMap((after) =>
        Effect.fromOption(
          batchFor(after, command),
          () => new UnknownIssuance({ id: nameOf(command) }),
        ),
      ),
    )

  const issuedBefore = makeIssuedBefore(journal, definition)

  const manage = Effect.fnUntraced(function* (command: AdminCommand, also?: ReadonlyArray<Write>) {
    const knownKeys =
      command._tag === "LeaveQuarantine"
        ? yield* issuedBefore(command.rows.flatMap(({ item }) => item ?? []))
        : noKeys
    return yield* settle(
      command._tag === "Clear" ? 1 : 0,
      { knownKeys },
      (state, context) => decide(state, command, context),
      also,
    )
  })

  const tell = Effect.fnUntraced(function* (command: KeeperCommand) {
    const knownKeys = command._tag === "Load" ? yield* issuedBefore(command.items) : noKeys
    const after = yield* settle(0, { knownKeys }, (state, context) =>
      decide(state, command, context),
    )
    if (command._tag === "Expire") deadlines.tidy(after)
  })

  const { durable, standing, newest, snapshot, drain } = outbox
  const self: Pool = {
    definition,
    ask,
    manage,
    tell,
    durable,
    standing,
    deadlineFromNow: (ids) =>
      Effect.map(bothTimes, (now) => {
        const confirmAt = deadline({ definition, confirmAfterMs }, now.wall)
        for (const id of ids) deadlines.note(id, confirmAt, now)
        return confirmAt
      }),
    timeLeft: (issuance) => Effect.map(bothTimes, (now) => deadlines.left(issuance, now)),
    pendingOf: (by) => pendingOf(newest(), by),
    snapshot,
    drain,
  }
  return self
})

/** Gives a function that finds the keys of those items that were issued before, under whatever key. */
const makeIssuedBefore = (journal: Journal["Service"], definition: Resource) =>
  Effect.fnUntraced(function* (items: ReadonlyArray<Item>) {
    const known = items.map((item) => ({ item, keys: keysKnown(definition, item) }))
    const issued = yield* journal.issuedBefore(
      definition.id,
      known.flatMap(({ keys }) => keys),
    )
    return new Set(
      known.flatMap(({ item, keys }) => (keys.some((key) => issued.has(key)) ? [item.key] : [])),
    )
  })

/** Until when the holders may mark. */
const makeMarkDeadlines = (confirmAfterMs: number) => {
  const deadlines = makeDeadlines<IssuanceId>()

  /** Learns a deadline as soon as it is set. */
  const note = (id: IssuanceId, until: number, now: Times, longest = confirmAfterMs) =>
    deadlines.note({ id, until, longest }, now)

  const learn = (events: Events, now: Times) => {
    for (const event of events) {
      if (event._tag === "Extended") {
        note(event.id, event.confirmAt, now, event.confirmAt - event.at)
      } else if ("confirmAt" in event) {
        const ids = "ids" in event ? event.ids : [event.id]
        for (const id of ids) note(id, event.confirmAt, now)
      } else if ("request" in event) {
        for (const { id, confirmAt } of event.issuances) note(id, confirmAt, now)
      }
    }
  }

  const left = ({ id, confirmAt, issuedAt }: Issuance, now: Times) =>
    deadlines.left(
      { id, until: confirmAt, longest: Math.max(confirmAfterMs, confirmAt - issuedAt) },
      now,
    )

  const isOverdue = (issuance: Issuance, now: Times): boolean =>
    issuance.mark === null && left(issuance, now) <= 0

  /** Lets go of those that wait for no mark. */
  const tidy = (state: PoolState) => deadlines.keep((id) => issuanceOf(state, id)?.mark === null)

  return { note, learn, left, isOverdue, tidy }
}

/** How the events of a pool come to its state, and how the journal keeps that. */
export const fold: Fold<PoolState, PoolEvent> = {
  empty,
  evolve,
  afterRestart,
  encode,
  decode,
  isEvent: (event: JournalEvent): event is PoolEvent => event._tag in PoolEvent.cases,
}

/** What a decision takes from outside of the pool. */
const timesAndRandom = Effect.zipWith(bothTimes, Random.Random, (times, random) => ({
  times,
  random,
}))

const noKeys: ReadonlySet<string> = new Set()

const toIssuanceId = (text: string) => IssuanceId.make(text)

const isTaken = (state: PoolState, id: IssuanceId) =>
  issuanceOf(state, id) !== undefined ||
  state.trash.some((thrown) => thrown.id === id) ||
  state.aside.some(({ issuance }) => issuance.id === id)

const idsNeeded = (command: PersonCommand) => {
  if (command._tag === "Issue") return command.quantity
  return command._tag === "Replace" ? 1 : 0
}

const nameOf = (command: PersonCommand) =>
  command._tag === "Issue" ? requestKeyOf(command.message) : issuanceIn(command)

const batchFor = (state: PoolState, command: PersonCommand) => {
  if (command._tag === "Issue") return batchOf(state, requestKeyOf(command.message))
  const issuance = issuanceOf(state, issuanceIn(command))
  return issuance === undefined ? Option.none<Batch>() : batchOf(state, issuance.request)
}

/** Digits and letters, without the letters that are read as digits, and without U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** Ten random characters that a person can read out. */
const drawId = (random: Draws): string => {
  let text = ""
  while (text.length < 10) {
    text += alphabet.charAt(Math.floor(random.nextDoubleUnsafe() * alphabet.length))
  }
  return text
}

type Draws = typeof Random.Random.Service

/** That many different ids that are not taken. */
const drawIds = <Id>(
  random: Draws,
  count: number,
  make: (text: string) => Id,
  isIdTaken: (id: Id) => boolean,
): ReadonlyArray<Id> => {
  const ids = new Set<Id>()
  while (ids.size < count) {
    const id = make(drawId(random))
    if (!isIdTaken(id)) ids.add(id)
  }
  return [...ids]
}

/** That many different ids, of proxies or notes; the caller looks whether they are in use. */
export const freshIds = <Id>(count: number, make: (text: string) => Id) =>
  Effect.map(Random.Random, (random) => drawIds(random, count, make, () => false))
