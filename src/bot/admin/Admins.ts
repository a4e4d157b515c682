/** What a subject of the admins' work answers to: its commands and its buttons. */
import { Context, Effect, Layer, Option, Semaphore } from "effect"
import { Access, adminStage } from "../../access/Access.ts"
import { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { FileDamaged, FileUnwritable } from "../../store/JsonFile.ts"
import type { Action, ActionOf } from "../Callback.ts"
import { Languages } from "../Languages.ts"
import type { Press, Replies } from "../Replies.ts"
import type { Screen } from "../Screen.ts"
import { cut, sentence } from "../screens/parts.ts"
import { Telegram } from "../Telegram.ts"
import type { Texts } from "../texts/Texts.ts"

/** A command as an admin wrote it. */
export interface Asked {
  readonly userId: TelegramId
  readonly chatId: number
  readonly messageId: number
  /** What stands behind the command, without spaces at its ends. */
  readonly argument: string
}

/** One subject of the admins' work. */
export interface Area {
  /** By name, aliases too, in lower case. */
  readonly commands: Readonly<
    Record<string, (asked: Asked) => Effect.Effect<void, StorageUnavailable>>
  >
  /** Buttons, by the tag of their action. */
  readonly buttons: {
    readonly [Tag in Action["_tag"]]?: (
      press: Press,
      action: ActionOf<Tag>,
    ) => Effect.Effect<void, StorageUnavailable>
  }
}

/* Where the work of admins waits for each other, whatever language it is done in. */

export class AdminTurns extends Context.Service<
  AdminTurns,
  {
    /** Between a look and the decision nobody else decides. */
    readonly decisions: Semaphore.Semaphore
    /** Rows that were changed by hand: the holder is shown what was decided meanwhile. */
    readonly edits: Semaphore.Semaphore
    /** One file at a time: it may take seconds. */
    readonly files: Semaphore.Semaphore
  }
>()("account-bot/bot/admin/AdminTurns") {
  static readonly layer = Layer.effect(
    AdminTurns,
    Effect.all({
      decisions: Semaphore.make(1),
      edits: Semaphore.make(1),
      files: Semaphore.make(1),
    }),
  )
}

/* Trouble with the files that people edit too, said to the admin who met it. */

type FileTrouble = FileDamaged | FileUnwritable

/** Nothing was changed then: the disk comes before the memory. */
export const makePlainly = (replies: Replies, texts: Texts) => {
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

/* Draws the card of one admin anew, in his language; one that cannot be changed is no trouble. */

export const makeRedraw = Effect.gen(function* () {
  const telegram = yield* Telegram
  const languages = yield* Languages

  return Effect.fnUntraced(function* (card: MessageRef, screen: (texts: Texts) => Screen) {
    // A private chat has the number of its person.
    const texts = yield* languages.textsFor(TelegramId.make(card.chatId))
    yield* telegram
      .edit(card, screen(texts))
      .pipe(
        Effect.catch(({ reason }) =>
          Effect.logDebug("a card could not be changed").pipe(
            Effect.annotateLogs({ admin: card.chatId, reason: reason._tag }),
          ),
        ),
      )
  })
})

/* Decisions of admins about the stock: one at a time, with a note to the other admins. */

/** A file that was filled by hand may hold any text. */
const nameMax = 32

/** The work nickname; the id of an admin who has none. */
export const nameOfAdmin = (access: Access["Service"], id: TelegramId): Effect.Effect<string> =>
  Effect.map(access.stageOf(id), (stage) =>
    stage === adminStage ? `ID ${id}` : cut(stage, nameMax),
  )

export const makeStockDecisions = Effect.gen(function* () {
  const access = yield* Access
  const tellAdmins = yield* makeTellAdmins
  const turns = yield* AdminTurns

  return {
    /** Between a look at the stock and the decision nobody else decides. */
    alone: turns.decisions.withPermit,
    /** The author has it on his screen. */
    tellOthers: Effect.fnUntraced(function* (
      author: TelegramId,
      note: (author: string, texts: Texts) => string,
    ) {
      const others = access.admins.filter((id) => id !== author)
      const name = yield* nameOfAdmin(access, author)
      yield* tellAdmins((texts) => sentence(note(name, texts)), others)
    }),
    nameOf: (id: TelegramId) => nameOfAdmin(access, id),
  }
})

/** Every way in which a decision itself is refused, see AdminContract.ts. */
export const refusals = ["StockChanged", "TrashGone", "UnknownIssuance", "NotAllowed"] as const

/* Messages to every admin. */

/**
 * Gives a function that sends to all admins, or to `only` some, each in his language, and returns
 * what arrived.
 */
export const makeTellAdmins = Effect.gen(function* () {
  const telegram = yield* Telegram
  const access = yield* Access
  const languages = yield* Languages

  const unreachable = new Set<TelegramId>()

  /** In the log once, not at every try. */
  const missed = Effect.fnUntraced(function* (admin: TelegramId, reason: string) {
    const level = unreachable.has(admin) ? "Debug" : "Warn"
    unreachable.add(admin)
    yield* Effect.logWithLevel(level)("an admin could not be told; has he pressed /start?").pipe(
      Effect.annotateLogs({ admin, reason }),
    )
    return Option.none()
  })

  /** One who never pressed /start cannot be written to: the others are told all the same. */
  const tell = (admin: TelegramId, screen: (texts: Texts) => Screen) =>
    Effect.flatMap(languages.textsFor(admin), (texts) => telegram.send(admin, screen(texts))).pipe(
      Effect.tap(() => Effect.sync(() => unreachable.delete(admin))),
      Effect.asSome,
      Effect.catch(({ reason }) => missed(admin, reason._tag)),
    )

  return Effect.fnUntraced(function* (
    screen: (texts: Texts) => Screen,
    only: ReadonlyArray<TelegramId> = access.admins,
  ) {
    const sent = yield* Effect.forEach(only, (admin) => tell(admin, screen))
    return sent.flatMap(Option.toArray)
  })
})

export type TellAdmins = Effect.Success<typeof makeTellAdmins>
