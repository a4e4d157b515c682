/** `account-bot backup`: what can be said to it. */
import { Argument, Command } from "effect/cli"
import { loaded } from "./loaded.ts"

export const backup = Command.make(
  "backup",
  {
    to: Argument.String("directory").pipe(
      Argument.withDescription("the directory to make; there is none of that name yet"),
    ),
  },
  ({ to }) =>
    loaded(
      () => import("./copies/runBackup.ts"),
      ({ runBackup }) => runBackup(to),
    ),
).pipe(Command.withDescription("Make a checked copy of the data, whether the bot runs or not"))
