/**
 * Where the time of a row goes: `node bench/profile.ts taps` runs the program's side of the row once
 * and prints where the processor was in the part that is measured, by part of the program and by
 * function. Of a row that starts a bot the bot's process is looked at.
 *
 * `--root DIR` looks at the program of another checkout.
 */
import { spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { parseArgs } from "node:util"
import { rows } from "./rows.ts"

interface Profile {
  readonly nodes: ReadonlyArray<{
    readonly id: number
    readonly children?: ReadonlyArray<number>
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      readonly lineNumber: number
    }
  }>
  readonly samples: ReadonlyArray<number>
  readonly timeDeltas: ReadonlyArray<number>
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    root: { type: "string", default: Path.join(import.meta.dirname, "..") },
    issuances: { type: "string", default: "100000" },
  },
})
const [row = ""] = positionals
if (!rows.has(row)) throw new Error(`no row "${row}"; there are ${[...rows.keys()].join(", ")}`)

const root = Path.resolve(options.root)
const directory = Fs.mkdtempSync(Path.join(Os.tmpdir(), "bench-profile-"))
const file = Path.join(directory, "profile.json")
const other = new URL(`otherCheckout.ts?root=${encodeURIComponent(root)}`, import.meta.url)
const side = Path.join(import.meta.dirname, "side.ts")

const run = () =>
  new Promise<void>((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--import", other.href, side, row, "here", root, options.issuances, file],
      { stdio: ["ignore", "inherit", "inherit", "ipc"] },
    )
    child.once("message", (measured) => process.stdout.write(`${JSON.stringify(measured)}\n`))
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${row} ended with ${String(code)}`)),
    )
  })

/** Which part of the whole a function belongs to. */
const parts: ReadonlyArray<readonly [string, RegExp]> = [
  ["garbage collection", /^\(garbage collector\)/],
  ["Schema", /effect\/dist\/(Schema|internal\/schema)/],
  ["Effect runtime", /node_modules\/(effect|@effect)\//],
  ["grammY", /node_modules\/grammy\//],
  ["Google's client", /node_modules\/(googleapis|google-auth-library|gaxios|gtoken|jws)/],
  ["store and SQLite", /\/src\/store\//],
  ["pool", /\/src\/pool\//],
  ["bot", /\/src\/bot\//],
  ["other parts of the program", /\/src\//],
  ["bench and tests", /\/(bench|test)\//],
  ["Node", /node:|^\S+ $/],
]

/** The profiler itself, and no work at all. */
const isNoWork = ({ functionName, url }: Profile["nodes"][number]["callFrame"]) =>
  /^\((idle|program|root)\)$/.test(functionName) || url === "node:inspector"

type Node = Profile["nodes"][number]

const summary = ({ nodes, samples, timeDeltas }: Profile) => {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(
    nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)),
  )
  /** What is built into Node has no file: its time is that of whoever called it. */
  const caller = (node: Node): Node => {
    const parent = parents.get(node.id)
    return node.callFrame.url !== "" || parent === undefined ? node : caller(parent)
  }
  const byPart = new Map<string, number>()
  const byFunction = new Map<string, number>()
  let total = 0
  for (const [index, sample] of samples.entries()) {
    const node = byId.get(sample)
    if (node === undefined || isNoWork(node.callFrame)) continue
    const time = timeDeltas[index] ?? 0
    const { url } = caller(node).callFrame
    const part = parts.find(([, is]) => is.test(`${node.callFrame.functionName} ${url}`))
    const name = nameOf(node, url)
    byPart.set(part?.[0] ?? "other", (byPart.get(part?.[0] ?? "other") ?? 0) + time)
    byFunction.set(name, (byFunction.get(name) ?? 0) + time)
    total += time
  }
  return { total, byPart, byFunction }
}

const placeOf = (url: string) =>
  url.replace(/^.*\/node_modules\//, "").replace(/^.*\/(?=(src|test|bench)\/)/, "")

const nameOf = ({ callFrame: { functionName, url, lineNumber } }: Node, calledFrom: string) => {
  const name = functionName === "" ? "(anonymous)" : functionName
  if (url !== "") return `${name} ${placeOf(url)}:${lineNumber + 1}`
  return calledFrom === "" ? name : `${name}, called from ${placeOf(calledFrom)}`
}

const print = (title: string, times: ReadonlyMap<string, number>, total: number, most: number) => {
  process.stdout.write(`${title}\n`)
  for (const [name, time] of [...times].toSorted(([, a], [, b]) => b - a).slice(0, most)) {
    process.stdout.write(`  ${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}\n`)
  }
}

await run()
const { total, byPart, byFunction } = summary(JSON.parse(Fs.readFileSync(file, "utf8")) as Profile)
Fs.rmSync(directory, { recursive: true, force: true })
process.stdout.write(`${(total / 1e6).toFixed(1)} s of work\n`)
print("By part", byPart, total, 20)
print("By function", byFunction, total, 10)
