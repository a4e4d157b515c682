/**
 * Whether a refusal is the row's fault or its tab's. Pure.
 *
 * A tab that takes nothing at all is closed to the bot, and no row of it is to blame. A row is
 * to blame when its tab took others since it was refused first, or when it is the only one that
 * waits there while Google takes rows elsewhere.
 */
import { Duration } from "effect"
import { closedTabRest } from "../config/Limits.ts"
import type { IssuanceId } from "../domain/Issuance.ts"
import { hasFailed, nextTry, type RefusedRow } from "../pool/FailedRows.ts"

/** What the rounds remember of a tab. */
export interface TabMemory {
  /** The last round in which it took a row. */
  readonly tookIn: number
  /** The round since which rows that are not known for it are refused together. */
  readonly refusedFrom: number | null
  /** It takes nothing; it is sifted again at that time. */
  readonly closedUntil: number | null
}

export const unknownTab: TabMemory = { tookIn: -1, refusedFrom: null, closedUntil: null }

/** What one round found in one tab. */
export interface Outcome {
  readonly resource: string
  readonly kind: RefusedRow["kind"]
  readonly memory: TabMemory
  /** The rows of it that were refused by themselves, as they stood before the round. */
  readonly known: ReadonlyArray<RefusedRow>
  /** All that waited there. */
  readonly waiting: number
  /** Rows taken by it in this round. */
  readonly took: number
  /** One of them was refused by itself before. */
  readonly isMended: boolean
  readonly alone: ReadonlyArray<{ readonly id: IssuanceId; readonly message: string }>
  /** Something was refused … */
  readonly isRefused: boolean
  /** … namely the rows that were written together. */
  readonly isGroupRefused: boolean
}

/** What is known of all tabs together. */
export interface Surroundings {
  readonly now: number
  /** Number of the round. */
  readonly round: number
  /** The last round in which any tab took a row. */
  readonly tookIn: number
  /** All that waited in all tabs. */
  readonly waiting: number
}

export interface Verdict {
  readonly memory: TabMemory
  /** The rows refused by themselves in this round, as they stand now. */
  readonly refused: ReadonlyArray<RefusedRow>
  /** Something stood in the way of the others too, and may be gone. */
  readonly isDue: (row: RefusedRow) => boolean
  /** Google refuses, and no row that is known for it is the reason. */
  readonly isTrouble: boolean
}

export const verdictOn = (outcome: Outcome, around: Surroundings): Verdict => {
  const { now, round } = around
  const { took, alone, isMended, isRefused, isGroupRefused } = outcome
  const tookIn = took > 0 ? round : outcome.memory.tookIn
  const refusedFrom = isGroupRefused ? (outcome.memory.refusedFrom ?? round) : null
  const memory = { tookIn, refusedFrom }
  const refused = alone.map((one) => blamed(one, { ...outcome, memory }, around))
  const isClosed = took === 0 && refused.some((row) => row.attempts === attemptsOf(outcome, row.id))
  // Rows that are to blame for themselves say nothing against their tab.
  const isOpen = took > 0 || (refused.length > 0 && !isGroupRefused)
  const before = isOpen ? null : outcome.memory.closedUntil
  const closedUntil = isClosed ? now + Duration.toMillis(closedTabRest) : before
  const isExcused =
    took > 0 || (refused.length > 0 && refused.every((row) => row.beside || hasFailed(row)))
  return {
    memory: { ...memory, closedUntil },
    refused,
    isDue: (row) => isMended || (took > 0 && !row.beside),
    isTrouble: isRefused && (closedUntil !== null || !isExcused),
  }
}

const attemptsOf = ({ known }: Outcome, id: IssuanceId) =>
  known.find((row) => row.id === id)?.attempts ?? 0

type Found = Omit<Outcome, "memory"> & { readonly memory: Omit<TabMemory, "closedUntil"> }

const blamed = (
  { id, message }: Outcome["alone"][number],
  { resource, kind, known, waiting, memory }: Found,
  { now, round, ...around }: Surroundings,
): RefusedRow => {
  const before = known.find((row) => row.id === id)
  const { since = now, attempts: attemptsBefore = 0, beside = false } = before ?? {}
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
    nextAt: nextTry(attempts, now),
  }
}
