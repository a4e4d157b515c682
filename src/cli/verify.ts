/** `account-bot verify`: what can be said to it. */
import { Argument, Command, Flag } from "effect/cli"
import { loaded } from "./loaded.ts"

export const verify = Command.make(
  "verify",
  {
    directory: Argument.String("data-dir").pipe(
      Argument.optional,
      Argument.withDescription("a data directory, or a backup; DATA_DIR where none is given"),
    ),
    work: Flag.String("copy-in").pipe(
      Flag.optional,
      Flag.withDescription("looks through the copy in this directory where it lies"),
      Flag.withHidden,
    ),
  },
  (flags) =>
    loaded(
      () => import("./copies/runVerify.ts"),
      ({ runVerify }) => runVerify(flags),
    ),
).pipe(
  Command.withDescription(
    "Check every record and every item of a data directory, changing nothing",
  ),
)
