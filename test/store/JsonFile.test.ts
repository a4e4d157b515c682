import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, PlatformError, Schema } from "effect"
import * as JsonFile from "../../src/store/JsonFile.ts"
import { findSyntaxFault } from "../../src/store/JsonFile.ts"

const platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)
const Counts = Schema.Record(Schema.String, Schema.Int)

const makeIn = (directory: string) =>
  JsonFile.make({ path: `${directory}/nested/counts.json`, schema: Counts, empty: {} })

const directoryOf = Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())

/** A directory whose counts.json says `text`. */
const withFile = Effect.fnUntraced(function* (text: string) {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* directoryOf
  yield* fs.makeDirectory(`${directory}/nested`)
  yield* fs.writeFileString(`${directory}/nested/counts.json`, text)
  const path = `${directory}/nested/counts.json`
  return { directory, path, read: fs.readFileString(path) }
})

describe("JsonFile", () => {
  it.effect("starts empty without a file and makes none until it is changed", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* directoryOf
      const file = yield* makeIn(directory)
      assert.isTrue(file.isNew)
      assert.deepStrictEqual(yield* file.get, {})
      yield* file.update((counts) => counts)
      assert.isFalse(yield* fs.exists(`${directory}/nested`))
      assert.deepStrictEqual(yield* file.update((counts) => ({ ...counts, a: 1 })), { a: 1 })
      const text = yield* fs.readFileString(`${directory}/nested/counts.json`)
      assert.strictEqual(text, '{\n  "a": 1\n}\n')
      assert.deepStrictEqual(yield* fs.readDirectory(`${directory}/nested`), ["counts.json"])
      const { mode } = yield* fs.stat(`${directory}/nested/counts.json`)
      assert.strictEqual(mode & 0o777, 0o600)
    }).pipe(Effect.provide(platform)),
  )

  it.effect("reads what it wrote, also with a byte order mark in front", () =>
    Effect.gen(function* () {
      const { directory } = yield* withFile('\uFEFF{ "a": 1 }')
      const file = yield* makeIn(directory)
      assert.isFalse(file.isNew)
      yield* file.update((counts) => ({ ...counts, b: 2 }))
      assert.deepStrictEqual(yield* (yield* makeIn(directory)).get, { a: 1, b: 2 })
    }).pipe(Effect.provide(platform)),
  )

  it.effect("writes over a file that cannot be replaced, and mends one that a crash tore", () =>
    Effect.gen(function* () {
      const { directory, path, read } = yield* withFile('{ "a": 1 }')
      const mounted = Layer.effect(
        FileSystem.FileSystem,
        Effect.map(FileSystem.FileSystem, (fs) =>
          FileSystem.FileSystem.of({
            ...fs,
            rename: (from, to) =>
              Effect.fail(
                PlatformError.systemError({
                  _tag: "Busy",
                  module: "FileSystem",
                  method: "rename",
                  pathOrDescriptor: `${from} ${to}`,
                }),
              ),
          }),
        ),
      )
      const fs = yield* FileSystem.FileSystem
      const file = yield* Effect.provide(makeIn(directory), mounted)
      yield* file.update((counts) => ({ ...counts, b: 2 }))
      assert.strictEqual(yield* read, '{\n  "a": 1,\n  "b": 2\n}\n')
      assert.deepStrictEqual(yield* fs.readDirectory(`${directory}/nested`), ["counts.json"])

      const whole = yield* read
      for (const length of [0, 5, whole.length - 1]) {
        yield* fs.writeFileString(`${path}.new`, whole)
        yield* fs.writeFileString(path, whole.slice(0, length))
        const mended = yield* Effect.provide(makeIn(directory), mounted)
        assert.deepStrictEqual(yield* mended.get, { a: 1, b: 2 })
        assert.strictEqual(yield* read, whole)
      }

      // What a person broke is no torn text, and stays as it is.
      yield* fs.writeFileString(`${path}.new`, whole)
      yield* fs.writeFileString(path, '{ "a": oops')
      assert.strictEqual((yield* Effect.flip(makeIn(directory)))._tag, "FileDamaged")
      assert.strictEqual(yield* read, '{ "a": oops')
    }).pipe(Effect.provide(platform)),
  )

  it.effect("refuses a text in another encoding, and leaves it as it is", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const encodings = {
        // «Иван» as cp1251 and as KOI8-R have it, "Zoë" as Latin-1 has it, and half of a letter.
        cp1251: [0xc8, 0xe2, 0xe0, 0xed],
        "KOI8-R": [0xe9, 0xd7, 0xc1, 0xce],
        "Latin-1": [0x5a, 0x6f, 0xeb],
        "cut UTF-8": [0xd0],
      }
      for (const [encoding, name] of Object.entries(encodings)) {
        const { directory, path } = yield* withFile("")
        const bytes = [...Buffer.from('{\n  "'), ...name, ...Buffer.from('": 1 }')]
        yield* fs.writeFile(path, Uint8Array.from(bytes))
        const { message } = yield* Effect.flip(makeIn(directory))
        assert.include(message, "line 2: not UTF-8", encoding)
        assert.deepStrictEqual([...(yield* fs.readFile(path))], bytes)
      }
    }).pipe(Effect.provide(platform)),
  )

  it.effect("refuses a change where somebody has saved the file in another encoding", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { directory, path } = yield* withFile('{ "a": 1 }')
      const file = yield* makeIn(directory)
      const bytes = Uint8Array.from([...Buffer.from('{ "'), 0xc8, ...Buffer.from('": 1 }')])
      yield* fs.writeFile(path, bytes)
      const { _tag } = yield* Effect.flip(file.update((counts) => ({ ...counts, b: 2 })))
      assert.strictEqual(_tag, "FileDamaged")
      assert.deepStrictEqual(yield* fs.readFile(path), bytes)
    }).pipe(Effect.provide(platform)),
  )

  it.effect("loses none of a hundred changes made at once", () =>
    Effect.gen(function* () {
      const directory = yield* directoryOf
      const file = yield* makeIn(directory)
      const increment = file.update((counts) => ({ total: (counts["total"] ?? 0) + 1 }))
      yield* Effect.all(
        Array.from({ length: 100 }, () => increment),
        { concurrency: "unbounded" },
      )
      assert.deepStrictEqual(yield* (yield* makeIn(directory)).get, { total: 100 })
    }).pipe(Effect.provide(platform)),
  )

  const broken = [
    ['{\n  "hunter2": 1,\n}', "line 3, column 1: expected a name in double quotes"],
    ['{ "hunter2" 1 }', "line 1, column 13: expected a colon"],
    ["", "line 1, column 1: expected a value"],
    ['{ "a": 1 } hunter2', "line 1, column 12: expected the end"],
    ['{ "a": "hunter2" }', 'at ["a"]'],
    ["[1]", "Expected object"],
  ] as const

  it.effect.each(broken)("names the place of the fault in %s and nothing else", ([text, place]) =>
    Effect.gen(function* () {
      const { directory, path, read } = yield* withFile(text)
      const error = yield* Effect.flip(makeIn(directory)).pipe(Effect.orDie)
      assert.strictEqual(error._tag, "FileDamaged")
      assert.strictEqual(error.path, path)
      assert.include(error.problem, place)
      assert.notInclude(error.message, "hunter2")
      assert.strictEqual(yield* read, text)
    }).pipe(Effect.provide(platform)),
  )

  it.effect("starts a change from what a person wrote meanwhile", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { directory, path } = yield* withFile('{ "a": 1 }')
      const file = yield* makeIn(directory)
      yield* fs.writeFileString(path, '{ "a": 5, "byHand": 2 }')
      yield* file.update((counts) => ({ ...counts, b: 3 }))
      assert.deepStrictEqual(yield* (yield* makeIn(directory)).get, { a: 5, byHand: 2, b: 3 })
    }).pipe(Effect.provide(platform)),
  )

  it.effect("does not write over what a person broke meanwhile", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { directory, path, read } = yield* withFile('{ "a": 1 }')
      const file = yield* makeIn(directory)
      yield* fs.writeFileString(path, '{ "a": 1')
      const change = file.update((counts) => ({ ...counts, b: 3 }))
      assert.strictEqual((yield* Effect.flip(change).pipe(Effect.orDie))._tag, "FileDamaged")
      assert.strictEqual(yield* read, '{ "a": 1')
      assert.deepStrictEqual(yield* file.get, { a: 1 })
      yield* fs.writeFileString(path, '{ "a": 2 }')
      assert.deepStrictEqual(yield* change, { a: 2, b: 3 })
    }).pipe(Effect.provide(platform)),
  )

  it.effect("keeps memory as it is when the disk refuses", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const { directory, path, read } = yield* withFile('{ "a": 1 }')
      const file = yield* makeIn(directory)
      // A directory where the temporary file should go: it cannot be opened for writing.
      yield* fs.makeDirectory(`${path}.new`)
      const change = file.update((counts) => ({ ...counts, b: 3 }))
      assert.strictEqual((yield* Effect.flip(change).pipe(Effect.orDie))._tag, "FileUnwritable")
      assert.deepStrictEqual(yield* file.get, { a: 1 })
      assert.strictEqual(yield* read, '{ "a": 1 }')
    }).pipe(Effect.provide(platform)),
  )
})

const parses = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe("findSyntaxFault", () => {
  it.prop("finds none in JSON", { value: Schema.Json }, ({ value }) => {
    assert.isUndefined(findSyntaxFault(JSON.stringify(value)))
    assert.isUndefined(findSyntaxFault(JSON.stringify(value, null, "\t")))
  })

  it.prop(
    "finds one in exactly what the engine does not parse",
    {
      pieces: Schema.Array(
        Schema.Literals([
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          '"',
          '"a"',
          "\\",
          "1",
          "-",
          "0",
          "true",
          " ",
          "\n",
          "e5",
          ".5",
          "\u0001",
          "é",
        ]),
      ).check(Schema.isMaxLength(8)),
    },
    ({ pieces }) => {
      const text = pieces.join("")
      assert.strictEqual(findSyntaxFault(text) === undefined, parses(text), JSON.stringify(text))
    },
    { arbitrary: { runs: 3000 } },
  )

  it("says where too much nesting begins instead of failing", () => {
    assert.include(findSyntaxFault("[".repeat(100_000)), { line: 1, expected: "less nesting" })
  })
})
