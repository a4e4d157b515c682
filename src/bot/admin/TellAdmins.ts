/** Messages to the admins, and who of them can be written to at all. */
import { Context, Duration, Effect, Layer, Option } from "effect"
import { Access } from "../../access/Access.ts"
import { AdminChats } from "../../access/AdminChats.ts"
import {
  chatlessAdminPause,
  unreachableAdminFirst,
  unreachableAdminMax,
} from "../../config/Limits.ts"
import { TelegramId } from "../../domain/Employee.ts"
import type { MessageRef } from "../../domain/Issuance.ts"
import { elapsed } from "../../observe/elapsed.ts"
import { Languages } from "../Languages.ts"
import type { Screen } from "../Screen.ts"
import { Telegram } from "../Telegram.ts"
import type { TelegramError } from "../TelegramError.ts"
import type { Texts } from "../texts/Texts.ts"

/** Messages to the admins, each in the language of whoever reads it. */
export class TellAdmins extends Context.Service<
  TellAdmins,
  {
    /**
     * Sends to all admins, or to `only` some, and returns the messages that arrived. An admin who
     * never pressed /start cannot be written to: the others are told all the same, and he is left in
     * peace until he writes. One who stopped the bot is tried again ever more rarely.
     */
    tell(
      screen: (texts: Texts) => Screen,
      only?: ReadonlyArray<TelegramId>,
    ): Effect.Effect<ReadonlyArray<MessageRef>>
    /** Draws the card of one admin anew. A card that cannot be changed stays as it is. */
    redraw(card: MessageRef, screen: (texts: Texts) => Screen): Effect.Effect<void>
    /** Does the same, and tells what came of it: an admin may have deleted the card. */
    redrawn(card: MessageRef, screen: (texts: Texts) => Screen): Effect.Effect<Redrawn>
    /** A message to the person did not arrive: if it is an admin, he may be left in peace. */
    missed(person: TelegramId, reason: TelegramError["reason"]["_tag"]): Effect.Effect<void>
    /** The person wrote or pressed something: if it is an admin, the next note reaches him at once. */
    heard(person: TelegramId): Effect.Effect<void>
    /** Those admins to whom nothing is sent now: what is for them waits. */
    readonly leftInPeace: Effect.Effect<ReadonlyArray<TelegramId>>
  }
>()("account-bot/bot/admin/TellAdmins") {
  static readonly layer = Layer.effect(
    TellAdmins,
    Effect.gen(function* () {
      const telegram = yield* Telegram
      const access = yield* Access
      const languages = yield* Languages
      const chats = yield* AdminChats
      /** The admins who could not be told, and when each of them is tried again. */
      const unreachable = new Map<TelegramId, Retry>()

      const startedAt = yield* elapsed
      for (const admin of access.admins) {
        if (!Option.contains(yield* chats.of(admin), "closed")) continue
        unreachable.set(admin, { pause: chatless, at: startedAt + chatless })
        yield* Effect.logInfo("what is for an admin waits until he presses /start").pipe(
          Effect.annotateLogs({ admin }),
        )
      }

      /**
       * Warns once for each admin, not at every try. Whoever may not be written to is left in peace
       * for a while; after any other failure the next note is sent as usual.
       */
      const missed = Effect.fnUntraced(function* (
        admin: TelegramId,
        reason: TelegramError["reason"]["_tag"],
      ) {
        if (!access.admins.includes(admin)) return
        const before = unreachable.get(admin)
        const level = before === undefined ? "Warn" : "Debug"
        const isClosed = reason === "Blocked" || reason === "ChatNotFound"
        const hadChat = Option.contains(yield* chats.of(admin), "open")
        if (isClosed && !hadChat) yield* chats.note(admin, "closed")
        const pauseIfClosed = hadChat ? pauseAfter(before?.pause ?? 0) : chatless
        const pause = isClosed ? pauseIfClosed : 0
        unreachable.set(admin, { pause, at: (yield* elapsed) + pause })
        yield* Effect.logWithLevel(level)(
          "an admin could not be told; has he pressed /start?",
        ).pipe(Effect.annotateLogs({ admin, reason }))
      })

      const heard = Effect.fnUntraced(function* (admin: TelegramId) {
        unreachable.delete(admin)
        yield* chats.note(admin, "open")
      })

      const isLeftInPeace = Effect.fnUntraced(function* (admin: TelegramId) {
        const retry = unreachable.get(admin)
        return retry !== undefined && (yield* elapsed) < retry.at
      })

      const tellOne = Effect.fnUntraced(function* (
        admin: TelegramId,
        screen: (texts: Texts) => Screen,
      ) {
        if (yield* isLeftInPeace(admin)) return Option.none<MessageRef>()
        const texts = yield* languages.textsFor(admin)
        return yield* telegram.send(admin, screen(texts)).pipe(
          Effect.tap(() => heard(admin)),
          Effect.asSome,
          Effect.catch(({ reason }) =>
            Effect.as(missed(admin, reason._tag), Option.none<MessageRef>()),
          ),
        )
      })

      const tell = Effect.fnUntraced(function* (
        screen: (texts: Texts) => Screen,
        only: ReadonlyArray<TelegramId> = access.admins,
      ) {
        const sent = yield* Effect.forEach(only, (admin) => tellOne(admin, screen))
        return sent.flatMap(Option.toArray)
      })

      const redrawn = Effect.fnUntraced(function* (
        card: MessageRef,
        screen: (texts: Texts) => Screen,
      ) {
        // A private chat has the same number as the person in it.
        const texts = yield* languages.textsFor(TelegramId.make(card.chatId))
        return yield* telegram.edit(card, screen(texts)).pipe(
          Effect.as<Redrawn>("drawn"),
          Effect.catch(({ reason }) =>
            Effect.logDebug("a card could not be changed").pipe(
              Effect.annotateLogs({ admin: card.chatId, reason: reason._tag }),
              Effect.as<Redrawn>(reason._tag === "MessageGone" ? "gone" : "missed"),
            ),
          ),
        )
      })

      const redraw = (card: MessageRef, screen: (texts: Texts) => Screen) =>
        Effect.asVoid(redrawn(card, screen))

      const leftInPeace = Effect.filter(access.admins, isLeftInPeace)

      return TellAdmins.of({ tell, redraw, redrawn, missed, heard, leftInPeace })
    }),
  )
}

/** `missed`: the card stands as it was, for now. */
type Redrawn = "drawn" | "missed" | "gone"

/** When an admin is tried again, in milliseconds that have gone by, and how long that pause is. */
interface Retry {
  readonly pause: number
  readonly at: number
}

const chatless = Duration.toMillis(chatlessAdminPause)

const pauseAfter = (before: number) =>
  Math.min(
    Duration.toMillis(unreachableAdminMax),
    Math.max(before * 2, Duration.toMillis(unreachableAdminFirst)),
  )
