/**
 * Loaded into the process of a bot by NODE_OPTIONS: tells the bench, over the channel between them,
 * what the process has used. Without a question it does nothing.
 */
import { isMainThread } from "node:worker_threads"
import { type Blocks, watchBlocks } from "./blocks.ts"

export interface Usage {
  /** Milliseconds of the processor since the start of the process, all threads together. */
  readonly cpu: number
  /** Megabytes of memory. */
  readonly rss: number
}

/** `blocks` tells of the time since it was asked before; the first time it begins to watch. */
export type ProbeQuestion = "usage" | "blocks"

const usage = (): Usage => {
  const { user, system } = process.cpuUsage()
  return { cpu: (user + system) / 1_000, rss: process.memoryUsage.rss() / 2 ** 20 }
}

let blocks: (() => Blocks) | undefined

const answer = (question: ProbeQuestion): Usage | Blocks => {
  if (question === "usage") return usage()
  const seen = blocks?.() ?? { longest: 0, computed: 0 }
  blocks ??= watchBlocks()
  return seen
}

if (isMainThread) {
  process.on("message", (question: ProbeQuestion) => process.send?.(answer(question)))
  // A bench that is stopped leaves no bot behind.
  process.once("disconnect", () => process.exit())
  // The bot ends when it would end without this.
  process.channel?.unref()
}
