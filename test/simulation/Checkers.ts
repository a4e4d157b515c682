/**
 * What must be true after every run, whatever happened in it. Knows the outside and the disk,
 * nothing of the run; a problem is a sentence.
 */
import { DateTime, Effect } from "effect"
import { findStatus, type Resource } from "../../src/domain/Catalogue.ts"
import { dayOf } from "../../src/domain/Day.ts"
import { type Issuance, placeOf } from "../../src/domain/Issuance.ts"
import * as Available from "../../src/pool/Available.ts"
import { restore } from "../../src/pool/Outbox.ts"
import { fold } from "../../src/pool/Pool.ts"
import * as State from "../../src/pool/State.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import { checkBaseTabs } from "./baseTabCheck.ts"
import { poolEvents } from "./history.ts"
import { checkProxies } from "./proxyCheck.ts"
import { isTitled, keyOfRow, recordsOf, type Tabs } from "./tabs.ts"
import type { World } from "./World.ts"

export const check = Effect.fnUntraced(function* (world: World) {
  const [accounts, issued] = [
    yield* world.workbooks.view("accounts"),
    yield* world.workbooks.view("issued"),
  ]
  const pools = yield* Effect.forEach(
    world.resources.filter(({ baseTabs }) => baseTabs.length > 0),
    (resource) =>
      Effect.map(poolOf(world, resource), (pool) => [
        ...conservation(world, resource, pool, accounts),
        ...halfTyped(world, resource, pool),
        ...holders(world, resource, pool),
        ...rows(world, resource, pool, issued),
        ...issuedOnTheirDay(world, resource),
      ]),
  )
  return [
    ...pools.flat(),
    ...world.early,
    ...checkBaseTabs(world, accounts),
    ...(yield* checkProxies(world, issued)),
  ]
})

export const isWell = (world: World) =>
  Effect.orDie(Effect.map(check(world), (problems) => problems.length === 0))

/** Every item is in exactly one place; the inbox is none of them, for what is there is on its way. */
const conservation = (
  { stock, disk }: World,
  resource: Resource,
  pool: State.PoolState,
  accounts: Tabs,
) => {
  const issuable = [
    ...Available.all(pool.available).map(({ item }) => item.key),
    ...State.returningOf(pool).map(({ item }) => item.key),
    ...State.liveOf(pool).map(({ issuance }) => issuance.item.key),
  ]
  const places = [
    ...accounts
      .filter(({ title }) => resource.baseTabs.some((tab) => isTitled(title, tab.title)))
      .flatMap(recordsOf)
      .map((row) => keyOfRow(resource, row)),
    ...issuable,
    ...[
      ...[...disk.tables.projections.quarantine.values()]
        .filter(({ pool: id }) => id === resource.id)
        .map(({ row }) => row),
      ...pool.worked.flatMap(({ row, way, isBack }) =>
        way === "drop" || (way === "return" && !isBack) ? [row] : [],
      ),
      ...pool.halfTyped.flatMap(({ row, isBack }) => (isBack ? [] : [row])),
    ].map(({ origin }) =>
      keyOfRow(
        resource,
        Object.fromEntries(
          origin.header.map((header, at) => [header, String(origin.cells[at]?.value ?? "")]),
        ),
      ),
    ),
  ]
  return stock
    .filter((thing) => thing.resource === resource.id)
    .flatMap(({ key }) => {
      const count = places.filter((place) => place === key).length
      // Somebody may have typed the same thing again, in another spelling.
      const typed = stock.filter((thing) => thing.key === key).length
      const isTwice = issuable.filter((one) => one.toLowerCase() === key).length > 1
      return [
        ...(count === typed ? [] : [`${key} is in ${count} places instead of ${typed}`]),
        ...(isTwice ? [`two people may get ${key}`] : []),
      ]
    })
}

/** What somebody was typing stands in its tab again: nobody types a half that makes no item. */
const halfTyped = ({ disk }: World, { id: resource }: Resource, pool: State.PoolState) => [
  ...pool.halfTyped
    .filter(({ isBack }) => !isBack)
    .map(({ row }) => `${row.id} was half-typed and did not go back`),
  ...[...disk.tables.projections.quarantine.values()]
    .filter(({ pool: id, row }) => id === resource && row.reason === "missing")
    .map(({ row }) => `${row.id} was set aside while somebody typed it`),
]

const issuancesOf = (pool: State.PoolState): ReadonlyArray<Issuance> =>
  State.liveOf(pool).map(({ issuance }) => issuance)

/**
 * Whoever saw an item had it at some time: it was issued or handed over to him. What is held at the
 * end was shown to its holder.
 */
const holders = ({ stock, shown, disk }: World, resource: Resource, pool: State.PoolState) => {
  const had = holdersEver(disk, resource)
  const aside = new Set(pool.aside.map(({ issuance }) => issuance.item.key))
  return stock
    .filter((thing) => thing.resource === resource.id)
    .flatMap(({ key }) => {
      const chats = shown.get(key)
      if (chats === undefined) return []
      const issuance = issuancesOf(pool).find(({ item }) => item.key === key)
      const strangers = [...chats].filter((chat) => had.get(key)?.has(chat) !== true)
      return [
        ...(strangers.length > 0 ? [`${key} was shown to ${strangers.join(" and ")}`] : []),
        ...(issuance === undefined && !aside.has(key)
          ? [`${key} was shown, and the journal does not know it`]
          : []),
        ...(issuance !== undefined && !chats.has(issuance.holder)
          ? [`${key} was shown to somebody else than its holder`]
          : []),
      ]
    })
}

/**
 * Who had each item, by its key, at one time or another. An item that its holder was never shown is
 * somebody else's afterwards.
 */
const holdersEver = (disk: World["disk"], { id }: Resource) => {
  const had = new Map<string, Set<number>>()
  const keys = new Map<string, string>()
  const note = (key: string, holder: number) =>
    had.set(key, (had.get(key) ?? new Set()).add(holder))
  for (const event of poolEvents(disk, id)) {
    if (event._tag === "Issued") {
      for (const { id: issuance, item, holder } of event.issuances) {
        keys.set(issuance, item.key)
        note(item.key, holder)
      }
    }
    if (event._tag === "Withdrawn") for (const key of event.keys) had.delete(key)
    if (event._tag === "Transferred") note(keys.get(event.id) ?? "", event.request.by)
  }
  return had
}

/** One row for each issuance in the issued tab, as the journal has it, and no other rows. */
const rows = ({ stock }: World, resource: Resource, pool: State.PoolState, issued: Tabs) => {
  const tab = issued.find(({ title }) => title === resource.issuedTab)
  const found = tab === undefined ? [] : recordsOf(tab)
  const written = issuancesOf(pool).flatMap((issuance) => {
    const mine = found.filter((row) => row["ID"] === issuance.id)
    const status = findStatus(resource, issuance.mark?.status ?? "")?.label.ru
    const targets = issuance.targets.map(
      (id) => resource.targets.find((target) => target.id === id)?.label.ru ?? id,
    )
    const note = stock.find(({ key, text }) => {
      const { item } = issuance
      return key === item.key && Object.values(item.fields).includes(text)
    })?.note
    return [
      ...(note === undefined || mine.some((row) => Object.values(row).includes(note))
        ? []
        : [`${issuance.id} is written without "${note}"`]),
      ...(placeOf(issuance) === "written" ? [] : [`${issuance.id} ended ${placeOf(issuance)}`]),
      ...(mine.length === 1 ? [] : [`${issuance.id} has ${mine.length} rows`]),
      ...mine
        .filter(
          (row) =>
            row["Статус"] !== status ||
            keyOfRow(resource, row) !== issuance.item.key ||
            targets.some((target) => !(row["Ресурсы"] ?? "").includes(target)),
        )
        .map((row) => `${issuance.id} is written as ${Object.values(row).join(" | ")}`),
    ]
  })
  const foreign = found
    .filter((row) => !issuancesOf(pool).some(({ id }) => id === row["ID"]))
    .map((row) => `row ${row["ID"]} belongs to no issuance`)
  return [...written, ...foreign]
}

/** In today-only mode, which is on until somebody switches it off. */
const issuedOnTheirDay = ({ disk }: World, { id, dayBound }: Resource) => {
  let todayOnly = dayBound === true
  return poolEvents(disk, id).flatMap((event) => {
    if (event._tag === "TodayOnlySet") todayOnly = event.on
    if (event._tag !== "Issued" || !todayOnly) return []
    const today = dayOf(event.at, moscow)
    return event.issuances
      .filter(({ item }) => item.day !== today)
      .map(({ item }) => `${item.key} of ${item.day} was issued on ${today}`)
  })
}

/** As in the settings of the run. */
const moscow = DateTime.zoneMakeNamedUnsafe("Europe/Moscow")

/** What is on the disk, folded as a start would. */
const poolOf = Effect.fnUntraced(function* ({ disk }: World, { id }: Resource) {
  const journal = yield* Effect.provide(Journal, MemoryJournal.layer(disk))
  return (yield* restore(journal, id, fold)).state
})
