/**
 * A stranger's way in: he gives a nickname, the admins see a card, the first decision counts.
 */
import { Schema } from "effect"
import { Moment } from "./Day.ts"
import { Profile, TelegramId, withoutInvisible } from "./Employee.ts"
import { MessageRef } from "./Issuance.ts"

export const Verdict = Schema.Literals(["approve", "refuse"])
export type Verdict = typeof Verdict.Type

export const Decision = Schema.Struct({ verdict: Verdict, by: TelegramId, at: Moment })
export type Decision = typeof Decision.Type

export const Application = Schema.Struct({
  id: TelegramId,
  stage: Schema.String,
  /** The names in Telegram; an application of 0.3.0 has none. */
  profile: Schema.optionalKey(Profile),
  /** How often the applicant has corrected the nickname; missing for never. */
  corrections: Schema.optionalKey(Schema.Int),
  openedAt: Moment,
  /** When the admins were reminded of it; `null` if not yet. */
  remindedAt: Schema.NullOr(Moment),
  /** The card of each admin who has one; its chat is the admin's. */
  cards: Schema.Array(MessageRef),
  /** `null` while open, and while nobody has decided about an expired one. */
  decision: Schema.NullOr(Decision),
  /** Nobody decided in time. The applicant may apply again; admins may still decide. */
  expiredAt: Schema.optionalKey(Moment),
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
  /** The applicant took the application back; the whitelist says so where `settled`. */
  TakenBack: { application: Application, at: Moment, settled: Schema.Boolean },
})
export type Registration = typeof Registration.Type

/** Answer to a stranger's /start. */
export type Begun =
  | { readonly _tag: "Allowed" }
  | { readonly _tag: "NicknameAwaited" }
  /** Every admin without a card among `application.cards` needs one. */
  | { readonly _tag: "Open"; readonly application: Application }
  | { readonly _tag: "Paused"; readonly retryAt: number }
  /** The person took an application back, and may send another one from then on. */
  | { readonly _tag: "JustWithdrawn"; readonly retryAt: number }

/** Answer to a nickname. */
export type Submitted =
  /** Also when the person repeats it; every admin without a card among `application.cards` needs one. */
  | { readonly _tag: "Submitted"; readonly application: Application }
  | { readonly _tag: "NicknameInvalid" }
  | { readonly _tag: "NicknameTaken" }
  /** An application under another nickname is open, and stays as it is. */
  | { readonly _tag: "AlreadyOpen"; readonly application: Application }
  | { readonly _tag: "NotAwaited" }
  /** So many applications wait for a decision that no more are taken. */
  | { readonly _tag: "TooManyOpen" }

interface DecidedHow {
  readonly decision: Verdict
  readonly by: TelegramId
  readonly at: number
}

/** Answer to an admin's tap. */
export type Decided =
  /** Also when the same admin repeats the tap before the decision was announced. */
  | ({ readonly _tag: "Decided"; readonly application: Application } & DecidedHow)
  | ({ readonly _tag: "AlreadyDecided"; readonly application: Application } & DecidedHow)
  /** It is forgotten, or never was. */
  | { readonly _tag: "NoApplication" }
  /** It expired, and somebody else has taken the nickname since. */
  | { readonly _tag: "NicknameTaken" }

/** Answer to an admin who takes a refusal back. */
export type Reopened =
  | { readonly _tag: "Reopened"; readonly application: Application }
  /** The application is open or approved by now, or the day is over. */
  | { readonly _tag: "NotRefused" }
  /** Somebody else has taken the nickname since. */
  | { readonly _tag: "NicknameTaken" }

/** Answer to a change of somebody's nickname. */
export type Renamed =
  /** `application` is there while it is open: its cards show the new nickname from now on. */
  | {
      readonly _tag: "Renamed"
      readonly from: string
      readonly to: string
      readonly application?: Application
    }
  | { readonly _tag: "Same"; readonly stage: string }
  | { readonly _tag: "NicknameInvalid" }
  | { readonly _tag: "NicknameTaken" }
  /** The applicant has corrected it as often as may be. */
  | { readonly _tag: "TooOften" }
  /** The person is on no list; of an applicant: there is no open application. */
  | { readonly _tag: "Unknown" }

/** Answer to an applicant who takes the application back. */
export type Withdrawn =
  | {
      readonly _tag: "TakenBack"
      readonly application: Application
      readonly at: number
      readonly retryAt: number
    }
  /** It was decided, has expired, was taken back before, or never was. */
  | { readonly _tag: "NotOpen" }

export const applicantOf = (registration: Registration): TelegramId =>
  registration._tag === "NicknameAwaited" ? registration.id : registration.application.id

export const decidedAs = (
  tag: "Decided" | "AlreadyDecided",
  application: Application,
  { verdict, by, at }: Decision,
): Decided => ({ _tag: tag, application, decision: verdict, by, at })

/** The nickname in a form that is the same for all that people would take for one. */
export const foldNickname = (nickname: string): string =>
  withoutInvisible(nickname)
    .normalize("NFKC")
    .toUpperCase()
    .toLowerCase()
    .replaceAll("ё", "е")
    .replaceAll(/\s+/gu, " ")
    .trim()
