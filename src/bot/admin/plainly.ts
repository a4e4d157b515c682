/** Trouble with the files that people edit too, said to the admin who met it. */
import { Effect } from "effect"
import type { FileDamaged, FileUnwritable } from "../../store/JsonFile.ts"
import type { Press, Replies } from "../Replies.ts"
import { sentence } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

type FileTrouble = FileDamaged | FileUnwritable

/** Nothing was changed then: the disk comes before the memory. */
export const make = (replies: Replies, texts: Texts) => {
  const words = (error: FileTrouble) => {
    const file = error.path.slice(error.path.lastIndexOf("/") + 1)
    return error._tag === "FileUnwritable"
      ? texts.people.unwritable(file)
      : texts.people.damaged(file)
  }

  /** A command: the answer is a message. */
  const said =
    (chatId: number) =>
    <A, E, R>(self: Effect.Effect<A, E | FileTrouble, R>) =>
      Effect.catchIf(self, isFileTrouble, (error) =>
        Effect.andThen(log(error), replies.say(chatId, sentence(words(error)))),
      )

  /** A button: the answer is an alert. */
  const alerted =
    (press: Press) =>
    <A, E, R>(self: Effect.Effect<A, E | FileTrouble, R>) =>
      Effect.catchIf(self, isFileTrouble, (error) =>
        Effect.andThen(log(error), replies.alert(press, words(error))),
      )

  return { said, alerted }
}

const log = (error: FileTrouble) =>
  Effect.logWarning("a file could not be changed").pipe(
    Effect.annotateLogs({ problem: error.message }),
  )

const isFileTrouble = (error: unknown): error is FileTrouble =>
  typeof error === "object" &&
  error !== null &&
  "_tag" in error &&
  (error._tag === "FileUnwritable" || error._tag === "FileDamaged")
