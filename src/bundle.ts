/**
 * The program as a few files without comments: a process of it starts in half the time, and in half
 * the memory, that a thousand modules take.
 *
 * `npm ci` makes it, and so do `npm run build` and `npm start` once the sources or the packages have
 * changed. The demo takes the sources then, until somebody builds.
 */
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { pathToFileURL } from "node:url"

/** The directories of a checkout that this file reads and writes. */
interface Places {
  readonly root: string
  readonly src: string
  /** Among the packages, since it is made of them: Node warns of no old habit of a package there. */
  readonly bundle: string
}

const placesIn = (root: string): Places => ({
  root,
  src: Path.join(root, "src"),
  bundle: Path.join(root, "node_modules", ".cache", "account-bot"),
})

const here = Path.join(import.meta.dirname, "..")

/** The file to start, if it was made of what `src` and the packages of `root` are now. */
export const freshBundle = (root = here): string | undefined => {
  const places = placesIn(root)
  return fingerprintIn(places.bundle) === fingerprintOf(places) ? mainIn(places) : undefined
}

/** Makes the file to start, unless a fresh one is there, and gives its path. */
export const bundled = async (root = here): Promise<string> =>
  freshBundle(root) ?? (await bundle(placesIn(root)))

const mainIn = ({ bundle: directory }: Places) => Path.join(directory, "main.mjs")

/** Tells one state of the program from another. */
const fingerprintOf = ({ root, src }: Places) => {
  const hash = createHash("sha256").update(Fs.readFileSync(Path.join(root, "package-lock.json")))
  for (const entry of Fs.readdirSync(src, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = Path.join(entry.parentPath, entry.name)
    hash.update(`\n${Path.relative(src, file)}\n`).update(Fs.readFileSync(file))
  }
  return hash.digest("hex")
}

const fingerprintFile = "fingerprint"

const fingerprintIn = (directory: string) => {
  const file = Path.join(directory, fingerprintFile)
  return Fs.existsSync(file) ? Fs.readFileSync(file, "utf8") : undefined
}

/** Bundles into a directory of its own first: another process may do the same at this moment. */
const bundle = async (places: Places) => {
  const state = fingerprintOf(places)
  Fs.mkdirSync(Path.dirname(places.bundle), { recursive: true })
  const own = { ...places, bundle: Fs.mkdtempSync(`${places.bundle}-`) }
  // A directory of `mkdtemp` is for its owner alone; a service runs as another user than who installs it.
  Fs.chmodSync(own.bundle, Fs.statSync(places.src).mode & 0o777)
  try {
    const program = await writeProgram(own)
    Fs.writeFileSync(mainIn(own), entryTo(program))
    Fs.writeFileSync(Path.join(own.bundle, fingerprintFile), state)
    if (fingerprintIn(places.bundle) !== state) {
      Fs.rmSync(places.bundle, { recursive: true, force: true })
      Fs.renameSync(own.bundle, places.bundle)
    }
  } catch (cause) {
    // Another process may have been first.
    if (fingerprintIn(places.bundle) !== state) throw cause
  } finally {
    Fs.rmSync(own.bundle, { recursive: true, force: true })
  }
  return mainIn(places)
}

/**
 * Writes the program and the files that it reads, and gives the module to import. The bundler comes
 * with the packages for development: without it that module is the source.
 */
const writeProgram = async ({ root, src, bundle: directory }: Places) => {
  const source = Path.join(src, "terminal.ts")
  if (!Fs.existsSync(Path.join(root, "node_modules", "rolldown"))) return pathToFileURL(source).href
  const { build } = await import("rolldown")
  await build({
    input: source,
    platform: "node",
    // It finds its compiled part beside its own files.
    external: ["@resvg/resvg-js"],
    resolve: { alias: builtIn },
    transform: { inject: headers },
    plugins: [lean],
    output: {
      dir: directory,
      entryFileNames: "[name].mjs",
      chunkFileNames: "[name].mjs",
      // Without comments and white space, which Node would keep in memory. Names stay, for stacks.
      minify: { compress: false, mangle: false, codegen: true },
    },
    logLevel: "warn",
  })
  for (const name of Fs.readdirSync(directory)) escapeIn(Path.join(directory, name))
  for (const asset of assets.filter((name) => Fs.existsSync(Path.join(src, name)))) {
    Fs.cpSync(Path.join(src, asset), Path.join(directory, Path.basename(asset)), {
      recursive: true,
    })
  }
  return "./terminal.mjs"
}

/** Packages that replace parts of Node which only old versions lack: the bundle leaves them out. */
const builtIn = {
  "whatwg-url": "node:url",
  "web-streams-polyfill/dist/ponyfill.es2018.js": "node:stream/web",
}

/**
 * Modules instead of those of Node.
 *
 * Node loads its whole client for `fetch`, which is thirteen megabytes of memory and 40 ms of a
 * start, as soon as a program touches one name of it. The program sends its requests by `node:http`,
 * but an `import` of that reads all names, and WebSocket among them: this asks for none of them.
 *
 * Google's client can speak HTTP/2 where it is told to, which nobody does: that is four megabytes.
 */
const instead: Readonly<Record<string, string>> = {
  "node:http": 'module.exports = process.getBuiltinModule("http")',
  http: 'module.exports = process.getBuiltinModule("http")',
  http2: "module.exports = { constants: {} }",
}

/** The module with the phone numbers of all countries: the bundle reads it as JSON, in half the memory. */
const phones = /libphonenumber-js\/metadata\.min\.json\.js$/

const lean = {
  name: "lean",
  resolveId: (name: string) => (name in instead ? `\0instead:${name}` : undefined),
  load: (id: string) =>
    phones.test(id)
      ? `export default JSON.parse(${JSON.stringify(Fs.readFileSync(id.slice(0, -".js".length), "utf8"))})`
      : instead[id.replace("\0instead:", "")],
}

/** Google's client sends by `node-fetch`, and takes two names from Node that are there as well. */
const headers: Record<string, [module: string, name: string]> = {
  Headers: ["node-fetch", "Headers"],
  FormData: ["node-fetch", "FormData"],
}

/**
 * Writes the letters of a module that are not of ASCII by their numbers: for a single one of them
 * Node keeps the whole text, which it never lets go, in twice the memory.
 */
const escapeIn = (file: string) => {
  const escaped = Fs.readFileSync(file, "utf8").replaceAll(
    /[^\0-\x7F]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
  Fs.writeFileSync(file, escaped)
}

/** The file to start. Like src/main.ts, it has Node keep what it compiles for the next start. */
const entryTo = (program: string) => `import { enableCompileCache } from "node:module"
enableCompileCache(import.meta.dirname + "-compiled")
await import("${program}")
`

/** Files that the program reads from the directory of the module that needs them. */
const assets = ["playground/page", "playground/companies/english.json"] as const

if (import.meta.main && freshBundle() === undefined) {
  const main = await bundled()
  // Node keeps what it has compiled of the program when a process of it ends, as this one does at
  // once for want of settings.
  spawnSync(process.execPath, [main, "run"], { env: {} })
}
