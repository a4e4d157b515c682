/**
 * Has the program end in good order and start anew, in the same process: for what has to be done
 * while nobody works with the data. Without a caller that starts it anew, nothing happens, and what
 * was wanted is done at the next start.
 */
import { Context, Effect } from "effect"

export class Restart extends Context.Reference<{ readonly ask: Effect.Effect<void> }>(
  "account-bot/observe/Restart",
  { defaultValue: () => ({ ask: Effect.void }) },
) {}
