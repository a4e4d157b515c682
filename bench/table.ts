/** The rows of the bench: what each measures, how pairs of runs become figures, and how they read. */

/** What a side found out, by the names of the row's figures. */
export type Measured = Readonly<Record<string, number>>

export interface Goal {
  readonly atMost?: number
  readonly atLeast?: number
  /** The goal is a multiple of what the baseline shows in the same pair. */
  readonly ofBaseline?: true
}

interface Figure {
  readonly what: string
  readonly unit: "µs" | "ms" | "s" | "MB" | "GB" | "bytes" | "/s" | "requests" | ""
  readonly goal?: Goal
}

/** What every measurement is told. */
export interface Task {
  /** The checkout whose program is measured. */
  readonly root: string
  /** How many issuances are in the large books. */
  readonly issuances: number
  /** Where the profile of a bot's process goes, where one is wanted. */
  readonly profile?: string
}

export type Measure = (task: Task) => Promise<Measured>

/** One file of `rows/`: some figures that one run of a process gives. */
export interface Row {
  readonly title: string
  readonly figures: Readonly<Record<string, Figure>>
  /**
   * Makes the large books, which a later run finds again; it is not measured. Another checkout may
   * get smaller ones.
   */
  readonly prepare?: (task: Task) => Promise<unknown>
  readonly program: Measure
  readonly baseline?: { readonly name: string; readonly measure: Measure }
  /** Each run gives the same figures, so one of them says all. */
  readonly isRepeatable?: true
  /** All pairs are taken, however long they take: what other programs do differs too much. */
  readonly isUneven?: true
  /** It runs only where it is asked for by its name. */
  readonly onlyByName?: true
  /** Why it cannot be measured on this machine. */
  readonly missing?: string | undefined
}

/** What is compared: the baseline, another checkout where one is given, and this one. */
export const sides = ["baseline", "before", "here"] as const
export type Side = (typeof sides)[number]

/** One run of each side, taken one after the other. */
export type Pair = Readonly<Partial<Record<Side, Measured>>>

/** A median, and the least and the greatest of what it is the median of. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

export interface Line {
  readonly figure: string
  readonly what: string
  readonly unit: Figure["unit"]
  readonly values: Readonly<Partial<Record<Side, Spread>>>
  /** Each is the spread of the ratios within the pairs: what slows the machine slows both sides. */
  readonly toBaseline?: Spread
  readonly toBefore?: Spread
  readonly goal?: Goal
  readonly isMet?: boolean
}

export const spreadOf = (numbers: ReadonlyArray<number>): Spread | undefined => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [least, most] = [sorted[0], sorted.at(-1)]
  if (least === undefined || most === undefined) return undefined
  const upper = sorted[Math.floor(sorted.length / 2)] ?? most
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? least
  return { median: (lower + upper) / 2, least, most }
}

/** The value that so many of a hundred do not exceed. */
export const percentile = (numbers: ReadonlyArray<number>, share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.ceil((numbers.length * share) / 100) - 1] ?? Number.NaN

/** `isComparable`: this checkout and the other one had the same to do. */
export const linesOf = (
  { figures }: Pick<Row, "figures">,
  pairs: ReadonlyArray<Pair>,
  isComparable = true,
): ReadonlyArray<Line> =>
  Object.entries(figures).map(([figure, { what, unit, goal }]) => {
    const of = (side: Side) => spreadOf(pairs.flatMap((pair) => pair[side]?.[figure] ?? []))
    const ratio = (below: Side) =>
      spreadOf(
        pairs.flatMap((pair) => {
          const [value, other] = [pair.here?.[figure], pair[below]?.[figure]]
          return value === undefined || other === undefined ? [] : [value / other]
        }),
      )
    const values = Object.fromEntries(
      sides.flatMap((side) => {
        const spread = of(side)
        return spread === undefined ? [] : [[side, spread]]
      }),
    )
    const toBaseline = ratio("baseline")
    const toBefore = isComparable ? ratio("before") : undefined
    const judged = goal?.ofBaseline === true ? toBaseline : of("here")
    return {
      figure,
      what,
      unit,
      values,
      ...(toBaseline !== undefined && { toBaseline }),
      ...(toBefore !== undefined && { toBefore }),
      ...(goal !== undefined && { goal }),
      ...(goal !== undefined && judged !== undefined && { isMet: meets(goal, judged.median) }),
    }
  })

const meets = ({ atMost = Number.POSITIVE_INFINITY, atLeast = 0 }: Goal, value: number) =>
  value <= atMost && value >= atLeast

/** A row as cells of text: its head, and a line for each figure. Columns without a value are left out. */
const cellsOf = (lines: ReadonlyArray<Line>, baseline: string) => {
  const cells = lines.map((line) => [
    line.what,
    ...sides.map((side) => amount(line.values[side], line.unit)),
    times(line.toBaseline),
    times(line.toBefore),
    line.goal === undefined ? "" : goalText(line.goal, line.unit),
    line.isMet === undefined ? "" : line.isMet ? "met" : "MISSED",
  ])
  const head = ["", baseline, "before", "here", "to baseline", "to before", "goal", ""]
  const shown = head.flatMap((_, n) => (cells.some((row) => row[n] !== "") ? [n] : []))
  return [head, ...cells].map((row) => shown.map((n) => row[n] ?? ""))
}

/** A row as lines of text; `baseline` is the name of the one that it has. */
export const textOf = (title: string, lines: ReadonlyArray<Line>, baseline = ""): string => {
  const cells = cellsOf(lines, baseline)
  const widths = cells[0]?.map((_, n) => Math.max(...cells.map((row) => row[n]?.length ?? 0))) ?? []
  const line = (row: ReadonlyArray<string>) =>
    row
      .map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0)))
      .join("  ")
  return `${title}\n${cells.map((row) => `  ${line(row)}`.trimEnd()).join("\n")}\n`
}

/** The same as a table of Markdown, as docs/performance.md has it. */
export const markdownOf = (title: string, lines: ReadonlyArray<Line>, baseline = ""): string => {
  const [head = "", ...rest] = cellsOf(lines, baseline).map(
    (row) => `| ${row.map((cell) => (cell === "MISSED" ? "**missed**" : cell)).join(" | ")} |`,
  )
  const rule = head.replaceAll(/[^|]+/g, " --- ")
  return `**${title}**\n\n${[head, rule, ...rest].join("\n")}\n`
}

const amount = (spread: Spread | undefined, unit: Figure["unit"]) => {
  if (spread === undefined) return ""
  const { median, least, most } = spread
  const range = least === most ? "" : ` (${number(least)}…${number(most)})`
  return `${`${number(median)} ${unit}`.trimEnd()}${range}`
}

const times = (spread: Spread | undefined) =>
  spread === undefined
    ? ""
    : `×${number(spread.median)} (${number(spread.least)}…${number(spread.most)})`

const goalText = ({ atMost, atLeast, ofBaseline }: Goal, unit: Figure["unit"]) => {
  const bound = ofBaseline === true ? "×" : ""
  const suffix = ofBaseline === true ? "" : ` ${unit}`
  return [
    ...(atMost === undefined ? [] : [`≤ ${bound}${number(atMost)}${suffix}`]),
    ...(atLeast === undefined ? [] : [`≥ ${bound}${number(atLeast)}${suffix}`]),
  ].join(", ")
}

/** Three digits say all that a noisy machine can say. */
const number = (value: number) => {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 3))
}
