/** The same with the journal on the disk: each caller goes on when the item is safe. */
import * as Path from "node:path"
import { Clock, Effect } from "effect"
import { openNaiveCommits } from "../baselines/naiveCommits.ts"
import { type Callers, itemsFor, measureTurns, poolTurns, type Turns } from "../callers.ts"
import { journalIn, withDirectory } from "../disk.ts"
import type { Row } from "../table.ts"

const many: Callers = { callers: 1_000, turns: 8 }
const one: Callers = { callers: 1, turns: 600 }

const ofPool = (shape: Callers) =>
  withDirectory((directory) => poolTurns(journalIn(directory), shape))

const ofNaive = (shape: Callers) =>
  withDirectory(async (directory) => {
    const stock = Array.from({ length: itemsFor(shape) }, (_, n) => `n${n}@example.com`)
    const { issue, confirm, close } = openNaiveCommits(Path.join(directory, "naive.db"), stock)
    const turn = (caller: number) =>
      Effect.map(Clock.currentTimeMillis, (now) => confirm(issue(caller, now), "good"))
    const found = await measureTurns(shape, turn, Effect.runPromise)
    close()
    return found
  })

const ofBoth = async (measure: (shape: Callers) => Promise<Turns>) => {
  const [ofMany, ofOne] = [await measure(many), await measure(one)]
  return {
    many: ofMany.perSecond,
    manyCpu: ofMany.cpu,
    one: ofOne.perSecond,
    oneCpu: ofOne.cpu,
  }
}

export const durable: Row = {
  title: "Issue and confirm, on disk when answered",
  figures: {
    many: { what: "1,000 callers", unit: "/s", goal: { atLeast: 1.5, ofBaseline: true } },
    manyCpu: { what: "… CPU for one of each", unit: "µs" },
    one: { what: "1 caller", unit: "/s", goal: { atLeast: 0.5, ofBaseline: true } },
    oneCpu: { what: "… CPU for one of each", unit: "µs" },
  },
  program: () => ofBoth(ofPool),
  baseline: {
    name: "naive commits",
    measure: () => ofBoth(ofNaive),
  },
}
