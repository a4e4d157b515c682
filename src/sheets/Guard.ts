/**
 * Writes to spreadsheets that take effect exactly once, whatever times out, crashes or lands late.
 *
 * Every write is journaled before a byte leaves and carries a guard, see GuardMark.ts. Writes of
 * one spreadsheet follow each other: the next begins when the one before is settled.
 */
import { Context, Effect, Layer, Option, Schema, SynchronizedRef } from "effect"
import { Alarms } from "../observe/Alarms.ts"
import { type Intent, Journal, type StorageUnavailable } from "../store/Journal.ts"
import type { BatchAnswer } from "./Answers.ts"
import type { Plan } from "./GuardChain.ts"
import { makeLane } from "./GuardLane.ts"
import { randomToken } from "./randomToken.ts"
import type { Urgency } from "./limiterState.ts"
import { SheetsClient } from "./SheetsClient.ts"
import type { SheetsError } from "./SheetsError.ts"

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
