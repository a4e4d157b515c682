/** What admins are shown of the regions: the list, the question before one leaves, and after. */
import type { Region } from "../../domain/Region.ts"
import type { Action } from "../Callback.ts"
import { bold, code, html, type Screen } from "../Screen.ts"
import { cut, lines, menuBelow, notice, tap } from "../screens/parts.ts"
import { pageOf, pager } from "../screens/proxyParts.ts"
import type { Texts } from "../texts/Texts.ts"

const regionsOnPage = 50

/** Codes in one sentence: the rest of them is in /regions. */
const codesMax = 40
const codeMax = 24

export interface RegionUse {
  readonly region: Region
  readonly issued: number
}

export const regionList = (uses: ReadonlyArray<RegionUse>, asked: number, texts: Texts): Screen => {
  const words = texts.people.regions
  if (uses.length === 0) return notice(words.none, texts)
  const { page, pages, shown } = pageOf(uses, asked, regionsOnPage)
  return {
    html: lines(
      bold(words.title(uses.length)),
      html``,
      ...shown.map(({ region, issued }) => html`${code(region)} · ${words.usage(issued)}`),
      html``,
      html`${words.hint}`,
    ),
    keyboard: [...pager({ page, pages }, turnTo), menuBelow(texts)],
  }
}

const turnTo = (page: number): Action => ({ _tag: "RegionList", page })

export interface Addition {
  readonly added: ReadonlyArray<string>
  /** As they stand in the list. */
  readonly already: ReadonlyArray<string>
  readonly invalid: ReadonlyArray<string>
}

export const additionNote = ({ added, already, invalid }: Addition, texts: Texts): Screen => {
  const words = texts.people.regions
  const told = [
    ...(added.length > 0 ? [words.added(listOf(added))] : []),
    ...(already.length > 0 ? [words.already(listOf(already))] : []),
    ...(invalid.length > 0 ? [words.invalid(listOf(invalid))] : []),
    ...(added.length === 0 ? [words.nothingChanged] : []),
  ]
  return { html: lines(...told.map((text) => html`${text}`)), keyboard: [menuBelow(texts)] }
}

export const removalQuestion = (region: Region, texts: Texts): Screen => {
  const words = texts.people.regions
  return {
    html: lines(bold(words.ask(region)), html``, html`${words.meaning}`),
    keyboard: [
      [
        tap(words.remove, { _tag: "RegionRemove", region }, "danger"),
        tap(texts.wizard.cancel, { _tag: "Cancel" }),
      ],
    ],
  }
}

/** `by`: who removed it and when, as a sentence; "" where nobody knows any more. */
export const removalNote = (
  region: Region,
  { heading, by }: { readonly heading: string; readonly by: string },
  texts: Texts,
): Screen => {
  const words = texts.people.regions
  return {
    html: lines(
      bold(heading),
      by === "" ? undefined : html`${by}`,
      html``,
      html`${words.wayBack(region)}`,
    ),
    keyboard: [
      [tap(words.bringBack, { _tag: "RegionReturn", region }, "primary")],
      menuBelow(texts),
    ],
  }
}

/** As many as one sentence holds. */
export const listOf = (codes: ReadonlyArray<string>): string => {
  const shown = codes.slice(0, codesMax).map((each) => cut(each, codeMax))
  const hidden = codes.length - shown.length
  return [...shown, ...(hidden > 0 ? [`+${hidden}`] : [])].join(", ")
}
