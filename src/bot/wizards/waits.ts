/** «Сообщить, когда появится», and no longer waiting for it: only ever in the name of who presses. */
import { Effect, Option } from "effect"
import { Regions } from "../../access/Regions.ts"
import { waitsMax } from "../../config/Limits.ts"
import { Settings } from "../../config/Settings.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import { askedBy, knownOrder } from "../orders.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { startedScreen, stoppedScreen } from "../screens/waiting.ts"
import { Waits } from "../Waits.ts"

interface Ways {
  readonly stale: (press: Press) => Effect.Effect<void>
  /** «Мои выдачи» as it stands now. */
  readonly mine: (userId: Press["userId"]) => Effect.Effect<Screen>
}

export const make = Effect.fnUntraced(function* (replies: Replies, { stale, mine }: Ways) {
  const pools = yield* Pools
  const regions = yield* Regions
  const waits = yield* Waits
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const { resources } = pools

  const start = Effect.fn("waits.start")(function* (press: Press, action: ActionOf<"Wait">) {
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
    yield* (action._tag === "Wait" ? start(press, action) : stop(press, action)).pipe(
      Effect.catchTag("StorageUnavailable", () =>
        replies.alert(press, texts.refusals.storageUnavailable),
      ),
    )
  })
})
