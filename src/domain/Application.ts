/**
 * A stranger's way in: he gives a nickname, the admins see a card, the first decision counts.
 */
import { Duration, Schema } from "effect"
import { TelegramId } from "./Employee.ts"
import { MessageRef } from "./Issuance.ts"

export const Verdict = Schema.Literals(["approve", "refuse"])
export type Verdict = typeof Verdict.Type

export const Decision = Schema.Struct({ verdict: Verdict, by: TelegramId, at: Schema.Int })
export type Decision = typeof Decision.Type

export const Application = Schema.Struct({
  id: TelegramId,
  stage: Schema.String,
  openedAt: Schema.Int,
  /** When the admins were reminded of it; `null` if not yet. */
  remindedAt: Schema.NullOr(Schema.Int),
  /** The card of each admin who has one; its chat is the admin's. */
  cards: Schema.Array(MessageRef),
  /** `null` while open. */
  decision: Schema.NullOr(Decision),
})
export type Application = typeof Application.Type

/** What is kept of a person who came to be let in. */
export const Registration = Schema.TaggedUnion({
  NicknameAwaited: { id: TelegramId, since: Schema.Int },
  Applied: {
    application: Application,
    /** The whitelist says what was decided. */
    settled: Schema.Boolean,
    /** The applicant and the admins were told. */
    announced: Schema.Boolean,
  },
})
export type Registration = typeof Registration.Type

/** Answer to a stranger's /start. */
export type Begun =
  | { readonly _tag: "Allowed" }
  | { readonly _tag: "NicknameAwaited" }
  /** Every admin without a card among `application.cards` needs one. */
  | { readonly _tag: "Open"; readonly application: Application }
  | { readonly _tag: "Paused"; readonly retryAt: number }

/** Answer to a nickname. */
export type Submitted =
  /** Also for a repeat; every admin without a card among `application.cards` needs one. */
  | { readonly _tag: "Submitted"; readonly application: Application }
  | { readonly _tag: "NicknameInvalid" }
  | { readonly _tag: "NicknameTaken" }
  /** Under another nickname; it stays as it is. */
  | { readonly _tag: "AlreadyOpen"; readonly application: Application }
  | { readonly _tag: "NotAwaited" }

/** Answer to an admin's tap. */
export type Decided =
  /** Also for a repeat by the same admin, until `announced`. */
  | ({ readonly _tag: "Decided"; readonly application: Application } & DecidedHow)
  | ({ readonly _tag: "AlreadyDecided"; readonly application: Application } & DecidedHow)
  /** It expired, or never was. */
  | { readonly _tag: "NoApplication" }

interface DecidedHow {
  readonly decision: Verdict
  readonly by: TelegramId
  readonly at: number
}

export const idOf = (registration: Registration): TelegramId =>
  registration._tag === "Applied" ? registration.application.id : registration.id

/** The admins are reminded once of an application that is open for so long. */
const remindAfter = Duration.hours(4)

/** Nobody decided: the application is dropped, and so is a stranger who gave no nickname. */
const expireAfter = Duration.hours(72)

/** A refused person may ask again after that. */
const refusalPause = Duration.hours(24)

/** Two nicknames that people would take for one fold to the same text. */
export const foldNickname = (nickname: string): string =>
  nickname
    .normalize("NFKC")
    .toUpperCase()
    .toLowerCase()
    .replaceAll("ё", "е")
    .replaceAll(/\s+/gu, " ")
    .trim()

/** When the pause after a refusal ends; `undefined` if there is none at `now`. */
export const pausedUntil = (registration: Registration | undefined, now: number) => {
  if (registration?._tag !== "Applied") return undefined
  const { decision } = registration.application
  if (decision?.verdict !== "refuse") return undefined
  const until = decision.at + Duration.toMillis(refusalPause)
  return now < until ? until : undefined
}

/** Open, not reminded of, and old enough to be. */
export const isReminderDue = (registration: Registration, now: number): boolean =>
  registration._tag === "Applied" &&
  registration.application.decision === null &&
  registration.application.remindedAt === null &&
  now >= registration.application.openedAt + Duration.toMillis(remindAfter)

/** Nothing came of it in time. */
export const isExpired = (registration: Registration, now: number): boolean => {
  const age = Duration.toMillis(expireAfter)
  return registration._tag === "NicknameAwaited"
    ? now >= registration.since + age
    : registration.application.decision === null && now >= registration.application.openedAt + age
}
