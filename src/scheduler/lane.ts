/** One issued tab in a round of the Flusher: what of it is written together, and what alone. Pure. */
import type { Resource } from "../domain/Catalogue.ts"
import type { Issuance } from "../domain/Issuance.ts"
import { atOnce, hasFailed, type RefusedRow } from "../pool/FailedRows.ts"
import type { TabMemory } from "./verdict.ts"

export interface Lane {
  readonly resource: Resource
  readonly memory: TabMemory
  /** The rows of it that were refused by themselves before. */
  readonly known: ReadonlyArray<RefusedRow>
  readonly waiting: ReadonlyArray<Issuance>
  /** Rows that were never refused by themselves. */
  readonly fresh: ReadonlyArray<Issuance>
  /** Those that were, and are tried again now: what somebody wishes for first. */
  readonly suspects: ReadonlyArray<Issuance>
  /** It took nothing at all when it was sifted. */
  readonly isClosed: boolean
  /** … and that was so lately that one write has to tell whether it still is. */
  readonly isResting: boolean
}

export const laneOf = (
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

/** The rows whose write tells whether a tab that took nothing takes something again. */
export const probeOf = ({ fresh, known, waiting, isResting }: Lane): ReadonlyArray<Issuance> =>
  fresh.length > 0 || !isResting
    ? fresh
    : issuancesOf(
        known.filter((row) => !hasFailed(row)),
        waiting,
      )

export const wishedIn = ({ known, waiting }: Lane): ReadonlyArray<Issuance> =>
  issuancesOf(
    known.filter(({ nextAt }) => nextAt === atOnce),
    waiting,
  )

const issuancesOf = (rows: ReadonlyArray<RefusedRow>, waiting: ReadonlyArray<Issuance>) =>
  rows.flatMap(({ id }) => waiting.find((issuance) => issuance.id === id) ?? [])
