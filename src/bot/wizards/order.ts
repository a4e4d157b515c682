/**
 * The buttons that lead from the menu to an issue: groups, resources, and the way back.
 *
 * What a button names is looked up in the pools each time. A resource that is no longer handed out
 * leads to a sentence and the menu.
 */
import { Effect, Option } from "effect"
import type { Group } from "../../domain/Catalogue.ts"
import { Pools } from "../../pool/Pools.ts"
import type { ActionIn, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { Menus } from "../Menus.ts"
import { askedBy } from "../orders.ts"
import { type Press, Replies } from "../Replies.ts"
import { groupMenu } from "../screens/menu.ts"
import type { makeSteps } from "./issue.ts"

export const makeOrder = Effect.fnUntraced(function* ({
  open,
  step,
}: Effect.Success<typeof makeSteps>) {
  const replies = yield* Replies
  const pools = yield* Pools
  const menus = yield* Menus

  /** A group with one resource in it needs no choice. */
  const group = Effect.fnUntraced(function* (press: Press, name: Group) {
    const [first, ...others] = pools.resources.filter((resource) => resource.group === name)
    if (first === undefined) return yield* menus.stale(press)
    return others.length === 0
      ? yield* open(press, first)
      : yield* replies.turn(
          press,
          groupMenu(name, pools.resources, yield* Wording, yield* menus.lacks),
        )
  })

  const again = Effect.fnUntraced(function* (press: Press, action: ActionOf<"Again">) {
    const asked = askedBy(action, pools.resources)
    if (asked === undefined) return yield* menus.stale(press)
    yield* press.answer()
    return yield* replies.say(press.chatId, yield* menus.beginningWith(asked))
  })

  /** A message that shows goods by now cannot be cancelled: the person gets the menu and no more. */
  const cancel = Effect.fnUntraced(function* (press: Press) {
    const isTooLate = Option.isSome(yield* replies.batchOn(press.message))
    yield* press.answer(isTooLate ? undefined : (yield* Wording).wizard.cancelled)
    yield* replies.turnTo(press.message, yield* menus.of(press.userId))
  })

  return Effect.fnUntraced(function* (press: Press, action: ActionIn<"order">) {
    switch (action._tag) {
      case "Menu":
        return yield* replies.turn(press, yield* menus.of(press.userId))
      case "Group":
        return yield* group(press, action.group)
      case "Again":
        return yield* again(press, action)
      case "Cancel":
        return yield* cancel(press)
      default: {
        const resource = pools.resources.find(({ id }) => id === action.resource)
        if (resource === undefined) return yield* menus.stale(press)
        return action._tag === "Resource"
          ? yield* open(press, resource)
          : yield* step(press, resource, action)
      }
    }
  })
})
