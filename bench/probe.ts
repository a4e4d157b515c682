/**
 * Loaded by NODE_OPTIONS into the process of a bot that is looked at from the inside, for its blocks
 * or a profile. It brings Node's reader of TypeScript along, which is memory and time at the start of
 * a process that otherwise does without: what those cost is measured without it.
 */
import { isMainThread } from "node:worker_threads"
import { type Blocks, watchBlocks } from "./blocks.ts"
import { profileTo, startProfile } from "./profiler.ts"

/**
 * `blocks` tells of the time since it was asked before; the first time it begins to watch. `profile`
 * begins the profile the first time, and then ends it.
 */
export type ProbeQuestion = "blocks" | "profile"

const file = new URL(import.meta.url).searchParams.get("profile")
let stopProfile: (() => Promise<void>) | undefined

let blocks: (() => Blocks) | undefined

const answer = async (question: ProbeQuestion): Promise<Blocks | undefined> => {
  if (question === "profile") {
    await stopProfile?.()
    stopProfile ??= await startProfile()
    return undefined
  }
  const seen = blocks?.() ?? { longest: 0, computed: 0 }
  blocks ??= watchBlocks()
  return seen
}

if (isMainThread) {
  if (file !== null) profileTo(file)
  process.on("message", async (question: ProbeQuestion) => {
    const answered = await answer(question)
    process.send?.(answered ?? null)
  })
  // The bot ends when it would end without this.
  process.channel?.unref()
}
