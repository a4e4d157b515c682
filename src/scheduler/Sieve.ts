/**
 * Writes what waits for the issued tabs, and keeps a row that Google refuses from holding up the
 * others.
 *
 * All tabs go into one write. Google refuses a write as a whole, so after a refusal each tab is
 * written by itself, and one that is refused is sifted by halves. What is refused alone is tried
 * alone from then on, within a few writes a round. See verdict.ts for whose fault it is.
 */
import { Clock, Context, Effect, Layer, Ref, Result, Semaphore } from "effect"
import type { Resource } from "../domain/Catalogue.ts"
import { FailedRows, type RefusedRow } from "../pool/FailedRows.ts"
import { type Lane, laneOf, probeOf } from "./lane.ts"
import { type Failure, isRefusal, tend, type Tended, type Together, type Work } from "./tend.ts"
import { type Outcome, type TabMemory, unknownTab, type Verdict, verdictOn } from "./verdict.ts"

export class Sieve extends Context.Service<
  Sieve,
  {
    /**
     * Writes all that waits and can be written. `spend`: whether one more write may look for rows
     * at fault. Fails when Google refuses and no row is known for it, when a tab cannot be used,
     * and when there is no answer.
     */
    round(
      resources: ReadonlyArray<Resource>,
      work: Work,
      spend: Effect.Effect<boolean>,
    ): Effect.Effect<void, Failure>
    /** Rounds build on each other's findings: never two at once. */
    oneAtATime<A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
  }
>()("account-bot/scheduler/Sieve") {
  static readonly layer = Layer.effect(
    Sieve,
    Effect.gen(function* () {
      const failedRows = yield* FailedRows
      const turn = yield* Semaphore.make(1)
      const rounds = yield* Ref.make(0)
      const memories = yield* Ref.make<ReadonlyMap<string, TabMemory>>(new Map())

      /** Forgets the rows that do not wait any more; gives those that do. */
      const forget = Effect.fnUntraced(function* ({ id: resource }: Resource, work: Work) {
        const waiting = yield* work.waiting(resource)
        const ids = new Set(waiting.map(({ id }) => id))
        const isOwn = isOf(resource, work.kind)
        yield* failedRows.update((rows) => rows.filter((row) => !isOwn(row) || ids.has(row.id)))
        return waiting
      })

      const look = Effect.fnUntraced(function* (resource: Resource, work: Work) {
        const waiting = yield* forget(resource, work)
        const known = (yield* failedRows.refused).filter(isOf(resource.id, work.kind))
        const memory = (yield* Ref.get(memories)).get(nameOf(resource.id, work.kind)) ?? unknownTab
        return laneOf({ resource, waiting, known, memory }, yield* Clock.currentTimeMillis)
      })

      const learn = Effect.fnUntraced(function* (outcome: Outcome, verdict: Verdict) {
        const { resource, kind } = outcome
        const now = yield* Clock.currentTimeMillis
        yield* Ref.update(memories, (all) =>
          new Map(all).set(nameOf(resource, kind), verdict.memory),
        )
        yield* failedRows.update((rows) => learnt(rows, outcome, verdict, now))
      })

      /** Whose fault the refusals are shows when all tabs have had their turn. */
      const judge = Effect.fnUntraced(function* (
        tended: ReadonlyArray<Tended>,
        lanes: ReadonlyArray<Lane>,
      ) {
        const now = yield* Clock.currentTimeMillis
        const round = yield* Ref.updateAndGet(rounds, (count) => count + 1)
        const isTaking = tended.some(({ outcome }) => outcome.took > 0)
        const tookIn = isTaking ? round : Math.max(...lanes.map(({ memory }) => memory.tookIn))
        const waiting = lanes.reduce((sum, lane) => sum + lane.waiting.length, 0)
        const troubles: Array<Failure> = []
        for (const { outcome, refusal } of tended) {
          const verdict = verdictOn(outcome, { now, round, tookIn, waiting })
          yield* learn(outcome, verdict)
          if (verdict.isTrouble && refusal !== undefined) troubles.push(refusal)
        }
        return troubles
      })

      const round = Effect.fn("Sieve.round")(function* (
        resources: ReadonlyArray<Resource>,
        work: Work,
        spend: Effect.Effect<boolean>,
      ) {
        const lanes = yield* Effect.forEach(resources, (resource) => look(resource, work))
        const open = lanes.filter(({ isClosed, fresh }) => !isClosed && fresh.length > 0)
        const joint = yield* Effect.result(together(open, work))
        const failures: Array<Failure> = []
        if (Result.isFailure(joint) && !isRefusal(joint.failure)) failures.push(joint.failure)
        const tended: Array<Tended> = []
        for (const lane of lanes) {
          if (failures.some(endsRound)) break
          const isJoint = open.includes(lane)
          const left = isJoint
            ? yield* leftAfter(joint, lane, open.length, work)
            : { rows: probeOf(lane), took: 0, refusal: undefined }
          const one = yield* tend(lane, work, left, spend)
          tended.push(one)
          if (one.failure !== undefined) failures.push(one.failure)
        }
        const troubles = yield* judge(tended, lanes)
        yield* Effect.forEach(resources, (resource) => forget(resource, work), { discard: true })
        // A tab that cannot be used was told already; what ends the round is news.
        const [first] = [...failures.filter(endsRound), ...troubles, ...failures]
        if (first !== undefined) return yield* Effect.fail(first)
      })

      return Sieve.of({ round, oneAtATime: turn.withPermit })
    }),
  )
}

/** Until nothing of it waits, or nothing of it can be written. One write takes as much as it may. */
const together = Effect.fnUntraced(function* (lanes: ReadonlyArray<Lane>, work: Work) {
  const known = new Set(lanes.flatMap((lane) => lane.known.map(({ id }) => id)))
  while (true) {
    const rows = yield* Effect.forEach(lanes, ({ resource }) =>
      Effect.map(work.waiting(resource.id), (issuances) =>
        issuances.flatMap((issuance) => (known.has(issuance.id) ? [] : [{ resource, issuance }])),
      ),
    )
    if (rows.flat().length === 0 || (yield* work.write(rows.flat())) === 0) return
  }
})

/** What is to be done about a tab whose rows went into the write of all tabs. */
const leftAfter = Effect.fnUntraced(function* (
  joint: Result.Result<void, Failure>,
  lane: Lane,
  lanes: number,
  work: Work,
) {
  const waiting = new Set((yield* work.waiting(lane.resource.id)).map(({ id }) => id))
  const left = lane.fresh.filter(({ id }) => waiting.has(id))
  const refusal = Result.isFailure(joint) && isRefusal(joint.failure) ? joint.failure : undefined
  const part: Together = {
    rows: refusal === undefined ? [] : left,
    took: lane.fresh.length - left.length,
    refusal: lanes === 1 && left.length > 0 ? refusal : undefined,
  }
  return part
})

const learnt = (
  rows: ReadonlyArray<RefusedRow>,
  { resource, kind, known }: Outcome,
  { refused, isDue }: Verdict,
  now: number,
): ReadonlyArray<RefusedRow> => {
  const isOwn = isOf(resource, kind)
  const had = new Set(rows.filter(isOwn).map(({ id }) => id))
  const kept = rows.map((row) => {
    if (!isOwn(row)) return row
    const found = refused.find(({ id }) => id === row.id)
    if (found === undefined) return isDue(row) ? { ...row, nextAt: Math.min(row.nextAt, now) } : row
    // Somebody may have wished for it in the meantime: that is for the next round.
    const seen = known.find(({ id }) => id === row.id)
    return row.nextAt === seen?.nextAt ? found : { ...found, nextAt: row.nextAt }
  })
  return [...kept, ...refused.filter(({ id }) => !had.has(id))]
}

/** The next tab would fare the same. */
const endsRound = (failure: Failure) => failure._tag !== "TabUnusable"

const nameOf = (resource: string, kind: RefusedRow["kind"]) => `${kind} ${resource}`

const isOf = (resource: string, kind: RefusedRow["kind"]) => (row: RefusedRow) =>
  row.resource === resource && row.kind === kind
