/** Buttons about suspended access. */
import { Schema } from "effect"
import { TelegramId } from "../domain/Employee.ts"
import { asText, PageNumber } from "./ButtonFields.ts"

const person = { person: asText(TelegramId) }

export const blockActions = {
  Blocks: { page: PageNumber },
  /** For how long? */
  AskBlock: person,
  /** `0`: without an end. */
  Block: { ...person, hours: asText(Schema.Literals([0, 1, 8, 24])) },
  /** `on`: what the message shows, and shows anew afterwards. */
  Unblock: { ...person, on: Schema.Literals(["card", "list"]) },
}

export const blockScreens = {
  Blocks: "bk1",
  AskBlock: "ba1",
  Block: "bd1",
  Unblock: "bu1",
} as const
