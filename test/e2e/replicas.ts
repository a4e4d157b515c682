/** What tests ask of a demo that was started with `--replicas 2`. */
import type { ReplicaView } from "../../src/playground/BotHandle.ts"
import type { Demo } from "./Demo.ts"

/** The bot may go to a replica that has just joined; after so many milliseconds it has. */
const settled = 3_000

/** The number of the replica that has the bot, once the other one is ready to take it over. */
export const serving = (demo: Demo): Promise<number> =>
  demo.eventually("a replica with the bot, and one beside it", async () => {
    const all = await demo.get<ReadonlyArray<ReplicaView>>("/sim/replicas")
    const { now } = await demo.get<{ readonly now: string }>("/sim/clock")
    const isCalm = all.every(({ since }) => Date.parse(now) - since > settled)
    const isReady = isCalm && all.some(({ state }) => state === "waiting")
    return isReady ? all.find(({ state }) => state === "serving")?.n : undefined
  })
