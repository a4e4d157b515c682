/** /unblock and its buttons: a suspended access is given back. */
import { Effect } from "effect"
import { Access } from "../../access/Access.ts"
import { Blocks } from "../../access/Blocks.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { Action } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { cut, notice } from "../screens/parts.ts"
import type { Asked } from "./Area.ts"
import type { BlockAffairs } from "./blockAffairs.ts"
import { echoMax, namesOf } from "./blockScreens.ts"
import { matching } from "./peopleNames.ts"
import { nameOf, type Person } from "./peopleParts.ts"
import type { PeopleRoster } from "./peopleRoster.ts"

interface Around {
  readonly affairs: BlockAffairs
  readonly drawCard: (
    id: TelegramId,
    headline?: string,
  ) => Effect.Effect<Screen, StorageUnavailable>
  readonly drawList: (page: number, headline?: string) => Effect.Effect<Screen>
}

export const make = Effect.fnUntraced(function* (
  replies: Replies,
  roster: PeopleRoster,
  { affairs, drawCard, drawList }: Around,
) {
  const access = yield* Access
  const blocks = yield* Blocks
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const words = texts.blocks

  const nameOfPerson = (id: TelegramId) =>
    Effect.map(access.stageOf(id), (stage) => nameOf({ id, stage }))

  /** Why there was nothing to give back; none: it is back. */
  const lift = Effect.fnUntraced(function* (id: TelegramId, by: TelegramId) {
    const lifted = yield* blocks.lift(id, by)
    switch (lifted._tag) {
      case "NotBlocked":
        return words.notSuspended(yield* nameOfPerson(id))
      case "AlreadyLifted": {
        const { by: first, at } = lifted.lifted
        return texts.people.dismissal.backBy(yield* nameOfPerson(first), formatMoment(at, zone))
      }
      case "Lifted":
        return undefined
    }
  })

  /** Who is on no list any more may be blocked all the same. */
  const known = Effect.gen(function* () {
    const people = yield* roster.all
    const blocked = yield* Effect.forEach(yield* blocks.all, ({ id }) =>
      Effect.map(access.stageOf(id), (stage): Person => ({ id, stage, role: "blocked" })),
    )
    return [...people, ...blocked.filter(({ id }) => !people.some((each) => each.id === id))]
  })

  const liftNamed = Effect.fnUntraced(function* ({ argument, userId }: Asked) {
    const [person, ...others] = matching(yield* known, argument)
    const name = cut(argument, echoMax)
    if (person === undefined) return notice(texts.people.dismissal.unknown(name), texts)
    if (others.length > 0) return notice(words.several(name, namesOf([person, ...others])), texts)
    const why = yield* lift(person.id, userId)
    if (why !== undefined) return notice(why, texts)
    yield* affairs.lifted(person.id, userId)
    return yield* drawCard(person.id, words.liftedHeading(nameOf(person)))
  })

  const giveBack = Effect.fn("blocks.giveBack")(function* (asked: Asked) {
    const screen = asked.argument === "" ? yield* drawList(0) : yield* liftNamed(asked)
    yield* replies.say(asked.chatId, screen)
  })

  const unblock = Effect.fn("blocks.unblock")(function* (
    press: Press,
    { person: id, on }: Extract<Action, { readonly _tag: "Unblock" }>,
  ) {
    const why = yield* lift(id, press.userId)
    yield* why === undefined ? press.answer(words.lifted) : press.alert(why)
    if (why === undefined) yield* affairs.lifted(id, press.userId)
    const headline = why === undefined ? words.liftedHeading(yield* nameOfPerson(id)) : undefined
    const screen = on === "list" ? yield* drawList(0, headline) : yield* drawCard(id, headline)
    yield* replies.turnTo(press.message, screen)
  })

  return { commands: { unblock: giveBack }, buttons: { Unblock: unblock } }
})
