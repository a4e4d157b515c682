/**
 * One side of one row in a process of its own, so that no side warms up or fills the memory of
 * another: `node bench/side.ts <row> <side> <root> <issuances> [<profile>]`. It sends what it found to its
 * parent, and leaves a profile in the last file where one is named.
 */
import { profileTo } from "./profiler.ts"
import { rows } from "./rows.ts"
import type { Measure } from "./table.ts"

// A bench that is stopped leaves no process behind.
process.once("disconnect", () => process.exit())

const [name = "", side = "", root = "", issuances, profile] = process.argv.slice(2)
const row = rows.get(name)
const measures: Readonly<Record<string, Measure | undefined>> = {
  prepare: async (task) => {
    await row?.prepare?.(task)
    return {}
  },
  baseline: row?.baseline?.measure,
  before: row?.program,
  here: row?.program,
}
const measure = measures[side]
if (measure === undefined) throw new Error(`no such side: ${name} ${side}`)
if (profile !== undefined) profileTo(profile)
const measured = await measure({
  root,
  issuances: Number(issuances),
  ...(profile !== undefined && { profile }),
})
process.send?.(measured, () => process.exit(0))
