/**
 * Keeps the pools stocked: takes rows out of a base tab when its stock runs low.
 *
 * One refill at a time for each pool. An exhausted tab is not claimed again until a look at it
 * (one read for all such tabs) shows rows: once a minute while nobody asks, sooner while somebody waits.
 */
import {
  Clock,
  Context,
  Duration,
  Effect,
  HashMap,
  Latch,
  Layer,
  PubSub,
  Ref,
  Semaphore,
} from "effect"
import { exhaustedPoll, exhaustedPollAsked, timerPeriod } from "../config/Limits.ts"
import { Settings } from "../config/Settings.ts"
import type { BaseTab, Resource } from "../domain/Catalogue.ts"
import { every, supervise, survive } from "../observe/background.ts"
import { Pools } from "../pool/Pools.ts"
import { Claim } from "../sheets/Claim.ts"
import type { Claimed } from "../sheets/claimedRows.ts"
import { SheetsTrouble } from "./SheetsTrouble.ts"

export class Refill extends Context.Service<
  Refill,
  {
    /** Refills one pool where it needs it. `asked`: a person waits for it. */
    run(resource: Resource, asked: boolean): Effect.Effect<void>
    /** One round over all pools. */
    readonly once: Effect.Effect<void>
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
      /** When a tab was last seen empty, by title. */
      const exhausted = yield* Ref.make(HashMap.empty<string, number>())
      const turns = new Map(
        yield* Effect.forEach(pools.resources, ({ id }) =>
          Effect.map(Semaphore.make(1), (turn) => [id, turn] as const),
        ),
      )

      const baseTabs = pools.resources.flatMap((resource) => resource.baseTabs)

      /** One read tells of all exhausted tabs. */
      const look = Effect.fnUntraced(function* (asked: boolean) {
        const before = yield* Ref.get(exhausted)
        const tabs = baseTabs.filter(({ title }) => HashMap.has(before, title))
        const filled = yield* claim.filled(tabs, asked ? "person" : "background")
        const now = yield* Clock.currentTimeMillis
        yield* Ref.update(exhausted, (all) =>
          tabs.reduce(
            (left, { title }) =>
              filled.has(title) ? HashMap.remove(left, title) : HashMap.set(left, title, now),
            all,
          ),
        )
      })

      const worthAClaim = Effect.fnUntraced(function* ({ title }: BaseTab, asked: boolean) {
        const seenEmptyAt = HashMap.get(yield* Ref.get(exhausted), title)
        if (seenEmptyAt._tag === "None") return true
        const now = yield* Clock.currentTimeMillis
        const wait = Duration.toMillis(asked ? exhaustedPollAsked : exhaustedPoll)
        if (now - seenEmptyAt.value < wait) return false
        yield* look(asked)
        return !HashMap.has(yield* Ref.get(exhausted), title)
      })

      const stockOf = (resource: Resource, tab: BaseTab) =>
        Effect.map(pools.stock(resource.id), ({ byTab }) => byTab[tab.title] ?? 0)

      const fill = Effect.fnUntraced(function* (resource: Resource, tab: BaseTab, asked: boolean) {
        while ((yield* stockOf(resource, tab)) < refillThreshold) {
          if (!(yield* worthAClaim(tab, asked))) return
          const claimed = yield* claim.claim(
            { resource, tab, rows: loadBatchSize, urgency: asked ? "person" : "background" },
            (brought) => loadInto(pools)(resource.id, brought),
          )
          const now = yield* Clock.currentTimeMillis
          yield* Ref.update(
            exhausted,
            claimed.exhausted ? HashMap.set(tab.title, now) : HashMap.remove(tab.title),
          )
          if (claimed.exhausted) return
        }
      })

      const run = Effect.fn("Refill.run")(function* (resource: Resource, asked: boolean) {
        const each = (tab: BaseTab) =>
          trouble.watch(`refill from "${tab.title}"`, fill(resource, tab, asked))
        const turn = turns.get(resource.id)
        if (turn === undefined) return
        yield* turn.withPermit(Effect.forEach(resource.baseTabs, each, { discard: true }))
      })

      const firstRound = yield* Latch.make()
      const once = Effect.forEach(pools.resources, (resource) => run(resource, false), {
        discard: true,
      }).pipe(Effect.andThen(firstRound.open), Effect.asVoid)

      return Refill.of({ run, once, filled: firstRound.await })
    }),
  )

  /** The rounds by the clock, what is issued in between, and people who met an empty pool. */
  static readonly layerLoops = Layer.effectDiscard(
    Effect.gen(function* () {
      const refill = yield* Refill
      const pools = yield* Pools
      const changes = yield* pools.events

      // A burst takes more within one period than the threshold keeps ready.
      const afterIssues = Effect.gen(function* () {
        const issued = (yield* PubSub.takeAll(changes)).flatMap(({ resource, event }) =>
          event._tag === "Issued" ? [resource] : [],
        )
        const low = pools.resources.filter(({ id }) => issued.includes(id))
        yield* Effect.forEach(low, (resource) => refill.run(resource, false), {
          concurrency: "unbounded",
          discard: true,
        })
      })

      // Whatever becomes of the attempt, whoever waits for it is told that it is over.
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
      yield* supervise("refill after issues")(afterIssues)
      yield* supervise("refill wishes")(wish)
    }),
  )
}

/** Puts what a claim brought into its pool; also used to finish after a restart. */
export const loadInto =
  (pools: Pools["Service"]) =>
  (resource: string, { claim, tab, items, quarantined }: Claimed) =>
    pools.tell(resource, { _tag: "Load", claim, tab, items, quarantined })
