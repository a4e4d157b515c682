/**
 * Memory of the whole process that has had nothing to do for two minutes: V8 gives back what a start
 * took a hundred seconds after its last whole collection. The row takes its time, so it runs only
 * where it is asked for.
 */
import { setTimeout as delay } from "node:timers/promises"
import { type Running, withBare, withProgram } from "../people.ts"
import type { Row } from "../table.ts"

const measure = async ({ bot }: Running) => {
  await delay(130_000)
  const { rss } = await bot.usage()
  return { rss }
}

export const idle: Row = {
  title: "Memory (RSS) of a bot that nobody has used for two minutes",
  figures: { rss: { what: "idle, with its stock", unit: "MB", goal: { atMost: 110 } } },
  program: withProgram(measure),
  baseline: { name: "bare grammY", measure: withBare(measure) },
  onlyByName: true,
}
