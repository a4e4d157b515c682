/**
 * The language in which the bot speaks to each person: the one that the person chose with
 * /language, or else that of their Telegram when they asked for access, or else the company's own
 * (LANGUAGE). The first two are kept in the journal.
 *
 * Telegram's language counts for newcomers alone, and stays as it was when they were let in: nobody
 * who works with the bot finds it in another language because a client was set up anew. So admins,
 * and people who were in the list before the bot looked at this, keep LANGUAGE until they choose.
 */
import { Context, Effect, Layer, Option, Ref, Schema } from "effect"
import { Settings } from "../config/Settings.ts"
import { TelegramId } from "../domain/Employee.ts"
import { Journal, type StorageUnavailable } from "../store/Journal.ts"
import { en } from "./texts/en.ts"
import { ru } from "./texts/ru.ts"
import type { Texts } from "./texts/Texts.ts"

export const Language = Schema.Literals(["ru", "en"])
export type Language = typeof Language.Type

export class Languages extends Context.Service<
  Languages,
  {
    of(person: TelegramId): Effect.Effect<Language>
    /** What the bot says to that person. */
    textsFor(person: TelegramId): Effect.Effect<Texts>
    /**
     * The same for somebody without access: the language of their Telegram, as the update at hand
     * tells it, goes before the one that was noted. `code`: whatever the client sent.
     */
    textsForNewcomer(person: TelegramId, code: string | undefined): Effect.Effect<Texts>
    /** Durable when it returns. */
    choose(person: TelegramId, language: Language): Effect.Effect<void, StorageUnavailable>
    /** Notes the language in which an applicant is spoken to. Durable when it returns. */
    note(person: TelegramId, language: Language): Effect.Effect<void, StorageUnavailable>
  }
>()("account-bot/bot/Languages") {
  static readonly layer: Layer.Layer<Languages, StorageUnavailable, Journal | Settings> =
    Layer.effect(
      Languages,
      Effect.gen(function* () {
        const journal = yield* Journal
        const { language: usual } = yield* Settings
        const chosen = yield* makeKept(journal, "language")
        const noted = yield* makeKept(journal, "languageOfTelegram")

        const of = Effect.fnUntraced(function* (person: TelegramId) {
          return (yield* chosen.of(person)) ?? (yield* noted.of(person)) ?? usual
        })

        const ofNewcomer = Effect.fnUntraced(function* (
          person: TelegramId,
          code: string | undefined,
        ) {
          return (yield* chosen.of(person)) ?? languageOfCode(code) ?? (yield* of(person))
        })

        return Languages.of({
          of,
          textsFor: (person) => Effect.map(of(person), textsOf),
          textsForNewcomer: (person, code) => Effect.map(ofNewcomer(person, code), textsOf),
          choose: chosen.put,
          note: noted.put,
        })
      }),
    )
}

/** Telegram's codes of languages whose speakers read Russian more often than English. */
const russianReaders: ReadonlySet<string> = new Set(
  "ru uk be kk ky uz tg tk hy az ka tt ba cv ce os ab sah".split(" "),
)

/** Gives nothing for what is no code of a language: the field may hold anything. */
export const languageOfCode = (code: string | undefined): Language | undefined => {
  const [, tongue] = /^([a-z]{2,3})(?:[-_]|$)/i.exec(code ?? "") ?? []
  if (tongue === undefined) return undefined
  return russianReaders.has(tongue.toLowerCase()) ? "ru" : "en"
}

/** Languages of people, kept under one kind of documents. */
const makeKept = Effect.fnUntraced(function* (journal: Journal["Service"], kind: string) {
  const kept = yield* Ref.make(yield* load(journal, kind))

  const of = (person: TelegramId) => Effect.map(Ref.get(kept), (all) => all.get(person))

  const put = Effect.fnUntraced(function* (person: TelegramId, language: Language) {
    if ((yield* of(person)) === language) return
    yield* journal.write([{ _tag: "DocumentPut", kind, key: String(person), body: language }])
    yield* Ref.update(kept, (all) => new Map(all).set(person, language))
  })

  return { of, put }
})

const decode = Schema.decodeUnknownOption(Language)
const decodeKey = Schema.decodeUnknownOption(
  Schema.FiniteFromString.pipe(Schema.decodeTo(TelegramId)),
)

/** A language that cannot be read counts as not chosen, so that no start fails over it. */
const load = Effect.fnUntraced(function* (journal: Journal["Service"], kind: string) {
  const documents = yield* journal.documents(kind)
  return new Map(
    documents.flatMap(({ key, body }) => {
      const [person, language] = [decodeKey(key), decode(body)]
      return Option.isSome(person) && Option.isSome(language)
        ? [[person.value, language.value] as const]
        : []
    }),
  )
})

/**
 * The texts in which the update at hand is answered: those of the person who sent it. Provided when
 * the update is handled, so that handlers need not pass texts around.
 *
 * @effect-leakable-service
 */
export class Wording extends Context.Service<Wording, Texts>()(
  "account-bot/bot/Languages/Wording",
) {}

export const textsOf = (language: Texts["language"]): Texts => (language === "ru" ? ru : en)
