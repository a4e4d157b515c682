/** The handler takes each update from the intake. Conversation.ts is its implementation. */
import { Context, type Effect } from "effect"
import type { TelegramId } from "../domain/Employee.ts"
import type { Incoming } from "./Update.ts"

export class Handler extends Context.Service<
  Handler,
  {
    /**
     * Handles one update to the end. It is called for one update of a person at a time, in order.
     * An update that was interrupted by a stop is handled once more, so a repeat must do no harm.
     */
    handle(incoming: Incoming): Effect.Effect<void>
    /**
     * Tells the person that the disk refuses, so that this update waits in Telegram and is handled
     * later. It needs no disk.
     */
    excuse(incoming: Incoming): Effect.Effect<void>
    /** Whether the person has access, and with it the generous allowance of updates. */
    isColleague(person: TelegramId): Effect.Effect<boolean>
    /**
     * Whether the text or the press of a person without access brings a registration forward. Such
     * a one gets its answer at once; any other waits for its turn, since it brings the same answer
     * again. `button`: what the pressed button carries.
     */
    isRegistering(
      person: TelegramId,
      did: { readonly text: string } | { readonly button: string },
    ): Effect.Effect<boolean>
    /**
     * The update of a colleague was dropped because there were too many: a tap stops spinning and,
     * where `isTold`, the person reads why. It changes nothing else.
     */
    slowDown(incoming: Incoming, isTold: boolean): Effect.Effect<void>
  }
>()("account-bot/bot/Handler") {}
