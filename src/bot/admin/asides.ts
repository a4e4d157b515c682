/** What was taken from people into quarantine within the last day, and the way back to them. */
import { Clock, Effect } from "effect"
import { Access } from "../../access/Access.ts"
import { Settings } from "../../config/Settings.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../Callback.ts"
import { Deliveries } from "../Deliveries.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Area } from "./Area.ts"
import { asidesScreen } from "./asideScreen.ts"
import * as AsideViews from "./asideViews.ts"
import { nameOf, whatText } from "./peopleParts.ts"
import * as Decisions from "./stockDecisions.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const pools = yield* Pools
  const access = yield* Access
  const deliveries = yield* Deliveries
  const decisions = yield* Decisions.make
  const views = yield* AsideViews.make
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const words = texts.asides

  const draw = Effect.fnUntraced(function* (page: number, headline?: string) {
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
    const view = yield* Effect.catchTag(bringBack(press, action), Decisions.refusals, () =>
      Effect.succeed(undefined),
    )
    if (view === undefined) {
      yield* press.alert(words.gone)
      return yield* replies.turnTo(press.message, yield* draw(0, words.gone))
    }
    const { holder, stage, request } = view.issuance
    const name = nameOf({ id: holder, stage })
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
