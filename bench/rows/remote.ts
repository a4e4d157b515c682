/** Telegram answers a call after 60 milliseconds: how long the goods wait for what comes before. */
import { allAtOnce, oneByOne, type Running, withBare, withProgram } from "../people.ts"
import { percentile, type Row } from "../table.ts"

const measure = async ({ telegram }: Running) => {
  await oneByOne(telegram, 20)
  telegram.answerAfter = 60
  const single = await oneByOne(telegram, 20)
  const together = await allAtOnce(telegram, 2)
  return { single: percentile(single, 50), together: percentile(together, 50) }
}

export const remote: Row = {
  title: "The same with Telegram 60 ms away, from the tap's arrival to the request with the goods",
  figures: {
    single: { what: "one person at a time, half of them", unit: "ms", goal: { atMost: 20 } },
    together: { what: "50 people in one moment, half of them", unit: "ms" },
  },
  program: withProgram(measure),
  baseline: { name: "bare grammY", measure: withBare(measure) },
}
