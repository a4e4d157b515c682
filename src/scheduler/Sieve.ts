/**
 * Writes what waits for the issued tabs, and keeps a row that Google refuses from holding up the
 * others.
 *
 * All tabs go into one write. Google refuses a write as a whole, so after a refusal each tab is
 * written by itself, and one that is refused is sifted by halves. A row that is refused alone is
 * tried alone from then on, within a few writes a round.
 *
 * A tab that takes nothing at all is closed to the bot, and no row of it is to blame. A row is to
 * blame when its tab took others since it was refused first, or when it is the only one that waits
 * there while Google takes rows elsewhere.
 */
import { Context, Duration, Effect, Layer, Ref, Result, Semaphore } from "effect"
import { closedTabRest, flushRowsMax } from "../config/Limits.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { Issuance, IssuanceId } from "../domain/Issuance.ts"
import { bothTimes, elapsed, type Times } from "../observe/elapsed.ts"
import { atOnce, FailedRows, hasFailed, nextTry, type RefusedRow } from "../pool/FailedRows.ts"
import type { RowToWrite } from "../sheets/Flush.ts"
import type { SheetsError, SheetsReason } from "../sheets/SheetsError.ts"
import type { TabFailure } from "../sheets/Tabs.ts"

/** One kind of writing: what waits for it, and how some of it is written. */
export interface Work {
  readonly kind: RefusedRow["kind"]
  readonly waiting: (resource: string) => Effect.Effect<ReadonlyArray<Issuance>>
  readonly write: (rows: ReadonlyArray<RowToWrite>) => Effect.Effect<number, TabFailure>
}

export class Sieve extends Context.Service<
  Sieve,
  {
    /**
     * Writes all that waits and can be written. `spend` tells whether one more write may be made to
     * find rows at fault. Fails when Google refuses and no row is known to be the reason, when a
     * tab cannot be used, and when there is no answer.
     */
    round(
      resources: ReadonlyArray<Resource>,
      work: Work,
      spend: Effect.Effect<boolean>,
    ): Effect.Effect<void, TabFailure>
    /**
     * Runs one at a time what uses rounds, since each round builds on what the one before found.
     */
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

      /** Forgets refused rows that do not wait any more; gives the rows that do. */
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
        return laneOf({ resource, waiting, known, memory }, yield* elapsed)
      })

      const learn = Effect.fnUntraced(function* (outcome: TabOutcome, verdict: Verdict) {
        const { resource, kind } = outcome
        const now = yield* elapsed
        yield* Ref.update(memories, (all) =>
          new Map(all).set(nameOf(resource, kind), verdict.memory),
        )
        yield* failedRows.update((rows) => refusedAfter(rows, outcome, verdict, now))
      })

      /** Finds whose fault the refusals are, when all tabs have had their turn. */
      const judge = Effect.fnUntraced(function* (
        tended: ReadonlyArray<TendedTab>,
        lanes: ReadonlyArray<Lane>,
      ) {
        const now = yield* bothTimes
        const round = yield* Ref.updateAndGet(rounds, (count) => count + 1)
        const isTaking = tended.some(({ outcome }) => outcome.took > 0)
        const tookIn = isTaking ? round : Math.max(...lanes.map(({ memory }) => memory.tookIn))
        const waiting = lanes.reduce((sum, lane) => sum + lane.waiting.length, 0)
        const troubles: Array<TabFailure> = []
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
        if (lanes.every(isIdle)) return
        const open = lanes.filter(({ isClosed, fresh }) => !isClosed && fresh.length > 0)
        const joint = yield* Effect.result(together(open, work))
        const failures: Array<TabFailure> = []
        if (Result.isFailure(joint) && !isRefusal(joint.failure)) failures.push(joint.failure)
        const tended: Array<TendedTab> = []
        for (const lane of lanes) {
          if (failures.some(endsRound)) break
          const isJoint = open.includes(lane)
          const left = isJoint
            ? yield* leftAfter(joint, lane, open.length, work)
            : { rows: probeOf(lane), took: 0, refusal: undefined }
          const one = yield* tendTab(lane, work, left, spend)
          tended.push(one)
          if (one.failure !== undefined) failures.push(one.failure)
        }
        const troubles = yield* judge(tended, lanes)
        yield* Effect.forEach(resources, (resource) => forget(resource, work), { discard: true })
        // Of a tab that cannot be used the admins know already, so what ends the round comes first.
        const [first] = [...failures.filter(endsRound), ...troubles, ...failures]
        if (first !== undefined) return yield* first
      })

      return Sieve.of({ round, oneAtATime: turn.withPermit })
    }),
  )
}

/**
 * Writes the rows of all open tabs together, until none waits or none can be written. One write
 * takes as many as it may have.
 */
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

/** The rows of a tab that are written together, and what the round has done about them already. */
interface JointWrite {
  readonly rows: ReadonlyArray<Issuance>
  readonly took: number
  /** The refusal of exactly these rows. */
  readonly refusal: Refusal | undefined
}

/** What is left to do about a tab whose rows went into the write of all tabs. */
const leftAfter = Effect.fnUntraced(function* (
  joint: Result.Result<void, TabFailure>,
  lane: Lane,
  lanes: number,
  work: Work,
) {
  const waiting = new Set((yield* work.waiting(lane.resource.id)).map(({ id }) => id))
  const left = lane.fresh.filter(({ id }) => waiting.has(id))
  const refusal = Result.isFailure(joint) && isRefusal(joint.failure) ? joint.failure : undefined
  const part: JointWrite = {
    rows: refusal === undefined ? [] : left,
    took: lane.fresh.length - left.length,
    refusal: lanes === 1 && left.length > 0 ? refusal : undefined,
  }
  return part
})

/** One issued tab in a round: which of its rows are written together, and which alone. */
interface Lane {
  readonly resource: Resource
  readonly memory: TabMemory
  /** The rows that were refused by themselves before. */
  readonly known: ReadonlyArray<RefusedRow>
  readonly waiting: ReadonlyArray<Issuance>
  /** The waiting rows that were never refused by themselves. */
  readonly fresh: ReadonlyArray<Issuance>
  /** Those that were, and are tried again now; what somebody wishes for comes first. */
  readonly suspects: ReadonlyArray<Issuance>
  /** The tab took nothing at all when it was sifted. */
  readonly isClosed: boolean
  /** It is closed since so lately that only one write tries whether it still is. */
  readonly isResting: boolean
}

const laneOf = (
  about: Pick<Lane, "resource" | "memory" | "known" | "waiting">,
  now: number,
): Lane => {
  const { known, memory, waiting } = about
  const ids = new Set(known.map(({ id }) => id))
  const due = known.filter(({ nextAt }) => nextAt <= now).toSorted((a, b) => a.nextAt - b.nextAt)
  return {
    ...about,
    fresh: waiting.filter(({ id }) => !ids.has(id)),
    suspects: issuancesOf(due, waiting),
    isClosed: memory.closedUntil !== null,
    isResting: memory.closedUntil !== null && now < memory.closedUntil,
  }
}

/** Whether a round has nothing to write here, and nothing to learn from that. */
const isIdle = ({ waiting, memory }: Lane) => waiting.length === 0 && memory.refusedFrom === null

/** The rows whose write tells whether a closed tab takes something again. */
const probeOf = ({ fresh, known, waiting, isResting }: Lane): ReadonlyArray<Issuance> =>
  fresh.length > 0 || !isResting
    ? fresh
    : issuancesOf(
        known.filter((row) => !hasFailed(row)),
        waiting,
      )

/** The rows that somebody wishes to be tried at once. */
const wishedIn = ({ known, waiting }: Lane): ReadonlyArray<Issuance> =>
  issuancesOf(
    known.filter(({ nextAt }) => nextAt === atOnce),
    waiting,
  )

const issuancesOf = (rows: ReadonlyArray<RefusedRow>, waiting: ReadonlyArray<Issuance>) =>
  rows.flatMap(({ id }) => waiting.find((issuance) => issuance.id === id) ?? [])

/** What became of one tab in a round. */
interface TendedTab {
  readonly outcome: TabOutcome
  readonly refusal: Refusal | undefined
  /** What else stood in the way. */
  readonly failure: TabFailure | undefined
}

/** Does what a round does about one tab, after the write of all tabs together. */
const tendTab = Effect.fnUntraced(function* (
  lane: Lane,
  work: Work,
  { rows, ...before }: JointWrite,
  spend: Effect.Effect<boolean>,
) {
  const { resource, known } = lane
  let { took, refusal } = before
  let isMended = false
  let isGroupRefused = before.refusal !== undefined
  const alone: Array<Issuance> = []
  const messages = new Map<IssuanceId, string>()
  const isKnown = ({ id }: Issuance) => known.some((row) => row.id === id)

  const write = (issuances: ReadonlyArray<Issuance>) =>
    work.write(issuances.map((issuance) => ({ resource, issuance }))).pipe(
      Effect.map((count) => {
        took += count
        isMended ||= count > 0 && issuances.some(isKnown)
        return true
      }),
      Effect.catchIf(isRefusal, (error) => {
        refusal = error
        for (const { id } of issuances) messages.set(id, error.reason.message)
        return Effect.succeed(false)
      }),
    )

  const all = Effect.gen(function* () {
    const some = rows.slice(0, flushRowsMax)
    for (const { id } of some) messages.set(id, before.refusal?.reason.message ?? "")
    const isTaken = before.refusal === undefined && (some.length === 0 || (yield* write(some)))
    isGroupRefused = !isTaken
    if (!isTaken && !lane.isResting) {
      alone.push(...(some.length === 1 ? some : yield* sift(some, { write, spend })))
    }
    const suspects = isTaken || !lane.isResting ? lane.suspects : wishedIn(lane)
    for (const suspect of suspects.filter((each) => !rows.includes(each))) {
      if (!(yield* spend)) break
      if (!(yield* write([suspect]))) alone.push(suspect)
    }
  })
  const end = yield* Effect.result(all)

  const outcome: TabOutcome = {
    resource: resource.id,
    kind: work.kind,
    memory: lane.memory,
    known,
    waiting: lane.waiting.length,
    took,
    isMended,
    alone: alone.map(({ id }) => ({ id, message: messages.get(id) ?? "" })),
    isRefused: refusal !== undefined,
    isGroupRefused,
  }
  const tended: TendedTab = {
    outcome,
    refusal,
    failure: Result.isFailure(end) ? end.failure : undefined,
  }
  return tended
})

interface Refusal extends SheetsError {
  readonly reason: Extract<SheetsReason, { readonly _tag: "Refused" }>
}

const isRefusal = (failure: TabFailure): failure is Refusal =>
  failure._tag === "SheetsError" && failure.reason._tag === "Refused"

interface Trials<Row, E> {
  /** Writes the rows; answers whether they were taken. */
  readonly write: (rows: ReadonlyArray<Row>) => Effect.Effect<boolean, E>
  /** Answers whether one more write may be made. */
  readonly spend: Effect.Effect<boolean>
}

/**
 * Finds the rows at fault among rows that were refused together, by halves. It writes what can be
 * written, as far as the writes go, and gives the rows that were refused by themselves.
 */
export const sift = Effect.fnUntraced(function* <Row, E>(
  rows: ReadonlyArray<Row>,
  { write, spend }: Trials<Row, E>,
) {
  const alone: Array<Row> = []
  const parts: Array<Part<Row>> = [{ rows, isRefused: true, isFirstHalf: false }]
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const [row] = part.rows
    if (part.isRefused && part.rows.length > 1) {
      const middle = Math.ceil(part.rows.length / 2)
      parts.push(
        { rows: part.rows.slice(middle), isRefused: false, isFirstHalf: false },
        { rows: part.rows.slice(0, middle), isRefused: false, isFirstHalf: true },
      )
    } else if (row !== undefined) {
      if (!(yield* spend)) break
      if (!(yield* write(part.rows))) {
        if (part.rows.length === 1) alone.push(row)
        else parts.push({ ...part, isRefused: true, isFirstHalf: false })
      } else if (part.isFirstHalf) {
        const other = parts.pop()
        if (other !== undefined) parts.push({ ...other, isRefused: true })
      }
    }
  }
  return alone
})

/** Some of the rows that are sifted. */
interface Part<Row> {
  readonly rows: ReadonlyArray<Row>
  /** All of its rows together were refused, or must be, since the other half was taken. */
  readonly isRefused: boolean
  /** The other half lies below it on the stack. */
  readonly isFirstHalf: boolean
}

/** What the rounds remember of a tab. */
interface TabMemory {
  /** The last round in which the tab took a row. */
  readonly tookIn: number
  /** The round since which rows that were never refused by themselves are refused together. */
  readonly refusedFrom: number | null
  /** The tab takes nothing, and is sifted again at that time; see observe/elapsed.ts. */
  readonly closedUntil: number | null
}

export const unknownTab: TabMemory = { tookIn: -1, refusedFrom: null, closedUntil: null }

/** What one round found in one tab. */
export interface TabOutcome {
  readonly resource: string
  readonly kind: RefusedRow["kind"]
  readonly memory: TabMemory
  /** The rows that were refused by themselves, as they were before the round. */
  readonly known: ReadonlyArray<RefusedRow>
  /** How many rows waited. */
  readonly waiting: number
  /** How many rows the tab took in this round. */
  readonly took: number
  /** One of these had been refused by itself before. */
  readonly isMended: boolean
  /** The rows that were refused by themselves in this round. */
  readonly alone: ReadonlyArray<{ readonly id: IssuanceId; readonly message: string }>
  /** Something was refused. */
  readonly isRefused: boolean
  /** The rows that were written together were refused. */
  readonly isGroupRefused: boolean
}

/** What is known of all tabs together. */
interface Surroundings {
  readonly now: Times
  /** The number of the round. */
  readonly round: number
  /** The last round in which any tab took a row. */
  readonly tookIn: number
  /** How many rows waited in all tabs. */
  readonly waiting: number
}

/** Whose fault the refusals of a tab are. */
interface Verdict {
  readonly memory: TabMemory
  /** The rows that were refused by themselves in this round, as they are now. */
  readonly refused: ReadonlyArray<RefusedRow>
  /** Whether a row that was refused before is tried again: what stood in its way may be gone. */
  readonly isDue: (row: RefusedRow) => boolean
  /** Google refuses, and no row is known to be the reason. */
  readonly isTrouble: boolean
}

export const verdictOn = (outcome: TabOutcome, around: Surroundings): Verdict => {
  const { now, round } = around
  const { took, alone, isMended, isRefused, isGroupRefused } = outcome
  const tookIn = took > 0 ? round : outcome.memory.tookIn
  const refusedFrom = isGroupRefused ? (outcome.memory.refusedFrom ?? round) : null
  const memory = { tookIn, refusedFrom }
  const refused = alone.map((one) => blamed(one, { ...outcome, memory }, around))
  const isClosed = took === 0 && refused.some((row) => row.attempts === attemptsOf(outcome, row.id))
  // If rows are to blame, their refusal says nothing against their tab.
  const isOpen = took > 0 || (refused.length > 0 && !isGroupRefused)
  const before = isOpen ? null : outcome.memory.closedUntil
  const closedUntil = isClosed ? now.gone + Duration.toMillis(closedTabRest) : before
  const isExcused =
    took > 0 || (refused.length > 0 && refused.every((row) => row.beside || hasFailed(row)))
  return {
    memory: { ...memory, closedUntil },
    refused,
    isDue: (row) => isMended || (took > 0 && !row.beside),
    isTrouble: isRefused && (closedUntil !== null || !isExcused),
  }
}

const attemptsOf = ({ known }: TabOutcome, id: IssuanceId) =>
  known.find((row) => row.id === id)?.attempts ?? 0

/** A row that was refused by itself, with whether it is to blame. */
const blamed = (
  { id, message }: TabOutcome["alone"][number],
  {
    resource,
    kind,
    known,
    waiting,
    memory,
  }: Omit<TabOutcome, "memory"> & { readonly memory: Omit<TabMemory, "closedUntil"> },
  { now, round, ...around }: Surroundings,
): RefusedRow => {
  const before = known.find((row) => row.id === id)
  const { since = now.wall, attempts: attemptsBefore = 0, beside = false } = before ?? {}
  const firstIn = before?.firstIn ?? memory.refusedFrom ?? round
  const isBeside = memory.tookIn >= firstIn
  const isLonely = waiting === 1 && (around.waiting === 1 || around.tookIn >= firstIn)
  const attempts = attemptsBefore + (isBeside || isLonely ? 1 : 0)
  return {
    resource,
    id,
    kind,
    since,
    firstIn,
    attempts,
    beside: beside || isBeside,
    message,
    nextAt: nextTry(attempts, now.gone),
  }
}

/** The refused rows of all tabs, after what a round found in one of them. */
const refusedAfter = (
  rows: ReadonlyArray<RefusedRow>,
  { resource, kind, known }: TabOutcome,
  { refused, isDue }: Verdict,
  now: number,
): ReadonlyArray<RefusedRow> => {
  const isOwn = isOf(resource, kind)
  const had = new Set(rows.filter(isOwn).map(({ id }) => id))
  const kept = rows.map((row) => {
    if (!isOwn(row)) return row
    const found = refused.find(({ id }) => id === row.id)
    if (found === undefined) return isDue(row) ? { ...row, nextAt: Math.min(row.nextAt, now) } : row
    // If somebody wished for the row during the round, the next round tries it.
    const seen = known.find(({ id }) => id === row.id)
    return row.nextAt === seen?.nextAt ? found : { ...found, nextAt: row.nextAt }
  })
  return [...kept, ...refused.filter(({ id }) => !had.has(id))]
}

/** Whether the other tabs would fare the same, so that the round ends. */
const endsRound = (failure: TabFailure) => failure._tag !== "TabUnusable"

const nameOf = (resource: string, kind: RefusedRow["kind"]) => `${kind} ${resource}`

const isOf = (resource: string, kind: RefusedRow["kind"]) => (row: RefusedRow) =>
  row.resource === resource && row.kind === kind
