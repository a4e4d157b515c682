/** The card by which admins decide about an application. */
import type { DateTime } from "effect"
import type { Application } from "../../domain/Application.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { Profile, TelegramId } from "../../domain/Employee.ts"
import { bold, code, type Html, html, type Keyboard, profileLink, type Screen } from "../Screen.ts"
import type { Texts } from "../texts/Texts.ts"
import { cut, lines, tap } from "./parts.ts"

/** The card while it can be decided; `heading` says why it comes. */
export const openCard = (
  application: Application,
  heading: string,
  zone: DateTime.TimeZone,
  texts: Texts,
): Screen => ({
  html: cardText(application, heading, zone, texts),
  keyboard: [
    ...decisionRow(application, texts),
    [tap(texts.admin.otherNickname, { _tag: "AskNickname", person: application.id })],
  ],
})

/** The card of an application that nobody decided in time: it says so, and can still be decided. */
export const expiredCard = (
  application: Application,
  zone: DateTime.TimeZone,
  texts: Texts,
): Screen => ({
  html: lines(
    cardText(application, texts.admin.card, zone, texts),
    html``,
    html`${texts.admin.cardExpired}`,
  ),
  keyboard: decisionRow(application, texts),
})

const decisionRow = ({ id }: Application, { admin }: Texts): Keyboard => [
  [
    tap(admin.approve, { _tag: "Decide", applicant: id, decision: "approve" }, "success"),
    tap(admin.refuse, { _tag: "Decide", applicant: id, decision: "refuse" }, "danger"),
  ],
]

/** The card afterwards; `outcome` says who decided and when. */
export const closedCard = (
  application: Application,
  outcome: string,
  zone: DateTime.TimeZone,
  texts: Texts,
): Screen => ({
  html: lines(cardText(application, texts.admin.card, zone, texts), html``, html`${outcome}`),
  // A refusal by mistake would keep the applicant out for a day, so it can be taken back.
  keyboard:
    application.decision?.verdict === "refuse"
      ? [[tap(texts.admin.reopen, { _tag: "Reopen", applicant: application.id })]]
      : [],
})

const cardText = (
  { stage, id, profile, openedAt }: Application,
  heading: string,
  zone: DateTime.TimeZone,
  texts: Texts,
): Html =>
  lines(
    bold(heading),
    html``,
    // A file that was filled in by hand may hold a name of any length.
    html`${texts.admin.cardStage}: ${code(cut(stage, 100))}`,
    profileLine(id, profile, texts),
    html`${texts.admin.cardId}: ${code(id)}`,
    html`${texts.admin.cardSince}: ${formatMoment(openedAt, zone)}`,
  )

/**
 * How a person calls themselves in Telegram, with a link to the profile. Applications of 0.3.0 have
 * no name, and a name may have no sign that can be seen: the link is there all the same.
 */
export const profileLine = (
  id: TelegramId,
  profile: Profile | undefined,
  { admin }: Texts,
): Html => {
  const { name, username } = profile ?? { name: "", username: null }
  const link = profileLink(id, name === "" ? admin.openProfile : name)
  return username === null
    ? html`${admin.cardName}: ${link}`
    : html`${admin.cardName}: ${link} · @${username}`
}
