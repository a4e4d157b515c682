/**
 * What comes with the end of an access and with its return: the person and the other admins are
 * told, an application is closed or opened again, reservations of proxies are cancelled.
 *
 * Access itself is settled by then, so trouble here is a line in the log, not a refusal.
 */
import { Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Applications } from "../../access/Applications.ts"
import type { Dismissal, Dismissals } from "../../access/Dismissals.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { hideCommands, showCommands } from "../Commands.ts"
import { Languages } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import { sentence } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import * as Approvals from "./approvals.ts"
import { nameOf } from "./peopleParts.ts"
import * as PeopleProxies from "./peopleProxies.ts"
import * as Decisions from "./stockDecisions.ts"

export const make = Effect.fnUntraced(function* (replies: Replies, dismissals: Dismissals) {
  const access = yield* Access
  const telegram = yield* Telegram
  const applications = yield* Applications
  const languages = yield* Languages
  const approvals = yield* Approvals.make
  const cancelReservations = yield* PeopleProxies.make
  const decisions = yield* Decisions.make

  /** Of an applicant the cards say it. */
  const tellOfEnd = Effect.fnUntraced(function* (id: TelegramId) {
    const dismissal = Option.getOrUndefined(yield* dismissals.find(id))
    if (dismissal === undefined) return
    const name = nameOf({ id, stage: dismissal.entry.stage })
    yield* decisions.tellOthers(dismissal.by, (by, { people }) =>
      people.dismissal.endedBy(name, by),
    )
  })

  /** A repeat of the tap goes on with what failed. */
  const windUp = Effect.fnUntraced(
    function* (press: Press, id: TelegramId) {
      const texts = yield* languages.textsFor(id)
      const isToBeTold = yield* dismissals.claimTelling(id)
      const application = yield* applications.find(id)
      if (Option.exists(application, ({ decision }) => decision === null)) {
        yield* approvals.decide(press, id, "refuse")
      } else if (isToBeTold) {
        yield* replies.say(id, sentence(texts.people.dismissal.ended))
        yield* tellOfEnd(id)
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
    function* ({ id, entry }: Dismissal, admin: TelegramId) {
      const name = nameOf({ id, stage: entry.stage })
      yield* decisions.tellOthers(admin, (by, { people }) =>
        people.dismissal.readmittedBy(name, by),
      )
      if (yield* access.isAllowed(id)) {
        const texts = yield* languages.textsFor(id)
        yield* replies.say(id, sentence(texts.people.dismissal.begun))
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
