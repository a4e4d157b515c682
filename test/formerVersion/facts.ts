/**
 * What a data directory holds, as the services say it: read once by the version that left it, and
 * by every version after it.
 *
 * The names in it are this file's own, so that a version which calls something else differently
 * changes this file and no fixture.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Access } from "../../src/access/Access.ts"
import { Applications } from "../../src/access/Applications.ts"
import { Blocks } from "../../src/access/Blocks.ts"
import { Regions } from "../../src/access/Regions.ts"
import { Whitelist } from "../../src/access/Whitelist.ts"
import { CatalogueSource } from "../../src/config/CatalogueSource.ts"
import { Settings } from "../../src/config/Settings.ts"
import { type Issuance, IssuanceId, type Mark } from "../../src/domain/Issuance.ts"
import type { Proxy } from "../../src/domain/Proxy.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { Conservation } from "../../src/pool/Conservation.ts"
import { Pools } from "../../src/pool/Pools.ts"
import { Proxies } from "../../src/pool/proxies/Proxies.ts"
import { Journal } from "../../src/store/Journal.ts"
import { SqliteJournal } from "../../src/store/SqliteJournal.ts"
import { Statistics } from "../../src/stats/Statistics.ts"

/** More than any fixture has of anything. */
const all = 10_000

/** Everything at the moment `at`. `snapshot`: what was read is folded into snapshots afterwards. */
export const factsOf = (
  directory: string,
  at: number,
  { snapshot = false, journal: layer = SqliteJournal.layer } = {},
) =>
  Effect.gen(function* () {
    const facts = yield* Effect.all({
      resources,
      issuances,
      proxies,
      people,
      statistics,
      journal,
    })
    if (snapshot) {
      yield* (yield* Pools).snapshot
      yield* (yield* Proxies).snapshot
    }
    return facts
  }).pipe(
    Effect.provide(Layer.fresh(layersOn(directory, layer))),
    // Before the start, which counts down from there what is left of the waits.
    (reading) => Effect.andThen(TestClock.setTime(at), reading),
  )

/** The parts of the program that know what is there; nothing of it works by itself. */
const layersOn = (dataDir: string, layer: typeof SqliteJournal.layer) =>
  Layer.mergeAll(Conservation.layer, Proxies.layer, Statistics.layer, Applications.layer).pipe(
    Layer.provideMerge(Layer.mergeAll(Pools.layer, Access.layer)),
    Layer.provideMerge(Layer.mergeAll(Whitelist.layer, Regions.layer, Blocks.layer)),
    Layer.provideMerge(Layer.mergeAll(layer, CatalogueSource.layer, Alarms.layer)),
    Layer.provideMerge(Settings.layerTest({ dataDir })),
    Layer.provideMerge(Layer.merge(NodeFileSystem.layer, NodePath.layer)),
  )

/** How much of each is where, in memory and by the books. */
const resources = Effect.gen(function* () {
  const pools = yield* Pools
  const checked = Option.getOrThrow(yield* (yield* Conservation).check)
  const each = yield* Effect.forEach(pools.resources, ({ id }) =>
    Effect.gen(function* () {
      const { version: _, ...stock } = yield* pools.stock(id)
      const balance = checked.balances.find(({ resource }) => resource === id)
      const { lots, quarantined } = yield* pools.standing(id)
      const facts = {
        stock,
        places: countsOf([
          ...lots.map(({ place }) => place),
          ...Array.from({ length: quarantined }, () => "quarantine" as const),
        ]),
        taken: balance?.read,
        books: balance?.counts,
        differences: balance?.differences,
        aside: (yield* pools.aside(id)).length,
        undelivered: (yield* pools.undelivered(id)).length,
        unreported: (yield* pools.unreported(id)).length,
      }
      return [id, facts] as const
    }),
  )
  return Object.fromEntries(each)
})

/** Everything that was ever issued; and what memory still knows of it. */
const issuances = Effect.gen(function* () {
  const pools = yield* Pools
  const booked = yield* (yield* Journal).booked({}, { limit: all })
  return yield* Effect.forEach(booked, (row) =>
    Effect.map(pools.find(row.resource, IssuanceId.make(row.id)), (known) => ({
      id: row.id,
      holder: row.holder,
      stage: row.stage,
      resource: row.resource,
      variant: row.variant,
      region: row.region,
      key: row.key,
      day: row.day,
      issuedAt: row.issuedAt,
      status: row.status,
      auto: row.auto,
      markedAt: row.markedAt,
      replacementOf: row.replacementOf,
      isImported: row.imported,
      known: Option.match(known, { onNone: () => null, onSome: knownOf }),
    })),
  )
})

const knownOf = (issuance: Issuance) => ({
  request: issuance.request,
  holder: issuance.holder,
  targets: issuance.targets,
  fields: issuance.item.fields,
  confirmAt: issuance.confirmAt,
  delivery: issuance.delivery,
  mark: markText(issuance.mark),
  row: markText(issuance.row),
  isAbandoned: issuance.abandoned !== undefined,
  rewrites: issuance.rewrites ?? 0,
  replacedBy: issuance.replacedBy,
  isReplacementDeclined: issuance.replacementDeclined,
})

const markText = (mark: Mark | null) =>
  mark === null ? null : `${mark.status} by ${mark.auto ? "the timer" : mark.by} at ${mark.at}`

const proxies = Effect.gen(function* () {
  const service = yield* Proxies
  const { resources: catalogue } = yield* CatalogueSource
  const registry = Option.getOrThrow(service.resource)
  const added = yield* (yield* Journal).events(registry.id, { after: 0, limit: all })
  const ids = added.flatMap(({ event }) =>
    event._tag === "ProxiesAdded" ? event.proxies.map(({ id }) => id) : [],
  )
  const known = yield* Effect.forEach(ids, (id) => service.find(id))
  const targets = catalogue.find(({ id }) => id === registry.id)?.targets ?? []
  const free = yield* Effect.forEach(targets, ({ id }) =>
    Effect.map(service.free([id]), (found) => [id, found.map((proxy) => proxy.id)] as const),
  )
  return {
    all: known.map((proxy) => Option.match(proxy, { onNone: () => null, onSome: proxyOf })),
    free: Object.fromEntries(free),
    listed: (yield* service.registry).map(({ id }) => id),
    unshown: (yield* service.unshown).map(({ end }) => end),
  }
})

const proxyOf = (proxy: Proxy) => ({
  id: proxy.id,
  type: proxy.type,
  endpoint: proxy.endpoint,
  country: proxy.country,
  until: proxy.until,
  addedBy: proxy.addedBy,
  uses: proxy.uses.map(({ target, by, stage }) => ({ target, by, stage })),
  place: proxy.place,
  generation: proxy.generation,
  isExpiryTold: proxy.expiryTold,
})

const people = Effect.gen(function* () {
  const blocks = yield* (yield* Blocks).all
  const open = yield* (yield* Applications).open
  return {
    members: yield* (yield* Whitelist).all,
    regions: yield* (yield* Regions).all,
    suspended: blocks.map(({ id, note, by, until }) => ({ id, note, by, until })),
    applicants: open.map(({ id, stage, openedAt, cards }) => ({ id, stage, openedAt, cards })),
  }
})

const statistics = Effect.gen(function* () {
  const { report } = yield* Statistics
  const each = yield* Effect.forEach((yield* Pools).resources, (resource) =>
    Effect.map(
      report({ resource, variant: null, region: null, holder: null, period: "month" }),
      ({ total, regions }) => [
        resource.id,
        {
          issued: total.issued,
          statuses: Object.fromEntries(total.statuses),
          pending: total.pending,
          regions: regions.map(({ region, counts }) => [region, counts.issued.all]),
        },
      ],
    ),
  )
  return Object.fromEntries(each)
})

/** What else is in it. */
const journal = Effect.gen(function* () {
  const service = yield* Journal
  const trail = yield* service.trail({ limit: all })
  const { spreadsheetAccounts, spreadsheetIssued } = yield* Settings
  const intents = yield* Effect.forEach([spreadsheetAccounts, spreadsheetIssued], (spreadsheet) =>
    Effect.map(service.intents(spreadsheet, all), (found) => [
      spreadsheet,
      countsOf(found.map(({ kind, state }) => `${kind} ${state}`)),
    ]),
  )
  const holders = new Set((yield* service.booked({}, { limit: all })).map(({ holder }) => holder))
  const trails = yield* Effect.forEach([...holders], (person) =>
    person === null
      ? Effect.succeed([person, 0])
      : Effect.map(service.trail({ person, limit: all }), (found) => [person, found.length]),
  )
  return {
    events: countsOf(trail.map(({ event }) => event._tag)),
    eventsAbout: Object.fromEntries(trails),
    intents: Object.fromEntries(intents),
    unhandled: (yield* service.unhandled({ limit: 1_000 })).map(({ updateId }) => updateId),
  }
})

const countsOf = (names: ReadonlyArray<string>) =>
  Object.fromEntries(
    [...Map.groupBy(names, (name) => name)]
      .map(([name, same]) => [name, same.length] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
