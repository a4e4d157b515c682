/** What one pool came back with after a start. */
import type { Resource } from "../domain/Catalogue.ts"
import type { Day } from "../domain/Day.ts"
import type { PoolState } from "./State.ts"
import { stockOf, unsureOf } from "./View.ts"

export interface Recovered {
  readonly resource: string
  /** What can be issued now. */
  readonly available: number
  readonly pending: number
  readonly buffer: number
  /** Items whose message may or may not have arrived. */
  readonly unsure: number
}

export const recoveredOf = (definition: Resource, state: PoolState, today: Day): Recovered => {
  const { available, hidden, pending, buffer } = stockOf(definition, state, today)
  const unsure = unsureOf(state).length
  return { resource: definition.id, available: available - hidden, pending, buffer, unsure }
}
