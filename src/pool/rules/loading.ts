/** Rows of the base tabs: into the stock, into quarantine, or, half-typed, back to their tab. */
import { Duration, HashSet } from "effect"
import { halfTypedKept, halfTypedPatience, halfTypedReturns } from "../../config/Limits.ts"
import { keysKnown } from "../../domain/identity.ts"
import type { Item, Quarantined } from "../../domain/Item.ts"
import * as State from "../State.ts"
import { accept, type EffectOf, type Rule, unchanged } from "./rule.ts"

/** A claim is loaded once; of two rows with one key the first stays, the other goes to quarantine. */
const load: Rule<"Load"> = (state, command, { definition, now: at, knownKeys }) => {
  const { claim, tab, items, quarantined } = command
  if (state.claims.includes(claim)) return unchanged
  const seen = new Set<string>()
  const reasonAgainst = (item: Item) => {
    const { key } = item
    const isInStock = keysKnown(definition, item).some((one) => HashSet.has(state.keys, one))
    const isRepeated = seen.has(key) || isInStock
    seen.add(key)
    if (isRepeated) return "duplicate"
    return knownKeys.has(key) ? "issuedBefore" : null
  }
  const column = definition.columns.find(({ key }) => key === definition.identity)?.header ?? null
  const good: Array<Item> = []
  const bad: Array<Quarantined> = []
  for (const item of items) {
    const reason = reasonAgainst(item)
    const { id, origin } = item
    if (reason === null) good.push(item)
    else bad.push({ id, tab, reason, column, origin, reported: false })
  }
  const { back: halfTyped, stuck } = sortHalfTyped(state, command.halfTyped ?? [], at)
  return accept({
    _tag: "Loaded",
    claim,
    tab,
    items: good,
    quarantined: [...quarantined, ...stuck, ...bad],
    ...(halfTyped.length === 0 ? {} : { halfTyped }),
    at,
  })
}

/**
 * Whoever types a row changes it. One that comes back unchanged again and again lacks nothing in its
 * tab: what a formula shows there does not come along with the row.
 */
const sortHalfTyped = (state: State.PoolState, rows: ReadonlyArray<Quarantined>, now: number) => {
  const known = state.halfTyped.filter(({ at }) => at > now - keptMs)
  const isStuck = (row: Quarantined) => {
    const times = known.filter(
      (one) => one.row.tab === row.tab && valuesIn(one.row) === valuesIn(row),
    )
    return (
      times.length >= halfTypedReturns &&
      times.some(({ at }) => at <= now - Duration.toMillis(halfTypedPatience))
    )
  }
  return {
    back: rows.filter((row) => !isStuck(row)),
    stuck: rows.filter(isStuck),
  }
}

const valuesIn = ({ origin }: Quarantined) =>
  JSON.stringify(origin.cells.flatMap(({ value }) => (value === null ? [] : [value])))

const keptMs = Duration.toMillis(halfTypedKept)

const loaded: EffectOf<"Loaded"> = (state, { claim, items, quarantined, halfTyped = [], at }) => {
  const queued = items.reduce(State.queueItem, State.rememberClaim(state, claim))
  const entered = State.enterQuarantine(queued, quarantined)
  return {
    ...entered,
    halfTyped: [
      ...entered.halfTyped.filter((one) => !one.isBack || one.at > at - keptMs),
      ...halfTyped.map((row) => ({ row, at, isBack: false })),
    ],
  }
}

const report: Rule<"QuarantineReported"> = (state, command, { now: at }) => {
  const asked = new Set(command.ids)
  const ids = state.unreported.flatMap(({ id }) => (asked.has(id) ? [id] : []))
  return ids.length === 0 ? unchanged : accept({ _tag: "QuarantineReported", ids, at })
}

const reported: EffectOf<"QuarantineReported"> = (state, event) => {
  const ids = new Set(event.ids)
  return { ...state, unreported: state.unreported.filter(({ id }) => !ids.has(id)) }
}

export const rules = { Load: load, QuarantineReported: report }
export const effects = { Loaded: loaded, QuarantineReported: reported }
