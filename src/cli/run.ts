/** `npm start`: the bot with the settings of the environment. */
import { Command } from "effect/cli"
import { loaded } from "./loaded.ts"
import { plainly } from "./plainly.ts"

export const run = Command.make("run", {}, () =>
  loaded(
    () => import("./bot.ts"),
    ({ runBot }) => plainly(runBot),
  ),
).pipe(Command.withDescription("Run the bot with the settings of the environment"))
