/**
 * What a flood costs an employee, of strangers or of a colleague, and how long a backlog of updates
 * blocks everybody.
 *
 * Ratios within one run: how long an employee waits for an answer (95 of 100 messages wait no
 * longer) without the flood and with it. Each handler works for a millisecond. The waits with and
 * without a flood are taken in turns, so that whatever else the machine does slows all of them.
 */
import { monitorEventLoopDelay } from "node:perf_hooks"
import { Effect, Layer, Logger, type Scope } from "effect"
import { Handler } from "../../src/bot/Handler.ts"
import { Intake } from "../../src/bot/Intake.ts"
import { Settings } from "../../src/config/Settings.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import { Journal } from "../../src/store/Journal.ts"
import * as FakeUpdates from "../../test/bot/FakeUpdates.ts"
import { journalIn, withDirectory } from "../disk.ts"
import { percentile, type Row } from "../table.ts"

const employee = 42
const colleague = 43
const messages = 100
const rounds = 3
const backlog = 100_000

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
    isColleague: (person) => Effect.succeed(person === employee || person === colleague),
    isRegistering: () => Effect.succeed(false),
    slowDown: () => Effect.void,
  })
  const layer = Intake.layer.pipe(
    Layer.provide(Layer.mergeAll(Alarms.layer, CaughtUp.layer, Vitals.layer, handler)),
    Layer.provide(Layer.mergeAll(telegram.layer, Settings.layerTest(), Logger.layer([]))),
  )
  return { telegram, handledAt, layer }
}

/** Runs with a fresh journal on the disk. */
const onDisk = <A, E>(self: Effect.Effect<A, E, Journal | Scope.Scope>): Promise<A> =>
  withDirectory((directory) =>
    Effect.runPromise(self.pipe(Effect.scoped, Effect.provide(journalIn(directory)))),
  )

/** How many messages come each second while the employee waits. */
interface Flood {
  readonly strangers: number
  readonly colleague: number
}

/** The waits of the employee in milliseconds, each behind what the others have sent. */
const waitsWith = (flood: Flood) =>
  onDisk(
    Effect.gen(function* () {
      const { telegram, handledAt, layer } = makeBot()
      yield* Layer.build(layer)
      const waits: Array<number> = []
      let updateId = 0
      const next = (person: number, text: string) => {
        updateId += 1
        return FakeUpdates.textUpdate(updateId, person, text)
      }
      for (let n = 0; n < messages; n += 1) {
        const sent = (perSecond: number) =>
          Math.floor(((n + 1) * perSecond) / 20) - Math.floor((n * perSecond) / 20)
        const others = [
          ...Array.from({ length: sent(flood.strangers) }, (_, m) => next(900 + (m % 10), "hello")),
          ...Array.from({ length: sent(flood.colleague) }, (_, m) => next(colleague, `${n} ${m}`)),
        ]
        const text = `mine ${n}`
        const start = performance.now()
        telegram.push(...others, next(employee, text))
        while (!handledAt.has(text) && performance.now() - start < 5_000) yield* Effect.sleep(1)
        waits.push((handledAt.get(text) ?? performance.now()) - start)
        yield* Effect.sleep(Math.max(0, 50 - (performance.now() - start)))
      }
      return waits
    }),
  )

const floods = {
  alone: { strangers: 0, colleague: 0 },
  strangers: { strangers: 1_000, colleague: 0 },
  colleague: { strangers: 0, colleague: 25 },
}

const waitsOfAll = async () => {
  const waits: Record<keyof typeof floods, Array<number>> = {
    alone: [],
    strangers: [],
    colleague: [],
  }
  for (let round = 0; round < rounds; round += 1) {
    waits.alone.push(...(await waitsWith(floods.alone)))
    waits.strangers.push(...(await waitsWith(floods.strangers)))
    waits.colleague.push(...(await waitsWith(floods.colleague)))
  }
  return waits
}

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
})

export const flood: Row = {
  title: "A flood: how long an employee waits, 95 of 100 messages no longer",
  onlyByName: true,
  figures: {
    alone: { what: "alone", unit: "ms" },
    strangers: { what: "with 1,000 messages of strangers a second", unit: "ms" },
    colleague: { what: "with 25 messages of a colleague a second", unit: "ms" },
    block: { what: "longest block with a backlog of 100,000 updates", unit: "ms" },
  },
  program: async () => {
    const { alone, strangers, colleague: ofColleague } = await waitsOfAll()
    return {
      alone: percentile(alone, 95),
      strangers: percentile(strangers, 95),
      colleague: percentile(ofColleague, 95),
      block: await onDisk(blockWithBacklog),
    }
  },
}
