/**
 * Where the emulated outside world is kept, so that killing the demo does not rewind Google
 * and Telegram along with the bot.
 *
 * Each part saves itself before it answers the call that changed it: what the bot was told
 * is then still true after a `kill -9`.
 */
import { Context, Effect, FileSystem, Layer, Option, Path, Ref, Schema } from "effect"

const Part = Schema.Literals(["sheets", "telegram", "clock", "company", "scene"])
type Part = typeof Part.Type

export class World extends Context.Service<
  World,
  {
    /** What the part saved last; none in a fresh world. */
    load(part: Part): Effect.Effect<Option.Option<unknown>>
    /** Replaces what the part saved before. A failing disk is a defect, as this is only a demo. */
    save(part: Part, state: unknown): Effect.Effect<void>
    /** Forgets everything that was saved. */
    readonly clear: Effect.Effect<void>
  }
>()("account-bot/playground/World") {
  /** In memory, and gone with the process. */
  static readonly layerMemory = Layer.effect(
    World,
    Effect.gen(function* () {
      const parts = yield* Ref.make<ReadonlyMap<Part, unknown>>(new Map())
      return World.of({
        load: (part) =>
          Effect.map(Ref.get(parts), (saved) =>
            saved.has(part) ? Option.some(saved.get(part)) : Option.none(),
          ),
        save: (part, state) => Ref.update(parts, (saved) => new Map(saved).set(part, state)),
        clear: Ref.set(parts, new Map()),
      })
    }),
  )

  /** One JSON file for each part in `directory`, replaced by a rename. */
  static readonly layerFiles = (directory: string) =>
    Layer.effect(
      World,
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const file = (part: Part) => path.join(directory, `${part}.json`)
        yield* Effect.orDie(fs.makeDirectory(directory, { recursive: true, mode: 0o700 }))

        const load = Effect.fnUntraced(function* (part: Part) {
          if (!(yield* fs.exists(file(part)))) return Option.none()
          const text = yield* fs.readFileString(file(part))
          return Option.some(yield* decodeJson(text))
        }, Effect.orDie)

        const save = Effect.fnUntraced(function* (part: Part, state: unknown) {
          yield* fs.writeFileString(`${file(part)}.new`, json(state), { mode: 0o600 })
          yield* fs.rename(`${file(part)}.new`, file(part))
        }, Effect.orDie)

        const clear = Effect.forEach(
          Part.literals,
          (part) => Effect.orDie(fs.remove(file(part), { force: true })),
          { discard: true },
        )
        return World.of({ load, save, clear })
      }),
    )
}

const decodeJson = Schema.decodeEffect(Schema.fromJsonString(Schema.Unknown))

/** The JSON of values that were saved before: a change replaces few of them, and mutates none. */
const known = new WeakMap<object, string>()

/** From the whole state down to a message, or to the rows of a tab. */
const levelsKnown = 5

const json = (value: unknown, level = 0): string => {
  if (typeof value !== "object" || value === null || level === levelsKnown) {
    return JSON.stringify(value)
  }
  const text = known.get(value)
  if (text !== undefined) return text
  const written = Array.isArray(value)
    ? `[${value.map((item) => json(item ?? null, level + 1)).join(",")}]`
    : `{${Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => `${JSON.stringify(name)}:${json(field, level + 1)}`)
        .join(",")}}`
  if (level > 0) known.set(value, written)
  return written
}
