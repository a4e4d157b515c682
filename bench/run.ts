/**
 * `npm run bench`: what the program is as fast as, row by row, against plain baselines.
 *
 *   --only rss,start   some rows only
 *   --against DIR      also the program of another checkout, in turns with this one
 *   --pairs N          so many runs of each side; two where it is not given
 *   --issuances N      the size of the large books; a million where it is not given
 *   --issuances-before N
 *                      their size for the other checkout; 100,000 where it is not given, since
 *                      a former program may need minutes to open a million
 *   --markdown         tables for docs/performance.md
 *   --json             one object with everything instead of tables
 *
 * The sides of a row run one after the other, A B A B, each time in a new process. A side's figure
 * is the median of its runs, and a ratio the median of the ratios within the pairs.
 */
import { spawn } from "node:child_process"
import * as Os from "node:os"
import * as Path from "node:path"
import { parseArgs } from "node:util"
import { rows } from "./rows.ts"
import {
  linesOf,
  markdownOf,
  type Measured,
  type Pair,
  type Row,
  type Side,
  textOf,
} from "./table.ts"

const here = Path.join(import.meta.dirname, "..")

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    against: { type: "string" },
    pairs: { type: "string", default: "2" },
    issuances: { type: "string", default: "1000000" },
    "issuances-before": { type: "string", default: "100000" },
    markdown: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
})

const wanted = options.only?.split(",")
const unknown = wanted?.find((name) => !rows.has(name))
if (unknown !== undefined) {
  throw new Error(`no row "${unknown}"; there are ${[...rows.keys()].join(", ")}`)
}
const before = options.against === undefined ? undefined : Path.resolve(options.against)

/** After so many seconds for one pair no other is taken, so that a slow side does not hold up all. */
const pairSecondsMax = 45

/** The checkouts whose programs are measured. */
const roots = { ...(before !== undefined && { before }), here }

const issuancesBefore = options["issuances-before"]
const issuancesFor = (root: string) => (root === here ? options.issuances : issuancesBefore)

/** Whether both programs have books of one size in a row that is about large books. */
const isOneSize = before === undefined || issuancesBefore === options.issuances

/** Runs a side in its own process and gives what it sends. */
const run = (row: string, side: Side | "prepare", root: string) =>
  new Promise<Measured>((resolve, reject) => {
    const other = new URL(`otherCheckout.ts?root=${encodeURIComponent(root)}`, import.meta.url)
    const redirect = root === here ? [] : ["--import", other.href]
    const file = Path.join(import.meta.dirname, "side.ts")
    const parameters = [...redirect, file, row, side, root, issuancesFor(root)]
    const child = spawn(process.execPath, parameters, {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    })
    child.once("message", (measured) => resolve(measured as Measured))
    child.once("exit", (code) => reject(new Error(`${row}, ${side}: ended with ${String(code)}`)))
  })

const pairOf = async (name: string, row: Row): Promise<Pair> => ({
  ...(row.baseline !== undefined && { baseline: await run(name, "baseline", here) }),
  ...(before !== undefined && { before: await run(name, "before", before) }),
  here: await run(name, "here", here),
})

const note = (text: string) => process.stderr.write(text)

const reports: Array<object> = []
for (const [name, row] of rows) {
  if (wanted === undefined ? row.onlyByName === true : !wanted.includes(name)) continue
  if (row.missing !== undefined) {
    note(`${name}: left out, since ${row.missing}\n`)
    continue
  }
  if (row.prepare !== undefined) {
    await Promise.all(Object.values(roots).map((root) => run(name, "prepare", root)))
  }
  const pairs: Array<Pair> = []
  const start = performance.now()
  note(`${name} …`)
  while (pairs.length < Number(options.pairs)) {
    pairs.push(await pairOf(name, row))
    if (row.isRepeatable === true) break
    if (row.isUneven !== true && performance.now() - start > pairSecondsMax * 1_000) break
  }
  const seconds = Math.round((performance.now() - start) / 1_000)
  note(` ${pairs.length} pairs in ${seconds} s\n`)
  const isComparable = row.prepare === undefined || isOneSize
  const lines = linesOf(row, pairs, isComparable)
  const title = isComparable ? row.title : `${row.title}; before: books of ${issuancesBefore}`
  reports.push({ name, title, baseline: row.baseline?.name, seconds, lines, pairs })
  const draw = options.markdown ? markdownOf : textOf
  if (!options.json) process.stdout.write(`${draw(title, lines, row.baseline?.name)}\n`)
}
const machine = {
  node: process.version,
  cpu: `${Os.cpus().length} × ${Os.cpus()[0]?.model.trim() ?? "unknown"}`,
  memory: `${Math.round(Os.totalmem() / 2 ** 30)} GB`,
  system: `${Os.type()} ${Os.release()}`,
  books: `large books of ${options.issuances} issuances`,
}
if (options.json) process.stdout.write(`${JSON.stringify({ machine, rows: reports })}\n`)
else process.stdout.write(`${Object.values(machine).join(", ")}\n`)
