/**
 * What becomes of a memory that is older than the world: the data are a copy, and nobody knows what
 * was issued after it was made until the sheet was read.
 *
 * At first all that could be handed out is in doubt, and in quarantine. Then what the sheet knows
 * leaves memory, and what it does not know stays in quarantine for the admins.
 */
import { HashMap, HashSet } from "effect"
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import type { Issuance } from "../../domain/Issuance.ts"
import type { Item, Quarantined } from "../../domain/Item.ts"
import * as Available from "../Available.ts"
import * as State from "../State.ts"
import { confirmedAs } from "./marking.ts"
import { writtenAs } from "./writing.ts"
import { accept, type CommandOf, type EffectOf, type Events, type Rule, unchanged } from "./rule.ts"

/**
 * What lies in stock, goes back to its tab or is in the trash may have been issued since. What was
 * on its way to somebody may have been taken back, and may be somebody else's by now.
 */
const doubt: Rule<"Doubt"> = (state, _, { now: at }) => {
  const unseen = State.issuancesWhere(
    state,
    ({ mark, delivery }) => mark === null && delivery !== "delivered",
  )
  const held = [
    ...Available.all(state.available),
    ...State.returningOf(state),
    ...state.trash.flatMap(({ queued }) => queued),
  ]
  const quarantined = [
    ...held.map(({ item }) => rowOf(item)),
    ...unseen.map(({ id, item }) => ({ ...rowOf(item), issuance: id })),
  ]
  const ids = unseen.map(({ id }) => id)
  return quarantined.length === 0 ? unchanged : accept({ _tag: "Doubted", quarantined, ids, at })
}

/** The row of an item that nobody may be given before it is known what became of it. */
export const rowOf = ({ id, key, origin }: Item): Quarantined => ({
  id,
  tab: origin.tab,
  reason: "restored",
  column: null,
  origin,
  // The admins are told once it is known which of them stay.
  reported: true,
  key,
})

const doubted: EffectOf<"Doubted"> = (state, { quarantined: rows, ids }) => {
  const items = new Set(rows.map(({ id }) => id))
  const left = ids.reduce(State.letGo, state)
  const [available, queued] = State.takeOut(left.available, [...items])
  const isHere = ({ item }: Available.Queued) => !items.has(item.id)
  const gone = [
    ...queued,
    ...[...State.returningOf(left), ...left.trash.flatMap((thrown) => thrown.queued)].filter(
      (each) => !isHere(each),
    ),
  ]
  const without: State.PoolState = {
    ...left,
    available,
    returning: HashMap.filter(left.returning, isHere),
    trash: left.trash.map((thrown) => ({ ...thrown, queued: thrown.queued.filter(isHere) })),
    worked: left.worked.filter(({ row }) => !items.has(row.id)),
    keys: gone.reduce((keys, { item }) => HashSet.remove(keys, item.key), left.keys),
  }
  return State.enterQuarantine(without, rows)
}

/**
 * Goes by what the sheet says: rows in doubt that stand in a tab leave memory, and so does what
 * somebody had when the copy was made and somebody else has now. What has its row by now is written.
 */
const adopt: Rule<"Adopt"> = (state, command, { definition, now: at }) => {
  const { settled, issued, based } = command
  // An admin may have worked a row since it was read.
  const left = new Set([...state.worked.map(({ row }) => row.id), ...state.adopted])
  const places = settled.filter(
    ({ item, tab }) => (state.quarantine[tab] ?? 0) > 0 && !left.has(item),
  )
  const byId = new Map(issued.map((row) => [row.id, row]))
  const elsewhere = new Set([...issued.map(({ key }) => key), ...based])
  const unwritten = State.issuancesWhere(state, ({ row }) => row === null)
  const ids = unwritten.flatMap(({ id, item }) =>
    !byId.has(id) && elsewhere.has(item.key) ? [id] : [],
  )
  const written = unwritten.flatMap((issuance) => {
    const row = byId.get(issuance.id)
    return row === undefined ? [] : writtenBy(definition, issuance, row, at)
  })
  const adopted: Events =
    places.length + ids.length === 0 ? [] : [{ _tag: "Adopted", places, ids, at }]
  const events = [...adopted, ...written]
  return events.length === 0 ? unchanged : accept(...events)
}

/** The events that an issuance lacks whose row stands in the issued tab. */
const writtenBy = (
  definition: Resource,
  { id, mark, holder, issuedAt }: Issuance,
  row: CommandOf<"Adopt">["issued"][number],
  at: number,
): Events => {
  const status = findStatus(definition, row.status ?? "")?.id ?? definition.autoStatus
  if (mark === null && status === null) return []
  const said = mark ?? {
    status: status ?? "",
    at: row.markedAt ?? issuedAt,
    by: holder,
    auto: row.auto,
  }
  return [...(mark === null ? confirmedAs(id, said) : []), ...writtenAs(id, said, at)]
}

const adopted: EffectOf<"Adopted"> = (state, { places, ids }) => {
  const rows = places.map(({ item: id, tab }) => ({ id, tab }))
  const left = State.leaveQuarantine(ids.reduce(State.letGo, state), rows)
  return { ...left, adopted: [...left.adopted, ...rows.map(({ id }) => id)].slice(-adoptedKept) }
}

/** More than any stock has: nobody works a row that was read so long ago. */
const adoptedKept = 10_000

export const rules = { Doubt: doubt, Adopt: adopt }
export const effects = { Doubted: doubted, Adopted: adopted }
