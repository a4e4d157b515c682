/** What happens to a replica or to Postgres while everybody works, and how it ends. */
import { setTimeout as delay } from "node:timers/promises"
import type { Chance } from "./chance.ts"
import type { Cluster, Replica } from "./Cluster.ts"
import type { Direction } from "./Line.ts"

export interface Struck {
  /** What was done, in words. */
  readonly what: string
  /** Whose bots have to come back; none: those of all replicas. */
  readonly replica: Replica | undefined
  /** Ends what the fault has begun; done when it has ended. */
  readonly heal: () => Promise<void>
}

interface Target {
  readonly replica: Replica
  /** The names of the bots that it has. */
  readonly bots: ReadonlyArray<string>
}

type Strike = (cluster: Cluster, target: Target, chance: Chance) => Promise<Struck>

const nothing = async () => {}

const stoppedForMs = 30_000

/** A replica that was killed is started again after so long, as a service manager does it. */
const startedAfterMs = 5_000

const holdsLock = "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)"
const isOfBot = "application_name LIKE 'account-bot %'"

export const faults = {
  kill: async (_, { replica }) => {
    await replica.signal("SIGKILL")
    const heal = async () => {
      await delay(startedAfterMs)
      replica.start()
    }
    return { what: `replica ${replica.number} was killed`, replica, heal }
  },

  stop: async (_, { replica }) => {
    const over = delay(stoppedForMs)
    replica.stop()
    const heal = async () => {
      await over
      replica.goOn()
    }
    return { what: `replica ${replica.number} stood still for 30 s`, replica, heal }
  },

  /** The worst moment to go on at: another one has the bot, and has not written anything yet. */
  wake: async (cluster, { replica, bots }) => {
    const taken = cluster.takenOver(bots, stoppedForMs)
    replica.stop()
    const heal = async () => {
      await taken
      replica.goOn()
    }
    return { what: `replica ${replica.number} stood still until a bot was taken`, replica, heal }
  },

  locks: async (cluster, { replica }, chance) => {
    const [which, condition] = chance.pick([
      ["lock", holdsLock],
      ["bot", isOfBot],
      ["lock and bot", `${holdsLock} OR ${isOfBot}`],
    ] as const)
    const count = await cluster.terminate(replica, condition)
    const what = `${count} ${which} sessions of replica ${replica.number} were ended`
    return { what, replica, heal: nothing }
  },

  cut: async (_, { replica }, chance) => {
    const direction = chance.pick<Direction>(["toServer", "toClient"])
    const seconds = chance.pick([3, 8, 20])
    const over = delay(seconds * 1_000)
    replica.line.swallow(direction)
    const heal = async () => {
      await over
      replica.line.mend()
    }
    const what = `the line of replica ${replica.number} was cut for ${seconds} s (${direction})`
    return { what, replica, heal }
  },

  /** What it had sent before it lost its bots arrives when another one has them. */
  late: async (cluster, { replica, bots }, chance) => {
    replica.line.hold("toServer")
    // Long enough for each of its bots to have sent something.
    await delay(chance.whole(500, 1_500))
    const taken = cluster.takenOver(bots, stoppedForMs)
    await cluster.terminate(replica, holdsLock)
    const heal = async () => {
      await taken
      // The new owner has counted by then, and is still reading.
      await delay(chance.whole(60, 250))
      replica.line.mend()
    }
    const what = `what replica ${replica.number} wrote came after another one had its bots`
    return { what, replica, heal }
  },

  restart: async ({ postgres }, _, chance) => {
    const awayMs = chance.whole(0, 3_000)
    await postgres.stop()
    const heal = async () => {
      await delay(awayMs)
      await postgres.start()
    }
    return { what: `Postgres was stopped at once for ${awayMs} ms`, replica: undefined, heal }
  },
} satisfies Record<string, Strike>

export type FaultName = keyof typeof faults

export const isFault = (name: string): name is FaultName => Object.hasOwn(faults, name)
