/** What becomes of an update: the seam between the intake and the screens. */
import { Context, type Effect } from "effect"
import type { Incoming } from "./Update.ts"

export class Handler extends Context.Service<
  Handler,
  {
    /**
     * Handles one update of one person to the end. Called for one update of a person at a time,
     * in order, and once more after a crash in the middle: so it must bear repetition.
     */
    handle(incoming: Incoming): Effect.Effect<void>
  }
>()("account-bot/bot/Handler") {}
