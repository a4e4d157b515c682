/** `account-bot import`: what can be said to it. */
import { Argument, Command } from "effect/cli"
import { loaded } from "./loaded.ts"

export const importData = Command.make(
  "import",
  {
    from: Argument.String("data-dir").pipe(
      Argument.withDescription("the data directory of a stopped bot, or a backup"),
    ),
  },
  ({ from }) =>
    loaded(
      () => import("./moving/runImport.ts"),
      ({ runImport }) => runImport(from),
    ),
).pipe(
  Command.withDescription("Move a data directory to the database of DATABASE_URL, under BOT_NAME"),
)
