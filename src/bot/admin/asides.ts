/** What was taken from people into quarantine within the last day, and the way back to them. */
import { Clock, Duration, Effect } from "effect"
import { Access } from "../../access/Access.ts"
import { asideKept } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { Pools } from "../../pool/Pools.ts"
import type { Aside } from "../../pool/State.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import { bold, html, type Screen } from "../Screen.ts"
import { pageOf, type Scenery, sinceText, untilText } from "../screens/lists.ts"
import { lines, menuBelow, notice, tap } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { type Area, Decisions, refusals } from "./Admins.ts"
import { type Holding, holdingText, personName, whatText } from "./Directory.ts"

export const make = Effect.gen(function* () {
  const replies = yield* Replies
  const pools = yield* Pools
  const access = yield* Access
  const deliveries = yield* Deliveries
  const decisions = yield* Decisions
  const views = yield* makeAsideViews
  const { timezone: zone } = yield* Settings

  const draw = Effect.fnUntraced(function* (page: number, headline?: string) {
    const texts = yield* Wording

    const scenery = { now: yield* Clock.currentTimeMillis, zone, texts }
    return asidesScreen(yield* views, page, scenery, headline)
  })

  const turn = Effect.fn("asides.turn")(function* (press: Press, { page }: ActionOf<"Asides">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* draw(page))
  })

  /** What came back; none: it did before, or cannot any more. */
  const bringBack = Effect.fnUntraced(function* (
    press: Press,
    { resource, issuance: id }: ActionOf<"AsideBack">,
  ) {
    const view = (yield* views).find(
      (each) => each.resource.id === resource && each.issuance.id === id,
    )
    if (view === undefined) return undefined
    yield* pools.manage(resource, { _tag: "BringBack", id, admin: press.userId })
    return view
  }, decisions.alone)

  const giveBack = Effect.fn("asides.giveBack")(function* (
    press: Press,
    action: ActionOf<"AsideBack">,
  ) {
    const texts = yield* Wording
    const words = texts.asides

    const view = yield* Effect.catchTag(bringBack(press, action), refusals, () =>
      Effect.succeed(undefined),
    )
    if (view === undefined) {
      yield* press.alert(words.gone)
      return yield* replies.turnTo(press.message, yield* draw(0, words.gone))
    }
    const { holder, stage, request } = view.issuance
    const name = personName({ id: holder, stage })
    yield* press.answer()
    yield* replies.turnTo(
      press.message,
      yield* draw(0, words.restored(whatText(view, texts), name)),
    )
    // Whoever has access again has it on his message again.
    if (yield* access.isAllowed(holder)) yield* deliveries.show(action.resource, request)
    yield* Effect.logInfo("taken back out of quarantine").pipe(
      Effect.annotateLogs({ id: view.issuance.id, admin: press.userId }),
    )
    return yield* decisions.tellOthers(press.userId, (by, others) =>
      others.asides.notes.restored(whatText(view, others), name, by),
    )
  })

  const area: Area = { commands: {}, buttons: { Asides: turn, AsideBack: giveBack } }
  return area
})

/* What was taken from people into quarantine: what can be given back. */

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
        html`${words.heldBy(personName({ id: issuance.holder, stage: issuance.stage }))}`,
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

/* What was taken from people into quarantine within the last day, with the names of its screens. */

/** Gives an effect that lists them, the latest first. */
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
