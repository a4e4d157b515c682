/** The few words that say why an item has its status. */
import { Result } from "effect"
import { visibleText } from "./identity.ts"

/** The longest comment, in characters. */
export const commentMax = 120

/** Why a text cannot be a comment. */
export type CommentFault = "empty" | "tooLong" | "lines"

/** The comment that a person typed: one line, without invisible signs and needless spaces. */
export const commentOf = (typed: string): Result.Result<string, CommentFault> => {
  // Several lines are rather a list that was meant for something else.
  if (/[\r\n\u2028\u2029]/.test(typed.trim())) return Result.fail("lines")
  const text = visibleText(typed).replaceAll(/\s+/g, " ").trim()
  if (text === "") return Result.fail("empty")
  return Array.from(text).length > commentMax ? Result.fail("tooLong") : Result.succeed(text)
}
