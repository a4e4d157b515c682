/** The card by which admins decide about an application. */
import type { DateTime } from "effect"
import type { Application } from "../../domain/Application.ts"
import { formatMoment } from "../../domain/Day.ts"
import type { Profile, TelegramId } from "../../domain/Employee.ts"
import { bold, code, type Html, html, profileLink, type Screen } from "../Screen.ts"
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
    [
      tap(
        texts.admin.approve,
        { _tag: "Decide", applicant: application.id, decision: "approve" },
        "success",
      ),
      tap(
        texts.admin.refuse,
        { _tag: "Decide", applicant: application.id, decision: "refuse" },
        "danger",
      ),
    ],
    [tap(texts.admin.otherNickname, { _tag: "AskNickname", person: application.id })],
  ],
})

/** The card afterwards; `outcome` says who decided and when, or that nobody did. */
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
