/**
 * What comes with a suspended access and with its return: the person and the other admins are
 * told, the list of commands goes and comes, reservations of proxies are cancelled.
 *
 * Access itself is settled by then, so trouble here is a line in the log, not a refusal.
 */
import { Clock, Effect } from "effect"
import { Access } from "../../access/Access.ts"
import { type Block, Blocks } from "../../access/Blocks.ts"
import { Settings } from "../../config/Settings.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import { hideCommands, showCommands } from "../Commands.ts"
import { Languages } from "../Languages.ts"
import type { Replies } from "../Replies.ts"
import { untilText } from "../screens/lists.ts"
import { sentence } from "../screens/parts.ts"
import { suspendedText } from "../screens/refused.ts"
import { Telegram } from "../Telegram.ts"
import { nameOf } from "./peopleParts.ts"
import * as PeopleProxies from "./peopleProxies.ts"
import * as Decisions from "./stockDecisions.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const access = yield* Access
  const blocks = yield* Blocks
  const telegram = yield* Telegram
  const languages = yield* Languages
  const { timezone: zone } = yield* Settings
  const decisions = yield* Decisions.make
  const cancelReservations = yield* PeopleProxies.make

  const nameOfPerson = (id: TelegramId) =>
    Effect.map(access.stageOf(id), (stage) => nameOf({ id, stage }))

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

export type BlockAffairs = Effect.Success<ReturnType<typeof make>>

const settled = Effect.catch(({ _tag }: StorageUnavailable) =>
  Effect.logWarning("what comes with a suspended access is not all settled").pipe(
    Effect.annotateLogs({ reason: _tag }),
  ),
)
