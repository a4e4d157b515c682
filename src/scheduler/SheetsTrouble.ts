/**
 * Turns the failures of background work with a spreadsheet into alarms. Nothing is lost by such a
 * failure: the next round tries again.
 *
 * The admins are told of a refusal at once. Of a missing answer they are told when it lasts, since
 * Google has bad minutes.
 */
import { Clock, Context, Duration, Effect, Layer, Option, Ref } from "effect"
import { unreachableAfter } from "../config/Limits.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { survive } from "../observe/background.ts"
import type { SheetsError, SheetsReason } from "../sheets/SheetsError.ts"
import type { TabFailure } from "../sheets/Tabs.ts"

export class SheetsTrouble extends Context.Service<
  SheetsTrouble,
  {
    /**
     * Runs one round of some work; answers whether it went well. A failure becomes an alarm, which
     * is cleared when no work meets that trouble any more. A crash is only logged.
     */
    watch<A, R>(
      work: string,
      round: Effect.Effect<A, TabFailure, R>,
    ): Effect.Effect<boolean, never, R>
  }
>()("account-bot/scheduler/SheetsTrouble") {
  static readonly layer = Layer.effect(
    SheetsTrouble,
    Effect.gen(function* () {
      const alarms = yield* Alarms
      /** The trouble that each work met in its last round. */
      const troubles = yield* Ref.make<ReadonlyMap<string, Trouble>>(new Map())

      /**
       * Remembers what the work meets now; clears the alarm if no other work has the former
       * trouble.
       */
      const note = Effect.fnUntraced(function* (work: string, met: Trouble | undefined) {
        const [before, others] = yield* Ref.modify(troubles, (all) => {
          const next = new Map(all)
          if (met === undefined) next.delete(work)
          else next.set(work, met)
          return [[all.get(work), [...next.values()]] as const, next]
        })
        if (before?.reason === undefined || others.some((other) => isSame(other, before))) return
        yield* alarms.clear(alarmOf(before.spreadsheet, before.reason))
      })

      const refused = Effect.fnUntraced(function* (
        work: string,
        { message, reason: { _tag }, spreadsheet }: SheetsError,
      ) {
        const now = yield* Clock.currentTimeMillis
        const reason = told[_tag]
        const before = (yield* Ref.get(troubles)).get(work)
        const lasts = before !== undefined && isSame(before, { spreadsheet, reason })
        const since = lasts ? before.since : now
        yield* lasts ? Effect.logDebug(message) : Effect.logWarning(message)
        yield* note(work, { spreadsheet, reason, since })
        if (reason === undefined) return
        if (reason !== "unreachable" || now - since >= Duration.toMillis(unreachableAfter)) {
          yield* alarms.raise(alarmOf(spreadsheet, reason))
        }
      })

      /**
       * Of the disk and of unusable tabs the admins are told elsewhere: by the pools and by Tabs.
       */
      const failed = (work: string, failure: TabFailure) => {
        switch (failure._tag) {
          case "SheetsError":
            return refused(work, failure)
          case "TabUnusable":
            // That the tab is known to be unusable means that Google answers.
            return Effect.andThen(Effect.logDebug(failure.message), note(work, undefined))
          case "StorageUnavailable":
            return Effect.logDebug(failure.message)
        }
      }

      return SheetsTrouble.of({
        watch: (work, round) =>
          round.pipe(
            Effect.matchEffect({
              onFailure: (failure) => Effect.as(failed(work, failure), false),
              onSuccess: () => Effect.as(note(work, undefined), true),
            }),
            survive(work),
            Effect.map(Option.getOrElse(() => false)),
          ),
      })
    }),
  )
}

type Reason = Extract<Alarm, { readonly _tag: "SheetsUnavailable" }>["reason"]

/** What went wrong with a spreadsheet. */
interface Trouble {
  readonly spreadsheet: string
  /** The reason for the admins; `undefined` where they are told elsewhere. */
  readonly reason: Reason | undefined
  readonly since: number
}

const isSame = (a: Omit<Trouble, "since">, b: Omit<Trouble, "since">) =>
  a.spreadsheet === b.spreadsheet && a.reason === b.reason

const alarmOf = (spreadsheet: string, reason: Reason): Alarm => ({
  _tag: "SheetsUnavailable",
  spreadsheet,
  reason,
})

/** What the admins are told of each reason. */
const told: { readonly [Tag in SheetsReason["_tag"]]: Reason | undefined } = {
  Denied: "denied",
  NotFound: "notFound",
  Refused: "refused",
  Quota: "unreachable",
  Unsure: "unreachable",
  GuardTaken: undefined,
  AnotherWriter: undefined,
  Unsettled: undefined,
}
