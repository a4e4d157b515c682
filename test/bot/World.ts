/** A world that outlives the bot in it: Telegram, the disk, and what the handlers saw. */
import { Context, Effect, Exit, Fiber, Layer, Logger, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Handler } from "../../src/bot/Handler.ts"
import { Intake } from "../../src/bot/Intake.ts"
import { Settings } from "../../src/config/Settings.ts"
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

  /** What happens at some moments. */
  const hooks = { afterReading: Effect.void, beforeExcuse: Effect.void }

  /** Who was told that an update waits for the disk: the text, or what else it was. */
  const excused: Array<string> = []

  /** Those whose allowance is the small one. */
  const outsiders = new Set<number>()
  /** Texts that bring the registration of an outsider forward. */
  const steps = new Set<string>()
  /** The dropped updates that were answered, and whether with a sentence. */
  const slowed: Array<{ readonly person: number; readonly isTold: boolean }> = []

  const handler = Layer.mock(Handler, {
    excuse: (incoming) =>
      Effect.andThen(
        hooks.beforeExcuse,
        Effect.sync(
          () => void excused.push(incoming._tag === "Text" ? incoming.text : incoming._tag),
        ),
      ),
    isColleague: (person) => Effect.sync(() => !outsiders.has(person)),
    isRegistering: (_, did) => Effect.sync(() => steps.has("text" in did ? did.text : did.button)),
    slowDown: ({ userId: person }, isTold) =>
      Effect.sync(() => void slowed.push({ person, isTold })),
    handle: (incoming) =>
      Effect.suspend(() => {
        const text = incoming._tag === "Text" ? incoming.text : incoming._tag
        seen.push(text)
        return acts.get(text) ?? Effect.void
      }),
  })
  const log = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
  /** How many updates were read from the journal at a time. */
  const pages: Array<number> = []
  /** What was written together, by its kind. */
  const commits: Array<ReadonlyArray<string>> = []
  const journal = Layer.effect(
    Journal,
    Effect.map(Journal, (self) =>
      Journal.of({
        ...self,
        write: (writes) => {
          commits.push(writes.map(({ _tag }) => _tag))
          return self.write(writes)
        },
        unhandled: (page) =>
          Effect.tap(self.unhandled(page), (rows) => {
            pages.push(rows.length)
            return hooks.afterReading
          }),
      }),
    ),
  ).pipe(Layer.provide(MemoryJournal.layer(disk)))
  const unhandled = Effect.flatMap(Journal, (self) => self.unhandled({ limit: 1_000 })).pipe(
    Effect.map((rows) => rows.map(({ updateId }) => updateId)),
    Effect.provide(MemoryJournal.layer(disk)),
  )

  const start = Effect.gen(function* () {
    const scope = yield* Scope.fork(yield* Effect.scope)
    const context = yield* Intake.layer.pipe(
      Layer.provideMerge(Layer.mergeAll(Alarms.layer, CaughtUp.layer, Vitals.layer, handler)),
      Layer.provideMerge(Layer.mergeAll(journal, telegram.layer, Settings.layerTest(), log)),
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

  return {
    telegram,
    disk,
    seen,
    excused,
    outsiders,
    steps,
    slowed,
    pages,
    commits,
    lines,
    acts,
    hooks,
    unhandled,
    start,
  }
}
