/** `account-bot completions bash`: what a shell needs to complete the commands. */
import { Argument, Command } from "effect/cli"
import { version } from "../config/Settings.ts"

/** `program`: the whole command line, whose completions are printed. */
export const completionsOf = <Name extends string, Input, ContextInput, E, R>(
  program: Command.Command<Name, Input, ContextInput, E, R>,
) =>
  Command.make(
    "completions",
    { shell: Argument.Literals("shell", ["bash", "zsh", "fish", "powershell"]) },
    ({ shell }) => Command.runWith(program, { version })(["--completions", shell]),
  ).pipe(Command.withDescription("Print what a shell needs to complete the commands"))
