/** Issue and confirm in memory: what the pool itself costs, without a disk. */
import { Effect } from "effect"
import { MemoryJournal } from "../../test/store/MemoryJournal.ts"
import { makeSemaphoreArray } from "../baselines/semaphoreArray.ts"
import { type Callers, itemsFor, measureTurns, poolTurns } from "../callers.ts"
import type { Row } from "../table.ts"

const shape: Callers = { callers: 1_000, turns: 8 }

export const memory: Row = {
  title: "Issue and confirm in memory",
  figures: {
    perSecond: { what: "1,000 callers", unit: "/s", goal: { atLeast: 15_000 } },
    cpu: { what: "CPU for one of each", unit: "µs" },
  },
  program: async () => ({ ...(await poolTurns(MemoryJournal.layer(), shape)) }),
  baseline: {
    name: "semaphore and array",
    measure: async () => {
      const stock = Array.from({ length: itemsFor(shape) }, (_, n) => `n${n}@example.com`)
      const { issue, confirm } = makeSemaphoreArray(stock)
      const turn = (caller: number) => Effect.flatMap(issue(caller), (id) => confirm(id, "good"))
      return { ...(await measureTurns(shape, turn, Effect.runPromise)) }
    },
  },
}
