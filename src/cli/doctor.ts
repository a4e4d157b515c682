/** `npm run doctor`: what can be said to it. */
import { Option } from "effect"
import { Command, Flag } from "effect/cli"
import { loaded } from "./loaded.ts"

export const doctor = Command.make(
  "doctor",
  {
    fix: Flag.Boolean("fix").pipe(
      Flag.withDefault(false),
      Flag.withDescription(
        "make what is missing, directory and tabs, and set the bot's settings in Telegram right",
      ),
    ),
    smoke: Flag.String("smoke").pipe(
      Flag.optional,
      Flag.withDescription(
        "try how Google Sheets behaves, on a throwaway spreadsheet of that id or address",
      ),
    ),
    record: Flag.String("record").pipe(
      Flag.optional,
      Flag.withDescription("with --smoke: keep what Google was asked and answered in that file"),
    ),
  },
  ({ fix, smoke, record }) =>
    Option.isSome(smoke) || Option.isSome(record)
      ? loaded(
          () => import("./smoke/runSmoke.ts"),
          ({ runSmoke }) => runSmoke({ fix, smoke, record }),
        )
      : loaded(
          () => import("./doctor/examine.ts"),
          ({ examine }) => examine({ tabs: fix, bot: fix }),
        ),
).pipe(Command.withDescription("Check settings, access, tabs and rows without starting the bot"))
