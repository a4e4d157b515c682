/**
 * A value in a JSON file that people read and repair by hand.
 *
 * Memory is a copy: a change reaches the disk first and the readers after. A file that cannot be
 * understood is never written over.
 */
import {
  Effect,
  FileSystem,
  Option,
  Path,
  type PlatformError,
  Ref,
  Result,
  Schema,
  Semaphore,
} from "effect"
import { utf8Text } from "../domain/utf8.ts"

/**
 * The file cannot be understood. `problem` names the place of the fault, never what stands there.
 */
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
  /** There was no such file when it was opened. */
  readonly isNew: boolean
  /**
   * Changes the value; it is on disk when this returns. If a person has edited the file meanwhile,
   * the change starts from that. If `f` gives back its argument, nothing is written.
   */
  update(f: (current: A) => A): Effect.Effect<A, FileDamaged | FileUnwritable>
  /** Writes the value as it is, so that there is a file from the start. */
  readonly save: Effect.Effect<void, FileDamaged | FileUnwritable>
}

/** Opens the file; fails where it cannot be understood. */
export const make = Effect.fnUntraced(function* <A, E>(options: {
  readonly path: string
  readonly schema: Schema.Codec<A, E>
  /** The value while there is no file. */
  readonly empty: A
}) {
  const fs = yield* FileSystem.FileSystem
  const directory = (yield* Path.Path).dirname(options.path)
  const { path } = options
  const decode = decodeFile(path, options.schema)
  const encode = Schema.encodeEffect(Schema.fromJsonString(options.schema, { space: 2 }))

  /** The text of the file; `undefined` where there is none. */
  const read: Effect.Effect<string | undefined, FileDamaged> = fs.readFile(path).pipe(
    Effect.catchIf(isNotFound, () => Effect.undefined),
    Effect.mapError(({ reason }) => damaged(path, `cannot be read (${reason._tag})`)),
    Effect.flatMap((bytes) =>
      bytes === undefined
        ? Effect.undefined
        : Effect.mapError(Effect.fromResult(utf8Text(bytes)), (problem) => damaged(path, problem)),
    ),
  )

  const temporary = `${path}.new`

  const writeSynced = (to: string, text: string) =>
    Effect.scoped(
      Effect.gen(function* () {
        const file = yield* fs.open(to, { flag: "w", mode: 0o600 })
        yield* file.writeAll(new TextEncoder().encode(text))
        yield* file.sync
      }),
    )

  /**
   * Writes over the file where it cannot be replaced, as one that is mounted into a container by
   * itself. Until that is done the new text lies beside it: what a crash tore is made whole by it.
   */
  const writeOver = (text: string) =>
    Effect.andThen(writeSynced(path, text), fs.remove(temporary, { force: true }))

  /** Replaces the file by a rename, which is atomic; both the file and its name are synced. */
  const replace = Effect.fnUntraced(
    function* (text: string) {
      yield* fs.makeDirectory(directory, { recursive: true, mode: 0o700 })
      yield* writeSynced(temporary, text)
      yield* fs.rename(temporary, path).pipe(Effect.catchIf(isMounted, () => writeOver(text)))
      yield* Effect.scoped(Effect.flatMap(fs.open(directory), ({ sync }) => sync)).pipe(
        // Some file systems cannot sync a directory. The new file is in place all the same.
        Effect.ignore,
      )
    },
    Effect.mapError((cause) => new FileUnwritable({ path, cause })),
  )

  /** The text that a crash tore while it was written over the file; none where all is well. */
  const torn = Effect.fnUntraced(function* (text: string | undefined) {
    const whole = yield* Effect.option(fs.readFileString(temporary))
    return Option.filter(
      whole,
      (one) => text !== undefined && text.length < one.length && one.startsWith(text),
    )
  })

  const stood = yield* read
  const mended = yield* torn(stood)
  if (Option.isSome(mended)) {
    yield* Effect.mapError(replace(mended.value), () =>
      damaged(path, "a crash tore it, and it cannot be written"),
    )
  }
  const found = Option.getOrElse(mended, () => stood)
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

/** A value without a file, for tests. */
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

/** Linux renames nothing over a mount point. */
const isMounted = ({ reason }: PlatformError.PlatformError) => reason._tag === "Busy"

const isNotFound = ({ reason }: PlatformError.PlatformError) => reason._tag === "NotFound"

const decodeFile = <A, E>(path: string, schema: Schema.Codec<A, E>) => {
  const decode = Schema.decodeUnknownResult(Schema.fromJsonString(schema))
  return (text: string): Effect.Effect<A, FileDamaged> => {
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

/** Where a text stops being JSON, for a person who edits it by hand. */
interface SyntaxFault {
  readonly line: number
  readonly column: number
  readonly expected: string
}

/**
 * Finds the first fault; `undefined` where the text is JSON. The message of the engine's own parser
 * is not used: it quotes the text, which may be secret, and often names no place.
 */
export const findSyntaxFault = (text: string): SyntaxFault | undefined => {
  const scanner: Scanner = { text, at: 0 }
  const expected = scanValue(scanner, 0) ?? (rest(scanner) === "" ? undefined : "the end")
  if (expected === undefined) return undefined
  const before = text.slice(0, scanner.at).split("\n")
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected }
}

interface Scanner {
  readonly text: string
  at: number
}

const space = /[ \t\n\r]*/y
const string = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/** Deeper than people write by hand, and less deep than the stack. */
const depthMax = 500

/** Moves past the pattern if the text goes on with it. */
const skip = (scanner: Scanner, pattern: RegExp): boolean => {
  pattern.lastIndex = scanner.at
  if (!pattern.test(scanner.text)) return false
  scanner.at = pattern.lastIndex
  return true
}

const skipSign = (scanner: Scanner, sign: string): boolean => {
  skip(scanner, space)
  if (scanner.text[scanner.at] !== sign) return false
  scanner.at += 1
  return true
}

const rest = (scanner: Scanner) => {
  skip(scanner, space)
  return scanner.text.slice(scanner.at)
}

/** Moves past a value, or stops at the fault and says what was expected there. */
const scanValue = (scanner: Scanner, depth: number): string | undefined => {
  if (depth > depthMax) return "less nesting"
  if (skipSign(scanner, "{")) return scanMembers(scanner, depth, "}", scanProperty)
  if (skipSign(scanner, "[")) return scanMembers(scanner, depth, "]", scanValue)
  return skip(scanner, string) || skip(scanner, scalar) ? undefined : "a value"
}

const scanProperty = (scanner: Scanner, depth: number): string | undefined => {
  skip(scanner, space)
  if (!skip(scanner, string)) return "a name in double quotes"
  return skipSign(scanner, ":") ? scanValue(scanner, depth) : "a colon"
}

const scanMembers = (
  scanner: Scanner,
  depth: number,
  end: string,
  scanMember: (scanner: Scanner, depth: number) => string | undefined,
): string | undefined => {
  if (skipSign(scanner, end)) return undefined
  for (;;) {
    const expected = scanMember(scanner, depth + 1)
    if (expected !== undefined) return expected
    if (skipSign(scanner, end)) return undefined
    if (!skipSign(scanner, ",")) return `a comma or ${end}`
  }
}
