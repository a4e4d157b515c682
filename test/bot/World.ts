/** A world that outlives the bot in it: Telegram, the disk, and what the handlers saw. */
import { Context, Effect, Exit, Fiber, Layer, Logger, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Handler } from "../../src/bot/Handler.ts"
import { Intake } from "../../src/bot/Intake.ts"
import { Alarms } from "../../src/observe/Alarms.ts"
import { CaughtUp } from "../../src/observe/CaughtUp.ts"
import { Vitals } from "../../src/observe/Vitals.ts"
import { Journal } from "../../src/store/Journal.ts"
import { MemoryJournal } from "../store/MemoryJournal.ts"
import * as FakeUpdates from "./FakeUpdates.ts"

export const makeWorld = () => {
  const telegram = FakeUpdates.make()
  const disk = MemoryJournal.makeDisk()
  const seen: Array<string> = []
  const lines: Array<string> = []
  /** What the handler does with a text; nothing where it is not said. */
  const acts = new Map<string, Effect.Effect<void>>()

  /** Who was told that an update waits for the disk: the text, or what else it was. */
  const excused: Array<string> = []

  const handler = Layer.mock(Handler, {
    excuse: (incoming) =>
      Effect.sync(
        () => void excused.push(incoming._tag === "Text" ? incoming.text : incoming._tag),
      ),
    handle: (incoming) =>
      Effect.suspend(() => {
        const text = incoming._tag === "Text" ? incoming.text : incoming._tag
        seen.push(text)
        return acts.get(text) ?? Effect.void
      }),
  })
  const log = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
  const hooks = { afterReading: Effect.void }
  const journal = Layer.effect(
    Journal,
    Effect.map(Journal, (self) =>
      Journal.of({
        ...self,
        unhandled: Effect.tap(self.unhandled, () => hooks.afterReading),
      }),
    ),
  ).pipe(Layer.provide(MemoryJournal.layer(disk)))
  const unhandled = Effect.flatMap(Journal, (self) => self.unhandled).pipe(
    Effect.map((rows) => rows.map(({ updateId }) => updateId)),
    Effect.provide(MemoryJournal.layer(disk)),
  )

  const start = Effect.gen(function* () {
    const scope = yield* Scope.fork(yield* Effect.scope)
    const context = yield* Intake.layer.pipe(
      Layer.provideMerge(Layer.mergeAll(Alarms.layer, CaughtUp.layer, Vitals.layer, handler)),
      Layer.provideMerge(Layer.mergeAll(journal, telegram.layer, log)),
      Layer.buildWithScope(scope),
    )
    const intake = Context.get(context, Intake)
    return {
      intake,
      raised: Context.get(context, Alarms).raised,
      raise: Context.get(context, Alarms).raise,
      vitals: Context.get(context, Vitals),
      caughtUp: Context.get(context, CaughtUp).wait,
      /** All that arrived is taken and handled. */
      quiet: Effect.andThen(telegram.held, intake.drain),
      /** Ends the bot, and with it the handlers that do not end by themselves in time. */
      kill: Effect.gen(function* () {
        const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.join(closing)
      }),
    }
  })

  return { telegram, disk, seen, excused, lines, acts, hooks, unhandled, start }
}
