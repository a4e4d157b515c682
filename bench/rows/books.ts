/**
 * Large books, of a million issuances where nobody asks for fewer: the month of statistics, the
 * check that nothing was lost, and the size of the file.
 */
import { Effect, Layer } from "effect"
import { Settings } from "../../src/config/Settings.ts"
import { shippedCatalogue } from "../../src/domain/shippedCatalogue.ts"
import { Conservation } from "../../src/pool/Conservation.ts"
import { Statistics } from "../../src/stats/Statistics.ts"
import { watchBlocks } from "../blocks.ts"
import { bytesOfPlayed, copyBooks, poolsIn, preparedBooks, resource } from "../books.ts"
import { withDirectory } from "../disk.ts"
import type { Row, Task } from "../table.ts"

const vk = shippedCatalogue.resources.find(({ id }) => id === resource)

/** How long it takes, how much it computes, and how long it lets nobody else have a turn. */
const timed = Effect.fnUntraced(function* <A, E, R>(
  blocks: ReturnType<typeof watchBlocks>,
  self: Effect.Effect<A, E, R>,
) {
  yield* Effect.sleep("100 millis")
  blocks()
  const [start, usage] = [performance.now(), process.cpuUsage()]
  yield* self
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(usage)
  // The watch sees a block only in the turn after it.
  yield* Effect.sleep("50 millis")
  return { wall, cpu: (user + system) / 1_000, ...blocks() }
})

const measure = (directory: string) =>
  Effect.gen(function* () {
    if (vk === undefined) return yield* Effect.die(`no ${resource}`)
    const { report } = yield* Statistics
    const { check } = yield* Conservation
    const blocks = watchBlocks()
    const question = { resource: vk, variant: null, region: null, holder: null } as const
    const month = yield* timed(blocks, report({ ...question, period: "month" }))
    const again = yield* timed(blocks, report({ ...question, period: "month" }))
    const checked = yield* timed(blocks, check)
    return {
      month: month.wall,
      monthComputed: month.cpu,
      monthAgain: again.wall,
      monthBlock: Math.max(month.longest, again.longest),
      check: checked.cpu / 1_000,
      checkBlock: checked.longest,
      checkComputed: checked.computed,
    }
  }).pipe(
    Effect.provide(
      Statistics.layer.pipe(
        Layer.provideMerge(poolsIn(directory)),
        Layer.provide(Settings.layerTest()),
      ),
    ),
  )

export const books: Row = {
  title: "Large books, with 10,000 issuances in the last day",
  figures: {
    month: { what: "a month of statistics", unit: "ms", goal: { atMost: 20 } },
    monthComputed: { what: "… computed for it", unit: "ms" },
    monthAgain: { what: "… asked for again", unit: "ms" },
    monthBlock: { what: "… longest block of the event loop", unit: "ms", goal: { atMost: 20 } },
    check: { what: "CPU for a check of the books", unit: "s", goal: { atMost: 2 } },
    checkBlock: { what: "… longest block of the event loop", unit: "ms", goal: { atMost: 20 } },
    checkComputed: { what: "… computed in it", unit: "ms" },
    size: { what: "journal.db", unit: "GB", goal: { atMost: 0.6 } },
    perIssuance: { what: "… for one issuance", unit: "bytes" },
    played: { what: "… for one of 600 that the pool played itself", unit: "bytes" },
  },
  prepare: preparedBooks,
  program: (task: Task) =>
    withDirectory(async (directory) => {
      const bytes = await copyBooks(task, directory)
      return {
        ...(await Effect.runPromise(measure(directory))),
        size: bytes / 1e9,
        perIssuance: bytes / task.issuances,
        played: await withDirectory(bytesOfPlayed),
      }
    }),
}
