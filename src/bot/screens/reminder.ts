/** A short while before a batch marks itself. What is in it is not said here. */
import { Duration } from "effect"
import type { Resource } from "../../domain/Catalogue.ts"
import type { Request } from "../../domain/Issuance.ts"
import { html, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { batchAction } from "./my.ts"
import { cut, tap, trailOf } from "./parts.ts"

const nameMax = 40

export interface ReminderView {
  readonly request: Request
  readonly resource: Resource
  /** Until the timer marks that many. */
  readonly left: Duration.Duration
  /** When that is: a silent message may be read late. */
  readonly time: string
  readonly count: number
}

export const reminderScreen = (
  { request, resource, left, time, count }: ReminderView,
  texts: Texts,
): Screen => {
  const words = texts.employee.reminder
  const place = trailOf(cut(texts.label(resource.label), nameMax), request.region)
  const what = `${place}, ${texts.wizard.pieces(count)}`
  const minutes = Math.round(Duration.toMinutes(left))
  const text = minutes < 1 ? words.atOnce(time, what) : words.soon(minutes, time, what)
  return { html: html`${text}`, keyboard: [[tap(words.show, batchAction(request.key))]] }
}
