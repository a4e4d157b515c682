/**
 * /block and /unblock: somebody's access is suspended at once, for some hours or until it is
 * given back. What the person holds stays on his name and keeps its timers.
 *
 * A command or a button takes it back at any moment, so nothing is asked but for how long.
 */
import { Clock, Duration, Effect, Layer } from "effect"
import { Access } from "../../access/Access.ts"
import { type Block, Blocks } from "../../access/Blocks.ts"
import { Settings } from "../../config/Settings.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { requestKeyOf } from "../../domain/Issuance.ts"
import { every } from "../../observe/background.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { hideCommands, showCommands } from "../Commands.ts"
import { Languages, Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { untilText } from "../screens/lists.ts"
import { cut, notice, sentence } from "../screens/parts.ts"
import { suspendedText } from "../screens/refused.ts"
import { Telegram } from "../Telegram.ts"
import { type Area, type Asked, Decisions } from "./Admins.ts"
import { blockList, blockQuestion, echoMax, namesOf, readBlock, viewing } from "./blockScreens.ts"
import { makePeopleProxies, matching, type Person, personName, Directory } from "./Directory.ts"

export const make = Effect.fnUntraced(function* (
  drawCard: (
    id: TelegramId,
    headline?: string,
  ) => Effect.Effect<Screen, StorageUnavailable, Wording>,
) {
  const directory = yield* Directory
  const replies = yield* Replies
  const access = yield* Access
  const blocks = yield* Blocks
  const { timezone: zone } = yield* Settings

  const affairs = yield* makeBlockAffairs
  const viewOf = yield* viewing
  const scenery = Effect.gen(function* () {
    return { now: yield* Clock.currentTimeMillis, zone, texts: yield* Wording }
  })

  const drawList = Effect.fnUntraced(function* (page: number, headline?: string) {
    const views = yield* Effect.forEach(yield* blocks.all, viewOf)
    return blockList(views, page, yield* scenery, headline)
  })

  /** Why somebody cannot be blocked; none: he can. */
  const obstacle = Effect.fnUntraced(function* (id: TelegramId) {
    const words = (yield* Wording).blocks

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
    Effect.map(access.stageOf(id), (stage) => personName({ id, stage }))

  /** The card, when what comes with it is settled. */
  const show = Effect.fnUntraced(function* (block: Block) {
    const words = (yield* Wording).blocks

    yield* affairs.suspended(block)
    return yield* drawCard(block.id, words.state.heading(yield* nameOfPerson(block.id)))
  })

  /** What an admin reads who wrote /block with something behind it. */
  const carryOut = Effect.fnUntraced(function* ({ argument, userId, chatId, messageId }: Asked) {
    const texts = yield* Wording
    const words = texts.blocks

    const asked = readBlock(argument, yield* directory.all)
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
    const words = (yield* Wording).blocks

    yield* press.alert(words.already)
    yield* replies.turnTo(press.message, yield* drawCard(id))
  })

  const ask = Effect.fn("blocks.ask")(function* (
    press: Press,
    { person: id }: ActionOf<"AskBlock">,
  ) {
    const texts = yield* Wording

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
    const words = (yield* Wording).blocks

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

  const lifting = yield* makeBlockLifting({ affairs, drawCard, drawList })

  const area: Area = {
    commands: { block: open, ...lifting.commands },
    buttons: { Blocks: turn, AskBlock: ask, Block: choose, ...lifting.buttons },
  }
  return area
})

/*
 * What comes with a suspended access and with its return: the person and the other admins are
 * told, the list of commands goes and comes, reservations of proxies are cancelled.
 *
 * Access itself is settled by then, so trouble here is a line in the log, not a refusal.
 */

export const makeBlockAffairs = Effect.gen(function* () {
  const replies = yield* Replies
  const access = yield* Access
  const blocks = yield* Blocks
  const telegram = yield* Telegram
  const languages = yield* Languages
  const { timezone: zone } = yield* Settings
  const decisions = yield* Decisions
  const cancelReservations = yield* makePeopleProxies

  const nameOfPerson = (id: TelegramId) =>
    Effect.map(access.stageOf(id), (stage) => personName({ id, stage }))

  /** A repeat of the request goes on with what failed. */
  const suspended = Effect.fnUntraced(function* (block: Block) {
    const { id, by, until } = block
    yield* cancelReservations(id)
    if (!(yield* blocks.claimTelling(id))) return
    const texts = yield* languages.textsFor(id)
    const about = { now: yield* Clock.currentTimeMillis, zone }
    yield* replies.say(id, sentence(suspendedText(block, { ...about, texts })))
    yield* hideCommands(telegram, id, texts)
    const name = yield* nameOfPerson(id)
    yield* decisions.tellOthers(by, (author, others) => {
      const end = until === null ? "" : untilText(until, { ...about, texts: others })
      return others.blocks.notes.suspended(name, end, author)
    })
  }, settled)

  /** Who was removed from the list meanwhile has nothing to be told. */
  const lifted = Effect.fnUntraced(function* (id: TelegramId, by: TelegramId) {
    if (!(yield* blocks.claimTelling(id))) return
    if (yield* access.isAllowed(id)) {
      const texts = yield* languages.textsFor(id)
      yield* replies.say(id, sentence(texts.people.dismissal.begun))
      yield* showCommands(telegram, id, texts)
    }
    const name = yield* nameOfPerson(id)
    yield* decisions.tellOthers(by, (author, { blocks: { notes } }) => notes.lifted(name, author))
  }, settled)

  return { suspended, lifted }
})

export type BlockAffairs = Effect.Success<typeof makeBlockAffairs>

const settled = Effect.catch(({ _tag }: StorageUnavailable) =>
  Effect.logWarning("what comes with a suspended access is not all settled").pipe(
    Effect.annotateLogs({ reason: _tag }),
  ),
)

/* Suspended access that ended by its time: Telegram lists the commands again. */

/** Only for comfort: the access itself is open from the very moment on. */
const period = Duration.minutes(1)

export const endBlocks = Effect.gen(function* () {
  const access = yield* Access
  const blocks = yield* Blocks
  const telegram = yield* Telegram
  const languages = yield* Languages
  for (const { id } of yield* blocks.expire(yield* Clock.currentTimeMillis)) {
    yield* Effect.logInfo("a suspended access is open again").pipe(
      Effect.annotateLogs({ person: id }),
    )
    if (!(yield* access.isAllowed(id))) continue
    yield* showCommands(telegram, id, yield* languages.textsFor(id))
  }
})

export const blockEnds = Layer.effectDiscard(every("ends of suspended access", period)(endBlocks))

/* /unblock and its buttons: a suspended access is given back. */

interface Around {
  readonly affairs: BlockAffairs
  readonly drawCard: (
    id: TelegramId,
    headline?: string,
  ) => Effect.Effect<Screen, StorageUnavailable, Wording>
  readonly drawList: (page: number, headline?: string) => Effect.Effect<Screen, never, Wording>
}

export const makeBlockLifting = Effect.fnUntraced(function* ({
  affairs,
  drawCard,
  drawList,
}: Around) {
  const directory = yield* Directory
  const replies = yield* Replies
  const access = yield* Access
  const blocks = yield* Blocks
  const { timezone: zone } = yield* Settings

  const nameOfPerson = (id: TelegramId) =>
    Effect.map(access.stageOf(id), (stage) => personName({ id, stage }))

  /** Why there was nothing to give back; none: it is back. */
  const lift = Effect.fnUntraced(function* (id: TelegramId, by: TelegramId) {
    const texts = yield* Wording
    const words = texts.blocks

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
    const people = yield* directory.all
    const blocked = yield* Effect.forEach(yield* blocks.all, ({ id }) =>
      Effect.map(access.stageOf(id), (stage): Person => ({ id, stage, role: "blocked" })),
    )
    return [...people, ...blocked.filter(({ id }) => !people.some((each) => each.id === id))]
  })

  const liftNamed = Effect.fnUntraced(function* ({ argument, userId }: Asked) {
    const texts = yield* Wording
    const words = texts.blocks

    const [person, ...others] = matching(yield* known, argument)
    const name = cut(argument, echoMax)
    if (person === undefined) return notice(texts.people.dismissal.unknown(name), texts)
    if (others.length > 0) return notice(words.several(name, namesOf([person, ...others])), texts)
    const why = yield* lift(person.id, userId)
    if (why !== undefined) return notice(why, texts)
    yield* affairs.lifted(person.id, userId)
    return yield* drawCard(person.id, words.liftedHeading(personName(person)))
  })

  const giveBack = Effect.fn("blocks.giveBack")(function* (asked: Asked) {
    const screen = asked.argument === "" ? yield* drawList(0) : yield* liftNamed(asked)
    yield* replies.say(asked.chatId, screen)
  })

  const unblock = Effect.fn("blocks.unblock")(function* (
    press: Press,
    { person: id, on }: Extract<Action, { readonly _tag: "Unblock" }>,
  ) {
    const words = (yield* Wording).blocks

    const why = yield* lift(id, press.userId)
    yield* why === undefined ? press.answer(words.lifted) : press.alert(why)
    if (why === undefined) yield* affairs.lifted(id, press.userId)
    const headline = why === undefined ? words.liftedHeading(yield* nameOfPerson(id)) : undefined
    const screen = on === "list" ? yield* drawList(0, headline) : yield* drawCard(id, headline)
    yield* replies.turnTo(press.message, screen)
  })

  return { commands: { unblock: giveBack }, buttons: { Unblock: unblock } }
})
