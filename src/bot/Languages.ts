/**
 * The language in which the bot speaks to each person: the one that the person chose with
 * /language, or else the company's own (LANGUAGE). The choices are kept in the journal.
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

/** A choice that cannot be read counts as not made, so that no start fails over it. */
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
