/** What a batch message shows of an item, and what its holder may still do with it. */
import { type DateTime, Duration } from "effect"
import {
  correctionWindow,
  markExtensionsMax,
  replacementChainMax,
  undoWindow,
} from "../../config/Limits.ts"
import { findStatus, type Resource, type Status } from "../../domain/Catalogue.ts"
import type { Batch, Issuance, IssuanceId, Mark } from "../../domain/Issuance.ts"
import type { Texts } from "../texts/Texts.ts"

export interface BatchView {
  readonly batch: Batch
  readonly resource: Resource
  readonly now: number
  readonly zone: DateTime.TimeZone
  /** How long after its mark the values of an item are hidden; `undefined`: never. */
  readonly hideAfter?: Duration.Duration | undefined
  /** Whether the holder asked for the hidden values, as long as that is allowed. */
  readonly revealed?: boolean
  /** The issuance that the holder looks at: it is shown whole, with all that can be done with it. */
  readonly chosen?: IssuanceId
  /** The issuance whose mark is being corrected. */
  readonly changing?: IssuanceId
  /** Whether it is being asked if all that is left gets the mark of the timer. */
  readonly asking?: boolean
  /** A sentence to add at the end. */
  readonly note?: string
}

/** The issuances that wait for a mark. */
export const openIn = ({ issuances }: Batch): ReadonlyArray<Issuance> =>
  issuances.filter(({ mark }) => mark === null)

/** Where more are in use than that, each is shown on as few lines as it needs. */
const roomyMax = 2

export const isLarge = ({ issuances }: Batch): boolean =>
  issuances.filter(({ replacedBy }) => replacedBy === null).length > roomyMax

/** Whether so few wait for a mark that each has its buttons at once. */
export const isNearlyDone = (batch: Batch): boolean => openIn(batch).length <= roomyMax

/** Whether an item that was marked then is old enough for its values to be hidden. */
export const isOld = (
  markedAt: number | null,
  { hideAfter, now }: Pick<BatchView, "hideAfter" | "now">,
): boolean =>
  hideAfter !== undefined && markedAt !== null && now >= markedAt + Duration.toMillis(hideAfter)

const isOldHere = (view: BatchView, { mark }: Issuance) => isOld(mark?.at ?? null, view)

/** Whether the message masks the value that the item is known by, and leaves the others out. */
export const isHidden = (view: BatchView, issuance: Issuance): boolean =>
  isOldHere(view, issuance) && !isRevealed(view, issuance)

/** Whether the holder sees the values of an old item because he asked for them. */
export const isRevealed = (view: BatchView, issuance: Issuance): boolean =>
  view.revealed === true && isOldHere(view, issuance) && mayCorrect(issuance, view.now)

/** Whether the item is good for work as far as anybody knows. */
export const isInUse = (resource: Resource, { mark, replacedBy }: Issuance): boolean =>
  replacedBy === null &&
  (mark === null || findStatus(resource, mark.status)?.offersReplacement !== true)

/** The status that the timer sets, where all that waits for a mark can be given it together. */
export const restStatus = ({ batch, resource }: Pick<BatchView, "batch" | "resource">) =>
  resource.autoStatus === null || openIn(batch).length < 2
    ? undefined
    : findStatus(resource, resource.autoStatus)

/** What was marked by the same tap and can still be taken back; the latest such tap counts. */
export const markedLast = ({ batch, now }: Pick<BatchView, "batch" | "now">) => {
  const undoable = batch.issuances.filter((issuance) => mayUndo(issuance, now))
  const at = Math.max(...undoable.map(({ mark }) => mark?.at ?? 0))
  return undoable.filter(({ mark }) => mark?.at === at)
}

/** Whether the holder may have more time for something in the batch. */
export const mayExtend = ({ batch, resource }: Pick<BatchView, "batch" | "resource">): boolean =>
  resource.autoStatus !== null &&
  openIn(batch).some(({ extensions = 0 }) => extensions < markExtensionsMax)

/** Whether the holder may still take the mark back. */
export const mayUndo = ({ mark, replacedBy }: Issuance, now: number) =>
  mark !== null &&
  !mark.auto &&
  replacedBy === null &&
  now < mark.at + Duration.toMillis(undoWindow)

/** Whether the holder may still set another mark. */
export const mayCorrect = ({ mark }: Issuance, now: number) =>
  mark !== null && now < mark.at + Duration.toMillis(correctionWindow)

/** Whether the question «Заменить?» is open. */
export const offersReplacement = (resource: Resource, issuance: Issuance, now: number) =>
  mayCorrect(issuance, now) &&
  issuance.mark !== null &&
  findStatus(resource, issuance.mark.status)?.offersReplacement === true &&
  issuance.replacedBy === null &&
  !issuance.replacementDeclined &&
  issuance.generation < replacementChainMax

/**
 * How many items were missing in the stock. Items that the person's limit held back do not count:
 * they are in stock.
 */
export const missingOf = ({ request: { quantity, allowed }, issuances }: Batch): number => {
  const given = issuances.filter(({ replacementOf }) => replacementOf === null).length
  return given === allowed ? 0 : Math.max(quantity - given, 0)
}

export const statusText = ({ sign, label }: Status, texts: Texts) => `${sign} ${texts.label(label)}`

/** «⛔ Блок», or «✅ Хороший (сам)» where the timer set the mark. */
export const markText = (resource: Resource, mark: Mark, texts: Texts): string => {
  const status = findStatus(resource, mark.status)
  const text = status === undefined ? mark.status : statusText(status, texts)
  return mark.auto ? texts.batch.automatic(text) : text
}

/** A comment as this language has it, where it is one of the reasons that the status offers. */
export const reasonText = (status: Status | undefined, comment: string, texts: Texts): string => {
  const known = status?.reasons?.find(({ ru, en }) => ru === comment || en === comment)
  return known === undefined ? comment : texts.label(known)
}

/** «: не входит», to follow a status; nothing where nobody said why. */
export const whyText = (
  resource: Resource | undefined,
  mark: { readonly status: string | null; readonly comment?: string },
  texts: Texts,
): string => {
  const { status, comment } = mark
  if (status === null || comment === undefined) return ""
  const known = resource === undefined ? undefined : findStatus(resource, status)
  return `: ${reasonText(known, comment, texts)}`
}

/** Whether the holder is offered to say why the item has its status, or to say it otherwise. */
export const asksWhy = (resource: Resource, issuance: Issuance, now: number) =>
  mayCorrect(issuance, now) &&
  issuance.mark !== null &&
  findStatus(resource, issuance.mark.status)?.asksWhy === true

/** The place of an issuance in its batch, counted from one; 0 where it is not in the batch. */
export const numberIn = (batch: Batch, id: IssuanceId) =>
  batch.issuances.findIndex((issuance) => issuance.id === id) + 1
