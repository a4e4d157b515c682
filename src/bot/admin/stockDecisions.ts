/** Decisions of admins about the stock: one at a time, with a note to the other admins. */
import { Effect } from "effect"
import { Access, adminStage } from "../../access/Access.ts"
import type { TelegramId } from "../../domain/Employee.ts"
import { cut, sentence } from "../screens/parts.ts"
import type { Texts } from "../texts/Texts.ts"
import { AdminTurns } from "./AdminTurns.ts"
import * as TellAdmins from "./tellAdmins.ts"

/** A file that was filled by hand may hold any text. */
const nameMax = 32

/** The work nickname; the id of an admin who has none. */
export const nameOfAdmin = (access: Access["Service"], id: TelegramId): Effect.Effect<string> =>
  Effect.map(access.stageOf(id), (stage) =>
    stage === adminStage ? `ID ${id}` : cut(stage, nameMax),
  )

export const make = Effect.gen(function* () {
  const access = yield* Access
  const tellAdmins = yield* TellAdmins.make
  const turns = yield* AdminTurns

  return {
    /** Between a look at the stock and the decision nobody else decides. */
    alone: turns.decisions.withPermit,
    /** The author has it on his screen. */
    tellOthers: Effect.fnUntraced(function* (
      author: TelegramId,
      note: (author: string, texts: Texts) => string,
    ) {
      const others = access.admins.filter((id) => id !== author)
      const name = yield* nameOfAdmin(access, author)
      yield* tellAdmins((texts) => sentence(note(name, texts)), others)
    }),
    nameOf: (id: TelegramId) => nameOfAdmin(access, id),
  }
})

/** Every way in which a decision itself is refused, see AdminContract.ts. */
export const refusals = ["StockChanged", "TrashGone", "UnknownIssuance", "NotAllowed"] as const
