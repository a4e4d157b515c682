/** What a round of the Flusher does about one tab, after the write of all tabs together. */
import { Effect, Result } from "effect"
import { flushRowsMax } from "../config/Limits.ts"
import type { Issuance, IssuanceId } from "../domain/Issuance.ts"
import type { RefusedRow } from "../pool/FailedRows.ts"
import type { RowToWrite } from "../sheets/Flush.ts"
import type { SheetsError, SheetsReason } from "../sheets/SheetsError.ts"
import type { TabUnusable } from "../sheets/Tabs.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import { type Lane, wishedIn } from "./lane.ts"
import { sift } from "./sift.ts"
import type { Outcome } from "./verdict.ts"

export type Failure = SheetsError | TabUnusable | StorageUnavailable

/** One kind of writing: what waits for it, and how some of that is written. */
export interface Work {
  readonly kind: RefusedRow["kind"]
  readonly waiting: (resource: string) => Effect.Effect<ReadonlyArray<Issuance>>
  readonly write: (rows: ReadonlyArray<RowToWrite>) => Effect.Effect<number, Failure>
}

/** Rows of the tab that are written together: what the round has done about them already. */
export interface Together {
  readonly rows: ReadonlyArray<Issuance>
  readonly took: number
  /** Just these rows were refused. */
  readonly refusal: Refusal | undefined
}

export interface Tended {
  readonly outcome: Outcome
  readonly refusal: Refusal | undefined
  /** What was in the way besides. */
  readonly failure: Failure | undefined
}

export interface Refusal extends SheetsError {
  readonly reason: Extract<SheetsReason, { readonly _tag: "Refused" }>
}

export const isRefusal = (failure: Failure): failure is Refusal =>
  failure._tag === "SheetsError" && failure.reason._tag === "Refused"

/** `spend`: whether one more write may look for rows at fault. */
export const tend = Effect.fnUntraced(function* (
  lane: Lane,
  work: Work,
  { rows, ...before }: Together,
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

  const outcome: Outcome = {
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
  const tended: Tended = {
    outcome,
    refusal,
    failure: Result.isFailure(end) ? end.failure : undefined,
  }
  return tended
})
