/**
 * A value in a JSON file that people read and repair by hand.
 *
 * Memory is a copy: a change reaches the disk first and the readers after. A file that cannot be
 * understood is never written over.
 */
import {
  Effect,
  FileSystem,
  Path,
  type PlatformError,
  Ref,
  Result,
  Schema,
  Semaphore,
} from "effect"
import { findSyntaxFault } from "./jsonSyntax.ts"

/** `problem` names the place of the fault, never what stands there. */
export class FileDamaged extends Schema.TaggedError<FileDamaged>()("FileDamaged", {
  path: Schema.String,
  problem: Schema.String,
}) {
  override get message() {
    return `${this.path}: ${this.problem}`
  }
}

/** The disk refused; the file is as it was. */
export class FileUnwritable extends Schema.TaggedError<FileUnwritable>()("FileUnwritable", {
  path: Schema.String,
  cause: Schema.Defect(),
}) {
  override get message() {
    return `${this.path}: cannot be written`
  }
}

export interface JsonFile<A> {
  readonly get: Effect.Effect<A>
  /** There was no file when it was made. */
  readonly isNew: boolean
  /**
   * On disk when it returns. Starts from what a person wrote into the file meanwhile, if
   * anything. `f` may give back its argument: then nothing is written.
   */
  update(f: (current: A) => A): Effect.Effect<A, FileDamaged | FileUnwritable>
  /** Writes the value as it is, for a file that shall be there from the start. */
  readonly save: Effect.Effect<void, FileDamaged | FileUnwritable>
}

export const make = Effect.fnUntraced(function* <A, E>(options: {
  readonly path: string
  readonly schema: Schema.Codec<A, E>
  /** Stands for a missing file. */
  readonly empty: A
}) {
  const fs = yield* FileSystem.FileSystem
  const directory = (yield* Path.Path).dirname(options.path)
  const { path } = options
  const decode = decodeFile(path, options.schema)
  const encode = Schema.encodeEffect(Schema.fromJsonString(options.schema, { space: 2 }))

  /** `undefined`: there is no file. */
  const read: Effect.Effect<string | undefined, FileDamaged> = fs.readFileString(path).pipe(
    Effect.catchIf(isNotFound, () => Effect.undefined),
    Effect.mapError(({ reason }) => damaged(path, `cannot be read (${reason._tag})`)),
  )

  /** A rename within one directory is atomic; both the file and its name are synced. */
  const replace = Effect.fnUntraced(
    function* (text: string) {
      yield* fs.makeDirectory(directory, { recursive: true, mode: 0o700 })
      const temporary = `${path}.new`
      yield* Effect.scoped(
        Effect.gen(function* () {
          const file = yield* fs.open(temporary, { flag: "w", mode: 0o600 })
          yield* file.writeAll(new TextEncoder().encode(text))
          yield* file.sync
        }),
      )
      yield* fs.rename(temporary, path)
      yield* Effect.scoped(Effect.flatMap(fs.open(directory), ({ sync }) => sync)).pipe(
        // Some file systems cannot sync a directory; the new file is in place all the same.
        Effect.ignore,
      )
    },
    Effect.mapError((cause) => new FileUnwritable({ path, cause })),
  )

  const found = yield* read
  const first = found === undefined ? options.empty : yield* decode(found)
  const state = yield* Ref.make({ value: first, text: found })
  const lock = yield* Semaphore.make(1)

  const change = Effect.fnUntraced(
    function* (f: (current: A) => A, always: boolean) {
      const { value, text } = yield* Ref.get(state)
      const onDisk = yield* read
      const edited = onDisk !== undefined && onDisk !== text
      const current = edited ? yield* decode(onDisk) : value
      const next = f(current)
      if (next === current && !always) {
        if (edited) yield* Ref.set(state, { value: current, text: onDisk })
        return current
      }
      // Encoding fails only for a value that its type forbids.
      const nextText = `${yield* Effect.orDie(encode(next))}\n`
      yield* replace(nextText)
      yield* Ref.set(state, { value: next, text: nextText })
      return next
    },
    (self) => lock.withPermit(Effect.uninterruptible(self)),
  )

  const self: JsonFile<A> = {
    get: Effect.map(Ref.get(state), ({ value }) => value),
    isNew: found === undefined,
    update: (f) => change(f, false),
    save: Effect.asVoid(change((current) => current, true)),
  }
  return self
})

/** The same without a file, for tests. */
export const makeMemory = Effect.fnUntraced(function* <A>(value: A) {
  const state = yield* Ref.make(value)
  const self: JsonFile<A> = {
    get: Ref.get(state),
    isNew: false,
    update: (f) => Ref.updateAndGet(state, f),
    save: Effect.void,
  }
  return self
})

const damaged = (path: string, problem: string) => new FileDamaged({ path, problem })

const isNotFound = ({ reason }: PlatformError.PlatformError) => reason._tag === "NotFound"

const decodeFile = <A, E>(path: string, schema: Schema.Codec<A, E>) => {
  const decode = Schema.decodeUnknownResult(Schema.fromJsonString(schema))
  return (raw: string): Effect.Effect<A, FileDamaged> => {
    // Editors on Windows put a byte order mark in front.
    const text = raw.replace(/^\uFEFF/, "")
    const fault = findSyntaxFault(text)
    if (fault !== undefined) {
      const { line, column, expected } = fault
      return Effect.fail(damaged(path, `line ${line}, column ${column}: expected ${expected}`))
    }
    return Effect.fromResult(
      Result.mapError(decode(text), ({ message }) => damaged(path, message.replaceAll("\n", " "))),
    )
  }
}
