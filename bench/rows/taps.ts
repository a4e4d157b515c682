/** Fifty people take an item in the same moment: how long they wait, and what an update costs. */
import { allAtOnce, people, type Running, updatesOfTurn, withBare, withProgram } from "../people.ts"
import { percentile, type Row } from "../table.ts"

const rounds = 6

const measure = async ({ telegram, bot }: Running) => {
  await allAtOnce(telegram, 1)
  const before = await bot.usage()
  const waits = await allAtOnce(telegram, rounds)
  const after = await bot.usage()
  return {
    p50: percentile(waits, 50),
    p99: percentile(waits, 99),
    cpu: (after.cpu - before.cpu) / (rounds * people.length * updatesOfTurn),
  }
}

export const taps: Row = {
  title: "50 people tap for an item in one moment",
  figures: {
    p50: { what: "the goods are on their way, half of them", unit: "ms" },
    p99: {
      what: "… 99 of 100 of them",
      unit: "ms",
      goal: { atMost: 1.5, ofBaseline: true },
    },
    cpu: { what: "CPU for an update", unit: "ms", goal: { atMost: 2, ofBaseline: true } },
  },
  program: withProgram(measure),
  baseline: { name: "bare grammY", measure: withBare(measure) },
}
