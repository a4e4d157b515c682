/**
 * What an item is wanted for, as a multi-select that remembers nothing: every button carries the
 * whole choice as bits, by the order of the targets in the catalogue.
 *
 * Bits come from the client. Whoever reads an action checks them with `isTargets` first.
 */
import type { Resource } from "../../domain/Catalogue.ts"
import type { Action } from "../Callback.ts"
import type { Keyboard } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { grid, tap } from "./parts.ts"

/** Does the catalogue know each of the bits? Nothing ticked is a choice too. */
export const isTargets = ({ targets }: Resource, bits: number): boolean =>
  Number.isInteger(bits) && bits >= 0 && bits < 2 ** targets.length

/** Ids of the ticked targets, by the order of the catalogue. */
export const targetsOf = ({ targets }: Resource, bits: number): ReadonlyArray<string> =>
  targets.filter((_, index) => isTicked(bits, index)).map(({ id }) => id)

/** Bits of these targets; `undefined` where the catalogue does not know one of them. */
export const bitsOf = ({ targets }: Resource, ids: ReadonlyArray<string>): number | undefined => {
  const places = new Set(ids.map((id) => targets.findIndex((target) => target.id === id)))
  return places.has(-1) ? undefined : [...places].reduce((bits, place) => bits | (1 << place), 0)
}

/** «Beboo, Табор»; a target that the catalogue lost by now is shown by its id. */
export const targetLabels = (
  { targets }: Resource,
  ids: ReadonlyArray<string>,
  texts: Texts,
): string =>
  ids
    .map((id) => {
      const known = targets.find((target) => target.id === id)
      return known === undefined ? id : texts.label(known.label)
    })
    .join(", ")

/** Each button leads to the same choice with its own target ticked or not. */
export const targetButtons = (
  { targets }: Resource,
  bits: number,
  actionOf: (bits: number) => Action,
  texts: Texts,
): Keyboard =>
  grid(
    targets.map(({ label }, index) =>
      tap(
        `${isTicked(bits, index) ? "☑️" : "⬜"} ${texts.label(label)}`,
        actionOf(bits ^ (1 << index)),
      ),
    ),
    2,
  )

const isTicked = (bits: number, index: number) => (bits & (1 << index)) !== 0
