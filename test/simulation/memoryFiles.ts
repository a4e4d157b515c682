/** Files that live in a Map: the disk of the simulation, as far as JSON files need one. */
import { Effect, FileSystem, Layer, Path, PlatformError } from "effect"

export type MemoryFiles = Map<string, Uint8Array>

export const layer = (files: MemoryFiles) =>
  Layer.merge(
    FileSystem.layerNoop({
      exists: (path) => Effect.sync(() => files.has(path)),
      access: (path) => (files.has(path) ? Effect.void : notFound("access", path)),
      makeDirectory: () => Effect.void,
      chmod: () => Effect.void,
      readFile: (path) =>
        Effect.suspend(() => {
          const bytes = files.get(path)
          return bytes === undefined ? notFound("readFile", path) : Effect.succeed(bytes)
        }),
      readFileString: (path) =>
        Effect.suspend(() => {
          const bytes = files.get(path)
          return bytes === undefined
            ? notFound("readFileString", path)
            : Effect.succeed(new TextDecoder().decode(bytes))
        }),
      writeFile: (path, bytes) => Effect.sync(() => void files.set(path, bytes)),
      writeFileString: (path, text) =>
        Effect.sync(() => void files.set(path, new TextEncoder().encode(text))),
      rename: (from, to) =>
        Effect.suspend(() => {
          const bytes = files.get(from)
          if (bytes === undefined) return notFound("rename", from)
          files.delete(from)
          files.set(to, bytes)
          return Effect.void
        }),
      remove: (path) => Effect.sync(() => void files.delete(path)),
      open: (path) => Effect.sync(() => openFile(files, path)),
    }),
    Path.layer,
  )

const openFile = (files: MemoryFiles, path: string): FileSystem.File => {
  files.set(path, new Uint8Array())
  const append = (bytes: Uint8Array) => {
    const before = files.get(path) ?? new Uint8Array()
    const after = new Uint8Array(before.length + bytes.length)
    after.set(before)
    after.set(bytes, before.length)
    files.set(path, after)
  }
  const unused = Effect.die("the simulation's files are only written and synced")
  return {
    [FileSystem.FileTypeId]: FileSystem.FileTypeId,
    stat: unused,
    seek: () => unused,
    sync: Effect.void,
    read: () => unused,
    readAlloc: () => Effect.succeedNone,
    truncate: () => unused,
    write: (bytes) => Effect.sync(() => (append(bytes), bytes.length)),
    writeAll: (bytes) => Effect.sync(() => append(bytes)),
  }
}

const notFound = (method: string, path: string) =>
  Effect.fail(
    PlatformError.systemError({
      _tag: "NotFound",
      module: "FileSystem",
      method,
      pathOrDescriptor: path,
    }),
  )
