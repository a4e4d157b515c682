/**
 * Access tells the role of each person, and by what name the others know them. A person without a
 * role may do nothing.
 */
import { Context, Effect, Layer, Option, Ref, Schema } from "effect"
import { Settings } from "../config/Settings.ts"
import { foldNickname } from "../domain/Application.ts"
import { nicknameMax, type Role, TelegramId } from "../domain/Employee.ts"
import { Journal, type StorageUnavailable } from "../store/Journal.ts"
import { Blocks } from "./Blocks.ts"
import { Whitelist } from "./Whitelist.ts"

export class Access extends Context.Service<
  Access,
  {
    role(id: TelegramId): Effect.Effect<Role>
    /** Whether the person may take items, as admins and employees may. */
    isAllowed(id: TelegramId): Effect.Effect<boolean>
    /**
     * The name under which somebody takes items. For an admin it is the one that ADMIN_ID gives, or
     * else the work nickname, the first name in Telegram, or «админ …1234» by the end of the id. For
     * anybody else it is the work nickname, or else the digits of the id.
     */
    stageOf(id: TelegramId): Effect.Effect<string>
    /** The name of whoever decided: as `stageOf`, with the id where two admins have one name. */
    nameOfAdmin(id: TelegramId): Effect.Effect<string>
    /** Remembers the first name of an admin, as Telegram sent it. Of nobody else is it kept. */
    introduced(id: TelegramId, firstName: string): Effect.Effect<void>
    readonly admins: ReadonlyArray<TelegramId>
  }
>()("account-bot/access/Access") {
  static readonly layer: Layer.Layer<
    Access,
    StorageUnavailable,
    Settings | Whitelist | Blocks | Journal
  > = Layer.effect(
    Access,
    Effect.gen(function* () {
      const { admins, adminNames, language } = yield* Settings
      const whitelist = yield* Whitelist
      const blocks = yield* Blocks
      const journal = yield* Journal
      const firstNames = yield* Ref.make(yield* loadNames(journal))

      const role = Effect.fnUntraced(function* (id: TelegramId): Effect.fn.Return<Role> {
        if (admins.includes(id)) return "admin"
        if (Option.isSome(yield* blocks.find(id))) return "blocked"
        const member = yield* whitelist.find(id)
        if (Option.isNone(member)) return "stranger"
        return member.value.isApproved ? "employee" : "applicant"
      })

      const isAllowed = Effect.fnUntraced(function* (id: TelegramId) {
        const own = yield* role(id)
        return own === "admin" || own === "employee"
      })

      const stageOf = Effect.fnUntraced(function* (id: TelegramId) {
        const isAdmin = admins.includes(id)
        const given = isAdmin ? adminNames.get(id) : undefined
        if (given !== undefined) return given
        const member = yield* whitelist.find(id)
        if (Option.isSome(member)) return member.value.stage
        if (!isAdmin) return String(id)
        return (yield* Ref.get(firstNames)).get(id) ?? namelessAdmin(id, language)
      })

      const nameOfAdmin = Effect.fnUntraced(function* (id: TelegramId) {
        const isNamed = admins.includes(id) || Option.isSome(yield* whitelist.find(id))
        // Somebody who was an admin is no longer in the settings.
        const former = (yield* Ref.get(firstNames)).get(id) ?? `ID ${id}`
        const name = shortened(isNamed ? yield* stageOf(id) : former)
        const others = yield* Effect.forEach(
          admins.filter((each) => each !== id),
          stageOf,
        )
        const isShared = others.map(foldNickname).includes(foldNickname(name))
        return isShared ? `${name} (${id})` : name
      })

      const introduced = Effect.fnUntraced(function* (id: TelegramId, firstName: string) {
        const known = (yield* Ref.get(firstNames)).get(id)
        if (!admins.includes(id) || firstName === "" || firstName === known) return
        yield* Ref.update(firstNames, (all) => new Map(all).set(id, firstName))
        // A name that the disk refuses is known until the next start, and comes again after it.
        yield* Effect.ignore(
          journal.write([{ _tag: "DocumentPut", kind, key: String(id), body: firstName }]),
        )
      })

      return Access.of({ role, isAllowed, stageOf, nameOfAdmin, introduced, admins })
    }),
  )
}

/** The name that admins without one shared up to 0.3.0: it stands in rows from then. */
export const adminStage = "admin"

/** An admin of whom only the id is known. */
const namelessAdmin = (id: TelegramId, language: "ru" | "en") => {
  const digits = String(id)
  const end = digits.length > 4 ? `…${digits.slice(-4)}` : digits
  return `${language === "ru" ? "админ" : "admin"} ${end}`
}

/** Whether a nickname would pass for that of an admin without a name. */
export const isAdminLike = (nickname: string): boolean =>
  /^(?:admin|админ)(?: ?[.…]* ?\d+)?$/u.test(foldNickname(nickname))

/** A whitelist that was filled by hand may hold nicknames of any length. */
const shortened = (name: string) => {
  const signs = Array.from(name)
  return signs.length <= nicknameMax ? name : `${signs.slice(0, nicknameMax - 1).join("")}…`
}

const kind = "adminName"

const decodeName = Schema.decodeUnknownOption(Schema.String)
const decodeKey = Schema.decodeUnknownOption(
  Schema.FiniteFromString.pipe(Schema.decodeTo(TelegramId)),
)

/** A name that cannot be read counts as unknown, so that no start fails over it. */
const loadNames = Effect.fnUntraced(function* (journal: Journal["Service"]) {
  const documents = yield* journal.documents(kind)
  return new Map(
    documents.flatMap(({ key, body }) => {
      const [id, name] = [decodeKey(key), decodeName(body)]
      return Option.isSome(id) && Option.isSome(name) ? [[id.value, name.value] as const] : []
    }),
  )
})
