/**
 * Tells systemd that the bot is ready, and from then on that it lives, where its unit starts
 * `run --systemd`. Node has no sockets of the kind that systemd listens on, so its own
 * `systemd-notify` carries the word. If the word stays out for WatchdogSec, systemd starts the bot
 * anew: so the unit must ask for more than twice the period.
 */
import { Effect, Layer } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { heartbeatPeriod } from "../config/Limits.ts"
import { every } from "../observe/background.ts"
import { Restart } from "../observe/Restart.ts"

/** To be built when the program is. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    yield* notify("--ready", "--status=takes updates")
    yield* every("the word to systemd", heartbeatPeriod)(notify("WATCHDOG=1"))
    const { isAsked } = yield* Restart
    // A service that says so is stopped for good.
    const stopping = Effect.flatMap(isAsked, (isRestart) =>
      isRestart ? Effect.void : notify("STOPPING=1"),
    )
    yield* Effect.addFinalizer(() => stopping)
  }),
)

const notify = (...words: ReadonlyArray<string>) =>
  ChildProcessSpawner.ChildProcessSpawner.use((spawner) =>
    spawner.exitCode(ChildProcess.make("systemd-notify", words)),
  ).pipe(
    Effect.matchEffect({
      onFailure: ({ reason }) => Effect.logWarning(`systemd-notify cannot be run (${reason._tag})`),
      onSuccess: (code) =>
        code === 0 ? Effect.void : Effect.logWarning(`systemd-notify ended with ${code}`),
    }),
  )
