/** A person who talks to the bot. */
import { Schema } from "effect"

export const TelegramId = Schema.Int.pipe(
  Schema.check(Schema.isGreaterThan(0)),
  Schema.brand("TelegramId"),
)
export type TelegramId = typeof TelegramId.Type

/**
 * The first of the numbers that stand in the place of people who were forgotten. Telegram's ids have
 * at most 52 bits: https://core.telegram.org/bots/api#user
 */
const firstAlias = 2 ** 52

/** What stands in the place of an id that was erased; `random`: less than 2 ** 32. */
export const aliasOf = (random: number): TelegramId => TelegramId.make(firstAlias + random)

/** What stands in the place of a name that was erased. */
export const nameless = "—"

/** Whether the id stands in the place of one that was erased. */
export const isForgotten = (id: TelegramId): boolean => id >= firstAlias

/** Characters that leave no mark on a screen. The braille blank passes for a sign in Unicode. */
const invisible = /[\p{Default_Ignorable_Code_Point}\u2800]/gu

export const withoutInvisible = (text: string) => text.replaceAll(invisible, "")

const nameMax = 64

/**
 * What can be seen of a name that a person gave themselves: one line of at most 64 characters,
 * without invisible signs, signs that turn the direction, or heaps of accents.
 */
const shownName = (name: string): string => {
  const line = withoutInvisible(name.normalize("NFC"))
    .replaceAll(/[\p{C}\p{Z}]+/gu, " ")
    .replaceAll(/(\p{M}{3})\p{M}+/gu, "$1")
    .replace(/^[\p{M}\s]+/u, "")
  const signs = Array.from(line.trim())
  return signs.length <= nameMax ? signs.join("") : `${signs.slice(0, nameMax - 1).join("")}…`
}

/** How a person calls themselves in Telegram, safe to show: no proof of who it is. */
export const Profile = Schema.Struct({
  firstName: Schema.String,
  /** First and last name; "" where nothing of them can be seen. */
  name: Schema.String,
  /** Without the `@`; `null` where there is none. */
  username: Schema.NullOr(Schema.String),
})
export type Profile = typeof Profile.Type

/** The names as Telegram sends them, which may hold anything. */
interface SentNames {
  readonly firstName?: string
  readonly lastName?: string
  readonly username?: string
}

export const profileOf = ({
  firstName = "",
  lastName = "",
  username = "",
}: SentNames): Profile => ({
  firstName: shownName(firstName),
  name: shownName(`${firstName} ${lastName}`),
  username: /^\w{1,32}$/.test(username) ? username : null,
})

export const nicknameMax = 32

/** Letters with the few accents that may stand on one, digits, and signs that join words. */
const nickname = /^(?:\p{L}\p{M}{0,3}|[\p{Nd}._ -])+$/u

/**
 * A new work nickname: 2 to 32 letters of any alphabet, digits, dots, `_`, `-` and single spaces
 * inside, at least one of them a letter or a digit. Nicknames from before this rule go on working.
 */
export const Stage = Schema.String.check(
  Schema.makeFilter((text) => {
    const length = Array.from(text).length
    if (length < 2 || length > nicknameMax) return "2 to 32 characters"
    if (text !== text.trim() || text.includes("  ")) return "single spaces inside"
    const isSeen = text === withoutInvisible(text) && /[\p{L}\p{Nd}]/u.test(text)
    return (isSeen && nickname.test(text)) || "letters, digits, spaces, . _ and -"
  }),
)
export type Stage = typeof Stage.Type

/** `blocked`: an admin has suspended the access, whatever the list says. */
export const Role = Schema.Literals(["admin", "employee", "applicant", "stranger", "blocked"])
export type Role = typeof Role.Type
