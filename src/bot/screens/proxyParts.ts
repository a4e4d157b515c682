/** How all screens name a proxy: its type, its masked address, its country, its days. */
import type { Resource } from "../../domain/Catalogue.ts"
import { countryName, flagOf } from "../../domain/countries.ts"
import { type Day, dayOfSerial, formatDay, serialOfDay } from "../../domain/Day.ts"
import type { CountryCode, Proxy, ProxyType } from "../../domain/Proxy.ts"
import { maskedAddress } from "../../domain/proxyLine.ts"
import type { Action } from "../buttons.ts"
import type { Button } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { cut, tap } from "./parts.ts"

/** A name in a list; the whole of it is shown where one proxy stands alone. */
const addressMax = 60

export const typeName = (type: ProxyType): string => type.toUpperCase()

export const countryText = (code: CountryCode, texts: Texts): string =>
  `${flagOf(code)} ${countryName(code, texts.language)}`

/** «HTTP 192.0.2.•••:8080» */
export const maskedName = ({ type, endpoint }: Proxy): string =>
  `${typeName(type)} ${cut(maskedAddress(endpoint), addressMax)}`

/** «9 дней» */
export const daysLeft = ({ until }: Proxy, today: Day, texts: Texts): string =>
  texts.proxies.daysLeft(serialOfDay(until) - serialOfDay(today))

/** «до 02.12.2026 включительно» */
export const throughText = (day: Day, texts: Texts): string => texts.proxies.through(formatDay(day))

/** None of the days that a calendar can count to is out of reach. */
export const dayAfter = (today: Day, days: number): Day =>
  dayOfSerial(serialOfDay(today) + days) ?? today

/** The choice of targets as a button carries it; what the catalogue lost is left out. */
export const bitsOf = ({ targets }: Resource, ids: ReadonlyArray<string>): number =>
  targets.reduce((bits, { id }, index) => (ids.includes(id) ? bits | (1 << index) : bits), 0)

/** `‹ 2/7 ›`; nothing where all fits on one page. */
export const pager = (
  { page, pages }: { readonly page: number; readonly pages: number },
  actionOf: (page: number) => Action,
): ReadonlyArray<ReadonlyArray<Button>> =>
  pages <= 1
    ? []
    : [
        [
          ...(page > 0 ? [tap("‹", actionOf(page - 1))] : []),
          tap(`${page + 1}/${pages}`, { _tag: "Noop" }),
          ...(page < pages - 1 ? [tap("›", actionOf(page + 1))] : []),
        ],
      ]

/** The part of a list that a page shows; a page past the end is the last one. */
export const pageOf = <A>(all: ReadonlyArray<A>, asked: number, size: number) => {
  const pages = Math.max(Math.ceil(all.length / size), 1)
  const page = Math.min(asked, pages - 1)
  return { page, pages, shown: all.slice(page * size, (page + 1) * size) }
}
