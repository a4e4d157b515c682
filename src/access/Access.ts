/** Access tells the role of each person. A person without a role may do nothing. */
import { Context, Effect, Layer, Option } from "effect"
import { Settings } from "../config/Settings.ts"
import type { Role, TelegramId } from "../domain/Employee.ts"
import { Blocks } from "./Blocks.ts"
import { Whitelist } from "./Whitelist.ts"

export class Access extends Context.Service<
  Access,
  {
    role(id: TelegramId): Effect.Effect<Role>
    /** Whether the person may take items, as admins and employees may. */
    isAllowed(id: TelegramId): Effect.Effect<boolean>
    /** The work nickname; for a person without one "admin", or else the digits of the id. */
    stageOf(id: TelegramId): Effect.Effect<string>
    readonly admins: ReadonlyArray<TelegramId>
  }
>()("account-bot/access/Access") {
  static readonly layer: Layer.Layer<Access, never, Settings | Whitelist | Blocks> = Layer.effect(
    Access,
    Effect.gen(function* () {
      const { admins } = yield* Settings
      const whitelist = yield* Whitelist
      const blocks = yield* Blocks

      const role = Effect.fn("Access.role")(function* (id: TelegramId): Effect.fn.Return<Role> {
        if (admins.includes(id)) return "admin"
        if (Option.isSome(yield* blocks.find(id))) return "blocked"
        const member = yield* whitelist.find(id)
        if (Option.isNone(member)) return "stranger"
        return member.value.isApproved ? "employee" : "applicant"
      })

      const isAllowed = Effect.fn("Access.isAllowed")(function* (id: TelegramId) {
        const own = yield* role(id)
        return own === "admin" || own === "employee"
      })

      const stageOf = Effect.fn("Access.stageOf")(function* (id: TelegramId) {
        const member = yield* whitelist.find(id)
        if (Option.isSome(member)) return member.value.stage
        return admins.includes(id) ? adminStage : String(id)
      })

      return Access.of({ role, isAllowed, stageOf, admins })
    }),
  )
}

/** The nickname that admins without an entry share, which no applicant may take. */
export const adminStage = "admin"
