/**
 * Registration, from a stranger's /start to the admins' decision, as it survives a restart.
 *
 * A decision is written to the journal first and to the whitelist after: what a crash left
 * between the two is carried out at the next start.
 */
import { Clock, Context, Duration, Effect, Layer, Option, Ref, Schema, Semaphore } from "effect"
import {
  applicationExpires,
  applicationReminder,
  applicationsOpenMax,
  nicknameCorrectionsMax,
  expiredKept,
  nicknamesAwaitedMax,
  refusalPause,
  withdrawalPause,
} from "../config/Limits.ts"
import {
  type Application,
  type Begun,
  type Decided,
  decidedAs,
  type Decision,
  foldNickname,
  applicantOf,
  Registration,
  type Renamed,
  type Reopened,
  type Submitted,
  type Verdict,
  type Withdrawn,
} from "../domain/Application.ts"
import { Moment } from "../domain/Day.ts"
import { type Profile, Stage, TelegramId } from "../domain/Employee.ts"
import type { MessageRef } from "../domain/Issuance.ts"
import { peoplePool, type PersonEvent } from "../domain/PersonEvent.ts"
import { Journal, JournalDamaged, type StorageUnavailable, type Write } from "../store/Journal.ts"
import type { FileDamaged, FileUnwritable } from "../store/JsonFile.ts"
import { Access, isAdminLike } from "./Access.ts"
import { Whitelist } from "./Whitelist.ts"

type Refused = StorageUnavailable | FileDamaged | FileUnwritable

export class Applications extends Context.Service<
  Applications,
  {
    /** /start of somebody who may not use the bot. An applicant of an older file gets an application. */
    begin(id: TelegramId, profile?: Profile): Effect.Effect<Begun, Refused>
    awaitsNickname(id: TelegramId): Effect.Effect<boolean>
    /**
     * Repeating it with the same nickname gives the same answer. Only so many applications wait at a
     * time, as each is a card to every admin.
     */
    submit(id: TelegramId, nickname: string, profile?: Profile): Effect.Effect<Submitted, Refused>
    /**
     * Gives somebody on the list another nickname. What was issued before keeps the old one. An
     * admin may do that at any time, the person while the application is open and not too often.
     */
    rename(id: TelegramId, nickname: string, by: TelegramId): Effect.Effect<Renamed, Refused>
    /** The applicant takes an open application back. */
    withdraw(id: TelegramId): Effect.Effect<Withdrawn, Refused>
    /** The application that the person took back, until another one takes its place. */
    withdrawn(
      id: TelegramId,
    ): Effect.Effect<Option.Option<{ readonly application: Application; readonly at: number }>>
    /** Remembers an admin's card. Gives the decision if there is one by now, to show it there. */
    cardSent(
      id: TelegramId,
      card: MessageRef,
    ): Effect.Effect<Option.Option<Decision>, StorageUnavailable>
    /**
     * The first decision counts, also about an application that expired. Whether `by` is an admin is
     * for the caller to know.
     */
    decide(id: TelegramId, decision: Verdict, by: TelegramId): Effect.Effect<Decided, Refused>
    /** Takes a refusal back while the pause after it lasts: the application is open again. */
    reopen(id: TelegramId): Effect.Effect<Reopened, Refused>
    /** The applicant and the admins were told of the decision. */
    announced(id: TelegramId): Effect.Effect<void, StorageUnavailable>
    find(id: TelegramId): Effect.Effect<Option.Option<Application>>
    /** Those that wait for a decision. */
    readonly open: Effect.Effect<ReadonlyArray<Application>>
    /** When the pause after a refusal ends; none if the person may apply at once. */
    mayApply(id: TelegramId): Effect.Effect<Option.Option<number>>
    /** Open for four hours; each application is given once. */
    remind(now: number): Effect.Effect<ReadonlyArray<Application>, StorageUnavailable>
    /**
     * Open for 72 hours: off the list, so that the applicants can be told. Each is given once, and
     * admins may decide about it for a month.
     */
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

/** Finds the open applications, reminds of those that wait and closes those that are too old. */
const makeTimers = (
  registrations: Registrations,
  access: Access["Service"],
  whitelist: Whitelist["Service"],
) => {
  const remind = Effect.fn("Applications.remind")(function* (now: number) {
    const { waiting } = yield* due(access, yield* registrations.all, isReminderDue, now)
    if (waiting.length === 0) return []
    const reminded = waiting.map((each) => ({
      ...each,
      application: { ...each.application, remindedAt: now },
    }))
    yield* registrations.save(...reminded)
    return reminded.map(({ application }) => application)
  })

  const expire = Effect.fn("Applications.expire")(function* (now: number) {
    const { found, waiting } = yield* due(access, yield* registrations.all, isExpired, now)
    if (found.length === 0) return []
    const expired = waiting.flatMap((each) =>
      openOf(each) === undefined
        ? []
        : [{ ...each, application: { ...each.application, expiredAt: now } }],
    )
    const ids = expired.map(applicantOf)
    yield* Effect.forEach(ids, (id) => whitelist.remove(id), { discard: true })
    yield* registrations.save(...expired)
    yield* registrations.drop(found.map(applicantOf).filter((id) => !ids.includes(id)))
    return expired.map(({ application }) => application)
  })

  const open = Effect.map(
    Effect.flatMap(registrations.all, (all) => due(access, all, isOpen, 0)),
    ({ waiting }) => waiting.map(({ application }) => application),
  )

  return { remind, expire, open }
}

/** Those asked longest ago for a nickname, as many as make room for one more. */
const overMany = (all: ReadonlyArray<Registration>) => {
  const awaited = all.filter((each) => each._tag === "NicknameAwaited")
  return awaited
    .toSorted((a, b) => a.since - b.since)
    .slice(0, Math.max(0, awaited.length + 1 - nicknamesAwaitedMax))
}

const make = Effect.gen(function* () {
  const access = yield* Access
  const whitelist = yield* Whitelist
  const registrations = yield* makeRegistrations(yield* Journal, whitelist)
  const namesInUse = makeNamesInUse(access, whitelist)
  const reopen = makeReopening(registrations, whitelist, namesInUse)
  const withdraw = makeWithdrawal(registrations, access)
  const rename = yield* makeRenaming(yield* Journal, registrations, whitelist, namesInUse)
  const exclusively = exclusivelyBy(yield* Semaphore.make(1))

  const begin = Effect.fn("Applications.begin")(function* (
    id: TelegramId,
    profile?: Profile,
  ): Effect.fn.Return<Begun, Refused> {
    const registration = yield* registrations.find(id)
    yield* registrations.settle(registration)
    if (yield* access.isAllowed(id)) return { _tag: "Allowed" }
    const open = openOf(registration)
    if (open !== undefined) return { _tag: "Open", application: open }
    const member = yield* whitelist.find(id)
    if (Option.isSome(member)) {
      return {
        _tag: "Open",
        application: yield* registrations.open(id, member.value.stage, profile),
      }
    }
    const now = yield* Clock.currentTimeMillis
    const retryAt = pausedUntil(registration, now)
    if (retryAt !== undefined) return { _tag: "Paused", retryAt }
    if (registration?._tag === "TakenBack" && now < mayApplyAfter(registration)) {
      return { _tag: "JustWithdrawn", retryAt: mayApplyAfter(registration) }
    }
    if (registration?._tag !== "NicknameAwaited") {
      const tooMany = overMany(yield* registrations.all)
      if (tooMany.length > 0) yield* registrations.drop(tooMany.map(applicantOf))
      yield* registrations.save({ _tag: "NicknameAwaited", id, since: now })
    }
    return { _tag: "NicknameAwaited" }
  }, exclusively)

  const submit = Effect.fn("Applications.submit")(function* (
    id: TelegramId,
    nickname: string,
    profile?: Profile,
  ): Effect.fn.Return<Submitted, Refused> {
    const stage = tidied(nickname)
    const registration = yield* registrations.find(id)
    const open = openOf(registration)
    if (open !== undefined) {
      const isRepeat = foldNickname(open.stage) === foldNickname(stage)
      return { _tag: isRepeat ? "Submitted" : "AlreadyOpen", application: open }
    }
    const isAwaited = registration?._tag === "NicknameAwaited"
    if (!isAwaited || (yield* access.isAllowed(id))) return { _tag: "NotAwaited" }
    if (!isStage(stage)) return { _tag: "NicknameInvalid" }
    if (isTaken(stage, yield* namesInUse(id))) return { _tag: "NicknameTaken" }
    const isFull = (yield* registrations.all).filter(isOpen).length >= applicationsOpenMax
    if (isFull) return { _tag: "TooManyOpen" }
    yield* whitelist.put(id, { stage, isApproved: false })
    return { _tag: "Submitted", application: yield* registrations.open(id, stage, profile) }
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
    if (openOf(registration) === undefined) {
      // It expired, so the person is off the list and the nickname is free for others.
      if (yield* access.isAllowed(id)) return { _tag: "NoApplication" }
      const isLost = isTaken(registration.application.stage, yield* namesInUse(id))
      if (verdict === "approve" && isLost) return { _tag: "NicknameTaken" }
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

  const { remind, expire, open } = makeTimers(registrations, access, whitelist)

  return Applications.of({
    begin,
    awaitsNickname: (id) =>
      Effect.map(registrations.find(id), (found) => found?._tag === "NicknameAwaited"),
    submit,
    cardSent,
    decide,
    reopen: (id) => exclusively(reopen(id)),
    rename: (id, nickname, by) => exclusively(rename(id, nickname, by)),
    withdraw: (id) => exclusively(withdraw(id)),
    withdrawn: (id) => Effect.map(registrations.find(id), takenBack),
    announced,
    find: (id) => Effect.map(registrations.find(id), (registration) => applicationOf(registration)),
    open,
    mayApply: (id) => Effect.flatMap(registrations.find(id), pauseOf),
    remind: (now) => exclusively(remind(now)),
    expire: (now) => exclusively(expire(now)),
  })
})

/** One change at a time, and a change that began is finished in memory as on disk. */
const exclusivelyBy =
  (lock: Semaphore.Semaphore) =>
  <A, E, R>(self: Effect.Effect<A, E, R>) =>
    lock.withPermit(Effect.uninterruptible(self))

/** A change of a nickname that has begun; what a crash left of it is carried out at the next start. */
const Renaming = Schema.Struct({
  id: TelegramId,
  from: Schema.String,
  to: Schema.String,
  by: TelegramId,
  at: Moment,
})
type Renaming = typeof Renaming.Type

/**
 * Changes nicknames. The journal remembers first what is to be done, then the whitelist changes,
 * and then the event is written: neither is there without the other.
 */
const makeRenaming = Effect.fnUntraced(function* (
  journal: Journal["Service"],
  registrations: Registrations,
  whitelist: Whitelist["Service"],
  namesInUse: NamesInUse,
) {
  const begun = yield* Ref.make(yield* loadRenamings(journal))
  const forget = (id: TelegramId) =>
    Ref.update(begun, (all) => new Map([...all].filter(([key]) => key !== id)))
  const finish = Effect.fnUntraced(function* (
    renaming: Renaming,
  ): Effect.fn.Return<Renamed, Refused> {
    const { id, from, to, by, at } = renaming
    const member = Option.getOrUndefined(yield* whitelist.find(id))
    // The file may have been edited by hand while the program was down.
    if (member === undefined || (member.stage !== from && member.stage !== to)) {
      yield* journal.write([removed(id)])
      yield* forget(id)
      return { _tag: "Unknown" }
    }
    yield* whitelist.put(id, { stage: to, isApproved: member.isApproved })
    const registration = yield* registrations.find(id)
    const open = member.isApproved ? undefined : openOf(registration)
    const renamed =
      registration?._tag === "Applied" && open !== undefined
        ? { ...registration, application: corrected(open, to, by) }
        : undefined
    const event: PersonEvent = { _tag: "NicknameChanged", person: id, from, to, by, at }
    yield* registrations.commit(renamed === undefined ? [] : [renamed], [
      ofPeople(event),
      removed(id),
    ])
    yield* forget(id)
    yield* Effect.logInfo("a nickname was changed").pipe(Effect.annotateLogs({ person: id, by }))
    return {
      _tag: "Renamed",
      from,
      to,
      ...(renamed !== undefined && { application: renamed.application }),
    }
  })

  yield* Effect.forEach((yield* Ref.get(begun)).values(), finish, { discard: true })

  /** Why the change is not made, or `undefined` where it is. */
  const refusal = Effect.fnUntraced(function* (
    id: TelegramId,
    stage: string,
    by: TelegramId,
  ): Effect.fn.Return<Renamed | undefined> {
    const member = Option.getOrUndefined(yield* whitelist.find(id))
    if (member === undefined) return { _tag: "Unknown" }
    const open = member.isApproved ? undefined : openOf(yield* registrations.find(id))
    if (by === id && open === undefined) return { _tag: "Unknown" }
    if (member.stage === stage) return { _tag: "Same", stage }
    if (!isStage(stage)) return { _tag: "NicknameInvalid" }
    if (isTaken(stage, yield* namesInUse(id))) return { _tag: "NicknameTaken" }
    const isTooOften = by === id && (open?.corrections ?? 0) >= nicknameCorrectionsMax
    return isTooOften ? { _tag: "TooOften" } : undefined
  })

  return Effect.fn("Applications.rename")(function* (
    id: TelegramId,
    nickname: string,
    by: TelegramId,
  ): Effect.fn.Return<Renamed, Refused> {
    const stage = tidied(nickname)
    const earlier = (yield* Ref.get(begun)).get(id)
    if (earlier !== undefined) {
      const finished = yield* finish(earlier)
      if (earlier.to === stage && earlier.by === by) return finished
    }
    const why = yield* refusal(id, stage, by)
    if (why !== undefined) return why
    const from = Option.match(yield* whitelist.find(id), {
      onNone: () => "",
      onSome: (member) => member.stage,
    })
    const renaming: Renaming = { id, from, to: stage, by, at: yield* Clock.currentTimeMillis }
    yield* journal.write([
      { _tag: "DocumentPut", kind: renamingKind, key: String(id), body: renaming },
    ])
    yield* Ref.update(begun, (all) => new Map(all).set(id, renaming))
    return yield* finish(renaming).pipe(
      Effect.tapErrorTag(["FileDamaged", "FileUnwritable"], () =>
        Effect.ignore(Effect.andThen(journal.write([removed(id)]), forget(id))),
      ),
    )
  })
})

const corrected = (application: Application, stage: string, by: TelegramId): Application => ({
  ...application,
  stage,
  ...(by === application.id && { corrections: (application.corrections ?? 0) + 1 }),
})

const ofPeople = (event: PersonEvent): Write => ({
  _tag: "PoolEvents",
  pool: peoplePool,
  events: [event],
})

const renamingKind = "renaming"
const removed = (id: TelegramId): Write => ({
  _tag: "DocumentRemoved",
  kind: renamingKind,
  key: String(id),
})
const decodeRenaming = Schema.decodeUnknownEffect(Renaming)

const loadRenamings = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const documents = yield* journal.documents(renamingKind)
  const renamings = yield* Effect.forEach(documents, ({ key, body }) =>
    Effect.mapError(
      decodeRenaming(body),
      ({ message }) =>
        new JournalDamaged({
          table: "document",
          record: `${renamingKind} ${key}`,
          problem: message,
        }),
    ),
  )
  return new Map(renamings.map((each) => [each.id, each] as const))
})

/** Closes an open application as its author wishes; nobody needs to decide about it any more. */
const makeWithdrawal = (registrations: Registrations, access: Access["Service"]) =>
  Effect.fn("Applications.withdraw")(function* (
    id: TelegramId,
  ): Effect.fn.Return<Withdrawn, Refused> {
    const registration = yield* registrations.find(id)
    const withdrawn = yield* withdrawing(registration)
    // Somebody may have approved the person by hand in the file.
    if (withdrawn === undefined || (yield* access.isAllowed(id))) return { _tag: "NotOpen" }
    if (withdrawn !== registration) {
      const event: PersonEvent = { _tag: "ApplicationWithdrawn", person: id, at: withdrawn.at }
      yield* registrations.commit([withdrawn], [ofPeople(event)])
    }
    yield* registrations.settle(withdrawn)
    const { application, at } = withdrawn
    return { _tag: "TakenBack", application, at, retryAt: mayApplyAfter(withdrawn) }
  })

/** The registration after its applicant has withdrawn it; `undefined` if it is not open. */
const withdrawing = (registration: Registration | undefined) =>
  Effect.map(Clock.currentTimeMillis, (at) => {
    // The whitelist could not be changed, and the applicant tries again.
    if (registration?._tag === "TakenBack" && !registration.settled) return registration
    const application = openOf(registration)
    return application === undefined
      ? undefined
      : ({ _tag: "TakenBack", application, at, settled: false } as const)
  })

/** The names that belong to somebody else than `id`: on the list, or admins. */
const makeNamesInUse = (access: Access["Service"], whitelist: Whitelist["Service"]) =>
  Effect.fnUntraced(function* (id: TelegramId) {
    const members = (yield* whitelist.all).filter((member) => member.id !== id)
    const admins = access.admins.filter((admin) => admin !== id)
    return [
      ...members.map(({ stage }) => stage),
      ...(yield* Effect.forEach(admins, (admin) => access.stageOf(admin))),
    ]
  })

type NamesInUse = ReturnType<typeof makeNamesInUse>

/**
 * The registrations for which the rule holds. `waiting` leaves out people who were approved by hand
 * in the file or whose access was suspended since: there is nothing left to decide about them.
 */
const due = Effect.fnUntraced(function* (
  access: Access["Service"],
  registrations: ReadonlyArray<Registration>,
  rule: (registration: Registration, now: number) => boolean,
  now: number,
) {
  const found = registrations.filter((each) => rule(each, now))
  const waiting = yield* Effect.filter(found, (each) =>
    Effect.map(
      access.role(applicantOf(each)),
      (role) => role === "applicant" || role === "stranger",
    ),
  )
  return { found, waiting: waiting.filter((each) => each._tag === "Applied") }
})

/**
 * Takes a refusal back: the application is open again, as if it had been sent just now. Whoever
 * was approved by hand in the file, or is in it again, has no refusal any more.
 */
const makeReopening = (
  registrations: Registrations,
  whitelist: Whitelist["Service"],
  namesInUse: NamesInUse,
) =>
  Effect.fn("Applications.reopen")(function* (
    id: TelegramId,
  ): Effect.fn.Return<Reopened, StorageUnavailable | FileDamaged | FileUnwritable> {
    const now = yield* Clock.currentTimeMillis
    const reopened = reopenedAt(yield* registrations.find(id), now)
    if (reopened === undefined || Option.isSome(yield* whitelist.find(id))) {
      return { _tag: "NotRefused" }
    }
    const { application } = reopened
    if (isTaken(application.stage, yield* namesInUse(id))) return { _tag: "NicknameTaken" }
    yield* registrations.save(reopened)
    yield* whitelist.put(id, { stage: application.stage, isApproved: false })
    return { _tag: "Reopened", application }
  })

/**
 * The registrations of people who came to be let in: documents of the journal, copied in memory.
 * Applications is their only user and makes one change at a time, so they need no lock.
 */
interface Registrations {
  readonly find: (id: TelegramId) => Effect.Effect<Registration | undefined>
  readonly all: Effect.Effect<ReadonlyArray<Registration>>
  readonly save: (
    ...changed: ReadonlyArray<Registration>
  ) => Effect.Effect<void, StorageUnavailable>
  /** Saves the registrations together with other writes. */
  readonly commit: (
    changed: ReadonlyArray<Registration>,
    also: ReadonlyArray<Write>,
  ) => Effect.Effect<void, StorageUnavailable>
  readonly drop: (ids: ReadonlyArray<TelegramId>) => Effect.Effect<void, StorageUnavailable>
  readonly open: (
    id: TelegramId,
    stage: string,
    profile: Profile | undefined,
  ) => Effect.Effect<Application, StorageUnavailable>
  /** Brings the whitelist to what was decided, if it is not there yet. */
  readonly settle: (
    registration: Registration | undefined,
  ) => Effect.Effect<void, StorageUnavailable | FileDamaged | FileUnwritable>
}

/** Reads the registrations, and carries out decisions that a crash cut off. */
const makeRegistrations = Effect.fnUntraced(function* (
  journal: Journal["Service"],
  whitelist: Whitelist["Service"],
) {
  const state = yield* Ref.make(yield* load(journal))

  const commit: Registrations["commit"] = Effect.fnUntraced(function* (changed, also) {
    yield* journal.write([...changed.map(toDocument), ...also])
    yield* Ref.update(
      state,
      (before) =>
        new Map([...before, ...changed.map((each) => [applicantOf(each), each] as const)]),
    )
  })

  const save: Registrations["save"] = (...changed) => commit(changed, [])

  const drop: Registrations["drop"] = Effect.fnUntraced(function* (ids) {
    yield* journal.write(
      ids.map((id) => ({ _tag: "DocumentRemoved", kind, key: String(id) }) as const),
    )
    yield* Ref.update(state, (before) => new Map([...before].filter(([id]) => !ids.includes(id))))
  })

  const open: Registrations["open"] = Effect.fnUntraced(function* (id, stage, profile) {
    const application: Application = {
      id,
      stage,
      ...(profile !== undefined && { profile }),
      openedAt: yield* Clock.currentTimeMillis,
      remindedAt: null,
      cards: [],
      decision: null,
    }
    yield* save({ _tag: "Applied", application, settled: false, announced: false })
    return application
  })

  const settle: Registrations["settle"] = Effect.fnUntraced(function* (registration) {
    if (registration === undefined || registration._tag === "NicknameAwaited") return
    if (registration.settled) return
    const { id, stage, decision } = registration.application
    if (registration._tag === "TakenBack") {
      // Somebody may have approved the person by hand in the file.
      const member = yield* whitelist.find(id)
      if (Option.exists(member, ({ isApproved }) => !isApproved)) yield* whitelist.remove(id)
      yield* save({ ...registration, settled: true })
      return
    }
    if (decision === null) return
    yield* decision.verdict === "approve"
      ? whitelist.put(id, { stage, isApproved: true })
      : whitelist.remove(id)
    yield* save({ ...registration, settled: true })
  })

  yield* Effect.forEach((yield* Ref.get(state)).values(), settle, { discard: true })

  const self: Registrations = {
    find: (id) => Effect.map(Ref.get(state), (all) => all.get(id)),
    all: Effect.map(Ref.get(state), (all) => [...all.values()]),
    save,
    commit,
    drop,
    open,
    settle,
  }
  return self
})

const kind = "application"
const decode = Schema.decodeUnknownEffect(Registration)

const load = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const documents = yield* journal.documents(kind)
  const entries = yield* Effect.forEach(documents, ({ key, body }) =>
    decode(body).pipe(
      Effect.map((registration) => [applicantOf(registration), registration] as const),
      Effect.mapError(
        ({ message }) =>
          new JournalDamaged({ table: "document", record: `${kind} ${key}`, problem: message }),
      ),
    ),
  )
  return new Map<TelegramId, Registration>(entries)
})

const toDocument = (registration: Registration): Write => ({
  _tag: "DocumentPut",
  kind,
  key: String(applicantOf(registration)),
  body: registration,
})

/** When the pause after a refusal ends; `undefined` if there is none at `now`. */
const pausedUntil = (registration: Registration | undefined, now: number) => {
  if (registration?._tag !== "Applied") return undefined
  const { decision } = registration.application
  if (decision?.verdict !== "refuse") return undefined
  const until = decision.at + Duration.toMillis(refusalPause)
  return now < until ? until : undefined
}

/** A refused application, open again from `now` on; `undefined` once the pause is over. */
const reopenedAt = (registration: Registration | undefined, now: number) => {
  if (registration?._tag !== "Applied" || pausedUntil(registration, now) === undefined) {
    return undefined
  }
  const { expiredAt: _, ...application } = registration.application
  return {
    ...registration,
    application: { ...application, openedAt: now, remindedAt: null, decision: null },
    settled: false,
    announced: false,
  }
}

const mayApplyAfter = ({ at }: { readonly at: number }) => at + Duration.toMillis(withdrawalPause)

/** Whether the admins should be reminded of the application now. */
const isReminderDue = (registration: Registration, now: number): boolean => {
  const open = openOf(registration)
  return open?.remindedAt === null && now >= open.openedAt + Duration.toMillis(applicationReminder)
}

/**
 * Whether nobody decided, or the stranger sent no nickname, in time; or nobody has decided for long
 * about what expired.
 */
const isExpired = (registration: Registration, now: number): boolean => {
  const age = Duration.toMillis(applicationExpires)
  if (registration._tag === "TakenBack") return now >= mayApplyAfter(registration)
  if (registration._tag === "NicknameAwaited") return now >= registration.since + age
  const { decision, openedAt, expiredAt } = registration.application
  if (decision !== null) return false
  return expiredAt === undefined
    ? now >= openedAt + age
    : now >= expiredAt + Duration.toMillis(expiredKept)
}

/** Whether one of these names is the nickname, or it would pass for that of an admin. */
const isTaken = (stage: string, names: ReadonlyArray<string>) =>
  isAdminLike(stage) || names.map(foldNickname).includes(foldNickname(stage))

const isStage = Schema.is(Stage)

/** The nickname as it is kept: one spelling of each letter, and single spaces. */
const tidied = (nickname: string) =>
  nickname
    .normalize("NFC")
    .replaceAll(/\p{Zs}+/gu, " ")
    .trim()

const applicationOf = (registration: Registration | undefined) =>
  registration?._tag === "Applied" ? Option.some(registration.application) : Option.none()

const takenBack = (registration: Registration | undefined) =>
  registration?._tag === "TakenBack" ? Option.some(registration) : Option.none()

const openOf = (registration: Registration | undefined) =>
  registration?._tag === "Applied" &&
  registration.application.decision === null &&
  registration.application.expiredAt === undefined
    ? registration.application
    : undefined

const isOpen = (registration: Registration) => openOf(registration) !== undefined

const pauseOf = (registration: Registration | undefined) =>
  Effect.map(Clock.currentTimeMillis, (now) =>
    Option.fromUndefinedOr(pausedUntil(registration, now)),
  )
