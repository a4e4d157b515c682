/** `account-bot export`: what can be said to it. */
import { Argument, Command, Flag } from "effect/cli"
import { loaded } from "./loaded.ts"

export const exportData = Command.make(
  "export",
  {
    to: Argument.String("directory").pipe(
      Argument.withDescription("the data directory that is made; nothing may be there yet"),
    ),
    copy: Flag.Boolean("copy").pipe(
      Flag.withDefault(false),
      Flag.withDescription("makes a copy, and leaves the bot where it is, be it at work"),
    ),
  },
  (flags) =>
    loaded(
      () => import("./moving/runExport.ts"),
      ({ runExport }) => runExport(flags),
    ),
).pipe(Command.withDescription("Move the bot BOT_NAME out of the database into a data directory"))
