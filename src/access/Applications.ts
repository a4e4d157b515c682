/**
 * Registration, from a stranger's /start to the admins' decision, as it survives a restart.
 *
 * A decision is written to the journal first and to the whitelist after: what a crash left
 * between the two is carried out at the next start.
 */
import { Clock, Context, Effect, Layer, Option, Schema, Semaphore } from "effect"
import {
  type Application,
  type Begun,
  type Decided,
  decidedAs,
  type Decision,
  foldNickname,
  idOf,
  type Registration,
  type Reopened,
  type Submitted,
  type Verdict,
} from "../domain/Application.ts"
import { Stage, type TelegramId } from "../domain/Employee.ts"
import type { MessageRef } from "../domain/Issuance.ts"
import { Journal, type JournalDamaged, type StorageUnavailable } from "../store/Journal.ts"
import type { FileDamaged, FileUnwritable } from "../store/JsonFile.ts"
import { Access } from "./Access.ts"
import { isExpired, isReminderDue, pausedUntil } from "./applicationTimes.ts"
import { isTaken } from "./nicknames.ts"
import * as Registrations from "./Registrations.ts"
import * as Reopening from "./reopening.ts"
import { Whitelist } from "./Whitelist.ts"

type Refused = StorageUnavailable | FileDamaged | FileUnwritable

export class Applications extends Context.Service<
  Applications,
  {
    /** /start of somebody who may not use the bot. An applicant of an older file gets a card. */
    begin(id: TelegramId): Effect.Effect<Begun, Refused>
    awaitsNickname(id: TelegramId): Effect.Effect<boolean>
    /** Repeating it with the same nickname gives the same answer. */
    submit(id: TelegramId, nickname: string): Effect.Effect<Submitted, Refused>
    /** Remembers an admin's card. Gives the decision if there is one by now, to show it there. */
    cardSent(
      id: TelegramId,
      card: MessageRef,
    ): Effect.Effect<Option.Option<Decision>, StorageUnavailable>
    /** The first decision counts. Whether `by` is an admin is for the caller to know. */
    decide(id: TelegramId, decision: Verdict, by: TelegramId): Effect.Effect<Decided, Refused>
    /** Takes a refusal back while the pause after it lasts: the application is open again. */
    reopen(id: TelegramId): Effect.Effect<Reopened, Refused>
    /** The applicant and the admins were told of the decision. */
    announced(id: TelegramId): Effect.Effect<void, StorageUnavailable>
    find(id: TelegramId): Effect.Effect<Option.Option<Application>>
    /** Those that wait for a decision. */
    readonly open: Effect.Effect<ReadonlyArray<Application>>
    /** None: at once. Otherwise when the pause after the refusal ends. */
    mayApply(id: TelegramId): Effect.Effect<Option.Option<number>>
    /** Open for four hours; each application is given once. */
    remind(now: number): Effect.Effect<ReadonlyArray<Application>, StorageUnavailable>
    /** Open for 72 hours: dropped, so that the applicants can be told. */
    expire(now: number): Effect.Effect<ReadonlyArray<Application>, Refused>
  }
>()("account-bot/access/Applications") {
  static readonly layer: Layer.Layer<
    Applications,
    Refused | JournalDamaged,
    Access | Journal | Whitelist
  > = Layer.effect(
    Applications,
    Effect.suspend(() => make),
  )
}

const make = Effect.gen(function* () {
  const access = yield* Access
  const whitelist = yield* Whitelist
  const registrations = yield* Registrations.make(yield* Journal, whitelist)
  const reopen = Reopening.make(registrations, whitelist)
  const lock = yield* Semaphore.make(1)

  /** One at a time, and a change that began is finished in memory as on disk. */
  const exclusively = <A, E, R>(self: Effect.Effect<A, E, R>) =>
    lock.withPermit(Effect.uninterruptible(self))

  const begin = Effect.fn("Applications.begin")(function* (
    id: TelegramId,
  ): Effect.fn.Return<Begun, Refused> {
    const registration = yield* registrations.find(id)
    yield* registrations.settle(registration)
    if (yield* access.isAllowed(id)) return { _tag: "Allowed" }
    const open = openOf(registration)
    if (open !== undefined) return { _tag: "Open", application: open }
    const member = yield* whitelist.find(id)
    if (Option.isSome(member)) {
      return { _tag: "Open", application: yield* registrations.open(id, member.value.stage) }
    }
    const now = yield* Clock.currentTimeMillis
    const retryAt = pausedUntil(registration, now)
    if (retryAt !== undefined) return { _tag: "Paused", retryAt }
    if (registration?._tag !== "NicknameAwaited") {
      yield* registrations.save({ _tag: "NicknameAwaited", id, since: now })
    }
    return { _tag: "NicknameAwaited" }
  }, exclusively)

  const submit = Effect.fn("Applications.submit")(function* (
    id: TelegramId,
    nickname: string,
  ): Effect.fn.Return<Submitted, Refused> {
    const stage = nickname.normalize("NFC").trim()
    const registration = yield* registrations.find(id)
    const open = openOf(registration)
    if (open !== undefined) {
      const isRepeat = foldNickname(open.stage) === foldNickname(stage)
      return { _tag: isRepeat ? "Submitted" : "AlreadyOpen", application: open }
    }
    const isAwaited = registration?._tag === "NicknameAwaited"
    if (!isAwaited || (yield* access.isAllowed(id))) return { _tag: "NotAwaited" }
    if (!isStage(stage)) return { _tag: "NicknameInvalid" }
    const others = (yield* whitelist.all).filter((member) => member.id !== id)
    if (isTaken(stage, others)) return { _tag: "NicknameTaken" }
    yield* whitelist.put(id, { stage, isApproved: false })
    return { _tag: "Submitted", application: yield* registrations.open(id, stage) }
  }, exclusively)

  const cardSent = Effect.fn("Applications.cardSent")(function* (id: TelegramId, card: MessageRef) {
    const registration = yield* registrations.find(id)
    if (registration?._tag !== "Applied") return Option.none<Decision>()
    const { application } = registration
    const others = application.cards.filter(({ chatId }) => chatId !== card.chatId)
    yield* registrations.save({
      ...registration,
      application: { ...application, cards: [...others, card] },
    })
    return Option.fromNullOr(application.decision)
  }, exclusively)

  const decide = Effect.fn("Applications.decide")(function* (
    id: TelegramId,
    verdict: Verdict,
    by: TelegramId,
  ): Effect.fn.Return<Decided, Refused> {
    const registration = yield* registrations.find(id)
    if (registration?._tag !== "Applied") return { _tag: "NoApplication" }
    const { decision: earlier } = registration.application
    if (earlier !== null) {
      yield* registrations.settle(registration)
      const isRepeat = earlier.by === by && earlier.verdict === verdict && !registration.announced
      return decidedAs(isRepeat ? "Decided" : "AlreadyDecided", registration.application, earlier)
    }
    const decision = { verdict, by, at: yield* Clock.currentTimeMillis }
    const application = { ...registration.application, decision }
    const decided = { ...registration, application }
    yield* registrations.save(decided)
    yield* registrations.settle(decided)
    return decidedAs("Decided", application, decision)
  }, exclusively)

  const announced = Effect.fn("Applications.announced")(function* (id: TelegramId) {
    const registration = yield* registrations.find(id)
    if (registration?._tag === "Applied")
      yield* registrations.save({ ...registration, announced: true })
  }, exclusively)

  const remind = Effect.fn("Applications.remind")(function* (now: number) {
    const { waiting } = yield* due(access, yield* registrations.all, isReminderDue, now)
    if (waiting.length === 0) return []
    const reminded = waiting.map((each) => ({
      ...each,
      application: { ...each.application, remindedAt: now },
    }))
    yield* registrations.save(...reminded)
    return reminded.map(({ application }) => application)
  }, exclusively)

  const expire = Effect.fn("Applications.expire")(function* (now: number) {
    const { found, waiting } = yield* due(access, yield* registrations.all, isExpired, now)
    if (found.length === 0) return []
    const applications = waiting.map(({ application }) => application)
    yield* Effect.forEach(applications, ({ id }) => whitelist.remove(id), { discard: true })
    yield* registrations.drop(found.map(idOf))
    return applications
  }, exclusively)

  return Applications.of({
    begin,
    awaitsNickname: (id) =>
      Effect.map(registrations.find(id), (found) => found?._tag === "NicknameAwaited"),
    submit,
    cardSent,
    decide,
    reopen: (id) => exclusively(reopen(id)),
    announced,
    find: (id) => Effect.map(registrations.find(id), (registration) => applicationOf(registration)),
    open: Effect.map(
      Effect.flatMap(registrations.all, (all) => due(access, all, isOpen, 0)),
      ({ waiting }) => waiting.map(({ application }) => application),
    ),
    mayApply: (id) => Effect.flatMap(registrations.find(id), pauseOf),
    remind,
    expire,
  })
})

/**
 * `waiting` leaves out whoever was approved by hand in the file: nothing is left to decide. Nor
 * is there where the access was suspended since.
 */
const due = Effect.fnUntraced(function* (
  access: Access["Service"],
  registrations: ReadonlyArray<Registration>,
  rule: (registration: Registration, now: number) => boolean,
  now: number,
) {
  const found = registrations.filter((each) => rule(each, now))
  const waiting = yield* Effect.filter(found, (each) =>
    Effect.map(access.role(idOf(each)), (role) => role === "applicant" || role === "stranger"),
  )
  return { found, waiting: waiting.filter((each) => each._tag === "Applied") }
})

const isStage = Schema.is(Stage)
const applicationOf = (registration: Registration | undefined) =>
  registration?._tag === "Applied" ? Option.some(registration.application) : Option.none()

const openOf = (registration: Registration | undefined) =>
  registration?._tag === "Applied" && registration.application.decision === null
    ? registration.application
    : undefined

const isOpen = (registration: Registration) => openOf(registration) !== undefined

const pauseOf = (registration: Registration | undefined) =>
  Effect.map(Clock.currentTimeMillis, (now) =>
    Option.fromUndefinedOr(pausedUntil(registration, now)),
  )
