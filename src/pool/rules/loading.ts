/** Rows of the base tabs: into the stock, into quarantine, or, half-typed, back to their tab. */
import { HashSet } from "effect"
import { keysKnown } from "../../domain/identity.ts"
import type { Item, Quarantined } from "../../domain/Item.ts"
import * as State from "../State.ts"
import { accept, type EffectOf, type Rule, unchanged } from "./rule.ts"

/** A claim is loaded once; of two rows with one key the first stays, the other goes to quarantine. */
const load: Rule<"Load"> = (state, command, { definition, now: at, knownKeys }) => {
  const { claim, tab, items, quarantined, halfTyped = [] } = command
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
  return accept({
    _tag: "Loaded",
    claim,
    tab,
    items: good,
    quarantined: [...quarantined, ...bad],
    ...(halfTyped.length === 0 ? {} : { halfTyped }),
    at,
  })
}

const loaded: EffectOf<"Loaded"> = (state, { claim, items, quarantined, halfTyped = [] }) => {
  const queued = items.reduce(State.queueItem, State.rememberClaim(state, claim))
  const entered = State.enterQuarantine(queued, quarantined)
  return { ...entered, halfTyped: [...entered.halfTyped, ...halfTyped] }
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
