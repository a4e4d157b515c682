/** The shape that each subject of the admins' work has, and how admins decide. */
import { Context, Effect, Layer, Semaphore } from "effect"
import { Access } from "../../access/Access.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import type { AdminRefusal } from "../../pool/Contract.ts"
import type { StorageUnavailable, Write } from "../../store/Journal.ts"
import type { FileDamaged, FileUnwritable } from "../../store/JsonFile.ts"
import type { Action, ActionOf } from "../buttons.ts"
import { Wording } from "../Languages.ts"
import { type Note, Notes } from "../Notes.ts"
import { type Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { sentence } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"

/** A command as an admin wrote it. */
export interface Asked {
  readonly userId: TelegramId
  readonly chatId: number
  readonly messageId: number
  /** The text after the command, without spaces at its ends. */
  readonly argument: string
}

/** Trouble with a file that people edit too: whitelist.json or regions.json. */
export type FileTrouble = FileDamaged | FileUnwritable

/** The work on one command or one button. Trouble with the disk or a file is told by the desk. */
export type Work = Effect.Effect<void, StorageUnavailable | FileTrouble, Wording>

/** One subject of the admins' work. */
export interface Area {
  /** By name, aliases too, in lower case. */
  readonly commands: Readonly<Record<string, (asked: Asked) => Work>>
  /** By the tag of the button's action. */
  readonly buttons: {
    readonly [Tag in Action["_tag"]]?: (press: Press, action: ActionOf<Tag>) => Work
  }
}

/**
 * Says trouble with a file to the admin who met it: `said` answers a command by a message,
 * `alerted` a button by an alert. Nothing was changed then, because the disk comes before memory.
 */
export const makeFileTrouble = Effect.gen(function* () {
  const replies = yield* Replies

  const textOf = Effect.fnUntraced(function* (trouble: FileTrouble) {
    const { people } = yield* Wording
    const file = trouble.path.slice(trouble.path.lastIndexOf("/") + 1)
    yield* Effect.logWarning("a file could not be changed").pipe(
      Effect.annotateLogs({ problem: trouble.message }),
    )
    return trouble._tag === "FileUnwritable" ? people.unwritable(file) : people.damaged(file)
  })

  const said =
    (chatId: number) =>
    <A, E, R>(work: Effect.Effect<A, E | FileTrouble, R>) =>
      Effect.catchIf(work, isFileTrouble, (trouble) =>
        Effect.flatMap(textOf(trouble), (text) => replies.say(chatId, sentence(text))),
      )

  const alerted =
    (press: Press) =>
    <A, E, R>(work: Effect.Effect<A, E | FileTrouble, R>) =>
      Effect.catchIf(work, isFileTrouble, (trouble) =>
        Effect.flatMap(textOf(trouble), (text) => replies.alert(press, text)),
      )

  return { said, alerted }
})

const isFileTrouble = (error: unknown): error is FileTrouble =>
  typeof error === "object" &&
  error !== null &&
  "_tag" in error &&
  (error._tag === "FileUnwritable" || error._tag === "FileDamaged")

/** How one kind of decision is made and told. `View` is what the button is about. */
interface Settling<View> {
  /** Makes the decision, and writes `also` together with it: the notes to the other admins. */
  readonly take: (
    view: View,
    also: ReadonlyArray<Write>,
  ) => Effect.Effect<unknown, AdminRefusal | StorageUnavailable>
  /** Draws the screen afterwards, below a sentence about what was done. */
  readonly draw: (headline: string) => Effect.Effect<Screen, StorageUnavailable, Wording>
  /** Told to an admin who came too late. */
  readonly gone: string
  /** Told to the admin who decided. */
  readonly done: (view: View) => string
  /** Told to the other admins, with the name of the one who decided. */
  readonly note: (view: View, by: string, others: Texts) => string
  readonly log: string
  /** What the log line tells besides the admin. */
  readonly about: (view: View) => Readonly<Record<string, string | number>>
}

/** Decisions of admins: one at a time, with a note to the other admins. */
export class Decisions extends Context.Service<
  Decisions,
  {
    /** Runs the work while no other admin decides, so that what it has looked at stays true. */
    alone<A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
    /** The notes to all admins but the author, who sees the result on the screen. */
    notesToOthers(
      author: TelegramId,
      note: (author: string, texts: Texts) => string,
    ): Effect.Effect<ReadonlyArray<Note>>
    /** Tells them of what stands already. */
    tellOthers(
      author: TelegramId,
      note: (author: string, texts: Texts) => string,
    ): Effect.Effect<void>
    /** The name of whoever decided. */
    nameOf(admin: TelegramId): Effect.Effect<string>
    /**
     * Finds what the button is about and decides it, alone; draws the result and tells the other
     * admins. Returns what was found, or `undefined` where somebody was faster.
     */
    settle<View>(
      press: Press,
      find: Effect.Effect<View, StorageUnavailable>,
      settling: Settling<NonNullable<View>>,
    ): Effect.Effect<NonNullable<View> | undefined, StorageUnavailable, Wording>
  }
>()("account-bot/bot/admin/Admins/Decisions") {
  static readonly layer = Layer.effect(
    Decisions,
    Effect.gen(function* () {
      const access = yield* Access
      const replies = yield* Replies
      const notes = yield* Notes
      const alone = (yield* Semaphore.make(1)).withPermit

      const notesToOthers = Effect.fnUntraced(function* (
        author: TelegramId,
        note: (author: string, texts: Texts) => string,
      ) {
        const name = yield* access.nameOfAdmin(author)
        return access.admins
          .filter((id) => id !== author)
          .map((to): Note => ({ to, say: (texts) => note(name, texts) }))
      })

      const tellOthers = (author: TelegramId, note: (author: string, texts: Texts) => string) =>
        Effect.flatMap(notesToOthers(author, note), notes.tell)

      const settle = <View>(
        press: Press,
        find: Effect.Effect<View, StorageUnavailable>,
        { take, draw, gone, done, note, log, about }: Settling<NonNullable<View>>,
      ) =>
        Effect.gen(function* () {
          const settled = yield* Effect.gen(function* () {
            const view = yield* find
            if (view == null) return undefined
            const told = yield* notesToOthers(press.userId, (by, others) => note(view, by, others))
            const prepared = yield* notes.prepare(told)
            yield* take(view, prepared.writes)
            return { view, send: prepared.send }
          }).pipe(
            alone,
            Effect.catchTag(refusals, () => Effect.succeed(undefined)),
          )
          if (settled === undefined) {
            yield* press.alert(gone)
            yield* replies.turnTo(press.message, yield* draw(gone))
            return undefined
          }
          const { view, send } = settled
          yield* press.answer()
          yield* replies.turnTo(press.message, yield* draw(done(view)))
          yield* Effect.logInfo(log).pipe(
            Effect.annotateLogs({ ...about(view), admin: press.userId }),
          )
          yield* send
          return view
        })

      return Decisions.of({
        alone,
        nameOf: access.nameOfAdmin,
        notesToOthers,
        tellOthers,
        settle,
      })
    }),
  )
}

/** The ways in which the pool refuses a decision, see AdminRefusal in pool/Contract.ts. */
export const refusals = ["StockChanged", "TrashGone", "UnknownIssuance", "NotAllowed"] as const
