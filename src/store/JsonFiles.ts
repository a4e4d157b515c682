/** Where the values of JSON files are kept: in DATA_DIR, or as documents of a journal. */
import {
  Context,
  Effect,
  type FileSystem,
  Layer,
  Path,
  Ref,
  Result,
  Schema,
  Semaphore,
} from "effect"
import { Settings } from "../config/Settings.ts"
import { fileKind, Journal } from "./Journal.ts"
import * as JsonFile from "./JsonFile.ts"

interface Options<A, E> {
  readonly name: string
  readonly schema: Schema.Codec<A, E>
  /** The value while there is none. */
  readonly empty: A
}

type Open = <A, E>(
  options: Options<A, E>,
) => Effect.Effect<
  JsonFile.JsonFile<A>,
  JsonFile.FileDamaged,
  Settings | FileSystem.FileSystem | Path.Path
>

const inDirectory: Open = Effect.fnUntraced(function* <A, E>({ name, ...options }: Options<A, E>) {
  const { dataDir } = yield* Settings
  return yield* JsonFile.make({ path: (yield* Path.Path).join(dataDir, name), ...options })
})

export class JsonFiles extends Context.Reference<{ readonly open: Open }>(
  "account-bot/store/JsonFiles",
  { defaultValue: () => ({ open: inDirectory }) },
) {}

/** Keeps them in the journal, so that only who owns the bot changes them. */
export const layerJournal = Layer.effect(
  JsonFiles,
  Effect.map(Journal, (journal) => ({ open: inJournal(journal) })),
)

const inJournal = (journal: Journal["Service"]): Open =>
  Effect.fnUntraced(function* <A, E>({ name, schema, empty }: Options<A, E>) {
    const path = `${name} in the database`
    const damaged = (problem: string) => new JsonFile.FileDamaged({ path, problem })
    const documents = yield* Effect.mapError(journal.documents(fileKind), () =>
      damaged("cannot be read"),
    )
    const found = documents.find(({ key }) => key === name)
    const first =
      found === undefined
        ? empty
        : yield* Effect.fromResult(
            Result.mapError(Schema.decodeUnknownResult(schema)(found.body), ({ message }) =>
              damaged(message.replaceAll("\n", " ")),
            ),
          )
    const encode = Schema.encodeEffect(schema)
    const state = yield* Ref.make(first)
    const lock = yield* Semaphore.make(1)

    const change = Effect.fnUntraced(
      function* (f: (current: A) => A, always: boolean) {
        const current = yield* Ref.get(state)
        const next = f(current)
        if (next === current && !always) return current
        // Encoding fails only for a value that its type forbids.
        const body = yield* Effect.orDie(encode(next))
        yield* Effect.mapError(
          journal.write([{ _tag: "DocumentPut", kind: fileKind, key: name, body }]),
          (cause) => new JsonFile.FileUnwritable({ path, cause }),
        )
        yield* Ref.set(state, next)
        return next
      },
      (self) => lock.withPermit(Effect.uninterruptible(self)),
    )

    const self: JsonFile.JsonFile<A> = {
      get: Ref.get(state),
      isNew: found === undefined,
      update: (f) => change(f, false),
      save: Effect.asVoid(change((current) => current, true)),
    }
    return self
  })
