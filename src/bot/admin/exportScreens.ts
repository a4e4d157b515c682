/** /export: of what, for how long, and what stands under the file. */
import type { Resource } from "../../domain/Catalogue.ts"
import { type Day, formatDay, formatMoment } from "../../domain/Day.ts"
import type { IssuanceFile } from "../../stats/csv.ts"
import type { Action } from "../Callback.ts"
import { bold, html, type Screen } from "../Screen.ts"
import { buttonsOnPage, nameOf, pageOf, type Scenery } from "../screens/lists.ts"
import { lines, menuBelow, tap, trailOf } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import type { ExportRequest } from "./exportRequest.ts"

export const resourcesScreen = (
  resources: ReadonlyArray<Resource>,
  page: number,
  texts: Texts,
): Screen => {
  const words = texts.exports
  const entries = [null, ...resources].map((resource) => ({
    html: html``,
    button: tap(resourceText(resource, texts), {
      _tag: "ExportOf",
      resource: resource?.id ?? null,
    }),
  }))
  const shown = pageOf(entries, page, buttonsOnPage, toPage)
  return {
    html: lines(bold(words.title), html`${words.chooseResource}`, html``, html`${words.hint}`),
    keyboard: [...shown.buttons.map((button) => [button]), ...shown.turning, menuBelow(texts)],
  }
}

const toPage = (page: number): Action => ({ _tag: "Exports", page })

/** `headline`: what became of the file that was asked for here before. */
export const periodsScreen = (
  resource: Resource | null,
  texts: Texts,
  headline?: string,
): Screen => {
  const words = texts.exports
  const to = (days: keyof typeof words.periods) =>
    tap(words.periods[days], { _tag: "ExportFile", resource: resource?.id ?? null, days })
  return {
    html: lines(
      ...(headline === undefined ? [] : [html`${headline}`, html``]),
      bold(trailOf(words.title, resourceText(resource, texts))),
      html`${words.choosePeriod}`,
    ),
    keyboard: [
      [to("1"), to("7"), to("30")],
      [to("all")],
      [tap(texts.wizard.back, { _tag: "Exports", page: 0 }), ...menuBelow(texts)],
    ],
  }
}

/** What was asked for, with the dates that it came to. */
export interface Asking {
  readonly request: ExportRequest
  /** `undefined`: since ever. */
  readonly span: { readonly first: Day; readonly last: Day } | undefined
  /** `undefined`: everybody's. */
  readonly name: string | undefined
}

export const exportCaption = (
  asking: Asking,
  { rows, oldest, newest, isCut }: IssuanceFile,
  { zone, texts }: Scenery,
): Screen => {
  const words = texts.exports
  const dates =
    asking.span === undefined
      ? words.allTime(formatMoment(oldest, zone), formatMoment(newest, zone))
      : datesText(asking, texts)
  return {
    html: lines(
      bold(trailOf(words.title, resourceText(asking.request.resource, texts))),
      html`${dates}, ${whoseText(asking, texts)}`,
      html`${words.rows(rows)}`,
      isCut ? html`${words.cut(rows)}` : undefined,
      html`${words.withoutSecrets}`,
    ),
    keyboard: [],
  }
}

export const nothingText = (asking: Asking, texts: Texts): string =>
  texts.exports.nothing(
    [
      resourceText(asking.request.resource, texts),
      datesText(asking, texts),
      whoseText(asking, texts),
    ].join(" · "),
  )

const resourceText = (resource: Resource | null, texts: Texts): string =>
  resource === null ? texts.exports.allResources : nameOf(resource, texts)

const datesText = ({ span }: Asking, texts: Texts): string => {
  if (span === undefined) return texts.exports.everSince
  const [first, last] = [formatDay(span.first), formatDay(span.last)]
  return first === last ? texts.stats.today(last) : texts.stats.range(first, last)
}

const whoseText = ({ name }: Asking, { exports: words }: Texts): string =>
  name === undefined ? words.everybody : words.ofPerson(name)
