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

/** The work nickname: 2 to 32 characters on one line, of which at least 2 can be seen. */
export const Stage = Schema.String.check(
  Schema.makeFilter((text) => {
    if (text !== text.trim() || /[\p{C}\n\r]/u.test(text)) return "one line without edges of space"
    const seen = Array.from(withoutInvisible(text).replaceAll(/\s/gu, "")).length
    return (seen >= 2 && Array.from(text).length <= 32) || "2 to 32 characters"
  }),
)
export type Stage = typeof Stage.Type

/** `blocked`: an admin has suspended the access, whatever the list says. */
export const Role = Schema.Literals(["admin", "employee", "applicant", "stranger", "blocked"])
export type Role = typeof Role.Type
