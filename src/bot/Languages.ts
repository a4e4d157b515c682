/**
 * In which language each person is spoken to: the one they chose with /language, and the
 * company's own (LANGUAGE) until then. What they chose is kept in the journal.
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
    /** Durable when it returns. */
    choose(person: TelegramId, language: Language): Effect.Effect<void, StorageUnavailable>
  }
>()("account-bot/bot/Languages") {
  static readonly layer: Layer.Layer<Languages, StorageUnavailable, Journal | Settings> =
    Layer.effect(
      Languages,
      Effect.gen(function* () {
        const journal = yield* Journal
        const { language: usual } = yield* Settings
        const chosen = yield* Ref.make(yield* load(journal))

        const of = (person: TelegramId) =>
          Effect.map(Ref.get(chosen), (all) => all.get(person) ?? usual)

        const choose = Effect.fn("Languages.choose")(function* (
          person: TelegramId,
          language: Language,
        ) {
          yield* journal.write([{ _tag: "DocumentPut", kind, key: String(person), body: language }])
          yield* Ref.update(chosen, (all) => new Map(all).set(person, language))
        })

        return Languages.of({ of, textsFor: (person) => Effect.map(of(person), textsOf), choose })
      }),
    )
}

const kind = "language"

const decode = Schema.decodeUnknownOption(Language)
const decodeKey = Schema.decodeUnknownOption(
  Schema.FiniteFromString.pipe(Schema.decodeTo(TelegramId)),
)

/** What cannot be read is as if it had not been chosen: no start fails over it. */
const load = Effect.fnUntraced(function* (journal: Journal["Service"]) {
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

/*
 * The texts of the conversation that is being put together: there is one for each language, and
 * each person talks to the one of theirs.
 */

export class Wording extends Context.Service<Wording, Texts>()("account-bot/bot/texts/Wording") {}

/* The texts of a language. */

export const textsOf = (language: Texts["language"]): Texts => (language === "ru" ? ru : en)
