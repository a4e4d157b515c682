/** How the screens about people name them and what they hold. Secrets never stand there whole. */
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { Issuance } from "../../domain/Issuance.ts"
import { type Html, html } from "../Screen.ts"
import { cut, trailOf } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

export interface Person {
  readonly id: TelegramId
  readonly stage: string
  readonly role: "admin" | "employee" | "applicant" | "blocked"
}

/** One item without a mark. */
export interface Holding {
  readonly issuance: Issuance
  readonly resource: Resource
}

/** A file that was filled by hand may hold a nickname of any length. */
const stageMax = 40

export const stageText = (stage: string): string => cut(stage, stageMax)

/** «anna (101)»: several people may have one nickname, or none. */
export const nameOf = ({ id, stage }: Pick<Person, "id" | "stage">): string =>
  `${stageText(stage)} (${id})`

/** Enough to recognise it, too little to use it. */
export const masked = (value: string): string => {
  const signs = Array.from(value)
  return signs.length < 8 ? "•••" : `${signs.slice(0, 2).join("")}•••${signs.slice(-2).join("")}`
}

export const ageText = (since: number, now: number, texts: Texts): string => {
  const minutes = Math.max(Math.floor((now - since) / 60_000), 0)
  const hours = Math.floor(minutes / 60)
  return texts.people.age(Math.floor(hours / 24), hours % 24, minutes % 60)
}

/** «VK › 495» */
export const whatText = ({ issuance, resource }: Holding, texts: Texts): string =>
  trailOf(texts.label(resource.label), issuance.region)

export const holdingText = (holding: Holding, now: number, texts: Texts): Html => {
  const { issuance, resource } = holding
  const identity = masked(issuance.item.fields[resource.identity] ?? "")
  return html`${whatText(holding, texts)} · ${identity} · ${ageText(issuance.issuedAt, now, texts)}`
}

/** Of a list of people, shorter than a line. */
export const holdsText = (
  holdings: ReadonlyArray<Holding>,
  now: number,
  texts: Texts,
): string | undefined => {
  const [oldest] = holdings
  if (oldest === undefined) return undefined
  const age = ageText(oldest.issuance.issuedAt, now, texts)
  return texts.people.list.holds(holdings.length, age)
}
