/** A person who talks to the bot. */
import { Schema } from "effect"

export const TelegramId = Schema.Int.pipe(
  Schema.check(Schema.isGreaterThan(0)),
  Schema.brand("TelegramId"),
)
export type TelegramId = typeof TelegramId.Type

/** Characters that leave no mark on a screen. The braille blank passes for a sign in Unicode. */
const invisible = /[\p{Default_Ignorable_Code_Point}\u2800]/gu

export const withoutInvisible = (text: string) => text.replaceAll(invisible, "")

/** Letters with the few accents that may stand on one, digits, and signs that join words. */
const nickname = /^(?:\p{L}\p{M}{0,3}|[\p{Nd}._ -])+$/u

/**
 * A new work nickname: 2 to 32 letters of any alphabet, digits, dots, `_`, `-` and single spaces
 * inside, at least one of them a letter or a digit. Nicknames from before this rule go on working.
 */
export const Stage = Schema.String.check(
  Schema.makeFilter((text) => {
    const length = Array.from(text).length
    if (length < 2 || length > 32) return "2 to 32 characters"
    if (text !== text.trim() || text.includes("  ")) return "single spaces inside"
    const isSeen = text === withoutInvisible(text) && /[\p{L}\p{Nd}]/u.test(text)
    return (isSeen && nickname.test(text)) || "letters, digits, spaces, . _ and -"
  }),
)
export type Stage = typeof Stage.Type

/** `blocked`: an admin has suspended the access, whatever the list says. */
export const Role = Schema.Literals(["admin", "employee", "applicant", "stranger", "blocked"])
export type Role = typeof Role.Type
