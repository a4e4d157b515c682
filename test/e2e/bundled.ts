/**
 * The program as one file: a process of it starts in a third of the time that 600 modules take.
 *
 * It is kept for the next run, until `src` or the packages change.
 */
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { build } from "rolldown"

const root = Path.join(import.meta.dirname, "..", "..")
const src = Path.join(root, "src")
const cache = Path.join(root, "node_modules", ".cache", "account-bot")

interface Bundled {
  /** The file to start. */
  readonly main: string
  /** Where Node keeps what it compiled of it. */
  readonly compiled: string
}

let made: Promise<Bundled> | undefined

export const bundled = () => (made ??= make())

const make = async (): Promise<Bundled> => {
  const state = fingerprint()
  const directory = Path.join(cache, state)
  const [main, compiled] = [Path.join(directory, "main.mjs"), Path.join(directory, "compiled")]
  if (!Fs.existsSync(directory)) {
    await bundle(state, directory)
    // Node writes what it compiled when a process ends by itself, so one does before others are killed.
    spawnSync(process.execPath, [main, "--help"], { env: { NODE_COMPILE_CACHE: compiled } })
  }
  return { main, compiled }
}

/** Tells one state of the program from another. */
const fingerprint = () => {
  const hash = createHash("sha256").update(Fs.readFileSync(Path.join(root, "package-lock.json")))
  for (const entry of Fs.readdirSync(src, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) hash.update(Fs.readFileSync(Path.join(entry.parentPath, entry.name)))
  }
  return hash.digest("hex").slice(0, 16)
}

/** Bundles into a directory of its own first: another worker may do the same at this moment. */
const bundle = async (state: string, directory: string) => {
  Fs.mkdirSync(cache, { recursive: true })
  for (const former of Fs.readdirSync(cache).filter((name) => !name.startsWith(state))) {
    Fs.rmSync(Path.join(cache, former), { recursive: true, force: true })
  }
  const own = Fs.mkdtempSync(`${directory}-`)
  await build({
    input: Path.join(src, "main.ts"),
    platform: "node",
    external: ["@resvg/resvg-js"],
    output: { dir: own, entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" },
    logLevel: "warn",
  })
  Fs.cpSync(Path.join(src, "playground", "page"), Path.join(own, "page"), { recursive: true })
  Fs.cpSync(
    Path.join(src, "playground", "companies", "english.json"),
    Path.join(own, "english.json"),
  )
  try {
    Fs.renameSync(own, directory)
  } catch {
    // The other worker was first.
    Fs.rmSync(own, { recursive: true, force: true })
  }
}
