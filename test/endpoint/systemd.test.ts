/** What systemd is told of the bot. */
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Layer, Scope } from "effect"
import { ChildProcessSpawner } from "effect/process"
import { TestClock } from "effect/testing"
import { heartbeatPeriod } from "../../src/config/Limits.ts"
import { layer } from "../../src/endpoint/systemd.ts"
import { Restart } from "../../src/observe/Restart.ts"

/** Runs nothing, and keeps what was to be run. */
const recording = (code: number) => {
  const said: Array<string> = []
  const spawner: (typeof ChildProcessSpawner.ChildProcessSpawner)["Service"] = {
    ...ChildProcessSpawner.make(() => Effect.die("only the exit code is asked for")),
    exitCode: (command) => {
      said.push(
        command._tag === "StandardCommand"
          ? `${command.command} ${command.args.map(String).join(" ")}`
          : "",
      )
      return Effect.succeed(ChildProcessSpawner.ExitCode(code))
    },
  }
  return { said, layer: Layer.succeed(ChildProcessSpawner.ChildProcessSpawner, spawner) }
}

it.effect("is that it is ready, then every half minute that it lives, and that it stops", () =>
  Effect.gen(function* () {
    const { said, layer: spawner } = recording(0)
    const scope = yield* Scope.make()
    yield* Layer.buildWithScope(Layer.provide(layer, spawner), scope)
    yield* TestClock.adjust(0)
    assert.deepStrictEqual(said, [
      "systemd-notify --ready --status=takes updates",
      "systemd-notify WATCHDOG=1",
    ])
    yield* TestClock.adjust(heartbeatPeriod)
    yield* TestClock.adjust(heartbeatPeriod)
    assert.lengthOf(said, 4)
    yield* Scope.close(scope, Exit.void)
    assert.strictEqual(said.at(-1), "systemd-notify STOPPING=1")
  }),
)

it.effect("is not that it stops, where it only starts anew", () =>
  Effect.gen(function* () {
    const { said, layer: spawner } = recording(0)
    const scope = yield* Scope.make()
    const restart = { ask: Effect.void, isAsked: Effect.succeed(true) }
    yield* Layer.buildWithScope(Layer.provide(layer, spawner), scope).pipe(
      Effect.provideService(Restart, restart),
    )
    yield* Scope.close(scope, Exit.void)
    assert.notInclude(said.join(), "STOPPING")
  }),
)
