/** `npm start`: the bot with the settings of the environment. */
import { Command, Flag } from "effect/cli"
import { loaded } from "./loaded.ts"
import { plainly } from "./plainly.ts"

export const run = Command.make(
  "run",
  {
    systemd: Flag.Boolean("systemd").pipe(
      Flag.withDefault(false),
      Flag.withDescription("tell systemd when the bot is ready, and that it lives"),
    ),
  },
  (flags) =>
    loaded(
      () => import("./bot.ts"),
      ({ runBot }) => plainly(runBot(flags)),
    ),
).pipe(Command.withDescription("Run the bot with the settings of the environment"))
