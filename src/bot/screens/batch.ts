/**
 * The message that shows what was issued: values to copy, what became of each item, and the
 * buttons to say so. Drawn afresh from the batch after every change.
 */
import { findStatus, type Resource } from "../../domain/Catalogue.ts"
import { formatTime } from "../../domain/Day.ts"
import type { Issuance, IssuanceId, Request } from "../../domain/Issuance.ts"
import type { Action } from "../buttons.ts"
import { fieldsOf, type KnownOrder } from "../orders.ts"
import {
  bold,
  type Button,
  code,
  type Html,
  html,
  joinHtml,
  type Keyboard,
  type Screen,
} from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import {
  type BatchView,
  markText,
  mayCorrect,
  mayUndo,
  missingOf,
  numberIn,
  offersReplacement,
  statusText,
} from "./batchRules.ts"
import { cut, grid, lines, menuBelow, messageMax, notice, tap, visibleLength } from "./parts.ts"
import { waitButton } from "./waits.ts"
import { asksVariant, bitsOf, trailOfRequest, variantName } from "./wizard.ts"

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

/** The fullest text that fits: extras are cut first, and values only where nothing else helps. */
const batchText = (view: BatchView, texts: Texts): Html => draft(view, fitOf(view, texts), texts)

const fitOf = (view: BatchView, texts: Texts): Fit =>
  fits.find((fit) => visibleLength(draft(view, fit, texts)) <= messageMax) ?? tightest

/**
 * Everything about the items of which the message shows a part only, as the text of a file;
 * `undefined` where the message shows all. `ids`: the only items that the file is for.
 */
export const wholeText = (
  view: BatchView,
  texts: Texts,
  ids?: ReadonlyArray<IssuanceId>,
): string | undefined => {
  const { batch, resource } = view
  const fit = fitOf(view, texts)
  const parts = batch.issuances
    .filter(
      (issuance) =>
        isShortened(resource, issuance, fit) && (ids === undefined || ids.includes(issuance.id)),
    )
    .map((issuance) =>
      [
        `${numberIn(batch, issuance.id)}.`,
        ...[...valuesOf(resource, issuance), ...extrasOf(issuance)].map(
          ({ header, text }) => `${header}: ${text}`,
        ),
      ].join("\n"),
    )
  return parts.length === 0 ? undefined : `${parts.join("\n\n")}\n`
}

interface Fit {
  /** Longest extra value; 0 leaves the extras out. */
  readonly extras: number
  /** Longest value of a known column. */
  readonly values: number
  /** Whether replaced items still show their main value. */
  readonly replaced: boolean
}

const whole = Number.POSITIVE_INFINITY
const tightest: Fit = { extras: 0, values: 24, replaced: false }
const fits: ReadonlyArray<Fit> = [
  ...[whole, 300, 120, 60, 30, 0].map((extras) => ({ extras, values: whole, replaced: true })),
  { extras: 0, values: whole, replaced: false },
  // No usable login or password is that long; a message that cannot be sent would help nobody.
  ...[1000, 300, 100].map((values) => ({ extras: 0, values, replaced: false })),
]

const draft = (view: BatchView, fit: Fit, texts: Texts): Html => {
  const { batch, resource, note } = view
  const { request, issuances } = batch
  const given = issuances.filter(({ replacementOf }) => replacementOf === null).length
  const shortened = issuances.some((issuance) => isShortened(resource, issuance, fit))
  return joinHtml(
    [
      bold(trailOfRequest({ ...request, resource, quantity: given }, request.variant, texts)),
      ...(given < request.quantity ? [html`${whyFewer(given, request, texts)}`] : []),
      ...issuances.map((issuance) => itemText(view, issuance, fit, texts)),
      html`${texts.batch.copyHint}`,
      ...(shortened ? [html`${texts.batch.tooLong}`] : []),
      ...(note === undefined ? [] : [bold(note)]),
    ],
    "\n\n",
  )
}

const whyFewer = (given: number, { quantity, allowed }: Request, texts: Texts) =>
  given === allowed ? texts.batch.limited(given, quantity) : texts.batch.fewer(given, quantity)

const itemText = (view: BatchView, issuance: Issuance, fit: Fit, texts: Texts): Html => {
  const { batch, resource } = view
  const { item, replacementOf, replacedBy } = issuance
  const about = [
    ...(item.variant !== null && asksVariant(resource)
      ? [variantName(resource, item.variant, texts)]
      : []),
    // An item that was handed over or put into quarantine is no longer in this batch.
    ...(replacementOf === null || numberIn(batch, replacementOf) === 0
      ? []
      : [texts.batch.replacementOf(numberIn(batch, replacementOf))]),
  ]
  const values = valuesOf(resource, issuance).filter(
    ({ isIdentity }) => replacedBy === null || (fit.replaced && isIdentity),
  )
  return lines(
    bold(`${numberIn(batch, issuance.id)}. ${about.join(", ")}`.trimEnd()),
    ...values.map(({ header, text }) => html`${header}: ${code(cut(text, fit.values))}`),
    ...(replacedBy === null ? daysOf(resource, issuance) : []),
    ...(replacedBy === null && fit.extras > 0
      ? extrasOf(issuance).map(
          ({ header, text }) => html`${cut(header, 40)}: ${code(cut(text, fit.extras))}`,
        )
      : []),
    html`${stateText(view, issuance, texts)}`,
  )
}

const stateText = (view: BatchView, issuance: Issuance, texts: Texts): string => {
  const { batch, resource, changing, zone, now } = view
  const { mark, replacedBy, confirmAt } = issuance
  if (mark === null) {
    return resource.autoStatus === null
      ? texts.batch.unclear
      : `⏳ ${texts.batch.confirmsAt(formatTime(confirmAt, zone))}`
  }
  const said = markText(resource, mark, texts)
  if (changing === issuance.id) return `${said}. ${texts.batch.chooseStatus}`
  if (replacedBy !== null) {
    const number = numberIn(batch, replacedBy)
    return number === 0 ? said : `${said}, ${texts.batch.replacedBy(number)}`
  }
  return offersReplacement(resource, issuance, now) ? `${said}. ${texts.batch.replace}` : said
}

/** The values that a person copies: those of the catalogue's columns, without dates. */
const valuesOf = (resource: Resource, { item }: Issuance) =>
  resource.columns.flatMap(({ key, header, kind }) => {
    const text = item.fields[key] ?? ""
    return text === "" || kind === "date"
      ? []
      : [{ header, text, isIdentity: key === resource.identity }]
  })

/** A date tells the holder something only where the item is meant for that day. */
const daysOf = (resource: Resource, { item }: Issuance): ReadonlyArray<Html> =>
  resource.dayBound === true
    ? resource.columns.flatMap(({ key, header, kind }) => {
        const text = item.fields[key] ?? ""
        return text === "" || kind !== "date" ? [] : [html`${header}: ${cut(text, dateMax)}`]
      })
    : []

/** A date has ten characters; what somebody wrote instead of one may have more. */
const dateMax = 40

const extrasOf = ({ item }: Issuance) => item.extras.filter(({ text }) => text.trim() !== "")

const isShortened = (resource: Resource, issuance: Issuance, fit: Fit) =>
  issuance.replacedBy === null &&
  (extrasOf(issuance).some(({ text }) => text.length > fit.extras) ||
    valuesOf(resource, issuance).some(({ text }) => text.length > fit.values))

/** Offers the same order again once nothing is left to do with this batch. */
const againButton = (view: BatchView, texts: Texts): ReadonlyArray<Button> => {
  const order = orderOf(view)
  if (order === undefined || isOpen(view)) return []
  return [tap(texts.employee.repeat.again, { _tag: "Again", ...fieldsOf(order) })]
}

/** Offers to wait for the rest where the batch has fewer items than were asked for. */
const restButton = (view: BatchView, texts: Texts): Keyboard => {
  const order = orderOf(view)
  const missing = missingOf(view.batch)
  if (order === undefined || missing === 0 || !isOpen(view)) return []
  return [[waitButton({ ...order, quantity: missing }, texts)]]
}

/** The order of the batch; `undefined` where the catalogue has lost a target of it. */
const orderOf = ({ batch: { request }, resource }: BatchView): KnownOrder | undefined => {
  const { region, quantity, variant } = request
  const targets = bitsOf(resource, request.targets)
  return targets === undefined ? undefined : { resource, targets, region, quantity, variant }
}

/** Whether the holder still has something to do: to mark, or to say whether to replace. */
const isOpen = ({ batch: { issuances }, resource, now }: BatchView) =>
  issuances.some((issuance) => issuance.mark === null || offersReplacement(resource, issuance, now))

/**
 * A button for each item in use that copies the value wanted first: the password, or the number
 * where there is no password. The other values can be copied from the text.
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

/** The longest text that a button of Telegram copies. */
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
