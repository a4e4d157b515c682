/** What is left in the sheet and for how long all of it lasts, in words; for /stock and the digest. */
import { outlookDaysMax } from "../../config/Limits.ts"
import { findVariant, type Resource } from "../../domain/Catalogue.ts"
import { dayOf, formatMoment, formatTime } from "../../domain/Day.ts"
import type { Forecast, PoolForecast } from "../../stats/Outlook.ts"
import type { Scenery } from "../screens/lists.ts"
import { cut } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

/** Labels of a catalogue may be of any length. */
const variantsMax = 400

/** «В таблице ещё строк: 120 (М: 80, Ж: 40; в 14:30)» */
export const rowsText = (
  resource: Resource,
  forecast: PoolForecast,
  { now, zone, texts }: Scenery,
): string => {
  const words = texts.outlook
  const { rows, countedAt, onlyDay } = forecast
  if (rows === null || countedAt === null) return words.rowsUnknown
  const isToday = dayOf(countedAt, zone) === dayOf(now, zone)
  const time = isToday
    ? words.countedAt(formatTime(countedAt, zone))
    : words.countedOn(formatMoment(countedAt, zone))
  const parts = variantsText(resource, forecast, texts, (own) =>
    own.rows === null ? undefined : String(own.rows),
  )
  const more = parts === undefined ? time : `${parts}; ${time}`
  return onlyDay === null ? words.rows(rows, more) : words.rowsToday(rows, more)
}

/** «Хватит примерно на 6 дней: уходит 20 в день»; `undefined` where the pace is unknown or zero. */
export const lastsText = (
  resource: Resource,
  forecast: PoolForecast,
  texts: Texts,
): string | undefined => {
  const words = texts.outlook
  const { pace, onlyDay } = forecast
  if (pace === null || pace === 0) return undefined
  const lasts = lastingOf(forecast, onlyDay !== null, words.lasts)
  if (lasts === undefined) return words.pace(shownPace(pace))
  const parts = variantsText(resource, forecast, texts, (own) =>
    lastingOf(own, onlyDay !== null, words.variantLasts),
  )
  return `${words.atPace(lasts, shownPace(pace))}${parts === undefined ? "" : ` (${parts})`}`
}

/** For how long it lasts, in either wording; `undefined` where that is unknown or nothing is left. */
export const lastingOf = (
  { days }: Forecast,
  isOfToday: boolean,
  words: Texts["outlook"]["lasts"],
): string | undefined => {
  if (days === null || days === 0) return undefined
  if (days < 1) return words.lessThanDay
  // Items of today are not issued tomorrow, so that no number of days can be told.
  if (isOfToday) return words.today
  return days > outlookDaysMax ? words.forEver : words.days(Math.floor(days))
}

/** Small paces have one digit behind the point; a pace that is not zero is never shown as zero. */
const shownPace = (pace: number) =>
  pace >= 10 ? Math.round(pace) : Math.max(Math.round(pace * 10) / 10, 0.1)

/** «М: 80, Ж: 40» */
const variantsText = (
  resource: Resource,
  { variants }: PoolForecast,
  texts: Texts,
  textOf: (own: Forecast) => string | undefined,
): string | undefined => {
  const named = [...variants].flatMap(([id, own]) => {
    const text = textOf(own)
    const variant = findVariant(resource, id)
    return text === undefined || variant === undefined
      ? []
      : [`${texts.label(variant.label)}: ${text}`]
  })
  return named.length === 0 ? undefined : cut(named.join(", "), variantsMax)
}
