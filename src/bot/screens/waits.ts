/** What a person sees of their waits: that one has begun, that there are items, that one has ended. */
import { type DateTime, Duration } from "effect"
import { waitKept } from "../../config/Limits.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { Action } from "../buttons.ts"
import { fieldsOf, kindText, type KnownOrder } from "../orders.ts"
import { bold, type Button, type Html, html, type Keyboard, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import type { Wait } from "../Waitlist.ts"
import { untilText } from "./lists.ts"
import { cut, menuBelow, notice, page, tap } from "./parts.ts"
import { bitsOf, targetsOf } from "./wizard.ts"

/** The longest line and button for one wait, because their list stands below a list of goods. */
const lineMax = 80
const buttonMax = 40

export interface WaitsView {
  readonly waits: ReadonlyArray<Wait>
  readonly resources: ReadonlyArray<Resource>
  readonly now: number
  readonly zone: DateTime.TimeZone
}

/** The button under a screen that says that there is nothing. */
export const waitButton = (order: KnownOrder, texts: Texts): Button =>
  tap(texts.employee.waiting.ask, { _tag: "Wait", ...fieldsOf(order) })

export const startedScreen = (
  wait: Wait,
  { resources, zone }: Pick<WaitsView, "resources" | "zone">,
  texts: Texts,
): Screen => {
  const words = texts.employee.waiting
  // The message stays in the chat, where «завтра» would soon mean another day.
  const until = formatMoment(endOf(wait), zone)
  const stop = stopButton(wait, "wait", words.stop, resources)
  return notice(words.started(kindText(wait, resources, texts), until), texts, stop)
}

export const stoppedScreen = (
  wait: Omit<Wait, "since" | "at" | "isTelling" | "quantity">,
  resources: ReadonlyArray<Resource>,
  texts: Texts,
): Screen => notice(texts.employee.waiting.stopped(kindText(wait, resources, texts)), texts)

/** `count` is the number of items that fit the order. */
export const arrivedScreen = (order: KnownOrder, count: number, texts: Texts): Screen => {
  const words = texts.employee.waiting
  const take = count < order.quantity ? words.takeFewer : words.take(order.quantity)
  return {
    html: page(words.arrived(textOf(order, texts)), words.fits(count, order.quantity)),
    keyboard: [[tap(take, { _tag: "Issue", ...fieldsOf(order) }, "primary")], menuBelow(texts)],
  }
}

/** `order` is undefined where it cannot be made any more. */
export const endedScreen = (
  wait: Wait,
  order: KnownOrder | undefined,
  resources: ReadonlyArray<Resource>,
  texts: Texts,
): Screen => {
  const words = texts.employee.waiting
  const again: Keyboard =
    order === undefined ? [] : [[tap(words.again, { _tag: "Wait", ...fieldsOf(order) })]]
  return notice(words.ended(kindText(wait, resources, texts)), texts, again)
}

/** The part of «Мои выдачи» that lists the waits. */
export const waitParts = (
  { waits, resources, now, zone }: WaitsView,
  texts: Texts,
): { readonly text: ReadonlyArray<Html>; readonly buttons: Keyboard } => {
  const words = texts.employee.waiting
  if (waits.length === 0) return { text: [], buttons: [] }
  const nameOf = (wait: Wait) => kindText(wait, resources, texts)
  return {
    text: [
      html``,
      bold(words.title(waits.length)),
      ...waits.map((wait) => {
        const until = untilText(endOf(wait), { now, zone, texts })
        return html`${words.line(cut(nameOf(wait), lineMax), until)}`
      }),
    ],
    buttons: waits.flatMap((wait) =>
      stopButton(wait, "my", words.stopOne(cut(nameOf(wait), buttonMax)), resources),
    ),
  }
}

/** When a wait ends by itself. */
export const endOf = ({ at }: Wait) => at + Duration.toMillis(waitKept)

/** No button where the catalogue has lost what it would name: such a wait ends by itself. */
const stopButton = (
  wait: Wait,
  from: Extract<Action, { readonly _tag: "Unwait" }>["from"],
  text: string,
  resources: ReadonlyArray<Resource>,
): Keyboard => {
  const resource = resources.find(({ id }) => id === wait.resource)
  const targets = resource === undefined ? undefined : bitsOf(resource, wait.targets)
  if (resource === undefined || targets === undefined) return []
  const { region, variant } = wait
  return [[tap(text, { _tag: "Unwait", resource: resource.id, targets, region, variant, from })]]
}

const textOf = (order: KnownOrder, texts: Texts) => {
  const { resource, targets, region, variant } = order
  const asked = { resource: resource.id, targets: targetsOf(resource, targets), region, variant }
  return kindText(asked, [resource], texts)
}
