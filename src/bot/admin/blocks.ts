/**
 * /block and /unblock: somebody's access is suspended at once, for some hours or until it is
 * given back. What the person holds stays on his name and keeps its timers.
 *
 * A command or a button takes it back at any moment, so nothing is asked but for how long.
 */
import { Clock, Effect } from "effect"
import { Access } from "../../access/Access.ts"
import { type Block, Blocks } from "../../access/Blocks.ts"
import { Settings } from "../../config/Settings.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { requestKeyOf } from "../../domain/Issuance.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { ActionOf } from "../Callback.ts"
import { Wording } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { cut, notice } from "../screens/parts.ts"
import type { Area, Asked } from "./Area.ts"
import * as Affairs from "./blockAffairs.ts"
import * as Lifting from "./blockLifting.ts"
import { readBlock } from "./blockOrder.ts"
import { blockList, blockQuestion, echoMax, namesOf } from "./blockScreens.ts"
import { viewing } from "./blockViews.ts"
import { nameOf } from "./peopleParts.ts"
import type { PeopleRoster } from "./peopleRoster.ts"

export const make = Effect.fnUntraced(function* (
  replies: Replies,
  roster: PeopleRoster,
  drawCard: (id: TelegramId, headline?: string) => Effect.Effect<Screen, StorageUnavailable>,
) {
  const access = yield* Access
  const blocks = yield* Blocks
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording
  const words = texts.blocks
  const affairs = yield* Affairs.make(replies)
  const viewOf = yield* viewing
  const scenery = Effect.map(Clock.currentTimeMillis, (now) => ({ now, zone, texts }))

  const drawList = Effect.fnUntraced(function* (page: number, headline?: string) {
    const views = yield* Effect.forEach(yield* blocks.all, viewOf)
    return blockList(views, page, yield* scenery, headline)
  })

  /** Why somebody cannot be blocked; none: he can. */
  const obstacle = Effect.fnUntraced(function* (id: TelegramId) {
    switch (yield* access.role(id)) {
      case "admin":
        return words.isAdmin
      case "applicant":
        return words.isApplicant
      case "stranger":
        return words.isUnknown
      case "employee":
      case "blocked":
        return undefined
    }
  })

  const nameOfPerson = (id: TelegramId) =>
    Effect.map(access.stageOf(id), (stage) => nameOf({ id, stage }))

  /** The card, when what comes with it is settled. */
  const show = Effect.fnUntraced(function* (block: Block) {
    yield* affairs.suspended(block)
    return yield* drawCard(block.id, words.state.heading(yield* nameOfPerson(block.id)))
  })

  /** What an admin reads who wrote /block with something behind it. */
  const carryOut = Effect.fnUntraced(function* ({ argument, userId, chatId, messageId }: Asked) {
    const asked = readBlock(argument, yield* roster.all)
    switch (asked._tag) {
      case "Unknown":
        return notice(texts.people.dismissal.unknown(cut(asked.name, echoMax)), texts)
      case "Several":
        return notice(words.several(cut(asked.name, echoMax), namesOf(asked.people)), texts)
      case "BadHours":
        return notice(words.badHours(cut(asked.text, echoMax)), texts)
      case "TooLong":
        return notice(words.tooLong(asked.length), texts)
      case "Block": {
        const { person, hours, note } = asked
        const why = yield* obstacle(person.id)
        if (why !== undefined) return notice(why, texts)
        const request = requestKeyOf({ chatId, messageId })
        const { id } = person
        return yield* show(yield* blocks.block({ id, hours, note, by: userId, request }))
      }
    }
  })

  const open = Effect.fn("blocks.open")(function* (asked: Asked) {
    const screen = asked.argument === "" ? yield* drawList(0) : yield* carryOut(asked)
    yield* replies.say(asked.chatId, screen)
  })

  const turn = Effect.fn("blocks.turn")(function* (press: Press, { page }: ActionOf<"Blocks">) {
    yield* press.answer()
    yield* replies.turnTo(press.message, yield* drawList(page))
  })

  /** A button never takes the place of a time and a reason that somebody has given. */
  const already = Effect.fnUntraced(function* (press: Press, id: TelegramId) {
    yield* press.alert(words.already)
    yield* replies.turnTo(press.message, yield* drawCard(id))
  })

  const ask = Effect.fn("blocks.ask")(function* (
    press: Press,
    { person: id }: ActionOf<"AskBlock">,
  ) {
    const why = yield* obstacle(id)
    if (why !== undefined) return yield* press.alert(why)
    if ((yield* access.role(id)) === "blocked") return yield* already(press, id)
    const person = { id, stage: yield* access.stageOf(id) }
    yield* press.answer()
    return yield* replies.turnTo(press.message, blockQuestion(person, texts))
  })

  const choose = Effect.fn("blocks.choose")(function* (
    press: Press,
    { person: id, hours }: ActionOf<"Block">,
  ) {
    const why = yield* obstacle(id)
    if (why !== undefined) return yield* press.alert(why)
    const request = requestKeyOf(press.message)
    const block = yield* blocks.block({
      id,
      hours: hours === 0 ? null : hours,
      note: "",
      by: press.userId,
      request,
      unlessBlocked: true,
    })
    if (block.request !== request) return yield* already(press, id)
    yield* press.answer(words.done)
    return yield* replies.turnTo(press.message, yield* show(block))
  })

  const lifting = yield* Lifting.make(replies, roster, { affairs, drawCard, drawList })

  const area: Area = {
    commands: { block: open, ...lifting.commands },
    buttons: { Blocks: turn, AskBlock: ask, Block: choose, ...lifting.buttons },
  }
  return area
})
