/** A person who talks to the bot. */
import { Schema } from "effect"

export const TelegramId = Schema.Int.pipe(
  Schema.check(Schema.isGreaterThan(0)),
  Schema.brand("TelegramId"),
)
export type TelegramId = typeof TelegramId.Type

/** The work nickname: 2 to 32 visible characters on one line. */
export const Stage = Schema.String.check(
  Schema.makeFilter((text) => {
    const { length } = Array.from(text)
    if (text !== text.trim() || /[\p{C}\n\r]/u.test(text)) return "one line without edges of space"
    return (length >= 2 && length <= 32) || "2 to 32 characters"
  }),
)
export type Stage = typeof Stage.Type

export const Role = Schema.Literals(["admin", "employee", "applicant", "stranger"])
export type Role = typeof Role.Type
