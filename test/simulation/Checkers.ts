/**
 * What must be true after every run, whatever happened in it. Knows the outside and the disk,
 * nothing of the run; a problem is a sentence.
 */
import { Effect, Option } from "effect"
import { findStatus } from "../../src/domain/Catalogue.ts"
import { placeOf } from "../../src/domain/Issuance.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import * as Available from "../../src/pool/Available.ts"
import * as Snapshot from "../../src/pool/Snapshot.ts"
import * as State from "../../src/pool/State.ts"
import { replay } from "../../src/pool/Transition.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../../src/store/MemoryJournal.ts"
import type { World } from "./World.ts"

const mamba = shippedCatalogue.resources.find(({ id }) => id === "mamba")!

export const check = Effect.fnUntraced(function* (world: World) {
  const pool = yield* poolOf(world)
  const [accounts, issued] = [
    yield* world.workbooks.view("accounts"),
    yield* world.workbooks.view("issued"),
  ]
  const base = accounts
    .filter(({ title }) => title.startsWith("Мамба"))
    .flatMap(({ rows }) => rows.flatMap(({ cells }) => (cells[0] ? [cells[0]] : [])))
  const tab = issued.find(({ title }) => title === mamba.issuedTab)
  const rows = (tab?.rows ?? []).map(({ cells }) =>
    Object.fromEntries((tab?.header ?? []).map((header, at) => [header, cells[at] ?? ""])),
  )
  const live = State.liveOf(pool).map(({ issuance }) => issuance)
  const places = [
    ...base,
    ...Available.all(pool.available).map(({ item }) => item.key),
    ...live.map(({ item }) => item.key),
    ...[...pool.quarantine].map(({ origin }) => String(origin.cells[0]?.value)),
  ]

  const conservation = world.logins.flatMap((login) => {
    const count = places.filter((place) => place === login).length
    return count === 1 ? [] : [`${login} is in ${count} places`]
  })
  const holders = [...world.shown].flatMap(([login, chats]) => {
    const issuance = live.find(({ item }) => item.key === login)
    return [
      ...(chats.size > 1 ? [`${login} was shown to ${[...chats].join(" and ")}`] : []),
      ...(issuance === undefined ? [`${login} was shown, and the journal does not know it`] : []),
      ...(issuance !== undefined && !chats.has(issuance.holder)
        ? [`${login} was shown to somebody else than its holder`]
        : []),
    ]
  })
  const written = live.flatMap((issuance) => {
    const mine = rows.filter((row) => row["ID"] === issuance.id)
    const status = findStatus(mamba, issuance.mark?.status ?? "")?.label.ru
    return [
      ...(placeOf(issuance) === "written" ? [] : [`${issuance.id} ended ${placeOf(issuance)}`]),
      ...(mine.length === 1 ? [] : [`${issuance.id} has ${mine.length} rows`]),
      ...mine
        .filter((row) => row["Статус"] !== status || row["Логин"] !== issuance.item.key)
        .map((row) => `${issuance.id} is written as ${row["Логин"]} ${row["Статус"]}`),
    ]
  })
  const foreign = rows
    .filter((row) => !live.some(({ id }) => id === row["ID"]))
    .map((row) => `row ${row["ID"]} belongs to no issuance`)
  return [...conservation, ...holders, ...written, ...foreign]
})

/** What is on the disk, folded as a start would. */
const poolOf = Effect.fnUntraced(function* ({ disk }: World) {
  const journal = yield* Effect.provide(Journal, MemoryJournal.layer(disk))
  const { snapshot, events } = yield* journal.restore("mamba")
  const start = Option.isNone(snapshot) ? State.empty : yield* Snapshot.decode(snapshot.value.state)
  return replay(
    start,
    events.map(({ event }) => event),
  )
})
