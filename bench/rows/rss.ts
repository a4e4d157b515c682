/** Memory of the whole process: some seconds after the start, and after 50 people have worked. */
import { setTimeout as delay } from "node:timers/promises"
import { allAtOnce, type Running, withBare, withProgram } from "../people.ts"
import type { Row } from "../table.ts"

const measure = async ({ telegram, bot }: Running) => {
  await delay(5_000)
  const idle = await bot.usage()
  await allAtOnce(telegram, 6)
  const busy = await bot.usage()
  return { idle: idle.rss, busy: busy.rss }
}

export const rss: Row = {
  title: "Memory (RSS)",
  figures: {
    idle: { what: "just started, with its stock", unit: "MB", goal: { atMost: 110 } },
    busy: { what: "after 50 people took six items each", unit: "MB", goal: { atMost: 200 } },
  },
  program: withProgram(measure),
  baseline: { name: "bare grammY", measure: withBare(measure) },
}
