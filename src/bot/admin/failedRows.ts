/** The rows that admins decide about, with the issuances behind them. */
import { Clock, Duration, Effect } from "effect"
import { abandonmentKept } from "../../config/Limits.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import type { Abandonment, Issuance, IssuanceId } from "../../domain/Issuance.ts"
import { FailedRows, type RefusedRow } from "../../pool/FailedRows.ts"
import { Pools } from "../../pool/Pools.ts"

export interface FailedView {
  readonly resource: Resource
  readonly issuance: Issuance
  readonly row: RefusedRow
}

export interface UnwrittenView {
  readonly resource: Resource
  readonly issuance: Issuance
  readonly abandoned: Abandonment
}

export const make = Effect.gen(function* () {
  const pools = yield* Pools
  const rows = yield* FailedRows

  /** Longest first; what was written or given up meanwhile is none any more. */
  const failed = Effect.gen(function* () {
    const all = yield* rows.failed
    const views = yield* Effect.forEach(pools.resources, (resource) =>
      Effect.gen(function* () {
        const waiting = {
          new: yield* pools.buffer(resource.id),
          correction: yield* pools.corrections(resource.id),
        }
        return all.flatMap((row): ReadonlyArray<FailedView> => {
          if (row.resource !== resource.id) return []
          const issuance = waiting[row.kind].find(({ id }) => id === row.id)
          return issuance === undefined ? [] : [{ resource, issuance, row }]
        })
      }),
    )
    return views.flat().toSorted((a, b) => a.row.since - b.row.since)
  })

  /** What admins decided not to write and may still take back, the latest decision first. */
  const unwritten = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const views = yield* Effect.forEach(pools.resources, (resource) =>
      Effect.map(pools.abandoned(resource.id), (issuances) =>
        issuances.flatMap((issuance): ReadonlyArray<UnwrittenView> => {
          const { abandoned } = issuance
          return abandoned !== undefined && untilOf(abandoned) > now
            ? [{ resource, issuance, abandoned }]
            : []
        }),
      ),
    )
    return views.flat().toSorted((a, b) => b.abandoned.at - a.abandoned.at)
  })

  return { failed, unwritten }
})

/** Which row a button is about. */
export interface Target {
  readonly resource: string
  readonly issuance: IssuanceId
}

export const isAt =
  ({ resource, issuance: id }: Target) =>
  (view: Pick<FailedView, "resource" | "issuance">) =>
    view.resource.id === resource && view.issuance.id === id

/** Until when it can be taken back. */
export const untilOf = ({ at }: Abandonment): number => at + Duration.toMillis(abandonmentKept)
