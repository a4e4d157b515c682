/** What was taken from people into quarantine: what can be given back. */
import type { Aside } from "../../pool/State.ts"
import type { Action } from "../Callback.ts"
import { bold, html, type Screen } from "../Screen.ts"
import { pageOf, type Scenery, sinceText, untilText } from "../screens/lists.ts"
import { lines, menuBelow, notice, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Holding, holdingText, nameOf } from "./peopleParts.ts"

/** One takes four lines. */
const onPage = 8

export interface AsideView extends Holding {
  readonly aside: Aside
  readonly by: string
  /** When it can no longer be given back. */
  readonly until: number
}

/** `headline`: what has just been done. */
export const asidesScreen = (
  views: ReadonlyArray<AsideView>,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { now, texts } = scenery
  const words = texts.asides
  const entries = views.map((view, index) => {
    const { aside, resource, issuance, by, until } = view
    const decided = words.decided(by, sinceText(aside.at, scenery))
    return {
      html: lines(
        html``,
        html`${index + 1}. ${holdingText(view, now, texts)}`,
        html`${words.heldBy(nameOf({ id: issuance.holder, stage: issuance.stage }))}`,
        html`${decided} ${words.until(untilText(until, scenery))}`,
      ),
      button: tap(words.restore(index + 1), {
        _tag: "AsideBack",
        resource: resource.id,
        issuance: issuance.id,
      }),
    }
  })
  const shown = pageOf(entries, page, onPage, leadsTo)
  return {
    html: lines(
      ...(headline === undefined ? [] : [html`${headline}`, html``]),
      ...(views.length === 0 ? [html`${words.nothing}`] : [bold(words.title), ...shown.html]),
    ),
    keyboard: [...shown.buttons.map((button) => [button]), ...shown.turning, menuBelow(texts)],
  }
}

/** The screen of the trash, with the way to what was set aside. `isBare`: nothing else is on it. */
export const withAsides = (
  screen: Screen,
  count: number,
  isBare: boolean,
  texts: Texts,
): Screen => {
  if (count === 0) return screen
  const row = [tap(texts.asides.open(count), leadsTo(0))]
  return isBare
    ? notice(texts.asides.only, texts, [row])
    : { ...screen, keyboard: [...screen.keyboard.slice(0, -1), row, menuBelow(texts)] }
}

const leadsTo = (page: number): Action => ({ _tag: "Asides", page })
