/**
 * The message that shows what was issued: values to copy, what became of each item, and the
 * buttons to say so. Drawn afresh from the batch after every change.
 *
 * One or two items have all their fields and buttons at once. Of three and more each has as few
 * lines as it needs; the holder taps the number of one to see it whole and to mark it. An item with
 * a mark is a line in any case, unless it is the only one.
 */
import { findStatus, type Resource, type Status } from "../../domain/Catalogue.ts"
import { formatTime } from "../../domain/Day.ts"
import {
  type Batch,
  extensionsOf,
  type Issuance,
  type IssuanceId,
  type Request,
} from "../../domain/Issuance.ts"
import { maskedIdentity } from "../../domain/masks.ts"
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
  pre,
  type Screen,
} from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import {
  asksWhy,
  type BatchView,
  isHidden,
  isInUse,
  isLarge,
  isNearlyDone,
  isRevealed,
  markedLast,
  markText,
  mayCorrect,
  mayExtend,
  mayUndo,
  missingOf,
  numberIn,
  offersReplacement,
  openIn,
  restStatus,
  statusText,
  whyText,
} from "./batchRules.ts"
import { columnLabel, digestOf } from "./lists.ts"
import {
  cut,
  fitsInRow,
  grid,
  lines,
  menuBelow,
  messageMax,
  notice,
  tap,
  visibleLength,
} from "./parts.ts"
import { waitButton } from "./waits.ts"
import { asksVariant, bitsOf, trailOfRequest, variantName } from "./wizard.ts"

export const batchScreen = (view: BatchView, texts: Texts): Screen => {
  if (view.batch.issuances.length === 0) return emptyScreen(view, texts)
  return {
    html: batchText(view, texts),
    keyboard: [
      ...copyRows(view, texts),
      ...revealRow(view, texts),
      ...(questionRows(view, texts) ?? markRows(view, texts)),
      ...waitRow(view, texts),
      [
        ...againButton(view, texts),
        ...extendButton(view, texts),
        ...handButton(view, texts),
        ...menuBelow(texts),
      ],
    ],
  }
}

/** Nothing of the request is with its holder any more: nobody saw it, or all of it was taken. */
const emptyScreen = (view: BatchView, texts: Texts): Screen => {
  const taken = takenLines(view, texts)
  if (taken.length === 0) return notice(texts.batch.withdrawn, texts)
  return { html: lines(...taken), keyboard: [menuBelow(texts)] }
}

/** What was taken from the holder, and why. */
const takenLines = ({ batch, resource }: BatchView, texts: Texts): ReadonlyArray<Html> =>
  (batch.taken ?? []).map(({ key, to, stage, comment = "" }) => {
    const value = maskedIdentity(key, resource)
    const words = texts.taking
    return html`❗ ${to === null ? words.line(value, comment) : words.lineTo(value, cut(stage, takenStageMax), comment)}`
  })

const takenStageMax = 40

interface Drawing extends BatchView {
  /** Every item is whole, however many they are. */
  readonly unfolded?: boolean
  /** A file has what no message could show. */
  readonly hasFile?: boolean
}

const batchText = (view: BatchView, texts: Texts): Html => {
  const hasFile = wholeText(view, texts) !== undefined
  return hasFile || isFolded(view)
    ? fitted({ ...view, hasFile }, texts).text
    : unfolded(view, texts).text
}

/** Whether the message may show less of an item than there is room for. */
const isFolded = ({ batch }: BatchView) =>
  isLarge(batch) || batch.issuances.some(({ mark }) => mark !== null)

interface Fitted {
  readonly fit: Fit
  readonly text: Html
}

/** The fullest text that fits: extras are cut first, and values only where nothing else helps. */
const fitted = (drawing: Drawing, texts: Texts): Fitted => {
  for (const fit of fits) {
    const text = draft(drawing, fit, texts)
    if (visibleLength(text) <= messageMax) return { fit, text }
  }
  return { fit: tightest, text: draft(drawing, tightest, texts) }
}

/** The text with every item whole. While one message is drawn it is asked for three times. */
const unfolded = (view: BatchView, texts: Texts): Fitted => {
  const known = unfoldedTexts.get(view)
  if (known?.texts === texts) return known.of
  const of = fitted({ ...view, unfolded: true }, texts)
  unfoldedTexts.set(view, { texts, of })
  return of
}

const unfoldedTexts = new WeakMap<BatchView, { readonly texts: Texts; readonly of: Fitted }>()

/**
 * Everything about the items of which no message could show all, as the text of a file; `undefined`
 * where one could. `ids`: the only items that the file is for.
 */
export const wholeText = (
  view: BatchView,
  texts: Texts,
  ids?: ReadonlyArray<IssuanceId>,
): string | undefined => {
  const { batch, resource } = view
  const { fit } = unfolded(view, texts)
  const parts = batch.issuances
    .filter(
      (issuance) =>
        isShortened(view, issuance, fit, texts) && (ids === undefined || ids.includes(issuance.id)),
    )
    .map((issuance) =>
      [
        `${numberIn(batch, issuance.id)}.`,
        ...[...valuesOf(resource, issuance, texts), ...extrasOf(issuance)].map(
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
  /** Whether what one tap copies stands below, where no button can copy it. */
  readonly block: boolean
}

const whole = Number.POSITIVE_INFINITY
const tightest: Fit = { extras: 0, values: 24, replaced: false, block: false }
const fits: ReadonlyArray<Fit> = [
  ...[whole, 300, 120, 60, 30, 0].flatMap((extras) =>
    [true, false].map((block) => ({ extras, values: whole, replaced: true, block })),
  ),
  { ...tightest, values: whole },
  // No usable login or password is that long; a message that cannot be sent would help nobody.
  ...[1000, 300, 100].map((values) => ({ ...tightest, values })),
]

const draft = (view: Drawing, fit: Fit, texts: Texts): Html => {
  const { batch, resource, note } = view
  const { request, issuances } = batch
  const given = issuances.filter(({ replacementOf }) => replacementOf === null).length
  const isCut =
    issuances.some((issuance) => isShortened(view, issuance, fit, texts)) || view.hasFile === true
  const all = allValues(view, texts)
  const items = issuances.map((issuance) => itemText(view, issuance, fit, texts))
  const isDense = isLarge(batch) && !issuances.some((issuance) => isRevealed(view, issuance))
  return joinHtml(
    [
      bold(trailOfRequest({ ...request, resource, quantity: given }, request.variant, texts)),
      ...(given < request.quantity ? [html`${whyFewer(given, request, texts)}`] : []),
      ...(isDense ? [lines(...items)] : items),
      ...(fit.block && all.length > copyMax ? [pre(all)] : []),
      lines(...(isLarge(batch) ? timerLines(view, texts) : []), ...hints(view, texts)),
      ...(isCut ? [html`${texts.batch.tooLong}`] : []),
      ...(takenLines(view, texts).length === 0 ? [] : [lines(...takenLines(view, texts))]),
      ...(note === undefined ? [] : [bold(note)]),
      ...questionOf(view, texts),
    ],
    "\n\n",
  )
}

/** What a tap on a value does, and that values are hidden. */
const hints = (view: BatchView, texts: Texts): ReadonlyArray<Html> => {
  const { batch } = view
  const hidden = batch.issuances.filter((issuance) => isHidden(view, issuance)).length
  const choose = isLarge(batch) && openIn(batch).length > 0
  return [
    ...(hidden === batch.issuances.length
      ? []
      : [html`${choose ? texts.batch.chooseHint : texts.batch.copyHint}`]),
    ...(hidden === 0 ? [] : [html`${texts.batch.hidden}`]),
  ]
}

const whyFewer = (given: number, { quantity, allowed }: Request, texts: Texts) =>
  given === allowed ? texts.batch.limited(given, quantity) : texts.batch.fewer(given, quantity)

const itemText = (view: Drawing, issuance: Issuance, fit: Fit, texts: Texts): Html => {
  const { batch, chosen } = view
  const isAlone = batch.issuances.length === 1
  if (chosen === issuance.id || isAlone || isAskedFor(view, issuance)) {
    return wholeItem(view, issuance, fit, texts)
  }
  if (issuance.mark !== null && (view.unfolded !== true || issuance.replacedBy !== null)) {
    return finishedLine(view, issuance, fit, texts)
  }
  return isLarge(batch) && view.unfolded !== true
    ? briefItem(view, issuance, fit, texts)
    : wholeItem(view, issuance, fit, texts)
}

/** A replaced item stays a line: its values are of no use any more. */
const isAskedFor = (view: BatchView, issuance: Issuance) =>
  issuance.replacedBy === null && isRevealed(view, issuance)

/** «М», «замена для 1» */
const aboutItem = (
  { batch, resource }: BatchView,
  { item, replacementOf }: Issuance,
  texts: Texts,
) => [
  ...(item.variant !== null && asksVariant(resource)
    ? [variantName(resource, item.variant, texts)]
    : []),
  // An item that was handed over or put into quarantine is no longer in this batch.
  ...(replacementOf === null || numberIn(batch, replacementOf) === 0
    ? []
    : [texts.batch.replacementOf(numberIn(batch, replacementOf))]),
]

/** Every value with its name, the extras, and the state of the item. */
const wholeItem = (view: BatchView, issuance: Issuance, fit: Fit, texts: Texts): Html => {
  const { batch, resource } = view
  const { replacedBy } = issuance
  const number = numberIn(batch, issuance.id)
  const values = valuesOf(resource, issuance, texts).filter(
    ({ isIdentity }) => replacedBy === null || (fit.replaced && isIdentity),
  )
  const heading = bold(`${number}. ${aboutItem(view, issuance, texts).join(", ")}`.trimEnd())
  const state = html`${stateText(view, issuance, texts)}`
  if (isHidden(view, issuance)) {
    return lines(heading, html`${maskedOf(resource, issuance)}`, state)
  }
  return lines(
    heading,
    ...values.map(({ header, text }) => html`${header}: ${code(cut(text, fit.values))}`),
    ...(replacedBy === null ? daysOf(resource, issuance, texts) : []),
    ...(replacedBy === null && fit.extras > 0
      ? extrasOf(issuance).map(
          ({ header, text }) => html`${cut(header, 40)}: ${code(cut(text, fit.extras))}`,
        )
      : []),
    state,
  )
}

/** The value that the item is known by, as far as it is not secret. */
const maskedOf = (resource: Resource, { item }: Issuance) =>
  cut(maskedIdentity(item.fields[resource.identity] ?? "", resource), identityMax)

/**
 * The values alone, on one line where they are short, and the beginning of the extras below, which
 * gives way to the item that is looked at.
 */
const briefItem = (view: BatchView, issuance: Issuance, fit: Fit, texts: Texts): Html => {
  const { batch, resource } = view
  const values = valuesOf(resource, issuance, texts).map(({ text }) => cut(text, fit.values))
  const isShort = values.join("").length <= briefMax
  const extras = extrasOf(issuance).map(({ header, text }) => `${header}: ${text}`)
  const about = [...aboutItem(view, issuance, texts), ...dayTexts(resource, issuance)]
  return lines(
    joinHtml(
      [
        html`${bold(`${numberIn(batch, issuance.id)}.`)} ${joinHtml(values.map(code), isShort ? " · " : "\n")}`,
        ...about.map((text) => html`${text}`),
      ],
      " · ",
    ),
    ...(fit.extras > 0 && extras.length > 0 && view.chosen === undefined
      ? [html`${cut(extras.join("; "), extrasBriefMax)}`]
      : []),
  )
}

/** What has a mark: the value that it is known by, and the mark. */
const finishedLine = (view: BatchView, issuance: Issuance, fit: Fit, texts: Texts): Html => {
  const { batch, resource } = view
  const { item, replacedBy } = issuance
  const identity = item.fields[resource.identity] ?? ""
  const shown = isHidden(view, issuance)
    ? html`${maskedOf(resource, issuance)}`
    : code(cut(identity, Math.min(fit.values, identityMax)))
  return joinHtml(
    [
      html`${bold(`${numberIn(batch, issuance.id)}.`)} ${replacedBy === null || fit.replaced ? shown : "…"}`,
      ...aboutItem(view, issuance, texts).map((text) => html`${text}`),
      html`${stateText(view, issuance, texts)}`,
    ],
    " · ",
  )
}

/** So many signs of values fit one line of a phone, beside the number of the item. */
const briefMax = 28
const extrasBriefMax = 34
const identityMax = 60

/** When the timer marks what is open, and with what; a line for each moment. */
const timerLines = ({ batch, resource, zone }: BatchView, texts: Texts): ReadonlyArray<Html> => {
  const open = openIn(batch)
  const numbersOf = (these: ReadonlyArray<Issuance>) =>
    these.map(({ id }) => numberIn(batch, id)).join(", ")
  if (open.length === 0) return []
  const status =
    resource.autoStatus === null ? undefined : findStatus(resource, resource.autoStatus)
  if (status === undefined) return [html`${texts.batch.unclearThese(numbersOf(open))}`]
  const times = [...Map.groupBy(open, ({ confirmAt }) => formatTime(confirmAt, zone))]
  return times.map(
    ([time, these]) =>
      html`⏳ ${texts.batch.confirmThemselves(
        times.length === 1 ? undefined : numbersOf(these),
        texts.label(status.label),
        time,
      )}`,
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
  const said = `${markText(resource, mark, texts)}${whyText(resource, mark, texts)}`
  if (changing === issuance.id) return `${said}. ${texts.batch.chooseStatus}`
  if (replacedBy !== null) {
    const number = numberIn(batch, replacedBy)
    return number === 0 ? said : `${said}, ${texts.batch.replacedBy(number)}`
  }
  return offersReplacement(resource, issuance, now) ? `${said}. ${texts.batch.replace}` : said
}

/** The values that a person copies: those of the catalogue's columns, without dates. */
const valuesOf = (resource: Resource, { item }: Issuance, texts: Texts) =>
  resource.columns.flatMap((column) => {
    const { key, kind } = column
    const text = item.fields[key] ?? ""
    return text === "" || kind === "date"
      ? []
      : [{ header: columnLabel(column, texts), text, isIdentity: key === resource.identity }]
  })

/** A date tells the holder something only where the item is meant for that day. */
const daysOf = (resource: Resource, { item }: Issuance, texts: Texts): ReadonlyArray<Html> =>
  dayColumns(resource).flatMap((column) => {
    const text = item.fields[column.key] ?? ""
    return text === "" ? [] : [html`${columnLabel(column, texts)}: ${cut(text, dateMax)}`]
  })

const dayTexts = (resource: Resource, { item }: Issuance): ReadonlyArray<string> =>
  dayColumns(resource).flatMap(({ key }) => {
    const text = item.fields[key] ?? ""
    return text === "" ? [] : [cut(text, dateMax)]
  })

const dayColumns = ({ dayBound, columns }: Resource) =>
  dayBound === true ? columns.filter(({ kind }) => kind === "date") : []

/** A date has ten characters; what somebody wrote instead of one may have more. */
const dateMax = 40

const extrasOf = ({ item }: Issuance) => item.extras.filter(({ text }) => text.trim() !== "")

/** Whether a message that shows every item whole would have to cut something of this one. */
const isShortened = (view: BatchView, issuance: Issuance, fit: Fit, texts: Texts) =>
  issuance.replacedBy === null &&
  !isHidden(view, issuance) &&
  (extrasOf(issuance).some(({ text }) => text.length > fit.extras) ||
    valuesOf(view.resource, issuance, texts).some(({ text }) => text.length > fit.values))

/** Offers the same order again once nothing is left to do with this batch. */
const againButton = (view: BatchView, texts: Texts): ReadonlyArray<Button> => {
  const order = orderOf(view)
  if (order === undefined || isOpen(view)) return []
  return [tap(texts.employee.repeat.again, { _tag: "Again", ...fieldsOf(order) })]
}

/** Gives more time for all that is open, while nothing else is asked. */
const extendButton = (view: BatchView, texts: Texts): ReadonlyArray<Button> => {
  const { batch, resource } = view
  const [first] = openIn(batch)
  if (first === undefined || view.asking === true || !mayExtend(view)) return []
  const seen = extensionsOf(batch.issuances)
  const action: Action = { _tag: "Extend", resource: resource.id, issuance: first.id, seen }
  return [tap(texts.batch.extend, action)]
}

/**
 * Leads to the colleagues for the item whose buttons are shown, or to a list where they are those of
 * two. It stands beside the other buttons below, so that no row is added for it.
 */
const handButton = (view: BatchView, texts: Texts): ReadonlyArray<Button> => {
  const { batch, resource, chosen } = view
  const open = view.asking === true ? [] : openIn(batch).filter((each) => hasButtons(view, each))
  const [first, ...others] = open
  const one = open.find(({ id }) => id === chosen) ?? (others.length === 0 ? first : undefined)
  if (first === undefined) return []
  const action: Action =
    one === undefined
      ? { _tag: "Hand" }
      : { _tag: "HandThis", resource: resource.id, issuance: one.id }
  return [tap(texts.handing.short, action)]
}

/** Offers to wait for the rest where the batch has fewer items than were asked for. */
const waitRow = (view: BatchView, texts: Texts): Keyboard => {
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

/** What is worth copying. */
const copied = (view: BatchView): ReadonlyArray<Issuance> =>
  view.batch.issuances.filter(
    (issuance) => isInUse(view.resource, issuance) && !isHidden(view, issuance),
  )

/** The way to the hidden values as long as the bot knows them, and back. */
const revealRow = (view: BatchView, texts: Texts): Keyboard => {
  const { batch, resource, now } = view
  const about = ({ id }: Issuance) => ({ resource: resource.id, issuance: id })
  const hidden = batch.issuances.find(
    (issuance) => isHidden(view, issuance) && mayCorrect(issuance, now),
  )
  if (hidden !== undefined) return [[tap(texts.batch.reveal, { _tag: "Reveal", ...about(hidden) })]]
  const revealed = batch.issuances.find((issuance) => isRevealed(view, issuance))
  return revealed === undefined
    ? []
    : [[tap(texts.batch.hide, { _tag: "Fold", ...about(revealed) })]]
}

/** «login:password» of each item in use on a line of its own; empty where it is one at most. */
const allValues = (view: BatchView, texts: Texts): string => {
  const each = copied(view).map((issuance) =>
    valuesOf(view.resource, issuance, texts)
      .map(({ text }) => text)
      .join(":"),
  )
  return each.length < 2 ? "" : each.join("\n")
}

const copyButton = (text: string, copies: string): ReadonlyArray<Button> =>
  copies === "" || copies.length > copyMax ? [] : [{ kind: "copy", text, copies }]

/**
 * A button for all values together, and buttons for single ones: of one of several items that is
 * looked at for each of its values, and otherwise for the value of each item that is wanted first,
 * the password, or the number where there is no password. The others can be copied from the text.
 */
const copyRows = (view: BatchView, texts: Texts): Keyboard => {
  const { batch, resource, chosen } = view
  const { issuances } = batch
  const columns = resource.columns.filter(({ kind }) => kind !== "date")
  const first =
    columns.find(({ kind }) => kind === "secret") ?? columns.find(({ kind }) => kind === "phone")
  const one = copied(view).filter(({ id }) => id === chosen)
  const isEach = !isLarge(batch) || openIn(batch).length === 0
  const wanted = one.length > 0 && isLarge(batch) ? columns : first === undefined ? [] : [first]
  const single = (one.length > 0 && isLarge(batch) ? one : isEach ? copied(view) : []).flatMap(
    ({ id, item }) =>
      wanted.flatMap((column) =>
        copyButton(
          issuances.length === 1
            ? texts.batch.copy(columnLabel(column, texts))
            : texts.batch.copyOf(cut(columnLabel(column, texts), headerMax), numberIn(batch, id)),
          item.fields[column.key] ?? "",
        ),
      ),
  )
  const headers = columns.map((column) => cut(columnLabel(column, texts), headerMax)).join(":")
  const isCrowded = isLarge(batch) && chosen !== undefined
  const all = isCrowded ? [] : copyButton(texts.batch.copyAll(headers), allValues(view, texts))
  return [...grid(all, 1), ...grid(single, 3)]
}

/** Longer names of columns would be cut on a phone. */
const headerMax = 12

/** The longest text that a button of Telegram copies. */
const copyMax = 256

/** Asks once before all that is left is marked. */
const questionOf = (view: BatchView, texts: Texts): ReadonlyArray<Html> => {
  const status = view.asking === true ? restStatus(view) : undefined
  if (status === undefined) return []
  const numbers = openIn(view.batch).map(({ id }) => numberIn(view.batch, id))
  return [bold(texts.batch.restAsk(numbers.join(", "), statusText(status, texts)))]
}

/**
 * The answers to that question; nothing where it is not asked. The yes comes first, so that a
 * second tap in the place of the button that asked does not hit it.
 */
const questionRows = (view: BatchView, texts: Texts): Keyboard | undefined => {
  const { batch, resource } = view
  const status = view.asking === true ? restStatus(view) : undefined
  const [first] = openIn(batch)
  if (status === undefined || first === undefined) return undefined
  const about = { resource: resource.id, issuance: first.id }
  const yes = texts.batch.restYes(openIn(batch).length)
  return [
    [tap(yes, { _tag: "MarkRest", ...about, seen: restDigest(batch) }, status.style)],
    [tap(texts.batch.no, { _tag: "Fold", ...about })],
  ]
}

/** Names the issuances without a mark, so that a yes is to what was shown. */
export const restDigest = (batch: Batch): string =>
  digestOf(
    html`${openIn(batch)
      .map(({ id }) => id)
      .join(" ")}`,
  )

const markRows = (view: BatchView, texts: Texts): Keyboard => {
  const { batch, resource } = view
  const last = markedLast(view)
  const status = restStatus(view)
  const [first] = openIn(batch)
  const together = isLarge(batch) && last.length > 1 ? last : []
  const [anchor] = together
  return [
    ...numberRows(view, texts),
    ...batch.issuances.flatMap((issuance) => itemButtons(view, issuance, texts)),
    ...(anchor === undefined
      ? []
      : [
          [
            tap(texts.batch.undoThese(together.map(({ id }) => numberIn(batch, id)).join(", ")), {
              _tag: "UndoTogether",
              resource: resource.id,
              issuance: anchor.id,
            }),
          ],
        ]),
    ...(status === undefined || first === undefined
      ? []
      : [
          [
            tap(
              `${status.sign} ${texts.batch.rest(texts.label(status.label))}`,
              { _tag: "AskRest", resource: resource.id, issuance: first.id },
              status.style,
            ),
          ],
        ]),
  ]
}

/** The items of a large batch by their numbers, each with its mark: a tap shows one whole. */
const numberRows = ({ batch, resource, now, chosen }: BatchView, texts: Texts): Keyboard => {
  if (!isLarge(batch)) return []
  return grid(
    batch.issuances.flatMap((issuance) => {
      const { id, mark } = issuance
      if (mark !== null && !mayCorrect(issuance, now)) return []
      const about = { resource: resource.id, issuance: id }
      const sign = mark === null ? undefined : findStatus(resource, mark.status)?.sign
      const label = [numberIn(batch, id), ...(sign === undefined ? [] : [sign])].join(" ")
      return chosen === id
        ? [tap(texts.batch.chosen(label), { _tag: "Fold", ...about }, "primary")]
        : [tap(label, { _tag: "Look", ...about })]
    }),
    5,
  )
}

/** Whether the buttons of an item without a mark are shown; else a tap on its number shows them. */
const hasButtons = ({ batch, chosen }: BatchView, { id }: Issuance): boolean =>
  chosen === id || !isLarge(batch) || isNearlyDone(batch)

/** What can be done with one item, as far as that does not begin with a tap on its number. */
const itemButtons = (view: BatchView, issuance: Issuance, texts: Texts): Keyboard => {
  const { resource, batch, now, changing, chosen } = view
  const { id, mark } = issuance
  const number = numberIn(batch, id)
  const target = { resource: resource.id, issuance: id }
  const isSingle = batch.issuances.length === 1
  const prefix = isSingle ? "" : `${number} `
  const inRow = Math.min(4, resource.statuses.length)
  /** Without the sign of the status where the number leaves no room for it. */
  const labelOf = (status: Status) => {
    const full = `${prefix}${statusText(status, texts)}`
    return fitsInRow(full, inRow) ? full : `${prefix}${texts.label(status.label)}`
  }
  const statuses = (tag: "Mark" | "Correct") =>
    grid(
      resource.statuses.map((status) =>
        tap(labelOf(status), { _tag: tag, ...target, status: status.id }, status.style),
      ),
      inRow,
    )
  if (mark === null) {
    return hasButtons(view, issuance) ? statuses("Mark") : []
  }
  const mayAsk = asksWhy(resource, issuance, now)
  const why = [[tap(`${prefix}${texts.batch.why.button}`, { _tag: "Why", ...target })]]
  if (changing === id && mayCorrect(issuance, now)) {
    return [...statuses("Correct"), ...(mayAsk ? why : [])]
  }
  const [last, ...more] = markedLast(view)
  const hasWays = chosen === id || !isLarge(batch) || (last?.id === id && more.length === 0)
  const ways: ReadonlyArray<Button> = [
    ...(mayUndo(issuance, now) ? [tap(texts.batch.undo, { _tag: "Undo", ...target })] : []),
    ...(mayCorrect(issuance, now) ? [tap(texts.batch.change, { _tag: "Change", ...target })] : []),
  ]
  const look: Action = { _tag: chosen === id ? "Fold" : "Look", ...target }
  // A single item is whole already, and its mark stands in the text.
  const item = isSingle ? [] : [tap(`${number} ${markText(resource, mark, texts)}`, look)]
  return [
    ...(hasWays && ways.length > 0 ? [[...item, ...ways]] : []),
    // Offered right after the mark; later the button «изменить» leads to it.
    ...(hasWays && mayAsk && mark.comment === undefined && mayUndo(issuance, now) ? why : []),
    ...(offersReplacement(resource, issuance, now)
      ? [
          [
            tap(`${prefix}${texts.batch.replaceYes}`, { _tag: "Replace", ...target }, "primary"),
            tap(`${prefix}${texts.batch.no}`, { _tag: "Decline", ...target }),
          ],
        ]
      : []),
  ]
}
