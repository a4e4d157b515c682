/**
 * What background work with a spreadsheet does about its failures: nothing is lost by them, so
 * it only tells the admins, and the next round tries again.
 *
 * A refusal is told at once. No answer is told when it lasts, since Google has bad minutes.
 */
import { Clock, Context, Duration, Effect, Layer, Option, Ref } from "effect"
import { unreachableAfter } from "../config/Limits.ts"
import { type Alarm, Alarms } from "../observe/Alarms.ts"
import { survive } from "../observe/background.ts"
import type { SheetsError, SheetsReason } from "../sheets/SheetsError.ts"
import type { TabUnusable } from "../sheets/Tabs.ts"
import type { StorageUnavailable } from "../store/Journal.ts"

type Failure = SheetsError | TabUnusable | StorageUnavailable

export class SheetsTrouble extends Context.Service<
  SheetsTrouble,
  {
    /**
     * Runs one round of the work of that name; says whether it went well. Its failure becomes an
     * alarm, cleared when no work meets that trouble any more. A crash is logged and ends here.
     */
    watch<A, R>(work: string, round: Effect.Effect<A, Failure, R>): Effect.Effect<boolean, never, R>
  }
>()("account-bot/scheduler/SheetsTrouble") {
  static readonly layer = Layer.effect(
    SheetsTrouble,
    Effect.gen(function* () {
      const alarms = yield* Alarms
      /** What each work met in its last round. */
      const troubles = yield* Ref.make<ReadonlyMap<string, Trouble>>(new Map())

      /** Remembers what the work meets now, and clears the alarm that only it still stood for. */
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

      /** A disk and a tab that refuse are told by the part that met them, and gone with them. */
      const failed = (work: string, failure: Failure) => {
        switch (failure._tag) {
          case "SheetsError":
            return refused(work, failure)
          case "TabUnusable":
            // Google answered, or nobody would know of the tab.
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

interface Trouble {
  readonly spreadsheet: string
  /** None: it is told elsewhere. */
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
