/** `npm run setup`: asks for the settings of a new bot, one after the other. */
import { Command } from "effect/cli"
import { loaded } from "./loaded.ts"

export const setup = Command.make("setup", {}, () =>
  loaded(
    () => import("./interview.ts"),
    ({ interview }) => interview,
  ),
).pipe(
  Command.withDescription(
    "Ask for the settings of a new bot, check each, and write them into .env",
  ),
)
