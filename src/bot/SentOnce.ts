/**
 * Sends each answer to an update once, also where the update is handled once more: after a kill, or
 * by the process that takes the bot over.
 *
 * The update is in the journal before it is handled, and which message of it this is makes the key.
 * When Telegram has a message, that is noted under its key; who comes to it again draws it anew in
 * its place, with what there is to say by then. Where the answer of Telegram or the note is lost, it
 * is sent again: a message too many is better than none.
 *
 * Messages that answer no update have keys of their own in the journal, or say what this process has
 * found by itself; docs/cluster.md has the list.
 */
import { Context, Effect, Layer, Option, Schema } from "effect"
import { MessageRef } from "../domain/Issuance.ts"
import { Journal, type StorageUnavailable, type Write } from "../store/Journal.ts"
import { Telegram } from "./Telegram.ts"
import type { TelegramError } from "./TelegramError.ts"

/** The update that is being handled, for what is sent because of it. */
class Occasion extends Context.Reference<
  Option.Option<{
    /** The key of the next message of that kind in the chat. */
    next(kind: Kind, chatId: number): string
    /** The update is handled, and nothing of it comes again. */
    isOver(): boolean
  }>
>("account-bot/bot/SentOnce/Occasion", { defaultValue: Option.none }) {}

type Kind = "text" | "photo" | "file"

export class SentOnce extends Context.Reference<{
  /** Runs the handler of an update. */
  readonly because: <A, E, R>(
    updateId: number,
    handling: Effect.Effect<A, E, R>,
  ) => Effect.Effect<A, E, R>
  /** Lets go of what was sent because of updates; to be written when they are noted as handled. */
  readonly forget: (updateIds: ReadonlyArray<number>) => ReadonlyArray<Write>
}>("account-bot/bot/SentOnce", {
  defaultValue: () => ({ because: (_, handling) => handling, forget: () => [] }),
}) {
  /** Telegram as before, but for what is sent because of an update. */
  static readonly layer: Layer.Layer<Telegram, StorageUnavailable, Telegram | Journal> =
    Layer.effectContext(
      Effect.gen(function* () {
        const telegram = yield* Telegram
        const journal = yield* Journal
        const scope = yield* Effect.scope
        const sent = yield* makeSent(yield* journal.documents(kind))

        /** It is on its way when this returns: nobody waits for it. */
        const note = (key: string, message: MessageRef) => {
          sent.add(key, message)
          return journal.write([{ _tag: "DocumentPut", kind, key, body: encode(message) }]).pipe(
            Effect.catch(({ message: why }) => Effect.logDebug(why)),
            Effect.forkIn(scope, { startImmediately: true }),
          )
        }

        const once = Effect.fnUntraced(function* (
          what: Kind,
          chatId: number,
          send: Effect.Effect<MessageRef, TelegramError>,
          drawAnew: (message: MessageRef) => Effect.Effect<unknown, TelegramError>,
        ) {
          const occasion = Option.filter(yield* Occasion, ({ isOver }) => !isOver())
          if (Option.isNone(occasion)) return yield* send
          const key = occasion.value.next(what, chatId)
          const before = sent.get(key)
          if (before !== undefined) {
            const isThere = yield* drawAnew(before).pipe(
              Effect.as(true),
              Effect.catchIf(
                ({ reason }) => reason._tag === "MessageGone",
                () => Effect.succeed(false),
              ),
            )
            if (isThere) return before
          }
          const message = yield* send
          if (!occasion.value.isOver()) yield* note(key, message)
          return message
        })

        const wrapped = Telegram.of({
          ...telegram,
          send: (chatId, screen, options) =>
            once("text", chatId, telegram.send(chatId, screen, options), (message) =>
              telegram.edit(message, screen),
            ),
          sendPhoto: (chatId, png, caption) =>
            once("photo", chatId, telegram.sendPhoto(chatId, png, caption), (message) =>
              telegram.editPhoto(message, png, caption),
            ),
          sendDocument: (chatId, file, caption) =>
            once("file", chatId, telegram.sendDocument(chatId, file, caption), () => Effect.void),
        })
        return Context.make(Telegram, wrapped).pipe(
          Context.add(SentOnce, { because, forget: sent.forget }),
        )
      }),
    )
}

const because = <A, E, R>(updateId: number, handling: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const counts = new Map<string, number>()
    let isOver = false
    const next = (what: Kind, chatId: number) => {
      const place = `${chatId}:${updateId}:${what}`
      const count = (counts.get(place) ?? 0) + 1
      counts.set(place, count)
      return `${place}:${count}`
    }
    return handling.pipe(
      Effect.provideService(Occasion, Option.some({ next, isOver: () => isOver })),
      Effect.ensuring(
        Effect.sync(() => {
          isOver = true
        }),
      ),
    )
  })

const kind = "sent"

const decode = Schema.decodeUnknownOption(MessageRef)
const encode = Schema.encodeSync(MessageRef)

/** A key begins with the chat, which is the person's, so that what is his is erased with him. */
const updateOf = (key: string) => Number(key.split(":", 2)[1])

/** The messages of updates that are not handled yet. */
const makeSent = (documents: ReadonlyArray<{ readonly key: string; readonly body: unknown }>) =>
  Effect.sync(() => {
    const messages = new Map<string, MessageRef>()
    const keys = new Map<number, Set<string>>()

    const add = (key: string, message: MessageRef) => {
      messages.set(key, message)
      const update = updateOf(key)
      keys.set(update, (keys.get(update) ?? new Set()).add(key))
    }
    for (const { key, body } of documents) {
      const message = decode(body)
      if (Option.isSome(message)) add(key, message.value)
    }

    const forget = (updateIds: ReadonlyArray<number>): ReadonlyArray<Write> =>
      updateIds.flatMap((update) => {
        const theirs = [...(keys.get(update) ?? [])]
        keys.delete(update)
        for (const key of theirs) messages.delete(key)
        return theirs.map((key): Write => ({ _tag: "DocumentRemoved", kind, key }))
      })

    return { get: (key: string) => messages.get(key), add, forget }
  })
