/** How all screens name a proxy: its type, its masked address, its country, its days. */
import type { Resource } from "../../domain/Catalogue.ts"
import { countryName, flagOf } from "../../domain/countries.ts"
import { type Day, dayOfSerial, formatDay, serialOfDay } from "../../domain/Day.ts"
import type { CountryCode, Proxy, ProxyType } from "../../domain/Proxy.ts"
import { maskedAddress } from "../../domain/proxyLine.ts"
import type { Texts } from "../texts/Texts.ts"
import { cut } from "./parts.ts"

/** Addresses are cut to this in lists; the screen of one proxy shows the whole address. */
const addressMax = 60

export const typeName = (type: ProxyType): string => type.toUpperCase()

export const countryText = (code: CountryCode, texts: Texts): string =>
  `${flagOf(code)} ${countryName(code, texts.language)}`

/** «HTTP 192.0.2.x:8080» */
export const maskedName = ({ type, endpoint }: Proxy): string =>
  `${typeName(type)} ${cut(maskedAddress(endpoint), addressMax)}`

/** «9 дней» */
export const daysLeft = ({ until }: Proxy, today: Day, texts: Texts): string =>
  texts.proxies.daysLeft(serialOfDay(until) - serialOfDay(today))

/** «до 02.12.2026 включительно» */
export const throughText = (day: Day, texts: Texts): string => texts.proxies.through(formatDay(day))

/** The day that many days later; a sum that no calendar reaches gives `today`. */
export const dayAfter = (today: Day, days: number): Day =>
  dayOfSerial(serialOfDay(today) + days) ?? today

/** Chosen targets as the bits that a button carries; ids that the catalogue lost are left out. */
export const bitsOf = ({ targets }: Resource, ids: ReadonlyArray<string>): number =>
  targets.reduce((bits, { id }, index) => (ids.includes(id) ? bits | (1 << index) : bits), 0)
