import { assert, describe, it } from "vitest"
import {
  assumed,
  calculate,
  machinesFor,
  measured,
  placed,
  simulateHour,
} from "../../bench/scale.ts"

describe("the simulation of many bots", () => {
  const plan = { bots: 100, machines: 3, seed: 7 }

  it("gives the same day for the same seed, and another one for another", () => {
    assert.deepStrictEqual(simulateHour(plan, 50), simulateHour(plan, 50))
    assert.notDeepEqual(simulateHour({ ...plan, seed: 8 }, 50), simulateHour(plan, 50))
  })

  it("has people wait as long as the theory of one queue says", () => {
    const one = { bots: 1, machines: 1, seed: 3 }
    const left = 1 - (measured.idleCpu + measured.replicaCpu) / 3_600
    const work = measured.updateMs / left
    const load = 0.6
    const { p99, updates } = simulateHour(one, (load * 3_600_000) / work, { moments: 1_000 })
    // Of the 99th percentile of the wait in M/M/1; Postgres has cores to spare here.
    const expected = (work / (1 - load)) * Math.log(load / 0.01)
    assert.isAbove(updates, 500_000)
    assert.closeTo(p99, expected, expected * 0.1)
  })

  it("sees where more comes than fits, in a machine or in Postgres", () => {
    const fits = simulateHour(plan, 500, { seconds: 60 })
    assert.isBelow(fits.busiest, 1)
    assert.isBelow(fits.database, 1)
    const ofMachine = (3_600_000 / measured.updateMs / plan.bots) * plan.machines
    assert.isAbove(simulateHour(plan, ofMachine, { seconds: 60 }).busiest, 1)
    const enough = { ...plan, machines: 32 }
    const ofDatabase = (assumed.databaseCores * 3_600_000) / measured.updateDatabaseMs / plan.bots
    assert.isAbove(simulateHour(enough, ofDatabase, { seconds: 60 }).database, 1)
  })

  it("has people wait behind probes that come together", () => {
    const many = { bots: 1_000, machines: 3, seed: 1 }
    const [apart, together] = [simulateHour(many, 50), simulateHour(many, 50, { moments: 1 })]
    assert.closeTo(together.busiest, apart.busiest, 0.02)
    assert.isAbove(together.p99, 5 * apart.p99)
  })

  it("places each bot once, and on no more machines than there are shards", () => {
    const counts = placed({ bots: 1_000, machines: 100, seed: 1 })
    assert.strictEqual(
      counts.reduce((sum, each) => sum + each, 0),
      1_000,
    )
    assert.lengthOf(
      counts.filter((each) => each > 0),
      assumed.shards,
    )
  })

  it("keeps room for the bots of a machine that is lost", () => {
    for (const bots of [10, 100, 1_000]) {
      const machines = machinesFor(bots)
      assert.isAtLeast(machines, 3)
      const perMachine = calculate({ bots, machines: machines - 1, seed: 1 })
      assert.isBelow(perMachine["memory of it, MB"], assumed.machineMb, String(bots))
    }
  })
})
