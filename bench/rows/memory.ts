/** Issue and confirm in memory: what the pool itself costs, without a disk. */
import * as Path from "node:path"
import { Effect } from "effect"
import { MemoryJournal } from "../../test/store/MemoryJournal.ts"
import { makeLockedQueue } from "../baselines/lockedQueue.ts"
import { makeSemaphoreArray } from "../baselines/semaphoreArray.ts"
import { type Callers, itemsFor, measureTurns, poolTurns } from "../callers.ts"
import { withDirectory } from "../disk.ts"
import type { Row } from "../table.ts"

const shape: Callers = { callers: 1_000, turns: 8 }

const stockFor = () => Array.from({ length: itemsFor(shape) }, (_, n) => `n${n}@example.com`)

const ofSemaphore = () => {
  const { issue, confirm } = makeSemaphoreArray(stockFor())
  const turn = (caller: number) => Effect.flatMap(issue(caller), (id) => confirm(id, "good"))
  return measureTurns(shape, turn, Effect.runPromise)
}

const ofLockedQueue = () =>
  withDirectory(async (directory) => {
    const { issue, confirm, save } = makeLockedQueue(stockFor())
    const turn = (caller: number) =>
      Effect.promise(async () => confirm(await issue(caller, 0), "good"))
    const { perSecond } = await measureTurns(shape, turn, Effect.runPromise)
    const start = performance.now()
    save(Path.join(directory, "cache_state.json"))
    return { queue: perSecond, queueSave: performance.now() - start }
  })

export const memory: Row = {
  title: "Issue and confirm in memory",
  figures: {
    perSecond: { what: "1,000 callers", unit: "/s", goal: { atLeast: 15_000 } },
    cpu: { what: "CPU for one of each", unit: "µs" },
    queue: { what: "instead a lock, a queue, and a file each minute", unit: "/s" },
    queueSave: { what: "… that file of 10,000 issuances holds everybody up", unit: "ms" },
  },
  program: async () => ({ ...(await poolTurns(MemoryJournal.layer(), shape)) }),
  baseline: {
    name: "semaphore and array",
    measure: async () => ({ ...(await ofSemaphore()), ...(await ofLockedQueue()) }),
  },
}
