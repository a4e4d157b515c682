/**
 * What comes with the end of an access and with its return: the person is told, an application
 * is closed or opened again, reservations of proxies are cancelled.
 *
 * Access itself is settled by then, so trouble here is a line in the log, not a refusal.
 */
import { Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Applications } from "../../access/Applications.ts"
import type { Dismissals } from "../../access/Dismissals.ts"
import { Settings } from "../../config/Settings.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { hideCommands, showCommands } from "../Commands.ts"
import { sentence } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import { textsOf } from "../texts/textsOf.ts"
import type { Press } from "../wizards/Press.ts"
import type { Replies } from "../wizards/replies.ts"
import * as Approvals from "./approvals.ts"
import * as PeopleProxies from "./peopleProxies.ts"

export const make = Effect.fnUntraced(function* (replies: Replies, dismissals: Dismissals) {
  const access = yield* Access
  const telegram = yield* Telegram
  const applications = yield* Applications
  const texts = textsOf((yield* Settings).language)
  const words = texts.people.dismissal
  const approvals = yield* Approvals.make
  const cancelReservations = yield* PeopleProxies.make

  /** A repeat of the tap goes on with what failed. */
  const windUp = Effect.fnUntraced(
    function* (press: Press, id: TelegramId) {
      const isToBeTold = yield* dismissals.claimTelling(id)
      const application = yield* applications.find(id)
      if (Option.exists(application, ({ decision }) => decision === null)) {
        yield* approvals.decide(press, id, "refuse")
      } else if (isToBeTold) {
        yield* replies.say(id, sentence(words.ended))
      }
      if (isToBeTold) yield* hideCommands(telegram, id, texts)
      yield* cancelReservations(id)
    },
    Effect.catch(({ _tag }) =>
      Effect.logWarning("a removed person's affairs are not all settled").pipe(
        Effect.annotateLogs({ reason: _tag }),
      ),
    ),
  )

  /** An applicant's cards went with his application: the admins get new ones. */
  const welcome = Effect.fnUntraced(
    function* (id: TelegramId) {
      if (yield* access.isAllowed(id)) {
        yield* replies.say(id, sentence(words.begun))
        return yield* showCommands(telegram, id, texts)
      }
      // The list has him back, and a suspended access stays so.
      if ((yield* access.role(id)) === "blocked") return
      const begun = yield* applications.begin(id)
      if (begun._tag === "Open") yield* approvals.sendCards(begun.application)
    },
    Effect.catch(({ _tag }) =>
      Effect.logWarning("a person was not welcomed back").pipe(
        Effect.annotateLogs({ reason: _tag }),
      ),
    ),
  )

  return { windUp, welcome }
})
