/**
 * What a flood of strangers costs an employee, and how long a backlog of updates blocks everybody.
 *
 * A ratio within one run: how long an employee waits for an answer (95 of 100 messages wait no
 * longer) without strangers and with them. Each handler works for a millisecond.
 */
import { monitorEventLoopDelay } from "node:perf_hooks"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Effect, FileSystem, Layer, Logger } from "effect"
import { Handler } from "../src/bot/Handler.ts"
import { Intake } from "../src/bot/Intake.ts"
import { Settings } from "../src/config/Settings.ts"
import { Alarms } from "../src/observe/Alarms.ts"
import { CaughtUp } from "../src/observe/CaughtUp.ts"
import { Vitals } from "../src/observe/Vitals.ts"
import { Journal } from "../src/store/Journal.ts"
import { SqliteJournal } from "../src/store/SqliteJournal.ts"
import * as FakeUpdates from "../test/bot/FakeUpdates.ts"

const employee = 42
const messages = 100
const backlog = 100_000

const files = Layer.merge(NodeFileSystem.layer, NodePath.layer)

const sqlite = Layer.unwrap(
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const dataDir = yield* Effect.orDie(fs.makeTempDirectoryScoped())
    return Layer.provide(Layer.fresh(SqliteJournal.layer), Settings.layerTest({ dataDir }))
  }),
).pipe(Layer.provide(files))

const makeBot = () => {
  const telegram = FakeUpdates.make()
  const handledAt = new Map<string, number>()
  const handler = Layer.mock(Handler, {
    handle: (incoming) =>
      Effect.sync(() => {
        const end = performance.now() + 1
        while (performance.now() < end);
        if (incoming._tag === "Text") handledAt.set(incoming.text, performance.now())
      }),
    isColleague: (person) => Effect.succeed(person === employee),
    slowDown: () => Effect.void,
  })
  const layer = Intake.layer.pipe(
    Layer.provide(Layer.mergeAll(Alarms.layer, CaughtUp.layer, Vitals.layer, handler)),
    Layer.provide(Layer.merge(telegram.layer, Logger.layer([]))),
  )
  return { telegram, handledAt, layer }
}

/** The wait of the employee in milliseconds while so many strangers' messages come each second. */
const waitWith = (perSecond: number) =>
  Effect.gen(function* () {
    const { telegram, handledAt, layer } = makeBot()
    yield* Layer.build(layer)
    const waits: Array<number> = []
    let updateId = 0
    for (let n = 0; n < messages; n += 1) {
      const flood = Array.from({ length: perSecond / 20 }, (_, m) => {
        updateId += 1
        return FakeUpdates.textUpdate(updateId, 900 + (m % 10), "hello")
      })
      updateId += 1
      const text = `mine ${n}`
      const start = performance.now()
      telegram.push(...flood, FakeUpdates.textUpdate(updateId, employee, text))
      while (!handledAt.has(text) && performance.now() - start < 5_000) yield* Effect.sleep(1)
      waits.push((handledAt.get(text) ?? performance.now()) - start)
      yield* Effect.sleep(Math.max(0, 50 - (performance.now() - start)))
    }
    return waits.toSorted((a, b) => a - b)[Math.floor(messages * 0.95)] ?? Number.NaN
  }).pipe(Effect.scoped, Effect.provide(sqlite))

/** The longest block of the loop, in milliseconds, at a start with a backlog in the journal. */
const blockWithBacklog = Effect.gen(function* () {
  const journal = yield* Journal
  for (let n = 0; n < backlog; n += 1_000) {
    yield* journal.write(
      Array.from({ length: 1_000 }, (_, m) => ({
        _tag: "UpdateReceived" as const,
        updateId: n + m + 1,
        userId: 900,
        body: {
          _tag: "Text",
          userId: 900,
          chatId: 900,
          messageId: 1,
          text: "hello",
          firstName: "A",
        },
        at: 0,
      })),
    )
  }
  const { telegram, layer } = makeBot()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  yield* Effect.sleep(50)
  delay.reset()
  yield* Layer.build(layer)
  telegram.push(FakeUpdates.textUpdate(backlog + 1, employee, "mine"))
  yield* Effect.sleep(3_000)
  delay.disable()
  return delay.max / 1e6
}).pipe(Effect.scoped, Effect.provide(sqlite))

const [alone, flooded, block] = await Effect.runPromise(
  Effect.all([waitWith(0), waitWith(1_000), blockWithBacklog]),
)
const say = (what: string, value: string) => process.stdout.write(`  ${what.padEnd(52)} ${value}\n`)
process.stdout.write("A flood of strangers\n")
say("an employee waits, 95 of 100, alone", `${alone.toFixed(1)} ms`)
say("the same with 1,000 strangers' messages a second", `${flooded.toFixed(1)} ms`)
say("ratio", `×${(flooded / alone).toFixed(2)}`)
say("longest block with a backlog of 100,000 updates", `${block.toFixed(0)} ms`)
process.exit(0)
