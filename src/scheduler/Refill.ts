/**
 * Keeps the pools stocked: takes rows out of a base tab when its stock runs low. There is one
 * refill at a time for each pool.
 */
import { Context, Duration, Effect, Latch, Layer, Option, PubSub, Ref, Semaphore } from "effect"
import { exhaustedPollAsked, lookTrusted, scarceBatchesMax, timerPeriod } from "../config/Limits.ts"
import { Regions } from "../access/Regions.ts"
import { Settings } from "../config/Settings.ts"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import { lowersStock, returnsBaseRows } from "../domain/PoolEvent.ts"
import type { FindRegion } from "../domain/Region.ts"
import { every, supervise, survive } from "../observe/background.ts"
import { elapsed } from "../observe/elapsed.ts"
import { BaseStock } from "../pool/BaseStock.ts"
import type { Stock } from "../pool/Contract.ts"
import { Pools } from "../pool/Pools.ts"
import { rowOf } from "../pool/rules/restoring.ts"
import { Claim, type Claimed } from "../sheets/Claim.ts"
import { type Run, runsLeft } from "../sheets/filledTabs.ts"
import { isBehind } from "./CatchUp.ts"
import { IssuedKeys } from "./IssuedKeys.ts"
import { inItsRegion } from "./rowReading.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

export class Refill extends Context.Service<
  Refill,
  {
    /** Refills one pool if it needs it. `asked`: a person waits for it. */
    run(resource: Resource, asked: boolean): Effect.Effect<void>
    /** One round over all pools. */
    readonly once: Effect.Effect<void>
    /**
     * Begins a look at tabs by somebody else, whose end says where they have rows to claim: so no
     * look of the refill's own is needed. What was claimed meanwhile counts more.
     */
    readonly lookElsewhere: Effect.Effect<(seen: ReadonlyArray<SeenTab>) => Effect.Effect<void>>
    /** Waits for the end of the first round: from then on there is stock, if the sheet has any. */
    readonly filled: Effect.Effect<void>
  }
>()("account-bot/scheduler/Refill") {
  static readonly layer = Layer.effect(
    Refill,
    Effect.gen(function* () {
      const { loadBatchSize, refillThreshold } = yield* Settings
      const pools = yield* Pools
      const claim = yield* Claim
      const trouble = yield* SheetsTrouble
      const regions = yield* Regions
      const baseStock = yield* BaseStock
      const issuedKeys = yield* IssuedKeys
      const looks = yield* makeTabLooks({
        pools,
        claim,
        regions: regions.finder,
        batch: loadBatchSize,
      })
      const turns = new Map(
        yield* Effect.forEach(pools.resources, ({ id }) =>
          Effect.map(Semaphore.make(1), (turn) => [id, turn] as const),
        ),
      )

      const stockMax = Math.max(refillThreshold, scarceBatchesMax * loadBatchSize)
      /**
       * What a tab has to give: rows of any kind, or only because items that fit every region run
       * short. For those no round by the clock keeps a stock, but a person who asks gets a batch.
       */
      const needOf = ({ byTab, scarcest, paused }: Stock, { title }: BaseTab) => {
        if (paused !== null) return "none"
        const { all, unbound } = scarcest[title] ?? { all: 0, unbound: 0 }
        if ((byTab[title] ?? 0) >= stockMax || unbound >= refillThreshold) return "none"
        return all < refillThreshold ? "any" : "unbound"
      }

      /**
       * Whether a claim failed: its rows may lie in the inbox, where no look at a tab sees them.
       */
      const doubt = yield* Ref.make(false)

      const settle = Effect.fnUntraced(function* (asked: boolean) {
        if (!(yield* Ref.getAndSet(doubt, false))) return
        yield* claim
          .settle(asked ? "person" : "background")
          .pipe(Effect.onError(() => Ref.set(doubt, true)))
      })

      const fill = Effect.fnUntraced(function* (resource: Resource, tab: BaseTab, asked: boolean) {
        yield* settle(asked)
        let misses = 0
        let mayDig = asked
        while (misses < missesMax) {
          const stock = yield* pools.stock(resource.id)
          const { onlyDay } = stock
          const need = needOf(stock, tab)
          if (need === "none" || (need === "unbound" && !mayDig)) return
          if (need === "unbound") mayDig = false
          const next = yield* looks.next(tab, onlyDay, asked)
          if (Option.isNone(next)) return
          const rows = next.value
          const counted = yield* baseStock.find(tab.title)
          if (Option.exists(counted, (count) => count.rows === 0)) yield* baseStock.want
          const claimed = yield* claim
            .claim(
              { resource, tab, ...rows, urgency: asked ? "person" : "background" },
              (brought) =>
                Effect.andThen(
                  loadInto(pools, regions)(resource.id, brought),
                  baseStock.taken(tab.title, {
                    items: brought.items,
                    others: brought.quarantined.length,
                  }),
                ),
            )
            .pipe(Effect.onError(() => Effect.andThen(looks.forget(tab), Ref.set(doubt, true))))
          const isAsSeen = yield* looks.claimed(tab, onlyDay, rows, claimed)
          if (!isAsSeen) misses++
        }
      })

      /** Whether a row of the base tab that was issued before the bot would be found out. */
      const knowsIssued = Effect.fnUntraced(function* (resource: Resource) {
        if (yield* isBehind) return false
        if (yield* issuedKeys.isKnown(resource)) return true
        yield* trouble.watch("read of issued items", issuedKeys.learn)
        return yield* issuedKeys.isKnown(resource)
      })

      const run = Effect.fn("Refill.run")(function* (resource: Resource, asked: boolean) {
        const each = (tab: BaseTab) =>
          trouble.watch(`refill from "${tab.title}"`, fill(resource, tab, asked), tab.title)
        const turn = turns.get(resource.id)
        if (turn === undefined) return
        yield* Effect.forEach(resource.baseTabs, each, { discard: true }).pipe(
          Effect.when(knowsIssued(resource)),
          turn.withPermit,
        )
      })

      const firstRound = yield* Latch.make()
      const once = Effect.forEach(pools.resources, (resource) => run(resource, false), {
        discard: true,
      }).pipe(Effect.andThen(firstRound.open), Effect.asVoid)

      return Refill.of({
        run,
        once,
        lookElsewhere: looks.elsewhere,
        filled: firstRound.await,
      })
    }),
  )

  /**
   * Refills by the clock, after what is issued in between, and for people who met an empty pool.
   */
  static readonly layerLoops = Layer.effectDiscard(
    Effect.gen(function* () {
      const refill = yield* Refill
      const pools = yield* Pools
      const changes = yield* pools.events

      // A burst may take more within one period than the threshold keeps ready, and a change of mode
      // may leave nothing.
      const afterChanges = Effect.gen(function* () {
        const changed = (yield* PubSub.takeAll(changes)).flatMap(({ resource, event }) =>
          lowersStock(event) ? [resource] : [],
        )
        const low = pools.resources.filter(({ id }) => changed.includes(id))
        yield* Effect.forEach(low, (resource) => refill.run(resource, false), {
          concurrency: "unbounded",
          discard: true,
        })
      })

      // Whatever becomes of the attempt, the person who waits is told that it is over.
      const wish = Effect.uninterruptibleMask((interruptible) =>
        Effect.gen(function* () {
          const { resource, done } = yield* interruptible(pools.wanted)
          const wished = pools.resources.filter(({ id }) => id === resource)
          yield* Effect.forEach(wished, (one) => refill.run(one, true)).pipe(
            survive(`refill of ${resource}`),
            Effect.ensuring(done),
            Effect.forkScoped({ startImmediately: true }),
          )
        }),
      )

      yield* every("refill", timerPeriod)(refill.once)
      yield* supervise("refill after changes")(afterChanges)
      yield* supervise("refill wishes")(wish)
    }),
  )
}

/**
 * How often in one refill a claim may bring other rows than a look had seen, since rows had moved.
 */
const missesMax = 2

/**
 * Puts what a claim brought into its pool. A claim that a former process began ends so too. A row
 * whose region nobody can choose is set aside: it stood in the way of others, or the region went
 * while the row was on its way.
 */
export const loadInto = (pools: Pools["Service"], regions: Regions["Service"]) =>
  Effect.fnUntraced(function* (resource: string, claimed: Claimed) {
    const { claim, tab, items, quarantined, halfTyped } = claimed
    const find = yield* regions.finder
    const words = pools.resources.find(({ id }) => id === resource) ?? {}
    // A claim from before an older copy was made: its rows may have been issued since.
    const inDoubt = (yield* isBehind) ? items : []
    const read = (inDoubt.length > 0 ? [] : items).map((item) => inItsRegion(item, find, words))
    const ofNoRegion = read.flatMap((each) =>
      each._tag === "Item" ? [] : [{ ...each, id: each.item.id, origin: each.item.origin }],
    )
    yield* pools.tell(resource, {
      _tag: "Load",
      claim,
      tab,
      items: read.flatMap((each) => (each._tag === "Item" ? each.item : [])),
      quarantined: [
        ...quarantined,
        ...inDoubt.map((item) => rowOf(item)),
        ...ofNoRegion.map(({ id, reason, column, origin }) => ({
          id,
          tab,
          reason,
          column,
          origin,
          reported: false,
        })),
      ],
      halfTyped,
    })
  })

/**
 * Makes what knows which rows of a base tab a refill claims next; only one refill of a tab may use
 * it at a time.
 *
 * A look tells where the rows are that can be claimed: below blank rows, between rows that are still
 * being typed and, while only one day's items are issued, between those of other days. One read
 * looks at the tab and at all of which no rows are known. While nobody asks, the count of the rows
 * is a look as well.
 */
export const makeTabLooks = Effect.fnUntraced(function* ({
  pools,
  claim,
  regions,
  batch,
}: LookServices) {
  const looks = yield* Ref.make<ReadonlyMap<string, TabLook>>(new Map())
  const changes = yield* pools.events

  const lookOf = ({ title }: BaseTab) => Effect.map(Ref.get(looks), (all) => all.get(title))

  const set = ({ title }: BaseTab, look: TabLook | undefined) =>
    Ref.update(looks, (all) => {
      const next = new Map(all)
      if (look === undefined) next.delete(title)
      else next.set(title, look)
      return next
    })

  /** Looks at the tab, and at all of which no rows are known: they may have got some meanwhile. */
  const lookAt = Effect.fnUntraced(function* (
    asked: BaseTab,
    onlyDay: Day | null,
    offered: FindRegion,
    urgent: boolean,
  ) {
    const before = yield* Ref.get(looks)
    const owner = pools.resources.find(({ baseTabs }) => baseTabs.includes(asked))?.id ?? ""
    const look = (resource: string, tab: BaseTab, day: Day | null) =>
      Effect.map(pools.putBack(resource, tab.title), (putBack) => ({ tab, onlyDay: day, putBack }))
    const wanted = [yield* look(owner, asked, onlyDay)]
    for (const { id, baseTabs } of pools.resources) {
      const stock = yield* pools.stock(id)
      for (const tab of baseTabs) {
        const hasNone = (before.get(tab.title)?.runs ?? []).length === 0
        if (hasNone && tab.title !== asked.title) {
          wanted.push(yield* look(id, tab, stock.onlyDay))
        }
      }
    }
    const filled = yield* claim.filled(
      wanted.map((one) => ({ ...one, regions: offered })),
      urgent ? "person" : "background",
    )
    const at = yield* elapsed
    for (const { tab, onlyDay: day } of wanted) {
      const runs = filled.get(tab.title) ?? []
      // Another refill may have looked at the other tab and claimed from it in the meantime.
      const isOvertaken =
        tab.title !== asked.title && (yield* lookOf(tab)) !== before.get(tab.title)
      if (isOvertaken) continue
      yield* set(tab, { at, onlyDay: day, regions: offered, runs })
    }
  })

  /** Forgets the looks at tabs that rows came back to: those below have moved. */
  const forgetMoved = Effect.gen(function* () {
    const events = yield* PubSub.takeUpTo(changes, Number.POSITIVE_INFINITY)
    const moved = new Set(
      events.flatMap(({ resource, event }) => (returnsBaseRows(event) ? [resource] : [])),
    )
    for (const { id, baseTabs } of moved.size === 0 ? [] : pools.resources) {
      for (const tab of moved.has(id) ? baseTabs : []) yield* set(tab, undefined)
    }
  })

  const firstOf = (look: TabLook | undefined) =>
    Option.map(Option.fromUndefinedOr(look?.runs[0]), ({ from, rows }) => ({
      from,
      rows: Math.min(rows, batch),
    }))

  /** The rows to claim now; none where there is nothing, or it is too early to look again. */
  const next = Effect.fnUntraced(function* (tab: BaseTab, onlyDay: Day | null, asked: boolean) {
    yield* forgetMoved
    const look = yield* lookOf(tab)
    const offered = yield* regions
    const known = look?.onlyDay === onlyDay && look.regions === offered ? look : undefined
    if (known !== undefined) {
      const lasts = asked && known.runs.length === 0 ? exhaustedPollAsked : lookTrusted
      if ((yield* elapsed) - known.at < Duration.toMillis(lasts)) return firstOf(known)
    }
    yield* lookAt(tab, onlyDay, offered, asked)
    return firstOf(yield* lookOf(tab))
  })

  /** Learns what a claim brought; answers whether these were the rows that the look had seen. */
  const claimed = Effect.fnUntraced(function* (
    tab: BaseTab,
    onlyDay: Day | null,
    run: Run,
    { items, quarantined, halfTyped }: Claimed,
  ) {
    const look = yield* lookOf(tab)
    // A half-typed row was no part of what was seen: somebody types there, or has moved rows.
    const isAsSeen =
      items.length + quarantined.length > 0 &&
      halfTyped.length === 0 &&
      items.every(({ day }) => onlyDay === null || day === onlyDay)
    yield* set(
      tab,
      isAsSeen && look !== undefined ? { ...look, runs: runsLeft(look.runs, run.rows) } : undefined,
    )
    return isAsSeen
  })

  const forget = (tab: BaseTab) => set(tab, undefined)

  const elsewhere = Effect.map(Ref.get(looks), (before) =>
    Effect.fnUntraced(function* (seen: ReadonlyArray<SeenTab>) {
      yield* forgetMoved
      const at = yield* elapsed
      for (const { tab, ...look } of seen) {
        if ((yield* lookOf(tab)) === before.get(tab.title)) yield* set(tab, { at, ...look })
      }
    }),
  )

  return { next, claimed, forget, elsewhere }
})

/** What a look at a tab has shown. */
interface TabLook {
  /** See observe/elapsed.ts. */
  readonly at: number
  /** The day that was looked for; `null` for any. */
  readonly onlyDay: Day | null
  /** By what the regions were found: rows of others were left out. */
  readonly regions: FindRegion
  /** The rows to claim; where there are none, the tab is exhausted. */
  readonly runs: ReadonlyArray<Run>
}

/** What somebody else's look at a tab has shown. */
interface SeenTab extends Omit<TabLook, "at"> {
  readonly tab: BaseTab
}

interface LookServices {
  readonly pools: Pools["Service"]
  readonly claim: Claim["Service"]
  readonly regions: Regions["Service"]["finder"]
  /** How many rows one claim takes. */
  readonly batch: number
}
