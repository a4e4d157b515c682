/**
 * Copies of the program that lack what keeps two owners of a bot harmless. The same run has to find
 * out that they do.
 */
import * as Fs from "node:fs"
import * as Path from "node:path"

interface Cut {
  readonly file: string
  /** Stands in the file exactly once. */
  readonly text: string
  readonly instead: string
}

const tables = "src/store/postgres/postgresTables.ts"

/** A commit asks whose bot it is, and not under which epoch. */
const epoch: Cut = {
  file: tables,
  text: "AND epoch = $2::bigint FOR SHARE",
  instead: "AND $2::bigint > 0 FOR SHARE",
}

/** The journal takes a second answer to a request. */
const index: Cut = {
  file: tables,
  text: "CREATE UNIQUE INDEX event_by_request ON event",
  instead: "CREATE INDEX event_by_request ON event",
}

/** The pool gives a second answer to a request. */
const rule: Cut = {
  file: "src/pool/rules/issuing.ts",
  text: "if (known !== undefined) {",
  instead: "if (known !== undefined && known.request.by !== by) {",
}

/** Whoever handles a tap does not look what its message was given before. */
const tap: Cut = {
  file: "src/bot/wizards/issue.ts",
  text: "const earlier = yield* replies.batchOn(press.message)",
  instead: "const earlier = Option.none()",
}

export const sabotages: Readonly<Record<string, ReadonlyArray<Cut>>> = {
  fence: [epoch],
  requestIndex: [index],
  requestKey: [index, rule, tap],
}

/** Makes a copy of the tree without it; fails where the text that has to go is not found. */
export const treeWithout = (name: string, root: string, directory: string): string => {
  const cuts = sabotages[name]
  if (cuts === undefined) {
    throw new Error(`nothing is called "${name}": there are ${Object.keys(sabotages).join(", ")}`)
  }
  const tree = Path.join(directory, `without-${name}`)
  for (const part of ["src", "package.json", "package-lock.json"]) {
    Fs.cpSync(Path.join(root, part), Path.join(tree, part), { recursive: true })
  }
  // The packages are those of the tree; what is made of the sources is not.
  const packages = Path.join(root, "node_modules")
  Fs.mkdirSync(Path.join(tree, "node_modules"))
  for (const entry of Fs.readdirSync(packages)) {
    if (entry === ".cache") continue
    Fs.symlinkSync(Path.join(packages, entry), Path.join(tree, "node_modules", entry))
  }
  for (const { file, text, instead } of cuts) {
    const place = Path.join(tree, file)
    const before = Fs.readFileSync(place, "utf8")
    const found = before.split(text).length - 1
    if (found !== 1) throw new Error(`${file} has ${found} times, and not once: ${text}`)
    Fs.writeFileSync(
      place,
      before.replace(text, () => instead),
    )
  }
  return tree
}
