/** `npm run doctor`: what can be said to it. */
import { Command, Flag } from "effect/cli"
import { loaded } from "./loaded.ts"

export const doctor = Command.make(
  "doctor",
  {
    fix: Flag.Boolean("fix").pipe(
      Flag.withDefault(false),
      Flag.withDescription("make the data directory and the tabs that are missing"),
    ),
  },
  ({ fix }) =>
    loaded(
      () => import("./doctor/examine.ts"),
      ({ examine }) => examine(fix),
    ),
).pipe(Command.withDescription("Check settings, access, tabs and rows without starting the bot"))
