/**
 * Loaded into the process of a bot by NODE_OPTIONS: tells the bench, over the channel between them,
 * what the process has used. Without a question it does nothing.
 */
import { isMainThread } from "node:worker_threads"
import { type Blocks, watchBlocks } from "./blocks.ts"
import { profileTo, startProfile } from "./profiler.ts"

export interface Usage {
  /** Milliseconds of the processor since the start of the process, all threads together. */
  readonly cpu: number
  /** Megabytes of memory. */
  readonly rss: number
}

/** `blocks` tells of the time since it was asked before; the first time it begins to watch. */
export type ProbeQuestion = "usage" | "blocks"

/** A profile begins when the process is asked for the first time what it has used, and then ends. */
const profile = new URL(import.meta.url).searchParams.get("profile")
let stopProfile: (() => Promise<void>) | undefined

const usage = async (): Promise<Usage> => {
  await stopProfile?.()
  const { user, system } = process.cpuUsage()
  const used = { cpu: (user + system) / 1_000, rss: process.memoryUsage.rss() / 2 ** 20 }
  stopProfile ??= await startProfile()
  return used
}

let blocks: (() => Blocks) | undefined

const answer = async (question: ProbeQuestion): Promise<Usage | Blocks> => {
  if (question === "usage") return usage()
  const seen = blocks?.() ?? { longest: 0, computed: 0 }
  blocks ??= watchBlocks()
  return seen
}

if (isMainThread) {
  if (profile !== null) profileTo(profile)
  process.on("message", async (question: ProbeQuestion) => process.send?.(await answer(question)))
  // A bench that is stopped leaves no bot behind.
  process.once("disconnect", () => process.exit())
  // The bot ends when it would end without this.
  process.channel?.unref()
}
