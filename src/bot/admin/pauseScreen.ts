/** Pausing and resuming: the list of resources, and one of them. */
import type { Resource } from "../../domain/Catalogue.ts"
import type { Stock } from "../../pool/Contract.ts"
import { bold, type Button, type Html, html, type Screen } from "../Screen.ts"
import { buttonsOnPage, nameOf, pageOf, type Scenery, sinceText } from "../screens/lists.ts"
import { lines, menuBelow, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

export interface PauseView {
  readonly resource: Resource
  readonly paused: Stock["paused"]
  /** Who paused it; "" where it is not paused. */
  readonly by: string
}

/** `headline`: why the list comes instead of what was asked for. */
export const pausesScreen = (
  views: ReadonlyArray<PauseView>,
  page: number,
  scenery: Scenery,
  headline?: string,
): Screen => {
  const { texts } = scenery
  const words = texts.stock.pause
  const entries = views.map((view) => ({
    html: lines(
      html`${bold(nameOf(view.resource, texts))}: ${stateText(view, scenery)}`,
      noteText(view, texts),
    ),
    button: switchButton(view, texts, nameOf(view.resource, texts)),
  }))
  const shown = pageOf(entries, page, buttonsOnPage / 2, (to) => ({ _tag: "Pauses", page: to }))
  return {
    html: lines(
      ...(headline === undefined ? [] : [html`${headline}`, html``]),
      bold(words.title),
      html`${words.choose}`,
      html`${words.hint}`,
      html``,
      ...shown.html,
    ),
    keyboard: [...shown.buttons.map((button) => [button]), ...shown.turning, menuBelow(texts)],
  }
}

/** After a decision about one resource. */
export const pauseScreen = (view: PauseView, scenery: Scenery): Screen => {
  const { texts } = scenery
  const words = texts.stock.pause
  const name = nameOf(view.resource, texts)
  const body =
    view.paused === null
      ? [bold(words.resumed(name))]
      : [
          bold(words.done(name)),
          html`${words.meaning}`,
          noteText(view, texts) ?? html`${words.noNote}`,
          html`${words.hint}`,
        ]
  return {
    html: lines(...body),
    keyboard: [
      [switchButton(view, texts)],
      [tap(words.all, { _tag: "Pauses", page: 0 })],
      menuBelow(texts),
    ],
  }
}

const stateText = ({ paused, by }: PauseView, scenery: Scenery): string => {
  const words = scenery.texts.stock.pause
  return paused === null ? words.works : `⏸ ${words.paused(by, sinceText(paused.at, scenery))}`
}

const noteText = ({ paused }: PauseView, texts: Texts): Html | undefined =>
  paused === null || paused.note === "" ? undefined : html`${texts.stock.pause.note(paused.note)}`

/** `name` in a list, where it tells the buttons apart. */
const switchButton = ({ resource, paused }: PauseView, texts: Texts, name?: string): Button => {
  const words = texts.stock.pause
  const text = paused === null ? words.pause : words.resume
  return tap(name === undefined ? text : `${text}: ${name}`, {
    _tag: paused === null ? "Pause" : "Resume",
    resource: resource.id,
  })
}
