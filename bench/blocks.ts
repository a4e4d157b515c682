/** How long the event loop of this process is blocked: nobody else is answered meanwhile. */
import { monitorEventLoopDelay } from "node:perf_hooks"
import { setInterval } from "node:timers/promises"

export interface Blocks {
  /** The longest time in which nothing else could happen, in milliseconds. */
  readonly longest: number
  /**
   * The most that the main thread computed in one such time: other processes hardly change it, but
   * a wait for the disk is not in it.
   */
  readonly computed: number
}

/** Watches this process from now on; each call of what it gives tells of the time since the last. */
export const watchBlocks = (): (() => Blocks) => {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let [last, computedUntil] = [performance.now(), threadCpu()]
  let [gap, computed] = [0, 0]
  const watch = async () => {
    for await (const _ of setInterval(1, undefined, { ref: false })) {
      const [now, cpu] = [performance.now(), threadCpu()]
      gap = Math.max(gap, now - last)
      computed = Math.max(computed, cpu - computedUntil)
      ;[last, computedUntil] = [now, cpu]
    }
  }
  void watch()
  return () => {
    const seen: Blocks = { longest: Math.max(gap, delay.max / 1e6), computed }
    delay.reset()
    ;[gap, computed] = [0, 0]
    return seen
  }
}

const threadCpu = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
