/** Loads the module of a command when the command is given, so that no other pays for it. */
import { Effect } from "effect"

export const loaded = <Module, A, E, R>(
  load: () => Promise<Module>,
  use: (module: Module) => Effect.Effect<A, E, R>,
) => Effect.flatMap(Effect.promise(load), use)
