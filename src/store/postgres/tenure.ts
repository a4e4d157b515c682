/**
 * Proves that the bot is still this process's before it says or does something outside.
 *
 * A process that was stopped for a while, or cut off from Postgres, does not know by itself that
 * another one has taken the bot over. A proof is a commit, or a look at the row of the owner, and it
 * counts from the moment at which it was asked for. It lasts for a second by either clock: the one on
 * the wall goes on while the process stands still, and the other one cannot be set. Whoever takes a
 * bot over waits for as long before it says anything, so that no two owners speak at the same time.
 */
import type * as PgPool from "@effect/sql-pg/PgPool"
import { Clock, Duration, Effect, PubSub, Schedule, Semaphore } from "effect"
import { ownerLook, ownerLookPatience, ownerProven } from "../../config/Limits.ts"
import { bothTimes, type Times } from "../../observe/elapsed.ts"
import { Disowned, type StorageUnavailable } from "../Journal.ts"
import { never, Ownership } from "../Ownership.ts"
import { listening } from "./listening.ts"
import { lookAtOwner, ownerChannel } from "./postgresTables.ts"
import { within } from "./within.ts"

const kept = Duration.toMillis(ownerProven)

/** Keeps the last proof. */
export const makeProofs = Effect.map(Clock.Clock, (clock) => {
  let last: Times | undefined
  return {
    /** Both times by the clocks of this machine, whatever time its callers are told. */
    times: Effect.provideService(bothTimes, Clock.Clock, clock),
    /** The bot was this process's at that moment or later. */
    note: (asked: Times) => {
      if (last === undefined || asked.gone > last.gone) last = asked
    },
    /** Whether that is known of a moment ago. */
    isLate: ({ wall, gone }: Times) =>
      last !== undefined && gone - last.gone <= kept && Math.abs(wall - last.wall) <= kept,
    /** Whether it is known of that moment or a later one. */
    isSince: ({ gone }: Times) => last !== undefined && last.gone >= gone,
  }
})

/** The bot as this process has it; see PostgresJournal.ts. */
export interface Owning {
  readonly bot: string
  readonly holder: string
  readonly proofs: Effect.Success<typeof makeProofs>
  /** Another process may have worked with it a moment before. */
  readonly wasAnothers: boolean
  readonly isDisowned: () => boolean
  readonly disown: () => StorageUnavailable
}

/** The bots that change hands; `undefined` where any may have, unheard. */
export type OwnerNotices = PubSub.PubSub<string | undefined>

/** Listens as long as the scope is open. */
export const makeOwnerNotices = Effect.fnUntraced(function* (listener: PgPool.PgPool) {
  const notices: OwnerNotices = yield* PubSub.unbounded<string | undefined>()
  // `undefined` when it begins to listen: any bot may have changed hands before, unheard.
  const tell = (bot: string | undefined) => PubSub.publish(notices, bot)
  yield* Effect.forkScoped(
    listening(listener, ownerChannel, {
      begun: tell(undefined),
      told: tell,
      pause: ownerLookPatience,
    }),
  )
  return notices
})

/**
 * Makes the proofs, and has this process learn by itself when it loses the bot: by a notice of
 * whoever takes it over, and by a look from time to time, which is also its sign of life. It looks
 * where it commits: there it waits for no long reading, and a commit that it waits for is a proof.
 */
export const makeTenure = Effect.fnUntraced(function* (
  writer: PgPool.PgPool,
  notices: OwnerNotices,
  { bot, holder, proofs, wasAnothers, isDisowned, disown }: Owning,
) {
  const { lose } = yield* Ownership
  const turn = yield* Semaphore.make(1)
  const takenAt = yield* proofs.times
  let isAway = false

  const look = Effect.gen(function* () {
    const asked = yield* proofs.times
    const { sql, values } = lookAtOwner(bot, holder)
    const { rows } = yield* writer
      .use((connection) => connection.query(sql, values))
      .pipe(within(ownerLookPatience))
    if (rows[0]?.["held"] === 1) return proofs.note(asked)
    const { cause } = disown()
    if (cause instanceof Disowned) yield* lose(cause)
  })

  const went = Effect.suspend(() => {
    if (isAway) return Effect.void
    isAway = true
    return Effect.logWarning("Postgres does not answer: people are shown nothing until it does")
  })

  const cameBack = Effect.suspend(() => {
    if (!isAway) return Effect.void
    isAway = false
    return Effect.logInfo("Postgres answers again")
  })

  /** Until there is an answer: whoever may not own the bot any more tells nobody anything. */
  const ask = look.pipe(
    Effect.tapError(() => went),
    Effect.retry(Schedule.spaced("250 millis")),
    Effect.orDie,
    Effect.andThen(cameBack),
  )

  const proven = Effect.fnUntraced(function* (when: "lately" | "now") {
    const now = yield* proofs.times
    const left = wasAnothers ? takenAt.gone + kept - now.gone : 0
    if (left > 0) yield* Effect.sleep(left)
    if (!isDisowned() && when === "lately" && proofs.isLate(now)) return
    // Many may wait, and one look answers all who asked before it.
    yield* turn.withPermit(
      Effect.suspend(() => (isDisowned() || proofs.isSince(now) ? Effect.void : ask)),
    )
    if (isDisowned()) return yield* never
  })

  // Nothing depends on either: whoever is disowned finds it out before anything that matters.
  const heard = yield* PubSub.subscribe(notices)
  const lookWhenTold = Effect.flatMap(PubSub.take(heard), (about) =>
    about === undefined || about === bot ? Effect.ignore(look) : Effect.void,
  )
  // First for what happened before anybody listened.
  yield* Effect.ignore(look).pipe(Effect.andThen(Effect.forever(lookWhenTold)), Effect.forkScoped)
  yield* Effect.ignore(look).pipe(Effect.delay(ownerLook), Effect.forever, Effect.forkScoped)

  return { proven, wasAnothers }
})
