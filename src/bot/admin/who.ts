/** /who: what is in whose hands without a mark, as a list or by person. */
import { Clock, Effect } from "effect"
import { Settings } from "../../config/Settings.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import { type Press, refresh, type Replies } from "../Replies.ts"
import type { Area, Asked } from "./Area.ts"
import { itemsScreen, peopleScreen, personScreen, whoScreen } from "./whoScreen.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const pools = yield* Pools
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const scenery = Effect.map(Clock.currentTimeMillis, (now) => ({ now, zone, texts }))
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
    yield* refresh(replies, press, action.seen, screen, texts)
  })

  const person = Effect.fn("who.person")(function* (
    press: Press,
    { holder, page, seen }: ActionOf<"WhoPerson">,
  ) {
    const screen = personScreen(yield* view, holder, page, yield* scenery)
    yield* refresh(replies, press, seen, screen, texts)
  })

  const area: Area = { commands: { who: open }, buttons: { Who: turn, WhoPerson: person } }
  return area
})
