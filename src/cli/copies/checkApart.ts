/**
 * Has a copy looked through by a process of its own, before it gets its name: that takes seconds for
 * a journal of years, in which the bot would answer nobody.
 */
import { Effect, Layer, Stream } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { CopyCheck, CopyUnsound } from "../../store/copies.ts"

/** The very program that runs, with another command. */
const commandFor = (work: string) =>
  ChildProcess.make(
    process.execPath,
    [...process.execArgv, process.argv[1] ?? "", "verify", "--copy-in", work],
    { stdin: "ignore", stdout: "ignore", stderr: "pipe" },
  )

export const layer = Layer.effect(
  CopyCheck,
  Effect.gen(function* () {
    const spawner = yield* ChildProcessSpawner.ChildProcessSpawner
    const check = Effect.fn("checkApart")(
      function* (work: string) {
        const child = yield* spawner.spawn(commandFor(work))
        const said = yield* Effect.orElseSucceed(
          Stream.mkString(Stream.decodeText(child.stderr)),
          () => "",
        )
        const code = yield* child.exitCode
        if (code === 0) return
        return yield* new CopyUnsound({ problem: said.trim() || `verify ended with ${code}` })
      },
      Effect.scoped,
      Effect.catchTag("PlatformError", ({ reason }) =>
        Effect.fail(new CopyUnsound({ problem: `no process can be started (${reason._tag})` })),
      ),
    )
    return { check }
  }),
)
