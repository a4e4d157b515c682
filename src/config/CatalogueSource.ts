/** The catalogue the program runs with: the one that comes with the bot, or a company's own. */
import { Array, Context, Effect, FileSystem, Layer, Option, Result, Schema } from "effect"
import { Catalogue } from "../domain/Catalogue.ts"
import { shippedCatalogue } from "../domain/shippedCatalogue.ts"
import { utf8Text } from "../domain/utf8.ts"
import { Settings } from "./Settings.ts"

/** Stops the start, because a bot with half a catalogue would hand out the wrong things. */
class CatalogueUnreadable extends Schema.TaggedError<CatalogueUnreadable>()("CatalogueUnreadable", {
  path: Schema.String,
  /** What is wrong and where in the file. */
  problem: Schema.String,
}) {
  override get message() {
    return `The catalogue ${this.path} cannot be used: ${this.problem}`
  }
}

export class CatalogueSource extends Context.Service<CatalogueSource, Catalogue>()(
  "account-bot/config/CatalogueSource",
) {
  static readonly layer: Layer.Layer<
    CatalogueSource,
    CatalogueUnreadable,
    Settings | FileSystem.FileSystem
  > = Layer.effect(
    CatalogueSource,
    Effect.gen(function* () {
      const { catalogueFile } = yield* Settings
      return Option.isNone(catalogueFile) ? shippedCatalogue : yield* readFile(catalogueFile.value)
    }),
  )

  static readonly layerTest = (catalogue: Catalogue = shippedCatalogue) =>
    Layer.succeed(CatalogueSource, catalogue)
}

const readFile = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const unreadable = (problem: string) => new CatalogueUnreadable({ path, problem })
  const bytes = yield* Effect.mapError(fs.readFile(path), ({ message }) => unreadable(message))
  const json = yield* Effect.fromResult(Result.flatMap(utf8Text(bytes), parse)).pipe(
    Effect.mapError(unreadable),
  )
  const catalogue = yield* Effect.mapError(decode(json), ({ message }) => unreadable(message))
  return withSheetWords(withShippedWords(catalogue))
})

/** Meaning and spellings by the id of a shipped status. */
const shippedWords = new Map(
  shippedCatalogue.resources
    .flatMap(({ statuses }) => statuses)
    .map(({ id, meaning, spellings }) => [
      id,
      {
        ...(meaning === undefined ? {} : { meaning }),
        ...(spellings === undefined ? {} : { spellings }),
      },
    ]),
)

/**
 * A company's status that has the id of a shipped one keeps the shipped meaning and spellings where
 * it says none: files that were written before a status could say them lose no help text.
 */
const withShippedWords = (catalogue: Catalogue): Catalogue => ({
  ...catalogue,
  resources: Array.map(catalogue.resources, (resource) => ({
    ...resource,
    statuses: resource.statuses.map((status) => ({ ...shippedWords.get(status.id), ...status })),
  })),
})

/** Gives each resource the words of the catalogue, except those that the resource has itself. */
const withSheetWords = (catalogue: Catalogue): Catalogue => ({
  ...catalogue,
  resources: Array.map(catalogue.resources, (resource) => ({
    ...resource,
    sheetWords: { ...catalogue.sheetWords, ...resource.sheetWords },
  })),
})

const decode = Schema.decodeUnknownEffect(Catalogue)

const parse = (text: string): Result.Result<unknown, string> =>
  Result.try({
    try: (): unknown => JSON.parse(text),
    catch: (error) => (error instanceof Error ? error.message : String(error)),
  })
