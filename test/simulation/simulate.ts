/** `npm run simulate -- --seeds N [--seed S]`: many seeded runs; a failure prints its seed. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Clock, Console, Effect, Option, Runtime, Schema } from "effect"
import { Command, Flag } from "effect/cli"
import { version } from "../../src/config/Settings.ts"
import { runCopies } from "./olderCopies.ts"
import { runSeed } from "./Seeded.ts"

class RunsFailed extends Schema.TaggedError<RunsFailed>()("RunsFailed", { failed: Schema.Int }) {
  override readonly [Runtime.errorExitCode] = 1
  override readonly [Runtime.errorReported] = false
}

const progressEvery = 50

const simulate = Effect.fnUntraced(function* (
  seeds: number,
  first: Option.Option<number>,
  play: (seed: string) => Effect.Effect<ReadonlyArray<string>>,
) {
  const startedAt = yield* Clock.currentTimeMillis
  // Without a seed of its own, every long run looks somewhere else.
  const from = Option.getOrElse(first, () => startedAt % 1_000_000_000)
  let failed = 0
  for (let n = 0; n < seeds; n += 1) {
    const problems = yield* play(String(from + n))
    if (problems.length > 0) failed += 1
    yield* Effect.forEach(problems, (problem) => Console.log(problem), { discard: true })
    if ((n + 1) % progressEvery === 0) yield* Console.log(`${n + 1} of ${seeds} runs`)
  }
  const tookMs = (yield* Clock.currentTimeMillis) - startedAt
  yield* Console.log(
    `${seeds} runs from seed ${from} in ${Math.round(tookMs / 1000)} s, ${failed} failed`,
  )
  if (failed > 0) return yield* new RunsFailed({ failed })
})

Command.make(
  "simulate",
  {
    seeds: Flag.Int("seeds").pipe(
      Flag.withDefault(500),
      Flag.withDescription("how many runs to make"),
    ),
    seed: Flag.Int("seed").pipe(
      Flag.optional,
      Flag.withDescription("seed of the first run; the next ones follow it"),
    ),
    copies: Flag.Int("copies").pipe(
      Flag.optional,
      Flag.withDescription("makes so many runs that go on from an older copy instead"),
    ),
  },
  ({ seeds, seed, copies }) =>
    Option.isSome(copies)
      ? simulate(copies.value, seed, (name) =>
          Effect.map(runCopies(name), ({ problems }) => problems),
        )
      : simulate(seeds, seed, runSeed),
).pipe(
  Command.withDescription("The whole program over simulated ports, killed and cut off by seed"),
  Command.run({ version }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain,
)
