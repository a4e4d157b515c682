/** Decisions of admins wait for each other here, whatever language they are made in. */
import { Context, Layer, Semaphore } from "effect"

export class AdminTurn extends Context.Service<AdminTurn, Semaphore.Semaphore>()(
  "account-bot/bot/admin/AdminTurn",
) {
  static readonly layer = Layer.effect(AdminTurn, Semaphore.make(1))
}
