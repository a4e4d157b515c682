/**
 * Keeps which admins have a chat with the bot. Telegram does not let a bot begin a chat, so messages for an
 * admin without one wait until he presses /start.
 *
 * It is kept in the journal. While a journal and the list of people are still empty, nobody has had
 * the occasion to open a chat. Of an admin who is missing in a journal that was used before, nothing
 * is known: the bot writes to him, and what Telegram answers tells.
 */
import { Context, Effect, Layer, Option, Ref, Schema } from "effect"
import { Settings } from "../config/Settings.ts"
import { TelegramId } from "../domain/Employee.ts"
import { Journal, type JournalDamaged, type StorageUnavailable } from "../store/Journal.ts"
import { Whitelist } from "./Whitelist.ts"

const Chat = Schema.Literals(["open", "closed"])
type Chat = typeof Chat.Type

export class AdminChats extends Context.Service<
  AdminChats,
  {
    /** `closed`: there is none yet. Nothing where it is not known. */
    of(admin: TelegramId): Effect.Effect<Option.Option<Chat>>
    /** Remembers it of an admin; of nobody else is it kept. */
    note(person: TelegramId, chat: Chat): Effect.Effect<void>
  }
>()("account-bot/access/AdminChats") {
  static readonly layer: Layer.Layer<
    AdminChats,
    StorageUnavailable | JournalDamaged,
    Settings | Whitelist | Journal
  > = Layer.effect(
    AdminChats,
    Effect.gen(function* () {
      const { admins } = yield* Settings
      const whitelist = yield* Whitelist
      const journal = yield* Journal
      const chats = yield* Ref.make(yield* load(journal))

      const note = Effect.fnUntraced(function* (person: TelegramId, chat: Chat) {
        if (!admins.includes(person) || (yield* Ref.get(chats)).get(person) === chat) return
        yield* Ref.update(chats, (all) => new Map(all).set(person, chat))
        // If the disk refuses the note, memory keeps it, and the next start finds it out again.
        yield* Effect.ignore(
          journal.write([{ _tag: "DocumentPut", kind, key: String(person), body: chat }]),
        )
      })

      const [newest] = yield* journal.trail({ limit: 1 })
      const isFirstStart =
        newest === undefined && (yield* whitelist.all).every(({ isApproved }) => !isApproved)
      const unknown = admins.filter((admin) => !Ref.getUnsafe(chats).has(admin))
      if (isFirstStart) yield* Effect.forEach(unknown, (admin) => note(admin, "closed"))

      return AdminChats.of({
        of: (admin) => Effect.map(Ref.get(chats), (all) => Option.fromUndefinedOr(all.get(admin))),
        note,
      })
    }),
  )

  /** Everybody has a chat, for tests of other parts. */
  static readonly layerTest = Layer.succeed(
    AdminChats,
    AdminChats.of({ of: () => Effect.succeedSome("open"), note: () => Effect.void }),
  )
}

const kind = "adminChat"

const decode = Schema.decodeUnknownOption(Chat)
const decodeKey = Schema.decodeUnknownOption(
  Schema.FiniteFromString.pipe(Schema.decodeTo(TelegramId)),
)

/** A record that cannot be read counts as missing, so that no start fails over it. */
const load = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const documents = yield* journal.documents(kind)
  return new Map(
    documents.flatMap(({ key, body }) => {
      const [admin, chat] = [decodeKey(key), decode(body)]
      return Option.isSome(admin) && Option.isSome(chat) ? [[admin.value, chat.value] as const] : []
    }),
  )
})
