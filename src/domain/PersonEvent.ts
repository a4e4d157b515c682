/** What happened to the names of people: the journal keeps these for /audit. */
import { Schema } from "effect"
import { Moment } from "./Day.ts"
import { TelegramId } from "./Employee.ts"

/** Where the journal keeps these events. No resource may have that id. */
export const peoplePool = "people"

export const PersonEvent = Schema.TaggedUnion({
  /** By an admin, or by the person while the application was open. */
  NicknameChanged: {
    person: TelegramId,
    from: Schema.String,
    to: Schema.String,
    by: TelegramId,
    at: Moment,
  },
  /** The person took the application back. */
  ApplicationWithdrawn: { person: TelegramId, at: Moment },
})
export type PersonEvent = typeof PersonEvent.Type
