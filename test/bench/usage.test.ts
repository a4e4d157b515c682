import { execFileSync } from "node:child_process"
import { assert, describe, it } from "vitest"
import { cpuOfFamily, usageOf } from "../../bench/usage.ts"

describe.skipIf(process.platform !== "linux")("what a process has used", () => {
  it("is seen from outside as the process itself knows it", () => {
    const { cpu, rss } = usageOf(process.pid)
    const { user, system } = process.cpuUsage()
    assert.closeTo(rss, process.memoryUsage.rss() / 2 ** 20, 10)
    assert.isAtMost(cpu, (user + system) / 1_000)
    assert.isAtLeast(cpu, (user + system) / 1_000 - 100)
  })

  it("has in it what its children used, also those that have ended", () => {
    const before = { all: cpuOfFamily(process.pid), own: usageOf(process.pid).cpu }
    execFileSync(process.execPath, ["-e", "while (process.cpuUsage().user < 300_000);"])
    const after = { all: cpuOfFamily(process.pid), own: usageOf(process.pid).cpu }
    assert.isAtLeast(after.all - before.all - (after.own - before.own), 290)
  })
})
