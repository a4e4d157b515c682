/**
 * Rows that Google refuses even when they are written by themselves, with what it says.
 *
 * They are kept in memory only: the rows themselves wait in the journal, and after a restart the
 * Flusher learns again within minutes which of them Google does not take.
 */
import { Context, Duration, Effect, Latch, Layer, Ref } from "effect"
import { failedRetryFirst, failedRetryMax, refusalsMax } from "../config/Limits.ts"
import type { IssuanceId } from "../domain/Issuance.ts"

export interface RefusedRow {
  readonly resource: string
  readonly id: IssuanceId
  /** A row that is not in the sheet yet, or one whose status changed. */
  readonly kind: "new" | "correction"
  /** When Google refused it by itself for the first time. */
  readonly since: number
  /** The round of the Flusher in which it was refused first, be it among others. */
  readonly firstIn: number
  /** How often it was refused since, where that can be blamed on the row and not on its tab. */
  readonly attempts: number
  /** Whether the tab took other rows meanwhile; otherwise it was blamed for being the only one. */
  readonly beside: boolean
  /** What Google says, without anything that stands in a cell. */
  readonly message: string
  /** When it is tried next; see observe/elapsed.ts. */
  readonly nextAt: number
}

export class FailedRows extends Context.Service<
  FailedRows,
  {
    /** All rows that were refused by themselves and not written since, failed or not yet. */
    readonly refused: Effect.Effect<ReadonlyArray<RefusedRow>>
    /** Rows refused so often that they are tried by themselves only and seldom, longest first. */
    readonly failed: Effect.Effect<ReadonlyArray<RefusedRow>>
    /** Notes what a round of the Flusher found. */
    update(
      change: (rows: ReadonlyArray<RefusedRow>) => ReadonlyArray<RefusedRow>,
    ): Effect.Effect<void>
    /** Has them tried at once; also for what has just been given back to the Flusher. */
    retry(ids: ReadonlyArray<IssuanceId>): Effect.Effect<void>
    /** Waits for the next such wish. */
    readonly wished: Effect.Effect<void>
  }
>()("account-bot/pool/FailedRows") {
  static readonly layer = Layer.effect(
    FailedRows,
    Effect.gen(function* () {
      const rows = yield* Ref.make<ReadonlyArray<RefusedRow>>([])
      const wish = yield* Latch.make()

      const retry = Effect.fn("FailedRows.retry")(function* (ids: ReadonlyArray<IssuanceId>) {
        const wanted = new Set(ids)
        yield* Ref.update(rows, (all) =>
          all.map((row) => (wanted.has(row.id) ? { ...row, nextAt: atOnce } : row)),
        )
        yield* wish.open
      })

      return FailedRows.of({
        refused: Ref.get(rows),
        failed: Effect.map(Ref.get(rows), (all) =>
          all.filter(hasFailed).toSorted((a, b) => a.since - b.since),
        ),
        update: (change) => Ref.update(rows, change),
        retry,
        wished: Effect.andThen(wish.await, wish.close),
      })
    }),
  )
}

/** The `nextAt` of a row that somebody wants to be tried: before any time there is. */
export const atOnce = Number.MIN_SAFE_INTEGER

export const hasFailed = ({ attempts }: Pick<RefusedRow, "attempts">) => attempts >= refusalsMax

/** A failed row is tried at growing intervals: what mends itself is written in the end. */
export const nextTry = (attempts: number, now: number): number => {
  if (!hasFailed({ attempts })) return now
  const pause = Duration.toMillis(failedRetryFirst) * 2 ** Math.min(attempts - refusalsMax, 20)
  return now + Math.min(pause, Duration.toMillis(failedRetryMax))
}
