/** What all subjects of the admins' work share: how they are asked, decide, and tell each other. */
import { Context, Effect, Layer, Option, Semaphore } from "effect"
import { Access, adminStage } from "../../access/Access.ts"
import { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { FileDamaged, FileUnwritable } from "../../store/JsonFile.ts"
import type { Action, ActionOf } from "../buttons.ts"
import type { AdminRefusal } from "../../pool/Contract.ts"
import { Languages, Wording } from "../Languages.ts"
import { type Press, Replies } from "../Replies.ts"
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
    Record<string, (asked: Asked) => Effect.Effect<void, StorageUnavailable, Wording>>
  >
  /** Buttons, by the tag of their action. */
  readonly buttons: {
    readonly [Tag in Action["_tag"]]?: (
      press: Press,
      action: ActionOf<Tag>,
    ) => Effect.Effect<void, StorageUnavailable, Wording>
  }
}

/** Trouble with the files that people edit too: whitelist.json and regions.json. */
type FileTrouble = FileDamaged | FileUnwritable

/**
 * Says trouble with a file to the admin who met it: `said` answers a command by a message,
 * `alerted` a button by an alert. Nothing was changed then, because the disk comes before memory.
 */
export const makeFileTrouble = Effect.gen(function* () {
  const replies = yield* Replies

  const words = Effect.fnUntraced(function* (error: FileTrouble) {
    const { people } = yield* Wording
    const file = error.path.slice(error.path.lastIndexOf("/") + 1)
    yield* Effect.logWarning("a file could not be changed").pipe(
      Effect.annotateLogs({ problem: error.message }),
    )
    return error._tag === "FileUnwritable" ? people.unwritable(file) : people.damaged(file)
  })

  const said =
    (chatId: number) =>
    <A, E, R>(self: Effect.Effect<A, E | FileTrouble, R>) =>
      Effect.catchIf(self, isFileTrouble, (error) =>
        Effect.flatMap(words(error), (text) => replies.say(chatId, sentence(text))),
      )

  const alerted =
    (press: Press) =>
    <A, E, R>(self: Effect.Effect<A, E | FileTrouble, R>) =>
      Effect.catchIf(self, isFileTrouble, (error) =>
        Effect.flatMap(words(error), (text) => replies.alert(press, text)),
      )

  return { said, alerted }
})

/** Messages to the admins, each in the language of whoever reads it. */
export class TellAdmins extends Context.Service<
  TellAdmins,
  {
    /**
     * Sends to all admins, or to `only` some, and returns what arrived. An admin who never pressed
     * /start cannot be written to: the others are told all the same.
     */
    tell(
      screen: (texts: Texts) => Screen,
      only?: ReadonlyArray<TelegramId>,
    ): Effect.Effect<ReadonlyArray<MessageRef>>
    /** Draws the card of one admin anew. One that cannot be changed is no trouble. */
    redraw(card: MessageRef, screen: (texts: Texts) => Screen): Effect.Effect<void>
  }
>()("account-bot/bot/admin/TellAdmins") {
  /** The same reference everywhere, so that one program has one of it. */
  static readonly layer = Layer.effect(
    TellAdmins,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const access = yield* Access
      const languages = yield* Languages
      const unreachable = new Set<TelegramId>()

      /** Warns once for each admin, not at every try. */
      const missed = Effect.fnUntraced(function* (admin: TelegramId, reason: string) {
        const level = unreachable.has(admin) ? "Debug" : "Warn"
        unreachable.add(admin)
        yield* Effect.logWithLevel(level)(
          "an admin could not be told; has he pressed /start?",
        ).pipe(Effect.annotateLogs({ admin, reason }))
        return Option.none<MessageRef>()
      })

      const tellOne = (admin: TelegramId, screen: (texts: Texts) => Screen) =>
        Effect.flatMap(languages.textsFor(admin), (texts) =>
          telegram.send(admin, screen(texts)),
        ).pipe(
          Effect.tap(() => Effect.sync(() => unreachable.delete(admin))),
          Effect.asSome,
          Effect.catch(({ reason }) => missed(admin, reason._tag)),
        )

      const tell = Effect.fnUntraced(function* (
        screen: (texts: Texts) => Screen,
        only: ReadonlyArray<TelegramId> = access.admins,
      ) {
        const sent = yield* Effect.forEach(only, (admin) => tellOne(admin, screen))
        return sent.flatMap(Option.toArray)
      })

      const redraw = Effect.fnUntraced(function* (
        card: MessageRef,
        screen: (texts: Texts) => Screen,
      ) {
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

      return TellAdmins.of({ tell, redraw })
    }),
  )
}

/** A decision on a button: the first one counts, and the other admins hear of it. */
interface Settling<View> {
  /** Does it. */
  readonly take: (view: View) => Effect.Effect<unknown, AdminRefusal | StorageUnavailable>
  /** The screen afterwards, below a sentence about what was done. */
  readonly draw: (headline: string) => Effect.Effect<Screen, StorageUnavailable, Wording>
  /** Said where the button is about nothing any more. */
  readonly gone: string
  readonly done: (view: View) => string
  /** To the other admins, with the name of the one who decided. */
  readonly note: (view: View, by: string, others: Texts) => string
  readonly log: string
  /** What the log line tells besides the admin. */
  readonly about: (view: View) => Readonly<Record<string, string | number>>
}

/** Decisions of admins: one at a time, with a note to the other admins. */
export class Decisions extends Context.Service<
  Decisions,
  {
    /** Runs the work while nobody else decides: between a look at the stock and the decision. */
    alone<A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R>
    /** Tells the other admins; the author has it on the screen. */
    tellOthers(
      author: TelegramId,
      note: (author: string, texts: Texts) => string,
    ): Effect.Effect<void>
    /** The work nickname, or the id of an admin who has none. */
    nameOf(admin: TelegramId): Effect.Effect<string>
    /**
     * Finds what the button is about and decides it, alone; draws what came of it and tells the
     * other admins. Returns what was decided, `undefined` where somebody was faster.
     */
    settle<View>(
      press: Press,
      find: Effect.Effect<View, StorageUnavailable>,
      settling: Settling<NonNullable<View>>,
    ): Effect.Effect<NonNullable<View> | undefined, StorageUnavailable, Wording>
  }
>()("account-bot/bot/admin/Decisions") {
  static readonly layer = Layer.effect(
    Decisions,
    Effect.gen(function* () {
      const access = yield* Access
      const replies = yield* Replies
      const { tell } = yield* TellAdmins
      const alone = (yield* Semaphore.make(1)).withPermit

      const nameOf = (id: TelegramId) => nameOfAdmin(access, id)

      const tellOthers = Effect.fnUntraced(function* (
        author: TelegramId,
        note: (author: string, texts: Texts) => string,
      ) {
        const others = access.admins.filter((id) => id !== author)
        const name = yield* nameOf(author)
        yield* tell((texts) => sentence(note(name, texts)), others)
      })

      const settle = <View>(
        press: Press,
        find: Effect.Effect<View, StorageUnavailable>,
        { take, draw, gone, done, note, log, about }: Settling<NonNullable<View>>,
      ) =>
        Effect.gen(function* () {
          const view = yield* Effect.flatMap(find, (found) =>
            found == null ? Effect.succeed(undefined) : Effect.as(take(found), found),
          ).pipe(
            alone,
            Effect.catchTag(refusals, () => Effect.succeed(undefined)),
          )
          if (view === undefined) {
            yield* press.alert(gone)
            yield* replies.turnTo(press.message, yield* draw(gone))
            return undefined
          }
          yield* press.answer()
          yield* replies.turnTo(press.message, yield* draw(done(view)))
          yield* Effect.logInfo(log).pipe(
            Effect.annotateLogs({ ...about(view), admin: press.userId }),
          )
          yield* tellOthers(press.userId, (by, others) => note(view, by, others))
          return view
        })

      return Decisions.of({ alone, nameOf, tellOthers, settle })
    }),
  )
}

/** Every way in which a decision itself is refused, see AdminRefusal in pool/Contract.ts. */
export const refusals = ["StockChanged", "TrashGone", "UnknownIssuance", "NotAllowed"] as const

/** A file that was filled by hand may hold any text. */
const nameMax = 32

/** The work nickname, or the id of an admin who has none. */
export const nameOfAdmin = (access: Access["Service"], id: TelegramId): Effect.Effect<string> =>
  Effect.map(access.stageOf(id), (stage) =>
    stage === adminStage ? `ID ${id}` : cut(stage, nameMax),
  )

const isFileTrouble = (error: unknown): error is FileTrouble =>
  typeof error === "object" &&
  error !== null &&
  "_tag" in error &&
  (error._tag === "FileUnwritable" || error._tag === "FileDamaged")
