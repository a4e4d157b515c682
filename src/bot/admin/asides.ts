/** What was taken from people into quarantine within the last day, and the way back to them. */
import { Duration, Effect } from "effect"
import { Access } from "../../access/Access.ts"
import { asideKept } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Aside } from "../../pool/State.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, html, type Keyboard, type Screen } from "../Screen.ts"
import { listScreen, type Scenery, sceneryNow, sinceText, untilText } from "../screens/lists.ts"
import { lines, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, Decisions } from "./Admins.ts"
import { type Holding, holdingText, personName, whatText } from "./Directory.ts"

interface AsideView extends Holding {
  readonly aside: Aside
  /** The admin who took it. */
  readonly by: string
  /** From then on it can no longer be given back. */
  readonly until: number
}

export const makeAsides = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const access = yield* Access
  const deliveries = yield* Deliveries
  const decisions = yield* Decisions
  const views = yield* makeAsideViews
  const { timezone: zone } = yield* Settings

  const draw = Effect.fnUntraced(function* (page: number, headline?: string) {
    return asidesScreen(yield* views, page, yield* sceneryNow(zone), headline)
  })

  const turn = Effect.fnUntraced(function* (press: Press, { page }: ActionOf<"Asides">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* draw(page))
  })

  const giveBack = Effect.fnUntraced(function* (
    press: Press,
    { resource, issuance: id }: ActionOf<"AsideBack">,
  ) {
    const texts = yield* Wording
    const view = yield* decisions.settle(
      press,
      Effect.map(views, (all) =>
        all.find((each) => each.resource.id === resource && each.issuance.id === id),
      ),
      {
        take: (_, also) =>
          pools.manage(resource, { _tag: "BringBack", id, admin: press.userId }, also),
        draw: (headline) => draw(0, headline),
        gone: texts.asides.gone,
        done: (back) => texts.asides.restored(whatText(back, texts), holderOf(back)),
        note: (back, by, others) =>
          others.asides.notes.restored(whatText(back, others), holderOf(back), by),
        log: "taken back out of quarantine",
        about: () => ({ id }),
      },
    )
    if (view === undefined) return
    const { holder, request } = view.issuance
    // A holder who has access again reads the item in his own message again.
    if (yield* access.isAllowed(holder)) yield* deliveries.show(resource, request)
  })

  const area: Area = { commands: {}, buttons: { Asides: turn, AsideBack: giveBack } }
  return area
})

/** Gives an effect that lists what can be given back, the latest decision first. */
export const makeAsideViews = Effect.gen(function* () {
  const pools = yield* Pools
  const decisions = yield* Decisions
  return Effect.gen(function* () {
    const views = yield* Effect.forEach(pools.resources, (resource) =>
      Effect.flatMap(pools.aside(resource.id), (asides) =>
        Effect.forEach(asides, (aside) =>
          Effect.map(decisions.nameOf(aside.by), (by): AsideView => {
            const until = aside.at + Duration.toMillis(asideKept)
            return { aside, resource, issuance: aside.issuance, by, until }
          }),
        ),
      ),
    )
    return views.flat().toSorted((a, b) => b.aside.at - a.aside.at)
  })
})

/** Each takes four lines, and a page should fit on the phone. */
const onPage = 8

/** `headline`: what has just been done. */
const asidesScreen = (
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
        html`${words.heldBy(holderOf(view))}`,
        html`${decided} ${words.until(untilText(until, scenery))}`,
      ),
      buttons: [
        tap(words.restore(index + 1), {
          _tag: "AsideBack",
          resource: resource.id,
          issuance: issuance.id,
        }),
      ],
    }
  })
  return listScreen(
    {
      headline,
      heading: [bold(words.title)],
      empty: words.nothing,
      entries,
      page,
      perPage: onPage,
      to: toPage,
    },
    texts,
  )
}

/** The row of /undo that leads to what is in quarantine; no row where nothing is. */
export const asidesRow = (count: number, texts: Texts): Keyboard =>
  count === 0 ? [] : [[tap(texts.asides.open(count), toPage(0))]]

const toPage = (page: number): Action => ({ _tag: "Asides", page })

/** Who held it, and holds it again once it is given back. */
const holderOf = ({ issuance: { holder: id, stage } }: AsideView) => personName({ id, stage })
