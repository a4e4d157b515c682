/** /who: what is in whose hands without a mark, as a list or by person. */
import { Clock, Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { Issuance } from "../../domain/Issuance.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Button, type Html, html, joinHtml, type Screen } from "../Screen.ts"
import {
  buttonsOnPage,
  digestOf,
  type Entry,
  linesOnPage,
  pageOf,
  resourceName,
  type Scenery,
  sinceText,
} from "../screens/lists.ts"
import { cut, grid, lines, menuBelow, notice, tap, trailOf } from "../screens/parts.ts"
import type { Area, Asked } from "./Admins.ts"
import { Wording } from "../Languages.ts"

export const make = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const { timezone: zone } = yield* Settings

  const scenery = Effect.gen(function* () {
    return { now: yield* Clock.currentTimeMillis, zone, texts: yield* Wording }
  })
  const view = Effect.map(pools.holders, (issuances) => ({
    issuances,
    resources: pools.resources,
  }))

  const open = Effect.fn("who.open")(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, whoScreen(yield* view, 0, yield* scenery))
  })

  const turn = Effect.fn("who.turn")(function* (press: Press, action: ActionOf<"Who">) {
    const draw = action.view === "items" ? itemsScreen : peopleScreen
    const screen = draw(yield* view, action.page, yield* scenery)
    yield* replies.refresh(press, action.seen, screen)
  })

  const person = Effect.fn("who.person")(function* (
    press: Press,
    { holder, page, seen }: ActionOf<"WhoPerson">,
  ) {
    const screen = personScreen(yield* view, holder, page, yield* scenery)
    yield* replies.refresh(press, seen, screen)
  })

  const area: Area = { commands: { who: open }, buttons: { Who: turn, WhoPerson: person } }
  return area
})

/*
 * /who: who holds what, since when, and until when it marks itself.
 *
 * Of an item its last characters are shown, enough to find it in the sheet by, and of a secret
 * column nothing.
 */

export interface WhoView {
  /** All that waits for a mark, oldest first. */
  readonly issuances: ReadonlyArray<Issuance>
  readonly resources: ReadonlyArray<Resource>
}

/** With more than that the list of people comes first. */
const itemsMax = 30
const stageMax = 32
const maskedShown = 3

export const whoScreen = (view: WhoView, page: number, scenery: Scenery): Screen =>
  view.issuances.length > itemsMax
    ? peopleScreen(view, page, scenery)
    : itemsScreen(view, page, scenery)

export const itemsScreen = (view: WhoView, page: number, scenery: Scenery): Screen => {
  const { texts } = scenery
  const to = leadsTo("items")
  const entries = view.issuances.map((issuance) => ({ html: itemText(issuance, view, scenery) }))
  const other = tap(texts.stock.who.byPerson, { _tag: "Who", view: "people", page: 0, seen: "" })
  return listScreen(
    view,
    pageOf(entries, page, linesOnPage, to),
    [other],
    (seen) => to(page, seen),
    scenery,
  )
}

export const peopleScreen = (view: WhoView, page: number, scenery: Scenery): Screen => {
  const { texts } = scenery
  const words = texts.stock.who
  const to = leadsTo("people")
  const people = [...Map.groupBy(view.issuances, ({ holder }) => holder)]
  const entries = people.flatMap(([holder, [oldest, ...others]]): ReadonlyArray<Entry> => {
    if (oldest === undefined) return []
    const name = stageOf(oldest)
    const count = others.length + 1
    const text = html`${words.person(name, count, sinceText(oldest.issuedAt, scenery))}`
    const button = tap(`${name} · ${count}`, { _tag: "WhoPerson", holder, page: 0, seen: "" })
    return [{ html: text, button }]
  })
  const other = tap(words.byItem, { _tag: "Who", view: "items", page: 0, seen: "" })
  return listScreen(
    view,
    pageOf(entries, page, buttonsOnPage, to),
    [other],
    (seen) => to(page, seen),
    scenery,
  )
}

const leadsTo =
  (view: "items" | "people") =>
  (page: number, seen = ""): Action => ({ _tag: "Who", view, page, seen })

/** Of one person; whoever holds nothing any more leads back to the list. */
export const personScreen = (
  view: WhoView,
  holder: TelegramId,
  page: number,
  scenery: Scenery,
): Screen => {
  const own = { ...view, issuances: view.issuances.filter((each) => each.holder === holder) }
  const [oldest] = own.issuances
  if (oldest === undefined) return whoScreen(view, 0, scenery)
  const words = scenery.texts.stock.who
  const to = (target: number, seen = ""): Action => ({
    _tag: "WhoPerson",
    holder,
    page: target,
    seen,
  })
  const entries = own.issuances.map((issuance) => ({ html: itemText(issuance, own, scenery) }))
  const back = tap(words.byPerson, { _tag: "Who", view: "people", page: 0, seen: "" })
  const heading = words.heldBy(stageOf(oldest), own.issuances.length)
  return listScreen(
    own,
    pageOf(entries, page, linesOnPage, to),
    [back],
    (seen) => to(page, seen),
    scenery,
    heading,
  )
}

const listScreen = (
  { issuances }: WhoView,
  shown: ReturnType<typeof pageOf>,
  others: ReadonlyArray<Button>,
  again: (seen: string) => Action,
  { texts }: Scenery,
  heading: string = texts.stock.who.total(issuances.length),
): Screen => {
  const words = texts.stock.who
  if (issuances.length === 0) {
    const text = html`${words.nothing}`
    const button = tap(texts.stock.refresh, again(digestOf(text)))
    return { ...notice(words.nothing, texts, [[button]]), html: text }
  }
  const text = lines(bold(words.title), html`${heading}`, html``, ...shown.html)
  return {
    html: text,
    keyboard: [
      ...grid(shown.buttons, 2),
      ...shown.turning,
      [...others, tap(texts.stock.refresh, again(digestOf(text)))],
      menuBelow(texts),
    ],
  }
}

const stageOf = ({ stage }: Issuance) => cut(stage, stageMax)

const itemText = (issuance: Issuance, { resources }: WhoView, scenery: Scenery): Html => {
  const { item, region, issuedAt } = issuance
  const resource = resources.find(({ id }) => id === item.resource)
  const place = trailOf(
    resource === undefined ? item.resource : resourceName(resource, scenery.texts),
    region,
  )
  return joinHtml(
    [
      html`${sinceText(issuedAt, scenery)}`,
      html`${stageOf(issuance)}`,
      html`${place}`,
      html`${masked(issuance, resource)}`,
      html`${ending(issuance, resource, scenery)}`,
    ],
    " · ",
  )
}

/** Nothing of one so short that its end would be most of it. */
const masked = ({ item }: Issuance, resource: Resource | undefined): string => {
  const column = resource?.columns.find(({ key }) => key === resource.identity)
  if (resource === undefined || column?.kind === "secret") return "…"
  const signs = Array.from(item.fields[resource.identity] ?? "")
  return `…${signs.length > 2 * maskedShown ? signs.slice(-maskedShown).join("") : ""}`
}

const ending = (
  { delivery, confirmAt }: Issuance,
  resource: Resource | undefined,
  scenery: Scenery,
): string => {
  const words = scenery.texts.stock.who
  if (delivery === "refused" || delivery === "unsure") return words.undelivered
  return resource?.autoStatus === null
    ? words.noTimer
    : words.confirms(sinceText(confirmAt, scenery))
}
