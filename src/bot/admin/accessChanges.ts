/**
 * What comes with a change of somebody's access: the person and the other admins are told, the
 * list of commands follows, an application is closed or opened again, reservations of proxies are
 * cancelled.
 *
 * The access itself is settled by then, so trouble here is a line in the log, not a refusal.
 */
import { Clock, Effect, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { Applications } from "../../access/Applications.ts"
import { type Block, Blocks } from "../../access/Blocks.ts"
import type { Dismissal, Dismissals } from "../../access/Dismissals.ts"
import { CatalogueSource } from "../../config/CatalogueSource.ts"
import { Settings } from "../../config/Settings.ts"
import { dayOf } from "../../domain/Day.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { Proxies } from "../../pool/proxies/Proxies.ts"
import { hideCommands, showCommands } from "../Commands.ts"
import { Languages } from "../Languages.ts"
import { Notes } from "../Notes.ts"
import type { Press } from "../Replies.ts"
import { untilText } from "../screens/lists.ts"
import { suspendedText } from "../screens/refused.ts"
import { Telegram } from "../Telegram.ts"
import { Decisions } from "./Admins.ts"
import { Approvals } from "./approvals.ts"
import { Directory, personName } from "./Directory.ts"

/** What to call after the access of somebody has changed. Nobody is told of one change twice. */
export interface AccessChanges {
  /** An admin removed somebody. Called again by a repeat, it goes on with what failed. */
  removed(press: Press, id: TelegramId): Effect.Effect<void>
  /** An admin took a removal back. */
  readmitted(dismissal: Dismissal, admin: TelegramId): Effect.Effect<void>
  /** An admin suspended the access. Called again by a repeat, it goes on with what failed. */
  suspended(block: Block): Effect.Effect<void>
  /** An admin gave a suspended access back. */
  lifted(id: TelegramId, admin: TelegramId): Effect.Effect<void>
}

export const makeAccessChanges = Effect.fnUntraced(function* (dismissals: Dismissals) {
  const access = yield* Access
  const applications = yield* Applications
  const approvals = yield* Approvals
  const catalogue = yield* CatalogueSource
  const blocks = yield* Blocks
  const decisions = yield* Decisions
  const directory = yield* Directory
  const languages = yield* Languages
  const notes = yield* Notes
  const telegram = yield* Telegram
  const { timezone: zone } = yield* Settings
  const cancelReservations = yield* makeCancelReservations

  const tellOfRemoval = Effect.fnUntraced(function* (id: TelegramId) {
    const dismissal = Option.getOrUndefined(yield* dismissals.find(id))
    if (dismissal === undefined) return
    const name = personName({ id, stage: dismissal.entry.stage })
    yield* decisions.tellOthers(dismissal.by, (by, { people }) =>
      people.dismissal.endedBy(name, by),
    )
  })

  const removed = Effect.fnUntraced(function* (press: Press, id: TelegramId) {
    const texts = yield* languages.textsFor(id)
    const isToBeTold = yield* dismissals.claimTelling(id)
    const application = yield* applications.find(id)
    if (Option.exists(application, ({ decision }) => decision === null)) {
      // The refusal tells the applicant, and the closed cards tell the admins.
      yield* approvals.decide(press, id, "refuse")
    } else if (isToBeTold) {
      yield* notes.tell([{ to: id, say: ({ people }) => people.dismissal.ended }])
      yield* tellOfRemoval(id)
    }
    if (isToBeTold) yield* hideCommands(telegram, id, texts)
    yield* cancelReservations(id)
  }, logging("a removed person's affairs are not all settled"))

  const welcome = (id: TelegramId) =>
    notes.tell([{ to: id, say: ({ people }) => people.dismissal.begun }])

  const readmitted = Effect.fnUntraced(function* ({ id, entry }: Dismissal, admin: TelegramId) {
    const name = personName({ id, stage: entry.stage })
    yield* decisions.tellOthers(admin, (by, { people }) => people.dismissal.readmittedBy(name, by))
    if (yield* access.isAllowed(id)) {
      const texts = yield* languages.textsFor(id)
      yield* welcome(id)
      return yield* showCommands(telegram, id, texts, catalogue)
    }
    // An access that was suspended before the removal is suspended again.
    if ((yield* access.role(id)) === "blocked") return
    // The removal closed the cards of an applicant: the admins get new ones.
    const begun = yield* applications.begin(id)
    if (begun._tag === "Open") yield* approvals.sendCards(begun.application)
  }, logging("a person was not welcomed back"))

  const suspended = Effect.fnUntraced(function* (block: Block) {
    const { id, by, until } = block
    yield* cancelReservations(id)
    if (!(yield* blocks.claimTelling(id))) return
    const texts = yield* languages.textsFor(id)
    const about = { now: yield* Clock.currentTimeMillis, zone }
    yield* notes.tell([{ to: id, say: (own) => suspendedText(block, { ...about, texts: own }) }])
    yield* hideCommands(telegram, id, texts)
    const name = yield* directory.nameOf(id)
    yield* decisions.tellOthers(by, (author, others) => {
      const end = until === null ? "" : untilText(until, { ...about, texts: others })
      return others.blocks.notes.suspended(name, end, author)
    })
  }, logging("what comes with a suspended access is not all settled"))

  const lifted = Effect.fnUntraced(function* (id: TelegramId, admin: TelegramId) {
    if (!(yield* blocks.claimTelling(id))) return
    // Somebody who was removed while the access was suspended still has none.
    if (yield* access.isAllowed(id)) {
      const texts = yield* languages.textsFor(id)
      yield* welcome(id)
      yield* showCommands(telegram, id, texts, catalogue)
    }
    const name = yield* directory.nameOf(id)
    yield* decisions.tellOthers(admin, (by, others) => others.blocks.notes.lifted(name, by))
  }, logging("what comes with a suspended access is not all settled"))

  const changes: AccessChanges = { removed, readmitted, suspended, lifted }
  return changes
})

/**
 * Gives a function that cancels the reservations of proxies that somebody has running, so that
 * others need not wait for them. A reservation that cannot be cancelled ends by itself in minutes.
 */
const makeCancelReservations = Effect.gen(function* () {
  const proxies = yield* Proxies
  const { timezone } = yield* Settings

  return Effect.fnUntraced(function* (by: TelegramId) {
    const today = dayOf(yield* Clock.currentTimeMillis, timezone)
    const free = new Set((yield* proxies.free([])).map(({ id }) => id))
    const reserved = (yield* proxies.registry).filter(
      ({ id, until, place }) => !free.has(id) && until >= today && place !== "gone",
    )
    yield* Effect.forEach(
      reserved,
      // The registry does not say whose a reservation is; cancelling somebody else's is refused.
      ({ id: proxy, generation }) =>
        Effect.ignore(proxies.cancel({ _tag: "Cancel", proxy, generation, by })),
      { discard: true },
    )
  })
})

/** Turns trouble into a line in the log, with its kind. */
const logging =
  (message: string) =>
  <A, E extends { readonly _tag: string }, R>(self: Effect.Effect<A, E, R>) =>
    Effect.catch(self, ({ _tag }) =>
      Effect.logWarning(message).pipe(Effect.annotateLogs({ reason: _tag })),
    )
