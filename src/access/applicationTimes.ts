/** What time makes of an application: a reminder, an end, a pause after a refusal. Pure. */
import { Duration } from "effect"
import { applicationExpires, applicationReminder, refusalPause } from "../config/Limits.ts"
import type { Registration } from "../domain/Application.ts"

/** When the pause after a refusal ends; `undefined` if there is none at `now`. */
export const pausedUntil = (registration: Registration | undefined, now: number) => {
  if (registration?._tag !== "Applied") return undefined
  const { decision } = registration.application
  if (decision?.verdict !== "refuse") return undefined
  const until = decision.at + Duration.toMillis(refusalPause)
  return now < until ? until : undefined
}

/** A refused application as it is open again from `now` on; none once the pause is over. */
export const reopenedAt = (registration: Registration | undefined, now: number) =>
  registration?._tag !== "Applied" || pausedUntil(registration, now) === undefined
    ? undefined
    : {
        ...registration,
        application: {
          ...registration.application,
          openedAt: now,
          remindedAt: null,
          decision: null,
        },
        settled: false,
        announced: false,
      }

/** Open, not reminded of, and old enough to be. */
export const isReminderDue = (registration: Registration, now: number): boolean =>
  registration._tag === "Applied" &&
  registration.application.decision === null &&
  registration.application.remindedAt === null &&
  now >= registration.application.openedAt + Duration.toMillis(applicationReminder)

/** Nothing came of it in time. */
export const isExpired = (registration: Registration, now: number): boolean => {
  const age = Duration.toMillis(applicationExpires)
  return registration._tag === "NicknameAwaited"
    ? now >= registration.since + age
    : registration.application.decision === null && now >= registration.application.openedAt + age
}
