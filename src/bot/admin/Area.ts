/** What a subject of the admins' work answers to: its commands and its buttons. */
import type { Effect } from "effect"
import type { TelegramId } from "../../domain/Employee.ts"
import type { StorageUnavailable } from "../../store/Journal.ts"
import type { Action, ActionOf } from "../Callback.ts"
import type { Press } from "../Replies.ts"

/** A command as an admin wrote it. */
export interface Asked {
  readonly userId: TelegramId
  readonly chatId: number
  readonly messageId: number
  /** What stands behind the command, without spaces at its ends. */
  readonly argument: string
}

/** One subject of the admins' work. */
export interface Area {
  /** By name, aliases too, in lower case. */
  readonly commands: Readonly<
    Record<string, (asked: Asked) => Effect.Effect<void, StorageUnavailable>>
  >
  /** Buttons, by the tag of their action. */
  readonly buttons: {
    readonly [Tag in Action["_tag"]]?: (
      press: Press,
      action: ActionOf<Tag>,
    ) => Effect.Effect<void, StorageUnavailable>
  }
}
