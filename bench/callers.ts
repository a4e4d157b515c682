/**
 * Callers who each issue an item and confirm it, again and again: what the rows about the pool and
 * their baselines have in common.
 */
import { Effect, Layer, Logger, ManagedRuntime, References } from "effect"
import { CatalogueSource } from "../src/config/CatalogueSource.ts"
import { Settings } from "../src/config/Settings.ts"
import { TelegramId } from "../src/domain/Employee.ts"
import { Alarms } from "../src/observe/Alarms.ts"
import { Pools } from "../src/pool/Pools.ts"
import type { Journal } from "../src/store/Journal.ts"
import { startProfile } from "./profiler.ts"
import { anItem, confirm, issue, load } from "../test/pool/fixtures.ts"

/** Callers at the same time, and how often each of them takes an item and confirms it. */
export interface Callers {
  readonly callers: number
  readonly turns: number
}

export interface Turns {
  /** How many turns are done in a second, all callers together. */
  readonly perSecond: number
  /** Microseconds of the processor for one turn: other processes hardly change them. */
  readonly cpu: number
}

/** Measures `turn` after one round that nobody looks at. */
export const measureTurns = async <E, R>(
  shape: Callers,
  turn: (caller: number) => Effect.Effect<unknown, E, R>,
  run: (round: Effect.Effect<void, E, R>) => Promise<void>,
): Promise<Turns> => {
  const round = ({ callers, turns }: Callers) =>
    Effect.forEach(
      Array.from({ length: callers }, (_, n) => n),
      (caller) => Effect.replicateEffect(turn(caller), turns, { discard: true }),
      { concurrency: "unbounded", discard: true },
    )
  await run(round({ ...shape, turns: Math.ceil(shape.turns / 4) }))
  const stopProfile = await startProfile()
  const [start, usage] = [performance.now(), process.cpuUsage()]
  await run(round(shape))
  const seconds = (performance.now() - start) / 1_000
  const { user, system } = process.cpuUsage(usage)
  await stopProfile()
  const turns = shape.callers * shape.turns
  return { perSecond: turns / seconds, cpu: (user + system) / turns }
}

/** As many items as the callers take, the unmeasured round included. */
export const itemsFor = ({ callers, turns }: Callers) => callers * (turns + Math.ceil(turns / 4))

/** The turns of the production pool, with enough stock. */
export const poolTurns = async <E>(
  journal: Layer.Layer<Journal, E>,
  shape: Callers,
): Promise<Turns> => {
  const runtime = ManagedRuntime.make(
    Pools.layer.pipe(
      Layer.provide([
        CatalogueSource.layerTest(),
        Alarms.layer,
        Settings.layerTest({ pendingLimit: 1_000_000 }),
        Layer.orDie(journal),
      ]),
      Layer.provideMerge(Logger.layer([])),
      // As in production where nobody collects spans.
      Layer.provideMerge(Layer.succeed(References.TracerEnabled, false)),
    ),
  )
  const names = Array.from({ length: itemsFor(shape) }, (_, n) => `n${n}`)
  const pools = await runtime.runPromise(
    Effect.gen(function* () {
      const made = yield* Pools
      // By the batch, as claims bring them.
      for (let n = 0; n < names.length; n += 30) {
        const batch = names.slice(n, n + 30)
        yield* made.tell(
          "mamba",
          load(
            `claim-${n}`,
            batch.map((name) => anItem(name)),
          ),
        )
      }
      return made
    }),
  )
  let messages = 0
  const turn = Effect.fnUntraced(function* (caller: number) {
    messages += 1
    const person = TelegramId.make(1_000 + caller)
    const { issuances } = yield* pools.ask("mamba", issue(messages, { by: person }))
    const [first] = issuances
    if (first === undefined) return yield* Effect.die("nothing was issued")
    yield* pools.ask("mamba", confirm(first.id, "good", person))
  })
  const found = await measureTurns(shape, turn, (round) => runtime.runPromise(round))
  await runtime.dispose()
  return found
}
