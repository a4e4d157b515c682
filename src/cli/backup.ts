/** `account-bot backup`: what can be said to it. */
import { Argument, Command, Flag } from "effect/cli"
import type { Flags } from "./copies/runBackup.ts"
import { loaded } from "./loaded.ts"

export const backup = Command.make(
  "backup",
  {
    to: Argument.String("directory").pipe(
      Argument.withDescription("the directory to make; there is none of that name yet"),
    ),
    dated: Flag.Boolean("dated").pipe(
      Flag.withDefault(false),
      Flag.withDescription(
        "the directory holds copies called by their time: make one more, keep the newest BACKUP_KEEP",
      ),
    ),
  },
  (flags: Flags) =>
    loaded(
      () => import("./copies/runBackup.ts"),
      ({ runBackup }) => runBackup(flags),
    ),
).pipe(Command.withDescription("Make a checked copy of the data, whether the bot runs or not"))
