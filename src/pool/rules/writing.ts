/** Rows of the issued tab: written, given up, waiting again, and spoilt by somebody's hand. */
import { Result, Struct } from "effect"
import {
  type Issuance,
  type IssuanceId,
  type Mark,
  placeOf,
  sameMark,
} from "../../domain/Issuance.ts"
import * as State from "../State.ts"
import {
  accept,
  type EffectOf,
  type Events,
  find,
  notAllowed,
  type Rule,
  unchanged,
} from "./rule.ts"

const write: Rule<"Written"> = (state, command, { now: at }) => {
  const rows = command.rows.filter(({ id, mark }) => {
    const issuance = State.issuanceOf(state, id) ?? State.asideOf(state, id)?.issuance
    return issuance !== undefined && (issuance.row === null || !sameMark(issuance.row, mark))
  })
  return rows.length === 0 ? unchanged : accept({ _tag: "Written", rows, at })
}

/** A row that is known to stand in the issued tab. */
export const writtenAs = (id: IssuanceId, mark: Mark, at: number): Events => [
  { _tag: "Written", rows: [{ id, mark }], at },
]

/**
 * What was on its way to the sheet when it was given up, or taken from its holder, stands there all
 * the same.
 */
const written: EffectOf<"Written"> = (state, { rows }) =>
  rows.reduce((before, { id, mark }) => {
    const withRow = (issuance: Issuance) => ({
      ...Struct.omit(issuance, ["abandoned", "valueLost"]),
      row: mark,
    })
    return State.changeAside(State.change(before, id, withRow), id, withRow)
  }, state)

/** What is written already cannot be given up any more, and what is pending waits for nothing. */
const abandon: Rule<"Abandon"> = (state, { id, admin: by }, { now: at }) =>
  Result.flatMap(find(state, id), (issuance) => {
    const { abandoned: standing, mark, row } = issuance
    if (standing !== undefined) return unchanged
    if (mark === null) return notAllowed(id, "pending")
    if (placeOf(issuance) === "written") return notAllowed(id, "written")
    return accept({ _tag: "Abandoned", id, mark, row, by, at })
  })

const abandoned: EffectOf<"Abandoned"> = (state, { id, by, at }) =>
  State.change(state, id, (issuance) => ({ ...issuance, abandoned: { by, at } }))

/** Also a little after its time, as long as memory has not let go of it. */
const unabandon: Rule<"Unabandon"> = (state, { id, admin: by }, { now: at }) =>
  Result.flatMap(find(state, id), ({ abandoned: standing }) =>
    standing === undefined ? unchanged : accept({ _tag: "Unabandoned", id, by, at }),
  )

const unabandoned: EffectOf<"Unabandoned"> = (state, { id }) =>
  State.change(state, id, (issuance) => Struct.omit(issuance, ["abandoned"]))

/** What waits to be written anyway is left to that. */
const rewrite: Rule<"Rewrite"> = (state, command, { now: at }) => {
  const { id, gone, value, rewrites, admin: by } = command
  return Result.flatMap(find(state, id), (issuance) =>
    placeOf(issuance) === "written" && (issuance.rewrites ?? 0) === rewrites
      ? accept({ _tag: "RewriteBegun", id, gone, value, by, at })
      : unchanged,
  )
}

/**
 * Nobody knows what a spoilt row says, so memory notes a mark for it that differs from the one of
 * the issuance: the row waits to be corrected.
 */
const rewriteBegun: EffectOf<"RewriteBegun"> = (state, { id, gone, value }) =>
  State.change(state, id, (issuance) => ({
    ...issuance,
    row: gone || issuance.mark === null ? null : { ...issuance.mark, auto: !issuance.mark.auto },
    rewrites: (issuance.rewrites ?? 0) + 1,
    ...(value && !gone ? { valueLost: true } : {}),
  }))

export const rules = { Written: write, Abandon: abandon, Unabandon: unabandon, Rewrite: rewrite }
export const effects = {
  Written: written,
  Abandoned: abandoned,
  Unabandoned: unabandoned,
  RewriteBegun: rewriteBegun,
}
