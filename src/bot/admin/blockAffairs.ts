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
import { sentence } from "../screens/parts.ts"
import { suspendedText } from "../screens/suspended.ts"
import { Telegram } from "../Telegram.ts"
import { textsOf } from "../texts/textsOf.ts"
import type { Replies } from "../wizards/replies.ts"
import { nameOf } from "./peopleParts.ts"
import * as PeopleProxies from "./peopleProxies.ts"
import * as Decisions from "./stockDecisions.ts"
import { untilText } from "./stockParts.ts"

export const make = Effect.fnUntraced(function* (replies: Replies) {
  const access = yield* Access
  const blocks = yield* Blocks
  const telegram = yield* Telegram
  const { timezone: zone, language } = yield* Settings
  const texts = textsOf(language)
  const words = texts.blocks.notes
  const decisions = yield* Decisions.make
  const cancelReservations = yield* PeopleProxies.make
  const scenery = Effect.map(Clock.currentTimeMillis, (now) => ({ now, zone, texts }))

  const nameOfPerson = (id: TelegramId) =>
    Effect.map(access.stageOf(id), (stage) => nameOf({ id, stage }))

  /** A repeat of the request goes on with what failed. */
  const suspended = Effect.fnUntraced(function* (block: Block) {
    const { id, by, until } = block
    yield* cancelReservations(id)
    if (!(yield* blocks.claimTelling(id))) return
    const about = yield* scenery
    yield* replies.say(id, sentence(suspendedText(block, about)))
    yield* hideCommands(telegram, id, texts)
    const name = yield* nameOfPerson(id)
    const end = until === null ? "" : untilText(until, about)
    yield* decisions.tellOthers(by, (author) => words.suspended(name, end, author))
  }, settled)

  /** Who was removed from the list meanwhile has nothing to be told. */
  const lifted = Effect.fnUntraced(function* (id: TelegramId, by: TelegramId) {
    if (!(yield* blocks.claimTelling(id))) return
    if (yield* access.isAllowed(id)) {
      yield* replies.say(id, sentence(texts.people.dismissal.begun))
      yield* showCommands(telegram, id, texts)
    }
    const name = yield* nameOfPerson(id)
    yield* decisions.tellOthers(by, (author) => words.lifted(name, author))
  }, settled)

  return { suspended, lifted }
})

export type BlockAffairs = Effect.Success<ReturnType<typeof make>>

const settled = Effect.catch(({ _tag }: StorageUnavailable) =>
  Effect.logWarning("what comes with a suspended access is not all settled").pipe(
    Effect.annotateLogs({ reason: _tag }),
  ),
)
