/** What the pools are asked for: always the durable state, the only one that anybody may be shown. */
import { Clock, Effect, Option } from "effect"
import type { Day } from "../domain/Day.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { IssuanceId, RequestKey } from "../domain/Issuance.ts"
import type { Pool } from "./Pool.ts"
import { batchOf, empty, issuanceOf, type PoolState } from "./State.ts"
import * as View from "./View.ts"

/** See Pools.ts for what each of them answers. */
export const make = (pools: ReadonlyMap<string, Pool>, today: Effect.Effect<Day>) => {
  const all = [...pools.values()]
  const read =
    <A>(view: (state: PoolState) => A) =>
    (resource: string) =>
      Effect.map(pools.get(resource)?.durable ?? Effect.succeed(empty), view)

  const inAll = <A>(view: (state: PoolState) => ReadonlyArray<A>) =>
    Effect.map(
      Effect.forEach(all, ({ durable }) => Effect.map(durable, view)),
      (each) => each.flat(),
    )

  const held = Effect.fn("Pools.held")(function* (by: TelegramId) {
    const now = yield* Clock.currentTimeMillis
    const found = yield* inAll((state) => View.heldBy(state, by, now))
    return found.toSorted((a, b) => b.issuedAt - a.issuedAt)
  })

  const asked = Effect.fn("Pools.asked")(function* (by: TelegramId) {
    return (yield* inAll((state) => View.askedBy(state, by))).toSorted((a, b) => b.at - a.at)
  })

  const holders = inAll(View.pendingIn).pipe(
    Effect.map((found) => found.toSorted((a, b) => a.issuedAt - b.issuedAt)),
    Effect.withSpan("Pools.holders"),
  )

  const fitting = Effect.fn("Pools.fitting")(function* (
    resource: string,
    wanted: ReadonlyArray<View.Wanted>,
  ) {
    const pool = pools.get(resource)
    return pool === undefined
      ? wanted.map(() => 0)
      : View.fittingOf(pool.definition, yield* pool.durable, wanted, yield* today)
  })

  const stock = Effect.fn("Pools.stock")(function* (resource: string) {
    const pool = pools.get(resource)
    return pool === undefined
      ? View.noStock
      : View.stockOf(pool.definition, yield* pool.durable, yield* today)
  })

  return {
    batch: (resource: string, key: RequestKey) => read((state) => batchOf(state, key))(resource),
    held,
    asked,
    fitting,
    holders,
    stock,
    buffer: read(View.bufferOf),
    written: read(View.writtenOf),
    find: (resource: string, id: IssuanceId) =>
      read((state) => Option.fromUndefinedOr(issuanceOf(state, id)))(resource),
    corrections: read(View.correctionsOf),
    abandoned: read(View.abandonedOf),
    aside: Effect.fn("Pools.aside")(function* (resource: string) {
      const now = yield* Clock.currentTimeMillis
      return yield* read((state) => View.asideOf(state, now))(resource)
    }),
    undelivered: read(View.undeliveredOf),
    returning: read(View.returningOf),
    unreported: read(View.unreportedOf),
    standing: (resource: string) =>
      Effect.map(pools.get(resource)?.standing ?? nothing, ({ state, through }) => ({
        lots: View.lotsOf(state),
        through,
      })),
  }
}

const nothing = Effect.succeed({ state: empty, through: 0 })
