/** `account-bot restore`: what can be said to it. */
import { Argument, Command } from "effect/cli"
import { loaded } from "./loaded.ts"

export const restore = Command.make(
  "restore",
  {
    from: Argument.String("directory").pipe(
      Argument.withDescription("a backup, or a copy of a data directory"),
    ),
  },
  ({ from }) =>
    loaded(
      () => import("./copies/runRestore.ts"),
      ({ runRestore }) => runRestore(from),
    ),
).pipe(
  Command.withDescription(
    "Put a backup in the place of the data, with the bot stopped; these are kept",
  ),
)
