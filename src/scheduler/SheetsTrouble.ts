/**
 * What background work with a spreadsheet does about its failures: nothing is lost by them, so
 * it only tells the admins, and the next round tries again.
 *
 * A refusal is told at once. No answer is told when it lasts, since Google has bad minutes.
 */
import { Clock, Context, Duration, Effect, HashMap, Layer, Ref } from "effect"
import { unreachableAfter } from "../config/Limits.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import type { SheetsError, SheetsReason } from "../sheets/SheetsError.ts"
import type { TabUnusable } from "../sheets/TabUnusable.ts"
import type { StorageUnavailable } from "../store/Journal.ts"

type Failure = SheetsError | TabUnusable | StorageUnavailable

export class SheetsTrouble extends Context.Service<
  SheetsTrouble,
  {
    /** Runs one round of work; its failure becomes an alarm, its success clears the alarm. */
    watch<A, R>(
      spreadsheet: string,
      work: Effect.Effect<A, Failure, R>,
    ): Effect.Effect<void, never, R>
  }
>()("account-bot/scheduler/SheetsTrouble") {
  static readonly layer = Layer.effect(
    SheetsTrouble,
    Effect.gen(function* () {
      const alarms = yield* Alarms
      /** When a spreadsheet began not to answer. */
      const silentSince = yield* Ref.make(HashMap.empty<string, number>())

      const healthy = Effect.fnUntraced(function* (spreadsheet: string) {
        yield* Ref.update(silentSince, HashMap.remove(spreadsheet))
        yield* Effect.forEach(
          reasons,
          (reason) => alarms.clear({ _tag: "SheetsUnavailable", spreadsheet, reason }),
          { discard: true },
        )
      })

      const silent = Effect.fnUntraced(function* (spreadsheet: string) {
        const now = yield* Clock.currentTimeMillis
        const since = yield* Ref.modify(silentSince, (all) => {
          const known = HashMap.get(all, spreadsheet)
          return known._tag === "Some"
            ? [known.value, all]
            : [now, HashMap.set(all, spreadsheet, now)]
        })
        if (now - since >= Duration.toMillis(unreachableAfter)) {
          yield* alarms.raise({ _tag: "SheetsUnavailable", spreadsheet, reason: "unreachable" })
        }
      })

      const failed = Effect.fnUntraced(function* (spreadsheet: string, failure: Failure) {
        // Told by the part that met it, and gone when the disk or the tab is back.
        if (failure._tag !== "SheetsError") return yield* Effect.logDebug(failure.message)
        yield* Effect.logWarning(failure.message)
        const reason = told(failure.reason)
        if (reason === "unreachable") return yield* silent(spreadsheet)
        if (reason !== undefined) {
          yield* alarms.raise({ _tag: "SheetsUnavailable", spreadsheet, reason })
        }
      })

      return SheetsTrouble.of({
        watch: (spreadsheet, work) =>
          Effect.matchEffect(work, {
            onFailure: (failure) => failed(spreadsheet, failure),
            onSuccess: () => healthy(spreadsheet),
          }),
      })
    }),
  )
}

type Reason = Extract<Alarm, { readonly _tag: "SheetsUnavailable" }>["reason"]

const reasons: ReadonlyArray<Reason> = ["denied", "notFound", "refused", "unreachable"]

const told = (reason: SheetsReason): Reason | undefined => {
  switch (reason._tag) {
    case "Denied":
      return "denied"
    case "NotFound":
      return "notFound"
    case "Refused":
      return "refused"
    case "Quota":
    case "Unsure":
      return "unreachable"
    case "GuardTaken":
    case "AnotherWriter":
    case "Unsettled":
      return undefined
  }
}
