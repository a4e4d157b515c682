/** What every bench shares: a warm-up, the median of some rounds, and one table of ratios. */

interface Measured {
  readonly name: string
  /** Operations per second, the median of the rounds. */
  readonly perSecond: number
}

export interface Case {
  readonly name: string
  /** Operations in one round. */
  readonly count: number
  readonly round: () => Promise<void>
}

const rounds = 5

const measure = async ({ name, count, round }: Case): Promise<Measured> => {
  await round()
  const times: Array<number> = []
  for (let n = 0; n < rounds; n += 1) {
    const start = performance.now()
    await round()
    times.push(performance.now() - start)
  }
  const median = times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
  return { name, perSecond: (count / median) * 1000 }
}

/** Prints the cases against the first one: machines are noisy, ratios within a run less so. */
export const report = async (title: string, cases: ReadonlyArray<Case>) => {
  const measured: Array<Measured> = []
  for (const one of cases) measured.push(await measure(one))
  const base = measured[0]?.perSecond ?? Number.NaN
  const rows = measured.map(({ name, perSecond }) => ({
    name,
    perSecond: Math.round(perSecond),
    ratio: Number((perSecond / base).toFixed(2)),
  }))
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ title, rows })}\n`)
    return
  }
  const width = Math.max(...rows.map(({ name }) => name.length))
  const lines = rows.map(
    ({ name, perSecond, ratio }) =>
      `  ${name.padEnd(width)} ${String(perSecond).padStart(10)}/s  ×${ratio.toFixed(2)}`,
  )
  process.stdout.write(`${title}\n${lines.join("\n")}\n`)
}
