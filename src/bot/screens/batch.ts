/**
 * The message that shows what was issued: values to copy, what became of each item, and the
 * buttons to say so. Drawn afresh from the batch after every change.
 */
import { findStatus } from "../../domain/Catalogue.ts"
import type { Issuance } from "../../domain/Issuance.ts"
import type { Action } from "../Callback.ts"
import { fieldsOf, type KnownOrder } from "../orders.ts"
import type { Button, Keyboard, Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import {
  type BatchView,
  markText,
  mayCorrect,
  mayUndo,
  missingOf,
  offersReplacement,
  statusText,
} from "./batchRules.ts"
import { batchText } from "./batchText.ts"
import { grid, menuBelow, notice, tap } from "./parts.ts"
import { bitsOf } from "./targets.ts"
import { waitButton } from "./waiting.ts"

export const batchScreen = (view: BatchView, texts: Texts): Screen => {
  if (view.batch.issuances.length === 0) return notice(texts.batch.withdrawn, texts)
  return {
    html: batchText(view, texts),
    keyboard: [
      ...grid(copyButtons(view, texts), 5),
      ...view.batch.issuances.flatMap((issuance, index) =>
        itemButtons(view, issuance, index + 1, texts),
      ),
      ...restButton(view, texts),
      [...againButton(view, texts), ...menuBelow(texts)],
    ],
  }
}

/** Nothing is left to do with what was asked for: the next thing is most often the same. */
const againButton = (view: BatchView, texts: Texts): ReadonlyArray<Button> => {
  const order = orderOf(view)
  if (order === undefined || isOpen(view)) return []
  return [tap(texts.employee.repeat.again, { _tag: "Again", ...fieldsOf(order) })]
}

/** There was less than was asked for: whoever still works on that may wait for the rest. */
const restButton = (view: BatchView, texts: Texts): Keyboard => {
  const order = orderOf(view)
  const missing = missingOf(view.batch)
  if (order === undefined || missing === 0 || !isOpen(view)) return []
  return [[waitButton({ ...order, quantity: missing }, texts)]]
}

/** What was asked for; none where the catalogue has lost a part of it. */
const orderOf = ({ batch: { request }, resource }: BatchView): KnownOrder | undefined => {
  const { region, quantity, variant } = request
  const targets = bitsOf(resource, request.targets)
  return targets === undefined ? undefined : { resource, targets, region, quantity, variant }
}

/** Something waits for its holder: a mark, or the answer about a replacement. */
const isOpen = ({ batch: { issuances }, resource, now }: BatchView) =>
  issuances.some((issuance) => issuance.mark === null || offersReplacement(resource, issuance, now))

/**
 * Of what is still in use, the value that is wanted first: the password, or the number where
 * there is none. The others can be copied from the text.
 */
const copyButtons = (
  { batch: { issuances }, resource }: BatchView,
  texts: Texts,
): ReadonlyArray<Button> => {
  const column =
    resource.columns.find(({ kind }) => kind === "secret") ??
    resource.columns.find(({ kind }) => kind === "phone")
  if (column === undefined) return []
  return issuances.flatMap(({ item, mark, replacedBy }, index): ReadonlyArray<Button> => {
    const value = item.fields[column.key] ?? ""
    const blocked = mark !== null && findStatus(resource, mark.status)?.offersReplacement === true
    if (value === "" || value.length > copyMax || replacedBy !== null || blocked) return []
    const text = issuances.length === 1 ? texts.batch.copy(column.header) : `📋 ${index + 1}`
    return [{ kind: "copy", text, copies: value }]
  })
}

/** What Telegram puts on a clipboard at most. */
const copyMax = 256

const itemButtons = (
  view: BatchView,
  issuance: Issuance,
  number: number,
  texts: Texts,
): Keyboard => {
  const { resource, batch, now, changing } = view
  const target = { resource: resource.id, issuance: issuance.id }
  const prefix = batch.issuances.length === 1 ? "" : `${number} `
  const statuses = (tag: "Mark" | "Correct") =>
    grid(
      resource.statuses.map((status) =>
        tap(
          `${prefix}${statusText(status, texts)}`,
          { _tag: tag, ...target, status: status.id },
          status.style,
        ),
      ),
      4,
    )
  const { mark } = issuance
  if (mark === null) return statuses("Mark")
  if (changing === issuance.id && mayCorrect(issuance, now)) return statuses("Correct")
  const ways: ReadonlyArray<Button> = [
    ...(mayUndo(issuance, now) ? [tap(texts.batch.undo, { _tag: "Undo", ...target })] : []),
    ...(mayCorrect(issuance, now) ? [tap(texts.batch.change, { _tag: "Change", ...target })] : []),
  ]
  const noop: Action = { _tag: "Noop" }
  return [
    ...(ways.length > 0
      ? [[tap(`${number} ${markText(resource, mark, texts)}`, noop), ...ways]]
      : []),
    ...(offersReplacement(resource, issuance, now)
      ? [
          [
            tap(`${prefix}${texts.batch.replace}`, noop),
            tap(`${prefix}${texts.batch.yes}`, { _tag: "Replace", ...target }, "primary"),
            tap(`${prefix}${texts.batch.no}`, { _tag: "Decline", ...target }),
          ],
        ]
      : []),
  ]
}
