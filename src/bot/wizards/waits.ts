/** «Сообщить, когда появится», and no longer waiting for it: only ever in the name of who presses. */
import { Effect, Option } from "effect"
import { Regions } from "../../access/Regions.ts"
import { waitsMax } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { askedBy, knownOrder } from "../orders.ts"
import { type Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { startedScreen, stoppedScreen } from "../screens/waiting.ts"
import { Waits } from "../Waits.ts"
import { Menus } from "../Menus.ts"

/** `mine` draws «Мои выдачи» as it stands now. */
export const make = Effect.fnUntraced(function* (
  mine: (userId: Press["userId"]) => Effect.Effect<Screen, never, Wording>,
) {
  const { stale } = yield* Menus
  const replies = yield* Replies
  const pools = yield* Pools
  const regions = yield* Regions
  const waits = yield* Waits
  const { timezone: zone } = yield* Settings

  const { resources } = pools

  const start = Effect.fn("waits.start")(function* (press: Press, action: ActionOf<"Wait">) {
    const texts = yield* Wording

    const asked = askedBy(action, resources)
    const offer = { resources, regions: yield* regions.all }
    if (asked === undefined || knownOrder(asked, offer) === undefined) return yield* stale(press)
    const joined = yield* waits.join(press.userId, asked)
    if (Option.isNone(joined)) {
      return yield* press.alert(texts.employee.waiting.tooMany(waitsMax))
    }
    yield* press.answer()
    const screen = startedScreen(joined.value, { resources, zone }, texts)
    return yield* replies.turnTo(press.message, screen)
  })

  /** Pressed once more, it says the same: the wait is over. */
  const stop = Effect.fn("waits.stop")(function* (press: Press, action: ActionOf<"Unwait">) {
    const texts = yield* Wording

    const asked = askedBy(action, resources)
    if (asked === undefined) return yield* stale(press)
    const left = { ...asked, by: press.userId }
    yield* waits.leave([left])
    const screen = stoppedScreen(left, resources, texts)
    yield* press.answer()
    return yield* replies.turnTo(
      press.message,
      action.from === "my" ? yield* mine(press.userId) : screen,
    )
  })

  return Effect.fn("waits")(function* (press: Press, action: ActionOf<"Wait" | "Unwait">) {
    const texts = yield* Wording

    yield* (action._tag === "Wait" ? start(press, action) : stop(press, action)).pipe(
      Effect.catchTag("StorageUnavailable", () =>
        replies.alert(press, texts.refusals.storageUnavailable),
      ),
    )
  })
})
