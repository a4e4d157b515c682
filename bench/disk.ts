/** Directories and journals on the disk that the project itself stands on, which may be a real one. */
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Layer } from "effect"
import { Settings } from "../src/config/Settings.ts"
import { SqliteJournal } from "../src/store/SqliteJournal.ts"

/** What the bench keeps for its next run. The temporary files of a system may lie in its memory. */
export const cache = Path.join(import.meta.dirname, "..", "node_modules", ".cache", "bench")

/** An empty directory that is gone afterwards. */
export const withDirectory = async <A>(use: (directory: string) => Promise<A>): Promise<A> => {
  Fs.mkdirSync(cache, { recursive: true })
  const directory = Fs.mkdtempSync(Path.join(cache, "run-"))
  const remove = () => Fs.rmSync(directory, { recursive: true, force: true })
  // Also where the bench is stopped.
  process.once("exit", remove)
  try {
    return await use(directory)
  } finally {
    process.off("exit", remove)
    remove()
  }
}

export const journalIn = (dataDir: string) =>
  SqliteJournal.layer.pipe(
    Layer.fresh,
    Layer.provide([Settings.layerTest({ dataDir }), NodeFileSystem.layer, NodePath.layer]),
  )
