/**
 * Which rows of a base tab a refill claims next.
 *
 * From the top, without a look, as long as the tab is not known to be exhausted. While only one
 * day's items are issued, a look tells where that day's rows are: claimed from the top, all the
 * others would come along, only to be returned, again and again. One read looks at the tab and
 * at all that are exhausted: those once a minute while nobody asks, sooner while somebody waits.
 */
import { Clock, Duration, Effect, Option, PubSub, Ref } from "effect"
import { exhaustedPoll, exhaustedPollAsked, lookTrusted } from "../config/Limits.ts"
import type { BaseTab } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import type { Pools } from "../pool/Pools.ts"
import type { Claim, Claimed } from "../sheets/Claim.ts"
import { type Run, runsLeft } from "../sheets/filledTabs.ts"

/** What is known of a tab; for lack of it, rows are taken from the top. */
interface Look {
  readonly at: number
  /** The day it was about; `null`: any, and then it is exhausted. */
  readonly onlyDay: Day | null
  /** Rows to claim; none: exhausted. */
  readonly runs: ReadonlyArray<Run>
}

interface Looking {
  readonly pools: Pools["Service"]
  readonly claim: Claim["Service"]
  /** Rows in one claim. */
  readonly batch: number
}

/** Only one refill of a tab may use it at a time. */
export const makeTabLooks = Effect.fnUntraced(function* ({ pools, claim, batch }: Looking) {
  const looks = yield* Ref.make<ReadonlyMap<string, Look>>(new Map())
  const top: Run = { from: 1, rows: batch }
  const changes = yield* pools.events

  const lookOf = ({ title }: BaseTab) => Effect.map(Ref.get(looks), (all) => all.get(title))

  const set = ({ title }: BaseTab, look: Look | undefined) =>
    Ref.update(looks, (all) => {
      const next = new Map(all)
      if (look === undefined) next.delete(title)
      else next.set(title, look)
      return next
    })

  /** Also tells of tabs that are not asked for, but may have got rows meanwhile. */
  const lookAt = Effect.fnUntraced(function* (
    asked: BaseTab,
    onlyDay: Day | null,
    urgent: boolean,
  ) {
    const before = yield* Ref.get(looks)
    const wanted = [{ tab: asked, onlyDay }]
    for (const { id, baseTabs } of pools.resources) {
      const stock = yield* pools.stock(id)
      for (const tab of baseTabs) {
        const isExhausted = before.get(tab.title)?.runs.length === 0
        if (isExhausted && tab.title !== asked.title) wanted.push({ tab, onlyDay: stock.onlyDay })
      }
    }
    const filled = yield* claim.filled(wanted, urgent ? "person" : "background")
    const at = yield* Clock.currentTimeMillis
    for (const { tab, onlyDay: day } of wanted) {
      const runs = filled.get(tab.title) ?? []
      // Somebody else may have looked at another tab and claimed from it in the meantime.
      const isOvertaken =
        tab.title !== asked.title && (yield* lookOf(tab)) !== before.get(tab.title)
      if (isOvertaken) continue
      yield* set(tab, day === null && runs.length > 0 ? undefined : { at, onlyDay: day, runs })
    }
  })

  /** Rows that were put back have moved those below them. */
  const forgetMoved = Effect.gen(function* () {
    const events = yield* PubSub.takeUpTo(changes, Number.POSITIVE_INFINITY)
    const moved = new Set(
      events.flatMap(({ resource, event }) => (event._tag === "Returned" ? [resource] : [])),
    )
    for (const { id, baseTabs } of moved.size === 0 ? [] : pools.resources) {
      for (const tab of moved.has(id) ? baseTabs : []) yield* set(tab, undefined)
    }
  })

  const firstOf = (look: Look | undefined) =>
    look === undefined
      ? Option.some(top)
      : Option.map(Option.fromUndefinedOr(look.runs[0]), ({ from, rows }) => ({
          from,
          rows: Math.min(rows, batch),
        }))

  /** Rows to claim now; none: there is nothing, or it is too early to look again. */
  const next = Effect.fnUntraced(function* (tab: BaseTab, onlyDay: Day | null, asked: boolean) {
    yield* forgetMoved
    const look = yield* lookOf(tab)
    const known = look?.onlyDay === onlyDay ? look : undefined
    if (known === undefined && onlyDay === null) return Option.some(top)
    if (known !== undefined) {
      const emptyFor = asked ? exhaustedPollAsked : exhaustedPoll
      const lasts = Duration.toMillis(known.runs.length === 0 ? emptyFor : lookTrusted)
      const age = (yield* Clock.currentTimeMillis) - known.at
      // A clock that was set back says nothing about it.
      if (age >= 0 && age < lasts) return firstOf(known)
    }
    yield* lookAt(tab, onlyDay, asked)
    return firstOf(yield* lookOf(tab))
  })

  /** What a claim of the rows brought; says whether it was what the look had promised. */
  const claimed = Effect.fnUntraced(function* (
    tab: BaseTab,
    onlyDay: Day | null,
    run: Run,
    { items, quarantined, exhausted }: Claimed,
  ) {
    const at = yield* Clock.currentTimeMillis
    if (onlyDay === null) {
      yield* set(tab, exhausted ? { at, onlyDay, runs: [] } : undefined)
      return true
    }
    const look = yield* lookOf(tab)
    const isAsSeen =
      items.length + quarantined.length > 0 && items.every(({ day }) => day === onlyDay)
    yield* set(
      tab,
      isAsSeen && look !== undefined ? { ...look, runs: runsLeft(look.runs, run.rows) } : undefined,
    )
    return isAsSeen
  })

  const forget = (tab: BaseTab) => set(tab, undefined)

  return { next, claimed, forget }
})
