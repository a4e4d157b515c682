/** Where the work of admins waits for each other, whatever language it is done in. */
import { Context, Effect, Layer, Semaphore } from "effect"

export class AdminTurns extends Context.Service<
  AdminTurns,
  {
    /** Between a look and the decision nobody else decides. */
    readonly decisions: Semaphore.Semaphore
    /** Rows that were changed by hand: the holder is shown what was decided meanwhile. */
    readonly edits: Semaphore.Semaphore
    /** One file at a time: it may take seconds. */
    readonly files: Semaphore.Semaphore
  }
>()("account-bot/bot/admin/AdminTurns") {
  static readonly layer = Layer.effect(
    AdminTurns,
    Effect.all({
      decisions: Semaphore.make(1),
      edits: Semaphore.make(1),
      files: Semaphore.make(1),
    }),
  )
}
