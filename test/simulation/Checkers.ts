/**
 * What must be true after every run, whatever happened in it. Knows the outside and the journal,
 * nothing of the run; a problem is a sentence.
 */
import { DateTime, Effect } from "effect"
import { findStatus, type Resource } from "../../src/domain/Catalogue.ts"
import { dayOf } from "../../src/domain/Day.ts"
import { type Issuance, placeOf } from "../../src/domain/Issuance.ts"
import type { Quarantined } from "../../src/domain/Item.ts"
import type { PoolEvent } from "../../src/domain/PoolEvent.ts"
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
import type { Thing, World } from "./World.ts"

/** What the checks of the pools look at, wherever the bot keeps its journal. */
export interface Facts {
  /** What ever stood in a tab. */
  readonly stock: ReadonlyArray<Thing>
  /** What any chat ever showed, by its key, with the chats that showed it. */
  readonly shown: ReadonlyMap<string, ReadonlySet<number>>
  readonly accounts: Tabs
  readonly issued: Tabs
  readonly pools: ReadonlyArray<PoolFacts>
}

/** A pool as the journal has it. */
export interface PoolFacts {
  readonly resource: Resource
  /** What a start would make of it. */
  readonly state: State.PoolState
  readonly quarantine: ReadonlyArray<Quarantined>
  /** All that ever happened to it. */
  readonly events: ReadonlyArray<PoolEvent>
}

export const checkPools = (facts: Facts): ReadonlyArray<string> =>
  facts.pools.flatMap((pool) => [
    ...conservation(facts, pool),
    ...halfTyped(pool),
    ...holders(facts, pool),
    ...rows(facts, pool),
    ...issuedOnTheirDay(pool),
  ])

export const check = Effect.fnUntraced(function* (world: World) {
  const { stock, shown, disk } = world
  const [accounts, issued] = [
    yield* world.workbooks.view("accounts"),
    yield* world.workbooks.view("issued"),
  ]
  const pools = yield* Effect.forEach(
    world.resources.filter(({ baseTabs }) => baseTabs.length > 0),
    (resource) =>
      Effect.map(stateOf(world, resource), (state): PoolFacts => ({
        resource,
        state,
        quarantine: [...disk.tables.projections.quarantine.values()]
          .filter(({ pool }) => pool === resource.id)
          .map(({ row }) => row),
        events: poolEvents(disk, resource.id),
      })),
  )
  return [
    ...checkPools({ stock, shown, accounts, issued, pools }),
    ...world.early,
    ...checkBaseTabs(world, accounts),
    ...(yield* checkProxies(world, issued)),
  ]
})

export const isWell = (world: World) =>
  Effect.orDie(Effect.map(check(world), (problems) => problems.length === 0))

/** Every item is in exactly one place; the inbox is none of them, for what is there is on its way. */
const conservation = ({ stock, accounts }: Facts, { resource, state, quarantine }: PoolFacts) => {
  const issuable = [
    ...Available.all(state.available).map(({ item }) => item.key),
    ...State.returningOf(state).map(({ item }) => item.key),
    ...State.liveOf(state).map(({ issuance }) => issuance.item.key),
  ]
  const places = countsOf([
    ...accounts
      .filter(({ title }) => resource.baseTabs.some((tab) => isTitled(title, tab.title)))
      .flatMap(recordsOf)
      .map((row) => keyOfRow(resource, row)),
    ...issuable,
    ...[
      ...quarantine,
      ...state.worked.flatMap(({ row, way, isBack }) =>
        way === "drop" || (way === "return" && !isBack) ? [row] : [],
      ),
      ...state.halfTyped.flatMap(({ row, isBack }) => (isBack ? [] : [row])),
    ].map(({ origin }) =>
      keyOfRow(
        resource,
        Object.fromEntries(
          origin.header.map((header, at) => [header, String(origin.cells[at]?.value ?? "")]),
        ),
      ),
    ),
  ])
  // Somebody may have typed the same thing again, in another spelling.
  const typed = countsOf(stock.map(({ key }) => key))
  const issuableOnce = countsOf(issuable.map((one) => one.toLowerCase()))
  return stock
    .filter((thing) => thing.resource === resource.id)
    .flatMap(({ key }) => {
      const [count = 0, wanted] = [places.get(key), typed.get(key)]
      const isTwice = (issuableOnce.get(key) ?? 0) > 1
      return [
        ...(count === wanted ? [] : [`${key} is in ${count} places instead of ${wanted}`]),
        ...(isTwice ? [`two people may get ${key}`] : []),
      ]
    })
}

const countsOf = (keys: ReadonlyArray<string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** What somebody was typing stands in its tab again: nobody types a half that makes no item. */
const halfTyped = ({ state, quarantine }: PoolFacts) => [
  ...state.halfTyped
    .filter(({ isBack }) => !isBack)
    .map(({ row }) => `${row.id} was half-typed and did not go back`),
  ...quarantine
    .filter(({ reason }) => reason === "missing")
    .map(({ id }) => `${id} was set aside while somebody typed it`),
]

const issuancesOf = ({ state }: PoolFacts): ReadonlyArray<Issuance> =>
  State.liveOf(state).map(({ issuance }) => issuance)

/**
 * Whoever saw an item had it at some time: it was issued or handed over to him. What is held at the
 * end was shown to its holder.
 */
const holders = ({ stock, shown }: Facts, pool: PoolFacts) => {
  const { resource, state } = pool
  const had = holdersEver(pool)
  const issuances = new Map(
    issuancesOf(pool)
      .toReversed()
      .map((issuance) => [issuance.item.key, issuance]),
  )
  const aside = new Set(state.aside.map(({ issuance }) => issuance.item.key))
  return stock
    .filter((thing) => thing.resource === resource.id)
    .flatMap(({ key }) => {
      const chats = shown.get(key)
      if (chats === undefined) return []
      const issuance = issuances.get(key)
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
const holdersEver = ({ events }: PoolFacts) => {
  const had = new Map<string, Set<number>>()
  const keys = new Map<string, string>()
  const note = (key: string, holder: number) =>
    had.set(key, (had.get(key) ?? new Set()).add(holder))
  for (const event of events) {
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
const rows = ({ stock, issued }: Facts, pool: PoolFacts) => {
  const { resource } = pool
  const tab = issued.find(({ title }) => title === resource.issuedTab)
  const found = tab === undefined ? [] : recordsOf(tab)
  const foundById = Map.groupBy(found, (row) => row["ID"])
  const issuances = issuancesOf(pool)
  const things = Map.groupBy(stock, ({ key }) => key)
  const written = issuances.flatMap((issuance) => {
    const mine = foundById.get(issuance.id) ?? []
    const status = findStatus(resource, issuance.mark?.status ?? "")?.label.ru
    const targets = issuance.targets.map(
      (id) => resource.targets.find((target) => target.id === id)?.label.ru ?? id,
    )
    const { item } = issuance
    const note = things
      .get(item.key)
      ?.find(({ text }) => Object.values(item.fields).includes(text))?.note
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
            keyOfRow(resource, row) !== item.key ||
            targets.some((target) => !(row["Ресурсы"] ?? "").includes(target)),
        )
        .map((row) => `${issuance.id} is written as ${Object.values(row).join(" | ")}`),
    ]
  })
  const known = new Set<string | undefined>(issuances.map(({ id }) => id))
  const foreign = found
    .filter((row) => !known.has(row["ID"]))
    .map((row) => `row ${row["ID"]} belongs to no issuance`)
  return [...written, ...foreign]
}

/** In today-only mode, which is on until somebody switches it off. */
const issuedOnTheirDay = ({ resource, events }: PoolFacts) => {
  let todayOnly = resource.dayBound === true
  return events.flatMap((event) => {
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
const stateOf = Effect.fnUntraced(function* ({ disk }: World, { id }: Resource) {
  const journal = yield* Effect.provide(Journal, MemoryJournal.layer(disk))
  return (yield* restore(journal, id, fold)).state
})
