/** A refusal taken back: the application is open again, as if it had been sent just now. */
import { Clock, Effect, Option } from "effect"
import type { Reopened } from "../domain/Application.ts"
import type { TelegramId } from "../domain/Employee.ts"
import type { StorageUnavailable } from "../store/Journal.ts"
import type { FileDamaged, FileUnwritable } from "../store/JsonFile.ts"
import { reopenedAt } from "./applicationTimes.ts"
import { isTaken } from "./nicknames.ts"
import type { Registrations } from "./Registrations.ts"
import type { Whitelist } from "./Whitelist.ts"

/** Whoever was approved by hand in the file, or is in it again, has no refusal any more. */
export const make = (registrations: Registrations, whitelist: Whitelist["Service"]) =>
  Effect.fn("Applications.reopen")(function* (
    id: TelegramId,
  ): Effect.fn.Return<Reopened, StorageUnavailable | FileDamaged | FileUnwritable> {
    const now = yield* Clock.currentTimeMillis
    const reopened = reopenedAt(yield* registrations.find(id), now)
    if (reopened === undefined || Option.isSome(yield* whitelist.find(id))) {
      return { _tag: "NotRefused" }
    }
    const { application } = reopened
    if (isTaken(application.stage, yield* whitelist.all)) return { _tag: "NicknameTaken" }
    yield* registrations.save(reopened)
    yield* whitelist.put(id, { stage: application.stage, isApproved: false })
    return { _tag: "Reopened", application }
  })
