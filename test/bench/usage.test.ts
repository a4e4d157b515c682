import { assert, it } from "vitest"
import { usageOf } from "../../bench/usage.ts"

it.skipIf(process.platform !== "linux")("sees from outside what a process knows of itself", () => {
  const { cpu, rss } = usageOf(process.pid)
  const { user, system } = process.cpuUsage()
  assert.closeTo(rss, process.memoryUsage.rss() / 2 ** 20, 10)
  assert.isAtMost(cpu, (user + system) / 1_000)
  assert.isAtLeast(cpu, (user + system) / 1_000 - 100)
})
