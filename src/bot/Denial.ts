/** What somebody is told who may not use the bot, or not now. */
import { Clock, Effect, Option } from "effect"
import { Blocks } from "../access/Blocks.ts"
import { Settings } from "../config/Settings.ts"
import type { Role, TelegramId } from "../domain/Employee.ts"
import { suspendedText } from "./screens/suspended.ts"
import { Wording } from "./texts/Wording.ts"

export type Outsider = Exclude<Role, "admin" | "employee">

export const isOutsider = (role: Role): role is Outsider => role !== "admin" && role !== "employee"

/** Longest text of an alert. */
export const alertMax = 200

export const make = Effect.gen(function* () {
  const blocks = yield* Blocks
  const { timezone: zone } = yield* Settings
  const texts = yield* Wording

  /** `max`: longest text that can be shown. */
  return Effect.fnUntraced(function* (role: Outsider, id: TelegramId, max?: number) {
    if (role !== "blocked") return role === "applicant" ? texts.gate.waiting : texts.gate.denied
    const block = yield* blocks.find(id)
    // It may have ended a moment ago.
    if (Option.isNone(block)) return texts.people.dismissal.begun
    const now = yield* Clock.currentTimeMillis
    return suspendedText(block.value, { now, zone, texts }, max)
  })
})
