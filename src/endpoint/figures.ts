/**
 * Fills the figures of observe/metrics.ts that no part of the program counts by itself: the gauges
 * from what memory holds, for whoever asks, and the counters of what people got and said.
 */
import { monitorEventLoopDelay } from "node:perf_hooks"
import { Clock, Effect, FileSystem, Layer, Option, Path, PubSub } from "effect"
import { Settings, version } from "../config/Settings.ts"
import type { Resource } from "../domain/Catalogue.ts"
import type { Issuance } from "../domain/Issuance.ts"
import { Quarantined } from "../domain/Item.ts"
import { itemsIssued, markSet } from "../domain/PoolEvent.ts"
import { Alarm, Alarms } from "../observe/Alarms.ts"
import { supervise } from "../observe/background.ts"
import * as Metrics from "../observe/metrics.ts"
import { Vitals } from "../observe/Vitals.ts"
import type { Stock } from "../pool/Contract.ts"
import { type PoolChange, Pools } from "../pool/Pools.ts"
import { Journal } from "../store/Journal.ts"

/**
 * The figures of a bot. Every series of a gauge is set each time: one that is left out would keep
 * its last value.
 */
export const makeGather = Effect.gen(function* () {
  const pools = yield* Pools
  const alarms = yield* Alarms
  const vitals = yield* Vitals
  // Whoever asks may go by another one.
  const clock = yield* Clock.Clock
  const ofJournal = yield* makeJournalFigures
  // As it was told first: one that follows the clock by milliseconds looks like restarts.
  const toldStart = yield* vitals.startedAt
  const { spreadsheetAccounts, spreadsheetIssued } = yield* Settings
  const lines = {
    telegram: "telegram",
    journal: "journal",
    heartbeat: "heartbeat",
    sheets_accounts: `sheets:${spreadsheetAccounts}`,
    sheets_issued: `sheets:${spreadsheetIssued}`,
  } as const

  const ofPool = Effect.fnUntraced(function* (definition: Resource, now: number) {
    const { id: resource } = definition
    yield* setItems(definition, yield* pools.stock(resource))
    const unwritten = [
      ...(yield* pools.buffer(resource)),
      ...(yield* pools.corrections(resource)),
    ].map(({ mark, issuedAt }) => mark?.at ?? issuedAt)
    yield* Metrics.set("oldestUnwritten", ageOf(unwritten, now), { resource })
  })

  const ofHolders = Effect.fnUntraced(function* (holders: ReadonlyArray<Issuance>, now: number) {
    for (const { id: resource } of pools.resources) {
      const own = holders.filter(({ item }) => item.resource === resource)
      const age = ageOf(
        own.map(({ issuedAt }) => issuedAt),
        now,
      )
      yield* Metrics.set("oldestPending", age, { resource })
    }
  })

  const ofAlarms = Effect.gen(function* () {
    const raised = yield* alarms.raised
    for (const kind of Object.keys(Alarm.cases)) {
      yield* Metrics.set("alarms", raised.filter(({ _tag }) => _tag === kind).length, { kind })
    }
  })

  const ofLines = Effect.fnUntraced(function* (now: number) {
    const startedAt = yield* vitals.startedAt
    for (const [line, place] of Object.entries(lines)) {
      const { workedAt } = yield* vitals.pulse(place)
      yield* Metrics.set("lineAge", (now - (workedAt ?? startedAt)) / 1_000, { line })
    }
    yield* Metrics.set("startedAt", toldStart / 1_000)
    yield* Metrics.set("queue", (yield* vitals.gauge("updates")) ?? 0)
    const tokens = { read: "sheetsReadsLeft", write: "sheetsWritesLeft" } as const
    for (const [kind, gauge] of Object.entries(tokens)) {
      const left = yield* vitals.gauge(gauge)
      if (left !== null) yield* Metrics.set("limiterTokens", left, { kind })
    }
  })

  return Effect.gen(function* () {
    const now = yield* clock.currentTimeMillis
    for (const definition of pools.resources) yield* ofPool(definition, now)
    yield* ofHolders(yield* pools.holders, now)
    yield* ofAlarms
    yield* ofLines(now)
    yield* ofJournal
  }).pipe(Effect.withSpan("Metrics.gather"))
})

/** Seconds since the earliest of these moments; 0 where there is none. */
const ageOf = (moments: ReadonlyArray<number>, now: number) =>
  moments.length === 0 ? 0 : Math.max(0, now - Math.min(...moments)) / 1_000

const setItems = Effect.fnUntraced(function* (
  { id: resource, variants }: Pick<Resource, "id" | "variants">,
  stock: Stock,
) {
  const places = {
    available: stock.byVariant,
    pending: stock.pendingBy,
    unwritten: stock.unwrittenBy,
    quarantine: stock.quarantineBy,
  }
  for (const variant of variants.length === 0 ? [""] : variants.map(({ id }) => id)) {
    for (const [place, counts] of Object.entries(places)) {
      yield* Metrics.set("items", counts[variant] ?? 0, { resource, variant, place })
    }
  }
  const { hidden, returning, abandoned, trash } = stock
  const thrown = trash.reduce((sum, { count }) => sum + count, 0)
  for (const [place, count] of Object.entries({ hidden, returning, abandoned, trash: thrown })) {
    yield* Metrics.set("items", count, { resource, variant: "", place })
  }
})

/** What the journal and the disk are asked for. While they refuse, the last figures stand. */
const makeJournalFigures = Effect.gen(function* () {
  const journal = yield* Journal
  const pools = yield* Pools
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { dataDir } = yield* Settings

  const setAside = Effect.gen(function* () {
    const tally = yield* journal.quarantineTally
    for (const { id: resource } of pools.resources) {
      for (const reason of Quarantined.fields.reason.literals) {
        const count = tally
          .filter((each) => each.pool === resource && each.reason === reason)
          .reduce((sum, each) => sum + each.count, 0)
        yield* Metrics.set("setAside", count, { resource, reason })
      }
    }
  })

  const sizes = Effect.forEach(["journal.db", "journal.db-wal"], (file) =>
    fs.stat(path.join(dataDir, file)).pipe(
      Effect.option,
      Effect.flatMap((found) =>
        Metrics.set(
          "journalBytes",
          Option.match(found, { onNone: () => 0, onSome: ({ size }) => Number(size) }),
          { file },
        ),
      ),
    ),
  )

  return Effect.andThen(Effect.ignore(setAside), sizes)
})

/**
 * The figures of the process, which may have many bots: what Node knows of its memory, its processor
 * and the delay of its event loop. The delay is that of the time since the figures were last asked for.
 */
export const makeGatherProcess = Effect.gen(function* () {
  const delay = yield* Effect.acquireRelease(
    Effect.sync(() => {
      const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
      histogram.enable()
      return histogram
    }),
    (histogram) => Effect.sync(() => void histogram.disable()),
  )

  return Effect.gen(function* () {
    const quantiles = { "0.5": delay.percentile(50), "0.99": delay.percentile(99), "1": delay.max }
    delay.reset()
    for (const [quantile, nanos] of Object.entries(quantiles)) {
      yield* Metrics.set("loopLag", lag(nanos), { quantile })
    }
    yield* Metrics.set("memoryBytes", process.memoryUsage.rss())
    const { user, system } = process.cpuUsage()
    yield* Metrics.set("cpuSeconds", (user + system) / 1e6)
    yield* Metrics.set("info", 1, { version })
  })
})

const resolutionMs = 10

/** The histogram holds the whole time between two looks, of which only the excess is a delay. */
const lag = (nanos: number) =>
  Number.isFinite(nanos) ? Math.max(0, nanos / 1e9 - resolutionMs / 1e3) : 0

/**
 * Every series of what is counted by resource begins at 0: Prometheus takes the first value of one
 * that it did not know for where it began, and does not count it.
 */
const beginSeries = Effect.fnUntraced(function* ({ id: resource, variants, statuses }: Resource) {
  for (const variant of ["", ...variants.map(({ id }) => id)]) {
    yield* Metrics.count("issued", { resource, variant }, 0)
    yield* Metrics.count("askedEmpty", { resource, variant }, 0)
  }
  for (const { id: status } of statuses) {
    for (const by of ["person", "timer"]) {
      yield* Metrics.count("confirmed", { resource, status, by }, 0)
    }
  }
})

/** Counts what people got and said, from the events of the pools. */
export const countingEvents = Layer.effectDiscard(
  Effect.gen(function* () {
    const pools = yield* Pools
    for (const definition of pools.resources) yield* beginSeries(definition)
    yield* Metrics.count("updates", {}, 0)
    const events = yield* pools.events
    yield* supervise("counting of events")(Effect.flatMap(PubSub.take(events), countEvent))
  }),
)

const countEvent = Effect.fnUntraced(function* ({ resource, event }: PoolChange) {
  for (const { variant } of itemsIssued(event)) {
    yield* Metrics.count("issued", { resource, variant: variant ?? "" })
  }
  const mark = markSet(event)
  if (mark !== undefined) {
    const by = mark.auto ? "timer" : "person"
    yield* Metrics.count("confirmed", { resource, status: mark.status, by })
  }
})
