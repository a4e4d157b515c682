/** The files of src/ and what each imports, for the tests that hold the rules and the shape of the house. */
import * as Fs from "node:fs"
import * as Path from "node:path"

export const root = Path.join(import.meta.dirname, "..")

export interface SourceFile {
  /** Relative to src/. */
  readonly path: string
  readonly text: string
}

export interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
  /** It is loaded when that place is reached. */
  readonly isDynamic: boolean
}

export const sources = (): ReadonlyArray<SourceFile> =>
  Fs.readdirSync(Path.join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({
      path: path.replaceAll("\\", "/"),
      text: Fs.readFileSync(Path.join(root, "src", path), "utf8"),
    }))

export const importsOf = ({ text }: SourceFile): ReadonlyArray<Import> =>
  [
    ...text.matchAll(
      /^(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm,
    ),
  ].map(([, type, specifier, dynamic]) => ({
    specifier: specifier ?? dynamic ?? "",
    typeOnly: type !== undefined,
    isDynamic: dynamic !== undefined,
  }))

/** Files of src/ that the file imports, relative to src/; type imports are among them. */
export const neighboursOf = (file: SourceFile): ReadonlyArray<string> =>
  importsOf(file)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier }) => Path.posix.join(Path.posix.dirname(file.path), specifier))
