/**
 * /who: who holds what without a mark, since when, and until when it marks itself; as one list or
 * by person.
 *
 * Of an item only its last characters are shown, enough to find it in the sheet by. Of a secret
 * column nothing is shown.
 */
import { Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import type { Resource } from "../../domain/Catalogue.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { Issuance } from "../../domain/Issuance.ts"
import { maskedIdentity } from "../../domain/masks.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, type Button, type Html, html, joinHtml, type Screen } from "../Screen.ts"
import {
  buttonsOnPage,
  digestOf,
  type Entry,
  linesOnPage,
  listScreen,
  resourceName,
  type Scenery,
  sceneryNow,
  sinceText,
} from "../screens/lists.ts"
import { cut, tap, trailOf } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import type { Area, Asked } from "./Admins.ts"

interface WhoView {
  /** Everything that waits for a mark, oldest first. */
  readonly issuances: ReadonlyArray<Issuance>
  readonly resources: ReadonlyArray<Resource>
}

export const makeWho = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const { timezone: zone } = yield* Settings

  const view = Effect.map(pools.holders, (issuances) => ({
    issuances,
    resources: pools.resources,
  }))

  const open = Effect.fnUntraced(function* ({ chatId }: Asked) {
    yield* replies.say(chatId, whoScreen(yield* view, 0, yield* sceneryNow(zone)))
  })

  const turn = Effect.fnUntraced(function* (press: Press, action: ActionOf<"Who">) {
    const draw = action.view === "items" ? itemsScreen : peopleScreen
    const screen = draw(yield* view, action.page, yield* sceneryNow(zone))
    yield* replies.refresh(press, action.seen, screen)
  })

  const person = Effect.fnUntraced(function* (
    press: Press,
    { holder, page, seen }: ActionOf<"WhoPerson">,
  ) {
    const screen = personScreen(yield* view, holder, page, yield* sceneryNow(zone))
    yield* replies.refresh(press, seen, screen)
  })

  const area: Area = { commands: { who: open }, buttons: { Who: turn, WhoPerson: person } }
  return area
})

/** Where more items than that are out, the list of people comes first. */
const itemsMax = 30
const stageMax = 32
const numbersInRow = 5

const whoScreen = (view: WhoView, page: number, scenery: Scenery): Screen =>
  view.issuances.length > itemsMax
    ? peopleScreen(view, page, scenery)
    : itemsScreen(view, page, scenery)

export const itemsScreen = (view: WhoView, page: number, scenery: Scenery): Screen => {
  const { who: words } = scenery.texts.stock
  const other = tap(words.byPerson, { _tag: "Who", view: "people", page: 0, seen: "" })
  return screenOf({
    heading: words.total(view.issuances.length),
    entries: itemEntries(view, scenery),
    perPage: linesOnPage,
    page,
    to: (target, seen = "") => ({ _tag: "Who", view: "items", page: target, seen }),
    other,
    width: numbersInRow,
    texts: scenery.texts,
  })
}

export const peopleScreen = (view: WhoView, page: number, scenery: Scenery): Screen => {
  const { who: words } = scenery.texts.stock
  const people = [...Map.groupBy(view.issuances, ({ holder }) => holder)]
  const entries = people.flatMap(([holder, [oldest, ...others]]): ReadonlyArray<Entry> => {
    if (oldest === undefined) return []
    const name = stageOf(oldest)
    const count = others.length + 1
    const button = tap(`${name} · ${count}`, { _tag: "WhoPerson", holder, page: 0, seen: "" })
    const text = html`${words.person(name, count, sinceText(oldest.issuedAt, scenery))}`
    return [{ html: text, buttons: [button] }]
  })
  const other = tap(words.byItem, { _tag: "Who", view: "items", page: 0, seen: "" })
  return screenOf({
    heading: words.total(view.issuances.length),
    entries,
    perPage: buttonsOnPage,
    page,
    to: (target, seen = "") => ({ _tag: "Who", view: "people", page: target, seen }),
    other,
    width: 2,
    texts: scenery.texts,
  })
}

/** What one person holds. The button of a person who holds nothing any more leads to the list. */
export const personScreen = (
  view: WhoView,
  holder: TelegramId,
  page: number,
  scenery: Scenery,
): Screen => {
  const { who: words } = scenery.texts.stock
  const own = { ...view, issuances: view.issuances.filter((each) => each.holder === holder) }
  const [oldest] = own.issuances
  if (oldest === undefined) return whoScreen(view, 0, scenery)
  return screenOf({
    heading: words.heldBy(stageOf(oldest), own.issuances.length),
    entries: itemEntries(own, scenery),
    perPage: linesOnPage,
    page,
    to: (target, seen = "") => ({ _tag: "WhoPerson", holder, page: target, seen }),
    other: tap(words.byPerson, { _tag: "Who", view: "people", page: 0, seen: "" }),
    width: numbersInRow,
    texts: scenery.texts,
  })
}

/** One of the three lists, with the button of the other one beside the refresh button. */
const screenOf = (list: {
  readonly heading: string
  readonly entries: ReadonlyArray<Entry>
  readonly perPage: number
  readonly page: number
  readonly to: (page: number, seen?: string) => Action
  readonly other: Button
  readonly width: number
  readonly texts: Texts
}): Screen => {
  const { heading, entries, perPage, page, to, other, width, texts } = list
  const words = texts.stock.who
  return listScreen(
    {
      heading: [bold(words.title), html`${heading}`, html``],
      empty: words.nothing,
      entries,
      page,
      perPage,
      to,
      width,
      below: (text) => [
        [
          ...(entries.length === 0 ? [] : [other]),
          tap(texts.stock.refresh, to(page, digestOf(text))),
        ],
      ],
    },
    texts,
  )
}

/** Each item has a number, and a button of that number that leads to the ways to take it. */
const itemEntries = (view: WhoView, scenery: Scenery): ReadonlyArray<Entry> =>
  view.issuances.map((issuance, index) => {
    const { id, holder, item } = issuance
    return {
      html: html`${index + 1}. ${itemText(issuance, view, scenery)}`,
      buttons: [
        tap(String(index + 1), { _tag: "Take", resource: item.resource, issuance: id, holder }),
      ],
    }
  })

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
      html`${resource === undefined ? "…" : maskedIdentity(item.fields[resource.identity] ?? "", resource)}`,
      html`${ending(issuance, resource, scenery)}`,
    ],
    " · ",
  )
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
