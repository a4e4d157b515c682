/** The text over the buttons of a batch, in the words of its holder and within Telegram's length. */
import type { Resource } from "../../domain/Catalogue.ts"
import { formatTime } from "../../domain/Day.ts"
import type { Issuance, Request } from "../../domain/Issuance.ts"
import { bold, code, type Html, html, joinHtml } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { type BatchView, markText, numberIn, offersReplacement } from "./batchRules.ts"
import { cut, lines, messageMax, visibleLength } from "./parts.ts"
import { asksVariant, trailOfRequest, variantName } from "./wizard.ts"

/** The fullest text that fits: extras are cut first, and values only where nothing else helps. */
export const batchText = (view: BatchView, texts: Texts): Html => {
  const drafts = fits.map((fit) => () => draft(view, fit, texts))
  for (const each of drafts) {
    const text = each()
    if (visibleLength(text) <= messageMax) return text
  }
  return draft(view, tightest, texts)
}

interface Fit {
  /** Longest extra value; 0 leaves the extras out. */
  readonly extras: number
  /** Longest value of a known column. */
  readonly values: number
  /** Replaced items show what they were. */
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
    // One that was handed over or put aside stands in this batch no longer.
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

/** Values of the catalogue's columns, to be copied. */
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

/** A date is ten signs; what a person wrote instead of one may be longer. */
const dateMax = 40

const extrasOf = ({ item }: Issuance) => item.extras.filter(({ text }) => text.trim() !== "")

const isShortened = (resource: Resource, issuance: Issuance, fit: Fit) =>
  issuance.replacedBy === null &&
  (extrasOf(issuance).some(({ text }) => text.length > fit.extras) ||
    valuesOf(resource, issuance).some(({ text }) => text.length > fit.values))
